"""Denials and negations beside a statement, found by a search, that are not aimed at it."""

from __future__ import annotations

import pytest
from builders import sentence

from pipelines.compare.no_denial import is_no_denial
from pipelines.compare.readings import SentenceClaims

PUSHED = sentence("Lund pushed Norvania to look into the harbour firm of his rival Varga.", names=["Lund", "Norvania", "Varga"])


def said(text: str) -> SentenceClaims:
    return sentence(text, names=[name for name in ("Lund", "Norvania", "Varga", "Halden") if name in text])


@pytest.mark.parametrize(
    "silent",
    [
        "The ministry did not say who pushed Norvania to look into the harbour firm.",
        "Lund declined to comment on the harbour firm of his rival Varga.",
        "Lund didn't immediately return calls about Norvania and the harbour firm.",
        "Norvania, which looked into the harbour firm, has not given any details.",
    ],
)
def test_who_keeps_silent_contradicts_nobody(silent: str) -> None:
    assert is_no_denial(PUSHED, said(silent), 0.0)
    assert is_no_denial(said(silent), PUSHED, 0.0)


@pytest.mark.parametrize(
    "denying",
    [
        "Lund did not say that Norvania should look into the harbour firm of Varga.",
        "Lund denied that he pushed Norvania to look into the harbour firm of Varga.",
        "Lund denied any pressure on Norvania, and declined to comment on the harbour firm.",
        "Lund refused to push Norvania to look into the harbour firm of Varga.",
    ],
)
def test_who_denies_what_is_stated_may_contradict_it(denying: str) -> None:
    assert not is_no_denial(PUSHED, said(denying), 0.0)


def test_what_is_refused_is_no_statement() -> None:
    assert is_no_denial(said("Halden expelled two diplomats."), said("Norvania is denying entry to two diplomats."), 0.0)


def test_who_denies_wrongdoing_contradicts_only_whoever_accuses_him() -> None:
    denied = said("Lund denied any wrongdoing in the call in which he pushed Norvania to look into the harbour firm.")
    assert is_no_denial(denied, PUSHED, 0.0), "both say that he pushed"
    accused = said("Varga accused Lund of bribery in his push for Norvania to look into the harbour firm.")
    assert not is_no_denial(denied, accused, 0.0)


def test_what_one_side_only_supposes_is_not_stated() -> None:
    denied = said("There was no secret bargain in the call, Lund said.")
    assert is_no_denial(said("Varga would vote against Lund if the inquiry finds a secret bargain."), denied, 1.0)
    assert not is_no_denial(said("Varga said the call was a secret bargain, and asked if Lund knew."), denied, 1.0)


def test_two_sides_that_negate_one_thing_agree_unless_one_affirms_what_the_other_negates() -> None:
    nothing = said("There was no bribery in the call, the council of Halden said.")
    assert is_no_denial(nothing, said("Nobody has shown any bribery, and Lund never called Norvania."), 0.0)
    assert not is_no_denial(nothing, said("Nobody has shown any bribery, and Lund never called Norvania."), 0.5)


def test_who_asks_whether_anybody_would_believe_it_denies_it_too() -> None:
    asked = said("Is anybody foolish enough to believe that I would promise Norvania a harbour, Lund asked.")
    assert is_no_denial(asked, said("Lund denied that he promised Norvania a harbour."), 0.0)
    assert not is_no_denial(asked, said("Lund promised Norvania a harbour."), 0.0)


def test_plain_statements_are_left_to_others() -> None:
    assert not is_no_denial(PUSHED, said("Lund left Norvania alone."), 0.0)
