"""The measure of entities: gold spans of several tag sets, text put back together, figures that add up."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pipelines.evaluation.entities import evaluate_entities, gold_spans, join_tokens


def write(path: Path, records: list[dict[str, object]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record) + "\n")
    return path


SENTENCE = ["President", "Ada", "Quill", "met", "Reuters", "in", "France", "."]
GOLD = ["O", "B-Person", "I-Person", "O", "B-ORG", "O", "B-location", "O"]


def test_tag_names_of_every_corpus_mean_the_three_kinds() -> None:
    assert gold_spans(["B-PER", "I-PER", "B-ORG", "O", "B-NORP", "B-LOC", "I-ORG"]) == [
        (0, 2, "person"), (2, 3, "organization"), (5, 6, "place"), (6, 7, "organization"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (["The", "UK", "-", "based", "firm", "'s", "head", ",", "Mr", ".", "Moss", "."], "The UK-based firm's head, Mr. Moss."),
        (["17", "March", "-", "The", "army"], "17 March - The army"),
        (["He", "said", ",", '"', "No", ".", '"'], 'He said, "No."'),
        (["Varda", "’", "s", "(", "old", ")", "map"], "Varda’s (old) map"),
        (["the", "U", ".", "S", ".", "army"], "the U.S. army"),
    ],
)
def test_tokens_become_text_as_it_is_printed(tokens: list[str], text: str) -> None:
    joined = join_tokens([tokens])
    assert joined.text == text
    assert [joined.text[a:b] for a, b in zip(joined.starts, joined.ends, strict=True)] == tokens


def test_what_is_found_right_counts_and_what_is_missed_does_not(tmp_path: Path) -> None:
    wrong = ["O", "O", "O", "O", "B-ORG", "O", "B-PER", "O"]
    file = write(tmp_path / "x_dev.jsonl.gz", [{"doc": -1, "tokens": SENTENCE, "tags": GOLD}])
    assert evaluate_entities(file)["f1"] == 1.0
    file = write(tmp_path / "x_dev.jsonl.gz", [{"doc": -1, "tokens": SENTENCE, "tags": wrong}])
    figures = evaluate_entities(file)
    assert figures["precision"] == pytest.approx(1 / 3)
    assert figures["recall"] == pytest.approx(1 / 2)
    assert figures["f1_organization"] == 1.0


def test_of_a_folder_training_files_and_other_formats_are_left_out(tmp_path: Path) -> None:
    write(tmp_path / "a_dev.jsonl.gz", [{"doc": "1", "tokens": SENTENCE, "tags": GOLD}])
    write(tmp_path / "a_train.jsonl.gz", [{"doc": "1", "tokens": SENTENCE, "tags": ["O"] * 8}])
    write(tmp_path / "other_dev.jsonl.gz", [{"doc": "1", "sentences": []}])
    figures = evaluate_entities(tmp_path)
    assert figures["f1"] == figures["a_dev.f1"] == 1.0
    assert not any(key.startswith(("a_train", "other_dev")) for key in figures)


def test_nothing_to_measure_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no \\*\\.jsonl\\.gz"):
        evaluate_entities(tmp_path)
