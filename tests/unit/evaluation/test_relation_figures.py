"""The relations task: pairs of bare texts on the product's own path, a bounded and repeatable draw of each source."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from rich.console import Console

from pipelines.evaluation import relations
from pipelines.evaluation.relations import evaluate_relations
from pipelines.evaluation.tasks import run_evaluation

PAIRS = [
    ("The fire in Halden killed 12 people.", "The fire in Halden killed 15 people.", "contradiction", "fires"),
    ("The ferry sank off Port Halden on Monday.", "The ferry sank off Port Halden on Monday.", "entailment", "ferries"),
    ("The ferry sank off Port Halden.", "Lawmakers passed the budget.", "neutral", "ferries"),
    ("The ferry sank.", "It is unclear what sank.", None, "ferries"),
]


def write(path: Path, pairs: list[tuple[str, str, str | None, str]]) -> Path:
    pl.DataFrame(pairs, schema=["premise", "hypothesis", "label", "source"], orient="row").write_parquet(path)
    return path


def test_each_source_and_all_together_by_the_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relations, "load_cross_encoder", lambda: None)
    figures = evaluate_relations(write(tmp_path / "dev.parquet", PAIRS))
    assert (figures["pairs"], figures["pairs_there"]) == (3.0, 3.0)
    assert figures["fires.contradiction_f1"] == 1.0
    assert figures["ferries.accuracy"] == 1.0
    assert figures["macro_f1"] == 1.0
    assert "ferries.contradiction_f1" not in figures


def test_the_encoder_that_ships_is_asked_whether_the_premise_entails_the_hypothesis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Encoder:
        def judge(self, pairs: list[tuple[tuple[str, str], tuple[str, str]]], *, both_ways: bool) -> SimpleNamespace:
            assert not both_ways
            asked.extend(pairs)
            return SimpleNamespace(nli=np.asarray([[0.1, 0.1, 0.8] if "12" in a[0] else [0.1, 0.8, 0.1] for a, _ in pairs]))

    asked: list[tuple[tuple[str, str], tuple[str, str]]] = []
    monkeypatch.setattr(relations, "load_cross_encoder", Encoder)
    figures = evaluate_relations(write(tmp_path / "dev.parquet", PAIRS))
    assert (("The fire in Halden killed 12 people.", ""), ("The fire in Halden killed 15 people.", "")) in asked
    assert figures["fires.contradiction_f1"] == 1.0
    assert figures["ferries.accuracy"] == 0.5


def test_a_large_source_is_drawn_from_and_the_draw_stays_the_same(tmp_path: Path) -> None:
    pairs = [(f"The fire killed {n} people.", f"The fire killed {n + 9} people.", "contradiction", "fires") for n in range(30)]
    one = evaluate_relations(write(tmp_path / "one.parquet", pairs), most_per_source=7)
    other = evaluate_relations(write(tmp_path / "other.parquet", pairs[::-1]), most_per_source=7)
    assert one == other
    assert (one["fires.pairs"], one["fires.pairs_there"]) == (7.0, 30.0)


def test_of_a_source_with_a_floor_more_pairs_are_measured_and_of_all_every_one_where_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relations, "MOST_WITH_FLOOR", {"fires": 5})
    monkeypatch.setattr(relations, "_judge", lambda pairs: [("neutral", 0.1)] * len(pairs))
    path = write(
        tmp_path / "dev.parquet",
        [(f"The fire killed {n}.", "Some died.", "entailment", source) for source in ("fires", "ferries") for n in range(9)],
    )
    for most, measured in ((2, (5.0, 2.0)), (7, (7.0, 7.0)), (None, (9.0, 9.0))):
        figures = evaluate_relations(path, most_per_source=most)
        assert (figures["fires.pairs"], figures["ferries.pairs"]) == measured
        assert figures["pairs_there"] == 18.0
    console = Console(quiet=True)
    monkeypatch.setattr(relations.evaluate_relations, "__defaults__", (2,))
    assert run_evaluation("relations", path, None, console)["pairs"] == 7.0
    assert run_evaluation("relations", path, None, console, whole=True)["pairs"] == 18.0


def test_a_file_without_the_columns_is_an_error(tmp_path: Path) -> None:
    pl.DataFrame({"premise": ["x"]}).write_parquet(tmp_path / "bad.parquet")
    with pytest.raises(ValueError, match="lacks"):
        evaluate_relations(tmp_path / "bad.parquet")
    with pytest.raises(ValueError, match="holds no"):
        evaluate_relations(tmp_path)
