"""Copies: pairwise precision, recall and F1 of "the same report", through the product's own path.

Two articles are said to be copies where :func:`pipelines.clean.copies.find_origins` gives them one origin (or origins that
are versions of one address), with all articles of the corpus clustered and not only those of the gold list. The measure is
that of entity resolution and of the NEWS-COPY study (Silcock et al., ICLR 2023): over labelled pairs.

A corpus is a Parquet file of articles that stays where it is; the project ships ids and judgements alone
(``data/gold/copies``, whose README says how they were made). Beside the natural pairs there are pairs that this module makes
of the corpus's articles by recipe, kind by kind of wire edit: of natural copies the corpus holds few.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias

import polars as pl

from pipelines.clean.copies import find_origins
from pipelines.settings import PROJECT_ROOT
from pipelines.tables import UTC_TIMESTAMP

#: The gold lists: ``<stem>_pairs.csv`` and ``<stem>_made.csv`` belong to the corpus whose file name begins with the stem.
GOLD: Final = PROJECT_ROOT / "data" / "gold" / "copies"
SAMPLE: Final = PROJECT_ROOT / "data" / "sample" / "gold" / "articles.jsonl.gz"
_SPLITS: Final = ("dev", "test")
_SCHEMA: Final = pl.Schema({
    "article_id": pl.String(), "canonical_url": pl.String(), "published_at": UTC_TIMESTAMP, "text": pl.String(),
    "outlet_credit": pl.String(), "byline": pl.String(),
})  # fmt: skip

#: (one article, the other, are they copies, kind, split)
Pair: TypeAlias = tuple[str, str, bool, str, str]
#: (paragraphs of the article, paragraphs of another, chance) -> paragraphs
_Recipe: TypeAlias = Callable[[Sequence[str], Sequence[str], random.Random], Sequence[str]]


def evaluate_copies(path: Path) -> dict[str, float]:
    """Figures on a corpus with a gold list (a Parquet file, or a folder that holds it) and on the sample's wire stories.

    Gives ``natural.f1`` (pairs as they stand in the corpus), ``made.f1`` (pairs made by recipe), ``all.f1`` (both) and
    ``sample.f1``, with precision, recall and the numbers of pairs; ``natural_test`` and ``made_test`` on the half that
    nothing was tuned on; ``kind.<kind>``: the share judged rightly, by kind of pair; ``corpus.articles``,
    ``corpus.same_report`` (articles that are copies or versions of another), ``corpus.ms_per_article``, and
    ``corpus.unlisted_pairs``: pairs that the product finds and nobody judged.

    A list beside the corpus (``<name>_pairs.csv``: ``article_a, article_b, label, relation, split``) goes before the project's.

    Raises:
        ValueError: there is no corpus that a gold list belongs to, or it lacks articles of the list.
    """
    figures = _on_sample(SAMPLE)
    for file, listed in _corpora(path):
        figures |= _on_corpus(file, listed, listed.with_name(listed.name.replace("_pairs.csv", "_made.csv")))
    return figures


def _corpora(path: Path) -> list[tuple[Path, Path]]:
    """Each corpus with its list of pairs."""
    folder, files = (path.parent, [path]) if path.is_file() else (path, sorted(path.glob("*.parquet")))
    lists = [*sorted(folder.glob("*_pairs.csv")), *sorted(GOLD.glob("*_pairs.csv"))]
    found = [
        (file, next((listed for listed in lists if file.name.startswith(listed.name.removesuffix("_pairs.csv"))), None))
        for file in files
    ]
    listed_files = [(file, listed) for file, listed in found if listed is not None]
    if not listed_files:
        names = ", ".join(listed.name.removesuffix("_pairs.csv") for listed in lists)
        raise ValueError(f"{path} holds no corpus that there is a gold list for; there are lists for {names} (*.parquet)")
    return listed_files


def _on_corpus(file: Path, natural_file: Path, made_file: Path) -> dict[str, float]:
    corpus = pl.read_parquet(file)
    articles = corpus.select(
        "article_id",
        pl.col("url").alias("canonical_url"),
        pl.col("published_on").cast(UTC_TIMESTAMP).alias("published_at"),
        (pl.col("title") + "\n\n" + pl.col("text")).alias("text"),
        pl.col("outlet").alias("outlet_credit"),
        pl.col("authors").alias("byline"),
    ).cast(_SCHEMA)
    natural_rows, recipes = _rows(natural_file), _rows(made_file)
    wanted = {row[side] for row in natural_rows for side in ("article_a", "article_b")}
    wanted |= {row[side] for row in recipes for side in ("article", "other") if row[side]}
    by_id = {row["article_id"]: row for row in corpus.filter(pl.col("article_id").is_in(list(wanted))).iter_rows(named=True)}
    if missing := wanted - by_id.keys():
        raise ValueError(f"{file} lacks {len(missing):,} articles of {natural_file.parent}, {min(missing)} among them")
    started = time.perf_counter()
    alone = _reports(articles)
    seconds = time.perf_counter() - started
    natural = [
        (row["article_a"], row["article_b"], row["label"] == "copy", row["relation"], row["split"])
        for row in natural_rows
        if row["label"] in ("copy", "other")
    ]
    # Made articles join the corpus in a clustering of their own: they must not lend natural pairs an origin.
    texts, made = make_pairs(recipes, by_id)
    joined = _reports(pl.concat([articles, texts]))
    # A merger of two reports is right with either of them.
    made += [
        (m["made_id"], next((s for s in (m["article"], m["other"]) if joined[s] == joined[m["made_id"]]), m["article"]), True,
         "made_merged", m["split"])
        for m in recipes if m["kind"] == "merged"
    ]  # fmt: skip
    figures = _scores("natural", natural, alone) | _scores("made", made, joined)
    figures["all.f1"] = _f1(Counter(_outcomes(natural, alone)) + Counter(_outcomes(made, joined)))
    kinds: dict[str, list[bool]] = {}
    for pairs, reports in ((natural, alone), (made, joined)):
        for a, b, are_copies, kind, _ in pairs:
            kinds.setdefault(kind, []).append((reports[a] == reports[b]) == are_copies)
    judged = {frozenset((row["article_a"], row["article_b"])) for row in natural_rows}
    figures |= {f"kind.{kind}": sum(right) / len(right) for kind, right in sorted(kinds.items())}
    return figures | {
        "corpus.articles": articles.height,
        "corpus.same_report": articles.height - len(set(alone.values())),
        "corpus.ms_per_article": 1_000 * seconds / articles.height,
        "corpus.unlisted_pairs": sum(pair not in judged for pair in _same(alone)),
    }


def _on_sample(file: Path) -> dict[str, float]:
    """Figures on all pairs of one event: reprints and their original (or each other) are copies, versions are not counted."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        records: list[dict[str, Any]] = [json.loads(line) for line in stream if line.strip()]
    parent = {record["article_id"]: record["copy_of"] or record["version_of"] for record in records}

    def root(article_id: str) -> str:
        while parent[article_id]:
            article_id = parent[article_id]
        return article_id

    rows = []
    for record in records:
        title, _, body = record["text"].partition("\n")
        at = datetime.combine(date.fromisoformat(record["published_on"]), datetime.min.time(), UTC)
        text = f"{title}\n\n{body}"
        rows.append((record["article_id"], record["url"], at, text, record["outlet"], None))
    reports = _reports(pl.DataFrame(rows, schema=_SCHEMA, orient="row"))
    pairs = [
        (a["article_id"], b["article_id"], root(a["article_id"]) == root(b["article_id"]), "sample", "test")
        for n, a in enumerate(records)
        for b in records[n + 1 :]
        if a["event"] == b["event"] and a["url"] != b["url"]
    ]
    return {name: value for name, value in _scores("sample", pairs, reports).items() if "_test" not in name}


def _reports(articles: pl.DataFrame) -> dict[str, str]:
    """Article id -> the report that it is: the address (or the id) of its origin."""
    origins = find_origins(articles)
    address = dict(zip(articles["article_id"], articles["canonical_url"], strict=True))
    return {article: address[origin] or origin for article, origin in origins.iter_rows()}


def _same(reports: Mapping[str, str]) -> Iterable[frozenset[str]]:
    groups: dict[str, list[str]] = {}
    for article, report in reports.items():
        groups.setdefault(report, []).append(article)
    return (frozenset((a, b)) for group in groups.values() for n, a in enumerate(group) for b in group[n + 1 :])


def _scores(name: str, pairs: Sequence[Pair], reports: Mapping[str, str]) -> dict[str, float]:
    """Precision, recall, F1 and the numbers of pairs, over all and over the test half."""
    figures: dict[str, float] = {}
    for label, splits in ((name, _SPLITS), (f"{name}_test", ("test",))):
        counts = Counter(_outcomes([pair for pair in pairs if pair[4] in splits], reports))
        right, missed, false = counts[True, True], counts[True, False], counts[False, True]
        figures |= {
            f"{label}.f1": _f1(counts),
            f"{label}.precision": right / max(1, right + false),
            f"{label}.recall": right / max(1, right + missed),
            f"{label}.copies": right + missed,
            f"{label}.others": false + counts[False, False],
        }
    return figures


def _outcomes(pairs: Iterable[Pair], reports: Mapping[str, str]) -> list[tuple[bool, bool]]:
    """Of each pair: are they copies, and does the product say so."""
    return [(are_copies, reports[a] == reports[b]) for a, b, are_copies, *_ in pairs]


def _f1(counts: Mapping[tuple[bool, bool], int]) -> float:
    right = counts[True, True]
    return 2 * right / max(1, 2 * right + counts[True, False] + counts[False, True])


def _rows(file: Path) -> list[dict[str, str]]:
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def make_pairs(recipes: Sequence[Mapping[str, str]], by_id: Mapping[str, Mapping[str, Any]]) -> tuple[pl.DataFrame, list[Pair]]:
    """Articles made by recipe, and what each is to the articles that it was made of.

    Args:
        recipes: ``made_id, kind, article, other, split``; ``kind`` one of :data:`RECIPES`.
        by_id: the corpus's articles: ``title, text, published_on``.
    """
    rows: list[tuple[object, ...]] = []
    pairs: list[Pair] = []
    for recipe in recipes:
        made_id, kind, article_id, other_id = (recipe[name] for name in ("made_id", "kind", "article", "other"))
        article, other = by_id[article_id], by_id[other_id]
        draw = random.Random(made_id)
        make, of_article, of_other = RECIPES[kind]
        paragraphs = make(_paragraphs(article["text"]), _paragraphs(other["text"]), draw)
        day = datetime.combine(article["published_on"], datetime.min.time(), UTC) + timedelta(days=draw.randrange(2), hours=5)
        text = f"{article['title']}: {other['title']}\n\n" + "\n\n".join(paragraphs)
        rows.append((made_id, None, day, text, f"Paper {made_id}", None))
        for other_side, are_copies in ((article_id, of_article), (other_id, of_other)):
            if are_copies is not None:
                pairs.append((made_id, other_side, are_copies, f"made_{kind}", recipe["split"]))
        if kind == "merged":
            pairs.append((article_id, other_id, False, "made_merged_sources", recipe["split"]))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row"), pairs


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _cut(share: float) -> _Recipe:
    return lambda own, _, draw: own[: max(3, round(len(own) * share))]


def _drop(own: Sequence[str], share: float, draw: random.Random) -> list[str]:
    return [paragraph for n, paragraph in enumerate(own) if n == 0 or draw.random() >= share]


def _reorder(own: Sequence[str], _: Sequence[str], draw: random.Random) -> list[str]:
    rest = list(own[1:])
    draw.shuffle(rest)
    return [own[0], *rest]


def _insert(own: Sequence[str], other: Sequence[str], draw: random.Random) -> list[str]:
    """A third of the result is the other's."""
    made = list(own)
    for paragraph in other[1 : 1 + len(own) // 2]:
        made.insert(draw.randrange(1, len(made) + 1), paragraph)
    return made


def _subedit(own: Sequence[str], share: float, draw: random.Random) -> list[str]:
    """Of the words, ``share`` are dropped or replaced by others of the article."""
    words = [word for paragraph in own for word in paragraph.split()]
    made = []
    for paragraph in own:
        kept = []
        for word in paragraph.split():
            if draw.random() >= share:
                kept.append(word)
            elif draw.random() < 0.5:
                kept.append(draw.choice(words))
        made.append(" ".join(kept))
    return made


def _new_lead(own: Sequence[str], other: Sequence[str], draw: random.Random) -> list[str]:
    return [*other[:2], *_subedit(_drop(own[2:], 1 / 3, draw), 0.08, draw)]


def _merge(own: Sequence[str], other: Sequence[str], draw: random.Random) -> list[str]:
    return [*own[: len(own) // 2], *other[: len(other) // 2]]


def _with_quotes(own: Sequence[str], other: Sequence[str], draw: random.Random) -> list[str]:
    """The other's report with three passages that the article quotes."""
    quoted = [paragraph for paragraph in own if sum(paragraph.count(mark) for mark in '"“”') >= 2][:3]
    return [*other[:3], *quoted, *other[3:]]


#: kind -> how it is made of (article, other); whether the result copies the article; whether the other (None: not asked).
RECIPES: Final[Mapping[str, tuple[_Recipe, bool | None, bool | None]]] = {
    "headline": (lambda own, _, __: [*own], True, None),
    "cut_60": (_cut(0.6), True, False),
    "cut_30": (_cut(0.3), True, False),
    "dropped_25": (lambda own, _, draw: _drop(own, 0.25, draw), True, False),
    "reordered": (_reorder, True, False),
    "inserted_33": (_insert, True, None),
    "edited_3": (lambda own, _, draw: _subedit(own, 0.03, draw), True, False),
    "edited_8": (lambda own, _, draw: _subedit(own, 0.08, draw), True, False),
    "edited_15": (lambda own, _, draw: _subedit(own, 0.15, draw), True, False),
    "brief": (lambda own, _, draw: _subedit(own[:5], 0.05, draw), True, False),
    "new_lead": (_new_lead, True, False),
    "merged": (_merge, None, None),
    "foreign_quotes": (_with_quotes, False, True),
    "foreign_background": (lambda own, other, _: [*other, *own[-2:]], False, True),
}
