"""What readers said of what is told: how it is looked up, and what is made of it."""

from __future__ import annotations

from pipelines.evaluation.contradictions import read_lines
from pipelines.evaluation.whole_run import text_sha256
from tests.benchmarks.told_truth import ASKED, HERE, figures, judged_of, verdict_on

ARTICLES = {"a": {"text": "Ida met Per. They spoke for five hours."}, "b": {"text": "Six hours they spoke. Ida left."}}
SHA = {name: text_sha256(article["text"]) for name, article in ARTICLES.items()}
#: The stored texts begin with the headline.
STORED = {SHA[name]: (f"id-{name}", f"Talks\n\n{article['text']}") for name, article in ARTICLES.items()}


def row(relation: str, a: tuple[int, int], b: tuple[int, int]) -> dict[str, object]:
    return {
        "article_a": "a",
        "start_a": a[0],
        "end_a": a[1],
        "article_b": "b",
        "start_b": b[0],
        "end_b": b[1],
        "relation": relation,
    }


def told(a: tuple[int, int], b: tuple[int, int]) -> dict[str, object]:
    """With the articles the other way round, in the stored texts."""
    first, second = (
        {"sha_a": SHA["b"], "start_a": b[0] + 7, "end_a": b[1] + 7},
        {"sha_b": SHA["a"], "start_b": a[0] + 7, "end_b": a[1] + 7},
    )
    return first | second


def test_a_told_pair_has_the_verdict_of_the_judged_pair_in_the_same_two_sentences() -> None:
    judged = judged_of([row("contradiction", (13, 39), (0, 21)), row("compatible", (0, 12), (22, 31))], ARTICLES, STORED)
    assert verdict_on(told((13, 39), (0, 21)), judged) == "contradiction"
    assert verdict_on(told((0, 12), (22, 31)), judged) == "compatible"
    assert verdict_on(told((0, 12), (0, 21)), judged) is None, "one sentence of each does not make it the pair"


def test_what_nobody_judged_is_neither_right_nor_wrong() -> None:
    made = figures([("rules-1", "contradiction"), ("minilm-x", "compatible"), ("minilm-x", None)], contradictions=4)
    assert made == {
        "told": 3, "contradictions_asked": 4, "judged": 2, "right": 1, "precision": 0.5,
        "rules.judged": 1, "rules.right": 1, "rules.precision": 1.0,
        "model.judged": 1, "model.right": 0, "model.precision": 0.0,
    }  # fmt: skip


def test_the_judged_pairs_that_ship_are_well_formed_and_hold_no_text() -> None:
    fields = {"pair_id", "story_id", "relation", "sure"} | {f"{n}_{s}" for n in ("article", "start", "end") for s in "ab"}
    for path, least in ((ASKED, 2_700), (HERE / "told_truth.jsonl", 1_100)):
        rows = read_lines(path)
        assert len({one["pair_id"] for one in rows}) == len(rows) >= least
        for one in rows:
            assert set(one) == fields
            assert one["relation"] in {"contradiction", "update", "corroboration", "compatible", "unrelated"}
            assert one["sure"] in (1, 2, 3)
            assert one["article_a"] != one["article_b"]
            assert all(0 <= one[f"start_{side}"] < one[f"end_{side}"] for side in "ab")
