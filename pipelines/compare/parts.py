"""Parts: some stories at a time, compared by the judge in force, in whatever process the part is handed to.

Stories do not touch each other, so that a part gives the same rows whatever else is in it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.compare.entailment import Judge
from pipelines.compare.relations import compare_claims
from pipelines.models.cross_encoder import load_judge

#: What compares; the number counts up whenever other rows come of the same claims and the same weights.
COMPARER: Final = "compare 1"


@dataclass(frozen=True, slots=True)
class Part:
    """What the comparison of some stories reads; the fields are the arguments of :func:`compare_claims`."""

    claims: pl.DataFrame
    attributions: pl.DataFrame
    quantities: pl.DataFrame
    times: pl.DataFrame
    mentions: pl.DataFrame


def compare_part(part: Part) -> pl.DataFrame:
    """Compare the claims of a part by the judge in force; gives rows of ``analysis.claim_relations``."""
    shipped = load_judge()
    return compare_claims(
        part.claims, part.attributions, part.quantities, part.times, part.mentions, judge=Judge(*shipped) if shipped else None
    )


def has_judge() -> bool:
    """Whether there are weights to judge by; without them the rules decide alone."""
    return load_judge() is not None


def comparer() -> str:
    """The version of all that decides: the rules, and the weights in force, by what is in their files."""
    shipped = load_judge()
    if shipped is None:
        return f"{COMPARER}, no judge"
    encoder, decision = shipped
    fitted = hashlib.sha256(json.dumps(decision, sort_keys=True).encode()).hexdigest()
    return f"{COMPARER}, {_weights(encoder.folder)[:16]}, {fitted[:16]}"


@cache
def _weights(folder: Path) -> str:
    """What is in a model's folder, but for its card."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.suffix != ".md":
            digest.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
