"""Publish: the marts, whole and checked, as a snapshot that BI tools open."""

from collections.abc import Iterable

import dagster as dg

from pipelines.orchestration.assets._common import WRITER_POOL
from pipelines.orchestration.resources import WarehouseResource
from pipelines.progress import say


def build_publish_asset(marts: Iterable[dg.AssetKey]) -> dg.AssetsDefinition:
    """The last asset of a run; it depends on every mart, so that no failed blocking check gets past it."""

    @dg.asset(
        key=dg.AssetKey(["publish", "warehouse_snapshot"]),
        deps=list(marts),
        group_name="publish",
        kinds={"python", "duckdb", "parquet"},
        description="The marts as one DuckDB file and one Parquet file a mart, swapped in at once.",
        pool=WRITER_POOL,
    )
    def warehouse_snapshot(store: WarehouseResource) -> dg.MaterializeResult[None]:
        settings = store.settings
        snapshot = store.warehouse.publish(settings.published, keep=settings.keep_snapshots)
        say(f"publish: {settings.published}")
        rows = "\n".join(f"| {name} | {count:,} |" for name, count in snapshot.row_counts.items())
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": sum(snapshot.row_counts.values()),
                "path": dg.MetadataValue.path(str(snapshot.path)),
                "preview": dg.MetadataValue.md(f"| mart | rows |\n|---|---|\n{rows}"),
            }
        )

    return warehouse_snapshot
