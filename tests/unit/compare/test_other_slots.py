"""What looks like a clash of two values, met by a search, and is of two things after all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import day, judge, quantity, sentence

from pipelines.compare.readings import SentenceClaims


def percent(surface: str, share: float) -> dict[str, Any]:
    return quantity(surface, "percentage", share - 0.05, share + 0.05, None, unit="percent")


def count(surface: str, number: int, counted: str) -> dict[str, Any]:
    return quantity(surface, "count", number, number, counted)


def poll(text: str, shares: dict[str, float], names: tuple[str, ...]) -> SentenceClaims:
    values = [percent(f"{surface} percent", share) for surface, share in shares.items()]
    return sentence(text, names=names, kinds=["person"] * len(names), values=values)


def quarrel(a: SentenceClaims, b: SentenceClaims) -> bool:
    return judge(a, b, is_found=True).relation == "contradiction"


def test_figures_that_belong_to_two_names_are_no_quarrel_and_those_of_one_are() -> None:
    first = poll("In Halden, Varga stands at 41 percent and Lund at 38 percent.", {"41": 41, "38": 38}, ("Varga", "Lund"))
    third = poll("In Halden, Varga stands at 41 percent and Aster at 36 percent.", {"41": 41, "36": 36}, ("Varga", "Aster"))
    assert not quarrel(first, third), "38 is Lund's and 36 is Aster's"
    apart = poll("In Halden, Varga stands at 41 percent and Lund at 36 percent.", {"41": 41, "36": 36}, ("Varga", "Lund"))
    assert quarrel(first, apart)


def test_a_share_is_of_those_named_after_it() -> None:
    mine, theirs = (
        sentence(
            f"A survey by Fair Desks says {share} of Halden Greens pay their interns, compared with 31 percent of Halden Reds.",
            names=["Fair Desks", "Halden Greens", "Halden Reds"], kinds=["organization"] * 3,
            values=[percent(share, number), percent("31 percent", 31)],
        )
        for share, number in (("51 percent", 51), ("55 percent", 55))
    )  # fmt: skip
    assert quarrel(mine, theirs)


def test_figures_of_two_states_are_no_quarrel() -> None:
    def vote(state: str, votes: int) -> SentenceClaims:
        text = f"Varga won the {state} primary by {votes} votes over Lund."
        return sentence(text, names=["Varga", "Lund"], kinds=["person"] * 2, values=[count(f"{votes} votes", votes, "votes")])

    assert quarrel(vote("Oregon", 410), vote("Oregon", 455))
    assert not quarrel(vote("Oregon", 410), vote("Kentucky", 455))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The crash near Halden killed all 65 passengers and six crew members.", "The crash near Halden killed 71 people."),
        ("Eight boys remain in the cave near Halden.", "A group of 12 boys went into the cave near Halden."),
        ("Three boys were held at the cave near Halden.", "Two other boys were held at the cave near Halden."),
    ],
)
def test_parts_and_what_is_left_are_no_quarrel_with_the_whole(one: str, other: str) -> None:
    numbers = {"65 passengers": 65, "six crew": 6, "71 people": 71, "Eight": 8, "12": 12, "Three": 3, "Two": 2}

    def made(text: str) -> SentenceClaims:
        counted = "boys" if "boys" in text else "dead"
        there = [(surface, number) for surface, number in numbers.items() if surface in text]
        values = [count(surface, number, counted if number != 6 else "crew") for surface, number in there]
        return sentence(text, names=["Halden"], kinds=["place"], values=values)

    assert not quarrel(made(one), made(other))


def test_a_number_that_somebody_puts_vaguely_is_no_quarrel_with_the_exact_one() -> None:
    text = "The gunman in the newsroom of the Halden Mercury killed five people and injured {} others."
    vague = quantity("several", "count", 3, 9, "injured") | {"approximation": "vague"}
    exact = count("two", 2, "injured")
    assert not quarrel(
        sentence(text.format("several"), names=["Halden Mercury"], values=[vague]),
        sentence(text.format("two"), names=["Halden Mercury"], values=[exact]),
    )  # fmt: skip


def test_numbers_of_two_people_are_no_quarrel_though_the_speakers_may_differ() -> None:
    def paid(payer: str, sum_: int, speaker: str) -> SentenceClaims:
        text = f"{payer} paid the agency {sum_} crowns for the advertisement, {speaker} said."
        return sentence(
            text, names=[payer, speaker], kinds=["person", "person"], speaker=speaker,
            values=[quantity(f"{sum_} crowns", "money", sum_, sum_, None, unit="crowns")],
        )  # fmt: skip

    assert quarrel(paid("Ida Varga", 130, "Rolf Aster"), paid("Ida Varga", 150, "Mia Orlo"))
    assert not quarrel(paid("Ida Varga", 130, "Rolf Aster"), paid("Per Lund", 150, "Rolf Aster"))


def test_the_toll_of_an_earlier_accident_is_no_quarrel_with_that_of_todays() -> None:
    def toll(text: str, dead: int, when: tuple[str, datetime]) -> SentenceClaims:
        value = count(f"{dead} people", dead, "dead")
        made = sentence(text, names=["Halden"], kinds=["place"], values=[value])
        at = {"char_start": text.index(when[0]), "char_end": text.index(when[0]) + len(when[0])}
        return replace(made, times=({"start_at": when[1], "end_at": when[1] + timedelta(days=1), "precision": "day"} | at,))

    today = toll("In the ferry fire near Halden on Monday 21 people died.", 21, ("Monday", datetime(2031, 3, 9, tzinfo=UTC)))
    other = toll("In the ferry fire near Halden on Monday 23 people died.", 23, ("Monday", datetime(2031, 3, 9, tzinfo=UTC)))
    past = toll("In the ferry fire near Halden in 2007 23 people died.", 23, ("in 2007", datetime(2007, 7, 1, tzinfo=UTC)))
    assert quarrel(today, other)
    assert not quarrel(today, past)
    assert quarrel(
        past, toll("In the ferry fire near Halden in 2007 25 people died.", 25, ("in 2007", datetime(2007, 7, 1, tzinfo=UTC)))
    )


def test_yesterday_in_one_quotation_is_one_day_whenever_the_articles_appeared() -> None:
    text = "I called Ida Varga {} to see if the Greens want to make a great harbour bill"
    first = sentence(text.format("yesterday"), names=["Ida Varga", "Greens"], days=[day("yesterday", 8)])
    second = sentence(text.format("yesterday"), names=["Ida Varga", "Greens"], days=[day("yesterday", 9)])
    assert not quarrel(first, second)
    quoting = sentence(
        "Lund confirmed the call early Saturday: “I called Ida Varga to see if the Greens want to make a great harbour bill”",
        names=["Lund", "Ida Varga", "Greens"], days=[day("early Saturday", 9)],
    )  # fmt: skip
    assert not quarrel(first, quoting)
    dated = sentence(text.format("on Friday"), names=["Ida Varga", "Greens"], days=[day("Friday", 6)])
    assert quarrel(sentence(text.format("on Monday"), names=["Ida Varga", "Greens"], days=[day("Monday", 9)]), dated)
