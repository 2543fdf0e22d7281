"""``counterclaim train tagger`` from annotated files to a tagger that the read room takes, on a corpus of a few made sentences.

The corpus has the formats of the real ones; the encoders are made here, of two layers. Torch is no dependency of the project:
without it nothing here runs.
"""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
safetensors = pytest.importorskip("safetensors.numpy")

from pipelines.models.tagger import Tagger  # noqa: E402
from pipelines.models.tagging import ENTITY_LABELS, SPECIAL_FEATURE  # noqa: E402
from pipelines.training import tagger as driver  # noqa: E402
from pipelines.training import tagger_data, tagger_fit, tagger_names  # noqa: E402
from pipelines.training.tagger_network import Network, as_pretrained, lowest_layers, read_pretrained  # noqa: E402

SENTENCE = ["Ida", "Varga", "of", "the", "Halmar", "Board", "said", "the", "bridge", "in", "Oslo", "fell", "."]
TAGS = ["B-Person", "I-Person", "O", "O", "B-Organization", "I-Organization", "O", "O", "O", "O", "B-Location", "O", "O"]
PIECES = sorted({word.lower() for word in SENTENCE} | {"a", "b", "##s", "port", "alma"})
WIDTH = 48


def _lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpora")
    text = "Bridge\n\nIda Varga said the bridge in Oslo fell. The Halmar Board said a port fell."
    cue = text.index("said")
    attribution = {
        part: [{"spans": [span]}]
        for part, span in {"source": [8, 17], "cue": [cue, cue + 4], "content": [cue + 5, text.index(".")]}.items()
    }
    articles = [{"id": f"p{n}", "text": text, "attributions": {"one": [attribution], "two": []}} for n in range(8)]
    _lines(folder / "attribution" / "polnear_train.jsonl.gz", articles)
    _lines(folder / "attribution" / "polnear_dev.jsonl.gz", [{"text": "Harbour opened\n\nA port."}])
    names = [{"doc": f"d{n}", "sent": 0, "tokens": SENTENCE, "tags": TAGS} for n in range(12)]
    _lines(folder / "entities" / "worldwide_newswire_train.jsonl.gz", names)
    tweets = ["B-person", "I-person", *["O"] * 11]
    _lines(folder / "entities" / "wnut17_train.jsonl.gz", [{"doc": -1, "sent": 0, "tokens": SENTENCE, "tags": tweets}] * 4)
    _lines(folder / "entities" / "re3d_train.jsonl.gz", [{"doc": -1, "sent": 0, "tokens": SENTENCE, "tags": TAGS}] * 9)
    board = {"sent": 0, "start": 3, "end": 5, "etype": "organization"}
    gum = {
        "doc": "g",
        "genre": "news",
        "entities": [board],
        "sentences": [{"tokens": SENTENCE, "xpos": ["NNP"] * 3 + ["DT"] + ["NNP"] * 9}],
    }
    _lines(folder / "entities" / "gum_train.jsonl.gz", [gum, gum | {"genre": "fiction", "doc": "h"}])
    news = " ".join(SENTENCE) + " "
    (folder / "corpora").mkdir()
    frame = pl.DataFrame({"title": ["Harbour opened", *(f"Bridge {n}" for n in range(6))], "text": [news * 12] * 7})
    frame.write_parquet(folder / "corpora" / "us_politics_2016_2020.parquet")
    _lines(folder / "corpora" / "ukraine_talks_2026.jsonl.gz", [{"title": "Talks", "text": news * 3}])
    feed = [
        {"title": "Port", "description": news, "language": "en-GB"},
        {"title": "Hafen", "description": news, "language": "de"},
    ]
    _lines(folder / "corpora" / "rss_entries_2022.jsonl.gz", feed)
    _lines(folder / "stories" / "allsides_train.jsonl.gz", [{"title": "Oslo", "text": news * 3}])
    (folder / "extraction").mkdir()
    (folder / "extraction" / "gold.jsonl").write_text(
        json.dumps({"title": "Page", "body": "In the port of the town. " * 9}) + "\n"
    )
    return folder


def _tokenizer(names: tuple[str, str, str, str]) -> Tokenizer:
    """A tokenizer whose special pieces stand where BERT's uncased vocabulary has them."""
    vocabulary = {f"[unused{n}]": n for n in range(103)} | {piece: 103 + n for n, piece in enumerate(PIECES)}
    for name, place in zip(names, (0, 100, 101, 102), strict=True):
        vocabulary = {k: v for k, v in vocabulary.items() if v != place} | {name: place}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=names[1]))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def _encoder(folder: Path, kind: str, depth: int) -> Path:
    """An encoder of random weights under the names of BERT or MPNet."""
    rng = np.random.default_rng(depth)
    inner, words = 64, 103 + len(PIECES)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (words, WIDTH), "embeddings.position_embeddings.weight": (512, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,), "embeddings.LayerNorm.bias": (WIDTH,),
    }  # fmt: skip
    if kind == "bert":
        shapes["embeddings.token_type_embeddings.weight"] = (2, WIDTH)
        attention = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
        norm = "attention.output.LayerNorm"
    else:
        shapes["encoder.relative_attention_bias.weight"] = (32, 12)
        attention = ("attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o")
        norm = "attention.LayerNorm"
    for k in range(depth):
        linear = dict.fromkeys(attention, (WIDTH, WIDTH)) | {"intermediate.dense": (inner, WIDTH), "output.dense": (WIDTH, inner)}
        for name, (out, into) in linear.items():
            shapes |= {f"encoder.layer.{k}.{name}.weight": (out, into), f"encoder.layer.{k}.{name}.bias": (out,)}
        for name in (norm, "output.LayerNorm"):
            shapes |= {f"encoder.layer.{k}.{name}.weight": (WIDTH,), f"encoder.layer.{k}.{name}.bias": (WIDTH,)}
    weights = {name: (rng.normal(size=shape) * 0.02).astype(np.float32) for name, shape in shapes.items()}
    # As BERT begins: with larger weights little of a word reaches the heads, and sixty steps teach nothing.
    weights |= {name: np.ones(shape, np.float32) for name, shape in shapes.items() if name.endswith("LayerNorm.weight")}
    folder.mkdir(parents=True)
    safetensors.save_file(weights, folder / "model.safetensors")
    special = ("[PAD]", "[UNK]", "[CLS]", "[SEP]") if kind == "bert" else ("<pad>", "[UNK]", "<s>", "</s>")
    _tokenizer(special).save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("trained")
    base, teacher = _encoder(folder / "small", "bert", 3), _encoder(folder / "large", "mpnet", 4)
    measured: list[Path] = []

    def measure(tagger: Path) -> dict[str, float]:
        measured.append(tagger)
        return {"names found": float(len(Tagger(tagger).tag(["Ida Varga said the bridge in Oslo fell."])[0].names))}

    record = driver.train_tagger(
        data,
        folder / "out",
        teacher=teacher,
        base=base,
        measure=measure,
        teacher_steps=60,
        student_steps=100,
        batch=300,
        settings={"teacher_rate": 3e-4, "teacher_head_rate": 1e-2, "head_rate": 1e-2},
        say=lambda line: None,
    )
    assert len(measured) == 2
    return folder / "out", record


def test_training_writes_a_tagger_that_learned_the_made_corpus(trained: tuple[Path, dict[str, Any]]) -> None:
    folder, record = trained
    assert sorted(path.name for path in folder.iterdir()) == [
        "CARD.md", "config.json", "names.json", "names.onnx", "tagger.onnx", "tokenizer.json",
    ]  # fmt: skip
    text = "Ida Varga said the bridge in Oslo fell."
    (tags,) = Tagger(folder).tag([text])
    assert ("Ida Varga", "person") in [(text[s.start : s.end], s.label) for s in tags.names]
    assert record["figures"]["int8"] == record["figures"]["float32"]
    assert [t["steps"] for t in record["teachers"]] == [60] * 3
    # What a run that is killed would need is gone once all is written.
    assert not [path for path in (folder.parent / "out.work").iterdir() if path.suffix == ".pt" or "opinions" in path.name]


def test_the_card_says_who_taught_and_how_well(trained: tuple[Path, dict[str, Any]]) -> None:
    card = (trained[0] / "CARD.md").read_text(encoding="utf-8")
    assert "3 teachers (large, 4 layers)" in card
    assert "| names found |" in card
    assert "| teacher 3, on its part |" in card
    assert "| teachers together, held out |" in card
    assert "{" not in card


def test_the_second_look_can_be_trained_by_itself_over_a_tagger_and_renews_the_card(
    data: Path, trained: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    folder = tmp_path / "again"
    shutil.copytree(trained[0], folder)
    before = (folder / "CARD.md").read_text(encoding="utf-8")
    (tmp_path / "full").mkdir()
    record = driver.train_names(
        data, folder, full=tmp_path / "full", measure=lambda tagger: {"names found": 0.25},
        settings={"epochs": 2, "held_out": 3, "batch": 200, "teachers": 2}, say=lambda line: None,
    )  # fmt: skip
    assert (tmp_path / "full" / "names.onnx").read_bytes() == (folder / "names.onnx").read_bytes()
    text = "Ida Varga said the bridge in Oslo fell."
    assert ("Ida Varga", "person") in [(text[s.start : s.end], s.label) for s in Tagger(folder).tag([text])[0].names]
    held = record["names"]["held_out"]
    assert held["documents"] + record["names"]["documents"] == 12
    assert held["after"]["names"] == 1.0
    after = (folder / "CARD.md").read_text(encoding="utf-8")
    assert "| names found | 0.2500 | 0.2500 |" in after
    assert after.count("## Second look at names") == before.count("## Second look at names") == 1
    assert "with the second look" in after
    assert [line for line in before.splitlines() if line.startswith("- **Network**")] == [
        line for line in after.splitlines() if line.startswith("- **Network**")
    ]


class _Killed(BaseException):
    """What ends a run from outside."""


@pytest.mark.parametrize("killed_after", ["teacher-1.pt 2", "opinions 1", "student-student.pt 1"])
def test_a_training_that_was_killed_goes_on_to_the_weights_that_it_would_have_reached(
    killed_after: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = _encoder(tmp_path / "small", "bert", 2)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    prepared = []
    examples = {"gold": tagger_data.load_examples(data, tokenizer), "silver": tagger_data.load_silver(data, tokenizer)}
    for name, made in examples.items():
        tagger_fit.save_prepared(tmp_path / f"{name}.npz", made)
        prepared.append(tagger_fit.load_prepared(tmp_path / f"{name}.npz"))
    plan = tagger_fit.Plan(
        teachers=2, teacher_layers=2, teacher_steps=10, student_steps=10, batch=300,
        students={"student": tagger_fit.Shape(1)},
    )  # fmt: skip
    monkeypatch.setattr(tagger_fit, "_CHECKPOINT_STEPS", 4)
    save, keep = tagger_fit.Checkpoint.save, tagger_fit.Progress.keep
    counts: dict[str, int] = {}

    def count(name: str) -> None:
        counts[name] = counts.get(name, 0) + 1
        if f"{name} {counts[name]}" == killed_after:
            raise _Killed

    def saved(self: tagger_fit.Checkpoint, state: dict[str, Any]) -> None:
        save(self, state)
        count(self.path.name)

    def kept(self: tagger_fit.Progress, *of: Any) -> None:
        keep(self, *of)
        count("opinions")

    said: list[str] = []

    def run(folder: str) -> tuple[dict[str, Any], dict[str, Any]]:
        (tmp_path / folder).mkdir(exist_ok=True)
        record = tagger_fit.fit(read_pretrained(base), *prepared, plan, tmp_path / folder, say=said.append)
        return tagger_fit.load_weights(tmp_path / folder, "student"), record

    whole, record = run("whole")
    with monkeypatch.context() as patched:
        patched.setattr(tagger_fit.Checkpoint, "save", saved)
        patched.setattr(tagger_fit.Progress, "keep", kept)
        with pytest.raises(_Killed):
            run("killed")
    said.clear()
    again, its_record = run("killed")
    assert its_record == record
    assert all(np.allclose(whole[name], again[name], atol=1e-5) for name in whole)
    if killed_after.startswith("teacher"):
        assert "goes on after step 8" in said
    # No teacher is trained twice.
    assert len([line for line in said if line.startswith("teacher")]) == (0 if killed_after.startswith("student") else 1)


def test_what_another_plan_left_is_not_taken_up(tmp_path: Path) -> None:
    opinions = np.zeros((1, 2), dtype=np.float16)
    tagger_fit.Progress(tmp_path, "one").keep(opinions, opinions, {"teachers": []})
    tagger_fit.Progress(tmp_path, "one").checkpoint("teacher-0").save({"done": 4})
    assert tagger_fit.Progress(tmp_path, "one").kept() is not None
    assert tagger_fit.Progress(tmp_path, "other").kept() is None
    assert tagger_fit.Progress(tmp_path, "other").checkpoint("teacher-0").load() is None
    assert tagger_fit.key_of(tagger_fit.Plan(), {}) != tagger_fit.key_of(tagger_fit.Plan(seed=12), {})


def test_without_a_tagger_there_is_nothing_to_look_again_over(data: Path, tmp_path: Path) -> None:
    with pytest.raises(driver.TrainingError, match="holds no tagger to look again over"):
        driver.train_names(data, tmp_path, say=lambda line: None)


def test_the_graph_of_the_second_look_says_what_its_network_says(tmp_path: Path) -> None:
    from pipelines.models.runtime import OnnxModel

    plan = tagger_names.NamesPlan(width=24)
    torch.manual_seed(1)
    network = tagger_names.SecondLookNetwork(plan, WIDTH, 30)
    torch.nn.init.normal_(network.out.weight)
    tagger_names.export_names(network, tmp_path / "names.onnx")
    rng = np.random.default_rng(0)
    sizes = {"numbers": 30, "states": WIDTH, "log": len(ENTITY_LABELS)}
    made = {name: rng.normal(size=(9, size)).astype(np.float32) for name, size in sizes.items()}
    inputs = made | {"ids": rng.integers(0, 40_000, (9, 7)), "features": rng.integers(0, 28, 9)}
    document = tagger_names.Document("one", inputs, np.zeros(9, dtype=np.int64))
    said = tagger_names.predict(network, document)
    assert np.abs(OnnxModel(tmp_path / "names.onnx").answer(inputs)["labels"] - said).max() < 1e-4
    # In a batch no document sees another.
    feed = tagger_names.batch_of([document, document])
    with torch.no_grad():
        together = network.eval()(**feed).numpy()
    assert np.abs(together[feed["is_word"].numpy() > 0] - np.concatenate([said, said])).max() < 1e-4


def test_a_word_is_learned_from_its_label_what_was_taught_or_some_of_both() -> None:
    taught = np.full((3, len(ENTITY_LABELS)), 1 / len(ENTITY_LABELS), dtype=np.float16)
    labels = np.array([3, tagger_names.NO_LABEL, 0], dtype=np.int64)
    both = tagger_names._target(tagger_names.Document("one", {}, labels, taught), 0.3)
    assert both.sum(axis=1) == pytest.approx([1.0, 1.0, 1.0], abs=1e-2)
    assert both[0, 3] == pytest.approx(0.3 + 0.7 / len(ENTITY_LABELS), abs=1e-3)
    assert both[1, 3] == pytest.approx(1 / len(ENTITY_LABELS), abs=1e-3)
    alone = tagger_names._target(tagger_names.Document("one", {}, labels), 0.3)
    assert alone[0].argmax() == 3
    assert alone.sum(axis=1).tolist() == [1.0, 0.0, 1.0]


def test_the_graph_says_what_the_network_says(tmp_path: Path) -> None:
    from pipelines.models.runtime import OnnxModel
    from pipelines.training.tagger_export import export

    pretrained = lowest_layers(read_pretrained(_encoder(tmp_path / "small", "bert", 3)), 2, inner=40)
    net = Network(pretrained, 1).eval()
    export(net.weights(), pretrained["words"], pretrained["scale"], tmp_path / "full.onnx", tmp_path / "small.onnx")
    ids, features = np.arange(103, 120), np.full(17, SPECIAL_FEATURE)
    with torch.no_grad():
        attribution, entities, links = net(
            torch.from_numpy(ids)[None], torch.from_numpy(features)[None], torch.ones(1, 17).bool()
        )
    labels = torch.cat([attribution, entities], -1).numpy()
    for name, most in (("full", 1e-4), ("small", 0.05)):
        ((_, outputs),) = OnnxModel(tmp_path / f"{name}.onnx").run([{"ids": ids, "features": features}])
        assert np.abs(outputs["labels"] - labels).max() < most
        assert np.abs(outputs["links"] - links.numpy()).max() < most


def test_the_kept_neurons_are_those_that_fire_into_large_weights() -> None:
    rng = np.random.default_rng(0)
    weights = {
        "layers.0.up.weight": rng.normal(size=(4, 6)), "layers.0.up.bias": np.arange(6.0),
        "layers.0.down.weight": np.ones((6, 4)),
        "words": np.zeros((2, 4)), "layers.1.up.bias": np.zeros(6),
    }  # fmt: skip
    kept = lowest_layers(weights, 1, inner=2, use=[torch.tensor([0.0, 5.0, 0.1, 0.2, 4.0, 0.3])])
    assert kept["layers.0.up.bias"].tolist() == [1.0, 4.0]
    assert kept["layers.0.down.weight"].shape == (2, 4)
    assert "layers.1.up.bias" not in kept


def test_an_encoder_with_other_word_pieces_cannot_teach(data: Path, tmp_path: Path) -> None:
    base = _encoder(tmp_path / "small", "bert", 3)
    teacher = _encoder(tmp_path / "foreign", "bert", 3)
    foreign = Tokenizer(models.WordPiece({"[UNK]": 0, "zzz": 1}, unk_token="[UNK]"))
    foreign.save(str(teacher / "tokenizer.json"))
    with pytest.raises(driver.TrainingError, match="word pieces are not among its own"):
        driver.train_tagger(data, tmp_path / "out", teacher=teacher, base=base, say=lambda line: None)


def test_bert_and_mpnet_weights_come_under_the_same_names(tmp_path: Path) -> None:
    bert = read_pretrained(_encoder(tmp_path / "b", "bert", 2))
    mpnet = read_pretrained(_encoder(tmp_path / "m", "mpnet", 2))
    assert set(mpnet) - set(bert) == {"relative"}
    assert not set(bert) - set(mpnet)
    assert as_pretrained(safetensors.load_file(tmp_path / "m" / "model.safetensors"))["positions"].shape == (384, WIDTH)
