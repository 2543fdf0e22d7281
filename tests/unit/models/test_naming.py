"""The second look at names: what it is told of the words of an article, and that it has the last word."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.models.naming import (
    COUNTS,
    INPUTS,
    LISTS_FILE,
    NAMES_FILE,
    PARTS,
    Features,
    SecondLook,
    WordLists,
    elsewhere,
    inputs_of,
    may_be_names,
)
from pipelines.models.runtime import ModelError, OnnxModel
from pipelines.models.tagger import Tagger, load_tagger
from pipelines.models.tagging import ENTITY_LABELS, FEATURES
from tests.unit.models.test_tagger import tiny
from tests.unit.models.tiny_onnx import second_look_model

LISTS = WordLists(
    {"place": ["Port Alma", "Port Alma Bay", "Oslo"], "body": ["Port"]},
    {"given": ["Ida"], "common": ["port", "said"]},
    ["common"],
)


@pytest.fixture
def small(tmp_path: Path) -> Tagger:
    return Tagger(tiny(tmp_path / "tiny"))


def _features(tagger: Tagger, text: str) -> Features:
    encoded = tagger.encode(text)
    log = np.full((len(encoded.firsts), len(ENTITY_LABELS)), np.log(1 / len(ENTITY_LABELS)), dtype=np.float32)
    return LISTS.features(text, encoded, log)


def _of_lists(numbers: np.ndarray) -> list[str]:
    """The columns of the lists as text: places, bodies, words."""
    return ["".join(str(int(n)) for n in row[:10]) for row in numbers]


def test_the_longest_listed_name_is_marked_where_it_begins_goes_on_and_ends(small: Tagger) -> None:
    numbers = _features(small, "Port Alma Bay, Port Alma. Oslo Port").numbers
    assert [row[:4] for row in _of_lists(numbers)] == ["1000", "0100", "0010", "0000", "1000", "0010", "0000", "0001", "0000"]
    # A name that stands by itself inside no longer one.
    assert _of_lists(numbers)[8][4:8] == "0001"


def test_names_in_capitals_are_found_and_words_count_small_where_their_list_is_of_small_ones(small: Tagger) -> None:
    rows = _of_lists(_features(small, "PORT ALMA, ida Ida Said").numbers)
    assert [row[:4] for row in rows] == ["1000", "0010", "0000", "0000", "0000", "0000"]
    assert [row[8:] for row in rows] == ["01", "00", "00", "00", "10", "01"]


def test_how_an_article_writes_a_word_is_told(small: Tagger) -> None:
    numbers = _features(small, "Bridges fall. The Bridges of Oslo, old bridges").numbers
    log_count, is_small, is_capital, share, *_ = numbers[0, 10 : 10 + COUNTS]
    assert (log_count, is_small, is_capital) == (pytest.approx(np.log(4)), 1, 1)
    assert share == pytest.approx(1 / 3)
    # At the head of a line a capital says nothing.
    assert _features(small, "Bridges\nBridges").numbers[0, 10 + 2] == 0


def test_words_have_the_same_parts_in_every_process_whatever_their_case(small: Tagger) -> None:
    ids = _features(small, "Halmar HALMAR halmar Halmark").ids
    assert ids.shape == (4, PARTS)
    assert (ids[0] == ids[1]).all()
    assert (ids[0] == ids[2]).all()
    assert (ids[0, :3] == ids[3, :3]).all()
    assert (ids[0, 3:] != ids[3, 3:]).all()
    program = "from pipelines.models.naming import WordLists; print(WordLists({}, {}, [])._look_up('Halmar')[:7])"
    again = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert again.strip() == str(tuple(ids[0].tolist()))


@given(st.lists(st.integers(0, 4), max_size=12))
def test_elsewhere_is_the_mean_over_all_other_places(words: list[int]) -> None:
    probabilities = np.random.default_rng(0).random((len(words), 3), dtype=np.float32)
    made = elsewhere(np.array(words, dtype=np.int64), probabilities)
    assert made.shape == (len(words), 12)
    ahead, behind = [*words[1:], None], [None, *words[:-1]]
    for k, word in enumerate(words):
        for block, near in enumerate((None, ahead, behind)):
            others = [j for j, w in enumerate(words) if j != k and w == word and (near is None or near[j] == near[k])]
            expected = [*probabilities[others].mean(0), 1.0] if others else [0.0] * 4
            assert made[k, 4 * block : 4 * block + 4] == pytest.approx(expected, abs=1e-5)


def test_lists_survive_their_file_and_a_broken_one_is_named(tmp_path: Path, small: Tagger) -> None:
    LISTS.write(tmp_path / LISTS_FILE)
    text = "Port Alma Bay, said Ida"
    encoded = small.encode(text)
    log = np.zeros((len(encoded.firsts), len(ENTITY_LABELS)), dtype=np.float32)
    again = WordLists.read(tmp_path / LISTS_FILE).features(text, encoded, log)
    assert (again.numbers == LISTS.features(text, encoded, log).numbers).all()
    (tmp_path / LISTS_FILE).write_text('{"names": 3}')
    with pytest.raises(ModelError, match=r"names\.json"):
        WordLists.read(tmp_path / LISTS_FILE)


def looking_again(folder: Path, *, states: bool = True) -> Path:
    """The small tagger with a second look that takes each capitalised word for a place."""
    tiny(folder, states=states)
    LISTS.write(folder / LISTS_FILE)
    table = np.full((FEATURES, len(ENTITY_LABELS)), -9.0)
    table[:, 0] = 5.0
    table[4:8, ENTITY_LABELS.index("S-place")] = 9.0
    widths = {
        "ids": PARTS, "features": 0, "numbers": LISTS.width(len(ENTITY_LABELS)), "states": 8, "log": len(ENTITY_LABELS),
    }  # fmt: skip
    (folder / NAMES_FILE).write_bytes(second_look_model(table.tolist(), widths))
    return folder


def test_the_second_look_has_the_last_word_on_names_and_none_on_attributions(tmp_path: Path, small: Tagger) -> None:
    text = "Ida Varga said bridges fall.\n\n" * 9 + "Nothing known here."
    tagger = Tagger(looking_again(tmp_path / "again"))
    (first,), (second,) = small.tag([text]), tagger.tag([text])
    assert {(text[s.start : s.end], s.label) for s in first.names} == {("Ida Varga", "person")}
    assert {(text[s.start : s.end], s.label) for s in second.names} == {
        ("Ida", "place"),
        ("Varga", "place"),
        ("Nothing", "place"),
    }
    assert (first.parts, first.links) == (second.parts, second.links)
    assert tagger.tag(["", text, "\ud800 Oslo"])[1] == second


def test_an_encoder_that_keeps_its_vectors_to_itself_cannot_be_looked_at_again(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has no states"):
        Tagger(looking_again(tmp_path / "again", states=False))


def test_a_second_look_that_takes_something_else_is_none(tmp_path: Path) -> None:
    folder = looking_again(tmp_path / "again")
    (folder / NAMES_FILE).write_bytes((folder / "tagger.onnx").read_bytes())
    with pytest.raises(ModelError, match="it is no second look at names"):
        Tagger(folder)


def test_words_that_nobody_takes_for_names_are_not_asked_about(small: Tagger) -> None:
    encoded = small.encode("Varga of the bridge, 3 UN eU x")
    log = np.full((len(encoded.firsts), len(ENTITY_LABELS)), -9.0, dtype=np.float32)
    log[:, 0] = np.log(0.99)
    # The second small word is one that the encoder wavers about.
    log[2, 0] = np.log(0.9)
    asked = may_be_names(encoded.features[encoded.firsts], log)
    assert asked.tolist() == [True, False, True, False, False, False, True, True, False]


def test_what_is_said_of_a_word_does_not_depend_on_the_words_that_are_left_out() -> None:
    """The network sees two words to either side: of those further from what may be a name it need not know."""
    tagger = load_tagger()
    assert tagger is not None
    text = (
        "Ida Varga said the old bridge over the river fell before anybody could be warned of it, the board in Halmar told us.\n"
        "it was not clear who would pay for a new one, or when. The Halmar Board, which met on Monday, blamed Oslo."
    )
    encoded = tagger.encode(text)
    states, log = tagger.first_opinion(encoded)
    said = SecondLook(tagger.folder).labels(text, encoded, states, log)
    feed = inputs_of(WordLists.read(tagger.folder / LISTS_FILE), text, encoded, states, log)
    assert tuple(feed) == INPUTS
    whole = OnnxModel(tagger.folder / NAMES_FILE).answer(feed)["labels"]
    asked = may_be_names(feed["features"], log)
    assert 0 < asked.sum() < len(asked) / 2
    np.testing.assert_allclose(said[asked], whole[asked], atol=1e-4)
    np.testing.assert_array_equal(said[~asked], log[~asked])
    assert [tags.names for tags in tagger.tag(["they said so twice.", "3 of 4", "x"])] == [[], [], []]
