"""The warehouse: the only module that imports duckdb.

DuckDB lets one process write a file, or many read it, never both (measured on 2.0). So every access to the working file
goes through :meth:`Warehouse.exclusive`, a file lock across processes that is also held around every dbt call, and
readers get a published snapshot (:meth:`Warehouse.publish`) instead of the working file.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl
from filelock import FileLock, Timeout

from pipelines.settings import Settings
from pipelines.tables import TABLES, Table

#: A storage version that DuckDB 1.4 and later can open; the default of 2.0 is closed to every 1.x driver (measured).
SNAPSHOT_STORAGE_VERSION: Final = "v1.4.0"
#: The schema that is published, and nothing else.
PUBLISHED_SCHEMA: Final = "marts"
#: A dbt child of a killed run may hold DuckDB's own lock for some seconds after the run's file lock is gone.
_CONNECT_PATIENCE_SECONDS: Final = 60.0


class WarehouseError(RuntimeError):
    """The warehouse cannot be used; the message names the file and the reason."""


class WarehouseBusyError(WarehouseError):
    """Another run is writing and did not finish in time."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published snapshot: its file, the Parquet folder beside it, and the rows of each mart."""

    path: Path
    parquet: Path
    row_counts: dict[str, int]


class Transaction:
    """Reads and writes on the open connection of :meth:`Warehouse.transaction`; all of them land or none."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def query(self, sql: str, parameters: Sequence[object] = (), **frames: pl.DataFrame) -> pl.DataFrame:
        """Rows of ``sql``; every keyword is a frame that the SQL may name as a table."""
        with self._registered(frames):
            return _to_polars(self._connection, sql, parameters)

    def insert_new(self, table: Table, frame: pl.DataFrame) -> int:
        """Insert the rows whose key is not there yet; returns how many were."""
        return self._insert(table, frame, "insert or ignore into")

    def upsert(self, table: Table, frame: pl.DataFrame) -> int:
        """Insert the rows, replacing those with the same key; returns how many there are."""
        return self._insert(table, frame, "insert or replace into")

    def replace_where(self, table: Table, frame: pl.DataFrame, column: str, values: Sequence[str]) -> int:
        """Make ``frame`` the only rows of ``table`` whose ``column`` is among ``values``."""
        owners = pl.DataFrame({column: list(values)}, schema={column: pl.String()})
        keys = " and ".join(f"kept.{key} is not distinct from {table.relation}.{key}" for key in table.key)
        with self._registered({"owners": owners, "kept": _conform(table, frame)}):
            # Deleting and inserting one key in one transaction trips DuckDB's eager key check; replacing does not.
            self._connection.execute(
                f"delete from {table.relation} where {column} in (select {column} from owners)"
                f" and not exists (select 1 from kept where {keys})"
            )
        return self.upsert(table, frame)

    def replace_all(self, table: Table, frame: pl.DataFrame) -> int:
        """Make ``frame`` the only rows of ``table``."""
        keys = " and ".join(f"kept.{key} is not distinct from {table.relation}.{key}" for key in table.key)
        with self._registered({"kept": _conform(table, frame)}):
            self._connection.execute(f"delete from {table.relation} where not exists (select 1 from kept where {keys})")
        return self.upsert(table, frame)

    def update(self, table: Table, frame: pl.DataFrame) -> None:
        """Set the columns of ``frame`` (the key and some others) on the rows that are there already."""
        others = [name for name in frame.columns if name not in table.key]
        assignments = ", ".join(f"{name} = changes.{name}" for name in others)
        keys = " and ".join(f"{table.relation}.{key} = changes.{key}" for key in table.key)
        changed = " or ".join(f"{table.relation}.{name} is distinct from changes.{name}" for name in others)
        with self._registered({"changes": frame}):
            self._connection.execute(f"update {table.relation} set {assignments} from changes where {keys} and ({changed})")

    def _insert(self, table: Table, frame: pl.DataFrame, verb: str) -> int:
        if frame.is_empty():
            return 0
        with self._registered({"rows_": _conform(table, frame)}):
            result = self._connection.execute(f"{verb} {table.relation} by name select * from rows_").fetchall()
        return int(result[0][0])

    @contextmanager
    def _registered(self, frames: dict[str, pl.DataFrame]) -> Iterator[None]:
        for name, frame in frames.items():
            self._connection.register(name, frame.to_arrow())
        try:
            yield
        finally:
            for name in frames:
                self._connection.unregister(name)


class Warehouse:
    """One DuckDB file and the lock beside it."""

    def __init__(self, path: Path, *, lock_timeout_seconds: float = 600.0, memory_limit_gb: float = 4.0) -> None:
        self.path = path
        self._memory_limit_gb = memory_limit_gb
        # Re-entrant: an asset may hold it around a dbt call and a read.
        self._lock = FileLock(str(path) + ".lock", timeout=lock_timeout_seconds)
        # The file that is known to have every table: asking again at every transaction would cost more than most of them.
        self._complete: tuple[int, int] | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Warehouse:
        """The working warehouse of ``settings.home``."""
        return cls(
            settings.warehouse,
            lock_timeout_seconds=settings.lock_timeout_seconds,
            memory_limit_gb=settings.memory_limit_gb,
        )

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the warehouse against every other process of ours.

        Raises:
            WarehouseBusyError: another process held it for longer than the lock's time-out.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise WarehouseBusyError(
                f"{self.path}: another run has been writing for {self._lock.timeout:.0f} s; wait for it, or raise"
                " COUNTERCLAIM_LOCK_TIMEOUT_SECONDS"
            ) from error
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open the file alone, with every schema and table there; commit at the end, roll back on any exception."""
        with self.exclusive():
            connection = self._connect()
            try:
                connection.execute("begin")
                try:
                    yield Transaction(connection)
                except BaseException:
                    connection.execute("rollback")
                    raise
                connection.execute("commit")
            finally:
                connection.close()

    def read(self, sql: str, parameters: Sequence[object] = (), **frames: pl.DataFrame) -> pl.DataFrame:
        """Rows of ``sql`` on the working file."""
        with self.transaction() as transaction:
            return transaction.query(sql, parameters, **frames)

    def publish(self, published: Path, *, keep: int) -> Snapshot:
        """Copy the marts to a new versioned snapshot and swap the link ``published`` to it.

        The snapshot is written whole under another name first, as a DuckDB file and as one Parquet file a mart; a reader
        that has the old one open keeps it, one that opens the link anew sees the new one. A link, because a process that
        reopens a replaced path still sees the old file (measured on 2.0).

        Raises:
            WarehouseError: there are no marts to publish.
        """
        folder = published.parent
        folder.mkdir(parents=True, exist_ok=True)
        version = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        snapshot = folder / f"{published.stem}-{version}{published.suffix}"
        parquet = folder / f"{PUBLISHED_SCHEMA}-{version}"
        unfinished = snapshot.with_suffix(".tmp"), parquet.with_suffix(".tmp")
        with self.exclusive():
            for leftover in folder.glob("*.tmp"):
                _remove(leftover)
            counts = self._copy_marts(*unfinished)
            os.replace(unfinished[1], parquet)
            os.replace(unfinished[0], snapshot)
            _swap_link(folder / PUBLISHED_SCHEMA, parquet)
            _swap_link(published, snapshot)
            for pattern in (f"{published.stem}-*{published.suffix}", f"{PUBLISHED_SCHEMA}-*"):
                for old in sorted(folder.glob(pattern))[:-keep]:
                    _remove(old)
        return Snapshot(snapshot, parquet, counts)

    def _copy_marts(self, snapshot: Path, parquet: Path) -> dict[str, int]:
        connection = self._connect()
        try:
            marts = [
                row[0]
                for row in connection.execute(
                    "select table_name from information_schema.tables where table_schema = ? order by 1", [PUBLISHED_SCHEMA]
                ).fetchall()
            ]
            if not marts:
                raise WarehouseError(f"{self.path} has no marts to publish; run `counterclaim run` first")
            parquet.mkdir(parents=True)
            connection.execute(f"attach {_literal(snapshot)} as snapshot (storage_version '{SNAPSHOT_STORAGE_VERSION}')")
            connection.execute(f"create schema snapshot.{PUBLISHED_SCHEMA}")
            counts: dict[str, int] = {}
            for mart in marts:
                source = f"{PUBLISHED_SCHEMA}.{mart}"
                connection.execute(f"create table snapshot.{source} as from {source} order by all")
                target = _literal(parquet / f"{mart}.parquet")
                connection.execute(f"copy (from {source} order by all) to {target} (compression zstd)")
                counts[mart] = int(connection.execute(f"select count(*) from {source}").fetchall()[0][0])
                self._copy_comments(connection, mart)
            connection.execute("detach snapshot")
            return counts
        finally:
            connection.close()

    @staticmethod
    def _copy_comments(connection: duckdb.DuckDBPyConnection, mart: str) -> None:
        """The descriptions that dbt keeps as comments: ``create table as`` leaves them behind."""
        where = "where database_name = current_database() and schema_name = ? and table_name = ? and comment is not null"
        tables = connection.execute(f"select comment from duckdb_tables() {where}", [PUBLISHED_SCHEMA, mart]).fetchall()
        columns = connection.execute(
            f"select column_name, comment from duckdb_columns() {where}", [PUBLISHED_SCHEMA, mart]
        ).fetchall()
        target = f"snapshot.{PUBLISHED_SCHEMA}.{mart}"
        for (comment,) in tables:
            connection.execute(f"comment on table {target} is {_literal(comment)}")
        for column, comment in columns:
            connection.execute(f"comment on column {target}.{column} is {_literal(comment)}")

    def _connect(self) -> duckdb.DuckDBPyConnection:
        deadline = time.monotonic() + _CONNECT_PATIENCE_SECONDS
        while True:
            try:
                connection = duckdb.connect(str(self.path))
                break
            except duckdb.IOException as error:
                if "lock" not in str(error).lower() or time.monotonic() > deadline:
                    raise WarehouseError(f"cannot open {self.path}: {error}") from error
                time.sleep(0.25)
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = '{self._memory_limit_gb}GB'")
        file = self.path.stat()
        if self._complete != (file.st_dev, file.st_ino):
            for schema in dict.fromkeys(table.schema_name for table in TABLES):
                connection.execute(f"create schema if not exists {schema}")
            for table in TABLES:
                connection.execute(table.create_statement())
                _add_columns(connection, table)
            self._complete = file.st_dev, file.st_ino
        return connection


def query_published(published: Path, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
    """Rows of ``sql`` on the published snapshot, opened read-only, with ``marts`` as the default schema.

    Raises:
        WarehouseError: nothing has been published yet, or the SQL is wrong (the message is DuckDB's).
    """
    if not published.exists():
        raise WarehouseError(f"nothing has been published at {published} yet; run `counterclaim run` first")
    connection = duckdb.connect(str(published.resolve()), read_only=True)
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set schema = '{PUBLISHED_SCHEMA}'")
        # What a user types must not reach other files, nor change settings back.
        connection.execute("set enable_external_access = false")
        return _to_polars(connection, sql, parameters)
    except duckdb.Error as error:
        raise WarehouseError(str(error)) from error
    finally:
        connection.close()


def _to_polars(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object]) -> pl.DataFrame:
    # Typed wider than the library's stub: a statement without rows gives None.
    relation: Any = connection.sql(sql, params=list(parameters)) if parameters else connection.sql(sql)
    return pl.DataFrame() if relation is None else relation.pl()


def _conform(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with exactly the table's columns and types: ``insert by name`` would fill a missing column with nulls.

    Raises:
        WarehouseError: a column is missing, unknown, or cannot be cast.
    """
    if set(frame.columns) != set(table.schema):
        missing, unknown = set(table.schema) - set(frame.columns), set(frame.columns) - set(table.schema)
        raise WarehouseError(f"{table.relation}: missing columns {sorted(missing)}, unknown columns {sorted(unknown)}")
    return frame.select(pl.col(name).cast(dtype) for name, dtype in table.schema.items())


def _add_columns(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Add the columns that a warehouse of an earlier version lacks: the registry adds columns at the end only."""
    present = connection.execute(
        "select count(*) from duckdb_columns() where database_name = current_database() and schema_name = ? and table_name = ?",
        [table.schema_name, table.name],
    ).fetchall()[0][0]
    for statement in table.add_column_statements(present):
        connection.execute(statement)


def _literal(value: object) -> str:
    """A SQL string literal (paths and comments cannot be parameters of DDL)."""
    return "'" + str(value).replace("'", "''") + "'"


def _swap_link(link: Path, target: Path) -> None:
    """Point ``link`` at ``target``, a sibling, in one step."""
    staging = link.with_name(f"{link.name}.link")
    staging.unlink(missing_ok=True)
    staging.symlink_to(target.name)
    if link.exists() and not link.is_symlink():
        _remove(link)
    os.replace(staging, link)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
