"""A run killed at any moment and started again ends as if it had never been killed: nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT
from tests.integration.conftest import assert_same_state, command_line, state

#: Where, of all the points of danger that an unhurt run passes, a run is killed.
MOMENTS = (0.03, 0.4, 0.9)


def killed_run(kill_at: int, counts: Path, home: Path, pages: Path) -> subprocess.CompletedProcess[str]:
    # Small batches, so that there is much to be interrupted.
    environment = {**os.environ, "COUNTERCLAIM_BATCH_DOCUMENTS": "3", "COUNTERCLAIM_WORKERS": "1"}
    command = [sys.executable, "-m", "tests.integration.killed", str(kill_at), str(counts), "run", "--input", str(pages)]
    return subprocess.run(
        [*command, "--home", str(home)],
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,  # two busy cores take minutes
        check=False,
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some pages of the sample, the digest among them, and one that cannot be used."""
    folder = tmp_path_factory.mktemp("input") / "pages"
    source = PROJECT_ROOT / "data" / "sample" / "pages"
    for path in [*sorted(source.rglob("*.html"))[::6], *source.rglob("*.txt")]:
        (folder / path.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / path.parent.name)
    (folder / "empty.html").touch()
    return folder


@pytest.fixture(scope="module")
def unhurt(tmp_path_factory: pytest.TempPathFactory, pages: Path) -> tuple[Path, int]:
    """The home of a run that nobody killed, and how many points of danger it passed."""
    folder = tmp_path_factory.mktemp("unhurt")
    result = killed_run(0, folder / "points", folder / "home", pages)
    assert result.returncode == 0, result.stderr
    return folder / "home", int((folder / "points").read_text())


def test_three_kills_one_after_the_other_leave_no_trace(tmp_path: Path, pages: Path, unhurt: tuple[Path, int]) -> None:
    reference, points = unhurt
    home = tmp_path / "home"
    for moment in MOMENTS:
        kill_at = max(1, int(points * moment))
        result = killed_run(kill_at, tmp_path / "points", home, pages)
        # A run that was started again may have less left to do than the point lies ahead.
        assert result.returncode in (-signal.SIGKILL, 0), result.stderr
        if moment < 0.5:
            assert result.returncode == -signal.SIGKILL, f"no kill at {kill_at} of {points}: {result.stderr}"
    final = killed_run(0, tmp_path / "points", home, pages)
    assert final.returncode == 0, final.stderr
    assert_same_state(state(reference), state(home))
    assert not list((home / "published").glob("*.tmp"))


def test_a_kill_at_a_random_moment_leaves_no_trace(tmp_path: Path, pages: Path, unhurt: tuple[Path, int]) -> None:
    reference, _ = unhurt
    home = tmp_path / "home"
    seconds = random.uniform(6, 25)
    command = [sys.executable, "-m", "pipelines.cli", "run", "--input", str(pages), "--home", str(home)]
    run = subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    run.kill()
    run.wait()
    result = command_line("run", "--input", pages, "--home", home)
    assert result.returncode == 0, f"killed after {seconds:.1f} s: {result.stderr}"
    assert_same_state(state(reference), state(home))
