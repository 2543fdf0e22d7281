"""The warehouse: writes land whole or not at all, one writer at a time, and readers only ever see whole snapshots."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.tables import SENTENCES, TABLES
from pipelines.warehouse import Warehouse, WarehouseBusyError, WarehouseError, query_published

ROW = {"article_id": "a", "sentence_no": 0, "char_start": 0, "char_end": 3, "reader": "r"}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse" / "counterclaim.duckdb", lock_timeout_seconds=0.2)


def sentences(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.read("select article_id, sentence_no, char_end from raw.sentences order by all").rows()


def test_every_table_of_the_registry_is_there_from_the_start(warehouse: Warehouse) -> None:
    there = warehouse.read("select table_schema || '.' || table_name as relation from information_schema.tables")["relation"]
    assert set(there) == {table.relation for table in TABLES}


def test_a_row_that_is_there_is_not_inserted_again(warehouse: Warehouse) -> None:
    with warehouse.transaction() as transaction:
        assert transaction.insert_new(SENTENCES, SENTENCES.frame([ROW])) == 1
        assert transaction.insert_new(SENTENCES, SENTENCES.frame([{**ROW, "char_end": 9}])) == 0
    assert sentences(warehouse) == [("a", 0, 3)]


def test_replacing_leaves_exactly_the_new_rows_of_those_owners(warehouse: Warehouse) -> None:
    with warehouse.transaction() as transaction:
        rows = [ROW, {**ROW, "sentence_no": 1}, {**ROW, "article_id": "b"}]
        transaction.insert_new(SENTENCES, SENTENCES.frame(rows))
        new = SENTENCES.frame([{**ROW, "char_end": 7}, {**ROW, "sentence_no": 2}])
        transaction.replace_where(SENTENCES, new, "article_id", ["a"])
    assert sentences(warehouse) == [("a", 0, 7), ("a", 2, 3), ("b", 0, 3)]
    with warehouse.transaction() as transaction:
        transaction.replace_all(SENTENCES, SENTENCES.frame([{**ROW, "article_id": "c"}]))
    assert sentences(warehouse) == [("c", 0, 3)]


def test_an_exception_takes_every_write_of_its_transaction_back(warehouse: Warehouse) -> None:
    def write_and_fail() -> None:
        with warehouse.transaction() as transaction:
            transaction.insert_new(SENTENCES, SENTENCES.frame([ROW]))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert sentences(warehouse) == []


def test_a_frame_without_a_column_is_refused_rather_than_filled_with_nulls(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="missing columns \\['reader'\\]"), warehouse.transaction() as transaction:
        transaction.insert_new(SENTENCES, SENTENCES.frame([ROW]).drop("reader"))


def test_a_second_writer_is_told_to_wait_and_by_whom(warehouse: Warehouse) -> None:
    script = f"""
from pathlib import Path
from pipelines.warehouse import Warehouse
with Warehouse(Path({str(warehouse.path)!r})).exclusive():
    print("held", flush=True)
    input()
"""
    other = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    with pytest.raises(WarehouseBusyError, match="another run has been writing"):
        warehouse.read("select 1")
    other.communicate("\n", timeout=120)
    assert warehouse.read("select 1 as one").item() == 1


def make_mart(warehouse: Warehouse, rows: int) -> None:
    with warehouse.transaction() as transaction:
        transaction.query("create schema if not exists marts")
        transaction.query(f"create or replace table marts.counts as select range as n, ['a', 'b'] as l from range({rows})")
        transaction.query("comment on table marts.counts is 'What''s counted.'")


def test_a_reader_keeps_its_snapshot_and_a_new_one_sees_the_next(warehouse: Warehouse, tmp_path: Path) -> None:
    published = tmp_path / "published" / "counterclaim.duckdb"
    make_mart(warehouse, 3)
    first = warehouse.publish(published, keep=2)
    reader = duckdb.connect(str(published.resolve()), read_only=True)
    make_mart(warehouse, 5)
    second = warehouse.publish(published, keep=2)
    assert reader.execute("select count(*) from marts.counts").fetchall() == [(3,)]
    reader.close()
    assert query_published(published, "select count(*) as n from counts").item() == 5
    assert (first.row_counts, second.row_counts) == ({"counts": 3}, {"counts": 5})
    assert pl.read_parquet(published.parent / "marts" / "counts.parquet").height == 5
    make_mart(warehouse, 6)
    warehouse.publish(published, keep=2)
    assert not first.path.exists()
    assert not first.parquet.exists()
    assert second.path.exists()


def test_descriptions_travel_with_the_snapshot_and_nothing_but_marts_does(warehouse: Warehouse, tmp_path: Path) -> None:
    published = tmp_path / "published" / "counterclaim.duckdb"
    make_mart(warehouse, 1)
    warehouse.publish(published, keep=1)
    tables = query_published(published, "select schema_name, table_name, comment from duckdb_tables()")
    assert tables.rows() == [("marts", "counts", "What's counted.")]


def test_a_half_written_snapshot_of_a_killed_run_is_swept_and_never_seen(warehouse: Warehouse, tmp_path: Path) -> None:
    published = tmp_path / "published" / "counterclaim.duckdb"
    make_mart(warehouse, 1)
    warehouse.publish(published, keep=1)
    (published.parent / "counterclaim-2.tmp").write_bytes(b"half")
    (published.parent / "marts-2.tmp").mkdir()
    warehouse.publish(published, keep=1)
    assert not list(published.parent.glob("*.tmp"))


def test_there_must_be_something_to_publish_and_something_published_to_query(warehouse: Warehouse, tmp_path: Path) -> None:
    published = tmp_path / "published" / "counterclaim.duckdb"
    with pytest.raises(WarehouseError, match="no marts to publish"):
        warehouse.publish(published, keep=1)
    with pytest.raises(WarehouseError, match="run `counterclaim run` first"):
        query_published(published, "select 1")


def test_a_query_cannot_reach_outside_the_snapshot(warehouse: Warehouse, tmp_path: Path) -> None:
    published = tmp_path / "published" / "counterclaim.duckdb"
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    make_mart(warehouse, 1)
    warehouse.publish(published, keep=1)
    for attempt in (f"from read_csv('{secret}')", f"copy counts to '{tmp_path}/out.csv'", "drop table counts"):
        with pytest.raises(WarehouseError):
            query_published(published, attempt)
