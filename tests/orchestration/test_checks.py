"""The checks on what Python writes: each finds the fault it is there for."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.orchestration.checks import check_specs, run_checks
from pipelines.tables import ARTICLES, ATTRIBUTIONS, BY_RELATION, CLAIMS, DOCUMENTS, FETCHES, MENTIONS, TABLES
from pipelines.warehouse import Transaction, Warehouse

TEXT = "Ferry sinks off Port Alma\n\nThe harbour master said seven were rescued."


def start(words: str) -> int:
    return TEXT.index(words)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A warehouse that holds one article, read without a fault."""
    store = Warehouse(tmp_path / "counterclaim.duckdb")
    with store.transaction() as transaction:
        fill(transaction)
    return store


def fill(transaction: Transaction) -> None:
    moment = "2026-03-02 10:00:00+00"
    transaction.query(
        f"insert into {FETCHES.relation} (fetch_id, run_id, source_id, url, method, requested_at, status, bytes)"
        f" values ('f', 'r', 's', 'file:///a', 'file', '{moment}', 'ok', 1)"
    )
    transaction.query(
        f"insert into {DOCUMENTS.relation} values ('d', 'f', 'file:///a', 'text/plain', '{moment}', 'x', 'pages/a.parquet')"
    )
    article = {
        "article_id": "a", "document_id": "d", "position": 0, "authors": [], "title": "Ferry sinks off Port Alma",
        "published_precision": "unknown", "text": TEXT, "text_sha256": "x", "word_count": 12, "version_no": 1,
        "origin_id": "a", "extractor": "test", "is_current": True, "form": "article",
    }  # fmt: skip
    transaction.insert_new(ARTICLES, ARTICLES.frame([article]))
    claim = "seven were rescued"
    transaction.insert_new(
        CLAIMS,
        CLAIMS.frame(
            [{"claim_id": "c", "article_id": "a", "sentence_no": 1, "char_start": start(claim), "char_end": start(claim) + 18,
              "text": claim, "polarity": "affirmed", "modality": "asserted"}]
        ),
    )  # fmt: skip
    transaction.insert_new(
        ATTRIBUTIONS,
        ATTRIBUTIONS.frame(
            [{"claim_id": "c", "hop_no": 1, "actor": "The harbour master", "actor_kind": "person", "cue_kind": "says",
              "char_start": start("The harbour"), "char_end": start(" said seven"), "is_anonymous": False}]
        ),
    )  # fmt: skip
    transaction.insert_new(
        MENTIONS,
        MENTIONS.frame(
            [{"mention_id": "m", "article_id": "a", "sentence_no": 0, "char_start": start("Port"), "char_end": start("Port") + 9,
              "surface": "Port Alma", "kind": "place"}]
        ),
    )  # fmt: skip


def failed(warehouse: Warehouse) -> set[tuple[str, str]]:
    with warehouse.transaction() as transaction:
        results = list(run_checks(transaction, *TABLES))
    return {("/".join(r.asset_key.path), str(r.check_name)) for r in results if r.asset_key and not r.passed}


def test_what_is_sound_passes_every_check(warehouse: Warehouse) -> None:
    assert failed(warehouse) == set()


@pytest.mark.parametrize(
    ("fault", "asset", "check"),
    [
        ("update raw.claims set char_start = char_start + 1", "raw/claims", "spans_are_exact"),
        ("update raw.mentions set surface = 'Port Elma'", "raw/mentions", "spans_are_exact"),
        ("update raw.attributions set char_end = 100000", "raw/attributions", "spans_are_exact"),
        ("update raw.claims set modality = 'shouted'", "raw/claims", "values_are_accepted"),
        ("update raw.fetches set status = 'fine'", "raw/fetches", "values_are_accepted"),
        ("delete from raw.documents", "raw/articles", "parents_exist"),
        ("delete from raw.claims", "raw/attributions", "parents_exist"),
        ("alter table raw.mentions add column colour varchar", "raw/mentions", "columns_match_registry"),
    ],
)
def test_each_fault_fails_its_check(warehouse: Warehouse, fault: str, asset: str, check: str) -> None:
    with warehouse.transaction() as transaction:
        transaction.query(fault)
    assert (asset, check) in failed(warehouse)


def test_every_table_is_checked_and_every_check_but_the_canary_blocks() -> None:
    specs = check_specs(*TABLES)
    assert {"/".join(spec.asset_key.path) for spec in specs} == {name.replace(".", "/") for name in BY_RELATION}
    assert [spec.name for spec in specs if not spec.blocking] == ["outlets_extract_as_before"]


def test_the_canary_names_the_outlet_whose_pages_no_longer_extract_and_stops_nothing(warehouse: Warehouse) -> None:
    pages = (
        "select host || '-' || day || '-' || n as name, 'https://www.' || host || '/' || day || '/' || n as url,"
        " timestamptz '2026-02-01 10:00:00+00' + to_days(cast(day - 1 as integer)) as moment,"
        " host = 'tarnherald.example' and day = 8 and n < 9 as is_failed"
        " from (values ('tarnherald.example'), ('northern.example')) as h(host), range(1, 9) as d(day), range(12) as p(n)"
    )
    with warehouse.transaction() as transaction:
        transaction.query(
            f"insert into {FETCHES.relation} (fetch_id, run_id, source_id, url, method, requested_at, status, bytes)"
            f" select name, 'r', 's', url, 'url', moment, if(is_failed, 'too_thin', 'ok'), 1 from ({pages})"
        )
        transaction.query(
            f"insert into {DOCUMENTS.relation} select name, name, url, 'text/html', moment, 'x', 'p' from ({pages})"
        )
        transaction.query(
            f"insert into {ARTICLES.relation} by name select a.* replace (p.name as article_id, p.name as document_id)"
            f" from ({pages}) as p join {ARTICLES.relation} as a on a.article_id = 'a' where not p.is_failed"
        )
        result = next(r for r in run_checks(transaction, ARTICLES) if r.check_name == "outlets_extract_as_before")
    assert not result.passed
    assert result.severity.value == "WARN"
    table = result.metadata["changes"].value
    assert "| tarnherald.example | extraction rate | 1 | 0.25 | 84 | 12 | 2026-02-08 |" in str(table)
    assert "northern.example" not in str(table)
