"""Denials and negations beside a statement, found by a search, that are not aimed at it."""

from __future__ import annotations

import pytest
from builders import sentence

from pipelines.compare.no_denial import is_no_denial
from pipelines.compare.readings import SentenceClaims

PUSHED = sentence("Lund pushed Norvania to look into the harbour firm of his rival Varga.", names=["Lund", "Norvania", "Varga"])


def said(text: str) -> SentenceClaims:
    return sentence(text, names=[name for name in ("Lund", "Norvania", "Varga", "Halden") if name in text])


def touches_nothing(one: SentenceClaims, other: SentenceClaims) -> bool:
    """Whether neither denies what the other states, whichever comes first."""
    assert is_no_denial(one, other) == is_no_denial(other, one)
    return is_no_denial(one, other)


@pytest.mark.parametrize(
    "silent",
    [
        "The ministry did not say who pushed Norvania to look into the harbour firm.",
        "Lund won't say who pushed Norvania to look into the harbour firm.",
        "Lund declined to comment on the harbour firm of his rival Varga.",
        "Lund didn't immediately return calls about Norvania and the harbour firm.",
        "Lund did not respond to requests for comment on the harbour firm.",
        "Norvania, which looked into the harbour firm, has not given any details.",
    ],
)
def test_who_keeps_silent_contradicts_nobody(silent: str) -> None:
    assert touches_nothing(PUSHED, said(silent))


@pytest.mark.parametrize(
    ("stated", "denying"),
    [
        (PUSHED.text, "Lund did not say that Norvania should look into the harbour firm of Varga."),
        (PUSHED.text, "Lund denied that he pushed Norvania to look into the harbour firm of Varga."),
        (PUSHED.text, "Lund denied any pressure on Norvania, and declined to comment on the harbour firm."),
        (PUSHED.text, "Lund refused to push Norvania to look into the harbour firm of Varga."),
        ("Lund knew who paid the two witnesses.", "Lund did not know who paid the two witnesses."),
        ("The police responded to calls from the school.", "The police did not respond to calls from the school."),
        ("Lund offered Varga access to the archive.", "Lund denied that he had offered Varga secret access to the archive."),
        ("Norvania paid hackers to meddle in the vote.", "Norvania denied allegations of paying hackers to meddle in the vote."),
    ],
)
def test_who_denies_what_is_stated_may_contradict_it(stated: str, denying: str) -> None:
    assert not touches_nothing(said(stated), said(denying))


def test_what_is_refused_is_no_statement() -> None:
    assert touches_nothing(said("Halden expelled two diplomats."), said("Norvania is denying entry to two diplomats."))
    powers = said("The motion denies the smaller party the kind of access to papers that Varga had.")
    assert touches_nothing(said("The motion gives both parties access to papers."), powers)


def test_who_denies_wrongdoing_contradicts_only_whoever_says_that_he_did_wrong() -> None:
    denied = said("Lund denied any wrongdoing in the call in which he pushed Norvania to look into the harbour firm.")
    assert touches_nothing(denied, PUSHED), "both say that he pushed"
    assert touches_nothing(denied, said("There has been no wrongdoing in the call, the council of Halden said."))
    assert not touches_nothing(denied, said("Varga accused Lund of bribery in his push for Norvania to look into the firm."))
    assert not touches_nothing(denied, said("Lund committed misconduct in the call, an inquiry found."))


def test_what_one_side_only_supposes_is_not_stated() -> None:
    denied = said("There was no secret bargain in the call, Lund said.")
    assert touches_nothing(said("Varga would vote against Lund if the inquiry finds a secret bargain."), denied)
    assert not touches_nothing(said("Varga said the call was a secret bargain, and asked if Lund knew."), denied)
    assert not touches_nothing(said("Asked if he knew, Varga said the call was a secret bargain."), denied)


def test_two_sides_that_negate_one_thing_agree_unless_one_affirms_what_the_other_negates() -> None:
    nothing = said("There was no bribery in the call, the council of Halden said.")
    assert touches_nothing(nothing, said("Nobody has shown any bribery, and Lund never met anyone."))
    met = said("Lund met the buyers but did not sign the harbour treaty.")
    assert not touches_nothing(met, said("Lund never met the buyers and did not sign the harbour treaty."))
    assert not touches_nothing(said("Lund denied that he paid."), said("Lund did not deny that he paid."))


def test_who_asks_whether_anybody_would_believe_it_denies_it_too() -> None:
    asked = said("Is anybody foolish enough to believe that I would promise Norvania a harbour, Lund asked.")
    assert touches_nothing(asked, said("Lund denied that he promised Norvania a harbour."))
    assert not touches_nothing(asked, said("Lund promised Norvania a harbour."))


def test_plain_statements_are_left_to_others() -> None:
    assert not touches_nothing(PUSHED, said("Lund left Norvania alone."))
