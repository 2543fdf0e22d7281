"""The tagger at run time: a small one from a folder, what it says of a text, and what is wrong with a broken one."""

from __future__ import annotations

import json
import logging
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from pipelines.models import tagger as tagger_module
from pipelines.models.runtime import ModelError, OnnxModel
from pipelines.models.tagger import Tagger, load_tagger, tag_texts
from pipelines.models.tagging import (
    ATTRIBUTION_LABELS,
    ENTITY_LABELS,
    best_paths,
    encode_spans,
    labels_of,
    spans_of,
    windows,
)
from pipelines.read.article import read_article
from tests.unit.models.tiny_onnx import lookup_model

#: id -> the labels that the tiny model gives it.
WORDS = {
    "[PAD]": ("O", "O"), "[UNK]": ("O", "O"), "ida": ("B-source", "B-person"), "varga": ("E-source", "E-person"),
    "said": ("S-cue", "O"), "bridges": ("B-content", "O"), "fall": ("E-content", "O"), ".": ("O", "O"), "oslo": ("O", "S-place"),
}  # fmt: skip


def tiny(folder: Path, output: str = "links", *, states: bool = False) -> Path:
    """A tagger that knows eight words."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.WordPiece({word: k for k, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"version": "tiny", "longest": 16, "attribution_labels": ATTRIBUTION_LABELS, "entity_labels": ENTITY_LABELS}
    (folder / "config.json").write_text(json.dumps(config))
    table = np.full((110, len(ATTRIBUTION_LABELS) + len(ENTITY_LABELS)), -9.0)
    table[len(WORDS) :, 0] = table[len(WORDS) :, len(ATTRIBUTION_LABELS)] = 9.0
    for k, (part, name) in enumerate(WORDS.values()):
        table[k, ATTRIBUTION_LABELS.index(part)] = 9.0
        table[k, len(ATTRIBUTION_LABELS) + ENTITY_LABELS.index(name)] = 9.0
    (folder / "tagger.onnx").write_bytes(lookup_model(table.tolist(), np.ones((110, 8)).tolist(), output=output, states=states))
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Tagger:
    return Tagger(tiny(tmp_path / "tiny"))


def test_a_tagger_from_a_folder_gives_names_parts_and_links_in_code_points(small: Tagger) -> None:
    text = "Oslo.\n\nIda Varga said bridges fall."
    (tags,) = small.tag([text])
    assert [(text[s.start : s.end], s.label) for s in tags.names] == [("Oslo", "place"), ("Ida Varga", "person")]
    assert [(text[s.start : s.end], s.label) for s in tags.parts] == [
        ("Ida Varga", "source"), ("said", "cue"), ("bridges fall", "content"),
    ]  # fmt: skip
    assert sorted(tags.links) == [(1, 0), (1, 2)]
    assert all(s.score > 0.99 for s in [*tags.names, *tags.parts])


def test_texts_of_all_lengths_go_through_together_and_come_back_in_their_order(small: Tagger) -> None:
    texts = ["", "Oslo " * 300, "Ida Varga said bridges fall.", "\n\n", "nothing known here"]
    together, alone = small.tag(texts), [small.tag([text])[0] for text in texts]
    assert together == alone
    assert [len(tags.names) for tags in together] == [0, 300, 1, 0, 0]


def test_a_setting_puts_another_tagger_into_the_read_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERCLAIM_TAGGER", str(tiny(tmp_path / "other")))
    text = "Bridges.\n\nIda Varga said bridges fall."
    (tags,) = tag_texts([text])
    reading = read_article({"article_id": "a", "text": text, "language": "en"}, tags)
    assert not reading.failures
    assert [(m.surface, m.kind) for m in reading.mentions] == [("Ida Varga", "person")]
    assert [(a.cue, a.cue_kind, a.actor.text if a.actor else None) for a in reading.attributions] == [
        ("said", "says", "Ida Varga")
    ]


def test_a_named_tagger_that_is_not_there_is_an_error_that_names_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERCLAIM_TAGGER", str(tmp_path / "nowhere"))
    with pytest.raises(ModelError, match=r"COUNTERCLAIM_TAGGER names .*nowhere, which is no folder"):
        load_tagger()


def test_without_the_shipped_weights_the_rules_read_and_a_message_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("COUNTERCLAIM_TAGGER", raising=False)
    monkeypatch.setattr(tagger_module, "_SHIPPED", tmp_path / "deleted")
    with caplog.at_level(logging.WARNING):
        assert tag_texts(["Ida Varga said that the bridge was old."]) == [None]
    assert "no tagger in" in caplog.text
    assert "rules alone" in caplog.text


@pytest.mark.parametrize(("broken", "message"), [("config.json", "config.json"), ("tokenizer.json", "tokenizer.json"),
                                                 ("tagger.onnx", "no model that onnxruntime can run")])  # fmt: skip
def test_a_broken_file_is_named(tmp_path: Path, broken: str, message: str) -> None:
    folder = tiny(tmp_path / "broken")
    (folder / broken).write_text("{")
    with pytest.raises(ModelError, match=message):
        Tagger(folder)


def test_a_model_with_other_outputs_is_no_tagger(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has no links: it is no tagger"):
        Tagger(tiny(tmp_path / "other", output="vectors"))


def test_batches_hold_so_many_tokens_and_every_row_once(tmp_path: Path) -> None:
    model = OnnxModel(tiny(tmp_path / "tiny") / "tagger.onnx")
    rows = [{"ids": np.arange(n) % 9, "features": np.zeros(n, dtype=np.int64)} for n in (5, 40, 3, 17, 60, 1)]
    seen = []
    for batch, outputs in model.run(rows, batch_tokens=60):
        assert len(batch) == 1 or outputs["labels"].shape[0] * outputs["labels"].shape[1] <= 60
        seen += batch.tolist()
    assert sorted(seen) == list(range(6))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6), st.sampled_from(["source", "cue", "content"])), max_size=8))
def test_spans_survive_their_labels(spans: list[tuple[int, int, str]]) -> None:
    path = encode_spans(40, [(a, a + n, name) for a, n, name in spans], ATTRIBUTION_LABELS)
    found = spans_of(path.tolist(), ATTRIBUTION_LABELS)
    assert set(found) <= {(a, a + n, name) for a, n, name in spans}
    scores = np.full((1, 40, len(ATTRIBUTION_LABELS)), -5.0, dtype=np.float32)
    scores[0, np.arange(40), path] = 0.0
    assert best_paths(scores, np.array([40]))[0].tolist() == path.tolist()


def _may_follow(before: str, after: str) -> bool:
    """Whether one label may stand after another; "O" stands for the start and the end, too."""
    is_open, goes_on = before[0] in "BI", after[0] in "IE"
    return is_open == goes_on and (not goes_on or before[2:] == after[2:])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_likeliest_path_is_allowed_and_none_that_is_allowed_is_likelier(seed: int) -> None:
    labels = labels_of(("cue", "content"))
    scores = np.random.default_rng(seed).normal(size=(3, 4, len(labels))).astype(np.float32) * 2
    for row, (path, length) in enumerate(zip(best_paths(scores, np.array([4, 3, 1])), (4, 3, 1), strict=True)):
        best = max(
            (
                steps
                for steps in product(range(len(labels)), repeat=length)
                if all(_may_follow(a, b) for a, b in pairwise(["O", *(labels[k] for k in steps), "O"]))
            ),
            key=lambda steps: sum(float(scores[row, t, k]) for t, k in enumerate(steps)),
        )
        assert tuple(path[:length].tolist()) == best


@settings(max_examples=30, deadline=None)
@given(text=st.text(alphabet='ab .\n’"é\U0001f600', max_size=400))
def test_windows_cover_a_text_without_gap(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    encoded = Tagger(tiny(tmp_path_factory.getbasetemp() / "shared")).encode(text)
    made = windows(encoded, 14)
    assert [a for a, _ in made[1:]] == [b for _, b in made[:-1]]
    assert (made[0][0], made[-1][1]) == (0, len(encoded.ids)) if made else len(encoded.ids) == 0
    assert all(0 < b - a <= 14 for a, b in made)
    assert all(0 <= s < e <= len(text) for s, e in zip(encoded.starts.tolist(), encoded.ends.tolist(), strict=True))


def test_what_is_read_of_an_article_does_not_depend_on_its_neighbours() -> None:
    """The shipped model is int8: its scales come from all that stands in a batch, so each window is a batch of its own."""
    tagger = load_tagger()
    assert tagger is not None
    one = "Ilena Dravik said on Monday that the bridge at Halmar would open in May, and denied that it had cost 40 million."
    other = "Rovers beat Port Alma United 3-1 in the final. " * 30
    assert tagger.tag([one]) == tagger.tag([other, one])[1:] == tagger.tag([one, other, other])[:1]
