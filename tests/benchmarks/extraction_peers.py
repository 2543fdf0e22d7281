"""Extraction beside its peers: trafilatura's default, readability-lxml and newspaper4k on the same pages, in one table.

    python -m tests.benchmarks.extraction_peers --data ../shared/data/extraction [--peers VENV] [--every N]

``VENV`` is a virtual environment that holds the peers, apart from the project's (they pin versions of their own)::

    python -m venv VENV && VENV/bin/pip install trafilatura==2.3.1 readability-lxml newspaper4k

Without it, or where a peer is missing there, the table says so and holds the others. Every tool gets the bytes of the page and
its address and runs in one process; a page's time is CPU time of that process. The measures are those of
``counterclaim evaluate extraction``. Results go to ``tests/benchmarks/results/extraction_peers.json`` and ``.md``: figures only.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from tests.benchmarks.kept import RESULTS, about

OURS: Final = "counterclaim"
PEERS: Final = ("trafilatura", "readability-lxml", "newspaper4k")
MEASURES: Final = ("body_f1", "body_f1_below_half", "title_loose", "date_same_day", "authors_set")

#: Run by the peers' own Python: reads ``tool`` and a list of pages, writes what the tool found on each as a line of JSON.
_RUNNER: Final = """
import gzip, json, sys, time

def trafilatura_default():
    import trafilatura
    def run(html, url):
        found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
        if found is None:
            return {}
        authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
        return {"title": found.title, "body": found.text, "authors": authors, "date": found.date}
    return run

def readability_lxml():
    import lxml.html
    from readability import Document
    def run(html, url):
        document = Document(html, url=url)
        tree = lxml.html.fromstring(document.summary(html_partial=True))
        blocks = [" ".join(b.text_content().split()) for b in tree.iter("p", "li", "h2", "h3", "h4", "blockquote", "pre")]
        body = "\\n".join(block for block in blocks if block) or tree.text_content()
        return {"title": document.short_title(), "body": body}
    return run

def newspaper4k():
    import newspaper
    def run(html, url):
        article = newspaper.Article(url or "https://page.example/", fetch_images=False)
        article.download(input_html=html.decode("utf-8", "replace"))
        article.parse()
        day = article.publish_date.date().isoformat() if article.publish_date else None
        return {"title": article.title, "body": article.text, "authors": list(article.authors), "date": day}
    return run

tool, pages, out = sys.argv[1], sys.argv[2], sys.argv[3]
run = {"trafilatura": trafilatura_default, "readability-lxml": readability_lxml, "newspaper4k": newspaper4k}[tool]()
listed = [json.loads(line) for line in open(pages, encoding="utf-8")]
for page in listed[:3]:
    try:
        run(gzip.open(page["path"]).read(), page["url"])
    except Exception:
        pass
with open(out, "w", encoding="utf-8") as lines:
    for page in listed:
        html = gzip.open(page["path"]).read()
        started = time.process_time()
        try:
            found = run(html, page["url"])
        except Exception as problem:
            found = {"error": f"{type(problem).__name__}"}
        found["ms"] = (time.process_time() - started) * 1000
        lines.write(json.dumps(found) + "\\n")
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the results, print the table; 1 where a peer beats ours in a column."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with gold.jsonl and html/")
    parser.add_argument("--peers", type=Path, help="virtual environment with the peers; without it only ours and trafilatura")
    parser.add_argument("--every", type=int, default=1, help="take every so many pages")
    given = parser.parse_args(arguments)
    golds = _golds(given.data)[:: given.every]
    rows = {OURS: _ours(given.data, golds)}
    missing = {}
    for tool in PEERS:
        python = (given.peers / "bin" / "python") if given.peers else Path(sys.executable)
        found = _peer(tool, python, given.data, golds)
        if isinstance(found, str):
            missing[tool] = found
        else:
            rows[tool] = found
    table = {tool: _figures(pages) for tool, pages in rows.items()}
    result = {
        **about("extraction_peers"),
        "pages": len(golds),
        "missing": missing,
        "versions": _versions(given.peers, rows),
        "tools": table,
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "extraction_peers.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    text = _markdown(result)
    (RESULTS / "extraction_peers.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return int(any(not _is_best(table, measure) for measure in MEASURES))


def _golds(folder: Path) -> list[dict[str, Any]]:
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _path(folder: Path, gold: dict[str, Any]) -> Path:
    return folder / (gold.get("html") or f"html/{gold['source']}__{gold['id']}.html.gz")


def _ours(folder: Path, golds: Sequence[dict[str, Any]]) -> list[dict[str, float]]:
    from pipelines.evaluation.extraction import _measure_page

    for gold in golds[:3]:
        _measure_page(folder, gold)
    return [_measure_page(folder, gold) for gold in golds]


def _peer(tool: str, python: Path, folder: Path, golds: Sequence[dict[str, Any]]) -> list[dict[str, float]] | str:
    """The scores of a peer by page, or why it was not measured."""
    from pipelines.clean.extract import Extracted
    from pipelines.evaluation.extraction import compare

    with tempfile.TemporaryDirectory() as place:
        pages, out, runner = (Path(place) / name for name in ("pages.jsonl", "found.jsonl", "runner.py"))
        runner.write_text(_RUNNER, encoding="utf-8")
        listed = [json.dumps({"path": str(_path(folder, gold).resolve()), "url": gold.get("url")}) for gold in golds]
        pages.write_text("\n".join(listed), encoding="utf-8")
        done = subprocess.run([str(python), str(runner), tool, str(pages), str(out)], capture_output=True, text=True, check=False)
        if done.returncode:
            return f"not measured: {(done.stderr.strip().splitlines() or ['no message'])[-1]}"
        lines = out.read_text(encoding="utf-8").splitlines()
    scores = []
    for gold, line in zip(golds, lines, strict=True):
        found = json.loads(line)
        extracted = Extracted(
            title=found.get("title") or "",
            body=found.get("body") or "",
            authors=found.get("authors") or [],
            published_on=date.fromisoformat(found["date"][:10]) if found.get("date") else None,
        )
        scores.append({"ms": found["ms"], "failed": float(not extracted.body), **compare(extracted, gold)})
    return scores


def _figures(pages: Sequence[dict[str, Any]]) -> dict[str, float]:
    figures: dict[str, float] = {}
    for measure in MEASURES:
        name = measure.removesuffix("_below_half")
        values = [page[name] for page in pages if name in page]
        if name != measure:
            values = [float(value < 0.5) for value in values]
        figures[measure] = fmean(values) if values else math.nan
    figures["failed"] = float(sum(page["failed"] for page in pages))
    figures["ms_per_page"] = fmean(page["ms"] for page in pages)
    return figures


def _is_best(table: dict[str, dict[str, float]], measure: str) -> bool:
    ours, sign = table[OURS][measure], -1 if measure == "body_f1_below_half" else 1
    return all(sign * ours >= sign * row[measure] for tool, row in table.items() if tool != OURS)


def _versions(peers: Path | None, rows: dict[str, Any]) -> dict[str, str]:
    python = str(peers / "bin" / "python") if peers else sys.executable
    asked = "import sys, importlib.metadata as m; print(m.version(sys.argv[1]))"
    return {tool: _output(python, "-c", asked, tool) for tool in rows if tool != OURS}


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _markdown(result: dict[str, Any]) -> str:
    return "\n".join(_lines(result)) + "\n"


def _lines(result: dict[str, Any]) -> Iterator[str]:
    yield "# Extraction beside its peers"
    yield ""
    yield f"{result['pages']} pages; commit {result['commit']}, {result['cores']} cores, `{result['command']}`. A peer without"
    yield "dates or authors scores 0 there. CPU time, each tool in one process; every tool reads the metadata it offers."
    yield ""
    yield "| tool | body F1 | below half | title | date | authors | pages failed | ms a page |"
    yield "| --- | --: | --: | --: | --: | --: | --: | --: |"
    for tool, row in result["tools"].items():
        name = f"{tool} {result['versions'][tool]}" if tool in result["versions"] else tool
        figures = " | ".join(f"{row[measure]:.3f}" for measure in MEASURES)
        yield f"| {name} | {figures} | {row['failed']:.0f} | {row['ms_per_page']:.1f} |"
    for tool, reason in result["missing"].items():
        yield f"| {tool} | {reason} | | | | | | |"


if __name__ == "__main__":
    raise SystemExit(main())
