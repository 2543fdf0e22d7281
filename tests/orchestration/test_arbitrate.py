"""Rulings in the warehouse: the most uncertain pairs first, within the budget, each once, and void with their arbiter."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipelines.models.endpoint import Endpoint
from pipelines.orchestration.assets import arbitrate as arbitrate_module
from pipelines.orchestration.assets.arbitrate import arbitrate, endpoint_of
from pipelines.settings import load_settings
from pipelines.tables import CLAIM_RELATIONS
from pipelines.warehouse import Warehouse
from tests.orchestration.test_write_relations import new_warehouse, put
from tests.unit.models.test_endpoint import said, serving

#: Pairs of the sentences of three articles of one story, and how likely the comparison finds a contradiction.
PAIRS = {
    ("a-0 1", "a-1 1"): 0.95, ("a-0 2", "a-1 2"): 0.52, ("a-0 1", "a-2 1"): 0.62, ("a-1 1", "a-2 1"): 0.45,
    ("a-1 2", "a-2 2"): 0.02, ("a-0 3", "a-1 3"): 0.31,
}  # fmt: skip
#: Those within 0.2 of the threshold, the nearest first.
UNSURE = [("a-0 2", "a-1 2"), ("a-1 1", "a-2 1"), ("a-0 1", "a-2 1"), ("a-0 3", "a-1 3")]


@dataclass
class StandIn:
    """An arbiter that takes every pair for compatible, and answers as many as it likes."""

    name: str = "endpoint:stand-in"
    answered: int = 99
    asked: list[tuple[str, str]] = field(default_factory=list)

    def answers(
        self, instructions: str, pairs: Sequence[tuple[str, str]], read: Callable[[Any], dict[str, Any] | None]
    ) -> Mapping[int, dict[str, Any] | None]:
        self.asked += [(json.loads(a)["sentence"], json.loads(b)["sentence"]) for a, b in pairs]
        said = {"relation": "compatible", "kind": None, "certainty": 0.9}
        return {at: read(said) for at in range(min(self.answered, len(pairs)))}


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    monkeypatch.setattr(arbitrate_module, "load_judge", lambda: None)
    made = new_warehouse(tmp_path / "counterclaim.duckdb")
    put(made, ("a-0", 0), ("a-1", 0), ("a-2", 0))
    rows = [
        {"claim_a_id": a, "claim_b_id": b, "relation": "contradiction" if p >= 0.5 else "compatible", "score": p, "detector": "x",
         "kind": "number" if p >= 0.5 else None, "level": "outlet" if p >= 0.5 else None, "p_contradiction": p}
        for (a, b), p in PAIRS.items()
    ]  # fmt: skip
    with made.transaction() as transaction:
        transaction.upsert(CLAIM_RELATIONS, CLAIM_RELATIONS.frame(rows))
    return made


def rulings(warehouse: Warehouse) -> dict[tuple[str, str], str | None]:
    rows = warehouse.read("select claim_a_id, claim_b_id, relation from analysis.rulings").iter_rows()
    return {(a, b): relation for a, b, relation in rows}


def test_the_most_uncertain_pairs_are_put_first_and_no_more_than_the_budget(warehouse: Warehouse) -> None:
    arbiter = StandIn()
    assert arbitrate(warehouse, arbiter, most=3, band=0.2) == 3
    texts = dict(warehouse.read("select claim_id, text from intermediate.int_claims").iter_rows())
    assert arbiter.asked == [(texts[a], texts[b]) for a, b in UNSURE[:3]]
    assert rulings(warehouse) == dict.fromkeys(UNSURE[:3], "compatible") | {UNSURE[3]: None}


def test_the_same_run_again_asks_nothing_though_pairs_lay_beyond_the_budget(warehouse: Warehouse) -> None:
    arbitrate(warehouse, StandIn(), most=2, band=0.2)
    before, again = rulings(warehouse), StandIn()
    arbitrate(warehouse, again, most=2, band=0.2)
    assert not again.asked
    assert rulings(warehouse) == before


def test_what_nobody_answered_is_asked_in_the_next_run(warehouse: Warehouse) -> None:
    arbitrate(warehouse, StandIn(answered=1), most=9, band=0.2)
    assert rulings(warehouse) == {UNSURE[0]: "compatible"}
    again = StandIn()
    arbitrate(warehouse, again, most=9, band=0.2)
    assert len(again.asked) == 3
    assert rulings(warehouse) == dict.fromkeys(UNSURE, "compatible")


def test_a_wider_band_asks_about_more(warehouse: Warehouse) -> None:
    arbiter = StandIn()
    arbitrate(warehouse, arbiter, most=9, band=0.46)
    assert len(arbiter.asked) == 5


def test_rulings_are_void_without_their_arbiter_and_without_their_pair(warehouse: Warehouse) -> None:
    arbitrate(warehouse, StandIn(), most=9, band=0.2)
    with warehouse.transaction() as transaction:
        transaction.query("delete from analysis.claim_relations where claim_b_id = 'a-2 1'")
    arbitrate(warehouse, StandIn(), most=9, band=0.2)
    assert set(rulings(warehouse)) == {UNSURE[0], UNSURE[3]}
    other = StandIn(name="endpoint:another", answered=0)
    arbitrate(warehouse, other, most=9, band=0.2)
    assert (len(other.asked), rulings(warehouse)) == (2, {})
    arbitrate(warehouse, StandIn(), most=9, band=0.2)
    arbitrate(warehouse, None, most=9, band=0.2)
    assert not rulings(warehouse)


def test_articles_of_one_outlet_are_not_put_to_it(warehouse: Warehouse) -> None:
    with warehouse.transaction() as transaction:
        transaction.query("update intermediate.int_claims set outlet_id = 'one'")
    arbiter = StandIn()
    arbitrate(warehouse, arbiter, most=9, band=0.2)
    assert not arbiter.asked


def test_what_an_endpoint_answered_decides_again_in_a_warehouse_built_anew_and_nothing_is_asked(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    with serving(lambda n: said({"relation": "contradiction", "kind": "semantic", "certainty": 0.5 + n / 100})) as server:
        first = Endpoint(server.url, "tiny", tmp_path / "answers.jsonl")
        assert arbitrate(warehouse, first, most=9, band=0.2) == 4
        rows = warehouse.read("select * from analysis.rulings order by all").rows()
        arbitrate(warehouse, None, most=0, band=0.2)
        again = Endpoint(server.url, "tiny", tmp_path / "answers.jsonl")
        assert arbitrate(warehouse, again, most=9, band=0.2) == 4
        assert warehouse.read("select * from analysis.rulings order by all").rows() == rows
        assert (len(server.requests), again.outcome.asked, again.outcome.remembered) == (4, 0, 4)
    kinds = dict(warehouse.read("select claim_a_id || ' ' || claim_b_id, kind || ' ' || level from analysis.rulings").iter_rows())
    # What the comparison had as a clash of numbers stays one.
    assert kinds["a-0 1 a-2 1"] == "number outlet"
    assert kinds["a-1 1 a-2 1"] == "semantic outlet"
    assert warehouse.read("select distinct detector from analysis.rulings").item() == "endpoint:tiny"


def test_no_endpoint_is_asked_unless_one_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert endpoint_of(load_settings(home=tmp_path)) is None
    monkeypatch.setenv("COUNTERCLAIM_ENDPOINT_URL", "http://127.0.0.1:8080/v1")
    monkeypatch.setenv("COUNTERCLAIM_ENDPOINT_MODEL", "tiny")
    monkeypatch.setenv("COUNTERCLAIM_ENDPOINT_PAIRS", "700")
    made = endpoint_of(load_settings(home=tmp_path))
    assert made is not None
    assert (made.url, made.model, made.key, made.most) == ("http://127.0.0.1:8080/v1", "tiny", None, 700)
    assert made.memory.is_relative_to(tmp_path)


def test_the_key_comes_from_the_variable_that_the_settings_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COUNTERCLAIM_ENDPOINT_URL", "https://judge.example/v1")
    monkeypatch.setenv("COUNTERCLAIM_ENDPOINT_MODEL", "tiny")
    monkeypatch.setenv("COUNTERCLAIM_ENDPOINT_KEY_VARIABLE", "JUDGE_KEY")
    made = endpoint_of(load_settings(home=tmp_path))
    assert made is not None
    assert made.key is None
    assert "JUDGE_KEY, which is not set" in capsys.readouterr().err
    monkeypatch.setenv("JUDGE_KEY", "secret")
    made = endpoint_of(load_settings(home=tmp_path))
    assert made is not None
    assert made.key == "secret"
