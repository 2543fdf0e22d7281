"""Follows a site and kills itself dead (SIGKILL) at the n-th point of danger; 0: never. Prints how many points it passed.

Usage: python -m tests.integration.killed_follow N PORT HOME

A point of danger is just before and just after a stored file, an insert and a commit.
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
from pipelines.acquire.http import Fetcher, Limits
from pipelines.acquire.pages import PageStore
from pipelines.acquire.sources import Source
from pipelines.orchestration.follow import follow_into
from pipelines.settings import load_settings
from pipelines.warehouse import Warehouse

kill_at, port, home = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
points = itertools.count(1)
passed = 0


def point() -> None:
    global passed  # noqa: PLW0603
    passed = next(points)
    if passed == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)


def dangerous(function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        point()
        result = function(*args, **kwargs)
        point()
        return result

    return wrapped


original = Warehouse.transaction


@contextmanager
def transaction(self: Warehouse) -> Any:
    with original(self) as opened:
        yield opened
        point()
    point()


if __name__ == "__main__":
    warehouse_module.Transaction._insert = dangerous(warehouse_module.Transaction._insert)  # type: ignore[method-assign]
    Warehouse.transaction = transaction  # type: ignore[method-assign, assignment]
    PageStore.write = dangerous(PageStore.write)  # type: ignore[method-assign]
    settings = load_settings(home=home, batch_documents=4)
    local = f"http://127.0.0.1:{port}"
    sources = [Source("North", "feed", f"{local}/feed"), Source("North", "sitemap", f"{local}/index.xml")]
    with Fetcher(Limits(delay_seconds=0, backoff_seconds=0, max_tries=1), allow_private=True) as fetcher:
        follow_into(Warehouse.from_settings(settings), settings, sources, f"run-{kill_at}", fetcher=fetcher)
    sys.stdout.write(str(passed))
