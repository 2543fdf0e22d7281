"""Gazetteers: what the names of the lists are names of."""

from __future__ import annotations

import pytest

from pipelines.read.gazetteers import clue_words, demonym_country, load_gazetteer


def test_demonyms_lead_to_their_country() -> None:
    assert [demonym_country(w) for w in ("British", "Russian", "Swiss", "South African", "table")] == [
        "United Kingdom", "Russia", "Switzerland", "South Africa", None,
    ]  # fmt: skip


def test_countries_go_by_many_names() -> None:
    countries = load_gazetteer().countries
    assert {countries[n] for n in ("UK", "Britain", "U.K.", "Great Britain")} == {"United Kingdom"}
    assert countries["Côte d'Ivoire"] == countries["Ivory Coast"] == "Ivory Coast"


def test_places_are_found_with_and_without_accents() -> None:
    places = load_gazetteer().places
    assert places["Bogotá"] == places["Bogota"] == "Colombia"
    assert "Port Alma" not in places


def test_every_country_of_the_lists_is_declared() -> None:
    gazetteer = load_gazetteer()
    countries = set(gazetteer.countries.values()) | {""}
    assert set(gazetteer.places.values()) <= countries
    assert set(gazetteer.seats.values()) <= countries


def test_a_list_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        clue_words("no such list")
