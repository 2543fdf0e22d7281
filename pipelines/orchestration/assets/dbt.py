"""Normalise and count: the dbt project as assets, in the two parts between which the compare room stands."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from pipelines.orchestration.assets._common import WRITER_POOL
from pipelines.orchestration.metadata import table_metadata
from pipelines.orchestration.resources import WarehouseResource
from pipelines.progress import say

#: dbt tags: what needs only raw facts, and what needs the relations between claims.
BEFORE_COMPARE: Final = "before_compare"
AFTER_COMPARE: Final = "after_compare"
#: What dbt keeps of its last parse, in its target folder.
PARSE_FILE: Final = "partial_parse.msgpack"


class RoomTranslator(DagsterDbtTranslator):
    """Asset keys are ``schema/table``; groups are the rooms: normalise (what compare reads) and count (what reads it)."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """``schema/table``, also for sources, which are the tables that Python writes."""
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The room."""
        return "count" if AFTER_COMPARE in dbt_resource_props.get("tags", []) else "normalise"


def build_dbt_assets(manifest: Path) -> list[dg.AssetsDefinition]:
    """The two dbt steps of the pipeline, from dbt's manifest."""
    translator = RoomTranslator()

    @dbt_assets(
        manifest=manifest,
        select=f"tag:{BEFORE_COMPARE}",
        name="normalise",
        dagster_dbt_translator=translator,
        pool=WRITER_POOL,
    )
    def normalise(context: dg.AssetExecutionContext, dbt: DbtCliResource, store: WarehouseResource) -> Iterator[Any]:
        yield from _build(context, dbt, store, "normalise")

    @dbt_assets(
        manifest=manifest,
        select=f"tag:{AFTER_COMPARE}",
        name="count",
        dagster_dbt_translator=translator,
        pool=WRITER_POOL,
    )
    def count(context: dg.AssetExecutionContext, dbt: DbtCliResource, store: WarehouseResource) -> Iterator[Any]:
        yield from _build(context, dbt, store, "count")

    return [normalise, count]


def _build(context: dg.AssetExecutionContext, dbt: DbtCliResource, store: WarehouseResource, step: str) -> Iterator[Any]:
    """``dbt build`` under the warehouse's lock; row counts are added once dbt has let go of the file.

    dbt's unit tests run in the project's own tests: here they would run unseen (they never become asset checks).
    """
    warehouse = store.warehouse
    target = store.settings.dbt_target / "dagster" / step
    _share_parse(store.settings.dbt_target, target)
    with warehouse.transaction():
        pass  # the file and the tables that Python writes are there, whatever has run before
    events: list[Any] = []
    failure: Exception | None = None
    with warehouse.exclusive():
        invocation = dbt.cli(
            ["build", "--exclude-resource-type", "unit_test"],
            context=context,
            target_path=target,
        )
        try:
            events.extend(invocation.stream())
        except Exception as error:  # what did run is reported before the failure is
            failure = error
        with warehouse.transaction() as transaction:
            events = [_with_counts(event, transaction, context) for event in events]
    checks = [event for event in events if isinstance(event, dg.AssetCheckResult)]
    failed = [check for check in checks if not check.passed]
    say(f"{step}: {len(events) - len(checks)} relations built, {len(checks)} data tests, {len(failed)} failed")
    for check in failed:
        say(f"{step}: failed {check.check_name} on {check.asset_key.to_user_string() if check.asset_key else '?'}")
    yield from events
    if failure is not None:
        raise failure


def _share_parse(prepared: Path, target: Path) -> None:
    """Let a step start from the parse that the manifest came from: by itself dbt would parse the whole project once a step."""
    if (prepared / PARSE_FILE).is_file() and not (target / PARSE_FILE).is_file():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(prepared / PARSE_FILE, target / PARSE_FILE)


def _with_counts(event: Any, transaction: Any, context: dg.AssetExecutionContext) -> Any:
    if not isinstance(event, dg.Output):
        return event
    key = context.asset_key_for_output(event.output_name)
    return event.with_metadata({**event.metadata, **table_metadata(transaction, ".".join(key.path))})
