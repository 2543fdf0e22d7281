"""The canary: whether an outlet's pages still extract as they used to.

A redesign, a new paywall or a consent wall shows first as fewer articles, shorter texts, missing dates or authors. Each outlet
is held against its own past alone: some never name an author, some publish three lines a day.

Rates by the two-proportion z-test with pooled variance (Fleiss, Levin and Paik 2003, ch. 3), lengths by the distance of medians
in standard errors of a median from the median absolute deviation (Rousseeuw and Croux 1993); both with a least size of the
change, so that thousands of pages do not make a trifle significant.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

#: Pages of the latest day and of the days before, below which nothing is said.
MIN_PAGES_NOW: Final = 10
MIN_PAGES_BEFORE: Final = 30
#: How far back an outlet's past reaches.
PAST: Final = timedelta(days=28)
#: Standard errors that a change must have: about one false alarm in 700 outlets and measures.
LEAST_Z: Final = 3.0
#: Points by which a rate must fall, and the factor by which the median length must change either way.
LEAST_FALL: Final = 0.15
LEAST_FACTOR: Final = 1.6

#: What is given: a row a page.
PAGES: Final = pl.Schema({
    "outlet": pl.String(), "fetched_on": pl.Date(), "is_extracted": pl.Boolean(), "words": pl.Int64(), "has_date": pl.Boolean(),
    "has_author": pl.Boolean(),
})  # fmt: skip
#: What is found: a row an outlet and measure that changed.
CHANGES: Final = pl.Schema({
    "outlet": pl.String(), "measure": pl.String(), "before": pl.Float64(), "now": pl.Float64(), "pages_before": pl.Int64(),
    "pages_now": pl.Int64(), "fetched_on": pl.Date(),
})  # fmt: skip

_RATES: Final = {"extraction rate": "is_extracted", "share with date": "has_date", "share with author": "has_author"}


def find_changes(pages: pl.DataFrame) -> pl.DataFrame:
    """Outlets whose latest day of fetching differs from the four weeks before it, and in what.

    Args:
        pages: ``outlet, fetched_on, is_extracted, words, has_date, has_author`` (:data:`PAGES`), one row a page fetched; the last
            three are null where nothing was extracted.

    Returns:
        :data:`CHANGES`, by outlet and measure: rates as shares of 0 to 1 (``before`` and ``now``), ``median words`` in words.
    """
    latest = pl.col("fetched_on").max().over("outlet")
    recent = pages.filter(pl.col("fetched_on") >= latest - PAST).with_columns(is_now=pl.col("fetched_on") == latest)
    found = [_fallen(recent, measure, column) for measure, column in _RATES.items()]
    found.append(_other_lengths(recent))
    return pl.concat(found).sort("outlet", "measure")


def _fallen(recent: pl.DataFrame, measure: str, column: str) -> pl.DataFrame:
    """Outlets of which the share of ``column`` fell."""
    both = _compared(recent, column, pl.col(column).cast(pl.Float64).mean())
    pooled = (pl.col("before") * pl.col("pages_before") + pl.col("now") * pl.col("pages_now")) / (
        pl.col("pages_before") + pl.col("pages_now")
    )
    error = (pooled * (1 - pooled) * (1 / pl.col("pages_before") + 1 / pl.col("pages_now"))).sqrt()
    fall = pl.col("before") - pl.col("now")
    return _as_changes(both.filter((fall >= LEAST_FALL) & (fall >= LEAST_Z * error)), measure)


def _other_lengths(recent: pl.DataFrame) -> pl.DataFrame:
    """Outlets of which the median length changed, up or down."""
    both = _compared(recent, "words", pl.col("words").cast(pl.Float64).median())
    centre = pl.col("words").median().over("outlet", "is_now")
    spread = (
        recent.filter(pl.col("words").is_not_null())
        .with_columns(off=(pl.col("words") - centre).abs())
        .filter(~pl.col("is_now"))
        .group_by("outlet")
        .agg(deviation=1.4826 * pl.col("off").median())
    )
    factor = pl.max_horizontal("before", "now") / pl.max_horizontal(pl.min_horizontal("before", "now"), pl.lit(1.0))
    error = 1.2533 * pl.col("deviation") * (1 / pl.col("pages_before") + 1 / pl.col("pages_now")).sqrt()
    changed = (factor >= LEAST_FACTOR) & ((pl.col("now") - pl.col("before")).abs() >= LEAST_Z * error)
    return _as_changes(both.join(spread, on="outlet").filter(changed), "median words")


def _compared(recent: pl.DataFrame, column: str, value: pl.Expr) -> pl.DataFrame:
    """``value`` before and now of outlets with enough pages, one row an outlet."""
    by_time = (
        recent.filter(pl.col(column).is_not_null())
        .group_by("outlet", "is_now")
        .agg(value=value, pages=pl.len().cast(pl.Int64), fetched_on=pl.col("fetched_on").max())
    )
    before = by_time.filter(~pl.col("is_now")).select("outlet", before="value", pages_before="pages")
    now = by_time.filter(pl.col("is_now")).select("outlet", "fetched_on", now="value", pages_now="pages")
    return before.join(now, on="outlet").filter(
        (pl.col("pages_before") >= MIN_PAGES_BEFORE) & (pl.col("pages_now") >= MIN_PAGES_NOW)
    )


def _as_changes(both: pl.DataFrame, measure: str) -> pl.DataFrame:
    return both.with_columns(measure=pl.lit(measure)).select(list(CHANGES)).cast(CHANGES)
