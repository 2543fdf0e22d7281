"""Train what tells stories apart: word frequencies of a corpus, and the weights of a pair's similarities.

    counterclaim train stories --data ../shared/data

reads ``corpora/us_politics_2016_2020.parquet`` and ``stories/*_train.jsonl.gz`` and writes ``background.npz`` and
``weights.json`` (a minute). Only figures come out, no text.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression

from pipelines.compare.story_features import (
    BIGRAMS,
    DETAILS,
    SHIPPED,
    TERMS,
    WORDS,
    Floats,
    Ints,
    cut_words,
    unpack,
    weighed_by,
)
from pipelines.compare.story_pairs import COSINES, Vectors

#: Articles of the corpus from this day on are left out: the stories that dev measures are of that time.
DEV_BEGINS: Final = date(2019, 5, 19)
#: Words and pairs of words on fewer articles are as good as unseen.
_LEAST_WORD, _LEAST_BIGRAM = 3, 8
_BATCH: Final = 2_000
#: Inverse strength of the penalty on large weights.
_C: Final = 10.0
_GAPS: Final = 3


def train_stories(data: Path, folder: Path = SHIPPED) -> dict[str, float]:
    """Write ``background.npz`` and ``weights.json`` into ``folder``; gives counts of what they were made from.

    Args:
        data: holds ``corpora/us_politics_2016_2020.parquet`` and ``stories/*_train.jsonl.gz``.
        folder: where the models go.

    Raises:
        FileNotFoundError: one of the two is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    corpus = pl.read_parquet(data / "corpora" / "us_politics_2016_2020.parquet", columns=["title", "text", "published_on"])
    corpus = corpus.filter(pl.col("published_on") < DEV_BEGINS)
    _count(corpus, folder / "background.npz")
    files = sorted((data / "stories").glob("*_train.jsonl.gz"))
    if not files:
        raise FileNotFoundError(f"{data / 'stories'} holds no *_train.jsonl.gz")
    with weighed_by(folder / "background.npz"):
        parts = [_examples(_read(file)) for file in files]
    examples = np.concatenate([part[0] for part in parts])
    same = np.concatenate([part[1] for part in parts])
    # Each set weighs the same, however many pairs it has.
    shares = np.concatenate([np.full(len(part[1]), 1 / part[1].sum()) for part in parts])
    model = LogisticRegression(C=_C, max_iter=5_000).fit(examples, same, sample_weight=shares * len(shares) / shares.sum())
    cosines, gaps = model.coef_[0][: len(COSINES)], model.coef_[0][len(COSINES) :]
    weights = {
        "cosines": {name: round(float(weight), 2) for name, weight in zip(COSINES, cosines, strict=True)},
        "gaps": [0.0, *(round(float(weight), 2) for weight in gaps[:_GAPS])],
        "unknown_gap": round(float(gaps[_GAPS]), 2),
        "constant": round(float(model.intercept_[0]), 2),
    }
    (folder / "weights.json").write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")
    return {"corpus_articles": corpus.height, "pairs": len(same), "same_story": int(same.sum())}


def _count(corpus: pl.DataFrame, file: Path) -> None:
    """How many articles of ``corpus`` have each word and each pair of adjacent words."""
    counts, bigrams = np.zeros(WORDS, np.int64), np.zeros(BIGRAMS, np.int64)
    for batch in corpus.iter_slices(_BATCH):
        cut = [cut_words(title or "", text or "") for title, text in batch.select("title", "text").iter_rows()]
        counts += np.bincount(unpack([terms for terms, _ in cut], TERMS)["body"].indices, minlength=WORDS)
        bigrams += np.bincount(unpack([details for _, details in cut], DETAILS)["bigrams"].indices, minlength=BIGRAMS)
    often, together = np.flatnonzero(counts >= _LEAST_WORD), np.flatnonzero(bigrams >= _LEAST_BIGRAM)
    np.savez_compressed(
        file,
        articles=np.int64(corpus.height),
        words=often.astype(np.uint32),
        word_articles=counts[often].astype(np.uint16),
        bigrams=together.astype(np.uint32),
        bigram_articles=bigrams[together].astype(np.uint16),
    )


def _examples(records: list[dict[str, Any]]) -> tuple[Floats, Ints]:
    """Features of the candidate pairs of a set, a row a pair, and whether both are of one story."""
    cut = [cut_words(record["title"] or "", record["text"] or "") for record in records]
    published = pl.Series([record["published_on"] and record["published_on"][:10] for record in records], dtype=pl.String)
    days = published.str.to_date().cast(pl.Int32).cast(pl.Float64).fill_null(float("nan")).to_numpy()
    vectors = Vectors([terms for terms, _ in cut], days, lambda rows: [cut[row][1] for row in rows])
    rows = np.arange(len(records))
    left, right = vectors.pairs(rows, rows)
    features = vectors.features(left, right)
    gaps = vectors.gaps(left, right)
    columns = [np.sqrt(np.maximum(features[name], 0)) for name in COSINES]
    columns += [gaps == 1, gaps == 2, gaps >= _GAPS, np.isnan(gaps)]
    story = np.array([record["story_id"] for record in records])
    return np.stack(columns, axis=1).astype(np.float64), (story[left] == story[right]).astype(np.int64)


def _read(file: Path) -> list[dict[str, Any]]:
    def records() -> Iterator[dict[str, Any]]:
        with gzip.open(file, "rt", encoding="utf-8") as stream:
            yield from (json.loads(line) for line in stream if line.strip())

    return sorted(records(), key=lambda record: str(record["article_id"]))
