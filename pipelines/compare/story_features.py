"""What stories are told apart by: the counted words of an article, cut once and kept as bytes.

Cutting a text into words is the dearest step of placing it, and depends on nothing but the text: what comes of it is kept
(``analysis.story_features``), so that a day's batch reads the days around it without cutting them again. How much a word
weighs does depend on what else there is, and is worked out anew from the counts.

Words are numbered by hashing (Weinberger et al., ICML 2009), so that the numbers are the same on every machine and need no
dictionary.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp

from pipelines.compare.similarity import STOP_WORDS, words

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]

#: What made a row of features; the number counts up whenever other features come of the same text.
FEATURES: Final = "words 1"
#: Words are numbered below the first, pairs of adjacent words below the second.
WORDS: Final = 1 << 20
BIGRAMS: Final = 1 << 22
#: Sections of the two byte strings of an article, in order.
TERMS: Final = ("title", "body")
DETAILS: Final = ("lead", "bigrams")

_COUNT_BITS: Final = 8
_MOST_COUNTED: Final = (1 << _COUNT_BITS) - 1
#: 1 + ln of a count, by the count.
_LOGS: Final = np.concatenate([[0], 1 + np.log(np.arange(1, _MOST_COUNTED + 1))]).astype(np.float32)
#: Cells, and rows, worked on at once, which bounds memory.
_SLICE, _ROWS = 4_000_000, 20_000
_LEAD_CHARS: Final = 1_200
_MOST_CHARS: Final = 20_000
_LEAD_TITLE_WEIGHT, _BIGRAM_TITLE_WEIGHT = 2, 3

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
#: Words of news prose that tell no event from another; the stop words of English come on top.
_STOP_WORDS: Final = STOP_WORDS | frozenset(
    words(
        "said says say told mr mrs ms dr new year years day time people monday tuesday wednesday thursday friday saturday sunday "
        "january february march april may june july august september october november december news report reported reports "
        "according make made just like week month also would could one two three first last"
    )
)

#: Weights shipped with the project, and what they were learned from.
SHIPPED: Final = Path(__file__).resolve().parents[2] / "data" / "models" / "stories"


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


@lru_cache(maxsize=400_000)
def _number(word: str) -> int:
    """The number of a word as it stands; -1 where it tells nothing."""
    stemmed = stem(word.lower())
    return -1 if len(stemmed) < 2 or stemmed in _STOP_WORDS else zlib.crc32(stemmed.encode("utf-8", "replace")) % WORDS


def _read(text: str) -> Ints:
    """The numbers of the words of ``text`` that tell something, in order."""
    found = np.fromiter(map(_number, _WORD.findall(text)), np.int64)
    return found[found >= 0]


def _pairs(numbers: Ints) -> Ints:
    """Numbers of adjacent words, in order."""
    return (numbers[:-1] * 1_000_003 + numbers[1:] * 8_191 + 17) % BIGRAMS


def _counted(*parts: tuple[Ints, int]) -> Codes:
    """Distinct numbers and how often each stands there (``parts``: numbers, and what each counts), a code of 32 bits each."""
    numbers = np.concatenate([np.repeat(part, weight) for part, weight in parts])
    distinct, counts = np.unique(numbers, return_counts=True)
    return ((distinct << _COUNT_BITS) | np.minimum(counts, _MOST_COUNTED)).astype(np.uint32)


def _packed(sections: Sequence[Codes]) -> bytes:
    """The sizes of the sections, then the sections."""
    return np.concatenate([np.array([len(section) for section in sections], np.uint32), *sections]).astype("<u4").tobytes()


def cut_words(title: str, text: str) -> tuple[bytes, bytes]:
    """The features of one article: ``terms`` (headline, whole text), ``details`` (lead, adjacent words)."""
    body = text[:_MOST_CHARS]
    # raw.articles.text starts with the headline; it has weights of its own.
    if title and body.startswith(title):
        body = body[len(title) :].lstrip()
    lead = body[:_LEAD_CHARS]
    in_title = _read(title or body[:200].split("\n", 1)[0])
    own = in_title if title else in_title[:0]
    in_body, in_lead = _read(body), _read(lead)
    terms = _packed([_counted((in_title, 1)), _counted((in_body, 1), (own, 1))])
    details = _packed(
        [
            _counted((in_lead, 1), (own, _LEAD_TITLE_WEIGHT)),
            _counted((_pairs(in_body), 1), (_pairs(own), _BIGRAM_TITLE_WEIGHT)),
        ]
    )
    return terms, details


def unpack(blobs: Sequence[bytes] | pl.Series, sections: Sequence[str]) -> dict[str, sp.csr_matrix]:
    """Matrices of counts (1 to 255, of 8 bits), a row an article: what :func:`cut_words` packed."""
    if len(blobs) > _ROWS:
        slices = [unpack(blobs[start : start + _ROWS], sections) for start in range(0, len(blobs), _ROWS)]
        return {name: sp.vstack([part.pop(name) for part in slices], format="csr") for name in sections}
    parts = list(blobs)
    codes = np.frombuffer(b"".join(parts), "<u4")
    lengths = np.fromiter(map(len, parts), np.int64, len(parts)) // 4
    starts = np.cumsum(lengths) - lengths
    sizes = np.stack([codes[starts + at] for at in range(len(sections))]).astype(np.int64) if parts else None
    made: dict[str, sp.csr_matrix] = {}
    at = starts + len(sections)
    for number, name in enumerate(sections):
        size = sizes[number] if sizes is not None else np.empty(0, np.int64)
        pointers = np.concatenate([[0], np.cumsum(size)])
        where = np.repeat(at - pointers[:-1], size) + np.arange(pointers[-1])
        found = codes[where]
        made[name] = sp.csr_matrix(
            (
                (found & _MOST_COUNTED).astype(np.uint8),
                (found >> _COUNT_BITS).astype(np.int32),
                pointers.astype(np.int64 if pointers[-1] > 2**31 - 1 else np.int32),
            ),
            shape=(len(parts), BIGRAMS if name == "bigrams" else WORDS),
        )
        at = at + size
    return made


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many of so many articles have each word: ``counts`` (``WORDS``, or fewer), ``bigrams`` (pairs of adjacent words)."""

    articles: float
    counts: npt.NDArray[np.float32]
    bigrams: npt.NDArray[np.float32]

    def seen(self, body: sp.csr_matrix, share: float) -> Frequencies:
        """``share`` of these and the articles of a window on top."""
        counts = share * self.counts + np.bincount(body.indices, minlength=body.shape[1]).astype(np.float32)
        return Frequencies(share * self.articles + body.shape[0], counts, self.bigrams)

    def of(self, numbers: Ints) -> Frequencies:
        """Of those words alone, numbered anew."""
        return Frequencies(self.articles, self.counts[numbers], self.bigrams)

    def weigh(self, matrix: sp.csr_matrix, of: str = "words") -> sp.csr_matrix:
        """Sublinear TF times smoothed IDF, rows of length one; a row without words stays one of zeros."""
        # Pairs of words are weighed by the background alone: those of a window need not be read for it.
        idf = _bigram_idf() if of == "bigrams" else _idf(self.articles, self.counts)
        data = _LOGS[matrix.data.astype(np.uint8)]
        for start in range(0, len(data), _SLICE):
            data[start : start + _SLICE] *= idf[matrix.indices[start : start + _SLICE]]
        weighed = sp.csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape)
        for start in range(0, matrix.shape[0], _ROWS):
            pointers = matrix.indptr[start : start + _ROWS + 1]
            values = data[pointers[0] : pointers[-1]]
            lengths = np.diff(pointers)
            squares = np.bincount(np.repeat(np.arange(len(lengths)), lengths), values * values, len(lengths))
            norms = np.sqrt(np.where(squares > 0, squares, 1)).astype(np.float32)
            values /= np.repeat(norms, lengths)
        return weighed


def _idf(articles: float, counts: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(np.log((articles + 1) / (counts + 1)) + 1, np.float32)


@lru_cache(maxsize=1)
def _bigram_idf() -> npt.NDArray[np.float32]:
    known = background()
    return _idf(known.articles, known.bigrams)


#: The file of the background in force.
_IN_FORCE: Final = [SHIPPED / "background.npz"]


def background() -> Frequencies:
    """Frequencies in a corpus of news, by which a window of few articles weighs its words.

    Raises:
        FileNotFoundError: the file is missing; it ships with the project.
    """
    return _background(_IN_FORCE[-1])


@contextmanager
def weighed_by(file: Path) -> Iterator[None]:
    """Weigh words by another background inside the block: what is trained must be trained on its own."""
    _IN_FORCE.append(file)
    try:
        _bigram_idf.cache_clear()
        _background.cache_clear()
        yield
    finally:
        _IN_FORCE.pop()
        _bigram_idf.cache_clear()
        _background.cache_clear()


@lru_cache(maxsize=1)
def _background(file: Path) -> Frequencies:
    if not file.is_file():
        raise FileNotFoundError(f"{file} is missing: it ships with the project")
    with np.load(file) as stored:
        counts, bigrams = np.zeros(WORDS, np.float32), np.zeros(BIGRAMS, np.float32)
        counts[stored["words"]] = stored["word_articles"]
        bigrams[stored["bigrams"]] = stored["bigram_articles"]
        return Frequencies(float(stored["articles"]), counts, bigrams)
