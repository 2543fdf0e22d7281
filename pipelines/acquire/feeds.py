"""Feeds: RSS, Atom and JSON Feed as the pages they list.

fastfeedparser reads entries and dates; it keeps neither RSS ``<source>`` (the real publisher behind an aggregator's
feed) nor the channel's language, so those are read beside it.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from typing import Any, Final

import fastfeedparser  # type: ignore[import-untyped]
from lxml import etree

from pipelines.acquire.listings import Listed, ListingError, headline, local_name, moment, page_url, safe_xml, words

__all__ = ["Feed", "ListingError", "parse_feed"]

#: A feed of news is never larger; the parser's time is bounded by these.
MAX_BYTES: Final = 10_000_000
MAX_ENTRIES: Final = 10_000
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
#: Elements whose end is seen to one by one.
_ITEMS: Final = ("item", "entry")
_ITEM_TAG: Final = re.compile(rb"<(?:[A-Za-z][\w.-]{0,20}:)?(?:item|entry)[\s/>]")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its own title and language, and the pages it lists, in its order, each address once."""

    title: str | None
    language: str | None
    entries: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    """What an item says about its publisher and its language."""

    publisher: str | None
    publisher_url: str | None
    language: str | None


def parse_feed(data: bytes, url: str) -> Feed:
    """The pages that a feed lists.

    Args:
        data: RSS, Atom or JSON Feed (1.0, 1.1), in any encoding.
        url: the feed's address, against which relative ones are read.

    Raises:
        ListingError: it is none of these, or defines XML entities.
    """
    if len(data) > MAX_BYTES:
        raise ListingError(f"{url}: no feed: {len(data):,} bytes, at most {MAX_BYTES:,} are read")
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start and not data.strip():
        raise ListingError(f"{url}: an empty body, not a feed")
    if start.startswith((b"{", b"[")):
        return _json_feed(data, url)
    document = safe_xml(data, url).lstrip()
    if not document.startswith(b"<"):
        raise ListingError(f"{url}: no feed: starts with {document[:40].decode('utf-8', 'replace')!r}")
    if (count := len(_ITEM_TAG.findall(document))) > MAX_ENTRIES:
        raise ListingError(f"{url}: no feed: {count:,} entries, at most {MAX_ENTRIES:,} are read")
    try:
        parsed = fastfeedparser.parse(
            document, include_content=False, include_tags=False, include_media=False, include_enclosures=False
        )
        found = [dict(entry) for entry in parsed.entries]
        title = words(parsed.feed.get("title"))
    except Exception as problem:  # whatever trips the library is a feed that cannot be read
        raise ListingError(f"{url}: no feed: {' '.join(str(problem).split())[:200] or type(problem).__name__}") from problem
    language, sources = _sources(document)
    nobody = _Source(None, None, None)
    entries: dict[str, Listed] = {}
    for entry in found:
        link, guid = entry.get("link"), entry.get("id")
        address = page_url(url, link) or (page_url("", guid) if _is_web(guid) else None)
        if address is None:
            continue
        source = sources.get(str(link or "").strip()) or sources.get(str(guid or "").strip()) or nobody
        listed = Listed(
            url=address,
            title=headline(entry.get("title")),
            publisher=source.publisher,
            publisher_url=page_url("", source.publisher_url),
            published_at=moment(entry.get("published")),
            modified_at=moment(entry.get("updated")),
            language=source.language or language,
        )
        entries.setdefault(address, listed)
    return Feed(title, language, tuple(entries.values()))


def _sources(document: bytes) -> tuple[str | None, dict[str, _Source]]:
    """The feed's language, and by link and by guid what each item says about its publisher."""
    language: str | None = None
    found: dict[str, _Source] = {}
    try:
        for event, element in etree.iterparse(
            io.BytesIO(document), events=("start", "end"), recover=True, resolve_entities=False, no_network=True, load_dtd=False
        ):
            name = local_name(element)
            if event == "start":
                language = language or words(element.get(_XML_LANG) if name in ("feed", "rss", "RDF") else None)
            elif name == "language" and language is None:
                parent = element.getparent()
                language = words(element.text) if parent is not None and parent.tag == "channel" else None
            elif name in _ITEMS:
                keys, source = _read_item(element)
                for key in keys:
                    found.setdefault(key, source)
                element.clear()
                parent = element.getparent()
                while parent is not None and (before := element.getprevious()) is not None and _is_item(before):
                    parent.remove(before)
    except etree.XMLSyntaxError:  # what was read until there holds
        pass
    return language, found


def _is_web(address: object) -> bool:
    return isinstance(address, str) and address.strip().lower().startswith(("http://", "https://"))


def _is_item(element: Any) -> bool:
    return local_name(element) in _ITEMS


def _read_item(item: Any) -> tuple[list[str], _Source]:
    keys: list[str] = []
    publisher = publisher_url = None
    language = words(item.get(_XML_LANG))
    for child in item:
        name, text = local_name(child), (child.text or "").strip()
        if name == "link":
            keys.append((text or child.get("href") or "").strip())
        elif name in ("guid", "id"):
            keys.append(text)
        elif name == "source":
            # RSS: <source url="...">Name</source>; Atom: the feed that the entry was copied from, with title and links.
            own = {local_name(part): part for part in child}
            publisher = words(text) or (words(own["title"].text) if "title" in own else None)
            publisher_url = child.get("url") or (own["link"].get("href") if "link" in own else None)
        elif name == "language" and language is None:
            language = words(text)
    return [key for key in keys if key], _Source(publisher, publisher_url, language)


def _json_feed(data: bytes, url: str) -> Feed:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise ListingError(f"{url}: no JSON feed: {problem}"[:300]) from problem
    if not isinstance(content, dict) or not isinstance(content.get("items"), list):
        raise ListingError(f"{url}: no JSON feed: has no list of items")
    if (count := len(content["items"])) > MAX_ENTRIES:
        raise ListingError(f"{url}: no feed: {count:,} entries, at most {MAX_ENTRIES:,} are read")
    if "jsonfeed.org" not in str(content.get("version", "")):
        raise ListingError(f"{url}: no JSON feed: its version is not one of jsonfeed.org")
    language = words(content.get("language"))
    entries: dict[str, Listed] = {}
    for item in content["items"]:
        if not isinstance(item, dict):
            continue
        address = page_url(url, item.get("url")) or page_url(url, item.get("external_url"))
        if address is None and _is_web(item.get("id")):
            address = page_url("", item.get("id"))
        if address is None:
            continue
        listed = Listed(
            url=address,
            title=headline(item.get("title")),
            published_at=moment(item.get("date_published")),
            modified_at=moment(item.get("date_modified")),
            language=words(item.get("language")) or language,
        )
        entries.setdefault(address, listed)
    return Feed(words(content.get("title")), language, tuple(entries.values()))
