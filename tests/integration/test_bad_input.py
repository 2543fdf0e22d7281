"""Bad input: a row with the reason, and everything else goes on."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from pipelines.settings import load_settings
from pipelines.warehouse import Warehouse
from tests.integration.conftest import command_line

ARTICLE = (
    "Ferry sinks off Port Alma\n\nThe ferry Orsa sank on Monday off Port Alma with 41 people aboard, the harbour master said."
    " Seven people were rescued by a fishing boat, and the search went on through the night in heavy seas."
)


def test_one_good_page_among_bad_ones_is_published_and_each_bad_one_says_why(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "good.txt").write_text(ARTICLE)
    (pages / "same.txt").write_text(ARTICLE)
    (pages / "thin.html").write_text("<html><body><p>Please accept cookies.</p></body></html>")
    (pages / "deep.html").write_text("<div>" * 100_000)
    (pages / "noise.html").write_bytes(bytes(range(256)) * 40)
    (pages / "cut.html.gz").write_bytes(gzip.compress(b"<p>" + ARTICLE.encode())[:-12])
    (pages / "records.jsonl").write_text(json.dumps({"url": "https://northwire.example/x"}) + "\n{oops\n")
    (pages / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    home = tmp_path / "home"
    result = command_line("run", "--input", pages, tmp_path / "missing.txt", "--home", home)
    assert result.returncode == 0, result.stderr
    warehouse = Warehouse.from_settings(load_settings(home=home))
    rows = warehouse.read("select parse_filename(url) as name, status, error from raw.fetches order by 1").rows()
    assert {name: status for name, status, _ in rows} == {
        "cut.html.gz": "parse_error",
        "deep.html": "parse_error",
        "good.txt": "ok",
        "missing.txt": "parse_error",
        "noise.html": "parse_error",
        "photo.jpg": "unsupported_type",
        "records.jsonl#1": "parse_error",
        "records.jsonl#2": "parse_error",
        "same.txt": "duplicate",
        "thin.html": "too_thin",
    }
    assert all((status == "ok") == (error is None) for _, status, error in rows)
    assert warehouse.read("select count(*) from marts.fct_articles").item() == 1
    assert f"{pages / 'photo.jpg'}: not one of the readable types" in result.stderr


def test_a_run_without_any_usable_input_still_publishes_empty_marts(tmp_path: Path) -> None:
    home = tmp_path / "home"
    result = command_line("run", "--input", tmp_path / "nothing-here", "--home", home)
    assert result.returncode == 0, result.stderr
    counts = command_line("sql", "select count(*) as n from fct_articles", "--format", "csv", "--home", home)
    assert counts.stdout.split() == ["n", "0"]
