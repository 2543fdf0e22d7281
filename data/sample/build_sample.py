"""Render the sample that ships with the project from ``source/``: its web pages, its digest page and its gold.

``python data/sample/build_sample.py`` checks the source (see source/FORMAT.md), then writes ``pages/`` and ``gold/`` and removes
what the source no longer makes. ``--check`` writes nothing and fails where the committed files differ. The same source gives the
same bytes on every machine: the sample is compared byte by byte in tests/unit/sample.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HOME: Final = Path(__file__).resolve().parent
RELATIONS: Final = ("contradiction", "update", "corroboration", "compatible")
KINDS: Final = ("number", "date", "place", "actor", "denial", "negation", "semantic")
LEVELS: Final = ("outlet", "source")
LAYOUTS: Final = ("a", "b", "c")
WORDS: Final = (180, 380)
#: Clocks in the Republic of Varda.
VARDA: Final = timezone(timedelta(hours=1))

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAY: Final = "|".join(_WEEKDAYS)
_MONTH: Final = "|".join(_MONTHS)
_WEEKDAY_WITH_DATE: Final = re.compile(
    rf"\b({_WEEKDAY}),? (?:the )?(?:({_MONTH}) (\d{{1,2}})|(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({_MONTH}))(?:,? (\d{{4}}))?\b"
)

#: What fills the lists of links beside an article, where the outlet has no other article yet.
_EVERGREENS: Final = (
    ("Snow line to fall to 300 metres on the Alma coast", "weather/snow-line"),
    ("Crossword 14,212", "puzzles/crossword-14212"),
    ("The best dumplings in Castell, ranked by people who should know", "food/dumplings"),
    ("League table: who is going down, and who only thinks so", "sport/league-table"),
    ("Ask the notary: may my neighbour cut my walnut tree?", "advice/walnut-tree"),
    ("Opening hours on the spring holiday", "service/spring-holiday"),
    ("Obituary: the last lamplighter of Brenn", "obituaries/lamplighter"),
    ("In pictures: the ice breaks on Lake Orlo", "pictures/lake-orlo"),
)
_TICKERS: Final = (
    "traffic on the coast road",
    "parliament, question time",
    "weather for the weekend",
    "the markets this morning",
)

Record = TypeVar("Record")


class SourceError(ValueError):
    """The source breaks its format; the message lists every problem with its file and article."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet of ``outlets.yaml``."""

    outlet_id: str
    name: str
    domain: str
    country: str | None
    publisher_family: str | None
    is_wire_agency: bool
    layout: str
    has_json_ld: bool
    tagline: str


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article; ``event`` is its story's slug."""

    id: str
    outlet: str
    url: str
    title: str
    authors: list[str]
    published_at: datetime
    section: str
    paragraphs: list[str]
    byline: str | None = None
    modified_at: datetime | None = None
    copy_of: str | None = None
    version_of: str | None = None
    in_digest: bool = False
    digest_credit: str | None = None
    event: str = ""

    @property
    def page_name(self) -> str:
        """The last part of the address, which names the page's file."""
        return urlsplit(self.url).path.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html")

    @property
    def lines(self) -> list[str]:
        """Title and paragraphs."""
        return [self.title, *self.paragraphs]

    @property
    def text(self) -> str:
        """The text as gold has it: title and paragraphs, a line each."""
        return "\n".join(self.lines)

    @property
    def word_count(self) -> int:
        """Words of the paragraphs."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a gold pair: words of an article, verbatim."""

    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold pair of claims; ``kind`` and ``level`` stand for a contradiction alone."""

    relation: str
    slot: str
    why: str
    a: Side
    b: Side
    kind: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """A blog page that pastes articles one after the other."""

    date: date
    slug: str
    title: str
    articles: list[str]


@dataclass(frozen=True, slots=True)
class Story:
    """A story's file: its articles and its gold."""

    file: str
    story: str
    articles: list[Article]
    pairs: list[Pair]
    digest: Digest | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The whole source."""

    outlets: dict[str, Outlet]
    stories: list[Story]

    @property
    def articles(self) -> dict[str, Article]:
        """Every version of every article by id, in the order of the files."""
        return {article.id: article for story in self.stories for article in story.articles}

    @property
    def pairs(self) -> list[tuple[Story, Pair]]:
        """Every gold pair with its story."""
        return [(story, pair) for story in self.stories for pair in story.pairs]


@dataclass(slots=True)
class _Reader:
    """Builds records from parsed YAML and collects what is wrong with it."""

    problems: list[str] = field(default_factory=list)

    def record(self, kind: type[Record], where: str, given: object, **fixed: Any) -> Record | None:
        if not isinstance(given, dict):
            self.problems.append(f"{where}: a mapping is expected here, not {type(given).__name__}")
            return None
        known = {item.name for item in fields(kind)}  # type: ignore[arg-type]
        unknown = sorted(map(str, set(given) - known))
        if unknown:
            hint = " (put the quote in double quotes)" if kind is Side else ""
            self.problems.append(f"{where}: unknown field {', '.join(unknown)}{hint}")
            return None
        try:
            return kind(**given, **fixed)
        except TypeError as problem:
            self.problems.append(f"{where}: {str(problem).partition('__init__() ')[2] or problem}")
            return None

    def articles(self, file: str, event: str, given: object) -> Iterator[Article]:
        for number, raw in enumerate(given if isinstance(given, list) else [], start=1):
            where = f"{file}, article {raw.get('id', number) if isinstance(raw, dict) else number}"
            article = self.record(Article, where, raw, event=event)
            if article is not None:
                yield article

    def pairs(self, file: str, given: object) -> Iterator[Pair]:
        for number, raw in enumerate(given if isinstance(given, list) else [], start=1):
            where = f"{file}, pair {number}"
            if not isinstance(raw, dict):
                self.problems.append(f"{where}: a mapping is expected here")
                continue
            sides = {side: self.record(Side, f"{where}, side {side}", raw.get(side)) for side in ("a", "b")}
            pair = self.record(Pair, where, {**raw, **sides})
            if pair is not None and None not in sides.values():
                yield pair


def load_source(folder: Path = HOME / "source") -> Source:
    """The source in ``folder``, checked.

    Raises:
        SourceError: something breaks the format; every problem is listed.
    """
    reader = _Reader()
    listed = yaml.safe_load((folder / "outlets.yaml").read_text("utf-8"))["outlets"]
    outlets = [reader.record(Outlet, f"outlets.yaml, outlet {number}", raw) for number, raw in enumerate(listed, start=1)]
    stories: list[Story] = []
    for path in sorted(folder.glob("[0-9][0-9]-*.yaml")):
        try:
            raw = yaml.safe_load(path.read_text("utf-8"))
        except yaml.YAMLError as problem:
            reader.problems.append(f"{path.name}: no YAML: {' '.join(str(problem).split())}")
            continue
        if not isinstance(raw, dict) or not raw.get("articles"):
            reader.problems.append(f"{path.name}: holds no articles")
            continue
        unknown = sorted(set(raw) - {"story", "digest", "articles", "pairs"})
        if unknown:
            reader.problems.append(f"{path.name}: unknown field {', '.join(unknown)}")
        event = str(raw.get("story", ""))
        digest = reader.record(Digest, f"{path.name}, digest", raw["digest"]) if raw.get("digest") else None
        articles = list(reader.articles(path.name, event, raw["articles"]))
        stories.append(Story(path.name, event, articles, list(reader.pairs(path.name, raw.get("pairs"))), digest))
    source = Source({outlet.outlet_id: outlet for outlet in outlets if outlet is not None}, stories)
    problems = reader.problems or list(check(source))
    if problems:
        raise SourceError("\n".join(problems))
    return source


def check(source: Source) -> Iterator[str]:
    """What is wrong with the source, one message a problem, each with its file and article."""
    for outlet in source.outlets.values():
        if outlet.layout not in LAYOUTS:
            yield f"outlets.yaml, {outlet.outlet_id}: layout {outlet.layout!r} is none of {', '.join(LAYOUTS)}"
        if not outlet.domain.endswith(".example"):
            yield f"outlets.yaml, {outlet.outlet_id}: {outlet.domain} does not end with .example"
    counts = Counter(article.id for story in source.stories for article in story.articles)
    yield from (f"article id {name} is used {count} times" for name, count in counts.items() if count > 1)
    pages = Counter(path for path, _ in _page_paths(source))
    yield from (
        f"{path} is the page of {count} articles: their addresses end alike" for path, count in pages.items() if count > 1
    )
    for story in source.stories:
        number, _, slug = story.file.removesuffix(".yaml").partition("-")
        if slug != story.story:
            yield f"{story.file}: its story is {story.story!r}, its name says {slug!r}"
        for article in story.articles:
            for problem in _check_article(source, story, article, number):
                yield f"{story.file}, article {article.id}: {problem}"
        yield from _check_digest(story)
        for position, pair in enumerate(story.pairs, start=1):
            for problem in _check_pair(source, story, pair):
                yield f"{story.file}, pair {position} ({pair.slot}): {problem}"


def _check_article(source: Source, story: Story, article: Article, number: str) -> Iterator[str]:
    outlet = source.outlets.get(article.outlet)
    if outlet is None:
        yield f"outlet {article.outlet!r} is not in outlets.yaml"
        return
    if not article.id.startswith(f"{number}-{article.outlet}"):
        yield f"its id does not start with {number}-{article.outlet}"
    if not article.url.startswith(f"https://www.{outlet.domain}/") or not article.page_name:
        yield f"its url is no page of https://www.{outlet.domain}/"
    for line in article.lines:
        if line != " ".join(line.split()) or not line:
            yield f"a title or paragraph is empty or has line breaks or double spaces: {line[:60]!r}"
    if not WORDS[0] <= article.word_count <= WORDS[1]:
        yield f"{article.word_count} words, not {WORDS[0]} to {WORDS[1]}"
    for name, moment in (("published_at", article.published_at), ("modified_at", article.modified_at)):
        if moment is not None and (not isinstance(moment, datetime) or moment.utcoffset() != timedelta(0)):
            yield f"{name} is no time in UTC (2026-03-02T19:25:00Z)"
            return
    if article.published_at.date() != article.published_at.astimezone(VARDA).date():
        yield "published_at is another day in Varda than in UTC"
    if article.modified_at is not None and article.modified_at < article.published_at:
        yield "modified_at is before published_at"
    for author in article.authors:
        if author.casefold() not in (article.byline or "").casefold():
            yield f"author {author} is not in the byline"
    yield from _check_weekdays(article)
    yield from _check_origin(source, story, article)


def _check_weekdays(article: Article) -> Iterator[str]:
    for line in article.lines:
        for match in _WEEKDAY_WITH_DATE.finditer(line):
            weekday, month, day, day_first, month_last, year = match.groups()
            try:
                meant = date(int(year or 2026), _MONTHS.index(month or month_last) + 1, int(day or day_first))
            except ValueError:
                yield f"no such day: {match.group()}"
                continue
            if _WEEKDAYS[meant.weekday()] != weekday:
                yield f"{match.group()} is a {_WEEKDAYS[meant.weekday()]}"


def _check_origin(source: Source, story: Story, article: Article) -> Iterator[str]:
    here = {other.id: other for other in story.articles}
    if article.copy_of is not None:
        origin = here.get(article.copy_of)
        if origin is None or origin.outlet == article.outlet:
            yield f"copy_of {article.copy_of}: no article of another outlet in this story"
        elif "northwire" not in " ".join([article.byline or "", *article.paragraphs]).casefold():
            yield "a reprint has to credit the agency"
        elif origin.published_at > article.published_at:
            yield "published before its original"
    if article.version_of is not None:
        first = here.get(article.version_of)
        if first is None or first.version_of is not None:
            yield f"version_of {article.version_of}: no first version in this story"
        elif (first.url, first.outlet, first.published_at) != (article.url, article.outlet, article.published_at):
            yield "another url, outlet or published_at than its first version"
        elif article.modified_at is None or (first.modified_at or first.published_at) >= article.modified_at:
            yield "a later version needs a later modified_at"


def _check_digest(story: Story) -> Iterator[str]:
    pasted = [article.id for article in story.articles if article.in_digest]
    listed = story.digest.articles if story.digest else []
    if sorted(pasted) != sorted(listed):
        yield f"{story.file}, digest: lists {', '.join(listed) or 'nothing'}, but in_digest have {', '.join(pasted) or 'none'}"


def _check_pair(source: Source, story: Story, pair: Pair) -> Iterator[str]:
    if pair.relation not in RELATIONS:
        yield f"relation {pair.relation!r} is none of {', '.join(RELATIONS)}"
    is_contradiction = pair.relation == "contradiction"
    if is_contradiction and (pair.kind not in KINDS or pair.level not in LEVELS):
        yield f"a contradiction has a kind ({', '.join(KINDS)}) and a level ({', '.join(LEVELS)})"
    if not is_contradiction and (pair.kind is not None or pair.level is not None):
        yield "only a contradiction has a kind and a level"
    here = {article.id: article for article in story.articles}
    sides = [here.get(side.article) for side in (pair.a, pair.b)]
    for side, article in zip((pair.a, pair.b), sides, strict=True):
        if article is None:
            yield f"no article {side.article} in this story"
            continue
        if article.copy_of is not None:
            yield f"{side.article} is a reprint: pair its original {article.copy_of}"
        found = sum(line.count(side.quote) for line in article.lines)
        if found != 1:
            where = "not verbatim within the title or one paragraph" if not found else f"there {found} times"
            yield f"article {side.article}: the quote is {where}: {side.quote!r}"
    a, b = sides
    if a is not None and b is not None and a.outlet == b.outlet:
        same_page = a.id != b.id and (a.version_of or a.id) == (b.version_of or b.id)
        if not (same_page and pair.relation == "update"):
            yield "joins an outlet with itself (only an update may, between two versions of one article)"


def _page_paths(source: Source) -> Iterator[tuple[str, Article]]:
    """``(path under the sample, article)`` of every HTML page; a later version counts up in the order of the file."""
    versions: Counter[str] = Counter()
    for article in source.articles.values():
        if article.in_digest:
            continue
        first = article.version_of or article.id
        versions[first] += 1
        mark = "" if versions[first] == 1 else f".v{versions[first]}"
        yield f"pages/{article.outlet}/{article.page_name}{mark}.html", article


def _digest_path(digest: Digest) -> str:
    return f"pages/digest/{digest.date.isoformat()}-{digest.slug}.txt"


def render(source: Source) -> dict[str, bytes]:
    """Every file of ``pages/`` and ``gold/``: path under the sample to content."""
    files = {path: _render_page(source, article) for path, article in _page_paths(source)}
    for story in source.stories:
        if story.digest is not None:
            files[_digest_path(story.digest)] = _render_digest(story, story.digest, source)
    files["gold/articles.jsonl.gz"] = _gzip(_json_lines(gold_articles(source)))
    files["gold/pairs.jsonl"] = _json_lines(gold_pairs(source))
    return files


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HOME / "templates"),
        autoescape=lambda name: name is not None and ".html" in name,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )


_JINJA: Final = _environment()


def _render_page(source: Source, article: Article) -> bytes:
    outlet = source.outlets[article.outlet]
    home = f"https://www.{outlet.domain}"
    number = int.from_bytes(sha256(article.id.encode()).digest()[:4])  # the same everywhere, unlike hash()
    related, most_read = _links(source, article, home, number)
    sections = sorted(
        {other.section for other in source.articles.values() if other.outlet == article.outlet} | {"Sport", "Opinion"}
    )
    page = _JINJA.get_template(f"layout_{outlet.layout}.html.j2").render(
        article=article,
        outlet=outlet,
        home=home,
        sections=sections,
        description=_shorten(article.paragraphs[0], 160),
        published=_moment(article.published_at),
        modified=_moment(article.modified_at) if article.modified_at else None,
        json_ld=_json_ld(article, outlet, home) if outlet.has_json_ld else None,
        related=related,
        most_read=most_read,
        tags=[article.section, *(word.capitalize() for word in article.event.split("-"))],
        ticker=_TICKERS[number % len(_TICKERS)],
        comment_count=number % 240,
        share_count=number % 1900,
        reading_minutes=max(1, round(article.word_count / 200)),
    )
    return page.encode()


def _links(source: Source, article: Article, home: str, number: int) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """What the page links to: the outlet's earlier articles, those of the same story first, and lighter fare."""
    earlier = [
        other
        for _, other in _page_paths(source)
        if other.outlet == article.outlet
        and other.url != article.url
        and other.version_of is None
        and other.published_at <= article.published_at
    ]
    earlier.sort(key=lambda other: (other.event != article.event, -other.published_at.timestamp(), other.id))
    news = [{"title": other.title, "url": other.url} for other in earlier]
    light = [{"title": title, "url": f"{home}/{path}"} for title, path in _EVERGREENS]
    turn = number % len(light)
    light = light[turn:] + light[:turn]
    return (news + light)[:3], (light[3:6] + news[-2:] + light[6:])[:5]


def _moment(moment: datetime) -> dict[str, str]:
    """A time in the ways that pages write it, in Vardan time."""
    local = moment.astimezone(VARDA)
    month = _MONTHS[local.month - 1]
    return {
        "iso": local.isoformat(),
        "long": f"{month} {local.day}, {local.year}, {local:%H:%M}",
        "short": f"{local.day} {month[:3]} {local.year} {local:%H:%M}",
        "clock": f"{local:%H:%M}, {local.day} {month} {local.year}",
    }


def _json_ld(article: Article, outlet: Outlet, home: str) -> dict[str, Any]:
    publisher = {"@type": "NewsMediaOrganization", "name": outlet.name, "url": f"{home}/"}
    people = [
        {"@type": "Person" if " " in name and "Newsroom" not in name else "Organization", "name": name}
        for name in article.authors
    ]
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": article.url},
        "url": article.url,
        "headline": article.title,
        "datePublished": _moment(article.published_at)["iso"],
        "dateModified": _moment(article.modified_at or article.published_at)["iso"],
        "author": people or [publisher],
        "publisher": publisher,
        "articleSection": article.section,
        "inLanguage": "en",
        "isAccessibleForFree": True,
    }


def _shorten(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def _render_digest(story: Story, digest: Digest, source: Source) -> bytes:
    day = f"{_WEEKDAYS[digest.date.weekday()]}, {_MONTHS[digest.date.month - 1]} {digest.date.day}, {digest.date.year}"
    by_id = {article.id: article for article in story.articles}
    pasted = [
        {
            "title": article.title,
            "byline": article.byline,
            "credit": article.digest_credit or article.byline or source.outlets[article.outlet].name.upper(),
            "paragraphs": article.paragraphs,
        }
        for article in (by_id[name] for name in digest.articles)
    ]
    return _JINJA.get_template("digest.txt.j2").render(day=day, title=digest.title, articles=pasted).encode()


def gold_articles(source: Source) -> list[dict[str, Any]]:
    """The articles of the gold set: the current version of each, and older ones that a pair refers to."""
    latest = {article.version_of or article.id: article.id for article in source.articles.values()}
    wanted = set(latest.values()) | {side.article for _, pair in source.pairs for side in (pair.a, pair.b)}
    pages = {article.id: path for path, article in _page_paths(source)}
    digests = {name: _digest_path(story.digest) for story in source.stories if story.digest for name in story.digest.articles}
    return [
        {
            "article_id": article.id,
            "event": article.event,
            "outlet": article.outlet,
            "url": article.url,
            "published_on": article.published_at.astimezone(UTC).date().isoformat(),
            "title": article.title,
            "text": article.text,
            "page": pages.get(article.id) or digests[article.id],
            "copy_of": article.copy_of,
            "version_of": article.version_of,
        }
        for article in source.articles.values()
        if article.id in wanted
    ]


def gold_pairs(source: Source) -> list[dict[str, Any]]:
    """The pairs of the gold set."""
    return [
        {
            "event": story.story,
            "relation": pair.relation,
            "kind": pair.kind,
            "level": pair.level,
            "slot": pair.slot,
            "why": pair.why,
            "a": {"article": pair.a.article, "quote": pair.a.quote},
            "b": {"article": pair.b.article, "quote": pair.b.quote},
        }
        for story, pair in source.pairs
    ]


def _json_lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _gzip(content: bytes) -> bytes:
    """The content packed, with no time and no file name inside."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as stream:
        stream.write(content)
    return packed.getvalue()


def committed(home: Path = HOME) -> dict[str, bytes]:
    """The files of ``pages/`` and ``gold/`` as they lie in ``home``."""
    found = (path for folder in ("pages", "gold") for path in sorted((home / folder).rglob("*")))
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in found if path.is_file()}


def same(path: str, left: bytes | None, right: bytes | None) -> bool:
    """Whether two contents of a file are the same; packed ones are compared unpacked, for zlib's output differs by version."""
    if left is None or right is None:
        return left is right
    if path.endswith(".gz") and left != right:
        return gzip.decompress(left) == gzip.decompress(right)
    return left == right


def differences(files: Mapping[str, bytes], home: Path = HOME) -> list[str]:
    """The paths whose content in ``home`` is not that of ``files``, missing and superfluous ones too."""
    there = committed(home)
    return [path for path in sorted(files.keys() | there.keys()) if not same(path, files.get(path), there.get(path))]


def main() -> int:
    """Build the sample, or with ``--check`` compare it with what is committed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the committed files differ")
    arguments = parser.parse_args()
    try:
        source = load_source()
    except SourceError as problem:
        print(problem, file=sys.stderr)
        return 1
    files = render(source)
    changed = differences(files)
    if arguments.check:
        print("\n".join(f"differs: {path}" for path in changed) or f"{len(files)} files are what the source makes")
        return 1 if changed else 0
    for path in changed:
        target = HOME / path
        if path in files:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(files[path])
        else:
            target.unlink()
    relations = Counter(pair.relation for _, pair in source.pairs)
    pages = sum(path.endswith(".html") for path in files)
    counted = ", ".join(f"{relations[name]} {name}" for name in RELATIONS)
    print(f"{len(source.stories)} stories, {len(source.articles)} articles, {pages} HTML pages")
    print(f"{len(source.pairs)} pairs: {counted}")
    print(f"{len(changed)} files changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
