"""The stories task: B-cubed as its paper has it, and which files are measured."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pipelines.evaluation.stories import b_cubed, evaluate_stories

FERRY = "The ferry Aurora Star sank off Port Halden, and helicopters lifted passengers from life rafts in heavy seas."
BUDGET = "Lawmakers approved the annual budget with higher spending on schools and railways after a night of debate."


def write(path: Path, *rows: tuple[str, str, str]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        for article_id, story_id, text in rows:
            record = {"article_id": article_id, "story_id": story_id, "published_on": "2031-03-03", "title": None, "text": text}
            stream.write(json.dumps(record) + "\n")
    return path


def test_b_cubed_of_the_papers_kind_of_example() -> None:
    # Gold {1 2 3} {4}; made {1 2} {3 4}: precision (1 + 1 + 1/2 + 1/2) / 4, recall (2/3 + 2/3 + 1/3 + 1) / 4.
    precision, recall = b_cubed(["x", "x", "x", "y"], ["p", "p", "q", "q"])
    assert precision == pytest.approx(0.75)
    assert recall == pytest.approx(2 / 3)


def test_perfect_groups_score_one(tmp_path: Path) -> None:
    file = write(tmp_path / "small.jsonl.gz", ("a", "1", FERRY), ("b", "1", FERRY + " Rescue went on."), ("c", "2", BUDGET))
    figures = evaluate_stories(file)
    assert figures["b3_f1"] == figures["small.b3_f1"] == 1.0
    assert figures["articles_per_second"] > 0
    assert figures["small.random_batches_agreement"] == figures["small.one_batch_b3_f1"] == 1.0


def test_a_folder_is_measured_without_its_train_files(tmp_path: Path) -> None:
    write(tmp_path / "one_dev.jsonl.gz", ("a", "1", FERRY), ("b", "2", BUDGET))
    write(tmp_path / "one_train.jsonl.gz", ("a", "1", FERRY), ("b", "1", BUDGET))
    figures = evaluate_stories(tmp_path)
    assert "one_dev.b3_f1" in figures
    assert not any(name.startswith("one_train") for name in figures)
    assert evaluate_stories(tmp_path / "one_train.jsonl.gz")["b3_recall"] < 1.0


def test_nothing_to_measure_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no"):
        evaluate_stories(tmp_path)
    with pytest.raises(ValueError, match="twice"):
        evaluate_stories(write(tmp_path / "bad.jsonl.gz", ("a", "1", FERRY), ("a", "2", BUDGET)))
