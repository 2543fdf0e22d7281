"""What becomes of an attempt: its row, and, where it brought something new, a stored document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from pipelines.acquire.files import Attempt
from pipelines.acquire.pages import PageStore
from pipelines.tables import DOCUMENTS, FETCHES


def keep(
    attempts: Sequence[Attempt], kept: set[str], pages: PageStore, run_id: str, now: datetime
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of raw.fetches and raw.documents for ``attempts``; new documents go to the page store first.

    Args:
        attempts: what was tried.
        kept: ids of the documents that are kept already; a document among them is a ``duplicate``. The new ones are added.
        pages: where documents are stored.
        run_id: the run that tried.
        now: the moment of the attempts, UTC.
    """
    fetches: list[dict[str, object]] = []
    new = []
    for attempt in attempts:
        status, error, document = attempt.status, attempt.error, attempt.document
        if document is not None:
            if document.document_id in kept:
                status, error = "duplicate", f"{attempt.url}: the same as document {document.document_id}"
            else:
                kept.add(document.document_id)
                new.append((attempt, document))
        fetches.append(
            {
                "fetch_id": attempt.fetch_id,
                "run_id": run_id,
                "source_id": attempt.source_id,
                "url": attempt.url,
                "method": attempt.method,
                "requested_at": attempt.requested_at or now,
                "status": status,
                "http_status": attempt.http_status,
                "bytes": attempt.bytes,
                "error": error,
                "final_url": attempt.final_url,
                "etag": attempt.etag,
                "last_modified": attempt.last_modified,
                "content_sha256": document.content_sha256 if document else attempt.content_sha256,
                "opt_out": attempt.opt_out,
            }
        )
    stored_at = pages.write([document for _, document in new], now) if new else ""
    documents: list[dict[str, object]] = [
        {
            "document_id": document.document_id,
            "fetch_id": attempt.fetch_id,
            "url": document.url,
            "media_type": document.media_type,
            "fetched_at": attempt.requested_at or now,
            "content_sha256": document.content_sha256,
            "stored_at": stored_at,
        }
        for attempt, document in new
    ]
    return FETCHES.frame(fetches), DOCUMENTS.frame(documents)
