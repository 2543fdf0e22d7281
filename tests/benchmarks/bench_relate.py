"""What relating 500 new articles costs against a past of 4,000, 8,000 and 16,000: by what is new, and over all.

    python -m tests.benchmarks.bench_relate ../shared/data/corpora/us_politics_2016_2020.parquet

The corpus's articles in their order, 200 a day, so that the past is 20, 40 and 80 days long. CPU seconds, one thread. Beside it,
how the cost of the weeks that are read divides: cutting them into shingles anew, or reading the same shingles from a table.
Writes results/relate.json.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl

from pipelines.clean.copies import _shingles, find_origins
from pipelines.orchestration.assets.clean import relate_articles
from pipelines.tables import ARTICLES, DOCUMENTS, FETCHES, Table
from pipelines.warehouse import Warehouse
from tests.benchmarks.kept import about, keep

PASTS = (4_000, 8_000, 16_000)
NEW = 500
PER_DAY = 200
START = datetime(2020, 1, 6, tzinfo=UTC)


def cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return round(time.process_time() - started, 2)


def frames(corpus: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Rows of raw.fetches, raw.documents and raw.articles, all published and fetched at their new date."""
    at = START + pl.row_index().cast(pl.Int64) * pl.duration(seconds=86_400 // PER_DAY)
    base = corpus.with_row_index("n").with_columns(at=at)
    fetches = base.select(fetch_id="article_id", url="url", requested_at="at", content_sha256="article_id").with_columns(
        run_id=pl.lit("r"), source_id=pl.lit("s"), method=pl.lit("url"), status=pl.lit("ok")
    )
    documents = base.select(
        document_id="article_id", fetch_id="article_id", url="url", fetched_at="at", content_sha256="article_id"
    )
    documents = documents.with_columns(media_type=pl.lit("text/html"), stored_at=pl.lit("p"))
    articles = base.select(
        "article_id", "url", "title", article_at="at", document_id="article_id", canonical_url="url", outlet_credit="outlet",
        byline="authors", text=pl.col("title") + "\n\n" + pl.col("text"), origin_id="article_id", text_sha256="article_id",
    )  # fmt: skip
    articles = articles.rename({"article_at": "published_at"}).with_columns(
        position=pl.lit(0), authors=pl.lit([], dtype=pl.List(pl.String)), published_precision=pl.lit("second"),
        word_count=pl.lit(1), version_no=pl.lit(1), extractor=pl.lit("x"), is_current=pl.lit(True), form=pl.lit("article"),
    )  # fmt: skip
    return _as_declared(FETCHES, fetches), _as_declared(DOCUMENTS, documents), _as_declared(ARTICLES, articles)


def _as_declared(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with the table's columns, null where it has none."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name) for name, dtype in table.schema.items()
    )


def main() -> None:
    corpus = pl.read_parquet(sys.argv[1]).sort("published_on", "article_id").unique("url", maintain_order=True)
    fetches, documents, articles = frames(corpus)
    rows = []
    for past in PASTS:
        with tempfile.TemporaryDirectory() as folder:
            warehouse = Warehouse(Path(folder) / "w.duckdb")

            def put(start: int, length: int, warehouse: Warehouse = warehouse) -> None:
                with warehouse.transaction() as transaction:
                    for table, frame in ((FETCHES, fetches), (DOCUMENTS, documents), (ARTICLES, articles)):
                        transaction.insert_new(table, frame.slice(start, length))

            put(0, past)
            first = cpu(partial(relate_articles, warehouse))
            put(past, NEW)
            added = cpu(partial(relate_articles, warehouse))
            kept = warehouse.read("select article_id, origin_id from raw.articles order by 1")
            whole = articles.head(past + NEW).sort("article_id")
            over_all = cpu(partial(find_origins, whole))
            differ = kept.join(find_origins(whole), on=["article_id", "origin_id"], how="anti").height
        rows.append({"past": past, "the_past_itself": first, "added": added, "over_all": over_all, "origins_that_differ": differ})
        sys.stdout.write(f"{rows[-1]}\n")
    window = articles.slice(PASTS[-1] - 14 * PER_DAY, 14 * PER_DAY + NEW).with_row_index("at")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shingles.parquet"
        cut = cpu(lambda: _shingles(window.select("at", "text")).write_parquet(file))
        read = cpu(lambda: pl.read_parquet(file))
        size = file.stat().st_size / window.height
    result = {
        "about": about("bench_relate", threads=1, unit="CPU seconds"),
        "adding_500": rows,
        "added_to_16000_against_4000": round(rows[-1]["added"] / rows[0]["added"], 2),
        "added_against_over_all_at_16000": round(rows[-1]["added"] / rows[-1]["over_all"], 3),
        "window": {"articles": window.height, "cut_anew": cut, "read_from_a_table": read, "table_bytes_per_article": round(size)},
    }  # fmt: skip
    keep("relate", result)


if __name__ == "__main__":
    main()
