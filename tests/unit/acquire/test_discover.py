"""What a site declares is found, what it does not declare is never asked for, and a check says which lists answer."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipelines.acquire.check import check_sources
from pipelines.acquire.discover import DiscoveryError, discover, is_news, read_page
from pipelines.acquire.http import Fetcher, Limits
from pipelines.acquire.sources import Source, load_outlets
from pipelines.cli import app

NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass
class Site:
    """A small web site on loopback: paths and what they answer (content type, body, status); ``asked`` is its log."""

    pages: dict[str, tuple[str, bytes, int]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def put(self, path: str, body: str | bytes, media_type: str = "application/xml", status: int = 200) -> None:
        self.pages[path] = (media_type, body.encode() if isinstance(body, str) else body, status)

    def url(self, path: str, host: str = "herald.example") -> str:
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            media_type, body, status = site.pages.get(self.path, ("text/plain", b"no such page", 404))
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            if 300 <= status < 400:
                self.send_header("Location", body.decode())
                body = b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    """Asks without delay; every name is this machine."""
    limits = Limits(delay_seconds=0, backoff_seconds=0.01, max_tries=2, total_seconds=5)
    with Fetcher(limits, allow_private=True, resolver=lambda host, port: ["127.0.0.1"]) as fetcher:
        yield fetcher


def rss(title: str, *days_ago: int, language: str = "en-GB") -> str:
    items = "".join(
        f"<item><title>{n}</title><link>https://herald.example/{n}</link>"
        f"<pubDate>{NOW - timedelta(days=days):%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for n, days in enumerate(days_ago)
    )
    return f'<rss version="2.0"><channel><title>{title}</title><language>{language}</language>{items}</channel></rss>'


def news_sitemap(*days_ago: int) -> str:
    urls = "".join(
        f"<url><loc>https://herald.example/n{n}</loc><news:news><news:publication><news:name>Herald</news:name>"
        f"<news:language>en</news:language></news:publication><news:title>{n}</news:title>"
        f"<news:publication_date>{(NOW - timedelta(days=days)).isoformat()}</news:publication_date></news:news></url>"
        for n, days in enumerate(days_ago)
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    )


def sitemap(*paths: str) -> str:
    urls = "".join(f"<url><loc>https://herald.example/{path}</loc></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def index(*urls: str) -> str:
    listed = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'


PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Latest news | Fenwick Herald</title>
<meta property="og:site_name" content="Fenwick Herald">
<link rel="alternate" type="application/rss+xml" title="Home" href="/rss">
<link REL="Alternate nofollow" TYPE="application/atom+xml; charset=utf-8" href="feeds/world.atom#x">
<link rel="alternate" type="application/json" href="/feed.json">
<link rel="alternate" type="application/json" href="/wp-json/v2/posts">
<link rel="alternate" type="application/rss+xml" title="Home &raquo; Comments Feed" href="/comments/feed/">
<link rel="alternate" hreflang="fr" href="/fr/">
<link rel="alternate" type="application/rss+xml" href="/gone">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
<link rel="stylesheet" href="/style.css">
</head><body><a href="/feed">not declared</a></body></html>"""


@pytest.fixture
def herald(site: Site) -> Site:
    """A site that declares three feeds that answer, and news sitemaps at the top and in an index."""
    site.put("/", PAGE, "text/html")
    site.put("/rss", rss("Fenwick Herald: home", 0, 3))
    site.put(
        "/feeds/world.atom",
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>World</title><entry><title>a</title>'
        f'<link href="https://herald.example/w"/><updated>{NOW.isoformat()}</updated></entry></feed>',
    )
    items = [{"id": "1", "url": "https://herald.example/j"}]
    site.put(
        "/feed.json", json.dumps({"version": "https://jsonfeed.org/version/1", "title": "J", "items": items}), "application/json"
    )
    site.put(
        "/robots.txt",
        f"User-agent: *\nDisallow: /private/\nSitemap: {site.url('/news.xml')}\nSitemap: {site.url('/all.xml')}\n"
        f"Sitemap: {site.url('/index.xml')}\nSitemap: {site.url('/private/news.xml')}\n",
        "text/plain",
    )
    site.put("/news.xml", news_sitemap(1))
    site.put("/all.xml", sitemap("a", "b"))
    site.put("/index.xml", index(*(site.url(path) for path in ("/2019.xml", "/2020.xml", "/news2.xml.gz", "/news.xml"))))
    site.put("/2019.xml", sitemap("c"))
    site.put("/2020.xml", sitemap("d"))
    site.put("/news2.xml.gz", gzip.compress(news_sitemap(0, 1, 2).encode()), "application/gzip")
    return site


def test_feeds_of_the_page_and_news_sitemaps_of_robots_txt_are_found(herald: Site, fetcher: Fetcher) -> None:
    found = discover(herald.url("/"), fetcher)
    assert [(find.kind, find.url, find.entries, find.newest) for find in found.finds] == [
        ("feed", herald.url("/rss"), 2, NOW),
        ("feed", herald.url("/feeds/world.atom"), 1, NOW),
        ("feed", herald.url("/feed.json"), 1, None),
        ("sitemap", herald.url("/news.xml"), 1, NOW - timedelta(days=1)),
        ("sitemap", herald.url("/news2.xml.gz"), 3, NOW),
    ]
    assert (found.outlet.name, found.outlet.domain, found.outlet.language) == ("Fenwick Herald", "herald.example", "en")
    assert {source.outlet for source in found.outlet.sources} == {"Fenwick Herald"}


def test_what_is_declared_but_not_followed_is_said_with_the_reason(herald: Site, fetcher: Fetcher) -> None:
    left_out = " | ".join(discover(herald.url("/"), fetcher).left_out)
    assert f"{herald.url('/comments/feed/')}: a feed of comments" in left_out
    assert f"{herald.url('/gone')}: 404 Not Found" in left_out
    assert f"{herald.url('/all.xml')}: no news sitemap: it lists 2 pages of any age" in left_out
    assert f"{herald.url('/private/news.xml')}: robots.txt disallows it" in left_out


def test_nothing_is_asked_for_that_is_not_declared_and_nothing_twice(herald: Site, fetcher: Fetcher) -> None:
    discover(herald.url("/"), fetcher)
    assert sorted(herald.asked) == sorted(
        [
            *("/robots.txt", "/", "/rss", "/feeds/world.atom", "/feed.json", "/gone"),
            *("/news.xml", "/all.xml", "/index.xml", "/news2.xml.gz", "/2019.xml", "/2020.xml"),
        ]
    )


def test_an_address_that_is_a_feed_is_followed_itself(herald: Site, fetcher: Fetcher) -> None:
    found = discover(herald.url("/rss"), fetcher)
    assert [(find.kind, find.url) for find in found.finds] == [("feed", herald.url("/rss"))]
    assert found.outlet.name == "Fenwick Herald: home"
    assert sorted(herald.asked) == ["/robots.txt", "/rss"]


def test_of_a_sitemap_index_its_news_sitemaps_are_followed_and_a_sitemap_itself(herald: Site, fetcher: Fetcher) -> None:
    assert {find.url for find in discover(herald.url("/index.xml"), fetcher).finds} == {
        herald.url("/news.xml"), herald.url("/news2.xml.gz"),
    }  # fmt: skip
    herald.put("/archive.xml", index(herald.url("/2019.xml")))
    assert [find.url for find in discover(herald.url("/archive.xml"), fetcher).finds] == [herald.url("/archive.xml")]
    assert [(find.url, find.entries) for find in discover(herald.url("/all.xml"), fetcher).finds] == [(herald.url("/all.xml"), 2)]


def test_relative_addresses_start_where_redirects_and_the_base_element_lead(site: Site, fetcher: Fetcher) -> None:
    site.put("/old", "/en/home", status=301)
    site.put(
        "/en/home",
        f'<html><head><base href="{site.url("/base/")}"><link rel=alternate type=application/rss+xml href=f.xml></head></html>',
        "text/html",
    )
    site.put("/base/f.xml", rss("Base", 1))
    assert [find.url for find in discover(site.url("/old"), fetcher).finds] == [site.url("/base/f.xml")]


@pytest.mark.parametrize(
    ("path", "answer", "reason"),
    [
        (
            "/",
            ("<html><head><title>Bare</title></head><body>words</body></html>", "text/html"),
            "declares no feed and no news sitemap",
        ),
        ("/x", ("<html/>", "text/html"), "declares no feed"),
        ("/feed", ("<rss><nothing>", "application/rss+xml"), "no feed"),
        ("/bomb", ('<!DOCTYPE r [<!ENTITY a "b">]><rss><channel/></rss>', "application/xml"), "defines XML entities"),
        ("/pdf", (b"%PDF-1.7 x", "application/pdf"), "application/pdf, not a page, feed or sitemap"),
        ("/json", ("{}", "application/json"), "no JSON feed"),
    ],
)
def test_where_nothing_is_to_be_followed_the_reason_is_said(
    site: Site, fetcher: Fetcher, path: str, answer: tuple[str | bytes, str], reason: str
) -> None:
    site.put(path, *answer)
    with pytest.raises(DiscoveryError) as refused:
        discover(site.url(path), fetcher)
    assert reason in str(refused.value)
    assert site.url(path) in str(refused.value)


@pytest.mark.parametrize(
    ("url", "reason"), [("ftp://h.example/", "no http or https URL"), ("a b", "has characters that no URL has")]
)
def test_an_address_that_is_none_is_refused(fetcher: Fetcher, url: str, reason: str) -> None:
    with pytest.raises(DiscoveryError, match=reason):
        discover(url, fetcher)


def test_a_site_that_declares_without_end_is_asked_a_bounded_number_of_things(site: Site, fetcher: Fetcher) -> None:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/f{n}">' for n in range(500))
    site.put("/", f"<html><head>{links}</head><body>{'<div>' * 20_000}deep</body></html>", "text/html")
    named = "".join(f"Sitemap: {site.url(f'/index{n}.xml')}\n" for n in range(300))
    site.put("/robots.txt", named, "text/plain")
    for n in range(300):
        site.put(f"/index{n}.xml", index(*(site.url(f"/map{n}-{k}.xml") for k in range(300))))
    site.put("/f3", rss("Third", 0))
    found = discover(site.url("/"), fetcher)
    assert [find.url for find in found.finds] == [site.url("/f3")]
    assert "more sitemaps of robots.txt were not looked at" in " ".join(found.left_out)
    assert len(site.asked) <= 2 + 20 + 24
    assert len(found.left_out) <= 100


def test_a_missing_page_is_refused_with_its_status(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(DiscoveryError, match="404"):
        discover(site.url("/nowhere"), fetcher)


@pytest.mark.parametrize(
    ("head", "feed_title", "name"),
    [
        ('<title>Latest | The Quay</title><meta name="application-name" content="Quay">', "Feed", "Quay"),
        ("<title>Breaking news – Herald</title>", "x", "Herald"),
        ("<title>Home: Northern Eye - all the news</title>", "Northern Eye: home", "Northern Eye"),
        ("<title>Welcome to us</title>", "Northern Eye", "Northern Eye"),
        ("", "", "herald.example"),
    ],
)
def test_an_outlet_is_called_what_its_site_calls_itself(
    site: Site, fetcher: Fetcher, head: str, feed_title: str, name: str
) -> None:
    site.put("/", f'<html><head>{head}<link rel="alternate" type="application/rss+xml" href="/f"></head></html>', "text/html")
    site.put("/f", rss(feed_title, 0))
    assert discover(site.url("/"), fetcher).outlet.name == name


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300) | st.text(alphabet="<>/=\"' abelrntypfhm+&;[]\0é", max_size=200).map(lambda t: f"<html>{t}".encode())
)
def test_any_page_can_be_read(body: bytes) -> None:
    for charset in (None, "utf-8", "no-such-charset"):
        assert all(url.startswith("http") for url in read_page(body, charset, "https://herald.example/").feeds)


def test_a_sitemap_that_only_names_the_news_namespace_lists_no_news() -> None:
    assert is_news(news_sitemap(0).encode())
    assert not is_news(news_sitemap().encode())
    assert not is_news(gzip.compress(news_sitemap(0).encode())[:40])


def test_a_check_says_how_much_each_list_holds_how_new_it_is_and_what_is_wrong(
    herald: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_text("<p>a")
    (tmp_path / "list.txt").write_text("# ours\nhttps://herald.example/1\n\nhttps://herald.example/2\n")
    herald.put("/stale", rss("Stale", 100))
    herald.put("/empty", rss("Empty"))
    herald.put("/moved", "/rss", status=302)
    herald.put("/away", herald.url("/rss", host="elsewhere.example"), status=302)
    herald.put("/page", PAGE, "text/html")
    herald.put("/list", "https://herald.example/1\n", "text/plain")
    feed = [Source("H", "feed", herald.url(path)) for path in ("/rss", "/stale", "/empty", "/moved", "/away", "/page", "/gone")]
    others = [
        Source("H", "sitemap", herald.url("/index.xml")),
        Source("H", "sitemap", herald.url("/private/news.xml")),
        Source("H", "urls", herald.url("/list")),
        Source("H", "urls", "#h", listed=("https://herald.example/3",)),
        Source("H", "urls", "list.txt", path=tmp_path / "list.txt"),
        Source("H", "folder", "pages", path=tmp_path / "pages"),
        Source("H", "folder", "none", path=tmp_path / "none"),
        Source("H", "urls", "none.txt", path=tmp_path / "none.txt"),
    ]
    answers = {answer.source: answer for answer in check_sources([*feed, *others], fetcher)}
    assert [(a.status, a.entries, a.note) for a in (answers[source] for source in feed)] == [
        ("ok", 2, None),
        ("ok", 1, f"nothing new since {NOW - timedelta(days=100):%Y-%m-%d}"),
        ("ok", 0, "lists nothing"),
        ("ok", 2, None),
        ("ok", 2, f"now at {herald.url('/rss', host='elsewhere.example')}"),
        ("parse_error", None, None),
        ("http_error", None, None),
    ]
    assert [(a.status, a.entries) for a in (answers[source] for source in others)] == [
        ("ok", 4),
        ("robots_disallowed", None),
        ("ok", 1),
        ("ok", 1),
        ("ok", 2),
        ("ok", 1),
        ("parse_error", None),
        ("parse_error", None),
    ]
    assert answers[feed[0]].newest == NOW
    assert answers[feed[6]].error == f"{herald.url('/gone')}: 404 Not Found"
    assert answers[others[6]].error == f"{tmp_path / 'none'}: no such folder"
    assert herald.asked.count("/robots.txt") == 2  # one for each host


class TestCommands:
    """counterclaim sources ..., against the site on loopback."""

    @pytest.fixture(autouse=True)
    def _quick(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COUNTERCLAIM_DELAY_SECONDS", "0")
        monkeypatch.setenv("COUNTERCLAIM_BACKOFF_SECONDS", "0.01")

    @staticmethod
    def run(file: Path, *arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["sources", *arguments, "--sources", str(file)])
        return result.exit_code, result.output

    def test_a_site_is_added_once_and_gains_what_is_new(self, herald: Site, tmp_path: Path) -> None:
        file, url = tmp_path / "sources.yml", herald.url("/", host="127.0.0.1")
        for path in ("/robots.txt", "/index.xml"):
            media_type, body, status = herald.pages[path]
            herald.pages[path] = (media_type, body.replace(b"herald.example", b"127.0.0.1"), status)
        file.write_text("# mine\noutlets:\n  - name: Post # ours\n    feeds: [https://post.example/rss]\n")
        code, output = self.run(file, "add", url, "--allow-private", "--dry-run")
        assert (code, file.read_text().count("name:")) == (0, 1)
        assert "would write" in output
        assert self.run(file, "add", url, "--allow-private")[0] == 0
        once = file.read_text()
        assert once.startswith("# mine\noutlets:\n  - name: Post # ours\n")
        fenwick = load_outlets(file)[1]
        assert (fenwick.name, fenwick.domain, len(fenwick.sources)) == ("Fenwick Herald", "127.0.0.1", 5)
        code, output = self.run(file, "add", url, "--allow-private")
        assert (code, file.read_text()) == (0, once)
        assert "nothing new for" in output
        herald.put("/gone", rss("Back again", 0))
        code, output = self.run(file, "add", url, "--allow-private")
        assert [source.address for source in load_outlets(file)[1].sources if source not in fenwick.sources] == [
            herald.url("/gone", host="127.0.0.1")
        ]

    def test_private_addresses_are_refused_unless_allowed(self, herald: Site, tmp_path: Path) -> None:
        code, output = self.run(tmp_path / "sources.yml", "add", herald.url("/", host="127.0.0.1"))
        assert code == 1
        assert "127.0.0.1" in output
        assert herald.asked == []
        assert not (tmp_path / "sources.yml").exists()

    def test_a_check_prints_a_table_and_fails_only_where_nothing_answers(self, herald: Site, tmp_path: Path) -> None:
        file = tmp_path / "sources.yml"
        rss_url, gone = herald.url("/rss", host="127.0.0.1"), herald.url("/gone", host="127.0.0.1")
        file.write_text(
            f"outlets:\n  - name: Herald\n    feeds: [{rss_url}, {gone}]\n"
            f"  - name: Post\n    outlet_id: post\n    follow: false\n    feeds: [{gone}?2]\n"
        )
        code, output = self.run(file, "check", "--allow-private")
        assert code == 0
        assert "1 of 2 lists answer, 0 of them with a remark" in output
        lines = {line.split()[2]: line.split() for line in output.splitlines() if "http://" in line}
        assert lines[rss_url][3:] == ["ok", "2", f"{NOW:%Y-%m-%d}", f"{NOW:%H:%M}"]
        assert lines[gone][3:] == ["http_error", "404", "Not", "Found"]
        assert self.run(file, "check", "post", "--allow-private")[0] == 1
        code, output = self.run(file, "check", "Nobody")
        assert code == 2
        assert "no outlet is called 'Nobody'" in output

    def test_a_check_as_json_has_a_line_for_every_list(self, herald: Site, tmp_path: Path) -> None:
        file = tmp_path / "sources.yml"
        url = herald.url("/rss", host="127.0.0.1")
        file.write_text(f"outlets:\n  - name: Herald\n    feeds: [{url}]\n    folder: nowhere\n")
        result = CliRunner().invoke(app, ["sources", "check", "--json", "--allow-private", "--sources", str(file)])
        first, second = (json.loads(line) for line in result.stdout.splitlines())
        assert first == {
            "source_id": f"feed:{url}", "kind": "feed", "address": url, "outlet": "Herald", "status": "ok", "entries": 2,
            "newest": NOW.isoformat(), "error": None, "note": None,
        }  # fmt: skip
        assert (second["status"], second["error"]) == ("parse_error", f"{tmp_path / 'nowhere'}: no such folder")

    def test_opml_is_imported_once_and_what_is_skipped_is_said(self, tmp_path: Path) -> None:
        file, opml = tmp_path / "sources.yml", tmp_path / "reader.opml"
        opml.write_text(
            '<opml version="2.0"><body><outline text="News">\n'
            '<outline text="BBC News - World" xmlUrl="https://feeds.bbci.co.uk/news/world/rss.xml" htmlUrl="https://www.bbc.com/"/>\n'
            '<outline text="Blog" xmlUrl="https://herald.example/rss"/><outline text="Site" htmlUrl="https://herald.example/"/>\n'
            "</outline></body></opml>"
        )
        code, output = self.run(file, "import", str(opml))
        assert code == 0
        assert f"{opml}:3: skipped 'Site': no feed: it has no xmlUrl" in output
        assert "3 outlines: 2 feeds added, 0 followed already, 1 skipped" in output
        bbc, blog = load_outlets(file)
        assert (bbc.name, bbc.outlet_id, bbc.country) == ("BBC", "bbc", "GB")
        assert (blog.name, blog.domain) == ("Blog", "herald.example")
        once = file.read_text()
        assert "0 feeds added, 2 followed already" in self.run(file, "import", str(opml))[1]
        assert file.read_text() == once
        exported = tmp_path / "out.opml"
        assert self.run(file, "export", "--opml", str(exported))[0] == 0
        assert self.run(tmp_path / "again.yml", "import", str(exported))[0] == 0
        assert [o.sources for o in load_outlets(tmp_path / "again.yml")] == [bbc.sources, blog.sources]

    @pytest.mark.parametrize("command", [["list"], ["check"], ["add", "https://h.example"], ["import", "x.opml"], ["export"]])
    def test_a_broken_file_is_named_with_its_line_and_left_alone(self, tmp_path: Path, command: list[str], site: Site) -> None:
        file = tmp_path / "sources.yml"
        file.write_text("outlets:\n  - name: Herald\n    feed: [https://h.example/]\n")
        (tmp_path / "x.opml").write_text("<opml/>")
        site.put("/", '<link rel="alternate" type="application/rss+xml" href="/f">', "text/html")
        site.put("/f", rss("F", 0))
        replaced = [str(tmp_path / "x.opml") if word == "x.opml" else word for word in command]
        replaced = [site.url("/", host="127.0.0.1") if "h.example" in word else word for word in replaced]
        code, output = self.run(file, *replaced, *(["--allow-private"] if command[0] == "add" else []))
        assert code == 2
        assert f"{file}:3: unknown key `feed`: did you mean `feeds`?" in output

    def test_the_shipped_list_is_listed(self) -> None:
        result = CliRunner().invoke(app, ["sources", "list"])
        assert result.exit_code == 0
        assert "BBC" in result.output
        assert "outlets of" in result.output
