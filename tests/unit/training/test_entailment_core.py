"""Training the cross-encoder, where torch is installed: what it reads, what it learns, and which stories it has not seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipelines.models.cross_encoder import join_sides

torch = pytest.importorskip("torch")
core = pytest.importorskip("pipelines.training.entailment_core")


class TinyEncoder(torch.nn.Module):  # type: ignore[misc,name-defined]
    """An encoder that only looks its tokens and their sides up."""

    def __init__(self) -> None:
        super().__init__()
        self.words = torch.nn.Embedding(64, 16)
        self.sides = torch.nn.Embedding(2, 16)

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
        class Out:
            last_hidden_state = self.words(input_ids) * (0.5 + self.sides(token_type_ids))

        return Out


KIND = core.Kind(cls=1, sep=2, pad=0)


def table(texts: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate(texts).astype(np.uint16), np.cumsum([0, *map(len, texts)]).astype(np.int32)


@pytest.mark.parametrize(
    "sizes", [(5, 7, 4, 3), (100, 90, 20, 20), (10, 150, 9, 9), (150, 10, 9, 0), (70, 76, 30, 30), (80, 68, 5, 5)]
)
@pytest.mark.parametrize("turned", [False, True])
def test_what_is_read_in_training_is_what_is_read_at_run_time(sizes: tuple[int, ...], turned: bool) -> None:
    rng = np.random.default_rng(sum(sizes))
    a, b, title_a, title_b = ([int(t) for t in rng.integers(3, 60, size)] for size in sizes)
    tokens, offsets = table([a, b, title_a, title_b])
    titles = np.array([[2 if title_a else -1, 3 if title_b else -1]])
    pairs = core.Pairs(tokens, offsets, np.array([0]), np.array([1]), titles)
    inputs = core.Inputs(pairs, KIND, "cpu", context=True, turned=turned)
    left, right = join_sides(a, b, title_a, title_b, 160 - 4)
    if turned:
        left, right = right, left
    assert inputs.ids[0].tolist() == [1, *left, 2, *right, 2]
    assert inputs.ends[0].tolist() == [len(left) + 2, len(left) + len(right) + 3]


def test_an_encoder_of_its_own_words_gets_its_own_ids_and_two_separators() -> None:
    tokens, offsets = table([[10, 11], [12]])
    kind = core.Kind(cls=0, sep=5, pad=1, seps_between=2, has_types=False, to_own=np.arange(64) + 30)
    inputs = core.Inputs(
        core.Pairs(tokens, offsets, np.array([0, 1]), np.array([1, 1])), kind, "cpu", context=False, turned=False
    )
    assert inputs.ids.tolist() == [[0, 40, 41, 5, 5, 42, 5], [0, 42, 5, 5, 42, 5, 1]]


def arrays() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    # A pair is a contradiction where its second sentence holds word 50.
    texts = [[int(t) for t in rng.integers(3, 40, 5)] for _ in range(40)] + [[50, int(t)] for t in rng.integers(3, 40, 40)]
    tokens, offsets = table(texts)
    left, right = rng.integers(0, 40, 240), rng.integers(0, 80, 240)
    label = np.where(right >= 40, 0, rng.integers(2, 5, 240)).astype(np.int8)
    made = {"tokens": tokens, "offsets": offsets}
    for name in ("news", "search", "free"):
        made |= {
            f"{name}_left": left, f"{name}_right": right, f"{name}_label": label, f"{name}_group": np.arange(240) % 24,
            f"{name}_groups": np.array([f"story{n}" for n in range(24)]), f"{name}_title": np.full((240, 2), -1),
        }  # fmt: skip
    nli = np.where(label == 0, 2, 1)
    return made | {"public_left": left, "public_right": right, "public_label": nli, "public_source": np.zeros(240, int),
                   "public_sources": np.array(["LingNLI"])}  # fmt: skip


def test_all_three_heads_learn_and_a_fold_is_judged_by_who_has_not_seen_it() -> None:
    made = arrays()
    fold = core.folds_of(made, "news", 4)
    assert {len(set(fold[made["news_group"] == g])) for g in range(24)} == {1}
    assert (core.folds_of(made, "search", 4) == fold).all()
    rows, held = np.flatnonzero(fold != 0), np.flatnonzero(fold == 0)
    torch.manual_seed(1)
    model = core.CrossEncoder(TinyEncoder(), 16)
    recipe = core.Recipe(news_epochs=8, news_rate=0.03, batch=16, ema=0.9)
    core.news_stage(model, KIND, made, rows, rows, recipe, seed=1, device="cpu", log=lambda _: None)
    said = core.predict(model, KIND, core.pairs_of(made, "news", held), context=True, device="cpu", both_ways=True)
    truth = made["news_label"][held] == 0
    for score in (said.news[:, 0], said.found[:, 1], said.nli[:, 2], said.back[:, 2]):
        assert score.shape == truth.shape
    assert core.average_precision(truth, said.news[:, 0]) > 0.9
    assert core.average_precision(truth, said.found[:, 1]) > 0.9
    assert core.average_precision(truth, said.nli[:, 2]) > 0.9

    pupil = core.CrossEncoder(TinyEncoder(), 16)
    taught = core.predict(model, KIND, core.pairs_of(made, "free", rows), context=True, device="cpu", both_ways=False)
    recipe = core.Recipe(distil_epochs=8, distil_rate=0.03, batch=16, ema=0.9)
    core.distil(pupil, KIND, made, rows, taught, rows, rows, taught, taught, recipe, seed=1, device="cpu", log=lambda _: None)
    again = core.predict(pupil, KIND, core.pairs_of(made, "news", held), context=True, device="cpu", both_ways=True)
    assert core.average_precision(truth, again.news[:, 0]) > 0.9


def test_training_stops_when_its_time_is_over_with_the_rate_run_down() -> None:
    made = arrays()
    told: list[str] = []
    model = core.CrossEncoder(TinyEncoder(), 16)
    recipe = core.Recipe(news_epochs=10_000, batch=16)
    core.news_stage(model, KIND, made, np.arange(240), np.arange(0), recipe, seed=1, device="cpu", log=told.append, seconds=0.3)
    assert "out of time" in told[-1]


def test_the_last_stage_learns_from_labels_and_from_a_teacher_that_has_no_opinion_of_some() -> None:
    made = arrays()
    fold = core.folds_of(made, "news", 4)
    rows, held = np.flatnonzero(fold != 0), np.flatnonzero(fold == 0)
    truth = made["news_label"] == 0
    said = np.where(truth[:, None], np.log([[0.9, 0.025, 0.025, 0.025, 0.025]]), np.log([[0.1, 0.225, 0.225, 0.225, 0.225]]))
    found = np.where(truth[:, None], np.log([[0.1, 0.9]]), np.log([[0.9, 0.1]]))
    taught = core.Outputs(said[:, :3], said[:, :3], said, found)
    partly = core.Outputs(said[rows], said[rows], said[rows].copy(), found[rows].copy())
    partly.news[::2], partly.found[::2] = np.nan, np.nan
    torch.manual_seed(1)
    model = core.CrossEncoder(TinyEncoder(), 16)
    recipe = core.Recipe(refine_epochs=12, refine_rate=0.03, batch=16, ema=0.9)
    core.refine(
        model, KIND, made, rows, partly, [("free", np.arange(240), taught)], recipe, seed=1, device="cpu", log=lambda _: None
    )
    again = core.predict(model, KIND, core.pairs_of(made, "news", held), context=False, device="cpu", both_ways=True)
    assert np.isfinite(again.news).all()
    assert core.average_precision(truth[held], again.news[:, 0]) > 0.9
    assert core.average_precision(truth[held], again.found[:, 1]) > 0.9
