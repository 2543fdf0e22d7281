"""Asset checks on every table that Python writes, made from the registry of tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import dagster as dg

from pipelines.clean.canary import PAGES, find_changes
from pipelines.tables import ARTICLES, ATTRIBUTIONS, CLAIMS, MENTIONS, Table
from pipelines.warehouse import Transaction

_COLUMNS: Final = "columns_match_registry"
_VALUES: Final = "values_are_accepted"
_SPANS: Final = "spans_are_exact"
_PARENTS: Final = "parents_exist"
_CANARY: Final = "outlets_extract_as_before"

#: Table -> column of the table whose words the span must be.
_SPAN_WORDS: Final = {MENTIONS.relation: "surface", CLAIMS.relation: "text", ATTRIBUTIONS.relation: "actor"}
#: Table -> (column, parent table): rows must not outlive what they were read from.
_PARENT: Final = {
    "raw.entries": ("fetch_id", "raw.fetches"),
    "raw.documents": ("fetch_id", "raw.fetches"),
    "raw.articles": ("document_id", "raw.documents"),
    "raw.sentences": ("article_id", "raw.articles"),
    "raw.mentions": ("article_id", "raw.articles"),
    "raw.claims": ("article_id", "raw.articles"),
    "raw.attributions": ("claim_id", "raw.claims"),
    "raw.quantities": ("claim_id", "raw.claims"),
    "raw.times": ("claim_id", "raw.claims"),
    "analysis.story_articles": ("article_id", "raw.articles"),
    "analysis.claim_relations": ("claim_a_id", "raw.claims"),
}


def asset_key(table: Table) -> dg.AssetKey:
    """``schema/table``: the relation's name in DuckDB and in dbt."""
    return dg.AssetKey([table.schema_name, table.name])


def check_specs(*tables: Table) -> list[dg.AssetCheckSpec]:
    """The checks of each table: what fails one must not reach the marts, but for the canary, which only warns."""
    return [
        dg.AssetCheckSpec(name, asset=asset_key(table), description=description, blocking=name != _CANARY)
        for table in tables
        for name, description in _checks_of(table).items()
    ]


def run_checks(transaction: Transaction, *tables: Table) -> Iterator[dg.AssetCheckResult]:
    """Run the checks of ``tables`` on what is in the warehouse now."""
    for table in tables:
        for name in _checks_of(table):
            if name == _CANARY:
                yield _canary(transaction, table)
                continue
            problems = _PROBLEMS[name](transaction, table)
            yield dg.AssetCheckResult(
                passed=not problems,
                asset_key=asset_key(table),
                check_name=name,
                severity=dg.AssetCheckSeverity.ERROR,
                metadata={"problems": dg.MetadataValue.md("\n".join(f"- {p}" for p in problems) or "none")},
            )


def _checks_of(table: Table) -> dict[str, str]:
    checks = {_COLUMNS: "The columns and types in the warehouse are those of the registry."}
    if any(column.accepted for column in table.columns):
        checks[_VALUES] = "Columns with a fixed vocabulary hold nothing else."
    if table.relation in _PARENT:
        checks[_PARENTS] = "Every row points at a row that exists."
    if table == ARTICLES:
        checks[_CANARY] = "Every outlet's pages extract as they did in the four weeks before: articles, length, dates, authors."
    if "char_start" in table.schema:
        checks[_SPANS] = "Every span lies in its article's text and is, exactly, the words it stands for."
    return checks


#: Pages that were fetched from the web with what came of each. What reads the same as before proves nothing.
_CANARY_PAGES: Final = """
    select
        regexp_replace(regexp_extract(d.url, '^https?://([^/:?#]+)', 1), '^www[.]', '') as outlet,
        cast(d.fetched_at at time zone 'UTC' as date) as fetched_on,
        count(a.article_id) > 0 as is_extracted,
        cast(median(a.word_count) as bigint) as words,
        bool_or(a.published_precision not in ('unknown', 'inherited')) as has_date,
        bool_or(len(a.authors) > 0) as has_author
    from raw.documents as d
    join raw.fetches as f using (fetch_id)
    left join raw.articles as a on a.document_id = d.document_id
    where d.url like 'http%' and (a.article_id is not null or f.status in ('parse_error', 'too_thin'))
        -- A week more than is compared: an outlet that has not been fetched for so long is no news.
        and d.fetched_at >= (select max(fetched_at) from raw.documents) - interval 35 days
    group by d.document_id, d.url, d.fetched_at
"""


def _canary(transaction: Transaction, table: Table) -> dg.AssetCheckResult:
    """A warning that names every outlet whose latest pages extract otherwise than its own past did."""
    changes = find_changes(transaction.query(_CANARY_PAGES).cast(PAGES))
    head = ["| outlet | measure | before | now | pages before | pages now | day |", "| --- | --- | --: | --: | --: | --: | --- |"]
    rows = [
        f"| {c['outlet']} | {c['measure']} | {c['before']:.4g} | {c['now']:.4g} | {c['pages_before']} | {c['pages_now']} |"
        f" {c['fetched_on']} |"
        for c in changes.to_dicts()
    ]
    return dg.AssetCheckResult(
        passed=changes.is_empty(),
        asset_key=asset_key(table),
        check_name=_CANARY,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"changed: {', '.join(changes['outlet'].unique().sort())}" if rows else None,
        metadata={
            "changes": dg.MetadataValue.md("\n".join(head + rows) if rows else "none"),
            "outlets": changes["outlet"].n_unique(),
        },
    )


def _column_problems(transaction: Transaction, table: Table) -> list[str]:
    rows = transaction.query(
        "select column_name, data_type from information_schema.columns where table_schema = ? and table_name = ?"
        " order by ordinal_position",
        [table.schema_name, table.name],
    )
    actual = rows["column_name"].to_list()
    expected = list(table.schema)
    return [] if actual == expected else [f"{table.relation} has the columns {actual}, not {expected}"]


def _value_problems(transaction: Transaction, table: Table) -> list[str]:
    problems = []
    for column in table.columns:
        if column.accepted:
            strange = transaction.query(
                f"select distinct {column.name} as value from {table.relation}"
                f" where {column.name} is not null and not list_contains(?, {column.name}) limit 5",
                [list(column.accepted)],
            )["value"].to_list()
            problems += [f"{table.relation}.{column.name} holds {value!r}" for value in strange]
    return problems


def _parent_problems(transaction: Transaction, table: Table) -> list[str]:
    column, parent = _PARENT[table.relation]
    target = "claim_id" if parent == "raw.claims" else column
    orphans = int(
        transaction.query(
            f"select count(*) from {table.relation} as child"
            f" where not exists (select 1 from {parent} as parent where parent.{target} = child.{column})"
        ).item()
    )
    return [f"{orphans} rows of {table.relation} point at no row of {parent}"] if orphans else []


def _span_problems(transaction: Transaction, table: Table) -> list[str]:
    through_claim = "claim_id" in table.schema and table != CLAIMS
    source = (
        f"{table.relation} as t join {CLAIMS.relation} as c using (claim_id) join {ARTICLES.relation} as a using (article_id)"
        if through_claim
        else f"{table.relation} as t join {ARTICLES.relation} as a using (article_id)"
    )
    words = _SPAN_WORDS.get(table.relation)
    exact = f" or substr(a.text, t.char_start + 1, t.char_end - t.char_start) <> t.{words}" if words else ""
    wrong = int(
        transaction.query(
            f"select count(*) from {source}"
            f" where t.char_start < 0 or t.char_end <= t.char_start or t.char_end > length(a.text){exact}"
        ).item()
    )
    return [f"{wrong} spans of {table.relation} are not the words they stand for"] if wrong else []


_PROBLEMS: Final = {
    _COLUMNS: _column_problems,
    _VALUES: _value_problems,
    _PARENTS: _parent_problems,
    _SPANS: _span_problems,
}
