"""Contradictions: from whole articles, nothing given but the articles; and between sentence pairs that gold gives.

The definitions are those of the annotators: a match needs the same two articles and both sentences.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import polars as pl
from sklearn.metrics import average_precision_score, f1_score, precision_recall_curve

from pipelines.compare.proposed import Place
from pipelines.evaluation.whole_run import run_on_records, stored_texts, text_sha256
from pipelines.warehouse import Warehouse

#: Where both sentences of each ``pair`` of claims stand, by the documents of their articles.
_PLACES: Final = """
        da.content_sha256 as sha_a, sa.char_start as start_a, sa.char_end as end_a,
        db.content_sha256 as sha_b, sb.char_start as start_b, sb.char_end as end_b
"""
_JOINED: Final = """
    join raw.claims as ca on ca.claim_id = pair.claim_a_id
    join raw.claims as cb on cb.claim_id = pair.claim_b_id
    join raw.sentences as sa on sa.article_id = ca.article_id and sa.sentence_no = ca.sentence_no
    join raw.sentences as sb on sb.article_id = cb.article_id and sb.sentence_no = cb.sentence_no
    join raw.articles as aa on aa.article_id = ca.article_id
    join raw.articles as ab on ab.article_id = cb.article_id
    join raw.documents as da on da.document_id = aa.document_id
    join raw.documents as db on db.document_id = ab.document_id
"""

#: What is told, with where both sentences stand: the SHA-256 of each article and half-open code points of the sentence.
EMITTED: Final = f"""
    select
        pair.contradiction_id, pair.kind, pair.level, pair.detector,
        {_PLACES}
    from marts.fct_contradictions as pair
    {_JOINED}
    order by pair.contradiction_id
"""


#: Every pair of sentences that was compared, and whether the encoder was asked about it.
_COMPARED: Final = f"""
    select
        {_PLACES},
        bool_or(not starts_with(pair.detector, 'rules')) as is_asked
    from analysis.claim_relations as pair
    {_JOINED}
    where aa.article_id <> ab.article_id
    group by all
"""


def evaluate_contradictions(path: Path) -> dict[str, float]:
    """Figures on a folder with ``articles.jsonl.gz`` and ``pairs.jsonl`` (see the formats in the README).

    Gives ``precision, recall, f1, kind_accuracy, level_accuracy`` from whole articles, ``compared_recall`` and ``asked_recall``
    (the share of gold contradictions that the search compared at all, and asked the encoder about), and, with the gold sentence
    pairs given, ``pair_accuracy`` (contradiction, update, neither), ``pair_ap``, ``contradiction_f1`` (at the product's own
    decision), ``contradiction_best_f1`` (at the best threshold of this set), ``precision_at_recall_35`` and
    ``false_alarm_rate_compatible``, ``false_alarm_rate_update``.

    Raises:
        ValueError: a quote of a pair does not stand in its article.
    """
    records = read_lines(path / "articles.jsonl.gz")
    pairs = read_lines(path / "pairs.jsonl")
    articles = {record["article_id"]: record for record in records}
    with tempfile.TemporaryDirectory(prefix="counterclaim-") as folder:
        warehouse = run_on_records(records, Path(folder))
        stored = stored_texts(warehouse)
        figures = _from_articles(warehouse, stored, articles, pairs)
        figures |= _from_pairs(warehouse, stored, articles, pairs)
    return {"articles": len(articles), "pairs": len(pairs)} | figures


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON-lines file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream if line.strip()]


def _sha(record: dict[str, Any]) -> str:
    return text_sha256(record["text"])


def _locate(text: str, quote: str) -> tuple[int, int] | None:
    """Where ``quote`` stands in the stored text, which may have had its spaces tidied."""
    at = text.find(quote)
    if at < 0:
        tidy = quote.replace("\u00a0", " ")
        at = text.find(tidy)
    return (at, at + len(quote)) if at >= 0 else None


def _from_articles(
    warehouse: Warehouse,
    stored: dict[str, tuple[str, str]],
    articles: dict[str, dict[str, Any]],
    pairs: list[dict[str, Any]],
) -> dict[str, float]:
    gold: dict[frozenset[str], list[tuple[dict[str, tuple[int, int]], dict[str, Any]]]] = defaultdict(list)
    lost = 0
    for pair in pairs:
        if pair["relation"] != "contradiction":
            continue
        spans = {}
        for side in ("a", "b"):
            sha = _sha(articles[pair[side]["article"]])
            span = _locate(stored[sha][1], pair[side]["quote"]) if sha in stored else None
            if span:
                spans[sha] = span
        if len(spans) == 2:
            gold[frozenset(spans)].append((spans, pair))
        else:
            lost += 1
    compared = warehouse.read(_COMPARED).to_dicts()
    reached = {
        kind: {id(pair) for row in compared if row["is_asked"] or kind == "compared" for pair in hits_of(gold, row)}
        for kind in ("compared", "asked")
    }
    emitted = warehouse.read(EMITTED).to_dicts()
    found: dict[int, dict[str, Any]] = {}
    right = 0
    for row in emitted:
        hits = hits_of(gold, row)
        right += bool(hits)
        for pair in hits:
            found.setdefault(id(pair), {"pair": pair, "row": row})
    total = sum(map(len, gold.values())) + lost
    precision = right / len(emitted) if emitted else float("nan")
    recall = len(found) / total if total else float("nan")
    matches = list(found.values())
    return {
        "emitted": len(emitted),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall) if emitted and precision + recall else 0.0,
        "kind_accuracy": _share(m["pair"]["kind"] == m["row"]["kind"] for m in matches),
        "level_accuracy": _share(m["pair"]["level"] == m["row"]["level"] for m in matches),
        "quotes_lost": lost,
        **{f"{kind}_recall": len(hit) / total if total else float("nan") for kind, hit in reached.items()},
    }


Labelled = TypeVar("Labelled")


def hits_of(
    labels: Mapping[frozenset[str], Sequence[tuple[Mapping[str, tuple[int, int]], Labelled]]], row: Mapping[str, Any]
) -> list[Labelled]:
    """The labels that both sentences of a row match.

    Args:
        labels: of every two articles, by the SHA-256 of their texts: where both sentences stand, and a label or what bears it.
        row: of :data:`EMITTED`.
    """
    return [
        label
        for spans, label in labels.get(frozenset((row["sha_a"], row["sha_b"])), ())
        if all(overlaps(spans[row[f"sha_{s}"]], (row[f"start_{s}"], row[f"end_{s}"])) for s in "ab")
    ]


def overlaps(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether the emitted sentence and the gold quote share at least a third of the shorter."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared * 3 >= min(one[1] - one[0], other[1] - other[0])


def _share(values: Any) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else float("nan")


def _from_pairs(
    warehouse: Warehouse,
    stored: dict[str, tuple[str, str]],
    articles: dict[str, dict[str, Any]],
    pairs: list[dict[str, Any]],
) -> dict[str, float]:
    from pipelines.evaluation.given_pairs import judge_given_pairs

    asked, kept = locate_pairs(stored, articles, pairs)
    verdicts = judge_given_pairs(warehouse, asked)
    truth = [_three(pair["relation"]) for pair in kept]
    judged = [_three(relation) for relation, _ in verdicts]
    is_contradiction = [label == "contradiction" for label in truth]
    scores = [score for _, score in verdicts]
    frame = pl.DataFrame({"gold": [pair["relation"] for pair in kept], "judged": judged})
    precision, recall, _ = precision_recall_curve(is_contradiction, scores)
    best = max((2 * p * r / (p + r) for p, r in zip(precision, recall, strict=True) if p + r), default=0.0)
    return {
        "pairs_judged": len(kept),
        "pair_accuracy": _share(a == b for a, b in zip(truth, judged, strict=True)),
        "pair_ap": float(average_precision_score(is_contradiction, scores)),
        "contradiction_f1": float(f1_score(is_contradiction, [label == "contradiction" for label in judged], zero_division=0)),
        "contradiction_best_f1": float(best),
        "precision_at_recall_35": float(max(p for p, r in zip(precision, recall, strict=True) if r >= 0.35)),
        "false_alarm_rate_compatible": _false_alarms(frame, "compatible"),
        "false_alarm_rate_update": _false_alarms(frame, "update"),
    }


def quoted_sides(pair: Mapping[str, Any], texts: Mapping[str, str]) -> tuple[Place, Place]:
    """Where the quotes of a pair of gold stand in the texts as given.

    Raises:
        ValueError: a quote does not stand in its article.
    """
    sides = []
    for side in "ab":
        article, quote = pair[side]["article"], pair[side]["quote"]
        start = texts[article].index(quote)
        sides.append((article, start, start + len(quote)))
    return sides[0], sides[1]


def locate_pairs(
    stored: dict[str, tuple[str, str]], articles: dict[str, dict[str, Any]], pairs: list[dict[str, Any]]
) -> tuple[list[tuple[tuple[str, int, int], tuple[str, int, int]]], list[dict[str, Any]]]:
    """Both sides of each pair as ``(article id, start, end)`` in the stored texts, and the pairs that were found there."""
    asked, kept = [], []
    for pair in pairs:
        sides = []
        for side in ("a", "b"):
            sha = _sha(articles[pair[side]["article"]])
            span = _locate(stored[sha][1], pair[side]["quote"]) if sha in stored else None
            if span is None:
                break
            sides.append((stored[sha][0], *span))
        if len(sides) == 2:
            asked.append((sides[0], sides[1]))
            kept.append(pair)
    return asked, kept


def _three(relation: str) -> str:
    return relation if relation in ("contradiction", "update") else "neither"


def _false_alarms(frame: pl.DataFrame, relation: str) -> float:
    of_relation = frame.filter(pl.col("gold") == relation)["judged"]
    return float((of_relation == "contradiction").mean()) if of_relation.len() else float("nan")  # type: ignore[arg-type]
