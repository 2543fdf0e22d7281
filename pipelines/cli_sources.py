"""``counterclaim sources``: the outlets to follow: list them, find and import more, ask which answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.progress import say, track
from pipelines.settings import DBT_PROJECT, Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from pipelines.acquire.check import Answer
    from pipelines.acquire.discover import Discovery
    from pipelines.acquire.http import Fetcher
    from pipelines.acquire.sources import Outlet, Source
    from pipelines.acquire.sources_edit import Edit

Result = TypeVar("Result")

sources_app = typer.Typer(
    name="sources",
    help=(
        "The outlets that `counterclaim run --follow` follows: list them, find and import more, ask which answer.\n\n"
        "They stand in `data/sources.yml`, which is yours to edit; commands that write there keep your comments and order."
    ),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

#: A person waits: a host whose Crawl-delay is longer is not asked a second time.
_PATIENCE_SECONDS = 60.0
_PIPE_WIDTH = 10_000  # a row is a line where no terminal folds it

FileOption = Annotated[
    Path | None,
    typer.Option("--sources", help="The sources file (default: data/sources.yml of the project).", metavar="FILE"),
]
PrivateOption = Annotated[
    bool | None,
    typer.Option("--allow-private", help="Let private and loopback addresses be asked.", show_default=False),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]


@sources_app.command("list")
def list_sources(file: FileOption = None, as_json: JsonOption = False) -> None:
    """List the outlets to follow."""
    path = _settings(file).sources
    outlets = _load(path)
    if as_json:
        for outlet in outlets:
            _print_json(_facts(outlet) | {"sources": [_source_row(source) for source in outlet.sources]})
        return
    table = Table("outlet", "country", "language", "follows", "on", box=SIMPLE_HEAD, header_style="bold")
    for outlet in outlets:
        table.add_row(
            escape(outlet.name),
            outlet.country or "",
            outlet.language or "",
            _counted(outlet.sources),
            "yes" if outlet.follow else "no",
        )
    console = _console()
    console.print(table)
    followed = [outlet for outlet in outlets if outlet.follow]
    countries = {outlet.country for outlet in outlets if outlet.country}
    console.print(
        f"{len(outlets):,} outlets of {len(countries)} countries, {len(followed):,} of them followed:"
        f" {_counted([source for outlet in followed for source in outlet.sources])}",
        style="dim",
    )


@sources_app.command()
def add(
    urls: Annotated[list[str], typer.Argument(help="A site, or a feed or sitemap of one.", metavar="URL...")],
    name: Annotated[str | None, typer.Option("--name", help="What to call the outlet, instead of what its site says.")] = None,
    dry_run: DryRunOption = False,
    file: FileOption = None,
    allow_private: PrivateOption = None,
) -> None:
    """Find what a site offers to follow, and add it.

    Feeds that its page declares, and news sitemaps that its robots.txt names, also inside sitemap indexes; nothing is
    guessed. An outlet that is there already gains what is new.
    """
    if name is not None and len(urls) > 1:
        raise typer.BadParameter("--name is for one URL")
    settings = _settings(file)
    from pipelines.acquire.discover import DiscoveryError, discover
    from pipelines.acquire.sources_edit import read_outlet_facts

    facts = read_outlet_facts(DBT_PROJECT / "seeds")
    failed = False
    with _fetcher(settings, allow_private) as fetcher:
        for url in urls:
            say(f"sources: looking at {url}")
            try:
                discovery = discover(url, fetcher, facts)
            except DiscoveryError as problem:
                typer.echo(f"counterclaim: {problem}", err=True)
                failed = True
                continue
            outlet = _named(discovery.outlet, name)
            edit = _merged(settings.sources, [outlet])
            _print_discovery(discovery, edit)
            _finish(settings.sources, edit, dry_run=dry_run)
    if failed:
        raise typer.Exit(1)


@sources_app.command("import")
def import_opml(
    opml: Annotated[Path, typer.Argument(help="Subscriptions of a feed reader, as OPML.", metavar="FILE.opml")],
    dry_run: DryRunOption = False,
    file: FileOption = None,
) -> None:
    """Add the feeds of an OPML file; feeds of one site become one outlet. What is skipped is said, with the reason."""
    path = _settings(file).sources
    from pipelines.acquire.opml import OpmlError, outlets_of, read_opml
    from pipelines.acquire.sources_edit import read_outlet_facts

    try:
        subscriptions, skipped = read_opml(opml)
    except OpmlError as problem:
        _fail(str(problem))
    for skip in skipped:
        say(f"{opml}:{skip.line}: skipped{f' {skip.title!r}' if skip.title else ''}: {skip.reason}")
    edit = _merged(path, outlets_of(subscriptions, read_outlet_facts(DBT_PROJECT / "seeds")))
    known = sum(len(change.known) for change in edit.changes)
    console = _console()
    for change in edit.changes:
        if change.added:
            kind = "new" if change.is_new else "more"
            console.print(f"{kind}: {change.outlet}: {_counted(change.added)}", markup=False)
    console.print(
        f"{len(subscriptions) + len(skipped):,} outlines: {edit.added:,} feeds added, {known:,} followed already,"
        f" {len(skipped):,} skipped",
        style="dim",
    )
    _finish(path, edit, dry_run=dry_run)


@sources_app.command()
def check(
    only: Annotated[
        list[str] | None, typer.Argument(help="Outlets, by name or id (default: all).", metavar="[OUTLET]...")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that are switched off too.")] = False,
    as_json: JsonOption = False,
    file: FileOption = None,
    allow_private: PrivateOption = None,
) -> None:
    """Ask every list once, and say which answer: how much each lists, how new it is, and what is wrong.

    Nothing is stored. Hosts are asked side by side, each one thing at a time. Fails only where no list answers.
    """
    settings = _settings(file)
    outlets = _selected(_load(settings.sources), only, everything=everything)
    sources = [source for outlet in outlets for source in outlet.sources]
    from pipelines.acquire.check import check_sources

    with _fetcher(settings, allow_private) as fetcher:
        answers = check_sources(sources, fetcher, workers=settings.hosts_at_once)
        found = list(track(((1, answer) for answer in answers), "sources: lists asked", len(sources)))
    order = {source.source_id: number for number, source in enumerate(sources)}
    found.sort(key=lambda answer: order[answer.source.source_id])
    if as_json:
        for answer in found:
            _print_json(_answer_row(answer))
    else:
        _print_answers(found)
    if not any(answer.status == "ok" for answer in found):
        say("no list answers: is this machine online?")
        raise typer.Exit(1)


@sources_app.command()
def export(
    opml: Annotated[
        Path | None,
        typer.Option("--opml", help="Write OPML there instead of to standard output.", metavar="FILE"),
    ] = None,
    file: FileOption = None,
) -> None:
    """Write the feeds as OPML, which every feed reader imports."""
    path = _settings(file).sources
    from pipelines.acquire.opml import write_opml

    content = write_opml(_load(path), "Outlets that Counterclaim follows")
    if opml is None:
        sys.stdout.buffer.write(content)
        return
    try:
        opml.write_bytes(content)
    except OSError as problem:
        _fail(f"{opml}: {problem.strerror or problem}")
    say(f"wrote {opml}")


def _settings(file: Path | None) -> Settings:
    try:
        return load_settings(sources=file)
    except SettingsError as problem:
        _fail(str(problem))


def _fetcher(settings: Settings, allow_private: bool | None) -> Fetcher:
    from pipelines.orchestration.follow import make_fetcher

    return make_fetcher(settings, allow_private=allow_private, max_turn_seconds=_PATIENCE_SECONDS)


def _load(path: Path) -> list[Outlet]:
    from pipelines.acquire.sources import SourcesError, load_outlets

    return _refusing(SourcesError, lambda: load_outlets(path))


def _merged(path: Path, outlets: Sequence[Outlet]) -> Edit:
    from pipelines.acquire.sources import SourcesError
    from pipelines.acquire.sources_edit import merge

    return _refusing(SourcesError, lambda: merge(path, outlets))


def _refusing(error: type[Exception], action: Callable[[], Result]) -> Result:
    try:
        return action()
    except error as problem:
        _fail(str(problem))


def _finish(path: Path, edit: Edit, *, dry_run: bool) -> None:
    if not edit.added:
        say(f"nothing new for {path}")
    elif dry_run:
        say(f"would write {path}")
    else:
        from pipelines.acquire.sources_edit import write

        try:
            write(path, edit)
        except OSError as problem:
            _fail(f"{path}: {problem.strerror or problem}")
        say(f"wrote {path}")


def _named(outlet: Outlet, name: str | None) -> Outlet:
    from dataclasses import replace

    return replace(outlet, name=name) if name else outlet


def _selected(outlets: Sequence[Outlet], only: Sequence[str] | None, *, everything: bool) -> list[Outlet]:
    """The outlets that were named, else those that are followed."""
    if not only:
        return [outlet for outlet in outlets if outlet.follow or everything]
    from pipelines.acquire.sources import name_key

    by_key = {key: outlet for outlet in outlets for key in (name_key(outlet.name), outlet.outlet_id, outlet.domain) if key}
    unknown = [name for name in only if name not in by_key and name_key(name) not in by_key]
    if unknown:
        _fail(f"no outlet is called {', '.join(map(repr, unknown))}: see counterclaim sources list")
    return list({id(outlet): outlet for name in only if (outlet := by_key.get(name) or by_key[name_key(name)])}.values())


def _print_discovery(discovery: Discovery, edit: Edit) -> None:
    outlet = discovery.outlet
    added = {source.address for change in edit.changes for source in change.added}
    table = Table("found", "address", "entries", "newest", "declared by", "", box=SIMPLE_HEAD, header_style="bold")
    table.columns[2].justify = "right"
    for find in discovery.finds:
        table.add_row(
            find.kind,
            escape(find.url),
            f"{find.entries:,}",
            _day(find.newest),
            escape(find.declared),
            "new" if find.url in added else "followed already",
        )
    console = _console()
    console.print(table)
    for reason in discovery.left_out:
        console.print(f"left out: {reason}", markup=False, style="dim")
    for change in edit.changes:
        known = "" if outlet.country or not change.is_new else "; its country is not known: say `country:` where you know it"
        state = "a new outlet" if change.is_new else "an outlet of the list"
        console.print(f"{change.outlet}: {state}, {_counted(change.added) or 'nothing'} added{known}", markup=False)


def _print_answers(answers: Sequence[Answer]) -> None:
    table = Table("outlet", "source", "status", "entries", "newest", "remark", box=SIMPLE_HEAD, header_style="bold")
    table.columns[3].justify = "right"
    for answer in answers:
        remark = (answer.error or answer.note or "").removeprefix(f"{answer.source.address}: ")
        table.add_row(
            escape(answer.source.outlet),
            escape(f"{answer.source.kind} {answer.source.address}"),
            answer.status,
            f"{answer.entries:,}" if answer.entries is not None else "",
            _day(answer.newest),
            escape(remark),
            style=None if answer.status == "ok" else "red",
        )
    console = _console()
    console.print(table)
    answered = sum(answer.status == "ok" for answer in answers)
    remarks = sum(answer.status == "ok" and answer.note is not None for answer in answers)
    console.print(f"{answered:,} of {len(answers):,} lists answer, {remarks:,} of them with a remark", style="dim")


def _answer_row(answer: Answer) -> dict[str, Any]:
    return _source_row(answer.source) | {
        "outlet": answer.source.outlet,
        "status": answer.status,
        "entries": answer.entries,
        "newest": answer.newest.isoformat() if answer.newest else None,
        "error": answer.error,
        "note": answer.note,
    }


def _source_row(source: Source) -> dict[str, Any]:
    return {"source_id": source.source_id, "kind": source.kind, "address": source.address}


def _facts(outlet: Outlet) -> dict[str, Any]:
    return {key: getattr(outlet, key) for key in ("name", "outlet_id", "domain", "country", "language", "follow")}


def _counted(sources: Sequence[Source]) -> str:
    """``2 feeds, 1 sitemap``."""
    words = {"feed": "feed", "sitemap": "sitemap", "urls": "list of addresses", "folder": "folder"}
    parts = []
    for kind, word in words.items():
        if count := sum(source.kind == kind for source in sources):
            plural = word.replace("list of", "lists of") if kind == "urls" else f"{word}s"
            parts.append(f"{count:,} {word if count == 1 else plural}")
    return ", ".join(parts)


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _print_json(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def _console() -> Console:
    """Standard output; what is piped or saved has a line for every row."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


def _fail(message: str) -> NoReturn:
    typer.echo(f"counterclaim: {message}", err=True)
    raise typer.Exit(2)
