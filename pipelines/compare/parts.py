"""Parts: some stories at a time, compared by the judge in force, in whatever process the part is handed to.

Stories do not touch each other, so that a part gives the same rows whatever else is in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.compare.entailment import Judge
from pipelines.compare.opinions import Remembering
from pipelines.compare.relations import compare_claims
from pipelines.models.cross_encoder import load_judge

#: What compares; the number counts up whenever other rows come of the same claims and the same weights.
COMPARER: Final = "compare 8"


@dataclass(frozen=True, slots=True)
class Part:
    """What the comparison of some stories reads: the arguments of :func:`compare_claims`, and what the encoder said before.

    ``opinions`` is what :func:`compare_part` gave of the same stories, by this encoder (:func:`encoder_version`).
    """

    claims: pl.DataFrame
    attributions: pl.DataFrame
    quantities: pl.DataFrame
    times: pl.DataFrame
    mentions: pl.DataFrame
    opinions: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows of ``analysis.claim_relations``; of each pair that the encoder was asked about its key, first sentence and opinion."""

    rows: pl.DataFrame
    opinions: list[tuple[str, str, bytes]]


def compare_part(part: Part) -> Compared:
    """Compare the claims of a part by the judge in force."""
    shipped = load_judge()
    asked = Remembering(shipped[0], part.opinions, back_from=_back_from(shipped[1])) if shipped else None
    rows = compare_claims(
        part.claims, part.attributions, part.quantities, part.times, part.mentions,
        judge=Judge(asked, shipped[1]) if asked and shipped else None,
    )  # fmt: skip
    return Compared(rows, [(key, *used) for key, used in asked.used.items()] if asked else [])


def _back_from(decision: Mapping[str, Any]) -> float:
    return float(decision.get("back_from", 0.0))


def has_judge() -> bool:
    """Whether there are weights to judge by; without them the rules decide alone."""
    return load_judge() is not None


def comparer() -> str:
    """The version of all that decides: the rules, the encoder, and the weights of the final model."""
    shipped = load_judge()
    fitted = hashlib.sha256(json.dumps(shipped[1], sort_keys=True).encode()).hexdigest()[:16] if shipped else "the rules alone"
    return f"{COMPARER}, {encoder_version()}, {fitted}"


def encoder_version() -> str:
    """The version of the encoder in force, by what is in its files, and of how it is asked."""
    shipped = load_judge()
    return f"{_weights(shipped[0].folder)[:16]} {_back_from(shipped[1])}" if shipped else "no encoder"


@cache
def _weights(folder: Path) -> str:
    """What is in a model's folder, but for its card."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.suffix != ".md":
            digest.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
