"""What Dagster is told: the graph that the house describes, one job, one schedule."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import dagster as dg
import pytest

from pipelines.tables import TABLES

ROOMS = {"acquire", "clean", "read", "normalise", "compare", "count", "publish"}


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    from pipelines.orchestration.build import build_definitions
    from pipelines.orchestration.manifest import prepare_manifest
    from pipelines.settings import current_settings, load_settings

    home = tmp_path_factory.mktemp("home")
    prepare_manifest(load_settings(home=home))
    before = dict(os.environ)
    os.environ["COUNTERCLAIM_HOME"] = str(home)
    current_settings.cache_clear()
    try:
        return build_definitions()
    finally:
        os.environ.clear()
        os.environ.update(before)
        current_settings.cache_clear()


@pytest.fixture(scope="module")
def graph(defs: dg.Definitions) -> dg.AssetSelection:
    return defs.resolve_asset_graph()  # type: ignore[return-value]


def test_the_code_location_loads(defs: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(defs)


def test_every_table_that_python_writes_is_an_asset_under_its_own_name(graph: dg.AssetSelection) -> None:
    keys = {"/".join(key.path) for key in graph.materializable_asset_keys}  # type: ignore[attr-defined]
    assert {table.relation.replace(".", "/") for table in TABLES} <= keys
    assert {"publish/warehouse_snapshot", "marts/fct_contradictions", "intermediate/int_claims", "seeds/outlets"} <= keys


def test_groups_are_the_rooms(graph: dg.AssetSelection) -> None:
    assert {graph.get(key).group_name for key in graph.materializable_asset_keys} == ROOMS  # type: ignore[attr-defined]


def test_data_flows_one_way_from_what_is_read_to_what_is_published(graph: dg.AssetSelection) -> None:
    order = ["raw/fetches", "raw/articles", "raw/claims", "intermediate/int_claims", "analysis/claim_relations",
             "marts/fct_contradictions", "marts/outlet_contradictions_daily", "publish/warehouse_snapshot"]  # fmt: skip
    for earlier, later in pairwise(order):
        upstream = ancestors(graph, dg.AssetKey.from_user_string(later))
        assert dg.AssetKey.from_user_string(earlier) in upstream, f"{later} does not come after {earlier}"


def ancestors(graph: dg.AssetSelection, key: dg.AssetKey) -> set[dg.AssetKey]:
    seen: set[dg.AssetKey] = set()
    waiting = [key]
    while waiting:
        for parent in graph.get(waiting.pop()).parent_keys:  # type: ignore[attr-defined]
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return seen


def test_there_is_one_daily_job_over_everything_and_one_schedule(defs: dg.Definitions, graph: dg.AssetSelection) -> None:
    job = defs.resolve_job_def("daily")
    assert set(job.asset_layer.executable_asset_keys) == set(graph.materializable_asset_keys)  # type: ignore[attr-defined]
    schedule = defs.resolve_schedule_def("every_morning")
    assert (schedule.cron_schedule, schedule.job_name) == ("0 6 * * *", "daily")
    moment = dg.build_schedule_context(
        repository_def=defs.get_repository_def(), scheduled_execution_time=datetime(2026, 3, 4, 6, tzinfo=UTC)
    )
    tick = schedule.evaluate_tick(moment)
    assert tick.run_requests is not None
    assert tick.run_requests[0].partition_key == "2026-03-04"


def test_without_a_manifest_the_error_names_the_command(tmp_path: Path) -> None:
    from pipelines.orchestration.manifest import ManifestMissingError, require_manifest
    from pipelines.settings import load_settings

    with pytest.raises(ManifestMissingError, match="counterclaim prepare --home"):
        require_manifest(load_settings(home=tmp_path))
