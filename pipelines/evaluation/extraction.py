"""Extraction: bodies and metadata of real pages against hand-made or publisher-made gold.

The page goes through :func:`pipelines.clean.extract.extract_page`, as in a run. What the gold does not state is not
counted; a page that gives no article counts as empty in every figure. The measures are those of the design: body F1 over
multisets of word 4-grams (words alone where a side has fewer than four), titles by letters and digits, sets of authors
but for case.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any, Final
from unicodedata import normalize

from pipelines.clean.extract import CleanError, Extracted, extract_page
from pipelines.parallel import map_chunks

#: Pages are measured by this many processes: the machine that the goals are set for has two cores.
WORKERS: Final = 2
_CHUNK: Final = 40
_NGRAM: Final = 4
_WORD: Final = re.compile(r"\w+")
_FIGURES: Final = ("body_f1", "title_loose", "date_same_day", "authors_set", "language")


def evaluate_extraction(path: Path) -> dict[str, float]:
    """Figures over the pages of ``path`` (or of ``path/dev``): ``html/*.html.gz`` with ``gold.jsonl``.

    Gives ``body_f1, body_f1_below_half, title_loose, date_same_day, authors_set, language`` (NaN where no page has such
    gold), ``ms_per_page`` (CPU), ``pages`` and ``pages_failed`` (no article, or an error); and every share by source, as
    ``<source>.<metric>``.

    Raises:
        ValueError: there is no ``gold.jsonl``, or it holds no page.
    """
    folder = next((f for f in (path, path / "dev") if (f / "gold.jsonl").is_file()), None)
    if folder is None:
        raise ValueError(f"{path} holds no gold.jsonl, nor does {path / 'dev'}")
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
        tasks = [(folder, json.loads(line)) for line in lines if line.strip()]
    if not tasks:
        raise ValueError(f"{folder / 'gold.jsonl'} holds no page")
    pages = [page for _, found in map_chunks(_measure_pages, tasks, chunk_size=_CHUNK, workers=WORKERS) for page in found]
    figures = _mean(pages)
    figures["body_f1_below_half"] = _mean_of(page["body_f1"] < 0.5 for page in pages if "body_f1" in page)
    figures["ms_per_page"] = fmean(page["ms"] for page in pages)
    figures["pages"] = len(pages)
    figures["pages_failed"] = sum(page["failed"] for page in pages)
    for source in sorted({page["source"] for page in pages}):
        own = _mean([page for page in pages if page["source"] == source])
        figures |= {f"{source}.{name}": value for name, value in own.items() if not math.isnan(value)}
    return figures


def _mean(pages: Sequence[dict[str, Any]]) -> dict[str, float]:
    return {name: _mean_of(page[name] for page in pages if name in page) for name in _FIGURES}


def _mean_of(values: Iterable[float]) -> float:
    listed = list(values)
    return fmean(listed) if listed else math.nan


def _measure_pages(tasks: Sequence[tuple[Path, dict[str, Any]]]) -> list[dict[str, Any]]:
    return [_measure_page(folder, gold) for folder, gold in tasks]


def _measure_page(folder: Path, gold: dict[str, Any]) -> dict[str, Any]:
    name = gold.get("html") or f"html/{gold.get('source')}__{gold.get('id')}.html.gz"
    failed = False
    started = time.process_time()
    try:
        html = gzip.decompress((folder / name).read_bytes())
        started = time.process_time()
        found = extract_page(html, gold.get("url"), fetched_at=_moment(gold.get("crawl_date")))
    except (CleanError, OSError, EOFError, zlib.error):
        found, failed = Extracted(title="", body=""), True
    return {
        "source": gold.get("source") or "unnamed",
        "ms": (time.process_time() - started) * 1000,
        "failed": failed or not found.body,
        **compare(found, gold),
    }


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def compare(found: Extracted, gold: dict[str, Any]) -> dict[str, float]:
    """What of ``gold`` (a record of gold.jsonl) was found, each 0 to 1; only what the gold states."""
    scores: dict[str, float] = {}
    if gold.get("body"):
        scores["body_f1"] = ngram_f1(found.body, gold["body"])
    if gold.get("title"):
        scores["title_loose"] = float(titles_agree(found.title, gold["title"]))
    if gold.get("date"):
        scores["date_same_day"] = float(found.published_on is not None and found.published_on.isoformat() == gold["date"][:10])
    if gold.get("authors") is not None:
        scores["authors_set"] = float({n.lower() for n in found.authors} == {n.lower() for n in gold["authors"]})
    if gold.get("language"):
        scores["language"] = float(found.language == gold["language"][:2])
    return scores


def ngram_f1(found: str, gold: str) -> float:
    """F1 of two texts as multisets of lower-cased word 4-grams; of words where a side has fewer than four."""
    a, b = _WORD.findall(found.lower()), _WORD.findall(gold.lower())
    n = _NGRAM if min(len(a), len(b)) >= _NGRAM else 1
    grams_a, grams_b = (Counter(zip(*(words[at:] for at in range(n)), strict=False)) for words in (a, b))
    common = sum((grams_a & grams_b).values())
    return 2 * common / (grams_a.total() + grams_b.total()) if common else 0.0


def titles_agree(found: str, gold: str) -> bool:
    """Whether two titles are the same in letters and digits, or one holds the other."""
    # Composed and decomposed letters, ß and ss are the same letters.
    a, b = ("".join(c for c in normalize("NFKC", title).casefold() if c.isalnum()) for title in (found, gold))
    return bool(a and b) and (a in b or b in a)
