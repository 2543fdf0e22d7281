"""Versions: the texts seen at one address, in the order in which they stood there."""

from __future__ import annotations

import polars as pl

from pipelines.tables import UTC_TIMESTAMP


def number_versions(articles: pl.DataFrame) -> pl.DataFrame:
    """Number the texts of each canonical URL from 1 by when they stood there; the last is current.

    When is ``modified_at``, else ``published_at``, unknown first; then ``fetched_at`` where the frame has it (a silent edit
    keeps both stamps), then ``article_id``. A text that states no change cannot be older than one that was fetched before it:
    it takes that one's stamp. A text that came back after another (A, B, A again) keeps its number and is current, by
    ``seen_at``, when it was fetched last. An article without a canonical URL is its own first and current version.

    Args:
        articles: ``article_id, canonical_url, published_at`` and, if there, ``modified_at``, ``fetched_at`` and ``seen_at``.

    Returns:
        ``article_id, version_no (Int64), is_current (Boolean)``, a row an article, in the order given.
    """
    none = pl.lit(None, dtype=UTC_TIMESTAMP)
    modified, published, fetched = (
        pl.col(name) if name in articles.columns else none for name in ("modified_at", "published_at", "fetched_at")
    )
    # Without an address of its own an article is alone: its id stands in.
    address = pl.coalesce(pl.col("canonical_url"), pl.lit("\x00") + pl.col("article_id"))
    stamped = articles.select(
        "article_id", address.alias("address"), modified.alias("modified"), published.alias("published"),
        fetched.alias("fetched"), (pl.col("seen_at") if "seen_at" in articles.columns else none).alias("seen"),
    ).with_row_index("row")  # fmt: skip
    carried = pl.col("modified").cum_max().forward_fill().over("address")
    known = (
        stamped.sort("fetched", "article_id", nulls_last=False)
        .with_columns(pl.when(pl.col("fetched").is_not_null()).then(carried).alias("carried"))
        .sort("row")
    )
    when = pl.coalesce("modified", pl.max_horizontal("published", "carried"))
    known = known.with_columns(
        pl.struct(when.alias("when"), "fetched", "article_id").rank("ordinal").over("address").alias("place")
    )
    last_seen = pl.col("seen") == pl.col("seen").max().over("address")
    is_back = (pl.col("seen").max() > pl.col("fetched").max()).over("address").fill_null(False)
    is_back = is_back & (last_seen.fill_null(False).sum().over("address") == 1)
    is_last = pl.col("place") == pl.len().over("address")
    return known.select(
        "article_id",
        pl.col("place").cast(pl.Int64).alias("version_no"),
        pl.when(is_back).then(last_seen.fill_null(False)).otherwise(is_last).alias("is_current"),
    )
