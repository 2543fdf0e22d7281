"""The page store as an archive that other tools read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.metadata import version
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import polars as pl

from pipelines.acquire.pages import PageStore, PageStoreError
from pipelines.acquire.warc_out import ExportError, StoredPage, write_warc
from pipelines.progress import track
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse, WarehouseError

__all__ = ["ExportError", "Exported", "export_warc"]

#: Kept documents, in the order of their stored files.
_DOCUMENTS = """
    select d.document_id, d.url, d.media_type, d.fetched_at, d.stored_at, f.http_status, f.etag, f.last_modified
    from raw.documents as d
    join raw.fetches as f using (fetch_id)
    where d.fetched_at >= ?
    order by d.stored_at, d.document_id
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """How many documents were written, and how many were not, by reason."""

    written: int
    skipped: Counter[str]


def export_warc(settings: Settings, path: Path, *, since: date | None = None, outlet: str | None = None) -> Exported:
    """Write every stored document to a WARC file, one stored file in memory at a time.

    Args:
        settings: whose home is exported.
        path: the file, ``.warc`` or ``.warc.gz``.
        since: only what was fetched on this day (UTC) or later.
        outlet: only documents with an article of this outlet (an ``outlet_id`` of the marts).

    Raises:
        ExportError: nothing is there to write, the warehouse cannot be read now, or the file cannot be written.
    """
    if not settings.warehouse.is_file():  # asking for it would make one
        raise ExportError(f"{settings.home} holds no warehouse; run `counterclaim run` first, or name another folder with --home")
    warehouse = Warehouse.from_settings(settings)
    try:
        documents = warehouse.read(_DOCUMENTS, [datetime.combine(since or date(1970, 1, 1), time(), UTC)])
        if outlet is not None:
            documents = documents.join(_documents_of(warehouse, outlet), on="document_id", how="semi", maintain_order="left")
    except WarehouseError as error:
        raise ExportError(str(error)) from error
    if documents.is_empty():
        raise ExportError(f"{settings.home} holds no stored documents" + (" of these" if since or outlet else ""))
    store = PageStore(settings.home)
    unreadable: Counter[str] = Counter()

    def pages() -> Iterator[tuple[int, StoredPage]]:
        for stored_at, group in groupby(documents.iter_rows(named=True), key=itemgetter("stored_at")):
            rows = list(group)
            try:
                stored = store.read(stored_at, [row["document_id"] for row in rows])
            except PageStoreError as error:
                unreadable[str(error)] += len(rows)
                continue
            for row, page in zip(rows, stored, strict=True):
                about = {name: row[name] for name in ("fetched_at", "http_status", "etag", "last_modified")}
                yield 1, StoredPage(**page, **about)

    software = f"counterclaim/{version('counterclaim')}"
    written, skipped = write_warc(path, track(pages(), "export: documents", documents.height), software=software)
    return Exported(written, skipped + unreadable)


def _documents_of(warehouse: Warehouse, outlet: str) -> pl.DataFrame:
    """``document_id`` of the documents with an article of ``outlet``."""
    with warehouse.transaction() as transaction:
        there = transaction.query(
            "select 1 from information_schema.tables where table_schema = 'marts' and table_name = 'fct_articles'"
        )
        if there.is_empty():
            raise ExportError("outlets are known after a run only: run `counterclaim run` first, or leave --outlet away")
        return transaction.query("select distinct document_id from marts.fct_articles where outlet_id = ?", [outlet])
