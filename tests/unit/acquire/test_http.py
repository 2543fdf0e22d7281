"""The fetcher's own reasoning: Retry-After, media types, packed bodies, addresses that are no addresses."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.acquire.http import Fetcher, FetcherClosedError, Limits, user_agent
from pipelines.acquire.media import InflateError, Inflater, gunzip, sniff
from pipelines.retries import parse_retry_after

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Wed, 04 Mar 2026 12:01:30 GMT", 90.0),
        ("Wed, 04 Mar 2026 11:00:00 GMT", 0.0),
        ("Wednesday, 04-Mar-26 12:00:10 GMT", 10.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_can_trip_us(value: str) -> None:
    seconds = parse_retry_after(value, NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("body", "declared", "media_type"),
    [
        (b"<!DOCTYPE html><html>", "application/pdf", "text/html"),
        (b"\xef\xbb\xbf\n<!-- a --><HTML lang=en>", None, "text/html"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x"><html>', "application/xml", "text/html"),
        (b'<?xml version="1.0"?><rss version="2.0">', "text/html", "application/xml"),
        ("<!doctype html><p>ä".encode("utf-16"), None, "text/html"),
        ("<!doctype html><p>words</p>".encode("utf-16-le"), "text/html", "text/html"),
        (b"Just words, and no tag", "text/html", "text/html"),
        (b"Just words, and no tag", "text/plain", "text/plain"),
        (b"[AP] The ferry sank", "text/plain", "text/plain"),
        (b'{"a": 1}', "text/html", "application/json"),
        (b"<x-story>words</x-story>", "text/html", "text/html"),
        (b"<x-story>words</x-story>", None, "application/xml"),
        (b"Warning: cannot open file <html>", "text/html", "text/html"),
        (b"%PDF-1.7", "text/html", "application/pdf"),
        (b"PK\x03\x04" + b"\0" * 9, "text/html", "application/zip"),
        (b"\x89PNG\r\n\x1a\n", "text/html", "image/png"),
        (b"RIFF\0\0\0\0WEBP", None, "image/webp"),
        (b"\0\0\0\x20ftypisom", None, "video/mp4"),
        (b"\x1f\x8b\x08", None, "application/gzip"),
        (bytes(range(256)), "text/html", "application/octet-stream"),
        ("Ω".encode("iso2022_jp") + b"words", "text/plain", "text/plain"),
    ],
)
def test_a_body_is_what_its_bytes_say(body: bytes, declared: str | None, media_type: str) -> None:
    assert sniff(body, declared) == media_type


@given(st.binary(max_size=400), st.sampled_from([None, "text/html", "application/json"]))
def test_every_body_has_a_media_type(body: bytes, declared: str | None) -> None:
    assert "/" in sniff(body, declared)


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


PACKED = st.sampled_from(["gzip", "deflate", "raw"])


@given(st.binary(max_size=3_000) | st.integers(0, 2_000_000).map(bytes), st.integers(1, 5_000), PACKED)
def test_what_was_packed_unpacks_to_the_same_in_whatever_pieces_it_comes(data: bytes, size: int, how: str) -> None:
    raw = zlib.compressobj(wbits=-15)
    packed = {"gzip": gzip.compress(data), "deflate": zlib.compress(data), "raw": raw.compress(data) + raw.flush()}[how]
    if how == "raw" and packed[0] & 15 == 8 and int.from_bytes(packed[:2]) % 31 == 0:
        return  # by chance what zlib's frame starts with
    inflater = Inflater("gzip" if how == "gzip" else "deflate")
    pieces = [piece for chunk in chunks(packed, size) for piece in inflater.feed(chunk)]
    inflater.finish()
    assert b"".join(pieces) == data
    assert all(len(piece) <= 1 << 18 for piece in pieces)


def test_gzip_members_are_one_body_and_what_trails_is_padding() -> None:
    assert gunzip(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0\0", 100) == b"one two"


@given(st.binary(max_size=500))
def test_damaged_gzip_is_one_kind_of_error(data: bytes) -> None:
    for packed in (data, b"\x1f\x8b\x08" + data, gzip.compress(data)[:-1], gzip.compress(data * 3) + data):
        with contextlib.suppress(InflateError):
            assert len(gunzip(packed, 10_000)) <= 10_000


@pytest.mark.parametrize(
    ("url", "status", "reason"),
    [
        ("ftp://north.example/x", "refused_address", "ftp: only http and https"),
        ("FILE:///etc/passwd", "refused_address", "file: only http and https"),
        ("javascript:alert(1)", "refused_address", "javascript: only http and https"),
        ("http://user:secret@north.example/", "refused_address", "user name or password"),
        ("http://north.example:25/", "refused_address", "port 25 is not the web's"),
        ("http://north.example:99999/", "parse_error", "no web address"),
        ("http://", "parse_error", "names no host"),
        ("http://[::1", "parse_error", "no web address"),
        ("", "refused_address", "no scheme"),
        ("http://2130706433/", "refused_address", "loopback"),
        ("http://0x7f.1/", "refused_address", "loopback"),
        ("http://[::ffff:7f00:1]/", "refused_address", "loopback"),
        ("http://169.254.169.254/latest", "refused_address", "link-local"),
    ],
)
def test_what_is_not_asked_says_why(url: str, status: str, reason: str) -> None:
    with Fetcher(Limits(max_tries=1)) as fetcher:
        fetched = fetcher.get(url)
    assert (fetched.status, fetched.http_status, fetched.body) == (status, None, b"")
    assert reason in (fetched.error or "")


@pytest.fixture(scope="module")
def offline() -> Iterator[Fetcher]:
    def unknown(*_: object) -> list[str]:
        raise OSError("no network in this test")

    with Fetcher(Limits(max_tries=1, delay_seconds=0), resolver=unknown) as fetcher:
        yield fetcher


@given(url=st.text(max_size=80) | st.text(max_size=60).map("http://".__add__))
def test_any_text_as_an_address_is_a_row(offline: Fetcher, url: str) -> None:
    fetched = offline.get(url)
    assert fetched.status in ("refused_address", "parse_error", "http_error")
    assert fetched.error


def test_a_closed_fetcher_asks_nothing() -> None:
    fetcher = Fetcher()
    fetcher.close()
    with pytest.raises(FetcherClosedError):
        fetcher.get("http://north.example/")


def test_the_user_agent_names_project_version_and_contact() -> None:
    name, contact = user_agent(contact="https://desk.example/bot").split(" ")
    assert name.startswith("Counterclaim/")
    assert contact == "(+https://desk.example/bot)"
