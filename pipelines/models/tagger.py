"""The tagger at run time: who is named, and who says what, from one pass of an encoder over whole articles.

A folder holds ``tagger.onnx``, ``tokenizer.json`` and ``config.json`` (the labels of both heads and the longest window). Any
encoder with the same inputs (``ids`` and ``features``; ``mask`` if it wants one) and outputs (``labels``: both heads side by
side; ``links``: four vectors a subword) can take the place of the one that ships. Where ``names.onnx`` stands beside it, a
second look at names (:mod:`pipelines.models.naming`) has the last word on them; the encoder then also gives ``states``.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax
from tokenizers import Tokenizer

from pipelines.models.naming import NAMES_FILE, SecondLook
from pipelines.models.runtime import ModelError, OnnxModel
from pipelines.models.tagging import (
    CLS,
    SEP,
    SPECIAL_FEATURE,
    Encoded,
    Floats,
    Ints,
    best_paths,
    encode,
    spans_of,
    windows,
)

MODEL_FILE: Final = "tagger.onnx"
_SHIPPED: Final = Path(__file__).resolve().parents[2] / "data" / "models" / "tagger"
_VARIABLE: Final = "COUNTERCLAIM_TAGGER"
_LOG: Final = logging.getLogger("counterclaim.models")
#: Beyond are no articles; the tail of such a text is left untagged.
_MOST_SUBWORDS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Span:
    """A tagged span in code points; ``score`` is the mean probability of its words' labels.

    ``kinds`` gives, for a name, the probability of each of :data:`~pipelines.models.tagging.ENTITY_TYPES`.
    """

    start: int
    end: int
    label: str
    score: float
    kinds: tuple[float, ...] = ()


#: First word, one past the last, label, score, probability of each type.
_Found = tuple[int, int, str, float, tuple[float, ...]]


@dataclass(slots=True)
class Tags:
    """What the tagger saw in a text.

    ``links`` holds (cue, other) pairs of indices into ``parts``: the sources and contents that belong to each cue.
    """

    names: list[Span] = field(default_factory=list)
    parts: list[Span] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)


class Tagger:
    """The tagger in a folder.

    Args:
        folder: with the model, the tokenizer and the configuration.
        threads: threads inside an operator.

    Raises:
        ModelError: a file is missing or does not fit; the message names it.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.folder = folder
        try:
            config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self._attribution = tuple(config["attribution_labels"])
            self._entities = tuple(config["entity_labels"])
            self.longest = int(config["longest"])
            self.version = str(config.get("version", folder.name))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{folder / 'config.json'}: {error}") from error
        try:
            self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:
            raise ModelError(f"{folder / 'tokenizer.json'}: {error}") from error
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.model = OnnxModel(folder / MODEL_FILE, threads)
        self._second = SecondLook(folder, threads) if (folder / NAMES_FILE).is_file() else None
        answers = {"labels", "links"} | ({"states"} if self._second else set())
        missing = {"ids", "features"} - set(self.model.inputs) | answers - set(self.model.outputs)
        if missing:
            raise ModelError(f"{folder / MODEL_FILE} has no {', '.join(sorted(missing))}: it is no tagger")

    def encode(self, text: str) -> Encoded:
        """The subwords of a text."""
        # A lone surrogate is no text to the tokenizer; one code point stays one.
        clean = text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if len(clean) != len(text):
            clean = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
        return encode(clean, self.tokenizer.encode(clean, add_special_tokens=False))

    def tag(self, texts: Sequence[str]) -> list[Tags]:
        """Tag texts; each window goes through the encoder by itself.

        An int8 model scales what it computes by all that stands in the batch (dynamic quantisation): what is found in an
        article must not depend on which articles happen to be read with it. On a CPU windows side by side gain nothing
        either: what lies between two layers then no longer fits into the nearest memory.

        Args:
            texts: articles.

        Returns:
            For each its tags, in the order of the text; names do not overlap each other, nor do parts of attributions.
        """
        return [self._tag(text) for text in texts]

    def first_opinion(self, encoded: Encoded) -> tuple[Floats, Floats]:
        """What the encoder alone says of each word: its vector, and the log probabilities of its labels of names.

        Raises:
            ModelError: the encoder does not give its vectors.
        """
        if "states" not in self.model.outputs:
            raise ModelError(f"{self.folder / MODEL_FILE} has no states")
        outputs, where = self._read(encoded)
        *_, firsts = _words_of(encoded, where)
        return _states(outputs, firsts), np.concatenate(self._first_names(outputs, firsts))

    def _tag(self, text: str) -> Tags:
        encoded = self.encode(text)
        tags = Tags()
        outputs, where = self._read(encoded)
        if not where:
            return tags
        for window in self._decode(text, outputs, encoded, where):
            _collect(tags, window, encoded)
        return tags

    def _read(self, encoded: Encoded) -> tuple[list[dict[str, Any]], list[tuple[int, int]]]:
        """What the encoder says of each window, and where the windows are."""
        rows: list[dict[str, Any]] = []
        where: list[tuple[int, int]] = []
        for a, b in windows(encoded, self.longest - 2):
            if a >= _MOST_SUBWORDS:
                break
            rows.append({
                "ids": np.concatenate([[CLS], encoded.ids[a:b], [SEP]]),
                "features": np.concatenate([[SPECIAL_FEATURE], encoded.features[a:b], [SPECIAL_FEATURE]]),
            })  # fmt: skip
            where.append((a, b))
        outputs: list[dict[str, Any]] = [{}] * len(rows)
        for batch, made in self.model.run(rows, batch_tokens=1):
            outputs[int(batch[0])] = made
        return outputs, where

    def _names(self, text: str, outputs: list[dict[str, Any]], encoded: Encoded, firsts: list[Ints]) -> list[Floats]:
        """Log probabilities of labels of names for the words of each window."""
        log = self._first_names(outputs, firsts)
        if self._second is None:
            return log
        # All windows together: what stands elsewhere in the article matters, and so do the neighbours across a cut.
        n = sum(len(first) for first in firsts)
        words = Encoded(encoded.ids, encoded.features, encoded.firsts[:n], encoded.starts[:n], encoded.ends[:n])
        scores = log_softmax(self._second.labels(text, words, _states(outputs, firsts), np.concatenate(log)), axis=-1)
        return np.split(scores, np.cumsum([len(first) for first in firsts])[:-1])

    def _first_names(self, outputs: list[dict[str, Any]], firsts: list[Ints]) -> list[Floats]:
        """The encoder's own log probabilities of labels of names."""
        count = len(self._attribution)
        return [
            log_softmax(made["labels"][0, first, count:].astype(np.float32), axis=-1)
            for made, first in zip(outputs, firsts, strict=True)
        ]

    def _decode(self, text: str, outputs: list[dict[str, Any]], encoded: Encoded, where: list[tuple[int, int]]) -> list[_Window]:
        """The likeliest spans of each window, and the links of its attributions."""
        lows, highs, firsts = _words_of(encoded, where)
        lengths = highs - lows
        count = len(self._attribution)
        widest = max(count, len(self._entities))
        # Both heads go through one search: types that a head lacks are impossible.
        log = np.full((2 * len(where), int(lengths.max(initial=0)), widest), -1e9, dtype=np.float32)
        last_word = self._names(text, outputs, encoded, firsts)
        for k, (made, first) in enumerate(zip(outputs, firsts, strict=True)):
            log[2 * k, : len(first), :count] = log_softmax(made["labels"][0, first, :count].astype(np.float32), axis=-1)
            log[2 * k + 1, : len(first), : len(self._entities)] = last_word[k]
        paths = best_paths(log, np.repeat(lengths, 2))
        chosen = np.exp(np.take_along_axis(log, paths[:, :, None], axis=2)[..., 0])
        # The four marks of a type taken together.
        types = np.exp(log[..., 1:]).reshape(*log.shape[:2], -1, 4).sum(-1)
        # Sums up to each word, of which two tell the mean over a span.
        sums = np.zeros((log.shape[0], log.shape[1] + 1, 1 + types.shape[2]))
        np.cumsum(np.concatenate([chosen[..., None], types], axis=2), axis=1, out=sums[:, 1:])
        found: list[_Window] = []
        for k, length in enumerate(lengths.tolist()):
            parts, names = (
                _scored(spans_of(paths[row, :length].tolist(), labels), sums[row], (len(labels) - 1) // 4)
                for row, labels in ((2 * k, self._attribution), (2 * k + 1, self._entities))
            )
            found.append(_Window(int(lows[k]), parts, names, _links(parts, outputs[k]["links"][0], firsts[k])))
        return found


def _scored(spans: list[tuple[int, int, str]], sums: npt.NDArray[np.float64], types: int) -> list[_Found]:
    """Spans of words with the means over them of the chosen labels' probabilities and of each type's.

    Args:
        spans: first word, one past the last, label.
        sums: of the probabilities of all words before each, and one past the last; of the chosen labels, then of each type.
        types: that the head has.
    """
    if not spans:
        return []
    starts, ends = (np.array([span[side] for span in spans]) for side in (0, 1))
    means = ((sums[ends] - sums[starts]) / (ends - starts)[:, None])[:, : 1 + types].tolist()
    return [(*span, score, tuple(kinds)) for span, (score, *kinds) in zip(spans, means, strict=True)]


def _states(outputs: list[dict[str, Any]], firsts: list[Ints]) -> Floats:
    return np.concatenate([made["states"][0, first] for made, first in zip(outputs, firsts, strict=True)])


def _words_of(encoded: Encoded, where: list[tuple[int, int]]) -> tuple[Ints, Ints, list[Ints]]:
    """The first word of each window, one past its last, and where in it the words' first subwords are (the first is [CLS])."""
    lows = np.searchsorted(encoded.firsts, [a for a, _ in where])
    highs = np.searchsorted(encoded.firsts, [b for _, b in where])
    return lows, highs, [encoded.firsts[low:high] - a + 1 for low, high, (a, _) in zip(lows, highs, where, strict=True)]


@dataclass(slots=True)
class _Window:
    """Spans of words of a window, counted from its first word, which is word ``low`` of the text."""

    low: int
    parts: list[_Found]
    names: list[_Found]
    links: list[tuple[int, int]]


def _links(parts: list[_Found], vectors: Any, firsts: Any) -> list[tuple[int, int]]:
    """Which source and contents each cue has: every content goes to the cue that wants it most, every cue to its best source."""
    cues = [k for k, part in enumerate(parts) if part[2] == "cue"]
    if not cues:
        return []
    size = vectors.shape[1] // 4
    heads = vectors.reshape(len(vectors), 4, size)
    at_cues = heads[firsts[[parts[k][0] for k in cues]]]
    links: list[tuple[int, int]] = []
    for label, head in (("source", 0), ("content", 2)):
        others = [k for k, part in enumerate(parts) if part[2] == label]
        if not others:
            continue
        score = at_cues[:, head] @ heads[firsts[[parts[k][0] for k in others]], head + 1].T
        if label == "content":
            links += [(cues[int(row)], others[k]) for k, row in enumerate(score.argmax(axis=0)) if score[row, k] > -4.0]
        else:
            for c in range(len(cues)):
                best = int(score[c].argmax())
                links += [(cues[c], others[k]) for k in range(len(others)) if k == best and score[c, k] > 0.0]
    return links


def _collect(tags: Tags, window: _Window, encoded: Encoded) -> None:
    offset = len(tags.parts)
    for kept, spans in ((tags.parts, window.parts), (tags.names, window.names)):
        for first, last, name, score, kinds in spans:
            start, end = int(encoded.starts[window.low + first]), int(encoded.ends[window.low + last - 1])
            kept.append(Span(start, end, name, score, kinds))
    tags.links += [(offset + cue, offset + other) for cue, other in window.links]


def tagger_folder() -> Path:
    """The folder of the tagger in force: ``COUNTERCLAIM_TAGGER``, else the one that ships."""
    named = os.environ.get(_VARIABLE)
    return Path(named).expanduser() if named else _SHIPPED


def load_tagger() -> Tagger | None:
    """The tagger in force, loaded once a process; None where the shipped weights are not there, which is logged.

    Raises:
        ModelError: the tagger that ``COUNTERCLAIM_TAGGER`` names, or the one that ships, is broken.
    """
    return _load(tagger_folder(), _VARIABLE in os.environ)


@cache
def _load(folder: Path, named: bool) -> Tagger | None:
    if not folder.is_dir():
        if named:
            raise ModelError(f"{_VARIABLE} names {folder}, which is no folder")
        _LOG.warning("no tagger in %s: names and attributions are read by rules alone, which find fewer", folder)
        return None
    return Tagger(folder, int(os.environ.get("COUNTERCLAIM_MODEL_THREADS", "1")))


def tagger_version() -> str | None:
    """The name of the tagger in force; None without one."""
    tagger = load_tagger()
    return tagger.version if tagger is not None else None


def tag_texts(texts: Sequence[str]) -> list[Tags | None]:
    """Tags of texts by the tagger in force; None for each where there is no tagger."""
    tagger = load_tagger()
    return list(tagger.tag(texts)) if tagger is not None else [None] * len(texts)
