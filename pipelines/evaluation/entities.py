"""Entities: exact-span micro F1 of the mentions that the read room finds, over person, organization and place.

The sets give tokens and tags (BIO). The text is put back together with the spaces that English takes, the product reads it
as it reads an article, and its spans are mapped back to the tokens.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from pipelines.models.detokenize import Joined, join_tokens
from pipelines.models.tagger import Tags, tag_texts
from pipelines.read.mentions import find_mentions
from pipelines.read.sentences import split_sentences

KINDS: Final = ("person", "organization", "place")
#: The corpora's names for the three kinds; every other name (NORP, Facility, Misc, Temporal ...) is not counted.
_KIND_OF_TAG: Final = {
    "per": "person", "person": "person",
    "org": "organization", "organization": "organization", "organisation": "organization", "corporation": "organization",
    "group": "organization",
    "loc": "place", "location": "place", "place": "place", "gpe": "place",
}  # fmt: skip
#: Words in a file's name that make it count when a folder is measured; a training file counts only when given itself.
_MEASURED: Final = frozenset({"dev", "test", "all"})
Span = tuple[int, int, str]


def evaluate_entities(path: Path) -> dict[str, float]:
    """Measure the mentions of persons, organizations and places.

    Args:
        path: a ``*.jsonl.gz`` file with ``tokens``, ``tags`` and, where known, ``doc`` per line, or a folder: of a folder,
            every file of the format whose name has the word dev, test or all in it counts, together and by itself.

    Returns:
        ``f1``, ``precision``, ``recall``, ``f1_person``, ``f1_organization``, ``f1_place`` (0 to 1), and for a folder the
        same per file as ``<stem>.<metric>``.

    Raises:
        ValueError: there is nothing of the format to measure.
    """
    files = (
        [path] if path.is_file() else [f for f in sorted(path.glob("*.jsonl.gz")) if set(re.split(r"[_.\-]", f.name)) & _MEASURED]
    )
    counts: dict[str, Counter[tuple[str, str]]] = {}
    for file in files:
        records = _read(file)
        if records:
            counts[file.name.removesuffix(".jsonl.gz")] = _count(records)
    if not counts:
        raise ValueError(f"{path}: no *.jsonl.gz with tokens and tags to measure")
    total: Counter[tuple[str, str]] = Counter()
    for count in counts.values():
        total.update(count)
    figures = _figures(total)
    if path.is_dir():
        for stem, count in counts.items():
            figures |= {f"{stem}.{name}": value for name, value in _figures(count).items()}
    return figures


def _read(file: Path) -> list[dict[str, object]]:
    """The lines of a file; none if they are not tokens with tags."""
    records: list[dict[str, object]] = []
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if not (isinstance(record, dict) and isinstance(record.get("tokens"), list) and isinstance(record.get("tags"), list)):
                return []
            records.append(record)
    return records


def _documents(records: list[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    """Consecutive sentences of one document; a sentence that names none (or -1) stands alone."""
    for doc, group in groupby(records, key=lambda record: record.get("doc")):
        if doc in (None, -1, ""):
            for record in group:
                yield [record]
        else:
            yield list(group)


def gold_spans(tags: Sequence[str]) -> list[Span]:
    """Spans of BIO tags as (first token, one past the last, kind); tags of other kinds are left out."""
    spans: list[Span] = []
    start, name = 0, ""
    for i, tag in enumerate([*tags, "O"]):
        prefix, _, label = tag.partition("-")
        if name and (prefix != "I" or label != name):
            kind = _KIND_OF_TAG.get(name.lower())
            if kind:
                spans.append((start, i, kind))
            name = ""
        if prefix == "B" or (prefix == "I" and not name):
            start, name = i, label
    return spans


def _predicted(document: Joined, tags: Tags | None) -> set[Span]:
    """The product's mentions as spans of tokens; a mention that cuts a token in two keeps its character span (a miss)."""
    start_of = {start: i for i, start in enumerate(document.starts)}
    end_of = {end: i + 1 for i, end in enumerate(document.ends)}
    spans: set[Span] = set()
    for mention in find_mentions(document.text, split_sentences(document.text), tags):
        if mention.kind in KINDS:
            first, last = start_of.get(mention.start), end_of.get(mention.end)
            aligned = first is not None and last is not None
            spans.add((first, last, mention.kind) if aligned else (-1 - mention.start, -1 - mention.end, mention.kind))  # type: ignore[arg-type]
    return spans


def _count(records: list[dict[str, object]]) -> Counter[tuple[str, str]]:
    """Right, predicted and gold spans per kind."""
    count: Counter[tuple[str, str]] = Counter()
    documents = list(_documents(records))
    texts = [join_tokens([[str(t) for t in record["tokens"]] for record in document]) for document in documents]  # type: ignore[attr-defined]
    for document, text, seen in zip(documents, texts, tag_texts([text.text for text in texts]), strict=True):
        tags = [[str(t) for t in record["tags"]] for record in document]  # type: ignore[attr-defined]
        gold: set[Span] = set()
        offset = 0
        for sentence in tags:
            gold.update((offset + start, offset + end, kind) for start, end, kind in gold_spans(sentence))
            offset += len(sentence)
        found = _predicted(text, seen)
        count.update(("gold", kind) for *_, kind in gold)
        count.update(("found", kind) for *_, kind in found)
        count.update(("right", kind) for *_, kind in gold & found)
    return count


def _figures(count: Counter[tuple[str, str]]) -> dict[str, float]:
    def ratio(kinds: Sequence[str], of: str) -> float:
        whole = sum(count[of, kind] for kind in kinds)
        return sum(count["right", kind] for kind in kinds) / whole if whole else 0.0

    def f1(kinds: Sequence[str]) -> float:
        precision, recall = ratio(kinds, "found"), ratio(kinds, "gold")
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    return {
        "f1": f1(KINDS),
        "precision": ratio(KINDS, "found"),
        "recall": ratio(KINDS, "gold"),
        **{f"f1_{kind}": f1([kind]) for kind in KINDS},
    }
