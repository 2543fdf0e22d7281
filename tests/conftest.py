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


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A test must not depend on what the developer's shell says."""
    for name in [name for name in os.environ if name.startswith("COUNTERCLAIM_") and name != "COUNTERCLAIM_WAREHOUSE"]:
        monkeypatch.delenv(name)
