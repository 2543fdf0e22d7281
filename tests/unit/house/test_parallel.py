"""Work in parts: results come in order, and neither all parts nor all results are ever in memory."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from pipelines.parallel import map_chunks, map_parts


@pytest.mark.parametrize("workers", [1, 2])
def test_parts_are_made_when_they_are_wanted_and_their_results_come_in_order(workers: int) -> None:
    made: list[int] = []

    def parts() -> Iterator[tuple[int, list[int]]]:
        for size in range(12):
            made.append(size)
            yield size, [0] * size

    for done, (size, length) in enumerate(map_parts(len, parts(), workers=workers)):
        assert size == length == done
        assert len(made) <= done + 2 * workers
    assert made == list(range(12))


def test_where_the_order_plays_no_part_a_long_part_keeps_nobody_waiting() -> None:
    seconds = [1.0, *[0.0] * 8]
    sizes = [size for size, _ in map_parts(time.sleep, enumerate(seconds), workers=2, in_order=False)]
    assert sorted(sizes) == list(range(9))
    assert sizes[-1] == 0


def test_chunks_of_few_items_are_worked_on_in_this_process() -> None:
    assert list(map_chunks(sum, [1, 2, 3, 4, 5], chunk_size=2, workers=8)) == [(2, 3), (2, 7), (1, 5)]
