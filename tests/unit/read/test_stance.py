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
        "It is not unlikely that the party leaves", "She did not rule it out", "The mayor did not rule a sale out",
        "A coup has not been ruled out",
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
        "The court in Ostrel did not rule on the appeal", "The judges have not ruled", "A coup has been ruled out for now",
        "Sabotage was ruled out by the engineers", "The captain has not been ruled out of the final", "Nor did the mayor leave",
        "Nor could police find the car", "Nor would the ministry say whether the car was found", "The mayor had no choice",
        "There was no question of a strike", "Not for the first time did the mayor leave", "Not all of the ships sailed",
        "Not everyone, however, agreed", "Not surprisingly, the mayor did not leave", "He neither confirmed nor denied it",
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
        "He has lived here as long as I have known him", "Nor did the mayor deny the affair",
        "The captain has been ruled out of the final", "The captain has been ruled out for six weeks",
        "The captain was ruled out with a knee injury", "The mayor had no choice but to leave",
        "There is no question that the drug works", "Not surprisingly, the mayor left", "Not for the first time, the mayor left",
        "Not long after the vote, the mayor left", "Not far from the port, the ship sank",
        "Not long after he was elected, the mayor left",
    ],
)  # fmt: skip
def test_what_looks_like_a_negation_or_a_guess_and_is_none(clause: str) -> None:
    assert stance(clause) == ("affirmed", "asserted")


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("The mill did not reopen until June", ("affirmed", "asserted")),
        ("The mill didn’t reopen until mid-June", ("affirmed", "asserted")),
        ("The wreck was not discovered until Tuesday", ("affirmed", "asserted")),
        ("The wreck was not found until several days later", ("affirmed", "asserted")),
        ("Lund was not told until after the vote", ("affirmed", "asserted")),
        ("Not until Tuesday did the mayor leave", ("affirmed", "asserted")),
        ("It was not until 1998 that the bridge opened", ("affirmed", "asserted")),
        ("The road will not reopen until June", ("affirmed", "expected")),
        ("The road is not expected to reopen until the end of next year", ("affirmed", "expected")),
        # no time is given, or none that holds
        ("The mill did not reopen until the rain had stopped", ("negated", "asserted")),
        ("The mill did not reopen until the morning's rain had stopped", ("negated", "asserted")),
        ("The road will not reopen until further notice", ("negated", "expected")),
        ("The road will not reopen until repairs are done", ("negated", "expected")),
        ("The road will not reopen until at least June", ("negated", "expected")),
        ("The road will not reopen until June at the earliest", ("negated", "expected")),
        ("Not until repairs are done will the road reopen", ("negated", "expected")),
        # what was not to go on so long, what is forbidden, what belongs to another clause
        ("The mayor did not stay until Tuesday", ("negated", "asserted")),
        ("The army did not extend the truce until Friday", ("negated", "asserted")),
        ("Visitors must not enter until Friday", ("negated", "asserted")),
        ("The mayor did not know the road was shut until June", ("negated", "asserted")),
        ("The mayor did not resign and left the town until June", ("negated", "asserted")),
    ],
)
def test_what_did_not_happen_until_a_given_time_did_happen(clause: str, expected: tuple[str, str]) -> None:
    assert stance(clause) == expected


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


@pytest.mark.parametrize(
    ("clause", "modality"),
    [
        ("Ivo Lund was questioned by police over the theft", "asserted"),
        ("He was questioned for six hours", "asserted"),
        ("Two of the men were questioned on Monday", "asserted"),
        ("Lund was questioned about the theft", "asserted"),
        ("Detectives in Ostrel questioned two masked men", "asserted"),
        ("Police are questioning a 34-year-old man", "asserted"),
        ("Reporters questioned her about the deal", "asserted"),
        ("A man questioned over the theft has been freed", "asserted"),
        ("The committee questioned the minister over the deal", "asserted"),
        ("Lawyers questioned Edda Varga for two hours", "asserted"),
        ("The legality of the ban was questioned by lawmakers", "questioned"),
        ("Motives were questioned by lawmakers", "questioned"),
        ("It was questioned by lawmakers", "questioned"),
        ("The senator questioned whether the tax works", "questioned"),
        ("The senator questioned the mayor's decision", "questioned"),
        ("The senator questioned the official toll", "questioned"),
        ("Lund questioned Varga's motives in court", "questioned"),
        ("Critics questioned the need for a wall", "questioned"),
        ("Senator Questioned Cost of Palace", "questioned"),
    ],
)
def test_who_is_questioned_is_asked_and_what_is_questioned_is_doubted(clause: str, modality: str) -> None:
    assert stance(clause) == ("affirmed", modality)


@pytest.mark.parametrize(
    ("clause", "modality"),
    [
        ("The premier was to visit the town", "expected"),
        ("Ivo Lund was to speak at the rally", "expected"),
        ("The talks were to begin on Monday", "expected"),
        ("The bridge was to open in June", "expected"),
        ("The new hall was to be built by the port", "expected"),
        ("He was to have spoken on Sunday", "expected"),
        ("The premier was supposed to visit the town", "expected"),
        ("The bridge was meant to open in June", "expected"),
        ("The aim was to free the hostages", "asserted"),
        ("The plan was to open a school", "asserted"),
        ("The mayor's task was to guard the gate", "asserted"),
        ("The effect on the town was to raise prices", "asserted"),
        ("What he wanted was to leave", "asserted"),
        ("She was to become mayor", "asserted"),
        ("It was to be his last match", "asserted"),
        ("The pilot was to blame for the crash", "asserted"),
        ("Worse was to come", "asserted"),
        ("The river was to the left", "asserted"),
        ("A law meant to protect tenants has driven up rents", "asserted"),
        ("If the mayor were to resign, the party would split", "conditional"),
    ],
)
def test_what_was_to_happen_is_a_plan_and_no_fact(clause: str, modality: str) -> None:
    assert stance(clause) == ("affirmed", modality)


def test_an_empty_stretch_asserts_nothing_in_particular() -> None:
    assert stance("") == ("affirmed", "asserted")
    assert find_claims("", [], [], []) == []
