"""What the final models are fitted on: train articles as the pipeline reads and searches them, with their gold."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pipelines.compare.proposed import GivenPairs, Searched
from pipelines.compare.verdicts import signals
from pipelines.evaluation.contradictions import locate_pairs, read_lines
from pipelines.evaluation.given_pairs import given_sentences
from pipelines.evaluation.search import search_warehouse
from pipelines.evaluation.whole_run import run_on_records, stored_texts
from pipelines.warehouse import Warehouse


def read_gold(articles: Path, pairs: Path) -> tuple[Searched, GivenPairs]:
    """Run the pipeline on articles with gold; gives what its search proposes, unranked, and the gold pairs.

    Raises:
        RuntimeError: the run failed.
    """
    with tempfile.TemporaryDirectory(prefix="counterclaim-") as folder:
        return read_gold_from(run_on_records(read_lines(articles), Path(folder)), articles, pairs)


def read_gold_from(warehouse: Warehouse, articles: Path, pairs: Path) -> tuple[Searched, GivenPairs]:
    """:func:`read_gold` on a warehouse that holds a run on the articles."""
    records, gold = read_lines(articles), read_lines(pairs)
    asked, kept = locate_pairs(stored_texts(warehouse), {record["article_id"]: record for record in records}, gold)
    numbers = {id(pair): number for number, pair in enumerate(gold)}
    given = GivenPairs(
        [numbers[id(pair)] for pair in kept],
        [signals(one, other) for one, other in given_sentences(warehouse, asked)],
        [str(pair["relation"]) for pair in kept],
        [pair["kind"] for pair in kept],
        [str(pair["event"]) for pair in kept],
    )
    return search_warehouse(warehouse, records, gold), given
