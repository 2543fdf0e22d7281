"""Clean: every kept document becomes its articles, or a reason why it holds none."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import dagster as dg
import polars as pl

from pipelines.acquire.pages import PageStore
from pipelines.clean.copies import find_origins
from pipelines.clean.documents import CleanReport, Document, clean_documents
from pipelines.clean.versions import number_versions
from pipelines.orchestration.assets._common import WRITER_POOL, check_specs, materialize, say_problems, specs
from pipelines.orchestration.checks import asset_key
from pipelines.orchestration.resources import WarehouseResource
from pipelines.parallel import map_chunks
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
    for report in track(gathered(reports, settings.batch_documents), "clean: documents", pending.height):
        with warehouse.transaction() as transaction:
            transaction.insert_new(ARTICLES, report.articles)
            repeated = repeated_documents(transaction, report.articles)
            for failures in (report.failures, repeated):
                problems += mark_failures(transaction, failures)
        counts["articles"] += report.articles.height - repeated.height
        counts["failures"] += report.failures.height
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


def gathered(reports: Iterator[tuple[int, CleanReport]], documents: int) -> Iterator[tuple[int, CleanReport]]:
    """The reports of at least ``documents`` documents as one: a transaction costs as much as cleaning a page."""
    waiting: list[CleanReport] = []
    count = 0
    for length, report in reports:
        waiting.append(report)
        count += length
        if count >= documents:
            yield count, _joined(waiting)
            waiting, count = [], 0
    if waiting:
        yield count, _joined(waiting)


def _joined(reports: list[CleanReport]) -> CleanReport:
    return CleanReport(pl.concat([report.articles for report in reports]), pl.concat([report.failures for report in reports]))


def relate_articles(warehouse: Warehouse) -> None:
    """Number the versions and point copies at their origin, over all articles."""
    articles = warehouse.read(
        "select a.*, d.fetched_at from raw.articles as a join raw.documents as d using (document_id) order by article_id"
    )
    if articles.is_empty():
        return
    related = number_versions(articles).join(find_origins(articles), on="article_id", how="left", validate="1:1")
    with warehouse.transaction() as transaction:
        transaction.update(ARTICLES, related.with_columns(pl.col("origin_id").fill_null(pl.col("article_id"))))


def known_outlets() -> frozenset[str]:
    """The names by which outlets are credited, from the seeds that people edit."""
    seeds = DBT_PROJECT / "seeds"
    outlets = pl.concat([pl.read_csv(seeds / f"{name}.csv", columns=["name"]) for name in ("outlets", "sample_outlets")])["name"]
    aliases = pl.read_csv(seeds / "outlet_aliases.csv").filter(pl.col("kind") == "name")["alias"]
    return frozenset(outlets) | frozenset(aliases)


def clean_chunk(pages: PageStore, known_outlets: frozenset[str], rows: Sequence[dict[str, Any]]) -> CleanReport:
    """Clean some documents, which come in the order of their stored files (in a worker process)."""

    def documents() -> Iterator[Document]:
        # A stored file at a time, which bounds memory.
        for stored_at, group in groupby(rows, key=itemgetter("stored_at")):
            wanted = list(group)
            for row, page in zip(wanted, pages.read(stored_at, [row["document_id"] for row in wanted]), strict=True):
                yield Document(
                    document_id=row["document_id"],
                    url=row["url"],
                    is_page_url=page["is_page_url"],
                    media_type=row["media_type"],
                    payload=page["payload"],
                    fetched_at=row["fetched_at"],
                    meta=page["meta"],
                )

    return clean_documents(documents(), known_outlets=known_outlets)
