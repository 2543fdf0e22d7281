"""OPML, the format in which feed readers exchange subscriptions (OPML 1.0 and 2.0), read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from lxml import etree

from pipelines.acquire.listings import ListingError, safe_xml
from pipelines.acquire.sources import Outlet, url_key, url_problem
from pipelines.acquire.sources_edit import OutletFacts, new_sources, outlet_host, with_facts

#: A larger file is no list of subscriptions: a thousand feeds take about 300 KB.
MAX_OPML_BYTES: Final = 20_000_000
_MAX_NAME: Final = 100
_SEPARATORS: Final = " \t-–—|:>»·/,("


class OpmlError(ValueError):
    """A file that is no OPML; the message names it, the line where known, and the reason."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed of an OPML file."""

    title: str
    feed_url: str
    site_url: str | None
    language: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """An outline that gives no feed, and why."""

    line: int
    title: str
    reason: str


def read_opml(path: Path) -> tuple[list[Subscription], list[Skipped]]:
    """The feeds in the OPML file ``path``, and the outlines that could not be used; folders are neither.

    Raises:
        OpmlError: the file cannot be read, is no XML or no OPML, or declares entities.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_OPML_BYTES + 1)
    except OSError as problem:
        raise OpmlError(f"{path}: {problem.strerror or problem}") from problem
    if len(content) > MAX_OPML_BYTES:
        raise OpmlError(f"{path}: larger than {MAX_OPML_BYTES:,} bytes, which is no list of subscriptions")
    return parse_opml(content, path)


def parse_opml(content: bytes, path: Path) -> tuple[list[Subscription], list[Skipped]]:
    """The feeds in ``content``; ``path`` names it in errors.

    Raises:
        OpmlError: it is no XML or no OPML, or declares entities.
    """
    root = _parse(content, path)
    found: list[Subscription] = []
    skipped: list[Skipped] = []
    lines: dict[str, int] = {}
    for outline in root.iter("{*}outline", "{*}OUTLINE"):
        given = {str(etree.QName(name).localname).lower(): _tidy(value) for name, value in outline.attrib.items()}
        title = (given.get("title") or given.get("text") or "")[:_MAX_NAME]
        line = int(outline.sourceline or 0)
        url = _feed_url(given.get("xmlurl", ""))
        if not url:
            if len(outline) == 0:
                skipped.append(Skipped(line, title, _why_no_feed(given)))
        elif problem := url_problem(url):
            skipped.append(Skipped(line, title, f"{url[:200]!r} {problem}"))
        elif url_key(url) in lines:
            skipped.append(Skipped(line, title, f"{url} stands twice (line {lines[url_key(url)]})"))
        else:
            lines[url_key(url)] = line
            site = given.get("htmlurl") or None
            language = given.get("language", "")
            found.append(
                Subscription(
                    title=title,
                    feed_url=url,
                    site_url=site if site and url_problem(site) is None else None,
                    language=language if re.fullmatch(r"[a-z]{2}(-[A-Za-z]{2})?", language) else None,
                    line=line,
                )
            )
    return found, skipped


def outlets_of(subscriptions: Iterable[Subscription], facts: Mapping[str, OutletFacts] | None = None) -> list[Outlet]:
    """The outlets behind ``subscriptions``: feeds of one site are one outlet, named by what their titles share.

    A feed on a feed service (feedburner.com) that names no site is an outlet by its title. Outlets that ``facts`` knows
    have their id, name and country from there.
    """
    groups: dict[str, list[Subscription]] = {}
    for subscription in subscriptions:
        host = _host(subscription, facts)
        groups.setdefault(host or f"title {subscription.title.casefold() or url_key(subscription.feed_url)}", []).append(
            subscription
        )
    outlets = []
    for members in groups.values():
        host = _host(members[0], facts)
        name = _shared_name([member.title for member in members]) or host or members[0].feed_url
        languages = {member.language for member in members if member.language}
        outlet = Outlet(
            name=name,
            domain=host,
            language=languages.pop() if len(languages) == 1 else None,
            sources=new_sources(name, [member.feed_url for member in members]),
        )
        outlets.append(with_facts(outlet, facts or {}))
    return outlets


def write_opml(outlets: Sequence[Outlet], title: str) -> bytes:
    """The feeds of ``outlets`` as an OPML 2.0 document, one folder an outlet."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for outlet in outlets:
        feeds = [source.address for source in outlet.sources if source.kind == "feed"]
        if not feeds:
            continue
        folder = etree.SubElement(body, "outline", text=outlet.name, title=outlet.name)
        for feed in feeds:
            given = {"type": "rss", "text": outlet.name, "title": outlet.name, "xmlUrl": feed}
            if outlet.domain:
                given["htmlUrl"] = f"https://{outlet.domain}/"
            if outlet.language:
                given["language"] = outlet.language
            etree.SubElement(folder, "outline", given)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _parse(content: bytes, path: Path) -> etree._Element:
    if not content.strip():
        raise OpmlError(f"{path}: the file is empty")
    # Nothing is loaded from elsewhere, and without huge_tree libxml2 bounds depth and the size of nodes.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(safe_xml(content, str(path)), parser)
    except ListingError as problem:
        raise OpmlError(str(problem)) from problem
    except etree.XMLSyntaxError as problem:
        raise OpmlError(f"{path}:{problem.lineno or 1}: no XML: {' '.join(str(problem.msg).split())}") from problem
    name = str(etree.QName(root).localname)
    if name.lower() != "opml":
        raise OpmlError(f"{path}:{root.sourceline or 1}: no OPML: the document is <{name}>, not <opml>")
    return root


def _feed_url(url: str) -> str:
    """``url`` without the feed: scheme of old readers."""
    if url.lower().startswith("feed://"):
        return "https://" + url[len("feed://") :]
    return url[len("feed:") :] if url.lower().startswith("feed:http") else url


def _why_no_feed(given: dict[str, str]) -> str:
    if given.get("type", "").lower() in ("link", "include"):
        return "a link to another list, which is not followed"
    return "no feed: it has no xmlUrl"


def _host(subscription: Subscription, facts: Mapping[str, OutletFacts] | None) -> str | None:
    site, feed = subscription.site_url, subscription.feed_url
    return (outlet_host(site, facts) if site else None) or outlet_host(feed, facts)


def _shared_name(titles: Sequence[str]) -> str:
    """The words with which all titles start; empty where they share none."""
    given = [title for title in titles if title]
    if len(given) < 2:
        return given[0] if given else ""
    shared = [words[0] for words in takewhile(lambda words: len(set(words)) == 1, zip(*map(str.split, given), strict=False))]
    name = " ".join(shared).strip(_SEPARATORS)
    return name if len(name) >= 3 else ""


def _tidy(value: str) -> str:
    return "".join(ch if ch.isprintable() else " " for ch in " ".join(str(value).split())).strip()
