"""The cross-encoder at run time: what a folder must hold, how sides are cut, and the weights that ship."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.models.cross_encoder import (
    NEWS_LABELS,
    NLI_LABELS,
    SHIPPED,
    CrossEncoder,
    join_sides,
    load_cross_encoder,
    load_judge,
)
from pipelines.models.embedder import Embedder, load_embedder

needs_weights = pytest.mark.skipif(not (SHIPPED / "model.onnx").is_file(), reason="the weights are not in this checkout")


def test_a_folder_without_weights_is_told_by_the_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"model\.onnx is missing"):
        CrossEncoder(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"model\.onnx is missing"):
        Embedder(tmp_path)
    assert load_cross_encoder(tmp_path) is None
    assert load_judge(tmp_path) is None
    assert load_embedder(tmp_path) is None


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
def test_hostile_text_is_judged_like_any_other() -> None:
    encoder = load_cross_encoder()
    assert encoder is not None
    texts = ["", " ", "\x00", "🏴‍☠️" * 400, "word " * 5000, "\u202eمرحبا", "[SEP] [CLS] [PAD]"]
    made = encoder.judge([((one, ""), (other, "title")) for one in texts for other in texts])
    assert np.isfinite(made.news).all()
    assert encoder.judge([]).news.shape == (0, 5)
