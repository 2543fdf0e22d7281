"""Stories: what a reader would call one event is one story, and nothing else is."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.compare.stories import StoryBook, group_stories
from pipelines.compare.story_features import DETAILS, TERMS, cut_words, unpack
from pipelines.compare.story_pairs import WINDOW_DAYS, Vectors
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


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, st.none() | st.integers(0, 9), st.integers(0, 7)), max_size=8))
def test_every_article_is_in_one_story_whatever_it_holds(rows: list[tuple[str, str, int | None, int]]) -> None:
    articles = frame(
        *((str(k), "", (title, text), None if day is None else MONDAY + timedelta(days=day)) for k, (title, text, day, _) in
          enumerate(rows)),
        origin_id=[str(origin) for *_, origin in rows],
    ) if rows else frame()  # fmt: skip
    found = stories(articles)
    assert set(found) == {str(k) for k in range(len(rows))}


def mixed(seed: int, *topics: str) -> tuple[str, str]:
    """A report in the words of some topics."""
    draw = random.Random(seed)
    words = [f"{topic}{letter}{other}" for topic in topics for letter in "bcdfg" for other in "lmnrstvz"]
    return " ".join(draw.choices(words, k=5)), " ".join(draw.choices(words, k=160))


def placed_in(articles: pl.DataFrame, *batches: list[str]) -> StoryBook:
    book = StoryBook(articles)
    for batch in batches:
        book.place(batch)
    return book


def as_dict(book: StoryBook) -> dict[str, str]:
    return dict(book.stories().select("article_id", "story_id").iter_rows())


def test_an_earlier_article_that_comes_later_joins_without_changing_the_id() -> None:
    articles = frame(("early", "", FERRY_A, MONDAY - timedelta(days=1)), ("late", "", FERRY_B, MONDAY))
    assert set(as_dict(placed_in(articles, ["late"], ["early"])).values()) == {stable_id("story", "late")}


def test_bridging_articles_make_two_stories_one_under_the_older_id_and_say_so() -> None:
    articles = frame(
        ("old", "", mixed(1, "ka"), MONDAY), ("young", "", mixed(2, "zu"), MONDAY + timedelta(hours=1)),
        *((f"both{n}", "", mixed(3 + n, "ka", "zu"), MONDAY + timedelta(hours=2 + n)) for n in range(5)),
    )  # fmt: skip
    book = placed_in(articles, ["old", "young"])
    assert as_dict(book) == {"old": stable_id("story", "old"), "young": stable_id("story", "young")}
    book.place()
    assert set(as_dict(book).values()) == {stable_id("story", "old")}
    change = book.changes().row(0, named=True)
    assert (book.changes().height, change["kind"], change["shown_by"]) == (1, "merged", "both0")
    assert (change["story_id"], change["other_story_id"]) == (stable_id("story", "young"), stable_id("story", "old"))


def test_a_story_that_was_two_splits_and_the_part_it_was_named_after_keeps_the_id() -> None:
    vague = [mixed(n, "ka", "zu") for n in range(2)]
    articles = frame(
        ("first", "", (vague[0][0], vague[0][1] + " " + mixed(9, "ka")[1]), MONDAY),
        ("second", "", (vague[1][0], vague[1][1] + " " + mixed(8, "zu")[1]), MONDAY + timedelta(hours=1)),
        *((f"ka{n}", "", mixed(20 + n, "ka"), MONDAY + timedelta(hours=2)) for n in range(3)),
        *((f"zu{n}", "", mixed(30 + n, "zu"), MONDAY + timedelta(hours=2)) for n in range(3)),
    )  # fmt: skip
    book = placed_in(articles, ["first", "second"])
    assert set(as_dict(book).values()) == {stable_id("story", "first")}
    book.place()
    found = as_dict(book)
    assert {found[name] for name in ("first", "ka0", "ka1", "ka2")} == {stable_id("story", "first")}
    assert {found[name] for name in ("second", "zu0", "zu1", "zu2")} == {stable_id("story", "second")}
    change = book.changes().row(0, named=True)
    assert (book.changes().height, change["kind"], change["articles"]) == (1, "split", 1)
    assert (change["story_id"], change["other_story_id"]) == (stable_id("story", "first"), stable_id("story", "second"))


def test_days_placed_one_by_one_make_the_stories_of_one_go() -> None:
    articles = frame(*((f"{t}{n}", "", mixed(n, t), MONDAY + timedelta(days=n)) for n in range(7) for t in ("ka", "zu")))
    days = [[f"ka{n}", f"zu{n}"] for n in range(7)]
    assert placed_in(articles, *days).stories().equals(group_stories(articles))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["ka", "zu", "ka zu"]), st.none() | st.integers(0, 9)), max_size=10), st.data())
def test_batches_in_any_split_put_every_article_in_one_story_and_a_rerun_changes_nothing(
    rows: list[tuple[str, int | None]], data: st.DataObject
) -> None:
    articles = frame(
        *((str(n), "", mixed(n, *topics.split()), None if day is None else MONDAY + timedelta(days=day)) for n, (topics, day) in
          enumerate(rows)),
    )  # fmt: skip
    batch_of = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    batches = [[str(n) for n, at in enumerate(batch_of) if at == batch] for batch in range(4)]
    book = StoryBook(articles)
    ever: set[str] = set()
    for batch in batches:
        book.place(batch)
        now = set(as_dict(book).values())
        # An id goes only when it is said where.
        assert ever - now <= set(book.changes().filter(pl.col("kind") == "merged")["story_id"])
        ever |= now
    before = book.stories()
    book.place()
    assert book.stories().equals(before)
    assert sorted(before["article_id"]) == sorted(articles["article_id"])
    assert placed_in(articles, *batches).stories().equals(before)


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS)
def test_features_are_counts_of_the_words_and_the_same_wherever_they_are_cut(title: str, text: str) -> None:
    terms, details = cut_words(title, text)
    assert (terms, details) == cut_words(title, text)
    counts = unpack([terms, terms], TERMS) | unpack([details, details], DETAILS)
    for matrix in counts.values():
        assert (matrix[0] != matrix[1]).nnz == 0
    assert counts["title"].sum() <= counts["body"].sum() or not title


@pytest.mark.parametrize("word", ["harbour", "lighthouse", "inquiry", "ferry", "minister", "quarantine", "bakery", "orchestra"])
def test_a_word_that_the_lead_cuts_off_is_no_word_of_the_article(word: str) -> None:
    """It stands nowhere in the window, so that it has no column: with one of another word it wrote beside its place in memory."""
    lead = ("The council of Norrby met on Monday about the bridge. " * 30)[:1194].rstrip()
    lead += " " * (1195 - len(lead))
    cut = [cut_words("", text) for text in (f"{lead}{word * 3} was closed.", f"{lead}   \n    was opened.")]
    vectors = Vectors([terms for terms, _ in cut], np.zeros(2), lambda rows: [cut[row][1] for row in rows])
    assert vectors.features(np.array([0]), np.array([1]))["lead"] == pytest.approx([1.0], abs=1e-6)
