"""How well a careful reader does where the pipeline is measured from whole articles: a second reading of dev events, by gold.

    python -m tests.benchmarks.second_reader ../shared/data/contradictions

``second_reader.jsonl`` holds what readers who saw neither gold nor any other answer wrote down of 24 of the 50 dev events, by the
guidelines of gold: every contradiction between two articles, in the clearest sentence of each side (article ids and half-open
code points, no text). It measures only; nothing is fitted on it. A match is that of
:mod:`pipelines.evaluation.contradictions`: the same two articles, both sentences.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pipelines.evaluation.contradictions import overlaps, quoted_sides, read_lines
from tests.benchmarks.kept import about, keep

HERE: Final = Path(__file__).parent
Spans = Mapping[str, tuple[int, int]]


def spans_of(pair: Mapping[str, Any]) -> Spans:
    """Article id -> span, of a pair by offsets."""
    return {pair[f"article_{side}"]: (pair[f"start_{side}"], pair[f"end_{side}"]) for side in "ab"}


def quoted_spans(pair: Mapping[str, Any], texts: Mapping[str, str]) -> Spans:
    """Article id -> span, of a pair of gold.

    Raises:
        ValueError: a quote does not stand in its article.
    """
    return {article: (start, end) for article, start, end in quoted_sides(pair, texts)}


def shared_sides(one: Spans, other: Spans) -> int:
    """How many sides of two pairs of the same two articles match; -1 where they are of others."""
    return sum(overlaps(one[article], other[article]) for article in one) if one.keys() == other.keys() else -1


def figures(read: Sequence[Spans], gold: Sequence[Spans]) -> dict[str, float]:
    """Precision and recall by gold: both sentences, at least one, and the same two articles at all."""
    made: dict[str, float] = {"read": len(read), "gold": len(gold)}
    for name, least in (("both_sentences", 2), ("one_sentence", 1), ("two_articles", 0)):
        made[f"{name}.precision"] = sum(any(shared_sides(r, g) >= least for g in gold) for r in read) / len(read)
        made[f"{name}.recall"] = sum(any(shared_sides(r, g) >= least for r in read) for g in gold) / len(gold)
    return {name: round(value, 3) for name, value in made.items()}


def main() -> None:
    """Measure, print and write ``results/second_reader.json``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with articles.jsonl.gz and pairs.jsonl")
    given = parser.parse_args()
    texts = {record["article_id"]: record["text"] for record in read_lines(given.data / "articles.jsonl.gz")}
    rows = read_lines(HERE / "second_reader.jsonl")
    events = {row["event"] for row in rows}
    read = [spans_of(row) for row in rows if row["relation"] == "contradiction"]
    gold = [
        quoted_spans(pair, texts)
        for pair in read_lines(given.data / "pairs.jsonl")
        if pair["relation"] == "contradiction" and pair["event"] in events
    ]
    made = {
        "about": about("second_reader"),
        "events": len(events),
        **figures(read, gold),
    }
    keep("second_reader", made)


if __name__ == "__main__":
    main()
