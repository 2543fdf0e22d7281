"""The measure of attributions: PolNeAR's spans, several annotators, what counts as agreement. The article is invented."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.evaluation.attribution import evaluate_attribution

TEXT = "Bridge falls.\n\nIda Varga said that the bridge was old. Nobody crossed it."


def part(words: str) -> list[dict[str, Any]]:
    start = TEXT.index(words)
    return [{"spans": [[start, start + len(words)]], "text": words}]


def gold(source: str, cue: str, content: str) -> dict[str, Any]:
    return {"source": part(source), "cue": part(cue), "content": part(content)}


RIGHT = gold("Ida Varga", "said", "that the bridge was old")


def write(folder: Path, name: str, annotators: dict[str, list[dict[str, Any]]]) -> Path:
    path = folder / name
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps({"id": "x", "text": TEXT, "attributions": annotators}) + "\n")
    return path


def test_a_reading_like_the_gold_scores_one(tmp_path: Path) -> None:
    figures = evaluate_attribution(write(tmp_path, "polnear_dev.jsonl.gz", {"a": [RIGHT]}))
    assert figures["source_f1"] == figures["cue_f1"] == figures["content_f1"] == figures["triple_f1"] == 1.0
    assert figures["articles"] == 1
    assert all(isinstance(value, float) for value in figures.values())


def test_white_space_at_the_ends_of_a_gold_span_does_not_count(tmp_path: Path) -> None:
    loose = gold("Ida Varga", "said ", " that the bridge was old")
    figures = evaluate_attribution(write(tmp_path, "polnear_dev.jsonl.gz", {"a": [loose]}))
    assert figures["cue_f1"] == figures["content_f1"] == 1.0


def test_exact_spans_must_be_exact_and_triples_overlap_by_half(tmp_path: Path) -> None:
    shorter = gold("Ida Varga", "said", "the bridge was old")
    figures = evaluate_attribution(write(tmp_path, "polnear_dev.jsonl.gz", {"a": [shorter]}))
    assert figures["content_f1"] == 0.0
    assert figures["triple_f1"] == 1.0
    far = gold("Ida Varga", "said", "old")
    assert evaluate_attribution(write(tmp_path, "polnear_dev.jsonl.gz", {"a": [far]}))["triple_f1"] == 0.0


def test_the_annotator_who_agrees_best_counts(tmp_path: Path) -> None:
    wrong = gold("Nobody", "crossed", "it")
    figures = evaluate_attribution(write(tmp_path, "polnear_dev.jsonl.gz", {"a": [wrong], "b": [RIGHT]}))
    assert figures["triple_f1"] == 1.0


def test_of_a_folder_training_articles_and_other_formats_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, "polnear_dev.jsonl.gz", {"a": [RIGHT]})
    write(tmp_path, "polnear_train.jsonl.gz", {"a": [gold("Nobody", "crossed", "it")]})
    with gzip.open(tmp_path / "polnear_segments_dev.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({"tokens": ["a"], "labels": ["O"]}) + "\n")
    figures = evaluate_attribution(tmp_path)
    assert figures["articles"] == 1
    assert figures["triple_f1"] == 1.0


def test_several_files_are_measured_together_and_each_by_itself(tmp_path: Path) -> None:
    write(tmp_path, "polnear_one.jsonl.gz", {"a": [RIGHT]})
    write(tmp_path, "polnear_two.jsonl.gz", {"a": [gold("Nobody", "crossed", "it")]})
    figures = evaluate_attribution(tmp_path)
    assert figures["polnear_one.triple_f1"] == 1.0
    assert figures["polnear_two.triple_f1"] == 0.0
    assert 0 < figures["triple_f1"] < 1


def test_what_cannot_be_measured_says_why(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="polnear"):
        evaluate_attribution(tmp_path)
    broken = tmp_path / "polnear_broken.jsonl.gz"
    with gzip.open(broken, "wt", encoding="utf-8") as file:
        file.write("{not json\n")
    with pytest.raises(ValueError, match="line 1"):
        evaluate_attribution(broken)
