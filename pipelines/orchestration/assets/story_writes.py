"""Stories in the warehouse: what no story holds yet is placed, day by day, a transaction a day.

A run killed at any moment goes on with the day that it had not finished. A day reads the stories of the days around it and
nothing else of the past.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import polars as pl

from pipelines.compare.stories import MOST_COMPARED, STANDING, Placement, by_day, place_articles, window_of
from pipelines.compare.story_features import FEATURES, cut_words
from pipelines.compare.story_pairs import WINDOW_DAYS
from pipelines.progress import track
from pipelines.tables import STORY_ARTICLES, STORY_CHANGES, STORY_FEATURES, stable_id
from pipelines.warehouse import Transaction, Warehouse

#: Texts cut into words at once, which bounds memory.
_CUT: Final = 2_000
#: Features are kept of the articles of so many days before the latest batch: later ones are cut anew if ever needed.
_KEPT_DAYS: Final = 3 * WINDOW_DAYS

#: Articles that may stand in a story: a live blog's entries tell many stories and a gallery's captions none.
_SEEN: Final = """
    select a.article_id, a.published_at, coalesce(a.published_at, d.fetched_at) as seen_at, o.article_id as copied
    from raw.articles as a join raw.documents as d using (document_id)
    left join (
        select article_id, origin_id from raw.articles
        where form = 'article' and article_id in (select origin_id from raw.articles where origin_id <> article_id)
    ) as o
        on a.origin_id = o.article_id and o.article_id <> a.article_id and o.origin_id <> a.article_id
    where a.form = 'article'
"""
_UNPLACED: Final = f"""
    select article_id, published_at, seen_at as at from ({_SEEN})
    where copied is null and article_id not in (select article_id from analysis.story_articles)
    order by seen_at, article_id
"""
#: The latest originals of every story that has an article between two moments. What turned out to be a copy of an article
#: that no story holds yet stands in for it, so that this one finds the story.
_STANDING: Final = f"""
    with seen as ({_SEEN}),
    near as (
        select distinct s.story_id from analysis.story_articles as s join seen as a using (article_id)
        where a.seen_at >= ? and a.seen_at < ?
    ),
    members as (
        select
            a.article_id, a.published_at, a.seen_at, a.copied, s.story_id,
            min(a.seen_at) over (partition by s.story_id) as story_at
        from analysis.story_articles as s join seen as a using (article_id)
        where s.story_id in (select story_id from near)
    )
    select article_id, published_at, seen_at as at, story_id, story_at
    from members
    where copied is null or copied not in (select article_id from analysis.story_articles)
    qualify row_number() over (partition by story_id order by seen_at desc, article_id desc) <= {MOST_COMPARED}
    order by seen_at, article_id
"""
#: Copies that do not stand in the story of their origin.
_ASTRAY: Final = f"""
    select c.article_id, c.seen_at as at, c.copied, own.story_id as story_id, theirs.story_id as into_id
    from ({_SEEN}) as c
    join analysis.story_articles as theirs on c.copied = theirs.article_id
    left join analysis.story_articles as own on c.article_id = own.article_id
    where own.story_id is distinct from theirs.story_id
    order by c.seen_at, c.article_id
"""
_GONE: Final = """
    select s.article_id, s.story_id from analysis.story_articles as s
    where not exists (select 1 from raw.articles as a where a.article_id = s.article_id and a.form = 'article')
    order by all
"""


@dataclass(frozen=True, slots=True)
class StoryCounts:
    """What a run did: articles placed, days they are of, stories that merged, split or ended, and stories in all."""

    placed: int
    days: int
    changes: int
    stories: int


def place_stories(warehouse: Warehouse) -> StoryCounts:
    """Place every article that no story holds yet; take out what is gone; let copies go with their origins."""
    with warehouse.exclusive():
        changes = _change_count(warehouse)
        with warehouse.transaction() as transaction:
            _take_out(transaction)
            _follow(transaction)
        new = warehouse.read(_UNPLACED)
        batches = by_day(new) if new.height else []
        steps = ((batch.height, batch) for batch in batches)
        for batch in track(steps, "compare: articles placed in stories", new.height):
            with warehouse.transaction() as transaction:
                _place(transaction, batch)
        with warehouse.transaction() as transaction:
            _follow(transaction)
            stories = transaction.query("select count(distinct story_id) from analysis.story_articles").item()
        return StoryCounts(new.height, len(batches), _change_count(warehouse) - changes, stories)


def _change_count(warehouse: Warehouse) -> int:
    return int(warehouse.read("select count(*) from analysis.story_changes").item())


def _place(transaction: Transaction, batch: pl.DataFrame) -> None:
    """Place the articles of one day (``article_id, published_at, at``)."""
    start, end = window_of(batch)
    standing = transaction.query(_STANDING, [start, end])
    everything = pl.concat([batch.select("article_id"), standing.select("article_id")])
    _cut_missing(transaction, everything)
    placement = place_articles(
        _with_terms(transaction, batch), _with_terms(transaction, standing).cast(STANDING), partial(_details, transaction)
    )
    _apply(transaction, placement)
    _follow(transaction)
    _forget_features(transaction, batch["at"].max())


def _cut_missing(transaction: Transaction, wanted: pl.DataFrame) -> None:
    """Cut the texts of those articles into words whose words are not kept."""
    missing = transaction.query(
        "select article_id from wanted where not exists (select 1 from analysis.story_features as f"
        " where f.article_id = wanted.article_id and f.made_by = ?) order by article_id",
        [FEATURES],
        wanted=wanted,
    )
    for uncut in missing.iter_slices(_CUT):
        texts = transaction.query(
            "select a.article_id, a.title, a.text from raw.articles as a join uncut using (article_id)", uncut=uncut
        )
        cut = [cut_words(title, text) for title, text in texts.select("title", "text").iter_rows()]
        transaction.upsert(
            STORY_FEATURES,
            texts.select(
                "article_id",
                pl.lit(FEATURES).alias("made_by"),
                pl.Series("terms", [terms for terms, _ in cut], pl.Binary),
                pl.Series("details", [details for _, details in cut], pl.Binary),
            ),
        )


def _with_terms(transaction: Transaction, articles: pl.DataFrame) -> pl.DataFrame:
    return transaction.query(
        "select articles.*, f.terms from articles join analysis.story_features as f using (article_id)", articles=articles
    )


def _details(transaction: Transaction, wanted: list[str]) -> Sequence[bytes]:
    found = transaction.query(
        "select wanted.n, f.details from wanted join analysis.story_features as f using (article_id)",
        wanted=pl.DataFrame({"article_id": wanted}).with_row_index("n"),
    )
    return found.sort("n")["details"].to_list()


def _apply(transaction: Transaction, placement: Placement) -> None:
    if placement.merged.height:
        transaction.query(
            "update analysis.story_articles set story_id = merged.into_id from merged"
            " where story_articles.story_id = merged.story_id",
            merged=placement.merged,
        )
    transaction.upsert(STORY_ARTICLES, placement.articles)
    transaction.upsert(STORY_CHANGES, placement.changes)


def _follow(transaction: Transaction) -> None:
    """Put copies into the story of their origin; a story that this empties has merged into that one."""
    while (astray := transaction.query(_ASTRAY)).height:
        transaction.upsert(STORY_ARTICLES, astray.select(pl.col("into_id").alias("story_id"), "article_id"))
        left = astray.filter(pl.col("story_id").is_not_null())
        emptied = _emptied(transaction, left)
        rows = [
            {
                "change_id": stable_id("story_change", "merged", row["story_id"], row["into_id"], row["copied"]),
                "kind": "merged",
                "story_id": row["story_id"],
                "other_story_id": row["into_id"],
                "articles": row["articles"],
                "shown_by": row["copied"],
                "shown_at": row["at"],
            }
            for row in emptied.group_by("story_id", maintain_order=True)
            .agg(pl.col("into_id", "copied", "at").first(), pl.len().alias("articles"))
            .iter_rows(named=True)
        ]
        transaction.upsert(STORY_CHANGES, STORY_CHANGES.frame(rows))


def _take_out(transaction: Transaction) -> None:
    """Take articles that are gone, or no articles any more, out of their stories; a story without one has ended."""
    gone = transaction.query(_GONE)
    if not gone.height:
        return
    transaction.query("delete from analysis.story_articles where article_id in (select article_id from gone)", gone=gone)
    emptied = _emptied(transaction, gone).group_by("story_id", maintain_order=True).agg(pl.len().alias("articles"))
    rows: list[dict[str, object]] = [
        {"change_id": stable_id("story_change", "ended", story), "kind": "ended", "story_id": story, "articles": articles}
        for story, articles in emptied.iter_rows()
    ]
    transaction.upsert(STORY_CHANGES, STORY_CHANGES.frame(rows))


def _emptied(transaction: Transaction, left: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``left`` (with ``story_id``) whose story holds no article any more."""
    return transaction.query(
        "select * from lost where story_id not in (select story_id from analysis.story_articles) order by all", lost=left
    )


def _forget_features(transaction: Transaction, latest: object) -> None:
    """Keep the words of the articles of the days before ``latest`` only, and of those after."""
    if isinstance(latest, datetime):
        transaction.query(
            "delete from analysis.story_features where article_id not in (select a.article_id"
            " from raw.articles as a join raw.documents as d using (document_id)"
            " where coalesce(a.published_at, d.fetched_at) >= ?)",
            [latest - timedelta(days=_KEPT_DAYS)],
        )
