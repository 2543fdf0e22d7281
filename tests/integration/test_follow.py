"""Following outlets against a real server: each address ends as the right row, the server's log says that we were polite."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from pipelines.acquire.feeds import Feed, parse_feed
from pipelines.acquire.http import Fetcher, Limits
from pipelines.acquire.sources import Source
from pipelines.orchestration.assets.clean import clean_pending, relate_articles
from pipelines.orchestration.follow import Followed, follow_into
from pipelines.settings import PROJECT_ROOT, Settings, load_settings
from pipelines.tables import FETCHES
from pipelines.warehouse import Warehouse
from tests.integration.conftest import command_line
from tests.integration.site import FILLER, Answer, Asked, Site, World, page, rss, serving

DELAY = 0.03
CRAWL_DELAY = 0.12
LIMITS = Limits(
    delay_seconds=DELAY,
    total_seconds=3.0,  # what a busy machine may take for a small page
    read_seconds=2.5,
    max_bytes=300_000,
    max_tries=2,
    backoff_seconds=0.02,
    max_redirects=4,
)
NORTH = "http://north.example"
HTML = {"Content-Type": "text/html; charset=utf-8"}
MODIFIED = "Wed, 25 Nov 2026 10:00:00 GMT"
BOMB = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><item>&b;</item></channel></rss>'


def moved(to: str, code: int = 302) -> Answer:
    return Answer(code=code, headers={"Location": to})


def build(site: Site) -> list[Source]:
    """The small web, and what of it is followed."""
    calls: dict[str, int] = {}

    def first_busy(asked: Asked) -> Answer:
        calls[asked.path] = calls.get(asked.path, 0) + 1
        return Answer(code=429, headers={"Retry-After": "1"}) if calls[asked.path] == 1 else Answer(page("Busy quay"), 200, HTML)

    north = {
        "/robots.txt": Answer(
            f"User-agent: *\nDisallow: /private/\nCrawl-delay: {CRAWL_DELAY}\nSitemap: {NORTH}/index.xml\n\n"
            "User-agent: GPTBot\nDisallow: /\n".encode(),
            headers={"Content-Type": "text/plain"},
        ),
        "/feed.xml": Answer(b"", etag='"feed-1"', headers={"Content-Type": "application/rss+xml"}),
        "/a/etag": Answer(page("Ferry stays in port", "By etag."), 200, HTML, etag='"a"'),
        "/a/modified": Answer(page("Ferry leaves port", "By date."), 200, HTML, last_modified=MODIFIED),
        "/a/plain": Answer(page("Ferry returns", "By bytes."), 200, HTML),
        "/a/edited": Answer(page("Ferry sinks", "Five people are missing."), 200, HTML),
        "/a/moved": moved("/a/there", 301),
        "/a/there": Answer(page("Ferry moved"), 200, HTML),
        "/private/x": Answer(page("Secret"), 200, HTML),
        "/gone": Answer(code=410),
        "/loop": moved("/loop/2"),
        "/loop/2": moved("/loop"),
        **{f"/far/{n}": moved(f"/far/{n + 1}") for n in range(9)},
        "/busy": first_busy,
        "/ill": Answer(code=503),
        "/slow": Answer(pieces=[b"<p>word</p>"] * 200, pause=0.05, headers=HTML),
        "/huge": Answer(pieces=[b"<p>word</p>" * 1_000] * 400, headers=HTML),
        "/huge-declared": Answer(b"<p>x" * 100_000, headers=HTML),
        "/gzip-bomb": Answer(gzip.compress(b"<p>" + b"\0" * 60_000_000), headers={**HTML, "Content-Encoding": "gzip"}),
        "/gzip-cut": Answer(gzip.compress(page("Cut"))[:-20], headers={**HTML, "Content-Encoding": "gzip"}),
        "/gzip": Answer(gzip.compress(page("Packed", "Unpacks well.")), headers={**HTML, "Content-Encoding": "gzip"}),
        "/brotli": Answer(b"\x0b\x02\x80<p>\x03", headers={**HTML, "Content-Encoding": "br"}),
        "/pdf-as-html": Answer(b"%PDF-1.7\n" + b"x" * 9_000, headers=HTML),
        "/jpeg": Answer(b"\xff\xd8\xff\xe0" + b"\0" * 5_000, headers={"Content-Type": "image/jpeg"}),
        "/html-as-bytes": Answer(page("Named wrongly"), headers={"Content-Type": "application/octet-stream"}),
        "/charset": Answer(
            f"<html><head><title>Straße gesperrt</title></head><body><article><h1>Straße gesperrt</h1><p>Die Brücke über die"
            f" Förde bleibt für Züge geschlossen, sagte der Bürgermeister. {FILLER}</p></article></body></html>".encode("cp1252"),
            headers=HTML,
        ),
        "/deep": Answer(b"<div>" * 50_000, headers=HTML),
        "/empty": Answer(b" \n", headers=HTML),
        "/to-loopback": moved("http://127.0.0.1/admin"),
        "/to-mapped": moved("http://[::ffff:127.0.0.1]/admin"),
        "/to-metadata": moved("http://169.254.169.254/latest/meta-data/"),
        "/to-inside": moved("http://inside.example/secret"),
        "/to-file": moved("file:///etc/passwd"),
        "/to-closed": moved("http://closed.example/page"),
        "/ai": Answer(page("No robots", head='<meta name="robots" content="noai">'), 200, {**HTML, "TDM-Reservation": "1"}),
        "/index.xml": Answer(
            b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            b"<sitemap><loc>http://north.example/news.xml.gz</loc></sitemap>"
            b"<sitemap><loc>http://north.example/old.xml</loc><lastmod>2019-01-01</lastmod></sitemap></sitemapindex>",
            etag='"index"',
        ),
        "/news.xml.gz": Answer(
            gzip.compress(
                b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
                b"<url><loc>http://north.example/a/plain</loc></url>"
                b"<url><loc>http://north.example/n/1</loc><n:news><n:publication><n:name>North</n:name><n:language>en</n:language>"
                b"</n:publication><n:publication_date>2026-11-28T09:00:00+01:00</n:publication_date><n:title>Map found</n:title>"
                b"</n:news></url></urlset>"
            ),
            headers={"Content-Type": "application/x-gzip"}, etag='"news"',
        ),
        "/n/1": Answer(page("Map found"), 200, HTML),
    }  # fmt: skip
    paths = [path for path in north if path not in ("/robots.txt", "/feed.xml", "/index.xml", "/news.xml.gz", "/n/1", "/a/there")]
    paths = [path for path in paths if path not in ("/loop/2", "/to-loopback") and not path.startswith("/far/")]
    links = [f"{NORTH}{path}" for path in [*paths, "/far/0", "/missing"]]
    links += [
        "ftp://north.example/x",
        "file:///etc/passwd",
        "http://192.168.0.1/x",
        "http://localhost/x",
        "http://nowhere.test/x",
    ]
    north["/feed.xml"].body = rss(*[(link, "Title") for link in links])  # type: ignore[union-attr]
    site.routes |= {f"north.example{path}": route for path, route in north.items()}
    site.routes |= {
        # An aggregator: the real publisher stands in <source>; the same page as North's, with a tracking parameter.
        "lantern.example/rss": Answer(
            rss(("http://lantern.example/1", "Lantern one"), (f"{NORTH}/a/etag?utm_source=rss&utm_medium=feed#top", "Same page"),
                extra='<source url="https://varda.example">Varda Today</source>'),
            last_modified=MODIFIED,
        ),
        "lantern.example/1": Answer(page("Lantern one"), 200, HTML),
        "lantern.example/atom": Answer(
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Two</title><link href="/2"/>'
            b"<published>2026-11-28T10:00:00Z</published></entry></feed>"
        ),
        "lantern.example/2": Answer(page("Lantern two"), 200, HTML),
        "lantern.example/json": Answer(
            json.dumps({"version": "https://jsonfeed.org/version/1.1", "language": "en", "items": [
                {"id": "3", "url": "http://lantern.example/3", "title": "Three", "date_published": "2026-11-28T10:00:00Z"},
                {"id": "4", "url": "http://lantern.example/4", "title": "Old", "date_published": "2020-01-01T10:00:00Z"}]}
            ).encode()
        ),
        "lantern.example/3": Answer(page("Lantern three"), 200, HTML),
        "lantern.example/5": Answer(page("Lantern five"), 200, HTML),
        "lantern.example/bomb": Answer(BOMB),
        "lantern.example/html": Answer(page("No feed"), 200, HTML),
        "gazette.example/robots.txt": Answer(code=503),
        "gazette.example/feed": Answer(rss(("http://gazette.example/1", "Never seen"))),
        "closed.example/robots.txt": Answer(b"User-agent: *\nDisallow: /\n"),
        "closed.example/page": Answer(page("Closed"), 200, HTML),
        "listed.example/urls.txt": Answer(b"# ours\nhttp://listed.example/1\n\nhttp://listed.example/to-loopback\nno address\n"),
        "listed.example/1": Answer(page("Listed one"), 200, HTML),
        "listed.example/to-loopback": moved("http://127.0.0.1:8080/admin"),
    }  # fmt: skip
    return [
        Source("North", "feed", f"{NORTH}/feed.xml"),
        Source("North", "sitemap", f"{NORTH}/index.xml"),
        *[Source("Lantern", "feed", f"http://lantern.example/{name}") for name in ("rss", "atom", "json", "bomb", "html")],
        Source("Lantern", "urls", "#lantern", listed=("http://lantern.example/5",)),
        Source("Gazette", "feed", "http://gazette.example/feed"),
        Source("Listed", "urls", "http://listed.example/urls.txt"),
    ]


@dataclass
class Home:
    site: Site
    world: World
    sources: list[Source]
    settings: Settings
    warehouse: Warehouse
    runs: int = 0
    first_log: list[Asked] = field(default_factory=list)

    def follow(self, sources: list[Source] | None = None) -> Followed:
        self.runs += 1
        fetcher = Fetcher(LIMITS, contact="https://desk.example/bot", resolver=self.world.resolve, backend=self.world)
        with fetcher:
            chosen = self.sources if sources is None else sources
            followed = follow_into(self.warehouse, self.settings, chosen, f"run-{self.runs}", fetcher=fetcher)
        clean_pending(self.warehouse, self.settings)
        relate_articles(self.warehouse)
        return followed

    def pass_time(self, hours: float) -> None:
        """As if everything so far lay ``hours`` further back."""
        rows = self.warehouse.read("select fetch_id, requested_at from raw.fetches")
        with self.warehouse.transaction() as transaction:
            transaction.update(FETCHES, rows.with_columns(pl.col("requested_at") - timedelta(hours=hours)))

    def rows(self, run: int) -> pl.DataFrame:
        return self.warehouse.read("select * from raw.fetches where run_id = ? order by requested_at", [f"run-{run}"])


def make_home(folder: Path, site: Site, sources: list[Source], names: dict[str, str] | None = None) -> Home:
    settings = load_settings(home=folder, workers=1, batch_documents=7)
    return Home(site, World(site, names), sources, settings, Warehouse.from_settings(settings))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The first run over the small web."""
    with serving() as site:
        made = make_home(
            tmp_path_factory.mktemp("home"), site, build(site), {"inside.example": "10.0.0.7", "localhost": "127.0.0.1"}
        )
        made.follow()
        yield made


@pytest.fixture(scope="module")
def first_log(home: Home) -> list[Asked]:
    return list(home.site.log)


@pytest.fixture(scope="module")
def first(home: Home) -> dict[str, dict[str, object]]:
    """The last row of each address in the first run."""
    rows = home.rows(1)
    return {row["url"].removeprefix("http://"): row for row in rows.iter_rows(named=True)}


@pytest.mark.parametrize(
    ("url", "status", "reason"),
    [
        ("north.example/feed.xml", "ok", None),
        ("north.example/index.xml", "ok", None),
        ("north.example/news.xml.gz", "ok", None),
        ("north.example/a/etag", "ok", None),
        ("north.example/a/moved", "ok", None),
        ("north.example/n/1", "ok", None),
        ("north.example/gzip", "ok", None),
        ("north.example/charset", "ok", None),
        ("north.example/html-as-bytes", "ok", None),
        ("north.example/busy", "ok", None),
        ("north.example/private/x", "robots_disallowed", "robots.txt disallows it"),
        ("north.example/gone", "http_error", "410 Gone"),
        ("north.example/missing", "http_error", "404 Not Found"),
        ("north.example/loop", "http_error", "redirects go in a circle"),
        ("north.example/far/0", "http_error", "more than 4 redirects"),
        ("north.example/ill", "http_error", "503 Service Unavailable (2 tries)"),
        ("north.example/slow", "timeout", "took longer than 3 s in all"),
        ("north.example/huge", "too_large", "more than 300,000 bytes"),
        ("north.example/huge-declared", "too_large", "400,000 bytes, at most 300,000 are read"),
        ("north.example/gzip-bomb", "too_large", "more than 300,000 bytes once unpacked"),
        ("north.example/gzip-cut", "parse_error", "gzip body is cut off"),
        ("north.example/brotli", "parse_error", "content encoding 'br', which was not asked for"),
        ("north.example/pdf-as-html", "unsupported_type", "application/pdf, declared as text/html, not a page"),
        ("north.example/jpeg", "unsupported_type", "image/jpeg, not a page"),
        ("north.example/deep", "parse_error", "north.example/deep"),
        ("north.example/empty", "parse_error", "an empty body"),
        ("north.example/to-mapped", "refused_address", "127.0.0.1 within it is loopback"),
        ("north.example/to-metadata", "refused_address", "169.254.169.254 is link-local"),
        ("north.example/to-inside", "refused_address", "10.0.0.7 is private"),
        ("north.example/to-file", "refused_address", "file: only http and https are asked"),
        ("north.example/to-closed", "robots_disallowed", "closed.example/page: robots.txt disallows it"),
        ("ftp://north.example/x", "refused_address", "ftp: only http and https are asked"),
        ("file:///etc/passwd", "refused_address", "file: only http and https are asked"),
        ("192.168.0.1/x", "refused_address", "192.168.0.1 is private"),
        ("localhost/x", "refused_address", "127.0.0.1 is loopback"),
        ("nowhere.test/x", "http_error", "nowhere.test cannot be resolved"),
        ("lantern.example/rss", "ok", None),
        ("lantern.example/atom", "ok", None),
        ("lantern.example/json", "ok", None),
        ("lantern.example/1", "ok", None),
        ("lantern.example/2", "ok", None),
        ("lantern.example/3", "ok", None),
        ("lantern.example/5", "ok", None),
        ("lantern.example/bomb", "parse_error", "defines XML entities, which are refused"),
        ("lantern.example/html", "parse_error", "no feed"),
        ("lantern.example/robots.txt", "http_error", "404"),
        ("gazette.example/robots.txt", "http_error", "503"),
        ("gazette.example/feed", "robots_disallowed", "not asked, as robots.txt cannot be had"),
        ("listed.example/urls.txt", "ok", None),
        ("listed.example/1", "ok", None),
        ("listed.example/to-loopback", "refused_address", "127.0.0.1 is loopback"),
        ("no address", "refused_address", "no scheme: only http and https are asked"),
    ],
)
def test_every_address_ends_as_a_row_with_its_reason(
    first: dict[str, dict[str, object]], url: str, status: str, reason: str | None
) -> None:
    row = first[url]
    assert (row["status"], row["error"] if reason is None else None) == (status, None), row["error"]
    assert reason is None or reason in str(row["error"])


def test_what_was_listed_and_is_old_or_was_never_listed_is_not_asked_for(home: Home, first: dict[str, dict[str, object]]) -> None:
    assert "lantern.example/4" not in first
    assert "north.example/old.xml" not in first
    assert home.warehouse.read("select count(*) from raw.entries where url = 'http://lantern.example/4'").item() == 1


def test_no_address_that_is_refused_was_ever_connected_to(home: Home, first_log: list[Asked]) -> None:
    assert all(address.startswith("93.184.") for address in home.world.dialled)
    assert not {asked.host for asked in first_log} & {"127.0.0.1", "169.254.169.254", "inside.example", "localhost"}


def test_robots_txt_is_asked_first_obeyed_and_is_a_row(home: Home, first_log: list[Asked]) -> None:
    hosts = {asked.host for asked in first_log}
    for host in hosts:
        assert next(asked for asked in first_log if asked.host == host).path == "/robots.txt"
        assert sum(asked.path == "/robots.txt" for asked in first_log if asked.host == host) == (
            2 if host == "gazette.example" else 1
        )
    paths = {asked.url for asked in first_log}
    assert not paths & {"north.example/private/x", "closed.example/page", "gazette.example/feed"}
    robots = home.rows(1).filter(pl.col("source_id").str.starts_with("robots:"))
    assert set(robots["source_id"]) >= {f"robots:{host}" for host in hosts}
    assert set(robots["method"]) == {"url"}


def test_a_host_is_asked_one_thing_at_a_time_and_not_without_a_pause(first_log: list[Asked]) -> None:
    for host, pause in (("north.example", CRAWL_DELAY), ("lantern.example", DELAY), ("listed.example", DELAY)):
        asked = sorted((a for a in first_log if a.host == host), key=lambda a: a.asked_at)
        assert len(asked) >= 3
        for earlier, later in pairwise(asked):
            assert later.asked_at - earlier.answered_at >= pause, (earlier.path, later.path)


def test_every_request_says_who_asks(first_log: list[Asked]) -> None:
    agents = {asked.headers["user-agent"] for asked in first_log}
    assert len(agents) == 1
    assert agents.pop().startswith("Counterclaim/")
    assert all("https://desk.example/bot" in asked.headers["user-agent"] for asked in first_log)
    assert not any("cookie" in asked.headers for asked in first_log)


def test_retry_after_is_waited_for_and_each_try_is_a_row(home: Home, first_log: list[Asked]) -> None:
    refused, served = (asked for asked in first_log if asked.url == "north.example/busy")
    assert served.asked_at - refused.answered_at >= 1.0
    rows = home.rows(1).filter(pl.col("url") == "http://north.example/busy")
    assert rows["http_status"].to_list() == [429, 200]
    assert "asks to wait 1 s" in rows["error"][0]


def test_opt_outs_are_recorded_with_where_they_were_declared(first: dict[str, dict[str, object]]) -> None:
    assert first["north.example/a/etag"]["opt_out"] == "robots.txt: GPTBot"
    assert first["north.example/ai"]["opt_out"] == "robots.txt: GPTBot; header tdm-reservation: 1; meta robots: noai"
    assert first["lantern.example/1"]["opt_out"] is None


def test_a_page_that_two_lists_name_is_asked_for_once(home: Home, first_log: list[Asked]) -> None:
    assert sum(asked.url.startswith("north.example/a/etag") for asked in first_log) == 1
    entries = home.warehouse.read("select source_id from raw.entries where url = 'http://north.example/a/etag' order by 1")
    assert entries["source_id"].to_list() == ["feed:http://lantern.example/rss", "feed:http://north.example/feed.xml"]


def test_what_lists_say_about_a_page_is_kept(home: Home) -> None:
    rows = home.warehouse.read("select url, outlet, title, publisher, publisher_url, published_at, language from raw.entries")
    entries = {row["url"]: row for row in rows.iter_rows(named=True)}
    one, mapped = entries["http://lantern.example/1"], entries["http://north.example/n/1"]
    assert (one["outlet"], one["publisher"], one["publisher_url"]) == ("Lantern", "Varda Today", "https://varda.example")
    assert (mapped["title"], mapped["language"]) == ("Map found", "en")
    assert mapped["published_at"] == datetime(2026, 11, 28, 8, tzinfo=UTC)


def test_where_redirects_led_is_the_document_s_address(home: Home, first: dict[str, dict[str, object]]) -> None:
    assert first["north.example/a/moved"]["final_url"] == "http://north.example/a/there"
    assert home.warehouse.read("select count(*) from raw.documents where url = 'http://north.example/a/there'").item() == 1


def test_a_wrong_charset_still_reads_right(home: Home) -> None:
    titles = home.warehouse.read("select title from raw.articles where url = 'http://north.example/charset'")["title"]
    assert titles.to_list() == ["Straße gesperrt"]


def test_a_run_right_after_asks_for_lists_only_and_conditionally(home: Home) -> None:
    before, run = len(home.site.log), home.runs + 1
    home.follow()
    log = home.site.log[before:]
    again = {asked.url for asked in log if asked.path != "/robots.txt"}
    assert again == {
        *("north.example/feed.xml", "north.example/index.xml", "north.example/news.xml.gz", "listed.example/urls.txt"),
        *(f"lantern.example/{name}" for name in ("rss", "atom", "json", "bomb", "html")),
    }
    by_url = {asked.url: asked for asked in log}
    assert by_url["north.example/feed.xml"].headers["if-none-match"] == '"feed-1"'
    assert by_url["lantern.example/rss"].headers["if-modified-since"] == MODIFIED
    assert "if-none-match" not in by_url["lantern.example/bomb"].headers
    # Unchanged, an index would not say which sitemaps there are.
    assert "if-none-match" not in by_url["north.example/index.xml"].headers
    assert by_url["north.example/news.xml.gz"].headers["if-none-match"] == '"news"'
    rows = {row["url"]: row["status"] for row in home.rows(run).iter_rows(named=True)}
    assert rows["http://north.example/feed.xml"] == rows["http://north.example/news.xml.gz"] == "not_modified"


def test_after_a_day_pages_are_asked_for_again_and_a_changed_text_is_a_new_version(home: Home) -> None:
    edited = "http://north.example/a/edited"
    home.site.routes["north.example/a/edited"] = Answer(page("Ferry sinks", "Seven people are missing."), 200, HTML)
    home.pass_time(25)
    before = len(home.site.log)
    run = home.runs + 1
    home.follow()
    rows = {row["url"].removeprefix("http://"): row for row in home.rows(run).iter_rows(named=True)}
    assert {url: rows[f"north.example/a/{url}"]["status"] for url in ("etag", "modified", "plain", "edited")} == {
        "etag": "not_modified",
        "modified": "not_modified",
        "plain": "duplicate",
        "edited": "ok",
    }
    asked = {asked.url for asked in home.site.log[before:]}
    # What failed for good is left alone; what may have passed is tried again.
    assert not asked & {"north.example/gone", "north.example/missing", "north.example/pdf-as-html", "north.example/huge"}
    assert {"north.example/ill", "north.example/slow"} <= asked
    versions = home.warehouse.read(
        "select version_no, is_current, contains(text, 'Seven people') as is_new from raw.articles where url = ? order by 1",
        [edited],
    )
    assert versions.rows() == [(1, False, False), (2, True, True)]
    # And not a third time on the same day.
    before = len(home.site.log)
    home.follow()
    assert not any(asked.path.startswith("/a/") for asked in home.site.log[before:])


def test_a_run_that_dies_between_batches_goes_on_where_it_stood(tmp_path: Path) -> None:
    with serving() as site:
        site.routes["north.example/feed"] = Answer(rss(*[(f"{NORTH}/{n}", f"Title {n}") for n in range(12)]), etag='"f"')
        for n in range(12):
            site.routes[f"north.example/{n}"] = Answer(page(f"Title {n}", f"Number {n}."), 200, HTML)
        home = make_home(tmp_path, site, [Source("North", "feed", f"{NORTH}/feed")])
        original, written = Warehouse.transaction, []

        class DeathError(Exception):
            pass

        def transaction(warehouse: Warehouse):  # type: ignore[no-untyped-def]
            written.append(1)
            if len(written) == 6:  # what is known of lists, the list, what is known of pages, the first pages (two)
                raise DeathError
            return original(warehouse)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Warehouse, "transaction", transaction)
            with pytest.raises(DeathError):
                home.follow()
        kept = home.warehouse.read("select url from raw.fetches where status = 'ok' and url <> ?", [f"{NORTH}/feed"])["url"]
        assert 0 < kept.len() < 12
        before = len(site.log)
        home.follow()
        again = {f"http://{asked.url}" for asked in site.log[before:]}
        assert not again & set(kept)
        assert home.warehouse.read("select count(*) from raw.documents").item() == 12
        assert home.warehouse.read("select count(*) from raw.articles").item() == 12


def test_a_page_of_long_ago_that_is_listed_still_is_left_and_one_that_has_waited_as_long_is_asked_for(tmp_path: Path) -> None:
    with serving() as site:
        site.routes["north.example/feed"] = Answer(rss(*[(f"{NORTH}/{n}", f"Title {n}") for n in range(3)]))
        site.routes |= {f"north.example/{n}": Answer(page(f"Title {n}"), 200, HTML) for n in range(3)}
        home = make_home(tmp_path, site, [Source("North", "feed", f"{NORTH}/feed")])
        home.settings = home.settings.model_copy(update={"pages_per_host": 2})
        assert home.follow().postponed == {"north.example": 1}
        kept = set(home.rows(1).filter(pl.col("url") != f"{NORTH}/feed")["url"])
        home.pass_time(24 * 90)
        home.follow()
        asked = home.rows(2).filter(pl.col("source_id").str.starts_with("feed:"), pl.col("url") != f"{NORTH}/feed")["url"]
        assert set(asked) == {f"{NORTH}/{n}" for n in range(3)} - kept


def test_a_list_that_trips_a_library_is_a_row_and_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def trip(data: bytes, url: str) -> Feed:
        if "north" in url:
            raise ZeroDivisionError("never expected")
        return parse_feed(data, url)

    monkeypatch.setattr("pipelines.acquire.crawl.parse_feed", trip)
    with serving() as site:
        site.routes = {f"{host}.example/feed": Answer(rss((f"http://{host}.example/1", "One"))) for host in ("north", "south")}
        site.routes["south.example/1"] = Answer(page("One"), 200, HTML)
        home = make_home(tmp_path, site, [Source(host, "feed", f"http://{host}.example/feed") for host in ("north", "south")])
        home.follow()
    rows = home.rows(1).filter(pl.col("source_id").str.starts_with("feed:"))
    assert dict(rows.select("url", "status").iter_rows()) == {
        "http://north.example/feed": "parse_error",
        "http://south.example/feed": "ok",
        "http://south.example/1": "ok",
    }
    assert "unexpected ZeroDivisionError: never expected" in rows.filter(pl.col("status") == "parse_error")["error"].item()


def killed_follow(kill_at: int, site: Site, home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.integration.killed_follow", str(kill_at), str(site.port), str(home)]
    return subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=600, check=False)


def outcome(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """What following has brought, but for when and in which run; an index of sitemaps comes in every run."""
    warehouse = Warehouse.from_settings(load_settings(home=home))
    queries = {
        "entries": "select source_id, url, title from raw.entries order by all",
        "documents": "select document_id, url from raw.documents order by all",
        "fetches": "select url, status, content_sha256 from raw.fetches where source_id not like 'robots:%'"
        " and status <> 'not_modified' and url not like '%/index.xml' order by all",
    }
    return {name: warehouse.read(query).rows() for name, query in queries.items()}


def test_kills_one_after_the_other_leave_no_trace(tmp_path: Path) -> None:
    with serving() as site:
        local = f"http://127.0.0.1:{site.port}"
        site.routes = {f"127.0.0.1/{n}": Answer(page(f"Title {n}", f"Number {n}."), 200, HTML) for n in range(11)}
        site.routes["127.0.0.1/feed"] = Answer(rss(*[(f"{local}/{n}", f"Title {n}") for n in range(12)]), etag='"f"')
        index = f"<sitemapindex><sitemap><loc>{local}/map.xml</loc></sitemap></sitemapindex>"
        site.routes["127.0.0.1/index.xml"] = Answer(index.encode(), etag='"i"')
        site.routes["127.0.0.1/map.xml"] = Answer(f"<urlset><url><loc>{local}/3</loc></url></urlset>".encode(), etag='"m"')
        unhurt = killed_follow(0, site, tmp_path / "unhurt")
        assert unhurt.returncode == 0, unhurt.stderr
        expected, points = outcome(tmp_path / "unhurt"), int(unhurt.stdout)
        assert len(expected["documents"]) == 11
        for moment in (0.15, 0.45, 0.85):
            result = killed_follow(max(1, int(points * moment)), site, tmp_path / "home")
            assert result.returncode in (-signal.SIGKILL, 0), result.stderr
            assert moment > 0.5 or result.returncode == -signal.SIGKILL
        assert killed_follow(0, site, tmp_path / "home").returncode == 0
        assert outcome(tmp_path / "home") == expected


def test_hosts_are_asked_side_by_side(tmp_path: Path) -> None:
    with serving() as site:
        meeting = threading.Barrier(2)

        def meet(asked: Asked) -> Answer:
            meeting.wait(timeout=60)  # either answers only while the other one is being asked for as well
            return Answer(page(f"{asked.host} meets"), 200, HTML)

        hosts = ("north.example", "lantern.example")
        site.routes |= {f"{host}/meet": meet for host in hosts}
        home = make_home(tmp_path, site, [Source(host, "urls", f"#{host}", listed=(f"http://{host}/meet",)) for host in hosts])
        limits = Limits(delay_seconds=0, read_seconds=60, total_seconds=120)
        with Fetcher(limits, resolver=home.world.resolve, backend=home.world) as fetcher:
            follow_into(home.warehouse, home.settings, home.sources, "run-1", fetcher=fetcher)
        assert home.warehouse.read("select count(*) from raw.documents").item() == 2


def test_a_host_s_share_of_a_run_is_bounded_and_what_is_left_comes_next(tmp_path: Path) -> None:
    with serving() as site:
        site.routes["north.example/feed"] = Answer(rss(*[(f"{NORTH}/{n}", f"Title {n}") for n in range(5)]))
        site.routes |= {f"north.example/{n}": Answer(page(f"Title {n}"), 200, HTML) for n in range(5)}
        home = make_home(tmp_path, site, [Source("North", "feed", f"{NORTH}/feed")])
        home.settings = home.settings.model_copy(update={"pages_per_host": 3})
        assert home.follow().postponed == {"north.example": 2}
        assert home.follow().postponed == {}
        assert home.warehouse.read("select count(*) from raw.documents").item() == 5


def moved_rules(to: str) -> dict[str, Answer]:
    return {"/robots.txt": moved(to), "/rules": Answer(b"User-agent: *\nDisallow: /\n")}


@pytest.mark.parametrize(
    ("routes", "status"),
    [
        ({}, "ok"),
        ({"/robots.txt": Answer(code=403)}, "ok"),
        ({"/robots.txt": Answer(page("Not found"), 200, HTML)}, "ok"),
        ({"/robots.txt": moved("/robots.txt")}, "ok"),
        (moved_rules("/rules"), "robots_disallowed"),
        (moved_rules("http://other.example/rules"), "ok"),
        ({"/robots.txt": Answer(code=500)}, "robots_disallowed"),
        ({"/robots.txt": Answer(code=429)}, "robots_disallowed"),
        ({"/robots.txt": Answer(pieces=[b"#"] * 100, pause=0.05)}, "timeout"),
        ({"/robots.txt": Answer(b"User-agent: *\nDisallow: /\n" + b"#" * 900_000)}, "robots_disallowed"),
        ({"/robots.txt": Answer(b"User-agent: *\nDisallow: /\n\nUser-agent: counterclaim\nAllow: /\n")}, "ok"),
        ({"/robots.txt": Answer(b"User-agent: *\nDisallow: /*?\nAllow: /a$\n")}, "ok"),
    ],
)
def test_robots_txt_counts_as_rfc_9309_says(routes: dict[str, Answer], status: str) -> None:
    with serving() as site:
        site.routes = {"north.example/a": Answer(page("A"), 200, HTML)}
        site.routes |= {f"north.example{path}": answer for path, answer in routes.items()}
        world = World(site)
        with Fetcher(LIMITS, resolver=world.resolve, backend=world) as fetcher:
            fetched = fetcher.get(f"{NORTH}/a")
        assert fetched.status == status, fetched.error
        assert bool(site.asked_for("north.example/a")) == (status == "ok")


def test_a_host_that_asks_for_an_hour_between_requests_is_asked_once_and_the_rest_is_left(tmp_path: Path) -> None:
    with serving() as site:
        site.routes["north.example/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 3600\n")
        site.routes |= {f"north.example/{n}": Answer(page(f"Title {n}"), 200, HTML) for n in range(3)}
        listed = tuple(f"{NORTH}/{n}" for n in range(3))
        home = make_home(tmp_path, site, [Source("North", "urls", "#north", listed=listed)])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("pipelines.acquire.http._LONGEST_FIRST_DELAY", 0.1)
            assert home.follow().postponed == {"north.example": 2}
        assert home.warehouse.read("select count(*) from raw.documents").item() == 1


def test_the_command_line_follows_a_sources_file(tmp_path: Path) -> None:
    with serving() as site:
        local = f"http://127.0.0.1:{site.port}"
        site.routes = {
            "127.0.0.1/feed": Answer(rss((f"{local}/1", "One"), ("http://169.254.169.254/x", "Metadata"))),
            "127.0.0.1/1": Answer(page("Ferry stays in port"), 200, HTML),
            "127.0.0.1/2": Answer(page("Ferry leaves port", "It left at noon."), 200, HTML),
        }
        folder = tmp_path / "desk"
        folder.mkdir()
        (folder / "note.txt").write_text(f"Ferry note\n\n{FILLER}")
        sources = tmp_path / "sources.yml"
        sources.write_text(
            f"outlets:\n  - name: North\n    feeds: [{local}/feed]\n    urls: [{local}/2]\n    folder: {folder}\n",
            encoding="utf-8",
        )
        home = tmp_path / "home"
        result = command_line(
            "run", "--follow", "--sources", sources, "--allow-private", "--home", home,
            COUNTERCLAIM_DELAY_SECONDS="0.01", COUNTERCLAIM_CONTACT="desk@north.example",
        )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "Acquired: 5 ok, 1 refused_address" in result.stdout
    warehouse = Warehouse.from_settings(load_settings(home=home))
    rows = warehouse.read("select url, status from raw.fetches where source_id not like 'robots:%'").rows()
    assert {url.removeprefix(local): status for url, status in rows} == {
        "/feed": "ok",
        "/1": "ok",
        "/2": "ok",
        "#North": "ok",
        "http://169.254.169.254/x": "refused_address",
        (folder / "note.txt").as_uri(): "ok",
    }
    assert warehouse.read("select count(*) from marts.fct_articles").item() == 3
    # An outlet that nobody has listed is called what the sources file calls it.
    names = "select o.name from marts.fct_articles as a join marts.dim_outlets as o using (outlet_id) where a.url like 'http%'"
    assert warehouse.read(names)["name"].to_list() == ["North", "North"]
    assert {asked.headers["user-agent"].rsplit("+", 1)[1] for asked in site.log} == {"desk@north.example)"}


def test_a_sources_file_with_a_mistake_stops_the_run_and_names_the_line(tmp_path: Path) -> None:
    sources = tmp_path / "sources.yml"
    sources.write_text("outlets:\n  - name: North\n    feds: [http://north.example/feed]\n", encoding="utf-8")
    result = command_line("run", "--follow", "--sources", sources, "--home", tmp_path / "home")
    assert result.returncode != 0
    assert f"{sources}:3: " in result.stderr
