"""``counterclaim train entailment``: from data and an encoder to the folder that the comparison loads.

A larger encoder, given as the teacher, learns inference from public pairs, then the news from hand-labelled ones, and tells the
small one its probabilities: of the public pairs, of pairs that nobody has labelled, and of those that the search proposes. Each
stage leaves what it made in a folder, so that stages can run beside each other and a run that was killed goes on where it was;
with folds, every stage that sees news is done again without the stories of one fold, and what the models say of those is kept
for the final model (:mod:`pipelines.training.decision`). Without a teacher the small encoder teaches itself. The same command
runs with and without a GPU: it only takes longer without.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from pipelines.training import entailment_core as core

#: Name of the trained encoder, in every row that it decided.
NAME: Final = "minilm-l6-news-6"
#: The fold that leaves nothing out.
ALL: Final = -1
FOLDS: Final = 4

Log = Callable[[str], None]


@dataclass(frozen=True)
class Run:
    """What a training run works on; the stages below read and write ``scratch``."""

    arrays: dict[str, np.ndarray]
    encoder: Path
    teacher: Path | None
    scratch: Path
    small: core.Recipe
    big: core.Recipe
    device: str = "cpu"
    folds: int = FOLDS
    log: Log = print
    teacher_ids: np.ndarray | None = None  # of the tokens that the pairs are made of

    def session(self, stage: str, seconds: float | None = None, log: Log | None = None) -> core.Session:
        """Where a stage is trained; it is kept under its name until it is :meth:`once` done."""
        from pipelines.training import entailment_core as core
        from pipelines.training.checkpoints import Checkpoint

        return core.Session(self.device, seconds, log or self.log, Checkpoint(self.scratch / f"{stage}.pt", stage))

    def once(self, stage: str, work: Callable[[], None]) -> None:
        """Do a stage, unless it was done before this run was killed."""
        done = self.scratch / f"{stage}.done"
        if done.exists():
            self.log(f"{stage}: done before")
            return
        work()
        done.touch()
        (self.scratch / f"{stage}.pt").unlink(missing_ok=True)

    def kept(self, fold: int) -> np.ndarray:
        """The labelled pairs that may be seen where a fold is left out."""
        return np.flatnonzero(self._folds("news") != fold)

    def held(self, name: str, fold: int) -> np.ndarray:
        """The pairs of a set that belong to a fold."""
        return np.flatnonzero(self._folds(name) == fold)

    def open(self, name: str, fold: int) -> np.ndarray:
        """The pairs of a set that do not belong to a fold; none where there is no such set."""
        return np.flatnonzero(self._folds(name) != fold) if f"{name}_left" in self.arrays else np.zeros(0, int)

    def _folds(self, name: str) -> np.ndarray:
        from pipelines.training import entailment_core as core

        return core.folds_of(self.arrays, name, self.folds)


def recipes() -> tuple[core.Recipe, core.Recipe]:
    """The recipes of the small encoder and of the teacher."""
    from pipelines.training import entailment_core as core

    small = core.Recipe()
    return small, replace(
        small, public_epochs=2.0, public_rate=6e-5, news_epochs=3.0, news_rate=3.5e-5, public_share=0.4, layer_decay=0.93
    )


def further_recipe() -> core.Recipe:
    """The recipe of :func:`train_further`: all labels at once, inference beside them."""
    from pipelines.training import entailment_core as core

    return core.Recipe(context="bare", batch=64, refine_epochs=1.5, refine_frozen=2, refine_public=0.3, refine_public_share=1.0)


def _load(run: Run, state: str | None, *, big: bool = False) -> tuple[Any, Any]:
    from pipelines.training import entailment_core as core

    if big and run.teacher is not None:
        model, kind = core.load_encoder(run.teacher, run.big.dropout, run.device, run.teacher_ids)
    else:
        model, kind = core.load_encoder(run.encoder, run.small.dropout, run.device)
    return (core.set_state(model, dict(np.load(run.scratch / state))) if state else model), kind


def _keep(run: Run, name: str, model: core.CrossEncoder) -> None:
    from pipelines.training import entailment_core as core

    np.savez(run.scratch / name, allow_pickle=False, **core.trained_state(model))


def student_public(run: Run, seconds: float | None = None) -> None:
    """The small encoder learns inference from public pairs: ``student_public.npz``."""
    from pipelines.training import entailment_core as core

    model, kind = _load(run, None)
    core.public_stage(model, kind, run.arrays, run.small, seed=1, session=run.session("student_public", seconds))
    _keep(run, "student_public.npz", model)


def teacher_public(run: Run, seconds: float | None = None) -> None:
    """The teacher learns it too, and says what it thinks of the public pairs and of their siblings.

    Leaves ``teacher_public.npz``, ``soft_public.npy`` and ``soft_sibling.npy``. A small encoder that teaches itself has learnt
    it already.
    """
    from pipelines.training import entailment_core as core

    if run.teacher is None:
        model, kind = _load(run, "student_public.npz")
    else:
        model, kind = _load(run, None, big=True)
        core.public_stage(model, kind, run.arrays, run.big, seed=1, session=run.session("teacher_public", seconds))
    _keep(run, "teacher_public.npz", model)
    for name in ("public", "sibling"):
        said = core.predict(model, kind, core.pairs_of(run.arrays, name), context=False, device=run.device, both_ways=False)
        np.save(run.scratch / f"soft_{name}.npy", np.exp(said.nli))


def student_soft(run: Run, seconds: float | None = None) -> None:
    """The small encoder learns the teacher's opinion of public pairs: ``student_soft.npz``."""
    from pipelines.training import entailment_core as core

    model, kind = _load(run, "student_public.npz")
    soft, also = (np.load(run.scratch / f"soft_{name}.npy") for name in ("public", "sibling"))
    core.soft_stage(model, kind, run.arrays, soft, also, run.small, seed=2, session=run.session("student_soft", seconds))
    _keep(run, "student_soft.npz", model)


def teach(run: Run, fold: int, seconds: float | None = None) -> None:
    """The teacher learns the news of all folds but one, and says what it thinks of everything.

    Leaves ``teacher_<fold>_<set>.npz`` with its outputs: of the unlabelled pairs and the search's that a student of this
    fold may learn from (``free``, ``news``, ``search``) and of the pairs held out (``news_held``, ``search_held``).
    """
    from pipelines.training import entailment_core as core

    model, kind = _load(run, "teacher_public.npz", big=True)
    rows, search = run.kept(fold), run.open("search", fold)
    core.news_stage(
        model, kind, run.arrays, rows, search, run.big, seed=1, session=run.session(f"teach_{fold}", seconds),
        soft_public=np.load(run.scratch / "soft_public.npy"),
    )  # fmt: skip
    _say_held(run, f"teacher_{fold}", model, kind, fold, run.big)
    for name in ("free", "news", "search"):
        _say(run, f"teacher_{fold}_{name}", model, kind, name, run.open(name, fold), run.big, both_ways=False)


def alone(run: Run, name: str, fold: int, recipe: core.Recipe, *, start: str = "student_public.npz", share: float = 1.0,
          seed: int = 1, seconds: float | None = None) -> None:  # fmt: skip
    """The small encoder learns the news from labels alone, or from a share of them: what the teacher is worth is seen by this.

    Leaves ``<name>_<fold>_<set>_held.npz``, without a fold ``<name>_all.npz`` with the weights.
    """
    from pipelines.training import entailment_core as core

    model, kind = _load(run, start)
    rows = run.kept(fold)
    rows = np.sort(np.random.default_rng(seed).permutation(rows)[: round(share * len(rows))])
    search = run.open("search", fold)
    session = run.session(f"{name}_{fold}", seconds, lambda _: None)
    core.news_stage(model, kind, run.arrays, rows, search, recipe, seed=seed, session=session)
    if fold == ALL:
        _keep(run, f"{name}_all.npz", model)
    _say_held(run, f"{name}_{fold}", model, kind, fold, recipe)


def student(run: Run, fold: int, seconds: float | None = None) -> None:
    """The small encoder learns from the teacher of this fold.

    Leaves ``student_<fold>.npz``, what it says of the pairs held out (``student_<fold>_<set>_held.npz``) and what it would say
    without their titles (``student_<fold>_bare_<set>_held.npz``).
    """
    from pipelines.training import entailment_core as core

    recipe = run.small
    model, kind = _load(run, "student_soft.npz")
    free, search = run.open("free", fold), run.open("search", fold)
    taught = _taught(run, fold, "free")
    session = run.session(f"student_{fold}", seconds)
    if taught is None:
        core.news_stage(
            model, kind, run.arrays, run.kept(fold), search, recipe, seed=1, session=session,
            soft_public=np.load(run.scratch / "soft_public.npy"),
        )  # fmt: skip
    else:
        of_rows, of_search = (_taught(run, fold, which) for which in ("news", "search"))
        core.distil(
            model, kind, run.arrays, free, taught, run.kept(fold), search, of_rows, of_search, recipe, seed=1,
            session=session, soft_public=np.load(run.scratch / "soft_public.npy"),
        )  # fmt: skip
    _keep(run, f"student_{fold}.npz", model)
    _say_held(run, f"student_{fold}", model, kind, fold, recipe)
    _say_held(run, f"student_{fold}_bare", model, kind, fold, replace(recipe, context="bare"))


def refined(run: Run, fold: int, seconds: float | None = None) -> None:
    """The last stage of the small encoder, on bare sentences (:func:`entailment_core.refine`).

    Leaves ``refined_<fold>.npz`` and what it says of the pairs held out, ``refined_<fold>_<set>_held.npz``.
    """
    from pipelines.training import entailment_core as core

    recipe = replace(run.small, context="bare")
    model, kind = _load(run, f"student_{fold}.npz")
    others = []
    for name in ("search", "free"):
        rows, said = run.open(name, fold), _taught(run, fold, name)
        if said is not None:
            # What somebody has labelled is among the labelled pairs.
            kept = run.arrays[f"{name}_label"][rows] < 0
            others.append(
                (name, rows[kept], core.Outputs(*(part[kept] for part in (said.nli, said.back, said.news, said.found))))
            )
    core.refine(
        model, kind, run.arrays, run.kept(fold), _taught(run, fold, "news"), others, recipe, seed=1,
        session=run.session(f"refined_{fold}", seconds), soft_public=np.load(run.scratch / "soft_public.npy"),
    )  # fmt: skip
    _keep(run, f"refined_{fold}.npz", model)
    _say_held(run, f"refined_{fold}", model, kind, fold, recipe)


def _say_held(run: Run, name: str, model: Any, kind: Any, fold: int, recipe: core.Recipe) -> None:  # noqa: PLR0917
    for pairs in ("news", "search"):
        if fold != ALL and f"{pairs}_left" in run.arrays:
            _say(run, f"{name}_{pairs}_held", model, kind, pairs, run.held(pairs, fold), recipe, both_ways=True)


def _say(run: Run, out: str, model: Any, kind: Any, name: str, rows: np.ndarray, recipe: core.Recipe, *, both_ways: bool) -> None:  # noqa: PLR0917
    from pipelines.training import entailment_core as core

    if not len(rows):
        return
    said = core.predict(
        model, kind, core.pairs_of(run.arrays, name, rows), context=recipe.context != "bare", device=run.device,
        both_ways=both_ways,
    )  # fmt: skip
    np.savez(run.scratch / f"{out}.npz", rows=rows, nli=said.nli, back=said.back, news=said.news, found=said.found)


def _taught(run: Run, fold: int, name: str) -> core.Outputs | None:
    """What the teacher of a fold said of a set, None where it said nothing."""
    from pipelines.training import entailment_core as core

    path = run.scratch / f"teacher_{fold}_{name}.npz"
    if not path.exists():
        return None
    said = np.load(path)
    return core.Outputs(said["nli"], said["back"], said["news"], said["found"])


def out_of_fold(run: Run, pattern: str, name: str) -> dict[str, np.ndarray]:
    """What the models of all folds say of the pairs that each held out, in the order of the set; nan where one is missing.

    ``pattern`` names their files, with ``{fold}`` in it.
    """
    count = len(run.arrays[f"{name}_left"])
    made = {key: np.full((count, size), np.nan, np.float32) for key, size in (("nli", 3), ("back", 3), ("news", 5), ("found", 2))}
    for fold in range(run.folds):
        path = run.scratch / f"{pattern.format(fold=fold)}_{name}_held.npz"
        if path.exists():
            said = np.load(path)
            for key, kept in made.items():
                kept[said["rows"]] = said[key]
    return made


def key_of(asked: Mapping[str, Any], inputs: Sequence[Path]) -> str:
    """What tells one run from another: what was asked for, and the bytes of all files that it reads, folders whole.

    A path that is not there counts as empty: who reads it says so.
    """
    digest = hashlib.blake2b(json.dumps(asked, sort_keys=True).encode(), digest_size=8)
    for path in inputs:
        for file in sorted(p for p in (path, *path.rglob("*")) if p.is_file()):
            with file.open("rb") as stream:
                digest.update(file.name.encode() + hashlib.file_digest(stream, "blake2b").digest())
    return digest.hexdigest()


def ids_between(vocabulary: Mapping[str, int], other: Mapping[str, int], unknown: str = "[UNK]") -> np.ndarray:
    """For each token of a vocabulary its number in another one, that of ``unknown`` where that one lacks it."""
    made = np.full(max(vocabulary.values()) + 1, other.get(unknown, 0), np.int64)
    for token, number in vocabulary.items():
        made[number] = other.get(token, made[number])
    return made


def train(
    data: Path,
    out: Path,
    encoder: Path,
    *,
    teacher: Path | None = None,
    labels: Sequence[Path] = (),
    search: Path | None = None,
    folds: int = 0,
    most_public: int | None = None,
    most_free: int = 90_000,
    work: Path | None = None,
    log: Log = print,
) -> dict[str, Any]:
    """Train the cross-encoder and write ``model.onnx`` (int8), ``tokenizer.json`` and ``config.json`` to ``out``.

    A run that was killed goes on where it was, if it is given the same again.

    Args:
        data: the folder with ``relations/``, ``contradictions/`` and ``stories/``.
        out: where to write.
        encoder: folder of the encoder to start from (``config.json``, ``tokenizer.json``, ``model.safetensors``).
        teacher: folder of a larger one, whose opinion the small one learns; its word pieces must be those of the small one.
        labels: more hand-labelled pairs, by article and offsets.
        search: pairs that the search proposes on labelled articles, by article and offsets.
        folds: so many models more are trained, each without a part of the stories; what they say of it goes to ``oof.npz``.
        most_public: at most so many public pairs (for trying things out).
        most_free: at most so many pairs without a label.
        work: folder for what lies between; ``out`` with ``.work`` added unless told. What this run leaves there is removed at
            its end.
        log: is told what happens.

    Returns:
        What is known of the run: pairs of each set, seconds, bytes of the model.

    Raises:
        ImportError: torch and transformers are not installed.
        ValueError: the data lack a file or a column.
    """
    began = time.monotonic()
    device, tokenizer = _tools(encoder)
    from tokenizers import Tokenizer

    from pipelines.training import entailment_core as core
    from pipelines.training.entailment_data import prepare

    small, big = recipes()
    big = big if teacher else small
    asked = {"small": asdict(small), "big": asdict(big), "folds": folds, "most_public": most_public, "most_free": most_free}
    read = [encoder, *([teacher] if teacher else []), *labels, *([search] if search else [])]
    scratch = _scratch(out, work, asked, data, read)
    # Without sentences that lie near each other there would be no unlabelled pairs.
    arrays = _prepared(
        scratch, lambda: prepare(data, tokenizer, labels, core.embedder_of(encoder, device), search=search,
                                 most_public=most_public, most_free=most_free),
    )  # fmt: skip
    _say_what(arrays, device, log)
    out.mkdir(parents=True, exist_ok=True)
    ids = None
    if teacher is not None and (teacher / "tokenizer.json").exists():
        ids = ids_between(tokenizer.get_vocab(), Tokenizer.from_file(str(teacher / "tokenizer.json")).get_vocab())
    run = Run(arrays, encoder, teacher, scratch, small, big, device, folds or FOLDS, log, ids)
    run.once("student_public", lambda: student_public(run))
    run.once("teacher_public", lambda: teacher_public(run))
    run.once("student_soft", lambda: student_soft(run))
    for fold in (ALL, *range(folds)):
        for stage, name in ((teach, "teach"), (student, "student"), (refined, "refined")):
            run.once(f"{name}_{fold}", partial(stage, run, fold))
    if folds:
        _write_held(run, "refined_{fold}", [name for name in ("news", "search") if f"{name}_left" in arrays], out)
    model, _ = _load(run, f"refined_{ALL}.npz")
    return _written(run, model, out, began)


def train_further(
    data: Path,
    out: Path,
    encoder: Path,
    start: Path,
    *,
    labels: Sequence[Path],
    folds: int = 2,
    most_public: int | None = None,
    work: Path | None = None,
    log: Log = print,
) -> dict[str, Any]:
    """Train a cross-encoder that ships further on all labels, and write the mean of what comes of it as :func:`train` does.

    One training a fold, each without that part of the stories, from the same start: the mean of their ends with the start has
    learnt from every story, and what each end says of the stories that it has not seen goes to ``oof.npz``. A run that was
    killed goes on where it was, if it is given the same again.

    Args:
        data: the folder with ``relations/``, ``contradictions/`` and, for what labels name, ``stories/`` and ``corpora/``.
        out: where to write.
        encoder: folder of the encoder that ``start`` was once made from; its shape and its tokenizer are read.
        start: folder of the model to go on from, with ``model.onnx`` in one byte a weight.
        labels: hand-labelled pairs beside those of ``data``, by article and offsets, or invented groups.
        folds: trainings, each without one part of the stories.
        most_public: at most so many public pairs (for trying things out).
        work: folder for what lies between, as in :func:`train`.
        log: is told what happens.

    Returns:
        What is known of the run, as :func:`train` does.

    Raises:
        ImportError: torch and transformers are not installed.
        ValueError: the data lack a file or a column, or ``start`` is not such a model.
    """
    began = time.monotonic()
    device, tokenizer = _tools(encoder)
    from pipelines.training import entailment_core as core
    from pipelines.training.entailment_data import prepare
    from pipelines.training.entailment_export import weights_of

    recipe = further_recipe()
    asked = {"further": asdict(recipe), "folds": folds, "most_public": most_public}
    scratch = _scratch(out, work, asked, data, [encoder, start / "model.onnx", *labels])
    arrays = _prepared(scratch, lambda: prepare(data, tokenizer, labels, None, in_sentences=True, most_public=most_public))
    _say_what(arrays, device, log)
    run = Run(arrays, encoder, None, scratch, recipe, recipe, device, folds, log)
    before = weights_of(start / "model.onnx")
    for fold in range(folds):
        run.once(f"further_{fold}", partial(further, run, fold, before))
    ends = [dict(np.load(scratch / f"further_{fold}.npz")) for fold in range(folds)]
    mean = {name: np.mean([end[name].astype(np.float32) for end in ends], axis=0) for name in ends[0]}
    out.mkdir(parents=True, exist_ok=True)
    _write_held(run, "further_{fold}", ["news"], out)
    model, _ = _further_from(run, before, mean)
    core.move_towards_start(model, before, recipe.mean_share)
    return _written(run, model, out, began, dither=1)


def further(run: Run, fold: int, before: Mapping[str, Any]) -> None:
    """A trained encoder learns on from all labels but those of a fold (:func:`entailment_core.refine`).

    Leaves ``further_<fold>.npz``, and what the mean of that and of the start says of the pairs held out,
    ``further_<fold>_news_held.npz``.
    """
    from pipelines.training import entailment_core as core

    name = f"further_{fold}"
    model, kind = _further_from(run, before, {})
    core.refine(model, kind, run.arrays, run.kept(fold), None, [], run.small, seed=1 + fold, session=run.session(name))
    _keep(run, f"{name}.npz", model)
    core.move_towards_start(model, before, run.small.mean_share)
    _say_held(run, name, model, kind, fold, run.small)


def _further_from(run: Run, before: Mapping[str, Any], state: Mapping[str, np.ndarray]) -> tuple[Any, Any]:
    """The encoder with the weights ``before``, and over them those of ``state``; words are no part of that, they never change."""
    from pipelines.training import entailment_core as core

    model, kind = _load(run, None)
    missing, unknown = model.load_state_dict(before, strict=False)
    if missing := [name for name in missing if "position_ids" not in name] + unknown:
        raise ValueError(f"the model to go on from is not of this encoder: {', '.join(missing[:3])}")
    return core.set_state(model, dict(state)), kind


def _tools(encoder: Path) -> tuple[str, Tokenizer]:
    """The device to train on and an encoder's tokenizer, without padding.

    Raises:
        ImportError: what training needs is not installed.
    """
    try:
        import onnx  # noqa: F401  # is needed at the very end
        import torch
        import transformers  # noqa: F401
        from tokenizers import Tokenizer
    except ImportError as error:
        raise ImportError(f"training needs torch, transformers and onnx: {error}") from error
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return "cuda" if torch.cuda.is_available() else "cpu", tokenizer


def _scratch(out: Path, work: Path | None, asked: Mapping[str, Any], data: Path, read: Sequence[Path]) -> Path:
    """Where a run keeps what lies between: a folder named after all that it depends on."""
    inputs = [data / part for part in ("relations", "contradictions", "stories", "corpora")]
    return (work or out.with_name(out.name + ".work")) / key_of(asked, [*inputs, *read])


def _say_what(arrays: Mapping[str, np.ndarray], device: str, log: Log) -> None:
    log(f"{len(arrays['public_left']):,} public pairs, {len(arrays['news_left']):,} labelled, on {device}")


def _write_held(run: Run, pattern: str, sets: Sequence[str], out: Path) -> None:
    """``oof.npz``: what the models of all folds say of the pairs that each held out (:func:`out_of_fold`), with their ids."""
    said = {f"{name}_id": run.arrays[f"{name}_id"] for name in sets}
    for name in sets:
        said |= {f"{name}_{key}": array for key, array in out_of_fold(run, pattern, name).items()}
    np.savez_compressed(out / "oof.npz", allow_pickle=False, **said)


def _prepared(scratch: Path, make: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The arrays of a run, made once."""
    from pipelines.training.checkpoints import partial_of

    scratch.mkdir(parents=True, exist_ok=True)
    prepared = scratch / "arrays.npz"
    if not prepared.exists():
        np.savez(partial_of(prepared), allow_pickle=False, **make())
        os.replace(partial_of(prepared), prepared)
    return dict(np.load(prepared))


def _written(run: Run, model: core.CrossEncoder, out: Path, began: float, dither: int | None = None) -> dict[str, Any]:
    """Write what ships and what is known of the run, and remove what lay between."""
    from pipelines.training.entailment_export import export_int8

    config = {"name": NAME, "context": "bare", "max_tokens": 160, "temperature": 1.0}
    size = export_int8(model, run.encoder / "tokenizer.json", out, config, dither=dither)
    shutil.rmtree(run.scratch)
    arrays = run.arrays
    report = {
        "public": len(arrays["public_left"]), "labelled": len(arrays["news_left"]),
        "search": len(arrays.get("search_left", ())), "unlabelled": len(arrays.get("free_left", ())), "bytes": size,
        "device": run.device, "seconds": round(time.monotonic() - began),
    }  # fmt: skip
    (out / "training.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return report
