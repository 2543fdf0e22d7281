"""Training what tells stories apart: the command, on a corpus and stories of a few made-up articles."""

from __future__ import annotations

import gzip
import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli_train import app
from pipelines.compare.story_features import background, weighed_by
from pipelines.compare.story_pairs import load_weights

SYLLABLES = ("har", "mil", "cra", "por", "riv", "doc", "ven", "tal", "osk", "bry")
FIRST = date(2016, 5, 2)


def topic(number: int) -> list[str]:
    draw = random.Random(number)
    return ["".join(draw.choices(SYLLABLES, k=3)) for _ in range(30)]


def article(number: int, story: int) -> dict[str, Any]:
    draw = random.Random(1_000 + number)
    text = " ".join(" ".join(draw.choices(topic(story) + topic(99), k=10)) + "." for _ in range(8))
    return {
        "article_id": f"a{number}", "story_id": f"s{story}", "title": " ".join(draw.choices(topic(story), k=6)), "text": text,
        "published_on": (FIRST + timedelta(days=3 * story + number % 2)).isoformat(),
    }  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder as the command wants it."""
    articles = [article(number, number // 4) for number in range(48)]
    (tmp_path / "data" / "corpora").mkdir(parents=True)
    (tmp_path / "data" / "stories").mkdir()
    corpus = pl.DataFrame(articles).with_columns(pl.col("published_on").str.to_date())
    late = corpus.with_columns(pl.lit(date(2020, 1, 1)).alias("published_on"))
    pl.concat([corpus, late]).write_parquet(tmp_path / "data" / "corpora" / "us_politics_2016_2020.parquet")
    with gzip.open(tmp_path / "data" / "stories" / "made_train.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(one) + "\n" for one in articles)
    return tmp_path / "data"


def test_the_command_writes_weights_that_tell_stories_apart_by_the_words_of_its_own_corpus(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "made"
    shipped = background()
    result = CliRunner().invoke(app, ["stories", "--data", str(data), "--out", str(out)])
    assert result.exit_code == 0, result.output
    weights = load_weights(out / "weights.json")
    assert sum(weights.cosines) > 0 > weights.constant
    with weighed_by(out / "background.npz"):
        # Only what was published before the dev stories begin is counted.
        assert background().articles == 48
        assert not np.array_equal(background().counts, shipped.counts)
    assert background().articles == shipped.articles
    again = CliRunner().invoke(app, ["stories", "--data", str(data), "--out", str(tmp_path / "again")])
    assert again.exit_code == 0
    assert (tmp_path / "again" / "weights.json").read_bytes() == (out / "weights.json").read_bytes()


def test_a_folder_without_stories_is_told_by_what_it_lacks(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "stories" / "made_train.jsonl.gz").unlink()
    result = CliRunner().invoke(app, ["stories", "--data", str(data), "--out", str(tmp_path / "made")])
    assert result.exit_code == 2
    assert "holds no *_train.jsonl.gz" in result.output + capsys.readouterr().err
