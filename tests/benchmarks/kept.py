"""What is measured is kept: ``results/NAME.json`` with the commit, the machine's cores and the command."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pipelines.evaluation.tasks import commit

RESULTS: Final = Path(__file__).parent / "results"


def _shown(argument: str) -> str:
    """An argument without the folders of the machine that it was given on."""
    return f".../{Path(argument).name}" if Path(argument).is_absolute() else argument


def about(module: str, **more: Any) -> dict[str, Any]:
    """Where, when and how something is measured by ``python -m tests.benchmarks.MODULE``; ``more`` is added."""
    return {
        "commit": commit(), "cores": os.cpu_count(),
        "command": " ".join(["python -m", f"tests.benchmarks.{module}", *map(_shown, sys.argv[1:])]),
        "measured_at": datetime.now(UTC).isoformat(timespec="minutes"), **more,
    }  # fmt: skip


def keep(name: str, result: Mapping[str, Any]) -> None:
    """Print a result and write it to ``results/NAME.json``."""
    text = json.dumps(result, indent=1) + "\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
