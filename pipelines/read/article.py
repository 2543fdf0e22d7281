"""One article through all readers, and many articles as the frames of the read room.

The readers run one after another, each on what the ones before found; one that fails on an article costs that article's rows
from there on, not the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeVar

import polars as pl

from pipelines import tables
from pipelines.models.runtime import ModelError
from pipelines.models.tagger import Tags, tag_texts, tagger_version
from pipelines.parallel import map_chunks
from pipelines.read.attributions import find_attributions
from pipelines.read.claims import find_claims
from pipelines.read.mentions import find_mentions
from pipelines.read.quantities import find_quantities
from pipelines.read.records import Attribution, Claim, Mention, Quantity, Sentence, TimeExpression
from pipelines.read.sentences import split_sentences
from pipelines.read.times import dateline_day, find_times
from pipelines.tables import stable_id

#: Version of the rules; with the tagger's it stands in every row of raw.sentences, and a new one has every article read again.
READER: Final = "rules 6"

#: Articles a chunk: some seconds of reading, so that progress shows and memory stays bounded.
_CHUNK: Final = 100
Found = TypeVar("Found")


@dataclass(slots=True)
class Reading:
    """What one article says. ``quantities[k]`` and ``times[k]`` lie in ``claims[k]``; ``failures`` names failed readers."""

    article_id: str
    sentences: list[Sentence] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    attributions: list[Attribution] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    quantities: list[list[Quantity]] = field(default_factory=list)
    times: list[list[TimeExpression]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    #: What the readers of values found in each sentence that makes a claim, within a claim or not.
    sentence_quantities: dict[int, list[Quantity]] = field(default_factory=dict)
    sentence_times: dict[int, list[TimeExpression]] = field(default_factory=dict)


@dataclass(slots=True)
class ReadReport:
    """The rows read from a set of articles, with the schemas of :mod:`pipelines.tables`, and what could not be read.

    ``failures`` holds ``(article_id, reader: error)``; such an article has at least its sentences.
    """

    sentences: pl.DataFrame
    mentions: pl.DataFrame
    claims: pl.DataFrame
    attributions: pl.DataFrame
    quantities: pl.DataFrame
    times: pl.DataFrame
    failures: list[tuple[str, str]] = field(default_factory=list)


def read_article(row: dict[str, Any], tags: Tags | None = None) -> Reading:
    """Read one article.

    Args:
        row: a row of raw.articles; ``article_id``, ``text``, ``language``, ``published_at`` (UTC), ``published_on``,
            ``published_precision`` and ``title`` are looked at.
        tags: what the tagger saw in the text (see :func:`tags_of`); without them rules alone read names and attributions.

    Returns:
        What the readers found. Who says what is read in English only; in other languages every claim is the outlet's own.
        A failing reader is named in ``failures`` and never raises.
    """
    text = row.get("text") or ""
    language = row.get("language")
    published_at: datetime | None = row.get("published_at")
    precision = row.get("published_precision") or "unknown"
    published_on: date | None = row.get("published_on") or dateline_day(text, published_at, precision)
    is_english = language is None or str(language).split("-")[0].lower() == "en"
    reading = Reading(str(row["article_id"]))

    def attempt(reader: str, read: Callable[[], list[Found]]) -> list[Found]:
        try:
            return read()
        except Exception as error:
            reading.failures.append(f"{reader}: {type(error).__name__}: {error}")
            return []

    reading.sentences = attempt("sentences", lambda: split_sentences(text, language)) or _lines(text)
    sentences = reading.sentences
    reading.mentions = attempt("mentions", lambda: find_mentions(text, sentences, tags))
    mentions = reading.mentions
    if is_english:
        reading.attributions = attempt("attributions", lambda: find_attributions(text, sentences, mentions, tags))
    attributions = reading.attributions
    reading.claims = _distinct(attempt("claims", lambda: find_claims(text, sentences, mentions, attributions)))
    values, moments = reading.sentence_quantities, reading.sentence_times
    claimed = {c.sentence_no for c in reading.claims}
    for s in sentences:
        if s.sentence_no not in claimed:
            continue
        # A whole sentence at a time: "were killed" right outside a claim tells what its number counts.
        values[s.sentence_no] = attempt("quantities", lambda s=s: find_quantities(text, s.start, s.end))  # type: ignore[misc]
        moments[s.sentence_no] = attempt(
            "times",
            lambda s=s: find_times(text, published_at, precision, s.start, s.end, published_on=published_on),  # type: ignore[misc]
        )
    for claim in reading.claims:
        reading.quantities.append([q for q in values[claim.sentence_no] if claim.start <= q.start and q.end <= claim.end])
        reading.times.append([t for t in moments[claim.sentence_no] if claim.start <= t.start and t.end <= claim.end])
    return reading


def read_articles(articles: pl.DataFrame, workers: int = 1) -> ReadReport:
    """Read articles into the frames of the read room.

    Args:
        articles: rows of raw.articles; the columns that :func:`read_article` looks at are enough.
        workers: processes to read in.

    Returns:
        Frames with exactly the schemas of the tables, empty for no articles, and the readers that failed.
    """
    wanted = ("article_id", "text", "language", "published_at", "published_on", "published_precision", "title")
    rows = articles.select([c for c in wanted if c in articles.columns]).to_dicts()
    reports = [report for _, report in map_chunks(_read_chunk, rows, chunk_size=_CHUNK, workers=workers)]
    return _joined(reports)


def tags_of(rows: Sequence[dict[str, Any]], failures: list[tuple[str, str]] | None = None) -> list[Tags | None]:
    """What the tagger sees in articles; None where it does not read the language or is not there.

    An article that the tagger cannot take costs its own tags only, and is named in ``failures``.
    """
    made: list[Tags | None] = [None] * len(rows)
    for k, row in enumerate(rows):
        if (row.get("language") or "en").split("-")[0].lower() != "en" or not row.get("text"):
            continue
        try:
            (made[k],) = tag_texts([row["text"]])
        except ModelError:
            raise
        except Exception as error:
            if failures is not None:
                failures.append((str(row["article_id"]), f"tagger: {type(error).__name__}: {error}"))
    return made


def reader() -> str:
    """The version of the readers in force: of the rules, and of the tagger where there is one."""
    return f"{READER}, {tagger_version() or 'no tagger'}"


def claim_id(article_id: str, claim: Claim) -> str:
    """The stable id of a claim: its article, its span and the chain that vouches for it."""
    chain = "|".join(f"{hop.actor.start}-{hop.actor.end} {hop.cue_kind}" for hop in claim.hops)
    return stable_id(article_id, claim.start, claim.end, chain)


def _read_chunk(rows: Sequence[dict[str, Any]]) -> ReadReport:
    frames: dict[str, list[dict[str, object]]] = {name: [] for name in _TABLES}
    failures: list[tuple[str, str]] = []
    for row, tags in zip(rows, tags_of(rows, failures), strict=True):
        reading = read_article(row, tags)
        failures.extend((reading.article_id, failure) for failure in reading.failures)
        for name, record in _records(reading):
            frames[name].append(record)
    return ReadReport(**{name: table.frame(frames[name]) for name, table in _TABLES.items()}, failures=failures)


_TABLES: Final[dict[str, tables.Table]] = {
    "sentences": tables.SENTENCES,
    "mentions": tables.MENTIONS,
    "claims": tables.CLAIMS,
    "attributions": tables.ATTRIBUTIONS,
    "quantities": tables.QUANTITIES,
    "times": tables.TIMES,
}


def _joined(reports: list[ReadReport]) -> ReadReport:
    joined = {
        name: pl.concat([getattr(report, name) for report in reports]) if reports else table.empty()
        for name, table in _TABLES.items()
    }
    return ReadReport(**joined, failures=[failure for report in reports for failure in report.failures])


def _records(reading: Reading) -> Iterator[tuple[str, dict[str, object]]]:
    article = reading.article_id
    for s in reading.sentences:
        yield "sentences", {
            "article_id": article, "sentence_no": s.sentence_no, "char_start": s.start, "char_end": s.end, "reader": reader(),
        }  # fmt: skip
    spans: set[tuple[int, int]] = set()
    for m in reading.mentions:
        if (m.start, m.end) in spans:
            continue
        spans.add((m.start, m.end))
        yield "mentions", {
            "mention_id": stable_id(article, m.start, m.end), "article_id": article, "sentence_no": m.sentence_no,
            "char_start": m.start, "char_end": m.end, "surface": m.surface, "kind": m.kind,
        }  # fmt: skip
    for claim, quantities, times in zip(reading.claims, reading.quantities, reading.times, strict=True):
        key = claim_id(article, claim)
        yield "claims", {
            "claim_id": key, "article_id": article, "sentence_no": claim.sentence_no, "char_start": claim.start,
            "char_end": claim.end, "text": claim.text, "polarity": claim.polarity, "modality": claim.modality,
        }  # fmt: skip
        for number, hop in enumerate(claim.hops, 1):
            yield "attributions", {
                "claim_id": key, "hop_no": number, "actor": hop.actor.text, "actor_kind": hop.actor.kind, "cue": hop.cue,
                "cue_kind": hop.cue_kind, "char_start": hop.actor.start, "char_end": hop.actor.end,
                "antecedent": hop.actor.antecedent, "is_anonymous": hop.actor.is_anonymous,
                "cue_start": hop.cue_start, "cue_end": hop.cue_end,
            }  # fmt: skip
        for number, q in enumerate(quantities):
            yield "quantities", {
                "claim_id": key, "quantity_no": number, "dimension": q.dimension, "lower": q.lower, "upper": q.upper,
                "unit": q.unit, "approximation": q.approximation, "counted": q.counted, "char_start": q.start, "char_end": q.end,
            }  # fmt: skip
        for number, t in enumerate(times):
            yield "times", {
                "claim_id": key, "time_no": number, "start_at": t.start_at, "end_at": t.end_at, "precision": t.precision,
                "char_start": t.start, "char_end": t.end,
            }  # fmt: skip


def _distinct(claims: list[Claim]) -> list[Claim]:
    """Claims without repetition of span and chain, which are the key of a row."""
    seen: dict[str, Claim] = {}
    for claim in claims:
        seen.setdefault(claim_id("", claim), claim)
    return list(seen.values())


def _lines(text: str) -> list[Sentence]:
    """Lines as sentences, when the sentence reader fails."""
    sentences: list[Sentence] = []
    at = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            start = at + line.index(stripped)
            sentences.append(Sentence(len(sentences), start, start + len(stripped), len(sentences)))
        at += len(line)
    return sentences
