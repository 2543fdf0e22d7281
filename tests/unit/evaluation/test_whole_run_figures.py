"""The measures that run the whole pipeline: what counts as found, and what the figures mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.evaluation import tasks
from pipelines.evaluation.contradictions import _locate, overlaps
from pipelines.evaluation.linking import _b_cubed, _matched, _score, _shift
from pipelines.evaluation.tasks import EvaluationError, Task, Yardstick, run_evaluation


def test_one_cluster_a_gold_entity_is_perfect_and_one_for_all_is_not_precise() -> None:
    assert _b_cubed(["a", "a", "b"], [1, 1, 2]) == (1.0, 1.0)
    precision, recall = _b_cubed(["a", "a", "b", "b"], [1, 1, 1, 1])
    assert (precision, recall) == (0.5, 1.0)
    assert _b_cubed(["a", "a"], [1, 2]) == (1.0, 0.5)


def test_a_link_that_is_not_given_costs_recall_and_a_wrong_one_precision_too() -> None:
    figures = _score([("Q1", "x", "Q1"), ("Q2", "y", "Q9"), ("Q3", "z", None), ("Q4", None, None), ("<NIL>", "n", None)])
    assert (figures["mentions"], figures["mentions_found"]) == (4, 0.75)
    assert (figures["link_precision"], figures["link_recall"]) == (0.5, 0.25)


def test_a_mention_is_found_by_its_place_even_if_a_headline_was_put_before_the_text() -> None:
    given = "Ferry sinks. Emil Sand drowned."
    stored = "Ferry sinks off Halmar\n\nFerry sinks. Emil Sand drowned."
    shift = _shift(given, stored)
    assert shift is not None
    start = given.index("Emil Sand") + shift
    assert stored[start : start + 9] == "Emil Sand"
    mentions = [{"char_start": start, "char_end": start + 4}, {"char_start": start, "char_end": start + 9}]
    assert _matched([(start, start + 9)], mentions) == {0: mentions[1]}
    assert _shift(given, None) is None


def test_a_mention_inside_a_longer_gold_name_is_no_find_of_that_name_as_well() -> None:
    town, state = (0, 13), (8, 13)
    found = [{"char_start": 8, "char_end": 13}]
    assert _matched([town, state], found) == {1: found[0]}
    both = [{"char_start": 0, "char_end": 13}, *found]
    assert _matched([town, state], both) == {0: both[0], 1: both[1]}
    assert _matched([(0, 40)], found) == {}


def test_an_emitted_sentence_matches_a_quote_when_it_holds_a_good_part_of_it() -> None:
    assert overlaps((10, 50), (0, 60))
    assert overlaps((10, 50), (30, 90))
    assert not overlaps((10, 50), (48, 120))
    assert not overlaps((10, 50), (60, 90))


def test_a_quote_is_found_though_its_spaces_were_tidied() -> None:
    assert _locate("He paid 20 florins.", "20\u00a0florins") == (8, 18)
    assert _locate("He paid 20 florins.", "30 florins") is None


@pytest.fixture
def one_task(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    task = Task("length", f"{__name__}:measure_length", "length", "texts", {"words": Yardstick("3 by hand", 2.0, 4.0)})
    monkeypatch.setattr(tasks, "TASKS", {"length": task})
    monkeypatch.setattr(tasks, "RESULTS", tmp_path / "results")
    data = tmp_path / "data"
    (data / "length").mkdir(parents=True)
    return data


def measure_length(path: Path) -> dict[str, float]:
    words = [len(file.read_text().split()) for file in path.glob("*.txt")]
    return {"words": sum(words) / len(words), "corpus.words": 1.0} if words else {}


def test_figures_are_flat_json_and_a_table_with_their_yardsticks(one_task: Path, tmp_path: Path) -> None:
    (one_task / "length" / "a.txt").write_text("three small words")
    console = Console(record=True, width=120)
    run_evaluation("length", one_task / "length", tmp_path / "out.json", console)
    assert json.loads((tmp_path / "out.json").read_text()) == {"words": 3.0, "corpus.words": 1.0}
    assert "3 by hand" in console.export_text()


def test_all_measures_what_it_can_writes_it_down_and_says_what_it_could_not(one_task: Path, tmp_path: Path) -> None:
    (one_task / "length" / "a.txt").write_text("three small words")
    figures = run_evaluation("all", one_task, None, Console(quiet=True))
    assert figures["length.words"] == 3.0
    report = (tmp_path / "results" / "quality.md").read_text()
    assert "| length | words | 3 | 3 by hand | 2 | 4 |" in report
    assert "corpus.words" not in report
    (one_task / "length" / "a.txt").unlink()
    with pytest.raises(EvaluationError, match="holds nothing in the format of length"):
        run_evaluation("all", one_task, None, Console(quiet=True))


@pytest.mark.parametrize(("task", "data", "reason"), [("lenght", ".", "no task 'lenght'"), ("length", "gone", "no such file")])
def test_what_cannot_be_measured_is_named(one_task: Path, task: str, data: str, reason: str) -> None:
    with pytest.raises(EvaluationError, match=reason):
        run_evaluation(task, one_task / data, None, Console(quiet=True))
