"""Running the job from the command line, in this process, on the same instance that the UI shows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from pipelines.acquire.sources import SourcesError, load_sources
from pipelines.orchestration.manifest import prepare_manifest
from pipelines.progress import keep_stdout_clean, say
from pipelines.settings import DEFAULT_HOME, Settings
from pipelines.tables import DOCUMENTS, ENTRIES, FETCHES, Table

if TYPE_CHECKING:
    from dagster import DagsterInstance

#: What the room acquire writes: a run that cleans anew leaves it as it is.
_ACQUIRED: Final = (FETCHES, ENTRIES, DOCUMENTS)
#: How runs of the command line are known from those that the UI or the schedule launched.
_FROM_COMMAND_LINE: Final = {"counterclaim/launched_by": "command line"}


class RunUnderWayError(RuntimeError):
    """Another run of the command line is under way in the same home, and did not end in time."""


class UnusableSourcesError(RuntimeError):
    """The sources file cannot be used; the message has a line for each problem, with its line in the file."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended, in lines for a person: ``failures`` are steps and why, ``fetched`` what following brought and left."""

    success: bool
    run_id: str
    failures: tuple[str, ...]
    fetched: tuple[str, ...] = ()


def say_failure(settings: Settings, outcome: Outcome) -> None:
    """Say which steps of a run failed, why, and where its log is."""
    for line in outcome.failures:
        say(line)
    say(f"The run failed. Its log: counterclaim ui --home {settings.home} (run {outcome.run_id})")


def prepare(settings: Settings) -> None:
    """Make the home folder ready for Dagster: its instance settings and dbt's manifest.

    Raises:
        ManifestError: dbt cannot parse the project.
    """
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    instance_settings = settings.dagster_home / "dagster.yaml"
    if not instance_settings.exists():
        shutil.copyfile(DEFAULT_HOME / "dagster_home" / "dagster.yaml", instance_settings)
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    if prepare_manifest(settings):
        say("prepared the dbt project")


def run_daily_job(
    settings: Settings,
    inputs: Sequence[Path] = (),
    *,
    follow: bool | None = None,
    sources: Path | None = None,
    allow_private: bool | None = None,
) -> Outcome:
    """Run every asset once; what is given replaces what the settings say.

    Args:
        settings: the settings in force.
        inputs: files and folders to read.
        follow: whether to follow the outlets of ``sources`` over the network.
        sources: the sources file.
        allow_private: whether private and loopback addresses may be asked.

    Raises:
        UnusableSourcesError: the sources file that would be followed cannot be used.
        RunUnderWayError: another run does not end.
        ManifestError: dbt cannot parse the project.
    """
    if settings.follow if follow is None else follow:
        # Said before anything is started: starting takes many seconds.
        try:
            load_sources(sources or settings.sources)
        except SourcesError as problem:
            raise UnusableSourcesError(str(problem)) from problem
    given: dict[str, object] = {"inputs": [_absolute(path) for path in inputs]}
    if follow is not None:
        given["follow"] = follow
    if sources is not None:
        given["sources"] = _absolute(sources)
    if allow_private is not None:
        given["allow_private"] = allow_private
    return _run(settings, {"acquire": given})


def run_reclean(settings: Settings, *, since: date | None = None, everything: bool = False) -> Outcome:
    """Clean stored documents anew and run the rest of the job; nothing is acquired.

    Args:
        settings: the settings in force.
        since: only documents fetched on this day (UTC) or later.
        everything: also those that the present extractor has cleaned.
    """
    given = {"reclean": True, "since": since.isoformat() if since else "", "everything": everything}
    return _run(settings, {"clean": given}, without=_ACQUIRED)


def _run(settings: Settings, given: Mapping[str, Mapping[str, object]], *, without: Sequence[Table] = ()) -> Outcome:
    """Run the job with the ``given`` configuration of its steps; the tables in ``without`` are left as they are."""
    prepare(settings)
    # Imported here: Dagster and dbt take seconds, and the manifest must be there first.
    import dagster as dg

    from pipelines.definitions import defs
    from pipelines.orchestration.assets.acquire import SUMMARY
    from pipelines.orchestration.jobs import JOB_NAME
    from pipelines.orchestration.partitions import FETCH_DAYS

    run_config = {
        "ops": {step: {"config": dict(config)} for step, config in given.items()},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }
    job = defs.resolve_job_def(JOB_NAME)
    left = {dg.AssetKey([table.schema_name, table.name]) for table in without}
    chosen = sorted(set(job.asset_layer.executable_asset_keys) - left) if left else None
    with (
        _one_run_at_a_time(settings),
        dg.DagsterInstance.get() as instance,
        keep_stdout_clean(settings.home / "logs" / "run.log"),
    ):
        _bury_killed_runs(instance)
        result = job.execute_in_process(
            run_config=run_config,
            asset_selection=chosen,
            partition_key=FETCH_DAYS.get_last_partition_key(),
            instance=instance,
            tags=_FROM_COMMAND_LINE,
            raise_on_error=False,
        )
    failures = []
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            root = error
            while root is not None and root.cause is not None:
                root = root.cause
            failures.append(f"{event.step_key}: {root.message.strip() if root else 'failed'}")
    said = [event.materialization.metadata.get(SUMMARY) for event in result.get_asset_materialization_events()]
    fetched = next((str(value.value).splitlines() for value in said if value is not None), [])
    return Outcome(result.success, result.run_id, tuple(failures), tuple(fetched))


def _absolute(path: Path) -> str:
    return os.path.abspath(path.expanduser())


@contextmanager
def _one_run_at_a_time(settings: Settings) -> Iterator[None]:
    """Hold the home against other runs of the command line; the lock goes with the process, however that ends.

    Raises:
        RunUnderWayError: another one did not end within the lock's time-out.
    """
    lock = FileLock(str(settings.dagster_home / "command_line.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"another run is under way in {settings.home}: waiting for it")
        try:
            lock.acquire(timeout=settings.lock_timeout_seconds)
        except Timeout as error:
            raise RunUnderWayError(f"another run in {settings.home} has not ended; see `counterclaim ui`") from error
    try:
        yield
    finally:
        lock.release()


def _bury_killed_runs(instance: DagsterInstance) -> None:
    """Mark runs that were killed as failed, and give back the places they hold in Dagster's pools.

    Whoever holds the lock is the only run of the command line there is: any other that still counts as started is dead.
    Left alone it would block the next run for ever: nobody else frees its place in the pool while no daemon is running.
    """
    import dagster as dg

    unfinished = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    for run in instance.get_runs(dg.RunsFilter(statuses=unfinished, tags=_FROM_COMMAND_LINE)):
        instance.report_run_failed(run, "The process of this run was killed.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
