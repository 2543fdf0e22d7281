"""Candidates: which sentences of two articles are worth comparing.

Two articles of forty sentences make 1,600 pairs, nearly all about different things. For each sentence the few nearest of
the other article are kept: cosine of TF-IDF vectors over concepts, with document frequencies of the story, in one sparse
product an article.

Neighbours by sentence embeddings (MiniLM) find pairs that share no word too, but nothing that is worth their cost: ranked by
what :mod:`search` sees of them, the first 20 of two train articles hold 145 of the 420 gold contradictions with them and 138
without, on dev 50 and 51 of 125.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp

from pipelines.compare.similarity import Bag, Weights

#: Partners kept for one sentence in one other article.
MOST_PARTNERS: Final = 8
#: Pairs below this cosine are not compared. With it and the limits around it, 182 of the 420 gold contradictions of the
#: train set are proposed among 33,000 pairs; the others hardly share a word, which takes a model to see.
LEAST_SIMILARITY: Final = 0.08
#: Pairs kept for two articles, and how many a story may have before that shrinks.
_MOST_OF_TWO, _FEWEST_OF_TWO, _MOST_OF_STORY = 80, 16, 160_000


def find_candidates(
    bags: Sequence[Bag], owners: Sequence[int], may_meet: Callable[[int, int], bool], weights: Weights
) -> Iterator[tuple[int, int, float]]:
    """Pairs ``(i, j, cosine)`` of sentences, ``i`` of an article with the smaller number; ordered by articles, then pairs.

    Args:
        bags: what each sentence is about.
        owners: the number of the article of each sentence, never decreasing.
        may_meet: whether two articles (by number) are compared at all.
        weights: of the concepts, from the story.
    """
    if not bags:
        return
    matrix = _matrix(bags, weights)
    numbers, starts = np.unique(np.asarray(owners), return_index=True)
    ends = np.append(starts[1:], len(owners))
    pairs = [
        (p, q) for p in range(len(numbers)) for q in range(p + 1, len(numbers)) if may_meet(int(numbers[p]), int(numbers[q]))
    ]
    most = min(_MOST_OF_TWO, max(_FEWEST_OF_TWO, _MOST_OF_STORY // max(1, len(pairs))))
    partners: dict[int, list[int]] = {}
    for p, q in pairs:
        partners.setdefault(p, []).append(q)
    for p, others in partners.items():
        first = starts[p]
        # One product for the article against everything after it.
        block = (matrix[first : ends[p]] @ matrix[starts[others[0]] :].T).toarray()
        for q in others:
            part = block[:, starts[q] - starts[others[0]] : ends[q] - starts[others[0]]]
            for i, j in _best(part, most):
                yield int(first + i), int(starts[q] + j), float(part[i, j])


#: Where pairs are only proposed, to be ranked by more than their words (:func:`cells_of`).
_LEAST_OF_CELL: Final = 0.05


@dataclass(frozen=True, slots=True)
class Cell:
    """Two sentences that share words, and where they stand: ``i`` is of the article with the smaller number.

    ``ranks`` are those of the pair among the pairs of either sentence (0: the nearest), ``best`` the cosines of those nearest,
    ``places`` the numbers of the sentences in their articles, ``depths`` the same as a share of the article.
    """

    i: int
    j: int
    cosine: float
    ranks: tuple[int, int]
    best: tuple[float, float]
    places: tuple[int, int]
    depths: tuple[float, float]


def cells_of(
    bags: Sequence[Bag], owners: Sequence[int], may_meet: Callable[[int, int], bool], weights: Weights
) -> Iterator[list[Cell]]:
    """For every two articles that may meet: the pairs of their sentences that are among the nearest of either; in order.

    Arguments as for :func:`find_candidates`.
    """
    if not bags:
        return
    matrix = _matrix(bags, weights)
    numbers, starts = np.unique(np.asarray(owners), return_index=True)
    ends = np.append(starts[1:], len(owners))
    for p in range(len(numbers)):
        for q in range(p + 1, len(numbers)):
            if may_meet(int(numbers[p]), int(numbers[q])):
                cosines = (matrix[starts[p] : ends[p]] @ matrix[starts[q] : ends[q]].T).toarray()
                yield _cells(cosines, int(starts[p]), int(starts[q]))


def _cells(cosines: np.ndarray, first: int, second: int) -> list[Cell]:
    rows, columns = cosines.shape
    # Ties go to the earlier sentence.
    rounded = -cosines.round(9)
    of_row = rounded.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    of_column = rounded.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    best_of_row, best_of_column = cosines.max(axis=1), cosines.max(axis=0)
    near = (np.minimum(of_row, of_column) < MOST_PARTNERS) & (cosines >= _LEAST_OF_CELL)
    at = np.nonzero(near)
    found = zip(*(array.tolist() for array in (*at, cosines[at], of_row[at], of_column[at])), strict=True)
    of_rows, of_columns = best_of_row.tolist(), best_of_column.tolist()
    return [
        Cell(
            first + i, second + j, cosine, (rank_i, rank_j), (of_rows[i], of_columns[j]), (i, j), (i / rows, j / columns),
        )
        for i, j, cosine, rank_i, rank_j in found
    ]  # fmt: skip


def _best(cosines: np.ndarray, most: int) -> list[tuple[int, int]]:
    """The cells at or above the floor that are among the best of their row or column; at most ``most``, in order."""
    rows, columns = cosines.shape
    keep = np.zeros(cosines.shape, dtype=bool)
    if columns > MOST_PARTNERS:
        np.put_along_axis(keep, np.argpartition(-cosines, MOST_PARTNERS, axis=1)[:, :MOST_PARTNERS], True, axis=1)
    else:
        keep[:] = True
    if rows > MOST_PARTNERS:
        np.put_along_axis(keep, np.argpartition(-cosines, MOST_PARTNERS, axis=0)[:MOST_PARTNERS], True, axis=0)
    found_rows, found_columns = np.nonzero(keep & (cosines >= LEAST_SIMILARITY))
    if len(found_rows) > most:
        best = np.lexsort((found_columns, found_rows, -cosines[found_rows, found_columns].round(9)))[:most]
        found_rows, found_columns = found_rows[best], found_columns[best]
        order = np.lexsort((found_columns, found_rows))
        found_rows, found_columns = found_rows[order], found_columns[order]
    return list(zip(found_rows.tolist(), found_columns.tolist(), strict=True))


def _matrix(bags: Sequence[Bag], weights: Weights) -> sp.csr_matrix:
    """A row of length one per bag, a column per concept."""
    columns: dict[str, int] = {}
    pointers: list[int] = [0]
    indices: list[int] = []
    data: list[float] = []
    for one in bags:
        words = sorted(one.words)
        values = [weights(word) for word in words]
        norm = math.sqrt(sum(value * value for value in values)) or 1.0
        indices.extend(columns.setdefault(word, len(columns)) for word in words)
        data.extend(value / norm for value in values)
        pointers.append(len(indices))
    return sp.csr_matrix((data, indices, pointers), shape=(len(bags), max(1, len(columns))), dtype=np.float64)
