"""Sentence pairs that gold gives, judged by the comparison that the pipeline runs, on what the pipeline read."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.compare.relations import judge_sentences, quoted, sentences_of
from pipelines.tables import COMPARED_FACTS
from pipelines.warehouse import Warehouse

#: One side of a pair: article id and the half-open span of the quote in the article's text.
Side = tuple[str, int, int]


def judge_given_pairs(warehouse: Warehouse, pairs: Sequence[tuple[Side, Side]]) -> list[tuple[str, float]]:
    """The relation of each pair and how likely it is a contradiction (0 to 1), as ``(relation, p_contradiction)``.

    A side is the quoted words, with what was read from the sentences that they are part of.
    """
    with warehouse.transaction() as transaction:
        claims = transaction.query("select c.*, null::varchar as story_id from intermediate.int_claims as c order by claim_id")
        facts = {table.name: transaction.query(f"select * from {table.relation} order by all") for table in COMPARED_FACTS}
        texts = dict(transaction.query("select article_id, text from raw.articles").iter_rows())
    sentences = sentences_of(claims, **facts)
    verdicts = []
    for pair in pairs:
        one, other = (quoted(sentences.get(article, ()), texts[article], start, end) for article, start, end in pair)
        verdict = judge_sentences(one, other)
        verdicts.append((verdict.relation, verdict.p_contradiction))
    return verdicts
