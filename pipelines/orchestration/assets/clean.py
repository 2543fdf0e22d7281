"""Clean: every kept document becomes its articles, or a reason why it holds none."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import dagster as dg
import polars as pl

from pipelines.acquire.pages import PageStore, PageStoreError
from pipelines.clean.copies import RELATED_BY, find_new_origins
from pipelines.clean.documents import FAILURES, CleanReport, Document, clean_documents
from pipelines.clean.versions import number_versions
from pipelines.orchestration.assets._common import WRITER_POOL, check_specs, materialize, say_problems, specs
from pipelines.orchestration.checks import asset_key
from pipelines.orchestration.resources import WarehouseResource
from pipelines.parallel import gathered, map_chunks
from pipelines.progress import say, track
from pipelines.settings import DBT_PROJECT, Settings
from pipelines.tables import ARTICLES, DOCUMENTS, FETCHES
from pipelines.warehouse import Transaction, Warehouse

#: Documents cleaned in one go.
CHUNK_DOCUMENTS = 25

#: Documents that were kept and have neither given an article nor been found to hold none.
_PENDING = """
    select d.document_id, d.url, d.media_type, d.fetched_at, d.stored_at
    from raw.documents as d
    join raw.fetches as f using (fetch_id)
    where f.status = 'ok' and not exists (select 1 from raw.articles as a where a.document_id = d.document_id)
    order by d.stored_at, d.document_id
"""
#: What is to be placed among versions and copies, and when it was published (fetched, where that is unknown).
_UNRELATED = """
    select a.article_id, a.canonical_url, coalesce(a.published_at, d.fetched_at) as at
    from raw.articles as a join raw.documents as d using (document_id)
    where a.related_by is distinct from ? or not exists (select 1 from raw.articles as o where o.article_id = a.origin_id)
    order by a.article_id
"""
#: Every text of the addresses of new articles, and of those at which a text of before was found again lately: it may have come
#: back. Another document may have brought it: the same words on a page that differs in what is none of them.
_VERSIONS = """
    with again as (
        select f.fetch_id, f.url, f.content_sha256, f.requested_at,
            regexp_extract(f.error, 'the same text as article ([0-9a-f]{16})$', 1) as article_id
        from raw.fetches as f
        where f.status = 'duplicate'
    ), repeated as (
        select a.article_id, a.canonical_url, g.requested_at
        from again as g join raw.documents as d on d.url = g.url and d.content_sha256 = g.content_sha256
        join raw.articles as a using (document_id)
        union all
        select a.article_id, a.canonical_url, g.requested_at from again as g join raw.articles as a using (article_id)
    ), addresses as (
        select canonical_url from new where canonical_url is not null
        union
        select canonical_url from repeated
        where canonical_url is not null
            and requested_at >= (select max(requested_at) from raw.fetches) - interval 30 days
    ), seen as (
        select article_id, max(requested_at) as seen_at from repeated semi join addresses using (canonical_url) group by 1
    )
    select a.article_id, a.canonical_url, a.published_at, a.modified_at, d.fetched_at,
        greatest(d.fetched_at, s.seen_at) as seen_at
    from raw.articles as a join addresses using (canonical_url) join raw.documents as d using (document_id)
    left join seen as s using (article_id)
    order by a.article_id
"""
_BETWEEN = """
    select a.article_id, a.canonical_url, a.published_at, d.fetched_at, a.text, a.outlet_credit, a.byline, a.wire_credit,
        a.origin_id
    from raw.articles as a join raw.documents as d using (document_id)
    where coalesce(a.published_at, d.fetched_at) >= ? and coalesce(a.published_at, d.fetched_at) < ?
    order by a.article_id
"""


class CleanConfig(dg.Config):
    """What of the past to clean anew in this run, with the present extractor."""

    #: Whether to clean stored documents again.
    reclean: bool = False
    #: Only those fetched on this day (YYYY-MM-DD, UTC) or later; empty: all.
    since: str = ""
    #: Also those that the present extractor has cleaned.
    everything: bool = False


@dg.multi_asset(
    name="clean",
    specs=specs("clean", ARTICLES, deps=(asset_key(FETCHES), asset_key(DOCUMENTS))),
    check_specs=check_specs(ARTICLES),
    pool=WRITER_POOL,
)
def clean(config: CleanConfig, store: WarehouseResource) -> Iterator[dg.MaterializeResult[None]]:
    """Extract the articles of every document not cleaned yet, then number versions and find copies among all."""
    if config.reclean:
        from pipelines.orchestration.assets.reclean import reclean_documents

        since = date.fromisoformat(config.since) if config.since else None
        recleaned = reclean_documents(store.warehouse, store.settings, since=since, everything=config.everything)
        say("reclean: " + ", ".join(f"{count:,} {name}" for name, count in recleaned.items()))
    counts, problems = clean_pending(store.warehouse, store.settings)
    relate_articles(store.warehouse)
    say(f"clean: {counts['articles']:,} new articles of {counts['documents']:,} documents, {counts['failures']:,} without one")
    say_problems("clean", problems)
    yield from materialize(store.warehouse, (ARTICLES,), {f"new {name}": count for name, count in counts.items()})


def clean_pending(warehouse: Warehouse, settings: Settings) -> tuple[dict[str, int], list[str]]:
    """Clean what waits, a transaction a batch; a document without an article gets its reason in raw.fetches.

    Gives the counts of documents, articles and failures, and the reasons.
    """
    pending = warehouse.read(_PENDING)
    counts = {"documents": pending.height, "articles": 0, "failures": 0}
    problems: list[str] = []
    reports = map_chunks(
        partial(clean_chunk, PageStore(settings.home), known_outlets()),
        pending.to_dicts(),
        chunk_size=CHUNK_DOCUMENTS,
        workers=settings.workers,
    )
    for report in track(gathered(reports, settings.batch_documents, joined), "clean: documents", pending.height):
        with warehouse.transaction() as transaction:
            transaction.insert_new(ARTICLES, report.articles)
            repeated = repeated_documents(transaction, report.articles)
            for failures in (report.failures, report.unreadable, repeated):
                problems += mark_failures(transaction, failures)
        counts["articles"] += report.articles.height - repeated.height
        counts["failures"] += report.failures.height + report.unreadable.height
    return counts, problems


def repeated_documents(transaction: Transaction, articles: pl.DataFrame) -> pl.DataFrame:
    """``document_id, status, error`` of documents that repeat another's article at the same address: they brought nothing new."""
    return transaction.query(
        "select n.document_id, 'duplicate' as status, 'the same text as article ' || min(a.article_id) as error"
        " from new_articles as n join raw.articles as a using (article_id)"
        " where not exists (select 1 from raw.articles as own where own.document_id = n.document_id)"
        " group by n.document_id",
        new_articles=articles,
    )


def mark_failures(transaction: Transaction, failures: pl.DataFrame) -> list[str]:
    """Say in raw.fetches why documents (``document_id, status, error``) gave no article; gives the reasons."""
    changes = transaction.query(
        "select d.fetch_id, x.status, d.url || ': ' || x.error as error"
        " from failures as x join raw.documents as d using (document_id)",
        failures=failures,
    )
    transaction.update(FETCHES, changes)
    return changes["error"].to_list()


def joined(reports: list[CleanReport]) -> CleanReport:
    """The reports of some documents as one."""
    return CleanReport(*(pl.concat([getattr(report, part.name) for report in reports]) for part in fields(CleanReport)))


def relate_articles(warehouse: Warehouse) -> int:
    """Number the versions and point copies at their origin, of what is new and of what that changes; gives how many are new.

    New is what no run has placed yet, what another version of the detector placed, and what pointed at an article that is gone.
    A run killed before the end leaves the mark of none, and the next one places them.
    """
    with warehouse.exclusive():
        new = warehouse.read(_UNRELATED, [RELATED_BY])
        related = number_versions(warehouse.read(_VERSIONS, new=new.select("canonical_url").unique()))
        placed = find_new_origins(new["at"], partial(_articles_between, warehouse)) if new.height else None
        with warehouse.transaction() as transaction:
            transaction.update(ARTICLES, related)
            if placed is not None:
                transaction.update(ARTICLES, placed)
                transaction.update(ARTICLES, new.select("article_id", pl.lit(RELATED_BY).alias("related_by")))
    return new.height


def _articles_between(warehouse: Warehouse, start: datetime, end: datetime) -> pl.DataFrame:
    return warehouse.read(_BETWEEN, [start, end])


def known_outlets() -> frozenset[str]:
    """The names by which outlets are credited, from the seeds that people edit."""
    seeds = DBT_PROJECT / "seeds"
    outlets = pl.concat([pl.read_csv(seeds / f"{name}.csv", columns=["name"]) for name in ("outlets", "sample_outlets")])["name"]
    aliases = pl.read_csv(seeds / "outlet_aliases.csv").filter(pl.col("kind") == "name")["alias"]
    return frozenset(outlets) | frozenset(aliases)


def clean_chunk(pages: PageStore, known_outlets: frozenset[str], rows: Sequence[dict[str, Any]]) -> CleanReport:
    """Clean some documents, which come in the order of their stored files (in a worker process)."""
    unreadable: list[dict[str, str]] = []

    def documents() -> Iterator[Document]:
        # A stored file at a time, which bounds memory.
        for stored_at, group in groupby(rows, key=itemgetter("stored_at")):
            wanted = list(group)
            try:
                stored = pages.read(stored_at, [row["document_id"] for row in wanted])
            except PageStoreError as problem:
                error = f"its stored page cannot be read: {problem}"
                unreadable.extend({"document_id": row["document_id"], "status": "parse_error", "error": error} for row in wanted)
                continue
            for row, page in zip(wanted, stored, strict=True):
                yield Document(
                    document_id=row["document_id"],
                    url=row["url"],
                    is_page_url=page["is_page_url"],
                    media_type=row["media_type"],
                    payload=page["payload"],
                    fetched_at=row["fetched_at"],
                    meta=page["meta"],
                )

    report = clean_documents(documents(), known_outlets=known_outlets)
    return replace(report, unreadable=pl.DataFrame(unreadable, schema=FAILURES, orient="row"))
