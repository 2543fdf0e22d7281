"""Running the job from the command line, in this process, on the same instance that the UI shows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.orchestration.manifest import prepare_manifest
from pipelines.progress import keep_stdout_clean, say
from pipelines.settings import DEFAULT_HOME, Settings


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended; ``failures`` are lines for a person: the step and why."""

    success: bool
    run_id: str
    failures: tuple[str, ...]


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


def run_daily_job(settings: Settings, inputs: Sequence[Path] = ()) -> Outcome:
    """Run every asset once; ``inputs`` replace those of the settings."""
    prepare(settings)
    # Imported here: Dagster and dbt take seconds, and the manifest must be there first.
    import dagster as dg

    from pipelines.definitions import defs
    from pipelines.orchestration.jobs import JOB_NAME
    from pipelines.orchestration.partitions import FETCH_DAYS

    run_config = {
        "ops": {"acquire": {"config": {"inputs": [str(Path(os.path.abspath(path))) for path in inputs]}}},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }
    with dg.DagsterInstance.get() as instance, keep_stdout_clean(settings.home / "logs" / "run.log"):
        result = defs.resolve_job_def(JOB_NAME).execute_in_process(
            run_config=run_config,
            partition_key=FETCH_DAYS.get_last_partition_key(),
            instance=instance,
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
    return Outcome(result.success, result.run_id, tuple(failures))
