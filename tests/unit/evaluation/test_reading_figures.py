"""The measure of reading: what counts as right, what is optional, and the gold that ships."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.evaluation.reading import evaluate_reading, read_gold
from pipelines.evaluation.tasks import SHIPPED_GOLD, TASKS
from pipelines.tables import APPROXIMATIONS, DIMENSIONS, MODALITIES, POLARITIES, TIME_PRECISIONS

GOLD = SHIPPED_GOLD / "reading"
TWELVE = {
    "words": "12", "dimension": "count", "lower": 12, "upper": 12, "unit": None, "approximation": "exact", "counted": "sheep",
}  # fmt: skip
MONDAY = {
    "words": "Monday",
    "start_at": "2022-02-07T00:00:00Z",
    "end_at": "2022-02-08T00:00:00Z",
    "precision": "day",
}


def write(folder: Path, **changes: Any) -> Path:
    item: dict[str, Any] = {
        "id": "x1", "genre": "local", "case": "plain", "text": "The farmer of Ostrel did not sell 12 sheep on Monday.",
        "published_at": "2022-02-09T00:00:00Z", "published_precision": "day", "quantities": [TWELVE], "times": [MONDAY],
        "claims": [{"words": "did not sell 12 sheep", "polarity": "negated", "modality": "asserted"}],
    }  # fmt: skip
    file = folder / "items.jsonl"
    file.write_text(json.dumps(item | changes) + "\n", encoding="utf-8")
    return folder


def test_an_item_read_rightly_gives_full_marks(tmp_path: Path) -> None:
    figures = evaluate_reading(write(tmp_path))
    for metric in ("quantity_f1", "date_f1", "polarity_f1", "modality_f1", "stance_f1", "counted_accuracy", "in_claims"):
        assert figures[metric] == figures.get(f"items.{metric}") == 1.0
    assert figures["case.plain.quantity_f1"] == 1.0


@pytest.mark.parametrize(
    ("changes", "metric"),
    [
        ({"quantities": [TWELVE | {"upper": 13}]}, "quantity_f1"),
        ({"quantities": [TWELVE | {"dimension": "ordinal"}]}, "quantity_f1"),
        ({"quantities": [TWELVE | {"approximation": "approximate"}]}, "quantity_f1"),
        ({"quantities": [TWELVE | {"counted": "goats"}]}, "counted_accuracy"),
        ({"times": [MONDAY | {"end_at": "2022-02-09T00:00:00Z"}]}, "date_f1"),
        ({"claims": [{"words": "did not sell", "polarity": "affirmed", "modality": "asserted"}]}, "polarity_f1"),
        ({"claims": [{"words": "did not sell", "polarity": "negated", "modality": "possible"}]}, "modality_f1"),
    ],
)
def test_a_value_that_differs_is_wrong(tmp_path: Path, changes: dict[str, Any], metric: str) -> None:
    assert evaluate_reading(write(tmp_path, **changes))[metric] == 0.0


def test_what_is_found_beyond_the_gold_costs_precision_unless_it_is_optional(tmp_path: Path) -> None:
    figures = evaluate_reading(write(tmp_path, text="The farmer did not sell 12 sheep and three goats.", times=[]))
    assert (figures["quantity_precision"], figures["quantity_recall"]) == (0.5, 1.0)
    goats = TWELVE | {"words": "three", "lower": 3, "upper": 3, "optional": True}
    figures = evaluate_reading(
        write(tmp_path, text="The farmer did not sell 12 sheep and three goats.", times=[], quantities=[TWELVE, goats])
    )
    assert figures["quantity_f1"] == 1.0


def test_errors_name_the_file_and_the_item(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x1: '13' does not stand"):
        evaluate_reading(write(tmp_path, quantities=[TWELVE | {"words": "13"}]))
    (tmp_path / "items.jsonl").write_text('{"a": 1}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        evaluate_reading(tmp_path)
    with pytest.raises(ValueError, match="no \\*\\.jsonl"):
        evaluate_reading(tmp_path / "none")


def test_the_gold_that_ships_is_whole_and_uses_the_words_of_the_tables() -> None:
    items = [item for file in sorted(GOLD.glob("*.jsonl")) for item in read_gold(file)]
    assert len(items) >= 400
    assert len({item.item_id for item in items}) == len(items)
    for item in items:
        for _, q in item.quantities:
            assert q["dimension"] in DIMENSIONS
            assert q["approximation"] in APPROXIMATIONS
            assert q["lower"] is not None or q["upper"] is not None
        assert all(t["precision"] in TIME_PRECISIONS and t["start_at"] < t["end_at"] for _, t in item.times)
        assert all(c["polarity"] in POLARITIES and c["modality"] in MODALITIES for _, c in item.claims)


def test_the_readers_reach_the_floors_on_every_set_of_the_gold_that_ships() -> None:
    figures = evaluate_reading(GOLD)
    for file in GOLD.glob("*.jsonl"):
        for metric, yardstick in TASKS["reading"].yardsticks.items():
            assert yardstick.floor is not None
            assert figures[f"{file.stem}.{metric}"] >= yardstick.floor, (file.stem, metric)


def test_gold_in_the_data_comes_before_gold_that_ships(tmp_path: Path) -> None:
    task = TASKS["reading"]
    assert task.gold_in(tmp_path) == GOLD
    (tmp_path / "reading").mkdir()
    assert task.gold_in(tmp_path) == tmp_path / "reading"
    assert TASKS["stories"].gold_in(tmp_path) is None
