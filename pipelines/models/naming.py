"""What an encoder of uncased word pieces cannot see of a word: how it is spelled, what lists know of it, and the whole article.

The encoder reads some hundred subwords of small letters at a time. The second look at names (a small network over the words of
an article that may be names and what stands around them, ``names.onnx``) gets, beside the encoder's vectors and first opinion:
the beginnings and endings of the word (hashed, after Joulin et al., 2017), lists of places, bodies, given names and of words that
stand in names or beside them, how often the article writes the word and how, and what the encoder said of the same word, and of
the same pair of words, elsewhere in the article (after the document memory of Luo, Xiao and Zhao, AAAI 2020). Training and run
time share this module.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipelines.models.runtime import ModelError, OnnxModel
from pipelines.models.tagging import Encoded, Floats, Ints

#: The network and the lists, in the tagger's folder.
NAMES_FILE: Final = "names.onnx"
LISTS_FILE: Final = "names.json"

#: Rows of the table of beginnings and endings, for each of six, and of the table of whole words.
AFFIX_ROWS: Final = 4096
WORD_ROWS: Final = 16_384
#: Hashed parts of a word: beginnings and endings of two to four letters, and the word.
PARTS: Final = 7
TABLE_ROWS: Final = (PARTS - 1) * AFFIX_ROWS + WORD_ROWS
#: Figures of how an article writes a word.
COUNTS: Final = 6
#: How many words to either side the network sees of a word.
REACH: Final = 2
#: Shapes of words from which on they begin with no letter.
_NO_LETTERS: Final = 5
#: Where the encoder is this sure that a word without a capital is no name, nobody looks again.
_SURE: Final = 0.97
#: What the network takes, one row a word; the last two are the encoder's.
INPUTS: Final = ("ids", "features", "numbers", "states", "log")
#: Words that are kept looked up; beyond, all are forgotten and looked up again.
_MOST_KEPT: Final = 100_000
_WORD: Final = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Features:
    """Features of the words of an article, one row a word.

    ``ids``: rows of the table, :data:`PARTS` of them. ``numbers``: what lists say, how the article writes the word, what was
    said of it elsewhere; :meth:`WordLists.width` columns.
    """

    ids: Ints
    numbers: Floats


class WordLists:
    """Lists of names and words, and what they say of the words of an article.

    Args:
        names: lists of names of one or more words, cased.
        words: lists of single words, cased.
        folded: those of ``words`` that also say something of a word whose small letters they hold.
    """

    def __init__(self, names: Mapping[str, Iterable[str]], words: Mapping[str, Iterable[str]], folded: Iterable[str]) -> None:
        self._names = {name: sorted(set(entries)) for name, entries in names.items()}
        self._words = {name: sorted(set(entries)) for name, entries in words.items()}
        self._folded = sorted(set(folded))
        #: for each name of the lists a bit a list; for each first word the longest name that begins with it.
        self._of_name: dict[tuple[str, ...], int] = {}
        self._longest: dict[str, int] = {}
        for bit, entries in enumerate(self._names.values()):
            for entry in entries:
                key = tuple(_WORD.findall(entry))
                if key:
                    self._of_name[key] = self._of_name.get(key, 0) | 1 << bit
                    self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))
        self._of_word: dict[str, int] = {}
        self._of_folded: dict[str, int] = {}
        for bit, (name, entries) in enumerate(self._words.items()):
            for entry in entries:
                self._of_word[entry] = self._of_word.get(entry, 0) | 1 << bit
                if name in self._folded:
                    self._of_folded[entry] = self._of_folded.get(entry, 0) | 1 << bit
        self._kept: dict[str, tuple[int, ...]] = {}

    @classmethod
    def read(cls, path: Path) -> WordLists:
        """The lists of a file that :meth:`write` made.

        Raises:
            ModelError: the file is missing or holds no lists; the message names it.
        """
        try:
            stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return cls(stored["names"], stored["words"], stored["folded"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{path}: {error}") from error

    def write(self, path: Path) -> None:
        """Write the lists, one a line."""
        parts = []
        for name, lists in (("names", self._names), ("words", self._words)):
            lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(entries, ensure_ascii=False)}" for key, entries in lists.items())
            parts.append(f'"{name}": {{\n{lines}\n}}')
        path.write_text("{" + ",\n".join([*parts, f'"folded": {json.dumps(self._folded)}']) + "}\n", encoding="utf-8")

    def width(self, labels: int) -> int:
        """Columns of :attr:`Features.numbers` for an encoder of so many labels of names."""
        return 4 * len(self._names) + len(self._words) + COUNTS + 3 * (labels + 1)

    def features(self, text: str, encoded: Encoded, log: Floats) -> Features:
        """The features of the words of an article.

        Args:
            text: the article.
            encoded: its subwords.
            log: the encoder's log probabilities of labels of names, words x labels.
        """
        surfaces = [text[a:b] for a, b in zip(encoded.starts.tolist(), encoded.ends.tolist(), strict=True)]
        place: dict[str, int] = {}
        of = np.array([place.setdefault(surface, len(place)) for surface in surfaces], dtype=np.int64)
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        known = np.array([self._kept.get(surface) or self._look_up(surface) for surface in place], dtype=np.int64)
        known = known.reshape(-1, PARTS + 2)[of]
        shape = encoded.features[encoded.firsts]
        # The whole word, small: the last of its parts, in a table that tells nearly all words apart.
        folded = {surface: surface.lower() for surface in place}
        numbers = {low: k for k, low in enumerate(dict.fromkeys(folded.values()))}
        word = np.array([numbers[folded[surface]] for surface in place], dtype=np.int64)[of]
        is_small = (shape >> 2) == 0
        count = np.bincount(word)
        small = np.bincount(word, weights=is_small)[word]
        capital = np.bincount(word, weights=~is_small & ((shape & 2) == 0))[word]
        length = known[:, PARTS + 1]
        written = np.stack(
            [np.log1p(count[word]), small > 0, capital > 0, small / count[word], length == 1, np.log1p(length)], axis=1
        )
        columns = [
            _bits(self._found(surfaces), 4 * len(self._names)), _bits(known[:, PARTS], len(self._words)), written,
            elsewhere(word * 2 + ~is_small, np.exp(log)),
        ]  # fmt: skip
        return Features(known[:, :PARTS], np.concatenate(columns, axis=1, dtype=np.float32))

    def _look_up(self, surface: str) -> tuple[int, ...]:
        """Rows of the table, lists as bits, letters."""
        low = surface.lower()
        parts = (f"<{low[:2]}", f"<{low[:3]}", f"<{low[:4]}", f"{low[-2:]}>", f"{low[-3:]}>", f"{low[-4:]}>")
        rows = [k * AFFIX_ROWS + _hash(part) % AFFIX_ROWS for k, part in enumerate(parts)]
        rows.append((PARTS - 1) * AFFIX_ROWS + _hash(f"#{low}") % WORD_ROWS)
        said = self._of_word.get(surface, 0) | self._of_folded.get(low, 0)
        made = (*rows, said, len(surface))
        self._kept[surface] = made
        return made

    def _found(self, surfaces: Sequence[str]) -> Ints:
        """For each word the lists that have a name there, four bits a list: it begins, goes on, ends there or is that word."""
        found = [0] * len(surfaces)
        for at, surface in enumerate(surfaces):
            longest = self._longest.get(surface, 0)
            if longest:
                self._match(found, at, surfaces[at : at + longest])
            if len(surface) > 3 and surface.isupper():
                title = surface.title()
                longest = self._longest.get(title, 0)
                if longest:
                    self._match(found, at, [title, *(s.title() for s in surfaces[at + 1 : at + longest])])
        return np.array(found, dtype=np.int64)

    def _match(self, found: list[int], at: int, words: Sequence[str]) -> None:
        """Mark the longest listed name that ``words``, which stand from word ``at`` on, begin with."""
        for length in range(len(words), 0, -1):
            lists = self._of_name.get(tuple(words[:length]), 0)
            if lists:
                for k in range(length):
                    mark = 3 if length == 1 else 0 if k == 0 else 2 if k == length - 1 else 1
                    found[at + k] |= sum(1 << 4 * bit + mark for bit in range(len(self._names)) if lists >> bit & 1)
                return


class SecondLook:
    """The second look at names in a tagger's folder.

    Args:
        folder: with ``names.onnx`` and ``names.json``.
        threads: threads inside an operator.

    Raises:
        ModelError: a file is missing or does not fit; the message names it.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._lists = WordLists.read(folder / LISTS_FILE)
        self._model = OnnxModel(folder / NAMES_FILE, threads)
        if set(self._model.inputs) != set(INPUTS) or self._model.outputs != ("labels",):
            raise ModelError(f"{folder / NAMES_FILE} takes {', '.join(self._model.inputs)}: it is no second look at names")

    def labels(self, text: str, encoded: Encoded, states: Floats, log: Floats) -> Floats:
        """Scores of labels of names, words x labels; those of words that cannot be names are the encoder's.

        Args:
            text: the article.
            encoded: its subwords.
            states: the encoder's vectors of the first subword of each word.
            log: the encoder's log probabilities of labels of names.
        """
        feed = inputs_of(self._lists, text, encoded, states, log)
        asked = may_be_names(feed["features"], log)
        if not asked.any():
            return log.astype(np.float32)
        near = np.convolve(asked, np.ones(2 * REACH + 1), mode="same") > 0.5 if len(asked) > 2 * REACH else np.ones_like(asked)
        scores = log.astype(np.float32)
        # Words beyond what the network sees of those that are asked about can be left out: nobody notices.
        answer = self._model.answer({name: rows[near] for name, rows in feed.items()})["labels"]
        scores[asked] = answer[asked[near]]
        return scores


def inputs_of(lists: WordLists, text: str, encoded: Encoded, states: Floats, log: Floats) -> dict[str, npt.NDArray[Any]]:
    """What the network takes, see :meth:`SecondLook.labels`."""
    features = lists.features(text, encoded, log)
    return {
        "ids": features.ids, "features": encoded.features[encoded.firsts], "numbers": features.numbers,
        "states": states.astype(np.float32, copy=False), "log": log.astype(np.float32, copy=False),
    }  # fmt: skip


def may_be_names(features: Ints, log: Floats) -> npt.NDArray[np.bool_]:
    """Which words somebody should look at again: those with a capital, and all others that the encoder does not rule out.

    Args:
        features: of each word, as :class:`~pipelines.models.tagging.Encoded` has them.
        log: the encoder's log probabilities of labels of names, the first that of no name.
    """
    shape = features >> 2
    said: npt.NDArray[np.bool_] = ((shape > 0) & (shape < _NO_LETTERS)) | (log[:, 0] < np.log(_SURE))
    return said


def _hash(text: str) -> int:
    """A number that is the same in every process."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _bits(numbers: Ints, width: int) -> npt.NDArray[np.int64]:
    """The lowest bits of numbers as columns, the lowest first."""
    return numbers[:, None] >> np.arange(width) & 1


def elsewhere(word: Ints, probabilities: Floats) -> Floats:
    """What was said of the other places of each word, of those before the same word, and of those after the same word.

    Args:
        word: a number for each word, the same for the same word.
        probabilities: words x labels.

    Returns:
        For each of the three the mean over the other places, and whether there are any; words x 3 (labels + 1).
    """
    if not len(word):
        return np.zeros((0, 3 * (probabilities.shape[1] + 1)), dtype=np.float32)
    base = int(word.max()) + 2
    keys = (word, word * base + np.append(word[1:] + 1, 0), word * base + np.insert(word[:-1] + 1, 0, 0))
    return np.concatenate([_others(key, probabilities) for key in keys], axis=1)


def _others(key: Ints, probabilities: Floats) -> Floats:
    order = np.argsort(key, kind="stable")
    in_order = key[order]
    is_first = np.ones(len(key), dtype=bool)
    is_first[1:] = in_order[1:] != in_order[:-1]
    starts = np.flatnonzero(is_first)
    group = np.empty(len(key), dtype=np.int64)
    group[order] = np.cumsum(is_first) - 1
    others = np.diff(np.append(starts, len(key)))[group] - 1
    sums = np.add.reduceat(probabilities[order], starts, axis=0)
    made = np.zeros((len(key), probabilities.shape[1] + 1), dtype=np.float32)
    some = others > 0
    made[some, :-1] = (sums[group[some]] - probabilities[some]) / others[some, None]
    made[some, -1] = 1.0
    return made
