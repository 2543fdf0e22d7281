"""How a run tells a person where it is: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Final, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

Part = TypeVar("Part")

#: Plain lines come at most this often within one step.
_LINE_EVERY_SECONDS: Final = 10.0

#: Standard error, so that the output of a command can be piped.
console: Final = Console(stderr=True, highlight=False)


def say(message: str) -> None:
    """One line on standard error."""
    console.print(message, markup=False, soft_wrap=True)


def track(parts: Iterable[tuple[int, Part]], description: str, total: int | None) -> Iterator[Part]:
    """Pass the second of each ``(amount, part)`` on, showing how much of ``total`` (None: unknown) is done."""
    if total == 0:
        return
    if console.is_terminal and sys.stderr.isatty():
        yield from _track_bar(parts, description, total)
    else:
        yield from _track_lines(parts, description, total)


def _track_bar(parts: Iterable[tuple[int, Part]], description: str, total: int | None) -> Iterator[Part]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(description, total=total)
        for amount, part in parts:
            yield part
            bar.advance(task, amount)


def _track_lines(parts: Iterable[tuple[int, Part]], description: str, total: int | None) -> Iterator[Part]:
    done, said_at = 0, time.monotonic()
    for amount, part in parts:
        yield part
        done += amount
        if time.monotonic() - said_at >= _LINE_EVERY_SECONDS:
            say(f"{description}: {done:,}" + (f" of {total:,}" if total is not None else ""))
            said_at = time.monotonic()


@contextmanager
def keep_stdout_clean(log: Path) -> Iterator[None]:
    """Send what libraries print on standard output (dbt's log) to the end of ``log``: it belongs to the report."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as stream, redirect_stdout(stream):
        yield
