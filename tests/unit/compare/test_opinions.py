"""What the encoder said is remembered: the same numbers, bit for bit, and no pair read twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.compare.opinions import Remembering


@dataclass(frozen=True)
class Judgement:
    nli: np.ndarray
    back: np.ndarray
    news: np.ndarray
    found: np.ndarray


class Encoder:
    """Numbers that follow from the words and their order alone; ``read`` counts readings in one order."""

    name = "encoder"

    def __init__(self) -> None:
        self.read = 0

    def judge(self, pairs: Sequence[tuple[Any, Any]], *, both_ways: bool = True, back_from: float = 0.0) -> Judgement:
        self.read += len(pairs) * (2 if both_ways else 1)
        seeds = [sum(map(ord, a[0])) + 31 * sum(map(ord, b[0])) + both_ways + round(100 * back_from) for a, b in pairs]
        rows = np.array([np.random.default_rng(seed).random(12) for seed in seeds], np.float32).reshape(len(pairs), 12)
        return Judgement(rows[:, :3], rows[:, 3:6], rows[:, 6:11], rows[:, 11])


pair = st.tuples(st.tuples(st.text("ab", max_size=3), st.just("")), st.tuples(st.text("ab", max_size=3), st.just("")))


@settings(deadline=None)
@given(st.lists(st.tuples(st.lists(pair, max_size=6), st.booleans()), max_size=4), st.sampled_from([0.0, 0.15]))
def test_an_encoder_that_remembers_says_the_same_and_reads_each_pair_once(
    asked: list[tuple[list[Any], bool]], back_from: float
) -> None:
    encoder, other = Encoder(), Encoder()
    remembering = Remembering(encoder, back_from=back_from)
    for pairs, both_ways in asked:
        made = remembering.judge(pairs, both_ways=both_ways)
        plain = other.judge(pairs, both_ways=both_ways, back_from=back_from)
        for name in ("nli", "back", "news", "found"):
            assert np.array_equal(getattr(made, name), getattr(plain, name))
            assert getattr(made, name).shape == getattr(plain, name).shape
    assert encoder.read == sum({(one, both): 2 if both else 1 for pairs, both in asked for one in pairs}.values())
    known = {key: opinion for key, (_, opinion) in remembering.used.items()}
    later = Remembering(silent := Encoder(), known, back_from=back_from)
    for pairs, both_ways in asked:
        later.judge(pairs, both_ways=both_ways)
    assert silent.read == 0
    assert later.used == remembering.used
