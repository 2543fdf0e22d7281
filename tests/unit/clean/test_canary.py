"""The canary: an outlet whose pages stop extracting is named, against its own past alone."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from pipelines.clean.canary import CHANGES, MIN_PAGES_NOW, PAGES, find_changes

TODAY = date(2024, 5, 31)


def day(outlet: str, ago: int, pages: int, *, extracted: int | None = None, words: int = 400, dated: int | None = None,
        signed: int | None = None) -> pl.DataFrame:  # fmt: skip
    """``pages`` of an outlet, of which the first so many were extracted, dated and signed."""
    good = pages if extracted is None else extracted
    return pl.DataFrame(
        [
            {
                "outlet": outlet,
                "fetched_on": TODAY - timedelta(days=ago),
                "is_extracted": at < good,
                "words": words + at % 7 * 20 if at < good else None,
                "has_date": at < (pages if dated is None else dated) if at < good else None,
                "has_author": at < (pages if signed is None else signed) if at < good else None,
            }
            for at in range(pages)
        ],
        schema=PAGES,
    )


def past(outlet: str, **fields: int) -> list[pl.DataFrame]:
    return [day(outlet, ago, 20, **fields) for ago in range(1, 8)]


def found(*days: pl.DataFrame) -> list[tuple[str, str]]:
    changes = find_changes(pl.concat(days))
    assert changes.schema == CHANGES
    return list(changes.select("outlet", "measure").iter_rows())


def test_nothing_is_said_of_outlets_that_stay_as_they_were() -> None:
    assert (
        found(*past("a.example"), day("a.example", 0, 20), *past("b.example", signed=0), day("b.example", 0, 20, signed=0)) == []
    )


@pytest.mark.parametrize(
    ("now", "measure"),
    [
        (day("a.example", 0, 20, extracted=8), "extraction rate"),
        (day("a.example", 0, 20, words=90), "median words"),
        (day("a.example", 0, 20, words=2000), "median words"),
        (day("a.example", 0, 20, dated=4), "share with date"),
        (day("a.example", 0, 20, signed=4), "share with author"),
    ],
)
def test_the_outlet_that_changed_is_named_with_what_changed(now: pl.DataFrame, measure: str) -> None:
    assert found(*past("a.example"), now, *past("b.example"), day("b.example", 0, 20)) == [("a.example", measure)]


def test_the_figures_are_those_of_the_day_and_of_the_days_before() -> None:
    (row,) = find_changes(pl.concat([*past("a.example"), day("a.example", 0, 20, extracted=5)])).to_dicts()
    assert row == {"outlet": "a.example", "measure": "extraction rate", "before": 1.0, "now": 0.25, "pages_before": 140,
                   "pages_now": 20, "fetched_on": TODAY}  # fmt: skip


def test_a_few_pages_prove_nothing() -> None:
    assert found(*past("a.example"), day("a.example", 0, MIN_PAGES_NOW - 1, extracted=0)) == []
    assert found(day("a.example", 1, 20), day("a.example", 0, 20, extracted=2)) == []


def test_the_past_ends_after_four_weeks() -> None:
    assert found(*[day("a.example", ago, 20) for ago in (40, 50, 60)], day("a.example", 0, 20, extracted=2)) == []


def test_an_outlet_that_never_names_authors_is_not_blamed_for_it() -> None:
    assert found(*past("a.example", signed=1), day("a.example", 0, 20, signed=0)) == []


def test_no_pages_give_no_changes() -> None:
    assert find_changes(pl.DataFrame(schema=PAGES)).schema == CHANGES
