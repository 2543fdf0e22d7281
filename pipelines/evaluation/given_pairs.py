"""Sentence pairs that gold gives, judged by the comparison that the pipeline runs, on what the pipeline read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.compare.entailment import Judge
from pipelines.compare.relations import SentenceClaims, judge_pairs, judge_sentences, quoted, sentences_of
from pipelines.models.cross_encoder import load_judge
from pipelines.tables import COMPARED_FACTS
from pipelines.warehouse import Warehouse

#: One side of a pair: article id and the half-open span of the quote in the article's text.
Side = tuple[str, int, int]


def judge_given_pairs(warehouse: Warehouse, pairs: Sequence[tuple[Side, Side]]) -> list[tuple[str, float]]:
    """The relation of each pair and how likely it is a contradiction (0 to 1), as ``(relation, p_contradiction)``.

    A side is the quoted words, with what was read from the sentences that they are part of.
    """
    shipped = load_judge()
    judge = Judge(*shipped) if shipped else None
    made = given_sentences(warehouse, pairs)
    verdicts = [judge_sentences(one, other, entailed=e) for (one, other), e in zip(made, judge_pairs(judge, made), strict=True)]
    return [(verdict.relation, verdict.p_contradiction) for verdict in verdicts]


def sentences_read(warehouse: Warehouse) -> dict[str, list[SentenceClaims]]:
    """Article id -> its sentences that hold claims, with everything that the pipeline read from them."""
    with warehouse.transaction() as transaction:
        claims = transaction.query(
            "select c.*, null::varchar as story_id, a.title from intermediate.int_claims as c"
            " join raw.articles as a using (article_id) order by claim_id"
        )
        facts = {table.name: transaction.query(f"select * from {table.relation} order by all") for table in COMPARED_FACTS}
    return sentences_of(claims, **facts)


def given_sentences(warehouse: Warehouse, pairs: Sequence[tuple[Side, Side]]) -> list[tuple[SentenceClaims, SentenceClaims]]:
    """Both sides of each pair with what the pipeline read from them."""
    sentences = sentences_read(warehouse)
    with warehouse.transaction() as transaction:
        texts = dict(transaction.query("select article_id, text from raw.articles").iter_rows())
        titles = dict(transaction.query("select article_id, title from raw.articles").iter_rows())
    made = []
    for pair in pairs:
        one, other = (
            replace(quoted(sentences.get(article, ()), texts[article], start, end), title=titles[article] or "")
            for article, start, end in pair
        )
        made.append((one, other))
    return made
