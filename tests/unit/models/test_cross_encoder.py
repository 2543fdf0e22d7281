"""The cross-encoder at run time: what a folder must hold, how sides are cut, and the weights that ship."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from pipelines.compare.entailment import Judge
from pipelines.models import cross_encoder
from pipelines.models.cross_encoder import (
    NEWS_LABELS,
    NLI_LABELS,
    SHIPPED,
    CrossEncoder,
    join_sides,
    load_cross_encoder,
    load_judge,
)
from pipelines.models.runtime import ModelError
from tests.unit.models.tiny_onnx import pair_model

needs_weights = pytest.mark.skipif(not (SHIPPED / "model.onnx").is_file(), reason="the weights are not in this checkout")


def test_a_folder_without_weights_is_told_by_the_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"model\.onnx is missing"):
        CrossEncoder(tmp_path)
    assert load_cross_encoder(tmp_path) is None
    assert load_judge(tmp_path) is None


def test_a_configuration_with_other_labels_is_refused(tmp_path: Path) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "config.json").write_text(json.dumps({"nli_labels": ["yes", "no"], "news_labels": list(NEWS_LABELS)}))
    with pytest.raises(ValueError, match=r"config\.json has labels"):
        CrossEncoder(tmp_path)


ids = st.lists(st.integers(1, 99), max_size=90)


@given(ids, ids, ids, ids, st.integers(20, 120))
def test_sides_fit_their_room_and_titles_give_way_first(
    a: list[int], b: list[int], title_a: list[int], title_b: list[int], room: int
) -> None:
    one, other = join_sides(a, b, title_a, title_b, room)
    assert len(one) + len(other) <= room
    if len(a) + len(b) <= room:
        assert (one[: len(a)], other[: len(b)]) == (a, b)
    else:
        assert one == a[: len(one)]
        assert other == b[: len(other)]
        assert len(one) + len(other) == room


@needs_weights
def test_the_shipped_weights_tell_a_denial_from_a_repetition_and_read_both_orders_alike() -> None:
    encoder = load_cross_encoder()
    assert encoder is not None
    stated = ("The ministry of mines approved the quarry at Halden.", "")
    denied = ("The ministry of mines denied that it had approved the quarry at Halden.", "")
    again = ("The quarry at Halden has been approved by the ministry of mines.", "")
    made = encoder.judge([(stated, denied), (denied, stated), (stated, again)])
    assert made.nli.shape == (3, len(NLI_LABELS))
    assert made.news.shape == (3, len(NEWS_LABELS))
    assert np.allclose(made.news.sum(axis=1), 1, atol=1e-4)
    assert np.allclose(made.news[0], made.news[1], atol=1e-3)
    assert np.allclose(made.nli[0], made.back[1], atol=1e-3)
    assert made.news[0, 0] > made.news[2, 0]


@needs_weights
def test_where_one_reading_sees_no_quarrel_the_other_order_is_not_read_and_all_else_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder = load_cross_encoder()
    assert encoder is not None
    facts = ["The ferry to Osvik sank", "Nobody was hurt", "Five people were hurt", "The mayor denied it", "The ferry never sank"]
    pairs = [((f"{one}.", "Ferry"), (f"{other}, officials said.", "")) for one in facts for other in facts]
    first, both = encoder.judge(pairs, both_ways=False), encoder.judge(pairs)
    back_from = float(np.median(first.news[:, 0]))
    likely = first.news[:, 0] >= back_from
    assert 0 < likely.sum() < len(pairs)
    rows, run = [], encoder._model.run
    monkeypatch.setattr(encoder._model, "run", lambda asked, **named: (rows.extend(asked), run(asked, **named))[1])
    made = encoder.judge(pairs, back_from=back_from)
    assert len(rows) == len(pairs) + likely.sum()
    for name in ("nli", "back", "news", "found"):
        of_both, of_first = getattr(both, name), getattr(first, name)
        assert np.array_equal(getattr(made, name)[likely], of_both[likely])
        assert np.array_equal(getattr(made, name)[~likely], of_first[~likely])
    rows.clear()
    assert np.array_equal(encoder.judge(pairs, both_ways=False, back_from=back_from).news, first.news)
    assert len(rows) == len(pairs)


@needs_weights
def test_hostile_text_is_judged_like_any_other() -> None:
    encoder = load_cross_encoder()
    assert encoder is not None
    texts = ["", " ", "\x00", "🏴‍☠️" * 400, "word " * 5000, "\u202eمرحبا", "[SEP] [CLS] [PAD]"]
    made = encoder.judge([((one, ""), (other, "title")) for one in texts for other in texts])
    assert np.isfinite(made.news).all()
    assert encoder.judge([]).news.shape == (0, 5)


#: What the tiny encoder knows; of its last word it thinks that the pair contradicts itself.
WORDS = ("[PAD]", "[UNK]", "<s>", "</s>", "the", "mill", "closed", "denied")


def tiny(folder: Path, *, decision: dict[str, object] | None = None, **model: object) -> Path:
    """A cross-encoder that knows four words, and marks its sides as others than the one that ships do."""
    folder.mkdir(parents=True)
    tokenizer = Tokenizer(models.WordPiece({word: k for k, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"nli_labels": NLI_LABELS, "news_labels": NEWS_LABELS, "name": "tiny-large", "cls_token": "<s>", "sep_token": "</s>"}
    (folder / "config.json").write_text(json.dumps(config))
    if decision is not None:
        (folder / "decision.json").write_text(json.dumps(decision))
    nli, news = np.full((len(WORDS), 3), -4.0), np.full((len(WORDS), 5), -4.0)
    nli[:, 1], news[:, NEWS_LABELS.index("unrelated")] = 0.0, 0.0
    nli[-1, 2], news[-1, NEWS_LABELS.index("contradiction")] = 6.0, 6.0
    (folder / "model.onnx").write_bytes(pair_model(nli.tolist(), news.tolist(), **model))  # type: ignore[arg-type]
    return folder


PAIRS = [(("The mill closed.", ""), ("Denied: the mill closed.", "")), (("The mill closed.", ""), ("The mill.", ""))]


@pytest.mark.parametrize("inputs", [("input_ids", "attention_mask", "token_type_ids"), ("input_ids", "attention_mask")])
def test_a_setting_puts_another_cross_encoder_and_its_final_model_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inputs: tuple[str, ...]
) -> None:
    decision = {"given": {"weights": {"constant": 0.0}, "from": 0.5}, "found": {"weights": {"constant": 0.0}, "from": 0.5}}
    monkeypatch.setenv("COUNTERCLAIM_ENTAILMENT", str(tiny(tmp_path / "large", decision=decision, inputs=inputs)))
    loaded = load_judge()
    assert loaded is not None
    assert loaded[1] == decision
    against, alike = Judge(*loaded).judge(PAIRS)
    assert against.detector == "tiny-large+values+denials"
    assert against.share("contradiction") > 0.99
    assert alike.share("unrelated") > 0.9
    assert load_cross_encoder() is loaded[0]


def test_one_without_a_final_model_borrows_the_shipped_one_and_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "decision.json").write_text('{"found": {"from": 0.7}}')
    monkeypatch.setattr(cross_encoder, "SHIPPED", shipped)
    monkeypatch.setenv("COUNTERCLAIM_ENTAILMENT", str(tiny(tmp_path / "bare")))
    with caplog.at_level(logging.WARNING):
        borrowed = [load_judge(), load_judge()]
    assert [one[1] for one in borrowed if one] == [{"found": {"from": 0.7}}] * 2
    assert caplog.text.count("holds no decision.json") == 1
    assert load_judge(tmp_path / "bare") is None


def test_a_named_cross_encoder_that_is_not_there_is_an_error_that_names_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERCLAIM_ENTAILMENT", str(tmp_path / "nowhere"))
    with pytest.raises(ModelError, match=r"COUNTERCLAIM_ENTAILMENT names .*nowhere, which holds no model\.onnx"):
        load_judge()


def test_what_is_no_cross_encoder_of_ours_is_told_by_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"lacks \['news'\]"):
        CrossEncoder(tiny(tmp_path / "one-head", output="logits"))
    with pytest.raises(ValueError, match=r"wants \['pixels'\]"):
        CrossEncoder(tiny(tmp_path / "eyes", inputs=("input_ids", "pixels")))
    folder = tiny(tmp_path / "unmarked")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"sep_token": "<sep>"}))
    with pytest.raises(ValueError, match=r"tokenizer\.json has no token '<sep>'"):
        CrossEncoder(folder)
