"""Acquire: what can be read becomes documents in the page store; every attempt becomes a row."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from pydantic import Field

from pipelines.acquire.files import Attempt, batched, list_files, read_files
from pipelines.acquire.keep import keep
from pipelines.acquire.pages import PageStore
from pipelines.orchestration.assets._common import WRITER_POOL, check_specs, materialize, say_problems, specs
from pipelines.orchestration.partitions import FETCH_DAYS
from pipelines.orchestration.resources import WarehouseResource
from pipelines.progress import say, track
from pipelines.settings import Settings
from pipelines.tables import DOCUMENTS, ENTRIES, FETCHES
from pipelines.warehouse import Warehouse


class AcquireConfig(dg.Config):
    """What to read in this run."""

    #: Files and folders; empty: those of the settings.
    inputs: list[str] = Field(default_factory=list)


@dg.multi_asset(
    name="acquire",
    specs=specs("acquire", FETCHES, ENTRIES, DOCUMENTS),
    check_specs=check_specs(FETCHES, ENTRIES, DOCUMENTS),
    partitions_def=FETCH_DAYS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=WRITER_POOL,
)
def acquire(
    context: dg.AssetExecutionContext, config: AcquireConfig, store: WarehouseResource
) -> Iterator[dg.MaterializeResult[None]]:
    """Read the inputs; what was read before, byte for byte, is left as it is."""
    settings, warehouse = store.settings, store.warehouse
    inputs = [Path(path) for path in config.inputs] or list(settings.inputs)
    counts = read_into(warehouse, settings, inputs, context.run_id)
    statuses = ", ".join(f"{count:,} {status}" for status, count in sorted(counts.items())) or "nothing new"
    say(f"acquire: {statuses}")
    problems = warehouse.read(
        "select error from raw.fetches where run_id = ? and error is not null order by url", [context.run_id]
    )
    say_problems("acquire", problems["error"].to_list())
    yield from materialize(
        warehouse, (FETCHES, ENTRIES, DOCUMENTS), {"inputs": "\n".join(map(str, inputs)), "attempts by status": counts}
    )


def read_into(warehouse: Warehouse, settings: Settings, inputs: list[Path], run_id: str) -> dict[str, int]:
    """Read ``inputs`` into raw.fetches, raw.documents and the page store; gives the new attempts by status."""
    pages = PageStore(settings.home)
    with warehouse.transaction() as transaction:
        tried = set(transaction.query("select fetch_id from raw.fetches")["fetch_id"])
        kept = set(transaction.query("select document_id from raw.documents")["document_id"])
    counts: dict[str, int] = {}
    attempts = read_files(inputs, max_bytes=settings.max_document_bytes)
    total = len(list_files(inputs))
    for batch in track(
        ((_files_of(batch), batch) for batch in batched(attempts, settings.batch_documents)), "acquire: files", total
    ):
        new = [attempt for attempt in batch if attempt.fetch_id not in tried]
        rows, documents = keep(new, kept, pages, run_id, datetime.now(UTC))
        with warehouse.transaction() as transaction:
            transaction.insert_new(FETCHES, rows)
            transaction.insert_new(DOCUMENTS, documents)
        for attempt in new:
            tried.add(attempt.fetch_id)
        for status, count in rows.group_by("status").len().iter_rows():
            counts[status] = counts.get(status, 0) + count
    return counts


def _files_of(batch: list[Attempt]) -> int:
    """How many files the batch ends: the records of one file count as one, when its first comes by."""
    return sum(1 for attempt in batch if "#" not in attempt.url or attempt.url.endswith("#1"))
