"""Any document becomes rows of ``raw.articles``, or a reason why it holds none.

A page goes through :mod:`~pipelines.clean.extract`, a digest through :mod:`~pipelines.clean.digests`; what a record says
about its article (outlet, title, date, authors) wins over what the page says. Nothing a document holds can stop the others.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import urlsplit

import polars as pl

from pipelines.clean.bylines import clean_authors
from pipelines.clean.dates import Stamp, is_plausible, parse_stamp
from pipelines.clean.digests import DigestArticle, is_date_line, outlet_keys, parse_credit, read_date, split_digest
from pipelines.clean.extract import Extracted, extract_tree
from pipelines.clean.text import UndecodableError, count_words, decode, detect_language, key, one_line, tidy
from pipelines.clean.trees import MAX_BYTES, MAX_TEXT, CleanError, load_tree, page_lines
from pipelines.clean.urls import clean_url
from pipelines.clean.wire import wire_credit
from pipelines.tables import ARTICLES, stable_id

__all__ = ["EXTRACTOR", "CleanError", "CleanReport", "Document", "clean_document", "clean_documents"]

#: What makes the rows; the last number counts up whenever the clean room gives other rows for the same document.
EXTRACTOR: Final = f"trafilatura {version('trafilatura')}, clean 2"
#: A body below this is a stub: a paywall's teaser, a video's caption.
MIN_BODY_WORDS: Final = 25
#: What is given as text is no stub of a page: a news flash of one sentence is an article too.
MIN_TEXT_WORDS: Final = 5
_MAX_TITLE: Final = 300
#: Lines above the body that may be date, headline and credit.
_HEADER_LINES: Final = 6

FAILURES: Final = pl.Schema({"document_id": pl.String(), "status": pl.String(), "error": pl.String()})


class ThinError(CleanError):
    """A document that could be read but holds no article; the message says what it holds instead."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was kept.

    ``url`` is the page's web address where ``is_page_url``, else a file's; ``media_type`` is text/html or text/plain;
    ``meta`` may hold what a record says: outlet, title, published_on, authors.
    """

    document_id: str
    url: str
    is_page_url: bool
    media_type: str
    payload: bytes
    fetched_at: datetime
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CleanReport:
    """What became of documents: rows of ``raw.articles``, and one row (document_id, status, error) for each that gave none.

    ``status`` is that of ``raw.fetches``: ``too_thin`` where it was read and holds no article, else ``parse_error``.
    ``unreadable`` has the same columns, for documents whose bytes could not be had: nothing is known of what they hold.
    """

    articles: pl.DataFrame
    failures: pl.DataFrame
    unreadable: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FAILURES))


@dataclass(frozen=True, slots=True)
class _Found:
    """One article before it becomes a row."""

    title: str
    body: str
    outlet_credit: str | None = None
    byline: str | None = None
    authors: list[str] = field(default_factory=list)
    published_at: datetime | None = None
    published_precision: str = "unknown"
    modified_at: datetime | None = None
    site_name: str | None = None
    language: str | None = None
    published_on: date | None = None
    form: str = "article"
    thin: str | None = None


def clean_documents(documents: Iterable[Document], known_outlets: Collection[str] = frozenset()) -> CleanReport:
    """Clean each document; what goes wrong with one is a failure with its reason and touches no other.

    Args:
        documents: in any order.
        known_outlets: names by which outlets are credited, for digests.
    """
    rows: list[dict[str, object]] = []
    failures: list[dict[str, str]] = []
    for document in documents:
        try:
            rows.extend(clean_document(document, known_outlets))
        except CleanError as problem:
            status = "too_thin" if isinstance(problem, ThinError) else "parse_error"
            failures.append({"document_id": document.document_id, "status": status, "error": str(problem)})
        except Exception as problem:  # a page that trips a library must not stop the run; its type and message are kept
            message = one_line(str(problem))[:500]
            error = f"unexpected {type(problem).__name__}: {message}"
            failures.append({"document_id": document.document_id, "status": "parse_error", "error": error})
    return CleanReport(ARTICLES.frame(rows), pl.DataFrame(failures, schema=FAILURES, orient="row"))


def clean_document(document: Document, known_outlets: Collection[str] = frozenset()) -> list[dict[str, object]]:
    """The articles of a document as rows of ``raw.articles``: one, or several of a digest.

    Raises:
        CleanError: it holds no article; the message says why, with figures.
    """
    if len(document.payload) > MAX_BYTES:
        raise CleanError(f"too large: {len(document.payload):,} bytes, at most {MAX_BYTES:,} are read")
    canonical_url = clean_url(document.url) if document.is_page_url else None
    if document.media_type == "text/html" and b"<" in document.payload:
        declared, articles = _of_page(document, known_outlets)
        canonical_url = declared or canonical_url
    else:
        articles = _of_text(document, known_outlets)
    is_digest = len(articles) > 1
    return [_row(document, article, position, canonical_url, is_digest) for position, article in enumerate(articles)]


def _of_page(document: Document, known_outlets: Collection[str]) -> tuple[str | None, list[_Found]]:
    """The page's canonical URL and its articles."""
    tree = load_tree(document.payload, document.meta.get("charset"))
    page = extract_tree(tree, document.url if document.is_page_url else None, fetched_at=document.fetched_at)
    # A page that declares itself one article of a newspaper pastes no others.
    if not document.meta.get("title") and not page.is_news_article:
        pasted = split_digest(page_lines(tree), known_outlets=known_outlets, page_date=page.published_on)
        if pasted:
            at = page.published_at
            return page.canonical_url, [_of_digest(article, document, page.title, at, page.site_name) for article in pasted]
    return page.canonical_url, [_with_meta(_of_extracted(page), document, page.canonical_url)]


def _of_extracted(page: Extracted) -> _Found:
    return _Found(
        title=page.title,
        body=page.body,
        outlet_credit=page.site_name,
        byline=page.byline,
        authors=page.authors,
        published_at=page.published_at,
        published_precision=page.published_precision,
        modified_at=page.modified_at,
        site_name=page.site_name,
        language=page.language,
        published_on=page.published_on,
        form=page.form,
        thin=page.thin,
    )


def _of_digest(
    article: DigestArticle, document: Document, page_title: str, page_at: datetime | None, site_name: str | None
) -> _Found:
    """An article of a digest; without a date of its own it has the page's, as ``inherited``."""
    own = _published(article.published, document.fetched_at)
    at, precision = own if own else (page_at, "inherited" if page_at else "unknown")
    return _Found(
        title=article.title or page_title,
        body=article.body,
        outlet_credit=article.outlet_credit or (site_name if not article.title else None),
        byline=article.byline,
        authors=article.authors,
        published_at=at,
        published_precision=precision,
        site_name=site_name,
    )


def _of_text(document: Document, known_outlets: Collection[str]) -> list[_Found]:
    """The articles of a plain text: title, date and credit from the record or from the lines on top."""
    try:
        text = tidy(decode(document.payload, document.meta.get("charset")))
    except UndecodableError as problem:
        raise CleanError(f"undecodable: {problem}") from problem
    if len(text) > MAX_TEXT:
        raise CleanError(f"too long: {len(text):,} characters of text, at most {MAX_TEXT:,} are read")
    lines = _without_blank_start(text.rstrip().split("\n"))
    if not lines:
        raise CleanError(f"empty: {len(document.payload):,} bytes without a word")
    if document.meta.get("title"):
        # A record's text keeps its lines exactly as they are; only a repeated title goes.
        title = one_line(str(document.meta["title"]))
        if key(lines[0]) == key(title):
            lines = _without_blank_start(lines[1:])
        return [_with_meta(_Found(title=title, body="\n".join(lines)), document)]
    page_date = _date_on_top(lines, document)
    pasted = split_digest("\n".join(lines), known_outlets=known_outlets, page_date=page_date.day if page_date else None)
    published = _published(page_date, document.fetched_at)
    if pasted:
        at = published[0] if published else None
        return [_of_digest(article, document, lines[0].strip(), at, None) for article in pasted]
    return [_with_meta(_of_single_text(lines, published, known_outlets), document)]


def _of_single_text(lines: list[str], published: tuple[datetime, str] | None, known_outlets: Collection[str]) -> _Found:
    """One article as plain text: an optional date, the headline, optional credit and date, the body."""
    known = outlet_keys(known_outlets)
    header: list[str] = []
    rest = list(lines)
    title = ""
    byline = outlet = None
    authors: list[str] = []
    while rest and len(header) < _HEADER_LINES:
        line = one_line(rest[0])
        if not line or is_date_line(line):
            pass
        elif not title and len(line) <= _MAX_TITLE:
            title = line
        elif title and byline is None and (credit := parse_credit(line, known)) is not None and credit.is_sure:
            byline, outlet, authors = credit.line, credit.outlet, credit.authors
        else:
            break
        rest.pop(0)
        if line:
            header.append(line)
    at, precision = published or (None, "unknown")
    return _Found(title, "\n".join(_without_blank_start(rest)), outlet, byline, authors, at, precision)


def _date_on_top(lines: list[str], document: Document) -> Stamp | None:
    """The date that a record states, else that of the first lines."""
    stated = document.meta.get("published_on")
    if stated and (stamp := parse_stamp(str(stated))) is not None:
        return stamp
    filled = [line for line in (one_line(line) for line in lines[:40]) if line][:_HEADER_LINES]
    for line in filled:
        if is_date_line(line) and (stamp := read_date(line)) is not None:
            return stamp
    return None


def _without_blank_start(lines: list[str]) -> list[str]:
    start = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    return lines[start:]


def _published(stamp: Stamp | None, fetched_at: datetime) -> tuple[datetime, str] | None:
    """Moment and precision of a stamp that can be true; None for none."""
    if stamp is None or not is_plausible(stamp.day, fetched_at):
        return None
    return stamp.moment or datetime.combine(stamp.day, time(), UTC), stamp.precision


def _with_meta(found: _Found, document: Document, canonical_url: str | None = None) -> _Found:
    """``found`` with what the record says about it; a day that agrees with a moment found on the page keeps the moment.

    The publisher that an aggregator's feed names (RSS ``<source>``) is credited where the page names no site, or names the
    aggregator's: where its address is not the publisher's.
    """
    meta = document.meta
    publisher = one_line(str(meta.get("publisher") or ""))
    if publisher and not meta.get("outlet"):
        theirs = _host(str(meta.get("publisher_url") or ""))
        page_host = _host(canonical_url or (document.url if document.is_page_url else ""))
        is_elsewhere = bool(theirs and page_host) and not _same_site(theirs, page_host)
        if not found.outlet_credit or is_elsewhere:
            found = replace(found, outlet_credit=publisher)
    if meta.get("title"):
        found = replace(found, title=one_line(str(meta["title"])))
    if meta.get("outlet"):
        found = replace(found, outlet_credit=one_line(str(meta["outlet"])))
    if meta.get("authors"):
        stated = meta["authors"]
        names = [stated] if isinstance(stated, str) else [str(name) for name in stated]
        found = replace(found, authors=clean_authors(names), byline=found.byline or one_line(", ".join(names)) or None)
    if meta.get("published_on"):
        stamp = parse_stamp(str(meta["published_on"]))
        published = _published(stamp, document.fetched_at)
        if stamp is not None and published is not None:
            finer = (
                stamp.moment is None
                and found.published_precision in ("second", "minute")
                and _same_day(found.published_at, stamp.day)
            )
            if not finer:
                found = replace(found, published_at=published[0], published_precision=published[1])
            found = replace(found, published_on=stamp.day)
    return found


def _host(url: str) -> str:
    """The host of an address, without ``www.``; empty where there is none."""
    try:
        return (urlsplit(url if "//" in url else f"//{url}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _same_site(a: str, b: str) -> bool:
    """Whether two hosts are of one site: the same, or one below the other."""
    return a == b or a.endswith(f".{b}") or b.endswith(f".{a}")


def _same_day(moment: datetime | None, day: date) -> bool:
    """Whether ``moment`` may lie on ``day`` on some calendar: within 14 hours of it."""
    if moment is None:
        return False
    noon = datetime.combine(day, time(12), UTC)
    return abs(moment - noon) <= timedelta(hours=26)


def _row(document: Document, found: _Found, position: int, canonical_url: str | None, is_digest: bool) -> dict[str, object]:
    body = found.body.strip("\n")
    words = count_words(body)
    least = MIN_TEXT_WORDS if document.media_type == "text/plain" else MIN_BODY_WORDS
    title_words = f"(title: {found.title[:80]!r})"
    if found.thin:
        raise ThinError(f"too thin: {found.thin}, {words} words of body {title_words}")
    if words < least:
        what = {"gallery": "a gallery, ", "video": "a video, "}.get(found.form, "")
        raise ThinError(f"too thin: {what}{words} words of body, at least {least} make an article {title_words}")
    title = found.title[:_MAX_TITLE].strip() or _first_words(body)
    text = f"{title}\n\n{body}"
    text_sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    # The articles of a digest share its address: their place on the page tells them apart.
    place = (
        (canonical_url or document.document_id,)
        if canonical_url and not is_digest
        else (canonical_url or document.document_id, position)
    )
    article_id = stable_id("article", *place, text_sha256)
    return {
        "article_id": article_id,
        "document_id": document.document_id,
        "position": position,
        "url": tidy(document.url) if document.is_page_url else None,
        "canonical_url": None if is_digest else canonical_url,
        "outlet_credit": found.outlet_credit,
        "byline": found.byline,
        "authors": found.authors,
        "title": title,
        "published_at": found.published_at,
        "published_precision": found.published_precision,
        "language": found.language or detect_language(body),
        "text": text,
        "text_sha256": text_sha256,
        "word_count": count_words(title, body),
        "version_no": 1,
        "origin_id": article_id,
        "extractor": EXTRACTOR,
        "site_name": found.site_name,
        "modified_at": found.modified_at,
        "is_current": True,
        "published_on": found.published_on or (found.published_at.date() if found.published_at else None),
        "form": found.form,
        "wire_credit": _wire_credit(document, found, body),
        "related_by": None,
    }


def _wire_credit(document: Document, found: _Found, body: str) -> str | None:
    """The agency credited by the article, by the feed that named its publisher, or by the site itself."""
    publishers = (document.meta.get("publisher"), found.outlet_credit, found.site_name)
    return wire_credit(found.byline, body, found.authors, publishers=[str(name) for name in publishers if name])


def _first_words(body: str) -> str:
    """A headline for a text without one: its first sentence, or as much of it as fits."""
    line = one_line(body.split("\n", 1)[0])
    sentence = re.match(r".{20,200}?[.!?](?=\s|$)", line)
    return sentence[0] if sentence else line[:200].rsplit(" ", 1)[0] if len(line) > 200 else line
