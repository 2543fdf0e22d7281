"""Articles placed in stories a second, into a window of 200,000, and what a past twice as long adds.

    python -m tests.benchmarks.stories_rate ../shared/data/corpora/us_politics_2016_2020.parquet [--window 200000] [--new 4000]

The window is made of the corpus over and over: each time every word is exchanged for another that about as many articles have, so
that the words keep their frequencies and the articles their make-up, but tell of other events. The new articles are texts of the
corpus itself, all on the last day; they are cut into words, read, compared and written by the product's own path
(``place_stories`` on a warehouse). Then once more with as many articles again from long before. CPU seconds of the process, one
thread. Writes results/stories_rate.json.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import polars as pl

from pipelines.compare.stories import WINDOW_DAYS
from pipelines.compare.story_features import BIGRAMS, FEATURES, WORDS, background, cut_words
from pipelines.orchestration.assets.story_writes import place_stories
from pipelines.tables import ARTICLES, DOCUMENTS, FETCHES, STORY_ARTICLES, STORY_FEATURES, Table, stable_id
from pipelines.warehouse import Warehouse
from tests.benchmarks.kept import about, keep

LAST_DAY = datetime(2031, 3, 31, tzinfo=UTC)
#: Words are exchanged among so many of like frequency.
BAND = 64
#: Articles of one story in the window.
STORY = 3


def exchanged(codes: np.ndarray, sections: int, table: np.ndarray | None, round_no: int) -> bytes:
    """The packed codes of an article with other words: by a table, or shifted where there is none."""
    out = codes.copy()
    numbers, counts = (out[sections:] >> 8).astype(np.int64), out[sections:] & 255
    numbers = table[numbers] if table is not None else (numbers + round_no * 977) % BIGRAMS
    out[sections:] = (numbers.astype(np.uint32) << 8) | counts
    return out.astype("<u4").tobytes()


def word_table(round_no: int) -> np.ndarray:
    order = np.argsort(-background().counts, kind="stable")
    draw = np.random.default_rng(round_no)
    table = np.arange(WORDS)
    for start in range(0, WORDS, BAND):
        band = order[start : start + BAND]
        table[band] = draw.permutation(band)
    return table


def details_of(blob: bytes, table: np.ndarray, round_no: int) -> bytes:
    """Lead words by the table, pairs of words shifted."""
    codes = np.frombuffer(blob, "<u4")
    lead = int(codes[0])
    one = exchanged(codes[: 2 + lead], 2, table, round_no)
    two = exchanged(np.concatenate([codes[:2], codes[2 + lead :]]), 2, None, round_no)
    return one + two[8:]


def as_declared(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name) for name, dtype in table.schema.items()
    )


def put(warehouse: Warehouse, rows: pl.DataFrame) -> None:
    """Rows (``article_id, title, text, at`` and, where placed, ``story_id, terms, details``) of every table they need."""
    same = ("document_id", "fetch_id", "url", "canonical_url", "content_sha256", "text_sha256", "origin_id")
    said = {"run_id": "r", "source_id": "s", "method": "url", "status": "ok", "media_type": "text/html", "stored_at": "p",
            "published_precision": "second", "extractor": "x", "form": "article"}  # fmt: skip
    base = rows.with_columns(
        *(pl.col("article_id").alias(name) for name in same),
        *(pl.col("at").alias(name) for name in ("fetched_at", "requested_at", "published_at")),
        *(pl.lit(value).alias(name) for name, value in said.items()),
        position=pl.lit(0), authors=pl.lit([], dtype=pl.List(pl.String)), word_count=pl.lit(1), version_no=pl.lit(1),
        is_current=pl.lit(value=True),
    )  # fmt: skip
    with warehouse.transaction() as transaction:
        for table in (FETCHES, DOCUMENTS, ARTICLES):
            transaction.insert_new(table, as_declared(table, base))
        if "story_id" in rows.columns:
            transaction.insert_new(STORY_ARTICLES, rows.select("story_id", "article_id"))
        if "terms" in rows.columns:
            transaction.insert_new(
                STORY_FEATURES, rows.select("article_id", pl.lit(FEATURES).alias("made_by"), "terms", "details")
            )


def fill(warehouse: Warehouse, corpus: pl.DataFrame, count: int, days: tuple[int, int], name: str, *, features: bool) -> None:
    """``count`` articles placed already, spread over ``days`` before the last."""
    cut = [cut_words(t, x) for t, x in corpus.select("title", "text").iter_rows()] if features else []
    first, last = days
    for round_no, start in enumerate(range(0, count, corpus.height)):
        size = min(corpus.height, count - start)
        table = word_table(round_no + 1)
        ids = [f"{name}{round_no}-{n}" for n in range(size)]
        at = [LAST_DAY - timedelta(days=first - (first - last) * n / size) for n in range(size)]
        story = [stable_id("story", ids[n - n % STORY]) for n in range(size)]
        rows = pl.DataFrame({"article_id": ids, "at": at, "story_id": story}).with_columns(title=pl.lit(""), text=pl.lit(""))
        if features:
            terms = [exchanged(np.frombuffer(t, "<u4"), 2, table, round_no) for t, _ in cut[:size]]
            details = [details_of(d, table, round_no) for _, d in cut[:size]]
            rows = rows.with_columns(terms=pl.Series(terms, dtype=pl.Binary), details=pl.Series(details, dtype=pl.Binary))
        put(warehouse, rows)


def measured(warehouse: Warehouse, new: pl.DataFrame) -> dict[str, float]:
    put(warehouse, new)
    wall, cpu = time.perf_counter(), time.process_time()
    counts = place_stories(warehouse)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    if counts.placed != new.height:
        raise RuntimeError(f"{counts.placed} of {new.height} placed")
    figures = {"articles": new.height, "cpu_seconds": round(cpu, 2), "wall_seconds": round(wall, 2)}
    return {
        **figures,
        "articles_per_cpu_second": round(new.height / cpu, 1),
        "stories": counts.stories,
        "changes": counts.changes,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--window", type=int, default=200_000)
    parser.add_argument("--new", type=int, default=4_000)
    given = parser.parse_args()
    corpus = pl.read_parquet(given.corpus).sort("published_on", "article_id").unique("article_id", maintain_order=True)
    corpus = corpus.select("article_id", pl.col("title").fill_null(""), pl.col("text").fill_null(""))
    corpus = corpus.with_columns(text=pl.col("title") + "\n\n" + pl.col("text")).head(given.window)
    fresh = corpus.sample(2 * given.new, seed=1, shuffle=True).with_columns(at=pl.lit(LAST_DAY + timedelta(hours=6)))
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder) / "w.duckdb")
        fill(warehouse, corpus, given.window, (WINDOW_DAYS, 0), "w", features=True)
        sys.stdout.write("window filled\n")
        sys.stdout.flush()
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here on
        few = measured(warehouse, fresh.slice(0, 200))
        first = measured(warehouse, fresh.slice(200, given.new))
        sys.stdout.write(f"{few}\n{first}\n")
        sys.stdout.flush()
        peak = int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))[0]) / 1e6
        once = measured(warehouse, fresh.slice(200 + given.new, 200))
        fill(warehouse, corpus, given.window, (90, 40), "p", features=False)
        second = measured(warehouse, fresh.slice(400 + given.new, 200))
    each = (first["cpu_seconds"] - few["cpu_seconds"]) / (first["articles"] - few["articles"])
    result = {
        "about": about("stories_rate", threads=1),
        "window": given.window,
        "batch": first,
        "small_batch": few,
        "cpu_seconds_an_article_more": round(each, 5),
        "articles_a_cpu_second_in_a_day_of_20000": round(20_000 / (few["cpu_seconds"] + each * (20_000 - few["articles"])), 1),
        "small_batch_before_the_past_doubles": once,
        "small_batch_with_twice_the_past": second,
        "twice_the_past_to_once": round(second["cpu_seconds"] / once["cpu_seconds"], 3),
        "peak_memory_gb": round(peak, 2),
    }  # fmt: skip
    keep("stories_rate", result)


if __name__ == "__main__":
    main()
