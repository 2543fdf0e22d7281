"""Heavy work in parallel inside one asset: one executor that the settings size, streaming results to the one writer.

Processes, not threads: extraction and reading hold the interpreter. Children are spawned, since forking a process in
which polars or DuckDB has started threads can deadlock.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from typing import Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Below this many items the start of the processes (about a second each) costs more than it saves.
SERIAL_BELOW: Final = 24


def map_chunks(
    function: Callable[[Sequence[Item]], Result], items: Sequence[Item], *, chunk_size: int, workers: int
) -> Iterator[tuple[int, Result]]:
    """Apply ``function`` to consecutive chunks of ``items``; gives ``(chunk length, result)`` in order.

    At most two chunks a worker are under way, so that memory stays bounded while the results are being written.
    """
    chunks = [items[at : at + chunk_size] for at in range(0, len(items), chunk_size)]
    is_small = len(items) < SERIAL_BELOW or len(chunks) < 2
    sized = ((len(chunk), chunk) for chunk in chunks)
    yield from map_parts(function, sized, workers=1 if is_small else min(workers, len(chunks)))


def map_parts(
    function: Callable[[Item], Result], parts: Iterable[tuple[int, Item]], *, workers: int, in_order: bool = True
) -> Iterator[tuple[int, Result]]:
    """Apply ``function`` to each part of ``(size, part)``; gives ``(size, result)``, in order unless told otherwise.

    A part is asked for when a worker is about to be free, at most two a worker ahead: neither all parts nor all results are
    ever in memory. Where the order plays no part, one long part does not keep the other workers waiting.
    """
    if workers <= 1:
        for size, part in parts:
            yield size, function(part)
        return
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_die_with_parent, initargs=(os.getpid(),)
    ) as pool:
        under_way: dict[Future[Result], int] = {}

        def ended() -> Iterator[tuple[int, Result]]:
            first = next(iter(under_way))
            done = {first} if in_order else wait(under_way, return_when=FIRST_COMPLETED).done
            for future in [future for future in under_way if future in done]:
                yield under_way.pop(future), future.result()

        try:
            for size, part in parts:
                under_way[pool.submit(function, part)] = size
                if len(under_way) >= 2 * workers:
                    yield from ended()
            while under_way:
                yield from ended()
        finally:
            for future in under_way:
                future.cancel()


def gathered(
    results: Iterable[tuple[int, Result]], least: int, join: Callable[[list[Result]], Result]
) -> Iterator[tuple[int, Result]]:
    """Results of at least ``least`` items joined to one: a transaction costs as much as making a small result does."""
    waiting: list[Result] = []
    count = 0
    for size, result in results:
        waiting.append(result)
        count += size
        if count >= least:
            yield count, join(waiting)
            waiting, count = [], 0
    if waiting:
        yield count, join(waiting)


def _die_with_parent(parent: int) -> None:
    """End this worker soon after its parent is gone: a killed run must not leave processes behind."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
