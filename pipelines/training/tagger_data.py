"""What the tagger learns from, as numbers: PolNeAR, four corpora of names, and articles without labels for silver ones.

An example is a document: its subwords, and for each word the attribution label and the labels of names that are allowed
there. The corpora of names do not mark the same things: only Worldwide's guidelines are the product's.
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

from pipelines.models.detokenize import Joined, join_tokens
from pipelines.models.tagging import ATTRIBUTION_LABELS, ENTITY_LABELS, Encoded, Ints, encode, encode_spans

#: Subwords of a window that is learned from, special tokens included; the network that ships reads as many at once.
LONGEST: Final = 256
#: A word whose attribution nobody annotated.
UNKNOWN: Final = -1
#: Seed of every choice that the data preparation makes.
_SEED: Final = 20
#: Articles of the large corpus and of stories for silver labels; all of the smaller ones are taken.
SILVER_ARTICLES: Final = 1_800
SILVER_STORIES: Final = 1_400
#: Of an article without labels no more: many beginnings teach more than few whole articles.
_MOST_SUBWORDS: Final = 762
_SHORTEST: Final = 12
_MOST_CHARACTERS: Final = 6_000

#: The corpora's types as ours; what is missing here is no name.
_WORLDWIDE: Final = {
    "Person": "person", "Organization": "organization", "Location": "place", "Facility": "facility", "NORP": "people",
    "Misc": "other", "Product": "other",
}  # fmt: skip
_WNUT: Final = {
    "person": "person", "location": "place", "corporation": "organization", "group": "organization",
    "creative-work": "other", "product": "other",
}  # fmt: skip


_RE3D: Final = {"Person": "person", "Organisation": "organization", "Location": "place", "Nationality": "people"}
_GUM: Final = {"person": "person", "organization": "organization", "place": "place", "event": "other", "object": "other",
               "abstract": "other", "animal": "other", "plant": "other", "substance": "other", "time": "other"}  # fmt: skip
#: Genres of GUM whose texts may be used for any purpose.
_GUM_GENRES: Final = frozenset({"academic", "bio", "court", "interview", "news", "speech", "voyage"})


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
    examples += _names(data / "entities" / "re3d_train.jsonl.gz", _RE3D, tokenizer, "re3d", together=8)
    examples += _gum(data / "entities" / "gum_train.jsonl.gz", tokenizer)
    return examples


def silver_texts(data: Path, articles: int, stories: int, entries: int | None = None) -> Iterator[str]:
    """News that nobody has annotated: title and text, each once, none of them an article of PolNeAR's dev part.

    Args:
        data: folder with ``attribution/, corpora/, extraction/, stories/``.
        articles: of the large corpus at most so many.
        stories: articles of stories at most.
        entries: of feeds at most; None: all.

    Raises:
        FileNotFoundError: a corpus is missing.
    """
    held_out = {_key(row["text"].split("\n", 1)[0]) for row in _rows(data / "attribution" / "polnear_dev.jsonl.gz")}
    frame = pl.read_parquet(data / "corpora" / "us_politics_2016_2020.parquet", columns=["title", "text"])
    chooser = random.Random(_SEED)
    politics = [(title or "", text) for title, text in frame.iter_rows() if text and 600 < len(text) < 12_000]
    chosen = chooser.sample(politics, min(articles, len(politics)))
    if stories:
        told = [(row.get("title") or "", row["text"]) for row in _rows(data / "stories" / "allsides_train.jsonl.gz")]
        chosen += chooser.sample(told, min(stories, len(told)))
    chosen += [(row["title"], row["text"]) for row in _rows(data / "corpora" / "ukraine_talks_2026.jsonl.gz") if row.get("text")]
    with (data / "extraction" / "gold.jsonl").open(encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    # Their language is seldom said; English cannot do without its article.
    chosen += [
        (p.get("title") or "", p["body"]) for p in pages if p.get("body") and p["body"].count(" the ") * 400 > len(p["body"])
    ]
    feeds = [
        (row.get("title") or "", re.sub(r"<[^>]*>", "", row.get("summary") or row.get("description") or ""))
        for row in _rows(data / "corpora" / "rss_entries_2022.jsonl.gz")
        if (row.get("language") or "").startswith("en")
    ]
    chosen += feeds if entries is None else chooser.sample(feeds, min(entries, len(feeds)))
    seen: set[str] = set()
    for title, text in chosen:
        key = _key(title or text[:80])
        if key in held_out or key in seen:
            continue
        seen.add(key)
        yield f"{title}\n\n{text}".strip()[:_MOST_CHARACTERS]


def load_silver(
    data: Path, tokenizer: Tokenizer, articles: int = SILVER_ARTICLES, stories: int = SILVER_STORIES
) -> list[Example]:
    """Documents without labels, of :func:`silver_texts`.

    Raises:
        FileNotFoundError: a corpus is missing.
    """
    made = []
    for number, text in enumerate(silver_texts(data, articles, stories)):
        encoded = first_subwords(encode(text, tokenizer.encode(text, add_special_tokens=False)), _MOST_SUBWORDS)
        if len(encoded.ids) < _SHORTEST:
            continue
        words = len(encoded.firsts)
        unknown, none = np.full(words, UNKNOWN, dtype=np.int64), np.zeros(words, dtype=np.int64)
        made.append(Example(f"silver {number}", "silver", encoded, unknown, none))
    return made


def first_subwords(encoded: Encoded, most: int) -> Encoded:
    """The beginning of a text, whole words of at most so many subwords."""
    if len(encoded.ids) <= most:
        return encoded
    words = int(np.searchsorted(encoded.firsts, most, side="right")) - 1
    end = int(encoded.firsts[words])
    return Encoded(
        encoded.ids[:end], encoded.features[:end], encoded.firsts[:words], encoded.starts[:words], encoded.ends[:words]
    )


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


def _names(path: Path, types: dict[str, str], tokenizer: Tokenizer, corpus: str, together: int = 1) -> Iterator[Example]:
    """Documents of a corpus of names; sentences on lines of their own in one half, in one paragraph in the other."""
    chooser = random.Random(_SEED)
    index = {label: i for i, label in enumerate(ENTITY_LABELS)}
    for number, (doc, sentences) in enumerate(_documents(_rows(path), together)):
        joined = join_tokens([[str(t) for t in s["tokens"]] for s in sentences])
        text = joined.text if chooser.random() < 0.6 else joined.text.replace("\n", " ")
        encoded, path_ = _labelled(sentences, joined, text, types, tokenizer)
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


def _labelled(
    sentences: Sequence[dict[str, Any]], joined: Joined, text: str, types: dict[str, str], tokenizer: Tokenizer
) -> tuple[Encoded, Ints]:
    """The subwords of a document and the label of each of its words; ``text`` is the joined one but for white space."""
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
    return encoded, encode_spans(len(encoded.firsts), spans, ENTITY_LABELS)


def worldwide_documents(
    data: Path, tokenizer: Tokenizer, *, line: int = 1, piece: int | None = None, swapped: float = 0.0, seed: int = 0
) -> Iterator[tuple[str, str, Encoded, Ints]]:
    """The documents whose guidelines are the product's.

    Args:
        data: folder with ``entities/``.
        tokenizer: makes subwords.
        line: sentences a line.
        piece: cut each document into pieces of so many sentences, which all bear its name.
        swapped: share of a document's names that stand under another document's name of the same type.
        seed: of the names that are swapped.

    Yields:
        Name, text, subwords, and the label of each word.

    Raises:
        FileNotFoundError: the corpus is missing.
    """
    rows = list(_rows(data / "entities" / "worldwide_newswire_train.jsonl.gz"))
    known = _names_of(rows)
    chooser = random.Random(seed)
    for number, (doc, sentences) in enumerate(_documents(iter(rows))):
        shown = swap_names(sentences, known, swapped, chooser) if swapped else sentences
        for at in range(0, len(shown), piece or len(shown)):
            part = shown[at : at + (piece or len(shown))]
            joined = join_tokens([[str(t) for t in s["tokens"]] for s in part])
            lines = joined.text.split("\n")
            text = "\n".join(" ".join(lines[k : k + line]) for k in range(0, len(lines), line))
            encoded, labels = _labelled(part, joined, text, _WORLDWIDE, tokenizer)
            yield f"worldwide {doc if doc is not None else number}", text, encoded, labels


#: A name: its type and its words.
_Name = tuple[str, tuple[str, ...]]
#: Types whose names may stand for each other.
_SWAPPED: Final = ("Person", "Organization", "Location", "Facility")
#: Names drawn before one is taken that has one word for one, several for several.
_MOST_DRAWS: Final = 20


def _names_of(sentences: Sequence[dict[str, Any]]) -> dict[str, list[tuple[str, ...]]]:
    """The names of a corpus by type, each as often as it stands there."""
    known: dict[str, list[tuple[str, ...]]] = {}
    for sentence in sentences:
        for first, last, kind in _bio(sentence["tags"]):
            known.setdefault(kind, []).append(tuple(sentence["tokens"][first:last]))
    return known


def swap_names(
    sentences: Sequence[dict[str, Any]], known: dict[str, list[tuple[str, ...]]], share: float, chooser: random.Random
) -> list[dict[str, Any]]:
    """A document in which names stand under others of the same type, each under the same one throughout.

    An encoder that has learned a document by heart is as unsure of the new names as of any others: the second look learns how far
    to trust it (entity replacement, after Dai and Adel, COLING 2020). Whoever is also called by one of the words of a full name
    keeps that word's place in the new one.

    Args:
        sentences: ``tokens, tags`` of the document.
        known: names by type, to draw from.
        share: of the names.
        chooser: draws.
    """
    there = {(kind, tuple(s["tokens"][a:b])): None for s in sentences for a, b, kind in _bio(s["tags"]) if kind in _SWAPPED}
    full = [name for name in there if name[0] == "Person" and len(name[1]) > 1]
    new: dict[_Name, tuple[str, ...]] = {}
    for name in sorted(there, key=lambda name: -len(name[1])):
        kind, words = name
        longer = [one for one in full if words[0] in (one[1][0], one[1][-1])] if kind == "Person" and len(words) == 1 else []
        if longer:
            one = next((one for one in longer if one in new), None)
            if one is not None:
                new[name] = new[one][-1:] if words[0] == one[1][-1] else new[one][:1]
            continue
        if chooser.random() >= share:
            continue
        for _ in range(_MOST_DRAWS):
            new[name] = chooser.choice(known[kind])
            if (len(new[name]) > 1) == (len(words) > 1):
                break
    return [_renamed(sentence, new) for sentence in sentences]


def _renamed(sentence: dict[str, Any], new: dict[_Name, tuple[str, ...]]) -> dict[str, Any]:
    tokens: list[str] = []
    tags: list[str] = []
    at = 0
    for first, last, kind in _bio(sentence["tags"]):
        old = tuple(sentence["tokens"][first:last])
        words = new.get((kind, old), old)
        tokens += [*sentence["tokens"][at:first], *words]
        tags += [*sentence["tags"][at:first], f"B-{kind}", *[f"I-{kind}"] * (len(words) - 1)]
        at = last
    return sentence | {"tokens": tokens + sentence["tokens"][at:], "tags": tags + sentence["tags"][at:]}


def _gum(path: Path, tokenizer: Tokenizer) -> Iterator[Example]:
    """GUM marks everything that is spoken of; names are those spans that hold nothing but proper nouns and what joins them."""
    for row in _rows(path):
        if row["genre"] not in _GUM_GENRES:
            continue
        sentences = row["sentences"]
        joined = join_tokens([[str(t) for t in s["tokens"]] for s in sentences])
        offsets = np.cumsum([0, *(len(s["tokens"]) for s in sentences)])
        encoded = encode(joined.text, tokenizer.encode(joined.text, add_special_tokens=False))
        spans = []
        for entity in row["entities"]:
            tags = sentences[entity["sent"]]["xpos"]
            first, last = entity["start"], entity["end"]
            while first < last and tags[first] == "DT":
                first += 1
            inside = tags[first : last + 1]
            kind = _GUM.get(entity["etype"])
            proper = (
                bool(inside)
                and inside[0].startswith("NNP")
                and all(t in ("NNP", "NNPS", "IN", "CC", "DT", "HYPH", "POS", "CD") for t in inside)
            )
            if kind is None or not proper or inside[-1] in ("IN", "CC", "DT", "POS"):
                continue
            at = int(offsets[entity["sent"]])
            found = word_span(encoded, joined.text, joined.starts[at + first], joined.ends[at + last])
            if found is not None:
                spans.append((*found, kind))
        spans.sort(key=lambda span: span[0] - span[1])
        labels = encode_spans(len(encoded.firsts), spans, ENTITY_LABELS)
        yield Example(
            f"gum {row['doc']}", "gum", encoded, np.full(len(encoded.firsts), UNKNOWN, dtype=np.int64),
            np.left_shift(np.int64(1), labels),
        )  # fmt: skip


def _documents(rows: Iterator[dict[str, Any]], together: int = 1) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """Documents as the rows name them; rows that name none stand ``together`` by so many."""
    for doc, group in groupby(rows, key=lambda row: row.get("doc")):
        if doc in (None, -1, ""):
            alone = list(group)
            for k in range(0, len(alone), together):
                yield None, alone[k : k + together]
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
