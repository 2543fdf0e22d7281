"""Read: every article becomes facts: sentences, mentions, claims with who vouches for them, values and times."""

from collections.abc import Iterator, Sequence

import dagster as dg
import polars as pl

from pipelines.orchestration.assets._common import WRITER_POOL, check_specs, materialize, specs
from pipelines.orchestration.checks import asset_key
from pipelines.orchestration.resources import WarehouseResource
from pipelines.parallel import map_chunks
from pipelines.progress import say, track
from pipelines.read.article import ReadReport, read_articles, reader
from pipelines.settings import Settings
from pipelines.tables import ARTICLES, ATTRIBUTIONS, CLAIMS, MENTIONS, QUANTITIES, SENTENCES, TIMES
from pipelines.warehouse import Warehouse

READ_TABLES = (SENTENCES, MENTIONS, CLAIMS, ATTRIBUTIONS, QUANTITIES, TIMES)

#: Articles that these readers have not read.
_PENDING = """
    select article_id from raw.articles as a
    where not exists (select 1 from raw.sentences as s where s.article_id = a.article_id and s.reader = ?)
    order by article_id
"""


@dg.multi_asset(
    name="read",
    specs=specs("read", *READ_TABLES, deps=(asset_key(ARTICLES),)),
    check_specs=check_specs(*READ_TABLES),
    pool=WRITER_POOL,
)
def read(context: dg.AssetExecutionContext, store: WarehouseResource) -> Iterator[dg.MaterializeResult[None]]:
    """Read every article that the present readers have not read yet."""
    counts, failures = read_pending(store.warehouse, store.settings)
    say(f"read: {counts['articles']:,} articles, {counts['claims']:,} claims, {counts['attributions']:,} attribution hops")
    for article_id, error in failures[:20]:
        context.log.warning(f"article {article_id}: {error}")
        say(f"read: article {article_id}: {error}")
    yield from materialize(store.warehouse, READ_TABLES, {f"new {name}": count for name, count in counts.items()})


def read_pending(warehouse: Warehouse, settings: Settings) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Read what waits, a transaction a batch; gives the new rows by table, and what failed, by article."""
    pending = warehouse.read(_PENDING, [reader()])["article_id"].to_list()
    counts = {"articles": len(pending), "failures": 0} | {table.name: 0 for table in READ_TABLES}
    failures: list[tuple[str, str]] = []

    def batches() -> Iterator[tuple[int, ReadReport]]:
        for at in range(0, len(pending), settings.batch_documents):
            ids = pl.DataFrame({"article_id": pending[at : at + settings.batch_documents]})
            articles = warehouse.read("select a.* from raw.articles as a join ids using (article_id) order by 1", ids=ids)
            yield from map_chunks(
                _read_chunk, articles.to_dicts(), chunk_size=max(1, settings.batch_documents // 8), workers=settings.workers
            )

    for report in track(batches(), "read: articles", len(pending)):
        write_reading(warehouse, report)
        for table in READ_TABLES:
            counts[table.name] += getattr(report, table.name).height
        failures += report.failures
    counts["failures"] = len(failures)
    return counts, failures


def write_reading(warehouse: Warehouse, report: ReadReport) -> None:
    """Put what was read from some articles in the place of what an earlier reader read from them, all or nothing."""
    articles = report.sentences["article_id"].unique().to_list()
    with warehouse.transaction() as transaction:
        earlier = transaction.query("select claim_id from raw.claims where list_contains(?, article_id)", [articles])[
            "claim_id"
        ].to_list()
        claims = [*earlier, *report.claims["claim_id"].to_list()]
        for table in READ_TABLES:
            frame = getattr(report, table.name)
            if "article_id" in table.schema:
                transaction.replace_where(table, frame, "article_id", articles)
            else:
                transaction.replace_where(table, frame, "claim_id", claims)


def _read_chunk(rows: Sequence[dict[str, object]]) -> ReadReport:
    """Read some articles (in a worker process)."""
    return read_articles(ARTICLES.frame(list(rows)))
