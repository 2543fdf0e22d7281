"""Whole runs, as a person starts them: the command line in a process of its own, on a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.settings import PROJECT_ROOT, load_settings
from pipelines.warehouse import Warehouse

#: What tells one run from another, and nothing else: when it was, which it was, where it kept the pages.
VOLATILE = {
    "raw.fetches": ["run_id", "requested_at", "url"],
    "raw.documents": ["fetched_at", "stored_at", "url"],
}


def command_line(*arguments: object, project: Path = PROJECT_ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """``counterclaim ARGUMENTS``, with its output; ``project`` is the folder of the code that runs."""
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *map(str, arguments)],
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith(("COUNTERCLAIM_", "DAGSTER_HOME"))},
            "PYTHONPATH": str(project),
            **environment,
        },
        cwd=project,
        capture_output=True,
        text=True,
        timeout=900,  # two busy cores take minutes
        check=False,
    )


def state(home: Path) -> dict[str, pl.DataFrame]:
    """Every row of every table, but for what tells one run from another."""
    warehouse = Warehouse.from_settings(load_settings(home=home))
    tables = warehouse.read(
        "select table_schema || '.' || table_name as relation from information_schema.tables"
        " where table_schema in ('raw', 'analysis', 'marts') order by 1"
    )["relation"]
    rows = {name: warehouse.read(f"select * from {name} order by all").drop(VOLATILE.get(name, [])) for name in tables}
    return {name: frame.select(pl.all()).sort(frame.columns[0]) if frame.width else frame for name, frame in rows.items()}


def assert_same_state(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    assert one.keys() == other.keys()
    for name, frame in one.items():
        a, b = (sorted(map(repr, f.rows())) for f in (frame, other[name]))
        assert a == b, f"{name} differs: {len(a)} and {len(b)} rows; first: {set(a) ^ set(b) and sorted(set(a) ^ set(b))[:2]}"


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The main job on the sample, as `make run` runs it, but for the home."""
    home = tmp_path_factory.mktemp("sample-home")
    return home, command_line("run", "--home", home)


@pytest.fixture(scope="session")
def sample(sample_run: tuple[Path, subprocess.CompletedProcess[str]]) -> Callable[[str], pl.DataFrame]:
    """SQL on the working warehouse that the sample filled."""
    home, result = sample_run
    assert result.returncode == 0, result.stderr
    warehouse = Warehouse.from_settings(load_settings(home=home))
    return warehouse.read
