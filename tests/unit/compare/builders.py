"""Sentences as the readers would give them, written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.compare.relations import ClaimView, SentenceClaims, Verdict, judge_sentences


def quantity(surface: str, dimension: str, lower: float | None, upper: float | None, counted: str | None,
             *, unit: str | None = None) -> dict[str, Any]:  # fmt: skip
    return {"surface": surface, "dimension": dimension, "lower": lower, "upper": upper, "unit": unit, "counted": counted,
            "approximation": "exact"}  # fmt: skip


def day(surface: str, of_march: int, *, days: int = 1) -> dict[str, Any]:
    start = datetime(2031, 3, of_march, tzinfo=UTC)
    return {"surface": surface, "start_at": start, "end_at": start + timedelta(days=days), "precision": "day"}


def sentence(
    text: str, *, names: Sequence[str] = (), values: Sequence[dict[str, Any]] = (), days: Sequence[dict[str, Any]] = (),
    speaker: str | None = None, cue_kind: str = "says", modality: str = "asserted", polarity: str = "affirmed",
    before: str = "", hour: int | None = None, elsewhere: Sequence[tuple[str, float | None, float | None]] = (),
    is_anonymous: bool = False, kinds: Sequence[str] = (),
) -> SentenceClaims:  # fmt: skip
    def placed(row: dict[str, Any]) -> dict[str, Any]:
        start = text.index(row["surface"])
        return row | {"char_start": start, "char_end": start + len(row["surface"])}

    hops = ((speaker, cue_kind),) if speaker else ()
    claim = ClaimView(text, 0, len(text), polarity, modality, hops, len(hops), speaker, is_anonymous)
    published = datetime(2031, 3, 10, hour or 0, tzinfo=UTC)
    return SentenceClaims(
        text=text, claims=(claim,), quantities=tuple(map(placed, values)), times=tuple(map(placed, days)), names=tuple(names),
        before=before, published_at=published, published_precision="day" if hour is None else "minute",
        values_elsewhere=tuple(elsewhere), name_kinds=tuple(kinds),
    )  # fmt: skip


def judge(a: SentenceClaims, b: SentenceClaims, *, is_found: bool = False) -> Verdict:
    """The verdict, which must not depend on which side comes first."""
    verdict, turned = judge_sentences(a, b, is_found=is_found), judge_sentences(b, a, is_found=is_found)
    assert (verdict.relation, verdict.kind, verdict.level) == (turned.relation, turned.kind, turned.level)
    assert abs(verdict.p_contradiction - turned.p_contradiction) < 1e-9
    assert (verdict.value_a, verdict.value_b) == (turned.value_b, turned.value_a)
    return verdict
