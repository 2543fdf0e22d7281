"""Pairs of articles that may report one event, and the log-odds that they do.

Every pair that lies near in time is scored from four cosines of TF-IDF vectors (whole text, headline and lead, pairs of
adjacent words, headline alone) and the days between. TF-IDF with average linkage is the baseline that Miranda et al.
("Multilingual Clustering of Streaming News", EMNLP 2018) build on; the learned weighting of several such similarities and
of the time gap is theirs too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import scipy.sparse as sp

from pipelines.compare.story_features import (
    DETAILS,
    SHIPPED,
    TERMS,
    WORDS,
    Floats,
    Ints,
    background,
    unpack,
)

#: Articles further apart in days are never joined directly (of the same-story pairs in AllSides train 1 % are).
WINDOW_DAYS: Final = 5
#: The cosines that a pair is scored from, in the order of the weights.
COSINES: Final = ("body", "lead", "bigrams", "title")
#: A pair is scored from this cosine of the whole texts, or of the headlines.
LEAST_BODY, LEAST_TITLE = 0.10, 0.20
#: The articles of the shipped frequencies count as so much of an article of the window each: few articles on one event
#: would call every word they share worthless, many know their own time better than a corpus of the past.
BACKGROUND: Final = 0.1
#: Words by which a pair is found at all: the heaviest of each article. All of them would cost time and find the same.
_SEARCH_TERMS: Final = 80
#: A word on a larger share of the articles than this finds nothing (but still counts in the score).
_MOST_SHARED: Final = 0.03
_LEAST_SHARED: Final = 200
_BLOCK: Final = 256
#: Of LEAST_BODY, what the heaviest words alone must show; and where the headlines are alike.
_SOUGHT, _CHANCE = 0.6, 0.3
#: Up to this share of a window is few.
_FEW: Final = 0.3


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds that two articles report one event.

    ``cosines`` weigh the square roots of :data:`COSINES`; ``gaps`` are the penalties for a gap of no, one, two, three or more
    days, ``unknown_gap`` that for a date that is not known.
    """

    cosines: tuple[float, ...]
    gaps: tuple[float, ...]
    unknown_gap: float
    constant: float


@lru_cache(maxsize=1)
def load_weights(file: Path = SHIPPED / "weights.json") -> Weights:
    """The shipped weights.

    Raises:
        FileNotFoundError: the file is missing; it ships with the project, and ``counterclaim train stories`` makes it.
    """
    if not file.is_file():
        raise FileNotFoundError(f"{file} is missing: it ships with the project; `counterclaim train stories` makes it")
    stored = json.loads(file.read_text(encoding="utf-8"))
    return Weights(
        cosines=tuple(stored["cosines"][name] for name in COSINES),
        gaps=tuple(stored["gaps"]),
        unknown_gap=stored["unknown_gap"],
        constant=stored["constant"],
    )


class Vectors:
    """The articles of a window as TF-IDF vectors: whole texts and headlines of all, the rest of those asked for.

    Args:
        terms: what :func:`~pipelines.compare.story_features.cut_words` gave as terms, an article a row.
        days: days since 1970 of publication; nan where unknown.
        details: gives the details of rows, asked for once a row at most.
    """

    def __init__(self, terms: Sequence[bytes] | pl.Series, days: Floats, details: Callable[[Ints], Sequence[bytes]]) -> None:
        self.days = np.floor(days)
        self._details = details
        counts = unpack(terms, TERMS)
        # Words that no text has need no column.
        is_there = np.zeros(WORDS, bool)
        is_there[counts["body"].indices] = True
        is_there[counts["title"].indices] = True
        self._column = np.where(is_there, np.cumsum(is_there, dtype=np.int32) - 1, np.int32(-1))
        self._width = int(is_there.sum())
        body = self._narrow(counts["body"])
        self._frequencies = background().of(np.flatnonzero(is_there)).seen(body, BACKGROUND)
        self.body = self._frequencies.weigh(body)
        self.title = self._frequencies.weigh(self._narrow(counts["title"]))
        most = max(_LEAST_SHARED, _MOST_SHARED * len(terms))
        shared = np.bincount(self.body.indices, minlength=self.body.shape[1]) > most
        self._search = {"body": _heaviest(self.body, shared), "title": self.title}
        self._index = {name: matrix.T.tocsr() for name, matrix in self._search.items()}
        self._read = np.full(len(terms), -1, np.int64)
        self._stack: dict[str, sp.csr_matrix] = {}

    def find(self, rows: Ints, among: Ints) -> tuple[Ints, Ints, Floats]:
        """Pairs of a row of ``rows`` and one of ``among`` as in :meth:`pairs`, with their score."""
        left, right = self.pairs(rows, among)
        return left, right, self._score(left, right)

    def pairs(self, rows: Ints, among: Ints) -> tuple[Ints, Ints]:
        """Pairs of a row of ``rows`` and one of ``among`` worth a score, each pair once, smaller row first."""
        is_among = np.zeros(len(self.days), bool)
        is_among[among] = True
        # Few are searched by themselves, many through the index of all.
        is_few = len(among) < _FEW * len(self.days)
        index = {name: self._search[name][among].T.tocsr() for name in self._search} if is_few else self._index
        found: list[tuple[Ints, Ints]] = []
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            # The search sees only the heaviest words: a little below what a score asks for. A word or two in common in the
            # headlines of texts that have nothing in common are chance.
            by_body = self._search["body"][block] @ index["body"]
            by_title = self._search["title"][block] @ index["title"]
            by_title = _above(by_title, LEAST_TITLE).multiply(_above(by_body, _CHANCE * LEAST_BODY)).tocsr()
            for product in (_above(by_body, _SOUGHT * LEAST_BODY), by_title):
                enough = product.data > 0
                one = np.repeat(block, np.diff(product.indptr))[enough]
                two = among[product.indices[enough]] if is_few else product.indices[enough].astype(np.int64)
                near = is_among[two] & (one != two) & ~(np.abs(self.days[one] - self.days[two]) > WINDOW_DAYS)
                found.append((np.minimum(one, two)[near], np.maximum(one, two)[near]))
        if not found:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        size = len(self.days)
        codes = np.unique(np.concatenate([one * size + two for one, two in found]))
        left, right = codes // size, codes % size
        enough = (cosines(self.body, left, right) > LEAST_BODY) | (cosines(self.title, left, right) > LEAST_TITLE)
        return left[enough], right[enough]

    def features(self, left: Ints, right: Ints) -> dict[str, Floats]:
        """The cosines of each pair, by name."""
        if not len(left):
            return {}
        self._read_details(np.union1d(left, right))
        one, two = self._read[left], self._read[right]
        return {
            "body": cosines(self.body, left, right),
            "title": cosines(self.title, left, right),
            **{name: cosines(self._stack[name], one, two) for name in ("lead", "bigrams")},
        }

    def gaps(self, left: Ints, right: Ints) -> Floats:
        """Whole days between the two of each pair; nan where one is unknown."""
        return np.asarray(np.abs(self.days[left] - self.days[right]), np.float64)

    def _score(self, left: Ints, right: Ints) -> Floats:
        weights = load_weights()
        scores = np.full(len(left), weights.constant)
        for name, values in self.features(left, right).items():
            scores += weights.cosines[COSINES.index(name)] * np.sqrt(np.maximum(values, 0))
        gaps = self.gaps(left, right)
        unknown = np.isnan(gaps)
        steps = np.minimum(np.where(unknown, 0, gaps), len(weights.gaps) - 1).astype(np.int64)
        return scores + np.where(unknown, weights.unknown_gap, np.array(weights.gaps)[steps])

    def _narrow(self, matrix: sp.csr_matrix) -> sp.csr_matrix:
        """``matrix`` with columns for the words of the window alone, and without the others.

        A lead may hold one that no text has: its last, cut off.
        """
        column = self._column[matrix.indices]
        kept = column >= 0
        pointers = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr].astype(matrix.indptr.dtype)
        return sp.csr_matrix((matrix.data[kept], column[kept], pointers), shape=(matrix.shape[0], max(self._width, 1)))

    def _read_details(self, rows: Ints) -> None:
        """Make sure that the lead and the adjacent words of ``rows`` are there."""
        wanted = rows[self._read[rows] < 0]
        if not len(wanted):
            return
        counts = unpack(self._details(wanted), DETAILS)
        first = self._stack["lead"].shape[0] if self._stack else 0
        self._read[wanted] = first + np.arange(len(wanted))
        for name in ("lead", "bigrams"):
            found = self._narrow(counts[name]) if name == "lead" else counts[name]
            weighed = self._frequencies.weigh(found, name)
            self._stack[name] = sp.vstack([self._stack[name], weighed], format="csr") if name in self._stack else weighed


def _heaviest(matrix: sp.csr_matrix, shared: np.ndarray) -> sp.csr_matrix:
    """``matrix`` with the ``_SEARCH_TERMS`` heaviest terms of each row that are not ``shared`` by too many."""
    data = np.where(shared[matrix.indices], np.float32(0), matrix.data)
    for row in np.flatnonzero(np.diff(matrix.indptr) > _SEARCH_TERMS):
        weights = data[matrix.indptr[row] : matrix.indptr[row + 1]]
        weights[weights < np.partition(weights, -_SEARCH_TERMS)[-_SEARCH_TERMS]] = 0
    thinned = sp.csr_matrix((data, matrix.indices.copy(), matrix.indptr.copy()), shape=matrix.shape)
    thinned.eliminate_zeros()
    return thinned


def _above(matrix: sp.csr_matrix, least: float) -> sp.csr_matrix:
    """``matrix`` with zeros where it is not above ``least``."""
    data = np.where(matrix.data > least, matrix.data, np.float32(0))
    # Sharing the places is safe as long as no zero is taken out, which is done in place.
    return sp.csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def cosines(matrix: sp.csr_matrix, left: Ints, right: Ints) -> Floats:
    """Cosine of each pair of rows."""
    found = np.empty(len(left))
    for start in range(0, len(left), 20_000):
        part = slice(start, start + 20_000)
        found[part] = np.asarray(matrix[left[part]].multiply(matrix[right[part]]).sum(axis=1)).ravel()
    return found


def days_of(moments: pl.Series) -> Floats:
    """Days since 1970 as fractions; nan where unknown."""
    return (moments.dt.epoch("us").cast(pl.Float64) / 86_400e6).fill_null(float("nan")).to_numpy()
