"""Whose words they are where the tagger's parts and the rules meet. People, places and outlets are invented."""

from __future__ import annotations

import pytest

from pipelines.models.tagger import Span, Tags
from pipelines.read.attributions import find_attributions
from pipelines.read.claims import find_claims
from pipelines.read.mentions import find_mentions
from pipelines.read.sentences import split_sentences

HEADLINE = "Bridge falls in Drovia"

#: Who vouches, outermost first, each with the kind of the cue; the words; how they are put forward.
Read = tuple[list[str], str, str]
#: Source, cue and contents of one attribution as the tagger links them; an empty source is none.
Linked = tuple[str, str, list[str]]


def tagged(text: str, *links: Linked) -> Tags:
    """Tags with the given parts, each found in the text after its headline unless it stands there only."""
    tags = Tags()
    made: list[tuple[Span, int, str]] = []
    for number, (source, cue, contents) in enumerate(links):
        for label, words in (("source", source), ("cue", cue), *(("content", c) for c in contents)):
            if words:
                start = text.find(words, text.index("\n\n"))
                start = text.index(words) if start < 0 else start
                made.append((Span(start, start + len(words), label, 0.9), number, label))
    made.sort(key=lambda m: m[0].start)
    tags.parts = [span for span, _, _ in made]
    for k, (_, number, label) in enumerate(made):
        if label == "cue":
            tags.links += [(k, j) for j, (_, other, part) in enumerate(made) if other == number and part != "cue"]
    return tags


def read(body: str, *links: Linked, headline: str = HEADLINE) -> list[Read]:
    """The claims of an article but for the headline above, by rules alone where no links are given."""
    text = f"{headline}\n\n{body}"
    sentences = split_sentences(text)
    mentions = find_mentions(text, sentences)
    found = find_attributions(text, sentences, mentions, tagged(text, *links) if links else None)
    return [
        ([f"{h.actor.antecedent or h.actor.text} {h.cue_kind}" for h in c.hops], c.text, c.modality)
        for c in find_claims(text, sentences, mentions, found)
        if c.text != HEADLINE
    ]


@pytest.mark.parametrize(
    ("body", "who", "text"),
    [
        ("The minister left, the Harbour Post reported, citing a senior official.",
         ["Harbour Post reports", "a senior official reports"], "The minister left"),
        ("Citing three officials, the Capital Times said the cabinet had met.",
         ["Capital Times says", "three officials reports"], "the cabinet had met"),
        ("According to the Harbour Post, citing people close to the board, the bank had failed.",
         ["Harbour Post says", "people close reports"], "the bank had failed"),
        ("The bank had failed, according to the Harbour Post, citing two traders.",
         ["Harbour Post says", "two traders reports"], "The bank had failed"),
        ("The bank had failed, according to the Harbour Post, which cited two traders.",
         ["Harbour Post says", "two traders reports"], "The bank had failed"),
        # What a decision rests on is nobody who speaks.
        ("The court, citing a lack of evidence, said the case was closed.", ["The court says"], "the case was closed"),
        ("The mayor, citing the law, said the case was closed.", ["The mayor says"], "the case was closed"),
        ("According to the Harbour Post, the bank had failed.", ["Harbour Post says"], "the bank had failed"),
    ],
)  # fmt: skip
def test_who_is_cited_stands_behind_the_outlet_that_cites(body: str, who: list[str], text: str) -> None:
    assert read(body) == [(who, text, "asserted")]


def test_the_tagger_leaves_the_chain_to_the_rules() -> None:
    body = "The minister left, the Harbour Post reported, citing a senior official."
    links = [("the Harbour Post", "reported", ["The minister left"]), ("the Harbour Post", "citing", ["a senior official"])]
    assert read(body, *links) == [(["Harbour Post reports", "a senior official reports"], "The minister left", "asserted")]


@pytest.mark.parametrize(
    ("headline", "body", "link", "claims"),
    [
        ("Police deny cover-up", "Two men died in custody in Kelby last year.",
         ("Police", "deny", ["cover-up\n\nTwo men died in custody"]),
         [(["Police denies"], "Police deny cover-up", "denied"),
          ([], "Two men died in custody in Kelby last year", "asserted")]),
        ("Port of Kelby closed", "The union said the strike went on.",
         ("The union", "said", ["Port of Kelby closed", "the strike went on"]),
         [([], "Port of Kelby closed", "asserted"), (["The union says"], "the strike went on", "asserted")]),
        # The speaker of a headline that is a quotation is told below it.
        ("“The port of Kelby was empty”", "Ida Varga said that the strike went on.",
         ("Ida Varga", "said", ["“The port of Kelby was empty”", "that the strike went on"]),
         [(["Ida Varga says"], "The port of Kelby was empty", "asserted"),
          (["Ida Varga says"], "the strike went on", "asserted")]),
    ],
)  # fmt: skip
def test_no_attribution_crosses_the_end_of_the_headline(headline: str, body: str, link: Linked, claims: list[Read]) -> None:
    assert read(body, link, headline=headline) == claims


def test_paragraphs_of_a_text_do_not_part_what_is_said() -> None:
    body = "“The bridge was old,” Ida Varga said.\n\n“Nobody looked.”"
    link = ("Ida Varga", "said", ["“The bridge was old,”", "“Nobody looked.”"])
    assert read(body, link) == [
        (["Ida Varga says"], "The bridge was old", "asserted"),
        (["Ida Varga says"], "Nobody looked", "asserted"),
    ]


@pytest.mark.parametrize(
    ("body", "link", "who", "text"),
    [
        ("Residents were told that the water was safe.", ("Residents", "were told", ["that the water was safe"]),
         ["unnamed sources says"], "the water was safe"),
        ("The council had been warned that the bridge was unsafe.",
         ("The council", "had been warned", ["that the bridge was unsafe"]), ["unnamed sources says"], "the bridge was unsafe"),
        ("Ms Hall is accused of failing to call a doctor.", ("Ms Hall", "is accused of", ["failing to call a doctor"]),
         ["unnamed sources accuses"], "Ms Hall is accused of failing to call a doctor"),
        ("He is alleged to have stolen a boat.", ("He", "is alleged", ["to have stolen a boat"]),
         ["unnamed sources says"], "He is alleged to have stolen a boat"),
        ("Jon Holm was charged with murder.", ("", "was charged with", ["murder"]),
         ["unnamed sources accuses"], "Jon Holm was charged with murder"),
        ("Residents were told to leave the town.", ("Residents", "were told", ["to leave the town"]),
         [], "Residents were told to leave the town"),
        ("Residents were told by the mayor that the water was safe.", ("the mayor", "were told", ["that the water was safe"]),
         ["the mayor says"], "the water was safe"),
        ("Neither minister has been charged with fraud.", ("Neither minister", "has been charged with", ["fraud"]),
         [], "Neither minister has been charged with fraud"),
        ("Ida Varga was quoted as saying the talks had failed.", ("Ida Varga", "was quoted as saying", ["the talks had failed"]),
         ["Ida Varga says"], "the talks had failed"),
        ("The court was told that Jon Holm had left.", ("The court", "was told", ["that Jon Holm had left"]),
         ["The court says"], "Jon Holm had left"),
        ("Ida Varga was telling residents that the water was safe.",
         ("Ida Varga", "was telling residents", ["that the water was safe"]), ["Ida Varga says"], "the water was safe"),
    ],
)  # fmt: skip
def test_who_was_told_or_accused_is_no_source(body: str, link: Linked, who: list[str], text: str) -> None:
    assert [(hops, words) for hops, words, _ in read(body, link)] == [(who, text)]


@pytest.mark.parametrize(
    ("body", "who", "text"),
    [
        ("The bank pushed back on reports that it had cut 2,000 jobs.", "The bank", "it had cut 2,000 jobs"),
        ("The minister hit out at claims that he had misled parliament.", "The minister", "he had misled parliament"),
        ("The party distanced itself from reports that its leader had left.", "The party", "its leader had left"),
        ("Claims that the minister took a bribe were denied by his office.", "his office", "the minister took a bribe"),
        (
            "Claims that the deal he signed was illegal were dismissed by the court.",
            "the court",
            "the deal he signed was illegal",
        ),
    ],
)
def test_who_turns_a_report_down_denies_what_it_says(body: str, who: str, text: str) -> None:
    assert read(body) == [([f"{who} denies"], text, "denied")]


def test_the_tagger_may_see_the_noun_alone_of_what_is_turned_down() -> None:
    link = ("", "reports", ["that its leader had left"])
    body = "The party distanced itself from reports that its leader had left."
    assert read(body, link) == [(["The party denies"], "its leader had left", "denied")]
    link = ("", "Claims", ["that the minister took a bribe were denied by his office"])
    body = "Claims that the minister took a bribe were denied by his office."
    assert read(body, link) == [(["his office denies"], "the minister took a bribe", "denied")]


@pytest.mark.parametrize(
    ("body", "claims"),
    [
        ("Reports that Carrow had laid off staff were false, the company said.",
         [(["the company says"], "Reports that Carrow had laid off staff were false", "asserted"),
          (["the company denies"], "Carrow had laid off staff", "denied")]),
        ("Rel's allegation that the vote was rigged has been dismissed by the courts.",
         [(["the courts denies"], "the vote was rigged", "denied"), (["Rel accuses"], "the vote was rigged", "asserted")]),
        ("Claims that the vote was rigged were false.", [([], "Claims that the vote was rigged were false", "asserted")]),
        # The verb after the clause is the sentence's own; nobody denies anything.
        ("The mayor's claim that the bridge was old was read in court.",
         [([], "The mayor's claim that the bridge was old was read in court", "asserted"),
          (["The mayor says"], "the bridge was old", "asserted")]),
        ("Jon Holm read out reports that the deal he signed was illegal.",
         [(["unnamed sources reports"], "the deal he signed was illegal", "asserted")]),
    ],
)  # fmt: skip
def test_the_clause_of_a_claim_ends_where_its_own_verb_begins(body: str, claims: list[Read]) -> None:
    assert [c for c in read(body) if c[1] != "Jon Holm read out reports"] == claims


@pytest.mark.parametrize(
    ("cue", "claim"),
    [
        ("neither confirmed nor denied",
         ([], "The ministry neither confirmed nor denied that the army had left", "asserted")),
        ("denied", (["The ministry denies"], "the army had left", "denied")),
    ],
)  # fmt: skip
def test_who_neither_confirms_nor_denies_says_nothing(cue: str, claim: Read) -> None:
    body = f"The ministry {cue} that the army had left."
    assert read(body, ("The ministry", cue, ["that the army had left"])) == [claim]


def test_who_responds_to_reports_has_not_made_them() -> None:
    link = ("The mayor", "responded to reports", ["that the bridge was old"])
    assert (["unnamed sources reports"], "the bridge was old", "asserted") in read(
        "The mayor responded to reports that the bridge was old.", link
    )
    link = ("The mayor", "repeated claims", ["that the bridge was old"])
    assert read("The mayor repeated claims that the bridge was old.", link) == [
        (["The mayor says"], "the bridge was old", "asserted")
    ]


@pytest.mark.parametrize(
    ("body", "is_denied"),
    [
        ("Rebels rejected a truce offered by the government.", False),
        ("The union rejected an improved offer made on Friday.", False),
        ("The court rejected an appeal filed by the bank.", False),
        ("The court dismissed a lawsuit brought by the bank.", False),
        ("The minister rejected claims made by the opposition.", True),
        ("The minister dismissed a series of allegations made by the union.", True),
        ("The minister dismissed suggestions the bank had lied.", True),
    ],
)
def test_who_refuses_an_offer_denies_nothing(body: str, is_denied: bool) -> None:
    ((who, _, modality),) = read(body)
    assert (bool(who), modality == "denied") == (is_denied, is_denied)


def test_a_participle_between_commas_takes_its_own_phrase_only() -> None:
    body = "The suspect, said to be armed, fled to Oslo."
    assert read(body, ("", "said", ["The suspect", "to be armed, fled to Oslo"])) == [
        (["unnamed sources says"], "The suspect, said to be armed", "asserted"),
        ([], "The suspect, said to be armed, fled to Oslo", "asserted"),
    ]
    body = "The suspect, believed to own gold, silver and arms, fled to Oslo."
    assert read(body, ("", "believed", ["The suspect", "to own gold, silver and arms"]))[-1] == ([], body.rstrip("."), "asserted")
    body = "The suspect is said to be armed, tired and hungry."
    assert read(body, ("", "is said", ["The suspect", "to be armed, tired and hungry"])) == [
        (["unnamed sources says"], "The suspect is said to be armed, tired and hungry", "asserted")
    ]


@pytest.mark.parametrize("by", ["by Wireline", "in the Harbour Post"])
def test_who_told_it_first_does_not_vouch_for_it(by: str) -> None:
    body = f"The deal, first reported {by}, is worth millions."
    link = ("", "first reported", ["The deal", "is worth millions"])
    assert read(body, link) == [([], body.rstrip("."), "asserted")]


@pytest.mark.parametrize(
    ("body", "who", "text"),
    [
        ("State television quoted Minister Omar Dell as saying the company was insolvent.",
         ["State television reports", "Omar Dell says"], "the company was insolvent"),
        ("Nils Lund was quoted by the Harbour Post as saying that the bridge was old.",
         ["Harbour Post reports", "Nils Lund says"], "the bridge was old"),
        ("Omar Dell was quoted as saying by the Harbour Post that the bridge was old.",
         ["Harbour Post reports", "Omar Dell says"], "the bridge was old"),
        ("“The bridge was old,” Omar Dell was quoted as saying by the Harbour Post.",
         ["Harbour Post reports", "Omar Dell says"], "The bridge was old"),
        # Nobody is quoted as saying a thing here.
        ("The agency cited the drought as a reason for the prices.", [],
         "The agency cited the drought as a reason for the prices"),
    ],
)  # fmt: skip
def test_who_quotes_and_who_is_quoted_are_two_steps(body: str, who: list[str], text: str) -> None:
    assert [(hops, words) for hops, words, _ in read(body)] == [(who, text)]


def test_what_somebody_is_quoted_as_saying_ends_where_another_speaks() -> None:
    body = "The Harbour Post quoted a trader as saying the bridge was old, while police said it was new."
    assert [(hops, words) for hops, words, _ in read(body)] == [
        (["Harbour Post reports", "a trader says"], "the bridge was old"),
        (["police says"], "it was new"),
    ]


def test_what_a_participle_tells_by_the_way_is_not_who_speaks() -> None:
    body = "The deal, announced by the bank, is worth millions."
    assert read(body, ("the bank", "announced", ["The deal", "is worth millions"])) == [([], body.rstrip("."), "asserted")]


def test_the_speaker_that_the_tagger_sees_gives_way_to_both() -> None:
    body = "State television quoted Omar Dell as saying the company was insolvent."
    links = [("State television", "quoted", ["Omar Dell"]), ("State television", "saying", ["the company was insolvent"])]
    assert [(hops, words) for hops, words, _ in read(body, links[0], links[1])] == [
        (["State television reports", "Omar Dell says"], "the company was insolvent")
    ]


@pytest.mark.parametrize(
    ("body", "who"),
    [
        ("The captain, they said, was the first to leave the ship.", ["they says"]),
        ("The regulator, he claimed, had leaked documents.", ["he says"]),
        ("The old bridge, Ida Varga added, had rusted.", ["Ida Varga says"]),
        # Nothing is put forward by who wants it so.
        ("The old bridge, Ida Varga hopes, will stand.", []),
    ],
)
def test_a_clause_around_its_speaker_is_the_speakers(body: str, who: list[str]) -> None:
    assert [(hops, words) for hops, words, _ in read(body)] == [(who, body.rstrip("."))]


@pytest.mark.parametrize(
    ("body", "is_claim"),
    [
        ("Support for the Blue Party rose by a third.", True),
        ("Contact with the ship was lost on Monday.", True),
        ("Support our work today.", False),
        ("Contact us at the town hall.", False),
    ],
)
def test_a_noun_that_is_also_a_command_opens_a_sentence(body: str, is_claim: bool) -> None:
    assert bool(read(body)) is is_claim
