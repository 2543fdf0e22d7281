"""Fitting what decides over pairs, on pairs drawn at random around a known truth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import log_softmax

from pipelines.compare.entailment import Entailed
from pipelines.compare.proposed import GivenPairs
from pipelines.tables import stable_id
from pipelines.training.decision import (
    RIGHT_OF_TOLD,
    Known,
    Opinion,
    best_of_two,
    curve,
    fit_given,
    fit_ranking,
    fit_search,
    heard_of,
    judged_rows,
    opinions_of,
    read_said,
    steady_threshold,
    told,
    write_decision,
    write_found,
)

ARTICLES, PAIRS = 60, 40


@pytest.fixture(scope="module")
def searched() -> SimpleNamespace:
    rng = np.random.default_rng(5)
    count = ARTICLES * PAIRS
    between = np.repeat(np.arange(ARTICLES), PAIRS)
    at = np.tile(np.arange(PAIRS), ARTICLES)
    is_true = at == rng.integers(0, PAIRS, ARTICLES)[between]
    seen = np.stack([rng.normal(size=count) + 1.5 * is_true, rng.normal(size=count)], axis=1).astype(np.float32)
    return SimpleNamespace(
        names=("tells", "noise"), seen=seen, between=between, numbers=[(int(n), int(n)) for n in at],
        event=[str(n // 3) for n in between], golds=[(int(n),) if t else () for n, t in zip(between, is_true, strict=True)],
        relation=["contradiction" if t else None for t in is_true], words=[frozenset({f"w{n}"}) for n in range(count)],
        sides=[((f"a{n}", int(k), int(k) + 1), (f"b{n}", int(k), int(k) + 1)) for n, k in zip(between, at, strict=True)],
        in_gold=is_true.tolist(), total=ARTICLES,
    )  # fmt: skip


def said_of(searched: SimpleNamespace, telling: float) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(6)
    truth = np.array([one == "contradiction" for one in searched.relation])
    odds = rng.normal(size=len(truth)) + telling * truth - 3

    zero = np.zeros_like(odds)
    said = {"search_nli": np.stack([zero, zero, odds], 1), "search_back": np.stack([zero, odds, zero], 1),
            "search_news": np.stack([odds, zero, zero, zero, zero], 1), "search_found": np.stack([zero, odds], 1)}  # fmt: skip
    ids = np.array([stable_id(*one, *other) for one, other in searched.sides])
    return {"search_id": ids} | {name: log_softmax(one, axis=1) for name, one in said.items()}


def known_of(searched: SimpleNamespace, opinion: Opinion, first: int = 5) -> Known:
    """The first few pairs of all articles, as if gold had given them."""
    rows = [at for at in range(len(searched.sides)) if at % PAIRS < first]
    signals = [
        dict.fromkeys(
            ("reader_denies", "one_contests", "same_speaker", "two_speakers", "number_conflict", "cosine", "one_expects"), 0.0
        )
        | dict(zip(searched.names, map(float, searched.seen[at]), strict=True))
        for at in rows
    ]
    said = [one.features() for at in rows if (one := opinion(*searched.sides[at]))]
    return Known(
        [{**seen, **heard} for seen, heard in zip(signals, said, strict=True)],
        [searched.relation[at] is not None for at in rows], [searched.event[at] for at in rows],
    )  # fmt: skip


def test_the_ranking_finds_the_signal_that_tells(searched: SimpleNamespace) -> None:
    truth = [relation == "contradiction" for relation in searched.relation]
    model, odds = fit_ranking(searched.names, searched.seen, truth, searched.event)
    assert model["weights"]["tells"] > 3 * abs(model["weights"]["noise"])
    best = best_of_two(odds, searched.between, 5)
    assert len(best) == 5 * ARTICLES
    assert np.mean([truth[at] for at in best]) > 2 / PAIRS


def test_the_threshold_of_found_pairs_tells_as_many_as_asked_for(searched: SimpleNamespace) -> None:
    said = said_of(searched, 6.0)
    opinion = opinions_of(said, "search")
    asked, found = fit_search(searched, opinion, known_of(searched, opinion), tell=0.5, most=20)
    assert asked["most"] == 20
    assert 0.5 < asked["cross_validated"]["recall"] <= 1
    assert found["cross_validated"]["told"] == ARTICLES / 2
    assert found["cross_validated"]["precision"] > 0.8
    assert 0 < found["from"] < 1


def test_pairs_of_events_without_gold_teach_the_ranking_only(searched: SimpleNamespace) -> None:
    said = said_of(searched, 6.0)
    opinion = opinions_of(said, "search")
    given = known_of(searched, opinion)
    events = set(given.event[: len(given.event) // 2])
    half = Known(given.rows, given.truth, given.event, [event in events for event in given.event])
    rows, _ = judged_rows(searched, np.zeros(len(searched.sides)), opinion, half, 20)
    assert {searched.event[at] for at in rows} == events


def test_an_opinion_of_a_pair_turned_round_is_turned_round(searched: SimpleNamespace) -> None:
    said = said_of(searched, 1.0)
    said["search_news"][1] = np.nan
    opinion = opinions_of(said, "search")
    a, b = searched.sides[0]
    there, back = opinion(a, b), opinion(b, a)
    assert there is not None
    assert back is not None
    assert (there.nli, there.back) == (back.back, back.nli)
    assert there.features() == pytest.approx(back.features())
    assert opinion(*searched.sides[1]) is None


def labelled(searched: SimpleNamespace, said: dict[str, np.ndarray]) -> GivenPairs:
    """All pairs as labels, those of three events of four of the gold; kinds by turns."""
    rows = list(range(len(searched.sides)))
    for head in ("id", "nli", "back", "news", "found"):
        said[f"news_{head}"] = said[f"search_{head}"][rows[::-1]]
    return GivenPairs(
        said["search_id"][rows].tolist(), known_of(searched, opinions_of(said, "search"), PAIRS).rows,
        [searched.relation[at] or "compatible" for at in rows], [("denial", "number", "date")[at % 3] for at in rows],
        [searched.event[at] for at in rows], [int(searched.event[at]) % 4 > 0 for at in rows],
    )  # type: ignore[arg-type]  # fmt: skip


def test_what_encoders_said_is_found_by_the_ids_of_pairs_in_whatever_order(
    searched: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.training.decision._FEWEST_OF_KIND", 5)
    said = said_of(searched, 6.0)
    given = labelled(searched, said)
    made = write_decision(searched, given, said, tmp_path, thresholds={"given": None, "found": 0.4})
    assert json.loads((tmp_path / "decision.json").read_text()) == made
    assert made["given"]["cross_validated"]["average_precision"] > 0.9, "the opinions lie in another order than the labels"
    assert (made["given"]["pairs"], made["given"]["gold"]) == (len(given.ids), sum(given.is_gold))
    assert made["found"]["from"] == 0.4
    assert made["found"]["from_cross_validation"] != 0.4
    assert "from_cross_validation" not in made["given"]
    others = [one for one, is_gold in zip(given.ids, given.is_gold, strict=True) if not is_gold]
    said["news_news"][np.isin(said["news_id"], others[:20])] = np.nan
    assert write_decision(searched, given, said, tmp_path)["given"]["pairs"] == len(given.ids) - 20


def test_silence_about_a_pair_of_the_gold_is_an_error(searched: SimpleNamespace, tmp_path: Path) -> None:
    said = said_of(searched, 6.0)
    given = labelled(searched, said)
    said["news_id"] = np.array(["somebody else's" for _ in given.ids])
    count = f"{sum(given.is_gold):,}"
    with pytest.raises(ValueError, match=f"encoders said nothing of {count} of {count} pairs of the gold"):
        write_decision(searched, given, said, tmp_path)


def test_arrays_that_do_not_belong_together_are_refused(searched: SimpleNamespace, tmp_path: Path) -> None:
    said = said_of(searched, 1.0)
    labelled(searched, said)
    np.savez(tmp_path / "oof.npz", **{f"x_{name}": array for name, array in said.items()})
    assert set(read_said(tmp_path / "oof.npz", "x_")) == set(said)
    with pytest.raises(ValueError, match="lacks news_id, news_nli"):
        read_said(tmp_path / "oof.npz")
    np.savez(tmp_path / "oof.npz", **said | {"search_news": said["search_news"][1:]})
    with pytest.raises(ValueError, match=r"search_\* are not of one length"):
        read_said(tmp_path / "oof.npz")


def test_one_pair_a_slot_is_told_the_likeliest() -> None:
    between = np.array([0, 0, 0, 1])
    score = np.array([0.5, 0.9, 0.7, 0.6])
    assert told(score, between, lambda one, other: {one, other} == {0, 1}) == [1, 2, 3]
    assert told(score, between, lambda one, other: False, least=0.65) == [1, 2]


def test_precision_and_recall_after_each_pair_that_is_told() -> None:
    precision, recall = curve([1, 0, 2], [(), (4,), (4, 7)], total=4)
    assert precision.tolist() == [1.0, 0.5, pytest.approx(2 / 3)]
    assert recall.tolist() == [0.25, 0.25, 0.5]


def test_a_steady_threshold_lies_between_two_classes_that_are_apart() -> None:
    truth = np.array([False] * 50 + [True] * 50)
    score = np.concatenate([np.linspace(0.0, 0.4, 50), np.linspace(0.6, 1.0, 50)])
    assert 0.4 < steady_threshold(truth, score) <= 0.65


def random_rows(count: int) -> list[dict[str, float]]:
    rng = np.random.default_rng(7)
    names = ("news_contradiction", "reader_denies", "one_contests", "same_speaker", "two_speakers", "number_conflict", "cosine")
    return [
        {name: float(value) for name, value in zip(names, rng.normal(size=7), strict=True)} | {"one_expects": 0.0}
        for _ in range(count)
    ]


def test_labels_of_other_annotators_teach_but_gold_says_how_good_it_is() -> None:
    rows = random_rows(900)
    truth = [row["news_contradiction"] > 1 for row in rows]
    # The others take every second pair for a contradiction, whatever it says.
    known = Known(
        rows, truth[:600] + [n % 2 == 0 for n in range(300)], [str(n // 10) for n in range(900)], [True] * 600 + [False] * 300
    )
    made, alone = fit_given(known), fit_given(Known(rows[:600], truth[:600], known.event[:600]))
    assert made["pairs"] == 900
    assert made["cross_validated"]["average_precision"] > 0.95, "the others are not measured"
    assert made["from"] == pytest.approx(alone["from"], abs=0.2)
    assert 0 < made["weights"]["news_contradiction"] < alone["weights"]["news_contradiction"], "they are learnt from"


def test_the_model_of_given_pairs_weighs_products_of_signals() -> None:
    rows = random_rows(600)
    truth = [row["news_contradiction"] * row["reader_denies"] > 0.5 for row in rows]
    made = fit_given(Known(rows, truth, [str(n // 10) for n in range(600)]))
    weights = made["weights"]
    assert weights["news_contradiction*reader_denies"] == max(weights.values())
    assert made["cross_validated"]["recall"] > 0.5


def test_readers_verdicts_fit_the_model_of_found_pairs_by_encoders_that_have_not_seen_them(
    searched: SimpleNamespace, tmp_path: Path
) -> None:
    said = {name.replace("search", "news"): array for name, array in said_of(searched, 6.0).items()}
    opinion = opinions_of(said, "news")
    judged = [at for at, sides in enumerate(searched.sides) if at % 3 and opinion(*sides)]
    asked = SimpleNamespace(**vars(searched), odds=np.zeros(len(searched.sides)), texts=[("a", "b")] * len(searched.sides))
    asked.relation = [("contradiction" if one else "compatible") if at % 3 else None for at, one in enumerate(searched.relation)]
    held = set(judged[:40])
    said["news_news"][sorted(held)] = np.nan
    np.savez(tmp_path / "oof.npz", **said)

    class Judges:
        def judge(self, pairs: Sequence[object]) -> list[Entailed]:
            even = (0.2,) * 5
            return [Entailed((0.3, 0.4, 0.3), (0.3, 0.4, 0.3), even, found=0.5) for _ in pairs]

    heard, rows = heard_of(asked, tmp_path / "oof.npz", Judges())  # type: ignore[arg-type]
    assert not held & set(rows), "of these only the encoder speaks that has learnt them"
    assert len(heard) == len(asked.sides)
    given = known_of(searched, opinions_of(said_of(searched, 6.0), "search"))
    (tmp_path / "decision.json").write_text(json.dumps({"given": fit_given(given), "asked": {"most": 8}}))
    made = write_found(asked, heard, rows, tmp_path)  # type: ignore[arg-type]
    assert json.loads((tmp_path / "decision.json").read_text()) == made
    assert made["asked"] == {"most": 8}, "the rest stays"
    assert made["found"]["pairs"] == len(rows)
    assert made["found"]["contradictions"] == sum(asked.relation[at] == "contradiction" for at in rows)
    assert made["found"]["cross_validated"]["precision"] >= RIGHT_OF_TOLD
    assert made["found"]["cross_validated"]["average_precision"] > 0.8
    np.savez(tmp_path / "other.npz", **said | {"news_id": np.array(["x"] * len(said["news_id"]))})
    with pytest.raises(ValueError, match="nothing of any pair that readers judged"):
        heard_of(asked, tmp_path / "other.npz", Judges())  # type: ignore[arg-type]
