"""The arbiter: what it is told of a pair, what counts as an answer, and what a ruling makes of the pair."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
import pytest
from builders import sentence
from hypothesis import given
from hypothesis import strategies as st

from pipelines.compare.arbiter import INSTRUCTIONS, arbiter_id, hear_arbiter, read_ruling
from pipelines.compare.entailment import RELATIONS
from pipelines.compare.readings import SentenceClaims
from pipelines.tables import KINDS

STATED = replace(
    sentence("Varga promised to close the mill.", names=["Varga"], hour=8), title="Mill to close", before="It rained."
)
DENIED = sentence(
    "Varga's office denied that he had promised to close the mill.", names=["Varga"], speaker="Varga's office",
    cue_kind="denies", hour=12,
)  # fmt: skip


@dataclass
class StandIn:
    """An arbiter with its answers ready."""

    ready: Sequence[Any]
    name: str = "endpoint:stand-in"
    asked: list[tuple[str, str]] = field(default_factory=list)

    def answers(
        self, instructions: str, pairs: Sequence[tuple[str, str]], read: Callable[[Any], dict[str, Any] | None]
    ) -> Mapping[int, dict[str, Any] | None]:
        self.asked.extend(pairs)
        return {at: read(answer) for at, answer in enumerate(self.ready)}


def unsure(*pairs: tuple[SentenceClaims, SentenceClaims], **said: Any) -> pl.DataFrame:
    rows = [{"claim_a_id": a.claims[0].claim_id, "claim_b_id": b.claims[0].claim_id} for a, b in pairs]
    told = {"relation": "compatible", "kind": None, "level": None} | said
    return pl.DataFrame([row | told for row in rows], schema_overrides={"kind": pl.String, "level": pl.String})


def test_it_is_told_both_sentences_with_what_stands_around_them_and_no_outlet() -> None:
    arbiter = StandIn([])
    hear_arbiter(arbiter, unsure((DENIED, STATED)), [STATED, DENIED])
    [(a, b)] = arbiter.asked
    assert json.loads(a) == {
        "headline": "Mill to close", "published": "2031-03-10T08:00+00:00", "before": "It rained.", "sentence": STATED.text,
    }  # fmt: skip
    assert json.loads(b) == {"published": "2031-03-10T12:00+00:00", "said_by": "Varga's office", "sentence": DENIED.text}


def test_a_contradiction_that_the_comparison_missed_gets_a_level_and_a_slot() -> None:
    arbiter = StandIn([{"relation": "contradiction", "kind": "denial", "certainty": 0.9}])
    [row] = hear_arbiter(arbiter, unsure((STATED, DENIED)), [STATED, DENIED]).to_dicts()
    assert (row["relation"], row["kind"], row["level"], row["score"]) == ("contradiction", "denial", "source", 0.9)
    assert row["slot"].startswith("denial|")
    assert "varga" in row["slot"]
    assert (row["detector"], row["arbiter"]) == ("endpoint:stand-in", arbiter_id(arbiter))


def test_values_keep_their_kind_and_slot_when_their_clash_is_confirmed() -> None:
    arbiter = StandIn([{"relation": "contradiction", "kind": "semantic", "certainty": 0.7}])
    pair = unsure((STATED, DENIED), relation="contradiction", kind="number", level="outlet")
    [row] = hear_arbiter(arbiter, pair, [STATED, DENIED]).to_dicts()
    assert (row["kind"], row["level"], row["slot"]) == ("number", "outlet", None)


def test_a_false_accusation_is_taken_back() -> None:
    arbiter = StandIn([{"relation": "compatible", "kind": None, "certainty": 0.8}])
    pair = unsure((STATED, DENIED), relation="contradiction", kind="denial", level="source")
    [row] = hear_arbiter(arbiter, pair, [STATED, DENIED]).to_dicts()
    assert (row["relation"], row["kind"], row["level"]) == ("compatible", None, None)


def test_no_usable_answer_is_a_row_without_a_relation_and_no_answer_is_no_row() -> None:
    other = sentence("The quarry stays open.")
    pairs = unsure((STATED, DENIED), (STATED, other))
    made = hear_arbiter(StandIn(["I would say they disagree."]), pairs, [STATED, DENIED, other])
    assert made["relation"].to_list() == [None]


@pytest.mark.parametrize(
    "answer",
    [
        None, [], "contradiction", {"relation": "contradiction"}, {"relation": "clash", "certainty": 0.5},
        {"relation": "contradiction", "kind": "mood", "certainty": 0.5}, {"relation": "contradiction", "certainty": 0.5},
        {"relation": "update", "certainty": 1.5}, {"relation": "update", "certainty": True},
        {"relation": "update", "certainty": "high"}, {"relation": "update", "certainty": float("nan")},
        {"relation": ["update"], "certainty": 1},
    ],
)  # fmt: skip
def test_what_was_not_asked_for_is_no_answer(answer: Any) -> None:
    assert read_ruling(answer) is None


anything = st.sampled_from([None, True, "", "x", [], {}, *RELATIONS, *KINDS]) | st.floats() | st.integers()


@given(st.fixed_dictionaries({}, optional={"relation": anything, "kind": anything, "certainty": anything}))
def test_whatever_comes_back_is_a_ruling_or_nothing(answer: Any) -> None:
    ruling = read_ruling(answer)
    if ruling is not None:
        assert ruling["relation"] in RELATIONS
        assert (ruling["kind"] in KINDS) == (ruling["relation"] == "contradiction")
        assert 0 <= ruling["certainty"] <= 1


def test_the_instructions_name_every_relation_and_kind_that_an_answer_may_have() -> None:
    assert all(f'"{name}"' in INSTRUCTIONS for name in (*RELATIONS, *KINDS))
