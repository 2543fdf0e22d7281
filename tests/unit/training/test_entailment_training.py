"""What the comparison's models are trained from: made pairs, labels by offset, and the fitting of the final model."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from pipelines.training.decision import fit_decision
from pipelines.training.entailment_data import NEWS_LABELS, sentence_before, sentences_to_pair
from pipelines.training.entailment_generate import make_pairs

LABELS = Path(__file__).resolve().parents[3] / "data" / "gold" / "relations" / "pairs.jsonl"
SENTENCE = "The harbour board approved 40 berths in Ohio on Monday and has hired Lund."
ELSEWHERE = ["Officials closed the old quarry near Halden after the storm last week."]


@pytest.fixture(scope="module")
def made() -> list[tuple[str, str, str]]:
    return [pair for seed in range(60) for pair in make_pairs(SENTENCE, SENTENCE, ELSEWHERE, random.Random(seed))]


def test_made_pairs_keep_one_side_and_change_the_other(made: list[tuple[str, str, str]]) -> None:
    assert {relation for _, _, relation in made} == {"contradiction", "corroboration", "compatible"}
    assert all(one == SENTENCE and other != SENTENCE for one, other, _ in made)


def test_a_bound_that_covers_the_number_is_compatible_and_one_above_it_a_contradiction(made: list[tuple[str, str, str]]) -> None:
    bounds = {other: relation for _, other, relation in made if "more than" in other or "at least" in other}
    assert bounds
    for other, relation in bounds.items():
        value = next(int(word) for word in other.split() if word.isdigit())
        assert (relation == "compatible") == (value < 40)


def test_a_denial_of_something_else_is_no_contradiction(made: list[tuple[str, str, str]]) -> None:
    about_else = {relation for _, other, relation in made if "quarry" in other}
    assert about_else == {"compatible"}


def test_the_sentence_before_and_the_sentences_worth_pairing_are_found_by_offset() -> None:
    text = "The quarry at Halden closed on Monday. Short. The board of the harbour met for five hours."
    start = text.index("The board")
    assert sentence_before(text, start) == "Short."
    assert [text[a:b] for a, b in sentences_to_pair(text)] == [
        "The quarry at Halden closed on Monday.",
        "The board of the harbour met for five hours.",
    ]
    assert not sentence_before(text, 0)


def test_the_final_model_finds_the_signal_that_tells_and_keeps_stories_together() -> None:
    rng = np.random.default_rng(4)
    truth = rng.random(400) < 0.3
    rows = [{"tells": float(t) + rng.normal(0, 0.5), "noise": rng.normal(), "constant_signal": 1.0} for t in truth]
    fitted, probability = fit_decision(rows, truth.tolist(), [str(n // 10) for n in range(400)], least_precision=0.8)
    assert fitted["weights"]["tells"] > 5 * abs(fitted["weights"]["noise"])
    assert "constant_signal" not in fitted["weights"]
    assert fitted["cross_validated"]["precision"] >= 0.8
    assert probability.shape == (400,)


def test_the_hand_labelled_pairs_that_ship_hold_no_text_and_are_well_formed() -> None:
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    assert len({row["pair_id"] for row in rows}) == len(rows) >= 3000
    fields = {"pair_id", "story_id", "relation", "kind", "level"} | {
        f"{n}_{s}" for n in ("article", "start", "end") for s in "ab"
    }
    for row in rows:
        assert set(row) == fields
        assert row["relation"] in NEWS_LABELS
        assert (row["level"] is not None) <= (row["relation"] == "contradiction")
        assert row["article_a"] != row["article_b"]
        assert all(0 <= row[f"start_{side}"] < row[f"end_{side}"] for side in "ab")
