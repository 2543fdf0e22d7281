"""What the final models are fitted on: train articles as the pipeline reads and searches them, with their labels."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.compare.entailment import Judge
from pipelines.compare.proposed import GivenPairs, Searched, pair_id
from pipelines.compare.verdicts import signals
from pipelines.evaluation.contradictions import locate_pairs, quoted_sides, read_lines
from pipelines.evaluation.given_pairs import given_sentences
from pipelines.evaluation.search import search_warehouse
from pipelines.evaluation.whole_run import run_on_records, stored_texts
from pipelines.models.cross_encoder import load_judge
from pipelines.warehouse import Warehouse


def read_gold(
    folder: Path, labels: Sequence[Mapping[str, Any]] = (), articles: Iterable[Mapping[str, Any]] = ()
) -> tuple[Searched, GivenPairs]:
    """Run the pipeline on labelled articles; gives what its search proposes, unranked, and the labelled pairs.

    Args:
        folder: with ``train_articles.jsonl.gz`` and ``train_pairs.jsonl``, the gold.
        labels: more labelled pairs, by article and offsets (``data/gold/relations``).
        articles: those that labels name and that are in no event of the gold.

    Raises:
        RuntimeError: the run failed.
        ValueError: a label names an article that is nowhere.
    """
    records, pairs = read_labelled(folder, labels, articles)
    with tempfile.TemporaryDirectory(prefix="counterclaim-") as home:
        return read_gold_from(run_on_records(records, Path(home)), records, pairs)


def judge_in(folder: Path) -> Judge:
    """The encoder in a folder with the weights of the final models that go with it.

    Raises:
        FileNotFoundError: one of the two is missing.
    """
    made = load_judge(folder)
    if made is None:
        raise FileNotFoundError(f"{folder} lacks model.onnx or decision.json: train entailment and train decision make them")
    return Judge(*made)


def read_verdicts(
    folder: Path, verdicts: Sequence[Mapping[str, Any]], articles: Iterable[Mapping[str, Any]], asked: Mapping[str, Any]
) -> Searched:
    """Run the pipeline on the articles of pairs that readers judged, and search them as a run does.

    Args:
        folder: with the articles of the gold, as for :func:`read_gold`.
        verdicts: the judged pairs, by article and offsets (``data/gold/relations/asked*.jsonl``).
        articles: those that verdicts name and that are in no event of the gold.
        asked: what ranks the pairs (``asked`` of ``decision.json``).

    Returns:
        What the search asks about, with the readers' ``relation``, None of what they did not judge; a story is those of its
        articles that verdicts name.

    Raises:
        RuntimeError: the run failed.
        ValueError: a verdict names an article that is not given.
    """
    records, pairs = read_labelled(folder, verdicts, articles)
    named = {row[f"article_{side}"] for row in verdicts for side in "ab"}
    records = [record for record in records if record["article_id"] in named]
    pairs = [pair for pair in pairs if not pair["is_gold"]]
    with tempfile.TemporaryDirectory(prefix="counterclaim-") as home:
        return search_warehouse(run_on_records(records, Path(home)), records, pairs, asked)


def read_labelled(
    folder: Path, labels: Sequence[Mapping[str, Any]] = (), articles: Iterable[Mapping[str, Any]] = ()
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The labelled articles and their pairs, those of the gold first, all in the gold's format.

    Of a story outside the gold only the articles are taken that a label names: nobody has read the others. A label in an event
    of the gold bears its number. Arguments as for :func:`read_gold`.

    Raises:
        ValueError: a label names an article that is nowhere.
    """
    records = {record["article_id"]: record for record in read_lines(folder / "train_articles.jsonl.gz")}
    pairs = [{**pair, "is_gold": True} for pair in read_lines(folder / "train_pairs.jsonl")]
    story_of = {row[f"article_{side}"]: row["story_id"] for row in labels for side in "ab"}
    for article in articles:
        if article["article_id"] in story_of:
            records.setdefault(article["article_id"], {**article, "event": story_of[article["article_id"]]})
    return list(records.values()), pairs + [_as_gold(row, records) for row in labels]


def _as_gold(row: Mapping[str, Any], records: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    sides = {}
    for side in "ab":
        article = records.get(row[f"article_{side}"])
        if article is None:
            raise ValueError(
                f"pair {row['pair_id']} names article {row[f'article_{side}']}, which is not among the articles given"
            )
        sides[side] = {"article": article["article_id"], "quote": article["text"][row[f"start_{side}"] : row[f"end_{side}"]]}
    event = records[row["article_a"]]["event"]
    kept = {name: row.get(name) for name in ("pair_id", "relation", "kind", "level")}
    return {**sides, **kept, "event": event, "is_gold": False}


def _id_of(pair: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """The ``pair_id`` of a label, and of a pair of gold what it would be by the places of its quotes in the texts as given."""
    return str(pair["pair_id"]) if "pair_id" in pair else pair_id(*quoted_sides(pair, texts))


def read_gold_from(
    warehouse: Warehouse, records: list[dict[str, Any]], pairs: list[dict[str, Any]]
) -> tuple[Searched, GivenPairs]:
    """:func:`read_gold` on a warehouse that holds a run on the articles ``records``."""
    asked, kept = locate_pairs(stored_texts(warehouse), {record["article_id"]: record for record in records}, pairs)
    texts = {record["article_id"]: record["text"] for record in records}
    given = GivenPairs(
        [_id_of(pair, texts) for pair in kept],
        [signals(one, other) for one, other in given_sentences(warehouse, asked)],
        [str(pair["relation"]) for pair in kept],
        [pair["kind"] for pair in kept],
        [str(pair["event"]) for pair in kept],
        [pair["is_gold"] for pair in kept],
    )
    return search_warehouse(warehouse, records, pairs), given
