"""What each signal of the comparison is worth on given pairs: baselines alone, the final model, and it without each signal.

``python -m tests.benchmarks.compare_ablation ../shared/data/contradictions`` writes ``results/compare_ablation.{json,md}``.
A signal is taken away by giving every pair its mean over the set: the weights stay, so that the figures tell what the shipped
model owes to it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve

from pipelines.compare.entailment import Entailed, Judge, value_of
from pipelines.compare.relations import judge_pairs
from pipelines.compare.verdicts import judge_sentences, signals
from pipelines.evaluation.contradictions import locate_pairs, read_lines
from pipelines.evaluation.given_pairs import given_sentences
from pipelines.evaluation.whole_run import run_on_records, stored_texts
from pipelines.models.cross_encoder import load_judge
from tests.benchmarks.kept import RESULTS, about, keep

#: Signals that go together: a name, and what the names of its signals start with. A product of two goes with either.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "news head of the cross-encoder": ("news_",),
    "inference head of the cross-encoder": ("nli_",),
    "search head of the cross-encoder": ("likely",),
    "values (numbers)": ("number_", "numbers_"),
    "values (days)": ("day_", "days_"),
    "denials": (
        "one_contests", "one_calls_false", "one_denying_phrase", "both_contest", "one_denies", "denied_", "reader_denies",
        "denies_",
    ),
    "negations": ("one_negates", "both_negate", "crossed", "negated_alike", "negates_"),
    "opposite words": ("opposites",),
    "modality and polarity": ("one_expects", "expects_", "supposes_", "polarity_"),
    "similarity and shared names": ("cosine", "contained", "shared_"),
    "who speaks": (
        "both_cited", "one_cited", "cites_", "hops", "same_speaker", "two_speakers", "one_argues", "both_argue", "argues_",
        "one_alleges", "alleges_", "accuses_",
    ),
    "what each sentence has by itself": ("words_", "quotes_", "names_", "values_", "moments_", "asks"),
}  # fmt: skip


def figures(truth: np.ndarray, score: np.ndarray) -> dict[str, float]:
    """Average precision, best F1 and precision at a recall of 0.35."""
    precision, recall, _ = precision_recall_curve(truth, score)
    f1 = 2 * precision * recall / np.maximum(1e-9, precision + recall)
    return {
        "pair_ap": float(average_precision_score(truth, score)),
        "best_f1": float(f1.max()),
        "precision_at_recall_35": float(precision[recall >= 0.35].max()),
    }


def table(
    truth: np.ndarray, rows: Sequence[Mapping[str, float]], rules: np.ndarray, weights: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """Figures by system."""
    names = [name for name in weights if name != "constant"]
    matrix = np.asarray([[value_of(row, name) for name in names] for row in rows])
    added = matrix * np.asarray([weights[name] for name in names])
    column = {name: matrix[:, at] for at, name in enumerate(names)}

    def one(name: str) -> np.ndarray:
        return column[name] if name in column else np.asarray([row[name] for row in rows])

    found = {
        "similarity alone": figures(truth, one("cosine")),
        "values alone": figures(truth, np.maximum(one("number_conflict"), one("day_conflict"))),
        "untyped inference alone": figures(truth, one("nli_contradiction")),
        "news head alone": figures(truth, one("news_contradiction")),
        "rules alone": figures(truth, rules),
        "all signals": figures(truth, added.sum(1)),
    }
    for group, starts in GROUPS.items():
        inside = np.asarray([any(factor.startswith(starts) for factor in name.split("*")) for name in names])
        without = np.where(inside, added.mean(0), added).sum(1)
        found[f"all but {group}"] = figures(truth, without)
    return found


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    shipped = load_judge()
    if shipped is None:
        raise SystemExit("no weights in data/models/entailment")
    judge = Judge(*shipped)
    articles = {record["article_id"]: record for record in read_lines(data / "articles.jsonl.gz")}
    pairs = read_lines(data / "pairs.jsonl")
    with tempfile.TemporaryDirectory(prefix="counterclaim-") as folder:
        warehouse = run_on_records(articles.values(), Path(folder))
        asked, kept = locate_pairs(stored_texts(warehouse), articles, pairs)
        sentences = given_sentences(warehouse, asked)
    opinions = [opinion for opinion in judge_pairs(judge, sentences) if isinstance(opinion, Entailed)]
    rows = [signals(a, b) | opinion.features() for (a, b), opinion in zip(sentences, opinions, strict=True)]
    rules = np.asarray([judge_sentences(a, b).p_contradiction for a, b in sentences])
    truth = np.asarray([pair["relation"] == "contradiction" for pair in kept])
    found = table(truth, rows, rules, judge.decision["given"]["weights"])
    keep("compare_ablation", {"about": about("compare_ablation"), "pairs": len(kept), "systems": found})
    lines = [
        f"Given pairs of the dev set ({len(kept)}, {truth.mean():.3f} of them contradictions).",
        "", "| system | average precision | best F1 | precision at recall 0.35 |", "|---|---|---|---|",
    ]  # fmt: skip
    lines += [f"| {name} | " + " | ".join(f"{value:.3f}" for value in values.values()) + " |" for name, values in found.items()]
    (RESULTS / "compare_ablation.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
