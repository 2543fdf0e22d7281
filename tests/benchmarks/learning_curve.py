"""What hand-labelled pairs are worth: the encoder's average precision on dev against how many of them it learned from.

    python -m tests.benchmarks.learning_curve ../shared/data --encoder DIR --start public.npz [--counts 0,700,...]

Every point starts from the same weights, those after the stage on public pairs (``--start``: what the first stage of
``counterclaim train entailment`` keeps), and sees its pairs twice, bare, in batches of 16: plain fine-tuning, without a teacher,
without public pairs beside and without averaging, which few steps do not bear. Subsets are drawn by pair and nested. Measured is
the encoder alone on the dev pairs that are given, as the mean of both orders of the head of the news; the final model (values,
denials, words) comes on top and is not in it. Needs torch. Writes results/learning_curve.json and .md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import precision_recall_curve
from tokenizers import Tokenizer

from pipelines.training import entailment_core as core
from pipelines.training.entailment_data import NEWS_LABELS, Table, news_pairs, pair_arrays, read_lines
from tests.benchmarks.kept import about

RESULTS = Path(__file__).parent / "results"
LABELS = Path(__file__).parents[2] / "data" / "gold" / "relations"
#: The seed of the subsets and of the training.
SEED = 1
RECALL = 0.35
#: Lowest layers that stay as they are.
FROZEN = 0


def arrays_of(data: Path, encoder: Path) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], np.ndarray]:
    """Labelled pairs as the training takes them, the dev pairs likewise, and for each labelled one whether it is of the gold."""
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    table = Table(tokenizer)
    labelled, _ = news_pairs(data, [LABELS / "pairs.jsonl", LABELS / "found.jsonl"])
    dev = [
        {"a": pair["a"]["quote"], "b": pair["b"]["quote"], "relation": pair["relation"], "group": pair["event"]}
        for pair in read_lines(data / "contradictions" / "pairs.jsonl")
    ]
    train_arrays, dev_arrays = pair_arrays("news", table, labelled), pair_arrays("news", table, dev)
    is_gold = np.array([not pair["is_proposed"] for pair in labelled])
    return train_arrays | table.arrays(), dev_arrays | table.arrays(), is_gold


def point(
    rows: np.ndarray, *, train: dict[str, np.ndarray], dev: dict[str, np.ndarray], encoder: Path, start: dict[str, np.ndarray],
    recipe: core.Recipe,
) -> dict[str, float]:  # fmt: skip
    """Train on some labelled pairs and measure on dev."""
    model, kind = core.load_encoder(encoder, recipe.dropout, "cpu")
    state = {name: torch.from_numpy(np.asarray(array, np.float32)) for name, array in start.items()}
    told = model.load_state_dict(state, strict=False)
    # The word embeddings are the encoder's own; the heads of the news start from that of inference.
    assert not told.unexpected_keys, told
    assert all(name.startswith(("found", "news", "encoder.embeddings.")) for name in told.missing_keys), told
    model.start_news_heads()
    began = time.monotonic()
    if len(rows):
        core.refine(model, kind, train, rows, None, [], recipe, seed=SEED, session=core.Session(log=lambda _: None))
    said = core.predict(model, kind, core.pairs_of(dev, "news"), context=False, device="cpu", both_ways=True, batch=64)
    truth = dev["news_label"] == NEWS_LABELS.index("contradiction")
    odds = said.news[:, NEWS_LABELS.index("contradiction")]
    precision, recall, _ = precision_recall_curve(truth, odds)
    return {
        "pairs": len(rows),
        "contradictions": int((train["news_label"][rows] == NEWS_LABELS.index("contradiction")).sum()),
        "pair_ap": core.average_precision(truth, odds),
        "best_f1": core.best_f1(truth, odds),
        "precision_at_recall_35": float(precision[recall >= RECALL].max()),
        "seconds": time.monotonic() - began,
    }


def table_of(made: dict[str, Any]) -> str:
    """The points as Markdown."""
    lines = [
        "# Learning curve of the encoder",
        "",
        f"Commit {made['commit']}, {made['cores']} cores; `{made['command']}`.",
        "The encoder alone on the dev pairs that are given, from the weights after the public pairs; how: its docstring.",
        "",
        "| labelled pairs | of which contradictions | average precision | best F1 | precision at recall 0.35 |",
        "|---|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {name} | {p['contradictions']:,} | {p['pair_ap']:.3f} | {p['best_f1']:.3f} | {p['precision_at_recall_35']:.3f} |"
        for name, p in made["points"].items()
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure every point, and write each as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--encoder", type=Path, required=True, help="folder of MiniLM-L6 with its tokenizer")
    parser.add_argument("--start", type=Path, required=True, help="weights after the public stage (.npz)")
    parser.add_argument("--counts", default="0,700,2800,5600,11316", help="labelled pairs of the points")
    parser.add_argument("--frozen", type=int, default=FROZEN, help="lowest layers that stay as they are")
    given = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    train, dev, is_gold = arrays_of(given.data, given.encoder)
    recipe = replace(core.Recipe(), refine_frozen=given.frozen, refine_public=0.0, batch=16, ema=0.0)
    start = dict(np.load(given.start))
    order = np.random.default_rng(SEED).permutation(len(is_gold))
    wanted = {f"{min(int(n), len(order)):,}": order[: int(n)] for n in given.counts.split(",")}
    wanted[f"{is_gold.sum():,}, the gold alone"] = np.flatnonzero(is_gold)
    made: dict[str, Any] = about("learning_curve", points={})
    for name, rows in wanted.items():
        made["points"][name] = point(np.sort(rows), train=train, dev=dev, encoder=given.encoder, start=start, recipe=recipe)
        print(name, made["points"][name], file=sys.stderr, flush=True)
        (RESULTS / "learning_curve.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "learning_curve.md").write_text(table_of(made), encoding="utf-8")


if __name__ == "__main__":
    main()
