"""What the encoder said is remembered: the same numbers, bit for bit, and no pair read twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given
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

    def judge(self, pairs: Sequence[tuple[Any, Any]], *, both_ways: bool = True) -> Judgement:
        self.read += len(pairs) * (2 if both_ways else 1)
        seeds = [sum(map(ord, a[0])) + 31 * sum(map(ord, b[0])) + both_ways for a, b in pairs]
        rows = np.array([np.random.default_rng(seed).random(12) for seed in seeds], np.float32).reshape(len(pairs), 12)
        return Judgement(rows[:, :3], rows[:, 3:6], rows[:, 6:11], rows[:, 11])


pair = st.tuples(st.tuples(st.text("ab", max_size=3), st.just("")), st.tuples(st.text("ab", max_size=3), st.just("")))


@given(st.lists(st.tuples(st.lists(pair, max_size=6), st.booleans()), max_size=4))
def test_an_encoder_that_remembers_says_the_same_and_reads_each_pair_once(asked: list[tuple[list[Any], bool]]) -> None:
    encoder, other = Encoder(), Encoder()
    remembering = Remembering(encoder)
    for pairs, both_ways in asked:
        made, plain = remembering.judge(pairs, both_ways=both_ways), other.judge(pairs, both_ways=both_ways)
        for name in ("nli", "back", "news", "found"):
            assert np.array_equal(getattr(made, name), getattr(plain, name))
            assert getattr(made, name).shape == getattr(plain, name).shape
    assert encoder.read == sum({(one, both): 2 if both else 1 for pairs, both in asked for one in pairs}.values())
    later = Remembering(silent := Encoder(), {key: opinion for key, (_, opinion) in remembering.used.items()})
    for pairs, both_ways in asked:
        later.judge(pairs, both_ways=both_ways)
    assert silent.read == 0
    assert later.used == remembering.used


def test_the_other_order_is_read_only_where_the_first_sees_a_quarrel() -> None:
    pairs = [((f"one {n}", ""), (f"other {n}", "")) for n in range(40)]
    first, both = Encoder().judge(pairs, both_ways=False), Encoder().judge(pairs)
    likely = first.news[:, 0] >= 0.6
    assert 0 < likely.sum() < len(pairs)
    encoder = Encoder()
    made = Remembering(encoder, back_from=0.6).judge(pairs)
    assert np.array_equal(made.news, np.where(likely[:, None], both.news, first.news))
    assert encoder.read == len(pairs) + 2 * likely.sum()
