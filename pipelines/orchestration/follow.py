"""Following outlets: what a crawl brings goes into the warehouse batch by batch, the network outside its lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import polars as pl

from pipelines.acquire.crawl import KNOWN_FETCHES, Crawl, Known, Policy
from pipelines.acquire.files import Attempt
from pipelines.acquire.http import Fetcher, Limits
from pipelines.acquire.keep import keep
from pipelines.acquire.pages import PageStore
from pipelines.acquire.sources import Source
from pipelines.progress import track
from pipelines.settings import Settings
from pipelines.tables import DOCUMENTS, ENTRIES, FETCHES
from pipelines.warehouse import Warehouse

_COLUMNS: Final = ", ".join(f"f.{name}" for name in KNOWN_FETCHES)
#: Copies of lists, for their validators: what is no page.
_LISTS: Final = f"""
    select {_COLUMNS}
    from raw.fetches as f semi join followed using (source_id)
    where f.method <> 'file' and f.status = 'ok' and f.content_sha256 is not null and f.requested_at >= ?
      and not exists (select 1 from raw.entries as e where e.url = f.url)
"""
#: Pages that were never asked for, or not so long ago that they are settled.
_MAY_BE_DUE: Final = """
    with tried as (select f.url, max(f.requested_at) as last_at from raw.fetches as f where f.method <> 'file' group by f.url)
    select e.*
    from raw.entries as e semi join followed using (source_id) left join tried as t on t.url = e.url
    where t.url is null or t.last_at >= ?
"""
_TRIED: Final = f"select {_COLUMNS} from raw.fetches as f semi join due using (url) where f.method <> 'file'"

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
    pages, moment, policy = PageStore(settings.home), now or datetime.now(UTC), make_policy(settings)
    followed = pl.DataFrame({"source_id": [source.source_id for source in sources]}, schema={"source_id": pl.String()}).unique()
    since = moment - policy.memory
    lists = _known(warehouse.read(_LISTS, [since], followed=followed), ENTRIES.empty())

    def recall() -> Known:
        with warehouse.transaction() as transaction:
            entries = transaction.query(_MAY_BE_DUE, [since], followed=followed)
            return _known(transaction.query(_TRIED, due=entries.select("url").unique()), entries)

    crawl = Crawl(sources, lists, fetcher, policy, now=moment, recall=recall)
    outlets = (
        pl.DataFrame([(source.source_id, source.outlet) for source in sources], schema=["source_id", "outlet"], orient="row")
        .cast(pl.String())
        .unique("source_id", keep="first")
    )
    tallies = [pl.DataFrame(schema=_TALLY)]
    for batch in track(((len(batch.attempts), batch) for batch in crawl.batches()), "acquire: addresses", None):
        kept = kept_of(warehouse, batch.attempts)
        rows, documents = keep(batch.attempts, kept, pages, run_id, datetime.now(UTC))
        with warehouse.transaction() as transaction:
            transaction.insert_new(FETCHES, rows)
            transaction.insert_new(ENTRIES, ENTRIES.frame(batch.entries).unique("entry_id", keep="first"))
            transaction.insert_new(DOCUMENTS, documents)
        named = rows.join(outlets, on="source_id", how="left")
        tallies.append(named.group_by("outlet", "status").agg(pl.len().cast(pl.Int64).alias("attempts")))
    tally = pl.concat(tallies).group_by("outlet", "status").agg(pl.col("attempts").sum()).sort("outlet", "status")
    return Followed(tally, dict(crawl.postponed), crawl.too_old)


def _known(fetches: pl.DataFrame, entries: pl.DataFrame) -> Known:
    return Known(fetches.cast(FETCHES.empty().select(KNOWN_FETCHES).schema), entries.cast(ENTRIES.schema))


def kept_of(warehouse: Warehouse, attempts: Sequence[Attempt]) -> set[str]:
    """Ids of those documents of ``attempts`` that are kept already."""
    ids = [attempt.document.document_id for attempt in attempts if attempt.document is not None]
    brought = pl.DataFrame({"document_id": ids}, schema={"document_id": pl.String()})
    if brought.is_empty():
        return set()
    return set(
        warehouse.read("select document_id from raw.documents semi join brought using (document_id)", brought=brought)[
            "document_id"
        ]
    )
