"""The search: which pairs are asked about, and what is seen of a pair among the others."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from builders import sentence
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.compare.candidates import Cell, cells_of
from pipelines.compare.readings import SentenceClaims
from pipelines.compare.search import MOST_ASKED, Proposal, among_others, propose, same_slot, situation
from pipelines.compare.similarity import EVEN

BY_NEARNESS = {"weights": {"constant": -3.0, "near": 5.0}}
TOPICS = ("harbour berths", "quarry dust", "ferry timetable", "school roof", "bridge toll")


def article(number: int, sentences: int) -> list[SentenceClaims]:
    return [
        replace(sentence(f"Varga spoke of the {TOPICS[at % len(TOPICS)]} and matter{at} in town{number}."), sentence_no=at)
        for at in range(sentences)
    ]


def story(articles: int, sentences: int = 12) -> tuple[list[SentenceClaims], list[int]]:
    listed = [one for number in range(articles) for one in article(number, sentences)]
    return listed, [number for number in range(articles) for _ in range(sentences)]


def test_pairs_come_of_articles_that_may_meet_the_likeliest_first() -> None:
    listed, owners = story(3)
    proposals = list(propose(listed, owners, lambda p, q: (p, q) != (0, 2), EVEN, BY_NEARNESS))
    assert [(owners[group[0].i], owners[group[0].j]) for group in proposals] == [(0, 1), (1, 2)]
    for group in proposals:
        assert len(group) == MOST_ASKED
        assert len({(one.i, one.j) for one in group}) == len(group)
        odds = [one.odds for one in group]
        assert odds == sorted(odds, reverse=True)
        assert all(one.odds == pytest.approx(-3 + 5 * one.seen["near"]) for one in group)


def test_what_is_asked_about_a_story_grows_with_its_articles_and_not_with_their_pairs() -> None:
    def asked(articles: int) -> int:
        listed, owners = story(articles, sentences=6)
        return sum(map(len, propose(listed, owners, lambda p, q: True, EVEN, BY_NEARNESS)))

    assert asked(18) < 3 * asked(9)


def test_a_headline_and_a_fragment_are_not_asked_about() -> None:
    headline = replace(sentence("Varga closes the quarry."), title="Varga closes the quarry.")
    listed = [headline, sentence("The quarry closes."), sentence("Lund keeps the quarry open, she said.")]
    assert list(propose(listed, [0, 0, 1], lambda p, q: True, EVEN, BY_NEARNESS)) == []
    body = replace(headline, title="Another title")
    assert [len(group) for group in propose([body, listed[2]], [0, 1], lambda p, q: True, EVEN, BY_NEARNESS)] == [1]


def test_unranked_every_pair_that_shares_words_is_proposed() -> None:
    listed, owners = story(2)
    [group] = propose(listed, owners, lambda p, q: True, EVEN, None)
    [cells] = cells_of([one.target for one in listed], owners, lambda p, q: True, EVEN)
    assert [(one.i, one.j) for one in group] == [(cell.i, cell.j) for cell in cells]


@settings(deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.05, 1), st.floats(0, 1), st.floats(0, 1))
def test_where_two_sentences_stand_does_not_depend_on_which_comes_first(
    p: int, q: int, cosine: float, x: float, y: float
) -> None:
    one = Cell(1, 2, cosine, (p, q), (cosine, 1.0), (p, q), (x, y))
    other = Cell(2, 1, cosine, (q, p), (1.0, cosine), (q, p), (y, x))
    assert situation(one) == pytest.approx(situation(other))


def test_the_clearest_pair_of_a_sentence_stands_above_its_rivals() -> None:
    proposals = [Proposal(0, 5, {}, 0.0), Proposal(0, 6, {}, -1.0), Proposal(1, 7, {}, -2.0)]
    clear, blurred, alone = among_others(proposals, [2.0, 1.0, -3.0], [0.5, 1.5, -1.0])
    assert (clear["above_rivals_least"], blurred["above_rivals_least"]) == (1.0, -1.0)
    assert alone["above_rivals_least"] == alone["above_rivals_most"] == 4.0
    assert [one["likely_rank"] for one in (clear, blurred, alone)] == pytest.approx([0.0, math.log(2), math.log(3)])
    assert (clear["given_odds"], clear["below_best_given"], blurred["given_rank"]) == (0.5, -1.0, 0.0)
    assert (clear["below_likeliest"], alone["below_likeliest"]) == (0.0, -5.0)
    assert [clear["likely_others"], alone["likely_others"]] == pytest.approx([math.log(2), math.log(3)])


def test_pairs_with_a_sentence_or_most_words_in_common_are_of_one_slot() -> None:
    assert same_slot((1, 2), {"quarry"}, (1, 9), {"ferry"})
    assert same_slot((1, 2), {"quarry", "dust", "halden"}, (3, 4), {"quarry", "dust"})
    assert not same_slot((1, 2), {"quarry", "varga"}, (3, 4), {"varga", "ferry", "toll"})
