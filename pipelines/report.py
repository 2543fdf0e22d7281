"""What a run ends with: the contradictions per outlet, the sharpest of them, and where to look next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from pipelines.settings import Settings
from pipelines.warehouse import query_published

_EXAMPLES: Final = 3
_NAME_WIDTH: Final = 20

_PER_OUTLET: Final = """
    select
        o.name as outlet,
        sum(d.claims) as claims,
        sum(d.claims_compared) as compared,
        sum(d.contradictions) as contradictions,
        sum(d.outlet_level) as outlet_level,
        sum(d.source_level) as source_level,
        sum(d.corroborations) as agree,
        sum(d.contradictions) / nullif(sum(d.claims_compared), 0) as rate
    from outlet_contradictions_daily as d
    join dim_outlets as o using (outlet_id)
    group by all
    order by contradictions desc, compared desc, outlet
    limit 40
"""

#: Broken by hand: the table fits a terminal of 80 columns.
_HEADERS: Final = {"contradictions": "contra-\ndictions", "outlet_level": "outlet\nlevel", "source_level": "source\nlevel"}

_SHARPEST: Final = """
    select
        s.title as story, c.kind, c.level, c.score,
        p.attribution_path || if(p.modality = 'denied', ' (denied)', '') as path_a, c.text_a,
        q.attribution_path || if(q.modality = 'denied', ' (denied)', '') as path_b, c.text_b
    from fct_contradictions as c
    join dim_stories as s using (story_id)
    join fct_claims as p on p.claim_id = c.claim_a_id
    join fct_claims as q on q.claim_id = c.claim_b_id
    where c.review_status <> 'dismissed'
    qualify row_number() over (partition by c.kind order by c.score desc, c.contradiction_id) = 1
    order by c.score desc, c.contradiction_id
    limit ?
"""


def print_report(settings: Settings, console: Console, fetched: Sequence[str] = ()) -> None:
    """Print the report of the published warehouse.

    Args:
        settings: whose home it is.
        console: where to.
        fetched: lines about what the run brought and what it left.

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
                f"[bold]{_safe(row['path_a'])}:[/bold] {_safe(row['text_a'])}\n"
                f"[bold]{_safe(row['path_b'])}:[/bold] {_safe(row['text_b'])}",
                title=f"{row['kind']}, {row['level']} level: {_safe(row['story'])}",
                title_align="left",
            )
        )
    home = "" if settings.home == Settings.model_fields["home"].default else f" --home {settings.home}"
    for line in fetched:
        console.print(line, markup=False, soft_wrap=True)
    console.print("[bold]Where to look next[/bold]")
    console.print(f"  {settings.published}", markup=False, soft_wrap=True)
    console.print("    (for any BI tool, read-only; one Parquet file a mart in marts/ beside it)")
    console.print(f'  counterclaim sql "from fct_contradictions limit 5"{home}', markup=False, soft_wrap=True)
    console.print(f"  counterclaim ui{home}", markup=False, soft_wrap=True)


def _outlet_table(outlets: pl.DataFrame) -> Table:
    table = Table(
        title="Contradictions per outlet",
        title_justify="left",
        header_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for name in outlets.columns:
        is_name = name == "outlet"
        # A long name gives way, a figure never.
        table.add_column(
            _HEADERS.get(name, name),
            justify="left" if is_name else "right",
            no_wrap=True,
            max_width=_NAME_WIDTH if is_name else None,
        )
    for row in outlets.iter_rows(named=True):
        rate = "" if row["rate"] is None else f"{row['rate']:.1%}"
        table.add_row(_safe(row["outlet"]), *[f"{row[name]:,}" for name in outlets.columns[1:-1]], rate)
    return table


def _safe(text: object) -> str:
    """Text that Rich must not read as markup."""
    return str(text).replace("[", "\\[")
