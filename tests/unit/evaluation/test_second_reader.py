"""A second reading of dev by gold: what counts as the same quarrel, and that what ships holds no text."""

from __future__ import annotations

import pytest

from pipelines.evaluation.contradictions import read_lines
from tests.benchmarks.second_reader import HERE, figures, quoted_spans, shared_sides, spans_of

GOLD = {"a": (0, 40), "b": (100, 140)}


def test_both_sentences_one_of_them_or_the_two_articles_alone() -> None:
    assert shared_sides(GOLD, GOLD) == 2
    assert shared_sides({"a": (5, 30), "b": (200, 240)}, GOLD) == 1
    assert shared_sides({"a": (50, 90), "b": (200, 240)}, GOLD) == 0
    assert shared_sides({"a": (0, 40), "c": (100, 140)}, GOLD) == -1


def test_precision_is_of_what_was_read_and_recall_of_gold() -> None:
    other = {"a": (0, 40), "c": (0, 40)}
    read = [GOLD, {"a": (0, 40), "b": (300, 340)}, {"b": (0, 9), "c": (0, 9)}]
    made = figures(read, [GOLD, other])
    assert made["both_sentences.precision"] == pytest.approx(1 / 3, abs=1e-3)
    assert made["both_sentences.recall"] == 0.5
    assert made["one_sentence.precision"] == pytest.approx(2 / 3, abs=1e-3)
    assert made["two_articles.precision"] == pytest.approx(2 / 3, abs=1e-3)


def test_a_quote_that_is_not_there_is_an_error() -> None:
    pair = {"a": {"article": "a", "quote": "rain"}, "b": {"article": "b", "quote": "snow"}}
    assert quoted_spans(pair, {"a": "No rain.", "b": "snow"}) == {"a": (3, 7), "b": (0, 4)}
    with pytest.raises(ValueError, match="substring not found"):
        quoted_spans(pair, {"a": "No rain.", "b": "sleet"})


def test_what_ships_is_offsets_without_text() -> None:
    rows = read_lines(HERE / "second_reader.jsonl")
    assert len({row["event"] for row in rows}) == 24
    for row in rows:
        assert set(row) == {"event", "relation", "kind", "level"} | {
            f"{n}_{s}" for n in ("article", "start", "end") for s in "ab"
        }
        assert all(start < end for start, end in spans_of(row).values())
        assert len(spans_of(row)) == 2
