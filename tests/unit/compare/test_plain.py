"""Plain opposition: nearly the same sentence, and its opposite; and what only looks like it."""

from __future__ import annotations

from typing import Any

import pytest
from builders import day, quantity, sentence
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.compare.entailment import Entailed
from pipelines.compare.plain import Opposition, are_alike_but_for_numbers, opposition
from pipelines.compare.readings import SentenceClaims
from pipelines.compare.verdicts import judge_sentences, meeting_of

NAMES = ("Lund", "Varga", "Kalia", "Vestria", "Halden")


def said(text: str, **kept: Any) -> SentenceClaims:
    return sentence(text, names=[name for name in NAMES if name in text], **kept)


def met(a: SentenceClaims, b: SentenceClaims) -> Opposition | None:
    """What opposes the two, which must not depend on which side comes first."""
    crossed = meeting_of(a, b).crossed
    found, turned = opposition(a, b, crossed), opposition(b, a, crossed)
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert (found.kind, found.is_all) == (turned.kind, turned.is_all)
        assert found.opposed is None or found.opposed == (turned.opposed or ())[::-1]
    return found


@pytest.mark.parametrize(
    ("one", "other", "opposed"),
    [
        ("The net profit of the bank fell 12 percent.", "The net profit of the bank rose 12 percent.", ("fell", "rose")),
        ("The jury convicted Varga of murder.", "The jury acquitted Varga of murder.", ("convicted", "acquitted")),
        ("The talks in Halden ended with an agreement.", "The talks in Halden ended without an agreement.", ("with", "without")),
        ("The senate approved the new harbour law.", "The senate rejected the new harbour law.", ("approved", "rejected")),
        ("The court ruled the march ban lawful.", "The court ruled the march ban unlawful.", ("lawful", "unlawful")),
        ("Bank shares in Halden closed up.", "Bank shares in Halden closed down.", ("up", "down")),
        ("Lund signed the treaty in Halden.", "Lund did not sign the treaty in Halden.", None),
        ("Kalia will close the harbour plant.", "Kalia will not close the harbour plant.", None),
    ],
)
def test_a_sentence_and_its_opposite_oppose_each_other(one: str, other: str, opposed: tuple[str, str] | None) -> None:
    found = met(said(one), said(other))
    assert found == Opposition("semantic" if opposed else "negation", opposed, is_all=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Another name, another of the kind, other numbers.
        ("Kalia has recognised the new government.", "Vestria has not recognised the new government."),
        ("Varga won the first set of the final.", "Varga lost the second set of the final."),
        ("The bank raised the key rate by 2 points.", "The bank lowered the key rate by 3 points."),
        # A negation that leaves more than the opposite, and one of another word.
        (
            "The senate approved the harbour bill after midnight.",
            "The senate did not approve the harbour bill until after midnight.",
        ),
        ("Lund has won every election in Halden.", "Lund has never lost an election in Halden."),
        ("Four soldiers were wounded in the attack on the base.", "No soldiers were killed in the attack on the base."),
        ("The company said workers would lose their jobs.", "The company did not say how many workers would lose their jobs."),
        # What may be and what will.
        ("Lund would sign the treaty if Kalia did.", "Lund will not sign the treaty."),
        # Hardly the same sentence.
        ("Lund signed the treaty.", "Varga said in the old town hall of Halden that Lund did not sign the treaty on grain."),
    ],
)
def test_what_only_looks_like_the_opposite_is_none(one: str, other: str) -> None:
    numbers = {"2 points": 2, "3 points": 3}

    def read(text: str) -> SentenceClaims:
        values = [quantity(at, "percentage_points", n, n, None) for at, n in numbers.items() if at in text]
        return said(text, values=values)

    assert met(read(one), read(other)) is None


def test_what_changed_from_one_day_to_the_next_is_no_opposite() -> None:
    up, down = "Bank shares in Halden closed up", "Bank shares in Halden closed down"
    assert met(said(up + ".", hour=9), said(down + ".", hour=20)) is None, "the second was published later"
    monday, tuesday = day("Monday", 3), day("Tuesday", 4)
    assert met(said(up + " on Monday.", days=[monday]), said(down + " on Tuesday.", days=[tuesday])) is None
    found = met(said(up + " on Monday.", days=[monday], hour=9), said(down + " on Monday.", days=[monday], hour=20))
    assert found is not None, "both tell of Monday"


def test_more_than_the_opposite_takes_the_encoders_consent() -> None:
    one, other = said("Lund won the long runoff in Halden."), said("Lund lost the runoff in Halden, Varga admitted.")
    sure, unsure = (
        Entailed((0.1, 1 - p - 0.1, p), (0.1, 1 - p - 0.1, p), (p, 0.0, 1 - p, 0.0, 0.0), WEIGHTS) for p in (0.8, 0.1)
    )
    assert judge_sentences(one, other, entailed=sure).relation == "contradiction"
    assert judge_sentences(one, other, entailed=unsure).relation != "contradiction"
    same = said("Lund lost the long runoff in Halden.")
    assert judge_sentences(one, same, entailed=unsure).relation == "contradiction"


#: A final model that takes nothing for a contradiction.
WEIGHTS: dict[str, Any] = {
    model: {"weights": {"constant": -9.0}, "from": 0.5} for model in ("given", "found")
}  # fmt: skip


def test_numbers_may_be_all_that_two_sentences_differ_in() -> None:
    def seats(text: str, number: int) -> SentenceClaims:
        return said(text.format(number), values=[quantity(str(number), "count", number, number, "seat")])

    won = "The Greens won {} seats in parliament."
    assert are_alike_but_for_numbers(seats(won, 61), seats(won, 58))
    assert not are_alike_but_for_numbers(seats(won, 61), seats("The Greens hold {} seats in the upper house of parliament.", 11))


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_two_strings_may_be_asked_about(one: str, other: str) -> None:
    met(sentence(one), sentence(other))
