"""What the tagger sees and says: words of WordPiece with the case of each, windows of whole paragraphs, labels, spans.

Training and run time share this module, so that a text becomes the same numbers in both. A word is what BERT's
pre-tokenizer makes of it: a run of letters and digits, or one mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

#: Parts of an attribution, and kinds of names; ``people`` (demonyms, faiths) and ``facility`` help learning.
ATTRIBUTION_PARTS: Final = ("source", "cue", "content")
ENTITY_TYPES: Final = ("person", "organization", "place", "facility", "people", "other")
#: Begin, inside, end, single: an end that is said makes exact spans likelier than begin and inside alone.
_MARKS: Final = "BIES"
#: Features of a word: seven shapes, at the head of a line or not, right after another word or not; and the special tokens.
SPECIAL_FEATURE: Final = 28
FEATURES: Final = 29
CLS: Final = 101
SEP: Final = 102


def labels_of(types: Sequence[str]) -> tuple[str, ...]:
    """``O`` and four marks a type: ``B-source``, ``I-source``, ``E-source``, ``S-source`` ..."""
    return ("O", *(f"{mark}-{name}" for name in types for mark in _MARKS))


ATTRIBUTION_LABELS: Final = labels_of(ATTRIBUTION_PARTS)
ENTITY_LABELS: Final = labels_of(ENTITY_TYPES)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as subwords. Arrays of one entry a subword, but ``starts`` and ``ends`` (code points) of one a word."""

    ids: Ints
    features: Ints
    #: index of the first subword of each word.
    firsts: Ints
    starts: Ints
    ends: Ints


@lru_cache(maxsize=65_536)
def _shape(word: str) -> int:
    """0 small letters, 1 Capitalised, 2 CAPITALS, 3 one capital letter, 4 mixed, 5 begins with a digit, 6 marks."""
    first = word[0]
    if first.isdigit():
        return 5
    if not first.isalpha():
        return 6
    if word.islower():
        return 0
    if len(word) == 1:
        return 3 if first.isupper() else 0
    if word.isupper():
        return 2
    if first.isupper() and word[1:].islower():
        return 1
    return 0 if word.lower() == word else 4


def encode(text: str, encoding: Encoding) -> Encoded:
    """The subwords of a text with features.

    Args:
        text: the text.
        encoding: what the tokenizer made of it, without special tokens.
    """
    ids = np.array(encoding.ids, dtype=np.int64)
    if not ids.size:
        empty = np.zeros(0, dtype=np.int64)
        return Encoded(empty, empty, empty, empty, empty)
    offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    words = np.array([-1 if w is None else w for w in encoding.word_ids], dtype=np.int64)
    is_first = np.ones(len(ids), dtype=bool)
    is_first[1:] = words[1:] != words[:-1]
    firsts = np.flatnonzero(is_first)
    starts = offsets[firsts, 0]
    ends = offsets[np.append(firsts[1:], len(ids)) - 1, 1]
    features = np.empty(len(firsts), dtype=np.int64)
    before = -1
    for k, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        glued = start == before
        new_line = before < 0 or (not glued and "\n" in text[before:start])
        features[k] = _shape(text[start:end] or ".") * 4 + 2 * new_line + glued
        before = end
    return Encoded(ids, features[np.cumsum(is_first) - 1], firsts, starts, ends)


def windows(encoded: Encoded, longest: int, first: int | None = None) -> list[tuple[int, int]]:
    """Cut a text into windows of subwords, at the ends of lines where they allow it, else at those of words.

    Args:
        encoded: the text.
        longest: subwords a window at most, without the special tokens.
        first: subwords of the first window at most (training moves the cuts by it).

    Returns:
        Half-open ranges of subwords that cover the text; of windows of about one length, as padding costs time.
    """
    n = len(encoded.ids)
    if n == 0:
        return []
    is_line = (encoded.features[encoded.firsts] & 2) > 0
    lines = encoded.firsts[is_line]
    made: list[tuple[int, int]] = []
    at = 0
    while at < n:
        limit = min(longest, first) if first is not None and at == 0 else longest
        remaining = n - at
        if remaining <= limit:
            made.append((at, n))
            break
        if first is None:
            # As many windows as needed, and no short last one.
            limit = min(limit, -(-remaining // -(-remaining // limit)) + 40)
        cut = int(lines[np.searchsorted(lines, at + limit, side="right") - 1])
        if cut <= at + limit // 3:
            cut = int(encoded.firsts[np.searchsorted(encoded.firsts, at + limit, side="right") - 1])
        if cut <= at:
            cut = at + limit
        made.append((at, cut))
        at = cut
    return made


def best_paths(scores: Floats, lengths: Ints) -> Ints:
    """The likeliest allowed labels of many sequences (Viterbi 1967), all sequences a step at a time.

    Of all that comes before a word only the likeliest way to have no span open matters, and for each type the likeliest to have
    one open: two sums a type and step instead of every label against every other.

    Args:
        scores: log probabilities, sequences x words x labels, the labels as :func:`labels_of` orders them.
        lengths: words of each sequence.

    Returns:
        Labels, sequences x words: each span begins, goes on and ends with one type; what lies beyond a sequence's length means
        nothing.
    """
    count, longest, n = scores.shape
    paths = np.zeros((count, longest), dtype=np.int64)
    if not longest:
        return paths
    types = (n - 1) // 4
    by_step = np.ascontiguousarray(scores.transpose(1, 0, 2))
    begin, inside, end, alone = (np.ascontiguousarray(by_step[:, :, 1 + mark :: 4]) for mark in range(4))
    outside = np.concatenate([by_step[:, :, :1], alone], axis=2)
    best_outside = outside.max(axis=2)
    ended = np.empty((longest, count, types), dtype=scores.dtype)
    goes_on = np.empty((longest, count, types), dtype=bool)
    stays = np.empty((longest, count), dtype=bool)
    # Where no span is open: the best so far; where one of a type is.
    closed = np.zeros(count, dtype=scores.dtype)
    opened = np.full((count, types), -np.inf, dtype=scores.dtype)
    for t in range(longest):
        ending = np.add(opened, end[t], out=ended[t])
        begun, held = closed[:, None] + begin[t], opened + inside[t]
        np.greater(held, begun, out=goes_on[t])
        opened = np.maximum(held, begun)
        staying, ended_best = closed + best_outside[t], ending.max(axis=1)
        np.greater_equal(staying, ended_best, out=stays[t])
        closed = np.maximum(staying, ended_best)
    which_outside = outside.argmax(axis=2)
    which_ended = ended.argmax(axis=2)
    for row, length in enumerate(lengths.tolist()):
        free, out, last = stays[:, row].tolist(), which_outside[:, row].tolist(), which_ended[:, row].tolist()
        open_type = -1
        for t in range(length - 1, -1, -1):
            if open_type >= 0:
                paths[row, t] = 1 + 4 * open_type + (1 if goes_on[t, row, open_type] else 0)
                if not goes_on[t, row, open_type]:
                    open_type = -1
            elif free[t]:
                paths[row, t] = 4 * out[t]
            else:
                open_type = last[t]
                paths[row, t] = 1 + 4 * open_type + 2
    return paths


def spans_of(path: Sequence[int], labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """Spans of words ``(first, one past the last, type)`` of an allowed sequence of labels."""
    spans: list[tuple[int, int, str]] = []
    start = 0
    for k, label in enumerate(path):
        if not label:
            continue
        name = labels[label]
        if name[0] in "BS":
            start = k
        if name[0] in "ES":
            spans.append((start, k + 1, name[2:]))
    return spans


def encode_spans(count: int, spans: Sequence[tuple[int, int, str]], labels: Sequence[str]) -> Ints:
    """Labels of ``count`` words from spans of words; of spans that overlap the first is kept."""
    index = {label: i for i, label in enumerate(labels)}
    path = np.zeros(count, dtype=np.int64)
    for first, last, name in spans:
        if last <= first or path[first:last].any():
            continue
        if last - first == 1:
            path[first] = index[f"S-{name}"]
            continue
        path[first:last] = index[f"I-{name}"]
        path[first] = index[f"B-{name}"]
        path[last - 1] = index[f"E-{name}"]
    return path
