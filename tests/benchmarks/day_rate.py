"""What a day costs to compare, stories and relations, into a past of 200,000 articles; and into one of twice as many.

    python -m tests.benchmarks.day_rate ../shared/data/contradictions [--past 200000] [--day 20000] [--base 240] [--workers 2]

A few hundred articles are read by the pipeline; everything else is made of them. The past: copies under other ids, half of them
alone and half in the stories of the originals, spread over the days that a story may last, with every row that the pipeline keeps
of an article (claims, hops, values, times, mentions, the words of the story, the pairs compared). In each copy every word is
exchanged for another that about as many articles have, so that copies tell of other events. The day: the same with texts, in
stories of the sizes that a month of the corpus of US politics has and some larger ones; one in ten joins a story of the days
before. Placed and compared by the product's own path (``place_stories``, ``write_relations``); dbt's part between the two is not
in it. Then the past is doubled by articles from long before, and the next day comes. Writes results/day_rate.json.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.compare.parts import comparer
from pipelines.compare.story_features import cut_words
from pipelines.compare.story_pairs import WINDOW_DAYS
from pipelines.orchestration.assets.relation_writes import _COMPARISONS, write_relations
from pipelines.orchestration.assets.story_writes import place_stories
from pipelines.tables import CLAIM_RELATIONS, COMPARISONS, stable_id
from pipelines.warehouse import Transaction, Warehouse
from tests.benchmarks.read_articles import LAST_DAY, WORD, Base, arguments, keep, put, seconds, warehouse_of
from tests.benchmarks.stories_rate import details_of, exchanged

OUTLETS = 300
#: Articles written at once.
AT_ONCE = 4_000
#: Stories of each size among 492 articles of October 2019 in the corpus of US politics, as the pipeline tells them apart; and for
#: 20,000 articles the few that everybody writes about.
SIZES = {1: 227, 2: 49, 3: 23, 4: 4, 5: 3, 6: 2, 7: 3, 8: 3, 10: 1}
LARGE = (100, 50, 30, 30, 30, 30)
#: The share of a day's articles that join a story of the two days before.
JOINING = 0.1


def reworded(text: str, table: dict[str, str], own: dict[str, str] | None, seed: int) -> str:
    """The text in the words of its event; ``own``: every fourth word by the article's own table."""
    draw = np.random.default_rng(seed)

    def exchange(match: re.Match[str]) -> str:
        low = match.group().lower()
        return (own if own is not None and draw.random() < 0.25 else table).get(low, low)

    return WORD.sub(exchange, text)


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
    parser = arguments("--base", 240)
    parser.add_argument("--past", type=int, default=200_000)
    parser.add_argument("--day", type=int, default=20_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = Base(warehouse_of(given, Path(folder) / "base"))
        sys.stdout.write(f"{base.articles.height} articles read, {base.claims.height} claims, {len(base.stories)} stories\n")
        warehouse = Warehouse(Path(folder) / "w.duckdb")
        fill(warehouse, base, given.past, (WINDOW_DAYS, 0), "w", features=True)
        load = os.getloadavg()[0]
        once = a_day(warehouse, base, given.day, LAST_DAY + timedelta(hours=1), name="d", workers=given.workers)
        fill(warehouse, base, given.past, (90, 40), "older", features=False)
        next_day = LAST_DAY + timedelta(days=1, hours=1)
        twice = a_day(warehouse, base, given.day, next_day, name="e", workers=given.workers)
        size = warehouse.path.stat().st_size
    result = {
        "past": given.past,
        "day": once,
        "day_with_twice_the_past": twice,
        "twice_the_past_to_once_cpu": round(float(str(twice["cpu_seconds"])) / float(str(once["cpu_seconds"])), 3),
        "twice_the_past_to_once_wall": round(float(str(twice["seconds"])) / float(str(once["seconds"])), 3),
        "minutes_a_day": round(float(str(once["seconds"])) / 60, 1),
        "minutes_of_cpu_a_day_of_20000": round(float(str(once["cpu_seconds"])) / 60 * 20_000 / given.day, 1),
        "warehouse_gb": round(size / 1e9, 2),
    }
    keep("day_rate", given, load, result)


if __name__ == "__main__":
    main()
