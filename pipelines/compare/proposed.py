"""Pairs of sentences beside what gold says of them: what the search and the final models are fitted on and measured by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.tables import stable_id

#: One side of a pair: article id and half-open span in its text.
Place = tuple[str, int, int]


def pair_id(one: Place, other: Place) -> str:
    """The id of a pair of sentences: a hash of where its sides stand, in their order."""
    return stable_id(*one, *other)


@dataclass(frozen=True)
class Searched:
    """Pairs of sentences that the search proposes on articles with gold, two articles after two articles, likeliest first.

    ``seen`` (pairs, signals) by ``names``; ``odds`` those of the ranking; ``between`` the number of the two articles, ``event``
    the event of each pair; ``golds`` the numbers of the gold pairs that both sentences match, ``relation`` the first of theirs
    in the order contradiction, update, corroboration, compatible, None where there is none; ``in_gold`` whether it is of the gold
    and not of another label. ``sides`` are
    ``(given article id, start, end)`` in the texts as given, None where a sentence does not stand there (a headline).
    ``texts`` are ``(sentence, title)``, ``words`` what both sentences are about. ``total`` is the number of gold contradictions.
    """

    names: tuple[str, ...]
    seen: npt.NDArray[np.float32]
    odds: npt.NDArray[np.float64]
    numbers: list[tuple[int, int]]
    between: npt.NDArray[np.int64]
    event: list[str]
    golds: list[tuple[int, ...]]
    relation: list[str | None]
    in_gold: list[bool]
    kind: list[str | None]
    sides: list[tuple[tuple[str, int, int] | None, tuple[str, int, int] | None]]
    texts: list[tuple[tuple[str, str], tuple[str, str]]]
    words: list[frozenset[str]]
    total: int


@dataclass(frozen=True)
class GivenPairs:
    """Labelled pairs of sentences: the id of each, those of the gold first, its signals without the encoder, what it is.

    ``ids`` are hashes of articles and offsets (the ``pair_id`` of labels); ``is_gold`` tells those of the gold from labels of
    other annotators.
    """

    ids: list[str]
    signals: list[dict[str, float]]
    relation: list[str]
    kind: list[str | None]
    event: list[str]
    is_gold: list[bool]
