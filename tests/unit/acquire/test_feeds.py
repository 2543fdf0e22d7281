"""Feeds and sitemaps: every page they list with what they say of it, and one kind of error for everything else."""

from __future__ import annotations

import contextlib
import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.acquire.feeds import parse_feed
from pipelines.acquire.listings import ListingError, moment, safe_xml
from pipelines.acquire.sitemaps import parse_sitemap

URL = "https://north.example/feeds/all.xml"
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>North &amp; Sea</title><language>en-gb</language>
<item><title>Ferry sinks &lt;b&gt;off&lt;/b&gt; Port Alma</title><link>https://north.example/1</link>
 <pubDate>Wed, 04 Mar 2026 10:00:00 +0100</pubDate><source url="https://varda.example/">Varda Today</source></item>
<item><title>Zoë’s café</title><link>/2?a=1&amp;b=2</link><dc:date>2026-03-04T10:00:00Z</dc:date>
 <dc:language>fr</dc:language></item>
<item><title>By its guid</title><guid isPermaLink="true">https://north.example/3</guid></item>
<item><title>Twice</title><link>https://north.example/1</link></item>
<item><title>No address</title><guid isPermaLink="false">tag:north.example,2026:4</guid></item>
<item><title>Another scheme</title><link>ftp://north.example/5</link></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Nord</title>
<entry><title type="html">F&#228;hre &lt;i&gt;gesunken&lt;/i&gt;</title><id>urn:1</id><link rel="self" href="https://nord.example/self"/>
<link rel="alternate" href="https://nord.example/1"/><published>2026-03-04T10:00:00+02:00</published>
<source><title>Varda heute</title><link href="https://varda.example/"/></source></entry></feed>"""


def test_an_rss_feed_gives_each_page_with_its_real_publisher_date_and_language() -> None:
    feed = parse_feed(RSS.encode(), URL)
    assert (feed.title, feed.language) == ("North & Sea", "en-gb")
    assert [entry.url for entry in feed.entries] == [
        *("https://north.example/1", "https://north.example/2?a=1&b=2", "https://north.example/3", "ftp://north.example/5"),
    ]
    first, second = feed.entries[:2]
    assert (first.title, first.publisher, first.publisher_url) == (
        "Ferry sinks off Port Alma", "Varda Today", "https://varda.example/",
    )  # fmt: skip
    assert first.published_at == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert (second.title, second.publisher, second.language) == ("Zoë’s café", None, "fr")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_feed_reads_the_same_in_every_encoding(encoding: str) -> None:
    text = RSS.replace('"utf-8"', '"windows-1252"') if encoding == "cp1252" else RSS
    assert parse_feed(text.encode(encoding), URL) == parse_feed(RSS.encode(), URL)


def test_an_atom_feed_gives_the_page_not_the_entry() -> None:
    feed = parse_feed(ATOM, URL)
    (entry,) = feed.entries
    assert (entry.url, entry.title, entry.language) == ("https://nord.example/1", "Fähre gesunken", "de")
    assert (entry.publisher, entry.publisher_url) == ("Varda heute", "https://varda.example/")
    assert entry.published_at == datetime(2026, 3, 4, 8, tzinfo=UTC)


def test_a_json_feed_of_either_version_is_read() -> None:
    items = [
        {"id": "1", "url": "/1", "title": "One", "date_published": "2026-03-04T10:00:00Z"},
        {"id": "https://north.example/2", "external_url": "https://varda.example/2", "language": "fr"},
        {"id": "https://north.example/3"},
        {"id": 4},
        "no item",
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "North", "language": "en", "items": items}
    entries = parse_feed(json.dumps(feed).encode(), "https://north.example/feed.json").entries
    assert [(e.url, e.language) for e in entries] == [
        ("https://north.example/1", "en"), ("https://varda.example/2", "fr"), ("https://north.example/3", "en"),
    ]  # fmt: skip
    assert entries[0].published_at == datetime(2026, 3, 4, 10, tzinfo=UTC)
    feed["version"] = "https://jsonfeed.org/version/1"
    assert len(parse_feed(json.dumps(feed).encode(), URL).entries) == 3


ENTITY = '<!DOCTYPE r [<!ENTITY a "aaaa">]><rss version="2.0"><channel><item><title>&a;</title></item></channel></rss>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "an empty body"),
        (b"<!doctype html><html><body>Log in</body></html>", "HTML"),
        (b"<html><head><title>Log in</title></head></html>", "HTML"),
        (b"Just words", "no feed: starts with 'Just words'"),
        (b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', "sitemap"),
        (b"{", "no JSON feed"),
        (b'{"items": []}', "its version is not one of jsonfeed.org"),
        (b"[" * 100_000, "no JSON feed"),
        (ENTITY.encode(), "XML entities, which are refused"),
        (ENTITY.encode("utf-16"), "XML entities, which are refused"),
        (ENTITY.encode("utf-32"), "XML entities, which are refused"),
        (b"\xff\xfe" + ENTITY.encode("utf-16-le"), "XML entities, which are refused"),
        (b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>', "XML entities"),
        (b"<a>" * 100_000, "no feed"),
        (b"<rss><channel>" + b"<item/>" * 10_001, "10,001 entries, at most 10,000 are read"),
        (b"<rss>" + b" " * 10_000_000, "10,000,005 bytes, at most 10,000,000 are read"),
    ],
)
def test_what_is_no_feed_says_so_and_names_its_address(data: bytes, reason: str) -> None:
    with pytest.raises(ListingError) as caught:
        parse_feed(data, URL)
    assert str(caught.value).startswith(URL)
    assert reason in str(caught.value)


def test_no_encoding_hides_entities() -> None:
    hidden = b'<?xml version="1.0" encoding="utf-7"?>' + ENTITY.encode().replace(b"<!ENTITY", b"+ADw-!ENTITY")
    with pytest.raises(ListingError, match="XML entities"):
        parse_feed(hidden, URL)
    ebcdic = b'<?xml version="1.0" encoding="cp037"?>' + ENTITY.encode("cp037")
    assert b"<!ENTITY" not in safe_xml(ebcdic, URL)


NEWS = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><image:image xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<image:loc>https://north.example/1.jpg</image:loc>
<image:title>Photo</image:title></image:image><loc> https://north.example/1 </loc><lastmod>2026-03-05</lastmod>
<news:news><news:publication><news:name>North</news:name>
<news:language>en</news:language></news:publication><news:publication_date>2026-03-04T10:00+02:00</news:publication_date>
<news:title>Ferry &amp; sea</news:title></news:news></url><url><loc>https://north.example/2</loc></url></urlset>"""


@pytest.mark.parametrize("data", [NEWS, gzip.compress(NEWS, mtime=0)], ids=["plain", "gzip"])
def test_a_news_sitemap_gives_date_title_and_language(data: bytes) -> None:
    sitemap = parse_sitemap(data, URL)
    first, second = sitemap.entries
    assert (first.url, first.title, first.language) == ("https://north.example/1", "Ferry & sea", "en")
    assert first.published_at == datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert first.modified_at == datetime(2026, 3, 5, tzinfo=UTC)
    assert (second.title, second.published_at) == (None, None)


def test_an_index_gives_sitemaps_not_pages() -> None:
    index = b"<sitemapindex><sitemap><loc>https://n.example/a.xml</loc><lastmod>2026-03-04</lastmod></sitemap></sitemapindex>"
    sitemap = parse_sitemap(index, URL)
    assert sitemap.entries == ()
    assert [(s.url, s.modified_at) for s in sitemap.sitemaps] == [("https://n.example/a.xml", datetime(2026, 3, 4, tzinfo=UTC))]


def test_a_sitemap_may_be_text_or_a_feed() -> None:
    assert [e.url for e in parse_sitemap(b"https://n.example/1\nhttps://n.example/2\n", URL).entries] == [
        "https://n.example/1", "https://n.example/2",
    ]  # fmt: skip
    assert parse_sitemap(RSS.encode(), URL).entries == parse_feed(RSS.encode(), URL).entries


def test_a_sitemap_that_is_cut_off_gives_what_stands_before_and_says_so() -> None:
    sitemap = parse_sitemap(NEWS[: NEWS.index(b"<url><loc>https://north.example/2")] + b"<url><loc", URL)
    assert len(sitemap.entries) == 1
    assert sitemap.problem is not None
    assert f"{URL}: only the first 1 addresses are read" in sitemap.problem


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<!doctype html><html><p>x", "no sitemap"),
        (b"<html><body>x</body></html>", "an HTML page"),
        (b"words", "no sitemap: holds 'words'"),
        (gzip.compress(NEWS, mtime=0)[:-9], "gzip is cut off"),
        (gzip.compress(b"\0" * 60_000_000, mtime=0), "gzip is more than 52,428,800 bytes once unpacked"),
        (ENTITY.encode(), "XML entities"),
    ],
)
def test_what_is_no_sitemap_says_so(data: bytes, reason: str) -> None:
    with pytest.raises(ListingError) as caught:
        parse_sitemap(data, URL)
    assert str(caught.value).startswith(URL)
    assert reason in str(caught.value)


def test_partial_dates_and_nonsense() -> None:
    assert moment("2026") == datetime(2026, 1, 1, tzinfo=UTC)
    assert moment("2026-03") == datetime(2026, 3, 1, tzinfo=UTC)
    assert [moment(value) for value in ("0001-01-01", "9999-12-31T23:59:59-14:00", "soon", "", None, 5)] == [None] * 6


JSON = b'{"version":"https://jsonfeed.org/version/1","items":[{"url":"/1"}]}'
SEEDS = [RSS.encode(), ATOM, NEWS, gzip.compress(NEWS, mtime=0), ENTITY.encode("utf-16"), JSON]
PIECES = [b"<item>", b"]]>", b"<![CDATA[", b"&#0;", b"<!--", b"\0", b"<loc>", b'"']


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A feed or sitemap with some of it cut, doubled, overwritten or swapped."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        at, size = draw(st.integers(0, len(data))), draw(st.integers(0, 60))
        piece = draw(
            st.binary(max_size=20) | st.sampled_from([b"<item>", b"]]>", b"<![CDATA[", b"&#0;", b"<!--", b"\0", b"<loc>", b'"'])
        )
        data[at : at + size] = piece * draw(st.integers(1, 5))
    return bytes(data)


@given(mutated() | st.binary(max_size=300))
def test_any_bytes_are_a_listing_or_a_listing_error(data: bytes) -> None:
    for parse in (parse_feed, parse_sitemap):
        with contextlib.suppress(ListingError):
            for entry in parse(data, URL).entries:
                assert len(entry.url) <= 8_100
                assert entry.published_at is None or entry.published_at.tzinfo is not None


WALLS = [
    b"<item>",
    b"<item><link>",
    b"<![CDATA[",
    b"<!--",
    b"<",
    b" a=b",
    b"&amp;",
    b"]]>",
    b"<link href=x>",
    b"<source url='x'>",
]


@pytest.mark.parametrize("piece", WALLS)
def test_a_wall_of_anything_ends(piece: bytes) -> None:
    for start in (b"<rss><channel>", b"<feed ", b"<urlset><url><loc>"):
        for parse in (parse_feed, parse_sitemap):
            with contextlib.suppress(ListingError):
                parse(start + piece * (400_000 // len(piece)), URL)
