"""What a run ends with: the contradictions per outlet, the sharpest of them, and where to look next."""

from __future__ import annotations

from typing import Final

import polars as pl
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from pipelines.settings import Settings
from pipelines.warehouse import query_published

_EXAMPLES: Final = 3

_PER_OUTLET: Final = """
    select
        o.name as outlet,
        sum(d.claims) as claims,
        sum(d.claims_compared) as compared,
        sum(d.contradictions) as contradictions,
        sum(d.outlet_level) as outlet_level,
        sum(d.source_level) as source_level,
        sum(d.corroborations) as agreements,
        sum(d.contradictions) / nullif(sum(d.claims_compared), 0) as rate
    from outlet_contradictions_daily as d
    join dim_outlets as o using (outlet_id)
    group by all
    order by contradictions desc, compared desc, outlet
    limit 40
"""

_SHARPEST: Final = """
    select
        s.title as story, c.kind, c.level, c.score,
        a.name as outlet_a, c.asserted_by_a, c.text_a,
        b.name as outlet_b, c.asserted_by_b, c.text_b
    from fct_contradictions as c
    join dim_stories as s using (story_id)
    join dim_outlets as a on a.outlet_id = c.outlet_a_id
    join dim_outlets as b on b.outlet_id = c.outlet_b_id
    where c.review_status <> 'dismissed'
    qualify row_number() over (partition by c.kind order by c.level, c.score desc, c.contradiction_id) = 1
    order by c.level, c.score desc, c.contradiction_id
    limit ?
"""


def print_report(settings: Settings, console: Console) -> None:
    """Print the report of the published warehouse.

    Raises:
        WarehouseError: nothing has been published yet.
    """
    outlets = query_published(settings.published, _PER_OUTLET)
    sharpest = query_published(settings.published, _SHARPEST.replace("?", str(_EXAMPLES)))
    counts = query_published(
        settings.published,
        "select (select count(*) from fct_articles) as articles, (select count(*) from dim_stories) as stories,"
        " (select count(*) from fct_claims) as claims, (select count(*) from fct_contradictions) as contradictions",
    ).row(0)
    console.print()
    console.print("[bold]{:,} articles, {:,} stories, {:,} claims, {:,} contradictions[/bold]".format(*counts))
    console.print(_outlet_table(outlets))
    for row in sharpest.iter_rows(named=True):
        console.print(
            Panel(
                f"[bold]{_safe(row['outlet_a'])}[/bold] ({_safe(row['asserted_by_a'])}): {_safe(row['text_a'])}\n"
                f"[bold]{_safe(row['outlet_b'])}[/bold] ({_safe(row['asserted_by_b'])}): {_safe(row['text_b'])}",
                title=f"{_safe(row['story'])}: {row['kind']}, {row['level']} level",
                title_align="left",
            )
        )
    home = "" if settings.home == Settings.model_fields["home"].default else f" --home {settings.home}"
    console.print("[bold]Where to look next[/bold]")
    console.print(f"  {settings.published}", markup=False, soft_wrap=True)
    console.print("    (for any BI tool, read-only; one Parquet file a mart in marts/ beside it)")
    console.print(f'  counterclaim sql "from fct_contradictions limit 5"{home}', markup=False, soft_wrap=True)
    console.print(f"  counterclaim ui{home}", markup=False, soft_wrap=True)


def _outlet_table(outlets: pl.DataFrame) -> Table:
    table = Table(title="Contradictions per outlet", title_justify="left", header_style="bold")
    for name in outlets.columns:
        is_name = name == "outlet"
        table.add_column(name.replace("_", " "), justify="left" if is_name else "right", no_wrap=is_name)
    for row in outlets.iter_rows(named=True):
        rate = "" if row["rate"] is None else f"{row['rate']:.1%}"
        table.add_row(_safe(row["outlet"]), *[f"{row[name]:,}" for name in outlets.columns[1:-1]], rate)
    return table


def _safe(text: object) -> str:
    """Text that Rich must not read as markup."""
    return str(text).replace("[", "\\[")
