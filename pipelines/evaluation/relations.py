"""Relations: pairs of texts labelled contradiction, entailment or neutral, judged on the product's own path.

The cross-encoder that the comparison asks about every pair is asked whether the premise entails the hypothesis. Where its
weights are missing, both texts are read with the read room and judged by the rules as a pair that was given; the labels are
then met so: a contradiction is one, a corroboration is an entailment, everything else is neutral.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl
from sklearn.metrics import accuracy_score, f1_score, precision_recall_curve

from pipelines.compare.relations import ClaimView, SentenceClaims, judge_sentences, quoted
from pipelines.models.cross_encoder import NLI_LABELS, load_cross_encoder
from pipelines.parallel import map_chunks
from pipelines.progress import track
from pipelines.read.article import Reading, claim_id, read_article, tags_of
from pipelines.tables import stable_id

#: Pairs measured per source: the same ones on every machine. All 76,082 labelled pairs of dev take a quarter of an hour of CPU
#: time, and these a fifth of it. A source's accuracy is then known to 0.03, that of one with a floor to 0.01.
MOST_PER_SOURCE: Final = 300
#: Of the sources whose figures have a floor.
MOST_WITH_FLOOR: Final[Mapping[str, int]] = {"Emergent": 2_000, "LingNLI": 2_000}
_WORKERS: Final = 2
_CHUNK: Final = 200
#: A text of more characters is cut: what decides stands in front.
_MOST_CHARS: Final = 4_000

#: What the product calls a pair -> the label of the task.
_LABELS: Final[Mapping[str, str]] = {
    "contradiction": "contradiction",
    "corroboration": "entailment",
    "update": "neutral",
    "compatible": "neutral",
    "unrelated": "neutral",
}


def evaluate_relations(path: Path, most_per_source: int | None = MOST_PER_SOURCE) -> dict[str, float]:
    """Figures on a Parquet file, or every one of a folder but those named train, with ``premise, hypothesis, label, source``.

    Pairs without a label are left out. Of a source with more than ``most_per_source`` pairs (None: no limit; of those in
    :data:`MOST_WITH_FLOOR` more) so many are drawn, by a hash of their words. Gives ``accuracy, macro_f1`` (over the labels that
    the source has), ``contradiction_f1`` and ``contradiction_precision_at_recall_50`` over all pairs measured and as
    ``<source>.<metric>``; ``pairs`` are how many were measured, ``pairs_there`` of how many.

    Raises:
        ValueError: there is no such file, or it lacks one of the columns.
    """
    files = sorted(file for file in path.glob("*.parquet") if "train" not in file.name) if path.is_dir() else [path]
    wanted = ["premise", "hypothesis", "label", "source"]
    frames = []
    for file in files:
        schema = pl.read_parquet_schema(file)
        if set(wanted) <= set(schema):
            frames.append(pl.read_parquet(file, columns=wanted))
        elif not path.is_dir():
            raise ValueError(f"{file} lacks {sorted(set(wanted) - set(schema))}")
    if not frames:
        raise ValueError(f"{path} holds no *.parquet with {wanted} but training data")
    labelled = _labelled(pl.concat(frames))
    there = labelled.group_by("source").len("there")
    pairs = _sample(labelled, most_per_source).join(there, on="source", how="left", maintain_order="left")
    judged = _judge(list(pairs.select("premise", "hypothesis").iter_rows()))
    scored = pairs.with_columns(
        judged=pl.Series([label for label, _ in judged], dtype=pl.String),
        p=pl.Series([p for _, p in judged], dtype=pl.Float64),
    )
    figures = _figures(scored, labelled.height)
    for (source, count), part in sorted(scored.group_by(["source", "there"]), key=lambda item: str(item[0])):
        figures |= {f"{source}.{name}": value for name, value in _figures(part, int(count)).items()}
    return figures


def _judge(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, float]]:
    """``(label, probability of a contradiction)`` of each pair of texts."""
    results = map_chunks(_judge_chunk, pairs, chunk_size=_CHUNK, workers=_WORKERS)
    return [one for judged in track(results, "evaluate: pairs judged", len(pairs)) for one in judged]


def _labelled(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs that have a label of the task, their texts cut to what is read."""
    return pairs.filter(pl.col("label").is_in(NLI_LABELS)).with_columns(
        pl.col("premise", "hypothesis").fill_null("").str.slice(0, _MOST_CHARS), pl.col("source").fill_null("unknown")
    )


def _sample(labelled: pl.DataFrame, most: int | None) -> pl.DataFrame:
    """Of each source the pairs with the smallest hashes of their words; None: all, in that order too."""
    words = labelled.select("source", "premise", "hypothesis")
    drawn = labelled.with_columns(draw=pl.Series([stable_id(*row) for row in words.iter_rows()], dtype=pl.String))
    drawn = drawn.sort("source", "draw", "label")
    if most is None:
        return drawn
    limit = pl.col("source").replace_strict({name: max(most, more) for name, more in MOST_WITH_FLOOR.items()}, default=most)
    return drawn.filter(pl.int_range(pl.len()).over("source") < limit)


def _judge_chunk(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, float]]:
    """``(label, probability of a contradiction)`` of each pair of texts (in a worker process)."""
    encoder = load_cross_encoder()
    if encoder is not None:
        nli = encoder.judge([((premise, ""), (hypothesis, "")) for premise, hypothesis in pairs], both_ways=False).nli
        return [(NLI_LABELS[best], float(p)) for best, p in zip(nli.argmax(axis=1), nli[:, 2], strict=True)]
    verdicts = [judge_sentences(as_sentence(premise), as_sentence(hypothesis)) for premise, hypothesis in pairs]
    return [(_LABELS[verdict.relation], verdict.p_contradiction) for verdict in verdicts]


def as_sentence(text: str) -> SentenceClaims:
    """A bare text with everything the readers find in it, as one thing to be judged."""
    row = {"article_id": stable_id(text), "text": text, "language": "en"}
    # With the tagger, as articles are read: 19 ms of CPU a text instead of 4.
    reading = read_article(row, tags_of([row])[0])
    sentences = []
    for sentence in reading.sentences:
        of_sentence = [number for number, claim in enumerate(reading.claims) if claim.sentence_no == sentence.sentence_no]
        sentences.append(
            SentenceClaims(
                text=text[sentence.start : sentence.end],
                char_start=sentence.start,
                claims=tuple(_view(reading, number) for number in of_sentence),
                quantities=_distinct(_quantity(q) for number in of_sentence for q in reading.quantities[number]),
                times=_distinct(_moment(t) for number in of_sentence for t in reading.times[number]),
                names=tuple(m.surface for m in reading.mentions if m.sentence_no == sentence.sentence_no),
                sentence_no=sentence.sentence_no,
            )
        )
    return quoted(sentences, text, 0, len(text))


def _view(reading: Reading, number: int) -> ClaimView:
    claim = reading.claims[number]
    last = claim.hops[-1].actor if claim.hops else None
    return ClaimView(
        claim_id=claim_id(reading.article_id, claim),
        char_start=claim.start,
        char_end=claim.end,
        polarity=claim.polarity,
        modality=claim.modality,
        hops=tuple((hop.actor.antecedent or hop.actor.text, hop.cue_kind) for hop in claim.hops),
        hop_count=len(claim.hops),
        asserted_by=(last.antecedent or last.text) if last else None,
        is_anonymous=bool(last and last.is_anonymous),
    )


def _quantity(quantity: Any) -> dict[str, Any]:
    names = ("dimension", "lower", "upper", "unit", "approximation", "counted")
    return _span(quantity) | {name: getattr(quantity, name) for name in names}


def _moment(moment: Any) -> dict[str, Any]:
    return _span(moment) | {name: getattr(moment, name) for name in ("start_at", "end_at", "precision")}


def _span(record: Any) -> dict[str, Any]:
    return {"char_start": record.start, "char_end": record.end}


def _distinct(rows: Any) -> tuple[dict[str, Any], ...]:
    """Each span once: nested claims share their values."""
    return tuple({(row["char_start"], row["char_end"]): row for row in rows}.values())


def _figures(part: pl.DataFrame, there: int) -> dict[str, float]:
    truth, judged = part["label"].to_list(), part["judged"].to_list()
    labels = sorted(set(truth))
    is_contradiction = [label == "contradiction" for label in truth]
    figures = {
        "pairs": float(len(truth)),
        "pairs_there": float(there),
        "accuracy": float(accuracy_score(truth, judged)),
        "macro_f1": float(f1_score(truth, judged, labels=labels, average="macro", zero_division=0)),
    }
    if any(is_contradiction):
        figures["contradiction_f1"] = float(
            f1_score(is_contradiction, [label == "contradiction" for label in judged], zero_division=0)
        )
        precision, recall, _ = precision_recall_curve(is_contradiction, part["p"].to_list())
        figures["contradiction_precision_at_recall_50"] = float(
            max(p for p, r in zip(precision, recall, strict=True) if r >= 0.5)
        )
    return figures
