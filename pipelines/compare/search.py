"""Search: which sentences of two articles the cross-encoder is asked about, and what is seen of a pair among the others.

Two articles of forty sentences make 1,600 pairs, of which gold has one contradiction on average. :mod:`candidates` proposes
those that share words; here a logistic regression over what is cheap to see (the words, the values and the denials of the pair,
where both sentences stand, how near each is to others) ranks them, and the best few are put to the cross-encoder: a cascade, as
in passage retrieval (Nogueira and Cho, "Passage Re-ranking with BERT", 2019). What it says of a pair is then seen beside what it
says of the other pairs of the same two articles.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipelines.compare.candidates import Cell, cells_of
from pipelines.compare.entailment import odds_of
from pipelines.compare.readings import SentenceClaims
from pipelines.compare.similarity import Weights
from pipelines.compare.verdicts import Meeting, meeting_of, signals

Floats = npt.NDArray[np.float64]

#: Pairs of two articles that the cross-encoder is asked about, and of one article in all its story on average: a story of n
#: articles costs n times that, not n squared.
MOST_ASKED, _MOST_OF_ARTICLE = 8, 8
#: For each that is asked about so many of the nearest are looked at, which bounds the work in a story of many articles.
_SEEN_OF_ASKED: Final = 10
#: Words in a sentence that is compared.
FEWEST_WORDS, MOST_WORDS = 4, 80
#: Sentences that open an article.
_LEAD: Final = 3
#: Odds of the encoder from which a pair may be a contradiction.
_LIKELY: Final = -1.5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair of sentences worth asking about, by their numbers; ``i`` is of the article with the smaller number.

    ``seen`` is what the final model sees of it without the encoder, ``odds`` the log-odds of a contradiction by that alone.
    """

    i: int
    j: int
    seen: Mapping[str, float]
    odds: float


def propose(  # noqa: PLR0917
    listed: Sequence[SentenceClaims], owners: Sequence[int], may_meet: Callable[[int, int], bool], weights: Weights,
    asked: Mapping[str, Any] | None, most: int | None = None, meeting: Callable[[int, int], Meeting] | None = None,
) -> Iterator[list[Proposal]]:  # fmt: skip
    """The pairs of sentences of a story worth asking about, two articles after two articles.

    Args:
        listed: the sentences of the articles of a story, article by article.
        owners: the number of the article of each, never decreasing.
        may_meet: whether two articles (by number) are compared at all.
        weights: of the words, from the story.
        asked: ``weights`` (signal -> number, with ``constant``), the ranking of pairs by what is cheap to see; None: all pairs
            that share words, unranked.
        most: pairs of two articles; None: by the size of the story.
        meeting: what two sentences (by number) show of each other by those weights, where somebody remembers it.

    Yields:
        Those of two articles, the likeliest first; of two that have none, nothing.
    """
    meeting = meeting or (lambda i, j: meeting_of(listed[i], listed[j], weights))
    is_compared = [_is_compared(one) for one in listed]
    articles = len(set(owners))
    if most is None:
        most = min(MOST_ASKED, max(1, math.ceil(2 * _MOST_OF_ARTICLE / max(1, articles - 1))))
    for cells in cells_of([one.target for one in listed], owners, may_meet, weights):
        pairs = [cell for cell in cells if is_compared[cell.i] and is_compared[cell.j]]
        if not pairs:
            continue
        if asked is not None and len(pairs) > _SEEN_OF_ASKED * most:
            pairs = sorted(pairs, key=lambda cell: (-round(cell.cosine, 9), cell.i, cell.j))[: _SEEN_OF_ASKED * most]
        seen = [signals(listed[cell.i], listed[cell.j], meeting=meeting(cell.i, cell.j)) | situation(cell) for cell in pairs]
        if asked is None:
            yield [Proposal(cell.i, cell.j, one, 0.0) for cell, one in zip(pairs, seen, strict=True)]
            continue
        odds = [odds_of(one, asked["weights"]) for one in seen]
        best = sorted(range(len(pairs)), key=lambda at: (-round(odds[at], 9), pairs[at].i, pairs[at].j))[:most]
        yield [Proposal(pairs[at].i, pairs[at].j, seen[at], odds[at]) for at in best]


def _is_compared(one: SentenceClaims) -> bool:
    """Whether a sentence may be part of a quarrel: what a headline says the text below it says more fully."""
    return bool(one.claims) and not one.is_headline and FEWEST_WORDS <= one.word_count <= MOST_WORDS


def same_slot(one: tuple[int, int], words: Collection[str], other: tuple[int, int], others: Collection[str]) -> bool:
    """Whether two pairs of sentences of the same two articles are about one slot.

    They are where they have a sentence in common, or share much of the words that each pair shares. Pairs are given by the
    numbers of their sentences and by the words that both sentences have.
    """
    common = sum(word in others for word in words)
    return one[0] == other[0] or one[1] == other[1] or common >= max(2, 0.5 * min(len(words), len(others)))


def situation(cell: Cell) -> dict[str, float]:
    """Where two sentences stand, beside what they say; the same whichever comes first."""
    return {
        "near": cell.cosine,
        "near_squared": cell.cosine**2,
        "rank_least": math.log1p(min(cell.ranks)),
        "rank_most": math.log1p(max(cell.ranks)),
        "below_best_least": cell.cosine - min(cell.best),
        "below_best_most": cell.cosine - max(cell.best),
        "place_first": math.log1p(min(cell.places)),
        "place_last": math.log1p(max(cell.places)),
        "depth": sum(cell.depths),
        "depth_most": max(cell.depths),
        "one_leads": float(min(cell.places) < _LEAD),
        "both_lead": float(max(cell.places) < _LEAD),
    }


def among_others(proposals: Sequence[Proposal], likely: Sequence[float], given: Sequence[float]) -> list[dict[str, float]]:
    """What is seen of each pair of two articles beside the others that were asked about.

    Args:
        proposals: those of two articles, the likeliest first.
        likely: the encoder's log-odds that each is a contradiction.
        given: the log-odds by the final model of given pairs, which knows best whether two sentences that fill one slot quarrel.

    Returns:
        For each: how far its odds lie from the best other pair of either sentence, its ranks, the best of all, and how many
        others are likely.
    """
    best_i, best_j = _two_best([one.i for one in proposals], likely), _two_best([one.j for one in proposals], likely)
    rank, rank_given = _ranks(likely), _ranks(given)
    likeliest, likeliest_given = max(likely), max(given)
    count = sum(odds >= _LIKELY for odds in likely)
    made = []
    for at, one in enumerate(proposals):
        rivals = [_rival(best_i[one.i], likely[at]), _rival(best_j[one.j], likely[at])]
        above = [likely[at] - rival for rival in rivals]
        made.append(
            {
                "asked_odds": one.odds,
                "asked_rank": math.log1p(at),
                "likely_rank": math.log1p(rank[at]),
                "above_rivals_least": _cut(min(above)),
                "above_rivals_most": _cut(max(above)),
                "likeliest": likeliest,
                "below_likeliest": likely[at] - likeliest,
                "given_odds": given[at],
                "given_rank": math.log1p(rank_given[at]),
                "below_best_given": given[at] - likeliest_given,
                "likely_others": math.log1p(count - (likely[at] >= _LIKELY)),
            }
        )
    return made


#: Differences of log-odds are cut off here; so far above a rival stands a sentence that has none.
_CUT: Final = 4.0


def _ranks(odds: Sequence[float]) -> dict[int, int]:
    order = sorted(range(len(odds)), key=lambda at: (-odds[at], at))
    return {at: number for number, at in enumerate(order)}


def _cut(odds: float) -> float:
    return max(-_CUT, min(_CUT, odds))


def _two_best(keys: Sequence[int], likely: Sequence[float]) -> dict[int, list[float]]:
    found: dict[int, list[float]] = {}
    for key, odds in zip(keys, likely, strict=True):
        found[key] = sorted([*found.get(key, ()), odds], reverse=True)[:2]
    return found


def _rival(two: Sequence[float], own: float) -> float:
    """The best odds of the others, where ``two`` are the best of all."""
    if len(two) < 2:
        return own - _CUT
    return two[1] if own >= two[0] else two[0]
