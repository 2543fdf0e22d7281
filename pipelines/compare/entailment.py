"""The cross-encoder's opinion of a pair, and the small model that weighs it with every other signal.

The encoder itself is handed in (it lives in the models room): anything that judges pairs of ``(sentence, title)`` will do. The
final model is a logistic regression whose weights are plain numbers beside the encoder's: ``decision.json``, one set for pairs
that were given and one for pairs found by search, each with the probability from which a pair is called a contradiction.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter, mul
from typing import Any, Final, Protocol

#: The relations in the order of the encoder's news head.
RELATIONS: Final = ("contradiction", "update", "corroboration", "compatible", "unrelated")
#: Log-odds are cut off here: beyond it a network is only louder, not surer.
_MOST_ODDS: Final = 6.0
#: The encoder's own share from which a pair is an update where the values do not say so.
_UPDATE_FROM: Final = 0.5

#: Kinds that typed values decide.
VALUE_KINDS: Final = frozenset({"number", "date"})

Side = tuple[str, str]


class Encoder(Protocol):
    """What the comparison asks of a cross-encoder."""

    name: str

    def judge(self, pairs: Sequence[tuple[Side, Side]], *, both_ways: bool = True) -> Any:
        """For pairs of ``(sentence, title)``: an object with ``nli`` and ``back`` (pairs, 3), ``news`` (pairs, 5).

        And ``found`` (pairs,), the probability that a pair which a search met is a contradiction, of an encoder that gives it.
        """


class SparingEncoder(Encoder, Protocol):
    """One that spares the second reading of a pair where the first sees no quarrel."""

    def judge(self, pairs: Sequence[tuple[Side, Side]], *, both_ways: bool = True, back_from: float = 0.0) -> Any:
        """As :class:`Encoder`; what shall be read both ways is read in the other order only from ``back_from`` on.

        That is the share of the contradiction in ``news`` by the first reading alone; 0: always. A pair read in one order has
        ``back`` as ``nli``.
        """


@dataclass(frozen=True)
class Judge:
    """A cross-encoder with the final model that goes with it."""

    encoder: Encoder
    decision: Mapping[str, Any]

    @property
    def searches(self) -> bool:
        """Whether the final model is sure enough to look for contradictions by itself, beyond those that the rules find."""
        return self.found_from < 1.0

    @property
    def found_from(self) -> float:
        """The probability from which the final model calls a found pair a contradiction."""
        return float(self.decision["found"]["from"])

    def judge(self, pairs: Sequence[tuple[Side, Side]], *, both_ways: bool = True) -> list[Entailed]:
        """The encoder's opinion of each pair of ``(sentence, title)``, read in both orders or, in half the time, in one."""
        made = self.encoder.judge(pairs, both_ways=both_ways)
        found = getattr(made, "found", None)
        return [
            Entailed(tuple(n), tuple(b), tuple(w), self.decision, f"{self.encoder.name}+values+denials", found=f)
            for n, b, w, f in zip(
                made.nli.tolist(), made.back.tolist(), made.news.tolist(),
                [None] * len(pairs) if found is None else found.tolist(), strict=True,
            )
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entailed:
    """Probabilities for one pair, and the final model's weights.

    ``nli`` (entailment, neutral, contradiction) is of the first entailing the second, ``back`` the other way round, ``news``
    in the order of :data:`RELATIONS`; ``found`` is the probability that a pair met by a search is a contradiction. ``seen`` is
    what else the final model sees of a pair that was found.
    """

    nli: tuple[float, ...]
    back: tuple[float, ...]
    news: tuple[float, ...]
    decision: Mapping[str, Any] = field(repr=False, default_factory=dict)
    detector: str = "entailment"
    found: float | None = None
    seen: Mapping[str, float] = field(repr=False, default_factory=dict)

    @property
    def likely(self) -> float:
        """Log-odds of a contradiction, by the head that knows what a search meets where there is one."""
        return _odds(self.share("contradiction") if self.found is None else self.found)

    def rules_from(self, kind: str | None) -> float:
        """The probability by the final model from which a found pair that the rules call a contradiction of a kind is one.

        0: always, for kinds that the decision names no probability for; a decision may name one for all.
        """
        return self._least("rules_from", kind)

    def told_from(self, kind: str | None) -> float:
        """The probability by the final model from which a found pair that it calls a contradiction of a kind is told.

        0: always, for kinds that the decision names no probability for; a decision may name one for all.
        """
        return self._least("told_from", kind)

    def _least(self, name: str, kind: str | None) -> float:
        least = self.decision.get("found", {}).get(name, 0.0)
        return float(least.get(kind, 0.0) if isinstance(least, Mapping) else least)

    @property
    def is_quarrel(self) -> bool:
        """Whether the model of given pairs takes a found one for a contradiction, supposing that both sides fill one slot.

        It knows that better than the model of found pairs, which mostly learns where quarrels stand. True where it was not asked.
        """
        least = float(self.decision.get("found", {}).get("least_given", 0.0))
        odds = self.seen.get("given_odds")
        return odds is None or probability_of(odds) >= least

    def share(self, relation: str) -> float:
        """The probability that the news head gives a relation."""
        return self.news[RELATIONS.index(relation)]

    def vetoes(self, kind: str | None) -> bool:
        """Whether the encoder takes what the rules call a contradiction in words for agreement; of values it knows too little."""
        return kind not in VALUE_KINDS and self.share("contradiction") <= self.share("corroboration")

    def features(self) -> dict[str, float]:
        """What the final model sees of it; the same whichever side comes first."""
        against = (self.nli[2], self.back[2])
        follows = (self.nli[0], self.back[0])
        return {
            "news_contradiction": _odds(self.share("contradiction")),
            "news_update": _odds(self.share("update")),
            "news_corroboration": _odds(self.share("corroboration")),
            "news_unrelated": _odds(self.share("unrelated")),
            "nli_contradiction": _odds(sum(against) / 2),
            "nli_contradiction_max": _odds(max(against)),
            "nli_entailment_max": _odds(max(follows)),
            "nli_entailment_min": _odds(min(follows)),
            "likely": self.likely,
            **self.seen,
        }


def _odds(p: float) -> float:
    p = min(1 - 1e-6, max(1e-6, p))
    return max(-_MOST_ODDS, min(_MOST_ODDS, math.log(p / (1 - p))))


def decide_score(features: Mapping[str, float], decision: Mapping[str, Any], *, is_found: bool) -> tuple[float, float]:
    """The probability of a contradiction by the final model, and the one from which it is called so.

    Raises:
        KeyError: the weights name a signal that ``features`` lacks.
    """
    model = decision["found" if is_found else "given"]
    odds = odds_of(features, model["weights"])
    return probability_of(odds), float(model["from"])


def probability_of(odds: float) -> float:
    """The probability that log-odds stand for; those beyond 30 are as good as certain."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def odds_of(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Log-odds by the weights of a model, as :func:`value_of` reads their names.

    Raises:
        KeyError: the weights name a signal that ``features`` lacks.
    """
    ones, others = _factors(tuple(weights))
    known = {**features, "constant": 1.0}
    odds: float = sum(map(mul, weights.values(), map(mul, ones(known), others(known))))
    return odds


@lru_cache(maxsize=32)
def _factors(names: tuple[str, ...]) -> tuple[itemgetter[Any], itemgetter[Any]]:
    """What gives the two factors of each signal, once a model: every pair of sentences has a hundred of them.

    Two names more make a tuple of whatever there is; they have no weight.
    """
    both = [name.partition("*") for name in names]
    more = ("constant", "constant")
    return itemgetter(*(one for one, _, _ in both), *more), itemgetter(*(other or "constant" for _, _, other in both), *more)


def value_of(features: Mapping[str, float], name: str) -> float:
    """A signal by its name in the weights: ``constant`` is one, ``this*that`` the product of two.

    Raises:
        KeyError: there is no such signal.
    """
    if name == "constant":
        return 1.0
    one, _, other = name.partition("*")
    return features[one] * features[other] if other else features[one]


def shares(features: Mapping[str, float], decision: Mapping[str, Any], *, is_found: bool) -> dict[str, float]:
    """What each signal adds to the log-odds, the weightiest first: how a score is explained."""
    weights = decision["found" if is_found else "given"]["weights"]
    added = {name: weight * value_of(features, name) for name, weight in weights.items()}
    return dict(sorted(added.items(), key=lambda item: -abs(item[1])))


def relation_of(score: float, from_score: float, is_update: bool, entailed: Entailed) -> str:
    """The relation of a pair: a contradiction from the threshold, else what the values or the news head say it is."""
    if is_update and entailed.share("contradiction") < _UPDATE_FROM:
        return "update"
    if score >= from_score:
        return "contradiction"
    if entailed.share("update") >= _UPDATE_FROM:
        return "update"
    return max(RELATIONS[2:], key=entailed.share)
