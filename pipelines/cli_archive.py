"""The commands over what is stored: export it, clean it anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from pipelines.progress import say

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Folder that everything a run writes goes to (default: data/ of the project).", metavar="DIR"),
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", help="Only what was fetched on this day (UTC) or later.", metavar="YYYY-MM-DD"),
]


def register(app: typer.Typer, settings_of: Any, fail: Any) -> None:
    """Add the commands to ``app``.

    Args:
        app: the command line.
        settings_of: gives the settings for a home folder.
        fail: says why a command ends without success, and ends it.
    """

    @app.command()
    def export(
        warc: Annotated[Path, typer.Option("--warc", help="The archive to write: .warc or .warc.gz.", metavar="FILE")],
        since: SinceOption = None,
        outlet: Annotated[
            str | None, typer.Option("--outlet", help="Only pages of this outlet (outlet_id of marts.dim_outlets).", metavar="ID")
        ] = None,
        home: HomeOption = None,
    ) -> None:
        """Write the stored pages to a WARC file, which web archives read, and `counterclaim run --input FILE` too.

        The file is whole or absent. Documents that came from files without a web address are kept under their file's name.
        """
        settings = settings_of(home)
        from pipelines.orchestration.archive import ExportError, export_warc

        try:
            exported = export_warc(settings, warc, since=_day(since), outlet=outlet)
        except ExportError as error:
            fail(str(error))
        say(f"export: {exported.written:,} documents to {warc}")
        for reason, count in sorted(exported.skipped.items()):
            say(f"export: {count:,} skipped: {reason}")

    @app.command()
    def reclean(
        since: SinceOption = None,
        everything: Annotated[bool, typer.Option("--all", help="Also what the present extractor has cleaned before.")] = False,
        home: HomeOption = None,
    ) -> None:
        """Extract the articles of stored pages anew with the present extractor, and run the rest of the job on what changed.

        Nothing is fetched. An article whose text changes only because the extractor does is no new version: the new text takes
        the old one's place, and what was read from that goes. Pages that gave no article before are tried again.
        """
        settings = settings_of(home)
        from pipelines.orchestration.launch import RunUnderWayError, run_reclean, say_failure
        from pipelines.orchestration.manifest import ManifestError
        from pipelines.report import print_report

        try:
            outcome = run_reclean(settings, since=_day(since), everything=everything)
        except (RunUnderWayError, ManifestError) as error:
            fail(str(error))
        if not outcome.success:
            say_failure(settings, outcome)
            raise typer.Exit(1)
        print_report(settings, Console(highlight=False))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"--since wants a day as YYYY-MM-DD, not {text!r}") from error
