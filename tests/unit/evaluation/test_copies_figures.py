"""The copies task: pairs are scored by origin, over the whole corpus, and lists are joined with it by id."""

from __future__ import annotations

import csv
import random
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.evaluation.copies import GOLD, RECIPES, evaluate_copies, make_pairs

WORDS = [f"{a}{b}" for a in ("har", "mil", "cra", "por", "riv", "doc") for b in ("bour", "lo", "ne", "ta", "mer", "ka", "li")]


def report(seed: int) -> str:
    draw = random.Random(seed)
    return "\n\n".join(" ".join(draw.choices(WORDS, k=40)) + "." for _ in range(10))


def corpus(folder: Path, labels: list[str]) -> Path:
    texts = {"a": report(1), "b": report(1), "c": report(2), "d": report(3)}
    about = {"authors": None, "published_on": date(2031, 3, 3)}
    rows = [
        {"article_id": name, "url": f"https://{name}.example/", "outlet": name, "title": f"Of {name}", "text": text, **about}
        for name, text in texts.items()
    ]
    pl.DataFrame(rows).write_parquet(folder / "small.parquet")
    pairs = [("a", "b"), ("a", "c"), ("c", "d")]
    lines = [f"{a},{b},{label},kind,test" for (a, b), label in zip(pairs, labels, strict=True)]
    (folder / "small_pairs.csv").write_text("article_a,article_b,label,relation,split\n" + "\n".join(lines) + "\n")
    return folder


def test_pairs_of_one_origin_are_copies_and_unsure_ones_are_not_counted(tmp_path: Path) -> None:
    figures = evaluate_copies(corpus(tmp_path, ["copy", "other", "unsure"]))
    assert (figures["natural.f1"], figures["natural.copies"], figures["natural.others"]) == (1.0, 1, 1)
    assert figures["corpus.same_report"] == 1
    assert figures["corpus.unlisted_pairs"] == 0


def test_what_is_found_and_not_listed_as_a_copy_costs_precision_and_what_is_not_found_recall(tmp_path: Path) -> None:
    figures = evaluate_copies(corpus(tmp_path, ["other", "copy", "other"]))
    assert (figures["natural.precision"], figures["natural.recall"]) == (0.0, 0.0)


def test_the_samples_reprints_point_at_the_agency(tmp_path: Path) -> None:
    figures = evaluate_copies(corpus(tmp_path, ["copy", "other", "other"]))
    assert figures["sample.copies"] >= 10
    assert figures["sample.f1"] >= 0.95


def test_a_list_that_names_what_the_corpus_lacks_is_refused_by_name(tmp_path: Path) -> None:
    corpus(tmp_path, ["copy", "other", "other"])
    pl.read_parquet(tmp_path / "small.parquet").head(3).write_parquet(tmp_path / "small.parquet")
    with pytest.raises(ValueError, match=r"small.parquet lacks 1 articles of .*, d among them"):
        evaluate_copies(tmp_path)
    with pytest.raises(ValueError, match="holds no corpus that there is a gold list for"):
        evaluate_copies(tmp_path / "nothing.parquet")


def test_the_same_recipe_makes_the_same_article() -> None:
    by_id = {name: {"title": name, "text": report(seed), "published_on": date(2031, 3, 3)} for name, seed in (("x", 1), ("y", 2))}
    recipes = [{"made_id": f"m-{kind}", "kind": kind, "article": "x", "other": "y", "split": "dev"} for kind in RECIPES]
    texts, pairs = make_pairs(recipes, by_id)
    assert texts.equals(make_pairs(recipes, by_id)[0])
    assert texts["article_id"].n_unique() == len(RECIPES)
    assert {are_copies for *_, are_copies, _, _ in pairs} == {True, False}


def test_the_lists_that_ship_hold_ids_alone_and_split_no_story() -> None:
    with (GOLD / "us_politics_pairs.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    labels = Counter(row["label"] for row in rows)
    assert labels["copy"] >= 25
    assert labels["other"] >= 250
    assert all(len(row[side]) == 16 for row in rows for side in ("article_a", "article_b"))
    split: dict[str, set[str]] = {}
    for row in rows:
        for side in ("article_a", "article_b"):
            split.setdefault(row[side], set()).add(row["split"])
    assert all(len(found) == 1 for found in split.values())
    with (GOLD / "us_politics_made.csv").open(encoding="utf-8") as stream:
        made = list(csv.DictReader(stream))
    assert {row["kind"] for row in made} == set(RECIPES)
