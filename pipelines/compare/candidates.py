"""Candidates: which sentences of two articles are worth comparing.

Two articles of forty sentences make 1,600 pairs, nearly all about different things. For each sentence the few nearest of
the other article are kept: cosine of TF-IDF vectors over concepts, with document frequencies of the story, in one sparse
product an article. Where there are embeddings (:func:`find_near`), those that share no word are found too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
import scipy.sparse as sp

from pipelines.compare.similarity import Bag, Weights

#: Partners kept for one sentence in one other article.
MOST_PARTNERS: Final = 8
#: Pairs below this cosine are not compared. With it and the limits around it, 182 of the 420 gold contradictions of the
#: train set are proposed among 33,000 pairs; the others hardly share a word, which takes a model to see.
LEAST_SIMILARITY: Final = 0.08
#: By embedding: partners of a sentence in one other article, and the cosine from which two sentences are about one thing.
NEAR: Final = 6
LEAST_NEAR: Final = 0.35
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


def find_near(
    vectors: np.ndarray,
    owners: Sequence[int],
    may_meet: Callable[[int, int], bool],
    *,
    near: int = NEAR,
    least: float = LEAST_NEAR,
) -> Iterator[tuple[int, int, float]]:
    """Pairs ``(i, j, cosine)`` of sentences by their embeddings: of each the nearest few in every other article.

    Args:
        vectors: a unit vector a sentence; a row of zeros is compared with nothing.
        owners: the number of the article of each sentence, never decreasing.
        may_meet: whether two articles (by number) are compared at all.
        near: partners of a sentence in one other article.
        least: cosine from which a pair is proposed.
    """
    if not len(owners):
        return
    numbers, starts = np.unique(np.asarray(owners), return_index=True)
    ends = np.append(starts[1:], len(owners))
    for p in range(len(numbers)):
        for q in range(p + 1, len(numbers)):
            if not may_meet(int(numbers[p]), int(numbers[q])):
                continue
            cosines = vectors[starts[p] : ends[p]] @ vectors[starts[q] : ends[q]].T
            keep = np.zeros(cosines.shape, dtype=bool)
            for axis in (0, 1):
                count = min(near, cosines.shape[axis])
                best = np.argpartition(-cosines, count - 1, axis=axis).take(range(count), axis=axis)
                np.put_along_axis(keep, best, True, axis=axis)
            for i, j in zip(*np.nonzero(keep & (cosines >= least)), strict=True):
                yield int(starts[p] + i), int(starts[q] + j), float(cosines[i, j])


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
