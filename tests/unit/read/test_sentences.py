"""Sentences: where they end, and that no character is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.read.sentences import split_sentences


def sentences_of(text: str, language: str | None = "en") -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text, language)]


@pytest.mark.parametrize(
    "text",
    [
        "Lt. Col. Ian Brody of No. 3 Sqn. spoke on Jan. 5 at 9 a.m. about $1.5 million.",
        "U.S. Sen. J. K. Marlow, R-Ky., met Gov. Ada Quill and Rep. George W. Stone.",
        "The U.S. Army and the U.N. Security Council disagree.",
        "The army left at 5 p.m. Monday, or 6 p.m. Port Alma time.",
        '"What is it?" he asked the minister.',
        '"Stop!" President Ada Varda said.',
        "“Who paid?” Marlow, a former judge, asked on Friday.",
        "Varda v. Alma was heard by Mr. Justice Stone.",
        "Acme Inc. Chief Executive Ada Quill resigned.",
        "PORT ALMA, Fla. (Wire) - A bridge fell.",
        "1. Do not run.",
        "He will ... Marlow insists ... stay.",
        'Former Gov. C.L. "Butch" Stone left office.',
        "It costs 3.5 million, see alma.example/No.1 for more.",
        "Prices rose approx. 3 per cent vs. Varda, i.e. Port Alma.",
        "He visited St. Mary and Mt. Varda with Ian Brody Jr. and Dr. Stone.",
        "… and then it ended.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert sentences_of(text) == [text]


@pytest.mark.parametrize(
    "parts",
    [
        ['"No."', "He left."],
        ["“We won.", "They lost,” he said."],
        ["He left the U.S.", "The army stayed."],
        ["He came at 5 p.m.", "The army left."],
        ["He said no.", "Marlow agreed."],
        ["It was Plan B.", "The rest is known."],
        ["It was 3.", "The rest is known."],
        ["(He left.)", "She stayed."],
        ["Who paid?", "Marlow did."],
        ['"Who paid?"', "She did not know."],
        ["Well...", "He left."],
        ["He works for Acme Inc.", "It makes rope."],
        ["They met in Sept.", "Nothing came of it."],
        ["The plant is in Port Alma, Wis.", "Acme owns it."],
        ["Marlow is an heir of Acme LLC.", "Quill sued."],
        ["It ended in 1999.", "2004 was better."],
        ["He was told so.[12]", "She was not."],
        ["The talks ended without control.1", "Western states agreed."],
        ['He left. "', "She stayed."],
    ],
)
def test_sentences_are_told_apart(parts: list[str]) -> None:
    assert sentences_of(" ".join(parts)) == parts


def test_a_space_lost_between_sentences_does_not_join_them() -> None:
    assert sentences_of("The minister left.The army stayed there.") == ["The minister left.", "The army stayed there."]
    assert sentences_of("He said: “We won.”“They lost.”") == ["He said: “We won.”", "“They lost.”"]


def test_headline_is_sentence_zero_and_paragraphs_count_lines_with_text() -> None:
    text = "Bridge falls in Port Alma\n\nA bridge fell. Nobody was hurt.\n \nIt was old."
    found = split_sentences(text)
    assert [text[s.start : s.end] for s in found] == [
        "Bridge falls in Port Alma", "A bridge fell.", "Nobody was hurt.", "It was old.",
    ]  # fmt: skip
    assert [s.paragraph_no for s in found] == [0, 1, 1, 2]
    assert [s.sentence_no for s in found] == [0, 1, 2, 3]


def test_offsets_are_code_points_whatever_the_script() -> None:
    text = "👍 Cafe\u0301 opens. 桥塌了。没有人受伤。 Ends\u00a0here."
    assert sentences_of(text)[0] == "👍 Cafe\u0301 opens."
    assert sentences_of(text)[-1].endswith("here.")


def test_other_languages_are_split_by_their_own_rules() -> None:
    assert sentences_of("Das ist z. B. so. Er ging.", "de")[-1] == "Er ging."
    assert sentences_of("桥塌了。没有人受伤。", "zh") == ["桥塌了。", "没有人受伤。"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u2028"])
def test_no_text_no_sentences(text: str) -> None:
    assert split_sentences(text) == []


#: Characters that splitters trip over: marks, signs, other scripts' marks, lone surrogates, spaces outside ASCII.
HOSTILE = st.text(
    alphabet=st.sampled_from(list("aAbZ1 .!?…\"'“”‘’()[]«»-—。१\u0301👍\u200b\t中é\x00\xa0\u2028\n\r\ud800")), max_size=60
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(HOSTILE, st.text(max_size=80)), st.sampled_from(["en", "de", "zh", "xx", "", None]))
def test_every_character_lies_in_exactly_one_sentence(text: str, language: str | None) -> None:
    found = split_sentences(text, language)
    covered = [0] * len(text)
    for number, sentence in enumerate(found):
        words = text[sentence.start : sentence.end]
        assert sentence.sentence_no == number
        assert words
        assert words == words.strip()
        assert len(words.splitlines()) == 1
        for i in range(sentence.start, sentence.end):
            covered[i] += 1
    assert all(count <= 1 for count in covered)
    assert all(covered[i] == 1 for i, char in enumerate(text) if not char.isspace())


@pytest.mark.parametrize(
    "unit", ["a", ".", ". ", '"', "“", "(", "U.S. ", '"Hi." ', "A. ", "a.B", ".[1]", "[[", "! Aa ", "\u2028.A"]
)
def test_a_line_without_end_is_read_in_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.process_time()
    split_sentences(text)
    assert time.process_time() - started < 5
