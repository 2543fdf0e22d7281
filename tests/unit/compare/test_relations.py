"""Relations: what is compared with what, and the rows that come of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import tables
from pipelines.compare.relations import compare_claims, quoted, sentences_of

MONDAY = datetime(2031, 3, 3, 9, tzinfo=UTC)
FIVE = "Varga and Lund met for five hours in Halden on grain exports."
SIX = "Varga and Lund met for six hours in Halden on grain exports."

CLAIMS = pl.Schema(
    {
        "claim_id": pl.String(), "article_id": pl.String(), "story_id": pl.String(), "outlet_id": pl.String(),
        "canonical_url": pl.String(), "version_no": pl.Int64(), "is_current": pl.Boolean(), "origin_id": pl.String(),
        "published_at": tables.UTC_TIMESTAMP, "published_precision": pl.String(), "sentence_no": pl.Int64(),
        "char_start": pl.Int64(), "char_end": pl.Int64(), "text": pl.String(), "sentence": pl.String(), "polarity": pl.String(),
        "modality": pl.String(), "hop_count": pl.Int64(), "asserted_by": pl.String(), "asserted_by_kind": pl.String(),
        "is_anonymous": pl.Boolean(),
    }
)  # fmt: skip


def claim(claim_id: str, article_id: str, text: str, **columns: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "claim_id": claim_id, "article_id": article_id, "story_id": "story", "outlet_id": f"outlet of {article_id}",
        "canonical_url": None, "version_no": 1, "is_current": True, "origin_id": article_id, "published_at": MONDAY,
        "published_precision": "minute", "sentence_no": 1, "char_start": 40, "char_end": 40 + len(text), "text": text,
        "sentence": text, "polarity": "affirmed", "modality": "asserted", "hop_count": 0, "asserted_by": article_id,
        "asserted_by_kind": "outlet", "is_anonymous": False,
    }  # fmt: skip
    return row | columns


def hours(row: dict[str, Any], words: str, lower: float, upper: float) -> dict[str, Any]:
    at = row["char_start"] + row["text"].index(words)
    return {"claim_id": row["claim_id"], "quantity_no": 0, "dimension": "duration", "lower": lower * 3600, "upper": upper * 3600,
            "unit": "s", "approximation": "exact", "counted": "meeting", "char_start": at,
            "char_end": at + len(words)}  # fmt: skip


def mention(row: dict[str, Any], surface: str) -> dict[str, Any]:
    at = row["char_start"] + row["sentence"].index(surface)
    return {"mention_id": f"{row['claim_id']} {surface}", "article_id": row["article_id"], "sentence_no": row["sentence_no"],
            "char_start": at, "char_end": at + len(surface), "surface": surface, "kind": "person"}  # fmt: skip


def compare(claims: list[dict[str, Any]], quantities: list[dict[str, Any]] | None = None, shuffled: bool = False) -> pl.DataFrame:
    mentions = [mention(row, name) for row in claims for name in ("Varga", "Lund", "Halden") if name in row["sentence"]]
    unique = {(row["article_id"], row["char_start"], row["surface"]): row for row in mentions}
    frames = [
        pl.DataFrame(claims, schema=CLAIMS, orient="row"), tables.ATTRIBUTIONS.empty(), tables.QUANTITIES.frame(quantities or []),
        tables.TIMES.empty(), tables.MENTIONS.frame(list(unique.values())),
    ]  # fmt: skip
    if shuffled:
        frames = [frame.sample(fraction=1.0, shuffle=True, seed=3) for frame in frames]
    found = compare_claims(*frames)
    assert found.schema == tables.CLAIM_RELATIONS.schema
    assert found.select("claim_a_id", "claim_b_id").is_unique().all()
    for column in tables.CLAIM_RELATIONS.columns:
        if column.accepted:
            assert set(found[column.name].drop_nulls()) <= set(column.accepted)
        if not column.nullable:
            assert found[column.name].null_count() == 0
    return found


def five_and_six(**of_second: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    a, b = claim("a1", "a", FIVE), claim("b1", "b", SIX, **of_second)
    return [a, b], [hours(a, "five hours", 4.5, 5.4999), hours(b, "six hours", 5.5, 6.4999)]


def test_two_outlets_with_two_lengths_of_one_meeting() -> None:
    row = compare(*five_and_six()).row(0, named=True)
    assert (row["relation"], row["kind"], row["level"]) == ("contradiction", "number", "outlet")
    assert (row["value_a"], row["value_b"]) == ("five hours", "six hours")
    assert row["slot"] == "number|duration|meeting"


def test_side_a_is_the_earlier_claim() -> None:
    claims, quantities = five_and_six(published_at=MONDAY - timedelta(hours=3))
    row = compare(claims, quantities).row(0, named=True)
    assert (row["claim_a_id"], row["value_a"]) == ("b1", "six hours")


def test_at_a_tie_side_a_has_the_smaller_id() -> None:
    claims, quantities = five_and_six()
    assert compare(claims[::-1], quantities).row(0, named=True)["claim_a_id"] == "a1"


def test_the_order_of_the_rows_plays_no_part() -> None:
    claims, quantities = five_and_six()
    claims += [claim("c1", "c", "The grain exports of Halden rose, Varga said.", sentence_no=2), claim("c2", "c", SIX)]
    assert compare(claims, quantities).equals(compare(claims, quantities, shuffled=True))


def test_one_outlet_is_not_compared_with_itself() -> None:
    claims, quantities = five_and_six()
    assert compare([row | {"outlet_id": "one"} for row in claims], quantities).is_empty()


def test_articles_of_two_stories_are_not_compared() -> None:
    assert compare(*five_and_six(story_id="another")).is_empty()


def test_copies_and_older_versions_are_not_compared() -> None:
    assert compare(*five_and_six(origin_id="a")).is_empty()
    assert compare(*five_and_six(is_current=False)).is_empty()


def test_a_value_changed_between_two_versions_is_an_update() -> None:
    claims, quantities = five_and_six(version_no=2)
    versions = [row | {"outlet_id": "one", "canonical_url": "https://outlet.example/1", "is_current": row["version_no"] == 2}
                for row in claims]  # fmt: skip
    row = compare(versions, quantities).row(0, named=True)
    assert (row["relation"], row["kind"], row["level"]) == ("update", None, None)
    assert {row["value_a"], row["value_b"]} == {"five hours", "six hours"}


def test_the_same_words_in_two_outlets_corroborate_each_other() -> None:
    assert compare([claim("a1", "a", FIVE), claim("b1", "b", FIVE)])["relation"].to_list() == ["corroboration"]


def test_one_quarrel_in_many_words_has_one_slot() -> None:
    denied = "Norvania denied that Lund agreed a grain deal with Varga in Halden."
    claims = [
        claim("a1", "a", "Lund agreed a grain deal with Varga in Halden."),
        claim("a2", "a", "In Halden Varga and Lund struck a deal on grain.", sentence_no=2, char_start=200, char_end=249),
        claim("b1", "b", denied, modality="denied", hop_count=1, asserted_by="Norvania", asserted_by_kind="organization"),
    ]
    found = compare(claims).filter(pl.col("relation") == "contradiction")
    assert found.height == 2
    assert found["slot"].n_unique() == 1
    assert set(found["level"]) == {"source"}


def test_captions_are_not_compared() -> None:
    caption = "Varga and Lund met for six hours in Halden on grain exports (Getty Images)."
    assert compare([claim("a1", "a", FIVE), claim("b1", "b", caption)]).is_empty()


def test_words_picked_out_of_an_article_keep_what_was_read_from_them() -> None:
    a = claim("a1", "a", FIVE, char_start=0, char_end=len(FIVE))
    frames = (
        pl.DataFrame([a], schema=CLAIMS, orient="row"), tables.ATTRIBUTIONS.empty(),
        tables.QUANTITIES.frame([hours(a, "five hours", 4.5, 5.4999)]), tables.TIMES.empty(),
        tables.MENTIONS.frame([mention(a, "Varga"), mention(a, "Halden")]),
    )  # fmt: skip
    sentences = sentences_of(*frames)["a"]
    start = FIVE.index("met")
    picked = quoted(sentences, FIVE, start, len(FIVE))
    assert [value.surface for value in picked.values] == ["five hours"]
    assert picked.names == ("Halden",)
    assert [c.claim_id for c in picked.claims] == ["a1"]
    assert quoted(sentences, FIVE + " More.", len(FIVE), len(FIVE) + 6).claims == ()


def test_no_claims_no_relations() -> None:
    assert compare([]).is_empty()


WORDS = st.sampled_from(
    ["Varga", "Lund", "denied", "not", "agreed", "deal", "grain", "Halden", "five", "six", "hours", "killed", "people", "“", "?"]
)  # fmt: skip
TEXT = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=30)
FEW = st.integers(0, 3)
ROW = st.fixed_dictionaries(
    {
        "article_id": FEW.map("a{}".format), "story_id": st.sampled_from(["s", "t", None]), "text": TEXT, "sentence": TEXT,
        "outlet_id": st.sampled_from(["x", "y", None]), "origin_id": FEW.map("a{}".format) | st.none(),
        "canonical_url": st.sampled_from([None, "https://outlet.example/1"]), "version_no": st.integers(1, 3) | st.none(),
        "is_current": st.booleans() | st.none(), "published_at": st.none() | FEW.map(lambda d: MONDAY + timedelta(days=d)),
        "published_precision": st.sampled_from([*tables.PUBLISHED_PRECISIONS, None]), "sentence_no": FEW,
        "char_start": st.integers(0, 50), "polarity": st.sampled_from(tables.POLARITIES),
        "modality": st.sampled_from(tables.MODALITIES), "hop_count": FEW | st.none(), "asserted_by": st.none() | TEXT,
        "is_anonymous": st.booleans() | st.none(),
    }
)  # fmt: skip
BOUND = st.none() | st.floats(allow_nan=False) | st.integers(-5, 5).map(float)
QUANTITY = st.fixed_dictionaries(
    {
        "claim_id": FEW.map("c{}".format), "dimension": st.sampled_from(tables.DIMENSIONS), "lower": BOUND, "upper": BOUND,
        "unit": st.none() | st.sampled_from(["s", "USD"]), "approximation": st.sampled_from(tables.APPROXIMATIONS),
        "counted": st.none() | TEXT | st.sampled_from(["dead", "meeting"]), "char_start": st.integers(0, 90),
        "char_end": st.integers(0, 90),
    }
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.lists(ROW, max_size=8), st.lists(QUANTITY, max_size=8))
def test_any_frame_of_claims_gives_a_frame_of_relations(rows: list[dict[str, Any]], values: list[dict[str, Any]]) -> None:
    claims = [claim(f"c{n}", row["article_id"], row["text"]) | row | {"char_end": row["char_start"] + len(row["text"])}
              for n, row in enumerate(rows)]  # fmt: skip
    times = [
        {"claim_id": value["claim_id"], "time_no": n, "start_at": MONDAY, "end_at": MONDAY + timedelta(days=n),
         "precision": "day",
         "char_start": value["char_start"], "char_end": value["char_end"]} for n, value in enumerate(values)
    ]  # fmt: skip
    found = compare_claims(
        pl.DataFrame(claims, schema=CLAIMS, orient="row"), tables.ATTRIBUTIONS.empty(),
        tables.QUANTITIES.frame([value | {"quantity_no": n} for n, value in enumerate(values)]), tables.TIMES.frame(times),
        tables.MENTIONS.empty(),
    )  # fmt: skip
    assert found.schema == tables.CLAIM_RELATIONS.schema
    assert found["score"].is_between(0, 1).all()
    assert (found["claim_a_id"] != found["claim_b_id"]).all()
