"""Running mutated inputs, each known by its kind, seed and number alone."""

from __future__ import annotations

import random
import resource
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.tables import FETCH_STATUSES
from tests.fuzz.kinds import KINDS
from tests.fuzz.mutate import mutate

#: No input may take longer; real ones take a hundredth. Against hangs, not a measure.
MAX_CPU_SECONDS = 20.0


@dataclass(slots=True)
class Report:
    """How many inputs ended in which status, what failed (input and why), and the slowest input."""

    statuses: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    inputs: int = 0


def make_input(kind: str, seed: int, number: int) -> bytes:
    """The same bytes for the same arguments, on every machine."""
    rng = random.Random(f"{kind}:{seed}:{number}")
    seeds = KINDS[kind].seeds()
    return mutate(rng, rng.choice(seeds), seeds)


def fuzz(kind: str, seed: int, numbers: Iterable[int], folder: Path) -> Report:
    """Run the inputs with these numbers; ``folder`` holds the one that is running, for when nothing comes back."""
    report = Report()
    for number in numbers:
        data = make_input(kind, seed, number)
        name = f"{kind} {seed} {number} ({len(data):,} bytes)"
        (folder / "running.txt").write_text(f"{name}\n")
        before = time.process_time()
        try:
            statuses = KINDS[kind].end(data, folder)
            if not statuses or not set(statuses) <= set(FETCH_STATUSES):
                report.failures.append(f"{name}: no row, or one of no known status: {statuses}")
            report.statuses.update(statuses)
        except BaseException as problem:
            if isinstance(problem, KeyboardInterrupt):
                raise
            report.failures.append(f"{name}: {type(problem).__name__}: {str(problem)[:300]}")
        spent = time.process_time() - before
        if spent > MAX_CPU_SECONDS:
            report.failures.append(f"{name}: {spent:.1f} s of CPU")
        report.slowest = max(report.slowest, (spent, name))
        report.inputs += 1
    return report


def peak_megabytes() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
