"""How fast the read room reads, against the bare encoder, and whether all it finds stands in the text.

    python tests/benchmarks/read_rate.py --data ../shared/data/corpora/us_politics_2016_2020.parquet --workers 2

Two measures, printed and written to ``results/read_rate.json``. Rate: articles of about 600 words through the whole room (in
worker processes), peak memory, and CPU time of the room over that of the encoder alone on the same windows in one process.
Relocation (``--relocate N``): every sentence, mention, claim, hop, quantity and time of N articles is the words it says.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.models.tagger import load_tagger
from pipelines.models.tagging import windows
from pipelines.read.article import ReadReport, read_articles
from pipelines.tables import stable_id

RESULTS = Path(__file__).parent / "results" / "read_rate.json"


def articles(path: Path, shortest: int, longest: int, limit: int) -> pl.DataFrame:
    """Articles of so many words, as rows of raw.articles."""
    frame = pl.read_parquet(path).with_columns(words=pl.col("text").str.split(" ").list.len())
    frame = frame.filter(pl.col("words").is_between(shortest, longest)).head(limit)
    return frame.select(
        article_id=pl.concat_str(pl.lit("a"), pl.int_range(pl.len()).cast(pl.String)),
        text="text",
        language=pl.lit("en"),
        published_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")),
        published_precision=pl.lit("unknown"),
        title=pl.col("title") if "title" in frame.columns else pl.lit(None, dtype=pl.String),
    )


def rate(frame: pl.DataFrame, workers: int) -> dict[str, float]:
    """Articles a second by the clock, CPU of the room and of the encoder alone, peak memory of all processes."""
    read_articles(frame.head(4))
    begun = time.perf_counter()
    before = cpu()
    read_articles(frame, workers=workers)
    wall, spent = time.perf_counter() - begun, cpu() - before
    few = frame.head(100)
    begun_cpu = time.process_time()
    read_articles(few)
    room = (time.process_time() - begun_cpu) / few.height
    tagger = load_tagger()
    assert tagger is not None, "no tagger: nothing to compare with"
    rows = []
    for text in few["text"]:
        encoded = tagger.encode(text)
        rows += [{"ids": encoded.ids[a:b], "features": encoded.features[a:b]} for a, b in windows(encoded, tagger.longest - 2)]
    begun_cpu = time.process_time()
    for _ in tagger.model.run(rows):
        pass
    encoder = (time.process_time() - begun_cpu) / few.height
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "articles": frame.height,
        "words_an_article": float(np.mean([len(t.split()) for t in frame["text"]])),
        "workers": workers,
        "articles_a_second": frame.height / wall,
        "cpu_ms_an_article_in_workers": 1e3 * spent / frame.height,
        "room_cpu_ms_an_article": 1e3 * room,
        "encoder_cpu_ms_an_article": 1e3 * encoder,
        "room_to_encoder": room / encoder,
        "peak_mb_a_worker": children / 1024,
        "peak_mb_main": own / 1024,
    }


def cpu() -> float:
    """CPU seconds of this process and the children that have ended."""
    return sum(
        resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def relocate(frame: pl.DataFrame, workers: int) -> dict[str, int]:
    """How many spans there are, how many are not the words they say, and how many articles failed."""
    texts = dict(frame.select("article_id", "text").iter_rows())
    counts = {"articles": 0, "failed": 0, "spans": 0, "wrong": 0}
    for at in range(0, frame.height, 500):
        report = read_articles(frame.slice(at, 500), workers=workers)
        counts["articles"] += frame.slice(at, 500).height
        counts["failed"] += len({article for article, _ in report.failures})
        for spans, wrong in check(report, texts):
            counts["spans"] += spans
            counts["wrong"] += wrong
        print(counts, flush=True)
    return counts


def check(report: ReadReport, texts: dict[str, str]) -> list[tuple[int, int]]:
    """Spans and wrong spans of each table."""
    claim_of = {row["claim_id"]: row for row in report.claims.iter_rows(named=True)}
    made = []
    wrong = 0
    for row in report.mentions.iter_rows(named=True):
        wrong += texts[row["article_id"]][row["char_start"] : row["char_end"]] != row["surface"] or row[
            "mention_id"
        ] != stable_id(row["article_id"], row["char_start"], row["char_end"])
    made.append((report.mentions.height, wrong))
    wrong = sum(
        texts[row["article_id"]][row["char_start"] : row["char_end"]] != row["text"]
        for row in report.claims.iter_rows(named=True)
    )
    made.append((report.claims.height, wrong))
    wrong = 0
    for row in report.attributions.iter_rows(named=True):
        text = texts[claim_of[row["claim_id"]]["article_id"]]
        wrong += text[row["char_start"] : row["char_end"]] != row["actor"]
        if row["cue_start"] is not None:
            wrong += text[row["cue_start"] : row["cue_end"]] != row["cue"]
    made.append((2 * report.attributions.height, wrong))
    for frame in (report.quantities, report.times):
        wrong = 0
        for row in frame.iter_rows(named=True):
            claim = claim_of[row["claim_id"]]
            inside = claim["char_start"] <= row["char_start"] < row["char_end"] <= claim["char_end"]
            wrong += not inside or not texts[claim["article_id"]][row["char_start"] : row["char_end"]].strip()
        made.append((frame.height, wrong))
    return made


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--relocate", type=int, default=0)
    given = parser.parse_args()
    measured: dict[str, object] = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    run = {
        "commit": commit,
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        "command": "python " + " ".join(sys.argv),
    }
    if given.relocate:
        measured["relocation"] = relocate(articles(given.data, 20, 100_000, given.relocate), given.workers) | run
    else:
        measured["rate"] = rate(articles(given.data, 550, 650, given.articles), given.workers) | run
    RESULTS.write_text(json.dumps(measured, indent=1) + "\n")
    print(json.dumps(measured, indent=1))


if __name__ == "__main__":
    main()
