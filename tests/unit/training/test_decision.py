"""Fitting what decides over pairs, on pairs drawn at random around a known truth."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from pipelines.training.decision import (
    Known,
    Opinion,
    best_of_two,
    curve,
    fit_given,
    fit_ranking,
    fit_search,
    judged_rows,
    opinions_of,
    steady_threshold,
    told,
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


def said_of(searched: SimpleNamespace, telling: float) -> tuple[list[dict[str, object]], dict[str, np.ndarray]]:
    rng = np.random.default_rng(6)
    truth = np.array([one == "contradiction" for one in searched.relation])
    odds = rng.normal(size=len(truth)) + telling * truth - 3

    def log_softmax(logits: np.ndarray) -> np.ndarray:
        return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))

    zero = np.zeros_like(odds)
    pairs = [
        {f"{name}_{side}": value for side, sides in zip("ab", both, strict=True)
         for name, value in zip(("article", "start", "end"), sides, strict=True)}
        for both in searched.sides
    ]  # fmt: skip
    said = {"search_nli": np.stack([zero, zero, odds], 1), "search_back": np.stack([zero, odds, zero], 1),
            "search_news": np.stack([odds, zero, zero, zero, zero], 1), "search_found": np.stack([zero, odds], 1)}  # fmt: skip
    return pairs, {name: log_softmax(one) for name, one in said.items()}


def known_of(searched: SimpleNamespace, opinion: Opinion) -> Known:
    """The first five pairs of all articles, as if gold had given them."""
    rows = [at for at in range(len(searched.sides)) if at % PAIRS < 5]
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
    pairs, said = said_of(searched, 6.0)
    opinion = opinions_of(pairs, said, "search")
    asked, found = fit_search(searched, opinion, known_of(searched, opinion), tell=0.5, most=20)
    assert asked["most"] == 20
    assert 0.5 < asked["cross_validated"]["recall"] <= 1
    assert found["cross_validated"]["told"] == ARTICLES / 2
    assert found["cross_validated"]["precision"] > 0.8
    assert 0 < found["from"] < 1


def test_pairs_of_events_without_gold_teach_the_ranking_only(searched: SimpleNamespace) -> None:
    pairs, said = said_of(searched, 6.0)
    opinion = opinions_of(pairs, said, "search")
    given = known_of(searched, opinion)
    events = set(given.event[: len(given.event) // 2])
    half = Known(*zip(*[row for row in zip(given.rows, given.truth, given.event, strict=True) if row[2] in events], strict=True))
    rows, _ = judged_rows(searched, np.zeros(len(searched.sides)), opinion, half, 20)
    assert {searched.event[at] for at in rows} == events


def test_an_opinion_of_a_pair_turned_round_is_turned_round(searched: SimpleNamespace) -> None:
    pairs, said = said_of(searched, 1.0)
    said["search_news"][1] = np.nan
    opinion = opinions_of(pairs, said, "search")
    a, b = searched.sides[0]
    there, back = opinion(a, b), opinion(b, a)
    assert there is not None
    assert back is not None
    assert (there.nli, there.back) == (back.back, back.nli)
    assert there.features() == pytest.approx(back.features())
    assert opinion(*searched.sides[1]) is None


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
