"""``counterclaim train``: one command a model, which makes the weights that ship again. Nothing here is needed to run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pipelines.progress import say
from pipelines.settings import PROJECT_ROOT

app = typer.Typer(name="train", help="Train a model that ships again, from annotated data.", no_args_is_help=True)


#: Hand-labelled pairs that come with the project: those of whole stories, and those that models chose.
WHOLE_LABELS: Final = ("whole.jsonl",)
ALL_LABELS: Final = ("pairs.jsonl", "found.jsonl", *WHOLE_LABELS)
#: What readers said of pairs that a search asks about: of all of them in some stories, of the likeliest in some months.
ASKED_LABELS: Final = ("asked.jsonl", "asked_gold.jsonl", "asked_months.jsonl")
#: All there is to learn from.
FURTHER_LABELS: Final = (*ALL_LABELS, *ASKED_LABELS, "invented.jsonl")


#: Where the cross-encoder that ships lies, with its final models.
ENTAILMENT: Final = PROJECT_ROOT / "data" / "models" / "entailment"


def shipped_labels(names: Sequence[str]) -> list[Path]:
    """Files of hand-labelled pairs."""
    return [PROJECT_ROOT / "data" / "gold" / "relations" / name for name in names]


@app.callback()
def train() -> None:
    """Train a model that ships again, from annotated data."""


@app.command()
def tagger(  # noqa: PLR0917
    data: Annotated[
        Path,
        typer.Option("--data", help="Folder with attribution/, entities/, corpora/, stories/ and extraction/.", metavar="DIR"),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", help="Folder that gets the model, its tokenizer, its configuration and its card.", metavar="DIR"),
    ] = PROJECT_ROOT / "data" / "models" / "tagger",
    teacher: Annotated[
        Path | None,
        typer.Option(
            "--teacher", help="Folder of a larger encoder (all-mpnet-base-v2) that teaches the small one.", metavar="DIR"
        ),
    ] = None,
    teacher_steps: Annotated[int | None, typer.Option(help="Steps of each teacher (default: those of the recipe).")] = None,
    student_steps: Annotated[int | None, typer.Option(help="Steps of the student (default: those of the recipe).")] = None,
    names_only: Annotated[
        bool,
        typer.Option("--names-only", help="Only the second look at names, over the tagger in --out: an hour on a CPU."),
    ] = False,
    full: Annotated[
        Path | None,
        typer.Option(
            "--full", help="With --names-only: folder of the same tagger in full precision, measured beside it.", metavar="DIR"
        ),
    ] = None,
    held_out: Annotated[
        int, typer.Option(help="Of the second look: hold one in so many documents out and say how well they are read (0: none).")
    ] = 0,
) -> None:
    """Train the tagger of names and attributions: teachers, the network that ships, a second look. Uses a GPU if there is one."""
    from pipelines.evaluation.tagger import measure_tagger
    from pipelines.training.tagger import TrainingError, train_names, train_tagger

    names = {"held_out": held_out}
    try:
        if names_only:
            train_names(data, out, full=full, measure=lambda folder: measure_tagger(folder, data), settings=names, say=say)
            return
        train_tagger(
            data, out, teacher=teacher, measure=lambda folder: measure_tagger(folder, data), say=say, names=names,
            teacher_steps=teacher_steps or None, student_steps=student_steps or None,
        )  # fmt: skip
    except (TrainingError, FileNotFoundError) as error:
        say(str(error))
        raise typer.Exit(2) from None


@app.command()
def entailment(  # noqa: PLR0917
    data: Annotated[Path, typer.Option("--data", help="Folder with relations/, contradictions/ and stories/.", metavar="DIR")],
    encoder: Annotated[Path, typer.Option("--encoder", help="Folder of the encoder to start from (MiniLM-L6).", metavar="DIR")],
    out: Annotated[
        Path, typer.Option("--out", help="Folder that gets the model and its configuration.", metavar="DIR")
    ] = ENTAILMENT,
    teacher: Annotated[
        Path | None, typer.Option("--teacher", help="Folder of a larger encoder that teaches the small one.", metavar="DIR")
    ] = None,
    labels: Annotated[
        list[Path] | None, typer.Option("--labels", help="Hand-labelled pairs, more than --data has (default: those that ship).")
    ] = None,
    search: Annotated[
        Path | None,
        typer.Option("--search", help="Pairs that the search proposes on labelled articles (default: those that ship)."),
    ] = None,
    folds: Annotated[
        int, typer.Option(help="Train so many more, each without a part of the stories, for the final model (oof.npz).")
    ] = 0,
    most_public: Annotated[int | None, typer.Option(help="At most so many public pairs, for trying things out.")] = None,
    most_free: Annotated[int, typer.Option(help="At most so many unlabelled pairs.")] = 90_000,
    start: Annotated[
        Path | None,
        typer.Option(
            "--start", metavar="DIR",
            help="Folder of a trained model: go on from there on all labels that ship, once a fold (default: two), and write the"
            " mean of it all. Takes no teacher, no search and no unlabelled pairs; an hour of a CPU.",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Train the cross-encoder that judges pairs of claims. Uses a GPU where there is one."""
    from pipelines.training.entailment import train as train_entailment
    from pipelines.training.entailment import train_further

    gold = PROJECT_ROOT / "data" / "gold" / "relations"
    try:
        if start is not None:
            report = train_further(
                data, out, encoder, start, labels=labels or shipped_labels(FURTHER_LABELS), folds=folds or 2,
                most_public=most_public, log=say,
            )  # fmt: skip
        else:
            report = train_entailment(
                data, out, encoder, teacher=teacher, labels=labels or shipped_labels(ALL_LABELS),
                search=search or gold / "search.jsonl.gz", folds=folds, most_public=most_public, most_free=most_free, log=say,
            )  # fmt: skip
    except (ImportError, FileNotFoundError, ValueError) as error:
        say(str(error))
        raise typer.Exit(2) from None
    say(f"{out / 'model.onnx'}: {report['bytes']:,} bytes after {report['seconds']:,} s")


@app.command()
def stories(
    data: Annotated[Path, typer.Option("--data", help="Folder with corpora/ and stories/.", metavar="DIR")],
    out: Annotated[Path, typer.Option("--out", help="Folder that gets the word frequencies and the weights.", metavar="DIR")] = (
        PROJECT_ROOT / "data" / "models" / "stories"
    ),
) -> None:
    """Train what tells stories apart: word frequencies of a corpus, and the weights of a pair's similarities. A minute."""
    from pipelines.training.stories import train_stories

    try:
        report = train_stories(data, out)
    except (ImportError, FileNotFoundError, ValueError) as error:
        say(str(error))
        raise typer.Exit(2) from None
    say(
        f"{out / 'weights.json'}: from {report['pairs']:,} pairs of articles, {report['same_story']:,} of one story, and the"
        f" words of {report['corpus_articles']:,} articles"
    )


@app.command()
def decision(  # noqa: PLR0917
    data: Annotated[Path, typer.Option("--data", help="Folder with contradictions/, stories/ and corpora/.", metavar="DIR")],
    said: Annotated[
        Path, typer.Option("--said", help="What encoders said that never saw the story of a pair: oof.npz of train entailment.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder that gets decision.json.", metavar="DIR")] = ENTAILMENT,
    labels: Annotated[
        list[Path] | None,
        typer.Option("--labels", help="Pairs of whole stories, more than --data has (default: those that ship)."),
    ] = None,
    prefix: Annotated[str, typer.Option(help="What the names of the arrays begin with.")] = "",
    given_from: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Probability from which a given pair is a contradiction (default: by cross-validation)."),
    ] = None,
    found_from: Annotated[float | None, typer.Option(min=0, max=1, help="The same of a found pair.")] = None,
) -> None:
    """Fit what decides over pairs: which are asked about, and the final models of found and of given pairs.

    The model of found pairs is that of gold; `train found` puts the one of readers' verdicts, which ships, in its place.
    """
    from pipelines.evaluation.fitting import read_gold
    from pipelines.training.decision import read_said, write_decision
    from pipelines.training.entailment_data import labelled_articles, read_lines

    try:
        arrays = read_said(said, prefix)
        rows = [row for path in labels or shipped_labels(WHOLE_LABELS) for row in read_lines(path)]
        searched, given = read_gold(data / "contradictions", rows, labelled_articles(data, rows))
        made = write_decision(searched, given, arrays, out, thresholds={"given": given_from, "found": found_from})
    except (OSError, RuntimeError, ValueError) as error:
        say(str(error))
        raise typer.Exit(2) from None
    for name in ("asked", "found", "given", "kind"):
        say(f"{name}: {_figures(made[name])}")


@app.command()
def found(
    data: Annotated[Path, typer.Option("--data", help="Folder with contradictions/, stories/ and corpora/.", metavar="DIR")],
    said: Annotated[
        Path,
        typer.Option(
            "--said", help="What encoders said that never saw the story of a pair: oof.npz of train entailment --start."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", help="Folder of the encoder and of its decision.json.", metavar="DIR")
    ] = ENTAILMENT,
    labels: Annotated[
        list[Path] | None,
        typer.Option("--labels", help="What readers said of pairs that a search asks about (default: shipped)."),
    ] = None,
) -> None:
    """Fit the final model of found pairs to what readers said of them; the rest of decision.json stays as it is."""
    from pipelines.evaluation.fitting import judge_in, read_verdicts
    from pipelines.training.decision import heard_of, write_found
    from pipelines.training.entailment_data import labelled_articles, read_lines

    try:
        judge = judge_in(out)
        rows = [row for path in labels or shipped_labels(ASKED_LABELS) for row in read_lines(path)]
        searched = read_verdicts(data / "contradictions", rows, labelled_articles(data, rows), judge.decision["asked"])
        made = write_found(searched, *heard_of(searched, said, judge), out)["found"]
    except (OSError, RuntimeError, ValueError) as error:
        say(str(error))
        raise typer.Exit(2) from None
    say(f"found: {_figures(made)}, told from {made['from']}")


def _figures(model: Mapping[str, Any]) -> str:
    """The figures of a fitted model by cross-validation, in a line."""
    return ", ".join(f"{figure} {value}" for figure, value in model["cross_validated"].items())
