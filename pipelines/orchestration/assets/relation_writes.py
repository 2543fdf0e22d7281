"""Relations in the warehouse: what has changed is compared, and what has not stays as it is.

A comparison is a story, or an address with several versions; none reads anything of another. Of each stands a hash of
everything that it read and of what compared it (``analysis.comparisons``): where that changes, its claims are compared anew
and its rows replaced, in one transaction with the hash. A run killed at any moment goes on with what it had not finished.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from pipelines.compare.parts import Part, compare_part, comparer, encoder_version
from pipelines.parallel import gathered, map_parts
from pipelines.progress import track
from pipelines.tables import CLAIM_RELATIONS, COMPARED_FACTS, COMPARISONS, OPINIONS
from pipelines.warehouse import Transaction, Warehouse

#: Articles whose claims are read at once, which bounds memory (about 30 KB each): a reading goes over the whole of the tables.
_READ: Final = 8_000
#: Claims compared in one go, unless one story has more; and articles whose rows are written in one transaction.
_COMPARED, _WRITTEN = 1_500, 1_500
#: With fewer articles the start of the workers (some seconds each) costs more than it saves.
_FEW_ARTICLES: Final = 300
#: Of the stories of so many days what the encoder said is kept; a later one that is compared anew is read anew.
_KEPT_DAYS: Final = 15

#: What a comparison reads of each article, as a hash: the claims as dbt resolved them, the article's own columns, and the
#: reader. All else that was read from a text follows from the text (its id), the article's columns and the reader.
_INPUTS: Final = """
    with resolved as (
        select
            article_id, min(outlet_id) as outlet_id, min(canonical_url) as canonical_url, min(version_no) as version_no,
            min(is_current) as is_current, min(origin_id) as origin_id, min(published_at) as published_at,
            min(published_precision) as published_precision, count(*) as claims,
            bit_xor(hash(claim_id, polarity, modality, hop_count, asserted_by, is_anonymous)) as resolved_hash
        from intermediate.int_claims
        group by article_id
    ),
    inputs as (
        select
            r.article_id, r.canonical_url, r.claims,
            r.is_current and coalesce(r.origin_id, r.article_id) = r.article_id as is_met,
            hash(
                r.article_id, r.outlet_id, r.version_no, is_met, r.published_at, r.published_precision, r.claims, resolved_hash,
                a.title, a.published_on, a.language, s.reader
            ) as input
        from resolved as r
        join raw.articles as a using (article_id)
        left join raw.sentences as s on r.article_id = s.article_id and s.sentence_no = 0
    ),
    members as (
        select t.story_id as comparison_id, true as is_story, i.*
        from analysis.story_articles as t join inputs as i using (article_id)
        where i.is_met
        union all
        select canonical_url as comparison_id, false as is_story, * from inputs where canonical_url is not null
    )
"""
#: Comparisons that there are to make, the dearest first, with what was compared the last time.
_COMPARISONS: Final = f"""
    {_INPUTS},
    there as (
        select
            comparison_id, is_story, count(*) as articles, sum(claims)::bigint as claims,
            md5(concat_ws('|', ?, count(*), bit_xor(input), sum(input))) as inputs
        from members
        group by comparison_id, is_story
        having count(*) > 1
    )
    select
        coalesce(t.comparison_id, c.comparison_id) as comparison_id, t.is_story, t.articles, t.claims, t.inputs,
        c.inputs as before
    from there as t full join analysis.comparisons as c on t.comparison_id = c.comparison_id
    where t.inputs is distinct from c.inputs
    order by t.is_story desc, t.claims desc, comparison_id
"""
#: Claims of some comparisons; those of a story are not compared by address, nor the other way round.
_CLAIMS: Final = """
    with members as (
        select due.comparison_id, due.is_story, t.article_id
        from due join analysis.story_articles as t on due.is_story and due.comparison_id = t.story_id
        union all
        select due.comparison_id, due.is_story, a.article_id
        from due join raw.articles as a on not due.is_story and due.comparison_id = a.canonical_url
    )
    select
        c.* replace (case when not members.is_story then members.comparison_id end as canonical_url),
        case when members.is_story then members.comparison_id end as story_id,
        members.comparison_id,
        a.title
    from intermediate.int_claims as c
    join members using (article_id)
    join raw.articles as a using (article_id)
    where not members.is_story or (c.is_current and coalesce(c.origin_id, c.article_id) = c.article_id)
"""

#: A date of publication may lie in the future; no page was fetched there.
_FORGET: Final = f"""
    delete from {OPINIONS.relation} where comparison_id not in (
        select s.story_id from analysis.story_articles as s join raw.articles as a using (article_id)
        where coalesce(
            a.published_at >= least((select max(published_at) from raw.articles), (select max(fetched_at) from raw.documents))
            - interval {_KEPT_DAYS} days,
            true
        )
    )
"""


@dataclass(frozen=True, slots=True)
class RelationCounts:
    """What a run did: comparisons made and ended, the articles in them; and all pairs now, by relation."""

    compared: int
    articles: int
    ended: int
    pairs: dict[str, int]


def write_relations(warehouse: Warehouse, *, workers: int = 1) -> RelationCounts:
    """Compare the claims of every story and address of which something has changed; take out those that are no more."""
    with warehouse.transaction() as transaction:
        changed = transaction.query(_COMPARISONS, [comparer()])
        ended = changed.filter(pl.col("inputs").is_null())
        _take_out(transaction, ended["comparison_id"].to_list())
    due = changed.filter(pl.col("inputs").is_not_null())
    articles = int(due["articles"].sum())
    parts = _parts(warehouse, due)
    results = map_parts(_compare, parts, workers=workers if articles >= _FEW_ARTICLES else 1, in_order=False)
    for done in track(gathered(results, _WRITTEN, _together), "compare: articles whose claims are compared", articles):
        _write(warehouse, done)
    if due.height:
        with warehouse.transaction() as transaction:
            transaction.query(_FORGET)
    pairs = warehouse.read(f"select relation, count(*) as pairs from {CLAIM_RELATIONS.relation} group by all order by all")
    return RelationCounts(due.height, articles, ended.height, dict(pairs.iter_rows()))


def _take_out(transaction: Transaction, ended: list[str]) -> None:
    """Delete the rows of comparisons that there are no more, and those that no comparison owns (of an earlier version)."""
    unowned = f"select claim_a_id from {CLAIM_RELATIONS.relation} where comparison_id is null limit 1"
    if transaction.query(unowned).height:
        transaction.query(f"delete from {CLAIM_RELATIONS.relation} where comparison_id is null")
    if ended:
        for table in (CLAIM_RELATIONS, OPINIONS, COMPARISONS):
            transaction.replace_where(table, table.empty(), "comparison_id", ended)


#: Some comparisons (``comparison_id, inputs, before, articles``) with what they read, or with their rows and opinions.
_Work = tuple[pl.DataFrame, Part]
_Done = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def _parts(warehouse: Warehouse, due: pl.DataFrame) -> Iterator[tuple[int, _Work]]:
    """The work in parts of one size, with their articles; what they read is read for many of them at once."""
    # A story and an address may share an article: apart, each row has one owner.
    halves = (due.filter(pl.col("is_story") == is_story) for is_story in (True, False))
    for some in (some for half in halves for some in _cut(half, "articles", _READ)):
        with warehouse.transaction() as transaction:
            claims = transaction.query(_CLAIMS, due=some.select("comparison_id", "is_story"))
            ids, owners = claims.select("claim_id").unique(), claims.select("article_id").unique()
            facts = {
                table.name: transaction.query(f"select t.* from {table.relation} as t join ids using (claim_id)", ids=ids)
                if "claim_id" in table.schema
                else transaction.query(f"select t.* from {table.relation} as t join owners using (article_id)", owners=owners)
                for table in COMPARED_FACTS
            }
            opinions = transaction.query(
                f"select t.* from {OPINIONS.relation} as t join due using (comparison_id) where t.made_by = ?",
                [encoder_version()],
                due=some.select("comparison_id"),
            )
        for few in _cut(some, "claims", _COMPARED):
            yield int(few["articles"].sum()), (few, _part(few, claims, facts, opinions))


def _cut(due: pl.DataFrame, column: str, most: int) -> Iterator[pl.DataFrame]:
    """``due`` in consecutive frames in which ``column`` adds up to ``most`` at most, unless a single row has more."""
    start, size = 0, 0
    for at, amount in enumerate(due[column].to_list()):
        if at > start and size + amount > most:
            yield due.slice(start, at - start)
            start, size = at, 0
        size += amount
    if start < due.height:
        yield due.slice(start)


def _part(some: pl.DataFrame, claims: pl.DataFrame, facts: Mapping[str, pl.DataFrame], opinions: pl.DataFrame) -> Part:
    its_claims = claims.join(some, on="comparison_id", how="semi")
    its_opinions = opinions.join(some, on="comparison_id", how="semi").select("opinion_id", "opinion")
    return Part(
        its_claims,
        **{
            name: frame.join(its_claims, on="claim_id" if "claim_id" in frame.columns else "article_id", how="semi")
            for name, frame in facts.items()
        },
        opinions=dict(its_opinions.iter_rows()),
    )


def _compare(work: _Work) -> _Done:
    """Compare one part (in a worker process)."""
    some, part = work
    made = compare_part(part)
    owners = part.claims.select(pl.col("claim_id").alias("claim_a_id"), "comparison_id").unique()
    rows = made.rows.drop("comparison_id").join(owners, on="claim_a_id", how="left", maintain_order="left")
    # An opinion stands with a story that has its first sentence; in another one it is asked for again.
    story_of = dict(part.claims.select("sentence", "comparison_id").iter_rows())
    made_by = encoder_version()
    opinions: list[dict[str, object]] = [
        {"comparison_id": story_of[sentence], "opinion_id": key, "made_by": made_by, "opinion": opinion}
        for key, sentence, opinion in made.opinions
    ]
    return some, rows, OPINIONS.frame(opinions)


def _together(done: list[_Done]) -> _Done:
    some, rows, opinions = zip(*done, strict=True)
    return pl.concat(some), pl.concat(rows), pl.concat(opinions)


def _write(warehouse: Warehouse, done: _Done) -> None:
    some, rows, opinions = done
    known = some.filter(pl.col("before").is_not_null())["comparison_id"].to_list()
    with warehouse.transaction() as transaction:
        if known:
            transaction.replace_where(CLAIM_RELATIONS, rows, "comparison_id", known)
            transaction.replace_where(OPINIONS, opinions, "comparison_id", known)
        else:
            transaction.upsert(CLAIM_RELATIONS, rows)
            transaction.upsert(OPINIONS, opinions)
        transaction.upsert(COMPARISONS, some.select(COMPARISONS.schema.names()))
