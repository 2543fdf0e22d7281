"""Linking: do the mentions of one entity get one id, across documents, and the right Wikidata id where they get one.

Clusters are scored with B-cubed (Bagga and Baldwin 1998) over the gold mentions that the product found; links as
precision and recall of Wikidata ids over all gold mentions that have one.
"""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, Final

from pipelines.evaluation.whole_run import run_on_records, stored_texts, text_sha256
from pipelines.warehouse import Warehouse

_WIKIDATA: Final = re.compile(r"Q[1-9][0-9]*")
#: Quantities and dates of ELEVANT's gold are no entities of ours.
_NO_ENTITY: Final = ("QUANTITY", "DATETIME", "DATE")

_MENTIONS: Final = """
    select d.content_sha256 as sha, m.char_start, m.char_end, m.entity_id, e.wikidata_id
    from marts.fct_entity_mentions as m
    join marts.dim_entities as e using (entity_id)
    join raw.articles as a using (article_id)
    join raw.documents as d using (document_id)
"""


def evaluate_linking(path: Path) -> dict[str, float]:
    """Figures on ELEVANT files (``text``, ``labels`` with ``span`` and ``entity_id``), together and each by itself.

    Gives ``cluster_b3_f1`` (with precision and recall), ``link_precision``, ``link_recall`` and ``mentions_found``. A file
    named ``*train*`` is measured only when it is given by itself.
    """
    files = sorted(path.glob("*.jsonl.gz")) if path.is_dir() else [path]
    if path.is_dir():
        files = [file for file in files if "train" not in file.stem and not file.stem.startswith("newswcl")]
    sets = {file.name.removesuffix(".jsonl.gz"): _read(file) for file in files}
    with tempfile.TemporaryDirectory(prefix="counterclaim-") as folder:
        records = {text_sha256(text): _record(text) for docs in sets.values() for text, _ in docs}
        warehouse = run_on_records(records.values(), Path(folder))
        linked = _linked(warehouse, sets)
    figures: dict[str, float] = {}
    everything = [mention for mentions in linked.values() for mention in mentions]
    for name, mentions in [("", everything), *linked.items()]:
        prefix = f"{name}." if name else ""
        if name and len(linked) == 1:
            continue
        figures |= {prefix + metric: value for metric, value in _score(mentions).items()}
    return figures


#: What a text of one line is headed with: without a headline its first line would be taken for one, and no text were left.
_NO_HEADLINE: Final = "One sentence"


def _record(text: str) -> dict[str, str]:
    """A document as the pipeline takes it in: the first of several lines is its headline; a single one has none."""
    return {"text": text, "title": text.strip().split("\n", 1)[0] if "\n" in text.strip() else _NO_HEADLINE}


def _read(path: Path) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Documents as ``(text, [(start, end, gold id)])``."""
    documents = []
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            labels = [
                (label["span"][0], label["span"][1], str(label["entity_id"]))
                for label in record.get("labels", [])
                if label.get("type") not in _NO_ENTITY and not label.get("optional")
            ]
            documents.append((record["text"], labels))
    return documents


#: A gold mention: its gold id, the product's entity id where it found the mention, and the Wikidata id that this gives.
Linked = tuple[str, str | None, str | None]


def _linked(warehouse: Warehouse, sets: dict[str, list[tuple[str, list[tuple[int, int, str]]]]]) -> dict[str, list[Linked]]:
    texts = stored_texts(warehouse)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in warehouse.read(_MENTIONS).to_dicts():
        found[row["sha"]].append(row)
    linked: dict[str, list[Linked]] = {}
    for name, documents in sets.items():
        linked[name] = []
        for text, labels in documents:
            sha = text_sha256(text)
            shift = _shift(text, texts[sha][1] if sha in texts else None)
            spans = [(start + (shift or 0), end + (shift or 0)) for start, end, _ in labels]
            hits = {} if shift is None else _matched(spans, found[sha])
            for number, (_, _, gold) in enumerate(labels):
                hit = hits.get(number)
                linked[name].append((gold, hit["entity_id"] if hit else None, hit["wikidata_id"] if hit else None))
    return linked


def _shift(given: str, stored: str | None) -> int | None:
    """How far the stored text is shifted against the given one (a headline may have been put before it)."""
    if stored is None:
        return None
    probe = given.strip()[-60:]
    at, there = given.rfind(probe), stored.rfind(probe)
    return None if there < 0 else there - at


def _matched(spans: Sequence[tuple[int, int]], mentions: Sequence[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The found mention of each gold span, by the span's number: one that overlaps it by at least half of the longer.

    A mention stands for one gold span only, the one it fits best: where gold has ``Norden, Texas`` and ``Texas`` within it,
    ``Texas`` was not found twice.
    """
    fits = []
    for number, (start, end) in enumerate(spans):
        for k, mention in enumerate(mentions):
            shared = min(end, mention["char_end"]) - max(start, mention["char_start"])
            longer = max(end - start, mention["char_end"] - mention["char_start"])
            if shared > 0 and shared * 2 >= longer:
                fits.append((-shared / longer, number, k))
    matched: dict[int, dict[str, Any]] = {}
    taken: set[int] = set()
    for _, number, k in sorted(fits):
        if number not in matched and k not in taken:
            matched[number] = mentions[k]
            taken.add(k)
    return matched


def _score(mentions: Sequence[Linked]) -> dict[str, float]:
    # What gold does not know (NIL) is no entity that a cluster could be held against.
    named = [mention for mention in mentions if _WIKIDATA.fullmatch(mention[0])]
    clustered = [(gold, ours) for gold, ours, _ in named if ours is not None]
    precision, recall = _b_cubed([gold for gold, _ in clustered], [ours for _, ours in clustered])
    given = [(gold, wikidata) for gold, _, wikidata in named if wikidata]
    right = sum(gold == wikidata for gold, wikidata in given)
    return {
        "mentions": len(named),
        "mentions_found": len(clustered) / len(named) if named else float("nan"),
        "cluster_b3_precision": precision,
        "cluster_b3_recall": recall,
        "cluster_b3_f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "link_precision": right / len(given) if given else float("nan"),
        "link_recall": right / len(named) if named else float("nan"),
    }


def _b_cubed(gold: Sequence[Hashable], ours: Sequence[Hashable]) -> tuple[float, float]:
    """B-cubed precision and recall of two clusterings of the same items."""
    if not gold:
        return 0.0, 0.0
    both, in_gold, in_ours = Counter(zip(gold, ours, strict=True)), Counter(gold), Counter(ours)
    precision = sum(n * n / in_ours[o] for (_, o), n in both.items()) / len(gold)
    recall = sum(n * n / in_gold[g] for (g, _), n in both.items()) / len(gold)
    return precision, recall
