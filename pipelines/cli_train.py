"""``counterclaim train``: one command a model, which makes the weights that ship again. Nothing here is needed to run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.progress import say
from pipelines.settings import PROJECT_ROOT

app = typer.Typer(name="train", help="Train a model that ships again, from annotated data.", no_args_is_help=True)


@app.callback()
def train() -> None:
    """Train a model that ships again, from annotated data."""


@app.command()
def tagger(
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
    teacher_steps: Annotated[
        int | None, typer.Option(help="Steps of the teachers (default: those of the shipped weights).")
    ] = None,
    student_steps: Annotated[
        int | None, typer.Option(help="Steps of the student (default: those of the shipped weights).")
    ] = None,
) -> None:
    """Train the tagger of names and attributions: teachers, then the network that ships. Uses a GPU where there is one."""
    from pipelines.evaluation.tagger import measure_tagger
    from pipelines.training.tagger import STUDENT_STEPS, TEACHER_STEPS, TrainingError, train_tagger

    try:
        train_tagger(
            data, out, teacher=teacher, measure=lambda folder: measure_tagger(folder, data), say=say,
            teacher_steps=teacher_steps or TEACHER_STEPS, student_steps=student_steps or STUDENT_STEPS,
        )  # fmt: skip
    except (TrainingError, FileNotFoundError) as error:
        say(str(error))
        raise typer.Exit(2) from None


@app.command()
def entailment(
    data: Annotated[Path, typer.Option("--data", help="Folder with relations/, contradictions/ and stories/.", metavar="DIR")],
    encoder: Annotated[Path, typer.Option("--encoder", help="Folder of the encoder to start from (MiniLM-L6).", metavar="DIR")],
    out: Annotated[Path, typer.Option("--out", help="Folder that gets the model and its configuration.", metavar="DIR")] = (
        PROJECT_ROOT / "data" / "models" / "entailment"
    ),
    teacher: Annotated[
        Path | None, typer.Option("--teacher", help="Folder of a larger encoder that teaches the small one.", metavar="DIR")
    ] = None,
    most_public: Annotated[int | None, typer.Option(help="At most so many public pairs, for trying things out.")] = None,
) -> None:
    """Train the cross-encoder that judges pairs of claims. Uses a GPU where there is one."""
    from pipelines.training.entailment import train as train_entailment

    labels = [PROJECT_ROOT / "data" / "gold" / "relations" / "pairs.jsonl"]
    try:
        report = train_entailment(data, out, encoder, teacher=teacher, labels=labels, most_public=most_public, log=say)
    except (ImportError, FileNotFoundError, ValueError) as error:
        say(str(error))
        raise typer.Exit(2) from None
    say(f"{out / 'model.onnx'}: {report['bytes']:,} bytes after {report['seconds']:,} s")
