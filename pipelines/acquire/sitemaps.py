"""Sitemaps (sitemaps.org 0.9) with Google's news extension: lists of pages, and indexes of sitemaps.

News sitemaps carry publication date, title and language of each page; libraries drop them, so lxml reads them here.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from pipelines.acquire.feeds import parse_feed
from pipelines.acquire.listings import Listed, ListingError, local_name, moment, page_url, safe_xml, words
from pipelines.acquire.media import InflateError, gunzip

__all__ = ["ListingError", "Sitemap", "parse_sitemap"]

#: The protocol's own limits: 50,000 addresses and 50 MB unpacked.
MAX_ENTRIES: Final = 50_000
MAX_BYTES: Final = 52_428_800


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap: the pages it lists, and the sitemaps where it is an index (their ``modified_at`` is theirs).

    ``problem`` says where it stops being readable; what stood before holds.
    """

    entries: tuple[Listed, ...] = ()
    sitemaps: tuple[Listed, ...] = ()
    problem: str | None = None


@dataclass(slots=True)
class _Found:
    pages: dict[str, Listed] = field(default_factory=dict)
    sitemaps: dict[str, Listed] = field(default_factory=dict)


def parse_sitemap(data: bytes, url: str) -> Sitemap:
    """The pages or sitemaps that a sitemap lists.

    Args:
        data: XML or plain text, as it is or gzipped; a feed is a sitemap too (so the protocol).
        url: its address.

    Raises:
        ListingError: it is none, is too large, or defines XML entities.
    """
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gunzip(data, MAX_BYTES)
        except InflateError as problem:
            raise ListingError(f"{url}: no sitemap: gzip is {problem}") from problem
    if len(data) > MAX_BYTES:
        raise ListingError(f"{url}: no sitemap: more than {MAX_BYTES:,} bytes")
    document = safe_xml(data, url).lstrip()
    if not document:
        raise ListingError(f"{url}: an empty body, not a sitemap")
    if not document.startswith(b"<"):
        return _text_sitemap(document, url)
    root, found, stopped = _read(document, url)
    if root in ("rss", "feed", "RDF"):
        return Sitemap(parse_feed(data, url).entries)
    if root not in ("urlset", "sitemapindex"):
        what = "an HTML page" if (root or "").lower() == "html" else f"its root is <{root[:40]}>" if root else stopped
        raise ListingError(f"{url}: no sitemap: {what}")
    read = f"{len(found.pages) + len(found.sitemaps):,}"
    note = f"{url}: only the first {read} addresses are read: {stopped}" if stopped else None
    return Sitemap(tuple(found.pages.values()), tuple(found.sitemaps.values()), note)


def _read(document: bytes, url: str) -> tuple[str | None, _Found, str | None]:
    """The root's name, what is listed, and what made the reading stop early."""
    root: str | None = None
    found = _Found()
    try:
        for event, element in etree.iterparse(
            io.BytesIO(document), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
        ):
            name = local_name(element)
            if event == "start":
                if root is None:
                    root = name
                    if root not in ("urlset", "sitemapindex"):
                        break
                continue
            if name in ("url", "sitemap") and (parent := element.getparent()) is not None and parent.getparent() is None:
                listed = _listed(element, url)
                if listed is not None:
                    (found.pages if name == "url" else found.sitemaps).setdefault(listed.url, listed)
                element.clear()
                while element.getprevious() is not None:
                    del parent[0]
                if len(found.pages) + len(found.sitemaps) >= MAX_ENTRIES:
                    return root, found, "a sitemap holds no more"
    except etree.XMLSyntaxError as problem:
        return root, found, " ".join(str(problem).split())[:200]
    return root, found, None


def _listed(element: Any, url: str) -> Listed | None:
    values: dict[str, str] = {}
    for child in element.iter():
        if child.text and len(values) < 40:
            values.setdefault(local_name(child), child.text[:4_000])
    address = page_url(url, values.get("loc"))
    if address is None:
        return None
    return Listed(
        url=address,
        title=words(values.get("title")),
        published_at=moment(values.get("publication_date")),
        modified_at=moment(values.get("lastmod")),
        language=words(values.get("language")),
    )


def _text_sitemap(document: bytes, url: str) -> Sitemap:
    """A sitemap as plain text: one address a line."""
    pages: dict[str, Listed] = {}
    for line in document.splitlines()[:MAX_ENTRIES]:
        address = page_url("", line.decode("utf-8", "replace"))
        if address is None and line.strip():
            raise ListingError(f"{url}: no sitemap: holds {line[:40].decode('utf-8', 'replace')!r}")
        if address is not None:
            pages.setdefault(address, Listed(address))
    return Sitemap(tuple(pages.values()))
