"""Relating articles in the warehouse: what is new is placed once, a killed run places nothing, and batches end as one go."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.clean.copies import RELATED_BY
from pipelines.orchestration.assets.clean import mark_failures, relate_articles, repeated_documents
from pipelines.tables import ARTICLES, DOCUMENTS, FETCHES
from pipelines.warehouse import Transaction, Warehouse

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
WORDS = [f"{a}{b}" for a in ("har", "mil", "cra", "por", "riv", "doc") for b in ("bour", "lo", "ne", "ta", "mer", "ka", "li")]


def report(seed: int) -> list[str]:
    draw = random.Random(seed)
    return [" ".join(draw.choices(WORDS, k=40)) + "." for _ in range(8)]


def put(
    warehouse: Warehouse, name: str, paragraphs: list[str], *, hours: int, outlet: str, url: str | None = None, content: str = ""
) -> None:
    """An article as the clean room leaves it before it is related."""
    at = MONDAY + timedelta(hours=hours)
    text = f"Headline of {name}\n\n" + "\n\n".join(paragraphs)
    page = url or f"https://{name}.example/"
    fetch = {"fetch_id": f"f-{name}", "run_id": "r", "source_id": "s", "url": page, "method": "url", "requested_at": at,
             "status": "ok", "content_sha256": content or name}  # fmt: skip
    document = {"document_id": f"d-{name}", "fetch_id": f"f-{name}", "url": page, "media_type": "text/html", "fetched_at": at,
                "content_sha256": content or name, "stored_at": "p"}  # fmt: skip
    article = {
        "article_id": name, "document_id": f"d-{name}", "position": 0, "url": page, "canonical_url": page,
        "outlet_credit": outlet, "authors": [], "title": f"Headline of {name}", "published_at": at,
        "published_precision": "second", "text": text, "text_sha256": name, "word_count": len(text.split()),
        "version_no": 1, "origin_id": name, "extractor": "x", "is_current": True, "form": "article",
    }  # fmt: skip
    with warehouse.transaction() as transaction:
        transaction.insert_new(FETCHES, FETCHES.frame([fetch]))
        transaction.insert_new(DOCUMENTS, DOCUMENTS.frame([document]))
        transaction.insert_new(ARTICLES, ARTICLES.frame([article]))


def placed(warehouse: Warehouse) -> dict[str, tuple[str, int, bool]]:
    rows = warehouse.read("select article_id, origin_id, version_no, is_current from raw.articles order by 1").iter_rows()
    return {name: (origin, version, current) for name, origin, version, current in rows}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "counterclaim.duckdb")


def test_a_better_original_that_arrives_later_takes_its_copies_over(warehouse: Warehouse) -> None:
    wire = report(1)
    put(warehouse, "paper", wire, hours=3, outlet="Harbour Times")
    put(warehouse, "old", report(2), hours=-24 * 60, outlet="Harbour Times")
    assert relate_articles(warehouse) == 2
    put(warehouse, "site", wire[:5], hours=30, outlet="Valley Voice")
    assert relate_articles(warehouse) == 1
    assert {name: row[0] for name, row in placed(warehouse).items()} == {"paper": "paper", "site": "paper", "old": "old"}
    put(warehouse, "agency", wire, hours=40, outlet="Reuters")
    assert relate_articles(warehouse) == 1
    assert {name: row[0] for name, row in placed(warehouse).items()} == {
        "paper": "agency", "site": "agency", "agency": "agency", "old": "old"
    }  # fmt: skip
    assert relate_articles(warehouse) == 0


def test_a_run_killed_before_the_end_places_nothing_and_the_next_one_all(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = report(1)
    put(warehouse, "a", wire, hours=0, outlet="Harbour Times")
    put(warehouse, "b", wire, hours=2, outlet="Valley Voice")
    update, calls = Transaction.update, []

    def killed(self: Transaction, table: object, frame: pl.DataFrame) -> None:
        calls.append(table)
        if len(calls) == 3:
            raise KeyboardInterrupt
        update(self, ARTICLES, frame)

    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "update", killed)
        with pytest.raises(KeyboardInterrupt):
            relate_articles(warehouse)
    assert placed(warehouse)["b"][0] == "b"
    assert relate_articles(warehouse) == 2
    assert placed(warehouse)["b"][0] == "a"


def test_another_version_of_the_detector_places_everything_again(warehouse: Warehouse) -> None:
    put(warehouse, "a", report(1), hours=0, outlet="Harbour Times")
    relate_articles(warehouse)
    with warehouse.transaction() as transaction:
        transaction.update(ARTICLES, pl.DataFrame({"article_id": ["a"], "related_by": ["an older one"]}))
    assert relate_articles(warehouse) == 1
    assert warehouse.read("select related_by from raw.articles").item() == RELATED_BY


def test_a_copy_whose_origin_is_gone_is_placed_again(warehouse: Warehouse) -> None:
    wire = report(1)
    put(warehouse, "a", wire, hours=0, outlet="Harbour Times")
    put(warehouse, "b", wire, hours=2, outlet="Valley Voice")
    relate_articles(warehouse)
    with warehouse.transaction() as transaction:
        transaction.query("delete from raw.articles where article_id = 'a'")
    relate_articles(warehouse)
    assert placed(warehouse) == {"b": ("b", 1, True)}


def test_a_page_fetched_again_with_another_text_and_then_with_the_first(warehouse: Warehouse) -> None:
    url = "https://harbourtimes.example/pier"
    put(warehouse, "first", report(1), hours=0, outlet="Harbour Times", url=url, content="A")
    put(warehouse, "second", report(1)[:6], hours=24, outlet="Harbour Times", url=url, content="B")
    relate_articles(warehouse)
    assert placed(warehouse) == {"first": ("first", 1, False), "second": ("second", 2, True)}
    again = {"fetch_id": "f3", "run_id": "r", "source_id": "s", "url": url, "method": "url", "status": "duplicate",
             "requested_at": MONDAY + timedelta(days=7), "content_sha256": "A"}  # fmt: skip
    with warehouse.transaction() as transaction:
        transaction.insert_new(FETCHES, FETCHES.frame([again]))
    relate_articles(warehouse)
    assert placed(warehouse) == {"first": ("first", 1, True), "second": ("second", 2, False)}


def test_the_first_words_on_a_page_of_other_bytes_have_come_back_too(warehouse: Warehouse) -> None:
    url = "https://harbourtimes.example/pier"
    first, second = "a" * 16, "b" * 16
    put(warehouse, first, report(1), hours=0, outlet="Harbour Times", url=url, content="A")
    put(warehouse, second, report(1)[:6], hours=24, outlet="Harbour Times", url=url, content="B")
    relate_articles(warehouse)
    again = {"fetch_id": "f3", "run_id": "r", "source_id": "s", "url": url, "method": "url", "status": "ok",
             "requested_at": MONDAY + timedelta(days=7), "content_sha256": "A with another advertisement"}  # fmt: skip
    document = {"document_id": "d3", "fetch_id": "f3", "url": url, "media_type": "text/html", "stored_at": "p",
                "fetched_at": MONDAY + timedelta(days=7), "content_sha256": "A with another advertisement"}  # fmt: skip
    with warehouse.transaction() as transaction:
        transaction.insert_new(FETCHES, FETCHES.frame([again]))
        transaction.insert_new(DOCUMENTS, DOCUMENTS.frame([document]))
        found = ARTICLES.frame(
            transaction.query("select * from raw.articles where article_id = ?", [first])
            .with_columns(pl.lit("d3").alias("document_id"))
            .to_dicts()
        )
        mark_failures(transaction, repeated_documents(transaction, found))
    relate_articles(warehouse)
    assert placed(warehouse) == {first: (first, 1, True), second: (second, 2, False)}
