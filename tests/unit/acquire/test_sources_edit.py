"""Commands write into sources.yml: what people wrote stays, byte for byte, and nothing goes in twice."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipelines.acquire.sources import Outlet, SourcesError, load_outlets, load_sources, name_key
from pipelines.acquire.sources_edit import (
    Edit,
    merge,
    new_sources,
    outlet_host,
    read_outlet_facts,
    with_facts,
    write,
)

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"

TEXT = """\
# Our outlets.   Reviewed in May.

outlets:
    # the dailies
    -   name: 'Fenwick Herald'   # fondly: the Herald
        domain: fenwick-herald.example
        feeds:
            - https://fenwick-herald.example/rss   # home

            # world comes later

    - {name: Northgate Post, feeds: [https://northgate-post.example/rss]} # odd one
    -   name: Quay Wire
        domain: quay-wire.example
        feeds: https://quay-wire.example/rss # all
        country: "NO"
        urls: lists/quay.txt
    # the end
"""


def found(name: str, *feeds: str, domain: str | None = None, sitemaps: tuple[str, ...] = ()) -> Outlet:
    return Outlet(name, domain=domain, sources=new_sources(name, feeds, sitemaps))


def edited(folder: Path, text: str | None, *outlets: Outlet) -> tuple[Path, Edit]:
    path = folder / "sources.yml"
    if text is not None:
        path.write_bytes(text.encode())
    edit = merge(path, outlets)
    write(path, edit)
    return path, edit


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:2] in ("+ ", "- ")]


def test_a_feed_goes_below_its_fellows_and_comments_stay_where_they_are(tmp_path: Path) -> None:
    new = found("Herald", "https://fenwick-herald.example/world", domain="fenwick-herald.example")
    path, edit = edited(tmp_path, TEXT, new)
    assert changed_lines(TEXT, path.read_text()) == ["+             - https://fenwick-herald.example/world"]
    lines = path.read_text().splitlines()
    at = lines.index("            - https://fenwick-herald.example/world")
    assert lines[at - 1 : at + 3] == [
        "            - https://fenwick-herald.example/rss   # home",
        "            - https://fenwick-herald.example/world",
        "",
        "            # world comes later",
    ]
    assert [(change.outlet, change.is_new, len(change.added)) for change in edit.changes] == [("Fenwick Herald", False, 1)]


def test_a_list_in_brackets_grows_within_them(tmp_path: Path) -> None:
    path, _ = edited(tmp_path, TEXT, found("northgate post", "https://northgate-post.example/a,b"))
    assert (
        "    - {name: Northgate Post, feeds: [https://northgate-post.example/rss,"
        ' "https://northgate-post.example/a,b"]} # odd one\n'
    ) in path.read_text()


def test_a_single_address_becomes_a_list_and_new_keys_follow_the_others(tmp_path: Path) -> None:
    new = found(
        "Quay",
        "https://quay-wire.example/b",
        domain="news.quay-wire.example",
        sitemaps=("https://quay-wire.example/news.xml",),
    )
    path, _ = edited(tmp_path, TEXT, new)
    assert path.read_text() == TEXT.replace(
        "        feeds: https://quay-wire.example/rss # all\n",
        "        feeds:\n          - https://quay-wire.example/rss # all\n          - https://quay-wire.example/b\n",
    ).replace(
        "        urls: lists/quay.txt\n",
        "        urls: lists/quay.txt\n        sitemaps:\n          - https://quay-wire.example/news.xml\n",
    )
    assert len([source for source in load_sources(path) if source.outlet == "Quay Wire"]) == 4


def test_new_outlets_go_to_the_end_of_the_list_in_its_own_style(tmp_path: Path) -> None:
    new = Outlet("NO: today", domain="today.example", country="NO", language="no", follow=False)
    new = Outlet(new.name, None, new.domain, new.country, new.language, new.follow, new_sources("", ["https://today.example/f"]))
    path, edit = edited(tmp_path, TEXT, new)
    assert changed_lines(TEXT, path.read_text()) == [
        "+     - name: 'NO: today'",
        "+       domain: today.example",
        "+       country: 'NO'",
        "+       language: 'no'",
        "+       follow: false",
        "+       feeds:",
        "+         - https://today.example/f",
    ]
    assert path.read_text().endswith("        - https://today.example/f\n    # the end\n")
    assert edit.changes[0].is_new


@pytest.mark.parametrize(
    "text", [None, "", "# mine\n", "# mine", "outlets:\n  - name: A\n    folder: x", "outlets:\n- name: A\n  folder: x\n"]
)
def test_a_file_may_be_missing_empty_or_without_a_last_newline(tmp_path: Path, text: str | None) -> None:
    path, _ = edited(tmp_path, text, found("Post", "https://post.example/rss"))
    assert load_sources(path)[-1].address == "https://post.example/rss"
    assert path.read_text().startswith(text or "")


def test_line_ends_of_the_file_are_kept(tmp_path: Path) -> None:
    text = TEXT.replace("\n", "\r\n")
    path, _ = edited(tmp_path, text, found("Post", "https://post.example/rss"), found("Quay Wire", "https://quay-wire.example/b"))
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > text.count("\n")


def test_what_is_followed_already_is_added_nowhere_and_the_file_stays_as_it_is(tmp_path: Path) -> None:
    path, edit = edited(
        tmp_path,
        TEXT,
        found("Another Name", "http://Fenwick-Herald.example/rss"),
        found("Quay Wire", "https://quay-wire.example/rss"),
    )
    assert path.read_text() == TEXT
    assert edit.added == 0
    assert [len(change.known) for change in edit.changes] == [1, 1]


def test_adding_twice_is_adding_once(tmp_path: Path) -> None:
    new = [found("Post", "https://post.example/rss", domain="post.example"), found("Herald", "https://fenwick-herald.example/w")]
    path, _ = edited(tmp_path, TEXT, *new)
    once = path.read_text()
    path, edit = edited(tmp_path, once, *new)
    assert path.read_text() == once
    assert edit.added == 0


def test_outlets_of_one_name_on_different_domains_stay_two(tmp_path: Path) -> None:
    path, _ = edited(
        tmp_path,
        "outlets:\n  - name: Daily Star\n    domain: star.example\n    feeds: [https://star.example/rss]\n",
        found("The Daily Star", "https://star2.example/rss", domain="star2.example"),
    )
    assert [outlet.name for outlet in load_outlets(path)] == ["Daily Star", "The Daily Star (star2.example)"]


@pytest.mark.parametrize(
    "text",
    [
        "outlets: [{name: Post, feeds: [https://post.example/rss]}]\n",
        "outlets:\n  - &post\n    name: Post\n    feeds: &feeds\n      - https://post.example/rss\n    sitemaps: *feeds\n",
    ],
)
def test_a_file_that_cannot_be_edited_safely_is_left_alone_and_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sources.yml"
    path.write_text(text)
    with pytest.raises(SourcesError, match=r"sources\.yml"):
        merge(path, [found("Post", "https://post.example/two", sitemaps=("https://post.example/map",))])
    assert path.read_text() == text


def test_a_file_with_problems_is_not_edited(tmp_path: Path) -> None:
    path = tmp_path / "sources.yml"
    path.write_text("outlets:\n  - name: Post\n")
    with pytest.raises(SourcesError, match=r"sources\.yml:2: nothing to follow of Post"):
        merge(path, [found("Post", "https://post.example/two")])


names = st.builds("N{}".format, st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12))
hosts = st.sampled_from(["a.example", "b.example", "news.a.example", "c.example"])
outlets = st.builds(
    lambda name, host, paths, has_domain: found(
        name, *(f"https://{host}/{p}" for p in paths), domain=host if has_domain else None
    ),
    names,
    hosts,
    st.lists(st.sampled_from(["rss", "a,b", "q?x=[1]", "p#f", "x:y"]), min_size=1, max_size=3),
    st.booleans(),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(outlets, min_size=1, max_size=4), st.lists(outlets, min_size=1, max_size=4))
def test_whatever_is_added_is_there_once_and_what_was_there_stays(
    tmp_path_factory: pytest.TempPathFactory, first: list[Outlet], second: list[Outlet]
) -> None:
    folder = tmp_path_factory.mktemp("edit")
    path, _ = edited(folder, TEXT, *first)
    path, _ = edited(folder, path.read_text(), *second)
    addresses = [source.address for source in load_sources(path)]
    assert len(addresses) == len(set(addresses))
    wanted = {s.address.partition("#")[0] for outlet in [*first, *second] for s in outlet.sources}
    assert wanted <= {address.partition("#")[0] for address in addresses}
    kept = iter(path.read_text().splitlines())
    odd = ("https://quay-wire.example/rss", "Northgate")
    assert all(line in kept for line in TEXT.splitlines() if not any(word in line for word in odd))


plain = st.builds("N{}".format, st.text("abc: #'\"[]{},&*?|>%@`-\\", max_size=8)).map(str.strip)
styles = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([False, None]),
        "indent": st.sampled_from([2, 4, 7]),
        "width": st.sampled_from([20, 80, 1000]),
        "default_style": st.sampled_from([None, "'", '"', "|", ">"]),
        "line_break": st.sampled_from(["\n", "\r\n"]),
        "explicit_start": st.booleans(),
    }
)


@settings(max_examples=80, deadline=None)
@given(st.lists(plain, min_size=1, max_size=3, unique_by=name_key), st.integers(0, 2), styles)
def test_a_file_in_any_style_gains_a_feed_and_an_outlet(
    tmp_path_factory: pytest.TempPathFactory, named: list[str], grown: int, style: dict[str, Any]
) -> None:
    listed: list[dict[str, object]] = [
        {"name": name, "country": "NO", "feeds": [f"https://o{n}.example/{k}" for k in range(n + 1)]}
        for n, name in enumerate(named)
    ]
    text = yaml.dump({"outlets": listed}, sort_keys=False, **style)
    assume("outlets: [" not in text)
    path = tmp_path_factory.mktemp("style") / "sources.yml"
    path.write_bytes(text.encode())
    before = load_outlets(path)
    grown = min(grown, len(named) - 1)
    write(path, merge(path, [found(before[grown].name, "https://new.example/1"), found("Zed", "https://zed.example/1")]))
    after = load_outlets(path)
    assert [outlet.name for outlet in after] == [*(outlet.name for outlet in before), "Zed"]
    assert [len(outlet.sources) for outlet in after] == [n + 1 + (n == grown) for n in range(len(named))] + [1]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://feeds.herald.example/rss", "herald.example"),
        ("https://someone.substack.com/feed", "someone.substack.com"),
        ("https://feeds.feedburner.com/some", None),
        ("http://127.0.0.1:8000/rss", "127.0.0.1"),
        ("http://localhost:8000/rss", None),
        ("https://[::1]/rss", None),
        ("https://[bad/rss", None),
    ],
)
def test_the_host_that_stands_for_an_outlet(url: str, host: str | None) -> None:
    assert outlet_host(url) == host


def test_known_outlets_bring_their_id_name_and_country() -> None:
    facts = read_outlet_facts(SEEDS)
    assert outlet_host("https://feeds.folha.uol.com.br/x", facts) == "folha.com.br"
    known = with_facts(
        found("BBC News - Home", "https://x.example/rss", domain=outlet_host("https://www.bbc.com/news", facts)), facts
    )
    assert (known.name, known.outlet_id, known.domain, known.country) == ("BBC", "bbc", "bbc.co.uk", "GB")
    assert {source.outlet for source in known.sources} == {"BBC"}
    assert read_outlet_facts(SEEDS / "nowhere") == {}
