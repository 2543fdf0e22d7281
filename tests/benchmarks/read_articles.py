"""What the benchmarks of the comparison share: articles that the pipeline has read, written anew under other ids, and how it is
kept what was measured.
"""

from __future__ import annotations

import argparse
import re
import resource
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipelines.compare.story_features import FEATURES, WORDS, background, cut_words
from pipelines.evaluation.contradictions import read_lines
from pipelines.evaluation.whole_run import run_on_records
from pipelines.tables import (
    ARTICLES,
    ATTRIBUTIONS,
    CLAIM_RELATIONS,
    DOCUMENTS,
    FETCHES,
    MENTIONS,
    QUANTITIES,
    SENTENCES,
    STORY_ARTICLES,
    STORY_FEATURES,
    TIMES,
)
from pipelines.warehouse import Transaction, Warehouse
from tests.benchmarks import kept
from tests.benchmarks.stories_rate import as_declared

LAST_DAY = datetime(2031, 3, 31, tzinfo=UTC)
BAND = 64
WORD = re.compile(r"[^\W\d_]{3,}")
FACTS = (ATTRIBUTIONS, QUANTITIES, TIMES)


def arguments(articles: str, count: int) -> argparse.ArgumentParser:
    """The arguments that both take; ``articles`` is the option that says how many the pipeline reads, ``count`` unless told."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument(articles, type=int, default=count, dest="articles")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--warehouse", type=Path, help="of a run on such articles, instead of running it")
    return parser


def warehouse_of(given: argparse.Namespace, folder: Path) -> Warehouse:
    """The first articles of the train set, read by the pipeline under ``folder``, or the warehouse named."""
    if given.warehouse:
        return Warehouse(given.warehouse)
    return run_on_records(read_lines(given.data / "train_articles.jsonl.gz")[: given.articles], folder)


def keep(name: str, given: argparse.Namespace, load: float, result: Mapping[str, Any]) -> None:
    """Print a result and write it to results/NAME.json, with the commit, the cores, the command and the load before it."""
    kept.keep(name, {"about": kept.about(name, workers=given.workers, load_before=round(load, 1)), **result})


def seconds() -> tuple[float, float]:
    """Wall and CPU seconds, of this process and its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in used)


class Base:
    """Articles that the pipeline has read, with everything that it keeps of them."""

    def __init__(self, warehouse: Warehouse) -> None:
        read = warehouse.read
        self.articles = read(
            "select a.article_id, s.story_id, a.title, a.text from raw.articles as a"
            " join analysis.story_articles as s using (article_id) order by s.story_id, a.article_id"
        ).with_row_index("base")
        self.claims = read("select * from intermediate.int_claims order by claim_id")
        self.facts = {table.name: read(f"select * from {table.relation}") for table in (*FACTS, MENTIONS)}
        self.relations = read(f"select * from {CLAIM_RELATIONS.relation}")
        self.stories = [part["base"].to_list() for part in self.articles.partition_by("story_id", maintain_order=True)]
        self.texts = list(self.articles.select("title", "text").iter_rows())
        self.cut = [cut_words(title, text) for title, text in self.texts]
        counted = Counter(word for _, text in self.texts for word in {w.lower() for w in WORD.findall(text)})
        numbers = np.unique(np.concatenate([np.frombuffer(blob, "<u4") >> 8 for terms in self.cut for blob in terms]))
        counts = background().counts
        self._numbers = np.array(sorted((n for n in numbers.tolist() if n < WORDS), key=lambda n: (-counts[n], n)))
        self._words = np.array(sorted(counted, key=lambda word: (-counted[word], word)))

    def table(self, seed: int) -> dict[str, str]:
        """Each word and the one that it is exchanged for."""
        return dict(zip(self._words.tolist(), self._words[shuffled(len(self._words), seed)].tolist(), strict=True))

    def numbers(self, seed: int) -> np.ndarray:
        """The same of words by their numbers."""
        made = np.arange(WORDS)
        made[self._numbers] = self._numbers[shuffled(len(self._numbers), seed)]
        return made


def shuffled(count: int, seed: int) -> np.ndarray:
    """An order in which each stays among its neighbours."""
    return np.argsort(np.arange(count) // BAND + np.random.default_rng(seed).random(count))


def put(transaction: Transaction, base: Base, rows: pl.DataFrame) -> None:
    """Articles (``article_id, base, at, outlet_id`` and, where there, ``title, text, story_id, terms, details``) as read."""
    same = ("document_id", "fetch_id", "url", "content_sha256", "text_sha256", "origin_id")
    said = {"run_id": "r", "source_id": "s", "method": "url", "status": "ok", "media_type": "text/html", "stored_at": "p",
            "published_precision": "second", "extractor": "x", "form": "article", "reader": "r"}  # fmt: skip
    whole = rows.with_columns(
        *(pl.col("article_id").alias(name) for name in same),
        *(pl.col("at").alias(name) for name in ("fetched_at", "requested_at", "published_at")),
        *(pl.lit(value).alias(name) for name, value in said.items()),
        *(pl.lit("").alias(name) for name in ("title", "text") if name not in rows.columns),
        position=pl.lit(0), authors=pl.lit([], dtype=pl.List(pl.String)), word_count=pl.lit(1), version_no=pl.lit(1),
        is_current=pl.lit(value=True), sentence_no=pl.lit(0), char_start=pl.lit(0), char_end=pl.lit(1),
    )  # fmt: skip
    for table in (FETCHES, DOCUMENTS, ARTICLES, SENTENCES):
        transaction.insert_new(table, as_declared(table, whole))
    if "story_id" in rows.columns:
        transaction.insert_new(STORY_ARTICLES, rows.select("story_id", "article_id"))
        transaction.insert_new(STORY_FEATURES, rows.select("article_id", pl.lit(FEATURES).alias("made_by"), "terms", "details"))
    copies = rows.select("article_id", "base", "at", "outlet_id").join(
        base.articles.select("base", pl.col("article_id").alias("original")), on="base"
    )
    frames = {"copies": copies, "base_claims": base.claims}
    transaction.query(
        "create schema if not exists intermediate;"
        "create table if not exists intermediate.int_claims as select * from base_claims limit 0;"
        "insert into intermediate.int_claims select b.* replace (b.claim_id || c.article_id as claim_id,"
        " c.article_id as article_id, c.outlet_id as outlet_id, c.article_id as origin_id, c.at as published_at,"
        " null as canonical_url, 1 as version_no, true as is_current)"
        " from copies as c join base_claims as b on c.original = b.article_id",
        **frames,
    )
    for table in FACTS:
        transaction.query(
            f"insert into {table.relation} select f.* replace (f.claim_id || c.article_id as claim_id)"
            " from copies as c join base_claims as b on c.original = b.article_id join facts as f on b.claim_id = f.claim_id",
            facts=base.facts[table.name],
            **frames,
        )
    transaction.query(
        f"insert into {MENTIONS.relation} select f.* replace (f.mention_id || c.article_id as mention_id,"
        " c.article_id as article_id) from copies as c join facts as f on c.original = f.article_id",
        facts=base.facts[MENTIONS.name],
        copies=copies,
    )
    if "story_id" in rows.columns:
        transaction.query(
            f"insert into {CLAIM_RELATIONS.relation} select r.* replace (r.claim_a_id || c.article_id as claim_a_id,"
            " r.claim_b_id || d.article_id as claim_b_id, c.story_id as comparison_id)"
            " from base_relations as r join base_claims as x on r.claim_a_id = x.claim_id"
            " join base_claims as y on r.claim_b_id = y.claim_id"
            " join copies as c on c.original = x.article_id join copies as d on d.original = y.article_id"
            " where c.story_id = d.story_id and c.article_id <> d.article_id",
            copies=rows.select("article_id", "story_id", "base").join(
                base.articles.select("base", pl.col("article_id").alias("original")), on="base"
            ),
            base_relations=base.relations,
            base_claims=base.claims,
        )
