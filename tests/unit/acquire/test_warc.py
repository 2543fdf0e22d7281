"""Web archives: every capture is accounted for, damage costs no more than itself, and nothing in a file can stop a run."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.acquire.files import Attempt, batched, read_file
from pipelines.acquire.keep import keep
from pipelines.acquire.pages import PageStore


def packed_member(data: bytes) -> bytes:
    """A gzip member that says no time: names of tests are made of it, and all workers must agree on them."""
    return gzip.compress(data, mtime=0)


PAGE = b"<!doctype html><html><body><p>Seven were rescued off Port Alma.</p></body></html>"


def record(
    body: bytes = PAGE,
    *,
    number: int = 1,
    kind: str = "response",
    url: str | None = None,
    status: str = "200 OK",
    headers: tuple[str, ...] = ("Content-Type: text/html; charset=utf-8",),
    date: str = "2026-03-02T10:00:00Z",
    length: int | None = None,
    fields: tuple[str, ...] = (),
    content_type: str = "application/http; msgtype=response",
) -> bytes:
    """A WARC record as crawlers write it; ``length`` is what it claims."""
    http = "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() if content_type.startswith("application/http") else b""
    block = http + body
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>",
        f"WARC-Date: {date}",
        f"WARC-Target-URI: {url or f'https://northwire.example/{number}'}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(block) if length is None else length}",
        *fields,
        "",
        "",
    ]
    return "\r\n".join(head).encode() + block + b"\r\n\r\n"


def attempts(path: Path, content: bytes, *, max_bytes: int = 100_000) -> list[Attempt]:
    path.write_bytes(content)
    return list(read_file(path, path.name, max_bytes=max_bytes))


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    return tmp_path / "crawl.warc"


def test_a_capture_is_an_attempt_at_its_own_moment_with_what_a_later_fetch_needs(warc: Path) -> None:
    headers = (
        "Content-Type: text/html; charset=ISO-8859-1",
        "X-Robots-Tag: noai",
        'ETag: "v7"',
        "Last-Modified: Mon, 02 Mar 2026 09:00:00 GMT",
    )
    (got,) = attempts(warc, record(b"<html><p>Caf\xe9", headers=headers, url="<https://Northwire.example/a?utm_source=x&id=1>"))
    assert got.document is not None
    assert (got.status, got.method, got.http_status, got.error) == ("ok", "warc", 200, None)
    assert got.requested_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert (got.etag, got.last_modified) == ('"v7"', "Mon, 02 Mar 2026 09:00:00 GMT")
    assert got.url == got.document.url == "https://northwire.example/a?id=1"
    assert got.document.payload == b"<html><p>Caf\xe9"  # as it came
    assert got.opt_out == "header x-robots-tag: noai"
    assert got.document.meta == {"charset": "iso-8859-1"}


@pytest.mark.parametrize(
    ("made", "status", "reason"),
    [
        (record(status="404 Not Found"), "http_error", "HTTP 404"),
        (record(status="301 Moved", headers=("Location: /b",)), "http_error", "HTTP 301"),
        (record(b"%PDF-1.7 ...", headers=("Content-Type: application/pdf",)), "unsupported_type", "application/pdf"),
        (record(b"\x89PNG\r\n\x1a\n..."), "unsupported_type", "image/png, sent as text/html"),
        (record(b"User-agent: *", headers=("Content-Type: text/plain",)), "unsupported_type", "text/plain"),
        (record(b"{}", headers=("Content-Type: application/json",)), "unsupported_type", "application/json"),
        (record(kind="revisit", body=b""), "not_modified", "the same as before"),
        (record(kind="revisit", body=b"", content_type="text/html"), "not_modified", "the same as before"),
        (record(kind="conversion", content_type="text/plain"), "unsupported_type", "a conversion record"),
        (record(url="ftp://northwire.example/"), "parse_error", "no address of a page"),
        (record(b""), "parse_error", "empty page"),
        (record(b"x" * 200_000), "too_large", "more than 100,000 bytes"),
        (record(content_type="application/http ", status="abc"), "parse_error", "no HTTP header"),
        (record(headers=("X: " + "a" * 70_000,)), "parse_error", "an HTTP header without an end"),
    ],
)
def test_what_is_no_page_is_a_row_with_its_reason(warc: Path, made: bytes, status: str, reason: str) -> None:
    bad, good = attempts(warc, made + record(number=2))
    assert (bad.status, bad.document) == (status, None)
    assert reason in (bad.error or "")
    assert str(warc) in (bad.error or "")
    assert good.status == "ok"


def test_what_the_archive_says_about_itself_is_no_attempt(warc: Path) -> None:
    others = [record(kind=kind, content_type="application/warc-fields") for kind in ("warcinfo", "request", "metadata")]
    dns = record(
        b"20260302 northwire.example. 60 IN A 192.0.2.1", kind="response", url="dns:northwire.example", content_type="text/dns"
    )
    assert [a.status for a in attempts(warc, b"".join(others) + dns + record(number=5))] == ["ok"]


def test_an_archive_of_no_pages_is_a_row_too(warc: Path) -> None:
    (got,) = attempts(warc, record(kind="warcinfo", content_type="application/warc-fields"))
    assert (got.status, "holds no captured pages" in (got.error or "")) == ("parse_error", True)


def test_a_resource_is_a_page_without_an_http_header(warc: Path) -> None:
    (got,) = attempts(warc, record(kind="resource", content_type="text/html"))
    assert (got.status, got.http_status) == ("ok", None)


CODED = {
    "gzip": (("Content-Encoding: gzip",), packed_member(PAGE)),
    "two members": (("Content-Encoding: gzip",), packed_member(PAGE[:40]) + packed_member(PAGE[40:])),
    "deflate": (("Content-Encoding: deflate",), zlib.compress(PAGE)),
    "bare deflate": (("Content-Encoding: deflate",), zlib.compress(PAGE)[2:-4]),
    "brotli": (("Content-Encoding: br",), brotli.compress(PAGE)),
    "chunked": (("Transfer-Encoding: chunked",), b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)),
    "both": (
        ("Content-Encoding: gzip", "Transfer-Encoding: chunked"),
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed_member(PAGE)), packed_member(PAGE)),
    ),
    "decoded already": (("Content-Encoding: gzip", "Transfer-Encoding: chunked"), PAGE),
    "decoded brotli": (("Content-Encoding: br",), PAGE),
}


@pytest.mark.parametrize("name", CODED)
def test_codings_are_taken_off_where_they_are_there(warc: Path, name: str) -> None:
    headers, body = CODED[name]
    (got,) = attempts(warc, record(body, headers=("Content-Type: text/html", *headers)))
    assert got.status == "ok", got.error
    assert got.document is not None
    assert got.document.payload == PAGE


BOMB = b"<html>" + b"\0" * 30_000_000


@pytest.mark.parametrize(
    ("coding", "body", "status"),
    [
        ("gzip", packed_member(BOMB), "too_large"),
        ("deflate", zlib.compress(BOMB), "too_large"),
        ("br", brotli.compress(BOMB, quality=1), "too_large"),
        ("gzip, gzip", packed_member(packed_member(BOMB)), "too_large"),
        ("gzip", packed_member(PAGE)[:-20], "parse_error"),
        ("gzip", packed_member(b"") * 4_000 + b"x", "parse_error"),
        ("br", b"\xff" * 50, "parse_error"),
        ("gzip, gzip, gzip, gzip", b"x", "parse_error"),
        ("compress", b"\x1f\x9d...", "unsupported_type"),
    ],
)
def test_a_bomb_or_a_damaged_coding_is_a_row(warc: Path, coding: str, body: bytes, status: str) -> None:
    (got,) = attempts(warc, record(body, headers=("Content-Type: text/html", f"Content-Encoding: {coding}")))
    assert got.status == status, got.error


def test_what_the_archive_says_it_cut_is_read_as_far_as_it_goes(warc: Path) -> None:
    long = PAGE + b"<p>" + bytes(range(65, 91)) * 200
    made = record(
        packed_member(long)[:-30],
        headers=("Content-Type: text/html", "Content-Encoding: gzip"),
        fields=("WARC-Truncated: length",),
    )
    (got,) = attempts(warc, made)
    assert got.document is not None
    assert got.document.payload.startswith(PAGE)


GOOD = [record(number=number) for number in range(1, 5)]


def packed(records: list[bytes]) -> bytes:
    return b"".join(map(packed_member, records))


def damaged_member() -> bytes:
    members = [bytearray(packed_member(made)) for made in GOOD]
    members[1][60] ^= 0xFF
    return b"".join(members)


@pytest.mark.parametrize(
    ("content", "statuses"),
    [
        (b"".join(GOOD), "ok ok ok ok"),
        (packed(GOOD), "ok ok ok ok"),
        (packed_member(b"".join(GOOD)), "ok ok ok ok"),
        (damaged_member(), "ok parse_error ok ok"),
        (packed(GOOD)[:-40], "ok ok ok parse_error"),
        (b"".join(GOOD)[:-40], "ok ok ok parse_error"),
        (GOOD[0] + b"garbage\r\n\r\n" + b"".join(GOOD[1:]), "ok parse_error ok ok ok"),
        (packed_member(GOOD[0]) + b"garbage" + packed(GOOD[1:]), "ok parse_error ok ok ok"),
        *(
            (join([GOOD[0], record(number=2, length=length), *GOOD[2:]]), "ok parse_error ok ok")
            for length in (0, 20, -5, 100, 400, 10**15, 10**30)
            for join in (b"".join, packed)
        ),
        (GOOD[0][:100], "parse_error"),
        (b"WARC/1.0\r\n\r\n" + GOOD[0], "parse_error ok"),
        (b"<html>no archive</html>" * 10, "parse_error"),
        (b"", "parse_error"),
        (packed_member(b""), "parse_error"),
        (b"\x1f\x8b\x08\x00broken", "parse_error"),
    ],
)
def test_damage_costs_the_damaged_record_and_names_the_place(warc: Path, content: bytes, statuses: str) -> None:
    got = attempts(warc, content)
    assert [attempt.status for attempt in got] == statuses.split()
    assert all(str(warc) in (attempt.error or "") for attempt in got if attempt.status == "parse_error")
    assert {attempt.document.payload for attempt in got if attempt.document} <= {PAGE}
    assert len({attempt.fetch_id for attempt in got}) == len(got)


def test_a_file_of_nothing_but_lies_is_read_in_time_that_grows_with_its_size_only(
    warc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipelines.acquire.warc as module

    monkeypatch.setattr(module, "_REGAIN_BYTES", 100_000)
    read = 0
    content = b"".join(record(number=number, length=10**12) for number in range(2_000))
    original = module._Reading._next_start

    def counted(self: module._Reading, last: int) -> int | None:
        nonlocal read
        read += self.stream.tell() - last
        return original(self, last)

    monkeypatch.setattr(module._Reading, "_next_start", counted)
    got = attempts(warc, content)
    assert {attempt.status for attempt in got} == {"parse_error"}
    assert read < 10 * len(content)


def test_reading_again_under_another_name_or_packing_adds_nothing(tmp_path: Path) -> None:
    first = attempts(tmp_path / "a.warc", b"".join(GOOD))
    second = attempts(tmp_path / "b.warc.gz", packed(GOOD))
    assert [attempt.fetch_id for attempt in first] == [attempt.fetch_id for attempt in second]


def test_the_same_bytes_on_another_day_are_a_duplicate_and_other_bytes_another_document(tmp_path: Path) -> None:
    month = [
        record(number=1, url="https://northwire.example/a"),
        record(number=2, url="https://northwire.example/a", date="2026-03-03T10:00:00Z"),
        record(PAGE + b"<p>Corrected.", number=3, url="https://northwire.example/a", date="2026-03-04T10:00:00Z"),
    ]
    got = attempts(tmp_path / "month.warc.gz", packed(month))
    fetches, documents = keep(got, set(), PageStore(tmp_path), "run", datetime(2026, 4, 1, tzinfo=UTC))
    assert fetches["status"].to_list() == ["ok", "duplicate", "ok"]
    assert [at.day for at in documents["fetched_at"]] == [2, 4]


@pytest.mark.parametrize("date", ["garbage", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-03-02"])
def test_a_moment_that_cannot_be_is_no_moment(warc: Path, date: str) -> None:
    (got,) = attempts(warc, record(date=date))
    assert got.status == "ok"
    assert got.requested_at in (None, datetime(2026, 3, 2, tzinfo=UTC))


def test_an_archive_cannot_claim_the_place_of_another_document(warc: Path) -> None:
    plain, lying = attempts(
        warc,
        record() + record(PAGE + b"!", number=2, fields=("Counterclaim-Document: 0123456789abcdef", "Counterclaim-Meta: [1")),
    )
    assert plain.document is not None
    assert lying.document is not None
    assert lying.document.document_id != "0123456789abcdef"
    assert lying.document.meta == {}


def test_batches_are_bounded_by_bytes_too(warc: Path) -> None:
    got = attempts(warc, b"".join(record(PAGE + b"x" * 50_000, number=number) for number in range(6)))
    assert [len(batch) for batch in batched(got, 100, max_bytes=100_000)] == [2, 2, 2]
    assert [len(batch) for batch in batched(got, 4, max_bytes=10**9)] == [4, 2]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_bytes_can_stop_the_reading_of_an_archive(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([b"".join(GOOD), packed(GOOD)])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    got = attempts(tmp_path / "x.warc", bytes(whole))
    assert got
    assert all(attempt.error for attempt in got if attempt.document is None)


def test_records_are_read_as_they_come_not_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "long.warc"
    path.write_bytes(b"".join(record(number=number) for number in range(3_000)))
    reading = read_file(path, path.name, max_bytes=100_000)
    with path.open("r+b") as stream:
        assert next(reading).status == "ok"
        stream.truncate(400_000)
    assert len(list(reading)) < 2_999
    assert BytesIO is not None
