"""What values are read from the sentences of a news article, and which of them conflict."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_to_num import text2num

from pipelines.read.quantities import counted_class, counted_group, find_quantities
from pipelines.read.quantity_numbers import spelled_value
from pipelines.read.records import Quantity
from pipelines.tables import APPROXIMATIONS, DIMENSIONS

#: Dimension, lower and upper bound, unit, counted.
Measure = tuple[str, float | None, float | None, str | None, str | None]
HOUR, DAY, WEEK, MONTH, YEAR = 3600.0, 86400.0, 604800.0, 2629800.0, 31557600.0
MILE = 1609.344


def only(text: str) -> Quantity:
    """The one quantity of a sentence that has one."""
    quantities = find_quantities(text)
    assert len(quantities) == 1, [(text[q.start : q.end], q.dimension) for q in quantities]
    return quantities[0]


def spans(text: str) -> list[str]:
    return [text[q.start : q.end] for q in find_quantities(text)]


def conflict(a: Quantity, b: Quantity) -> bool:
    """The rule of the definition of contradictions: intervals that do not overlap."""
    low = max(-math.inf if q.lower is None else q.lower for q in (a, b))
    high = min(math.inf if q.upper is None else q.upper for q in (a, b))
    return low > high


# -- what is counted ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "span", "lower", "upper", "counted"),
    [
        ("The council hired 12 teachers.", "12", 12, 12, "teachers"),
        ("Three senior Varnian officials resigned.", "Three", 3, 3, "officials"),
        ("The fleet lost seven aircraft.", "seven", 7, 7, "aircraft"),
        ("Twenty-one villages were cut off.", "Twenty-one", 21, 21, "villages"),
        ("It took one hundred and five firefighters.", "one hundred and five", 105, 105, "firefighters"),
        ("They bought two dozen goats.", "two dozen", 24, 24, "goats"),
        ("He keeps a dozen ferrets.", "a dozen", 12, 12, "ferrets"),
        ("She owns half a dozen boats.", "half a dozen", 6, 6, "boats"),
        ("Some 1,234 ballots were spoiled, 1,235 envelopes not.", "Some 1,234", 1176, 1295, "ballots"),
        ("A 47-page report was leaked.", "47", 47, 47, "page"),
        ("A five-member panel will decide.", "five", 5, 5, "member"),
        ("A 15-strong team set out.", "15", 15, 15, "team"),
        ("Nine of the hostages were flown home.", "Nine", 9, 9, "hostages"),
        ("About 5m people live there.", "About 5m", 4.5e6, 5.499999e6, "people"),
        ("More than 100K users signed up.", "More than 100K", 100_000, None, "users"),
        ("The state has 5 lakh farmers.", "5 lakh", 450_000, 549_999, "farmers"),
        ("They sold half a million scarves.", "half a million", 450_000, 549_999, "scarves"),
        ("Officials from 40 U.S. counties came.", "40", 40, 40, "counties"),
        ("No casualties were reported.", "No", 0, 0, "casualties"),
        ("Only one person stayed.", "one", 1, 1, "person"),
    ],
)  # fmt: skip
def test_counts_carry_their_noun(text: str, span: str, lower: float, upper: float | None, counted: str) -> None:
    q = find_quantities(text)[0]
    assert text[q.start : q.end] == span
    assert (q.dimension, q.unit, q.counted) == ("count", None, counted)
    assert q.lower == pytest.approx(lower, rel=1e-6)
    assert (q.upper is None) if upper is None else (q.upper == pytest.approx(upper, rel=1e-6))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12 people were killed.", [("12", "dead")]),
        ("12 people have been killed in the valley.", [("12", "dead")]),
        ("At least 15 dead in market blast", [("At least 15", "dead")]),
        ("A blast killed 15 and wounded more than 40 others.", [("15", "dead"), ("more than 40", "injured")]),
        ("The boat sank, killing 15.", [("15", "dead")]),
        ("The fire left 12 dead and 30 injured.", [("12", "dead"), ("30", "injured")]),
        ("The death toll rose to 15 on Friday.", [("15", "dead")]),
        ("The death toll from the quake in Ostrel has climbed past 1,217.", [("1,217", "dead")]),
        ("A death toll of 43 was given.", [("43", "dead")]),
        ("The storm claimed 19 lives.", [("19", "dead")]),
        ("19 lives were lost.", [("19", "dead")]),
        ("12 people, including three children, were killed.", [("12", "dead"), ("three", "children")]),
        ("12 people in the village were killed when the roof fell.", [("12", "dead")]),
        ("12 killed, 30 injured", [("12", "dead"), ("30", "injured")]),
        ("Twelve people died.", [("Twelve", "dead")]),
        ("12 people were killed or wounded.", [("12", "casualties")]),
        ("The deaths of 12 people shocked the town.", [("12", "dead")]),
        ("A gunman fatally shot nine people.", [("nine", "dead")]),
        ("Police shot three people dead.", [("three", "dead")]),
        ("Five people were shot and killed.", [("Five", "dead")]),
        ("Police arrested at least 200 people.", [("at least 200", "arrested")]),
        ("Forty people were reportedly detained.", [("Forty", "arrested")]),
        ("Nearly 300 people are still missing.", [("Nearly 300", "missing")]),
        ("The flood displaced 4,000 people.", [("4,000", "displaced")]),
        ("One man died.", [("One", "dead man")]),
    ],
)
def test_casualties_say_what_befell_those_counted(text: str, values: list[tuple[str, str]]) -> None:
    assert [(text[q.start : q.end], q.counted) for q in find_quantities(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("One of the 12 sailors was killed.", [("12", "sailors")]),
        ("None of the 48 passengers was hurt.", [("48", "passengers")]),
        ("Some of its 30 divers drowned.", [("30", "divers")]),
        ("20 people in three trams were hurt.", [("20", "injured"), ("three", "trams")]),
        ("Nine people from the two villages were arrested.", [("Nine", "arrested"), ("two", "villages")]),
        # all of them, an attribute, and what a holder is not
        ("All of the 48 passengers were killed.", [("48", "dead passengers")]),
        ("She met relatives of the 49 people killed.", [("49", "dead")]),
        ("One of the five clerks who died was a baker.", [("five", "dead clerks")]),
        ("The deaths of the 12 miners shocked Ostrel.", [("12", "dead miners")]),
        ("The raid resulted in 12 soldiers killed.", [("12", "dead soldiers")]),
        ("The 12 sailors were killed.", [("12", "dead sailors")]),
    ],
)
def test_what_befalls_a_part_does_not_befall_the_whole(text: str, values: list[tuple[str, str]]) -> None:
    assert [(text[q.start : q.end], q.counted) for q in find_quantities(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("27 soldiers and 11 civilians were killed.", [("27", "dead soldiers"), ("11", "dead civilians")]),
        ("At least 27 soldiers, 11 cooks and three medics died.", [("At least 27", "dead soldiers"), ("11", "dead cooks"),
            ("three", "dead medics")]),
        ("Police in Marl said two men and a child were arrested.", [("two", "arrested men")]),
        ("27 soldiers and 11 civilians killed in Ostrel", [("27", "dead soldiers"), ("11", "dead civilians")]),
        # what stands in front of "and" belongs to another verb, or is no one
        ("The blast destroyed 12 houses and three people were killed.", [("12", "houses"), ("three", "dead")]),
        ("Two teachers arrived and three pupils were arrested.", [("Two", "teachers"), ("three", "arrested pupils")]),
        ("38 deaths and 12 new infected cases were reported.", [("38", "deaths"), ("12", "cases")]),
    ],
)  # fmt: skip
def test_all_parts_of_a_subject_have_its_fate(text: str, values: list[tuple[str, str]]) -> None:
    assert [(text[q.start : q.end], q.counted) for q in find_quantities(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Two suspects in the raid that killed nine were arrested.", [("Two", "suspects"), ("nine", "dead")]),
        ("Two men on a tandem shot dead a judge.", [("Two", "men")]),
        ("Two poachers fatally shot a warden.", [("Two", "poachers")]),
        ("About 40 people at the fair were questioned and two arrested.", [("About 40", "people"), ("two", "arrested")]),
        ("It left four people in hospital and two dead.", [("four", "people"), ("two", "dead")]),
        # one verb alone
        ("Two men shot dead in Ostrel were brothers.", [("Two", "dead men")]),
        ("12 people who were arrested on Friday sang.", [("12", "arrested")]),
        ("12 people in the village that were killed had no shelter.", [("12", "dead")]),
        ("12 people in the north and three in the south were killed.", [("12", "dead"), ("three", "dead")]),
    ],
)
def test_a_fate_does_not_reach_over_another_verb(text: str, values: list[tuple[str, str]]) -> None:
    assert [(text[q.start : q.end], q.counted) for q in find_quantities(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A mother of three was killed.", []),
        ("A father-of-two died.", []),
        ("A father of two young children died.", [("two", "children")]),
        ("A crew of 12 was killed.", [("12", "dead")]),
    ],
)
def test_children_do_not_share_the_fate_of_a_parent(text: str, values: list[tuple[str, str]]) -> None:
    assert [(text[q.start : q.end], q.counted) for q in find_quantities(text)] == values


def test_a_named_group_among_the_dead_is_told_from_all_the_dead() -> None:
    q = only("12 soldiers were killed.")
    assert q.counted == "dead soldiers"
    assert counted_class(q.counted) == counted_class("death") == "dead"
    assert counted_group(q.counted) == "troops"
    assert counted_group(only("12 people were killed.").counted) is None


def test_those_who_kill_are_not_the_dead() -> None:
    text = "12 soldiers killed three gunmen."
    assert [q.counted for q in find_quantities(text)] == ["soldiers", "dead gunmen"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("dead", "killed", "deaths", "fatalities", "bodies", "lives"), "dead"),
        (("injured", "wounded", "hurt", "injuries"), "injured"),
        (("meeting", "talks", "summit", "negotiations", "discussions"), "meeting"),
        (("votes", "vote", "ballots"), "votes"),
        (("soldiers", "troops", "servicemen"), "troops"),
        (("people", "persons", "person"), "people"),
        (("lighthouse", "lighthouses"), "lighthouse"),
        (("city", "cities"), "city"),
        (("votes against",), "votes against"),
        ((None,), None),
        (("",), None),
    ],
)
def test_counted_class_joins_words_for_one_thing(words: tuple[str | None, ...], expected: str | None) -> None:
    assert {counted_class(w) for w in words} == {expected}


# -- what is measured --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        # durations, with what lasted
        ("They held a five-hour meeting.", "five-hour", ("duration", 4.5 * HOUR, 5.5 * HOUR, "s", "meeting")),
        ("After the six-hour-long talks, he left.", "six-hour-long", ("duration", 5.5 * HOUR, 6.5 * HOUR, "s", "talks")),
        ("The talks lasted six hours.", "six hours", ("duration", 5.5 * HOUR, 6.5 * HOUR, "s", "talks")),
        ("The talks, which were held in Ostrel, lasted six hours.", "six hours", ("duration", 5.5 * HOUR, 6.5 * HOUR, "s",
            "talks")),
        ("He spoke after nearly three hours of talks.", "nearly three hours", ("duration", 2.7 * HOUR, 3 * HOUR, "s", "talks")),
        ("They met for more than five hours.", "more than five hours", ("duration", 5 * HOUR, None, "s", "meeting")),
        ("They came after a week of hearings.", "a week", ("duration", 0.9 * WEEK, 1.1 * WEEK, "s", "hearings")),
        ("It took an hour and a half.", "an hour and a half", ("duration", 1.35 * HOUR, 1.65 * HOUR, "s", None)),
        ("A two-and-a-half-hour session followed.", "two-and-a-half-hour", ("duration", 2.25 * HOUR, 2.75 * HOUR, "s",
            "session")),
        ("It ran two hours and 20 minutes.", "two hours and 20 minutes", ("duration", 8370, 8430, "s", None)),
        ("They faced hourlong queues.", "hourlong", ("duration", 0.9 * HOUR, 1.1 * HOUR, "s", "queues")),
        ("The months-long probe is over.", "months-long", ("duration", 2 * MONTH, 23 * MONTH, "s", "probe")),
        ("She was sentenced to 5 years in prison.", "5 years", ("duration", 4.5 * YEAR, 5.5 * YEAR, "s", "prison")),
        ("It will take 10 to 15 days.", "10 to 15 days", ("duration", 10 * DAY, 15 * DAY, "s", None)),
        ("A 10- to 15-minute test was given.", "10- to 15-minute", ("duration", 600, 900, "s", "test")),
        ("It goes on for several weeks.", "several weeks", ("duration", 3 * WEEK, 9 * WEEK, "s", None)),
        # money
        ("The $3.5 billion deal was signed.", "$3.5 billion", ("money", 3.45e9, 3.55e9, "USD", "deal")),
        ("It cost 20 million euros.", "20 million euros", ("money", 19.5e6, 20.5e6, "EUR", None)),
        ("It found £300m in savings.", "£300m", ("money", 295e6, 305e6, "GBP", "savings")),
        ("He stole Rs 500 crore.", "Rs 500 crore", ("money", 4.95e9, 5.05e9, "INR", None)),
        ("It lost $5bn last year.", "$5bn", ("money", 4.5e9, 5.5e9, "USD", None)),
        ("It fetched US$40 million.", "US$40 million", ("money", 39.5e6, 40.5e6, "USD", None)),
        ("It fetched EUR 40 million.", "EUR 40 million", ("money", 39.5e6, 40.5e6, "EUR", None)),
        ("It fetched A$40.", "A$40", ("money", 40, 40, "AUD", None)),
        ("A fine of 50 billion won was set.", "50 billion won", ("money", 49.5e9, 50.5e9, "KRW", None)),
        ("The $3-5 billion plan failed.", "$3-5 billion", ("money", 3e9, 5e9, "USD", "plan")),
        ("It wants between $3 million and $5 million.", "between $3 million and $5 million", ("money", 3e6, 5e6, "USD", None)),
        ("It cost hundreds of millions of dollars.", "hundreds of millions of dollars", ("money", 1.5e8, 2e9, "USD", None)),
        ("A ticket is 90 cents.", "90 cents", ("money", 0.9, 0.9, "USD", None)),
        ("They earn $16 an hour.", "$16", ("money", 16, 16, "USD", None)),
        # shares
        ("Prices rose 5%.", "5%", ("percentage", 4.75, 5.25, "percent", None)),
        ("Prices rose five per cent.", "five per cent", ("percentage", 4.75, 5.25, "percent", None)),
        ("Some said 83 percent of voters agreed.", "83 percent", ("percentage", 82.5, 83.5, "percent", "voters")),
        ("It needs 35-40 percent.", "35-40 percent", ("percentage", 35, 40, "percent", None)),
        ("It needs 35% to 40%.", "35% to 40%", ("percentage", 35, 40, "percent", None)),
        ("It fell 2.5 percentage points.", "2.5 percentage points", ("percentage_points", 2.45, 2.55, "percentage_point", None)),
        ("It added 25 basis points.", "25 basis points", ("percentage_points", 0.245, 0.255, "percentage_point", None)),
        ("Half of the members left.", "Half", ("percentage", 45, 55, "percent", "members")),
        ("It needs a two-thirds majority.", "two-thirds", ("percentage", 60, 73.4, "percent", "majority")),
        ("More than a third of pupils left.", "More than a third", ("percentage", 33.3, None, "percent", "pupils")),
        ("One in five women agreed.", "One in five", ("percentage", 18, 22, "percent", "women")),
        # other measures, in base units
        ("The border is 200km away.", "200km", ("distance", 195_000, 205_000, "m", None)),
        ("It lies less than two miles off.", "less than two miles", ("distance", None, 2 * MILE, "m", None)),
        ("A 40-mile convoy approached.", "40-mile", ("distance", 39.5 * MILE, 40.5 * MILE, "m", "convoy")),
        ("He stands 6ft 2in.", "6ft 2in", ("distance", 1.867, 1.893, "m", None)),
        ("It burned 500 acres.", "500 acres", ("area", 495 * 4046.856, 505 * 4046.856, "m2", None)),
        ("A 20 million-square-foot plant opened.", "20 million-square-foot", ("area", 1_811_609, 1_904_512, "m2", "plant")),
        ("They found 3 tonnes of coffee.", "3 tonnes", ("mass", 2700, 3300, "kg", "coffee")),
        ("They found 20 pounds of explosives.", "20 pounds", ("mass", 19.5 * 0.45359, 20.5 * 0.45359, "kg", "explosives")),
        ("It sank with 50 litres.", "50 litres", ("volume", 0.0495, 0.0505, "m3", None)),
        ("Winds reached 110 mph.", "110 mph", ("speed", 105 * 0.44704, 115 * 0.44704, "m/s", None)),
        ("It was minus 10 degrees Celsius.", "minus 10 degrees Celsius", ("temperature", -10.5, -9.5, "celsius", None)),
        ("It was 100 degrees Fahrenheit.", "100 degrees Fahrenheit", ("temperature", 37.5, 38.06, "celsius", None)),
        ("The 500 MW plant shut.", "500 MW", ("power", 495e6, 505e6, "W", None)),
        ("It used 3.6 GWh.", "3.6 GWh", ("energy", 3.55 * 3.6e12, 3.65 * 3.6e12, "J", None)),
        # ages
        ("Jane Roe, 43, said so.", "43", ("age", 43, 43, "year", None)),
        ("A 43-year-old woman fell.", "43-year-old", ("age", 43, 43, "year", "woman")),
        ("He is 43 years old.", "43 years old", ("age", 43, 43, "year", None)),
        ("A girl aged five fell.", "aged five", ("age", 5, 5, "year", None)),
        ("Adults aged between 18 and 25 vote.", "aged between 18 and 25", ("age", 18, 25, "year", None)),
        ("A man in his 40s fell.", "40s", ("age", 40, 49, "year", None)),
        ("A man in his late thirties fell.", "late thirties", ("age", 36, 39, "year", None)),
        ("A six-month-old lamb fell.", "six-month-old", ("age", 0.5, 0.5, "year", "lamb")),
        # ordinals, votes, scales
        ("It was their third summit.", "third", ("ordinal", 3, 3, None, "summit")),
        ("On the 22nd day of the siege it rained.", "22nd", ("ordinal", 22, 22, None, "day")),
        ("It is the second-largest city.", "second", ("ordinal", 2, 2, None, "city")),
        ("On day 34 of the strike it rained.", "34", ("ordinal", 34, 34, None, "day")),
        ("A magnitude 6.4 quake struck.", "6.4", ("number", 6.35, 6.45, None, "magnitude")),
        ("A Category 3 storm struck.", "3", ("number", 3, 3, None, "category")),
    ],
)  # fmt: skip
def test_measures(text: str, span: str, expected: Measure) -> None:
    dimension, lower, upper, unit, counted = expected
    q = only(text)
    assert text[q.start : q.end] == span
    assert (q.dimension, q.unit, q.counted) == (dimension, unit, counted)
    assert (q.lower is None) if lower is None else (q.lower == pytest.approx(lower, rel=2e-3))
    assert (q.upper is None) if upper is None else (q.upper == pytest.approx(upper, rel=2e-3))


def test_a_vote_gives_both_sides_the_larger_first_by_name() -> None:
    text = "The assembly voted 9-396 against the bill."
    assert [(text[q.start : q.end], q.lower, q.counted) for q in find_quantities(text)] == [
        ("9", 9, "votes against"),
        ("396", 396, "votes"),
    ]
    assert spans("It passed by a vote of 316 to 90.") == ["316", "90"]
    assert [q.counted for q in find_quantities("The vote was 234 to 193.")] == ["votes", "votes against"]
    assert [q.counted for q in find_quantities("A 7-2 decision came.")] == ["votes", "votes against"]
    assert [q.counted for q in find_quantities("The Herons won 3-1.")] == ["score", "score against"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The motion passed by 218 votes to 209.", [(218, "votes"), (209, "votes against")]),
        ("Lawmakers rejected the treaty 130 to 12.", [(130, "votes"), (12, "votes against")]),
        ("She won 311 votes.", [(311, "votes")]),
    ],
)
def test_votes_are_counts_however_they_are_put(text: str, expected: list[tuple[int, str]]) -> None:
    found = find_quantities(text)
    assert [(q.lower, q.counted) for q in found] == expected
    assert {q.dimension for q in found} == {"count"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bank raised its rate by half a percentage point.", ("percentage_points", 0.475, 0.525)),
        ("It moved by 0.8 of a percentage point.", ("percentage_points", 0.76, 0.84)),
        ("The risk fell by a third.", ("percentage", 30, 36.7)),
        ("He led the party for half a century.", ("duration", 45 * YEAR, 55 * YEAR)),
        ("It lies half a mile off.", ("distance", 0.45 * MILE, 0.55 * MILE)),
        ("It wants at least a 20 percent stake.", ("percentage", 20, None)),
        ("It will be below minus 20 degrees Celsius.", ("temperature", None, -20)),
        ("The Otters finished fourth.", ("ordinal", 4, 4)),
        ("At 78, she is the eldest.", ("age", 78, 78)),
        ("The premier, 52, has asthma.", ("age", 52, 52)),
        ("Children under 12 ride free.", ("age", None, 12)),
        ("They asked people between the ages of 18 and 30.", ("age", 18, 30)),
        ("A 7.4-magnitude quake struck.", ("number", 7.35, 7.45)),
    ],
)
def test_values_that_need_the_words_around_them(text: str, expected: tuple[str, float | None, float | None]) -> None:
    q = only(text)
    dimension, lower, upper = expected
    assert q.dimension == dimension
    assert (q.lower is None) if lower is None else (q.lower == pytest.approx(lower, rel=1e-2))
    assert (q.upper is None) if upper is None else (q.upper == pytest.approx(upper, rel=1e-2))


def test_a_change_gives_both_values_with_the_unit_of_the_second() -> None:
    text = "Prices rose from 10 to 15 percent."
    assert [(text[q.start : q.end], q.dimension) for q in find_quantities(text)] == [
        ("10", "percentage"),
        ("15 percent", "percentage"),
    ]
    assert find_quantities("Fares cost from 10 to 15 euros.")[0].approximation == "range"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Ostrel crude rose $1.10 to $85.40.", [("$1.10", 1.10, 1.10), ("$85.40", 85.40, 85.40)]),
        ("Profit at the mill fell by £20m to £140m.", [("£20m", 19.5e6, 20.5e6), ("£140m", 135e6, 145e6)]),
        ("Jobs rose by 21,000 to 1.33 million.", [("21,000", 20_500, 21_500), ("1.33 million", 1.325e6, 1.335e6)]),
        ("The toll climbed by a further 12 to 340.", [("12", 12, 12), ("340", 340, 340)]),
        ("The herd grew by 2 million to 14 million.", [("2 million", 1.8e6, 2.2e6), ("14 million", 13.5e6, 14.5e6)]),
        # ranges of what a change may come to
        ("Rents go up by 4 to 6 percent.", [("4 to 6 percent", 4, 6)]),
        ("Fares will rise by $2 to $3.", [("$2 to $3", 2, 3)]),
        ("Levels rise by 2 to 6 degrees Celsius.", [("2 to 6 degrees Celsius", 2, 6)]),
        ("The herd grew by 2 to 14 million.", [("2 to 14 million", 2e6, 14e6)]),
        ("The guild grew by 30 to 40 weavers.", [("30 to 40", 30, 40)]),
        ("The guild has 10 to 40 weavers.", [("10 to 40", 10, 40)]),
    ],
)
def test_a_change_and_its_result_are_no_range(text: str, values: list[tuple[str, float, float]]) -> None:
    found = find_quantities(text)
    assert [text[q.start : q.end] for q in found] == [span for span, _, _ in values]
    for q, (_, lower, upper) in zip(found, values, strict=True):
        assert q.lower == pytest.approx(lower, rel=6e-3)
        assert q.upper == pytest.approx(upper, rel=6e-3)


# -- bounds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("modifier", "approximation", "lower", "upper"),
    [
        ("", "exact", 40, 40),
        ("exactly ", "exact", 40, 40),
        ("about ", "approximate", 38, 42),
        ("around ", "approximate", 38, 42),
        ("some ", "approximate", 38, 42),
        ("roughly ", "approximate", 38, 42),
        ("an estimated ", "approximate", 38, 42),
        ("nearly ", "approximate", 36, 40),
        ("almost ", "approximate", 36, 40),
        ("just under ", "approximate", 36, 40),
        ("just over ", "approximate", 40, 44),
        ("at least ", "at_least", 40, None),
        ("more than ", "at_least", 40, None),
        ("over ", "at_least", 40, None),
        ("no fewer than ", "at_least", 40, None),
        ("upwards of ", "at_least", 40, None),
        ("up to ", "at_most", None, 40),
        ("as many as ", "at_most", None, 40),
        ("fewer than ", "at_most", None, 40),
        ("no more than ", "at_most", None, 40),
        ("between 30 and ", "range", 30, 40),
        ("30 to ", "range", 30, 40),
        ("30-", "range", 30, 40),
    ],
)
def test_modifiers_make_bounds_and_belong_to_the_span(
    modifier: str, approximation: str, lower: float | None, upper: float | None
) -> None:
    text = f"The mill employs {modifier}40 weavers."
    q = only(text)
    assert (q.approximation, q.lower, q.upper, q.counted) == (approximation, lower, upper, "weavers")
    assert text[q.start : q.end] == (f"{modifier}40" if modifier != "exactly " else "40")


@pytest.mark.parametrize(("text", "approximation"), [
    ("It hired 40 or more weavers.", "at_least"), ("It hired 40+ weavers.", "at_least"), ("It hired 40-odd weavers.",
        "approximate"),
    ("It hired 40 or so weavers.", "approximate"), ("It ran 40 minutes or less.", "at_most"),
])  # fmt: skip
def test_modifiers_behind_a_number(text: str, approximation: str) -> None:
    assert only(text).approximation == approximation


@pytest.mark.parametrize(
    ("text", "span", "lower", "upper"),
    [
        ("Nobody under the age of 16 may row.", "under the age of 16", None, 16),
        ("Drivers over the age of 75 are tested.", "over the age of 75", 75, None),
        ("Voters under age 30 stayed in.", "under age 30", None, 30),
        ("Boys aged 15 and under ride free.", "aged 15 and under", None, 15),
        ("He left Ostrel at the age of 16.", "age of 16", 16, 16),
        ("Mr Roe is aged 15 and under the law he is a child.", "aged 15", 15, 15),
        ("The bridge carries a maximum fine of $5,000.", "$5,000", None, 5000),
        ("She faces a maximum prison sentence of 20 years.", "20 years", None, 20 * YEAR),
        ("He was given a minimum term of 20 years.", "20 years", 20 * YEAR, None),
        ("He was sentenced to 25 years to life.", "25 years to life", 25 * YEAR, None),
        ("He was given a term of 20 years.", "20 years", 19.5 * YEAR, 20.5 * YEAR),
    ],
)
def test_bounds_that_words_further_off_make(text: str, span: str, lower: float | None, upper: float | None) -> None:
    q = only(text)
    assert (text[q.start : q.end], q.lower is None, q.upper is None) == (span, lower is None, upper is None)
    assert lower is None or q.lower == pytest.approx(lower)
    assert upper is None or q.upper == pytest.approx(upper)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("The talks lasted three hours longer than planned.", None),
        ("The talks lasted three hours less than in May.", None),
        ("The talks lasted three hours.", "talks"),
    ],
)
def test_a_difference_is_not_the_length_of_what_lasted(text: str, counted: str | None) -> None:
    assert only(text).counted == counted


@pytest.mark.parametrize(
    ("text", "dimension", "lower", "upper"),
    [
        ("The population is 8.4m.", "number", 8.35e6, 8.45e6),
        ("The final was watched by 4.2m.", "number", 4.15e6, 4.25e6),
        ("The 1.5m-strong union of weavers voted.", "count", 1.45e6, 1.55e6),
        ("Of the voters, 1.1m of them stayed in.", "number", 1.05e6, 1.15e6),
        ("They built a 5m wall.", "distance", 4.5, 5.5),
        ("The tower for users is 8.4m.", "distance", 8.35, 8.45),
        ("The hut stands 8.4m from the road.", "distance", 8.35, 8.45),
    ],
)
def test_an_m_is_millions_of_people_or_metres(text: str, dimension: str, lower: float, upper: float) -> None:
    q = only(text)
    assert q.dimension == dimension
    assert q.lower == pytest.approx(lower, rel=1e-3)
    assert q.upper == pytest.approx(upper, rel=1e-3)


def test_an_m_is_the_same_on_both_sides_of_a_change() -> None:
    assert [q.dimension for q in find_quantities("Sales fell to 1.3m from 1.5m last year.")] == ["number", "number"]
    assert [q.dimension for q in find_quantities("The river rose to 3.2m from 2.1m.")] == ["distance", "distance"]


@pytest.mark.parametrize(
    ("text", "span", "lower", "upper"),
    [
        ("The error is plus or minus 3 percentage points.", "plus or minus 3 percentage points", 2.85, 3.15),
        ("It was minus 3 degrees Celsius.", "minus 3 degrees Celsius", -3.5, -2.5),
        ("Three-quarters of a million people came.", "Three-quarters of a million", 675_000, 825_000),
        ("It cost two thirds of a billion dollars.", "two thirds of a billion dollars", 6e8, 7.334e8),
        ("A million and a half people came.", "A million and a half", 1.35e6, 1.65e6),
        ("Two million and a half people came.", "Two million and a half", 2.25e6, 2.75e6),
        ("One in 200 people agreed.", "One in 200", 0.45, 0.55),
        ("One in 1,000 lambs is black.", "One in 1,000", 0.09, 0.11),
        ("Seven in 10 support it.", "Seven in 10", 63, 77),
        ("The league saw one in 30 minutes.", "30 minutes", 1770, 1830),
    ],
)
def test_numbers_in_uncommon_forms(text: str, span: str, lower: float, upper: float) -> None:
    q = only(text)
    assert text[q.start : q.end] == span
    assert q.lower == pytest.approx(lower, rel=2e-3)
    assert q.upper == pytest.approx(upper, rel=2e-3)


def test_a_half_behind_a_magnitude_may_belong_to_the_next() -> None:
    assert spans("They want between a million and a half million.") == ["a million", "a half million"]
    assert spans("Phase 1 in 15 towns began.") == ["15"]


def test_a_ratio_is_no_vote() -> None:
    assert spans("The Otters won by a margin of two to one.") == []
    assert [q.counted for q in find_quantities("It passed by a vote of two to one.")] == ["votes", "votes against"]
    assert [q.counted for q in find_quantities("The court split by a margin of two to one.")] == ["votes", "votes against"]


@pytest.mark.parametrize(
    ("text", "covers", "excludes"),
    [
        ("Dozens of people came.", (24, 60, 100), (5, 1000)),
        ("Hundreds of people came.", (200, 800, 1500), (60, 5000)),
        ("Thousands of people came.", (2000, 12_000), (800, 50_000)),
        ("Tens of thousands of people came.", (20_000, 90_000), (5000, 900_000)),
        ("Several people came.", (3, 7), (2, 20)),
        ("A few people came.", (3, 5), (20,)),
        ("A couple of people came.", (2, 3), (6,)),
        ("Several hundred people came.", (300, 800), (100, 2000)),
        ("Scores of people came.", (40, 90), (10, 500)),
    ],
)
def test_vague_words_cover_what_readers_take_them_for(text: str, covers: tuple[int, ...], excludes: tuple[int, ...]) -> None:
    q = only(text)
    assert q.approximation == "vague"
    assert q.lower is not None
    assert q.upper is not None
    assert all(q.lower <= v <= q.upper for v in covers)
    assert not any(q.lower <= v <= q.upper for v in excludes)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        # the edge cases that the definition of contradictions decides
        ("a five-hour meeting", "six-hour talks", True),
        ("talks of more than five hours", "six hours of talks", False),
        ("12 people were killed", "the death toll rose to 15", True),
        ("at least 12 people were killed", "killing 15", False),
        ("some 16 people", "15 people", False),
        ("dozens of people", "60 people", False),
        ("about 850 people", "roughly 1,000 people", True),
        ("about 850 people", "roughly 900 people", False),
        ("about 40 people", "41 people", False),
        ("nearly 3 million people", "2.9 million people", False),
        ("$3.5 billion", "$3.6 billion", True),
        ("$15bn", "$15.25 billion", False),
        ("$5 billion", "$5.7 billion", True),
        ("roughly $4 billion", "$4.5 billion", True),
        ("20 million-square-foot", "21.5 million square feet", True),
        ("about 700,000 people", "roughly 690,000 people", False),
        ("nearly 10 percent", "9.7 percent", False),
        ("83% of voters", "more than 80 percent of voters", False),
        ("a 10-minute speech", "a nine-minute speech", True),
        ("a two-week storm", "a week of storm", True),
        ("435 miles", "700 km", False),
        ("six feet", "1.83 metres", False),
        ("for about a month", "for 30 days", False),
        ("for two years", "for 17 months", True),
        ("a 43-year-old woman", "a woman aged 42", True),
        ("a 5-3 vote", "a 5-4 vote", False),
        ("3 tons of rice", "3 tonnes of rice", False),
        ("100 degrees Fahrenheit", "38 degrees Celsius", False),
    ],
)
def test_conflicts_are_intervals_that_do_not_overlap(a: str, b: str, expected: bool) -> None:
    first, second = find_quantities(a)[0], find_quantities(b)[0]
    assert (first.dimension, first.unit) == (second.dimension, second.unit)
    assert conflict(first, second) is expected
    assert conflict(second, first) is expected


@given(st.integers(1, 99), st.sampled_from(["million", "billion"]))
def test_neighbouring_roundings_never_meet(number: int, magnitude: str) -> None:
    a, b = only(f"{number / 10} {magnitude} people"), only(f"{(number + 1) / 10} {magnitude} people")
    assert conflict(a, b)


# -- spelled numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "seven", "thirteen", "twenty-one", "ninety nine", "one hundred", "one hundred and five", "three hundred twenty-four",
        "twelve hundred", "two thousand and one", "twenty-five thousand one hundred", "two hundred thousand",
        "one million two hundred thousand", "three billion", "six hundred and seventy-eight thousand nine hundred and ten",
    ],
)  # fmt: skip
def test_spelled_numbers_agree_with_text2num(words: str) -> None:
    assert spelled_value(words) == text2num(words, "en")


UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def spell(n: int) -> str:
    """A cardinal in words, by the schoolbook."""
    units = UNITS
    tens = TENS
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        if n >= size:
            rest = n % size
            return f"{spell(n // size)} {name}" + (f"{' and' if rest < 100 else ''} {spell(rest)}" if rest else "")
    if n >= 100:
        return f"{units[n // 100]} hundred" + (f" and {spell(n % 100)}" if n % 100 else "")
    if n < 20:
        return units[n]
    return tens[n // 10] + (f"-{units[n % 10]}" if n % 10 else "")


@given(st.integers(1, 10**12 - 1))
def test_every_cardinal_in_words_is_read_back(n: int) -> None:
    assert spelled_value(spell(n)) == n


@given(st.integers(2, 10**9))
def test_separators_do_not_change_a_number(n: int) -> None:
    a, b = only(f"They counted {n:,} lamps."), only(f"They counted {n:,} lamps again.")
    assert (a.lower, a.upper) == (b.lower, b.upper)
    assert a.lower is not None
    assert a.upper is not None
    assert a.lower <= n <= a.upper
    assert a.upper - a.lower <= n / 10


# -- what is no quantity -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "It began in 2022.", "The 2016 election was close.", "He ruled from 1967 to 1979.", "The 2016-17 season ended.",
        "It was the 1990s.", "In the '90s it was so.", "They met on February 9.", "They met on 9 Feb.", "On Feb. 9-11 they met.",
        "Published 2022-02-09.", "Published 09/02/2022.", "It struck at 5:30 pm.", "It struck at 6 p.m. sharp.",
        "At 18:05 it rang.",
        "Doors open at 1800 GMT.", "Call 555-0143.", "Call +44 20 7946 0958.", "Call 1-800-555-0143.", "Under Article 5 it acts.",
        "He sat in Room 12.", "He lives at No. 10.", "A Boeing 737 landed.", "The G20 met.", "COVID-19 spread.",
        "An F-16 landed.",
        "Take Highway 61.", "They read Psalm 23.", "One of the men left.", "No one came.", "They saw one another.",
        "He is the one.",
        "Second, he said, it is late.", "It works 24/7.", "Since 9/11 it has changed.", "Version 2.3.1 is out.",
        "Two days ago it rained.", "In the past three days it rained.", "Follow @dove52 at https://a.example/p/123.",
        "The Group of Seven met.", "He had second thoughts.", "The first lady came.", "They had zero patience.",
        "It is a one-sided war.",
        "He may be the second to go.", "On second thought, no.", "A couple wed.", "The half-brother left.", "5G phones sell.",
        "He lives on the twenty-sixth floor.", "It is the 21st century.", "They played a 4-4-2.", "Ring 020 7946 0021.",
        "It is at 14 Mill Lane.", "The Group of 20 met.", "Hide Caption 3 of 19 Photos", "At one point he wept.",
        "She changed her mind two days later.", "The truce of Christmas Day 1914 held.",
    ],
)  # fmt: skip
def test_names_dates_and_pronouns_are_no_quantities(text: str) -> None:
    assert spans(text) == []


def test_a_numbered_list_is_read_without_its_numbers() -> None:
    assert spans("1. Bring tea.\n2) Bring 12 cups.") == ["12"]


def test_a_shirt_number_in_brackets_is_no_value() -> None:
    assert spans("The forwards Roe (7) and Doe (11) kneel.") == []


# -- spans and robustness ----------------------------------------------------------------------------------------------


def test_only_what_lies_within_the_bounds_is_given_and_the_sentence_around_is_used() -> None:
    text = "The talks in the old mill lasted six hours. 12 people were killed."
    claim = text.index("lasted")
    assert [q.counted for q in find_quantities(text, claim, text.index("."))] == ["talks"]
    assert find_quantities(text, text.index("people")) == []
    inside_number = text.index("12") + 1
    assert find_quantities(text, inside_number) == []
    assert [q.counted for q in find_quantities(text, text.index("12"), text.index("12") + 2)] == ["dead"]


def test_modifiers_outside_the_bounds_still_bound_the_value() -> None:
    text = "At least 15 sheep ran."
    q = find_quantities(text, text.index("15"))[0]
    assert (text[q.start : q.end], q.lower, q.upper) == ("15", 15, None)


def check(text: str, quantities: list[Quantity], start: int, end: int) -> None:
    position = start
    for q in quantities:
        assert position <= q.start < q.end <= end, (text[q.start : q.end], position)
        assert text[q.start : q.end] == text[q.start : q.end].strip(), text
        position = q.end
        assert q.dimension in DIMENSIONS
        assert q.approximation in APPROXIMATIONS
        assert q.lower is not None or q.upper is not None
        for bound in (q.lower, q.upper):
            assert bound is None or math.isfinite(bound)
        if q.lower is not None and q.upper is not None:
            assert q.lower <= q.upper


WORDS = """
12 1,000 3.5 1.2.3 0 00 007 999999999999999999 one two twenty hundred thousand million billion dozen dozens scores half a an
the third quarter second first and or to between from of in at least most more than about nearly over up $ € £ % percent
per cent points basis - – — , . : ; / ' ’ ” ( ) + people killed dead injured soldiers were who hours hour five-hour year-old
years old aged km miles MW ° C °C km/h m k bn crore Rs no No. Article Room May February 2022 Monday p.m. 5:30 vote voted 5-4
death toll rose so odd mıllion thouſand couple several few long ago past minus ½ ٣ ² é İ 𝟙 U.S. Jane Roe COVID-19 such
by men was who shot mother under age maximum sentence life of them quarters that among
"""
PIECES = st.lists(st.sampled_from([*WORDS.split(), "\n", ""]), max_size=25).map(" ".join)


#: Letters that a regular expression without regard to case takes for s, i and k.
TWINS = str.maketrans("sik", "ſıK")
ANY_TEXT = st.one_of(
    PIECES, PIECES.map(lambda t: t.replace(" ", "")), PIECES.map(lambda t: t.translate(TWINS)), st.text(max_size=200)
)


@pytest.mark.parametrize(
    ("text", "words", "about"),
    [
        ("It was for the 60 or so million who vote.", "60 or so million", 60e6),
        ("The 20-or-so million viewers saw it.", "20-or-so million", 20e6),
        ("It cost 3 or so billion dollars.", "3 or so billion dollars", 3e9),
        ("Some 30-odd thousand troops left.", "Some 30-odd thousand", 30e3),
        ("It cost $3 or so billion.", "$3 or so billion", 3e9),
        ("The 60 or so crore voters came.", "60 or so crore", 6e8),
    ],
)
def test_or_so_may_stand_between_a_number_and_its_magnitude(text: str, words: str, about: float) -> None:
    (found,) = find_quantities(text)
    assert text[found.start : found.end] == words
    assert found.approximation == "approximate"
    assert found.lower is not None
    assert found.upper is not None
    assert 0.89 * about < found.lower < about < found.upper < 1.11 * about


def test_a_range_shares_the_magnitude_behind_or_so() -> None:
    (found,) = find_quantities("Between 50 and 60 or so million people came.")
    assert (found.lower, found.upper) == (50e6, 60e6)
    # Letters that a regular expression takes for i and s are no magnitude.
    assert [q.upper for q in find_quantities("It was for the 60 or so mıllion and 3 or so thouſand who vote.")] == [63.0, 4.0]


@settings(max_examples=300)
@given(ANY_TEXT, st.integers(0, 60), st.integers(0, 200))
def test_any_text_gives_ordered_spans_within_it(text: str, start: int, length: int) -> None:
    check(text, find_quantities(text), 0, len(text))
    end = min(len(text), start + length)
    check(text, find_quantities(text, start, end), start, end)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "a ",
        " ",
        "12 ",
        "one and ",
        "1-",
        "1,",
        "$1 to ",
        "between 1 and ",
        "at least ",
        "million ",
        "killed ",
        "12 people in the ",
        "12 men and ",
        "12 men, 3 ",
        "$1 rose by ",
        "1m from ",
        "plus or minus 1 ",
        "two thirds of a ",
    ],
)
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    size = 100_000 if piece in ("1", "a ", " ") else 20_000
    text = (piece * (size // len(piece) + 1))[:size]
    begun = time.process_time()
    check(text, find_quantities(text), 0, len(text))
    assert time.process_time() - begun < 8
