"""A page becomes a headline, a body, and what the page declares about itself.

The body is trafilatura's (Barbaresi 2021, ACL demo): the best general extractor measured here, F1 0.945 over 576 news
pages. Its metadata are where a resolver wins, so each field has its own order of trust:

====================  ==================================================================================================
title                 visible headline (h1) that agrees with a declared one; JSON-LD; OpenGraph; ``<title>``
authors               JSON-LD of this article; meta tags; visible byline; the publisher where nobody else is named
published             JSON-LD of this article; meta tags; ``<time>``; the day of markup, as seen, of any text (htmldate)
language              py3langid on the body; what the page declares where the body is short
canonical URL         ``link rel=canonical``; og:url
site name             og:site_name; JSON-LD publisher; application-name
====================  ==================================================================================================

A suffix with the site's name is cut from the title, a first line that repeats the title from the body. The page is
handed over as bytes or text; nothing here opens a connection.
"""

from __future__ import annotations

import itertools
import logging
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from lxml.html import HtmlElement
from trafilatura.meta import reset_caches

from pipelines.clean.forms import page_form, thin_reason
from pipelines.clean.page import Page
from pipelines.clean.text import detect_language, key
from pipelines.clean.trees import CleanError, load_tree

__all__ = ["CleanError", "Extracted", "extract_page", "extract_tree"]

#: Caches of trafilatura, htmldate and courlan grow with every page: emptied after so many (about 60 MB measured at 500).
_RESET_EVERY: Final = 500

#: JSON-LD types of which one page holds one: not of blogs, which may paste several.
_NEWS_TYPES: Final = frozenset({"NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle"})

_pages = itertools.count(1)

for _noisy in ("trafilatura", "htmldate", "courlan", "readability", "charset_normalizer", "justext"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article as found on a page.

    ``published_at`` is the moment in UTC, or midnight UTC of ``published_on`` where only the day is known;
    ``published_on`` is the day on the publisher's calendar. ``published_precision`` is second, minute, day or unknown.
    Paragraphs of ``body`` are separated by a blank line. ``form`` is one of
    :data:`pipelines.tables.ARTICLE_FORMS`; ``thin`` says what the page holds in place of an article, where it does;
    ``is_news_article`` is whether it declares itself one article of a newspaper, with its date.
    """

    title: str
    body: str
    byline: str | None = None
    authors: list[str] = field(default_factory=list)
    published_at: datetime | None = None
    published_precision: str = "unknown"
    modified_at: datetime | None = None
    language: str | None = None
    canonical_url: str | None = None
    site_name: str | None = None
    published_on: date | None = None
    form: str = "article"
    thin: str | None = None
    is_news_article: bool = False


def extract_page(html: bytes | str, url: str | None = None, *, fetched_at: datetime | None = None) -> Extracted:
    """The article of a page.

    Args:
        html: the page, as it came or decoded.
        url: its address, where known.
        fetched_at: when it was fetched: no article is published more than a day later. Now, where not given.

    Returns:
        What was found; ``title`` and ``body`` may be empty, the rest None.

    Raises:
        CleanError: it is no page that can be read: binary, empty, or too large or too deeply nested to be an article.
    """
    return extract_tree(load_tree(html), url, fetched_at=fetched_at)


def extract_tree(tree: HtmlElement, url: str | None = None, *, fetched_at: datetime | None = None) -> Extracted:
    """The article of a page that was parsed by :func:`load_tree`; as :func:`extract_page`."""
    page = Page(tree, url, fetched_at)
    if next(_pages) % _RESET_EVERY == 0:
        reset_caches()
    title = page.title()
    byline, authors = page.authors()
    body = _without_title(page.body(title, authors), title)
    day, moment, precision = page.published()
    signs = page.signs(title, body, has_date=day is not None)
    return Extracted(
        title=title,
        body=body,
        byline=byline,
        authors=authors,
        published_at=moment,
        published_precision=precision,
        modified_at=page.modified(),
        language=detect_language(body or title, page.declared_language()),
        canonical_url=page.canonical_url(),
        site_name=page.site_name(),
        published_on=day,
        form=page_form(signs),
        thin=thin_reason(signs),
        is_news_article=bool(_NEWS_TYPES & set(signs.article_types)) and day is not None,
    )


def _without_title(body: str, title: str) -> str:
    """``body`` without a first paragraph that repeats the title (a third of news pages have one)."""
    wanted = key(title)
    for _repeat in range(3):
        first, _, rest = body.partition("\n\n")
        if not wanted or key(first) != wanted:
            break
        body = rest
    return body
