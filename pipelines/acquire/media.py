"""What a body is, by its first bytes: servers name wrong types, and what is read must not be decided by them alone."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from typing import Final

#: How many bytes are looked at (WHATWG MIME Sniffing looks at 1445).
SNIFF_BYTES: Final = 1_500

_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "application/pdf"),
    (b"%!PS", "application/postscript"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\0\0\1\0", "image/x-icon"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\0asm", "application/wasm"),
    (b"\x7fELF", "application/x-elf"),
    (b"MZ\x90", "application/x-msdownload"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"PAR1", "application/vnd.apache.parquet"),
)
#: Bytes that no text has in any of the encodings of the web but UTF-16 and UTF-32 (WHATWG's binary data bytes).
_BINARY: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMENTS: Final = re.compile(r"(?:\s{1,1500}|<!--.{0,1500}?-->|<\?.{0,500}?\?>){1,50}", re.DOTALL)
_HTML: Final = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|article|main|header|nav|section|div|p|h[1-6]|table|a|b|br"
    r"|img|span|ul|ol|iframe|font|center|form|noscript)\b",
    re.IGNORECASE,
)
_HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
_XML_ROOT: Final = re.compile(r"<(?:rss|feed|rdf:rdf|urlset|sitemapindex|opml|svg|error)\b|[{]", re.IGNORECASE)
_XML: Final = re.compile(r"<(?:[a-z_][\w.-]{0,50}:)?[a-z_][\w.-]{0,50}[\s>/]|<!doctype\s", re.IGNORECASE)


def sniff(body: bytes, declared: str | None = None) -> str:
    """The media type of ``body``: of files by their magic numbers, of text by its first tag.

    Gives text/html, application/xml, application/json or text/plain for text, application/octet-stream for what is
    neither text nor known.

    Args:
        body: the whole or its first :data:`SNIFF_BYTES` bytes.
        declared: the media type that the server named; it decides only where the bytes leave it open.
    """
    start = body[:SNIFF_BYTES]
    for magic, media_type in _MAGIC:
        if start.startswith(magic):
            return media_type
    if start[4:8] == b"ftyp":
        return "video/mp4"
    if start[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/avi"}.get(start[8:12], "application/octet-stream")
    text = _as_text(start)
    if text is None:
        return "application/octet-stream"
    lead = _COMMENTS.match(text)
    rest = text[lead.end() :] if lead else text
    if _HTML.match(rest):
        return "text/html"
    if declared in _HTML_TYPES and "<?xml" not in (lead[0] if lead else "") and not _XML_ROOT.match(rest):
        return "text/html"  # an element that is not known, words before the first tag, or no tag at all
    if _XML.match(rest) or (not rest and text.lstrip().startswith("<?xml")):
        return "application/xml"
    if rest[:1] in ("{", "[") and (rest[:1] == "{" or declared in (None, "application/json", "application/feed+json")):
        return "application/json"
    return "text/html" if declared in _HTML_TYPES else "text/plain"


def _as_text(start: bytes) -> str | None:
    for bom, codec in _BOMS:
        if start.startswith(bom):
            return start.decode(codec, "ignore").lstrip("\ufeff")
    if len(start) >= 8 and b"\0" in start:
        # UTF-16 without a mark: every other byte of western text is zero.
        for codec, high in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
            if high.count(0) > 0.7 * len(high):
                return start.decode(codec, "ignore")
    return None if _BINARY.search(start) else start.decode("latin-1")


class InflateError(ValueError):
    """Compressed data is damaged or cut off."""


class Inflater:
    """Unpacks gzip or deflate piece by piece, so that a small body that unpacks to gigabytes costs no more than a piece.

    Several gzip members after one another are one body (RFC 1952).
    """

    _PIECE: Final = 1 << 18

    def __init__(self, encoding: str) -> None:
        self._is_gzip = encoding == "gzip"
        self._start = b""
        self._is_fed = False
        self._inflate = zlib.decompressobj(31) if self._is_gzip else None

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """What ``packed`` unpacks to, in pieces (empty ones too, so that the caller can look at the clock).

        Raises:
            InflateError: it is damaged.
        """
        self._is_fed = self._is_fed or bool(packed)
        if self._inflate is None:
            self._start += packed
            if len(self._start) < 2:
                return
            packed = self._start
            # Some servers send "deflate" without zlib's frame (RFC 9110, 8.4.1.2), whose two bytes are known (RFC 1950).
            framed = packed[0] & 15 == 8 and int.from_bytes(packed[:2]) % 31 == 0
            self._inflate = zlib.decompressobj(15 if framed else -15)
        while packed:
            if self._inflate.eof:
                if not self._is_gzip or not packed.startswith(b"\x1f"):
                    return  # what trails a body is padding
                self._inflate = zlib.decompressobj(31)
            try:
                piece = self._inflate.decompress(packed, self._PIECE)
                yield piece
                packed = self._inflate.unconsumed_tail or self._inflate.unused_data
                while len(piece) == self._PIECE and not packed:  # all of the input is in, some of the output is not out
                    piece = self._inflate.decompress(b"", self._PIECE)
                    yield piece
            except zlib.error as problem:
                raise InflateError(f"damaged: {problem}") from problem

    def finish(self) -> None:
        """Say that nothing follows.

        Raises:
            InflateError: something should.
        """
        if self._is_fed and (self._inflate is None or not self._inflate.eof):
            raise InflateError("cut off")


def gunzip(packed: bytes, max_bytes: int) -> bytes:
    """``packed`` unpacked, at most ``max_bytes``.

    Raises:
        InflateError: it is damaged, cut off, or larger.
    """
    inflater = Inflater("gzip")
    unpacked = bytearray()
    for piece in inflater.feed(packed):
        unpacked += piece
        if len(unpacked) > max_bytes:
            raise InflateError(f"more than {max_bytes:,} bytes once unpacked")
    inflater.finish()
    return bytes(unpacked)
