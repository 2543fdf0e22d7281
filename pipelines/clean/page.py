"""One page while its fields are resolved: every field from the best source that the page has for it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from html import unescape
from typing import Any, Final
from urllib.parse import urlsplit

from courlan import extract_domain
from htmldate import find_date
from lxml import etree
from lxml.html import HtmlElement
from trafilatura.metadata import extract_title

from pipelines.clean.body import extract_body, links_elsewhere, select_lines
from pipelines.clean.bylines import MAX_BYLINE, clean_authors, is_owner, names_house
from pipelines.clean.dates import Stamp, is_plausible, parse_stamp
from pipelines.clean.forms import SHORT_WORDS, PageSigns
from pipelines.clean.structured import Structured, read_structured, types_of
from pipelines.clean.text import count_words, key, one_line
from pipelines.clean.trees import attribute_values, element_text, stands_aside
from pipelines.clean.urls import address_key, clean_url

_MAX_TITLE: Final = 300
#: Names of meta tags by what they say, in order of trust.
_TITLE_METAS: Final = (
    "og:title",
    "twitter:title",
    "headline",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "dcterms.title",
    "title",
)
_AUTHOR_METAS: Final = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "byl", "byline", "dc.creator",
    "dcterms.creator", "citation_author", "og:author", "og:article:author", "creator", "authors", "cxenseparse:author",
    "shareaholic:article_author_name", "articleauthor", "dcsext.author", "article.author", "vr:author", "twitter:data1",
)  # fmt: skip
_DATE_METAS: Final = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "publish-date", "publishdate", "publish_date",
    "published_time", "pubdate", "date.published", "dc.date.issued", "dcterms.created", "dc.date.created", "dc.date",
    "dcterms.date", "article:created", "originalpublicationdate", "citation_publication_date", "citation_online_date", "date",
    "rnews:datepublished", "article.published", "pdate",
)  # fmt: skip
_MODIFIED_METAS: Final = (
    "article:modified_time", "og:updated_time", "article:modified", "datemodified", "last-modified", "lastmod",
    "dcterms.modified", "dc.date.modified", "revised",
)  # fmt: skip
_SITE_METAS: Final = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "dc.publisher",
    "publisher",
    "article:publisher",
    "twitter:site",
)
_SEPARATORS: Final = re.compile(r"\s+(?:[|·•»«:–—‹›⋆~/\\]|--?|::|\|\|)\s+|\s*[|]\s*|(?<=\w):\s+(?=\S{1,40}$)")
_MASTHEAD: Final = re.compile(
    r"(?i)(?:^|[\W_])(?:logo|site-?(?:title|name|header|branding)|masthead|brand|navbar|menu|sr-only|visually-?hidden|"
    r"screen-reader)(?:$|[\W_])"
)
#: A heading in the trail of links above an article repeats the title made for search engines, not the headline.
_CRUMB: Final = re.compile(r"(?i)bread-?(?:crumb|bar)|(?:^|[\W_])(?:seo|alt)-?_?title(?:$|[\W_])")
#: Levels above a heading that are looked at for such a trail.
_CRUMB_LEVELS: Final = 4
#: Links to an author's page.
_AUTHOR_LINK: Final = re.compile(
    r"(?i)/(?:authors?|autor(?:es|in|en)?|auteurs?|by|staff|profiles?|people|contributors?|producers|editors|journalists?|"
    r"columnists?|redaktion|newsteam|team|u)/([^/?#]{3,})"
)
_BY_LINE: Final = re.compile(r"(?i)^(?:by|von|par|por|di|written by|text:|words by|story by)[ :]\s*\S.{2,100}$")


_DATED: Final = etree.XPath(
    "//time | //*[contains(@class, 'date') or contains(@class, 'publish') or contains(@class, 'time') or "
    "contains(@class, 'posted') or contains(@id, 'date')]"
)
_TITLE_DATE: Final = re.compile(r"(?<!\d)\d{1,2}[./]\d{1,2}[./]20\d\d(?!\d)")
#: Languages written west of Greenwich, where the day begins later than in UTC.
_WESTERN: Final = frozenset({"en", "es", "pt", "fr", None})
_URL_DATE: Final = re.compile(r"(?<![\d])(20[012]\d)([/_-]?)(0?[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_SHORT_DATE: Final = re.compile(
    r"(?i)(?:\d{1,2}(?:st|nd|rd|th)?[., ]{1,2}(?:de )?[^\W\d]{3,12}[., ]{1,2}(?:de )?20[012]\d|"
    r"[^\W\d]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? 20[012]\d|"
    r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-]20[012]\d|20[012]\d-\d\d-\d\d)(?!\d)"
)
_SCRIPT_DATE: Final = re.compile(
    r"(?i)[\"'_.](?:date_?publish(?:ed)?|publi(?:sh|cation|shed)_?(?:date|time|at)|first_?publi(?:shed|cation)_?(?:date|at)|"
    r"date_?published)"
    r"[\"']?\s{0,3}[:=]\s{0,3}[\"'](20[012]\d-?\d\d-?\d\d)"
)
#: Hours behind UTC of American countries with one time zone (of Canada, the largest), by the address's country.
_HOURS_BEHIND: Final = {
    "AR": 3, "BO": 4, "BR": 3, "CA": 5, "CL": 4, "CO": 5, "CR": 6, "CU": 5, "DO": 4, "EC": 5, "GT": 6, "HN": 6, "MX": 6,
    "NI": 6, "PA": 5, "PE": 5, "PR": 4, "PY": 4, "SV": 6, "UY": 3, "VE": 4,
}  # fmt: skip
_CJK_DATE: Final = re.compile(r"(20\d\d)\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
#: What may hold a byline that nothing marks, and the words that it begins with.
_BYLINE_TAGS: Final = ("p", "div", "span", "li", "address", "em", "strong", "i", "b", "h2", "h3", "h4", "h5")
_BYLINE_START: Final = re.compile(r"(?i)\s*(?:by|von|par|por|written by|text:)")
#: Attribute -> what its value says where the element may hold the byline.
_AUTHOR_MARKS: Final = {
    "class": re.compile(
        r"[Aa]uthor|[Bb]yline|vcard|writer|[Aa]utor|posted-by|submitted-by|journalist|screenname|channel-name|zuozhe|bianji|"
        r"^(?:byl|username|BBL)$"
    ),
    "rel": re.compile(r"^(?:author|me)$"),
    "itemprop": re.compile(r"author"),
    "id": re.compile(r"[Aa]uthor|zuozhe|bianji"),
    "data-testid": re.compile(r"author|Author"),
    "data-component": re.compile(r"Byline"),
}


@lru_cache(maxsize=20_000)
def _marks_author(attribute: str, value: str) -> bool:
    return _AUTHOR_MARKS[attribute].search(value) is not None


_NAMED_AUTHOR: Final = re.compile(r"author-?name|AuthorName|authorName|byline-?name|BylineName|^author$")


def _author_rank(element: HtmlElement) -> int | None:
    """How surely an element that has a mark of an author holds the byline: 0 most, None not at all."""
    if element.tag in ("body", "html", "main", "article", "script", "style", "meta", "link", "img", "figure"):
        return None
    names = element.get("class") or ""
    if (
        element.get("rel") == "author"
        or element.get("itemprop") in ("author", "author name")
        or " vcard " in f" {names} "
        or element.get("data-testid") == "author-name"
    ):
        return 0
    if element.get("id") == "author" or element.get("rel") == "me" or _NAMED_AUTHOR.search(names):
        return 1
    if names in ("byline", "username", "byl", "BBL") or "author" in f"{names} {element.get('id')} {element.get('itemprop')}":
        return 2
    return 3


class Page:
    """One page while its fields are resolved."""

    def __init__(self, tree: HtmlElement, url: str | None, fetched_at: datetime | None) -> None:
        self.tree = tree
        self.url = clean_url(url)
        self.fetched_at = fetched_at
        self.metas = _metas(tree)
        self.h1s, self._has_crumb = _h1s(tree)
        title = tree.find(".//title")
        self.title_element = one_line(element_text(title, 2 * _MAX_TITLE)) if title is not None else ""
        self._canonical = self._find_canonical()
        self._raw = ""
        self._known_links: set[str] | None = None
        self._known_values: dict[str, list[Any]] = {}
        headlines = {
            key(text) for text in (*self.h1s, self.meta("og:title"), self.meta("twitter:title"), self.title_element) if text
        }
        addresses = {address_key(a) for a in (self.url, self._canonical, clean_url(self.meta("og:url"), self.url)) if a}
        self.structured: Structured = read_structured(tree, addresses=addresses - {""}, headlines=headlines - {""})

    def meta(self, *names: str) -> str:
        """The first non-empty content among the named meta tags."""
        return next((content for name in names for content in self.metas.get(name, ()) if content), "")

    def _links(self) -> set[str]:
        """The page's :func:`links_elsewhere`, looked for once."""
        if self._known_links is None:
            self._known_links = links_elsewhere(self.tree)
        return self._known_links

    def _values(self, attribute: str) -> list[Any]:
        """The page's :func:`attribute_values`, looked for once each."""
        if attribute not in self._known_values:
            self._known_values[attribute] = attribute_values(self.tree, attribute)
        return self._known_values[attribute]

    # -- body ---------------------------------------------------------------------------------------------------------

    def body(self, title: str, authors: Sequence[str]) -> str:
        """The article's text without what leads elsewhere; one blank line between paragraphs."""
        article = self.structured.article
        text = self._raw = extract_body(self.tree, self.url, article.get("articleBody"))
        declared = [str(article[name]) for name in ("headline", "alternativeHeadline") if isinstance(article.get(name), str)]
        titles = [title, self.meta("og:title"), self.meta("twitter:title"), *self.h1s, *declared]
        return "\n\n".join(select_lines(text, self._links(), titles=titles, authors=authors))

    def signs(self, title: str, body: str, *, has_date: bool) -> PageSigns:
        """What tells the page's form and whether it holds an article."""
        free = self.structured.article.get("isAccessibleForFree")
        stated = {True: True, False: False, "true": True, "false": False}.get(free.lower() if isinstance(free, str) else free)
        words = count_words(body)
        is_short = words < SHORT_WORDS
        return PageSigns(
            title=title,
            # With the invitations that the body has lost.
            body=one_line(self._raw) if is_short else "",
            words=words,
            url=self.url or self._canonical or "",
            page_title=self.title_element,
            article_types=types_of(self.structured.article),
            node_types={name for node in self.structured.nodes for name in types_of(node)},
            og_type=self.meta("og:type").lower(),
            is_free=stated,
            classes=[str(value) for value in self._values("class") if "live" in value or "Live" in value],
            teasers=len(self._links()) if not has_date else 0,
            has_password=is_short and any(i.get("type") == "password" for i in itertools.islice(self.tree.iter("input"), 200)),
            has_date=has_date,
        )

    # -- title --------------------------------------------------------------------------------------------------------

    def title(self) -> str:
        """The headline without the site's name."""
        article = self.structured.article
        declared = [str(article[name]) for name in ("headline", "name") if isinstance(article.get(name), str)]
        declared += [content for name in _TITLE_METAS for content in self.metas.get(name, ())[:1]]
        declared.append(self.title_element)
        suffixes = self._house_names()
        declared = [t for t in (self._bare_title(text, suffixes) for text in declared) if t]
        visible = [t for t in (self._bare_title(text, suffixes) for text in self.h1s) if t and key(t) not in suffixes]
        visible = [t for t in visible if not names_house(t, suffixes) and not self._is_last_of_title(t)]
        stated = self._bare_title(str(article.get("headline") or ""), suffixes)
        other = article.get("alternativeHeadline")
        shown = self._headline_below_crumb(suffixes) if self._has_crumb else ""
        if shown:
            return shown
        known = (stated, str(other))
        if stated and other and visible and all(_agreement(seen, said) < 1 for seen in visible for said in known):
            # A page that tells its headline from others knows which one it is.
            return stated
        agreed = [(_agreement(seen, said), -at) for at, seen in enumerate(visible) for said in declared]
        if agreed and max(agreed)[0] >= 0.3:
            return visible[-max(agreed)[1]]
        if len(visible) == 1 and len(visible[0]) > 15 and len(self.h1s) == 1:
            return visible[0]
        if declared:
            return declared[0]
        if visible:
            return visible[0]
        return self._bare_title(extract_title(self.tree) or "", suffixes)

    def _headline_below_crumb(self, suffixes: set[str]) -> str:
        """The shared headline that a second-level heading shows, of a page whose h1 is in the trail of links; else empty."""
        texts = (one_line(element_text(h, 2 * _MAX_TITLE)) for h in itertools.islice(self.tree.iter("h2"), 20))
        headings = [key(text) for text in texts if len(text) <= _MAX_TITLE]
        for text in (self.meta("og:title"), self.meta("twitter:title")):
            title = self._bare_title(text, suffixes)
            wanted = key(title)
            # A heading may begin with a kicker.
            if len(wanted) > 15 and any(wanted in heading for heading in headings):
                return title
        return ""

    def _is_last_of_title(self, heading: str) -> bool:
        """Whether ``heading`` is what the page's title ends with after a longer part: the site's name, not the headline."""
        shared = self.meta("og:title")
        match = re.match(r"(.+?)(?:\s[|–—•·»-]\s|[_|｜])", self.title_element)
        return bool(
            match
            and key(self.title_element) != key(heading)
            and key(self.title_element).endswith(key(heading))
            and (_agreement(heading, shared) < 0.5 if shared else len(match[1]) > len(heading))
        )

    def _house_names(self) -> set[str]:
        """Keys of the names that the site goes by."""
        names = [self.meta(name) for name in _SITE_METAS] + self.structured.publishers()
        names = [name for name in names if name and not name.startswith("http")]
        host = urlsplit(self.url or self._canonical or "").hostname or ""
        label = extract_domain(f"https://{host}", fast=True) if host else None
        keys = {key(name.lstrip("@")) for name in names}
        if label:
            keys |= {key(label), key(label.rsplit(".", 1)[0].split(".")[0]), key(host.removeprefix("www."))}
        headings = {key(heading) for heading in self.h1s}
        return {k for k in keys if (1 < len(k) <= 50 and k not in headings) or k in {key(label or ""), key(host)}} - {""}

    @staticmethod
    def _bare_title(text: str, houses: set[str]) -> str:
        """``text`` without the parts at its ends that name the site."""
        text = one_line(re.sub(r"<[^<>]{1,200}>", "", unescape(text[: 4 * _MAX_TITLE])))
        for _ in range(3):
            parts = list(_SEPARATORS.finditer(text))
            if not parts:
                break
            head, tail = text[: parts[0].start()], text[parts[-1].end() :]
            if names_house(tail, houses) and text[: parts[-1].start()].strip():
                text = text[: parts[-1].start()].rstrip()
            elif names_house(head, houses) and text[parts[0].end() :].strip() and parts[0][0].strip() != ":":
                text = text[parts[0].end() :].lstrip()
            else:
                break
        return text[:_MAX_TITLE]

    # -- authors ------------------------------------------------------------------------------------------------------

    def authors(self) -> tuple[str | None, list[str]]:
        """The byline as it stands, and the names in it."""
        publishers = [*self.structured.publishers(), *(self.meta(name) for name in _SITE_METAS)]
        houses = self._house_names()
        publishers += list(houses)
        author = self.structured.article.get("author")
        declared = self.structured.names(author)
        if self.structured.is_organization(author):
            # A desk or agency that stands for all its pages: whoever a byline names is surer.
            houses = houses | {key(name) for name in clean_authors(declared, publishers)}
        sources: list[list[str]] = [declared] if declared else []
        for name in _AUTHOR_METAS:
            contents = [content for content in self.metas.get(name, ()) if not content.lower().startswith(("http", "/", "@"))]
            if contents:
                sources.append(contents)

        def is_house(name: str) -> bool:
            return is_owner(name) or names_house(name, houses)

        # A person's name first, then any other name that is not the site's own, then the site's.
        found = [(source, clean_authors(source, publishers)) for source in sources]
        others = [(source, names) for source, names in found if not all(map(is_house, names))]
        others.sort(key=lambda pair: not any(_looks_personal(name) and not is_house(name) for name in pair[1]))
        for source, names in others:
            return self._visible_byline(names) or ", ".join(source)[:MAX_BYLINE], names
        house = next(((", ".join(source)[:MAX_BYLINE], names) for source, names in found if names), None)
        for byline, is_marked in self._visible_bylines():
            names = clean_authors([byline], publishers)
            people = [name for name in names if not is_house(name) and (is_marked or _looks_personal(name))]
            if people:
                return byline, people
            if is_marked and names and house is None:
                house = byline, names
        return house or (None, [])

    def _marked_bylines(self) -> list[tuple[str, bool]]:
        """Texts of what the page marks as author or byline, surest first, and whether any name in it will do."""
        marked = {
            value.getparent(): None
            for attribute in _AUTHOR_MARKS
            for value in itertools.islice((v for v in self._values(attribute) if _marks_author(attribute, str(v))), 60)
        }
        ranked = [
            (rank, element.sourceline or 0, element)
            for element in marked
            if (rank := _author_rank(element)) is not None and not stands_aside(element)
        ]
        found: dict[str, bool] = {}
        for rank, _, element in sorted(ranked, key=lambda mark: mark[:2]):
            text = one_line(element_text(element, 400) or element.get("content") or "")
            if 1 < len(text) < 140:
                found.setdefault(text, rank == 0)
        return list(found.items())

    def _visible_bylines(self) -> Iterator[tuple[str, bool]]:
        """Texts that may be the byline, surest first, and whether the page marks them as the author (any name will do)."""
        seen: set[str] = set()
        for text, is_marked in self._marked_bylines():
            seen.add(text)
            yield text, is_marked
        for link in itertools.islice(self.tree.iter("a"), 400):
            match = _AUTHOR_LINK.search(link.get("href") or "")
            if match and not stands_aside(link):
                text = one_line(element_text(link, 200))
                if 4 < len(text) < 60 and text not in seen:
                    seen.add(text)
                    # Where the address spells the name, it need not have the shape of one.
                    yield text, key(text) == key(match[1])
        for element in self.tree.iter(*_BYLINE_TAGS):
            start = element.text or (element[0].text if len(element) else "") or ""
            if _BYLINE_START.match(start):
                text = one_line(element_text(element, 160))
                if len(text) < 120 and _BY_LINE.match(text) and not stands_aside(element):
                    yield text, False

    def _visible_byline(self, names: list[str]) -> str | None:
        """The marked byline that holds the declared names."""
        wanted = [key(name) for name in names]
        return next((text for text, _ in self._marked_bylines() if all(k in key(text) for k in wanted)), None)

    # -- dates --------------------------------------------------------------------------------------------------------

    def published(self) -> tuple[date | None, datetime | None, str]:
        """Day on the publisher's calendar, moment in UTC (midnight of the day where no more is known), precision."""
        stamps = [s for s in (self._stamp(text) for text in self._published_texts()) if s is not None]
        if not stamps:
            day = self._day_without_stamp()
            return (day, _midnight(day), "day") if day is not None else (None, None, "unknown")
        stamp = stamps[0]
        # Published anew: the page shows the later day. A later day without a time is the day in print.
        anew = self._stamp(self.meta("article:published_time") or self.meta("dc.date"))
        if anew is not None and anew.wall is not None and anew.day > stamp.day and anew.moment != stamp.moment:
            stamp = anew
        if stamp.moment is not None:
            return self._local_day(stamp, stamps), stamp.moment, stamp.precision
        exact = next((s for s in stamps if s.moment and abs(s.day - stamp.day) <= timedelta(days=1)), None)
        if exact is not None:
            return stamp.day, exact.moment, exact.precision
        return stamp.day, _midnight(stamp.day), stamp.precision

    def _local_day(self, stamp: Stamp, stamps: Sequence[Stamp]) -> date:
        """The publisher's day of a stamp; one in UTC hides it, then what the page shows, its address or another stamp decides."""
        moment, wall = stamp.moment, stamp.wall
        if moment is None or wall is None or moment.replace(tzinfo=None) != wall:
            return stamp.day
        # West of Greenwich the day begins later, east of it earlier: only that can be told from a time zone.
        before = stamp.day - timedelta(days=1) if wall.hour < 12 and self.declared_language() in _WESTERN else None
        after = stamp.day + timedelta(days=1) if wall.hour >= 11 else None
        below = next(filter(None, map(self._stamp, itertools.islice(self._dates_below_headline(), 3))), None)
        if below is not None and below.day in (stamp.day, after, stamp.day - timedelta(days=1) if wall.hour < 12 else None):
            # What readers see below the headline is on the publisher's calendar.
            return below.day
        addressed = self._addressed_day()
        if addressed is not None and addressed in (before, after):
            return addressed
        for other in stamps:
            # The same minute on another clock: a whole number of quarter hours away.
            if other.wall is not None and other.day in (before, after) and (other.moment is None or other.moment == moment):
                apart = abs(other.wall.replace(second=0) - wall.replace(second=0))
                if apart <= timedelta(hours=14) and apart.seconds % 900 == 0:
                    return other.day
        if (hours := _HOURS_BEHIND.get(self._host_country())) and (wall - timedelta(hours=hours)).date() == before:
            return before
        if (before is not None and wall.hour < 8) or after is not None:
            found = self._found_day()
            if found is not None and found in (before, after):
                return found
        return stamp.day

    def _addressed_day(self) -> date | None:
        """The day in the page's address (``/2020/03/04/``, ``-20200304``)."""
        for url in (self.url, self._canonical):
            match = _URL_DATE.search(url or "")
            if match:
                try:
                    day = date(int(match[1]), int(match[3]), int(match[4]))
                except ValueError:
                    continue
                if is_plausible(day, self.fetched_at):
                    return day
        return None

    def _day_without_stamp(self) -> date | None:
        """The day of a page that declares none: in its title, its address, below its headline, in its scripts, anywhere."""
        titled = _TITLE_DATE.search(self.title_element)
        named = self._stamp(titled[0]) if titled else None
        if named is not None:
            return named.day
        addressed = self._addressed_day()
        if addressed is not None:
            return addressed
        for text in itertools.chain(self._dates_below_headline(), self._dates_in_scripts()):
            stamp = self._stamp(text)
            if stamp is not None:
                return stamp.day
        # What is marked as a date, then what readers see, then any text: dates in words are read in two hundred languages,
        # which takes longer than all else on such a page, and is right less often than what is seen.
        marked = self._found_day(extensive=False)
        if marked is not None and not _is_new_year(marked):
            return marked
        seen = next((s.day for s in map(self._stamp, self._visible_dates()) if s is not None), None)
        if seen is not None:
            return seen
        found = self._found_day()
        return None if found is None or _is_new_year(found) else found

    def _dates_below_headline(self) -> Iterator[str]:
        """Short texts with a year right below the headline."""
        heading = next((h for h in self.tree.iter("h1") if key(element_text(h, 400)) in {key(t) for t in self.h1s[:1]}), None)
        if heading is None:
            return
        seen = 0
        level: HtmlElement | None = heading
        for _ in range(3):
            if level is None:
                return
            for node in itertools.islice(level.itersiblings(), 6):
                for text in itertools.islice(node.itertext(), 40) if isinstance(node.tag, str) else ():
                    text = one_line(text)
                    if len(text) > 200:
                        return
                    seen += bool(text)
                    if seen > 12:
                        return
                    if 8 <= len(text) <= 60 and (match := _SHORT_DATE.search(text)):
                        yield match[0]
            level = level.getparent()

    def _dates_in_scripts(self) -> Iterator[str]:
        """Dates of publication that scripts hand to analytics."""
        for script in itertools.islice(self.tree.iter("script"), 200):
            match = _SCRIPT_DATE.search(script.text or "", 0, 200_000)
            if match:
                yield match[1]

    def modified(self) -> datetime | None:
        """When the page says it was last changed."""
        texts = [self.structured.article.get("dateModified"), self.meta(*_MODIFIED_METAS)]
        for text in texts:
            stamp = self._stamp(text) if isinstance(text, str) else None
            if stamp is not None:
                return stamp.moment or (stamp.wall.replace(tzinfo=UTC) if stamp.wall else _midnight(stamp.day))
        return None

    def _published_texts(self) -> Iterator[str]:
        for name in ("datePublished", "dateCreated", "uploadDate"):
            value = self.structured.article.get(name)
            if isinstance(value, str):
                yield value
        for name in _DATE_METAS:
            yield from self.metas.get(name, ())[:1]
        marked = [value.getparent() for value in self._values("itemprop") if value == "datePublished"][:5]
        marked += [v.getparent() for v in self._values("property") if "dc:created" in v or "datePublished" in v][:5]
        for element in itertools.islice(self.tree.iter("time"), 40):
            if element.get("pubdate") is not None or " published " in f" {element.get('class') or ''} ":
                marked.append(element)
        for element in marked:
            yield element.get("datetime") or element.get("content") or one_line(element_text(element, 100))

    def _visible_dates(self) -> Iterator[str]:
        """Texts that may be the date of publication as readers see it."""
        for element in _DATED(self.tree)[:60]:
            text = one_line(element_text(element, 100))
            if 6 <= len(text) <= 60 and not stands_aside(element):
                yield element.get("datetime") or text
        match = _CJK_DATE.search(one_line(element_text(self.tree, 20_000)))
        if match:
            yield f"{match[1]}-{match[2]}-{match[3]}"

    def _stamp(self, text: str) -> Stamp | None:
        stamp = parse_stamp(text, day_first=self._day_first())
        return stamp if stamp is not None and is_plausible(stamp.day, self.fetched_at) else None

    def _day_first(self) -> bool:
        """Whether 05/06/2022 is the 5th of June here: everywhere but on pages in American English."""
        if self.declared_language() not in (None, "en"):
            return True
        region = self._region()
        return bool(region) and region not in ("US", "CA", "PH")

    def _region(self) -> str:
        """Country code of the page: of its language tag (en-GB), else of its address (.uk); empty where neither says."""
        match = re.search(r"^[A-Za-z]{2,3}[-_]([A-Za-z]{2})$", (self.tree.get("lang") or self.meta("og:locale")).strip())
        if match:
            return match[1].upper()
        return self._host_country()

    def _host_country(self) -> str:
        """Country code of the page's address (.uk); empty where it has none."""
        host = urlsplit(self.url or self._canonical or "").hostname or ""
        label = host.rsplit(".", 1)[-1].upper()
        # Sold as brands rather than as countries.
        brands = {"TV", "IO", "CO", "ME", "AI", "FM", "EU"}
        return {"UK": "GB"}.get(label, label) if len(label) == 2 and label not in brands else ""

    def _found_day(self, *, extensive: bool = True) -> date | None:
        latest = (self.fetched_at or datetime.now(UTC)) + timedelta(days=1)
        try:
            found = find_date(
                self.tree, original_date=True, extensive_search=extensive, url=self.url, max_date=latest.strftime("%Y-%m-%d")
            )
            day = date.fromisoformat(found) if found else None
        except Exception:  # htmldate raises what its parsers raise; a page without a date is still an article
            return None
        return day if day is not None and is_plausible(day, self.fetched_at) else None

    # -- the rest -----------------------------------------------------------------------------------------------------

    def _find_canonical(self) -> str | None:
        links = (link.get("href") for link in self.tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
        for candidate in (*itertools.islice(links, 5), self.meta("og:url")):
            url = clean_url(candidate, self.url)
            # Some sites declare their home page on every page.
            if url and urlsplit(url).path.strip("/") + urlsplit(url).query:
                return url
        return None

    def canonical_url(self) -> str | None:
        """The address that the page gives for itself."""
        return self._canonical

    def site_name(self) -> str | None:
        """The site's name as the page declares it."""
        names = [self.meta("og:site_name"), *self.structured.names(self.structured.article.get("publisher"))]
        names += [*self.structured.publishers(), self.meta("application-name", "dc.publisher", "publisher")]
        names.append(self.meta("twitter:site").lstrip("@"))
        return next((one_line(name)[:120] for name in names if name and not name.startswith("http") and one_line(name)), None)

    def declared_language(self) -> str | None:
        """The two-letter language of the html element or of og:locale."""
        root = self.tree if self.tree.tag == "html" else self.tree.find(".//html")
        for value in ((root.get("lang") if root is not None else None), self.meta("og:locale", "content-language", "language")):
            match = re.match(r"\s*([A-Za-z]{2})(?:$|[-_\s,;])", value or "")
            if match:
                return match[1].lower()
        return None


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    """Contents of the meta tags by lower-case name, property or itemprop, in order of appearance."""
    found: dict[str, list[str]] = {}
    for element in itertools.islice(tree.iter("meta"), 600):
        # Some pages write value for content.
        content = one_line(unescape((element.get("content") or element.get("value") or "")[:2000]))
        if not content:
            continue
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name:
                found.setdefault(name, []).append(content)
    return found


def _h1s(tree: HtmlElement) -> tuple[list[str], bool]:
    """Texts of the page's first-level headings, without those of the masthead, and whether one is in the trail of links."""
    found: list[str] = []
    has_crumb = False
    for element in itertools.islice(tree.iter("h1"), 12):
        if _MASTHEAD.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            continue
        text = one_line(element_text(element))
        if 1 < len(text) <= _MAX_TITLE and text not in found:
            found.append(text)
            has_crumb = has_crumb or _is_crumb(element)
    return found, has_crumb


def _is_crumb(heading: HtmlElement) -> bool:
    """Whether a heading stands in the trail of links above an article, or says that it is the title for search engines."""
    node: HtmlElement | None = heading
    for _ in range(_CRUMB_LEVELS + 1):
        if node is None or node.tag in ("article", "main", "body"):
            return False
        if node.tag == "nav" or _CRUMB.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
            return True
        node = node.getparent()
    return False


def _looks_personal(name: str) -> bool:
    """Whether ``name`` has the shape of a person's: two to five words, the first and last capitalised; or CJK."""
    words = name.split()
    if len(words) == 1:
        return bool(re.fullmatch(r"[\u3040-\u30ff\u3400-\u9fff]{2,8}", name))
    return len(words) <= 5 and words[0][:1].isupper() and words[-1][:1].isupper()


def _agreement(seen: str, said: str) -> float:
    """How far a visible and a declared headline are the same, 0 to 1."""
    a, b = key(seen), key(said)
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    if a in b or b in a:
        return 0.6 + 0.4 * min(len(a), len(b)) / max(len(a), len(b))
    words_a, words_b = set(re.findall(r"\w+", seen.lower())), set(re.findall(r"\w+", said.lower()))
    return len(words_a & words_b) / max(len(words_a), len(words_b), 1)


def _is_new_year(day: date) -> bool:
    """Whether ``day`` is the 1st of January, which is how htmldate says that it found no more than a year."""
    return (day.month, day.day) == (1, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
