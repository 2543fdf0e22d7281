"""The house rules that a linter does not see whole: who may import whom, and one registry for every table."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pipelines.tables import BY_RELATION, TABLES, stable_id

PACKAGE = Path(__file__).resolve().parents[3] / "pipelines"
ROOMS = ("acquire", "clean", "read", "compare", "models")
#: package or module -> what it may import of ours besides itself
ALLOWED = {
    "settings": set(),
    "tables": set(),
    "progress": set(),
    "parallel": set(),
    "retries": set(),
    "negations": set(),
    "warehouse": {"settings", "tables"},
    "report": {"settings", "warehouse"},
    "explain": {"settings", "warehouse", "compare"},
    **{room: {"tables", "parallel"} for room in ROOMS},
    "acquire": {"tables", "parallel", "retries"},
    "models": {"tables", "parallel", "retries"},
    "read": {"tables", "parallel", "models", "negations"},
    "compare": {"tables", "parallel", "models", "negations"},
    "training": {"tables", "parallel", *ROOMS},
    "evaluation": {"tables", "settings", "progress", "parallel", "warehouse", *ROOMS},
    "orchestration": {"tables", "settings", "progress", "parallel", "warehouse", "definitions", *ROOMS},
    "definitions": {"orchestration"},
    "cli": {
        "cli_archive",
        "cli_sources",
        "cli_train",
        "settings",
        "progress",
        "report",
        "explain",
        "warehouse",
        "orchestration",
        "evaluation",
    },
    "cli_archive": {"progress", "report", "orchestration"},
    "cli_sources": {"settings", "progress", "acquire", "orchestration"},
    "cli_train": {"settings", "progress", "training", "evaluation"},
}
OUTSIDE = {
    "dagster": {"orchestration"},
    "dagster_dbt": {"orchestration"},
    "duckdb": {"warehouse"},
    "dbt": set(),
    "httpx2": {"acquire", "models"},
}


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} if node.module != "pipelines" else {f"pipelines.{alias.name}" for alias in node.names}
    return names


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_place_allows(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    imported = imports_of(path)
    ours = {name.split(".")[1] for name in imported if name.startswith("pipelines.")} - {room}
    assert ours <= ALLOWED[room]
    for name, homes in OUTSIDE.items():
        if any(module.split(".")[0] == name for module in imported):
            assert room in homes


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.relation)
def test_a_table_is_well_declared(table: object) -> None:
    from pipelines.tables import Table

    assert isinstance(table, Table)
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert set(table.key) <= set(names)
    assert all(not column.nullable for column in table.columns if column.name in table.key)
    assert all(column.description for column in table.columns)
    assert BY_RELATION[table.relation] is table
    assert table.empty().schema == table.schema


def test_a_row_with_a_column_that_the_table_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"raw.sentences has no column \['sentense_no'\]"):
        BY_RELATION["raw.sentences"].frame([{"sentense_no": 1}])


def test_ids_tell_nothing_from_empty_and_parts_from_their_concatenation() -> None:
    ids = [stable_id(None), stable_id(""), stable_id("a", "b"), stable_id("ab"), stable_id("a", None), stable_id("a", "")]
    assert len(set(ids)) == len(ids)
    assert all(len(i) == 16 and int(i, 16) >= 0 for i in ids)
