"""Mentions: who, what body and where is named, by lists and by shape."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.read.mentions import find_mentions
from pipelines.read.sentences import split_sentences
from pipelines.tables import MENTION_KINDS


def names(text: str, kind: str) -> list[str]:
    return [m.surface for m in find_mentions(text, split_sentences(text)) if m.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Monday President Ada Quill left.", ["Ada Quill"]),
        ("The report names Sen. J. K. Marlow, R-Ky., and Mr. Stone.", ["J. K. Marlow", "Stone"]),
        ("He met former Prime Minister Ian Brody's wife.", ["Ian Brody"]),
        ("Minister of Foreign Affairs Sameh Alder spoke to Kim Jong-un.", ["Sameh Alder", "Kim Jong-un"]),
        ("Officials quoted Juan de la Cruz and Abu Bakr al-Varda.", ["Juan de la Cruz", "Abu Bakr al-Varda"]),
        ("It was built by Tarvo Lindqen, 45, of the village.", ["Tarvo Lindqen"]),
        ("They blame the Quill administration. President Quill denies it.", ["Quill", "Quill"]),
    ],
)
def test_people_are_named_without_their_titles(text: str, expected: list[str]) -> None:
    assert names(text, "person") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It opened in Port Alma, near Lake Orrin.", ["Port Alma", "Lake Orrin"]),
        ("The Republic of Varda borders Brazil and France.", ["Republic of Varda", "Brazil", "France"]),
        ("A man died, the Varda interior ministry said.", ["Varda"]),
        ("The UK-based firm works in the U.S. and in Côte d’Ivoire.", ["UK", "U.S.", "Côte d’Ivoire"]),
        ("PORT ALMA — A bridge fell.", ["PORT ALMA"]),
        ("She lives in Kirrin province.", ["Kirrin"]),
        ("The Ukraine’s neighbours and Bogotá’s mayor met.", ["Ukraine", "Bogotá"]),
    ],
)
def test_places_are_known_by_list_or_by_shape(text: str, expected: list[str]) -> None:
    assert names(text, "place") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Ministry of Trade and Industry told Reuters so.", ["Ministry of Trade and Industry", "Reuters"]),
        ("Shares of Kirrin Steel Corp. fell.", ["Kirrin Steel Corp."]),
        ("The Free Varda Front (FVF) said the FVF would fight.", ["Free Varda Front", "FVF", "FVF"]),
        ("He sued the Department of Justice and the University of Kirrin.", ["Department of Justice", "University of Kirrin"]),
        ("The Attorney General's Office and NATO declined.", ["Attorney General's Office", "NATO"]),
        ("The Food and Drug Administration agreed.", ["Food and Drug Administration"]),
    ],
)
def test_bodies_are_named_whole(text: str, expected: list[str]) -> None:
    assert names(text, "organization") == expected


def test_demonyms_days_and_sentence_openings_are_no_names() -> None:
    text = "Suspected rebels met Russian and South African officials on Monday. Talks failed. Yesterday Muslims protested."
    assert find_mentions(text, split_sentences(text)) == []


def test_a_surname_is_a_person_where_the_full_name_stands_elsewhere() -> None:
    text = "Stone Resigns After Vote\n\nStone resigned. Ida Stone, a former judge, had led the court. In 2019 Stone lost."
    assert names(text, "person") == ["Stone", "Stone", "Ida Stone", "Stone"]


def test_a_headline_in_title_case_names_only_what_the_body_names() -> None:
    text = "Quill Meets Brody in Port Alma as Border Talks Fail\n\nPresident Ada Quill met Ian Brody in Port Alma. Talks failed."
    headline = [m.surface for m in find_mentions(text, split_sentences(text)) if m.sentence_no == 0]
    assert headline == ["Quill", "Brody", "Port Alma"]


def test_a_title_of_one_body_does_not_break_another() -> None:
    text = "General Motors and the Justice Department sued Prince George's County."
    assert names(text, "organization") == ["General Motors", "Justice Department"]
    assert names(text, "place") == ["Prince George's County"]


def test_places_beside_a_hyphen_are_two() -> None:
    assert names("They spoke of the Russia-Ukraine war.", "place") == ["Russia", "Ukraine"]


PIECES = st.sampled_from([
    "Ada", "Quill", "President", "of", "the", "The", "U.S.", "Ministry", "-", "al", "'s", "’s", "and", ",", ". ", "\n", "(", ")",
    "NATO", "in", "Port", "Kim", "Jong", "un", "Jr.", "@", "#", "“", '"', "É", "ǅ", "\u0301", "👍", "中", "Mr.", "de", "May", "R",
    "A", "III", "\ud800",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES, max_size=25).map("".join)))
def test_mentions_lie_apart_each_in_one_sentence(text: str) -> None:
    sentences = split_sentences(text)
    end = 0
    for mention in find_mentions(text, sentences):
        sentence = sentences[mention.sentence_no]
        assert sentence.start <= mention.start < mention.end <= sentence.end
        assert mention.surface == text[mention.start : mention.end]
        assert mention.surface == mention.surface.strip()
        assert mention.kind in MENTION_KINDS
        assert mention.start >= end
        end = mention.end


@pytest.mark.parametrize(
    "unit", ["A ", "Aa ", "A. ", "Ab-", "Of the Bank of ", "Al-", "de la ", "Kim-", "“Aa ", "Ministry of ", "(("]
)
def test_a_text_without_end_is_read_in_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    sentences = split_sentences(text)
    started = time.process_time()
    find_mentions(text, sentences)
    assert time.process_time() - started < 10
