"""Training the cross-encoder, where torch is installed: what it reads, what it learns, and which stories it has not seen."""

from __future__ import annotations

import json
from pathlib import Path
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
QUIET = core.Session(log=lambda _: None)


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
    core.news_stage(model, KIND, made, rows, rows, recipe, seed=1, session=QUIET)
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
    core.distil(pupil, KIND, made, rows, taught, rows, rows, taught, taught, recipe, seed=1, session=QUIET)
    again = core.predict(pupil, KIND, core.pairs_of(made, "news", held), context=True, device="cpu", both_ways=True)
    assert core.average_precision(truth, again.news[:, 0]) > 0.9


def test_training_stops_when_its_time_is_over_with_the_rate_run_down() -> None:
    made = arrays()
    told: list[str] = []
    model = core.CrossEncoder(TinyEncoder(), 16)
    recipe = core.Recipe(news_epochs=10_000, batch=16)
    core.news_stage(model, KIND, made, np.arange(240), np.arange(0), recipe, seed=1,
                    session=core.Session(seconds=0.3, log=told.append))  # fmt: skip
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
    core.refine(model, KIND, made, rows, partly, [("free", np.arange(240), taught)], recipe, seed=1, session=QUIET)
    again = core.predict(model, KIND, core.pairs_of(made, "news", held), context=False, device="cpu", both_ways=True)
    assert np.isfinite(again.news).all()
    assert core.average_precision(truth[held], again.news[:, 0]) > 0.9
    assert core.average_precision(truth[held], again.found[:, 1]) > 0.9


class _Killed(BaseException):
    """As good as SIGKILL: nothing of the run catches it."""


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    """A folder with a BERT of two layers and its tokenizer."""
    transformers = pytest.importorskip("transformers")
    from safetensors.torch import save_file
    from tokenizers import Tokenizer, models, pre_tokenizers

    folder = tmp_path / "encoder"
    folder.mkdir()
    config = transformers.BertConfig(
        vocab_size=110,
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=170,
    )
    torch.manual_seed(2)
    save_file(transformers.BertModel(config, add_pooling_layer=False).state_dict(), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config.to_dict()), encoding="utf-8")
    words = {word: at for at, word in enumerate(("[PAD]", "[UNK]", *(f"w{n}" for n in range(99)), "[CLS]", "[SEP]"))}
    tokenizer = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def trained(encoder: Path) -> Any:
    """A cross-encoder no two of whose weights are alike, as after a training."""
    model, _ = core.load_encoder(encoder, 0.1, "cpu")
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.02 * torch.randn_like(weight))
    return model


@pytest.mark.parametrize("killed_after", ["student_public.pt 2", "teach_-1.pt 1", "refined_0.pt 1", "student_soft.done 1"])
def test_a_training_that_was_killed_ends_in_the_weights_of_one_that_was_not(
    killed_after: str, encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.training import checkpoints, entailment, entailment_data

    recipe = core.Recipe(
        public_epochs=2,
        public_batch=60,
        news_epochs=1,
        soft_epochs=1,
        distil_epochs=1,
        refine_epochs=1,
        batch=60,
        refine_frozen=1,
    )
    monkeypatch.setattr(entailment, "recipes", lambda: (recipe, recipe))
    made = arrays()
    made |= {f"{name}_id": np.array([f"{name} {n}" for n in range(240)]) for name in ("news", "search")}
    made |= {"sibling_left": np.arange(9), "sibling_right": np.arange(9), "free_label": np.full(240, -1)}
    monkeypatch.setattr(entailment_data, "prepare", lambda *_, **__: made)
    monkeypatch.setattr(core, "_CHECKPOINT_EVERY", 0.0)
    told: list[str] = []

    def run(name: str) -> tuple[dict[str, Any], bytes]:
        out = tmp_path / name
        entailment.train(tmp_path / "none", out, encoder, folds=2, log=told.append)
        with np.load(out / "oof.npz") as said:
            return dict(said), (out / "model.onnx").read_bytes()

    said, model = run("whole")
    assert not list((tmp_path / "whole.work").iterdir()), "nothing is left beside what ships"
    save, once = checkpoints.Checkpoint.save, entailment.Run.once
    counts: dict[str, int] = {}

    def count(name: str) -> None:
        counts[name] = counts.get(name, 0) + 1
        if f"{name} {counts[name]}" == killed_after:
            raise _Killed

    def saved(self: Any, state: dict[str, Any]) -> None:
        save(self, state)
        count(self.path.name)

    def did(self: Any, stage: str, work: Any) -> None:
        once(self, stage, work)
        count(f"{stage}.done")

    with monkeypatch.context() as patched:
        patched.setattr(checkpoints.Checkpoint, "save", saved)
        patched.setattr(entailment.Run, "once", did)
        with pytest.raises(_Killed):
            run("killed")
    told.clear()
    again, its_model = run("killed")
    assert its_model == model
    assert all(np.array_equal(said[name], again[name], equal_nan=said[name].dtype.kind == "f") for name in said)
    assert any("goes on after step" in line for line in told) == killed_after.split(" ", maxsplit=1)[0].endswith(".pt")
    assert any("done before" in line for line in told) == (not killed_after.startswith("student_public"))


def test_what_ships_in_one_byte_gives_back_the_weights_to_half_a_step(encoder: Path, tmp_path: Path) -> None:
    from pipelines.training.entailment_export import export_int8, weights_of

    model = trained(encoder)
    exact = {name: weight.clone() for name, weight in model.state_dict().items()}
    export_int8(model, encoder / "tokenizer.json", tmp_path / "out", {})
    again = weights_of(tmp_path / "out" / "model.onnx")
    assert {name for name in exact if "position_ids" not in name} == set(again)
    for name, weight in again.items():
        assert weight.shape == exact[name].shape, name
        # 254 steps span the widest channel at least.
        assert float((weight - exact[name]).abs().max()) <= float(exact[name].abs().max()) / 120, name
    assert torch.equal(again["nli.bias"], exact["nli.bias"]), "what is not multiplied stays as it was"


def test_what_a_short_training_changes_outlives_the_rounding_to_one_byte(encoder: Path, tmp_path: Path) -> None:
    from pipelines.training.entailment_export import export_int8, weights_of

    export_int8(trained(encoder), encoder / "tokenizer.json", tmp_path / "start", {})
    start = weights_of(tmp_path / "start" / "model.onnx")
    name = "encoder.encoder.layer.1.intermediate.dense.weight"
    step = start[name].abs().amax(1, keepdim=True) / 127
    # A tenth of a step towards zero for half of the weights, which leaves the widest of each channel where it is.
    is_moved = (
        (torch.arange(start[name].numel()).reshape(start[name].shape) % 2 == 0)
        & (start[name].abs() < 100 * step)
        & (start[name] != 0)
    )
    learnt = torch.where(is_moved, start[name] - 0.1 * step * start[name].sign(), start[name])
    model, _ = core.load_encoder(encoder, 0.1, "cpu")
    model.load_state_dict(start | {name: learnt}, strict=False)
    kept = {}
    for how, dither in (("nearest", None), ("random", 1)):
        export_int8(model, encoder / "tokenizer.json", tmp_path / how, {}, dither=dither)
        again = weights_of(tmp_path / how / "model.onnx")
        kept[how] = float((((again[name] - start[name]) / (learnt - start[name]))[is_moved]).mean())
        model.load_state_dict(start | {name: learnt}, strict=False)
        other = "encoder.encoder.layer.0.intermediate.dense.weight"
        assert torch.allclose(again[other], start[other], atol=1e-6), "what was not trained stays"
    assert abs(kept["nearest"]) < 0.01
    assert 0.5 < kept["random"] < 1.5


def test_a_file_without_a_cross_encoder_is_named(encoder: Path, tmp_path: Path) -> None:
    import onnx

    from pipelines.training.entailment_export import weights_of

    graph = onnx.helper.make_graph([], "nothing", [], [])
    onnx.save(onnx.helper.make_model(graph), tmp_path / "model.onnx")
    with pytest.raises(ValueError, match=r"model\.onnx: no weights of a cross-encoder"):
        weights_of(tmp_path / "model.onnx")


def test_the_mean_of_two_trainings_lies_between_them() -> None:
    model = core.CrossEncoder(TinyEncoder(), 16)
    start = {name: torch.zeros_like(weight) for name, weight in model.state_dict().items()}
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    core.move_towards_start(model, start, 0.25)
    assert all(torch.allclose(weight, before[name] / 4) for name, weight in model.state_dict().items())


def test_what_ships_is_trained_further_the_same_way_whether_killed_or_not(
    encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.training import checkpoints, entailment, entailment_data
    from pipelines.training.entailment_export import export_int8, weights_of

    export_int8(trained(encoder), encoder / "tokenizer.json", tmp_path / "start", {})
    recipe = core.Recipe(batch=60, refine_epochs=2, refine_frozen=1, refine_rate=1e-3, mean_share=0.5)
    monkeypatch.setattr(entailment, "further_recipe", lambda: recipe)
    made = arrays() | {"news_id": np.array([f"news {n}" for n in range(240)])}
    monkeypatch.setattr(entailment_data, "prepare", lambda *_, **__: made)
    monkeypatch.setattr(core, "_CHECKPOINT_EVERY", 0.0)

    def run(name: str) -> Path:
        out = tmp_path / name
        entailment.train_further(tmp_path / "none", out, encoder, tmp_path / "start", labels=[], log=lambda _: None)
        return out / "model.onnx"

    whole = run("whole")
    with np.load(tmp_path / "whole" / "oof.npz") as said:
        assert np.isfinite(said["news_news"]).all(), "of every pair says something who has not seen its story"
    start, end = weights_of(tmp_path / "start" / "model.onnx"), weights_of(whole)
    words = "encoder.embeddings.word_embeddings.weight"
    assert torch.allclose(start[words], end[words], atol=1e-6), "words stay as they were"
    assert not torch.equal(start["news.bias"], end["news.bias"])
    save, kept = checkpoints.Checkpoint.save, 0

    def saved(self: Any, state: dict[str, Any]) -> None:
        nonlocal kept
        save(self, state)
        if (kept := kept + 1) == 3:
            raise _Killed

    with monkeypatch.context() as patched:
        patched.setattr(checkpoints.Checkpoint, "save", saved)
        with pytest.raises(_Killed):
            run("killed")
    assert run("killed").read_bytes() == whole.read_bytes()


def test_texts_lie_where_their_words_do_whatever_else_is_embedded(encoder: Path) -> None:
    embed = core.embedder_of(encoder, "cpu")
    texts = ["w1 w2 w3", "w40", "w1 w2 w3 w4 w5 w6 w7 w8"]
    vectors = embed(texts)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.allclose(vectors[1], embed(texts[1:2])[0], atol=1e-5)
    assert vectors[0] @ vectors[2] > vectors[0] @ vectors[1]


def test_other_data_or_another_recipe_is_another_training(tmp_path: Path) -> None:
    from pipelines.training.entailment import key_of

    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "pairs.jsonl").write_text("one", encoding="utf-8")
    first = key_of({"epochs": 1}, [tmp_path / "data"])
    assert first == key_of({"epochs": 1}, [tmp_path / "data"])
    assert first != key_of({"epochs": 2}, [tmp_path / "data"])
    (tmp_path / "data" / "pairs.jsonl").write_text("two", encoding="utf-8")
    assert first != key_of({"epochs": 1}, [tmp_path / "data"])
