"""Opinions: what the cross-encoder made of a pair is remembered, so that it reads no pair twice.

A story is compared anew whenever an article joins it, and most of its pairs are those of the day before. The encoder gives one
pair the same numbers whenever and wherever it reads it (each by itself, see :mod:`pipelines.models.cross_encoder`), so that
remembering changes nothing but the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from pipelines.compare.entailment import Side, SparingEncoder
from pipelines.tables import stable_id


class Remembering:
    """An encoder that is asked about each pair once.

    Args:
        encoder: who is asked; gives a dataclass of arrays, a row a pair each, whatever other pairs it reads with it.
        known: key of a pair (:func:`key_of`) -> what it gave of it, as bytes.
        back_from: probability of a contradiction, read in one order, from which a pair that shall be read in both is; 0: always.
    """

    def __init__(self, encoder: SparingEncoder, known: Mapping[str, bytes] | None = None, *, back_from: float = 0.0) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._known = dict(known or {})
        self._back_from = back_from
        #: Key -> first sentence and what was made of it, of every pair asked about.
        self.used: dict[str, tuple[str, bytes]] = {}
        #: Pairs that the encoder itself had to read.
        self.read = 0

    def judge(self, pairs: Sequence[tuple[Side, Side]], *, both_ways: bool = True) -> Any:
        """As of the encoder."""
        keys = [key_of(pair, both_ways=both_ways) for pair in pairs]
        new = {key: pair for key, pair in zip(keys, pairs, strict=True) if key not in self._known}
        if new:
            made = self._encoder.judge(list(new.values()), both_ways=both_ways, back_from=self._back_from)
            self._known.update(zip(new, _packed(made), strict=True))
        self.read += len(new)
        for key, pair in zip(keys, pairs, strict=True):
            self.used[key] = pair[0][0], self._known[key]
        return self._unpacked([self._known[key] for key in keys])

    def _unpacked(self, opinions: Sequence[bytes]) -> Any:
        made = self._encoder.judge([])
        if not opinions:
            return made
        rows = np.stack([np.frombuffer(opinion, "<f4") for opinion in opinions])
        given: dict[str, Any] = {}
        start = 0
        for field in fields(made):
            shape = getattr(made, field.name).shape[1:]
            size = int(np.prod(shape, dtype=np.int64))
            given[field.name] = rows[:, start : start + size].reshape(len(rows), *shape)
            start += size
        return type(made)(**given)


def key_of(pair: tuple[Side, Side], *, both_ways: bool) -> str:
    """What an opinion is remembered by: both sentences with their titles, in their order, and how they were to be read."""
    (a, title_a), (b, title_b) = pair
    return stable_id(a, title_a, b, title_b, both_ways)


def _packed(made: Any) -> list[bytes]:
    arrays = [np.asarray(getattr(made, field.name), "<f4") for field in fields(made)]
    rows = np.concatenate([array.reshape(len(array), -1) for array in arrays], axis=1)
    return [row.tobytes() for row in rows]
