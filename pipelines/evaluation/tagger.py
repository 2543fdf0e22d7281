"""The figures of a tagger in a folder on the dev sets, through the same functions that `counterclaim evaluate` calls."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from pipelines.evaluation.attribution import evaluate_attribution
from pipelines.evaluation.entities import evaluate_entities

_NAMES: Final = ("worldwide_newswire_dev", "wikigold_all", "uner_ewt_dev")
_VARIABLE: Final = "COUNTERCLAIM_TAGGER"


def measure_tagger(folder: Path, data: Path) -> dict[str, float]:
    """Attribution and names with the tagger in ``folder``, on the dev sets of ``data``."""
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = str(folder)
    try:
        attribution = evaluate_attribution(data / "attribution" / "polnear_dev.jsonl.gz")
        figures = {f"PolNeAR dev {part}": attribution[f"{part}_f1"] for part in ("source", "cue", "content", "triple")}
        for name in _NAMES:
            path = data / "entities" / f"{name}.jsonl.gz"
            if path.is_file():
                figures |= {
                    f"{name} {metric}": value for metric, value in evaluate_entities(path).items() if metric.startswith("f1")
                }
        return figures
    finally:
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before
