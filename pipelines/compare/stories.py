"""Stories: which articles report one event.

Every pair of articles that lie near in time is scored from four cosines of TF-IDF vectors (whole text, headline and
lead, pairs of adjacent words, headline alone) and the days between them; average linkage then joins articles while the
mean score between two groups stays at or above a threshold. Linkage runs inside connected components of the pairs that
reach the threshold, which changes nothing (two groups can only join if one pair across them reaches it) and keeps the
work sparse: 17,000 articles over four years take minutes, not a matrix of 289 million cells.

TF-IDF with average linkage is the baseline that Miranda et al. ("Multilingual Clustering of Streaming News", EMNLP 2018)
build on; the learned weighting of several such similarities and of the time gap is theirs too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components

from pipelines.compare.similarity import STOP_WORDS, words
from pipelines.tables import STORY_ARTICLES, stable_id

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Log-odds that two articles report one event: weights of the square roots of the four cosines, the penalty for a gap of
#: one, two, three or more days and for an unknown one, and the constant. Logistic regression on the pairs of AllSides
#: train (2,058 articles) and ECB+ train (575), each set weighing the same: B-cubed F1 0.902 and 0.890 there, 0.930 and
#: 0.910 on their dev sets, against 0.872 and 0.878 (train) for one TF-IDF cosine with the best threshold for each.
_WEIGHTS: Final = {"body": 4.64, "lead": 9.01, "bigrams": 6.42, "title": 1.93}
_GAP: Final = (0.0, -1.30, -3.50, -5.51)
_GAP_UNKNOWN: Final = -1.47
_CONSTANT: Final = -7.36
#: Mean log-odds between two groups from which they are one story. B-cubed F1 at -1 and at -2: AllSides train 0.902 and
#: 0.893, ECB+ train 0.891 and 0.891, and on short articles that follow one event for days (the sample) 0.785 and 0.861:
#: two events told as one cost a comparison that finds nothing, one event told as two costs every contradiction in it.
_THRESHOLD: Final = -2.0
#: Log-odds of a pair that was never scored: too far apart in time, or hardly a word in common.
_NEVER: Final = -13.0

#: Articles further apart in days are never joined directly (of the same-story pairs in AllSides train 1 % are).
WINDOW_DAYS: Final = 5
#: As many unseen articles are reckoned into document frequencies: with two articles on one event a plain IDF would call
#: every word they share worthless. In pairs taken alone, recall rose from 0.84 to 0.95.
_UNSEEN_ARTICLES: Final = 50
#: A pair is scored from this cosine of the whole texts, or of the headlines.
_LEAST_BODY, _LEAST_TITLE = 0.10, 0.20
#: Words by which a pair is found at all: the heaviest of each article. All of them would cost time and find the same.
_SEARCH_TERMS: Final = 80

_LEAD_CHARS: Final = 1_200
_MOST_CHARS: Final = 20_000
_LEAD_TITLE_WEIGHT, _BIGRAM_TITLE_WEIGHT = 2, 3
#: Largest group that linkage gets whole (a matrix of 8 bytes a cell); a larger one is first cut at a higher threshold.
_MOST_LINKED: Final = 3_000
_BLOCK: Final = 512

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
#: Words of news prose that tell no event from another; the stop words of English come on top.
_STOP_WORDS: Final = STOP_WORDS | frozenset(
    words(
        "said says say told mr mrs ms dr new year years day time people monday tuesday wednesday thursday friday saturday sunday "
        "january february march april may june july august september october november december news report reported reports "
        "according make made just like week month also would could one two three first last"
    )
)


def group_stories(articles: pl.DataFrame) -> pl.DataFrame:
    """Which story each article belongs to.

    Args:
        articles: ``article_id, title, text, published_at`` (UTC, null where unknown) and, if there, ``origin_id``: a copy
            goes with its origin. Any other column is ignored, and the order of the rows plays no part.

    Returns:
        ``analysis.story_articles``: one row an article. A story's id is made from its earliest article, so that it stays
        while later articles join.
    """
    if articles.is_empty():
        return STORY_ARTICLES.empty()
    frame = articles.unique("article_id", keep="any").sort("article_id")
    ids = frame["article_id"].to_list()
    roots = _roots(dict(zip(ids, frame["origin_id"].to_list(), strict=True)) if "origin_id" in frame.columns else {}, ids)
    frame = frame.with_columns(origin_id=pl.Series(roots, dtype=pl.String))
    originals = frame.filter(pl.col("origin_id") == pl.col("article_id"))
    labels = _label(
        [text or "" for text in originals["title"].to_list()],
        [text or "" for text in originals["text"].to_list()],
        _days(originals["published_at"].to_list()),
    )
    grouped = frame.join(
        originals.select(pl.col("article_id").alias("origin_id"), label=pl.Series(labels)), on="origin_id", how="left"
    )
    earliest = (
        grouped.sort("published_at", "article_id", nulls_last=True)
        .group_by("label", maintain_order=True)
        .agg(pl.col("article_id").first().alias("first_id"))
    )
    story_ids = {row["label"]: stable_id("story", row["first_id"]) for row in earliest.iter_rows(named=True)}
    return grouped.select(
        story_id=pl.col("label").replace_strict(story_ids, return_dtype=pl.String), article_id=pl.col("article_id")
    ).sort("story_id", "article_id")


def _roots(origins: dict[str, str | None], ids: list[str]) -> list[str]:
    """The original that each article copies, through copies of copies; itself where its origin is not there."""
    known = set(ids)
    roots = []
    for article_id in ids:
        at, seen = article_id, {article_id}
        while (origin := origins.get(at)) is not None and origin in known and origin not in seen:
            seen.add(origin)
            at = origin
        # Articles that name each other in a circle: the smallest stands for all of them.
        roots.append(min(seen) if origins.get(at) in seen and origins.get(at) != at else at)
    return roots


def _days(published: Sequence[datetime | None]) -> Floats:
    """Days since 1970 as fractions; nan where unknown."""
    return np.array([np.nan if at is None else at.timestamp() / 86_400 for at in published], dtype=np.float64)


def _label(titles: list[str], texts: list[str], days: Floats) -> Ints:
    """A label per article: equal labels are one story."""
    vectors = _vectorise(titles, texts)
    left, right = _near_pairs(vectors, days)
    scores = _score(vectors, days, left, right)
    return _link(len(titles), left, right, scores)


# --- words -----------------------------------------------------------------------------------------------------------


def stem(word: str) -> str:
    """``word`` (lower case) without a plural or possessive ending: enough to match, not to look up."""
    word = word.replace("’", "'")
    if word.endswith("'s"):
        word = word[:-2]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


class _Words:
    """Numbers the words of a batch: sparse rows of counts come out of it, columns in the order of first sight."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._stems: dict[str, int] = {}

    def read(self, text: str) -> list[int]:
        """The numbers of the words of ``text`` that tell something, in order."""
        found = []
        for match in _WORD.finditer(text):
            word = match.group()
            number = self._stems.get(word)
            if number is None:
                stemmed = stem(word.lower())
                is_empty = len(stemmed) < 2 or stemmed in _STOP_WORDS
                number = -1 if is_empty else self.numbers.setdefault(stemmed, len(self.numbers))
                self._stems[word] = number
            if number >= 0:
                found.append(number)
        return found


def _vectorise(titles: list[str], texts: list[str]) -> dict[str, sp.csr_matrix]:
    """The four TF-IDF matrices, a row an article, rows of length one."""
    vocabulary = _Words()
    rows: dict[str, list[Counter[int]]] = {"body": [], "lead": [], "bigrams": [], "title": []}
    pairs: dict[tuple[int, int], int] = {}
    for title, text in zip(titles, texts, strict=True):
        body = text[:_MOST_CHARS]
        # raw.articles.text starts with the headline; it has weights of its own.
        if title and body.startswith(title):
            body = body[len(title) :].lstrip()
        head = title or body[:200].split("\n", 1)[0]
        in_title, in_body, in_lead = vocabulary.read(head), vocabulary.read(body), vocabulary.read(body[:_LEAD_CHARS])
        rows["title"].append(Counter(in_title))
        whole = Counter(in_body)
        whole.update(vocabulary.read(title))
        rows["body"].append(whole)
        lead = Counter(in_lead)
        bigrams = Counter(pairs.setdefault(pair, len(pairs)) for pair in pairwise(in_body))
        if title:
            for number in in_title:
                lead[number] += _LEAD_TITLE_WEIGHT
            for pair in pairwise(in_title):
                bigrams[pairs.setdefault(pair, len(pairs))] += _BIGRAM_TITLE_WEIGHT
        rows["lead"].append(lead)
        rows["bigrams"].append(bigrams)
    return {name: _tf_idf(counts) for name, counts in rows.items()}


def _tf_idf(rows: list[Counter[int]]) -> sp.csr_matrix:
    """Sublinear TF times smoothed IDF; a row without words is a row of zeros."""
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    indices = np.fromiter((number for row in rows for number in row), np.int64, int(lengths.sum()))
    counts = np.fromiter((count for row in rows for count in row.values()), np.float64, int(lengths.sum()))
    _, indices = np.unique(indices, return_inverse=True) if len(indices) else (indices, indices)
    width = int(indices.max()) + 1 if len(indices) else 1
    frequency = np.bincount(indices, minlength=width)
    idf = np.log((len(rows) + _UNSEEN_ARTICLES + 1) / (frequency + 1)) + 1
    pointers = np.concatenate([[0], np.cumsum(lengths)])
    matrix = sp.csr_matrix(((1 + np.log(counts)) * idf[indices], indices, pointers), shape=(len(rows), width))
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    norms[norms == 0] = 1
    return sp.csr_matrix(sp.diags(1 / norms) @ matrix)


# --- pairs -----------------------------------------------------------------------------------------------------------


def _near_pairs(vectors: dict[str, sp.csr_matrix], days: Floats) -> tuple[Ints, Ints]:
    """Pairs (smaller row first) near in time, or of unknown time, that share enough words to be scored."""
    dated = np.flatnonzero(~np.isnan(days))
    dated = dated[np.argsort(days[dated], kind="stable")]
    undated = np.flatnonzero(np.isnan(days))
    order = np.concatenate([dated, undated])
    search = {"body": _heaviest(vectors["body"]), "title": vectors["title"]}
    found: list[tuple[Ints, Ints]] = []
    for rows, columns in _blocks(days[dated], len(undated)):
        left, right = order[rows], order[columns]
        near = sp.csr_matrix((len(left), len(right)), dtype=bool)
        # Both are a little below what _score asks for: the search sees only the heaviest words.
        for name, least in (("body", 0.6 * _LEAST_BODY), ("title", _LEAST_TITLE)):
            near = near + ((search[name][left] @ search[name][right].T) > least)
        at = near.tocoo()
        one, two = left[at.row], right[at.col]
        keep = (one != two) & ~(np.abs(np.floor(days[one]) - np.floor(days[two])) > WINDOW_DAYS)
        found.append((np.minimum(one, two)[keep], np.maximum(one, two)[keep]))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    size = len(days)
    codes = np.unique(np.concatenate([one * size + two for one, two in found]))
    left, right = codes // size, codes % size
    enough = (_cosines(vectors["body"], left, right) > _LEAST_BODY) | (_cosines(vectors["title"], left, right) > _LEAST_TITLE)
    return left[enough], right[enough]


def _blocks(days: Floats, undated: int) -> Iterator[tuple[slice, slice]]:
    """Slices of (dated by day, then undated) rows that between them hold every pair to look at."""
    dated = len(days)
    for start in range(0, dated, _BLOCK):
        stop = min(start + _BLOCK, dated)
        last = int(np.searchsorted(days, days[stop - 1] + WINDOW_DAYS + 1, side="right"))
        for other in range(start, last, 4 * _BLOCK):
            yield slice(start, stop), slice(other, min(other + 4 * _BLOCK, last))
    for start in range(dated, dated + undated, _BLOCK):
        for other in range(0, dated + undated, 4 * _BLOCK):
            yield slice(start, min(start + _BLOCK, dated + undated)), slice(other, min(other + 4 * _BLOCK, dated + undated))


def _heaviest(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """``matrix`` with the ``_SEARCH_TERMS`` heaviest terms of each row."""
    data = matrix.data.copy()
    for row in range(matrix.shape[0]):
        start, stop = matrix.indptr[row], matrix.indptr[row + 1]
        if stop - start > _SEARCH_TERMS:
            weights = data[start:stop]
            weights[weights < np.partition(weights, -_SEARCH_TERMS)[-_SEARCH_TERMS]] = 0
    thinned = sp.csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape, copy=True)
    thinned.eliminate_zeros()
    return thinned


def _cosines(matrix: sp.csr_matrix, left: Ints, right: Ints) -> Floats:
    """Cosine of each pair of rows."""
    cosines = np.empty(len(left))
    for start in range(0, len(left), 20_000):
        part = slice(start, start + 20_000)
        cosines[part] = np.asarray(matrix[left[part]].multiply(matrix[right[part]]).sum(axis=1)).ravel()
    return cosines


def _score(vectors: dict[str, sp.csr_matrix], days: Floats, left: Ints, right: Ints) -> Floats:
    """Log-odds, per pair, that both articles report one event."""
    scores = np.full(len(left), _CONSTANT)
    for name, weight in _WEIGHTS.items():
        scores += weight * np.sqrt(np.maximum(_cosines(vectors[name], left, right), 0))
    gaps = np.abs(np.floor(days[left]) - np.floor(days[right]))
    unknown = np.isnan(gaps)
    return scores + np.where(
        unknown, _GAP_UNKNOWN, np.array(_GAP)[np.minimum(np.where(unknown, 0, gaps), len(_GAP) - 1).astype(np.int64)]
    )


# --- groups ----------------------------------------------------------------------------------------------------------


def _link(size: int, left: Ints, right: Ints, scores: Floats) -> Ints:
    """Average linkage at ``_THRESHOLD``, inside connected components; a label per article."""
    labels = np.arange(size, dtype=np.int64)
    pending: list[tuple[Ints, float]] = [(np.arange(size, dtype=np.int64), _THRESHOLD)]
    inside = np.full(size, -1, dtype=np.int64)
    while pending:
        members, threshold = pending.pop()
        inside[:] = -1
        inside[members] = np.arange(len(members))
        here = (inside[left] >= 0) & (inside[right] >= 0) & (scores >= threshold)
        graph = sp.coo_matrix((np.ones(int(here.sum())), (inside[left[here]], inside[right[here]])), shape=(len(members),) * 2)
        _, component = connected_components(graph, directed=False)
        order = np.argsort(component, kind="stable")
        parts = np.split(members[order], np.flatnonzero(np.diff(component[order])) + 1)
        large = [np.sort(part) for part in parts if len(part) > _MOST_LINKED]
        pending.extend((part, threshold + 0.5) for part in large)
        small = [np.sort(part) for part in parts if 1 < len(part) <= _MOST_LINKED]
        _link_parts(small, left, right, scores, labels)
    return labels


def _link_parts(parts: list[Ints], left: Ints, right: Ints, scores: Floats, labels: Ints) -> None:
    """Average linkage inside each of ``parts``; writes the smallest member's number as the label of each group."""
    if not parts:
        return
    where = np.full(len(labels), -1, dtype=np.int64)
    place = np.zeros(len(labels), dtype=np.int64)
    for number, part in enumerate(parts):
        where[part] = number
        place[part] = np.arange(len(part))
    inner = np.flatnonzero((where[left] >= 0) & (where[left] == where[right]))
    inner = inner[np.argsort(where[left[inner]], kind="stable")]
    ends = np.searchsorted(where[left[inner]], np.arange(len(parts) + 1))
    for number, part in enumerate(parts):
        chosen = inner[ends[number] : ends[number + 1]]
        # Distance: how far a pair's log-odds lie below a sure one. Condensed index of i < j is i*(2n-i-1)/2 + j-i-1.
        count = len(part)
        distances = np.full(count * (count - 1) // 2, 12.0 - _NEVER)
        i, j = place[left[chosen]], place[right[chosen]]
        distances[i * (2 * count - i - 1) // 2 + j - i - 1] = np.clip(12.0 - scores[chosen], 0, 12.0 - _NEVER)
        groups = fcluster(linkage(distances, "average"), 12.0 - _THRESHOLD, "distance")
        for group in np.unique(groups):
            together = part[groups == group]
            labels[together] = together.min()
