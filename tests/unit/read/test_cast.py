"""Whom pronouns, surnames and descriptions stand for. People, places and outlets are invented."""

import time

import pytest

from pipelines.read.attributions import find_attributions
from pipelines.read.first_names import gender_of
from pipelines.read.mentions import find_mentions
from pipelines.read.records import Actor
from pipelines.read.sentences import split_sentences

HEADLINE = "Talks in Drovia end\n\n"


def actors(body: str) -> list[Actor]:
    text = HEADLINE + body
    sentences = split_sentences(text)
    return [a.actor for a in find_attributions(text, sentences, find_mentions(text, sentences)) if a.actor is not None]


def stands_for(actor: Actor) -> str:
    return actor.antecedent or actor.text


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("His lawyer, Rupert Vane,", "Rupert Vane"),
        ("An analyst at Calder Bank, Hugo Brandt,", "Hugo Brandt"),
        ("The club's doctor, Ken Ruiz,", "Ken Ruiz"),
        ("The company’s chief executive, Amy Dunn,", "Amy Dunn"),
        ("The company’s chief executive, Amy Dunn, 45,", "Amy Dunn"),
        ("His lawyer, Dr. Rupert Vane,", "Rupert Vane"),
        ("The mayor of the capital, Sergei Danko,", "Sergei Danko"),
        ("A friend of Rupert Vane, Mona Frey,", "Mona Frey"),
    ],
)
def test_a_name_alone_behind_a_description_is_the_source(source: str, name: str) -> None:
    actor = actors(f"{source} said that the bridge had fallen.")[0]
    assert (actor.kind, actor.is_anonymous, actor.antecedent) == ("person", False, name)


def test_a_named_description_is_known_by_it_later() -> None:
    *_, actor = actors("The mayor of the capital, Sergei Danko, said it was late. The mayor said that the bridge had fallen.")
    assert stands_for(actor) == "Sergei Danko"


@pytest.mark.parametrize(
    "source",
    [
        "An official, speaking on condition of anonymity,",
        "A lawyer for the family, speaking to Rupert Vane,",
        "Critics, including Rupert Vane,",
        "Officials, Rupert Vane and Jon Holm,",
        "An aide to Rupert Vane",
    ],
)
def test_a_name_that_is_not_the_whole_apposition_names_nobody(source: str) -> None:
    actor = actors(f"{source} said that the bridge had fallen.")[0]
    assert (actor.kind, actor.is_anonymous, actor.antecedent) == ("anonymous", True, None)


@pytest.mark.parametrize(
    ("body", "whom"),
    [
        ("Mayor Ida Varga left. The intern told Wireline that was not true. “I was on holiday,” she said.", "The intern"),
        ("Ida Varga left. A former employee said it was late. She added that the bridge had fallen.", "A former employee"),
        ("Ida Varga left. “Mona Frey lied,” a witness said. She told police that it was late.", "a witness"),
        ("Ida Varga left. The bridge had fallen, a neighbour said. She told police that it was late.", "a neighbour"),
        ("Ida Varga left. A driver said it was late. The driver added it was dark. “I saw it,” she said.", "The driver"),
    ],
)
def test_a_pronoun_stands_for_the_unnamed_person_who_spoke_last(body: str, whom: str) -> None:
    assert stands_for(actors(body)[-1]) == whom


def test_a_pronoun_is_as_anonymous_as_whom_it_stands_for() -> None:
    *_, actor = actors("Ida Varga left. A senior diplomat said it was late. She added that the bridge had fallen.")
    assert (actor.kind, actor.is_anonymous) == ("anonymous", True)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        # Several, or no person.
        ("Mona Frey arrived. Officials said it was late. “I did nothing,” she said.", "Mona Frey"),
        ("Mona Frey arrived. The ministry said it was late. “I did nothing,” she said.", "Mona Frey"),
        # Of another gender.
        ("Mona Frey arrived. A spokesman for the party said it was late. “I did nothing,” she said.", "Mona Frey"),
        # Hers, so not she.
        ("Ida Varga was jailed. Her lawyer said it was harsh. “I did nothing,” she told the court.", "Ida Varga"),
        ("Ida Varga was jailed. Varga’s lawyer said it was harsh. “I did nothing,” she told the court.", "Ida Varga"),
        # She opens the sentence.
        ("Ida Varga had left, a neighbour said. She told police that it was late.", "Ida Varga"),
        # Who asks is not who answers.
        ("Ida Varga left. A reporter asked whether it was late. She said the bridge had fallen.", "Ida Varga"),
        # A part of a source that has a name, or anybody.
        ("Ida Varga, 51, a former nurse, said it was late. She added that the bridge had fallen.", "Ida Varga"),
        ("Ida Varga left. A president said it was late. She added that the bridge had fallen.", "Ida Varga"),
        # Another way of naming the person.
        ("Ida Varga left. The senator said it was late. She added that the bridge had fallen.", "Ida Varga"),
        # Somebody is named since.
        ("The intern said it was late. Ida Varga arrived. “I did nothing,” she said.", "Ida Varga"),
    ],
)
def test_an_unnamed_speaker_who_cannot_be_meant_is_passed_over(body: str, name: str) -> None:
    assert stands_for(actors(body)[-1]) == name


def test_a_first_name_tells_whom_a_pronoun_stands_for() -> None:
    body = "Helen Marsh resigned. Prime Minister David Orrell said it was late. She said it was dark. He said it was cold."
    assert [stands_for(a) for a in actors(body)] == ["David Orrell", "Helen Marsh", "David Orrell"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        # A name for men and women: who spoke last.
        ("Helen Marsh resigned. Kim Orrell said it was late. She said it was dark.", "Kim Orrell"),
        # A title outweighs a name.
        ("Helen Orrell resigned. Ms. David Marsh said it was late. She said it was dark.", "David Marsh"),
        # "His" is somebody else.
        ("Jon Holm resigned. His lawyer Kim Frey said it was late. She said it was dark.", "Kim Frey"),
        ("Jon Holm resigned. Kim Frey, the mother of Mr Vane, said it was late. She said it was dark.", "Kim Frey"),
    ],
)
def test_gender_is_known_by_title_then_by_name(body: str, name: str) -> None:
    assert stands_for(actors(body)[-1]) == name


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Helen Marsh", "f"),
        ("David Orrell", "m"),
        ("José Brandt", "m"),
        ("Jean-Marie Vane", "m"),
        ("Anne-Sophie Vane", "f"),
        ("J. David Holm", "m"),
        ("Jean Vane", None),
        ("Andrea Vane", None),
        ("Robin Vane", None),
        ("Helen", None),
        ("", None),
    ],
)
def test_the_gender_of_a_full_name(name: str, gender: str | None) -> None:
    assert gender_of(name) == gender


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Union general secretary Bill Cobb left. The transport secretary said it was late.", None),
        ("Foreign minister Dan Mirov left. The finance minister said it was late.", None),
        ("President Otto Lukas left. The bank’s president said it was late.", None),
        ("President Otto Lukas left. The president of the bank said it was late.", None),
        ("President Otto Lukas left. The vice president said it was late.", None),
        ("Texas Senator Dan Mirov left. The Ohio senator said it was late.", None),
        ("Police spokeswoman Mona Frey left. The ministry’s spokeswoman said it was late.", None),
        # What the article says of them.
        ("Union general secretary Bill Cobb left. The union’s general secretary said it was late.", "Bill Cobb"),
        ("Foreign minister Dan Mirov left. The foreign minister said it was late.", "Dan Mirov"),
        ("Ida Varga, the finance minister, left. The finance minister said it was late.", "Ida Varga"),
        ("Ida Varga, the president of the bank, left. The bank’s president said it was late.", "Ida Varga"),
        ("French President Ida Varga left. The president of France said it was late.", "Ida Varga"),
        ("Drovian President Ida Varga left. Drovia’s president said it was late.", "Ida Varga"),
        ("Amy Dunn, the director of Calder Bank, left. The company’s director said it was late.", "Amy Dunn"),
        ("Defence Minister Jon Holm left. The defense minister said it was late.", "Jon Holm"),
        ("Secretary of State Jon Holm left. The secretary of state said it was late.", "Jon Holm"),
        ("Transport Secretary Jon Holm left. The secretary of state said it was late.", None),
        ("Her press secretary, Jon Vane, said it was cold. The secretary said it was late.", None),
        # What tells nobody apart.
        ("Foreign minister Dan Mirov left. The minister said it was late.", "Dan Mirov"),
        ("Foreign minister Dan Mirov left. The embattled former minister said it was late.", "Dan Mirov"),
        ("President Otto Lukas left. The country’s president said it was late.", "Otto Lukas"),
        ("Senator Dan Mirov left. The Texas senator said it was late.", "Dan Mirov"),
    ],
)
def test_what_narrows_a_description_must_stand_with_the_name(body: str, name: str | None) -> None:
    assert actors(body)[-1].antecedent == name


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Piet Lund was held with his wife, Anna Lund. Lund told police that it was late.", "Piet Lund"),
        ("Piet Lund was held with his wife, Anna Lund. Lund told police it was late. He said it was dark.", "Piet Lund"),
        ("Piet Lund was held with his wife, Anna Lund. Mrs Lund told police that it was late.", "Anna Lund"),
        ("Piet Lund spoke. Anna Lund wept. Anna Lund left. Lund told police that it was late.", "Anna Lund"),
        ("Anna Lund left. Lund said it was late. Her father is Piet Lund.", "Anna Lund"),
        ("Piet Lund left. Mrs Lund told police that it was late.", "Mrs Lund"),
        ("Piet Lund left. Mrs Lund told police that it was late. Mr Lund said it was dark.", "Piet Lund"),
        ("Piet Lund left. Mrs Lund told police that it was late. She said it was dark.", "Mrs Lund"),
    ],
)
def test_a_surname_that_several_bear_is_of_whom_the_article_names_most(body: str, name: str) -> None:
    assert stands_for(actors(body)[-1]) == name


def test_commas_around_nothing_are_no_apposition() -> None:
    assert [stands_for(a) for a in actors("Ida Varga,  , said that the bridge had fallen.")] in ([], ["Ida Varga"])


@pytest.mark.parametrize(
    "piece",
    [
        "a driver said she ",
        '"Ida Varga", a driver, Ida Lund, said ',
        "Ida Lund, the bank's president of Lund, said ",
        "Lund, 4, ",
    ],
)
def test_a_hostile_text_takes_no_more_than_its_length(piece: str) -> None:
    body = piece * (30_000 // len(piece))
    began = time.process_time()
    actors(body)
    assert time.process_time() - began < 5
