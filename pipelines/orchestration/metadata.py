"""What an asset reports about itself: rows in all, rows new, a preview, and how its columns read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import dagster as dg
import polars as pl

from pipelines.tables import Table
from pipelines.warehouse import Transaction

_PREVIEW_ROWS: Final = 5
_PREVIEW_CELL: Final = 80


def table_metadata(transaction: Transaction, relation: str, **others: object) -> dict[str, dg.MetadataValue]:
    """Row count and preview of ``relation`` (``schema.table``), and whatever else the asset has to say."""
    count = int(transaction.query(f"select count(*) from {relation}").item())
    preview = transaction.query(f"select * from {relation} limit {_PREVIEW_ROWS}")
    return {
        "dagster/row_count": dg.MetadataValue.int(count),
        "dagster/table_name": dg.MetadataValue.text(relation),
        "preview": dg.MetadataValue.md(to_markdown(preview)),
        **{name: _value(value) for name, value in others.items()},
    }


def to_markdown(frame: pl.DataFrame) -> str:
    """A frame as a Markdown table, long cells cut."""
    if frame.is_empty():
        return "*no rows*"
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + "---|" * frame.width]
    for row in frame.iter_rows():
        lines.append("| " + " | ".join(_cell(value) for value in row) + " |")
    return "\n".join(lines)


def column_schema(table: Table) -> dg.TableSchema:
    """The registry's columns as Dagster shows them."""
    return dg.TableSchema(
        [
            dg.TableColumn(
                column.name,
                str(column.dtype),
                description=column.description,
                constraints=dg.TableColumnConstraints(nullable=column.nullable, unique=table.key == (column.name,)),
            )
            for column in table.columns
        ]
    )


def _cell(value: object) -> str:
    text = " ".join(str(value).split()).replace("|", "\\|")
    return text if len(text) <= _PREVIEW_CELL else text[: _PREVIEW_CELL - 1] + "…"


def _value(value: object) -> dg.MetadataValue:
    match value:
        case dg.MetadataValue():
            return value
        case bool():
            return dg.MetadataValue.bool(value)
        case int():
            return dg.MetadataValue.int(value)
        case float():
            return dg.MetadataValue.float(value)
        case pl.DataFrame():
            return dg.MetadataValue.md(to_markdown(value))
        case Mapping():
            return dg.MetadataValue.json(dict(value))
        case _:
            return dg.MetadataValue.text(str(value))
