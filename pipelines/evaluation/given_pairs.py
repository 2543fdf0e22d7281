"""Sentence pairs that gold gives, judged by the comparison that the pipeline runs, on what the pipeline read."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.compare.relations import SentenceClaims, Verdict, judge_sentences, sentences_of
from pipelines.tables import ATTRIBUTIONS, MENTIONS, QUANTITIES, TIMES
from pipelines.warehouse import Warehouse

#: One side of a pair: article id and the half-open span of the quote in the article's text.
Side = tuple[str, int, int]


def judge_given_pairs(warehouse: Warehouse, pairs: Sequence[tuple[Side, Side]]) -> list[tuple[str, float]]:
    """The relation of each pair and how likely it is a contradiction (0 to 1), as ``(relation, p_contradiction)``.

    A side is the sentence that shares most with the quote. One in which nothing was read as a claim is ``unrelated``.
    """
    with warehouse.transaction() as transaction:
        claims = transaction.query("select c.*, null::varchar as story_id from intermediate.int_claims as c order by claim_id")
        facts = {
            table.name: transaction.query(f"select * from {table.relation} order by all")
            for table in (ATTRIBUTIONS, QUANTITIES, TIMES, MENTIONS)
        }
    sentences = sentences_of(claims, **facts)
    verdicts = []
    for a, b in pairs:
        one, other = _side(sentences.get(a[0], []), a), _side(sentences.get(b[0], []), b)
        verdict: Verdict | None = judge_sentences(one, other) if one and other else None
        verdicts.append((verdict.relation, verdict.p_contradiction) if verdict else ("unrelated", 0.0))
    return verdicts


def _side(sentences: Sequence[SentenceClaims], side: Side) -> SentenceClaims | None:
    _, start, end = side

    def shared(sentence: SentenceClaims) -> int:
        return min(end, sentence.char_start + len(sentence.text)) - max(start, sentence.char_start)

    best = max(sentences, key=shared, default=None)
    return best if best is not None and shared(best) > 0 else None
