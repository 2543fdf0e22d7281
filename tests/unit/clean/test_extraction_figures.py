"""The measuring command of extraction: it counts what the gold states, and nothing else."""

from __future__ import annotations

import gzip
import json
import math
from datetime import date
from pathlib import Path

import pytest

from pipelines.clean.extract import Extracted
from pipelines.evaluation.extraction import compare, evaluate_extraction, ngram_f1, titles_agree

PAGE = (
    "<html lang='en'><head><title>Crane falls in Easthaven</title><meta name='author' content='Jane Doe'>"
    "<meta property='article:published_time' content='2022-03-01T10:15:00Z'></head><body><article>"
    "<h1>Crane falls in Easthaven</h1>{}</article></body></html>"
)
BODY = "The port of Easthaven will stay shut until Friday, its director said on Tuesday, after a crane fell on two ships."


def test_f1_of_word_four_grams() -> None:
    assert ngram_f1("a b c d e", "a b c d e") == 1
    assert ngram_f1("a b c d e", "a b c d") == pytest.approx(2 / 3)
    assert ngram_f1("A, b", "a b") == 1  # fewer than four words: words
    assert ngram_f1("", "a b c d") == 0


def test_titles_agree_by_letters_and_digits() -> None:
    assert titles_agree("Crane falls!", "CRANE FALLS")
    assert titles_agree("Accident: Crane falls", "Crane falls")
    assert not titles_agree("", "Crane falls")


def test_only_what_the_gold_states_is_compared() -> None:
    found = Extracted(title="Crane falls", body=BODY, authors=["JANE DOE"], published_on=date(2022, 3, 1), language="en")
    assert compare(found, {"title": None, "body": None, "authors": None, "date": None, "language": None}) == {}
    gold = {"title": "Crane falls", "body": BODY, "authors": ["Jane Doe"], "date": "2022-03-01", "language": "en"}
    assert set(compare(found, gold).values()) == {1.0}
    assert compare(found, {"authors": []}) == {"authors_set": 0.0}


@pytest.mark.parametrize("folder", [".", "dev"])
def test_a_set_of_pages(tmp_path: Path, folder: str) -> None:
    root = tmp_path / folder
    (root / "html").mkdir(parents=True)
    body = f"<p>{BODY}</p>" * 3
    (root / "html" / "s__1.html.gz").write_bytes(gzip.compress(PAGE.format(body).encode()))
    (root / "html" / "s__2.html.gz").write_bytes(b"no gzip")
    gold = [
        {"id": "1", "source": "s", "html": "html/s__1.html.gz", "title": "Crane falls in Easthaven", "authors": ["Jane Doe"],
         "date": "2022-03-01", "body": None, "snippets_with": ["The port"], "language": "en", "url": None, "crawl_date": None},
        {"id": "2", "source": "s", "title": "Never found", "authors": None, "body": "some gold text here"},
    ]  # fmt: skip
    (root / "gold.jsonl").write_text("\n".join(json.dumps(record) for record in gold), encoding="utf-8")
    figures = evaluate_extraction(tmp_path)
    assert (figures["pages"], figures["pages_failed"]) == (2, 1)
    assert figures["title_loose"] == 0.5
    assert (figures["date_same_day"], figures["authors_set"], figures["language"]) == (1.0, 1.0, 1.0)
    assert (figures["body_f1"], figures["body_f1_below_half"]) == (0.0, 1.0)  # snippets are no body
    assert figures["s.title_loose"] == 0.5
    assert figures["ms_per_page"] > 0


def test_no_gold_is_nan_and_no_set_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"gold\.jsonl"):
        evaluate_extraction(tmp_path)
    (tmp_path / "gold.jsonl").write_text('{"id": "1", "source": "s"}\n', encoding="utf-8")
    assert math.isnan(evaluate_extraction(tmp_path)["body_f1"])
