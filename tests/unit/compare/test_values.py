"""Values: which numbers and days of two sentences are of one slot, and whether they can both be true."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.compare.readings import SentenceClaims
from pipelines.compare.values import class_of, is_later
from tests.unit.compare.builders import day, judge, quantity, sentence


def test_a_five_hour_meeting_contradicts_six_hour_talks() -> None:
    a = sentence("Varga and Lund met for a five-hour meeting in Halden.", names=["Varga", "Lund"],
                 values=[quantity("five-hour", "duration", 4.5 * 3600, 5.4999 * 3600, "meeting", unit="s")])  # fmt: skip
    b = sentence("Varga and Lund held six-hour talks in Halden.", names=["Varga", "Lund"],
                 values=[quantity("six-hour", "duration", 5.5 * 3600, 6.4999 * 3600, "talks", unit="s")])  # fmt: skip
    verdict = judge(a, b)
    assert (verdict.relation, verdict.kind, verdict.level) == ("contradiction", "number", "outlet")
    assert (verdict.value_a, verdict.value_b) == ("five-hour", "six-hour")


def test_about_forty_and_forty_one_agree() -> None:
    a = sentence("The fire in Halden killed about 40 people.", values=[quantity("about 40", "count", 38, 42, "dead")])
    b = sentence("The fire in Halden killed 41 people.", values=[quantity("41", "count", 41, 41, "dead")])
    assert judge(a, b).relation == "corroboration"


def test_at_least_twelve_does_not_contradict_fifteen() -> None:
    a = sentence("The fire in Halden killed at least 12.", values=[quantity("at least 12", "count", 12, None, "dead")])
    b = sentence("The fire in Halden killed 15.", values=[quantity("15", "count", 15, 15, "dead")])
    assert judge(a, b).relation != "contradiction"


def test_two_tolls_for_the_same_day_contradict() -> None:
    a = sentence("The fire in Halden killed 12 people.", values=[quantity("12", "count", 12, 12, "dead")], hour=None)
    b = sentence("The fire in Halden killed 15 people.", values=[quantity("15", "count", 15, 15, "dead")], hour=None)
    assert judge(a, b).relation == "contradiction"


def test_a_toll_that_rises_by_the_hour_is_an_update() -> None:
    a = sentence("The fire in Halden killed 12 people.", values=[quantity("12", "count", 12, 12, "dead")], hour=9)
    b = sentence("The fire in Halden killed 15 people.", values=[quantity("15", "count", 15, 15, "dead")], hour=14)
    assert judge(a, b).relation == "update"


def test_a_toll_that_falls_contradicts() -> None:
    a = sentence("The fire in Halden killed 15 people.", values=[quantity("15", "count", 15, 15, "dead")], hour=9)
    b = sentence("The fire in Halden killed 12 people.", values=[quantity("12", "count", 12, 12, "dead")], hour=14)
    assert judge(a, b).relation == "contradiction"


def test_dead_and_injured_are_two_slots() -> None:
    a = sentence("The fire in Halden killed 12 people.", values=[quantity("12", "count", 12, 12, "dead")])
    b = sentence("The fire in Halden injured 30 people.", values=[quantity("30", "count", 30, 30, "injured")])
    assert judge(a, b).kind != "number"


def test_parts_do_not_contradict_their_sum() -> None:
    a = sentence("Brandt was convicted of eight counts in Halden.", names=["Brandt"],
                 values=[quantity("eight", "count", 8, 8, "counts")])  # fmt: skip
    b = sentence("Brandt was convicted of five counts of fraud and three counts of theft in Halden.", names=["Brandt"],
                 values=[quantity("five", "count", 5, 5, "counts"), quantity("three", "count", 3, 3, "counts")])  # fmt: skip
    assert judge(a, b).relation != "contradiction"


def test_an_article_that_gives_both_values_has_two_things_in_mind() -> None:
    a = sentence("The fire in Halden killed 12 people.", values=[quantity("12", "count", 12, 12, "dead")],
                 elsewhere=[("count|dead", 15.0, 15.0)])  # fmt: skip
    b = sentence("The fire in Halden killed 15 people.", values=[quantity("15", "count", 15, 15, "dead")])
    assert judge(a, b).relation != "contradiction"


def test_ages_of_two_persons_do_not_quarrel() -> None:
    a = sentence("Edda Brandt, 41, was elected mayor.", names=["Edda Brandt"], values=[quantity("41", "age", 41, 41.9, None)])
    b = sentence("Ivo Lund, 67, lost the vote.", names=["Ivo Lund"], values=[quantity("67", "age", 67, 67.9, None)])
    assert judge(a, b, is_found=True).relation not in {"contradiction", "update"}


def test_two_days_for_one_hearing_contradict() -> None:
    a = sentence("Brandt failed at her confirmation hearing on Thursday before the judiciary committee.", names=["Brandt"],
                 days=[day("Thursday", 6)])  # fmt: skip
    b = sentence("Brandt failed at her confirmation hearing on Wednesday before the judiciary committee.", names=["Brandt"],
                 days=[day("Wednesday", 5)])  # fmt: skip
    verdict = judge(a, b, is_found=True)
    assert (verdict.relation, verdict.kind) == ("contradiction", "date")


def test_the_day_something_was_said_is_no_day_of_the_event() -> None:
    a = sentence("The ferry sank near Halden, the coast guard said Monday.", days=[day("Monday", 3)])
    b = sentence("The ferry sank near Halden, the coast guard said Tuesday.", days=[day("Tuesday", 4)])
    assert judge(a, b).kind != "date"


def test_a_widened_yesterday_meets_the_day_before_and_the_day() -> None:
    a = sentence("Varga and Lund met in Halden on Monday.", names=["Varga", "Lund"], days=[day("Monday", 3)])
    b = sentence("Varga and Lund met in Halden yesterday.", names=["Varga", "Lund"], days=[day("yesterday", 3, days=2)])
    assert judge(a, b).relation == "corroboration"


def test_the_same_weekday_named_in_two_articles_is_one_day() -> None:
    a = sentence("The march through Halden starts on Friday.", days=[day("Friday", 7)])
    b = sentence("The march through Halden starts on Friday.", days=[day("Friday", 14)])
    assert judge(a, b).relation != "contradiction"


@pytest.mark.parametrize(
    ("counted", "expected"),
    [("deaths", ("dead", None)), ("talks", ("meeting", None)), ("dead soldiers", ("dead", "troops")),
     ("subsidies", ("subsidy", None)), (None, (None, None)), ("", (None, None))],
)  # fmt: skip
def test_many_words_for_one_thing_counted(counted: str | None, expected: tuple[str | None, str | None]) -> None:
    assert class_of(counted) == expected


def test_a_day_known_only_as_a_day_is_later_only_on_a_later_day() -> None:
    morning, evening = datetime(2031, 3, 3, 6, tzinfo=UTC), datetime(2031, 3, 3, 20, tzinfo=UTC)
    assert is_later(evening, "minute", morning, "second")
    assert not is_later(evening, "day", morning, "day")
    assert not is_later(evening, "minute", None, "minute")
    assert is_later(datetime(2031, 3, 4, tzinfo=UTC), "day", morning, "day")


def test_a_whole_number_is_what_one_with_decimals_is_rounded_to() -> None:
    def fell(surface: str, lower: float, upper: float) -> SentenceClaims:
        return sentence(
            f"The Halden index fell {surface} points on the day.", values=[quantity(surface, "count", lower, upper, "point")]
        )

    assert judge(fell("623", 623, 623), fell("623.34", 623.335, 623.345)).relation == "corroboration"
    assert judge(fell("623", 623, 623), fell("624.34", 624.335, 624.345)).relation != "corroboration"
    assert judge(fell("623", 623, 623), fell("624", 624, 624)).relation != "corroboration"
    open_end = quantity("more than 9.4", "count", 9.4, None, "point")
    more = sentence("The Halden index fell more than 9.4 points on the day.", values=[open_end])
    assert judge(fell("9", 9, 9), more).relation != "corroboration"
