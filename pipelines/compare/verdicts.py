"""Verdicts: how two sentences stand to each other.

One path for everybody: :func:`judge_sentences` and :func:`judge_slots`, which it asks, serve the search through whole
articles and the measuring of given pairs alike. They look at the values both sides give (:mod:`values`), at who denies
what (:mod:`denials`) and at how far both are about one thing (:mod:`similarity`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from operator import add, sub
from typing import Any, Final

from pipelines.compare.denials import crossed_words, is_accused, opposites
from pipelines.compare.entailment import VALUE_KINDS, Entailed, decide_score, probability_of, relation_of, shares, value_of
from pipelines.compare.no_denial import is_no_denial
from pipelines.compare.other_slots import is_day_of_another, is_of_another
from pipelines.compare.plain import are_alike_but_for_numbers, opposition
from pipelines.compare.readings import ClaimView, SentenceClaims
from pipelines.compare.signals import Signals
from pipelines.compare.similarity import EVEN, MOST_CHARS, WORD, Overlap, Weights, bag, concepts, name_key, overlap
from pipelines.compare.values import (
    SAME_SLOT,
    Clash,
    Moment,
    Value,
    compare_moments,
    compare_values,
    intervals_meet,
    is_later,
    is_quoted,
)

DETECTOR: Final = "rules-1"

#: From this similarity two sentences that do not conflict are taken to say the same, or to be about the same.
_CORROBORATES, _COMPATIBLE = 0.38, 0.12
#: Less will do where both negate the same words.
_CORROBORATES_NEGATED, _NEGATED_ALIKE = 0.28, 2
#: Probability from which a pair is called a contradiction: where the pair was given, and where it was found by search
#: among all the sentences of two articles (see the weights below for what was measured).
_GIVEN_FROM, FOUND_FROM = 0.20, 0.50
#: Days must be of one event more surely than numbers: most different days in two articles are days of different events.
_SAME_EVENT: Final = 0.55
#: And both more surely still where nobody picked the pair.
_FOUND_MORE, _FOUND_MORE_EVENT = 0.1, 0.2
#: So many words that one side negates the other must affirm before they count as one proposition.
_CROSSED_WORDS: Final = 2
#: Modalities of what need not have come about.
_NOT_YET: Final = frozenset({"expected", "proposed", "possible", "conditional"})
#: Dimensions of what moves on by the hour.
_MOVING: Final = frozenset({"speed", "temperature", "distance"})
#: Which way a distance is measured.
_WAY_TO: Final = re.compile(r"\s+(?:to the |off |due )?(?:\w+-)?(?:north|south|east|west)\w*\b", re.IGNORECASE)
#: What a denial or a negation found by search must have: see :func:`_found_score`. In the 462 train articles these rules and
#: those of the values emit 35 contradictions; gold has 7 of them sentence for sentence, and read one by one about half hold.
_FOUND_COSINE, _NEGATED_COSINE, _FOUND_CONTAINED, _CROSSED_SHARE, _TELLING_WORDS = 0.2, 0.28, 0.5, 0.75, 2
#: Of what is denied, so many words must be stated.
_FOUND_DENIED: Final = 4
#: A fragment of fewer words ("No new harbour") says too little to negate anything.
_FOUND_WORDS: Final = 4
#: The one must affirm three words that the other negates, or two where the sentences are close.
_FOUND_CROSSED, _FOUND_CLOSE = 3, 0.55
#: So many words in a row in both sentences are one quotation.
_QUOTED_WORDS: Final = 7
_QUOTES: Final = re.compile(r"[“”\"]|(?:^|\s)['‘]\w")

#: Log-odds that a given pair is a contradiction, by :func:`_features`. Logistic regression on the 2,316 pairs of the train
#: set (18 % contradictions): average precision 0.480 over ten folds by event, best F1 0.50, against 0.21 for similarity
#: alone. The classes overlap: a denial seldom repeats the words it denies.
_GIVEN: Final[Mapping[str, float]] = {
    "constant": -2.12, "cosine": -0.77, "contained": -0.37, "shared_names": -0.06, "shared_words": 0.03,
    "one_contests": 0.55, "one_calls_false": 0.97, "one_denying_phrase": 0.51, "both_contest": 0.09,
    "one_denies_x_contained": 0.55, "one_denies_x_cosine": -0.90, "denied_and_alleged": 0.98, "one_alleges": 0.28,
    "one_negates": 0.56, "one_negates_x_contained": 0.44, "both_negate": 0.08, "crossed": 0.38, "crossed_share": 0.65,
    "negated_alike": -0.23, "opposites": 0.42, "opposites_x_cosine": -3.23, "one_argues": 0.83, "both_argue": -0.19,
    "both_cited": 0.69, "one_cited": 0.30, "same_speaker": -0.62, "two_speakers": 0.22, "reader_denies": 0.55,
    "reader_denies_x_contained": 0.78, "one_expects": -0.21, "number_conflict": 1.60, "number_agrees": -0.70,
    "day_conflict": 4.55, "day_agrees": -1.11, "asks": 0.09,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meeting:
    """What two sentences show of each other.

    ``shared`` are the words of both, ``opposed`` pairs of opposite words, ``crossed`` is how much of what one negates the other
    affirms, ``clashes`` are the values and days that both give of one slot, numbers first.
    """

    shared: Overlap
    opposed: tuple[tuple[str, str], ...]
    crossed: float
    clashes: list[Clash]


def meeting_of(a: SentenceClaims, b: SentenceClaims, weights: Weights = EVEN) -> Meeting:
    """What two sentences show of each other; reckoned once a pair, whoever asks for it then."""
    shared = overlap(a.target, b.target, weights)
    return Meeting(shared, opposites(a.stance, b.stance), _crossed_share(a, b, weights), _clashes(a, b, shared, weights))


@dataclass(frozen=True, slots=True)
class Verdict:
    """How two sentences stand to each other, and which claim of each it rests on.

    ``score`` is the confidence in ``relation``, ``p_contradiction`` how likely the two contradict each other, whatever the
    relation is; both 0 to 1. ``signals``, of contradictions, is what was weighed.
    """

    relation: str
    kind: str | None
    level: str | None
    score: float
    p_contradiction: float
    similarity: float
    slot: str | None = None
    value_a: str | None = None
    value_b: str | None = None
    claim_a_id: str | None = None
    claim_b_id: str | None = None
    detector: str = DETECTOR
    signals: Signals | None = None


def judge_sentences(
    a: SentenceClaims, b: SentenceClaims, weights: Weights = EVEN, *, is_found: bool = False, entailed: Entailed | None = None
) -> Verdict:
    """The relation of two sentences of two articles: the weightiest of what :func:`judge_slots` finds.

    Args:
        a: one sentence; which comes first plays no part but in the order of the verdict's sides.
        b: the other.
        weights: of the words, from the story; without one every word tells the same.
        is_found: whether the pair comes out of a search through whole articles, where nearly no pair fills one slot, or
            was given by somebody who thinks so.
        entailed: what the cross-encoder makes of the pair; without it the rules decide alone.
    """
    return judge_slots(a, b, weights, is_found=is_found, entailed=entailed)[0]


def judge_slots(
    a: SentenceClaims, b: SentenceClaims, weights: Weights = EVEN, *, is_found: bool = False, entailed: Entailed | None = None,
    meeting: Meeting | None = None,
) -> list[Verdict]:  # fmt: skip
    """Every slot that two sentences share and their relation in it, contradictions first; never empty.

    The last is the relation of the sentences as a whole. Arguments as for :func:`judge_sentences`; ``meeting`` is that of the two
    by the same weights, where it is known.
    """
    met = meeting or meeting_of(a, b, weights)
    shared, opposed, crossed, clashes = met.shared, met.opposed, met.crossed, met.clashes
    unsettled, verdicts = _settle(a, b, clashes, shared.cosine, is_found=is_found)
    known: Verdict | None = None
    plain: Verdict | None = None
    p_found = 0.0
    if entailed is not None:
        # The final model was fitted on what a given pair shows.
        open_clashes = unsettled if not is_found else _settle(a, b, clashes, shared.cosine, is_found=False)[0]
        features = _features(a, b, shared, open_clashes, opposed, crossed) | entailed.features()
        # What is told rests on values of one thing, where there are any.
        apart = [c for c in open_clashes if not c.agrees]
        clash = max(apart, key=lambda c: (not (is_found and _is_struck(a, b, c)), c.slot_score), default=None)
        is_update = any(verdict.relation == "update" for verdict in verdicts)
        known = _judge_entailed(a, b, shared, features, clash, opposed, crossed, is_update, is_found, entailed)
        plain = _plain_words(a, b, shared.cosine, crossed, entailed)
        if not is_found:
            # Who picked the pair has seen to it that its days are of one event.
            if known.kind == "number" and _all_struck(a, b, clashes, "number"):
                known = _taken_back(known, is_update, entailed)
            return [_plain_values(a, b, clashes, verdicts, entailed) or plain or known]
        p_found = known.p_contradiction
        if known.relation == "contradiction" and not _may_be_told(known, a, b, met, entailed):
            known = _taken_back(known, is_update, entailed)
    p_words = 0.0 if is_found else _probability(_features(a, b, shared, unsettled, opposed, crossed), _GIVEN)
    verdicts.append(_judge_words(a, b, shared, opposed, p_words, crossed, is_found))
    if known is not None and entailed is not None:
        # What the rules take for a contradiction the final model need not be sure of, but it must not think it unlikely; it adds
        # what they miss.
        kept = [one for one in verdicts if one.relation != "contradiction" or _is_agreed(one.kind, p_found, entailed)]
        if not any(one.relation in ("contradiction", "update") for one in kept):
            kept = [known]
        if plain is not None:
            # Both give one thing and its opposite, whatever else they give.
            kept = [one for one in kept if one.relation == "contradiction" and one.kind in VALUE_KINDS] + [plain]
        verdicts = kept
    if is_found:
        verdicts = [_weighed(one, a, b, met, entailed) if one.relation == "contradiction" else one for one in verdicts]
        if any(c.kind == "number" and not c.agrees and c.slot_score >= SAME_SLOT + _FOUND_MORE for c in clashes):
            # Whoever gives another number of what may be one thing does not say the same, be it no quarrel.
            verdicts = [
                replace(one, relation="compatible", score=0.5) if one.relation == "corroboration" and one.slot is None else one
                for one in verdicts
            ]
    verdicts.sort(key=lambda verdict: (ORDER[verdict.relation], -verdict.score, verdict.slot or ""))
    top = max(verdict.p_contradiction for verdict in verdicts)
    if verdicts[0].relation != "contradiction" and any(verdict.relation == "update" for verdict in verdicts):
        top = min(top, 0.5 * top)
    if verdicts[0].p_contradiction != top:
        verdicts[0] = replace(verdicts[0], p_contradiction=top)
    return verdicts


def _taken_back(known: Verdict, is_update: bool, entailed: Entailed) -> Verdict:
    """The relation of a pair that the final model took for a contradiction and that is none."""
    relation = relation_of(0.0, 1.0, is_update, entailed)
    return replace(
        known, relation=relation, kind=None, level=None, slot=None, value_a=None, value_b=None,
        score=1.0 - known.p_contradiction if relation == "unrelated" else entailed.share(relation),
        p_contradiction=0.25 * known.p_contradiction,
    )  # fmt: skip


def _all_struck(a: SentenceClaims, b: SentenceClaims, clashes: Sequence[Clash], kind: str) -> bool:
    """Whether there are values of a kind that do not agree, and all belong to two things."""
    apart = [clash for clash in clashes if clash.kind == kind and not clash.agrees]
    return bool(apart) and all(_is_struck(a, b, clash) for clash in apart)


#: Score of a slot, and share of the cross-encoder, from which two values of a given pair are a plain quarrel.
_PLAIN_SLOT, _PLAIN_SHARE = 0.9, 0.5


def _plain_values(
    a: SentenceClaims, b: SentenceClaims, clashes: Sequence[Clash], verdicts: Sequence[Verdict], entailed: Entailed
) -> Verdict | None:
    """Two values of surely one slot, None where there are none.

    The cross-encoder must take them for a contradiction too, unless nothing else sets the sentences apart. Annotators choose few
    pairs so plain, from which the final model cannot learn them. What sets two values of a found pair apart does so here too.
    """
    share = entailed.share("contradiction")
    if share < _PLAIN_SHARE and not are_alike_but_for_numbers(a, b):
        return None
    plain = [one for one in verdicts if one.relation == "contradiction" and one.kind in VALUE_KINDS and one.score >= _PLAIN_SLOT]
    if not plain:
        return None
    struck = {(c.surface_a, c.surface_b) for c in clashes if not c.agrees and (_is_struck(a, b, c) or _one_expects(a, b, c))}
    plain = [one for one in plain if (one.value_a, one.value_b) not in struck]
    if not plain:
        return None
    best = max(plain, key=lambda one: (one.score, one.slot or ""))
    return replace(best, p_contradiction=max(share, _PLAIN_SHARE), detector=entailed.detector)


def _plain_words(a: SentenceClaims, b: SentenceClaims, cosine: float, crossed: float, entailed: Entailed) -> Verdict | None:
    """The plain opposite of a sentence, None where it is none.

    Where more sets the two apart, the cross-encoder must take it for a contradiction too.
    """
    share = entailed.share("contradiction")
    found = opposition(a, b, crossed)
    if found is None or not (found.is_all or max(share, min(entailed.nli[2], entailed.back[2])) >= _PLAIN_SHARE):
        return None
    kind = found.kind
    claim_a, claim_b = _claim_about(a, b), _claim_about(b, a)
    level = level_in_words(a, b, claim_a, claim_b)
    value_a, value_b = found.opposed or (None, None)
    score = max(share, _PLAIN_SHARE)
    return replace(
        _between(claim_a, claim_b, cosine, "contradiction", score, score),
        kind="denial" if kind == "negation" and level == "source" else kind, level=level, slot=slot_in_words(kind, a, b),
        value_a=value_a, value_b=value_b,
    )  # fmt: skip


def signals(a: SentenceClaims, b: SentenceClaims, weights: Weights = EVEN, meeting: Meeting | None = None) -> dict[str, float]:
    """What the final model sees of a pair beside the cross-encoder's opinion; the same whichever side comes first.

    ``meeting`` as for :func:`judge_slots`.
    """
    met = meeting or meeting_of(a, b, weights)
    unsettled, _ = _settle(a, b, met.clashes, met.shared.cosine, is_found=False)
    return _features(a, b, met.shared, unsettled, met.opposed, met.crossed)


def _weighed(one: Verdict, a: SentenceClaims, b: SentenceClaims, meeting: Meeting, entailed: Entailed | None) -> Verdict:
    """A contradiction with what was weighed.

    By the final model: each of its signals, the weightiest first, with its share; the shares add up to the log-odds of the score.
    By the rules, which weigh nothing: what they have seen, without shares.
    """
    seen = signals(a, b, meeting=meeting)
    if entailed is None or one.detector != entailed.detector:
        return replace(one, signals={name: (value, None) for name, value in seen.items() if value})
    seen |= entailed.features()
    added = shares(seen, entailed.decision, is_found=True)
    return replace(one, signals={name: (value_of(seen, name), share) for name, share in added.items()})


def _clashes(a: SentenceClaims, b: SentenceClaims, shared: Overlap, weights: Weights) -> list[Clash]:
    """The values and days that both sides give of one slot, numbers first."""
    names, cosine = len(shared.shared_names), shared.cosine
    numbers = compare_values(a.values, b.values, names, cosine, weights) if a.values and b.values else []
    days = compare_moments(a.moments, b.moments, shared.shared, cosine, weights) if a.moments and b.moments else []
    return numbers + days


def _settle(
    a: SentenceClaims, b: SentenceClaims, clashes: Sequence[Clash], cosine: float, *, is_found: bool
) -> tuple[list[Clash], list[Verdict]]:
    """The values that may be a sign of a quarrel, and the verdicts on those of one slot."""
    verdicts, unsettled = [], []
    for clash in clashes:
        verdict = _judge_clash(a, b, clash, cosine, is_found)
        if verdict:
            verdicts.append(verdict)
        # Values that merely moved on, or that one article gives both of, are no sign of a quarrel.
        if verdict is None or clash.agrees or verdict.relation == "contradiction":
            unsettled.append(clash)
    return unsettled, verdicts


#: Which relation a sentence pair is known by, where its slots stand differently.
ORDER: Final = {"contradiction": 0, "update": 1, "corroboration": 2, "compatible": 3, "unrelated": 4}


def _judge_entailed(  # noqa: PLR0917
    a: SentenceClaims, b: SentenceClaims, shared: Overlap, features: Mapping[str, float], clash: Clash | None,
    opposed: Sequence[tuple[str, str]], crossed: float, is_update: bool, is_found: bool, entailed: Entailed,
) -> Verdict:  # fmt: skip
    """The relation by the final model: the cross-encoder's opinion, the values, the denials and the words weighed together."""
    score, from_score = decide_score(features, entailed.decision, is_found=is_found)
    denied = a.stance.denies != b.stance.denies or a.is_denied != b.is_denied
    by_value = clash is not None and clash.slot_score >= (SAME_SLOT if not denied else _SAME_EVENT)
    if by_value and clash is not None:
        claim_a, claim_b = _claim_at(a, clash.span_a), _claim_at(b, clash.span_b)
    else:
        claim_a, claim_b = _claim_about(a, b), _claim_about(b, a)
    known = replace(_between(claim_a, claim_b, shared.cosine), p_contradiction=score, detector=entailed.detector)
    relation = relation_of(score, from_score, is_update, entailed)
    if relation != "contradiction":
        return replace(known, relation=relation, score=1.0 - score if relation == "unrelated" else entailed.share(relation))
    level = level_in_words(a, b, claim_a, claim_b)
    if by_value and clash is not None:
        return replace(
            known, relation="contradiction", kind=clash.kind, level=_level(claim_a, claim_b), score=score, slot=clash.slot,
            value_a=clash.surface_a, value_b=clash.surface_b,
        )  # fmt: skip
    kind = kind_of(features, entailed.decision)
    if kind is None:
        kind = "semantic"
        if denied:
            kind = "denial"
        elif crossed or (a.stance.negations > 0) != (b.stance.negations > 0):
            kind = "denial" if level == "source" and not crossed else "negation"
    value_a, value_b = opposed[0] if opposed else (None, None)
    if kind == "semantic" and (other := _other_name(a, b, shared)):
        kind, value_a, value_b = other
    if kind in VALUE_KINDS:
        value_a, value_b = _values_apart(a, b, kind)
    return replace(
        known, relation="contradiction", kind=kind, level=level, score=score, slot=slot_in_words(kind, a, b),
        value_a=value_a, value_b=value_b,
    )  # fmt: skip


def _may_be_told(known: Verdict, a: SentenceClaims, b: SentenceClaims, met: Meeting, entailed: Entailed) -> bool:
    """Whether a found pair that the final model takes for a contradiction is told.

    Not where the two sentences repeat one statement, where the one denies nothing that the other states, nor where the values
    that seem to quarrel all belong to other things, are of what one side expects, or have moved on.
    """
    if not entailed.is_quarrel or known.p_contradiction < entailed.told_from(known.kind) or _one_statement(a, b):
        return False
    if known.kind in ("denial", "negation") and is_no_denial(a, b):
        return False
    apart = [clash for clash in met.clashes if clash.kind == known.kind and not clash.agrees]
    return not apart or not all(_is_struck(a, b, c) or _one_expects(a, b, c) or _moved_on(a, b, c) for c in apart)


def _is_struck(a: SentenceClaims, b: SentenceClaims, clash: Clash) -> bool:
    """Whether two values of a found pair that do not agree belong to two things."""
    if clash.kind == "number":
        return is_of_another(a, b, clash)
    # "yesterday" is what somebody said on one day, whatever day the article that quotes it appeared.
    if _one_statement(a, b):
        return True
    # Other days with other numbers, of another name or of a second one are two happenings.
    numbers = _numbers_apart(a, b)
    if (numbers and not any(agrees for *_, agrees in numbers)) or is_day_of_another(a, b, clash):
        return True
    # Two articles may repeat a statement without marks (a tweet, a note), or in other words within them.
    if clash.surface_a.casefold() != clash.surface_b.casefold():
        return False
    is_quoted_twice = all(is_quoted(one.text, at - one.char_start) for one, (at, _) in ((a, clash.span_a), (b, clash.span_b)))
    return is_quoted_twice or not _runs(a.text)[1].isdisjoint(_runs(b.text)[1])


def _is_agreed(kind: str | None, p_found: float, entailed: Entailed) -> bool:
    """Whether the models agree that a found pair that the rules take for a contradiction may be one.

    Of values of one slot the model of found pairs is asked alone: that of given pairs takes words so alike for agreement.
    """
    if p_found < entailed.rules_from(kind) or entailed.vetoes(kind):
        return False
    return entailed.is_quarrel or kind in VALUE_KINDS


#: Of the words beside names so many, and so much of the shorter sentence, must be shared for two names to fill one role.
_ROLE_WORDS, _ROLE_CONTAINED = 3, 0.5


def _other_name(a: SentenceClaims, b: SentenceClaims, shared: Overlap) -> tuple[str, str, str] | None:
    """Where all but a name is alike: ``place`` or ``actor`` with the two names; None where there is no such pair of names."""
    if shared.contained < _ROLE_CONTAINED or len(shared.shared - shared.shared_names) < _ROLE_WORDS:
        return None
    for kind, of_mention in (("place", ("place",)), ("actor", ("person", "organization"))):
        mine, other = ({key: name for name in one.named(*of_mention) if (key := name_key(name))} for one in (a, b))
        only_a, only_b = mine.keys() - b.bag.words, other.keys() - a.bag.words
        if len(only_a) == 1 and len(only_b) == 1:
            return kind, mine[only_a.pop()], other[only_b.pop()]
    return None


def _values_apart(a: SentenceClaims, b: SentenceClaims, kind: str) -> tuple[str, str] | tuple[None, None]:
    """The first two numbers or days that cannot both hold, as they stand; none where neither side gives any."""
    apart = _numbers_apart(a, b) if kind == "number" else _days_apart(a, b)
    return next(((one.surface, other.surface) for one, other, agree in apart if not agree), (None, None))


def _numbers_apart(a: SentenceClaims, b: SentenceClaims) -> list[tuple[Value, Value, bool]]:
    """The numbers of one dimension that both sides give, and whether they agree, whatever they count."""
    return [
        (one, other, intervals_meet(one, other))
        for one in a.values
        for other in b.values
        if one.dimension == other.dimension != "ordinal"
    ]


def _days_apart(a: SentenceClaims, b: SentenceClaims) -> list[tuple[Moment, Moment, bool]]:
    """The days that both sides give, but for those on which somebody spoke, and whether they agree."""
    return [
        (one, other, one.start_at < other.end_at and other.start_at < one.end_at)
        for one in a.moments
        for other in b.moments
        if not one.is_of_saying and not other.is_of_saying
    ]


def kind_of(features: Mapping[str, float], decision: Mapping[str, Any]) -> str | None:
    """The likeliest kind of a contradiction by the signals; None without weights for kinds."""
    if "kind" not in decision:
        return None
    odds = {
        kind: sum(w * value_of(features, name) for name, w in model.items())
        for kind, model in decision["kind"]["weights"].items()
    }
    return str(min(odds, key=lambda kind: (-odds[kind], kind)))


def _judge_clash(a: SentenceClaims, b: SentenceClaims, clash: Clash, cosine: float, is_found: bool) -> Verdict | None:
    """The relation of two values, None where they are hardly of one slot."""
    score = clash.slot_score
    if clash.agrees and score < SAME_SLOT:
        return None
    least = SAME_SLOT if clash.kind == "number" else _SAME_EVENT
    if is_found:
        least += _FOUND_MORE if clash.kind == "number" else _FOUND_MORE_EVENT
    if not clash.agrees and score < least:
        return None
    claim_a, claim_b = _claim_at(a, clash.span_a), _claim_at(b, clash.span_b)
    known = replace(_between(claim_a, claim_b, cosine), slot=clash.slot, value_a=clash.surface_a, value_b=clash.surface_b)
    if clash.agrees:
        return replace(known, relation="corroboration", score=score)
    if clash.kind == "number" and (
        _states_elsewhere(a, b.value_at(clash.span_b)) or _states_elsewhere(b, a.value_at(clash.span_a))
    ):
        return replace(known, relation="compatible", score=0.5, p_contradiction=0.3 * score)
    if _moved_on(a, b, clash) or (clash.kind == "number" and _of_other_moments(a, b, clash)):
        return replace(known, relation="update", score=score, p_contradiction=0.25 * score)
    if is_found and _is_struck(a, b, clash):
        return None
    if is_found and _one_expects(a, b, clash):
        return replace(known, relation="compatible", score=0.5, p_contradiction=0.4 * score)
    return replace(
        known, relation="contradiction", kind=clash.kind, level=_level(claim_a, claim_b), score=score,
        p_contradiction=score,
    )  # fmt: skip


def _between(  # noqa: PLR0917
    claim_a: ClaimView | None, claim_b: ClaimView | None, similarity: float, relation: str = "unrelated", score: float = 0.0,
    p_contradiction: float = 0.0,
) -> Verdict:  # fmt: skip
    """A verdict on two claims, without slot and values."""
    return Verdict(
        relation, None, None, score, p_contradiction, similarity, claim_a_id=claim_a.claim_id if claim_a else None,
        claim_b_id=claim_b.claim_id if claim_b else None,
    )  # fmt: skip


def _states_elsewhere(one: SentenceClaims, value: Value | None) -> bool:
    """Whether the article of ``one`` gives in another sentence the value that the other side gives.

    Then it has two values for two things, rather than a quarrel with the other article.
    """
    if value is None or not value.counted:
        return False
    key = f"{value.dimension}|{value.counted}"
    return any(
        named == key and lower is not None and upper is not None
        and lower <= (value.upper if value.upper is not None else lower)
        and upper >= (value.lower if value.lower is not None else upper)
        for named, lower, upper in one.values_elsewhere
    )  # fmt: skip


def _moved_on(a: SentenceClaims, b: SentenceClaims, clash: Clash) -> bool:
    """Whether the later report has what a growing count has grown to, or the outcome of what the earlier one expected."""
    a_later = is_later(a.published_at, a.published_precision, b.published_at, b.published_precision)
    b_later = is_later(b.published_at, b.published_precision, a.published_at, a.published_precision)
    if clash.grows and ((a_later and clash.higher == "a") or (b_later and clash.higher == "b")):
        return True
    if clash.wavers and (a_later or b_later):
        return True
    a_expects, b_expects = _expects(a, clash.span_a), _expects(b, clash.span_b)
    return a_expects != b_expects and ((a_later and b_expects) or (b_later and a_expects))


def _of_other_moments(a: SentenceClaims, b: SentenceClaims, clash: Clash) -> bool:
    """Whether the values are those of two moments of something that moves: a storm's place, speed or category.

    A speed, and a place given by the way to it ("280 miles southeast of Halden"), is of its moment, named or not.
    """
    value = a.value_at(clash.span_a)
    if value is None or not (value.dimension in _MOVING or value.counted == "category"):
        return False
    is_place = any(_WAY_TO.match(one.text, end - one.char_start) for one, (_, end) in ((a, clash.span_a), (b, clash.span_b)))
    return is_place or value.dimension == "speed" or bool(a.moments or b.moments)


def _one_expects(a: SentenceClaims, b: SentenceClaims, clash: Clash) -> bool:
    """Whether one side gives what is to come and the other what is: then they need not agree."""
    return _expects(a, clash.span_a) != _expects(b, clash.span_b)


def _expects(one: SentenceClaims, span: tuple[int, int]) -> bool:
    claim = _claim_at(one, span)
    return one.stance.is_expecting if claim is None else claim.modality in _NOT_YET


def _judge_words(  # noqa: PLR0917
    a: SentenceClaims, b: SentenceClaims, shared: Overlap, opposed: Sequence[tuple[str, str]], p_words: float, crossed: float,
    is_found: bool,
) -> Verdict:  # fmt: skip
    """The relation of the sentences as a whole."""
    claim_a, claim_b = _claim_about(a, b), _claim_about(b, a)
    denied = a.stance.denies != b.stance.denies or a.is_denied != b.is_denied
    if is_found:
        # Whoever denies one thing and states another does not contradict himself: the two are about different things.
        is_one_mind = denied and _one_speaker(claim_a, claim_b)
        p_words = 0.0 if is_one_mind else _found_score(a, b, shared, crossed)
        is_contradiction = p_words >= FOUND_FROM
    else:
        is_contradiction = p_words >= _GIVEN_FROM
    if is_contradiction:
        level = level_in_words(a, b, claim_a, claim_b)
        kind = "semantic"
        if denied or crossed or (a.stance.negations > 0) != (b.stance.negations > 0):
            # A denial contests what somebody said; between the outlets' own words the opposite is simply stated.
            kind = "denial" if denied or level == "source" else "negation"
        value_a, value_b = opposed[0] if opposed else (None, None)
        known = _between(claim_a, claim_b, shared.cosine, "contradiction", p_words, p_words)
        return replace(known, kind=kind, level=level, slot=slot_in_words(kind, a, b), value_a=value_a, value_b=value_b)
    both_negate = len(a.stance.negated & b.stance.negated) >= _NEGATED_ALIKE
    if shared.cosine >= (_CORROBORATES_NEGATED if both_negate else _CORROBORATES) and not crossed and not opposed:
        return _between(claim_a, claim_b, shared.cosine, "corroboration", min(1.0, 0.3 + shared.cosine), p_words)
    if shared.cosine >= _COMPATIBLE:
        return _between(claim_a, claim_b, shared.cosine, "compatible", 1.0 - p_words, p_words)
    return _between(claim_a, claim_b, shared.cosine, "unrelated", 1.0 - shared.cosine, p_words)


def _found_score(a: SentenceClaims, b: SentenceClaims, shared: Overlap, crossed: float) -> float:
    """How likely a pair that nobody picked is a denial or a negation; 0.1 or less where there is no sign of either.

    Two signs count, and only in sentences that share much: the one affirms nearly all that the other negates, of the same
    subject; or the one denies something said and the other says it. Opposite words are none: of the 29 most similar pairs
    of the train articles that have them, gold has none as a contradiction.
    """
    s, t = a.stance, b.stance
    faint = min(0.1, 0.1 * shared.cosine)
    score = _accusation_score(a, b, shared) or _accusation_score(b, a, shared)
    if score:
        return score
    if shared.cosine < _FOUND_COSINE or _same_quotation(a.text, b.text) or is_no_denial(a, b):
        return faint
    is_denied = _denies_something_said(a) != _denies_something_said(b)
    denying, stating = (a, b) if _denies_something_said(a) else (b, a)
    if is_denied and not _names_what_is_stated(denying, stating):
        return faint
    is_statement = not (s.is_hypothetical or t.is_hypothetical or s.is_expecting or t.is_expecting)
    is_whole = min(len(a.bag.words), len(b.bag.words)) >= _FOUND_WORDS
    is_close = shared.cosine >= _FOUND_CLOSE or (len(crossed_words(s, t)) >= _FOUND_CROSSED and not _is_of_whom_it_says(a, b))
    if (
        is_statement
        and is_whole
        and shared.cosine >= _NEGATED_COSINE
        and crossed >= _CROSSED_SHARE
        and is_close
        and _same_subject(a, b)
    ):
        score = 0.45 + 0.5 * shared.cosine
    if is_denied:
        # "rejected the claim that he never ..." affirms; "denied any knowledge of it" leaves the thing itself standing.
        is_plain = denying.stance.negations <= 1 and not denying.stance.is_distancing and "?" not in denying.text
        if is_plain and not (stating.stance.negations or stating.stance.denies or stating.stance.is_hypothetical):
            # Whose claims are denied is no part of what is denied.
            claimants = _claimants(denying)
            telling = len((shared.shared - shared.shared_names) & _stated(stating) - claimants)
            is_named = len(shared.shared) > _TELLING_WORDS and (bool(shared.shared_names) or telling >= 2 * _TELLING_WORDS)
            if is_named and telling >= _TELLING_WORDS and shared.contained >= _FOUND_CONTAINED:
                score = max(score, 0.2 + 0.45 * shared.contained + 0.4 * shared.cosine)
            denied = denying.stance.negated & _stated(stating) - claimants
            if len(denied) >= _FOUND_DENIED and denied - shared.shared_names:
                score = max(score, 0.3 + 0.05 * len(denied) + 0.4 * shared.cosine)
    return min(0.95, score) if score else faint


#: Who made the claims that are denied: "denied the claims by his former lawyer that ...".
_CLAIMS_BY: Final = re.compile(
    r"\b(?:claims?|allegations?|accusations?|reports?|assertions?|charges|accounts?|story|testimony) (?:by|from) "
    r"(?P<who>[^,.;]{1,80}?)(?: that\b|[,.;]|$)"
)


def _claimants(denying: SentenceClaims) -> frozenset[str]:
    return frozenset().union(*(bag(found["who"]).words for found in _CLAIMS_BY.finditer(denying.text)))


_PRONOUN: Final = re.compile(r"\b(?:he|she|they|we|i)\b[^,;]*$", re.IGNORECASE)


def _is_of_whom_it_says(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether one of whom nothing but a pronoun is said does not do what the other side says of somebody by name."""
    for one, other in ((a, b), (b, a)):
        at = one.stance.negation_at
        if at is None or other.stance.negations:
            continue
        # "I did not pay anybody," Lund said.
        spoken = one.bag.words | {key for speaker in one.speakers if (key := name_key(speaker))}
        if other.person_keys and other.person_keys.isdisjoint(spoken) and _PRONOUN.search(one.text[:at]):
            return not any(name in one.text[:at] for name in one.names)
    return False


#: What is said, whatever it says: a denial that names no more is of what the other side says.
_SAID: Final = concepts(
    "claim report allegation accusation charge story account rumour rumor suggestion assertion statement notion"
)


def _names_what_is_stated(denying: SentenceClaims, stating: SentenceClaims) -> bool:
    """Whether the other side states one of the things that a denial names, where it names any: "denied any meddling"."""
    named = denying.stance.negated - denying.name_concepts - stating.name_concepts - _SAID
    return not named or not named.isdisjoint(_stated(stating))


def _stated(one: SentenceClaims) -> frozenset[str]:
    """The words of a sentence but for what is only looked into ("an investigation into Marland's part in the attack")."""
    at = one.stance.looked_into_at
    return one.bag.words if at is None else bag(one.text[:at], one.names).words


def _accusation_score(denying: SentenceClaims, accusing: SentenceClaims, shared: Overlap) -> float:
    """A blanket denial ("denied any wrongdoing") against a sentence that accuses whoever denies; 0 where it is none.

    Whoever is merely named where somebody is accused is not the one accused.
    """
    if not denying.stance.is_blanket_denial or not accusing.stance.accuses:
        return 0.0
    if accusing.stance.denies or accusing.stance.negations or accusing.stance.is_hypothetical:
        return 0.0
    speakers = {name_key(claim.asserted_by or "") for claim in denying.claims if claim.denies and not claim.is_anonymous}
    named = speakers & accusing.bag.words
    surfaces = {name.lower() for name in accusing.names if name_key(name) in named} or {word for word in named if word}
    if not any(is_accused(surface, accusing.text) for surface in surfaces):
        return 0.0
    return 0.45 + 0.5 * shared.cosine


def _same_quotation(one: str, other: str) -> bool:
    """Whether two sentences share so long a run of words that both quote one statement, and one says that it quotes."""
    (quotes, runs), (other_quotes, other_runs) = _runs(one), _runs(other)
    return (quotes or other_quotes) and not runs.isdisjoint(other_runs)


def _one_statement(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether two sentences repeat one statement word for word, at least one of them between quotation marks.

    Not where only one of them negates: a quotation may be quoted wrongly, or be contradicted in its own words.
    """
    if bool(a.stance.negations) != bool(b.stance.negations):
        return False
    (quoted, runs), (other_quoted, other_runs) = _quoted_runs(a.text), _quoted_runs(b.text)
    return not (quoted.isdisjoint(other_runs) and other_quoted.isdisjoint(runs))


_BETWEEN_MARKS: Final = re.compile(r"“[^”]*|\"[^\"]*")


@lru_cache(maxsize=4_096)
def _quoted_runs(text: str) -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """The runs of so many words that stand between quotation marks, and all of them."""
    between = frozenset[tuple[str, ...]]().union(*(_runs(one)[1] for one in _BETWEEN_MARKS.findall(text)))
    return between, _runs(text)[1]


@lru_cache(maxsize=4_096)
def _runs(text: str) -> tuple[bool, frozenset[tuple[str, ...]]]:
    """Whether a sentence says that it quotes, and all runs of so many words in it."""
    words = [word.casefold() for word in WORD.findall(text[:MOST_CHARS])]
    runs = frozenset(tuple(words[at : at + _QUOTED_WORDS]) for at in range(len(words) - _QUOTED_WORDS + 1))
    return bool(_QUOTES.search(text)), runs


def _denies_something_said(one: SentenceClaims) -> bool:
    return one.stance.is_plain_denial or (one.is_denied and not one.stance.is_refusal)


def _same_subject(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether the names before the negation, if there are any, stand in the other sentence too."""
    for one, other in ((a, b), (b, a)):
        at = one.stance.negation_at
        if at is None or other.stance.negations:
            continue
        before = one.text[:at]
        names = {name_key(surface) for surface in one.names if surface in before}
        if names and not names & other.target.words:
            return False
    return True


def _claim_at(one: SentenceClaims, span: tuple[int, int]) -> ClaimView | None:
    """The innermost claim around a value: a value inside attributed words belongs to the source, one outside to the outlet."""
    around = [claim for claim in one.claims if claim.char_start <= span[0] and span[1] <= claim.char_end]
    if around:
        return min(around, key=lambda claim: (claim.char_end - claim.char_start, -claim.hop_count, claim.claim_id))
    return min(one.claims, key=lambda claim: (claim.char_start, claim.claim_id), default=None)


def _claim_about(one: SentenceClaims, other: SentenceClaims) -> ClaimView | None:
    """The claim of ``one`` that the other sentence is about: a denied one first, then the one that shares most words."""
    if len(one.claims) == 1:
        return one.claims[0]
    best: tuple[tuple[float, ...], ClaimView] | None = None
    for claim, words in zip(one.claims, one.claim_words, strict=True):
        common = len(words & other.target.words)
        key = (float(claim.denies), common / math.sqrt(len(words) + 1), float(claim.hop_count), float(-claim.char_start))
        if best is None or key > best[0]:
            best = (key, claim)
    return best[1] if best else None


def level_in_words(a: SentenceClaims, b: SentenceClaims, claim_a: ClaimView | None, claim_b: ClaimView | None) -> str:
    """The level of a contradiction that lies in the words: an outlet that relays a denial does not deny anything itself."""
    is_relayed = any(one.denies and one.hop_count for one in (*a.claims, *b.claims))
    return "source" if is_relayed else _level(claim_a, claim_b)


def slot_in_words(kind: str, a: SentenceClaims, b: SentenceClaims) -> str:
    """What a slot without a value is called: a few of the words that both sentences are about, names first."""
    names = a.target.names & b.target.names
    words = sorted(a.target.words & b.target.words, key=lambda word: (word not in names, word))
    return f"{kind}|{' '.join(words[:_SLOT_WORDS])}"


#: Words that name a slot without a value.
_SLOT_WORDS: Final = 4


def _level(one: ClaimView | None, other: ClaimView | None) -> str:
    """Who contradicts whom: the outlets, where both speak for themselves or both quote the same named speaker."""
    if one is None or other is None or (one.hop_count == 0 and other.hop_count == 0):
        return "outlet"
    return "outlet" if _one_speaker(one, other) else "source"


def _one_speaker(one: ClaimView | None, other: ClaimView | None) -> bool:
    """Whether both sides relay the same named speaker."""
    if one is None or other is None or not (one.hop_count and other.hop_count) or one.is_anonymous or other.is_anonymous:
        return False
    return bool(one.asserted_by) and (one.asserted_by or "").casefold() == (other.asserted_by or "").casefold()


# --- the odds that two sentences contradict each other ---------------------------------------------------------------


def _features(  # noqa: PLR0917
    a: SentenceClaims, b: SentenceClaims, shared: Overlap, clashes: Sequence[Clash],
    opposed: Sequence[tuple[str, str]], crossed: float,
) -> dict[str, float]:  # fmt: skip
    """What the odds are reckoned from; symmetric in a and b."""
    s, t = a.stance, b.stance
    cosine, contained = shared.cosine, shared.contained
    one_denies = float(s.denies != t.denies)
    one_negates = float((s.negations > 0) != (t.negations > 0))
    alleged = (s.denies and not t.denies and bool(t.alleges)) or (t.denies and not s.denies and bool(s.alleges))
    likeliest = {(clash.kind, clash.agrees): clash.slot_score for clash in sorted(clashes, key=lambda clash: clash.slot_score)}
    reader_denies = a.is_denied != b.is_denied
    numbers, days = ([agree for _, _, agree in apart(a, b)] for apart in (_numbers_apart, _days_apart))
    return {
        "cosine": cosine,
        "contained": contained,
        "shared_names": float(min(len(shared.shared_names), 3)),
        "shared_words": float(min(len(shared.shared), 6)),
        "one_contests": float(bool(s.contests) != bool(t.contests)),
        "one_calls_false": float(bool(s.calls_false) != bool(t.calls_false)),
        "one_denying_phrase": float(bool(s.phrases) != bool(t.phrases)),
        "both_contest": float(s.denies and t.denies),
        "one_denies_x_contained": one_denies * contained,
        "one_denies_x_cosine": one_denies * cosine,
        "denied_and_alleged": float(alleged),
        "one_alleges": float(bool(s.alleges) or bool(t.alleges)),
        "one_negates": one_negates,
        "one_negates_x_contained": one_negates * contained,
        "both_negate": float(s.negations > 0 and t.negations > 0),
        "crossed": float(min(len(crossed_words(s, t)), 3)),
        "crossed_share": crossed,
        "negated_alike": float(min(len(s.negated & t.negated), 3)),
        "opposites": float(min(len(opposed), 3)),
        "opposites_x_cosine": min(len(opposed), 2) * cosine,
        "one_argues": float(s.argues or t.argues),
        "both_argue": float(s.argues and t.argues),
        "both_cited": float(a.cites and b.cites),
        "one_cited": float(a.cites != b.cites),
        "same_speaker": float(not a.speakers.isdisjoint(b.speakers)),
        "two_speakers": float(bool(a.speakers) and bool(b.speakers) and a.speakers.isdisjoint(b.speakers)),
        "reader_denies": float(reader_denies),
        "reader_denies_x_contained": float(reader_denies) * contained,
        "one_expects": float(_NOT_YET.isdisjoint(a.modalities) != _NOT_YET.isdisjoint(b.modalities)),
        "number_conflict": likeliest.get(("number", False), 0.0),
        "number_agrees": likeliest.get(("number", True), 0.0),
        "day_conflict": likeliest.get(("date", False), 0.0),
        "day_agrees": likeliest.get(("date", True), 0.0),
        "asks": float(("?" in a.text) or ("?" in b.text)),
        "numbers_differ": float(any(not agree for agree in numbers) and not any(numbers)),
        "numbers_meet": float(any(numbers)),
        "days_differ": float(any(not agree for agree in days) and not any(days)),
        "days_meet": float(any(days)),
        "polarity_apart": float(a.polarities != b.polarities),
        "hops": float(max(a.hop_count, b.hop_count)),
        **dict(zip(_names_of(tuple(a.profile), "both"), map(add, a.profile.values(), b.profile.values()), strict=True)),
        **dict(
            zip(_names_of(tuple(a.profile), "apart"), map(abs, map(sub, a.profile.values(), b.profile.values())), strict=True)
        ),
    }


@cache
def _names_of(profile: tuple[str, ...], what: str) -> tuple[str, ...]:
    return tuple(f"{name}_{what}" for name in profile)


def _crossed_share(a: SentenceClaims, b: SentenceClaims, weights: Weights) -> float:
    """How much of what one side negates the other affirms, by weight; of the side where it is more.

    None unless the other side negates nothing itself, and unless the two share a word beside names: that one article
    says what was not about somebody and the other what was is no conflict.
    """
    best = 0.0
    for negating, stating in ((a, b), (b, a)):
        negated = negating.stance.negated
        crossed = negated & stating.stance.plain
        if len(crossed) < _CROSSED_WORDS or stating.stance.negations > 0 or stating.stance.denies:
            continue
        if crossed - negating.bag.names - stating.bag.names:
            best = max(best, weights.mass(crossed) / weights.mass(negated))
    return best


def _probability(features: Mapping[str, float], model: Mapping[str, float]) -> float:
    """Logistic regression: weights by the names of the features and a ``constant``."""
    odds = model["constant"] + sum(weight * features[name] for name, weight in model.items() if name != "constant")
    return probability_of(odds)
