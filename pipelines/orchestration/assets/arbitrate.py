"""Compare, where an endpoint is set: the pairs of which the comparison is unsure are put to the model there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

import dagster as dg
import polars as pl

from pipelines.compare.arbiter import Arbiter, arbiter_id, hear_arbiter
from pipelines.compare.entailment import Judge
from pipelines.compare.readings import SentenceClaims, sentences_of
from pipelines.compare.verdicts import FOUND_FROM
from pipelines.models.cross_encoder import load_judge
from pipelines.models.endpoint import Endpoint
from pipelines.orchestration.assets._common import WRITER_POOL, check_specs, materialize, specs
from pipelines.orchestration.checks import asset_key
from pipelines.orchestration.resources import WarehouseResource
from pipelines.progress import say
from pipelines.settings import Settings
from pipelines.tables import CLAIM_RELATIONS, COMPARED_FACTS, RULINGS
from pipelines.warehouse import Transaction, Warehouse

#: Pairs of two outlets that no arbiter has been put, the most uncertain first.
_UNSURE: Final = """
    select r.claim_a_id, r.claim_b_id, r.relation, r.kind, r.level
    from analysis.claim_relations as r
    join intermediate.int_claims as a on r.claim_a_id = a.claim_id
    join intermediate.int_claims as b on r.claim_b_id = b.claim_id
    where abs(r.p_contradiction - ?) <= ? and a.outlet_id is distinct from b.outlet_id
    and not exists (select 1 from analysis.rulings as s where (s.claim_a_id, s.claim_b_id) = (r.claim_a_id, r.claim_b_id))
    order by abs(r.p_contradiction - ?), r.claim_a_id, r.claim_b_id
"""
#: Rulings of another arbiter, and of pairs that are compared no more, are none.
_VOID: Final = """
    delete from analysis.rulings as s
    where s.arbiter is distinct from ? or not exists (
        select 1 from analysis.claim_relations as r where (s.claim_a_id, s.claim_b_id) = (r.claim_a_id, r.claim_b_id)
    )
"""


@dg.multi_asset(
    name="rulings",
    specs=specs("compare", RULINGS, deps=(asset_key(CLAIM_RELATIONS),)),
    check_specs=check_specs(RULINGS),
    pool=WRITER_POOL,
)
def rulings(store: WarehouseResource) -> Iterator[dg.MaterializeResult[None]]:
    """Put the pairs nearest to the threshold to the endpoint that is set; without one there are no rulings."""
    settings = store.settings
    endpoint = endpoint_of(settings)
    metadata: dict[str, object] = {"endpoint": "none is set"}
    if endpoint is None:
        arbitrate(store.warehouse, None, most=0, band=0.0)
    else:
        arbitrate(store.warehouse, endpoint, most=settings.endpoint_pairs, band=settings.endpoint_band)
        say(f"compare: {endpoint.name}: {endpoint.outcome}")
        metadata = {"endpoint": endpoint.name, "outcome": str(endpoint.outcome)}
    yield from materialize(store.warehouse, (RULINGS,), metadata)


def endpoint_of(settings: Settings) -> Endpoint | None:
    """The endpoint that the settings name, with the budget of one run; None where they name none."""
    if not settings.endpoint_url:
        return None
    variable = settings.endpoint_key_variable
    if variable and not os.environ.get(variable):
        say(
            f"compare: COUNTERCLAIM_ENDPOINT_KEY_VARIABLE names {variable}, which is not set: the endpoint is asked without a key"
        )
    return Endpoint(
        settings.endpoint_url,
        settings.endpoint_model,
        settings.answers,
        key=(os.environ.get(variable) or None) if variable else None,
        most=settings.endpoint_pairs,
        most_seconds=settings.endpoint_seconds,
        answer_seconds=settings.endpoint_answer_seconds,
    )


def arbitrate(warehouse: Warehouse, arbiter: Arbiter | None, *, most: int, band: float) -> int:
    """Put pairs that were not put to this arbiter before to it; gives how many it has ruled on.

    What it cannot be asked for now (no answer) is put to it in the next run; what lies beyond ``most`` is not: the same run
    again asks nothing.

    Args:
        warehouse: holds the relations.
        arbiter: whom to ask; None voids all rulings.
        most: pairs put to it, the most uncertain first.
        band: how far a probability may lie from the threshold of the comparison.
    """
    with warehouse.transaction() as transaction:
        transaction.query(_VOID, [arbiter_id(arbiter) if arbiter else None])
    if arbiter is None:
        return 0
    threshold = _threshold()
    with warehouse.transaction() as transaction:
        unsure = transaction.query(_UNSURE, [threshold, band, threshold])
        asked = unsure.head(most)
        if unsure.is_empty():
            return 0
        sentences = _sentences(transaction, asked)
    made = hear_arbiter(arbiter, asked, sentences)
    passed_over = unsure.slice(most).select("claim_a_id", "claim_b_id", arbiter=pl.lit(arbiter_id(arbiter)))
    with warehouse.transaction() as transaction:
        transaction.upsert(RULINGS, made)
        transaction.upsert(RULINGS, RULINGS.frame(passed_over.to_dicts()))
    return made.filter(pl.col("relation").is_not_null()).height


def _threshold() -> float:
    """The probability from which the comparison calls a pair a contradiction."""
    shipped = load_judge()
    judge = Judge(*shipped) if shipped else None
    return judge.found_from if judge is not None and judge.searches else FOUND_FROM


def _sentences(transaction: Transaction, pairs: pl.DataFrame) -> list[SentenceClaims]:
    """The sentences of the articles that hold the claims, as the comparison reads them."""
    ids = pl.DataFrame({"claim_id": pl.concat([pairs["claim_a_id"], pairs["claim_b_id"]]).unique()})
    claims = transaction.query(
        "select c.*, a.title from intermediate.int_claims as c join raw.articles as a using (article_id)"
        " where c.article_id in (select article_id from intermediate.int_claims join ids using (claim_id))",
        ids=ids,
    )
    its_claims, articles = claims.select("claim_id"), claims.select("article_id").unique()
    facts = {
        table.name: transaction.query(
            f"select t.* from {table.relation} as t join its_claims using (claim_id)", its_claims=its_claims
        )
        if "claim_id" in table.schema
        else transaction.query(f"select t.* from {table.relation} as t join articles using (article_id)", articles=articles)
        for table in COMPARED_FACTS
    }
    return [one for listed in sentences_of(claims, **facts).values() for one in listed]
