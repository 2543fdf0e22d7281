"""What feeds and sitemaps have in common: a listed page, and XML that somebody else wrote, made safe to parse."""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urljoin

_MAX_TEXT: Final = 1_000
_MAX_URL: Final = 8_000
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}:.")
_SPACE: Final = re.compile(r"\s")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_DECLARED: Final = re.compile(rb"""^\s{0,100}<\?xml\b[^>]{0,200}?\bencoding\s{0,10}=\s{0,10}["']([A-Za-z0-9._:-]{1,40})["']""")
_DECLARATION: Final = re.compile(r"\s{0,100}<\?xml\b[^>]{0,300}\?>")
#: Characters that XML 1.0 has not; feeds hold some all the same.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class ListingError(ValueError):
    """A feed or sitemap that cannot be read; the message names its URL and says why."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page as a feed or sitemap lists it. ``publisher`` is the real one behind an aggregator's feed (RSS ``<source>``)."""

    url: str
    title: str | None = None
    publisher: str | None = None
    publisher_url: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None


def safe_xml(data: bytes, url: str) -> bytes:
    """XML as UTF-8 without a declaration and without characters that XML has not.

    Decoded here and not by the parser, so that no encoding (UTF-7, EBCDIC, UTF-16) hides what is looked for.

    Raises:
        ListingError: it defines entities. Expanding them may take all memory ("billion laughs") or read local files;
            feeds need none.
    """
    text = _decoded(data)
    lead = _DECLARATION.match(text)
    if lead:
        text = text[lead.end() :]
    if "<!ENTITY" in text:
        raise ListingError(f"{url}: defines XML entities, which are refused")
    return _NOT_XML.sub(" ", text).encode("utf-8")


def _decoded(data: bytes) -> str:
    for bom, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(bom):
            return data[len(bom) :].decode(codec, "replace")
    if data[:4] == b"<\0?\0" or data[:2] == b"<\0":
        return data.decode("utf-16-le", "replace")
    if data[:2] == b"\0<":
        return data.decode("utf-16-be", "replace")
    declared = _DECLARED.match(data)
    name = declared[1].decode("ascii") if declared else "utf-8"
    try:
        # Only encodings in which tags are the same bytes as in ASCII can be told by a declaration that was read as ASCII.
        if "<!ENTITY".encode(name) == b"<!ENTITY":
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                pass
    except (LookupError, UnicodeError, ValueError):
        pass
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def local_name(element: Any) -> str:
    """An element's name without its namespace, also where the prefix was never declared; empty for a comment."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def page_url(base: str, address: object) -> str | None:
    """``address`` as an absolute URL; None where it is none. Its scheme is the fetcher's business: a refusal is a row."""
    if not isinstance(address, str) or not address.strip() or len(address) > _MAX_URL:
        return None
    try:
        full = urljoin(base, re.sub(r"[\t\r\n]", "", address.strip()))
    except ValueError:
        return None
    full = _SPACE.sub("%20", full)
    return full if _SCHEME.match(full) else None


def words(value: object) -> str | None:
    """Text on one line, at most 1,000 characters; None where there is none."""
    if not isinstance(value, str):
        return None
    return " ".join(_NOT_XML.sub(" ", value[: 4 * _MAX_TEXT]).split())[:_MAX_TEXT] or None


def headline(value: object) -> str | None:
    """A title without the markup that some feeds put into it."""
    return words(html.unescape(_TAG.sub("", value[: 4 * _MAX_TEXT]))) if isinstance(value, str) else None


def moment(value: object) -> datetime | None:
    """A time in ISO 8601 (W3C's profile of it, as sitemaps and JSON feeds use) as UTC; a day is its midnight."""
    if not isinstance(value, str):
        return None
    text = value.strip()[:40]
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        text += "-01" * (3 - len(text.split("-")))
    try:
        then = datetime.fromisoformat(text)
        then = then.replace(tzinfo=UTC) if then.tzinfo is None else then.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return then if 1990 <= then.year < 2100 else None
