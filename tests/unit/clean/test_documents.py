"""Documents: rows of raw.articles, or a reason; what a record says wins; one bad document stops nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.clean import documents as documents_module
from pipelines.clean.documents import EXTRACTOR, CleanError, Document, clean_document, clean_documents
from pipelines.tables import ARTICLES

FETCHED = datetime(2022, 3, 3, 12, tzinfo=UTC)
BODY = (
    "The port of Easthaven will stay shut until Friday, its director said on Tuesday.\n"
    "Nobody was hurt, she told reporters, and the insurers have promised to pay within the month.\n"
    "The mayor called the accident a warning to everyone."
)
HTML = (
    "<html lang='en'><head><title>Crane falls in Easthaven</title><meta property='og:site_name' content='Harbour Times'>"
    "<link rel='canonical' href='https://harbour.example/crane'>"
    "<meta property='article:published_time' content='2022-03-01T10:15:00Z'></head><body><article>"
    "<h1>Crane falls in Easthaven</h1>"
    + "".join(f"<p>{line} {line}</p>" for line in BODY.split("\n"))
    + "</article></body></html>"
)


def text_document(text: str | bytes, meta: Mapping[str, Any] | None = None, **fields: Any) -> Document:
    payload = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    given = {"document_id": "d", "url": "file:///a.txt", "is_page_url": False, "media_type": "text/plain", "fetched_at": FETCHED}
    return Document(payload=payload, meta=meta or {}, **(given | fields))  # type: ignore[arg-type]


def page_document(
    html: str | bytes, meta: Mapping[str, Any] | None = None, url: str = "https://harbour.example/crane?utm_source=x"
) -> Document:
    return text_document(html, meta, url=url, is_page_url=True, media_type="text/html")


def one(document: Document) -> dict[str, Any]:
    (row,) = clean_document(document)
    return row


def test_a_page_becomes_a_row_of_the_table() -> None:
    row = one(page_document(HTML))
    assert set(row) == set(ARTICLES.schema)
    assert row["title"] == "Crane falls in Easthaven"
    assert row["text"].startswith("Crane falls in Easthaven\n\nThe port of Easthaven")
    assert row["canonical_url"] == "https://harbour.example/crane"
    assert (row["outlet_credit"], row["language"]) == ("Harbour Times", "en")
    assert (row["published_at"], row["published_precision"]) == (datetime(2022, 3, 1, 10, 15, tzinfo=UTC), "second")
    assert row["text_sha256"] == hashlib.sha256(row["text"].encode()).hexdigest()
    assert (row["version_no"], row["is_current"], row["origin_id"]) == (1, True, row["article_id"])
    assert row["extractor"] == EXTRACTOR


def test_plain_text_has_its_title_on_the_first_line_and_its_date_above() -> None:
    row = one(text_document(f"Wednesday, March 2, 2022\n\nCrane falls in Easthaven\nBy JANE DOE\n\n{BODY}\n"))
    assert (row["title"], row["authors"], row["byline"]) == ("Crane falls in Easthaven", ["Jane Doe"], "By JANE DOE")
    assert (row["published_at"], row["published_precision"]) == (datetime(2022, 3, 2, tzinfo=UTC), "day")
    assert row["text"] == f"Crane falls in Easthaven\n\n{BODY}"
    assert (row["url"], row["canonical_url"]) == (None, None)


def test_a_record_keeps_its_lines_exactly() -> None:
    body = BODY.replace("\n", "\r\n") + "\n\n  indented, with two  spaces and e\u0301\n- a point"
    row = one(
        text_document(
            body, {"title": "Crane falls", "outlet": "Harbour Times", "published_on": "2022-03-01", "authors": ["Jane Doe"]}
        )
    )
    assert row["text"] == "Crane falls\n\n" + body.replace("\r\n", "\n")
    assert (row["outlet_credit"], row["authors"], row["byline"]) == ("Harbour Times", ["Jane Doe"], "Jane Doe")
    assert row["published_at"] == datetime(2022, 3, 1, tzinfo=UTC)


def test_a_record_s_title_stands_once() -> None:
    row = one(text_document(f"Crane falls in Easthaven\n\n{BODY}", {"title": "Crane falls in Easthaven"}))
    assert row["text"].count("Crane falls in Easthaven") == 1


def test_what_a_record_says_wins_over_the_page() -> None:
    meta = {
        "title": "Another headline",
        "outlet": "The Northern Light",
        "authors": "John Roe and Mara Holm",
        "published_on": "2022-02-20",
    }
    row = one(page_document(HTML, meta))
    assert (row["title"], row["outlet_credit"], row["authors"]) == (
        "Another headline",
        "The Northern Light",
        ["John Roe", "Mara Holm"],
    )
    assert (row["published_at"], row["published_precision"]) == (datetime(2022, 2, 20, tzinfo=UTC), "day")


def test_a_record_s_day_keeps_the_page_s_moment_on_that_day() -> None:
    row = one(page_document(HTML, {"published_on": "2022-03-01"}))
    assert (row["published_at"], row["published_precision"]) == (datetime(2022, 3, 1, 10, 15, tzinfo=UTC), "second")


def test_stored_text_is_tidy() -> None:
    row = one(text_document(f"Crane\u00a0falls\ufeff in Easthaven\n\n{BODY}\u200b \x07\ud800 end"))
    assert row["title"] == "Crane falls in Easthaven"
    assert not {"\u00a0", "\ufeff", "\u200b", "\x07", "\ud800"} & set(row["text"])
    row["text"].encode("utf-8")


def test_ids_are_those_of_address_and_text() -> None:
    first, again = one(page_document(HTML)), one(page_document(HTML, url="https://harbour.example/crane#comments"))
    edited = one(page_document(HTML.replace("warning", "lesson")))
    assert first["article_id"] == again["article_id"]
    assert first["article_id"] != edited["article_id"]
    assert first["canonical_url"] == edited["canonical_url"]
    texts = [one(text_document(f"Crane falls\n\n{BODY}", document_id=name))["article_id"] for name in ("d1", "d2")]
    assert texts[0] != texts[1]  # one text in two documents is two articles: wire copy


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (text_document("Crane falls\n\nToo short a text."), r"too thin: 4 words of body, at least 5"),
        (text_document(" \n\n "), "empty"),
        (text_document(bytes(range(20)) * 30), "undecodable: binary data"),
        (text_document("word " * 250_000), "too long: 1,250,000 characters"),
        (page_document("<html><body><p>Nothing here.</p></body></html>"), "too thin"),
        (page_document("<div>" * 100_000 + BODY + "</div>" * 100_000), "nested too deeply"),
        (page_document(b"x" * 20_000_001), "too large: 20,000,001 bytes"),
    ],
)
def test_what_holds_no_article_says_why(document: Document, reason: str) -> None:
    with pytest.raises(CleanError, match=reason):
        clean_document(document)


def test_one_bad_document_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def trip(document: Document, *_: object) -> list[Any]:
        if document.document_id == "trips":
            raise KeyError("a library's bug")
        return clean_document(document)

    monkeypatch.setattr(documents_module, "clean_document", trip)
    good = f"Crane falls in Easthaven\n\n{BODY}"
    report = clean_documents(
        [text_document(good, document_id="a"), text_document("x", document_id="thin"), text_document(good, document_id="trips"),
         text_document(good, document_id="b")]
    )  # fmt: skip
    assert report.articles.schema == ARTICLES.schema
    assert report.articles["document_id"].to_list() == ["a", "b"]
    assert report.failures["document_id"].to_list() == ["thin", "trips"]
    assert report.failures["error"][1] == 'unexpected KeyError: "a library\'s bug"'


def test_no_documents_give_empty_frames() -> None:
    report = clean_documents([])
    assert report.articles.schema == ARTICLES.schema
    assert report.failures.schema == pl.Schema({"document_id": pl.String(), "status": pl.String(), "error": pl.String()})


PIECES = st.sampled_from([
    "<html>", "<p>", "</p>", "<div class='date'>", "<h1>", "<a href='//x.example'>", "<script type='application/ld+json'>",
    "</script>", '{"@type":"NewsArticle","author":[{"name":[1]}],"datePublished":7}', "<meta name='author' content='&#0;'>",
    "<!--", "]]>",
    "<table><tr>", "<time datetime='0000-00-00'>", "&#x110000;", "\x00", "\ud800", "RT", "By Jane Doe", BODY, "<br>", "<title>",
    "<svg>", "<![CDATA[", "'", '"',
])  # fmt: skip
PAYLOADS = st.one_of(
    st.binary(max_size=400), st.lists(PIECES, max_size=25).map(lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass"))
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PAYLOADS, st.booleans())
def test_any_bytes_give_rows_or_a_reason(payload: bytes, is_page: bool) -> None:
    document = page_document(payload) if is_page else text_document(payload)
    try:
        rows = clean_document(document)
    except CleanError:
        return
    frame = ARTICLES.frame(rows)
    assert frame["article_id"].n_unique() == frame.height
    for text, title in frame.select("text", "title").iter_rows():
        assert text.startswith(f"{title}\n\n")


def wall(title: str, body: str, head: str = "") -> Document:
    html = f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><div>{body}</div></body></html>"
    return page_document(html, url="https://harbour.example/news/crane-falls")


def text_of(sentences: int) -> str:
    """Paragraphs that differ: what repeats itself on a page is furniture."""
    return "".join(
        f"<p>The gate number {n} of Easthaven will stay shut until Friday, its director said on Tuesday, and nobody was hurt.</p>"
        for n in range(sentences)
    )


PAYWALLED = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Crane falls", '
    '"isAccessibleForFree": "False"}</script>'
)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (wall("Just a moment...", "<p>Verify you are human by completing the action below. The site needs to review the "
              "security of "
              "your connection before it can proceed, and this may take a few seconds of your time, so please wait here.</p>"),
         "a check for robots"),
        (wall("404 - Page not found", text_of(2)), "an error page"),
        (wall("We value your privacy", "<p>We and our partners use cookies and ask for your consent. Manage cookies, "
              "withdraw consent, "
              "read the privacy notice, or allow tracking by partners to see personalised ads on this site every day.</p>"),
         "a request for consent"),
        (wall("Log in to Harbour Times", f"{text_of(2)}<form><input type='password'></form>"), "a log-in"),
        (wall("Crane falls", text_of(3), PAYWALLED), "a paywall's teaser"),
        (wall("Crane falls", f"{text_of(2)}<p>Subscribe to continue reading this story on the harbour and its cranes.</p>"),
         "a paywall's teaser"),
    ],
)  # fmt: skip
def test_what_stands_in_an_article_s_place_is_too_thin_and_named(document: Document, reason: str) -> None:
    report = clean_documents([document])
    assert report.articles.is_empty()
    (failure,) = report.failures.to_dicts()
    assert failure["status"] == "too_thin"
    assert reason in failure["error"]


def test_a_list_of_other_articles_is_no_article() -> None:
    links = "".join(
        f"<p><a href='/news/{n}'>The harbour of Easthaven opens its gate number {n} again</a> It was shut.</p>" for n in range(20)
    )
    document = page_document(
        f"<html><head><title>Harbour Times</title></head><body>{links}</body></html>", url="https://harbour.example/"
    )
    (failure,) = clean_documents([document]).failures.to_dicts()
    assert failure["status"] == "too_thin"


def test_a_free_article_about_cookies_and_subscribers_stays_an_article() -> None:
    text = text_of(8) + "<p>The regulator fined the bakery over cookies and the consent of its subscribers.</p>"
    assert one(wall("Bakery fined over cookies", text))["form"] == "article"


ENTRIES = "".join(
    f"<div class='liveblog-entry'><p>At {n} the crane number {n} fell into the harbour of the town.</p></div>" for n in range(9)
)


@pytest.mark.parametrize(
    ("head", "url", "body", "form"),
    [
        ("<script type='application/ld+json'>{\"@type\": \"LiveBlogPosting\", \"headline\": \"Crane falls\"}</script>",
         "https://harbour.example/crane", text_of(8), "live_blog"),
        ("", "https://harbour.example/live/crane", ENTRIES,
         "live_blog"),
        ("", "https://harbour.example/crane", text_of(8), "article"),
        ("", "https://harbour.example/gallery/crane", text_of(3), "gallery"),
        ("<meta property='og:type' content='video.other'>", "https://harbour.example/crane", text_of(3), "video"),
        ("<meta property='og:type' content='video.other'>", "https://harbour.example/crane", text_of(30), "article"),
    ],
)  # fmt: skip
def test_pages_that_are_no_articles_are_marked(head: str, url: str, body: str, form: str) -> None:
    html = f"<html><head><title>Crane falls</title>{head}</head><body><article><h1>Crane falls</h1>{body}</article></body></html>"
    assert one(page_document(html, url=url))["form"] == form


def test_a_failure_says_whether_the_document_could_be_read() -> None:
    thin = text_document("Crane falls\n\nToo short a text.", document_id="thin")
    broken = text_document(bytes(range(20)) * 30, document_id="broken")
    report = clean_documents([thin, broken])
    assert dict(report.failures.select("document_id", "status").iter_rows()) == {"thin": "too_thin", "broken": "parse_error"}


@pytest.mark.parametrize(
    ("html", "url", "credit"),
    [
        (HTML, "https://aggregator.example/rss/articles/1", "Harbour Times"),  # its canonical address is the publisher's own
        (HTML.replace("https://harbour.example/crane", "https://aggregator.example/crane"), "https://aggregator.example/1",
         "The Harbour Times of Easthaven"),
        (HTML.replace("<meta property='og:site_name' content='Harbour Times'>", ""), "https://harbour.example/crane",
         "The Harbour Times of Easthaven"),
        (HTML, "https://news.harbour.example/crane", "Harbour Times"),
    ],
)  # fmt: skip
def test_the_publisher_behind_an_aggregator_is_credited(html: str, url: str, credit: str) -> None:
    meta = {"publisher": "The Harbour Times of Easthaven", "publisher_url": "https://www.harbour.example"}
    assert one(page_document(html, meta, url=url))["outlet_credit"] == credit


def test_the_day_is_the_publisher_s_and_the_moment_is_in_utc() -> None:
    row = one(page_document(HTML.replace("2022-03-01T10:15:00Z", "2022-03-01T23:30:00-05:00")))
    assert row["published_on"].isoformat() == "2022-03-01"
    assert row["published_at"] == datetime(2022, 3, 2, 4, 30, tzinfo=UTC)


def test_a_page_that_declares_one_news_article_is_never_split() -> None:
    node = '{"@type": "NewsArticle", "headline": "Crane falls in Easthaven", "datePublished": "2022-03-01"}'
    pasted = "".join(
        f"<p>Crane number {n} falls in Easthaven harbour</p><p>Reuters</p>"
        f"<p>{BODY.replace(chr(10), ' ') * 3} Crane number {n} fell.</p>"
        for n in (1, 2, 3)
    )
    html = (
        f"<html><head><title>Crane falls in Easthaven</title>{{}}</head><body><div class='post-body'>{pasted}</div></body></html>"
    )
    assert len(clean_document(page_document(html.format("")))) == 3
    assert len(clean_document(page_document(html.format(f"<script type='application/ld+json'>{node}</script>")))) == 1
