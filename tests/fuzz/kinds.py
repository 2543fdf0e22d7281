"""What is fuzzed: for each kind its seeds, and what becomes of an input, as statuses of rows."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.acquire.feeds import parse_feed
from pipelines.acquire.files import Attempt, read_file
from pipelines.acquire.listings import ListingError
from pipelines.acquire.sitemaps import parse_sitemap
from pipelines.clean.documents import Document, clean_documents
from pipelines.settings import SAMPLE_PAGES
from pipelines.tables import ARTICLES, FETCH_STATUSES

NOW: Final = datetime(2026, 3, 20, tzinfo=UTC)
MAX_DOCUMENT: Final = 3_000_000
KNOWN_OUTLETS: Final = frozenset({"Northwire", "The Daily Lantern", "Harbour Gazette", "Castellan Times", "Varda Today"})


@dataclass(frozen=True, slots=True)
class Kind:
    """``seeds`` are whole inputs; ``end`` takes an input and a folder for it, and gives the status of every row it becomes."""

    seeds: Callable[[], list[bytes]]
    end: Callable[[bytes, Path], list[str]]


@cache
def sample_pages() -> list[bytes]:
    return [path.read_bytes() for path in sorted(SAMPLE_PAGES.rglob("*.html"))]


@cache
def digests() -> list[bytes]:
    """Digests as text, and as pages that paste them."""
    texts = [path.read_bytes() for path in sorted((SAMPLE_PAGES / "digest").glob("*.txt"))]
    pages = [
        b"<html><body><div class='post-body'>%s</div></body></html>" % b"".join(b"<p>%s</p>" % line for line in text.split(b"\n"))
        for text in texts
    ]
    return texts + pages


@cache
def archives() -> list[bytes]:
    """Small archives of sample pages, packed and not, with the codings of HTTP."""
    found = []
    for is_packed in (False, True):
        for start in (0, 4):
            stream = BytesIO()
            writer = WARCWriter(stream, gzip=is_packed)
            writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "test"}))
            for number, page in enumerate(sample_pages()[start : start + 4]):
                fields = [("Content-Type", "text/html; charset=utf-8"), ("ETag", f'"{number}"')]
                body = page
                if number % 2:
                    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page)
                    fields.append(("Transfer-Encoding", "chunked"))
                writer.write_record(
                    writer.create_warc_record(
                        f"https://northwire.example/{number}",
                        "response",
                        payload=BytesIO(body),
                        length=len(body),
                        http_headers=StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1"),
                        warc_headers_dict={"WARC-Date": "2026-03-02T10:00:00Z"},
                    )
                )
            found.append(stream.getvalue())
    return found


_ITEM: Final = """<item><title>Ferry {n} runs aground off Port Alma</title>
<link>https://northwire.example/ferry-{n}?utm_source=rss</link>
<pubDate>Mon, 02 Mar 2026 10:{n:02}:00 +0100</pubDate><guid isPermaLink="false">{n}</guid><dc:creator>Mira Osten</dc:creator>
<source url="https://daily-lantern.example/">The Daily Lantern</source>
<description><![CDATA[<p>Seven were rescued.</p>]]></description></item>"""
_ENTRY: Final = """<entry><title type="html">Ferry {n} &amp;amp; tug</title>
<link rel="alternate" href="/ferry-{n}"/><id>tag:{n}</id>
<updated>2026-03-02T10:{n:02}:00Z</updated><author><name>Mira Osten</name></author>
<summary>Seven were rescued.</summary></entry>"""
_JSON_ITEM: Final = (
    '{{"id":"{n}","url":"https://northwire.example/ferry-{n}","title":"Ferry {n}","date_published":"2026-03-02T10:{n:02}:00Z"}}'
)
_NEWS: Final = """<url><loc>https://northwire.example/ferry-{n}</loc><lastmod>2026-03-02T10:{n:02}:00Z</lastmod><news:news><news:publication>
<news:name>Northwire</news:name><news:language>en</news:language></news:publication><news:publication_date>2026-03-02</news:publication_date>
<news:title>Ferry {n} &amp; tug</news:title></news:news></url>"""


def _many(item: str, count: int = 12) -> str:
    return "".join(item.format(n=n) for n in range(count))


@cache
def feeds() -> list[bytes]:
    rss = (
        '<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        "<title>Café Northwire</title><link>https://northwire.example/</link><language>en-gb</language>{items}</channel></rss>"
    )
    atom = (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Northwire</title>'
        '<link href="https://northwire.example/feed" rel="self"/><id>urn:1</id>'
        "<updated>2026-03-02T10:00:00Z</updated>{items}</feed>"
    )
    entries = ",".join(_JSON_ITEM.format(n=n) for n in range(8))
    return [
        rss.format(encoding="utf-8", items=_many(_ITEM)).encode(),
        rss.format(encoding="iso-8859-1", items=_many(_ITEM, 3)).encode("latin-1"),
        atom.format(items=_many(_ENTRY)).encode(),
        ('{"version":"https://jsonfeed.org/version/1.1","title":"Northwire","items":[' + entries + "]}").encode(),
    ]


@cache
def sitemaps() -> list[bytes]:
    lead = '<?xml version="1.0" encoding="UTF-8"?>'
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    urls = f"{lead}<urlset {spaces}>{_many(_NEWS)}</urlset>".encode()
    child = "<sitemap><loc>https://northwire.example/news-{n}.xml.gz</loc><lastmod>2026-03-02</lastmod></sitemap>"
    index = f"{lead}<sitemapindex {spaces}>{_many(child)}</sitemapindex>".encode()
    return [urls, index, gzip.compress(urls, mtime=0), b"".join(b"https://northwire.example/%d\n" % n for n in range(20))]


def _cleaned(attempts: list[Attempt], untouched: frozenset[bytes]) -> list[str]:
    """The status of each attempt, and after cleaning that of each document."""
    statuses = []
    for attempt in attempts:
        assert (attempt.error is None) == (attempt.document is not None)
        statuses.append(attempt.status)
        document = attempt.document
        if document is None or document.payload in untouched:
            continue
        kept = Document("d", document.url, document.is_page_url, document.media_type, document.payload, NOW, document.meta)
        report = clean_documents([kept], known_outlets=KNOWN_OUTLETS)
        assert report.articles.schema == ARTICLES.schema
        assert (report.articles.height > 0) != (report.failures.height > 0)
        if report.failures.height:
            statuses[-1] = "parse_error"
        for error in report.failures["error"]:
            assert not error.startswith("unexpected"), error
        for row in report.articles.iter_rows(named=True):
            assert row["text"].startswith(row["title"])
            row["text"].encode("utf-8")
    return statuses


def _file(suffix: str, untouched: Callable[[], list[bytes]] | None = None) -> Callable[[bytes, Path], list[str]]:
    def end(data: bytes, folder: Path) -> list[str]:
        path = folder / f"input{suffix}"
        path.write_bytes(data)
        return _cleaned(
            list(read_file(path, path.name, max_bytes=MAX_DOCUMENT)), frozenset(untouched()) if untouched else frozenset()
        )

    return end


def _digest(data: bytes, folder: Path) -> list[str]:
    return _file(".html" if data[:200].lstrip().startswith(b"<") else ".txt")(data, folder)


def _listing(parse: Callable[[bytes, str], object]) -> Callable[[bytes, Path], list[str]]:
    def end(data: bytes, folder: Path) -> list[str]:
        try:
            parse(data, "https://northwire.example/list")
        except ListingError as problem:
            return ["parse_error"] if str(problem) else []
        return ["ok"]

    return end


KINDS: Final[dict[str, Kind]] = {
    "page": Kind(sample_pages, _file(".html")),
    "digest": Kind(digests, _digest),
    "warc": Kind(archives, _file(".warc", sample_pages)),
    "feed": Kind(feeds, _listing(parse_feed)),
    "sitemap": Kind(sitemaps, _listing(parse_sitemap)),
}
assert set(FETCH_STATUSES) >= {"ok", "parse_error"}
