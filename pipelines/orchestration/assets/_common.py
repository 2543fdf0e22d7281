"""What the assets of every room share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import dagster as dg

from pipelines.orchestration.checks import asset_key, check_specs, run_checks
from pipelines.orchestration.metadata import column_schema, table_metadata
from pipelines.progress import say
from pipelines.tables import Table
from pipelines.warehouse import Warehouse

#: For queueing and visibility; correctness comes from the file lock in the warehouse.
WRITER_POOL: Final = "duckdb_writer"
_PROBLEMS_SAID: Final = 5


def specs(group: str, *tables: Table, deps: tuple[dg.AssetKey, ...] = ()) -> list[dg.AssetSpec]:
    """The asset specs of ``tables``: key, description, columns, kinds and the group, which is the room."""
    return [
        dg.AssetSpec(
            asset_key(table),
            deps=deps,
            group_name=group,
            description=table.grain,
            kinds={"python", "duckdb"},
            metadata={"dagster/column_schema": column_schema(table), "dagster/table_name": table.relation},
        )
        for table in tables
    ]


def say_problems(step: str, problems: Sequence[str]) -> None:
    """Say why some things could not be used; all of it stands in raw.fetches."""
    for problem in problems[:_PROBLEMS_SAID]:
        say(f"{step}: {problem}")
    if len(problems) > _PROBLEMS_SAID:
        say(f"{step}: and {len(problems) - _PROBLEMS_SAID:,} more, with their reasons, in raw.fetches")


def materialize(
    warehouse: Warehouse, tables: tuple[Table, ...], others: Mapping[str, object]
) -> Iterator[dg.MaterializeResult[None]]:
    """One result a table, with its row count, preview and checks; ``others`` is said of each."""
    with warehouse.transaction() as transaction:
        for table in tables:
            yield dg.MaterializeResult(
                asset_key=asset_key(table),
                metadata=table_metadata(transaction, table.relation, **others),
                check_results=list(run_checks(transaction, table)),
            )


__all__ = ["WRITER_POOL", "check_specs", "materialize", "say_problems", "specs"]
