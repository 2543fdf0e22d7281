"""``counterclaim``: one way to do each chore. Heavy imports happen inside the commands, so that ``--help`` is quick."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from pipelines import cli_archive
from pipelines.cli_sources import sources_app
from pipelines.cli_train import app as train_app
from pipelines.progress import say
from pipelines.settings import PROJECT_ROOT, Settings, SettingsError, export_home, export_models, load_settings

app = typer.Typer(
    name="counterclaim",
    help=(
        "Which news outlets contradict each other, about what, and on whose word.\n\n"
        "Start with `counterclaim run`: it reads the sample that ships with the project, fills a warehouse, and prints the"
        " contradictions per outlet. Then look around with `counterclaim sql` and `counterclaim ui`, and point it at your"
        " own files with `counterclaim run --input PATH`."
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)

app.add_typer(sources_app, name="sources")
app.add_typer(train_app, name="train")

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Folder that everything a run writes goes to (default: data/ of the project).", metavar="DIR"),
]


class Output(StrEnum):
    """How `counterclaim sql` prints rows."""

    table = "table"
    csv = "csv"
    json = "json"


@app.command()
def run(
    inputs: Annotated[
        list[Path] | None,
        typer.Option(
            "--input",
            help=(
                "Files or folders to read instead of the sample: .html, .txt, .jsonl, .warc (each also .gz), .parquet."
                " Repeatable."
            ),
            metavar="PATH",
        ),
    ] = None,
    more: Annotated[list[Path] | None, typer.Argument(help="More paths for --input.", metavar="[PATH]...")] = None,
    *,
    follow: Annotated[
        bool | None,
        typer.Option(
            "--follow/--no-follow",
            help="Follow the outlets of the sources file over the network, instead of reading the sample.",
            show_default=False,
        ),
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option("--sources", help="The outlets to follow (default: data/sources.yml of the project).", metavar="FILE"),
    ] = None,
    allow_private: Annotated[
        bool | None,
        typer.Option("--allow-private", help="Let private and loopback addresses be asked (tests).", show_default=False),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Run the main job: acquire, clean, read, normalise, compare, count, publish.

    Articles add up in the warehouse of `--home`: what was read before is not read again, and the same run twice changes
    nothing. A file that cannot be used is a row in raw.fetches with its reason and stops nothing else. Without paths the sample
    is read, but never into a home that holds other articles.

    Records of .jsonl and .parquet files have `html` or `text`, and where known `url`, `outlet`, `title`, `published_on`,
    `authors`.

    With `--follow` the feeds, news sitemaps and lists of addresses of `--sources` are followed as well: robots.txt is
    obeyed, a host is asked one thing at a time, and pages are asked for again after a day and after a week. Name yourself
    with `COUNTERCLAIM_CONTACT`.
    """
    settings = _settings(home)
    paths = [*(inputs or []), *(more or [])]
    if more and not inputs:
        raise typer.BadParameter("name the paths with --input PATH")
    if sources is not None and not (settings.follow if follow is None else follow):
        raise typer.BadParameter("--sources is for runs that --follow")
    from pipelines.orchestration.launch import RunUnderWayError, UnusableSourcesError, run_daily_job, say_failure
    from pipelines.orchestration.manifest import ManifestError
    from pipelines.report import print_report

    try:
        outcome = run_daily_job(settings, paths, follow=follow, sources=sources, allow_private=allow_private)
    except (RunUnderWayError, UnusableSourcesError, ManifestError) as error:
        _fail(str(error))
    if not outcome.success:
        say_failure(settings, outcome)
        raise typer.Exit(1)
    print_report(settings, Console(highlight=False), outcome.fetched)


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 3000,
    home: HomeOption = None,
) -> None:
    """Open the Dagster UI on 127.0.0.1: the asset graph, runs, checks, previews. Stop it with Ctrl-C."""
    settings = _settings(home)
    from pipelines.orchestration.launch import prepare

    prepare(settings)
    say(f"Dagster UI: http://127.0.0.1:{port} (home: {settings.home})")
    command = [sys.executable, "-m", "dagster", "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
    raise typer.Exit(subprocess.run(command, cwd=PROJECT_ROOT, check=False).returncode)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help='SQL over the marts, or "-" to read it from standard input.')],
    output: Annotated[Output, typer.Option("--format", help="How to print the rows.")] = Output.table,
    home: HomeOption = None,
) -> None:
    """Query the published warehouse (read-only) and print the rows.

    The schema is `marts`: dim_outlets, dim_entities, dim_stories, fct_articles, fct_claims, fct_attributions,
    fct_entity_mentions, fct_contradictions, fct_contradiction_signals, fct_corroborations, fct_updates, fct_story_changes,
    outlet_coverage_daily, outlet_contradictions_daily, outlet_pair_contradictions, story_coverage, entity_coverage_daily,
    source_reliance.
    """
    settings = _settings(home)
    from pipelines.warehouse import WarehouseError, query_published

    try:
        frame = query_published(settings.published, sys.stdin.read() if query == "-" else query)
    except WarehouseError as error:
        _fail(str(error))
    match output:
        case Output.csv:
            lists = [name for name, dtype in frame.schema.items() if dtype == pl.List(pl.String())]
            sys.stdout.write(frame.with_columns(pl.col(lists).list.join("|")).write_csv())
        case Output.json:
            for row in frame.iter_rows(named=True):
                sys.stdout.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        case Output.table:
            _print_table(frame, Console(highlight=False))


@app.command()
def report(home: HomeOption = None) -> None:
    """Print what the published warehouse says: contradictions per outlet, and the sharpest of them."""
    settings = _settings(home)
    from pipelines.report import print_report
    from pipelines.warehouse import WarehouseError

    try:
        print_report(settings, Console(highlight=False))
    except WarehouseError as error:
        _fail(str(error))


@app.command()
def explain(
    contradiction_id: Annotated[
        str, typer.Argument(help="An id of fct_contradictions.", metavar="CONTRADICTION_ID", show_default=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead, with every signal.")] = False,
    home: HomeOption = None,
) -> None:
    """Say why two claims are called a contradiction.

    Prints both sentences with those around them, who vouches for each and in which words, the slot and both values, what
    decided (rules, the final model with each signal's share of the score, or an endpoint), and whether a person has reviewed it.

    Ids: `counterclaim sql "select contradiction_id, kind, text_a, text_b from fct_contradictions"`.
    """
    settings = _settings(home)
    from pipelines.explain import UnknownContradictionError, print_explanation
    from pipelines.explain import explain as explanation_of
    from pipelines.warehouse import WarehouseError

    try:
        made = explanation_of(settings, contradiction_id)
    except (UnknownContradictionError, WarehouseError) as error:
        _fail(str(error))
    if as_json:
        sys.stdout.write(json.dumps(made, ensure_ascii=False, indent=2, default=str) + "\n")
    else:
        print_explanation(made, Console(highlight=False))


@app.command()
def evaluate(
    task: Annotated[str, typer.Argument(help="A task, or `all`. Run `counterclaim evaluate list` to see them.")],
    data: Annotated[Path | None, typer.Option("--data", help="The gold set, a file or a folder.", metavar="PATH")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures there as JSON.", metavar="FILE")] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Measure every pair of `relations`, not some of each source.")] = False,
) -> None:
    """Measure quality on a gold set: prints a table, exits non-zero only when it could not measure."""
    from pipelines.evaluation.tasks import EvaluationError, print_tasks, run_evaluation

    console = Console(highlight=False)
    if task == "list":
        print_tasks(console)
        return
    if data is None:
        raise typer.BadParameter("name the gold set with --data PATH")
    try:
        run_evaluation(task, data, json_file, console, whole=whole)
    except EvaluationError as error:
        _fail(str(error))


@app.command()
def prepare(home: HomeOption = None) -> None:
    """Prepare what Dagster loads (dbt's manifest); `run` and `ui` do so by themselves."""
    settings = _settings(home)
    from pipelines.orchestration.launch import prepare as prepare_home

    prepare_home(settings)
    say(f"prepared {settings.dbt_target}")


@app.command()
def clear(
    home: HomeOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete what runs have written under `--home`: warehouse, pages, published snapshots, run history.

    What an endpoint has answered (answers/) stays: it is asked nothing twice.
    """
    settings = _settings(home)
    folders = [settings.home / name for name in ("warehouse", "pages", "published", "logs")]
    there = [folder for folder in folders if folder.exists()]
    history = [path for path in settings.dagster_home.glob("*") if path.name != "dagster.yaml"]
    if not there and not history:
        say(f"nothing to delete under {settings.home}")
        return
    if not yes:
        typer.confirm(f"Delete {', '.join(str(path) for path in [*there, *history])}?", abort=True, err=True)
    for path in [*there, *history]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _settings(home: Path | None) -> Settings:
    """The settings in force, put into the environment for child processes too."""
    try:
        settings = load_settings(home=home)
    except SettingsError as error:
        _fail(str(error))
    export_home(settings.home)
    export_models(settings)
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    # No command of ours reports to anyone.
    os.environ.update({"DAGSTER_DISABLE_TELEMETRY": "yes", "DO_NOT_TRACK": "1"})
    return settings


def _print_table(frame: pl.DataFrame, console: Console) -> None:
    table = Table(*[str(name) for name in frame.columns], header_style="bold", show_lines=False)
    for index, dtype in enumerate(frame.dtypes):
        if dtype.is_numeric():
            table.columns[index].justify = "right"
    for row in frame.iter_rows():
        table.add_row(*[_cell(value) for value in row])
    console.print(table)
    console.print(f"{frame.height:,} row{'' if frame.height == 1 else 's'}", style="dim")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).replace("[", "\\[")


def _fail(message: str) -> Any:
    typer.echo(f"counterclaim: {message}", err=True)
    raise typer.Exit(2)


cli_archive.register(app, _settings, _fail)


def main() -> None:
    """Entry point of the ``counterclaim`` command."""
    app()


if __name__ == "__main__":
    main()
