"""Gazetteers: what demonyms, capitals, seats and offices stand for."""

from __future__ import annotations

import pytest

from pipelines.read.gazetteers import (
    capital_country,
    clue_words,
    country_name,
    demonym_country,
    government_seat,
    is_office_title,
    load_gazetteer,
    place_country,
)


def test_demonyms_lead_to_their_country() -> None:
    assert [demonym_country(w) for w in ("British", "Russian", "Swiss", "South African", "table")] == [
        "United Kingdom", "Russia", "Switzerland", "South Africa", None,
    ]  # fmt: skip


def test_seats_and_capitals_stand_for_governments() -> None:
    seats = ("the Kremlin", "the White House", "Downing Street", "the Élysée", "Beijing", "Paris", "Port Alma")
    assert [government_seat(s) for s in seats] == [
        "Russia", "United States", "United Kingdom", "France", "China", "France", None,
    ]  # fmt: skip
    assert capital_country("Kiev") == capital_country("Kyiv") == "Ukraine"
    assert capital_country("Kremlin") is None


def test_countries_go_by_many_names() -> None:
    assert {country_name(n) for n in ("the UK", "Britain", "U.K.", "Great Britain")} == {"United Kingdom"}
    assert country_name("Côte d’Ivoire") == country_name("Ivory Coast") == "Ivory Coast"
    assert country_name("Varda") is None


def test_places_are_found_with_and_without_accents() -> None:
    assert place_country("Bogotá") == place_country("Bogota") == "Colombia"
    assert place_country("the Middle East") == ""
    assert place_country("Port Alma") is None


@pytest.mark.parametrize(
    "phrase",
    [
        "President",
        "prime minister",
        "Sen.",
        "Lt. Col.",
        "the former Russian foreign minister",
        "deputy spokesman",
        "ex-president",
    ],
)
def test_offices_are_known(phrase: str) -> None:
    assert is_office_title(phrase)


@pytest.mark.parametrize("phrase", ["", "the", "table", "Ada Quill", "Varda"])
def test_other_phrases_are_no_offices(phrase: str) -> None:
    assert not is_office_title(phrase)


def test_every_country_of_the_lists_is_declared() -> None:
    gazetteer = load_gazetteer()
    countries = set(gazetteer.countries.values()) | {""}
    assert set(gazetteer.places.values()) <= countries
    assert set(gazetteer.seats.values()) <= countries


def test_a_list_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        clue_words("no such list")
