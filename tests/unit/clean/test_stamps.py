"""Stamps: the day as written, the moment in UTC, and how exact they are."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.clean.dates import is_plausible, parse_stamp


@pytest.mark.parametrize(
    ("text", "day", "moment"),
    [
        ("2024-05-03T23:30:00-05:00", date(2024, 5, 3), datetime(2024, 5, 4, 4, 30, tzinfo=UTC)),
        ("2024-05-03T10:15:30.123456Z", date(2024, 5, 3), datetime(2024, 5, 3, 10, 15, 30, tzinfo=UTC)),
        ("2024-05-03 10:15:30 +0200", date(2024, 5, 3), datetime(2024, 5, 3, 8, 15, 30, tzinfo=UTC)),
        ("20240503", date(2024, 5, 3), None),
        ("2024-05-03T10:15:30", date(2024, 5, 3), None),
        ("Tue, 20 Dec 2016 10:00:00 +0000", date(2016, 12, 20), datetime(2016, 12, 20, 10, tzinfo=UTC)),
        ("Wednesday, February 9, 2022", date(2022, 2, 9), None),
        ("9. Februar 2022, 14:05 Uhr", date(2022, 2, 9), None),
        ("9 février 2022", date(2022, 2, 9), None),
        ("2022年2月9日", date(2022, 2, 9), None),
    ],
)
def test_stamps_of_many_kinds(text: str, day: date, moment: datetime | None) -> None:
    stamp = parse_stamp(text)
    assert stamp is not None
    assert (stamp.day, stamp.moment) == (day, moment)


def test_a_time_without_an_offset_gives_the_day_alone() -> None:
    stamp = parse_stamp("2024-05-03T10:15:30")
    assert stamp is not None
    assert stamp.precision == "day"


def test_who_writes_the_day_first() -> None:
    american, british = parse_stamp("05/06/2022"), parse_stamp("05/06/2022", day_first=True)
    assert american is not None
    assert british is not None
    assert (american.day, british.day) == (date(2022, 5, 6), date(2022, 6, 5))


@pytest.mark.parametrize(
    "text", ["2 hours ago", "yesterday", "May 3", "", "soon", "2024-13-45", "12345678901234567890", "x" * 500, "2024"]
)
def test_what_states_no_day(text: str) -> None:
    assert parse_stamp(text) is None


def test_plausible_days() -> None:
    fetched = datetime(2024, 5, 3, 12, tzinfo=UTC)
    assert is_plausible(date(2024, 5, 4), fetched)
    assert not is_plausible(date(2024, 5, 5), fetched)
    assert not is_plausible(date(1989, 12, 31), fetched)


@settings(deadline=None)  # the first date in words loads the languages
@given(st.text(alphabet="0123456789-:TZ+ /.,aApPmMay", max_size=90))
def test_any_text_is_a_stamp_or_none(text: str) -> None:
    stamp = parse_stamp(text)
    assert stamp is None or stamp.precision in {"second", "minute", "day"}
