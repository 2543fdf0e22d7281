"""Compare: articles of one event become stories, and claims across outlets stand in relations."""

from collections.abc import Iterator

import dagster as dg

from pipelines.compare.parts import has_judge
from pipelines.orchestration.assets._common import WRITER_POOL, check_specs, materialize, specs
from pipelines.orchestration.assets.relation_writes import write_relations
from pipelines.orchestration.assets.story_writes import place_stories
from pipelines.orchestration.checks import asset_key
from pipelines.orchestration.resources import WarehouseResource
from pipelines.progress import say
from pipelines.tables import (
    ARTICLES,
    CLAIM_RELATIONS,
    COMPARED_FACTS,
    COMPARISONS,
    OPINIONS,
    STORY_ARTICLES,
    STORY_CHANGES,
    STORY_FEATURES,
)

#: What dbt made of the claims: normalised outlets and speakers.
INT_CLAIMS = dg.AssetKey(["intermediate", "int_claims"])
#: What placing articles in stories writes: where each is, what became of stories, and the words that it keeps for the next day.
STORY_TABLES = (STORY_ARTICLES, STORY_CHANGES, STORY_FEATURES)
#: What comparing writes: the pairs, of what they were worked out, and what the encoder said, kept for the next day.
RELATION_TABLES = (CLAIM_RELATIONS, COMPARISONS, OPINIONS)


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
        *RELATION_TABLES,
        deps=(
            asset_key(STORY_ARTICLES),
            INT_CLAIMS,
            *(asset_key(table) for table in COMPARED_FACTS),
        ),
    ),
    check_specs=check_specs(*RELATION_TABLES),
    pool=WRITER_POOL,
)
def relations(store: WarehouseResource) -> Iterator[dg.MaterializeResult[None]]:
    """Compare the claims of different outlets within each story of which something has changed."""
    if not has_judge():
        say("compare: no weights in data/models/entailment: the rules decide alone")
    counts = write_relations(store.warehouse, workers=store.settings.workers)
    found = ", ".join(f"{count:,} {relation}" for relation, count in sorted(counts.pairs.items())) or "none"
    say(
        f"compare: {counts.compared:,} stories or addresses compared ({counts.articles:,} articles); pairs of claims now: {found}"
    )
    metadata = {
        "compared": counts.compared,
        "articles": counts.articles,
        "ended": counts.ended,
        "pairs by relation": counts.pairs,
    }
    yield from materialize(store.warehouse, RELATION_TABLES, metadata)
