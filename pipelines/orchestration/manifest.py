"""dbt's manifest: prepared by one command, once, before anything imports it.

``prepare_if_dev()`` at import would parse the dbt project anew in every process (start-up 5.3 -> 14.5 CPU seconds,
measured).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from pipelines.settings import DBT_PROJECT, Settings


class ManifestMissingError(RuntimeError):
    """dbt's manifest has not been prepared."""


class ManifestError(RuntimeError):
    """dbt cannot parse the project; the message is dbt's."""


def manifest_path(settings: Settings) -> Path:
    """Where the manifest of ``settings.home`` stands."""
    return settings.dbt_target / "manifest.json"


def require_manifest(settings: Settings) -> Path:
    """The manifest's path.

    Raises:
        ManifestMissingError: it has not been prepared.
    """
    path = manifest_path(settings)
    if not path.is_file():
        raise ManifestMissingError(f"{path} is missing: prepare it with `counterclaim prepare --home {settings.home}`")
    return path


def prepare_manifest(settings: Settings) -> bool:
    """Parse the dbt project if the manifest is missing or older than the project; gives whether it did.

    Raises:
        ManifestError: dbt cannot parse the project.
    """
    path = manifest_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(str(settings.dbt_target) + ".lock"):
        if path.is_file() and path.stat().st_mtime >= _newest_source():
            return False
        command = [
            *(sys.executable, "-m", "dbt.cli.main", "parse"),
            *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
            *("--target-path", str(settings.dbt_target), "--log-path", str(settings.dbt_target / "logs")),
        ]
        environment = {**os.environ, "COUNTERCLAIM_WAREHOUSE": str(settings.warehouse), "DO_NOT_TRACK": "1"}
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if result.returncode:
            path.unlink(missing_ok=True)
            raise ManifestError(f"dbt cannot parse {DBT_PROJECT}:\n{result.stdout}{result.stderr}")
        # Each step's own target folder starts from an old parse otherwise.
        shutil.rmtree(settings.dbt_target / "dagster", ignore_errors=True)
        return True


def _newest_source() -> float:
    """When the dbt project last changed."""
    folders = ("models", "macros", "seeds", "tests")
    files = [path for folder in folders for path in (DBT_PROJECT / folder).rglob("*") if path.is_file()]
    files += [DBT_PROJECT / "dbt_project.yml", DBT_PROJECT / "profiles.yml"]
    return max((path.stat().st_mtime for path in files if path.exists()), default=0.0)
