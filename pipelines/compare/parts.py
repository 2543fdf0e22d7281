"""Parts: some stories at a time, compared by the judge in force, in whatever process the part is handed to.

Stories do not touch each other, so that a part gives the same rows whatever else is in it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.compare.entailment import Judge
from pipelines.compare.relations import compare_claims
from pipelines.models.cross_encoder import load_judge
from pipelines.models.embedder import load_embedder

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
    shipped, embedder = load_judge(), load_embedder()
    return compare_claims(
        part.claims, part.attributions, part.quantities, part.times, part.mentions,
        judge=Judge(*shipped) if shipped else None, embed=embedder.embed if embedder else None,
    )  # fmt: skip


def missing_weights() -> list[str]:
    """What of the weights is not there, said for people, and what is done without."""
    shipped, embedder = load_judge(), load_embedder()
    if shipped is None:
        return ["no weights in data/models/entailment: the rules decide alone"]
    if Judge(*shipped).searches and embedder is None:
        return ["no weights in data/models/embedder: the rules search alone"]
    return []


def comparer() -> str:
    """The version of all that decides: the rules, and the weights in force, by their bytes."""
    shipped, embedder = load_judge(), load_embedder()
    return f"{COMPARER}, {_weights(shipped[0].folder) if shipped else 'no judge'}, " + (
        _weights(embedder.folder) if embedder else "no embedder"
    )


@cache
def _weights(folder: Path) -> str:
    """What is in a model's folder, but for its card."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.suffix in {".onnx", ".json"}:
            digest.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
