"""What the dbt models make of a small world: two wire reports, a reprint, a digest, a correction and a quarrel.

One build serves all tests. It runs in the two parts between which the comparison stands, on a warehouse that holds what
Python writes and nothing else.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
import yaml
from dbt.cli.main import dbtRunner, dbtRunnerResult

from pipelines.explain import UnknownContradictionError, explain
from pipelines.settings import DBT_PROJECT, load_settings
from pipelines.tables import BY_RELATION, TABLES, Table, stable_id
from pipelines.warehouse import Warehouse

#: The contract with everyone who queries the warehouse: names and types may be added to, never changed.
MARTS: Final[dict[str, dict[str, str]]] = {
    "dim_outlets": {
        "outlet_id": "VARCHAR", "name": "VARCHAR", "domain": "VARCHAR", "country": "VARCHAR", "publisher_family": "VARCHAR",
        "is_wire_agency": "BOOLEAN", "aliases": "VARCHAR[]",
    },
    "dim_entities": {
        "entity_id": "VARCHAR", "name": "VARCHAR", "kind": "VARCHAR", "wikidata_id": "VARCHAR", "aliases": "VARCHAR[]",
    },
    "dim_stories": {
        "story_id": "VARCHAR", "title": "VARCHAR", "first_published_at": "TIMESTAMP WITH TIME ZONE",
        "last_published_at": "TIMESTAMP WITH TIME ZONE", "article_count": "BIGINT", "outlet_count": "BIGINT",
        "publisher_family_count": "BIGINT", "independent_origin_count": "BIGINT", "merged_story_ids": "VARCHAR[]",
    },
    "fct_story_changes": {
        "change_id": "VARCHAR", "kind": "VARCHAR", "story_id": "VARCHAR", "other_story_id": "VARCHAR",
        "current_story_id": "VARCHAR", "articles": "BIGINT", "shown_by_article_id": "VARCHAR",
        "shown_at": "TIMESTAMP WITH TIME ZONE",
    },
    "fct_articles": {
        "article_id": "VARCHAR", "document_id": "VARCHAR", "outlet_id": "VARCHAR", "story_id": "VARCHAR", "url": "VARCHAR",
        "title": "VARCHAR", "byline": "VARCHAR", "authors": "VARCHAR[]", "published_at": "TIMESTAMP WITH TIME ZONE",
        "published_on": "DATE", "language": "VARCHAR", "word_count": "BIGINT", "version_no": "BIGINT", "origin_id": "VARCHAR",
        "is_syndicated": "BOOLEAN",
    },
    "fct_claims": {
        "claim_id": "VARCHAR", "article_id": "VARCHAR", "outlet_id": "VARCHAR", "story_id": "VARCHAR", "published_on": "DATE",
        "text": "VARCHAR", "sentence": "VARCHAR", "char_start": "BIGINT", "char_end": "BIGINT", "polarity": "VARCHAR",
        "modality": "VARCHAR", "asserted_by": "VARCHAR", "asserted_by_entity_id": "VARCHAR", "asserted_by_kind": "VARCHAR",
        "is_anonymous": "BOOLEAN", "hop_count": "BIGINT", "attribution_path": "VARCHAR",
    },
    "fct_attributions": {
        "claim_id": "VARCHAR", "hop_no": "BIGINT", "actor": "VARCHAR", "actor_kind": "VARCHAR", "entity_id": "VARCHAR",
        "outlet_id": "VARCHAR", "is_anonymous": "BOOLEAN", "cue": "VARCHAR", "cue_kind": "VARCHAR", "char_start": "BIGINT",
        "char_end": "BIGINT",
    },
    "fct_entity_mentions": {
        "mention_id": "VARCHAR", "entity_id": "VARCHAR", "article_id": "VARCHAR", "outlet_id": "VARCHAR",
        "published_on": "DATE", "surface": "VARCHAR", "char_start": "BIGINT", "char_end": "BIGINT",
    },
    "fct_contradictions": {"contradiction_id": "VARCHAR", "kind": "VARCHAR", "level": "VARCHAR"},
    "fct_contradiction_signals": {
        "contradiction_id": "VARCHAR", "signal": "VARCHAR", "value": "DOUBLE", "share": "DOUBLE",
    },
    "fct_corroborations": {"corroboration_id": "VARCHAR", "is_independent": "BOOLEAN"},
    "fct_updates": {"update_id": "VARCHAR", "is_same_outlet": "BOOLEAN"},
    "outlet_coverage_daily": {
        "outlet_id": "VARCHAR", "published_on": "DATE",
        **dict.fromkeys(
            ("articles", "words", "stories", "first_reports", "exclusive_stories", "syndicated_articles", "claims",
             "attributed_claims", "anonymous_claims", "entities"), "BIGINT",
        ),
    },
    "outlet_contradictions_daily": {
        "outlet_id": "VARCHAR", "published_on": "DATE",
        **dict.fromkeys(
            ("claims", "claims_compared", "contradictions", "outlet_level", "source_level", "shared_disputes", "number",
             "date", "place", "actor", "denial", "negation", "semantic", "corroborations"), "BIGINT",
        ),
        "contradiction_rate": "DOUBLE",
    },
    "outlet_pair_contradictions": {
        "outlet_a_id": "VARCHAR", "outlet_b_id": "VARCHAR",
        **dict.fromkeys(
            ("shared_stories", "claims_compared", "corroborations", "contradictions", "outlet_level", "source_level"), "BIGINT"
        ),
        "contradiction_rate": "DOUBLE",
    },
    "story_coverage": {
        "story_id": "VARCHAR", "outlet_id": "VARCHAR", "status": "VARCHAR", "articles": "BIGINT",
        "first_published_at": "TIMESTAMP WITH TIME ZONE", "lag_minutes": "BIGINT",
    },
    "entity_coverage_daily": {
        "entity_id": "VARCHAR", "outlet_id": "VARCHAR", "published_on": "DATE", "mentions": "BIGINT", "articles": "BIGINT",
        "claims_about": "BIGINT", "claims_by": "BIGINT",
    },
    "source_reliance": {
        "outlet_id": "VARCHAR", "source": "VARCHAR", "source_kind": "VARCHAR", "claims": "BIGINT", "articles": "BIGINT",
        "anonymous_claims": "BIGINT",
    },
}  # fmt: skip
_PAIR: Final = {
    "story_id": "VARCHAR", "claim_a_id": "VARCHAR", "claim_b_id": "VARCHAR", "outlet_a_id": "VARCHAR",
    "outlet_b_id": "VARCHAR", "article_a_id": "VARCHAR", "article_b_id": "VARCHAR", "asserted_by_a": "VARCHAR",
    "asserted_by_b": "VARCHAR", "text_a": "VARCHAR", "text_b": "VARCHAR", "value_a": "VARCHAR", "value_b": "VARCHAR",
    "is_shared_dispute": "BOOLEAN", "score": "DOUBLE", "detector": "VARCHAR", "published_on": "DATE",
    "review_status": "VARCHAR",
}  # fmt: skip
for _mart in ("fct_contradictions", "fct_corroborations", "fct_updates"):
    MARTS[_mart] |= _PAIR


@dataclass
class World:
    """Rows of what Python writes, put together from articles whose spans are found by their words."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {table.relation: [] for table in TABLES})
    texts: dict[str, str] = field(default_factory=dict)

    def add(self, table: str, /, **row: Any) -> None:
        """A row of ``table`` (schema and name)."""
        self.rows[table].append(row)

    def article(
        self,
        name: str,
        text: str,
        *,
        story: str | None = "talks",
        url: str | None = None,
        credit: str | None = None,
        at: datetime | None = None,
        precision: str = "second",
        document: str | None = None,
        position: int = 0,
        origin: str | None = None,
        version: tuple[int, bool] = (1, True),
        day: date | None = None,
        form: str = "article",
        mentions: Sequence[tuple[str, str]] = (),
    ) -> None:
        """An article of one sentence a line; ``mentions`` are ``(surface, kind)``, longest first: all their occurrences."""
        self.texts[name] = text
        document = document or f"document of {name}"
        if all(row["document_id"] != document for row in self.rows["raw.documents"]):
            fetched = datetime(2026, 3, 6, tzinfo=UTC)
            self.add("raw.fetches", fetch_id=f"fetch of {document}", run_id="run", source_id="pages",
                     url=url or "file:///pages.txt", method="file", requested_at=fetched, status="ok")  # fmt: skip
            self.add("raw.documents", document_id=document, fetch_id=f"fetch of {document}", url=url or "file:///pages.txt",
                     media_type="text/html", fetched_at=fetched, content_sha256=document, stored_at="pages")  # fmt: skip
        self.add(
            "raw.articles", article_id=name, document_id=document, position=position, url=url, canonical_url=url,
            outlet_credit=credit, authors=[], title=text.split("\n", 1)[0], published_at=at,
            published_precision=precision if at else "unknown", language="en", text=text, text_sha256=name,
            word_count=len(text.split()), version_no=version[0], form=form, is_current=version[1], origin_id=origin or name,
            extractor="test", published_on=day,
        )  # fmt: skip
        if story:
            self.add("analysis.story_articles", story_id=story, article_id=name)
        start, named = 0, set[int]()
        for number, sentence in enumerate(text.split("\n")):
            end = start + len(sentence)
            self.add("raw.sentences", article_id=name, sentence_no=number, char_start=start, char_end=end, reader="test")
            for surface, kind in mentions:
                at_char = text.find(surface, start, end)
                while at_char >= 0:
                    stop = at_char + len(surface)
                    if at_char not in named:
                        self.add("raw.mentions", mention_id=stable_id(name, at_char, stop), article_id=name,
                                 sentence_no=number, char_start=at_char, char_end=stop, surface=surface, kind=kind)  # fmt: skip
                    named.update(range(at_char, stop))
                    at_char = text.find(surface, stop, end)
            start = end + 1

    def claim(self, claim_id: str, words: str, *hops: dict[str, Any], modality: str = "asserted") -> None:
        """A claim ``article:name`` of ``words``; each hop gives the actor's words, its kind and what is otherwise known."""
        article = claim_id.split(":", maxsplit=1)[0]
        text = self.texts[article]
        start = text.index(words)
        self.add("raw.claims", claim_id=claim_id, article_id=article, sentence_no=text[:start].count("\n"), char_start=start,
                 char_end=start + len(words), text=words, polarity="affirmed", modality=modality)  # fmt: skip
        for number, hop in enumerate(hops, 1):
            at_char = text.index(hop["actor"])
            self.add("raw.attributions", claim_id=claim_id, hop_no=number, char_start=at_char,
                     char_end=at_char + len(hop["actor"]),
                     **{"cue_kind": "says", "is_anonymous": hop["actor_kind"] == "anonymous", **hop})  # fmt: skip

    def relation(self, one: str, two: str, relation: str, slot: str, score: float = 0.8, **more: Any) -> None:
        """A pair that the comparison gives."""
        self.add("analysis.claim_relations", claim_a_id=one, claim_b_id=two, relation=relation, slot=slot, score=score,
                 **{"detector": "test", **more})  # fmt: skip

    def write(self, warehouse: Warehouse, tables: Sequence[Table]) -> None:
        """Put the rows of ``tables`` into ``warehouse``."""
        with warehouse.transaction() as transaction:
            for table in tables:
                transaction.replace_all(table, table.frame(self.rows[table.relation]))


def actor(words: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"actor": words, "actor_kind": kind, **more}


def make_world() -> World:
    """Five outlets on one round of talks; a second story that one outlet has alone."""
    world = World()
    second = datetime(2026, 3, 2, 10, tzinfo=UTC)
    names = [("Mira Osten", "person"), ("Osten", "person"), ("Halmar", "place")]
    wire = (
        "Leaders hold five-hour talks in Halmar\n"
        "Their five-hour meeting took place in the town hall.\n"
        "A deal was signed, Mira Osten said.\n"
        "Osten said the guns would be silent."
    )
    world.article("wire", wire, url="https://www.northwire.example/talks", at=second, mentions=names)
    world.claim("wire:hours", "Their five-hour meeting")
    world.claim("wire:place", "took place in the town hall")
    world.claim("wire:deal", "A deal was signed", actor("Mira Osten", "person", cue="said"))
    world.claim("wire:guns", "the guns would be silent", actor("Osten", "person", cue="said"))
    # A reprint of the wire report by an outlet that nobody has listed.
    world.article("reprint", wire, url="https://tarnherald.example/talks", credit="The Tarn Herald", at=second.replace(hour=11),
                  origin="wire", mentions=names)  # fmt: skip
    world.claim("reprint:hours", "Their five-hour meeting")
    # A rival: other hours, and a surname alone.
    world.article(
        "rival",
        "Six hours and no deal\nThe six-hour talks were held in the town hall.\nThe talks went on for six hours.\n"
        "No deal was signed, officials told reporters.\nOsten smiled.",
        url="https://castellantimes.example/2026/talks", at=second.replace(day=3), mentions=[("Osten", "person")],
    )  # fmt: skip
    world.claim("rival:hours", "The six-hour talks")
    world.claim("rival:again", "The talks went on for six hours")
    world.claim("rival:place", "were held in the town hall")
    world.claim("rival:deal", "No deal was signed", actor("officials", "anonymous"))
    # Two articles that somebody pasted into one page.
    world.article(
        "pasted-rt",
        "Deal made, paper says\nThe guns will leave, the FT reported, citing unnamed officials in Varda. They quoted Mira Osten.",
        document="digest", url="https://blog.example/today", credit="RT", at=second.replace(day=3, hour=0),
        precision="day", mentions=[("Mira Osten", "person")],
    )  # fmt: skip
    world.claim(
        "pasted-rt:guns", "The guns will leave", actor("the FT", "organization", cue="reported", cue_kind="reports"),
        actor("unnamed officials in Varda", "anonymous", cue="citing"), actor("Mira Osten", "person"),
    )  # fmt: skip
    world.article("pasted-mail", "No deal\nThe palace said that no deal was signed.", document="digest", position=1,
                  url="https://blog.example/today", credit="MAILONLINE", at=second.replace(day=3, hour=0),
                  precision="day")  # fmt: skip
    world.claim("pasted-mail:deal", "no deal was signed", actor("The palace", "organization", cue="said", cue_kind="denies"))
    # A correction by one outlet, and its second story.
    world.article("first-edition", "Nine walked out\nNine delegates walked out.", url="https://meridianpost.example/walk-out",
                  at=second.replace(hour=12), version=(1, False))  # fmt: skip
    world.claim("first-edition:nine", "Nine delegates walked out")
    world.article("second-edition", "Two walked out\nTwo delegates walked out.", url="https://meridianpost.example/walk-out",
                  at=second.replace(hour=15), version=(2, True))  # fmt: skip
    world.claim("second-edition:two", "Two delegates walked out")
    world.article("alone", "Bakers strike\nBakers went on strike.", story="bakers", url="https://meridianpost.example/bakers")
    # Two stories that became one, the second by way of the first; one that lost a part and goes on; one that is gone.
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    for number, (kind, story, other) in enumerate(
        [("merged", "walk-out", "summit"), ("merged", "summit", "talks"), ("split", "talks", "bakers"), ("ended", "void", None)]
    ):
        world.add("analysis.story_changes", change_id=f"change {number}", kind=kind, story_id=story, other_story_id=other,
                  articles=1, shown_by="alone" if other else None, shown_at=noon if other else None)  # fmt: skip
    world.article("ticker", "Harbour live\nThe gates open at six.", story=None, url="https://meridianpost.example/live/harbour",
                  at=datetime(2026, 3, 9, 3, tzinfo=UTC), day=date(2026, 3, 8), form="live_blog")  # fmt: skip
    # What the comparison found. Two pairs of one slot; the copy's own pair; the order of one pair is the wrong way round.
    number = {"kind": "number", "level": "outlet"}
    source = {"kind": "negation", "level": "source"}
    weighed = json.dumps({"number_conflict": [0.95, 3.2], "constant": [1.0, -1.0], "cosine": [0.5, -0.0028]})
    world.relation("wire:hours", "rival:hours", "contradiction", "duration", 0.9, value_a="five", value_b="six",
                   detector="stand-in+values+denials", signals=weighed, **number)  # fmt: skip
    world.relation("wire:hours", "rival:again", "contradiction", "duration", 0.6, value_a="five", value_b="six", **number)
    world.relation("reprint:hours", "rival:hours", "contradiction", "duration", 0.9, **number)
    world.relation("rival:deal", "wire:deal", "contradiction", "deal", 0.7, value_a="none", value_b="a deal", **source)
    world.relation("wire:deal", "pasted-mail:deal", "contradiction", "deal", 0.7, **source)
    world.relation("wire:place", "rival:place", "corroboration", "place")
    world.relation("wire:guns", "pasted-rt:guns", "corroboration", "guns")
    world.relation("wire:place", "pasted-mail:deal", "unrelated", "none", 0.1)
    world.relation("first-edition:nine", "second-edition:two", "update", "walk-out")
    # An arbiter took one back, and had no answer for another.
    world.relation("wire:hours", "rival:place", "contradiction", "venue", 0.5, **number)
    world.add("analysis.rulings", claim_a_id="wire:hours", claim_b_id="rival:place", arbiter="endpoint:tiny 1",
              relation="compatible", score=0.8, detector="endpoint:tiny")  # fmt: skip
    world.add("analysis.rulings", claim_a_id="wire:hours", claim_b_id="rival:hours", arbiter="endpoint:tiny 1")
    return world


@dataclass(frozen=True)
class Build:
    """A warehouse that dbt has built, and what dbt said of it."""

    warehouse: Warehouse
    results: tuple[dbtRunnerResult, ...]

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Rows of ``sql``."""
        return self.warehouse.read(sql).to_dicts()

    def row(self, sql: str) -> dict[str, Any]:
        """The one row of ``sql``."""
        (row,) = self.rows(sql)
        return row


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """The world, built in two parts by the project as it is, but for one review that a person has written."""
    folder = tmp_path_factory.mktemp("dbt")
    project = folder / "project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    dismissed = stable_id("pasted-mail:deal", "wire:deal")
    with (project / "seeds" / "reviews.csv").open("a", encoding="utf-8") as reviews:
        reviews.write(f"{dismissed},dismissed,a reader,2026-03-07,another deal\n")
    warehouse = Warehouse(folder / "counterclaim.duckdb")
    world = make_world()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("COUNTERCLAIM_WAREHOUSE", str(warehouse.path))
        dbt = dbtRunner()
        paths = ["--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(folder / "target"),
                 "--log-path", str(folder / "logs"), "--quiet"]  # fmt: skip
        results = []
        for schema in ("raw", "analysis"):
            world.write(warehouse, [table for table in TABLES if table.schema_name == schema])
            tag = "before_compare" if schema == "raw" else "after_compare"
            results.append(dbt.invoke(["build", "--select", f"tag:{tag}", *paths]))
        yield Build(warehouse, tuple(results))


def test_every_model_and_every_test_of_the_project_passes(build: Build) -> None:
    failures = [
        f"{result.node.name}: {result.message}"
        for part in build.results
        for result in getattr(part.result, "results", [])
        if result.status not in ("pass", "success", "no-op")
    ]
    assert all(part.success for part in build.results), failures or build.results
    assert not failures


def test_the_marts_are_those_of_the_contract(build: Build) -> None:
    columns = build.warehouse.read(
        "select table_name, column_name, data_type from information_schema.columns where table_schema = 'marts'"
    )
    found = {name: dict(rows.select("column_name", "data_type").iter_rows()) for (name,), rows in columns.group_by("table_name")}
    assert set(found) == set(MARTS)
    missing = {
        f"{mart}.{column} {dtype}"
        for mart, expected in MARTS.items()
        for column, dtype in expected.items()
        if found[mart].get(column) != dtype
    }
    assert not missing


def test_every_mart_and_column_is_described_in_the_warehouse_itself(build: Build) -> None:
    undescribed = build.rows(
        "select table_name from duckdb_tables() where schema_name = 'marts' and coalesce(comment, '') = '' union all"
        " select table_name || '.' || column_name from duckdb_columns()"
        " where schema_name = 'marts' and coalesce(comment, '') = ''"
    )
    assert not undescribed


def test_the_source_file_names_exactly_the_columns_that_python_writes() -> None:
    declared = yaml.safe_load((DBT_PROJECT / "models" / "staging" / "_sources.yml").read_text(encoding="utf-8"))
    columns = {
        f"{source['schema']}.{table['name']}": [column["name"] for column in table["columns"]]
        for source in declared["sources"]
        for table in source["tables"]
    }
    assert columns == {relation: list(table.schema) for relation, table in BY_RELATION.items()}


def test_every_model_and_seed_stands_on_one_side_of_the_comparison(build: Build) -> None:
    manifest = json.loads((build.warehouse.path.parent / "target" / "manifest.json").read_text(encoding="utf-8"))
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")]
    assert nodes
    assert not [node["name"] for node in nodes if len({"before_compare", "after_compare"} & set(node["tags"])) != 1]


@pytest.mark.parametrize(
    ("article", "outlet"),
    [("wire", "northwire"), ("reprint", "tarn-herald"), ("pasted-rt", "rt"), ("pasted-mail", "daily-mail")],
)
def test_an_article_has_the_outlet_that_published_it(build: Build, article: str, outlet: str) -> None:
    assert build.row(f"select outlet_id from marts.fct_articles where article_id = '{article}'") == {"outlet_id": outlet}


def test_an_outlet_that_nobody_has_listed_is_in_the_dimension_under_its_own_name(build: Build) -> None:
    row = build.row("select name, domain, is_listed from marts.dim_outlets where outlet_id = 'tarn-herald'")
    assert row == {"name": "The Tarn Herald", "domain": "tarnherald.example", "is_listed": False}
    # The sample's outlets are invented: those that no article names stay out.
    assert not build.rows("select * from marts.dim_outlets where outlet_id = 'open-ledger'")


def test_the_path_names_everybody_between_the_outlet_and_the_content(build: Build) -> None:
    claim = build.row("select * from marts.fct_claims where claim_id = 'pasted-rt:guns'")
    assert claim["attribution_path"] == "RT > Financial Times > unnamed officials in Varda > Mira Osten"
    assert (claim["hop_count"], claim["is_anonymous"]) == (3, True)
    assert (claim["asserted_by"], claim["asserted_by_entity_id"]) == ("Mira Osten", "person-mira-osten")
    own = build.row("select * from marts.fct_claims where claim_id = 'wire:hours'")
    assert (own["asserted_by"], own["asserted_by_kind"], own["hop_count"]) == ("Northwire", "outlet", 0)
    assert own["sentence"] == "Their five-hour meeting took place in the town hall."


def test_a_surname_is_the_person_whom_the_story_names_in_full(build: Build) -> None:
    mentions = build.rows(
        "select distinct article_id, entity_id, resolved_by from marts.fct_entity_mentions where surface = 'Osten' order by all"
    )
    assert {row["entity_id"] for row in mentions} == {"person-mira-osten"}
    assert {row["article_id"]: row["resolved_by"] for row in mentions} == {
        "wire": "surname", "reprint": "surname", "rival": "story",
    }  # fmt: skip
    entity = build.row("select name, kind, aliases from marts.dim_entities where entity_id = 'person-mira-osten'")
    assert entity == {"name": "Mira Osten", "kind": "person", "aliases": ["Mira Osten", "Osten"]}


def test_two_articles_and_one_slot_are_one_contradiction_with_the_clearest_claims(build: Build) -> None:
    row = build.row(
        "select * from marts.fct_contradictions where article_a_id = 'wire' and article_b_id = 'rival' and slot = 'duration'"
    )
    assert (row["claim_a_id"], row["claim_b_id"], row["value_a"], row["value_b"]) == ("wire:hours", "rival:hours", "five", "six")
    assert (row["published_on"], row["review_status"]) == (date(2026, 3, 3), "unreviewed")
    assert row["contradiction_id"] == stable_id("rival:hours", "wire:hours")


def test_where_an_arbiter_answered_it_decides_and_elsewhere_the_comparison_does(build: Build) -> None:
    assert not build.rows("select * from marts.fct_contradictions where slot = 'venue'")
    row = build.row("select relation, score, detector from intermediate.int_claim_pairs where slot = 'venue'")
    assert row == {"relation": "compatible", "score": 0.8, "detector": "endpoint:tiny"}
    kept = build.row("select detector from marts.fct_contradictions where claim_a_id = 'wire:hours'")
    assert kept == {"detector": "stand-in+values+denials"}


def test_what_was_weighed_adds_up_to_the_score_and_reads_as_a_table(build: Build) -> None:
    rows = build.rows(
        "select c.score, 1 / (1 + exp(-sum(s.share))) as added, count(*) as signals"
        " from marts.fct_contradictions as c join marts.fct_contradiction_signals as s using (contradiction_id) group by c.score"
    )
    assert [(row["score"], round(row["added"], 3), row["signals"]) for row in rows] == [(0.9, 0.9, 3)]


def test_a_score_of_the_final_model_is_explained_from_what_is_published_alone(build: Build, tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    build.warehouse.publish(settings.published, keep=1)
    made = explain(settings, stable_id("rival:hours", "wire:hours"))
    assert (made["decided_by"], made["review_status"], made["slot"]) == ("model", "unreviewed", "duration")
    assert [(one["signal"], one["share"]) for one in made["signals"]] == [
        ("number_conflict", 3.2), ("constant", -1.0), ("cosine", -0.0028)
    ]  # fmt: skip
    assert all(one["meaning"] for one in made["signals"])
    assert "a probability of 0.90" in made["because"]
    first, second = made["sides"]
    assert (first["outlet"], first["value"], second["outlet"], second["value"]) == (
        "Northwire",
        "five",
        "The Castellan Times",
        "six",
    )
    assert first["after"] == "A deal was signed, Mira Osten said."
    deal = explain(settings, stable_id("pasted-mail:deal", "wire:deal"))
    assert (deal["decided_by"], deal["signals"], deal["review_status"]) == ("rules", [], "dismissed")
    assert [hop["cue"] for hop in deal["sides"][0]["hops"]] == ["said"]
    with pytest.raises(UnknownContradictionError, match="is the id of a corroboration"):
        explain(settings, stable_id("rival:place", "wire:place"))


def test_side_a_is_the_earlier_claim_whatever_order_it_came_in(build: Build) -> None:
    row = build.row(
        "select * from marts.fct_contradictions where slot = 'deal' and article_b_id = 'rival' and article_a_id = 'wire'"
    )
    assert (row["asserted_by_a"], row["asserted_by_b"]) == ("Mira Osten", "officials")
    assert (row["value_a"], row["value_b"]) == ("a deal", "none")


def test_what_a_person_dismissed_stays_and_is_counted_nowhere(build: Build) -> None:
    row = build.row("select * from marts.fct_contradictions where outlet_b_id = 'daily-mail'")
    assert (row["review_status"], row["is_counted"]) == ("dismissed", False)
    daily = build.row("select * from marts.outlet_contradictions_daily where outlet_id = 'daily-mail'")
    assert (daily["claims_compared"], daily["contradictions"], daily["contradiction_rate"]) == (1, 0, 0.0)


def test_a_reprint_stands_in_the_articles_and_its_claims_count_for_their_origin_alone(build: Build) -> None:
    daily = {row["outlet_id"]: row for row in build.rows("select * from marts.outlet_contradictions_daily")}
    reprint, wire, rival = daily["tarn-herald"], daily["northwire"], daily["castellan-times"]
    assert (reprint["claims"], reprint["claims_compared"], reprint["contradictions"]) == (1, 0, 0)
    assert reprint["contradiction_rate"] is None
    assert (wire["claims_compared"], wire["contradictions"], wire["outlet_level"], wire["source_level"]) == (4, 2, 1, 1)
    assert (wire["number"], wire["negation"], wire["corroborations"], wire["contradiction_rate"]) == (1, 1, 2, 0.5)
    assert (rival["published_on"], rival["contradictions"]) == (date(2026, 3, 3), 2)
    coverage = build.row("select * from marts.outlet_coverage_daily where outlet_id = 'tarn-herald'")
    assert (coverage["articles"], coverage["syndicated_articles"], coverage["claims"]) == (1, 1, 1)


def test_agreement_through_one_and_the_same_speaker_is_not_independent(build: Build) -> None:
    rows = build.rows("select slot, is_independent from marts.fct_corroborations order by slot")
    assert rows == [{"slot": "guns", "is_independent": False}, {"slot": "place", "is_independent": True}]


def test_a_correction_is_an_update_of_one_outlet_and_its_old_version_is_not_counted(build: Build) -> None:
    update = build.row("select * from marts.fct_updates")
    assert (update["is_same_outlet"], update["article_a_id"], update["article_b_id"]) == (True, "first-edition", "second-edition")
    versions = build.rows("select version_no, is_current from marts.fct_articles where url like '%walk-out' order by 1")
    assert versions == [{"version_no": 1, "is_current": False}, {"version_no": 2, "is_current": True}]
    coverage = build.row(
        "select articles, claims from marts.outlet_coverage_daily"
        " where outlet_id = 'meridian-post' and published_on = date '2026-03-02'"
    )
    assert coverage == {"articles": 1, "claims": 1}


def test_an_article_without_a_date_belongs_to_the_day_it_was_fetched(build: Build) -> None:
    row = build.row("select published_at, published_on from marts.fct_articles where article_id = 'alone'")
    assert row == {"published_at": None, "published_on": date(2026, 3, 6)}


def test_the_day_is_that_of_the_publisher_and_a_live_blog_says_that_it_is_one(build: Build) -> None:
    row = build.row("select published_on, form, story_id from marts.fct_articles where article_id = 'ticker'")
    assert row == {"published_on": date(2026, 3, 8), "form": "live_blog", "story_id": None}


def test_a_story_counts_its_outlets_families_and_origins(build: Build) -> None:
    story = build.row("select * from marts.dim_stories where story_id = 'talks'")
    assert story["title"] == "Leaders hold five-hour talks in Halmar"
    # Six current articles; the reprint is no origin of its own.
    assert (story["article_count"], story["outlet_count"], story["independent_origin_count"]) == (6, 6, 5)
    assert story["first_published_at"] == datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_an_old_story_id_leads_to_the_story_that_it_is_now(build: Build) -> None:
    rows = build.rows("select story_id, current_story_id from marts.fct_story_changes order by change_id")
    assert [(row["story_id"], row["current_story_id"]) for row in rows] == [
        ("walk-out", "talks"), ("summit", "talks"), ("talks", "talks"), ("void", None)
    ]  # fmt: skip
    merged = {row["story_id"]: row["merged_story_ids"] for row in build.rows("select * from marts.dim_stories")}
    assert merged == {"talks": ["summit", "walk-out"], "bakers": []}


def test_coverage_says_who_was_first_who_was_late_and_who_had_it_alone(build: Build) -> None:
    first = build.rows("select outlet_id, sum(first_reports) as n from marts.outlet_coverage_daily group by 1 having n > 0")
    assert {row["outlet_id"]: row["n"] for row in first} == {"northwire": 1, "meridian-post": 1}
    alone = build.rows("select outlet_id from marts.outlet_coverage_daily where exclusive_stories > 0")
    assert alone == [{"outlet_id": "meridian-post"}]
    talks = {row["outlet_id"]: row for row in build.rows("select * from marts.story_coverage where story_id = 'talks'")}
    assert (talks["northwire"]["status"], talks["northwire"]["lag_minutes"]) == ("covered", 0)
    assert (talks["castellan-times"]["status"], talks["castellan-times"]["lag_minutes"]) == ("covered", 24 * 60)
    bakers = {row["outlet_id"]: row for row in build.rows("select * from marts.story_coverage where story_id = 'bakers'")}
    assert (bakers["northwire"]["status"], bakers["northwire"]["articles"]) == ("outside_window", 0)


def test_two_outlets_of_one_story_are_a_pair_even_where_they_never_disagree(build: Build) -> None:
    pairs = {
        (row["outlet_a_id"], row["outlet_b_id"]): row for row in build.rows("select * from marts.outlet_pair_contradictions")
    }
    assert all(one < two for one, two in pairs)
    quarrel = pairs["castellan-times", "northwire"]
    assert (quarrel["shared_stories"], quarrel["contradictions"], quarrel["claims_compared"]) == (1, 2, 7)
    silent = pairs["northwire", "tarn-herald"]
    assert (silent["contradictions"], silent["claims_compared"], silent["contradiction_rate"]) == (0, 0, None)


def test_an_outlet_relies_on_whom_it_cites_itself(build: Build) -> None:
    rows = build.rows("select source, source_kind, claims, anonymous_claims from marts.source_reliance where outlet_id = 'rt'")
    assert rows == [{"source": "Financial Times", "source_kind": "outlet", "claims": 1, "anonymous_claims": 1}]


def test_an_entity_is_counted_where_it_is_named_and_where_it_speaks(build: Build) -> None:
    row = build.row(
        "select mentions, articles, claims_about, claims_by from marts.entity_coverage_daily"
        " where entity_id = 'person-mira-osten' and outlet_id = 'northwire'"
    )
    # Once in full and once by the surname.
    assert row == {"mentions": 2, "articles": 1, "claims_about": 0, "claims_by": 2}


def test_ids_hold_from_one_build_to_the_next(build: Build) -> None:
    frame: pl.DataFrame = build.warehouse.read("select contradiction_id, claim_a_id, claim_b_id from marts.fct_contradictions")
    for key, one, two in frame.iter_rows():
        assert key == stable_id(*sorted((one, two)))
