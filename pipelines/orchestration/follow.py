"""Following outlets: what a crawl brings goes into the warehouse batch by batch, the network outside its lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from pipelines.acquire.crawl import KNOWN_FETCHES, Crawl, Known, Policy
from pipelines.acquire.http import Fetcher, Limits
from pipelines.acquire.keep import keep
from pipelines.acquire.pages import PageStore
from pipelines.acquire.sources import Source
from pipelines.progress import track
from pipelines.settings import Settings
from pipelines.tables import DOCUMENTS, ENTRIES, FETCHES
from pipelines.warehouse import Warehouse

_TALLY = pl.Schema({"outlet": pl.String(), "status": pl.String(), "attempts": pl.Int64()})


@dataclass(frozen=True, slots=True)
class Followed:
    """What following has brought.

    ``tally`` has the columns outlet, status, attempts (robots.txt under no outlet); ``postponed`` counts, by host, pages
    that are due and wait for the next run; ``too_old`` those that were old when first listed and are not asked for.
    """

    tally: pl.DataFrame
    postponed: dict[str, int]
    too_old: int


def make_fetcher(settings: Settings, *, allow_private: bool | None = None, max_turn_seconds: float | None = None) -> Fetcher:
    """The fetcher that ``settings`` describe; ``allow_private`` replaces theirs, ``max_turn_seconds`` their ``host_seconds``."""
    limits = Limits(
        delay_seconds=settings.delay_seconds,
        connect_seconds=settings.connect_seconds,
        read_seconds=settings.read_seconds,
        total_seconds=settings.total_seconds,
        max_bytes=settings.max_document_bytes,
        max_redirects=settings.max_redirects,
        max_tries=settings.max_tries,
        backoff_seconds=settings.backoff_seconds,
        max_retry_after_seconds=settings.max_retry_after_seconds,
        max_turn_seconds=settings.host_seconds if max_turn_seconds is None else max_turn_seconds,
    )
    private = settings.allow_private if allow_private is None else allow_private
    return Fetcher(limits, agent=settings.user_agent, contact=settings.contact, allow_private=private)


def make_policy(settings: Settings) -> Policy:
    """How much of a run ``settings`` allow."""
    return Policy(
        refetch_hours=settings.refetch_hours,
        max_age_days=settings.max_listed_age_days,
        pages_per_host=settings.pages_per_host,
        host_seconds=settings.host_seconds,
        hosts_at_once=settings.hosts_at_once,
        batch_attempts=settings.batch_documents,
    )


def follow_into(
    warehouse: Warehouse,
    settings: Settings,
    sources: Sequence[Source],
    run_id: str,
    *,
    fetcher: Fetcher,
    now: datetime | None = None,
) -> Followed:
    """Ask for everything that is due of ``sources``; a batch of what came is one transaction.

    Args:
        warehouse: where the rows go.
        settings: the page store's place, and how much is asked for.
        sources: what is followed.
        run_id: the run that asks.
        fetcher: closed by the caller.
        now: the moment by which is decided what is due (the present one).
    """
    pages, moment = PageStore(settings.home), now or datetime.now(UTC)
    with warehouse.transaction() as transaction:
        fetches = transaction.query(f"select {', '.join(KNOWN_FETCHES)} from raw.fetches where method <> 'file'")
        entries = transaction.query("select * from raw.entries")
        kept = set(transaction.query("select document_id from raw.documents")["document_id"])
    known = Known(fetches.cast(FETCHES.empty().select(KNOWN_FETCHES).schema), entries.cast(ENTRIES.schema))
    crawl = Crawl(sources, known, fetcher, make_policy(settings), now=moment)
    outlets = (
        pl.DataFrame([(source.source_id, source.outlet) for source in sources], schema=["source_id", "outlet"], orient="row")
        .cast(pl.String())
        .unique("source_id", keep="first")
    )
    tallies = [pl.DataFrame(schema=_TALLY)]
    for batch in track(((len(batch.attempts), batch) for batch in crawl.batches()), "acquire: addresses", None):
        rows, documents = keep(batch.attempts, kept, pages, run_id, datetime.now(UTC))
        with warehouse.transaction() as transaction:
            transaction.insert_new(FETCHES, rows)
            transaction.insert_new(ENTRIES, ENTRIES.frame(batch.entries).unique("entry_id", keep="first"))
            transaction.insert_new(DOCUMENTS, documents)
        named = rows.join(outlets, on="source_id", how="left")
        tallies.append(named.group_by("outlet", "status").agg(pl.len().cast(pl.Int64).alias("attempts")))
    tally = pl.concat(tallies).group_by("outlet", "status").agg(pl.col("attempts").sum()).sort("outlet", "status")
    return Followed(tally, dict(crawl.postponed), crawl.too_old)
