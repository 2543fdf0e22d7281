"""How plain contradictions and their look-alikes fare, that somebody invented who had not seen the program.

    python -m tests.benchmarks.plain_pairs

Gold has what people contradict each other in where politics is reported: denials above all. Here are 100 pairs of invented
news sentences that cannot both hold (tolls, verdicts, results, causes, denials) and 100 that only look so
(``plain_pairs.jsonl``), each pair judged as if somebody had given it. Nothing was fitted on them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from sklearn.metrics import average_precision_score

from pipelines.compare.entailment import Judge
from pipelines.compare.relations import judge_pairs, judge_sentences
from pipelines.evaluation.contradictions import read_lines
from pipelines.evaluation.relations import as_sentence
from pipelines.models.cross_encoder import load_judge
from tests.benchmarks.kept import about, keep

PAIRS: Final = Path(__file__).with_suffix(".jsonl")


def main() -> None:
    """Measure, print and write ``results/plain_pairs.json``."""
    rows = read_lines(PAIRS)
    made = [(as_sentence(row["a"]), as_sentence(row["b"])) for row in rows]
    shipped = load_judge()
    judge = Judge(*shipped) if shipped else None
    opinions = judge_pairs(judge, made)
    verdicts = [judge_sentences(a, b, entailed=opinion) for (a, b), opinion in zip(made, opinions, strict=True)]
    truth = np.array([row["is_contradiction"] for row in rows])
    told = np.array([verdict.relation == "contradiction" for verdict in verdicts])
    score = np.array([verdict.p_contradiction for verdict in verdicts])
    result = {
        "about": about("plain_pairs"),
        "contradictions": int(truth.sum()),
        "told": int((told & truth).sum()),
        "look_alikes": int((~truth).sum()),
        "told_wrongly": int((told & ~truth).sum()),
        "average_precision": round(float(average_precision_score(truth, score)), 3),
    }
    if judge is not None:
        alone = np.array([opinion.share("contradiction") for opinion in opinions if opinion is not None])
        result["average_precision_of_the_encoder_alone"] = round(float(average_precision_score(truth, alone)), 3)
    keep("plain_pairs", result)


if __name__ == "__main__":
    main()
