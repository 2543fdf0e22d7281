"""Runs ``counterclaim ARGUMENTS`` and kills it dead (SIGKILL) at the n-th point of danger; 0: never, only counts.

Usage: python -m tests.integration.killed N COUNT_FILE ARGUMENTS...

A point of danger is just before and just after a stored file, a commit, or the swap of a published link.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pipelines.warehouse as warehouse_module
from pipelines import cli
from pipelines.acquire.pages import PageStore

kill_at, count_file = int(sys.argv[1]), Path(sys.argv[2])
points = itertools.count(1)


def point() -> None:
    number = next(points)
    count_file.write_text(str(number))
    if number == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)


def dangerous(function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        point()
        result = function(*args, **kwargs)
        point()
        return result

    return wrapped


class DangerousTransaction(warehouse_module.Transaction):
    """Kills between two writes of one transaction."""

    def _insert(self, *args: Any, **kwargs: Any) -> int:
        count = super()._insert(*args, **kwargs)
        point()
        return count


original = warehouse_module.Warehouse.transaction


@contextmanager
def transaction(self: warehouse_module.Warehouse) -> Any:
    with original(self) as opened:
        yield opened
        point()
    point()


warehouse_module.Transaction = DangerousTransaction  # type: ignore[misc]
warehouse_module.Warehouse.transaction = transaction  # type: ignore[method-assign, assignment]
warehouse_module._swap_link = dangerous(warehouse_module._swap_link)
PageStore.write = dangerous(PageStore.write)  # type: ignore[method-assign]

if __name__ == "__main__":
    sys.argv = ["counterclaim", *sys.argv[3:]]
    cli.main()
