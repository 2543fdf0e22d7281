"""sources.yml: what loads, how it is refused, and the list that ships."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
import yaml
from courlan import extract_domain
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.acquire.sources import (
    OUTLET_KEYS,
    Source,
    SourcesError,
    load_outlets,
    load_sources,
    parse_outlets,
    url_key,
    url_problem,
)

PROJECT = Path(__file__).parents[3]
SHIPPED = PROJECT / "data" / "sources.yml"
FEED = "    feeds: [https://herald.example/rss]\n"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "sources.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems_of(text: str) -> list[str]:
    with pytest.raises(SourcesError) as refused:
        parse_outlets(text, Path("sources.yml"))
    return list(refused.value.problems)


def test_an_outlet_has_any_of_feeds_sitemaps_addresses_and_a_folder(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """\
        # what we follow
        outlets:
          - name: The Fenwick Herald
            outlet_id: fenwick-herald
            domain: fenwick-herald.example
            country: NO
            language: pt-BR
            feeds:
              - https://fenwick-herald.example/rss
              - https://fenwick-herald.example/atom?a=1&b=2   # world
            sitemaps: https://fenwick-herald.example/news.xml
            urls: [https://fenwick-herald.example/1, https://fenwick-herald.example/2]
            folder: pages/herald
          - name: 2025
            urls: lists/2025.txt
          - name: Northgate Post
            urls: https://northgate-post.example/all.txt
            folder: /var/pages
        """,
    )
    herald, year, post = load_outlets(path)
    assert (herald.name, herald.outlet_id, herald.domain) == ("The Fenwick Herald", "fenwick-herald", "fenwick-herald.example")
    assert (herald.country, herald.language, herald.follow, herald.line) == ("NO", "pt-BR", True, 3)
    name = "The Fenwick Herald"
    listed = ("https://fenwick-herald.example/1", "https://fenwick-herald.example/2")
    assert herald.sources == (
        Source(name, "feed", "https://fenwick-herald.example/rss"),
        Source(name, "feed", "https://fenwick-herald.example/atom?a=1&b=2"),
        Source(name, "sitemap", "https://fenwick-herald.example/news.xml"),
        Source(name, "urls", "#fenwick-herald", listed=listed),
        Source(name, "folder", "pages/herald", path=tmp_path / "pages" / "herald"),
    )
    assert year.sources == (Source("2025", "urls", "lists/2025.txt", path=tmp_path / "lists" / "2025.txt"),)
    assert [source.is_remote for source in post.sources] == [True, False]
    assert post.sources[1].path == Path("/var/pages")


def test_ids_of_sources_do_not_depend_on_where_the_file_lies(tmp_path: Path) -> None:
    text = "outlets:\n  - {name: Herald, folder: pages, urls: list.txt}\n"
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    ids = [[s.source_id for s in load_sources(written(tmp_path / place, text))] for place in "ab"]
    assert ids[0] == ids[1] == ["urls:list.txt", "folder:pages"]


def test_outlets_that_are_switched_off_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "outlets:\n  - name: Herald\n    follow: false\n    feeds: [https://herald.example/rss]\n"
        "  - name: Post\n    feeds: [https://post.example/rss]\n",
    )
    assert [source.outlet for source in load_sources(path)] == ["Post"]
    assert [source.outlet for source in load_sources(path, only_followed=False)] == ["Herald", "Post"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("outlets:\n  - name: [Herald\n", "3: no YAML: "),
        ("outlets:\n\t- name: Herald\n", "2: no YAML: "),
        ("outlets:\n  - name: *herald\n", "2: no YAML: found undefined alias"),
        ("outlets:\n  - name: He\x07rald\n", "2: no YAML: has the control character U+0007"),
        ("outlets:\n---\noutlets:\n", "2: no YAML: expected a single document in the stream"),
        ("", "1: holds no outlets"),
        ("# nothing yet\n", "1: holds no outlets"),
        ("- name: Herald\n", "1: the file must start with `outlets:`"),
        ("outlets: []\n", "1: `outlets` must be a list with at least one outlet"),
        ("outlets:\n  Herald:\n    feeds: x\n", "2: `outlets` must be a list"),
        (
            "outlet:\n  - name: Herald\noutlets:\n  - name: Post\n    folder: x\n",
            "1: unknown key `outlet`: did you mean `outlets`?",
        ),
        ("outlets:\n  - Herald\n", "2: an outlet must be `name: ...` and what to follow, not 'Herald'"),
        ("outlets:\n  - feeds: [https://h.example/rss]\n", "2: the outlet has no `name`"),
        ("outlets:\n  - name:\n    feeds: [https://h.example/rss]\n", "2: `name` is empty"),
        ("outlets:\n  - name: {a: b}\n    feeds: [https://herald.example/rss]\n", "2: `name` must be text, not a mapping"),
        (
            "outlets:\n  - name: |\n      He\n      rald\n    feeds: [https://herald.example/rss]\n",
            "2: `name` holds a line break",
        ),
        (
            "outlets:\n  - name: A\n    outlet_id: h\n    folder: x\n  - name: B\n    outlet_id: h\n    folder: y\n",
            "6: another outlet has the outlet_id 'h' (line 3)",
        ),
        (
            "outlets:\n  - name: A\n    domain: h.example\n    folder: x\n  - name: B\n    domain: h.example\n    folder: y\n",
            "6: another outlet has the domain 'h.example' (line 3)",
        ),
        ("outlets:\n  - name: A\n    folder: x\n  - name: B\n    folder: ./x\n", "5: ./x is followed already (line 3)"),
        (
            "outlets:\n  - name: A\n    feeds: [https://herald.example/rss]\n  - name: B\n    feeds:\n      - http://Herald.example:80/rss#top\n",
            "6: http://Herald.example:80/rss#top is followed already (line 3)",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(text: str, reason: str) -> None:
    problems = problems_of(text)
    assert len(problems) == 1
    assert problems[0].startswith(f"sources.yml:{reason}")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("   feeds: x\n", "3: no YAML: "),
        ("    country: NO\n", "2: nothing to follow of Herald"),
        ("    feeds: []\n", "2: nothing to follow of Herald"),
        ("    feeds:\n", "3: `feeds` is empty"),
        ("    feeds:\n      -\n", "4: `feeds` is empty"),
        ("    feeds: {a: b}\n", "3: `feeds` must be text, not a mapping"),
        ("    feed: [https://h.example/rss]\n" + FEED, "3: unknown key `feed`: did you mean `feeds`?"),
        ("    paper: red\n" + FEED, "3: unknown key `paper`: an outlet has name, outlet_id"),
        ("    [a]: red\n" + FEED, "3: unknown key `a list`"),
        ("    name: Post\n" + FEED, "3: `name` stands twice (line 2)"),
        ("    follow: yes\n" + FEED, "3: `follow` must be true or false, not 'yes'"),
        ("    outlet_id: The Herald\n" + FEED, "3: outlet_id 'The Herald' is no slug"),
        ("    domain: https://h.example\n" + FEED, "3: domain 'https://h.example' is an address"),
        ("    domain: www.h.example\n" + FEED, "3: domain 'www.h.example' has a www."),
        ("    domain: H.example\n" + FEED, "3: domain 'H.example' has capitals"),
        ("    domain: herald\n" + FEED, "3: domain 'herald' is no host"),
        ("    country: UK\n" + FEED, "3: country 'UK' is no ISO 3166-1 code: did you mean GB?"),
        ("    country: fr\n" + FEED, "3: country 'fr' is no ISO 3166-1 code of two capitals: write FR"),
        ("    language: English\n" + FEED, "3: language 'English' is no language code"),
        ("    feeds:\n      - ftp://h.example/rss\n", "4: 'ftp://h.example/rss' is no http or https URL"),
        ("    feeds:\n      - h.example/rss\n", "4: 'h.example/rss' is no http or https URL"),
        ("    feeds: [https:///rss]\n", "3: 'https:///rss' names no host"),
        ("    feeds: ['https://h.example:port/rss']\n", "3: 'https://h.example:port/rss' is no URL"),
        ("    feeds: ['https://h.example/a b']\n", "3: 'https://h.example/a b' has characters"),
        ("    feeds: ['https://me:pw@h.example/']\n", "3: 'https://me:pw@h.example/' holds a login"),
        ("    urls: ftp://h.example/list\n", "3: urls 'ftp://h.example/list' is no http or https URL"),
        ("    folder: https://h.example/\n", "3: folder 'https://h.example/' is no path but a URL"),
        (
            "    feeds: [https://herald.example/rss]\n  - name: the herald\n    folder: x\n",
            "4: another outlet has the name 'the herald' (line 2)",
        ),
    ],
)
def test_an_outlet_that_cannot_be_used_is_refused_with_its_line(lines: str, reason: str) -> None:
    problems = problems_of("outlets:\n  - name: Herald\n" + lines)
    assert len(problems) == 1
    assert problems[0].startswith(f"sources.yml:{reason}")


def test_all_problems_are_named_at_once_in_the_order_of_the_file() -> None:
    text = "outlets:\n  - nam: Herald\n    feeds:\n      - ftp://a.example/\n  - name: Post\n    follow: 1\n"
    assert [problem.split(": ", 1)[0] for problem in problems_of(text)] == [
        "sources.yml:2", "sources.yml:2", "sources.yml:4", "sources.yml:5", "sources.yml:6",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"outlets:\n  - name: Caf\xe9\n", "sources.yml:2: not UTF-8: byte 0xe9"),
        (b"#" * 5_000_001, "sources.yml: larger than 5,000,000 bytes"),
        (b"[" * 100_000, "sources.yml:1: no YAML: "),
        (b"&a [" + b"*a, " * 1000 + b"]", "sources.yml:1: the file must start with `outlets:`"),
    ],
)
def test_files_that_are_no_list_of_outlets_are_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(SourcesError, match=r"sources\.yml") as refused:
        load_sources(written(tmp_path, content))
    assert refused.value.problems[0].startswith(f"{tmp_path}/{reason}")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match=r"nowhere\.yml: No such file"):
        load_sources(tmp_path / "nowhere.yml")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    assert len(load_sources(written(tmp_path, b"\xef\xbb\xbfoutlets:\n  - name: Herald\n" + FEED.encode()))) == 1


values = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20) | st.sampled_from(["https://h.example/rss", "h.example", "en", "GB"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(OUTLET_KEYS) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200) | st.builds(lambda outlets: yaml.safe_dump({"outlets": outlets}), st.lists(values, max_size=4)))
def test_any_text_gives_sources_or_says_what_is_wrong(text: str) -> None:
    problems: tuple[str, ...] = ()
    try:
        outlets = parse_outlets(text, Path("sources.yml"))
    except SourcesError as refused:
        problems, outlets = refused.problems, []
    assert problems or outlets
    assert all(problem.startswith("sources.yml:") for problem in problems)
    assert all(outlet.name and outlet.sources for outlet in outlets)


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z.\[\]:@%0-9]{0,30}(/[^ ]{0,20})?", fullmatch=True))
def test_any_address_is_taken_or_refused_and_a_taken_one_has_a_key(url: str) -> None:
    if url_problem(url) is None:
        assert url_key(url) == url_key(url.partition("#")[0] + "#elsewhere")


class TestShippedList:
    """data/sources.yml."""

    outlets = load_outlets(SHIPPED)

    def test_it_covers_the_world(self) -> None:
        assert len(self.outlets) >= 90
        assert len({outlet.country for outlet in self.outlets}) >= 30
        languages = Counter(outlet.language for outlet in self.outlets)
        assert languages["en"] >= 60
        assert len(languages) >= 10

    def test_every_outlet_says_who_it_is_and_has_a_feed(self) -> None:
        for outlet in self.outlets:
            assert all((outlet.outlet_id, outlet.domain, outlet.country, outlet.language)), outlet.name
            assert outlet.follow
            assert {source.kind for source in outlet.sources} == {"feed"}

    def test_every_outlet_stands_in_the_seed_as_it_stands_here(self) -> None:
        with (PROJECT / "dbt_project" / "seeds" / "outlets.csv").open(encoding="utf-8", newline="") as file:
            seed = {row["outlet_id"]: (row["name"], row["domain"], row["country"]) for row in csv.DictReader(file)}
        for outlet in self.outlets:
            assert seed[outlet.outlet_id or ""] == (outlet.name, outlet.domain, outlet.country)

    def test_feeds_are_public_ones_over_http_and_stand_once(self) -> None:
        feeds = [source.address for outlet in self.outlets for source in outlet.sources]
        assert max(Counter(map(url_key, feeds)).values()) == 1
        assert all(feed.startswith(("https://", "http://")) for feed in feeds)
        hosts = {str(extract_domain(feed)) for feed in feeds}
        assert "None" not in hosts
        assert not [host for host in hosts if host.endswith((".example", ".test", ".invalid", ".localhost", "example.com"))]
