"""How claims are put forward: what negates them, and what makes a plan, a guess, a condition or a question of them."""

from __future__ import annotations

import pytest

from pipelines.read.claims import find_claims
from pipelines.read.stance import is_negated, modality
from pipelines.read.syntax import read_unit


def stance(clause: str) -> tuple[str, str]:
    """Polarity and modality of a clause that the outlet states itself."""
    unit = read_unit(clause, 0, len(clause))
    return ("negated" if is_negated(unit) else "affirmed"), modality(unit, clause, ())


@pytest.mark.parametrize(
    "clause",
    [
        "She did not rule out leaving", "She cannot rule out leaving", "It is not impossible to leave",
        "It is not unlikely that the party leaves",
    ],
)  # fmt: skip
def test_what_is_not_ruled_out_is_possible_and_not_negated(clause: str) -> None:
    assert stance(clause) == ("affirmed", "possible")


@pytest.mark.parametrize(
    "clause",
    [
        "The mayor has ruled out leaving", "The mayor has yet to leave", "The two were unable to leave",
        "The talks ended without a deal", "Neither side left", "The mayor refused to leave", "Police could not find the car",
        "The ministry would not say whether the car was found", "The mayor stopped short of leaving",
    ],
)  # fmt: skip
def test_what_did_not_happen_is_negated(clause: str) -> None:
    assert stance(clause) == ("negated", "asserted")


@pytest.mark.parametrize(
    "clause",
    [
        "The talks lasted no more than an hour", "She not only left but sang", "The storm left thousands without power",
        "Nothing but the rain stopped them", "The army, not the police, fired", "The memorial moved in May to the park",
        "Women were more likely to vote for her", "The proposed tax is lower than the old one",
        "He has lived here as long as I have known him",
    ],
)  # fmt: skip
def test_what_looks_like_a_negation_or_a_guess_and_is_none(clause: str) -> None:
    assert stance(clause) == ("affirmed", "asserted")


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("The senator is unlikely to run", ("negated", "possible")),
        ("The coalition may not survive", ("negated", "possible")),
        ("The king will not come", ("negated", "expected")),
        ("The premier plans to visit the town", ("affirmed", "expected")),
        ("Heavy rain is forecast for the coast", ("affirmed", "expected")),
        ("If the vote fails, she will go", ("affirmed", "conditional")),
        ("Should the talks fail, the army would move in", ("affirmed", "conditional")),
        ("The deal will go ahead provided that the regulator agrees", ("affirmed", "conditional")),
        ("The senate should reject the treaty", ("affirmed", "proposed")),
        ("The envoy appealed for a truce", ("affirmed", "proposed")),
        ("It is unclear whether the drug works", ("affirmed", "questioned")),
        ("It was not known how the prisoner escaped", ("affirmed", "questioned")),
        ("Moravec denied having taken the money", ("affirmed", "denied")),
        ("Perhaps the mayor knew of the plan", ("affirmed", "possible")),
        ("The general ordered the strike", ("affirmed", "asserted")),
    ],
)
def test_how_a_claim_is_put_forward(clause: str, expected: tuple[str, str]) -> None:
    assert stance(clause) == expected


def test_an_empty_stretch_asserts_nothing_in_particular() -> None:
    assert stance("") == ("affirmed", "asserted")
    assert find_claims("", [], [], []) == []
