"""Clean anew: a better extractor over the pages of the past, without fetching one again.

What changes because the extractor did is no new version: the old article goes, with everything that was read from it. All
is decided from raw.articles.extractor and raw.fetches, and a batch is one transaction, so that a run that was killed goes
on where it stood. What an article's reading was made from unchanged stays.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Final

import polars as pl

from pipelines.acquire.pages import PageStore
from pipelines.clean.documents import EXTRACTOR, CleanReport
from pipelines.orchestration.assets.clean import (
    CHUNK_DOCUMENTS,
    clean_chunk,
    joined,
    known_outlets,
    mark_failures,
    repeated_documents,
)
from pipelines.orchestration.assets.read import READ_TABLES
from pipelines.parallel import gathered, map_chunks
from pipelines.progress import track
from pipelines.settings import Settings
from pipelines.tables import ARTICLES, CLAIM_RELATIONS, COMPARISONS, FETCHES, STORY_ARTICLES
from pipelines.warehouse import Transaction, Warehouse

#: Kept documents whose articles another extractor found, and those that gave none: they come last, since what repeats an
#: article of another document is told by that one.
_DUE: Final = """
    select d.document_id, d.url, d.media_type, d.fetched_at, d.stored_at
    from raw.documents as d
    join raw.fetches as f using (fetch_id)
    where d.fetched_at >= ?
      and (
        f.status <> 'ok'
        or exists (select 1 from raw.articles as a where a.document_id = d.document_id and (? or a.extractor <> ?))
      )
    order by f.status <> 'ok', d.stored_at, d.document_id
"""
#: What is worked out over all articles afterwards, or says only who found it: no reading is made from it.
_RELATED: Final = ("version_no", "is_current", "origin_id", "related_by")
_UNREAD: Final = ("extractor", *_RELATED)


def reclean_documents(
    warehouse: Warehouse, settings: Settings, *, since: date | None = None, everything: bool = False
) -> dict[str, int]:
    """Put what the present extractor finds in stored documents in the place of what an earlier one found.

    Args:
        warehouse: where the rows are.
        settings: the page store's place, workers, and documents a transaction.
        since: only documents fetched on this day (UTC) or later.
        everything: also documents that the present extractor has cleaned.

    Returns:
        Counts of documents cleaned, of articles now and of those changed or gone, of documents that gave none before and
        now do (``recovered``), that give none any more (``lost``), and whose stored page cannot be read, which are left as
        they are (``unreadable``).
    """
    due = warehouse.read(_DUE, [datetime.combine(since or date(1970, 1, 1), time(), UTC), everything, EXTRACTOR])
    counts = {"documents": due.height, "articles": 0, "articles changed or gone": 0, "recovered": 0, "lost": 0, "unreadable": 0}
    reports = map_chunks(
        partial(clean_chunk, PageStore(settings.home), known_outlets()),
        due.to_dicts(),
        chunk_size=CHUNK_DOCUMENTS,
        workers=settings.workers,
    )

    def batches() -> Iterator[tuple[int, tuple[pl.DataFrame, CleanReport]]]:
        at = 0
        for length, report in gathered(reports, settings.batch_documents, joined):
            yield length, (due.select("document_id").slice(at, length), report)
            at += length

    for documents, report in track(batches(), "reclean: documents", due.height):
        with warehouse.transaction() as transaction:
            for name, count in _replace(transaction, documents, report).items():
                counts[name] += count
    return counts


def _replace(transaction: Transaction, documents: pl.DataFrame, report: CleanReport) -> dict[str, int]:
    """Make what ``report`` holds the only articles of ``documents``, and take away what was read from those that changed."""
    documents = documents.join(report.unreadable, on="document_id", how="anti")
    ids = documents["document_id"].to_list()
    before = transaction.query(
        "select d.document_id, d.fetch_id, f.status, a.* exclude (document_id)"
        " from documents as x join raw.documents as d using (document_id) join raw.fetches as f using (fetch_id)"
        " left join raw.articles as a using (document_id)",
        documents=documents,
    )
    old = before.filter(pl.col("article_id").is_not_null()).select(ARTICLES.schema.names())
    # An article that stands under another document already is that one's.
    taken = transaction.query(
        "select article_id from found join raw.articles as a using (article_id)"
        " where a.document_id not in (select document_id from documents)",
        found=report.articles.select("article_id"),
        documents=documents,
    )
    found = report.articles.unique("article_id", keep="first", maintain_order=True).join(taken, on="article_id", how="anti")
    # Nothing was read from what says only who found it, or is worked out over all articles afterwards.
    read_from = [name for name in ARTICLES.schema.names() if name not in _UNREAD]
    stale = old.join(found.select(read_from), on=read_from, how="anti", nulls_equal=True)["article_id"].to_list()
    # What did not change keeps its place among versions and copies; the rest is placed anew, with what it stood beside.
    places = old.filter(~pl.col("article_id").is_in(stale)).select("article_id", *_RELATED)
    kept = (
        found.drop(_RELATED)
        .join(places, on="article_id", how="left")
        .with_columns(
            pl.col("version_no").fill_null(1),
            pl.col("is_current").fill_null(True),
            pl.col("origin_id").fill_null(pl.col("article_id")),
        )
    )
    transaction.replace_where(ARTICLES, kept.select(ARTICLES.schema.names()), "document_id", ids)
    beside = transaction.query(
        "select article_id, null::varchar as related_by from raw.articles join addresses using (canonical_url)",
        addresses=old.filter(pl.col("article_id").is_in(stale)).select("canonical_url").drop_nulls().unique(),
    )
    transaction.update(ARTICLES, beside)
    _forget(transaction, stale)
    repeated = repeated_documents(transaction, report.articles)
    mark_failures(transaction, report.failures)
    mark_failures(transaction, repeated)
    failed = pl.concat([report.failures["document_id"], repeated["document_id"]])
    states = before.select("document_id", "fetch_id", "status").unique("document_id")
    recovered = states.filter(pl.col("status") != "ok", ~pl.col("document_id").is_in(failed.implode()))
    well = recovered.select("fetch_id", pl.lit("ok").alias("status"), pl.lit(None, dtype=pl.String).alias("error"))
    transaction.update(FETCHES, well)
    lost = states.filter(pl.col("status") == "ok", pl.col("document_id").is_in(failed.implode()))
    return {
        "articles": kept.height,
        "articles changed or gone": len(stale),
        "recovered": recovered.height,
        "lost": lost.height,
        "unreadable": report.unreadable.height,
    }


def _forget(transaction: Transaction, articles: list[str]) -> None:
    """Take away everything that was read from ``articles`` and worked out from that."""
    owners = pl.DataFrame({"article_id": articles}, schema={"article_id": pl.String()})
    claims = transaction.query("select claim_id from raw.claims join owners using (article_id)", owners=owners)
    ids = claims["claim_id"].to_list()
    # Whatever comes of reading them again, their stories and addresses are compared anew.
    compared = transaction.query(
        "select distinct comparison_id from analysis.claim_relations where comparison_id is not null"
        " and (claim_a_id in (select claim_id from claims) or claim_b_id in (select claim_id from claims))",
        claims=claims,
    )["comparison_id"].to_list()
    transaction.replace_where(COMPARISONS, COMPARISONS.empty(), "comparison_id", compared)
    for column in CLAIM_RELATIONS.key:
        transaction.replace_where(CLAIM_RELATIONS, CLAIM_RELATIONS.empty(), column, ids)
    for table in (*READ_TABLES, STORY_ARTICLES):
        column, values = ("article_id", articles) if "article_id" in table.schema else ("claim_id", ids)
        transaction.replace_where(table, table.empty(), column, values)
