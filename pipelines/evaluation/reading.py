"""Reading: quantities, dates and times, modality and polarity, against sentences written for this project.

Each item is read as the assets read it, as the body of an article with a headline. Quantities and times are what the
readers find in its sentences, sentence by sentence as :func:`pipelines.read.article.read_article` asks them; claims are those
that the whole room makes, so that a claim which it does not find counts as missed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from pipelines.read.article import Reading, read_article
from pipelines.read.quantities import counted_class
from pipelines.read.records import Claim, Quantity, TimeExpression

#: Stands in front of every item, as the headline of an article does; it states nothing.
_HEADLINE: Final = "In brief\n\n"
#: Bounds are equal within this share of the greater one: the last digit of a conversion is nobody's error.
_TOLERANCE: Final = 0.005
#: A claim stands for the marked words where it covers at least this share of them.
_COVERED: Final = 0.5

Span = tuple[int, int]
Found = TypeVar("Found", Quantity, TimeExpression)
#: Right, found and gold values by kind and case.
Counts = Counter[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of gold, its spans located."""

    item_id: str
    case: str
    text: str
    row: dict[str, Any]
    quantities: list[tuple[Span, dict[str, Any]]]
    times: list[tuple[Span, dict[str, Any]]]
    claims: list[tuple[Span, dict[str, Any]]]


def evaluate_reading(path: Path) -> dict[str, float]:
    """Measure quantities, times, modality and polarity.

    Args:
        path: a ``*.jsonl`` file of items as ``data/gold/reading/README.md`` describes them, or a folder of such files.

    Returns:
        ``quantity_f1`` (words that overlap, and the same dimension, bounds, unit and approximation), ``date_f1`` (words that
        overlap, and the same start and end), ``modality_f1``, ``polarity_f1``, ``stance_f1`` (both right) over the claims
        that the gold marks, precision and recall of the first two; ``counted_accuracy`` and ``date_size_accuracy`` among what is
        right otherwise; ``in_claims`` (the share of the right values that a claim holds, and which so become rows). Then
        the same for every file (``tuned.quantity_f1``) and, for every case, the one that it is there for
        (``case.bounds.quantity_f1``).

    Raises:
        ValueError: there is nothing of the format, or a span is not in its text; the message names file and item.
    """
    files = [path] if path.is_file() else sorted(path.glob("*.jsonl"))
    total: Counts = Counter()
    figures: dict[str, float] = {}
    for file in files:
        counts: Counts = Counter()
        for item in read_gold(file):
            _count(item, counts)
        figures |= {f"{file.stem}.{name}": value for name, value in _figures(counts).items()}
        total.update(counts)
    if not total:
        raise ValueError(f"{path}: no *.jsonl with text, quantities and times to measure")
    cases = sorted({case for _, _, case in total})
    by_case: dict[str, float] = {}
    for case in cases:
        kinds = {kind for what, kind, of in total if of == case and what == "gold"}
        for kind in ("quantity", "date", "polarity", "modality"):
            if kind in kinds:
                by_case[f"case.{case}.{kind}_f1"] = _f1(total, kind, case)
    return _figures(total) | figures | by_case


def read_gold(file: Path) -> list[_Item]:
    """The items of a file, with offsets of their spans in the article that each becomes."""
    items: list[_Item] = []
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            record = json.loads(line)
            if not (isinstance(record, dict) and isinstance(record.get("text"), str) and "quantities" in record):
                raise ValueError(f"{file}, line {number}: not an item with text, quantities and times")
            text = _HEADLINE + record["text"]

            def located(key: str, record: dict[str, Any] = record, text: str = text) -> list[tuple[Span, dict[str, Any]]]:
                return [(_locate(text, gold, f"{file}: {record['id']}"), gold) for gold in record.get(key, [])]

            published_on = record.get("published_on")
            row = {
                "article_id": record["id"],
                "text": text,
                "language": "en",
                "title": _HEADLINE.strip(),
                "published_at": datetime.fromisoformat(record["published_at"]),
                "published_precision": record["published_precision"],
                "published_on": date.fromisoformat(published_on) if published_on else None,
            }
            items.append(
                _Item(record["id"], record["case"], text, row, located("quantities"), located("times"), located("claims"))
            )
    return items


def _locate(text: str, gold: dict[str, Any], where: str) -> Span:
    """The span of ``words``, the ``occurrence``-th from 0 behind the headline."""
    position = len(_HEADLINE) - 1
    for _ in range(int(gold.get("occurrence", 0)) + 1):
        position = text.find(gold["words"], position + 1)
        if position < 0:
            raise ValueError(f"{where}: {gold['words']!r} does not stand in the text")
    return position, position + len(gold["words"])


def _count(item: _Item, counts: Counts) -> None:
    reading = read_article(item.row)
    quantities = [q for _, found in sorted(reading.sentence_quantities.items()) for q in found]
    times = [t for _, found in sorted(reading.sentence_times.items()) for t in found]
    held = {(q.start, q.end) for found in reading.quantities for q in found}
    held_times = {(t.start, t.end) for found in reading.times for t in found}
    for gold, found in _matched(item.quantities, quantities, _same_quantity, "quantity", (item.case, counts)):
        counts["right", "in_claims", item.case] += (found.start, found.end) in held
        counts["gold", "in_claims", item.case] += 1
        if gold["counted"] != "?":
            counts["gold", "counted", item.case] += 1
            counts["right", "counted", item.case] += counted_class(gold["counted"]) == counted_class(found.counted)
    for gold, moment in _matched(item.times, times, _same_time, "date", (item.case, counts)):
        counts["right", "in_claims", item.case] += (moment.start, moment.end) in held_times
        counts["gold", "in_claims", item.case] += 1
        counts["gold", "date_size", item.case] += 1
        counts["right", "date_size", item.case] += gold["precision"] == moment.precision
    for span, gold in item.claims:
        claim = _claim_for(span, reading)
        for kind, is_right in (
            ("polarity", claim is not None and claim.polarity == gold["polarity"]),
            ("modality", claim is not None and claim.modality == gold["modality"]),
            (
                "stance",
                claim is not None and (claim.polarity, claim.modality) == (gold["polarity"], gold["modality"]),
            ),
        ):
            counts["gold", kind, item.case] += 1
            counts["found", kind, item.case] += claim is not None
            counts["right", kind, item.case] += is_right


def _matched(
    golds: Sequence[tuple[Span, dict[str, Any]]],
    found: Sequence[Found],
    same: Callable[[dict[str, Any], Found], bool],
    kind: str,
    counter: tuple[str, Counts],
) -> list[tuple[dict[str, Any], Found]]:
    """Count right, found and gold values, each found one used once; what is optional counts on neither side."""
    case, counts = counter
    left = list(found)
    pairs: list[tuple[dict[str, Any], Found]] = []
    for (start, end), gold in golds:
        overlapping = [f for f in left if f.start < end and start < f.end]
        match = next((f for f in overlapping if same(gold, f)), None)
        if gold.get("optional"):
            left = [f for f in left if f not in overlapping]
            continue
        counts["gold", kind, case] += 1
        if match is None:
            continue
        left.remove(match)
        pairs.append((gold, match))
        counts["right", kind, case] += 1
        counts["found", kind, case] += 1
    counts["found", kind, case] += len(left)
    return pairs


def _same_quantity(gold: dict[str, Any], found: Quantity) -> bool:
    return (
        (gold["dimension"], gold["unit"], gold["approximation"]) == (found.dimension, found.unit, found.approximation)
        and _same_bound(gold["lower"], found.lower)
        and _same_bound(gold["upper"], found.upper)
    )


def _same_bound(gold: float | None, found: float | None) -> bool:
    if gold is None or found is None:
        return gold is found
    return abs(gold - found) <= _TOLERANCE * max(abs(gold), abs(found))


def _same_time(gold: dict[str, Any], found: TimeExpression) -> bool:
    return (datetime.fromisoformat(gold["start_at"]), datetime.fromisoformat(gold["end_at"])) == (found.start_at, found.end_at)


def _claim_for(span: Span, reading: Reading) -> Claim | None:
    """The claim that stands for marked words: of those that cover most of them, the one that adds the least."""
    start, end = span

    def shared(claim: Claim) -> int:
        return max(0, min(claim.end, end) - max(claim.start, start))

    covering = [c for c in reading.claims if shared(c) >= _COVERED * (end - start)]
    return max(covering, key=lambda c: (shared(c) / (max(c.end, end) - min(c.start, start)), -c.start), default=None)


def _f1(counts: Counts, kind: str, case: str | None = None) -> float:
    right, found, gold = (_sum(counts, what, kind, case) for what in ("right", "found", "gold"))
    return 2 * right / (found + gold) if found + gold else 0.0


def _sum(counts: Counts, what: str, kind: str, case: str | None = None) -> int:
    return sum(n for (w, k, c), n in counts.items() if w == what and k == kind and case in (None, c))


def _figures(counts: Counts) -> dict[str, float]:
    def share(kind: str, of: str) -> float:
        whole = _sum(counts, of, kind)
        return _sum(counts, "right", kind) / whole if whole else 0.0

    return {
        "quantity_f1": _f1(counts, "quantity"),
        "quantity_precision": share("quantity", "found"),
        "quantity_recall": share("quantity", "gold"),
        "counted_accuracy": share("counted", "gold"),
        "date_f1": _f1(counts, "date"),
        "date_precision": share("date", "found"),
        "date_recall": share("date", "gold"),
        "date_size_accuracy": share("date_size", "gold"),
        "modality_f1": _f1(counts, "modality"),
        "polarity_f1": _f1(counts, "polarity"),
        "stance_f1": _f1(counts, "stance"),
        "in_claims": share("in_claims", "gold"),
    }
