"""Denials and negations: who takes back what another states, and what only looks like it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.compare.denials import opposites, stance
from pipelines.compare.readings import SentenceClaims
from pipelines.compare.similarity import bag, concept, overlap, stem
from tests.unit.compare.builders import judge, sentence

AGREED = sentence(
    "President Ivo Lund agreed a deal on grain exports with Prime Minister Edda Varga, the Halden Post reported.",
    names=["Ivo Lund", "Edda Varga", "Halden Post"], speaker="Halden Post",
)  # fmt: skip


def test_a_denied_report_stands_against_the_report() -> None:
    denied = sentence(
        "Norvania denied reports that Ivo Lund agreed a deal on grain exports with Edda Varga.",
        names=["Norvania", "Ivo Lund", "Edda Varga"], speaker="Norvania", cue_kind="denies", modality="denied",
    )  # fmt: skip
    verdict = judge(AGREED, denied, is_found=True)
    assert (verdict.relation, verdict.kind, verdict.level) == ("contradiction", "denial", "source")


def test_a_promise_and_a_deal_are_one_thing_to_deny() -> None:
    promised = sentence(
        "Ivo Lund promised Edda Varga that grain exports from Halden would resume.", names=["Ivo Lund", "Edda Varga", "Halden"],
        speaker="Ivo Lund", modality="asserted",
    )  # fmt: skip
    denied = sentence(
        "Norvania denied that Ivo Lund had agreed a deal with Edda Varga on grain exports.",
        names=["Norvania", "Ivo Lund", "Edda Varga"], speaker="Norvania", cue_kind="denies", modality="denied",
    )  # fmt: skip
    assert judge(promised, denied, is_found=True).kind == "denial"


def test_a_denial_without_words_of_its_own_is_about_the_sentence_before_it() -> None:
    denied = sentence(
        "She denied the claim.", speaker="Edda Varga", cue_kind="denies", modality="denied",
        before="Edda Varga agreed a deal on grain exports with Ivo Lund.",
    )  # fmt: skip
    assert {"varga", "lund", "grain"} <= denied.target.words
    assert judge(AGREED, denied, is_found=True).relation == "contradiction"


def test_a_blanket_denial_stands_against_the_accusation_of_whoever_denies() -> None:
    accused = sentence("Prosecutors accused Edda Varga of taking bribes from a shipping firm.", names=["Edda Varga"],
                       speaker="Prosecutors", cue_kind="accuses")  # fmt: skip
    denied = sentence("Varga denied any wrongdoing.", names=["Varga"], speaker="Edda Varga", cue_kind="denies", modality="denied")
    another = sentence("Lund denied any wrongdoing.", names=["Lund"], speaker="Ivo Lund", cue_kind="denies", modality="denied")
    assert judge(accused, denied, is_found=True).kind == "denial"
    assert judge(accused, another, is_found=True).relation != "contradiction"


def test_the_plain_opposite_in_the_outlets_own_words_is_a_negation() -> None:
    signed = sentence("Governor Edda Varga signed the harbour bill in Halden.", names=["Edda Varga", "Halden"])
    not_signed = sentence("Governor Edda Varga did not sign the harbour bill in Halden.", names=["Edda Varga", "Halden"],
                          polarity="negated")  # fmt: skip
    verdict = judge(signed, not_signed, is_found=True)
    assert (verdict.relation, verdict.kind, verdict.level) == ("contradiction", "negation", "outlet")


def test_two_silences_are_one_statement() -> None:
    a = sentence("Neither leader mentioned any such agreement at the press conference in Halden.", names=["Halden"])
    b = sentence("There was no mention of a deal from either leader at the press conference in Halden.", names=["Halden"])
    assert judge(a, b, is_found=True).relation == "corroboration"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Edda Varga delivered a speech at the harbour memorial.", "Ivo Lund did not deliver a speech at the harbour memorial."),
        ("Would Edda Varga sign the harbour bill?", "Edda Varga did not sign the harbour bill."),
        ("Edda Varga may sign the harbour bill.", "Edda Varga did not sign the harbour bill."),
        ("The mistake of Edda Varga was an error of judgment.", "The mistake of Edda Varga was not just an error of judgment."),
        (
            "Edda Varga asked the court for a stay of the harbour ruling.",
            "The court denied Edda Varga a stay of the harbour ruling.",
        ),
    ],
    ids=["another subject", "a question", "a possibility", "not just", "a refused request"],
)
def test_what_only_looks_like_a_denial_is_none(a: str, b: str) -> None:
    names = ["Edda Varga", "Ivo Lund"]
    one, other = (sentence(text, names=[name for name in names if name in text]) for text in (a, b))
    assert judge(one, other, is_found=True).relation != "contradiction"


def test_a_quotation_in_both_articles_is_no_quarrel() -> None:
    words = "we were never told that the harbour would be closed to the fishing boats of Halden"
    a = sentence(f"“{words}”, Varga said, though others had been told.", names=["Varga"], speaker="Varga")
    b = sentence(f"Varga told reporters: “{words}”.", names=["Varga"], speaker="Varga")
    assert judge(a, b, is_found=True).relation != "contradiction"


def test_incompatible_words_of_one_speaker_are_a_quarrel_of_the_outlets() -> None:
    a = sentence("Edda Varga said she signed the harbour bill in Halden.", names=["Edda Varga", "Halden"], speaker="Edda Varga")
    b = sentence("Edda Varga said she did not sign the harbour bill in Halden.", names=["Edda Varga", "Halden"],
                 speaker="Edda Varga", polarity="negated")  # fmt: skip
    assert judge(a, b, is_found=True).level == "outlet"
    anonymous = sentence("Edda Varga did not sign the harbour bill in Halden, officials said.", names=["Edda Varga", "Halden"],
                         speaker="officials", polarity="negated", is_anonymous=True)  # fmt: skip
    assert judge(a, anonymous, is_found=True).level == "source"


def test_who_denies_one_thing_and_states_another_does_not_contradict_himself() -> None:
    denied = sentence("Edda Varga denied that the harbour bill in Halden was signed.", names=["Edda Varga", "Halden"],
                      speaker="Edda Varga", modality="denied")  # fmt: skip
    stated = sentence(
        "The harbour bill in Halden was signed, Edda Varga said.", names=["Edda Varga", "Halden"], speaker="Edda Varga"
    )
    other = sentence("The harbour bill in Halden was signed, Boris Hallam said.", names=["Boris Hallam", "Halden"],
                     speaker="Boris Hallam")  # fmt: skip
    assert judge(denied, stated, is_found=True).relation != "contradiction"
    verdict = judge(denied, other, is_found=True)
    assert (verdict.relation, verdict.kind, verdict.level) == ("contradiction", "denial", "source")


def test_negation_reaches_its_clause_and_no_further() -> None:
    found = stance("Varga did not sign the bill, but the parliament of Halden approved the budget.")
    assert {concept("sign"), concept("bill")} <= found.negated
    assert not {concept("budget"), concept("parliament")} & found.negated


@pytest.mark.parametrize(
    ("text", "negations"),
    [
        ("The harbour did not reopen until June.", 0), ("The harbour won't reopen until the end of next year.", 0),
        ("The wreck wasn’t found until two days later.", 0), ("Not until Tuesday did Varga resign.", 0),
        ("Varga did not pay in June, and did not resign until Tuesday.", 1),
        ("The harbour will not reopen until further notice.", 1),
        ("Varga did not stay until Tuesday.", 1), ("The harbour will not reopen until at least June.", 1),
    ],
)  # fmt: skip
def test_what_did_not_happen_until_a_given_time_is_not_negated(text: str, negations: int) -> None:
    found = stance(text)
    assert found.negations == negations
    assert bool(found.negated) == bool(negations)
    assert (found.negation_at is not None) == bool(negations)


def test_a_late_signature_does_not_contradict_the_signature() -> None:
    signed = sentence("Governor Edda Varga signed the harbour bill in Halden.", names=["Edda Varga", "Halden"])
    late = sentence("Governor Edda Varga did not sign the harbour bill in Halden until June.", names=["Edda Varga", "Halden"])
    later = sentence("Governor Edda Varga did not sign the harbour bill in Halden until further notice.",
                     names=["Edda Varga", "Halden"], polarity="negated")  # fmt: skip
    assert judge(signed, late, is_found=True).relation != "contradiction"
    assert judge(signed, later, is_found=True).relation == "contradiction"


def test_opposites_are_found_both_ways() -> None:
    rose, fell = stance("Wages in Halden rose."), stance("Wages in Halden fell.")
    assert opposites(rose, fell) == ((stem("rise"), stem("fall")),)
    legal, illegal = stance("The strike was legal."), stance("The strike was illegal.")
    assert opposites(legal, illegal) == (("legal", "illegal"),)
    assert opposites(illegal, legal) == (("illegal", "legal"),)
    assert opposites(legal, legal) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("agreed", "agreement"), ("withdraw", "withdrawal"), ("killings", "deadly"), ("promises", "pledged"), ("Moscow", "Russian"),
     ("mentioned", "mention"), ("bodies", "body")],
)  # fmt: skip
def test_forms_of_one_word_count_as_one(one: str, other: str) -> None:
    assert concept(one) == concept(other) is not None


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_strings_have_a_symmetric_overlap_and_a_verdict(one: str, other: str) -> None:
    a, b = overlap(bag(one), bag(other)), overlap(bag(other), bag(one))
    assert a == b
    assert 0.0 <= a.cosine <= 1.0 + 1e-9
    verdict = judge(sentence(one), sentence(other))
    assert 0.0 <= verdict.p_contradiction <= 1.0
    assert 0.0 <= verdict.score <= 1.0


@pytest.mark.parametrize(
    "unit",
    ["no evidence ", "denied ", "not ", "aaaa", "n't ", "reports the ", "“", "reject a ", "not until ", "not early until early "],
)
def test_a_hundred_thousand_characters_take_no_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.process_time()
    stance(text)
    bag(text)
    assert time.process_time() - started < 8


@pytest.mark.parametrize(
    ("text", "is_accusing_varga"),
    [
        ("Two women have accused former Governor Edda Varga of fraud.", True),
        ("Prosecutors blamed the loss of the ferry on Varga.", True),
        ("Varga, who runs the harbour of Halden, has been accused by three captains of fraud.", True),
        ("Brask alleges that in 2024 Varga took the money.", True),
        ("Varga allegedly took the money.", True),
        ("Varga accused the captains of fraud.", False),
        ("A captain was accused by Varga of fraud.", False),
        ("Varga warned of a big price to pay for the alleged attack on the harbour.", False),
        ("Captains accused the company of lying to Varga.", False),
    ],
)
def test_whoever_is_named_beside_an_accusation_is_not_always_the_one_accused(text: str, is_accusing_varga: bool) -> None:
    denied = sentence("Varga denied any wrongdoing.", names=["Varga"], speaker="Edda Varga", cue_kind="denies", modality="denied")
    other = sentence(text, names=["Edda Varga" if "Edda" in text else "Varga"], speaker="the Post")
    assert (judge(other, denied, is_found=True).kind == "denial") is is_accusing_varga


@pytest.mark.parametrize(
    "other",
    [
        # What is looked into is not stated.
        "Ivo Brask asked Norvania for help with the investigation into meddling in the Halden election.",
        # The denial is of something else that the two did.
        "Norvania and Ivo Brask opened the Halden harbour office on Monday.",
    ],
)
def test_a_denial_is_of_what_it_names(other: str) -> None:
    names = ["Norvania", "Ivo Brask", "Halden"]
    text = "Norvania denied that Ivo Brask had meddled in the Halden election."
    denied = sentence(text, names=names, speaker="Norvania", cue_kind="denies", modality="denied")
    told = sentence(other, names=names)
    meddled = sentence("Ivo Brask of Norvania meddled in the Halden election.", names=names, speaker="the Post")
    assert judge(meddled, denied, is_found=True).relation == "contradiction"
    assert judge(told, denied, is_found=True).relation != "contradiction"


def test_who_denies_being_behind_a_thing_leaves_the_thing_standing() -> None:
    attack = sentence("The attack on the Halden harbour office injured a clerk and her daughter.", names=["Halden"])
    denied = sentence("Norvania denied being behind the attack on the Halden harbour office, a clerk and her daughter.",
                      names=["Norvania", "Halden"], speaker="Norvania", cue_kind="denies", modality="denied")  # fmt: skip
    assert judge(attack, denied, is_found=True).relation != "contradiction"


def test_who_is_cleared_of_a_thing_did_not_do_it() -> None:
    cleared = stance("A judge cleared the University of Halden of discriminating against applicants.")
    assert concept("discriminating") in cleared.negated
    assert concept("university") in cleared.plain
    for text in (
        "The council cleared the way for the sale of the mill.",
        "Police cleared the square of protesters.",
        "It was a clear violation of the treaty, and clear evidence of fraud.",
        "It was not immediately clear how many of the hostages were freed.",
    ):
        assert stance(text).negations == ("not" in text), text
    assert stance("The inquiry did not clear Lund of obstruction.").negations == 1


def test_a_theory_that_is_called_debunked_is_not_what_the_sentence_denies() -> None:
    assert not stance("Lund tied the loan to a widely debunked theory about the harbour.").is_plain_denial
    assert stance("The ministry debunked the report about the harbour.").is_plain_denial
    assert stance("The claim was quickly debunked.").is_plain_denial
    assert stance("Lund's family debunked the report.").is_plain_denial


def test_a_pronoun_does_not_contradict_what_is_said_of_somebody_else_by_name() -> None:
    def said(who: str, does: str) -> SentenceClaims:
        names = ["Edda Varga"] if "Varga" in who else []
        return sentence(f"{who} {does}.", names=names, kinds=["person"] * len(names))

    watched = said(
        "Edda Varga",
        "watched a video of the choir singing, and lawyers for the town asked what those voices told her of the mill fire",
    )
    cannot = "cannot watch videos of the choir singing by night in the yard"
    assert judge(watched, said("He", cannot), is_found=True).relation != "contradiction"
    assert judge(watched, said("Edda Varga", cannot), is_found=True).relation == "contradiction"
    spoken = sentence("“I did not watch the video of the choir singing by night,” Varga said in the yard.", names=["Varga"],
                      kinds=["person"], speaker="Varga")  # fmt: skip
    assert judge(watched, spoken, is_found=True).relation == "contradiction"


def test_who_made_the_claims_that_are_denied_is_no_part_of_what_is_denied() -> None:
    paid = sentence("The payments went to two witnesses with the help of his former lawyer Ivo Lund.", names=["Ivo Lund"])
    denied = sentence("Varga denied the claims by his former lawyer Ivo Lund that the payments broke the election act.",
                      names=["Varga", "Ivo Lund"], speaker="Varga", cue_kind="denies", modality="denied")  # fmt: skip
    assert judge(paid, denied, is_found=True).relation != "contradiction"
    gassed = sentence(
        "Norvania used poison gas in the assault on the Halden harbour, doctors said.", names=["Norvania", "Halden"]
    )
    denied = sentence("Norvania denied reports of a poison gas assault on the Halden harbour, and said it would let doctors in.",
                      names=["Norvania", "Halden"], speaker="Norvania", cue_kind="denies", modality="denied")  # fmt: skip
    assert judge(gassed, denied, is_found=True).relation == "contradiction", "reports of it say what is denied"
