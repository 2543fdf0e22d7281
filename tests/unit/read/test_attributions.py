"""Who said what. People, places and outlets are invented."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import tables
from pipelines.read.attributions import find_attributions
from pipelines.read.mentions import find_mentions
from pipelines.read.records import Attribution
from pipelines.read.sentences import split_sentences

HEADLINE = "Talks in Drovia end\n\n"


def read(body: str) -> tuple[str, list[Attribution]]:
    text = HEADLINE + body
    sentences = split_sentences(text)
    return text, find_attributions(text, sentences, find_mentions(text, sentences))


def told(text: str, a: Attribution) -> tuple[str | None, str, list[str]]:
    return (a.actor.text if a.actor else None, a.cue, [text[start:end] for start, end in a.content])


def only(body: str) -> tuple[str | None, str, list[str]]:
    text, found = read(body)
    assert len(found) == 1, [told(text, a) for a in found]
    return told(text, found[0])


def chain(text: str, found: list[Attribution], cue: str) -> list[str]:
    """The actors above an attribution, outermost first, by the names they stand for."""
    at: int | None = next(k for k, a in enumerate(found) if a.cue == cue)
    names: list[str] = []
    while at is not None:
        actor = found[at].actor
        names.insert(0, (actor.antecedent or actor.text) if actor else "-")
        at = found[at].parent
    return names


@pytest.mark.parametrize(
    ("body", "source", "cue", "content"),
    [
        ('"We signed nothing," Ida Varga said.', "Ida Varga", "said", ['"We signed nothing,"']),
        ("“We signed nothing,” said Ida Varga.", "Ida Varga", "said", ["“We signed nothing,”"]),
        ("Ida Varga said: “We signed nothing.”", "Ida Varga", "said", ["“We signed nothing.”"]),
        ("‘We signed nothing,’ Ida Varga told reporters.", "Ida Varga", "told", ["‘We signed nothing,’"]),
        ("'We signed nothing,' Ida Varga wrote on Monday.", "Ida Varga", "wrote", ["'We signed nothing,'"]),
        ("''We signed nothing,'' said Ida Varga.", "Ida Varga", "said", ["''We signed nothing,''"]),
        ("“We signed,” Ida Varga said, “but not today.”", "Ida Varga", "said", ["“We signed,”", "“but not today.”"]),
        ("“We signed,” Ida Varga said. “It was late.”", "Ida Varga", "said", ["“We signed,”", "“It was late.”"]),
        ("“Who signed?” Ida Varga asked.", "Ida Varga", "asked", ["“Who signed?”"]),
    ],
)
def test_direct_speech_in_every_style_of_quotation(body: str, source: str, cue: str, content: list[str]) -> None:
    actor, words, parts = only(body)
    assert (actor, words.removesuffix(":"), parts) == (source, cue, content)


def test_a_quotation_that_runs_over_paragraphs_closes_once_and_is_one_speech() -> None:
    text, found = read("“We came early,” said Ida Varga. “We waited.\n\n“Nobody opened.\n\n“So we left.”")
    assert told(text, found[0])[2] == ["“We came early,”", "“We waited.", "“Nobody opened.", "“So we left.”"]


def test_an_apostrophe_opens_and_closes_nothing() -> None:
    actor, _, parts = only("'The officials' plan isn't ready,' said Ida Varga, the ministers' envoy.")
    assert actor is not None
    assert actor.startswith("Ida Varga")
    assert parts == ["'The officials' plan isn't ready,'"]


@pytest.mark.parametrize(
    ("body", "source", "cue", "content"),
    [
        ("Ida Varga said that the bridge had fallen.", "Ida Varga", "said", "that the bridge had fallen"),
        ("Ida Varga said the bridge had fallen.", "Ida Varga", "said", "the bridge had fallen"),
        ("The bridge had fallen, Ida Varga said.", "Ida Varga", "said", "The bridge had fallen"),
        ("The bridge had fallen, according to the police.", "the police", "according to", "The bridge had fallen"),
        ("According to Ida Varga, the bridge had fallen.", "Ida Varga", "According to", "the bridge had fallen"),
        ("Ida Varga denied that the bridge had fallen.", "Ida Varga", "denied", "that the bridge had fallen"),
        ("Ida Varga has repeatedly denied it.", "Ida Varga", "has repeatedly denied", "it"),
        ("The mayor promised to rebuild the bridge.", "The mayor", "promised", "to rebuild the bridge"),
        ("Jon Holm warned of a flood.", "Jon Holm", "warned of", "a flood"),
        ("The ministry urged residents to leave.", "The ministry", "urged", "residents to leave"),
        ("The opposition called for a new vote.", "The opposition", "called for", "a new vote"),
    ],
)
def test_indirect_speech(body: str, source: str, cue: str, content: str) -> None:
    assert only(body) == (source, cue, [content])


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("said", "says"),
        ("denied", "denies"),
        ("confirmed", "confirms"),
        ("promised", "promises"),
        ("predicted", "expects"),
        ("proposed", "proposes"),
        ("demanded", "orders"),
        ("doubted", "doubts"),
        ("reported", "reports"),
    ],
)
def test_the_cue_has_the_kind_of_its_verb(verb: str, kind: str) -> None:
    _, found = read(f"Ida Varga {verb} that the army would leave.")
    assert [a.cue_kind for a in found] == [kind]
    assert kind in tables.CUE_KINDS


def test_an_accusation_names_who_makes_it_and_a_passive_one_nobody() -> None:
    text, found = read("Jon Holm accused the mayor of lying. The mayor is accused of taking bribes.")
    assert [a.cue_kind for a in found] == ["accuses", "accuses"]
    assert told(text, found[0])[2] == ["the mayor of lying"]
    assert found[1].actor is None


@pytest.mark.parametrize("body", ["The mayor reportedly left the country.", "The mayor is said to have left the country."])
def test_hearsay_has_no_actor(body: str) -> None:
    _, found = read(body)
    assert [a.actor for a in found] == [None]


@pytest.mark.parametrize(
    "body",
    [
        "The report was late and the claims were many.",
        "Police found a knife.",
        "The talks took six hours.",
        "Both states share a border.",
        "The film is called Winter.",
    ],
)
def test_a_noun_that_looks_like_a_cue_is_none(body: str) -> None:
    _, found = read(body)
    assert not [a for a in found if a.cue_kind not in ("reports", "orders")], found
    assert len(found) <= 1


def test_newspaper_cites_officials_cite_a_president() -> None:
    text, found = read(
        "The Norrland Courier reported the visit first. Citing unnamed officials in Drovia, the Norrlandic newspaper announced "
        "that, during their five-hour meeting on Monday, Ida Varga told Jon Holm that the troops would go home."
    )
    assert chain(text, found, "told") == ["Norrland Courier", "unnamed officials in Drovia", "Ida Varga"]


def test_the_paper_reports_that_a_president_promised() -> None:
    text, found = read("President Ida Varga has promised Jon Holm that the army will leave, the Norrland Times has reported.")
    assert chain(text, found, "has promised") == ["Norrland Times", "Ida Varga"]


def test_the_sources_of_a_paper_speak_through_it() -> None:
    text, found = read("The Norrland Times broke the news. According to the paper’s sources, the two sides have signed.")
    cited = [a for a in found if a.cue.lower() == "according to"]
    assert [(a.actor.text, a.actor.kind) for a in cited if a.actor] == [
        ("the paper", "outlet"),
        ("the paper’s sources", "anonymous"),
    ]
    assert found[cited[1].parent or 0] is cited[0]
    assert cited[0].actor is not None
    assert cited[0].actor.antecedent == "Norrland Times"
    assert cited[1].actor is not None
    assert cited[1].actor.is_anonymous
    assert text[slice(*cited[1].content[0])] == "the two sides have signed"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Mayor Ida Varga arrived at noon. “We won,” she said.", "Ida Varga"),
        ("Ida Varga met Jon Holm in Oslo. Holm said the talks had failed.", "Jon Holm"),
        ("French President Ida Varga met Jon Holm. The French head of state said the talks had failed.", "Ida Varga"),
        ("Police spokesman Jon Holm arrived late. The spokesman said nobody was hurt.", "Jon Holm"),
        ("Ida Varga, the mayor of Oslo, spoke first. The mayor said nobody was hurt.", "Ida Varga"),
        ("Ida Varga, who has led the party since 2019, said nobody was hurt.", "Ida Varga"),
        ("Ida Varga and Jon Holm met. “Nobody was hurt,” Varga said. She added that the bridge had fallen.", "Ida Varga"),
    ],
)
def test_pronouns_surnames_and_descriptions_stand_for_a_name(body: str, name: str) -> None:
    _, found = read(body)
    actor = found[-1].actor
    assert actor is not None
    assert (actor.antecedent or actor.text) == name
    assert actor.kind == "person"


def test_initials_stand_for_the_outlet_whose_full_name_occurs() -> None:
    _, found = read("The Financial Times broke the story. According to the FT, the army will leave.")
    actor = found[-1].actor
    assert actor is not None
    assert (actor.kind, actor.antecedent) == ("outlet", "Financial Times")


@pytest.mark.parametrize(
    ("source", "kind", "anonymous"),
    [
        ("Officials close to the talks", "anonymous", True),
        ("A senior diplomat", "anonymous", True),
        ("Critics", "anonymous", True),
        ("Some", "anonymous", True),
        ("People familiar with the matter", "anonymous", True),
        ("The interior ministry", "organization", False),
        ("Police", "organization", False),
        ("Reuters", "outlet", False),
        ("The report", "document", False),
        ("Ida Varga", "person", False),
    ],
)
def test_what_a_source_is_and_whether_it_stays_unnamed(source: str, kind: str, anonymous: bool) -> None:
    _, found = read(f"{source} said that the bridge had fallen.")
    actor = found[0].actor
    assert actor is not None
    assert (actor.kind, actor.is_anonymous) == (kind, anonymous)
    assert kind in tables.ACTOR_KINDS


def test_two_cues_of_one_subject_are_two_attributions() -> None:
    text, found = read("He added the plan was dead and warned that nobody would pay.")
    assert [told(text, a)[2] for a in found] == [["the plan was dead"], ["that nobody would pay"]]
    assert {a.actor.text for a in found if a.actor} == {"He"}


def test_a_claim_named_by_a_noun_has_its_owner_for_source() -> None:
    text, found = read("The vote went ahead despite Jon Holm’s claim that the count was wrong.")
    assert told(text, found[0]) == ("Jon Holm", "claim", ["that the count was wrong"])
    assert found[0].is_noun


_WORDS = st.sampled_from(
    [*"“”‘’.,'", '"', "said", "that", "Ida Varga", "he", "denied", "reports", "according to", "citing", "\n\n", "who",
     "the", "officials", "(", ")", "—", "was", "accused of", "’s", "\u2028", "five-hour", "’", "''"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_WORDS, max_size=50).map(" ".join)))
def test_any_text_is_read_and_every_span_lies_in_it(text: str) -> None:
    sentences = split_sentences(text)
    found = find_attributions(text, sentences, find_mentions(text, sentences))
    for k, a in enumerate(found):
        assert text[a.cue_start : a.cue_end] == a.cue != ""
        assert all(0 <= start < end <= len(text) for start, end in a.content)
        assert a.content
        assert a.cue_kind in tables.CUE_KINDS
        if a.actor is not None:
            assert text[a.actor.start : a.actor.end] == a.actor.text != ""
            assert a.actor.kind in tables.ACTOR_KINDS
        seen = {k}
        parent = a.parent
        while parent is not None:
            assert parent not in seen
            seen.add(parent)
            parent = found[parent].parent


@pytest.mark.parametrize("piece", ["Ida said ", "said Varga, ", '"A," he said. ', "the reports that ", "A said that ", "“A, he "])
def test_a_hostile_text_takes_no_more_than_its_length(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    sentences = split_sentences(text)
    mentions = find_mentions(text, sentences)
    began = time.process_time()
    find_attributions(text, sentences, mentions)
    assert time.process_time() - began < 5
