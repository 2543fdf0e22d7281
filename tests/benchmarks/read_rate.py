"""How fast the read room reads, against the bare encoder, and whether all it finds stands in the text.

    python -m tests.benchmarks.read_rate --data ../shared/data/corpora/us_politics_2016_2020.parquet --workers 2

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
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipelines.models.tagger import load_tagger
from pipelines.models.tagging import windows
from pipelines.read.article import ReadReport, read_articles
from pipelines.read.quantities import find_quantities
from pipelines.tables import stable_id
from tests.benchmarks.kept import about

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
    for _ in tagger.model.run(rows, batch_tokens=1):
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
    """How many spans of each table there are, how many are not the words they say, and how many articles failed."""
    texts = dict(frame.select("article_id", "text").iter_rows())
    counts: Counter[str] = Counter(articles=0, failed=0, spans=0, wrong=0)
    for at in range(0, frame.height, 250):
        part = frame.slice(at, 250)
        report = read_articles(part, workers=workers)
        counts.update(articles=part.height, failed=len({article for article, _ in report.failures}))
        counts["unread"] += part.height - report.sentences["article_id"].n_unique()
        for table, (spans, wrong) in check(report, texts).items():
            counts.update({table: spans, f"{table}_wrong": wrong, "spans": spans, "wrong": wrong})
        article_of = dict(report.claims.select("claim_id", "article_id").iter_rows())
        counts["quantities_read_otherwise_alone"] += sum(
            not _reads_again(texts[article_of[row["claim_id"]]][row["char_start"] : row["char_end"]], row)
            for row in report.quantities.iter_rows(named=True)
        )
        print(dict(counts), flush=True)
    return dict(counts)


def check(report: ReadReport, texts: dict[str, str]) -> dict[str, tuple[int, int]]:
    """Spans and wrong spans of each table.

    Mentions, claims, actors and cues stand in their rows as words: these must be the words at their offsets. Sentences,
    quantities and times do not: a sentence must follow the one before, begin and end with a character of its own and leave out
    nothing but white space; a value must be whole words inside its claim. How many quantities have other bounds
    when their words are read without their surroundings ("a year") is counted apart.
    """
    made: dict[str, tuple[int, int]] = {}
    claim_of = {row["claim_id"]: row for row in report.claims.iter_rows(named=True)}
    sentence_of: dict[tuple[str, int], tuple[int, int]] = {}
    wrong = 0
    for (article,), rows in report.sentences.sort("sentence_no").group_by(["article_id"], maintain_order=True):
        text, last = texts[str(article)], 0
        for number, start, end in rows.select("sentence_no", "char_start", "char_end").iter_rows():
            sentence_of[str(article), number] = (start, end)
            wrong += (
                not last <= start < end <= len(text)
                or text[start:end] != text[start:end].strip()
                or bool(text[last:start].strip())
            )
            last = end
        wrong += bool(text[last:].strip())
    made["sentences"] = (report.sentences.height, wrong)
    wrong = 0
    for row in report.mentions.iter_rows(named=True):
        start, end = row["char_start"], row["char_end"]
        a, b = sentence_of[row["article_id"], row["sentence_no"]]
        wrong += texts[row["article_id"]][start:end] != row["surface"] or not a <= start < end <= b
        wrong += row["mention_id"] != stable_id(row["article_id"], start, end)
    made["mentions"] = (report.mentions.height, wrong)
    wrong = 0
    for row in report.claims.iter_rows(named=True):
        start, end = row["char_start"], row["char_end"]
        a, b = sentence_of[row["article_id"], row["sentence_no"]]
        wrong += texts[row["article_id"]][start:end] != row["text"] or not a <= start < end <= b
    made["claims"] = (report.claims.height, wrong)
    wrong = cues = 0
    for row in report.attributions.iter_rows(named=True):
        text = texts[claim_of[row["claim_id"]]["article_id"]]
        wrong += text[row["char_start"] : row["char_end"]] != row["actor"]
        if row["cue_start"] is not None:
            cues += 1
            wrong += text[row["cue_start"] : row["cue_end"]] != row["cue"]
    made["hops"] = (report.attributions.height + cues, wrong)
    for table, frame in (("quantities", report.quantities), ("times", report.times)):
        wrong = 0
        for row in frame.iter_rows(named=True):
            claim = claim_of[row["claim_id"]]
            text, start, end = texts[claim["article_id"]], row["char_start"], row["char_end"]
            words = text[start:end]
            is_inside = claim["char_start"] <= start < end <= claim["char_end"] and words == words.strip()
            is_whole = not (_joined(text, start) or _joined(text, end))
            wrong += not (is_inside and is_whole and any(c.isalnum() for c in words))
        made[table] = (frame.height, wrong)
    return made


def _reads_again(words: str, row: dict[str, Any]) -> bool:
    """Whether a quantity's words by themselves, with a noun after them for what is counted, have the bounds of its row."""
    return any(
        (again.lower, again.upper) == (row["lower"], row["upper"])
        for noun in ("", " people", " week")
        for again in find_quantities(words + noun, 0, len(words))
    )


def _joined(text: str, at: int) -> bool:
    """Whether a place lies inside a word or number."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--relocate", type=int, default=0)
    given = parser.parse_args()
    measured: dict[str, object] = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    run = about("read_rate", load_before=os.getloadavg()[0], python=platform.python_version())
    if given.relocate:
        measured["relocation"] = relocate(articles(given.data, 20, 100_000, given.relocate), given.workers) | run
    else:
        measured["rate"] = rate(articles(given.data, 550, 650, given.articles), given.workers) | run
    RESULTS.write_text(json.dumps(measured, indent=1) + "\n")
    print(json.dumps(measured, indent=1))


if __name__ == "__main__":
    main()
