"""Versions: the texts seen at one address, in the order in which they stood there."""

from __future__ import annotations

import polars as pl

from pipelines.tables import UTC_TIMESTAMP


def number_versions(articles: pl.DataFrame) -> pl.DataFrame:
    """Number the texts of each canonical URL from 1 by when they stood there; the last is current.

    When is ``modified_at``, else ``published_at``, unknown first; then ``fetched_at`` where the frame has it (a silent edit
    keeps both stamps), then ``article_id``. An article without a canonical URL is its own first and current version.

    Args:
        articles: ``article_id, canonical_url, published_at`` and, if there, ``modified_at`` and ``fetched_at``.

    Returns:
        ``article_id, version_no (Int64), is_current (Boolean)``, a row an article, in the order given.
    """
    stated = [pl.col(name) for name in ("modified_at", "published_at") if name in articles.columns]
    fetched = [pl.col("fetched_at")] if "fetched_at" in articles.columns else []
    when = pl.coalesce(stated) if stated else pl.lit(None, dtype=UTC_TIMESTAMP)
    # Without an address of its own an article is alone: its id stands in.
    address = pl.coalesce(pl.col("canonical_url"), pl.lit("\x00") + pl.col("article_id"))
    place = pl.struct(when.alias("when"), *fetched, "article_id").rank("ordinal").over(address)
    return articles.select(
        "article_id",
        place.cast(pl.Int64).alias("version_no"),
        (place == pl.len().over(address)).alias("is_current"),
    )
