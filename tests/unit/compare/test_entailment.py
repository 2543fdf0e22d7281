"""The cross-encoder's opinion in the comparison: a stand-in encoder, the final model's weights, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from builders import day, quantity, sentence
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.compare.entailment import RELATIONS, Entailed, Judge, decide_score, odds_of, relation_of, shares
from pipelines.compare.readings import SentenceClaims
from pipelines.compare.relations import judge_pairs, judge_sentences
from pipelines.compare.verdicts import Verdict

DECISION = {
    "given": {"weights": {"constant": -1.0, "news_contradiction": 1.0}, "from": 0.3},
    "found": {"weights": {"constant": -1.0, "news_contradiction": 1.0}, "from": 0.6},
}


def opinion(news: Sequence[float], nli: Sequence[float] = (0.2, 0.6, 0.2), back: Sequence[float] = (0.2, 0.6, 0.2)) -> Entailed:
    return Entailed(tuple(nli), tuple(back), tuple(news), DECISION)


def met(hours: str, seconds: int) -> SentenceClaims:
    """A meeting of so many hours."""
    value = quantity(f"{hours} hours", "duration", seconds, seconds, "meeting", unit="s")
    return sentence(f"Varga and Lund met for {hours} hours in Halden.", names=["Varga", "Lund", "Halden"], values=[value])


@dataclass
class StandIn:
    """An encoder that finds a contradiction wherever one side says "denied"."""

    name: str = "stand-in"

    def judge(self, pairs: Sequence[tuple[tuple[str, str], tuple[str, str]]], *, both_ways: bool = True) -> Any:
        news = [[0.9, 0.02, 0.02, 0.03, 0.03] if "denied" in a[0] + b[0] else [0.02, 0.02, 0.9, 0.03, 0.03] for a, b in pairs]
        nli = [[0.1, 0.1, 0.8]] * len(pairs)
        return SimpleNamespace(nli=np.array(nli), back=np.array(nli), news=np.array(news))


def test_an_opinion_decides_and_names_its_detector() -> None:
    stated = sentence("Varga promised to close the mill.", names=["Varga"])
    denied = sentence(
        "The ministry denied that Varga had promised anything.", names=["Varga"], speaker="The ministry", cue_kind="denies"
    )
    [made] = judge_pairs(Judge(StandIn(), DECISION), [(stated, denied)])
    verdict = judge_sentences(stated, denied, entailed=made)
    assert (verdict.relation, verdict.kind, verdict.level) == ("contradiction", "denial", "source")
    assert verdict.detector == "stand-in+values+denials"


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["constant", "near", "far", "near*far", "far*far"]), unique=True), st.floats(-9, 9), st.floats(-9, 9)
)
def test_log_odds_are_the_weighted_sum_of_signals_and_products_of_two(names: list[str], near: float, far: float) -> None:
    values = {"constant": 1.0, "near": near, "far": far, "near*far": near * far, "far*far": far * far}
    weights = {name: number - 1.5 for number, name in enumerate(names)}
    assert odds_of({"near": near, "far": far}, weights) == pytest.approx(sum(w * values[name] for name, w in weights.items()))


def test_weights_of_a_signal_that_was_not_seen_are_refused_by_its_name() -> None:
    for names in ({"near": 1.0}, {"far": 1.0, "far*near": 1.0}):
        with pytest.raises(KeyError, match="near"):
            odds_of({"far": 1.0}, names)


def test_without_an_encoder_the_rules_decide() -> None:
    pair = (sentence("Varga met Lund in Halden."), sentence("Lund met Varga in Halden."))
    assert list(judge_pairs(None, [pair])) == [None]
    assert judge_sentences(*pair).detector.startswith("rules")


def test_values_of_one_slot_give_a_contradiction_its_kind() -> None:
    five, six = met("five", 18_000), met("six", 21_600)
    verdict = judge_sentences(five, six, entailed=opinion((0.9, 0.02, 0.02, 0.03, 0.03)))
    assert (verdict.relation, verdict.kind, verdict.value_a, verdict.value_b) == (
        "contradiction",
        "number",
        "five hours",
        "six hours",
    )


def test_a_found_pair_needs_a_higher_score_than_a_given_one() -> None:
    made = opinion((0.7, 0.05, 0.05, 0.1, 0.1))
    pair = (sentence("The mill will close."), sentence("The mill stays open."))
    assert judge_sentences(*pair, entailed=made).relation == "contradiction"
    assert judge_sentences(*pair, entailed=made, is_found=True).relation != "contradiction"


def test_a_pair_that_is_no_contradiction_is_what_the_encoder_says() -> None:
    pair = (sentence("The mill will close."), sentence("The mill is to shut."))
    for at, relation in enumerate(RELATIONS[1:], start=1):
        news = [0.02] * 5
        news[at] = 0.92
        assert judge_sentences(*pair, entailed=opinion(news)).relation == relation


@given(st.lists(st.floats(0.01, 1), min_size=11, max_size=11))
def test_the_signals_do_not_depend_on_which_side_comes_first(drawn: list[float]) -> None:
    nli, back, news = drawn[:3], drawn[3:6], drawn[6:]
    one, other = opinion(news, nli, back), opinion(news, back, nli)
    assert one.features() == pytest.approx(other.features())


@given(st.lists(st.floats(0.0, 1.0), min_size=11, max_size=11))
def test_a_score_is_the_sum_of_what_its_signals_add(drawn: list[float]) -> None:
    features = opinion(drawn[6:], drawn[:3], drawn[3:6]).features()
    score, _ = decide_score(features, DECISION, is_found=True)
    added = shares(features, DECISION, is_found=True)
    assert score == pytest.approx(1 / (1 + np.exp(-sum(added.values()))))


def test_weights_that_name_an_unknown_signal_are_refused() -> None:
    with pytest.raises(KeyError, match="no_such"):
        decide_score({"cosine": 1.0}, {"given": {"weights": {"constant": 0.0, "no_such": 1.0}, "from": 0.5}}, is_found=False)


def test_growing_values_stay_an_update_unless_the_encoder_is_sure_of_a_contradiction() -> None:
    assert relation_of(0.5, 0.3, True, opinion((0.3, 0.3, 0.2, 0.1, 0.1))) == "update"
    assert relation_of(0.5, 0.3, True, opinion((0.8, 0.1, 0.05, 0.03, 0.02))) == "contradiction"


def test_a_product_of_signals_counts_by_both() -> None:
    model = {"found": {"weights": {"constant": -1.0, "cosine*likely": 2.0}, "from": 0.5}}
    features = {"cosine": 0.5, "likely": 3.0}
    score, _ = decide_score(features, model, is_found=True)
    assert score == pytest.approx(1 / (1 + np.exp(-2.0)))
    assert shares(features, model, is_found=True) == {"cosine*likely": 3.0, "constant": -1.0}


def test_an_encoder_that_knows_the_search_is_heard_there() -> None:
    class Searching(StandIn):
        def judge(self, pairs: Sequence[tuple[tuple[str, str], tuple[str, str]]], *, both_ways: bool = True) -> Any:
            made = super().judge(pairs, both_ways=both_ways)
            return SimpleNamespace(nli=made.nli, back=made.back, news=made.news, found=np.array([0.5] * len(pairs)))

    pair = ((("The mill will close.", ""), ("Lund denied it.", "")),)
    [by_news], [by_search] = Judge(StandIn(), DECISION).judge(pair), Judge(Searching(), DECISION).judge(pair)
    assert by_news.likely == pytest.approx(np.log(9))
    assert by_search.likely == pytest.approx(0.0)


def test_the_title_is_read_with_the_sentence() -> None:
    seen: list[Any] = []

    class Watching(StandIn):
        def judge(self, pairs: Sequence[tuple[tuple[str, str], tuple[str, str]]], *, both_ways: bool = True) -> Any:
            seen.extend(pairs)
            return super().judge(pairs, both_ways=both_ways)

    one = replace(sentence("The mill will close."), title="Mill to close")
    judge_pairs(Judge(Watching(), DECISION), [(one, sentence("It stays.", days=[day("stays", 3)]))])
    assert seen == [(("The mill will close.", "Mill to close"), ("It stays.", ""))]


def test_the_encoder_may_object_to_a_quarrel_of_words_but_not_to_one_of_values() -> None:
    agreeing = opinion((0.2, 0.05, 0.6, 0.1, 0.05))
    assert agreeing.vetoes("denial")
    assert not agreeing.vetoes("number")
    assert not opinion((0.6, 0.05, 0.2, 0.1, 0.05)).vetoes("denial")


def test_what_the_rules_see_in_a_search_is_told_only_where_the_final_model_thinks_it_likely_enough() -> None:
    five, six = met("five", 18_000), met("six", 21_600)
    unlikely = opinion((0.3, 0.1, 0.1, 0.3, 0.2))
    told = {}
    for least in (0.0, 0.1, 0.3):
        decision = {**DECISION, "found": {**DECISION["found"], "rules_from": {"number": least}}}
        verdict = judge_sentences(five, six, is_found=True, entailed=replace(unlikely, decision=decision))
        told[least] = (verdict.relation, verdict.detector.startswith("rules"))
    score, least_sure = decide_score(unlikely.features(), DECISION, is_found=True)
    assert 0.1 < score < 0.3 < least_sure, "not enough for a contradiction that the rules do not see"
    assert told[0.0] == told[0.1] == ("contradiction", True)
    assert told[0.3] == ("compatible", False)


def found(a: SentenceClaims, b: SentenceClaims, *, given_odds: float = 2.0, least: float = 0.5) -> Verdict:
    """The verdict on a found pair of which the encoder is sure."""
    decision = {**DECISION, "found": {**DECISION["found"], "least_given": least}}
    sure = replace(opinion((0.95, 0.01, 0.01, 0.02, 0.01)), decision=decision, seen={"given_odds": given_odds})
    return judge_sentences(a, b, is_found=True, entailed=sure)


def test_a_found_pair_is_told_only_where_the_model_of_given_pairs_thinks_it_likely_too() -> None:
    pair = (sentence("Varga will close the mill in Halden."), sentence("The mill in Halden stays open, Lund says."))
    assert found(*pair).relation == "contradiction"
    doubted = found(*pair, given_odds=-0.5)
    assert doubted.relation != "contradiction"
    assert (doubted.kind, doubted.level, doubted.slot) == (None, None, None)
    assert found(*pair, given_odds=-0.5, least=0.0).relation == "contradiction", "asked for by the weights alone"


def test_of_values_of_one_slot_the_model_of_given_pairs_is_not_asked() -> None:
    five, six = met("five", 18_000), met("six", 21_600)
    assert found(five, six, given_odds=-0.5).relation == "contradiction"
    assert found(five, six).detector.startswith("rules")


def test_two_sentences_that_quote_one_statement_do_not_quarrel() -> None:
    said = "the mill in Halden will never close while I am mayor"
    pair = (sentence(f"Varga said: “{said}”."), sentence(f"“And {said},” Varga wrote, though Lund doubts it."))
    assert found(*pair).relation != "contradiction"
    assert found(pair[0], sentence("“And the mill shuts on Monday,” Lund wrote.")).relation == "contradiction"


def test_numbers_of_two_things_are_no_quarrel_however_sure_the_encoder_is() -> None:
    def vote(state: str, votes: int, rain: str, on: int) -> SentenceClaims:
        value = quantity(f"{votes} votes", "count", votes, votes, "votes")
        text = f"Varga won the {state} primary by {votes} votes, and rain is due on {rain}."
        return sentence(text, names=["Varga"], values=[value], days=[day(rain, on)])

    same = found(vote("Oregon", 410, "Monday", 3), vote("Oregon", 455, "Monday", 3))
    assert (same.relation, same.kind) == ("contradiction", "number")
    # Other days, of something else, do not make a quarrel of other numbers.
    other = found(vote("Oregon", 410, "Monday", 3), vote("Kentucky", 455, "Friday", 7))
    assert (other.relation, other.kind) != ("contradiction", "number")
    assert found(vote("Oregon", 410, "Monday", 3), vote("Kentucky", 455, "Monday", 3)).relation != "contradiction"


def test_a_decision_may_name_one_least_probability_for_all_that_the_rules_see() -> None:
    one = replace(opinion((0.3, 0.1, 0.1, 0.3, 0.2)), decision={**DECISION, "found": {**DECISION["found"], "rules_from": 0.04}})
    assert one.rules_from("denial") == one.rules_from("number") == 0.04


def test_a_final_model_that_is_never_sure_does_not_search() -> None:
    unsure = {**DECISION, "found": {**DECISION["found"], "from": 1.01}}
    assert Judge(StandIn(), DECISION).searches
    assert not Judge(StandIn(), unsure).searches
