"""The search on articles with gold: what it sees of each pair, and which pairs of gold those are.

Gold says which pairs of sentences of two articles contradict each other; here the pipeline reads the articles and its own search
(:func:`pipelines.compare.search.propose`) goes through every event. It serves measuring and, on train articles, the fitting of
what ranks the pairs and of the final model (:mod:`pipelines.training.decision`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from pipelines.compare.proposed import Searched
from pipelines.compare.readings import SentenceClaims
from pipelines.compare.relations import listed_of
from pipelines.compare.search import propose
from pipelines.compare.similarity import Weights
from pipelines.evaluation.contradictions import locate_pairs, overlaps
from pipelines.evaluation.given_pairs import sentences_read
from pipelines.evaluation.whole_run import stored_texts, text_sha256
from pipelines.warehouse import Warehouse

#: Which relation a pair of sentences is known by that matches several of gold.
_ORDER: Final = ("contradiction", "update", "corroboration", "compatible", "unrelated")


def search_warehouse(
    warehouse: Warehouse, records: list[dict[str, Any]], gold: list[dict[str, Any]], asked: Mapping[str, Any] | None = None,
    most: int | None = None,
) -> Searched:  # fmt: skip
    """Search the events of articles with gold, in a warehouse that holds a run on them.

    Args:
        warehouse: of the run.
        records: ``article_id, event, outlet, published_on, title, text`` of the articles.
        gold: pairs of their sentences; ``is_gold`` tells those of the gold from other labels.
        asked: what ranks the pairs; None: all that share words are proposed, unranked.
        most: pairs of two articles; None: what a run asks.
    """
    stored = stored_texts(warehouse)
    given = {stored[sha][0]: record for record in records if (sha := text_sha256(record["text"])) in stored}
    texts = {stored[sha][0]: stored[sha][1] for sha in stored}
    sentences = sentences_read(warehouse)
    spans, kept = locate_pairs(stored, {record["article_id"]: record for record in records}, gold)
    of_two: dict[frozenset[str], list[tuple[int, dict[str, tuple[int, int]]]]] = defaultdict(list)
    for number, sides in enumerate(spans):
        of_two[frozenset(article for article, _, _ in sides)].append((number, {a: (s, e) for a, s, e in sides}))
    events: dict[str, list[str]] = defaultdict(list)
    for article_id, record in given.items():
        events[str(record["event"])].append(article_id)
    made: dict[str, list[Any]] = defaultdict(list)
    names: tuple[str, ...] = ()
    for event in sorted(events):
        ids = sorted(events[event])
        outlets = [given[one]["outlet"] for one in ids]
        listed, owners = listed_of([sentences.get(one, ()) for one in ids])
        weights = Weights.of(one.bag for one in listed)

        def may_meet(p: int, q: int, outlets: Sequence[str] = outlets) -> bool:
            return outlets[p] != outlets[q]

        for proposals in propose(listed, owners, may_meet, weights, asked, most):
            number = len(made["count"])
            made["count"].append(len(proposals))
            for proposal in proposals:
                names = names or tuple(sorted(proposal.seen))
                one, other = listed[proposal.i], listed[proposal.j]
                matched = tuple(
                    at for at, sides in of_two.get(frozenset((one.article_id, other.article_id)), ())
                    if overlaps(sides[one.article_id], _span(one)) and overlaps(sides[other.article_id], _span(other))
                )  # fmt: skip
                best = min(
                    (kept[at] for at in matched),
                    key=lambda pair: (_ORDER.index(pair["relation"]), not pair["is_gold"]), default=None,
                )  # fmt: skip
                made["seen"].append(np.array([proposal.seen[name] for name in names], np.float32))
                made["odds"].append(proposal.odds)
                made["numbers"].append((proposal.i, proposal.j))
                made["between"].append(number)
                made["event"].append(event)
                made["golds"].append(tuple(at for at in matched if kept[at]["is_gold"]))
                made["relation"].append(best["relation"] if best else None)
                made["in_gold"].append(best is not None and best["is_gold"])
                made["kind"].append(best["kind"] if best else None)
                made["sides"].append(
                    tuple(_given_side(side, given[side.article_id], texts[side.article_id]) for side in (one, other))
                )
                made["texts"].append(((one.text, one.title), (other.text, other.title)))
                made["words"].append(one.target.words & other.target.words)
    arrays = {"seen": np.stack(made["seen"]), "odds": np.array(made["odds"]), "between": np.array(made["between"])}
    lists = ("numbers", "event", "golds", "relation", "in_gold", "kind", "sides", "texts", "words")
    total = sum(pair["relation"] == "contradiction" and pair["is_gold"] for pair in gold)
    return Searched(names=names, total=total, **arrays, **{name: made[name] for name in lists})  # type: ignore[arg-type]


def _span(one: SentenceClaims) -> tuple[int, int]:
    return one.char_start, one.char_start + len(one.text)


def _given_side(one: SentenceClaims, record: Mapping[str, Any], stored: str) -> tuple[str, int, int] | None:
    """Where a sentence stands in the text as it was given; None for a headline, which only the stored text has."""
    text = record["text"]
    before = stored.find(text)
    start = one.char_start - before if 0 <= before <= one.char_start else text.find(one.text)
    if start < 0 or text[start : start + len(one.text)] != one.text:
        return None
    return record["article_id"], start, start + len(one.text)
