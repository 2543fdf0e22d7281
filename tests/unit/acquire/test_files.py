"""Local files: every file and every record is accounted for, and none can stop the others."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.acquire.files import Attempt, list_files, read_files
from pipelines.acquire.keep import keep
from pipelines.acquire.pages import PageStore, PageStoreError

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def attempts(*paths: Path, max_bytes: int = 1_000_000) -> list[Attempt]:
    return list(read_files(paths, max_bytes=max_bytes))


def write_lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_a_folder_gives_every_page_in_it_and_a_reason_for_every_other_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.html").write_text("<p>Ferry leaves Port Alma</p>")
    (tmp_path / "deep" / "b.html.gz").write_bytes(gzip.compress(b"<p>Ferry returns</p>", mtime=0))
    (tmp_path / "c.TXT").write_text("Ferry sinks")
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.7")
    found = {attempt.url.rsplit("/", 1)[1]: attempt for attempt in attempts(tmp_path)}
    assert {name: attempt.status for name, attempt in found.items()} == {
        "a.html": "ok",
        "b.html.gz": "ok",
        "c.TXT": "ok",
        "notes.pdf": "unsupported_type",
    }
    assert found["b.html.gz"].document is not None
    assert found["b.html.gz"].document.payload == b"<p>Ferry returns</p>"
    assert str(tmp_path / "notes.pdf") in (found["notes.pdf"].error or "")


@pytest.mark.parametrize(
    ("name", "content", "status", "reason"),
    [
        ("gone.txt", None, "parse_error", "no such file"),
        ("empty.html", b"  \n", "parse_error", "empty file"),
        ("huge.txt", b"x" * 2_000, "too_large", "more than 1,000 bytes"),
        ("bomb.html.gz", gzip.compress(b"\0" * 5_000_000, mtime=0), "too_large", "more than 1,000 bytes"),
        ("broken.html.gz", b"\x1f\x8b\x08\x00broken", "parse_error", "Error"),
        ("cut.txt.gz", gzip.compress(b"half a page" * 50, mtime=0)[:-9], "parse_error", "EOFError"),
        ("broken.parquet", b"PAR1 no footer", "parse_error", "ArrowInvalid"),
        ("records.jsonl", b"\n\n", "parse_error", "holds no records"),
        ("page", b"<p>no suffix</p>", "unsupported_type", "not one of the readable types"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, name: str, content: bytes | None, status: str, reason: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    (attempt,) = attempts(path, max_bytes=1_000)
    assert (attempt.status, attempt.document) == (status, None)
    assert reason in (attempt.error or "")
    assert str(path) in (attempt.error or "")


def test_each_record_of_a_file_is_an_attempt_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    lines = [
        json.dumps({"text": "Seven were rescued.", "url": "https://northwire.example/1", "outlet": "Northwire"}),
        "{not json",
        json.dumps({"url": "https://northwire.example/2"}),
        json.dumps([1, 2]),
        json.dumps({"html": "<p>Nine were rescued.</p>", "published_on": "2026-03-02", "authors": ["Mira Osten"]}),
        json.dumps({"text": "x" * 2_000}),
    ]
    path.write_text("\n".join(lines))
    read = attempts(path, max_bytes=1_000)
    assert [attempt.status for attempt in read] == ["ok", "parse_error", "parse_error", "parse_error", "ok", "too_large"]
    first, last = read[0].document, read[4].document
    assert first is not None
    assert last is not None
    assert (first.url, first.is_page_url, dict(first.meta)) == ("https://northwire.example/1", True, {"outlet": "Northwire"})
    assert (last.url, last.is_page_url, last.media_type) == (f"{path.as_uri()}#5", False, "text/html")
    assert dict(last.meta) == {"published_on": "2026-03-02", "authors": ["Mira Osten"]}
    assert "record 3: has neither html nor text" in (read[2].error or "")


def test_parquet_records_keep_their_dates_and_authors(tmp_path: Path) -> None:
    path = tmp_path / "records.parquet"
    pl.DataFrame(
        {
            "text": ["Talks lasted.", None],
            "published_on": [date(2026, 3, 2), None],
            "authors": [["A. Feld"], None],
            "noise": [1, 2],
        }
    ).write_parquet(path)
    kept, refused = attempts(path)
    assert kept.document is not None
    assert dict(kept.document.meta) == {"published_on": "2026-03-02", "authors": ["A. Feld"]}
    assert refused.status == "parse_error"


def test_ids_do_not_depend_on_where_the_folder_lies(tmp_path: Path) -> None:
    for place in ("here", "there"):
        folder = tmp_path / place / "pages"
        folder.mkdir(parents=True)
        (folder / "a.html").write_text("<p>one</p>")
        write_lines(folder / "b.jsonl", {"text": "two"}, {"html": 3})
    here, there = (attempts(tmp_path / place / "pages") for place in ("here", "there"))
    assert [attempt.fetch_id for attempt in here] == [attempt.fetch_id for attempt in there]
    assert len({attempt.fetch_id for attempt in here}) == 3


def test_one_text_of_two_outlets_is_two_documents_and_one_of_one_outlet_is_one(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "wire.jsonl",
        {"text": "The bridge fell.", "outlet": "Northwire"},
        {"text": "The bridge fell.", "outlet": "Harbour Gazette"},
        {"text": "The bridge fell.", "outlet": "Northwire"},
    )
    kept: set[str] = set()
    fetches, documents = keep(attempts(path), kept, PageStore(tmp_path), "run", NOW)
    assert fetches["status"].to_list() == ["ok", "ok", "duplicate"]
    assert documents.height == len(kept) == 2


def test_what_is_stored_comes_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<p>caf\xe9 \xff</p>")
    store = PageStore(tmp_path / "home")
    documents = [attempt.document for attempt in attempts(tmp_path / "a.html") if attempt.document]
    stored_at = store.write(documents, NOW)
    assert stored_at.startswith("pages/2026-03-04/")
    (page,) = store.read(stored_at, [documents[0].document_id])
    assert page["payload"] == b"<p>caf\xe9 \xff</p>"
    assert store.write(documents, NOW) == stored_at
    with pytest.raises(PageStoreError, match="lacks 1 of its documents"):
        store.read(stored_at, ["0" * 16])
    (tmp_path / "home" / stored_at).write_bytes(b"")
    with pytest.raises(PageStoreError, match=stored_at):
        store.read(stored_at, [documents[0].document_id])


def test_a_path_with_dots_is_the_path_without(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("one")
    assert list_files([tmp_path / "pages" / ".." / "pages"]) == list_files([tmp_path / "pages"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.binary(max_size=400), name=st.sampled_from(["a.html", "a.txt", "a.jsonl", "a.html.gz", "a.jsonl.gz", "a.parquet"])
)
def test_no_bytes_can_stop_a_run(tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(content)
    read = attempts(tmp_path / name)
    assert read
    assert all((attempt.status == "ok") == (attempt.error is None) == (attempt.document is not None) for attempt in read)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    record=st.dictionaries(
        st.sampled_from(["html", "text", "url", "outlet", "authors"]), st.text() | st.integers() | st.lists(st.text())
    )
)
def test_no_record_can_stop_a_run(tmp_path: Path, record: dict[str, object]) -> None:
    (read,) = attempts(write_lines(tmp_path / "a.jsonl", record))
    assert (read.status == "ok") == (read.document is not None)
