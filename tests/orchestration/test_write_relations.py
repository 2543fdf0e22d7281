"""Relations in the warehouse: only what changed is compared anew, and however the days came in, the rows are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines import tables
from pipelines.compare import parts
from pipelines.compare.parts import Compared, Part, compare_part
from pipelines.models.cross_encoder import SHIPPED, Judgement
from pipelines.orchestration.assets import relation_writes
from pipelines.orchestration.assets.relation_writes import write_relations
from pipelines.tables import (
    ARTICLES,
    CLAIM_RELATIONS,
    COMPARED_FACTS,
    COMPARISONS,
    MENTIONS,
    OPINIONS,
    QUANTITIES,
    SENTENCES,
    STORY_ARTICLES,
    Table,
)
from pipelines.warehouse import Transaction, Warehouse

MONDAY = datetime(2031, 3, 3, 9, tzinfo=UTC)
PEOPLE = (("Varga", "Lund"), ("Osk", "Brey"), ("Talin", "Moro"), ("Harker", "Vell"))
PLACES = ("Halden", "Porvik", "Rivne Bay", "Craden")
COUNTS = ("four", "five", "six", "seven", "eight")

#: The columns of intermediate.int_claims that a comparison reads.
CLAIMS = pl.Schema(
    {
        "claim_id": pl.String(), "article_id": pl.String(), "outlet_id": pl.String(), "canonical_url": pl.String(),
        "version_no": pl.Int64(), "is_current": pl.Boolean(), "origin_id": pl.String(), "published_at": tables.UTC_TIMESTAMP,
        "published_precision": pl.String(), "sentence_no": pl.Int64(), "char_start": pl.Int64(), "char_end": pl.Int64(),
        "text": pl.String(), "sentence": pl.String(), "polarity": pl.String(), "modality": pl.String(), "hop_count": pl.Int64(),
        "asserted_by": pl.String(), "asserted_by_kind": pl.String(), "is_anonymous": pl.Boolean(),
    }
)  # fmt: skip


def sentences(story: int, article: int) -> list[tuple[str, str | None, int]]:
    """What an article says: the sentence, and the words and number of hours in it, if it gives one."""
    (one, other), place = PEOPLE[story % 4], PLACES[story % 4]
    hours = article % len(COUNTS)
    return [
        (f"{one} and {other} met for {COUNTS[hours]} hours in {place} on grain exports.", f"{COUNTS[hours]} hours", hours + 4),
        (f"{other} agreed a grain deal with {one} in {place}.", None, 0) if article % 2 else
        (f"{one} denied that {other} had agreed a grain deal in {place}.", None, 0),
        (f"Grain exports from {place} rose again, {one} said on Monday.", None, 0),
    ]  # fmt: skip


def put(warehouse: Warehouse, *articles: tuple[str, int], **more: Any) -> None:
    """Articles (name, story) as they stand when relations are worked out; ``more``: columns of their claims, and ``story_id``."""
    story_id = more.pop("story_id", None)
    rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in (ARTICLES, SENTENCES, QUANTITIES, MENTIONS, STORY_ARTICLES)}
    claims = []
    for name, story in articles:
        number = int(name.split("-")[1])
        at = MONDAY + timedelta(hours=number)
        rows[ARTICLES].append({
            "article_id": name, "document_id": name, "position": 0, "authors": [], "title": f"Talks in {PLACES[story % 4]}",
            "published_at": at, "published_precision": "second", "text": "", "text_sha256": name, "word_count": 1,
            "version_no": 1, "origin_id": name, "extractor": "x", "is_current": True, "form": "article",
            "canonical_url": more.get("canonical_url"),
        })  # fmt: skip
        rows[SENTENCES].append({"article_id": name, "sentence_no": 0, "char_start": 0, "char_end": 1, "reader": "reader 1"})
        rows[STORY_ARTICLES].append({"story_id": story_id or f"story {story}", "article_id": name})
        start = 40
        for n, (text, words, hours) in enumerate(sentences(story, number), 1):
            claim_id = f"{name} {n}"
            row = {
                "claim_id": claim_id, "article_id": name, "outlet_id": f"outlet {number}", "canonical_url": None,
                "version_no": 1, "is_current": True, "origin_id": name, "published_at": at, "published_precision": "second",
                "sentence_no": n, "char_start": start, "char_end": start + len(text), "text": text, "sentence": text,
                "polarity": "affirmed", "modality": "denied" if "denied" in text else "asserted", "hop_count": 0,
                "asserted_by": name, "asserted_by_kind": "outlet", "is_anonymous": False,
            }  # fmt: skip
            claims.append(row | more)
            if words:
                found = start + text.index(words)
                rows[QUANTITIES].append({
                    "claim_id": claim_id, "quantity_no": 0, "dimension": "duration", "lower": hours * 3600.0 - 1800,
                    "upper": hours * 3600.0 + 1799, "unit": "s", "approximation": "exact", "counted": "meeting",
                    "char_start": found, "char_end": found + len(words),
                })  # fmt: skip
            rows[MENTIONS] += [
                {"mention_id": f"{claim_id} {who}", "article_id": name, "sentence_no": n, "char_start": start + text.index(who),
                 "char_end": start + text.index(who) + len(who), "surface": who, "kind": "person"}
                for who in (*PEOPLE[story % 4], PLACES[story % 4]) if who in text
            ]  # fmt: skip
            start += len(text) + 1
    with warehouse.transaction() as transaction:
        for table, its_rows in rows.items():
            transaction.insert_new(table, table.frame(its_rows))
        transaction.query("insert into intermediate.int_claims by name select * from f", f=pl.DataFrame(claims, schema=CLAIMS))


def some(count: int, stories: int) -> list[tuple[str, int]]:
    return [(f"a-{n}", n % stories) for n in range(count)]


def new_warehouse(path: Path) -> Warehouse:
    made = Warehouse(path)
    with made.transaction() as transaction:
        transaction.query("create schema intermediate")
        transaction.query("create table intermediate.int_claims as select * from f", f=pl.DataFrame(schema=CLAIMS))
    return made


@pytest.fixture(autouse=True)
def by_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever judges, what is compared when is the same: the rules are quicker."""
    monkeypatch.setattr(parts, "load_judge", lambda: None)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return new_warehouse(tmp_path / "counterclaim.duckdb")


def relations(warehouse: Warehouse) -> pl.DataFrame:
    return warehouse.read(f"select * from {CLAIM_RELATIONS.relation} order by all")


def change(warehouse: Warehouse, sql: str) -> None:
    with warehouse.transaction() as transaction:
        transaction.query(sql)


def all_at_once(warehouse: Warehouse) -> pl.DataFrame:
    """What comparing everything in one go gives."""
    with warehouse.transaction() as transaction:
        claims = transaction.query(
            "select c.*, s.story_id, a.title from intermediate.int_claims as c"
            " left join analysis.story_articles as s using (article_id) join raw.articles as a using (article_id)"
        )
        facts = {table.name: transaction.query(f"select * from {table.relation}") for table in COMPARED_FACTS}
    return compare_part(Part(claims, **facts)).rows.drop("comparison_id").sort(pl.all())


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The articles of each part that is compared."""
    seen: list[set[str]] = []

    def watched(part: Part) -> Compared:
        seen.append(set(part.claims["article_id"]))
        return compare_part(part)

    monkeypatch.setattr(relation_writes, "compare_part", watched)
    return seen


def test_days_compared_in_one_go_or_one_by_one_or_with_kills_between_end_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, daily, killed = (new_warehouse(tmp_path / f"{name}.duckdb") for name in ("once", "daily", "killed"))
    articles = some(12, 3)
    for warehouse in (at_once, killed):
        put(warehouse, *articles)
    for start in range(0, 12, 4):
        put(daily, *articles[start : start + 4])
        write_relations(daily)
    write_relations(at_once)
    monkeypatch.setattr(relation_writes, "_WRITTEN", 1)
    monkeypatch.setattr(relation_writes, "_COMPARED", 1)
    upsert = Transaction.upsert
    for dies_at in (1, 4):
        calls = iter(range(1, 99))

        def dies(self: Transaction, table: Table, frame: pl.DataFrame, calls: Iterator[int] = calls, at: int = dies_at) -> int:
            if next(calls) == at:
                raise KeyboardInterrupt
            return upsert(self, table, frame)

        with monkeypatch.context() as patched:
            patched.setattr(Transaction, "upsert", dies)
            with pytest.raises(KeyboardInterrupt):
                write_relations(killed)
    write_relations(killed)
    rows = relations(at_once)
    assert set(rows["relation"]) >= {"contradiction", "corroboration"}
    assert rows.equals(relations(daily))
    assert rows.equals(relations(killed))
    assert rows.drop("comparison_id").sort(pl.all()).equals(all_at_once(at_once))
    hashes = [w.read(f"select * from {COMPARISONS.relation} order by all") for w in (at_once, daily, killed)]
    assert hashes[0].equals(hashes[1])
    assert hashes[0].equals(hashes[2])


def test_a_rerun_compares_nothing_and_writes_nothing(
    warehouse: Warehouse, compared: list[set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(warehouse, *some(6, 2))
    assert write_relations(warehouse).compared == 2
    compared.clear()

    def refused(*_: object) -> int:
        raise AssertionError("written")

    for name in ("upsert", "insert_new", "replace_where", "replace_all", "update"):
        monkeypatch.setattr(Transaction, name, refused)
    again = write_relations(warehouse)
    assert (again.compared, again.ended, compared) == (0, 0, [])
    assert sum(again.pairs.values()) == relations(warehouse).height > 0


def test_only_the_story_that_an_article_joined_is_compared_anew(warehouse: Warehouse, compared: list[set[str]]) -> None:
    put(warehouse, *some(6, 2))
    write_relations(warehouse)
    untouched = relations(warehouse).filter(pl.col("comparison_id") == "story 0")
    compared.clear()
    put(warehouse, ("a-7", 1))
    counts = write_relations(warehouse)
    assert compared == [{"a-1", "a-3", "a-5", "a-7"}]
    assert (counts.compared, counts.articles) == (1, 4)
    assert relations(warehouse).filter(pl.col("comparison_id") == "story 0").equals(untouched)


CHANGES = {
    "its outlet": "update intermediate.int_claims set outlet_id = 'outlet 1' where article_id = 'a-3'",
    "when it was published": "update intermediate.int_claims set published_at = '2031-03-01' where article_id = 'a-3'",
    "who a claim is put down to": "update intermediate.int_claims set asserted_by = 'Lund' where claim_id = 'a-3 2'",
    "a claim": "delete from intermediate.int_claims where claim_id = 'a-3 2'",
    "its title": "update raw.articles set title = 'Other' where article_id = 'a-3'",
    "what read it": "update raw.sentences set reader = 'reader 2' where article_id = 'a-3'",
    "that it is a copy": "update intermediate.int_claims set origin_id = 'a-1' where article_id = 'a-3'",
    "that it is none": "update intermediate.int_claims set origin_id = 'a-3' where article_id = 'a-3'",
    "that a newer version stands": "update intermediate.int_claims set is_current = false where article_id = 'a-3'",
}


def test_a_story_is_compared_anew_when_anything_about_an_article_changes(warehouse: Warehouse, compared: list[set[str]]) -> None:
    put(warehouse, *some(8, 2))
    write_relations(warehouse)
    for what, sql in CHANGES.items():
        compared.clear()
        change(warehouse, sql)
        write_relations(warehouse)
        assert len(compared) == 1, what
        assert {"a-1", "a-5", "a-7"} <= compared[0] <= {"a-1", "a-3", "a-5", "a-7"}, what
    assert relations(warehouse).drop("comparison_id").sort(pl.all()).equals(all_at_once(warehouse))


def test_another_judge_or_other_rules_compare_everything_anew(
    warehouse: Warehouse, compared: list[set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(warehouse, *some(6, 2))
    write_relations(warehouse)
    before = relations(warehouse)
    compared.clear()
    monkeypatch.setattr(relation_writes, "comparer", lambda: "compare 99, other weights")
    assert write_relations(warehouse).compared == 2
    assert set().union(*compared) == {f"a-{n}" for n in range(6)}
    assert relations(warehouse).equals(before)


def test_pairs_go_where_their_story_goes_when_stories_merge_split_and_end(warehouse: Warehouse) -> None:
    put(warehouse, *some(8, 1)[:4], story_id="north")
    put(warehouse, *some(8, 1)[4:], story_id="south")
    write_relations(warehouse)
    apart = relations(warehouse)
    assert set(apart["comparison_id"]) == {"north", "south"}
    change(warehouse, "update analysis.story_articles set story_id = 'north'")
    counts = write_relations(warehouse)
    together = relations(warehouse)
    assert (counts.compared, counts.ended) == (1, 1)
    assert set(together["comparison_id"]) == {"north"}
    assert together.height > apart.height
    change(warehouse, "update analysis.story_articles set story_id = 'south' where article_id >= 'a-4'")
    write_relations(warehouse)
    assert relations(warehouse).equals(apart)
    change(warehouse, "delete from analysis.story_articles where article_id >= 'a-1'")
    assert write_relations(warehouse).ended == 2
    assert relations(warehouse).is_empty()
    assert warehouse.read(f"select * from {COMPARISONS.relation}").is_empty()


def test_a_changed_value_between_two_versions_stays_with_their_address(warehouse: Warehouse) -> None:
    address = "https://outlet.example/talks"
    for n, current in ((0, False), (1, True)):
        put(warehouse, (f"a-{n}", 0), canonical_url=address, version_no=n + 1, is_current=current, outlet_id="one")
    put(warehouse, ("b-2", 0))
    write_relations(warehouse)
    rows = relations(warehouse)
    of_address = rows.filter(pl.col("comparison_id") == address)
    assert of_address["relation"].to_list() == ["update"]
    assert {of_address["claim_a_id"][0][:3], of_address["claim_b_id"][0][:3]} == {"a-0", "a-1"}
    assert rows.filter(pl.col("comparison_id") == "story 0").height > 0
    change(warehouse, "update intermediate.int_claims set is_current = false where article_id = 'a-1'")
    put(warehouse, ("a-3", 0), canonical_url=address, version_no=3, outlet_id="one")
    write_relations(warehouse)
    assert relations(warehouse).filter(pl.col("comparison_id") == address).height == 2
    assert relations(warehouse).drop("comparison_id").sort(pl.all()).equals(all_at_once(warehouse))


def test_what_is_read_or_compared_at_once_makes_no_difference(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    put(warehouse, *some(12, 4))
    write_relations(warehouse)
    whole = relations(warehouse)
    change(warehouse, f"delete from {COMPARISONS.relation}")
    change(warehouse, f"delete from {CLAIM_RELATIONS.relation}")
    for name in ("_READ", "_COMPARED", "_WRITTEN"):
        monkeypatch.setattr(relation_writes, name, 1)
    write_relations(warehouse)
    assert relations(warehouse).equals(whole)


def test_rows_of_an_earlier_version_that_no_comparison_owns_are_replaced(warehouse: Warehouse) -> None:
    put(warehouse, *some(4, 1))
    write_relations(warehouse)
    rows = relations(warehouse)
    change(warehouse, f"update {CLAIM_RELATIONS.relation} set comparison_id = null, score = 0")
    change(warehouse, f"delete from {COMPARISONS.relation}")
    write_relations(warehouse)
    assert relations(warehouse).equals(rows)


def test_articles_of_one_story_alone_or_without_claims_are_no_comparison(warehouse: Warehouse) -> None:
    put(warehouse, *some(2, 2))
    counts = write_relations(warehouse)
    assert (counts.compared, counts.pairs) == (0, {})


class Reader:
    """An encoder that says the same of every pair; ``read`` are the pairs that it was asked about."""

    name = "reader"
    folder = SHIPPED

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []

    def judge(
        self, pairs: Sequence[tuple[tuple[str, str], tuple[str, str]]], *, both_ways: bool = True, back_from: float = 0.0
    ) -> Judgement:
        self.read += [(a, b) for (a, _), (b, _) in pairs]
        rows = np.full((len(pairs), 5), 0.2, np.float32)
        rows[:, 0] = 0.1
        return Judgement(rows[:, :3], rows[:, :3], rows, rows[:, 0])


@pytest.mark.skipif(not (SHIPPED / "decision.json").is_file(), reason="the weights are not in this checkout")
def test_the_encoder_reads_a_pair_of_a_story_once_however_often_the_story_is_compared(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, decision = Reader(), json.loads((SHIPPED / "decision.json").read_text(encoding="utf-8"))
    monkeypatch.setattr(parts, "load_judge", lambda: (reader, decision))
    put(warehouse, *some(6, 2))
    write_relations(warehouse)
    first = list(reader.read)
    assert first
    assert len(set(first)) == len(first)
    put(warehouse, ("a-7", 1))
    write_relations(warehouse)
    of_newcomer = reader.read[len(first) :]
    assert of_newcomer
    assert not set(of_newcomer) & set(first)
    rows = relations(warehouse)
    reader.read.clear()
    monkeypatch.setattr(relation_writes, "comparer", lambda: "other rules")
    assert write_relations(warehouse).compared == 2
    assert reader.read == []
    assert relations(warehouse).equals(rows)
    change(warehouse, "update raw.articles set published_at = published_at + interval 30 days where article_id = 'a-7'")
    change(warehouse, "update analysis.story_articles set story_id = 'story 9' where article_id = 'a-7'")
    write_relations(warehouse)
    assert warehouse.read(f"select * from {OPINIONS.relation}").is_empty()
