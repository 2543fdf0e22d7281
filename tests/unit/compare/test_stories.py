"""Stories: what a reader would call one event is one story, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.compare.stories import WINDOW_DAYS, group_stories
from pipelines.tables import STORY_ARTICLES, UTC_TIMESTAMP, stable_id

MONDAY = datetime(2031, 3, 3, 9, tzinfo=UTC)

FERRY_A = (
    "Ferry sinks off Port Halden",
    "A passenger ferry sank in heavy seas off Port Halden early on Monday, the coast guard of Norvania said. The Aurora Star "
    "was carrying 140 passengers from the island of Lisk when water broke into the car deck. Rescue helicopters lifted "
    "survivors from rafts.",
)
FERRY_B = (
    "Dozens rescued after the Aurora Star goes down",
    "Rescue helicopters pulled passengers of the ferry Aurora Star from life rafts after it sank near Port Halden in a storm. "
    "The coast guard said water had entered the car deck on the crossing from Lisk.",
)
BUDGET = (
    "Parliament of Norvania passes budget",
    "Lawmakers in Norvania approved the annual budget after a night of debate, with higher spending on schools and railways. "
    "The finance minister, Edda Brandt, called the vote a victory for the coalition.",
)


def frame(*articles: tuple[str, str, tuple[str, str], datetime | None], **columns: list[str]) -> pl.DataFrame:
    rows = [{"article_id": i, "title": t[0], "text": f"{t[0]}\n\n{t[1]}", "published_at": at} for i, _, t, at in articles]
    schema = {"article_id": pl.String(), "title": pl.String(), "text": pl.String(), "published_at": UTC_TIMESTAMP}
    return pl.DataFrame(rows, schema=pl.Schema(schema)).with_columns(**{n: pl.Series(v) for n, v in columns.items()})


def stories(articles: pl.DataFrame) -> dict[str, str]:
    grouped = group_stories(articles)
    assert grouped.schema == STORY_ARTICLES.schema
    return dict(zip(grouped["article_id"], grouped["story_id"], strict=True))


def test_two_articles_on_one_event_are_one_story_even_alone() -> None:
    found = stories(frame(("a", "", FERRY_A, MONDAY), ("b", "", FERRY_B, MONDAY)))
    assert found["a"] == found["b"]


def test_two_articles_without_a_date_can_be_one_story() -> None:
    found = stories(frame(("a", "", FERRY_A, None), ("b", "", FERRY_B, None)))
    assert found["a"] == found["b"]


def test_another_event_in_the_same_country_on_the_same_day_is_another_story() -> None:
    found = stories(frame(("a", "", FERRY_A, MONDAY), ("b", "", FERRY_B, MONDAY), ("c", "", BUDGET, MONDAY)))
    assert found["a"] == found["b"] != found["c"]


def test_the_same_words_a_month_later_are_another_story() -> None:
    later = MONDAY + timedelta(days=30)
    found = stories(frame(("a", "", FERRY_A, MONDAY), ("b", "", FERRY_A, later)))
    assert found["a"] != found["b"]
    assert WINDOW_DAYS < 30


def test_a_copy_goes_with_its_origin_whatever_its_date_and_words() -> None:
    articles = frame(
        ("a", "", FERRY_A, MONDAY), ("b", "", BUDGET, MONDAY), ("copy", "", BUDGET, MONDAY + timedelta(days=40)),
        origin_id=["a", "b", "a"],
    )  # fmt: skip
    found = stories(articles)
    assert found["copy"] == found["a"] != found["b"]


def test_a_copy_of_a_copy_goes_with_the_first_of_them() -> None:
    articles = frame(
        ("a", "", FERRY_A, MONDAY), ("b", "", BUDGET, MONDAY), ("c", "", BUDGET, MONDAY + timedelta(days=40)),
        origin_id=["a", "a", "b"],
    )  # fmt: skip
    found = stories(articles)
    assert found["c"] == found["b"] == found["a"]


def test_a_story_keeps_its_id_when_a_later_article_joins() -> None:
    first = stories(frame(("a", "", FERRY_A, MONDAY)))
    both = stories(frame(("a", "", FERRY_A, MONDAY), ("b", "", FERRY_B, MONDAY + timedelta(hours=5))))
    assert first["a"] == both["a"] == both["b"] == stable_id("story", "a")


def test_the_order_of_the_rows_plays_no_part() -> None:
    articles = frame(*((f"{n}{k}", "", t, MONDAY + timedelta(days=k)) for k in range(4) for n, t in
                       (("a", FERRY_A), ("b", FERRY_B), ("c", BUDGET))))  # fmt: skip
    assert group_stories(articles).equals(group_stories(articles.sample(fraction=1.0, shuffle=True, seed=7)))


def test_no_articles_are_no_stories() -> None:
    assert group_stories(frame()).is_empty()


TEXTS = st.text(max_size=60) | st.sampled_from([" ".join(FERRY_A), " ".join(FERRY_B), "", "\n\n", "?!", "a" * 5_000])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, st.none() | st.integers(0, 9), st.integers(0, 7)), max_size=8))
def test_every_article_is_in_one_story_whatever_it_holds(rows: list[tuple[str, str, int | None, int]]) -> None:
    articles = frame(
        *((str(k), "", (title, text), None if day is None else MONDAY + timedelta(days=day)) for k, (title, text, day, _) in
          enumerate(rows)),
        origin_id=[str(origin) for *_, origin in rows],
    ) if rows else frame()  # fmt: skip
    found = stories(articles)
    assert set(found) == {str(k) for k in range(len(rows))}
