"""The README tells the truth: its commands exist (that its examples are what a run prints is tested with the sample run)."""

from __future__ import annotations

import re

from tests.integration.conftest import command_line
from tests.readme import README


def test_every_command_that_it_names_exists() -> None:
    named = set(re.findall(r"`?counterclaim ([a-z]+)", README.read_text(encoding="utf-8")))
    for command in sorted(named - {"tells"}):
        assert command_line(command, "--help").returncode == 0, command
