"""What every test shares: the versions in the header, and homes that no other test writes to."""

from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path

import pytest

os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
os.environ["DO_NOT_TRACK"] = "1"

PROJECT_ROOT = Path(__file__).resolve().parent.parent


def pytest_report_header() -> str:
    packages = ("dagster", "dbt-core", "dbt-duckdb", "duckdb", "polars", "trafilatura")
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start what takes longest first (runs that are killed, whole runs): workers take whole files, in this order."""

    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(PROJECT_ROOT / "tests").parts[0]
        return 0 if item.path.name == "test_killed_runs.py" else 1 if folder == "integration" else 2 if folder == "dbt" else 3

    items.sort(key=place)


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A test must not depend on what the developer's shell says."""
    for name in [name for name in os.environ if name.startswith("COUNTERCLAIM_") and name != "COUNTERCLAIM_WAREHOUSE"]:
        monkeypatch.delenv(name)
