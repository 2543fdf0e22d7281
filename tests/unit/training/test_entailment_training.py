"""What the comparison's models are trained from: labels and proposals by offset, and the fitting of the final model."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.evaluation.fitting import read_labelled, read_verdicts
from pipelines.training.decision import fit_decision
from pipelines.training.entailment import ids_between
from pipelines.training.entailment_data import (
    CORPUS,
    NEWS_LABELS,
    NO_LABEL,
    UNSURE,
    Table,
    as_sentences,
    id_of,
    key_of,
    news_pairs,
    pair_arrays,
    read_lines,
    search_pairs,
    sentences_to_pair,
    siblings,
)

LABELS = Path(__file__).resolve().parents[3] / "data" / "gold" / "relations" / "pairs.jsonl"
ARTICLES = {
    name: {"article_id": name, "story_id": "s1", "title": title, "text": text, "published_on": "2020-01-01"}
    for name, title, text in (
        ("a", "Quarry", "The quarry at Halden closed. More."),
        ("b", "", "Halden's quarry stays open, its owner says."),
    )
}


class Words:
    """A tokenizer that gives a word its number."""

    def encode_batch(self, texts: list[str], add_special_tokens: bool) -> list[Any]:
        assert not add_special_tokens
        return [SimpleNamespace(ids=[len(word) for word in text.split()]) for text in texts]


def test_the_sentences_worth_pairing_are_found_by_offset() -> None:
    text = "The quarry at Halden closed on Monday. Short. The board of the harbour met for five hours."
    assert [text[a:b] for a, b in sentences_to_pair(text)] == [
        "The quarry at Halden closed on Monday.",
        "The board of the harbour met for five hours.",
    ]


def test_pairs_of_the_search_are_taken_by_offset_and_those_beside_a_contradiction_are_unsure(tmp_path: Path) -> None:
    row = {"article_a": "a", "start_a": 0, "end_a": 28, "article_b": "b", "start_b": 0, "end_b": 43, "gold": "contradiction"}
    rows = [row, row | {"start_a": 29, "end_a": 34, "gold": None}, row | {"start_a": 29, "end_a": 34, "start_b": 9, "gold": None}]
    path = tmp_path / "search.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    pairs = search_pairs(path, ARTICLES)
    assert (pairs[0]["a"], pairs[0]["b"]) == ("The quarry at Halden closed.", ARTICLES["b"]["text"])
    assert {pair["group"] for pair in pairs} == {"s1"}
    table = Table(Words())  # type: ignore[arg-type]
    arrays = pair_arrays("search", table, pairs) | table.arrays()
    assert arrays["search_label"].tolist() == [0, UNSURE, NO_LABEL]
    left = arrays["search_left"][0]
    assert arrays["tokens"][arrays["offsets"][left] : arrays["offsets"][left + 1]].tolist() == [3, 6, 2, 6, 7]
    assert (arrays["search_title"][:, 1] == -1).all(), "an article without a title has none"
    turned = {"article_a": "b", "start_a": 9, "end_a": 43, "article_b": "a", "start_b": 29, "end_b": 34, "relation": "update"}
    labelled = pair_arrays("search", table, search_pairs(path, ARTICLES, [turned]))
    assert labelled["search_label"].tolist() == [0, UNSURE, NEWS_LABELS.index("update")], "a label of the pair itself counts"


def test_an_offset_outside_its_article_is_named_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "search.jsonl"
    row = {
        "article_a": "a",
        "start_a": 0,
        "end_a": 999,
        "article_b": "b",
        "start_b": 0,
        "end_b": 9,
        "story_id": "s",
        "gold": None,
    }
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"search\.jsonl, line 1: points outside article a"):
        search_pairs(path, ARTICLES)


def test_a_teacher_with_other_numbers_for_its_word_pieces_reads_the_same_words() -> None:
    ours, theirs = {"[UNK]": 0, "quarry": 1, "berth": 2, "##s": 3}, {"[UNK]": 9, "##s": 4, "quarry": 7}
    assert ids_between(ours, theirs).tolist() == [9, 7, 9, 4]


def test_the_search_pairs_that_ship_hold_no_text_and_name_few_contradictions() -> None:
    rows = read_lines(LABELS.with_name("search.jsonl.gz"))
    fields = {f"{n}_{s}" for n in ("article", "start", "end") for s in "ab"} | {"gold"}
    assert all(set(row) == fields for row in rows)
    assert 0 < sum(row["gold"] == "contradiction" for row in rows) < 0.02 * len(rows)


def test_the_invented_groups_that_ship_are_well_formed() -> None:
    groups = read_lines(LABELS.with_name("invented.jsonl"))
    assert len({group["a"] for group in groups}) == len({group["group_id"] for group in groups}) == len(groups) >= 700
    order = ["contradiction"] * 3 + ["corroboration", "compatible", "compatible", "update"]
    for group in groups:
        assert [pair["relation"] for pair in group["pairs"]] == order
        assert all(pair["b"].strip() and pair["b"] != group["a"] for pair in group["pairs"])
        assert all(pair["kind"] for pair in group["pairs"][:3])


def test_siblings_are_hypotheses_of_one_premise_and_hypotheses_with_their_premise() -> None:
    public = {"public_left": np.array([0, 0, 0, 5]), "public_right": np.array([1, 2, 2, 6])}
    made = siblings(public)
    pairs = set(zip(made["sibling_left"].tolist(), made["sibling_right"].tolist(), strict=True))
    assert pairs == {(1, 2), (2, 1), (1, 0), (6, 5)}
    assert len(siblings(public, most=2)["sibling_left"]) == 2


def test_the_final_model_finds_the_signal_that_tells_and_keeps_stories_together() -> None:
    rng = np.random.default_rng(4)
    truth = rng.random(400) < 0.3
    rows = [{"tells": float(t) + rng.normal(0, 0.5), "noise": rng.normal(), "constant_signal": 1.0} for t in truth]
    fitted, probability = fit_decision(rows, truth.tolist(), [str(n // 10) for n in range(400)], least_precision=0.8)
    assert fitted["weights"]["tells"] > 5 * abs(fitted["weights"]["noise"])
    assert "constant_signal" not in fitted["weights"]
    assert fitted["cross_validated"]["precision"] >= 0.8
    assert probability.shape == (400,)


@pytest.mark.parametrize("name", ["pairs.jsonl", "found.jsonl", "whole.jsonl"])
def test_the_hand_labelled_pairs_that_ship_hold_no_text_and_are_well_formed(name: str) -> None:
    rows = read_lines(LABELS.with_name(name))
    assert len({row["pair_id"] for row in rows}) == len(rows) >= 3000
    fields = {"pair_id", "story_id", "relation", "kind", "level"} | {
        f"{n}_{s}" for n in ("article", "start", "end") for s in "ab"
    }
    for row in rows:
        assert set(row) - {"chosen"} == fields
        assert row.get("chosen") in (None, "free", "search", "asked", "random", "round-up", "corpus")
        assert row["relation"] in NEWS_LABELS
        assert (row["level"] is not None) <= (row["relation"] == "contradiction")
        assert row["article_a"] != row["article_b"]
        assert all(0 <= row[f"start_{side}"] < row[f"end_{side}"] for side in "ab")


@pytest.mark.parametrize("name", ["asked.jsonl", "asked_gold.jsonl", "asked_months.jsonl"])
def test_the_verdicts_on_what_the_search_asks_about_hold_no_text_and_are_well_formed(name: str) -> None:
    rows = read_lines(LABELS.with_name(name))
    assert len({row["pair_id"] for row in rows}) == len(rows) >= 2500
    fields = {"pair_id", "story_id", "relation", "sure"} | {f"{n}_{s}" for n in ("article", "start", "end") for s in "ab"}
    for row in rows:
        assert set(row) - {"chosen"} == fields
        assert row.get("chosen") in (None, "likely", "random", "beside")
        assert row["relation"] in NEWS_LABELS
        assert row["sure"] in (1, 2, 3)
        assert row["article_a"] != row["article_b"]
        assert all(0 <= row[f"start_{side}"] < row[f"end_{side}"] for side in "ab")


def test_labels_by_offset_join_the_gold_as_quotes_with_the_articles_of_their_stories(tmp_path: Path) -> None:
    def write(name: str, rows: list[dict[str, Any]]) -> Path:
        path = tmp_path / name
        with gzip.open(path, "wt", encoding="utf-8") if path.suffix == ".gz" else path.open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(row) + "\n" for row in rows)
        return path

    gold = [article | {"event": "7"} for article in ARTICLES.values()]
    others = [{**gold[0], "article_id": name, "story_id": story} for name, story in (("c", "s2"), ("d", "s2"), ("e", "s3"))]
    for one in others:
        del one["event"]
    write("train_articles.jsonl.gz", gold)
    quoted = {"event": "7", "relation": "contradiction", "kind": "semantic", "level": "outlet", "slot": "s"}
    sides = {"a": {"article": "a", "quote": "The quarry at Halden closed."}, "b": {"article": "b", "quote": "stays open"}}
    write("train_pairs.jsonl", [quoted | sides])
    unread = {**others[0], "article_id": "f"}
    label = {"article_a": "c", "start_a": 4, "end_a": 10, "article_b": "d", "start_b": 29, "end_b": 34, "story_id": "s2",
             "pair_id": "p", "relation": "update", "kind": None, "level": None}  # fmt: skip
    inside = label | {"article_a": "a", "article_b": "b", "story_id": "s1", "end_b": 33}
    records, pairs = read_labelled(tmp_path, [label, inside], [*gold, *others, unread])
    assert [record["article_id"] for record in records] == ["a", "b", "c", "d"], "articles that nobody read stay out"
    assert [(pair["event"], pair["is_gold"]) for pair in pairs] == [("7", True), ("s2", False), ("7", False)]
    assert pairs[1]["pair_id"] == "p"
    assert pairs[1]["a"] == {"article": "c", "quote": "quarry"}
    assert pairs[1]["b"] == {"article": "d", "quote": "More."}
    with pytest.raises(ValueError, match="pair p names article c, which is not among the articles given"):
        read_labelled(tmp_path, [label, inside])


def test_what_readers_judged_is_searched_in_the_articles_that_they_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gold = [article | {"event": "7"} for article in ARTICLES.values()] + [{**ARTICLES["a"], "article_id": "unread", "event": "8"}]
    with gzip.open(tmp_path / "train_articles.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in gold)
    quoted = {"event": "7", "relation": "update", "kind": "semantic", "level": None, "slot": "s"}
    sides = {"a": {"article": "a", "quote": "The quarry at Halden closed."}, "b": {"article": "b", "quote": "stays open"}}
    (tmp_path / "train_pairs.jsonl").write_text(json.dumps(quoted | sides) + "\n", encoding="utf-8")
    monkeypatch.setattr("pipelines.evaluation.fitting.run_on_records", lambda records, _: [one["article_id"] for one in records])
    monkeypatch.setattr("pipelines.evaluation.fitting.search_warehouse", lambda *given: given)
    verdict = {"article_a": "a", "start_a": 4, "end_a": 10, "article_b": "b", "start_b": 0, "end_b": 6, "story_id": "7",
               "pair_id": "p", "relation": "contradiction", "sure": 3}  # fmt: skip
    month = verdict | {"article_a": "c", "article_b": "d", "story_id": "s2", "pair_id": "q"}
    months = [{**ARTICLES["a"], "article_id": name, "story_id": "x"} for name in ("c", "d", "e")]
    ran, records, pairs, asked = read_verdicts(tmp_path, [verdict, month], months, {"weights": {}})  # type: ignore[misc]
    assert ran == ["a", "b", "c", "d"], "nobody judged the others"
    assert [(record["article_id"], record["event"]) for record in records] == [("a", "7"), ("b", "7"), ("c", "s2"), ("d", "s2")]
    assert [(pair["event"], pair["relation"], pair["a"]["quote"]) for pair in pairs] == [
        ("7", "contradiction", "quarry"), ("s2", "contradiction", "quarry"),
    ], "gold does not count"  # fmt: skip
    assert asked == {"weights": {}}


def test_invented_groups_are_labels_too_and_keep_together(tmp_path: Path) -> None:
    for name in ("contradictions/train_articles.jsonl.gz", "contradictions/train_pairs.jsonl", "stories/allsides_train.jsonl.gz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(gzip.compress(b"") if name.endswith(".gz") else b"")
    said = {"group_id": "g", "title": "Quarry", "a": "The quarry closed.", "pairs": [
        {"b": "The quarry stays open.", "relation": "contradiction", "kind": "semantic"},
        {"b": "Halden has a quarry.", "relation": "compatible", "kind": ""},
    ]}  # fmt: skip
    (tmp_path / "labels.jsonl").write_text(json.dumps(said) + "\n")
    pairs, _ = news_pairs(tmp_path, [tmp_path / "labels.jsonl"])
    assert [(pair["a"], pair["b"], pair["relation"], pair["kind"]) for pair in pairs] == [
        ("The quarry closed.", "The quarry stays open.", "contradiction", "semantic"),
        ("The quarry closed.", "Halden has a quarry.", "compatible", None),
    ]
    assert {pair["group"] for pair in pairs} == {"g"}
    assert len({id_of(pair) for pair in pairs}) == len({key_of(pair) for pair in pairs}) == 2


def test_pairs_of_clauses_come_again_as_the_sentences_that_hold_them() -> None:
    clause = {"article_a": "a", "start_a": 4, "end_a": 10, "a": "quarry", "article_b": "b", "start_b": 0, "end_b": 43,
              "b": ARTICLES["b"]["text"], "relation": "contradiction", "pair_id": "p"}  # fmt: skip
    whole = clause | {"start_a": 0, "end_a": 28, "a": "The quarry at Halden closed."}
    invented = clause | {"article_a": "g/a", "article_b": "g/0"}
    made = as_sentences([clause, whole, invented], ARTICLES)
    assert made == [whole | {"pair_id": "p/sentences"}], "what is a whole sentence, or of no article, comes once"


def test_labels_may_point_into_the_corpus_of_whole_articles(tmp_path: Path) -> None:
    for name in ("contradictions/train_articles.jsonl.gz", "stories/allsides_train.jsonl.gz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(gzip.compress(b""))
    (tmp_path / "contradictions" / "train_pairs.jsonl").write_text("")
    texts = {"c1": "It rained. The bridge fell on Monday.", "c2": "The bridge fell on Tuesday.", "c3": "Nobody came."}
    rows = [
        {"article_id": k, "outlet": f"{k}.example", "published_on": date(2020, 1, 2), "title": k, "text": t}
        for k, t in texts.items()
    ]
    (tmp_path / "corpora").mkdir()
    pl.DataFrame(rows).write_parquet(tmp_path / CORPUS)
    label = {"pair_id": "p", "story_id": "s", "relation": "contradiction", "kind": "date", "level": "outlet"}
    label |= {"article_a": "c1", "start_a": 11, "end_a": 37, "article_b": "c2", "start_b": 0, "end_b": 27}
    (tmp_path / "labels.jsonl").write_text(json.dumps(label) + "\n")
    ((pair,), articles) = news_pairs(tmp_path, [tmp_path / "labels.jsonl"])
    assert (pair["a"], pair["b"], pair["group"]) == ("The bridge fell on Monday.", "The bridge fell on Tuesday.", "s")
    assert pair["published_a"] == "2020-01-02"
    assert set(articles) == {"c1", "c2"}
    assert id_of(pair) == "p", "what encoders say of a label is kept under its id"
    assert id_of({name: value for name, value in pair.items() if name != "pair_id"}) != "p"
