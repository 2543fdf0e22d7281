"""WARC files as a source (ISO 28500): an archived page is an attempt like a fetched one, at the moment of its capture.

Made for CC-NEWS, of which a month is backfilled file by file in one pass. Reading is streamed; a payload is decoded within
the limit for documents, so that a bomb costs no more than that. A damaged record ends as a ``parse_error`` that names file
and offset, and reading goes on at the next record that can be found behind it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any, Final

from fastwarc.stream_io import BrotliReader, ChunkedReader, ZstdReader
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from pipelines.acquire.crawl import fetch_url
from pipelines.acquire.files import Attempt, FetchedDocument, document_id
from pipelines.acquire.media import InflateError, Inflater, sniff
from pipelines.acquire.robots import opt_out_of
from pipelines.tables import stable_id

#: Header field of our own archives: what a record said about its article (outlet, title, ...), as JSON.
META_FIELD: Final = "Counterclaim-Meta"
#: The same: the document's id.
ID_FIELD: Final = "Counterclaim-Document"
#: Room for the HTTP header beside the payload.
_HEADER_BYTES: Final = 64 * 1024
#: Room for the header of a record, in which our own archives put what was said about a page.
_META_BYTES: Final = 1024 * 1024
_GZIP: Final = b"\x1f\x8b\x08"
_RECORD: Final = re.compile(rb"WARC/\d\.\d\r?\n")
_META_NAME: Final = re.compile(r"[a-z_]{1,40}")
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([a-z0-9_.:-]{2,40})""")
_STATUS_LINE: Final = re.compile(rb"\AHTTP/\d(?:\.\d)?[ \t]+(\d{3})(?![0-9])[^\n]{0,1000}\n")
_BLANK_LINE: Final = re.compile(rb"\n\r?\n")
_CHUNKED: Final = re.compile(rb"\A[0-9A-Fa-f]{1,8}[ \t]*(?:;[^\r\n]{0,200})?\r\n")
#: Codings of one payload that are followed.
_MAX_CODINGS: Final = 3
_PIECE: Final = 64 * 1024
#: How far a search for the next record may go back over what a damaged one has swallowed, all searches of a file together:
#: so many bytes, and so many times the file's size. Without a bound, a file of lies would be read once for each of them.
_REGAIN_BYTES: Final = 256_000_000
_REGAIN_TIMES: Final = 2
_SEARCHED: Final = 1_000_000
#: The Web has no older pages; an archive with such a date lies.
_FIRST_DAY: Final = datetime(1990, 1, 1, tzinfo=UTC)
#: No attempts: what the archive says about itself, and what was asked.
_UNTRIED: Final = WarcRecordType.warcinfo | WarcRecordType.request | WarcRecordType.metadata


class _RecordError(Exception):
    """Why a record cannot be used: a status of raw.fetches and a reason."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@dataclass(slots=True)
class _Captured:
    """What a record says about its capture; ``key`` tells it from every other record."""

    key: str
    url: str
    at: datetime | None
    http_status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    opt_out: str | None = None


def read_warc(path: Path, name: str, *, max_bytes: int) -> Iterator[Attempt]:
    """Every capture of a WARC file as an attempt, in the order of the file; raises nothing for a damaged file.

    A response with status 200 and HTML is a document; another status is ``http_error``, another type ``unsupported_type``,
    a revisit ``not_modified``. An attempt's id is made from the record's own id, address, moment and content: the same
    record in another file, or under another name, is the same attempt.

    Args:
        path: a ``.warc`` or ``.warc.gz`` file.
        name: its name, the same on every machine.
        max_bytes: a larger payload (after decoding) ends as ``too_large``.

    Raises:
        OSError: the file cannot be opened.
    """
    with path.open("rb") as stream:
        reading = _Reading(path, name, stream, max_bytes)
        attempt = None
        for attempt in reading.attempts():
            yield attempt
        if attempt is None:
            yield reading.empty()


class _Reading:
    """One file while it is read."""

    def __init__(self, path: Path, name: str, stream: BufferedReader, max_bytes: int) -> None:
        self.path, self.name, self.stream, self.max_bytes = path, name, stream, max_bytes
        self.size = os.fstat(stream.fileno()).st_size
        self.source_id = f"file:{name.split('/', maxsplit=1)[0]}"
        self.is_packed = stream.peek(3)[:3] == _GZIP
        self.number = 0
        self.block_length = 0
        self.regain_left = _REGAIN_BYTES + _REGAIN_TIMES * self.size

    def attempts(self) -> Iterator[Attempt]:
        """The attempts of all passes; a pass begins at the start and behind each damaged place."""
        start: int | None = 0
        damage: tuple[int, str] | None = None
        while start is not None:
            self.stream.seek(start)
            last = start
            # Held back until what follows is seen to be a record: else the length lied, and the content is another's.
            held: Attempt | None = None
            is_told = False
            problem = ""
            try:
                # Typed wider than the library's stub: any open file will do.
                records: Any = ArchiveIterator(self.stream, parse_http=False, max_header_len=_META_BYTES)
                for record in records:
                    if damage is not None:
                        yield self._damaged(damage, record.stream_pos)
                        damage = None
                    if held is not None:
                        yield held
                    held, is_told, last = None, False, record.stream_pos
                    self.number += 1
                    self.block_length = record.content_length
                    held, missing = self._attempt(record)
                    is_told = held is not None and held.status == "parse_error"
                    if missing > 0:
                        problem = f"it promises {self.block_length:,} bytes, {missing:,} of which are not there"
                        yield self._failed(last, problem, held)
                        held, is_told = None, True
                        break
            except BaseException as error:
                # The library is written in Rust: where that panics, it raises what is no Exception.
                if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                    raise
                problem = f"{type(error).__name__}: {str(error)[:200]}"
            if held is not None:
                if not problem or is_told or self._ends_well(last):
                    yield held
                else:
                    yield self._failed(last, "its length does not fit: what follows is no record", held)
                    is_told = True
            if not problem:
                break
            if damage is None and not is_told:
                damage = last, problem
            start = self._next_start(last)
        if damage is not None:
            yield self._damaged(damage, self.size)

    def empty(self) -> Attempt:
        """The row of a file in which nothing says what was tried."""
        return self._failed(0, "holds no captured pages" if self.number else "holds no WARC records", None)

    # -- one record ---------------------------------------------------------------------------------------------------

    def _attempt(self, record: WarcRecord) -> tuple[Attempt | None, int]:
        """What a record says was tried, None where it says nothing of the kind; and how many bytes of it are missing."""
        captured = self._captured(record)
        if record.record_type & _UNTRIED or captured.url.startswith("dns:"):
            return None, record.content_length - record.consume()
        is_http = record.record_type in (WarcRecordType.response, WarcRecordType.revisit)
        most = self.max_bytes + (_HEADER_BYTES if is_http else 0)
        block = record.reader.read(most + 1)
        missing = record.content_length - len(block) - record.consume()
        try:
            if not captured.url.startswith(("http://", "https://", "file:", "urn:")):
                raise _RecordError("parse_error", f"no address of a page: {captured.url[:200]!r}")
            fields: dict[str, str] = {}
            payload = block
            if is_http and (block or record.record_type == WarcRecordType.response):
                captured.http_status, fields, payload = _http_message(block)
                captured.etag, captured.last_modified = _field(fields.get("etag")), _field(fields.get("last-modified"))
            if record.record_type == WarcRecordType.revisit:
                raise _RecordError("not_modified", "the archive holds only that it was the same as before")
            if record.record_type not in (WarcRecordType.response, WarcRecordType.resource):
                kind = record.headers.get("WARC-Type") or "unknown"
                raise _RecordError("unsupported_type", f"a {kind[:50]} record, not a page as it came")
            if captured.http_status not in (None, 200):
                raise _RecordError("http_error", f"HTTP {captured.http_status}")
            if len(payload) > self.max_bytes or len(block) > most:
                raise _RecordError("too_large", f"more than {self.max_bytes:,} bytes")
            attempt = self._document(record, captured, fields if is_http else None, payload)
        except _RecordError as problem:
            attempt = self._ended(captured, problem.status, problem.reason)
        return attempt, missing

    def _captured(self, record: WarcRecord) -> _Captured:
        headers = record.headers
        # WARC 1.0 shows the address in angle brackets, and some tools write them.
        url = (headers.get("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")
        url = "".join(url.split()).encode("utf-8", "replace").decode("utf-8")
        if META_FIELD not in headers and url.startswith(("http://", "https://")):
            url = fetch_url(url)  # the address by which a page is known that is fetched itself
        record_id = (headers.get("WARC-Record-ID") or "").strip()
        return _Captured(record_id or f"{self.name}#{self.number}", url, _moment(record))

    def _document(self, record: WarcRecord, captured: _Captured, fields: dict[str, str] | None, payload: bytes) -> Attempt:
        """The page that a record holds; ``fields`` is its HTTP header, None where it has none."""
        declared = (record.headers.get("Content-Type") if fields is None else fields.get("content-type")) or ""
        declared, _, parameters = declared.lower().partition(";")
        declared = declared.strip()
        if fields is not None:
            codings = f"{fields.get('content-encoding', '')},{fields.get('transfer-encoding', '')}".lower().split(",")
            is_cut = bool(record.headers.get("WARC-Truncated"))
            payload = _decoded(payload, [coding.strip() for coding in codings], self.max_bytes, is_cut=is_cut)
        if not payload or payload.isspace():
            raise _RecordError("parse_error", "empty page")
        is_ours = META_FIELD in record.headers
        media_type = _media_type(payload, declared, is_ours=is_ours)
        page_url = captured.url if captured.url.startswith(("http://", "https://")) else None
        if is_ours:
            meta = _meta(record.headers.get(META_FIELD))
        else:
            charset = _CHARSET.search(parameters)
            meta = {"charset": charset[1]} if charset else {}
        digest = hashlib.sha256(payload).hexdigest()
        own_id = document_id(page_url, digest, {} if page_url and not is_ours else meta)
        ids = {own_id, document_id(page_url, digest, {})}
        stated = record.headers.get(ID_FIELD)
        document = FetchedDocument(
            # Believed only where it follows from the content: an archive must not claim another document's place.
            document_id=stated if stated in ids else own_id,
            url=captured.url,
            is_page_url=page_url is not None,
            media_type=media_type,
            payload=payload,
            content_sha256=digest,
            meta=meta,
        )
        if page_url is not None:
            captured.opt_out = opt_out_of(None, page_url, fields or {}, payload)
        return self._ended(captured, "ok", None, document)

    def _ended(self, captured: _Captured, status: str, reason: str | None, document: FetchedDocument | None = None) -> Attempt:
        moment = captured.at.isoformat() if captured.at else None
        content = document.document_id if document else f"{captured.http_status} {reason}"
        where = f"{self.path}, record {self.number}"
        return Attempt(
            fetch_id=stable_id("warc", captured.key, captured.url, moment, status, content),
            source_id=self.source_id,
            url=captured.url or f"{self.path.as_uri()}#{self.number}",
            status=status,
            bytes=len(document.payload) if document else None,
            error=None if reason is None else f"{captured.url[:500] or 'no address'}: {reason} ({where})",
            document=document,
            method="warc",
            requested_at=captured.at,
            http_status=captured.http_status,
            etag=captured.etag,
            last_modified=captured.last_modified,
            opt_out=captured.opt_out,
        )

    # -- damage -------------------------------------------------------------------------------------------------------

    def _failed(self, offset: int, problem: str, record: Attempt | None) -> Attempt:
        """The row of a damaged record, which begins at byte ``offset``."""
        return Attempt(
            fetch_id=stable_id("warc", self.name, self.size, offset, problem),
            source_id=self.source_id,
            url=record.url if record is not None else f"{self.path.as_uri()}#byte={offset}",
            status="parse_error",
            bytes=None,
            error=f"{self.path}, record at byte {offset:,}: {problem}" if self.number else f"{self.path}: {problem}",
            method="warc",
            requested_at=record.requested_at if record is not None else None,
            http_status=record.http_status if record is not None else None,
        )

    def _damaged(self, damage: tuple[int, str], end: int) -> Attempt:
        """The row of a damaged stretch, of which nothing could be told."""
        offset, problem = damage
        return self._failed(offset, f"nothing readable after it until byte {end:,}: {problem}", None)

    def _ends_well(self, offset: int) -> bool:
        """Whether the record at ``offset`` ends with the two line ends that the standard asks for, so that its length is true."""
        held = b""
        after: int | None = None
        try:
            for piece in self._pieces(offset):
                held += piece
                if after is None and (blank := re.search(rb"\r?\n\r?\n", held)):
                    after = blank.end() + self.block_length
                if after is None:
                    if len(held) > _META_BYTES:
                        return False
                elif len(held) >= after + 4:
                    return held[after : after + 4] == b"\r\n\r\n"
                elif len(held) <= after:
                    after -= len(held)
                    held = b""
        except zlib.error:
            pass
        return False

    def _pieces(self, offset: int) -> Iterator[bytes]:
        """The bytes from ``offset`` on: inflated and to the end of the gzip member where the file is packed."""
        self.stream.seek(offset)
        if not self.is_packed:
            yield from iter(lambda: self.stream.read(_SEARCHED), b"")
            return
        member = zlib.decompressobj(31)
        while not member.eof and (packed := member.unconsumed_tail or self.stream.read(_PIECE)):
            yield member.decompress(packed, _SEARCHED)

    def _next_start(self, last: int) -> int | None:
        """Where the next record begins behind ``last``; what a record has swallowed is searched too, while that stays bounded."""
        reached = self.stream.tell()
        at = last + 1
        if reached - at <= self.regain_left:
            self.regain_left -= max(reached - at, 0)
        else:
            at = reached
        overlap = 16
        while at < self.size:
            self.stream.seek(at)
            window = self.stream.read(_SEARCHED)
            for found in re.finditer(re.escape(_GZIP), window) if self.is_packed else _RECORD.finditer(window):
                if not self.is_packed or _is_record(window[found.start() : found.start() + 4_096]):
                    return at + found.start()
            if len(window) <= overlap:
                return None
            at += len(window) - overlap
        return None


def _is_record(member: bytes) -> bool:
    """Whether a gzip member begins with a WARC record."""
    try:
        return zlib.decompressobj(31).decompress(member, 16).startswith(b"WARC/")
    except zlib.error:
        return False


def _moment(record: WarcRecord) -> datetime | None:
    """When the page was captured; None where the record does not say, or says what cannot be."""
    at: datetime | None = record.record_date
    if at is None:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at if _FIRST_DAY <= at <= datetime.now(UTC) + timedelta(days=1) else None


def _http_message(block: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, header fields by name in lower case (several of one name joined, as RFC 9110 has it), and payload.

    Raises:
        _RecordError: it begins with no HTTP header.
    """
    start = _STATUS_LINE.match(block)
    end = _BLANK_LINE.search(block, start.end() - 1, _HEADER_BYTES) if start else None
    if start is None or end is None:
        raise _RecordError("parse_error", "no HTTP header" if start is None else "an HTTP header without an end")
    fields: dict[str, str] = {}
    for line in block[start.end() : end.start()].decode("latin-1").split("\n"):
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if colon and name:
            fields[name] = f"{fields[name]}, {value.strip()}" if name in fields else value.strip()
    return int(start[1]), fields, block[end.end() :]


def _field(value: str | None) -> str | None:
    """A header field that can be sent back."""
    value = (value or "").strip()
    return value if value and len(value) <= 500 and value.isprintable() and value.isascii() else None


def _meta(text: str | None) -> dict[str, object]:
    """What our own archive keeps of a record's fields; anything else is nothing."""
    try:
        said = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    return {
        name: value
        for name, value in said.items()
        if _META_NAME.fullmatch(name)
        and (isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value)))
    }


def _media_type(payload: bytes, declared: str, *, is_ours: bool) -> str:
    """text/html, or text/plain for a text that our own archive holds; by the declared type and by how the content begins.

    Raises:
        _RecordError: it is neither.
    """
    if is_ours and declared in ("text/plain", "text/html"):
        return declared
    found = sniff(payload, declared or None)
    # XHTML sent as such may begin with any element.
    if found == "text/html" or (found == "application/xml" and declared in ("application/xhtml+xml", "text/html")):
        return "text/html"
    raise _RecordError("unsupported_type", f"{found}, sent as {declared[:100] or 'nothing'}; not HTML")


def _decoded(payload: bytes, codings: list[str], limit: int, *, is_cut: bool) -> bytes:
    """The payload without its content and transfer codings, the last applied first.

    Many archives hold the decoded payload under the header of the coded one: what does not begin like a coding is taken as
    decoded. What an archive says it has cut (``is_cut``) is decoded as far as it goes.

    Raises:
        _RecordError: it cannot be decoded, or gives more than ``limit`` bytes.
    """
    known = [coding for coding in codings if coding and coding != "identity"]
    if len(known) > _MAX_CODINGS:
        raise _RecordError("parse_error", f"{len(known)} codings, at most {_MAX_CODINGS} are followed")
    for coding in reversed(known):
        is_text = payload[:1_024].lstrip().startswith(b"<")
        try:
            if coding == "chunked":
                payload = _read_all(ChunkedReader(BytesIO(payload)), limit, is_cut) if _CHUNKED.match(payload) else payload
            elif coding in ("gzip", "x-gzip"):
                payload = _inflate(payload, "gzip", limit, is_cut) if payload.startswith(_GZIP[:2]) else payload
            elif coding == "deflate":
                payload = payload if is_text else _inflate(payload, "deflate", limit, is_cut)
            elif coding == "br":
                payload = payload if is_text else _read_all(BrotliReader(BytesIO(payload)), limit, is_cut)
            elif coding == "zstd":
                is_coded = payload.startswith(b"\x28\xb5\x2f\xfd")
                payload = _read_all(ZstdReader(BytesIO(payload)), limit, is_cut) if is_coded else payload
            elif not is_text:
                raise _RecordError("unsupported_type", f"Content-Encoding {coding[:50]}")
        except (OSError, InflateError) as problem:
            raise _RecordError("parse_error", f"cannot be decoded as {coding}: {problem}") from problem
        if len(payload) > limit:
            raise _RecordError("too_large", f"more than {limit:,} bytes after decoding")
    return payload


def _read_all(reader: Any, limit: int, is_cut: bool) -> bytes:
    """What ``reader`` gives, to one byte over ``limit``."""
    pieces: list[bytes] = []
    left = limit + 1
    try:
        while left > 0 and (piece := reader.read(min(left, _SEARCHED))):
            pieces.append(piece)
            left -= len(piece)
    except OSError:
        if not is_cut or not pieces:
            raise
    return b"".join(pieces)


def _inflate(payload: bytes, coding: str, limit: int, is_cut: bool) -> bytes:
    """The inflated payload, to little more than ``limit`` bytes."""
    inflater = Inflater(coding)
    unpacked = bytearray()
    try:
        # In pieces: after each of many empty members the rest would be copied whole.
        for at in range(0, len(payload), _PIECE):
            for piece in inflater.feed(payload[at : at + _PIECE]):
                unpacked += piece
                if len(unpacked) > limit:
                    return bytes(unpacked)
        inflater.finish()
    except InflateError:
        if not is_cut or not unpacked:
            raise
    return bytes(unpacked)
