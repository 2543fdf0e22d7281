"""Stories in the warehouse: a day joins what stands, a killed run loses nothing, copies follow, the past is not read."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.orchestration.assets import story_writes
from pipelines.orchestration.assets.story_writes import place_stories
from pipelines.tables import ARTICLES, DOCUMENTS, FETCHES, STORY_ARTICLES, STORY_FEATURES, Table, stable_id
from pipelines.warehouse import Transaction, Warehouse

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
SYLLABLES = ("har", "mil", "cra", "por", "riv", "doc", "ven", "tal", "osk", "bry")


def topic(seed: int) -> list[str]:
    draw = random.Random(seed)
    return ["".join(draw.choices(SYLLABLES, k=3)) for _ in range(40)]


def report(seed: int, *topics: int) -> str:
    draw = random.Random(seed)
    words = [word for number in topics for word in topic(number)]
    return " ".join(" ".join(draw.choices(words, k=12)) + "." for _ in range(16))


def put_all(warehouse: Warehouse, *articles: dict[str, Any]) -> None:
    """Articles (``name, text`` and, if need be, ``days, origin, form, dated``) as the clean room leaves them."""
    rows: dict[Table, list[dict[str, object]]] = {FETCHES: [], DOCUMENTS: [], ARTICLES: []}
    for given in articles:
        name, at = given["name"], MONDAY + timedelta(days=given.get("days", 0))
        title = " ".join(given["text"].split()[:5])
        rows[FETCHES].append({"fetch_id": f"f-{name}", "run_id": "r", "source_id": "s", "url": name, "method": "url",
                              "requested_at": at, "status": "ok"})  # fmt: skip
        rows[DOCUMENTS].append({"document_id": f"d-{name}", "fetch_id": f"f-{name}", "url": name, "media_type": "text/html",
                                "fetched_at": at, "content_sha256": name, "stored_at": "p"})  # fmt: skip
        rows[ARTICLES].append({
            "article_id": name, "document_id": f"d-{name}", "position": 0, "authors": [], "title": title,
            "published_at": at if given.get("dated", True) else None, "published_precision": "second",
            "text": f"{title}\n\n{given['text']}", "text_sha256": name, "word_count": 1, "version_no": 1,
            "origin_id": given.get("origin", name), "extractor": "x", "is_current": True, "form": given.get("form", "article"),
        })  # fmt: skip
    with warehouse.transaction() as transaction:
        for table, its_rows in rows.items():
            transaction.insert_new(table, table.frame(its_rows))


def put(warehouse: Warehouse, name: str, text: str, **more: Any) -> None:
    """One article."""
    put_all(warehouse, {"name": name, "text": text, **more})


def told(warehouse: Warehouse) -> dict[str, str]:
    return dict(warehouse.read("select article_id, story_id from analysis.story_articles order by 1").iter_rows())


def changes(warehouse: Warehouse) -> list[dict[str, object]]:
    return warehouse.read("select kind, story_id, other_story_id, shown_by from analysis.story_changes order by all").to_dicts()


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "counterclaim.duckdb")


def test_a_later_day_joins_the_stories_that_stand_and_a_rerun_changes_nothing(warehouse: Warehouse) -> None:
    put(warehouse, "a", report(1, 1))
    put(warehouse, "b", report(2, 2))
    assert place_stories(warehouse).placed == 2
    put(warehouse, "c", report(3, 1), days=1)
    put(warehouse, "undated", report(4, 2), days=1, dated=False)
    put(warehouse, "late", report(5, 1), days=-1)
    counts = place_stories(warehouse)
    first, second = stable_id("story", "a"), stable_id("story", "b")
    assert told(warehouse) == {"a": first, "b": second, "c": first, "late": first, "undated": second}
    assert (counts.placed, counts.stories, counts.changes) == (3, 2, 0)
    assert place_stories(warehouse).placed == 0
    assert told(warehouse)["late"] == first


def test_days_placed_in_one_go_or_one_by_one_or_with_a_kill_between_end_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [{"name": f"n{n}", "text": report(n, n % 3), "days": n // 3 * 0.9} for n in range(9)]
    at_once, daily, killed = (Warehouse(tmp_path / f"{name}.duckdb") for name in ("once", "daily", "killed"))
    put_all(at_once, *articles)
    put_all(killed, *articles)
    place_stories(at_once)
    for start in range(0, 9, 3):
        put_all(daily, *articles[start : start + 3])
        place_stories(daily)
    upsert, calls = Transaction.upsert, []

    def dies(self: Transaction, table: object, frame: pl.DataFrame) -> int:
        calls.append(table)
        if calls.count(STORY_ARTICLES) == 2:
            raise KeyboardInterrupt
        return upsert(self, table, frame)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "upsert", dies)
        with pytest.raises(KeyboardInterrupt):
            place_stories(killed)
    assert 0 < len(told(killed)) < len(articles)
    place_stories(killed)
    assert told(at_once) == told(daily) == told(killed)
    assert len(set(told(daily).values())) == 3


def test_a_bridging_article_merges_two_stories_and_the_younger_one_can_be_looked_up(warehouse: Warehouse) -> None:
    put(warehouse, "a", report(1, 1, 2))
    put(warehouse, "b", report(2, 3, 4), days=0.1)
    place_stories(warehouse)
    old, young = stable_id("story", "a"), stable_id("story", "b")
    assert told(warehouse) == {"a": old, "b": young}
    for n in range(3):
        put(warehouse, f"both{n}", report(10 + n, 1, 2, 3, 4), days=0.2 + n / 100)
    place_stories(warehouse)
    assert set(told(warehouse).values()) == {old}
    assert [(row["kind"], row["story_id"], row["other_story_id"]) for row in changes(warehouse)] == [("merged", young, old)]


def test_a_copy_follows_its_origin_even_one_that_comes_later(warehouse: Warehouse) -> None:
    put(warehouse, "reprint", report(1, 1))
    put(warehouse, "other", report(2, 2))
    place_stories(warehouse)
    story = told(warehouse)["reprint"]
    put(warehouse, "agency", report(1, 1), days=0.5)
    put(warehouse, "far copy", report(9, 9), days=30, origin="agency")
    with warehouse.transaction() as transaction:
        transaction.update(ARTICLES, pl.DataFrame({"article_id": ["reprint"], "origin_id": ["agency"]}))
    place_stories(warehouse)
    assert told(warehouse) == {"reprint": story, "agency": story, "far copy": story, "other": stable_id("story", "other")}
    assert changes(warehouse) == []


def test_a_story_emptied_by_copies_has_merged_and_one_without_articles_has_ended(warehouse: Warehouse) -> None:
    put(warehouse, "a", report(1, 1))
    put(warehouse, "b", report(2, 2))
    put(warehouse, "gone", report(3, 3))
    place_stories(warehouse)
    with warehouse.transaction() as transaction:
        transaction.update(ARTICLES, pl.DataFrame({"article_id": ["b"], "origin_id": ["a"]}))
        transaction.update(ARTICLES, pl.DataFrame({"article_id": ["gone"], "form": ["live_blog"]}))
    place_stories(warehouse)
    a, b, gone = (stable_id("story", name) for name in ("a", "b", "gone"))
    assert told(warehouse) == {"a": a, "b": a}
    assert changes(warehouse) == [
        {"kind": "ended", "story_id": gone, "other_story_id": None, "shown_by": None},
        {"kind": "merged", "story_id": b, "other_story_id": a, "shown_by": "a"},
    ]


def test_live_blogs_galleries_and_videos_join_no_story(warehouse: Warehouse) -> None:
    for form in ("article", "live_blog", "gallery", "video"):
        put(warehouse, form, report(1, 1), form=form)
    place_stories(warehouse)
    assert set(told(warehouse)) == {"article"}


def test_a_day_reads_only_its_own_days_however_long_the_past_is(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    place = story_writes.place_articles

    def counting(new: pl.DataFrame, standing: pl.DataFrame, details: story_writes.Details) -> story_writes.Placement:
        read.append(standing.height)
        return place(new, standing, details)

    monkeypatch.setattr(story_writes, "place_articles", counting)
    put_all(warehouse, *({"name": f"day{n}", "text": report(n, n), "days": n * 10} for n in range(4)))
    place_stories(warehouse)
    assert read == [0] * 4
    put(warehouse, "next", report(20, 3), days=31)
    place_stories(warehouse)
    assert read[-1] == 1
    kept = warehouse.read(f"select article_id from {STORY_FEATURES.relation} order by 1")["article_id"].to_list()
    assert kept == ["day2", "day3", "next"]
    assert told(warehouse)["next"] == told(warehouse)["day3"]
