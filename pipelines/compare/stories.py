"""Stories: which articles report one event, told day by day.

The articles of a day join the stories of the days around it, found new ones, or show that two stories are one or that one
was two. All is decided by average linkage over scored pairs (``story_pairs``, ``story_links``) among the new articles and
the stories that they touch; nothing else is read, so that a day costs the same however long the past is.

What is there already is kept where the evidence allows: a story's id never changes while it lasts, two articles of one
story need more than chance to be parted, and what does change is said (``analysis.story_changes``):

- *merged*: an article, or several, show that two stories are one. The older keeps its id, the other's articles go there.
- *split*: some of a story's articles go another way. The part with the article that the story was named after (else with
  its earliest) keeps the id; the rest gets an id of its own, or joins the story that it turned out to belong to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import polars as pl

from pipelines.compare.story_features import Floats, Ints, cut_words
from pipelines.compare.story_links import THRESHOLD, link
from pipelines.compare.story_pairs import WINDOW_DAYS, Vectors, days_of
from pipelines.tables import STORY_ARTICLES, STORY_CHANGES, UTC_TIMESTAMP, stable_id

#: Log-odds by which two articles of one story count as surer than they score: what parts them must be more than the words'
#: weights moving with the days.
_KEEP: Final = 0.5
#: Articles placed in one linkage, and articles of a story that later ones are held against, the latest: both bound the pairs
#: of a day on which everyone writes about one thing.
CHUNK: Final = 1_000
MOST_COMPARED: Final = 50
#: The time of an article that has none, where times are ordered.
_LAST: Final = datetime(9999, 1, 1, tzinfo=UTC)

#: Columns of an article as it is placed: its features, and when it was published and, at the latest, seen.
PLACED: Final = pl.Schema({"article_id": pl.String(), "published_at": UTC_TIMESTAMP, "at": UTC_TIMESTAMP, "terms": pl.Binary()})
#: Its story besides, and when that began.
STANDING: Final = pl.Schema({**PLACED, "story_id": pl.String(), "story_at": UTC_TIMESTAMP})
_MERGED: Final = pl.Schema({"story_id": pl.String(), "into_id": pl.String()})

#: Details of articles (:func:`~pipelines.compare.story_features.cut_words`) by their ids, in that order.
Details = Callable[[list[str]], Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Placement:
    """What placing a batch changes.

    ``merged`` comes first: whatever is in ``story_id`` goes to ``into_id``. ``articles`` (``story_id, article_id``) are those
    placed or moved by themselves. ``changes`` are rows of ``analysis.story_changes``.
    """

    articles: pl.DataFrame
    merged: pl.DataFrame
    changes: pl.DataFrame


def by_day(new: pl.DataFrame) -> list[pl.DataFrame]:
    """``new`` (with ``at``) cut into days (UTC), earliest first, those without a time last: a batch each.

    A day is what a batch is, however many are placed in one run: the same articles make the same stories in one go and day
    by day.
    """
    return (
        new.sort("at", "article_id", nulls_last=True)
        .with_columns(pl.col("at").dt.date().alias("_day"))
        .partition_by("_day", maintain_order=True, include_key=False)
    )


def window_of(new: pl.DataFrame) -> tuple[datetime | None, datetime | None]:
    """The moments (from, before) between which the articles lie that a batch is held against; None: without end."""
    if new["at"].null_count() or new.is_empty():
        return None, None
    first, last = (moment.replace(hour=0, minute=0, second=0, microsecond=0) for moment in _ends(new["at"]))
    return first - timedelta(days=WINDOW_DAYS), last + timedelta(days=WINDOW_DAYS + 1)


def _ends(moments: pl.Series) -> tuple[datetime, datetime]:
    first, last = moments.min(), moments.max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        raise TypeError("no moments")
    return first, last


def place_articles(new: pl.DataFrame, standing: pl.DataFrame, details: Details) -> Placement:
    """Place a batch of articles among the stories of the days around it.

    Args:
        new: columns of :data:`PLACED`; originals only, none of which is in ``standing``.
        standing: columns of :data:`STANDING`: the originals placed already of every story that has one in :func:`window_of`
            the batch, of each story the latest :data:`MOST_COMPARED` at least. The order of the rows plays no part.
        details: asked for the details of those that are compared, each once.

    Returns:
        What changes; the id of a new story is made from its earliest article.
    """
    book = _Batch(new.select(PLACED.names()), standing.select(STANDING.names()), details)
    for start in range(book.first_new, len(book.article_ids), CHUNK):
        book.place(np.arange(start, min(start + CHUNK, len(book.article_ids))))
    return book.placement()


class _Batch:
    """The articles of a window in the order of their time, the new ones last, and the story of each."""

    def __init__(self, new: pl.DataFrame, standing: pl.DataFrame, details: Details) -> None:
        standing = standing.sort("at", "article_id", nulls_last=True)
        new = new.sort("at", "article_id", nulls_last=True)
        rows = pl.concat([standing.select(PLACED.names()), new])
        self.first_new = standing.height
        self.article_ids: list[str] = rows["article_id"].to_list()
        self._at: list[datetime] = rows["at"].fill_null(_LAST).to_list()
        self._story: list[str | None] = [*standing["story_id"].to_list(), *[None] * new.height]
        self._before = list(self._story)
        #: Which of two stories is older: when it began, then its id.
        self._age: dict[str, tuple[datetime, str]] = {
            story: (at or _LAST, story) for story, at in standing.select("story_id", "story_at").iter_rows()
        }
        self._merged: dict[str, str] = {}
        self._changes: list[dict[str, object]] = []
        self._vectors = Vectors(
            rows["terms"],
            days_of(rows["published_at"]),
            lambda wanted: details([self.article_ids[row] for row in wanted]),
        )

    def place(self, rows: Ints) -> None:
        """Place the articles ``rows``, which follow those placed before."""
        compared = self._compared(int(rows[0]))
        left, right, scores = self._vectors.find(rows, np.concatenate([compared, rows]))
        touched: dict[str, int] = {}
        for old, article in zip(left[scores >= THRESHOLD].tolist(), right[scores >= THRESHOLD].tolist(), strict=True):
            story = self._story[old]
            if story is not None:
                touched[story] = min(touched.get(story, article), article)
        members = [row for row in compared.tolist() if self._story[row] in touched]
        old = np.array(members, np.int64)
        if len(old):
            more = self._vectors.find(old, old)
            same = np.array([self._story[a] == self._story[b] for a, b in zip(more[0].tolist(), more[1].tolist(), strict=True)])
            left, right = np.concatenate([left, more[0]]), np.concatenate([right, more[1]])
            scores = np.concatenate([scores, more[2] + _KEEP * same])
        groups = self._link(np.concatenate([old, rows]), left, right, scores)
        self._name(groups, touched)

    def _compared(self, before: int) -> Ints:
        """The latest articles of every story, placed before row ``before``."""
        latest: dict[str, list[int]] = defaultdict(list)
        for row in range(before):
            latest[self._story[row] or ""].append(row)
        return np.array(sorted(row for rows in latest.values() for row in rows[-MOST_COMPARED:]), np.int64)

    def _link(self, members: Ints, left: Ints, right: Ints, scores: Floats) -> list[list[int]]:
        """Groups of ``members``, each in order."""
        place = np.full(len(self.article_ids), -1, np.int64)
        place[members] = np.arange(len(members))
        inner = (place[left] >= 0) & (place[right] >= 0)
        labels = link(len(members), place[left[inner]], place[right[inner]], scores[inner])
        groups: dict[int, list[int]] = defaultdict(list)
        for row, label in zip(members.tolist(), labels.tolist(), strict=True):
            groups[label].append(row)
        return list(groups.values())

    def _name(self, groups: list[list[int]], touched: Mapping[str, int]) -> None:
        """Give every group its story: one that stands, or a new one. ``touched``: the first article that touched a story."""
        parts: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, group in enumerate(groups):
            for row in group:
                story = self._story[row]
                if story is not None:
                    parts[story][number].append(row)
        kept: dict[int, list[str]] = defaultdict(list)
        for story in sorted(parts):
            kept[self._keeper(story, parts[story])].append(story)
        names = [self._own_name(number, group, kept) for number, group in enumerate(groups)]
        for number, stories in sorted(kept.items()):
            for story in stories:
                if story != names[number]:
                    first_new = next((row for row in groups[number] if self._story[row] is None), touched[story])
                    self._change("merged", story, names[number], parts[story][number], first_new)
                    self._merged[story] = names[number]
        for story, rows_of in sorted(parts.items()):
            for number, rows in sorted(rows_of.items()):
                if story not in kept.get(number, ()):
                    self._change("split", story, names[number], rows, touched[story])
        for row, story in enumerate(self._story):
            if story in self._merged and story in parts:
                self._story[row] = self._merged[story]
        for name, group in zip(names, groups, strict=True):
            for row in group:
                self._story[row] = name

    def _keeper(self, story: str, parts: Mapping[int, list[int]]) -> int:
        """The group that keeps the id of ``story``: where the article is that it was named after, else its earliest."""
        for number, rows in parts.items():
            if any(stable_id("story", self.article_ids[row]) == story for row in rows):
                return number
        return min(parts, key=lambda number: parts[number][0])

    def _own_name(self, number: int, group: list[int], kept: Mapping[int, list[str]]) -> str:
        stories = kept.get(number)
        if stories:
            return min(stories, key=self._age.__getitem__)
        by_time = sorted(group, key=lambda row: (self._at[row], self.article_ids[row]))
        names = (stable_id("story", self.article_ids[row]) for row in by_time)
        # A name may be taken by a story that went on without the article it was named after.
        name = next((name for name in names if name not in self._age or name in self._merged), None)
        name = name or stable_id("story", *(self.article_ids[row] for row in by_time))
        self._merged.pop(name, None)
        self._age[name] = (self._at[by_time[0]], name)
        return name

    def _change(self, kind: str, story: str, other: str, rows: list[int], shown_by: int) -> None:
        article, at = self.article_ids[shown_by], self._at[shown_by]
        self._changes.append(
            {
                "change_id": stable_id("story_change", kind, story, other, article),
                "kind": kind,
                "story_id": story,
                "other_story_id": other,
                "articles": len(rows),
                "shown_by": article,
                "shown_at": None if at == _LAST else at,
            }
        )

    def placement(self) -> Placement:
        """What has changed since the beginning."""
        into = {story: self._end_of(story) for story in self._merged}
        moved = [
            (story, article)
            for story, before, article in zip(self._story, self._before, self.article_ids, strict=True)
            if story is not None and story != into.get(before or "", before)
        ]
        return Placement(
            articles=pl.DataFrame(moved, schema=STORY_ARTICLES.schema, orient="row"),
            merged=pl.DataFrame(sorted(into.items()), schema=_MERGED, orient="row"),
            changes=STORY_CHANGES.frame(self._changes),
        )

    def _end_of(self, story: str) -> str:
        while story in self._merged:
            story = self._merged[story]
        return story


# --- in memory --------------------------------------------------------------------------------------------------------


class StoryBook:
    """Stories kept in memory, as the warehouse keeps them: for one go over a set of articles, and to measure batches.

    Args:
        articles: ``article_id, title, text, published_at`` (UTC, null where unknown) and, if there, ``at`` (when it was
            published or, failing that, seen) and ``origin_id``: a copy goes with its origin. Any other column is ignored,
            and the order of the rows plays no part.
    """

    def __init__(self, articles: pl.DataFrame) -> None:
        frame = articles.unique("article_id", keep="any").sort("article_id")
        ids = frame["article_id"].to_list()
        origins = dict(zip(ids, frame["origin_id"].to_list(), strict=True)) if "origin_id" in frame.columns else {}
        self._origin = dict(zip(ids, roots(origins, ids), strict=True))
        cut = [cut_words(title or "", text or "") for title, text in frame.select("title", "text").iter_rows()]
        at = pl.col("at") if "at" in frame.columns else pl.col("published_at")
        self._articles = frame.select(
            "article_id", pl.col("published_at").cast(UTC_TIMESTAMP), at.cast(UTC_TIMESTAMP).alias("at"),
            pl.Series("terms", [terms for terms, _ in cut], pl.Binary),
        )  # fmt: skip
        self._details = dict(zip(ids, (details for _, details in cut), strict=True))
        self._placed = STANDING.to_frame()
        self._changes = [STORY_CHANGES.empty()]

    def place(self, article_ids: Iterable[str] | None = None, *, whole: bool = False) -> None:
        """Place some articles (all), by day as a run does; ``whole``: in a single batch."""
        is_new = ~pl.col("article_id").is_in(self._placed["article_id"].implode())
        is_original = pl.col("article_id").replace_strict(self._origin, return_dtype=pl.String) == pl.col("article_id")
        new = self._articles.filter(is_new, is_original)
        if article_ids is not None:
            new = new.filter(pl.col("article_id").is_in(list(article_ids)))
        for batch in [new] if whole else by_day(new):
            if batch.height:
                start, end = (None, None) if whole else window_of(batch)
                near = (pl.col("at") >= start) & (pl.col("at") < end) if start and end else pl.lit(value=True)
                stories = self._placed.filter(near | pl.col("at").is_null())["story_id"].unique()
                standing = self._placed.filter(pl.col("story_id").is_in(stories.implode()))
                placement = place_articles(batch, standing, lambda wanted: [self._details[one] for one in wanted])
                self._apply(batch, placement)

    def _apply(self, batch: pl.DataFrame, placement: Placement) -> None:
        fresh = batch.with_columns(
            pl.lit(None, pl.String).alias("story_id"), pl.lit(None, UTC_TIMESTAMP).alias("story_at")
        ).select(STANDING.names())
        moved = dict(zip(placement.articles["article_id"], placement.articles["story_id"], strict=True))
        merged = dict(placement.merged.iter_rows())
        story = pl.col("story_id").replace(merged)
        if moved:
            story = pl.col("article_id").replace_strict(moved, default=story, return_dtype=pl.String)
        self._placed = (
            pl.concat([self._placed, fresh])
            .with_columns(story.alias("story_id"))
            .with_columns(pl.col("at").min().over("story_id").alias("story_at"))
        )
        self._changes.append(placement.changes)

    def stories(self) -> pl.DataFrame:
        """Rows of ``analysis.story_articles`` so far, copies with their origins."""
        story_of = dict(self._placed.select("article_id", "story_id").iter_rows())
        rows = [(story_of[root], one) for one, root in self._origin.items() if root in story_of]
        return pl.DataFrame(rows, schema=STORY_ARTICLES.schema, orient="row").sort("story_id", "article_id")

    def changes(self) -> pl.DataFrame:
        """Rows of ``analysis.story_changes`` so far, in the order in which they happened."""
        return pl.concat(self._changes)


def group_stories(articles: pl.DataFrame) -> pl.DataFrame:
    """Which story each article belongs to, placed day by day (:class:`StoryBook`).

    Returns:
        ``analysis.story_articles``: one row an article.
    """
    if articles.is_empty():
        return STORY_ARTICLES.empty()
    book = StoryBook(articles)
    book.place()
    return book.stories()


def roots(origins: Mapping[str, str | None], ids: Sequence[str]) -> list[str]:
    """The original that each article copies, through copies of copies; itself where its origin is not there."""
    known = set(ids)
    found = []
    for article_id in ids:
        at, seen = article_id, {article_id}
        while (origin := origins.get(at)) is not None and origin in known and origin not in seen:
            seen.add(origin)
            at = origin
        # Articles that name each other in a circle: the smallest stands for all of them.
        found.append(min(seen) if origins.get(at) in seen and origins.get(at) != at else at)
    return found
