"""What a day costs to compare, stories and relations, into a past of 200,000 articles; and into one of twice as many.

    python -m tests.benchmarks.day_rate ../shared/data/contradictions [--past 200000] [--day 20000] [--base 240] [--home HOME]

A few hundred articles are read by the pipeline; everything else is made of them. The past: copies under other ids, half of them
alone and half in the stories of the originals, spread over the days that a story may last, with every row that the pipeline keeps
of an article (claims, hops, values, times, mentions, the words of the story, the pairs compared). In each copy every word is
exchanged for another that about as many articles have, so that copies tell of other events. The day: the same with texts, in
stories of the sizes that a month of the corpus of US politics has and some larger ones; one in ten joins a story of the days
before. Placed and compared by the product's own path (``place_stories``, ``write_relations``); dbt's part between the two is not
in it. Then the past is doubled by articles from long before, and the next day comes. Writes results/day_rate.json.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.compare.parts import comparer
from pipelines.compare.story_features import FEATURES, WORDS, background, cut_words
from pipelines.compare.story_pairs import WINDOW_DAYS
from pipelines.evaluation.contradictions import read_lines
from pipelines.evaluation.whole_run import run_on_records
from pipelines.orchestration.assets.relation_writes import _COMPARISONS, write_relations
from pipelines.orchestration.assets.story_writes import place_stories
from pipelines.tables import (
    ARTICLES,
    ATTRIBUTIONS,
    CLAIM_RELATIONS,
    COMPARISONS,
    DOCUMENTS,
    FETCHES,
    MENTIONS,
    QUANTITIES,
    SENTENCES,
    STORY_ARTICLES,
    STORY_FEATURES,
    TIMES,
    stable_id,
)
from pipelines.warehouse import Transaction, Warehouse
from tests.benchmarks.stories_rate import as_declared, details_of, exchanged

RESULTS = Path(__file__).parent / "results"
LAST_DAY = datetime(2031, 3, 31, tzinfo=UTC)
OUTLETS = 300
BAND = 64
#: Articles written at once.
AT_ONCE = 4_000
#: Stories of each size among 492 articles of October 2019 in the corpus of US politics, as the pipeline tells them apart; and for
#: 20,000 articles the few that everybody writes about.
SIZES = {1: 227, 2: 49, 3: 23, 4: 4, 5: 3, 6: 2, 7: 3, 8: 3, 10: 1}
LARGE = (100, 50, 30, 30, 30, 30)
#: The share of a day's articles that join a story of the two days before.
JOINING = 0.1
WORD = re.compile(r"[^\W\d_]{3,}")
FACTS = (ATTRIBUTIONS, QUANTITIES, TIMES)


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


def reworded(text: str, table: dict[str, str], own: dict[str, str] | None, seed: int) -> str:
    """The text in the words of its event; ``own``: every fourth word by the article's own table."""
    draw = np.random.default_rng(seed)

    def exchange(match: re.Match[str]) -> str:
        low = match.group().lower()
        return (own if own is not None and draw.random() < 0.25 else table).get(low, low)

    return WORD.sub(exchange, text)


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


def fill(warehouse: Warehouse, base: Base, count: int, days: tuple[float, float], name: str, *, features: bool) -> None:
    """``count`` articles placed and compared already, spread over ``days`` before the last."""
    first, last = days
    made, round_no, waiting = 0, 0, []
    draw = np.random.default_rng(len(name))
    while made < count:
        round_no += 1
        table = base.numbers(round_no) if features else None
        # Every other round stands alone, article by article.
        groups = base.stories if round_no % 2 else [[row] for story in base.stories for row in story]
        listed = [(row, f"{name}{round_no}-{group[0]}-{n}") for n, group in enumerate(groups) for row in group]
        listed = listed[: count - made]
        start = first - (first - last) * made / count
        rows = pl.DataFrame({
            "article_id": [f"{name}{round_no}-{row}" for row, _ in listed],
            "base": pl.Series([row for row, _ in listed], dtype=pl.UInt32),
            "story_id": [stable_id("story", story) for _, story in listed],
            "at": [LAST_DAY - timedelta(days=start) + timedelta(seconds=n) for n in range(len(listed))],
            "outlet_id": [f"outlet {n}" for n in draw.integers(0, OUTLETS, len(listed))],
        })  # fmt: skip
        terms, details = [b""] * len(listed), [b""] * len(listed)
        if table is not None:
            cut = [base.cut[row] for row, _ in listed]
            terms = [exchanged(np.frombuffer(t, "<u4"), 2, table, round_no) for t, _ in cut]
            details = [details_of(d, table, round_no) for _, d in cut]
        waiting.append(rows.with_columns(terms=pl.Series(terms, dtype=pl.Binary), details=pl.Series(details, dtype=pl.Binary)))
        made += rows.height
        if made >= count or len(waiting) * rows.height >= AT_ONCE:
            with warehouse.transaction() as transaction:
                put(transaction, base, pl.concat(waiting))
            waiting = []
    with warehouse.transaction() as transaction:
        up_to_date(transaction)
    sys.stdout.write(f"{made} articles of the past {name}\n")
    sys.stdout.flush()


def up_to_date(transaction: Transaction) -> None:
    """Say of every comparison that it has been made."""
    there = transaction.query(_COMPARISONS, [comparer()]).filter(pl.col("inputs").is_not_null())
    transaction.upsert(COMPARISONS, there.select(COMPARISONS.schema.names()))


def sizes(count: int) -> Iterator[int]:
    """Sizes of stories that hold ``count`` articles together."""
    large = [size for size in LARGE if size <= count * 0.05][: max(1, round(len(LARGE) * count / 20_000))]
    yield from large
    left = count - sum(large)
    draw = np.random.default_rng(1)
    stories = np.repeat(list(SIZES), list(SIZES.values()))
    while left > 0:
        size = min(int(draw.choice(stories)), left)
        yield size
        left -= size


def new_articles(base: Base, count: int, at: datetime, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Articles of a day with their texts, and those of the two days before whose stories some of them join."""
    many = [story for story in base.stories if len(story) > 1]
    rows: list[dict[str, object]] = []
    earlier: list[dict[str, object]] = []
    draw = np.random.default_rng(count)
    for number, size in enumerate(sizes(count)):
        seed = number + 1_000_000 * ord(name[0])
        table, story = base.table(seed), many[number % len(many)]
        for n in range(size):
            row = story[n % len(story)]
            own = base.table(seed + 7_919 * n) if n >= len(story) else None
            title, text = (reworded(part, table, own, seed + n) for part in base.texts[row])
            rows.append({"article_id": f"{name}{number}-{n}", "base": row, "title": title, "text": text,
                         "at": at + timedelta(seconds=float(draw.uniform(0, 80_000))),
                         "outlet_id": f"outlet {draw.integers(0, OUTLETS)}"})  # fmt: skip
        if size < 3 and draw.random() < JOINING / 0.6:
            row = story[-1]
            title, text = (reworded(part, table, None, seed) for part in base.texts[row])
            terms, details = cut_words(title, text)
            earlier.append({"article_id": f"{name}{number}-before", "base": row, "story_id": stable_id("story", name, number),
                            "at": at - timedelta(days=float(draw.uniform(0.1, 2))), "outlet_id": "outlet x", "terms": terms,
                            "details": details})  # fmt: skip
    schema = {"base": pl.UInt32}
    return pl.DataFrame(rows, schema_overrides=schema), pl.DataFrame(earlier, schema_overrides=schema)


def seconds() -> tuple[float, float]:
    """Wall and CPU seconds, of this process and its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in used)


def a_day(warehouse: Warehouse, base: Base, count: int, at: datetime, *, name: str, workers: int) -> dict[str, object]:
    """Place and compare a day's articles."""
    new, earlier = new_articles(base, count, at, name)
    with warehouse.transaction() as transaction:
        if earlier.height:
            put(transaction, base, earlier)
            up_to_date(transaction)
        put(transaction, base, new)
    before = warehouse.read(f"select count(*) from {CLAIM_RELATIONS.relation}").item()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here on
    start = seconds()
    stories = place_stories(warehouse)
    placed = seconds()
    relations = write_relations(warehouse, workers=workers)
    compared = seconds()
    peak = int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))[0]) / 1e6
    again = write_relations(warehouse, workers=workers)
    rerun = seconds()
    if stories.placed != new.height or again.compared:
        raise RuntimeError(f"{stories.placed} of {new.height} placed; {again.compared} compared again")
    told = warehouse.read(
        "select size, count(*) from (select count(*) as size from analysis.story_articles group by story_id"
        " having bool_or(article_id in (select article_id from new))) group by all order by all",
        new=new.select("article_id"),
    )
    figures: dict[str, object] = {"articles": new.height, "stories_by_size": dict(told.iter_rows())}
    for what, one, other in (("stories", start, placed), ("relations", placed, compared), ("rerun", compared, rerun)):
        figures[f"{what}_seconds"] = round(other[0] - one[0], 1)
        figures[f"{what}_cpu_seconds"] = round(other[1] - one[1], 1)
    pairs = sum(relations.pairs.values())
    figures |= {
        "seconds": round(compared[0] - start[0], 1), "cpu_seconds": round(compared[1] - start[1], 1),
        "stories_compared": relations.compared, "articles_compared": relations.articles, "pairs_of_claims_more": pairs - before,
        "pairs_of_claims": pairs, "peak_memory_gb": round(peak, 2),
    }  # fmt: skip
    sys.stdout.write(f"{figures}\n")
    sys.stdout.flush()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--past", type=int, default=200_000)
    parser.add_argument("--day", type=int, default=20_000)
    parser.add_argument("--base", type=int, default=240)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--warehouse", type=Path, help="of a run on such articles, instead of running it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.warehouse:
            read = Warehouse(given.warehouse)
        else:
            records = read_lines(given.data / "train_articles.jsonl.gz")[: given.base]
            read = run_on_records(records, Path(folder) / "base")
        base = Base(read)
        sys.stdout.write(f"{base.articles.height} articles read, {base.claims.height} claims, {len(base.stories)} stories\n")
        warehouse = Warehouse(Path(folder) / "w.duckdb")
        fill(warehouse, base, given.past, (WINDOW_DAYS, 0), "w", features=True)
        once = a_day(warehouse, base, given.day, LAST_DAY + timedelta(hours=1), name="d", workers=given.workers)
        fill(warehouse, base, given.past, (90, 40), "older", features=False)
        next_day = LAST_DAY + timedelta(days=1, hours=1)
        twice = a_day(warehouse, base, given.day, next_day, name="e", workers=given.workers)
        size = warehouse.path.stat().st_size
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    result = {
        "about": {
            "commit": commit, "cores": os.cpu_count(), "workers": given.workers, "load_before": round(os.getloadavg()[2], 1),
            "command": "python -m tests.benchmarks.day_rate " + " ".join(sys.argv[1:]),
            "measured_at": datetime.now(UTC).isoformat(timespec="minutes"),
        },
        "past": given.past,
        "day": once,
        "day_with_twice_the_past": twice,
        "twice_the_past_to_once_cpu": round(float(str(twice["cpu_seconds"])) / float(str(once["cpu_seconds"])), 3),
        "twice_the_past_to_once_wall": round(float(str(twice["seconds"])) / float(str(once["seconds"])), 3),
        "minutes_a_day": round(float(str(once["seconds"])) / 60, 1),
        "warehouse_gb": round(size / 1e9, 2),
    }  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "day_rate.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
