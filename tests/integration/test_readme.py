"""The README tells the truth: its examples are what a run on the sample prints, and its commands exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.integration.conftest import command_line
from tests.readme import README, sections, with_sections


def test_the_examples_are_what_the_sample_gives(sample_run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    text = README.read_text(encoding="utf-8")
    assert with_sections(text, sections(sample_run[0])) == text, "run `make readme` and read what changed"


def test_every_command_that_it_names_exists() -> None:
    named = set(re.findall(r"`?counterclaim ([a-z]+)", README.read_text(encoding="utf-8")))
    for command in sorted(named - {"tells"}):
        assert command_line(command, "--help").returncode == 0, command
