"""Pairs compared a second: the whole of the relations, and the cross-encoder by itself.

    python -m tests.benchmarks.relations_rate ../shared/data/contradictions [--articles 300] [--copies 4] [--workers 2]

The first articles of the train set are read by the pipeline, and their claims then stand there several times under other ids, so
that the start of the workers (which is in the figures) weighs as it does in a day's run. What is counted: *pairs compared* are
the pairs of sentences that the candidates propose and the verdicts judge, the encoder's opinion included where it is asked (a row
of analysis.claim_relations each, two where two sentences share two slots); *encoder pairs* those of them that the encoder reads,
which is what costs most, each once though some are read in both orders. The encoder by itself reads the same proposals, one
process, one way and both ways. Wall seconds beside CPU seconds of all processes. Writes results/relations_rate.json.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.compare import relations
from pipelines.compare.parts import Part, compare_part
from pipelines.models.cross_encoder import load_judge
from pipelines.orchestration.assets.relation_writes import write_relations
from pipelines.tables import CLAIM_RELATIONS, COMPARED_FACTS, COMPARISONS, STORY_ARTICLES, stable_id
from pipelines.warehouse import Warehouse
from tests.benchmarks.read_articles import LAST_DAY, Base, arguments, keep, put, seconds, warehouse_of


def copies(read: Warehouse, path: Path, count: int) -> Warehouse:
    """A warehouse in which every story of ``read`` stands ``count`` times, each article of it in an outlet of its own."""
    made, base = Warehouse(path), Base(read)
    for copy in range(count):
        rows = base.articles.select(
            (pl.col("article_id") + f"~{copy}").alias("article_id"),
            "base",
            pl.lit(LAST_DAY + timedelta(hours=copy)).alias("at"),
            pl.format("outlet {}", pl.int_range(pl.len()).over("story_id")).alias("outlet_id"),
        )
        stories = base.articles.select(
            (pl.col("article_id") + f"~{copy}").alias("article_id"),
            pl.col("story_id").map_elements(lambda story, copy=copy: stable_id(story, copy), return_dtype=pl.String),
        )
        with made.transaction() as transaction:
            put(transaction, base, rows)
            transaction.insert_new(STORY_ARTICLES, stories.select("story_id", "article_id"))
    return made


class Counted:
    """What is asked of whom, in this process."""

    def __init__(self) -> None:
        self.pairs: set[tuple[str, int, str, int]] = set()
        self.asked: list[tuple[Any, Any]] = []

    def watch(self) -> None:
        """Count every pair of sentences judged from here on, and keep what the encoder is asked."""
        judged, shipped = relations.judge_slots, load_judge()

        def judge_slots(a: Any, b: Any, *given: Any, **named: Any) -> Any:
            self.pairs.add((a.article_id, a.sentence_no, b.article_id, b.sentence_no))
            return judged(a, b, *given, **named)

        relations.judge_slots = judge_slots
        if shipped is not None:
            ask = shipped[0].judge

            def judge(pairs: Sequence[tuple[Any, Any]], **named: Any) -> Any:
                self.asked += pairs
                return ask(pairs, **named)

            shipped[0].judge = judge  # type: ignore[method-assign]


def whole(warehouse: Warehouse) -> Part:
    """Everything in a warehouse as one part."""
    with warehouse.transaction() as transaction:
        claims = transaction.query(
            "select c.* replace (null::varchar as canonical_url), s.story_id, a.title from intermediate.int_claims as c"
            " join analysis.story_articles as s using (article_id) join raw.articles as a using (article_id)"
        )
        facts = {table.name: transaction.query(f"select * from {table.relation}") for table in COMPARED_FACTS}
    return Part(claims, **facts)


def encoder_alone(pairs: Sequence[tuple[Any, Any]]) -> dict[str, float]:
    """Pairs a second of one process."""
    shipped = load_judge()
    if shipped is None or not pairs:
        return {}
    figures = {"pairs": len(pairs)}
    for name, both_ways in (("one_way", False), ("both_ways", True)):
        start = time.process_time()
        shipped[0].judge(pairs, both_ways=both_ways)
        figures[f"pairs_a_cpu_second_{name}"] = round(len(pairs) / (time.process_time() - start), 1)
    return figures


def main() -> None:
    parser = arguments("--articles", 300)
    parser.add_argument("--copies", type=int, default=4)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        read = warehouse_of(given, Path(folder) / "read")
        warehouse = copies(read, Path(folder) / "w.duckdb", given.copies)
        load, start = os.getloadavg()[0], seconds()
        counts = write_relations(warehouse, workers=given.workers)
        end = seconds()
        rows = warehouse.read(f"select count(*) from {CLAIM_RELATIONS.relation}").item()
        stories = warehouse.read(f"select count(*) from {COMPARISONS.relation}").item()
        counted = Counted()
        counted.watch()
        compare_part(whole(read))
    wall, cpu = end[0] - start[0], end[1] - start[1]
    pairs, asked = len(counted.pairs) * given.copies, len(counted.asked) * given.copies
    result = {
        "articles": counts.articles, "stories": stories, "pairs_compared": pairs, "rows": rows, "encoder_pairs": asked,
        "wall_seconds": round(wall, 1), "cpu_seconds": round(cpu, 1),
        "pairs_compared_a_second": round(pairs / wall, 1), "pairs_compared_a_cpu_second": round(pairs / cpu, 1),
        "encoder_pairs_a_second": round(asked / wall, 1), "articles_a_second": round(counts.articles / wall, 1),
        "encoder_alone": encoder_alone((counted.asked * 40)[:400]),
    }  # fmt: skip
    keep("relations_rate", given, load, result)


if __name__ == "__main__":
    main()
