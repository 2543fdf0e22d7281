"""What looks like a clash of two values, met by a search, and is of two things after all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import day, judge, quantity, sentence

from pipelines.compare.other_slots import _are_of_other_places, is_day_of_another
from pipelines.compare.readings import SentenceClaims
from pipelines.compare.values import Clash, Value


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


def test_a_share_is_of_those_named_after_it_and_not_of_whoever_counted() -> None:
    def survey(by: str, share: str, number: float) -> SentenceClaims:
        text = f"A survey by {by} says {share} of Halden Greens pay their interns, compared with 31 percent of Halden Reds."
        names = [by, "Halden Greens", "Halden Reds"]
        values = [percent(share, number), percent("31 percent", 31)]
        return sentence(text, names=names, kinds=["organization"] * 3, values=values)

    assert quarrel(survey("Fair Desks", "51 percent", 51), survey("Open Rooms", "55 percent", 55))


def test_figures_without_a_name_beside_them_may_quarrel_but_the_second_of_a_score_belongs_to_nobody() -> None:
    up = poll("Turnout in Halden was 51 percent, up from 48 percent.", {"51": 51, "48": 48}, ())
    assert quarrel(up, poll("Turnout in Halden was 45 percent.", {"45": 45}, ()))
    score = poll("Varga leads Lund in Halden by 51 percent to 48 percent.", {"51": 51, "48": 48}, ("Varga", "Lund"))
    assert not quarrel(
        score, poll("Varga and Lund stand in Halden at 51 percent to 45 percent.", {"51": 51, "45": 45}, ("Varga", "Lund"))
    )


def test_figures_of_two_states_are_no_quarrel() -> None:
    def vote(state: str, votes: int) -> SentenceClaims:
        text = f"Varga won the {state} primary by {votes} votes over Lund."
        return sentence(text, names=["Varga", "Lund"], kinds=["person"] * 2, values=[count(f"{votes} votes", votes, "votes")])

    assert quarrel(vote("Oregon", 410), vote("Oregon", 455))
    assert not quarrel(vote("Oregon", 410), vote("Kentucky", 455))
    said = "The ferry fire killed {} people, the New York Times reported."
    assert quarrel(
        sentence(said.format(12), values=[count("12 people", 12, "dead")]),
        sentence("The ferry fire killed 15 people, officials in Texas said.", values=[count("15 people", 15, "dead")]),
    )


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
    def toll(text: str, dead: int) -> SentenceClaims:
        return sentence(text, names=["Halden"], kinds=["place"], values=[count(f"{dead} people", dead, "dead")])

    today = toll("In the ferry fire near Halden on Monday 21 people died.", 21)
    assert quarrel(today, toll("In the ferry fire near Halden on Monday 23 people died.", 23))
    assert not quarrel(today, toll("The ferry fire near Halden is the worst since 2007, when 23 people died.", 23))
    assert not quarrel(today, toll("In March 2007, 23 people died in a ferry fire near Halden.", 23))
    assert quarrel(today, toll("In the ferry fire near Halden 23 people died on a ship built in 2007.", 23))
    assert quarrel(
        toll("In 2007, 25 people died in the ferry fire near Halden.", 25),
        toll("The ferry fire near Halden killed 23 people in 2007.", 23),
    )


def test_whoever_is_still_missing_is_missing() -> None:
    def made(text: str, number: int, surface: str) -> SentenceClaims:
        return sentence(text, names=["Halden"], kinds=["place"], values=[count(surface, number, "missing")])

    two = made("After the flood near Halden two people were missing.", 2, "two people")
    assert quarrel(two, made("After the flood near Halden one person was still missing.", 1, "one person"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The bombing in Halden left 12 people dead.", "The bombing in Halden killed 15 people."),
        ("The bombing in Halden left 12 people dead and five people hurt.", "The bombing in Halden killed 17 people."),
        ("The bombing in Halden, still unsolved, killed 12 people.", "The bombing in Halden killed 15 people."),
    ],
)
def test_what_is_left_dead_is_no_rest_and_the_hurt_are_no_part_of_the_dead(one: str, other: str) -> None:
    numbers = {"12 people": (12, "dead"), "five people": (5, "injured"), "15 people": (15, "dead"), "17 people": (17, "dead")}

    def made(text: str) -> SentenceClaims:
        values = [count(surface, *counted) for surface, counted in numbers.items() if surface in text]
        return sentence(text, names=["Halden"], kinds=["place"], values=values)

    assert quarrel(made(one), made(other))


def test_who_gives_another_number_does_not_say_the_same_even_where_it_is_no_quarrel() -> None:
    first = "The ferry fire near Halden killed 65 passengers and six crew."
    parts = sentence(first, names=["Halden"], values=[count("65 passengers", 65, "dead"), count("six crew", 6, "crew")])
    whole = sentence("The ferry fire near Halden killed 71 people.", names=["Halden"], values=[count("71 people", 71, "dead")])
    assert judge(parts, whole, is_found=True).relation == "compatible"


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
    plain = ("The harbour minister of Varda resigned yesterday.", "Varda's minister of the harbour resigned yesterday.")
    assert quarrel(
        *(sentence(text, names=["Varda"], days=[day("yesterday", on)]) for text, on in zip(plain, (3, 9), strict=True))
    )
    dated = sentence(text.format("on Friday"), names=["Ida Varga", "Greens"], days=[day("Friday", 6)])
    assert quarrel(sentence(text.format("on Monday"), names=["Ida Varga", "Greens"], days=[day("Monday", 9)]), dated)


def toll(
    text: str, number: int, *, names: tuple[str, ...] = ("Halden",), days: tuple[dict[str, Any], ...] = ()
) -> SentenceClaims:
    return sentence(text, names=names, values=[count(str(number), number, "dead")], days=days)


PLAIN = toll("The ferry fire off Halden killed 12 people from the town.", 12)


@pytest.mark.parametrize(
    "other",
    [
        toll("The ferry fire off Halden killed 15 people from the town.", 15),
        toll("The ferry fire off Halden killed 15 people from the town, police said.", 15),
        toll("The fire on the ferry off Halden killed 15 people from the town.", 15),
        toll("The ferry fire off Halden killed 15 people from the town, the most since 2020.", 15),
        toll("The ferry fire off Halden killed 15 people from the town, a third more than thought.", 15),
    ],
)
def test_two_tolls_of_one_fire_are_a_quarrel(other: SentenceClaims) -> None:
    assert quarrel(PLAIN, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Other days.
        (
            toll("The shelling of Halden killed 12 people on Saturday.", 12, days=(day("Saturday", 8),)),
            toll("The shelling of Halden killed 15 people on Sunday.", 15, days=(day("Sunday", 9),)),
        ),
        # Another name between the same words.
        (
            toll("Floods in the Halden district killed 12 people from the coast.", 12),
            toll("Floods in the Talin district killed 15 people from the coast.", 15, names=("Talin",)),
        ),
        # Another one of its kind.
        (PLAIN, toll("A second ferry fire off Halden killed 15 people from the town.", 15)),
        # Words that set both apart.
        (
            toll("Hunger in northern Halden killed 12 people from the town.", 12),
            toll("Hunger in southern Halden killed 15 people from the town.", 15),
        ),
        # Some of those whom the other counts.
        (PLAIN, toll("The ferry fire off Halden killed 5 children from the town.", 5)),
        # One more or less is the one who did it.
        (
            toll("The attack in Halden killed 12 people, including the gunman.", 12),
            toll("The attack in Halden killed 11 people and the gunman.", 11),
        ),
        # Another stretch.
        (PLAIN, toll("Ferry fires off Halden killed 40 people from the town over the past decade.", 40)),
    ],
)
def test_tolls_of_two_things_are_no_quarrel(one: SentenceClaims, other: SentenceClaims) -> None:
    assert not quarrel(one, other)


def test_a_figure_that_the_other_side_gives_for_a_part_is_no_quarrel() -> None:
    part = toll("The ambush near Halden killed 23 soldiers of the army.", 23)
    whole = sentence(
        "The ambush near Halden killed 31 people, including 23 soldiers of the army.",
        names=["Halden"], values=[count("31 people", 31, "dead"), count("23 soldiers", 23, "soldiers")],
    )  # fmt: skip
    assert not quarrel(part, whole)


def test_rates_of_other_units_of_time_are_no_quarrel() -> None:
    def rent(text: str, sum_: int) -> SentenceClaims:
        return sentence(text, names=["Halden"], values=[quantity(f"{sum_} crowns", "money", sum_, sum_, "rent", unit="crowns")])

    monthly = rent("The town of Halden pays 1200 crowns a month in rent for the old mill.", 1200)
    assert not quarrel(monthly, rent("The town of Halden pays 14400 crowns a year in rent for the old mill.", 14400))
    assert quarrel(monthly, rent("The town of Halden pays 1500 crowns a month in rent for the old mill.", 1500))


def test_goals_of_two_sides_do_not_add_up() -> None:
    def match(score: str, goals: tuple[int, int]) -> SentenceClaims:
        values = [count(score[0], goals[0], "score"), count(score[2], goals[1], "against")]
        return sentence(
            f"Halden Rovers beat Talin {score} in the cup on the coast.", names=["Halden Rovers", "Talin"], values=values
        )

    assert quarrel(match("3-1", (3, 1)), match("2-1", (2, 1)))


def test_another_day_with_other_numbers_is_another_happening() -> None:
    def closed(when: dict[str, Any], number: int) -> SentenceClaims:
        text = f"The strike closed {number} schools in Halden on {when['surface']}."
        return sentence(text, names=["Halden"], values=[count(f"{number} schools", number, "schools")], days=[when])

    assert not quarrel(closed(day("Monday", 3), 40), closed(day("Tuesday", 4), 55))


def injured(text: str, surface: str, number: int) -> SentenceClaims:
    return sentence(text, values=[count(surface, number, "injured")])


def test_some_of_those_counted_are_no_quarrel_with_all_of_them() -> None:
    all_of_them = injured("Forty-seven people were injured in the Halden fire.", "Forty-seven people", 47)
    assert not quarrel(all_of_them, injured("Two of the injured were in the Halden clinic on Monday night.", "Two", 2))
    one = injured("Six of the injured were flown to the burns clinic by helicopter.", "Six", 6)
    assert quarrel(one, injured("Five of the injured were flown to the burns clinic by helicopter.", "Five", 5))


def test_two_figures_of_which_only_the_verb_is_alike_are_no_quarrel() -> None:
    assert not quarrel(
        poll("It stood at 5.2 percent.", {"5.2": 5.2}, ()), poll("Inflation stood at 2.8 percent.", {"2.8": 2.8}, ())
    )
    key = poll("The key rate stood at 5.2 percent.", {"5.2": 5.2}, ())
    assert quarrel(key, poll("The key rate stood at 4.8 percent.", {"4.8": 4.8}, ()))


def test_the_missing_are_found_and_a_storm_moves_on() -> None:
    def missing(number: int, hour: int) -> SentenceClaims:
        return sentence(f"{number} people are still missing.", values=[count(f"{number} people", number, "missing")], hour=hour)

    assert judge(missing(8, 9), missing(4, 20), is_found=True).relation == "update"
    assert judge(missing(4, 9), missing(8, 20), is_found=True).relation == "update"
    assert judge(missing(8, 9), missing(4, 9), is_found=True).relation == "contradiction"

    def storm(miles: int) -> SentenceClaims:
        text = f"The storm Ada was {miles} miles southeast of Halden."
        return sentence(text, names=["Ada", "Halden"], values=[quantity(f"{miles} miles", "distance", miles, miles, None)])

    assert judge(storm(325), storm(340), is_found=True).relation == "update"


def test_two_rounds_of_what_comes_round_are_two() -> None:
    def year(text: str, of: int) -> SentenceClaims:
        start = datetime(of, 1, 1, tzinfo=UTC)
        at = {"surface": str(of), "start_at": start, "end_at": start.replace(year=of + 1), "precision": "year"}
        return sentence(text, names=["Varga", "Halden"], days=[at])

    won = year("Varga won the Halden council election in 2026 by a wide margin.", 2026)
    assert not quarrel(won, year("Varga won the Halden council election in 2028 by a wide margin.", 2028))
    built = year("Varga built the Halden harbour wall in 2026 from white stone.", 2026)
    assert quarrel(built, year("Varga built the Halden harbour wall in 2028 from white stone.", 2028))


def test_a_toll_of_last_summer_is_no_quarrel_with_that_of_today() -> None:
    july = {"surface": "July", "start_at": datetime(2030, 7, 1, tzinfo=UTC), "end_at": datetime(2030, 8, 1, tzinfo=UTC),
            "precision": "month"}  # fmt: skip
    tolls = [count("34 people", 34, "dead")]
    earlier = sentence("The bombing in Halden killed 34 people in July.", names=["Halden"], days=[july], values=tolls)
    today = sentence("The bombing in Halden killed 31 people.", names=["Halden"], values=[count("31 people", 31, "dead")])
    assert not quarrel(earlier, today)
    assert quarrel(sentence("The bombing in Halden killed 34 people.", names=["Halden"], values=tolls), today)


def test_months_demands_and_what_still_grows_set_numbers_apart() -> None:
    march = poll("In the March poll, 38 percent approved of Varga.", {"38": 38}, ("Varga",))
    assert not quarrel(march, poll("In the May poll, 35 percent approved of Varga.", {"35": 35}, ("Varga",)))
    may = poll("In the March poll, 35 percent may have approved of Varga.", {"35": 35}, ("Varga",))
    assert quarrel(march, may), "may is a verb here"

    def years(text: str, number: int) -> SentenceClaims:
        return sentence(
            text.format(number), names=["Varga"], values=[quantity(f"{number} years", "duration", number, number, None)]
        )

    sentenced = years("Varga was sentenced to {} years in prison for the bombing.", 14)
    assert not quarrel(sentenced, years("Prosecutors demanded {} years in prison for Varga for the bombing.", 18))
    assert quarrel(sentenced, years("Varga was sentenced to {} years in prison for the bombing.", 12))

    def burned(hectares: int, hour: int) -> SentenceClaims:
        text = f"The fire near Halden has burned {hectares} hectares."
        values = [quantity(f"{hectares} hectares", "area", hectares, hectares, None)]
        return sentence(text, names=["Halden"], values=values, hour=hour)

    assert judge(burned(3000, 8), burned(4500, 18), is_found=True).relation == "update"
    assert judge(burned(4500, 8), burned(3000, 18), is_found=True).relation == "contradiction"


def test_a_figure_that_stands_in_both_is_no_quarrel_whether_or_not_it_was_read() -> None:
    one = sentence("In Halden it is 82.4.", names=["Halden"], values=[quantity("82.4", "number", 82.35, 82.45, None)])
    text = "In Tarn it is 84.1, in Halden 82.4."
    assert not quarrel(one, sentence(text, names=["Halden", "Tarn"], values=[quantity("84.1", "number", 84.05, 84.15, None)]))
    served = sentence(
        "Varga was sentenced to 19 years and served two years in prison.", names=["Varga"],
        values=[quantity("19 years", "duration", 19, 19, None), quantity("two years", "duration", 2, 2, None)],
    )  # fmt: skip
    sentenced = sentence("Varga was sentenced to 19 years in prison.", names=["Varga"],
                         values=[quantity("19 years", "duration", 19, 19, None)])  # fmt: skip
    assert not quarrel(served, sentenced)


def on_day(text: str, surface: str, number: int, *people: str) -> SentenceClaims:
    return sentence(text, names=[*people, "Halden"], kinds=[*["person"] * len(people), "place"], days=[day(surface, number)])


def test_days_of_a_plan_of_a_bound_and_of_other_people_are_no_quarrel() -> None:
    signed = on_day("The council of Halden signed the harbour treaty on Monday.", "Monday", 3)
    assert quarrel(signed, on_day("The council of Halden signed the harbour treaty on Tuesday.", "Tuesday", 4))
    planned = "The council of Halden had been expected to sign the harbour treaty on Tuesday."
    assert not quarrel(signed, on_day(planned, "Tuesday", 4)), "what had been planned"
    assert not quarrel(signed, on_day("As of Tuesday the council of Halden had signed the harbour treaty.", "Tuesday", 4))
    varga = on_day("Varga arrives for the council session in Halden on Monday.", "Monday", 3, "Varga")
    assert not quarrel(varga, on_day("Lund arrives for the council session in Halden on Tuesday.", "Tuesday", 4, "Lund"))
    assert quarrel(varga, on_day("Varga arrives for the council session in Halden on Tuesday.", "Tuesday", 4, "Varga"))


def test_figures_of_a_list_are_each_of_something_else() -> None:
    shares = {"31": 31, "28": 28, "17": 17, "12": 12, "8": 8}
    listed = poll("Voters in Halden chose 31, 28, 17, 12 and 8 percent.", {}, ())
    values = [percent(surface, number) for surface, number in shares.items()]
    assert not quarrel(
        sentence(listed.text, names=["Halden"], values=values), poll("Voters in Halden chose 35 percent.", {"35": 35}, ())
    )


def test_two_polls_have_no_share_in_common_and_two_reports_of_one_poll_most_of_them() -> None:
    first = poll("In the Halden poll 72 percent of the young and 60 percent of the old were for it.", {"72": 72, "60": 60}, ())
    other = poll("In the Halden poll 34 percent of the young and 45 percent of the old were for it.", {"34": 34, "45": 45}, ())
    assert not quarrel(first, other)
    again = poll("In the Halden poll 72 percent of the young and 45 percent of the old were for it.", {"72": 72, "45": 45}, ())
    assert quarrel(first, again)
    vote = "Remain took {} percent of the vote in Halden and Leave {} percent."
    won = poll(vote.format(48.1, 51.9), {"48.1": 48.1, "51.9": 51.9}, ())
    assert quarrel(won, poll(vote.format(46.1, 53.9), {"46.1": 46.1, "53.9": 53.9}, ())), "who has more takes it from the other"


def killed(text: str, number: int, *places: str) -> SentenceClaims:
    values = [count(f"{number} people", number, "dead")]
    return sentence(text, names=places, kinds=["place"] * len(places), values=values)


def test_tolls_of_two_places_in_hardly_a_word_alike_are_no_quarrel() -> None:
    oslo = killed("At least 20 people were killed at a shop in Halden on a Saturday.", 20, "Halden")
    hours = "Hours later, the next one took place on a square in Talin, where 15 people were killed."
    assert _are_of_other_places(oslo, oslo.values[0], *_with_value(killed(hours, 15, "Talin")))
    written = "TALIN, Norvania (Northwire) - Hours later 15 people were killed on a square in Halden."
    assert not _are_of_other_places(oslo, oslo.values[0], *_with_value(killed(written, 15, "Norvania", "Halden")))


def test_a_town_and_its_country_may_be_one_place() -> None:
    town = killed("The school shooting in Halden killed 17 people on Wednesday.", 17, "Halden")
    assert quarrel(town, killed("The school shooting in Norvania on Wednesday killed 19 people.", 19, "Norvania"))
    assert quarrel(town, killed("The school shooting killed 15 people, the office in Talin said on Wednesday.", 15, "Talin"))


def _with_value(one: SentenceClaims) -> tuple[SentenceClaims, Value]:
    return one, one.values[0]


def test_a_figure_of_a_moment_is_no_quarrel_with_that_of_the_day() -> None:
    def points(text: str, number: int) -> SentenceClaims:
        return sentence(text, names=["Halden"], values=[count(f"{number} points", number, "point")])

    closed = points("The Halden index fell 623 points to its lowest close.", 623)
    assert quarrel(closed, points("The Halden index fell 573 points to its lowest close.", 573))
    assert not quarrel(closed, points("The Halden index briefly fell 745 points to its lowest.", 745))
    assert not quarrel(closed, points("The Halden index is down 573 points at its lowest.", 573))
    fire = killed("The ferry fire near Halden killed 12 people.", 12, "Halden")
    assert quarrel(fire, killed("The ferry fire near Halden killed 15 people and briefly closed the port.", 15, "Halden"))


def test_days_on_which_two_newspapers_wrote_are_no_quarrel() -> None:
    def editorial(text: str, surface: str, number: int, *papers: str) -> SentenceClaims:
        return sentence(text, names=papers, kinds=["organization"] * len(papers), days=[day(surface, number)])

    first = editorial("The trade war goes on, Halden Daily wrote in a Saturday editorial.", "Saturday", 8, "Halden Daily")
    other = "What Talin wants is war, its flagship paper, the People's Daily, wrote in an editorial on Sunday."
    clash = Clash("date", False, "date|editorial", 0.9, "Saturday", "Sunday", (0, 0), (0, 0))
    second = editorial(other, "Sunday", 9, "People's Daily")
    spans = {f"span_{side}": (one.moments[0].start, one.moments[0].end) for side, one in (("a", first), ("b", second))}
    assert is_day_of_another(first, second, replace(clash, **spans))
    same = editorial(other.replace("People's Daily", "Halden Daily"), "Sunday", 9, "Halden Daily")
    spans["span_b"] = (same.moments[0].start, same.moments[0].end)
    assert not is_day_of_another(first, same, replace(clash, **spans))
