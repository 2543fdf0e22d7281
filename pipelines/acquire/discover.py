"""Finding what a site offers to follow: the feeds and news sitemaps that it declares. No address is guessed.

A page declares feeds by ``<link rel="alternate">`` (RSS Advisory Board's autodiscovery, RFC 8288), a site its sitemaps in
robots.txt (sitemaps.org), and a sitemap index its sitemaps; which of them is a news sitemap is known by Google's news
namespace alone. Whatever is declared is asked for, and only what answers as a list is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from lxml import etree, html

from pipelines.acquire.feeds import parse_feed
from pipelines.acquire.http import FEED, SITEMAP, Accept, Fetched, Fetcher
from pipelines.acquire.listings import Listed, ListingError, page_url, words
from pipelines.acquire.media import InflateError, gunzip
from pipelines.acquire.sitemaps import MAX_BYTES, Sitemap, parse_sitemap
from pipelines.acquire.sources import Outlet, SourceKind, name_key, url_key, url_problem
from pipelines.acquire.sources_edit import OutletFacts, new_sources, outlet_host, with_facts

#: Most feeds of a page, sitemaps of a robots.txt or of an index, and sitemaps in all that are asked for.
MAX_FEEDS: Final = 20
MAX_SITEMAPS: Final = 8
MAX_SITEMAPS_IN_ALL: Final = 24

_ANYTHING: Final = Accept(
    "a page, feed or sitemap",
    "text/html, application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.1",
    (FEED.media_types or frozenset()) | (SITEMAP.media_types or frozenset()),
)
_FEED_TYPES: Final = frozenset(
    {
        "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/xml",
        "text/xml", "application/x.atom+xml",
    }
)  # fmt: skip
_NEWS_NAMESPACE: Final = b"//www.google.com/schemas/sitemap-news/"
_TITLE_PARTS: Final = re.compile(r"\s+[|–—:»·•-]+\s+|:\s+")
_COMMENTS: Final = re.compile(r"\bcomments\b", re.IGNORECASE)


class DiscoveryError(RuntimeError):
    """Nothing to follow was found at an address; the message says why."""


@dataclass(frozen=True, slots=True)
class Find:
    """One list that a site declares and that answers: what it is, how much it lists, and where it was declared."""

    kind: SourceKind
    url: str
    declared: str
    entries: int
    newest: datetime | None = None
    title: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found at an address, as an outlet; ``left_out`` says what was declared but is not followed, and why."""

    outlet: Outlet
    finds: tuple[Find, ...]
    left_out: tuple[str, ...]


@dataclass(slots=True)
class DeclaredPage:
    """What a page says about its site."""

    site_name: str | None = None
    title: str | None = None
    language: str | None = None
    feeds: dict[str, str | None] = field(default_factory=dict)


def discover(url: str, fetcher: Fetcher, facts: Mapping[str, OutletFacts] | None = None) -> Discovery:
    """The feeds and news sitemaps that the site at ``url`` declares; ``url`` itself where it is a feed or sitemap.

    Args:
        url: a page, feed or sitemap; without a scheme, https is meant.
        fetcher: what asks.
        facts: known outlets by host, for the outlet's name, id and country.

    Raises:
        DiscoveryError: the address does not answer, or nothing to follow is declared there.
    """
    address = url if "://" in url else f"https://{url}"
    if problem := url_problem(address):
        raise DiscoveryError(f"{address} {problem}")
    got = fetcher.get(address, accept=_ANYTHING)
    if got.status != "ok":
        raise DiscoveryError(got.error or f"{address}: {got.status}")
    base = got.final_url or address
    search = _Search(fetcher)
    page = DeclaredPage()
    if got.media_type == "text/html":
        page = read_page(got.body, got.charset, base)
        search.page_feeds(page)
        search.robots_sitemaps(base)
    else:
        search.itself(address, got)
    if not search.finds:
        reasons = "".join(f"\n  {reason}" for reason in search.left_out)
        raise DiscoveryError(f"{base}: declares no feed and no news sitemap that can be followed{reasons}")
    return Discovery(_outlet(base, page, search.finds, facts), tuple(search.finds), tuple(search.left_out))


def read_page(body: bytes, charset: str | None, url: str) -> DeclaredPage:
    """What the page ``body`` at ``url`` declares: its feeds by address, its site's name, its title and language."""
    page = DeclaredPage()
    try:
        parser = html.HTMLParser(encoding=_codec(charset, body), no_network=True, remove_comments=True)
        root = html.document_fromstring(body, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return page
    base = page_url(url, root.xpath("string(//base[@href][1]/@href)")) or url
    page.site_name = _meta(root, "og:site_name") or _meta(root, "application-name")
    page.title = words(root.xpath("string(//head/title[1])")) or words(root.xpath("string(//title[1])"))
    page.language = _language(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"))
    for link in root.iter("link", "a"):
        given = {str(name).lower(): str(value) for name, value in link.attrib.items()}
        is_alternate = "alternate" in given.get("rel", "").lower().split()
        media_type = given.get("type", "").split(";", 1)[0].strip().lower()
        href = page_url(base, given.get("href"))
        if not is_alternate or href is None or url_problem(href) is not None or len(page.feeds) > 2 * MAX_FEEDS:
            continue
        # JSON Feed 1.0 is declared as plain JSON; so are the APIs of blogs, whose addresses are no files.
        if media_type in _FEED_TYPES or (media_type == "application/json" and urlsplit(href).path.endswith(".json")):
            page.feeds.setdefault(href.partition("#")[0], words(given.get("title")))
    return page


@dataclass(slots=True)
class _Search:
    """Asks for what is declared and keeps what answers."""

    fetcher: Fetcher
    finds: list[Find] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    sitemaps_asked: int = 0

    def itself(self, url: str, got: Fetched) -> None:
        """The address that was given is a list: a feed, a sitemap, or an index (of which the news sitemaps are meant)."""
        try:
            self._keep_feed(url, got, "the address itself")
            return
        except ListingError as problem:
            reason = problem
        try:
            sitemap = parse_sitemap(got.body, got.final_url or url)
        except ListingError:
            # JSON and plain text that is no list of addresses: what is wrong with it as a feed is what to say.
            self.left_out.append(str(reason))
            return
        if sitemap.sitemaps:
            self._index(url, sitemap)
            if self.finds:
                return
        self._keep_sitemap(url, sitemap, "the address itself")

    def page_feeds(self, page: DeclaredPage) -> None:
        """The feeds that a page declares."""
        for number, (url, title) in enumerate(page.feeds.items()):
            if _COMMENTS.search(title or "") or "/comments/feed" in url:
                self.left_out.append(f"{url}: a feed of comments")
            elif number >= MAX_FEEDS:
                self.left_out.append(f"{url}: more than {MAX_FEEDS} feeds on one page")
            elif self._is_new(url):
                got = self.fetcher.get(url, accept=FEED)
                if got.status != "ok":
                    self.left_out.append(got.error or f"{url}: {got.status}")
                    continue
                try:
                    self._keep_feed(url, got, "the page")
                except ListingError as problem:
                    self.left_out.append(str(problem))

    def robots_sitemaps(self, base: str) -> None:
        """The news sitemaps among those that robots.txt names, and in the indexes among these."""
        robots = self.fetcher.robots(base)
        declared = [url for url in robots.sitemaps if url_problem(url) is None] if robots else []
        for listed in _likeliest(Listed(url) for url in declared):
            self._news_sitemap(listed.url, "robots.txt", is_top=True)
        if more := len({url_key(url) for url in declared} - self.seen):
            self.left_out.append(f"{more:,} more sitemaps of robots.txt were not looked at")

    def _index(self, url: str, sitemap: Sitemap) -> None:
        for listed in _likeliest(sitemap.sitemaps):
            self._news_sitemap(listed.url, f"the sitemap index {url}", is_top=False)

    def _news_sitemap(self, url: str, declared: str, *, is_top: bool) -> None:
        if self.sitemaps_asked >= MAX_SITEMAPS_IN_ALL or url_problem(url) is not None or not self._is_new(url):
            return
        self.sitemaps_asked += 1
        got = self.fetcher.get(url, accept=SITEMAP)
        if got.status != "ok":
            self.left_out.append(got.error or f"{url}: {got.status}")
            return
        try:
            sitemap = parse_sitemap(got.body, got.final_url or url)
        except ListingError as problem:
            self.left_out.append(str(problem))
            return
        if sitemap.sitemaps and is_top:
            self._index(url, sitemap)
        elif is_news(got.body):
            self._keep_sitemap(url, sitemap, declared)
        elif is_top:  # an index has any number of sitemaps of its archive
            self.left_out.append(f"{url}: no news sitemap: it lists {len(sitemap.entries):,} pages of any age")

    def _keep_feed(self, url: str, got: Fetched, declared: str) -> None:
        feed = parse_feed(got.body, got.final_url or url)
        entries = len(feed.entries)
        self.finds.append(Find("feed", url, declared, entries, newest(feed.entries), feed.title, _language(feed.language)))

    def _keep_sitemap(self, url: str, sitemap: Sitemap, declared: str) -> None:
        listed = sitemap.entries or sitemap.sitemaps
        languages = {language for entry in listed if (language := _language(entry.language))}
        language = languages.pop() if len(languages) == 1 else None
        self.finds.append(Find("sitemap", url, declared, len(listed), newest(listed), language=language))

    def _is_new(self, url: str) -> bool:
        key = url_key(url)
        if key in self.seen:
            return False
        self.seen.add(key)
        return True


def is_news(body: bytes) -> bool:
    """Whether a sitemap, gzipped or not, uses Google's news namespace for what it lists."""
    if body.startswith(b"\x1f\x8b"):
        try:
            body = gunzip(body, MAX_BYTES)
        except InflateError:
            return False
    return _NEWS_NAMESPACE in body[:5_000] and b"publication_date" in body


def newest(entries: Iterable[Listed]) -> datetime | None:
    """When the latest of ``entries`` was published, or changed where that is all that is said; dates to come do not count."""
    now = datetime.now(UTC)
    dates = [then for entry in entries if (then := entry.published_at or entry.modified_at) is not None]
    return max((then for then in dates if (then - now).days < 2), default=None)


def _likeliest(sitemaps: Iterable[Listed]) -> list[Listed]:
    """At most :data:`MAX_SITEMAPS` of them: those called news first, then those that changed last."""
    oldest = datetime(1990, 1, 1, tzinfo=UTC)

    def rank(listed: Listed) -> tuple[bool, float]:
        changed = listed.modified_at or oldest
        return "news" not in urlsplit(listed.url).path.lower(), -changed.timestamp()

    return sorted(sitemaps, key=rank)[:MAX_SITEMAPS]


def _outlet(base: str, page: DeclaredPage, finds: list[Find], facts: Mapping[str, OutletFacts] | None) -> Outlet:
    domain = outlet_host(base, facts)
    titles = [find.title for find in finds if find.title]
    name = page.site_name or _name_in_title(page.title, domain, titles) or (titles[0] if titles else None) or domain or base
    name = "".join(ch if ch.isprintable() else " " for ch in name)[:100].strip() or base
    languages = [language for language in (*(find.language for find in finds), page.language) if language]
    sources = new_sources(
        name,
        [find.url for find in finds if find.kind == "feed"],
        [find.url for find in finds if find.kind == "sitemap"],
    )
    outlet = Outlet(name, domain=domain, language=languages[0] if languages else None, sources=sources)
    known = with_facts(outlet, facts or {})
    return replace(known, language=outlet.language)


def _name_in_title(title: str | None, domain: str | None, feed_titles: list[str]) -> str | None:
    """The part of a page's title that is the outlet's name: the one that its domain or its feeds' titles repeat."""
    if title is None:
        return None
    parts = [part.strip() for part in _TITLE_PARTS.split(title) if part.strip()]
    label = name_key((domain or "").split(".", 1)[0])
    for part in parts:
        if label and (name_key(part) in label or label in name_key(part)) and len(part) <= 40:
            return part
    folded = [feed_title.casefold() for feed_title in feed_titles]
    shared = [part for part in parts if len(part) <= 40 and any(part.casefold() in feed_title for feed_title in folded)]
    if shared:
        return max(shared, key=lambda part: (any(feed_title.startswith(part.casefold()) for feed_title in folded), len(part)))
    return parts[0] if len(parts) == 1 and not feed_titles else None


def _meta(root: html.HtmlElement, name: str) -> str | None:
    value = root.xpath("string(//meta[@property=$name or @name=$name][normalize-space(@content)][1]/@content)", name=name)
    return words(str(value))


def _language(value: str | None) -> str | None:
    """The language of a tag such as en-GB, without its region."""
    primary = (value or "").strip().lower().replace("_", "-").split("-", 1)[0]
    return primary if re.fullmatch(r"[a-z]{2,3}", primary) else None


def _codec(charset: str | None, body: bytes) -> str | None:
    """The encoding to parse with: as the server said; UTF-8 where nobody says and it is; else None (the parser's guess)."""
    if charset is not None:
        try:
            html.HTMLParser(encoding=charset)
        except (LookupError, ValueError):
            return None
        return charset
    if b"charset" in body[:2_000].lower():
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"
