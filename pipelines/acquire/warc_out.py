"""Stored pages as a WARC file (ISO 28500), which any tool of web archiving reads, and this project too."""

from __future__ import annotations

import json
import os
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from pipelines.acquire.warc import ID_FIELD, META_FIELD

#: The longest header field that is written: readers refuse longer ones.
_MAX_FIELD: Final = 256 * 1024


class ExportError(RuntimeError):
    """The archive cannot be written; the message names it and the reason."""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A document of the page store with what is known of its fetch; ``fetched_at`` is UTC."""

    document_id: str
    url: str
    is_page_url: bool
    media_type: str
    payload: bytes
    fetched_at: datetime
    meta: Mapping[str, Any]
    http_status: int | None = None
    etag: str | None = None
    last_modified: str | None = None


def write_warc(path: Path, pages: Iterable[StoredPage], *, software: str) -> tuple[int, Counter[str]]:
    """Write ``pages`` to ``path``, gzipped where its name ends in .gz; the file is whole or absent.

    A page of the Web is a response record under its address, with the header fields that are known; the page of a file is a
    resource record under the file's name alone, since the folders of this machine are nobody's business.

    Args:
        path: ``.warc`` or ``.warc.gz``; replaced where it exists.
        pages: in the order in which they are written.
        software: what the archive says wrote it.

    Returns:
        How many were written, and how many were not, by reason.

    Raises:
        ExportError: the file cannot be written.
    """
    if not path.name.endswith((".warc", ".warc.gz")):
        raise ExportError(f"{path}: the name of an archive ends in .warc or .warc.gz")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    written = 0
    skipped: Counter[str] = Counter()
    try:
        with unfinished.open("wb") as stream:
            writer = WARCWriter(stream, gzip=path.suffix == ".gz", warc_version="1.1")
            about = {"software": software, "format": "WARC File Format 1.1", "isPartOf": "counterclaim"}
            writer.write_record(writer.create_warcinfo_record(path.name, about))
            for page in pages:
                reason = _write(writer, page)
                if reason is None:
                    written += 1
                else:
                    skipped[reason] += 1
        os.replace(unfinished, path)
    except OSError as error:
        raise ExportError(f"{path}: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return written, skipped


def _write(writer: WARCWriter, page: StoredPage) -> str | None:
    """Write one page; gives the reason where it cannot be written."""
    url = page.url if page.is_page_url else _file_uri(page.url)
    if any(character.isspace() or not character.isprintable() for character in url):
        return "an address that no archive can hold"
    meta = json.dumps(dict(page.meta), sort_keys=True)
    if len(meta) > _MAX_FIELD or len(url) > _MAX_FIELD:
        return "more said about it than an archive can hold"
    fields = {
        # The same page exported again is the same record.
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'counterclaim:' + page.document_id)}>",
        "WARC-Date": page.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        META_FIELD: meta,
        ID_FIELD: page.document_id,
    }
    if page.is_page_url:
        charset = page.meta.get("charset")
        said = [("Content-Type", page.media_type + (f"; charset={charset}" if charset else ""))]
        said += [(name, value) for name, value in (("ETag", page.etag), ("Last-Modified", page.last_modified)) if value]
        said.append(("Content-Length", str(len(page.payload))))
        record = writer.create_warc_record(
            url,
            "response",
            payload=BytesIO(page.payload),
            length=len(page.payload),
            http_headers=StatusAndHeaders(f"{page.http_status or 200} OK", said, protocol="HTTP/1.1"),
            warc_headers_dict=fields,
        )
    else:
        record = writer.create_warc_record(
            url,
            "resource",
            payload=BytesIO(page.payload),
            length=len(page.payload),
            warc_content_type=page.media_type,
            warc_headers_dict=fields,
        )
    writer.write_record(record)
    return None


def _file_uri(url: str) -> str:
    """The file's name alone, with the number of the record in it."""
    parts = urlsplit(url)
    name = parts.path.rsplit("/", 1)[-1] or quote(url, safe="")
    return f"file:///{name}" + (f"#{parts.fragment}" if parts.fragment else "")
