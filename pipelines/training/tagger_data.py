"""What the tagger learns from, as numbers: PolNeAR, two corpora of names, and articles without labels for silver ones.

An example is a document: its subwords, and for each word the attribution label and the labels of names that are allowed
there, since the corpora of names do not mark the same things.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from tokenizers import Tokenizer

from pipelines.models.detokenize import join_tokens
from pipelines.models.tagging import ATTRIBUTION_LABELS, ENTITY_LABELS, Encoded, Ints, encode, encode_spans

#: A word whose attribution nobody annotated.
UNKNOWN: Final = -1
#: Seed of every choice that the data preparation makes.
_SEED: Final = 20
#: Articles and feed entries for silver labels.
SILVER_ARTICLES: Final = 5_000
SILVER_ENTRIES: Final = 4_000
_MOST_SUBWORDS: Final = 3_000

#: The corpora's types as ours; what is missing here is no name.
_WORLDWIDE: Final = {
    "Person": "person", "Organization": "organization", "Location": "place", "Facility": "facility", "NORP": "people",
    "Misc": "other", "Product": "other",
}  # fmt: skip
_WNUT: Final = {
    "person": "person", "location": "place", "corporation": "organization", "group": "organization",
    "creative-work": "other", "product": "other",
}  # fmt: skip


@dataclass(slots=True)
class Example:
    """A document. ``attribution`` and ``entities`` have one entry a word: a label or :data:`UNKNOWN`; a bit set of labels."""

    name: str
    corpus: str
    encoded: Encoded
    attribution: Ints
    entities: Ints
    #: pairs of words, the first of a cue and the first of a source or content that belongs to it.
    links: list[tuple[int, int]] = field(default_factory=list)


def load_examples(data: Path, tokenizer: Tokenizer) -> list[Example]:
    """The annotated documents of ``data`` (a folder with ``attribution`` and ``entities``), in one order.

    Raises:
        FileNotFoundError: a corpus is missing.
    """
    examples = list(_polnear(data / "attribution" / "polnear_train.jsonl.gz", tokenizer))
    examples += _names(data / "entities" / "worldwide_newswire_train.jsonl.gz", _WORLDWIDE, tokenizer, "worldwide")
    examples += _names(data / "entities" / "wnut17_train.jsonl.gz", _WNUT, tokenizer, "wnut17")
    return examples


def load_silver(
    data: Path, tokenizer: Tokenizer, articles: int = SILVER_ARTICLES, entries: int = SILVER_ENTRIES
) -> list[Example]:
    """Documents without labels: news articles and feed entries, none of which is an article of PolNeAR's dev part.

    Raises:
        FileNotFoundError: a corpus is missing.
    """
    held_out = {_key(row["text"].split("\n", 1)[0]) for row in _rows(data / "attribution" / "polnear_dev.jsonl.gz")}
    frame = pl.read_parquet(data / "corpora" / "us_politics_2016_2020.parquet", columns=["title", "text"])
    texts = [
        f"{title}\n\n{text}" if title else text
        for title, text in frame.iter_rows()
        if text and 600 < len(text) < 12_000 and _key(title or text[:80]) not in held_out
    ]
    chooser = random.Random(_SEED)
    chosen = chooser.sample(texts, min(articles, len(texts)))
    feed = [
        f"{row.get('title') or ''}\n\n{row.get('summary') or row.get('description') or ''}".strip()
        for row in _rows(data / "corpora" / "rss_entries_2022.jsonl.gz")
    ]
    feed = [re.sub(r"<[^>]*>", "", text)[:2_000] for text in feed if len(text) > 80]
    chosen += chooser.sample(feed, min(entries, len(feed)))
    made = []
    for number, text in enumerate(chosen):
        encoded = encode(text, tokenizer.encode(text, add_special_tokens=False))
        if not 20 <= len(encoded.ids) <= _MOST_SUBWORDS:
            continue
        words = len(encoded.firsts)
        made.append(
            Example(
                f"silver {number}", "silver", encoded, np.full(words, UNKNOWN, dtype=np.int64), np.zeros(words, dtype=np.int64)
            )
        )
    return made


def _key(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", title.lower())[:60]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _polnear(path: Path, tokenizer: Tokenizer) -> Iterator[Example]:
    """One example for each annotator of an article."""
    for row in _rows(path):
        text: str = row["text"]
        encoded = encode(text, tokenizer.encode(text, add_special_tokens=False))
        for annotator, attributions in row["attributions"].items():
            spans: dict[tuple[int, int], str] = {}
            links: list[tuple[int, int]] = []
            for attribution in attributions:
                words = {
                    part: [
                        found
                        for span in attribution.get(part) or []
                        for start, end in span["spans"]
                        if (found := word_span(encoded, text, start, end)) is not None
                    ]
                    for part in ("source", "cue", "content")
                }
                for part, several in words.items():
                    spans.update({span: part for span in several if span not in spans})
                links += [(cue[0], other[0]) for cue in words["cue"] for part in ("source", "content") for other in words[part]]
            labels = encode_spans(
                len(encoded.firsts), [(a, b, part) for (a, b), part in sorted(spans.items())], ATTRIBUTION_LABELS
            )
            yield Example(
                f"{row['id']} {annotator}", "polnear", encoded, labels, np.zeros(len(encoded.firsts), dtype=np.int64), links
            )


def word_span(encoded: Encoded, text: str, start: int, end: int) -> tuple[int, int] | None:
    """The words that a span of code points touches, without white space at its ends."""
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    end = start + len(inside.strip())
    first = int(np.searchsorted(encoded.ends, start, side="right"))
    last = int(np.searchsorted(encoded.starts, end, side="left"))
    return (first, last) if last > first else None


def _names(path: Path, types: dict[str, str], tokenizer: Tokenizer, corpus: str) -> Iterator[Example]:
    """Documents of a corpus of names; sentences on lines of their own in one half, in one paragraph in the other."""
    chooser = random.Random(_SEED)
    index = {label: i for i, label in enumerate(ENTITY_LABELS)}
    for number, (doc, sentences) in enumerate(_documents(_rows(path))):
        joined = join_tokens([[str(t) for t in s["tokens"]] for s in sentences])
        text = joined.text if chooser.random() < 0.6 else joined.text.replace("\n", " ")
        encoded = encode(text, tokenizer.encode(text, add_special_tokens=False))
        spans = []
        token = 0
        for sentence in sentences:
            for first, last, name in _bio(sentence["tags"]):
                kind = types.get(name)
                if kind is None:
                    continue
                found = word_span(encoded, text, joined.starts[token + first], joined.ends[token + last - 1])
                if found is not None:
                    spans.append((*found, kind))
            token += len(sentence["tags"])
        path_ = encode_spans(len(encoded.firsts), spans, ENTITY_LABELS)
        allowed = np.left_shift(np.int64(1), path_)
        if corpus == "wnut17":
            # Its locations hold facilities, and peoples are not marked.
            peoples = sum(1 << i for label, i in index.items() if label.endswith("-people"))
            allowed[path_ == 0] |= peoples
            for mark in "BIES":
                allowed[path_ == index[f"{mark}-place"]] |= 1 << index[f"{mark}-facility"]
        yield Example(
            f"{corpus} {doc if doc is not None else number}", corpus, encoded,
            np.full(len(encoded.firsts), UNKNOWN, dtype=np.int64), allowed,
        )  # fmt: skip


def _documents(rows: Iterator[dict[str, Any]]) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    for doc, group in groupby(rows, key=lambda row: row.get("doc")):
        if doc in (None, -1, ""):
            for row in group:
                yield None, [row]
        else:
            yield doc, list(group)


def _bio(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    start, name = 0, ""
    for i, tag in enumerate([*tags, "O"]):
        prefix, _, label = tag.partition("-")
        if name and (prefix != "I" or label != name):
            yield start, i, name
            name = ""
        if prefix in ("B", "I") and not name:
            start, name = i, label
