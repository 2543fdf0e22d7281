"""Heavy work in parallel inside one asset: one executor that the settings size, streaming results to the one writer.

Processes, not threads: extraction and reading hold the interpreter. Children are spawned, since forking a process in
which polars or DuckDB has started threads can deadlock.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
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
    if workers <= 1 or len(items) < SERIAL_BELOW or len(chunks) < 2:
        for chunk in chunks:
            yield len(chunk), function(chunk)
        return
    with ProcessPoolExecutor(
        min(workers, len(chunks)), mp_context=get_context("spawn"), initializer=_die_with_parent, initargs=(os.getpid(),)
    ) as pool:
        under_way: deque[tuple[int, Future[Result]]] = deque()
        try:
            for chunk in chunks:
                under_way.append((len(chunk), pool.submit(function, chunk)))
                if len(under_way) >= 2 * workers:
                    length, future = under_way.popleft()
                    yield length, future.result()
            while under_way:
                length, future = under_way.popleft()
                yield length, future.result()
        finally:
            for _, future in under_way:
                future.cancel()


def _die_with_parent(parent: int) -> None:
    """End this worker soon after its parent is gone: a killed run must not leave processes behind."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
