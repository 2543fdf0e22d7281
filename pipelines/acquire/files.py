"""Local files as a source: HTML and text pages, files of records (JSON Lines, Parquet), and web archives (WARC).

Nothing is dropped in silence: every file and every record ends as an :class:`Attempt`, with the reason where it cannot
be used. Reading is streamed and bounded, so that a file that unpacks to gigabytes costs no more than the limit.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BufferedReader
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.tables import stable_id

#: What a record of a .jsonl or .parquet file may say about its article, beside ``html`` or ``text``.
RECORD_FIELDS: Final = ("url", "outlet", "title", "published_on", "authors")

_PAGE_TYPES: Final = {".html": "text/html", ".htm": "text/html", ".txt": "text/plain"}
_READABLE: Final = ".html, .htm, .txt, .jsonl, .warc (each also .gz) and .parquet"
_PARQUET_BATCH_ROWS: Final = 256


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """A document as it came: ``url`` is the page's address where known (``is_page_url``), else the file's."""

    document_id: str
    url: str
    is_page_url: bool
    media_type: str
    payload: bytes
    content_sha256: str
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One file, record or address that was tried; ``document`` stands where ``status`` is ok.

    ``requested_at`` is None where it was tried now; the fields from ``http_status`` on are those of raw.fetches.
    """

    fetch_id: str
    source_id: str
    url: str
    status: str
    bytes: int | None
    error: str | None
    document: FetchedDocument | None = None
    method: str = "file"
    requested_at: datetime | None = None
    http_status: int | None = None
    final_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    content_sha256: str | None = None
    opt_out: str | None = None


class _UnusableError(Exception):
    """Why a file or record cannot be used: a status of raw.fetches and a reason."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


def web_document_id(url: str, content_sha256: str) -> str:
    """Id of a page as a server sent it: the same bytes at the same address are one document, however they came here."""
    return stable_id("document", url, content_sha256)


def document_id(page_url: str | None, content_sha256: str, meta: Mapping[str, Any]) -> str:
    """Id of a document with what a record says about it (``meta``) and where it stands on the Web, if anywhere.

    What is said about a text is part of it: one text credited to two outlets is two documents (wire copy).
    """
    if page_url is not None and not meta:
        return web_document_id(page_url, content_sha256)
    return stable_id("document", page_url, json.dumps(dict(meta), sort_keys=True, ensure_ascii=False), content_sha256)


def list_files(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """The files under ``paths``, sorted within each, with a name that is the same on every machine.

    Gives ``(path, name)``; ``name`` is the path from the folder above the one that was given, so that moving the folder
    changes no id. A path that does not exist is listed too: reading it says so.
    """
    found: list[tuple[Path, str]] = []
    for given in dict.fromkeys(Path(os.path.abspath(path)) for path in paths):
        if given.is_dir():
            for folder, subfolders, names in os.walk(given):
                subfolders.sort()
                for name in sorted(names):
                    path = Path(folder) / name
                    found.append((path, path.relative_to(given.parent).as_posix()))
        else:
            found.append((given, given.name))
    return found


def read_files(paths: Iterable[Path], *, max_bytes: int) -> Iterator[Attempt]:
    """Every file under ``paths`` and every record in them, as attempts; raises nothing for a bad file.

    Args:
        paths: files and folders.
        max_bytes: a larger document (after unpacking) ends as ``too_large``.
    """
    for path, name in list_files(paths):
        yield from read_file(path, name, max_bytes=max_bytes)


def read_file(path: Path, name: str, *, max_bytes: int) -> Iterator[Attempt]:
    """One file as attempts: one for a page, one for each record of a file of records, one for a file that is neither."""
    suffix, packed = _suffix(path)
    try:
        if not path.exists():
            raise _UnusableError("parse_error", "no such file")
        if suffix in _PAGE_TYPES:
            payload = _read_bounded(path, packed, max_bytes)
            yield _page(path, name, payload, _PAGE_TYPES[suffix])
        elif suffix == ".jsonl":
            yield from _records(path, name, _jsonl_records(path, packed, max_bytes), max_bytes)
        elif suffix == ".parquet" and not packed:
            yield from _records(path, name, _parquet_records(path), max_bytes)
        elif suffix == ".warc":
            # Imported here: it builds on this module.
            from pipelines.acquire.warc import read_warc

            yield from read_warc(path, name, max_bytes=max_bytes)
        else:
            raise _UnusableError("unsupported_type", f"not one of the readable types: {_READABLE}")
    except _UnusableError as problem:
        yield _failed(path, name, problem.status, problem.reason)
    except (OSError, EOFError, zlib.error, pa.ArrowException) as problem:
        yield _failed(path, name, "parse_error", f"{type(problem).__name__}: {problem}")


def _suffix(path: Path) -> tuple[str, bool]:
    """The type's suffix in lower case, and whether the file is gzipped."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    inner = suffixes[:-1] if packed else suffixes
    return (inner[-1] if inner else ""), packed


def _open(path: Path, packed: bool) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path, "rb") if packed else path.open("rb")


def _read_bounded(path: Path, packed: bool, max_bytes: int) -> bytes:
    with _open(path, packed) as stream:
        payload = stream.read(max_bytes + 1)
    if len(payload) > max_bytes:
        raise _UnusableError("too_large", f"more than {max_bytes:,} bytes")
    if not payload.strip():
        raise _UnusableError("parse_error", "empty file")
    return payload


def _jsonl_records(path: Path, packed: bool, max_bytes: int) -> Iterator[tuple[int, object]]:
    """``(line number, record or the problem with it)``; blank lines are no records."""
    with _open(path, packed) as stream:
        number = 0
        while line := stream.readline(max_bytes + 1):
            number += 1
            if len(line) > max_bytes:
                while line and not line.endswith(b"\n"):  # skip the rest of it without keeping it
                    line = stream.readline(1_000_000)
                yield number, _UnusableError("too_large", f"more than {max_bytes:,} bytes in one line")
                continue
            if not line.strip():
                continue
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as problem:
                yield number, _UnusableError("parse_error", f"no JSON: {problem}")


def _parquet_records(path: Path) -> Iterator[tuple[int, object]]:
    with pq.ParquetFile(path) as file:
        wanted = [name for name in file.schema_arrow.names if name in ("html", "text", *RECORD_FIELDS)]
        number = 0
        for batch in file.iter_batches(_PARQUET_BATCH_ROWS, columns=wanted):
            for record in batch.to_pylist():
                number += 1
                yield number, record


def _records(path: Path, name: str, records: Iterator[tuple[int, object]], max_bytes: int) -> Iterator[Attempt]:
    count = 0
    for number, record in records:
        count += 1
        address, key = f"{path.as_uri()}#{number}", f"{name}#{number}"
        try:
            if isinstance(record, _UnusableError):
                raise record
            yield _record(address, key, record, max_bytes)
        except _UnusableError as problem:
            yield _attempt(address, key, problem.status, None, f"{path}, record {number}: {problem.reason}", content="")
    if not count:
        raise _UnusableError("parse_error", "holds no records")


def _record(address: str, key: str, record: object, max_bytes: int) -> Attempt:
    if not isinstance(record, dict):
        raise _UnusableError("parse_error", "no object with html or text")
    body = next((name for name in ("html", "text") if record.get(name)), None)
    if body is None:
        raise _UnusableError("parse_error", "has neither html nor text")
    content = record[body]
    if not isinstance(content, str | bytes):
        raise _UnusableError("parse_error", f"{body} is no text but {type(content).__name__}")
    payload = content.encode("utf-8", "replace") if isinstance(content, str) else content
    if len(payload) > max_bytes:
        raise _UnusableError("too_large", f"more than {max_bytes:,} bytes")
    meta = {field: _plain(record[field]) for field in RECORD_FIELDS if record.get(field) not in (None, "", [])}
    url = meta.pop("url", None)
    media_type = "text/html" if body == "html" else "text/plain"
    is_page_url = isinstance(url, str) and url.startswith(("http://", "https://"))
    return _kept(address, key, payload, media_type, page_url=str(url) if is_page_url else None, meta=meta)


def _plain(value: object) -> object:
    """A metadata value as JSON can hold it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    return value if isinstance(value, str) else str(value)


def _page(path: Path, name: str, payload: bytes, media_type: str) -> Attempt:
    return _kept(path.as_uri(), name, payload, media_type, page_url=None, meta={})


def _kept(address: str, key: str, payload: bytes, media_type: str, *, page_url: str | None, meta: Mapping[str, Any]) -> Attempt:
    digest = hashlib.sha256(payload).hexdigest()
    document = FetchedDocument(
        document_id=document_id(page_url, digest, meta),
        url=page_url or address,
        is_page_url=page_url is not None,
        media_type=media_type,
        payload=payload,
        content_sha256=digest,
        meta=meta,
    )
    return _attempt(page_url or address, key, "ok", len(payload), None, content=document.document_id, document=document)


def _failed(path: Path, name: str, status: str, reason: str) -> Attempt:
    size = path.stat().st_size if path.is_file() else None
    return _attempt(path.as_uri(), name, status, size, f"{path}: {reason}", content=f"{status} {size}")


def _attempt(
    url: str, key: str, status: str, size: int | None, error: str | None, *, content: str, document: FetchedDocument | None = None
) -> Attempt:
    return Attempt(
        fetch_id=stable_id("file", key, status, content),
        source_id=f"file:{key.split('#', maxsplit=1)[0].split('/', maxsplit=1)[0]}",
        url=url,
        status=status,
        bytes=size,
        error=error,
        document=document,
    )


def batched(attempts: Iterable[Attempt], size: int, max_bytes: int = 64_000_000) -> Iterator[list[Attempt]]:
    """``attempts`` in lists of at most ``size``, and of little more than ``max_bytes`` of documents: memory stays bounded."""
    batch: list[Attempt] = []
    held = 0
    for attempt in attempts:
        batch.append(attempt)
        held += len(attempt.document.payload) if attempt.document is not None else 0
        if len(batch) >= size or held >= max_bytes:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch
