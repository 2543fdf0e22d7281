"""What is claimed, and on whose word. People, places and outlets are invented."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import tables
from pipelines.read.attributions import find_attributions
from pipelines.read.claims import find_claims
from pipelines.read.mentions import find_mentions
from pipelines.read.records import Claim
from pipelines.read.sentences import split_sentences

HEADLINE = "Bridge falls in Drovia"


def read(body: str, headline: str = HEADLINE) -> list[Claim]:
    text = f"{headline}\n\n{body}"
    sentences = split_sentences(text)
    mentions = find_mentions(text, sentences)
    return find_claims(text, sentences, mentions, find_attributions(text, sentences, mentions))


def body_of(body: str) -> list[Claim]:
    return [c for c in read(body) if c.sentence_no > 0]


def path(claim: Claim) -> list[str]:
    return [hop.actor.antecedent or hop.actor.text for hop in claim.hops]


def said(body: str) -> list[tuple[list[str], str]]:
    return [(path(c), c.text) for c in body_of(body)]


def one(body: str) -> Claim:
    claims = body_of(body)
    assert len(claims) == 1, [c.text for c in claims]
    return claims[0]


def test_a_plain_sentence_is_a_claim_of_the_outlet() -> None:
    assert said("The bridge fell on Monday.") == [([], "The bridge fell on Monday")]


def test_the_headline_is_a_claim_without_the_name_of_the_site() -> None:
    claims = read("It rained.", headline="Old bridge falls into the river in Drovia | The Norrland Courier")
    assert claims[0].sentence_no == 0
    assert claims[0].text == "Old bridge falls into the river in Drovia"


@pytest.mark.parametrize(
    ("body", "who", "text"),
    [
        ("“The bridge was old,” said Ida Varga.", "Ida Varga", "The bridge was old"),
        ("Ida Varga said that the bridge was old.", "Ida Varga", "the bridge was old"),
        ("The bridge was old, Ida Varga said.", "Ida Varga", "The bridge was old"),
        ("According to Ida Varga, the bridge was old.", "Ida Varga", "the bridge was old"),
    ],
)
def test_attributed_words_are_claimed_by_their_source(body: str, who: str, text: str) -> None:
    assert said(body) == [([who], text)]


def test_every_sentence_of_a_speech_is_a_claim() -> None:
    assert said("“The bridge was old. It had rusted,” said Ida Varga. “Nobody looked.”") == [
        (["Ida Varga"], "The bridge was old"),
        (["Ida Varga"], "It had rusted"),
        (["Ida Varga"], "Nobody looked"),
    ]


def test_a_chain_names_everybody_between_the_outlet_and_the_words() -> None:
    claims = body_of(
        "The Norrland Courier broke the news. Citing unnamed officials in Drovia, the newspaper announced that, during their "
        "five-hour meeting on Monday, Ida Varga told Jon Holm that the troops would go home."
    )
    chained = [c for c in claims if c.hops]
    assert [path(c) for c in chained] == [["Norrland Courier", "unnamed officials in Drovia", "Ida Varga"]]
    assert chained[0].text == "the troops would go home"
    assert [h.actor.is_anonymous for h in chained[0].hops] == [False, True, False]


def test_circumstances_that_the_outlet_adds_are_its_own() -> None:
    claims = body_of(
        "The minister announced that, during the course of their five-hour meeting on Monday, Ida Varga told Jon Holm the army "
        "would go. "
        "Varga accused the west of 'bad faith' following the six-hour talks yesterday."
    )
    own = [c.text for c in claims if not c.hops]
    assert "during the course of their five-hour meeting on Monday" in own
    assert "following the six-hour talks yesterday" in own
    assert not any("hour" in c.text for c in claims if c.hops)


def test_the_day_on_which_something_was_said_is_told_by_the_outlet() -> None:
    claims = body_of("Ida Varga told the Courier in an interview on Monday that the bridge was old.")
    assert [(path(c), c.text) for c in claims] == [
        ([], "Ida Varga told the Courier in an interview on Monday"),
        (["Ida Varga"], "the bridge was old"),
    ]


def test_a_denied_proposition_is_a_claim_of_who_denies_it() -> None:
    claim = one("Drovia has denied reports that Ida Varga agreed a deal with Jon Holm.")
    assert claim.text == "Ida Varga agreed a deal with Jon Holm"
    assert claim.modality == "denied"
    assert [(h.actor.text, h.cue_kind) for h in claim.hops] == [("Drovia", "denies")]


def test_a_denial_of_a_claim_mentioned_before_keeps_its_words_together() -> None:
    claim = one("The ministry denied the allegations.")
    assert (claim.text, claim.modality) == ("The ministry denied the allegations", "denied")
    assert [h.cue_kind for h in claim.hops] == ["denies"]


def test_refusing_somebody_something_is_no_denial() -> None:
    claim = one("The court denied the request for bail.")
    assert (claim.hops, claim.modality) == ((), "asserted")


def test_a_named_source_keeps_vouching_for_what_another_denies() -> None:
    claims = body_of("Drovia has denied Jon Holm's claim that the army left the town.")
    assert {(tuple(path(c)), c.modality) for c in claims if c.text == "the army left the town"} == {
        (("Drovia",), "denied"),
        (("Jon Holm",), "asserted"),
    }


def test_an_attitude_makes_no_claim_of_its_own() -> None:
    for body in ("Ida Varga praised the new law.", "Ida Varga wants to close the bridge.", "Ida Varga refused to comment."):
        claim = one(body)
        assert claim.hops == ()
        assert claim.text == body.rstrip(".")


def test_what_nobody_said_is_attributed_to_nobody() -> None:
    assert one("Ida Varga did not say whether the bridge was old.").hops == ()


def test_hearsay_is_vouched_for_by_unnamed_sources() -> None:
    claim = one("The mayor is said to have left the country.")
    assert [(h.actor.kind, h.actor.is_anonymous) for h in claim.hops] == [("anonymous", True)]


def test_who_cites_themself_is_one_hop() -> None:
    claim = one("Ida Varga said she had promised that the bridge would stand.")
    assert path(claim) == ["Ida Varga"]
    assert claim.hops[0].cue_kind == "promises"


def test_two_main_clauses_are_two_claims() -> None:
    assert [
        c.text for c in body_of("The old bridge fell into the river on Monday, and the new bridge was closed for a week.")
    ] == [
        "The old bridge fell into the river on Monday",
        "the new bridge was closed for a week",
    ]


def test_a_list_is_not_split() -> None:
    body = "The storm destroyed a bridge, a school in the north, and the only road that led to the sea"
    assert [c.text for c in body_of(body + ".")] == [body]


@pytest.mark.parametrize(
    "body",
    [
        "Read more: How the bridge fell",
        "Follow us on Twitter",
        "Sign up for our newsletter today.",
        "Reporting by Ida Varga; editing by Jon Holm",
        "© 2022 The Norrland Courier. All rights reserved.",
        "Photo: Ida Varga / Agency",
        "IDA VARGA and JON HOLM FOR THE COURIER",
        "By Ida Varga in Oslo",
        "Did the bridge fall?",
        "https://courier.example/bridge",
        "A bridge too far",
        "Click here to see the pictures.",
    ],
)
def test_what_is_no_claim(body: str) -> None:
    assert body_of(body) == []


def test_a_dateline_is_no_part_of_a_claim() -> None:
    assert [c.text for c in body_of("OSLO (Reuters) - The bridge fell on Monday after the storm.")] == [
        "The bridge fell on Monday after the storm"
    ]


def test_a_question_that_somebody_asks_is_a_claim_in_question() -> None:
    claims = body_of("“Who paid for the bridge?” Ida Varga asked.")
    assert [(path(c), c.modality) for c in claims] == [(["Ida Varga"], "questioned")]


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("The army left the town.", "affirmed"),
        ("The army did not leave the town.", "negated"),
        ("The army never left the town.", "negated"),
        ("No soldier left the town.", "negated"),
        ("Nobody left the town.", "negated"),
        ("Neither side signed the treaty.", "negated"),
        ("There was no deal.", "negated"),
        ("The army failed to leave the town.", "negated"),
        ("The minister did not rule out leaving the union.", "affirmed"),
        ("The army not only left the town but burned it.", "affirmed"),
        ("The army left because the town was not safe.", "affirmed"),
        ("The army, not the police, guarded the town.", "affirmed"),
        ("The talks ended without an agreement.", "negated"),
        ("There is no doubt the army left.", "affirmed"),
    ],
)
def test_negation_and_its_scope(sentence: str, polarity: str) -> None:
    assert one(sentence).polarity == polarity


@pytest.mark.parametrize(
    ("sentence", "modality"),
    [
        ("The army left the town.", "asserted"),
        ("The army will leave the town.", "expected"),
        ("The army is set to leave the town.", "expected"),
        ("The army may leave the town.", "possible"),
        ("The army is likely to leave the town.", "possible"),
        ("The army would leave the town if the rain stopped.", "conditional"),
        ("The army should leave the town.", "proposed"),
        ("The opposition called for a new vote.", "proposed"),
        ("The ministry denied that the army had left.", "denied"),
        ("The ministry urged the army to leave.", "proposed"),
        ("Jon Holm asked whether the army had left.", "questioned"),
        ("Jon Holm promised that the army would leave.", "expected"),
    ],
)
def test_how_a_claim_is_put_forward(sentence: str, modality: str) -> None:
    assert one(sentence).modality == modality
    assert modality in tables.MODALITIES


def test_a_sentence_gives_at_most_six_claims() -> None:
    body = "; ".join(f"the storm of the year {1900 + k} destroyed the bridge of the town" for k in range(12)) + "."
    assert 1 <= len(body_of(body)) <= 6


_WORDS = st.sampled_from(
    [*"“”‘’.,?!();—'", '"', "said", "that", "Ida Varga", "he", "denied", "reports", "according to", "citing", "\n\n", "who", "\n",
     "the", "officials", "was", "accused of", "’s", "\u2028", "five-hour meeting on Monday", "not", "if", "will"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_WORDS, max_size=50).map(" ".join)))
def test_any_text_gives_exact_spans_inside_one_sentence(text: str) -> None:
    sentences = split_sentences(text)
    mentions = find_mentions(text, sentences)
    for claim in find_claims(text, sentences, mentions, find_attributions(text, sentences, mentions)):
        sentence = sentences[claim.sentence_no]
        assert text[claim.start : claim.end] == claim.text
        assert claim.text.strip() == claim.text != ""
        assert sentence.start <= claim.start < claim.end <= sentence.end
        assert len(claim.text.splitlines()) == 1
        assert claim.polarity in tables.POLARITIES
        assert claim.modality in tables.MODALITIES
        for hop in claim.hops:
            assert text[hop.actor.start : hop.actor.end] == hop.actor.text


@pytest.mark.parametrize(
    "piece", ["Ida said ", '"A," he said. ', "the reports that ", "that, during ", "WORD ", "By ", "OSLO, ", "“"]
)
def test_a_hostile_text_takes_no_more_than_its_length(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    sentences = split_sentences(text)
    mentions = find_mentions(text, sentences)
    attributions = find_attributions(text, sentences, mentions)
    began = time.process_time()
    find_claims(text, sentences, mentions, attributions)
    assert time.process_time() - began < 5
