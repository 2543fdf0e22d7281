"""``counterclaim evaluate attribution``: sources, cues and contents against PolNeAR (Newell et al., LREC 2018).

The articles are read by the functions that the pipeline calls. Scores are micro-averaged over articles:

- ``source_f1``, ``cue_f1``, ``content_f1``: exact spans. A span is one contiguous run of words, as in CofeNet (COLING 2022):
  a quotation broken by *she said* counts as two contents. A span that two attributions share counts once.
- ``triple_f1``: attributions of which source, cue and content each overlap by half or more of what the two cover together.
  A source that is missing on both sides agrees.
- ``nested_f1``: the same over attributions of which the cue stands between the first and the last word of another's content.

PolNeAR marks the outermost of nested attributions only (guidelines, p. 23: no cue lies in another's content, in 924 articles), so
those that the product finds inside the content of others are left out of the comparison; what is nested in it are attributions
that stand between two parts of a content. ``nested_gold`` says how few they are.

An article that several annotators did is scored against the annotator who agrees best with the reading.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipelines.models.tagger import Tags, tag_texts
from pipelines.read.attributions import find_attributions
from pipelines.read.mentions import find_mentions
from pipelines.read.records import Attribution
from pipelines.read.sentences import split_sentences

Span = tuple[int, int]
_PARTS: Final = ("source", "cue", "content")


@dataclass(slots=True)
class Triple:
    """One attribution as spans of words; ``is_nested`` where its cue stands between words of another's content."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    is_nested: bool = False


@dataclass(slots=True)
class _Counts:
    """Right, predicted and gold, by metric."""

    right: dict[str, int] = field(default_factory=dict)
    predicted: dict[str, int] = field(default_factory=dict)
    gold: dict[str, int] = field(default_factory=dict)

    def add(self, metric: str, right: int, predicted: int, gold: int) -> None:
        self.right[metric] = self.right.get(metric, 0) + right
        self.predicted[metric] = self.predicted.get(metric, 0) + predicted
        self.gold[metric] = self.gold.get(metric, 0) + gold

    def merge(self, other: _Counts) -> None:
        for metric in other.gold:
            self.add(metric, other.right[metric], other.predicted[metric], other.gold[metric])

    def f1(self, metric: str) -> float:
        both = self.predicted.get(metric, 0) + self.gold.get(metric, 0)
        return 2 * self.right.get(metric, 0) / both if both else 0.0


def evaluate_attribution(path: Path) -> dict[str, float]:
    """Measure :func:`~pipelines.read.attributions.find_attributions` on PolNeAR.

    Args:
        path: a ``polnear_*.jsonl.gz`` of articles with ``text`` and ``attributions``, or a folder of them; of a folder, files
            named ``train`` are left out, since the rules were written with them in view.

    Returns:
        ``source_f1``, ``cue_f1``, ``content_f1``, ``triple_f1``, ``nested_f1``, precision and recall of the triples, and
        ``articles``; for a folder with several files also ``<file stem>.<metric>`` each.

    Raises:
        FileNotFoundError: there is no file of this format.
        ValueError: a line is no article of this format.
    """
    files = [path] if path.is_file() else sorted(p for p in path.glob("polnear_*.jsonl.gz") if "train" not in p.name)
    measured = {f.name.removesuffix(".jsonl.gz"): counts for f in files if (counts := _measure(f)) is not None}
    if not measured:
        raise FileNotFoundError(f"no polnear_*.jsonl.gz with text and attributions in {path}")
    together = _Counts()
    for counts in measured.values():
        together.merge(counts)
    figures = _figures(together)
    if len(measured) > 1:
        for stem, counts in measured.items():
            figures.update({f"{stem}.{metric}": value for metric, value in _figures(counts).items()})
    return figures


def _figures(counts: _Counts) -> dict[str, float]:
    figures = {f"{metric}_f1": counts.f1(metric) for metric in (*_PARTS, "triple", "nested")}
    figures["triple_precision"] = counts.right["triple"] / max(1, counts.predicted["triple"])
    figures["triple_recall"] = counts.right["triple"] / max(1, counts.gold["triple"])
    figures["nested_gold"] = float(counts.gold["nested"])
    figures["articles"] = float(counts.gold["articles"])
    return figures


def _measure(path: Path) -> _Counts | None:
    """Counts over one file; nothing if the file is of another format (segments with labels)."""
    counts = _Counts()
    rows: list[dict[str, Any]] = []
    for row in _rows(path):
        if "text" not in row or "attributions" not in row:
            return None
        rows.append(row)
    for row, tags in zip(rows, tag_texts([row["text"] for row in rows]), strict=True):
        text: str = row["text"]
        predicted = read_triples(text, tags)
        readings = [_score(predicted, gold_triples(text, a)) for a in row["attributions"].values()] or [_score(predicted, [])]
        counts.merge(max(readings, key=lambda c: sum(c.f1(metric) for metric in (*_PARTS, "triple"))))
        counts.add("articles", 0, 0, 1)
    return counts if counts.gold.get("articles") else None


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
            if not isinstance(row, dict):
                raise ValueError(f"{path}, line {number}: not a JSON object")
            yield row


def read_triples(text: str, tags: Tags | None = None) -> list[Triple]:
    """The product's reading of an article, as PolNeAR would write it; ``tags`` is what the tagger saw."""
    sentences = split_sentences(text)
    attributions = find_attributions(text, sentences, find_mentions(text, sentences, tags), tags)
    return _mark_nested([_triple(text, a) for a in attributions if not _is_inside(a, attributions)])


def _is_inside(attribution: Attribution, others: list[Attribution]) -> bool:
    """Whether the cue lies in the content of an attribution around it."""
    parent = attribution.parent
    for _ in range(len(others)):
        if parent is None:
            return False
        if any(a <= attribution.cue_start and attribution.cue_end <= b for a, b in others[parent].content):
            return True
        parent = others[parent].parent
    return False


def _mark_nested(triples: list[Triple]) -> list[Triple]:
    for k, triple in enumerate(triples):
        triple.is_nested = any(
            j != k and triple.cue and other.content and other.content[0][0] <= triple.cue[0][0] < other.content[-1][1]
            for j, other in enumerate(triples)
        )
    return triples


def _triple(text: str, a: Attribution) -> Triple:
    source: tuple[Span, ...] = ()
    if a.actor is not None:
        start, end = a.actor.start, a.actor.end
        # Guidelines, p. 21: the comma that closes an apposition belongs to the source.
        if "," in text[start:end] and text[end : end + 1] == "," and a.cue_start > end and text[end - 1] != ",":
            end += 1
        source = ((start, end),)
    return Triple(source, ((a.cue_start, a.cue_end),), a.content)


def gold_triples(text: str, attributions: list[dict[str, Any]]) -> list[Triple]:
    """One annotator's attributions; spans lose the white space at their ends, which some have by mistake."""
    triples = []
    for attribution in attributions:
        parts = {
            name: tuple(
                sorted(
                    span
                    for part in attribution.get(name) or []
                    for start, end in part["spans"]
                    if (span := _stripped(text, start, end)) is not None
                )
            )
            for name in _PARTS
        }
        triples.append(Triple(parts["source"], parts["cue"], parts["content"]))
    return _mark_nested(triples)


def _stripped(text: str, start: int, end: int) -> Span | None:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end = start + len(words.strip())
    return (start, end) if end > start else None


def _score(predicted: list[Triple], gold: list[Triple]) -> _Counts:
    counts = _Counts()
    for name in _PARTS:
        mine = {span for triple in predicted for span in getattr(triple, name)}
        theirs = {span for triple in gold for span in getattr(triple, name)}
        counts.add(name, len(mine & theirs), len(mine), len(theirs))
    counts.add("triple", _matches(predicted, gold), len(predicted), len(gold))
    mine_nested, gold_nested = [t for t in predicted if t.is_nested], [t for t in gold if t.is_nested]
    counts.add("nested", _matches(mine_nested, gold_nested), len(mine_nested), len(gold_nested))
    return counts


def _matches(predicted: list[Triple], gold: list[Triple]) -> int:
    """How many attributions agree, each with at most one, the best overlap first."""
    pairs = []
    for i, mine in enumerate(predicted):
        for j, theirs in enumerate(gold):
            overlaps = [_overlap(getattr(mine, name), getattr(theirs, name)) for name in _PARTS]
            if min(overlaps) >= 0.5:
                pairs.append((-sum(overlaps), i, j))
    used_mine: set[int] = set()
    used_gold: set[int] = set()
    for _, i, j in sorted(pairs):
        if i not in used_mine and j not in used_gold:
            used_mine.add(i)
            used_gold.add(j)
    return len(used_mine)


def _overlap(mine: tuple[Span, ...], theirs: tuple[Span, ...]) -> float:
    """Characters in both over characters in either."""
    if not mine and not theirs:
        return 1.0
    both = sum(max(0, min(b, d) - max(a, c)) for a, b in mine for c, d in theirs)
    either = sum(b - a for a, b in mine) + sum(d - c for c, d in theirs) - both
    return both / either if either else 0.0
