"""Versions: the texts of one address in the order in which they stood there."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from pipelines.clean.versions import number_versions
from pipelines.tables import UTC_TIMESTAMP

SCHEMA = {"article_id": pl.String, "canonical_url": pl.String, "published_at": UTC_TIMESTAMP, "modified_at": UTC_TIMESTAMP}


def _numbered(rows: list[tuple[str, str | None, datetime | None, datetime | None]]) -> dict[str, tuple[int, bool]]:
    frame = number_versions(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    return {row["article_id"]: (row["version_no"], row["is_current"]) for row in frame.iter_rows(named=True)}


def day(number: int) -> datetime:
    return datetime(2022, 3, number, tzinfo=UTC)


def test_the_last_changed_is_current() -> None:
    rows = [("c", "u", day(1), day(4)), ("a", "u", day(1), None), ("b", "u", day(1), day(2)), ("x", "v", day(3), None)]
    assert _numbered(rows) == {"c": (3, True), "a": (1, False), "b": (2, False), "x": (1, True)}


def test_same_time_goes_by_id_and_unknown_time_first() -> None:
    assert _numbered([("b", "u", day(1), None), ("a", "u", day(1), None), ("z", "u", None, None)]) == {
        "z": (1, False), "a": (2, False), "b": (3, True)
    }  # fmt: skip


def test_articles_without_an_address_are_no_versions_of_each_other() -> None:
    assert _numbered([("a", None, day(1), None), ("b", None, day(2), None)]) == {"a": (1, True), "b": (1, True)}


def test_a_silent_edit_goes_by_when_it_was_fetched() -> None:
    frame = pl.DataFrame(
        [("a", "u", day(1), None, day(9)), ("b", "u", day(1), None, day(8))],
        schema={**SCHEMA, "fetched_at": UTC_TIMESTAMP},
        orient="row",
    )
    assert number_versions(frame).filter("is_current")["article_id"].to_list() == ["a"]


def test_types_and_empty_frame() -> None:
    frame = number_versions(pl.DataFrame(schema=SCHEMA))
    assert frame.schema == pl.Schema({"article_id": pl.String(), "version_no": pl.Int64(), "is_current": pl.Boolean()})


REFETCHED = {**SCHEMA, "fetched_at": UTC_TIMESTAMP, "seen_at": UTC_TIMESTAMP}


def _current(rows: list[tuple[object, ...]]) -> dict[str, tuple[int, bool]]:
    frame = number_versions(pl.DataFrame(rows, schema=REFETCHED, orient="row"))
    return {row["article_id"]: (row["version_no"], row["is_current"]) for row in frame.iter_rows(named=True)}


def test_texts_fetched_again_after_a_day_and_a_week_are_versions_in_that_order() -> None:
    rows = [("z", "u", day(1), None, day(1), day(1)), ("m", "u", day(1), None, day(2), day(2)),
            ("a", "u", day(1), None, day(8), day(8))]  # fmt: skip
    assert _current(rows) == {"z": (1, False), "m": (2, False), "a": (3, True)}


def test_a_page_that_ceases_to_state_its_change_is_no_older_than_what_was_fetched_before() -> None:
    rows = [("stated", "u", day(1), day(3), day(4), day(4)), ("silent", "u", day(1), None, day(9), day(9))]
    assert _current(rows) == {"stated": (1, False), "silent": (2, True)}


def test_an_older_capture_read_later_goes_by_what_it_states() -> None:
    rows = [("new", "u", day(1), day(5), day(6), day(6)), ("archived", "u", day(1), day(2), day(9), day(9))]
    assert _current(rows) == {"new": (2, True), "archived": (1, False)}


def test_a_text_that_came_back_keeps_its_number_and_is_current() -> None:
    rows = [("a", "u", day(1), None, day(1), day(9)), ("b", "u", day(1), None, day(2), day(2))]
    assert _current(rows) == {"a": (1, True), "b": (2, False)}


def test_one_text_is_current_whatever_was_seen_when() -> None:
    rows = [
        ("a", "u", day(1), None, day(1), day(9)),
        ("b", "u", day(1), None, day(2), day(9)),
        ("c", "v", None, None, None, None),
    ]
    assert _current(rows) == {"a": (1, False), "b": (2, True), "c": (1, True)}
