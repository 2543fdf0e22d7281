"""Stories: B-cubed precision, recall and F1 of the groups that the product makes day by day, and how fast it makes them.

The articles of a file are placed by their days, as a daily run would, those without a date last. Beside it stands what comes
of the same articles in a single batch, and in batches of random articles and sizes, as from a backfill that comes in no order.

B-cubed (Bagga and Baldwin, ACL 1998): for each article, the share of its group that belongs with it (precision) and the
share of what belongs with it that is in its group (recall); the mean over articles.
"""

from __future__ import annotations

import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.compare.stories import StoryBook
from pipelines.tables import UTC_TIMESTAMP

_SUFFIX: Final = ".jsonl.gz"
#: Articles in a batch of random size, at most, and the seed of what is random.
_MOST_IN_BATCH: Final = 60
_SEED: Final = 1


def evaluate_stories(path: Path) -> dict[str, float]:
    """Figures on a file, or on every file of a folder but those named train, of articles with gold stories.

    Each file is grouped by itself. Gives ``b3_precision, b3_recall, b3_f1`` (mean over all articles) and
    ``articles_per_second`` together, and as ``<stem>.<metric>`` for each file. There, ``one_batch_b3_f1`` and
    ``random_batches_b3_f1`` are the same F1 for other batches, ``one_batch_agreement`` and ``random_batches_agreement`` the F1 of
    those groups held against the daily ones, and ``merged_or_split`` how often a story changed in the daily run.

    Raises:
        ValueError: there is no ``*.jsonl.gz`` to measure, or an article id stands twice in one file.
    """
    files = [path]
    if path.is_dir():
        files = sorted(file for file in path.glob(f"*{_SUFFIX}") if "train" not in file.name)
    if not files:
        raise ValueError(f"{path} holds no *{_SUFFIX} but training data")
    figures: dict[str, float] = {}
    sums: Counter[str] = Counter()
    for file in files:
        frame, gold = _read(file)
        started = time.perf_counter()
        daily = StoryBook(frame)
        daily.place()
        made = _made(daily)
        seconds = time.perf_counter() - started
        labels = [gold[a] for a in sorted(gold)]
        precision, recall = b_cubed(labels, made)
        stem = file.name.removesuffix(_SUFFIX)
        figures |= {f"{stem}.{name}": value for name, value in _figures(precision, recall).items()}
        figures[f"{stem}.articles_per_second"] = len(gold) / seconds
        figures[f"{stem}.articles"] = len(gold)
        figures[f"{stem}.merged_or_split"] = daily.changes().height
        for name, book in (("one_batch", _in_one_batch(frame)), ("random_batches", _in_random_batches(frame))):
            others = _made(book)
            figures[f"{stem}.{name}_b3_f1"] = _f1(*b_cubed(labels, others))
            figures[f"{stem}.{name}_agreement"] = _f1(*b_cubed(made, others))
        sums.update({"n": len(gold), "precision": precision * len(gold), "recall": recall * len(gold), "seconds": seconds})
    total = _figures(sums["precision"] / sums["n"], sums["recall"] / sums["n"])
    return total | {"articles_per_second": sums["n"] / sums["seconds"]} | figures


def b_cubed(gold: Sequence[str], made: Sequence[str]) -> tuple[float, float]:
    """B-cubed precision and recall of the groups ``made`` against ``gold``: labels of the same items, in one order."""
    together = Counter(zip(gold, made, strict=True))
    size_gold, size_made = Counter(gold), Counter(made)
    precision = sum(n * n / size_made[m] for (_, m), n in together.items()) / len(gold)
    recall = sum(n * n / size_gold[g] for (g, _), n in together.items()) / len(gold)
    return precision, recall


def _made(book: StoryBook) -> list[str]:
    """The story of each article, in the order of their ids."""
    return book.stories().sort("article_id")["story_id"].to_list()


def _in_one_batch(frame: pl.DataFrame) -> StoryBook:
    book = StoryBook(frame)
    book.place(whole=True)
    return book


def _in_random_batches(frame: pl.DataFrame) -> StoryBook:
    """Articles in no order, up to ``_MOST_IN_BATCH`` a run."""
    draw = random.Random(_SEED)
    order = sorted(frame["article_id"].to_list())
    draw.shuffle(order)
    book = StoryBook(frame)
    while order:
        size = draw.randint(1, _MOST_IN_BATCH)
        book.place(order[:size])
        order = order[size:]
    return book


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall)


def _figures(precision: float, recall: float) -> dict[str, float]:
    return {"b3_precision": precision, "b3_recall": recall, "b3_f1": _f1(precision, recall)}


def _read(file: Path) -> tuple[pl.DataFrame, dict[str, str]]:
    """The articles as the product gets them, and article id -> gold story."""
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8") as stream:
        records: list[dict[str, Any]] = [json.loads(line) for line in stream if line.strip()]
    gold = {str(record["article_id"]): str(record["story_id"]) for record in records}
    if not records or len(gold) < len(records):
        raise ValueError(f"{file}: no articles, or an article_id stands twice")
    rows = [
        {
            "article_id": str(record["article_id"]),
            "title": record.get("title") or "",
            "text": record.get("text") or "",
            "published_at": _midnight(record.get("published_on")),
        }
        for record in records
    ]
    schema: dict[str, pl.DataType] = {
        "article_id": pl.String(), "title": pl.String(), "text": pl.String(), "published_at": UTC_TIMESTAMP,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=pl.Schema(schema)), gold


def _midnight(day: str | None) -> datetime | None:
    return datetime.combine(date.fromisoformat(day[:10]), datetime.min.time(), UTC) if day else None
