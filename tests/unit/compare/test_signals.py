"""Signals: what is kept of a contradiction adds up to its score, and every signal has a meaning."""

from __future__ import annotations

import json
import math

import pytest
from builders import quantity, sentence

from pipelines.compare.candidates import Cell
from pipelines.compare.entailment import Entailed
from pipelines.compare.search import Proposal, among_others, situation
from pipelines.compare.signals import MEANINGS, as_json, meaning_of
from pipelines.compare.similarity import Weights
from pipelines.compare.verdicts import judge_slots, meeting_of, signals
from pipelines.models.cross_encoder import load_judge

DECISION = {
    "given": {"weights": {"constant": -1.0, "news_contradiction": 1.0}, "from": 0.3},
    "found": {"weights": {"constant": -1.0, "news_contradiction": 0.8, "cosine": 0.5}, "from": 0.6},
}
SURE = Entailed((0.1, 0.1, 0.8), (0.1, 0.1, 0.8), (0.97, 0.01, 0.01, 0.005, 0.005), DECISION, "stand-in+values+denials")
CLOSED = sentence("The board of the harbour closed the mill.")
OPEN = sentence("The mill is kept open by the harbour's board.")
FIVE = sentence("Varga and Lund met for five hours in Halden.", names=["Varga", "Lund", "Halden"],
                values=[quantity("five hours", "duration", 18000, 18000, "meeting", unit="s")])  # fmt: skip
SIX = sentence("Varga and Lund met for six hours in Halden.", names=["Varga", "Lund", "Halden"],
               values=[quantity("six hours", "duration", 21600, 21600, "meeting", unit="s")])  # fmt: skip


def test_the_shares_of_what_the_final_model_decides_add_up_to_its_score() -> None:
    verdict = judge_slots(CLOSED, OPEN, is_found=True, entailed=SURE)[0]
    assert verdict.relation == "contradiction"
    told = verdict.signals
    assert told is not None
    assert set(told) == {"constant", "news_contradiction", "cosine"}
    odds = sum(share for _, share in told.values() if share is not None)
    assert 1 / (1 + math.exp(-odds)) == pytest.approx(verdict.score)
    assert told == judge_slots(OPEN, CLOSED, is_found=True, entailed=SURE)[0].signals


def test_of_what_the_rules_decide_stands_what_they_saw_without_shares() -> None:
    verdict = judge_slots(FIVE, SIX, is_found=True)[0]
    told = verdict.signals
    assert told is not None
    assert told["number_conflict"][0] == pytest.approx(verdict.score)
    assert {share for _, share in told.values()} == {None}


@pytest.mark.parametrize("entailed", [None, SURE])
@pytest.mark.parametrize("is_found", [False, True])
def test_what_two_sentences_show_of_each_other_may_be_known_before_they_are_judged(
    entailed: Entailed | None, is_found: bool
) -> None:
    for a, b in ((CLOSED, OPEN), (FIVE, SIX)):
        weights = Weights.of([a.target, b.target])
        met = meeting_of(a, b, weights)
        given = {"is_found": is_found, "entailed": entailed}
        assert judge_slots(a, b, weights, **given, meeting=met) == judge_slots(a, b, weights, **given)
        assert signals(a, b, weights, met) == signals(a, b, weights)


def test_what_is_no_contradiction_carries_nothing() -> None:
    verdict = judge_slots(FIVE, FIVE, is_found=True)[0]
    assert verdict.relation != "contradiction"
    assert as_json(verdict.signals) is None


def test_what_is_kept_reads_back() -> None:
    verdict = judge_slots(CLOSED, OPEN, is_found=True, entailed=SURE)[0]
    kept = json.loads(as_json(verdict.signals) or "")
    assert kept["constant"] == [1.0, -1.0]


def test_every_signal_has_a_meaning() -> None:
    cell = Cell(0, 1, 0.5, (0, 1), (0.5, 0.6), (1, 2), (0.1, 0.2))
    beside = among_others([Proposal(0, 1, situation(cell), 0.0)], [0.5], [0.1])[0]
    known = {"constant"} | set(signals(FIVE, SIX)) | set(SURE.features()) | set(situation(cell)) | set(beside)
    assert known == set(MEANINGS)
    shipped = load_judge()
    if shipped is not None:
        assert all(meaning_of(name) for kind in ("given", "found") for name in shipped[1][kind]["weights"])
    assert meaning_of("cosine*asks") == f"{MEANINGS['cosine']}, times {MEANINGS['asks']}"
    assert meaning_of("cosine*of_another_version") is None
