"""Names as the tagger saw them, with kinds decided by the whole article."""

from __future__ import annotations

import pytest

from pipelines.models.tagger import Span
from pipelines.models.tagging import ENTITY_TYPES
from pipelines.read.sentences import split_sentences
from pipelines.read.tagged import mentions_from_names


def _kinds(text: str, *names: tuple[str, dict[str, float]], lists: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """Mentions as (surface, kind); each name with the probability of its types, occurrences in the order of the text."""
    spans, at = [], 0
    for surface, kinds in names:
        start = text.index(surface, at)
        at = start + len(surface)
        chances = tuple(kinds.get(type_, 0.01) for type_ in ENTITY_TYPES)
        spans.append(Span(start, at, max(kinds, key=kinds.__getitem__), max(kinds.values()), chances))
    return [(m.surface, m.kind) for m in mentions_from_names(text, split_sentences(text), spans, lists or {})]


def test_what_an_article_calls_a_name_once_holds_for_all_its_occurrences() -> None:
    text = "Shares rose at Dovrelin on Monday. The ferry operator Dovrelin said so. Dovrelin has 40 boats."
    unsure = ("Dovrelin", {"person": 0.6, "organization": 0.4})
    assert _kinds(text, unsure, unsure, unsure) == [("Dovrelin", "organization")] * 3
    other = text.replace("The ferry operator Dovrelin", "In the town of Vik Dovrelin")
    assert _kinds(other, unsure, unsure, unsure) == [("Dovrelin", "person")] * 3


@pytest.mark.parametrize("said", ["Mr Dovrelin said so", "Dovrelin, 54, said so"])
def test_a_title_or_an_age_makes_a_person(said: str) -> None:
    text = f"{said}. Nobody saw Dovrelin."
    assert _kinds(text, *[("Dovrelin", {"organization": 0.6, "person": 0.3})] * 2) == [("Dovrelin", "person")] * 2


def test_an_acronym_is_what_it_stands_for() -> None:
    text = "The Northern Rail Concord (NRC) was signed in May. The NRC covers rails."
    names = [("Northern Rail Concord", {"other": 0.9}), *[("NRC", {"organization": 0.55, "other": 0.4})] * 2]
    assert [kind for _, kind in _kinds(text, *names)] == ["other"] * 3


def test_a_word_in_capitals_among_small_letters_is_hardly_a_person() -> None:
    unsure = ("SKARV", {"person": 0.7, "organization": 0.3})
    assert _kinds("The prison authority SKARV spoke on Monday.", unsure) == [("SKARV", "organization")]
    assert _kinds("SKARV SPEAKS OUT", unsure) == [("SKARV", "person")]


def test_a_place_within_a_known_place_is_two_places_with_their_own_words() -> None:
    text = "It rained in Halmar, Norland, on Monday."
    named = ("Halmar, Norland", {"place": 0.9})
    assert _kinds(text, named, lists={"Norland": "place"}) == [("Halmar", "place"), ("Norland", "place")]
    assert _kinds(text, named, lists={"Norland": "organization"}) == [("Halmar, Norland", "place")]


def test_a_list_outvotes_a_tagger_that_is_not_sure() -> None:
    text = "OSLO, May 27 - The harbour opened."
    assert _kinds(text, ("OSLO", {"organization": 0.8, "place": 0.2}), lists={"Oslo": "place"}) == [("OSLO", "place")]
