"""Compare: articles of one event become stories, and claims across outlets stand in relations."""

from collections.abc import Iterator

import dagster as dg

from pipelines.compare.entailment import Judge
from pipelines.compare.relations import compare_claims
from pipelines.models.cross_encoder import load_judge
from pipelines.orchestration.assets._common import WRITER_POOL, check_specs, materialize, specs
from pipelines.orchestration.assets.story_writes import place_stories
from pipelines.orchestration.checks import asset_key
from pipelines.orchestration.resources import WarehouseResource
from pipelines.progress import say
from pipelines.tables import ARTICLES, CLAIM_RELATIONS, COMPARED_FACTS, STORY_ARTICLES, STORY_CHANGES, STORY_FEATURES
from pipelines.warehouse import Warehouse

#: What dbt made of the claims: normalised outlets and speakers.
INT_CLAIMS = dg.AssetKey(["intermediate", "int_claims"])
#: What placing articles in stories writes: where each is, what became of stories, and the words that it keeps for the next day.
STORY_TABLES = (STORY_ARTICLES, STORY_CHANGES, STORY_FEATURES)


@dg.multi_asset(
    name="stories",
    specs=specs("compare", *STORY_TABLES, deps=(asset_key(ARTICLES),)),
    check_specs=check_specs(*STORY_TABLES),
    pool=WRITER_POOL,
)
def stories(store: WarehouseResource) -> Iterator[dg.MaterializeResult[None]]:
    """Place the new articles in stories, day by day."""
    counts = place_stories(store.warehouse)
    say(f"compare: {counts.placed:,} articles placed, {counts.stories:,} stories, {counts.changes:,} merged, split or ended")
    metadata = {"stories": counts.stories, "placed": counts.placed, "days": counts.days, "changes": counts.changes}
    yield from materialize(store.warehouse, STORY_TABLES, metadata)


@dg.multi_asset(
    name="relations",
    specs=specs(
        "compare",
        CLAIM_RELATIONS,
        deps=(
            asset_key(STORY_ARTICLES),
            INT_CLAIMS,
            *(asset_key(table) for table in COMPARED_FACTS),
        ),
    ),
    check_specs=check_specs(CLAIM_RELATIONS),
    pool=WRITER_POOL,
)
def relations(store: WarehouseResource) -> Iterator[dg.MaterializeResult[None]]:
    """Compare the claims of different outlets within each story."""
    counts = write_relations(store.warehouse)
    found = ", ".join(f"{count:,} {relation}" for relation, count in sorted(counts.items())) or "none"
    say(f"compare: pairs of claims: {found}")
    yield from materialize(store.warehouse, (CLAIM_RELATIONS,), {"pairs by relation": counts})


def write_relations(warehouse: Warehouse) -> dict[str, int]:
    """Compare all claims; gives the number of pairs by relation."""
    with warehouse.transaction() as transaction:
        claims = transaction.query(
            "select c.*, s.story_id, a.title from intermediate.int_claims as c"
            " join analysis.story_articles as s using (article_id) join raw.articles as a using (article_id) order by c.claim_id"
        )
        facts = {table.name: transaction.query(f"select * from {table.relation} order by all") for table in COMPARED_FACTS}
    shipped = load_judge()
    if shipped is None:
        say("compare: no weights in data/models/entailment: the rules decide alone")
    judge = Judge(*shipped) if shipped else None
    compared = compare_claims(claims, **facts, judge=judge)
    with warehouse.transaction() as transaction:
        transaction.replace_all(CLAIM_RELATIONS, compared)
    return dict(compared.group_by("relation").len().sort("relation").iter_rows())
