"""How fast a WARC of 1,000 pages becomes articles, as a ratio to bare trafilatura over the same pages.

Usage, from the project's folder::

    python -m tests.benchmarks.warc_rate ../shared/data/extraction/html
    python -m tests.benchmarks.warc_rate PAGES --pages 200 --repeats 1 --no-save

PAGES is a folder of ``.html`` or ``.html.gz`` files, repeated where there are fewer than asked for (each time at another
address); without it, or where it is missing, the sample's pages are taken. Three times in turn it measures the CPU time,
user and system, of this process and its children, of

* bare trafilatura: ``bare_extraction(html, url=url, with_metadata=True)`` with its default settings, one process;
* the rooms acquire and clean over the WARC, as the job runs them on an empty home with one worker: reading the WARC, the
  page store, extraction, every write to the warehouse; and, counted apart, versions and copies among all articles.

The medians and their ratios are printed and written to ``tests/benchmarks/results/warc_rate.json``. Wanted: at most 1.3.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import platform
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import trafilatura
from trafilatura.meta import reset_caches
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.orchestration.assets.acquire import read_into
from pipelines.orchestration.assets.clean import clean_pending, relate_articles
from pipelines.progress import say
from pipelines.settings import SAMPLE_PAGES, load_settings
from pipelines.warehouse import Warehouse
from tests.benchmarks.kept import about

RESULT = Path(__file__).parent / "results" / "warc_rate.json"
WANTED = 1.3
#: When the pages are said to have been captured: later than any of them was published. A page from the future has no date that
#: can be believed, and looking for another would be measured that no real archive asks for.
CAPTURED = "2026-10-01T10:00:00Z"
#: As our own extraction empties them.
RESET_EVERY = 500


def cpu_seconds() -> float:
    """User and system time of this process and of its children that have ended."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def read_pages(folder: Path, wanted: int) -> list[tuple[str, bytes]]:
    """``wanted`` pages with an address each."""
    files = sorted(path for path in folder.rglob("*") if path.name.endswith((".html", ".html.gz")))
    if not files:
        sys.exit(f"{folder}: no .html or .html.gz files")
    pages = []
    for number in range(wanted):
        path = files[number % len(files)]
        content = path.read_bytes()
        html = gzip.decompress(content) if path.suffix == ".gz" else content
        pages.append((f"https://archive-{number % 50}.example/{number // len(files)}/{path.name.split('.')[0]}", html))
    return pages


def write_warc(path: Path, pages: list[tuple[str, bytes]]) -> None:
    """The pages as response records, as crawlers write them."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url, html in pages:
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    payload=BytesIO(html),
                    http_headers=headers,
                    warc_headers_dict={"WARC-Date": CAPTURED},
                )
            )


def measured(work: Callable[[], object]) -> float:
    """CPU seconds of ``work``."""
    reset_caches()
    gc.collect()
    before = cpu_seconds()
    work()
    return cpu_seconds() - before


def run_bare(pages: list[tuple[str, bytes]]) -> None:
    """Bare trafilatura."""
    for number, (url, html) in enumerate(pages, 1):
        trafilatura.bare_extraction(html, url=url, with_metadata=True)
        if number % RESET_EVERY == 0:
            reset_caches()


def run_ours(warc: Path, pages: int) -> dict[str, float]:
    """Our rooms on an empty home; gives CPU seconds by step."""
    with tempfile.TemporaryDirectory(prefix="warc-rate-") as home:
        settings = load_settings(home=Path(home), workers=1)
        warehouse = Warehouse.from_settings(settings)
        seconds = {
            "acquire": measured(lambda: read_into(warehouse, settings, [warc], "benchmark")),
            "clean": measured(lambda: clean_pending(warehouse, settings)),
            "relate": measured(lambda: relate_articles(warehouse)),
        }
        documents = warehouse.read("select count(*) from raw.documents").item()
        articles = warehouse.read("select count(*) from raw.articles").item()
        if documents < 0.95 * pages:
            sys.exit(f"only {documents:,} of {pages:,} pages were kept")
        say(f"  {documents:,} documents, {articles:,} articles")
    return seconds


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, metavar="PAGES")
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-save", action="store_true")
    arguments = parser.parse_args()
    folder = arguments.folder if arguments.folder is not None and arguments.folder.is_dir() else SAMPLE_PAGES
    pages = read_pages(folder, arguments.pages)
    rounds: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="warc-rate-") as scratch:
        warc = Path(scratch) / "pages.warc.gz"
        write_warc(warc, pages)
        # What is loaded once a process (models, locales) counts for neither.
        some = Path(scratch) / "some.warc.gz"
        write_warc(some, pages[:50])
        run_bare(pages[:50])
        run_ours(some, len(pages[:50]))
        for _ in range(arguments.repeats):
            seconds = {"trafilatura": measured(lambda: run_bare(pages)), **run_ours(warc, len(pages))}
            rounds.append(seconds)
            say("  " + ", ".join(f"{name} {1000 * spent / len(pages):.1f} ms a page" for name, spent in seconds.items()))
    median = {name: statistics.median(seconds[name] for seconds in rounds) for name in rounds[0]}
    ratio = statistics.median((s["acquire"] + s["clean"]) / s["trafilatura"] for s in rounds)
    with_relations = statistics.median((s["acquire"] + s["clean"] + s["relate"]) / s["trafilatura"] for s in rounds)
    lines = [f"{name:12} {1000 * spent / len(pages):7.2f} ms of CPU a page" for name, spent in median.items()]
    lines.append(f"acquire and clean to bare trafilatura: {ratio:.2f} (wanted: at most {WANTED})")
    lines.append(f"the same with versions and copies among all articles: {with_relations:.2f}")
    sys.stdout.write("\n".join(lines) + "\n")
    if not arguments.no_save:
        result = {
            "what": "CPU time of acquire and clean over a WARC, as a ratio to bare trafilatura over the same pages",
            "ratio": round(ratio, 3),
            "ratio_with_versions_and_copies": round(with_relations, 3),
            "wanted": WANTED,
            "ms_of_cpu_a_page": {name: round(1000 * spent / len(pages), 2) for name, spent in median.items()},
            "rounds_seconds": [{name: round(spent, 2) for name, spent in seconds.items()} for seconds in rounds],
            "pages": len(pages),
            "megabytes": round(sum(len(html) for _, html in pages) / 1e6, 1),
            "trafilatura": trafilatura.__version__,
        } | about("warc_rate", python=platform.python_version())
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
