"""Everything that Dagster is told, built from the rooms and the dbt manifest."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtCliResource

from pipelines.orchestration.assets.acquire import acquire
from pipelines.orchestration.assets.arbitrate import rulings
from pipelines.orchestration.assets.clean import clean
from pipelines.orchestration.assets.compare import relations, stories
from pipelines.orchestration.assets.dbt import build_dbt_assets
from pipelines.orchestration.assets.publish import build_publish_asset
from pipelines.orchestration.assets.read import read
from pipelines.orchestration.jobs import build_daily_job
from pipelines.orchestration.manifest import require_manifest
from pipelines.orchestration.resources import WarehouseResource
from pipelines.orchestration.schedules import build_daily_schedule
from pipelines.settings import DBT_PROJECT, current_settings


def build_definitions(overrides: Mapping[str, object] | None = None) -> dg.Definitions:
    """The definitions of the code location; ``overrides`` replace resources by name (tests).

    Raises:
        ManifestMissingError: dbt's manifest has not been prepared; the message names the command.
    """
    settings = current_settings()
    # dbt reads the warehouse's path from the environment (profiles.yml), also in a run launched from the UI.
    os.environ["COUNTERCLAIM_WAREHOUSE"] = str(settings.warehouse)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)
        dbt_steps = build_dbt_assets(require_manifest(settings))
    marts = sorted(key for step in dbt_steps for key in step.keys if key.path[0] == "marts")
    return dg.Definitions(
        assets=[acquire, clean, read, stories, relations, rulings, *dbt_steps, build_publish_asset(marts)],
        jobs=[build_daily_job()],
        schedules=[build_daily_schedule()],
        resources={
            "store": WarehouseResource(),
            "dbt": DbtCliResource(project_dir=str(DBT_PROJECT), profiles_dir=str(DBT_PROJECT), dbt_executable=_dbt_executable()),
            **(overrides or {}),
        },
        executor=dg.in_process_executor,
    )


def _dbt_executable() -> str:
    """The dbt of this environment, also when the environment's folder is not on the PATH."""
    beside = Path(sys.executable).with_name("dbt")
    return str(beside) if beside.exists() else shutil.which("dbt") or "dbt"
