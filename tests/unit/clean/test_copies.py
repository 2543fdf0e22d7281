"""Copies: wire reports and reposts point at what they repeat; two outlets' own reports of one event do not."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.clean.copies import find_new_origins, find_origins
from pipelines.tables import UTC_TIMESTAMP

SCHEMA = {"article_id": pl.String, "canonical_url": pl.String, "published_at": UTC_TIMESTAMP, "text": pl.String,
          "outlet_credit": pl.String, "byline": pl.String}  # fmt: skip
WORDS = [
    f"{a}{b}"
    for a in ("har", "mil", "cra", "por", "riv", "doc", "bri", "tow", "sil", "nor")
    for b in ("bour", "lo", "ne", "ta", "mer", "ka", "li", "ren")
]
DAY = datetime(2022, 3, 1, tzinfo=UTC)


def report(seed: int, paragraphs: int = 10, words: int = 45) -> list[str]:
    """Paragraphs of made-up words, different for every seed."""
    draw = random.Random(seed)
    return [" ".join(draw.choices(WORDS, k=words)) + "." for _ in range(paragraphs)]


def article(
    name: str,
    paragraphs: list[str],
    *,
    hours: float = 0,
    url: str | None = None,
    outlet: str | None = None,
    byline: str | None = None,
    dated: bool = True,
) -> tuple[object, ...]:
    text = f"Headline of {name}\n\n" + "\n\n".join(paragraphs)
    return name, url, DAY + timedelta(hours=hours) if dated else None, text, outlet, byline


def origins(*articles: tuple[object, ...]) -> dict[str, str]:
    return dict(find_origins(pl.DataFrame(list(articles), schema=SCHEMA, orient="row")).iter_rows())


def test_copies_of_a_wire_report_point_at_the_earliest() -> None:
    wire = report(1)
    found = origins(
        article("cut", wire[:4], hours=3),
        article("whole", wire, hours=0),
        article("local", report(2, 4) + wire[2:8], hours=5),
        article("other", report(3), hours=1),
    )
    assert found == {"cut": "whole", "whole": "whole", "local": "whole", "other": "other"}


def test_the_agency_that_a_copy_credits_is_the_origin_even_if_later() -> None:
    wire = report(1)
    copied = [f"EASTHAVEN (Northwire) - {wire[0]}", *wire[1:]]
    found = origins(
        article("paper", copied, hours=0, outlet="Harbour Times"), article("agency", wire, hours=2, outlet="Northwire"),
        article("site", wire[:6], hours=1, outlet="Valley Voice", byline="By Jane Doe, Northwire"),
    )  # fmt: skip
    assert set(found.values()) == {"agency"}


def test_a_tie_goes_to_the_smaller_id_and_unknown_dates_come_last() -> None:
    wire = report(1)
    assert set(origins(article("b", wire), article("a", wire)).values()) == {"a"}
    assert set(origins(article("b", wire, hours=9), article("a", wire, dated=False)).values()) == {"b"}


def test_versions_of_one_address_are_no_copies() -> None:
    wire = report(1)
    found = origins(article("v1", wire, url="https://a.example/1"), article("v2", wire[:9], hours=1, url="https://a.example/1"))
    assert found == {"v1": "v1", "v2": "v2"}
    with_copy = origins(
        article("v1", wire, url="https://a.example/1"), article("v2", wire[:9], hours=1, url="https://a.example/1"),
        article("copy", wire, hours=2, url="https://b.example/1"),
    )  # fmt: skip
    assert with_copy == {"v1": "v1", "v2": "v2", "copy": "v1"}


def test_a_repost_by_the_same_outlet_is_a_copy_and_shared_background_is_not() -> None:
    wire = report(1)
    assert origins(article("a", wire, outlet="RT"), article("b", wire, hours=1, outlet="RT"))["b"] == "a"
    background = report(9, 4)
    mine, next_day = report(2, 6) + background, report(3, 6) + background
    assert origins(article("a", mine, outlet="RT"), article("b", next_day, hours=20, outlet="RT"))["b"] == "b"


def test_more_than_a_week_apart_is_no_copy() -> None:
    wire = report(1)
    assert origins(article("a", wire), article("b", wire, hours=24 * 8))["b"] == "b"
    assert origins(article("a", wire), article("b", wire, hours=24 * 6))["b"] == "a"


def test_an_article_that_merges_two_reports_does_not_make_them_one() -> None:
    first, second = report(1), report(2)
    found = origins(
        article("first", first), article("second", second, hours=1), article("merged", first[:5] + second[:5], hours=2)
    )
    assert found == {"first": "first", "second": "second", "merged": "first"}


def test_the_same_statement_quoted_by_two_outlets_is_no_copy() -> None:
    statement = [f"“{paragraph}”" for paragraph in report(7, 6)]
    found = origins(
        article("a", report(1, 5) + statement, outlet="RT"), article("b", report(2, 5) + statement, hours=1, outlet="KQZT")
    )
    assert found == {"a": "a", "b": "b"}


def test_short_articles_are_compared_by_all_their_words() -> None:
    brief = report(1, 2, 40)
    found = origins(
        article("a", brief),
        article("b", brief, hours=1),
        article("long", report(4, 6) + brief, hours=2),
        article("c", report(5, 2, 40)),
    )
    assert found == {"a": "a", "b": "a", "long": "a", "c": "c"}


def test_boilerplate_on_many_pages_makes_no_copies() -> None:
    notice = report(99, 4)
    found = origins(*(article(f"a{n:02}", report(100 + n, 3) + notice) for n in range(45)))
    assert all(name == origin for name, origin in found.items())


def test_scripts_without_spaces() -> None:
    text = ["東京の港では火曜日にクレーンが倒れ、二隻の船が壊れた。けが人はいなかったと港の責任者が記者団に語った。" * 3]
    other = ["市議会は月曜日に古い水車を首都の会社に売ることを決めた。反対する人々は価格が土地の価値の半分だと言う。" * 3]
    assert origins(article("a", text), article("b", text, hours=1), article("c", other)) == {"a": "a", "b": "a", "c": "c"}


def test_empty_and_odd_texts() -> None:
    assert find_origins(pl.DataFrame(schema=SCHEMA)).schema == pl.Schema({"article_id": pl.String(), "origin_id": pl.String()})
    odd = [("a", None, DAY, "", None, None), ("b", None, None, "\x00", None, None), ("c", None, DAY, "one two three", None, None)]
    assert origins(*odd) == {"a": "a", "b": "b", "c": "c"}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 10), st.integers(0, 400)), min_size=1, max_size=8))
def test_an_origin_is_its_own_origin(made: list[tuple[int, int, int]]) -> None:
    found = origins(*(article(f"a{n}", report(seed)[:length], hours=hours) for n, (seed, length, hours) in enumerate(made)))
    assert all(found[origin] == origin for origin in found.values())
    assert list(found) == [f"a{n}" for n in range(len(made))]


def test_a_report_without_an_agencys_name_points_at_the_agencys_own_article() -> None:
    wire = report(1)
    found = origins(article("site", wire, hours=0, outlet="Valley Voice"), article("agency", wire, hours=5, outlet="Reuters"))
    assert found == {"site": "agency", "agency": "agency"}


def edited(paragraphs: list[str], share: float, seed: int = 3) -> list[str]:
    """The paragraphs with that share of the words replaced."""
    draw = random.Random(seed)
    return [" ".join(draw.choice(WORDS) if draw.random() < share else word for word in p.split()) for p in paragraphs]


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(lambda wire: wire[:3], id="cut to the first paragraphs"),
        pytest.param(lambda wire: [wire[0], *wire[5:], *wire[1:5]], id="reordered"),
        pytest.param(lambda wire: wire[::2], id="every other paragraph"),
        pytest.param(lambda wire: edited(wire, 0.08), id="every twelfth word edited"),
        pytest.param(lambda wire: [*report(55, 2), *edited(wire[2:8], 0.05)], id="own lead, rest edited"),
        pytest.param(lambda wire: [*wire[:6], *report(56, 4)], id="local paragraphs added"),
        pytest.param(lambda wire: ["\n".join(wire[:5])], id="paragraphs run together"),
    ],
)
def test_kinds_of_wire_edits(copy: Callable[[list[str]], list[str]]) -> None:
    wire = report(1)
    found = origins(article("wire", wire), article("copy", copy(wire), hours=3), article("other", report(2), hours=1))
    assert found == {"wire": "wire", "copy": "wire", "other": "other"}


@pytest.mark.parametrize(
    "own",
    [
        pytest.param(lambda wire: [*report(60, 8), *wire[:2]], id="two paragraphs of the other's background"),
        pytest.param(lambda wire: [*report(61, 6), *(f"“{p}”" for p in wire)], id="all of it, quoted"),
        pytest.param(lambda wire: [*report(62, 6), *(f"{p} (@somebody) March 3, 2022" for p in wire)], id="all of it, as tweets"),
        pytest.param(lambda wire: [*report(63, 6), *(f"“{p}" for p in wire)], id="one quotation over many paragraphs"),
        pytest.param(lambda wire: [*report(64, 7), *wire[2:5]], id="an excerpt of three paragraphs"),
    ],
)
def test_what_is_an_own_report(own: Callable[[list[str]], list[str]]) -> None:
    wire = report(1)
    assert origins(article("wire", wire), article("own", own(wire), hours=3))["own"] == "own"


def test_a_caption_under_many_of_an_outlets_reports_makes_no_copy() -> None:
    captions = [" ".join(report(70, 12))]
    mine = [article(f"a{n}", [*report(80 + n, 8), *captions], hours=n, outlet="KQZT") for n in range(3)]
    assert origins(*mine) == {"a0": "a0", "a1": "a1", "a2": "a2"}


def test_an_agency_or_an_author_that_both_name_makes_a_short_excerpt_a_copy() -> None:
    wire = report(1)
    brief = [*report(90, 4), *wire[:3]]
    uncredited = origins(article("wire", wire, outlet="Reuters"), article("brief", brief, hours=1, outlet="Valley Voice"))
    assert uncredited["brief"] == "brief"
    credited = origins(
        article("wire", wire, outlet="Reuters", byline="Jane Doe"),
        article("brief", brief, hours=1, outlet="Valley Voice", byline="Jane Doe"),
    )
    assert credited["brief"] == "wire"


def test_an_early_merger_of_two_reports_does_not_make_them_one() -> None:
    first, second = report(1), report(2)
    found = origins(
        article("merged", first[:5] + second[:5]), article("first", first, hours=1), article("second", second, hours=2)
    )
    assert found == {"merged": "first", "first": "first", "second": "second"}


OUTLETS = ("Reuters", "Harbour Times", "Valley Voice", "KQZT")
World = list[tuple[int, int, int, int, int]]


@settings(max_examples=40, deadline=None)
@given(
    made=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(4, 10), st.integers(0, 40), st.integers(0, 3)),
        min_size=1, max_size=10,
    ),
    order=st.randoms(use_true_random=False),
    boilerplate=st.sampled_from([3, 40]),
)  # fmt: skip
def test_arriving_in_batches_in_any_order_gives_the_origins_of_all_at_once(
    made: World, order: random.Random, boilerplate: int
) -> None:
    # With a low bound, what is common turns into boilerplate as more arrives, and copies are copies no longer.
    with patch("pipelines.clean.copies.MAX_ARTICLES", boilerplate):
        arrive_in_batches(made, order)


def arrive_in_batches(made: World, order: random.Random) -> None:
    rows = [
        article(
            f"a{n:02}", report(seed)[start:stop] + report(50 + n, 2), hours=24 * day, outlet=("Reuters", "A", "B", "C")[outlet]
        )
        for n, (seed, start, stop, day, outlet) in enumerate(made)
    ]
    everything = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    store = everything.clear().with_columns(pl.lit(None, dtype=pl.String).alias("origin_id"))
    arriving = list(range(len(rows)))
    order.shuffle(arriving)
    while arriving:
        batch, arriving = arriving[: (size := order.randint(1, 4))], arriving[size:]
        new = everything[batch].with_columns(pl.col("article_id").alias("origin_id"))
        store = pl.concat([store, new])

        def load(start: datetime, end: datetime, store: pl.DataFrame = store) -> pl.DataFrame:
            return store.filter(pl.col("published_at") >= start, pl.col("published_at") < end).sort("article_id")

        store = store.update(find_new_origins(new["published_at"], load), on="article_id")
    assert dict(store.sort("article_id").select("article_id", "origin_id").iter_rows()) == dict(
        find_origins(everything).iter_rows()
    )


def test_only_the_weeks_around_what_is_new_are_read() -> None:
    asked: list[tuple[datetime, datetime]] = []

    def load(start: datetime, end: datetime) -> pl.DataFrame:
        asked.append((start, end))
        return pl.DataFrame([article("new", report(1))], schema=SCHEMA, orient="row")

    assert dict(find_new_origins([DAY], load).iter_rows()) == {"new": "new"}
    assert len(asked) == 1
    assert asked[0][0] <= DAY - timedelta(days=7)
    assert asked[0][1] - asked[0][0] == timedelta(days=21)


def test_a_year_of_new_articles_is_not_read_at_once() -> None:
    asked: list[timedelta] = []

    def load(start: datetime, end: datetime) -> pl.DataFrame:
        asked.append(end - start)
        return store.filter(pl.col("published_at") >= start, pl.col("published_at") < end).sort("article_id")

    copied = report(1)
    store = pl.DataFrame(
        [article(f"own {week:02}", report(week + 2), hours=168 * week) for week in range(52)]
        + [article(f"copy {day:02}", copied, hours=24 * day) for day in range(24, 34)],
        schema=SCHEMA,
        orient="row",
    ).with_columns(origin_id="article_id")
    found = find_new_origins(store["published_at"], load)
    assert max(asked) <= timedelta(weeks=9)
    assert found["article_id"].n_unique() == found.height == store.height
    everything = dict(find_origins(store).iter_rows())
    assert dict(found.iter_rows()) == everything
    assert everything["copy 33"] != "copy 33"
