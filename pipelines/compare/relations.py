"""Relations: every pair of claims compared, story by story, and how the two stand to each other.

:mod:`candidates` proposes which sentences of two articles to compare, :mod:`verdicts` decides; here the verdicts become
rows. What counts as what is defined after de Marneffe, Rafferty and Manning (ACL 2008): two statements about the same
event contradict each other when it is extremely unlikely that both are true.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl

from pipelines.compare.candidates import find_candidates, find_near
from pipelines.compare.entailment import Entailed, Judge
from pipelines.compare.readings import ClaimView, SentenceClaims, quoted, sentences_of
from pipelines.compare.signals import as_json
from pipelines.compare.similarity import Weights
from pipelines.compare.verdicts import ORDER, Verdict, judge_rules, judge_sentences, judge_slots
from pipelines.tables import CLAIM_RELATIONS

__all__ = ["ClaimView", "SentenceClaims", "Verdict", "compare_claims", "judge_pairs", "judge_sentences", "quoted", "sentences_of"]

#: Captions, credits and the footers of embedded posts: their dates and names are of the picture or the post.
_CAPTION: Final = re.compile(
    r"(?i)file photo|getty images|\(@\w+\)|pic\.twitter|reuters/|photo (?:by|credit)|image (?:copyright|caption)|media caption"
)


Embed = Callable[[Sequence[str]], np.ndarray]
#: Pairs of two articles that are looked at by their embeddings, and of those the encoder is asked about. Of the 125 gold
#: contradictions of the dev set the first step of the search proposes 81, and 47 of them are among those asked about.
_MOST_NEAR, _MOST_JUDGED = 120, 40
#: Words in a sentence that is looked for by its embedding.
_FEWEST_WORDS, _MOST_WORDS = 5, 70


def compare_claims(  # noqa: PLR0917
    claims: pl.DataFrame, attributions: pl.DataFrame, quantities: pl.DataFrame, times: pl.DataFrame, mentions: pl.DataFrame,
    judge: Judge | None = None, embed: Embed | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Compare the claims of every story across outlets.

    Compared are claims of two articles of different outlets in one story, both the current version and an original; and
    claims of two successive versions of one canonical URL, for values that changed.

    Args:
        claims: ``claim_id, article_id, story_id, outlet_id, canonical_url, version_no, is_current, origin_id,
            published_at, published_precision, sentence_no, char_start, char_end, text, sentence, polarity, modality,
            hop_count, asserted_by, is_anonymous`` and, for the judge, ``title``; the order of the rows plays no part.
        attributions: as ``raw.attributions``.
        quantities: as ``raw.quantities``.
        times: as ``raw.times``.
        mentions: as ``raw.mentions``.
        judge: the cross-encoder with the final model; without it the rules decide alone.
        embed: texts -> unit vectors, by which pairs that share no word are found too.

    Returns:
        ``analysis.claim_relations``, one row for every pair of claims compared. Within two articles, contradictions that
        rest on the same sentence or the same words share one ``slot``.
    """
    if claims.is_empty():
        return CLAIM_RELATIONS.empty()
    sentences = sentences_of(claims, attributions, quantities, times, mentions)
    about = _articles_of(claims)
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for story_articles in _stories(about):
        _compare_story(story_articles, sentences, rows, judge, embed)
    for earlier, later in _successive_versions(about):
        _compare_versions(earlier, later, sentences, rows)
    return CLAIM_RELATIONS.frame([rows[key] for key in sorted(rows)])


@dataclass(frozen=True, slots=True)
class _Article:
    article_id: str
    story_id: str | None
    outlet_id: str | None
    canonical_url: str | None
    version_no: int
    is_compared: bool
    published_at: datetime | None


def _articles_of(claims: pl.DataFrame) -> list[_Article]:
    columns = ["story_id", "outlet_id", "canonical_url", "version_no", "is_current", "origin_id", "published_at"]
    # Whatever the rows of an article disagree about, the smallest is taken, so that their order plays no part.
    frame = claims.group_by("article_id").agg(pl.col(columns).min()).sort("article_id")
    return [
        _Article(
            row["article_id"], row["story_id"], row["outlet_id"], row["canonical_url"], row["version_no"] or 1,
            bool(row["is_current"]) and row["origin_id"] in (None, row["article_id"]), row["published_at"],
        )
        for row in frame.iter_rows(named=True)
    ]  # fmt: skip


def _stories(articles: Iterable[_Article]) -> list[list[_Article]]:
    grouped: dict[str, list[_Article]] = defaultdict(list)
    for article in articles:
        if article.story_id is not None and article.is_compared:
            grouped[article.story_id].append(article)
    return [grouped[story_id] for story_id in sorted(grouped) if len(grouped[story_id]) > 1]


def _successive_versions(articles: Iterable[_Article]) -> Iterable[tuple[_Article, _Article]]:
    grouped: dict[str, list[_Article]] = defaultdict(list)
    for article in articles:
        if article.canonical_url:
            grouped[article.canonical_url].append(article)
    for url in sorted(grouped):
        versions = sorted(grouped[url], key=lambda article: (article.version_no, article.article_id))
        yield from pairwise(versions)


def _compare_story(
    articles: Sequence[_Article], sentences: Mapping[str, list[SentenceClaims]], rows: dict[tuple[str, str], dict[str, object]],
    judge: Judge | None, embed: Embed | None,
) -> None:  # fmt: skip
    listed, owners = [], []
    for number, article in enumerate(articles):
        kept = [one for one in sentences.get(article.article_id, ()) if not _CAPTION.search(one.text)]
        listed += kept
        owners += [number] * len(kept)
    weights = Weights.of(one.bag for one in listed)

    def may_meet(p: int, q: int) -> bool:
        one, other = articles[p].outlet_id, articles[q].outlet_id
        return one is None or other is None or one != other

    opinions: Sequence[Entailed | None]
    if judge is not None and embed is not None and judge.searches:
        pairs = _likeliest(listed, owners, list(find_near(_vectors(listed, embed), owners, may_meet)))
        opinions = judge_pairs(judge, [(listed[i], listed[j]) for i, j in pairs], both_ways=False)
    else:
        pairs = [(i, j) for i, j, _ in find_candidates([one.target for one in listed], owners, may_meet, weights)]
        opinions = [None] * len(pairs)
    judged = [
        judge_slots(listed[i], listed[j], weights, is_found=True, entailed=opinion)
        for (i, j), opinion in zip(pairs, opinions, strict=True)
    ]
    if judge is not None and not judge.searches:
        _hear(judge, [(listed[i], listed[j]) for i, j in pairs], judged)
    between: tuple[int, int] | None = None
    found: list[tuple[SentenceClaims, SentenceClaims, Verdict]] = []
    for (i, j), verdicts in zip(pairs, judged, strict=True):
        if between != (owners[i], owners[j]):
            _emit(found, rows)
            between, found = (owners[i], owners[j]), []
        found.extend((listed[i], listed[j], verdict) for verdict in verdicts)
    _emit(found, rows)


def _hear(judge: Judge, pairs: Sequence[tuple[SentenceClaims, SentenceClaims]], judged: list[list[Verdict]]) -> None:
    """Ask the cross-encoder about the pairs that the rules call contradictions; where it finds agreement, they are none."""
    called = [at for at, verdicts in enumerate(judged) if any(one.relation == "contradiction" for one in verdicts)]
    for at, opinion in zip(called, judge_pairs(judge, [pairs[at] for at in called]), strict=True):
        if opinion is not None:
            judged[at] = [
                replace(one, relation="compatible", kind=None, level=None, score=1.0 - opinion.share("contradiction"))
                if one.relation == "contradiction" and opinion.vetoes(one.kind)
                else one
                for one in judged[at]
            ]


def _likeliest(
    listed: Sequence[SentenceClaims], owners: Sequence[int], near: Sequence[tuple[int, int, float]]
) -> list[tuple[int, int]]:
    """Of the pairs of two articles those that the encoder is asked about: the nearest and likeliest by the rules."""
    between: dict[tuple[int, int], list[tuple[float, int, int]]] = defaultdict(list)
    for i, j, cosine in near:
        between[owners[i], owners[j]].append((cosine, i, j))
    kept = []
    for pairs in between.values():
        nearest = sorted(pairs, key=lambda pair: (-pair[0], pair[1:]))[:_MOST_NEAR]
        if len(nearest) > _MOST_JUDGED:
            rough = [(cosine + judge_rules(listed[i], listed[j]), i, j) for cosine, i, j in nearest]
            nearest = sorted(rough, key=lambda pair: (-pair[0], pair[1:]))[:_MOST_JUDGED]
        kept += sorted((i, j) for _, i, j in nearest)
    return kept


def _vectors(listed: Sequence[SentenceClaims], embed: Embed) -> np.ndarray:
    worth = [at for at, one in enumerate(listed) if one.claims and _FEWEST_WORDS <= len(one.text.split()) <= _MOST_WORDS]
    vectors = embed([listed[at].text for at in worth]) if worth else np.zeros((0, 1), np.float32)
    made = np.zeros((len(listed), vectors.shape[1]), np.float32)
    made[worth] = vectors
    return made


def judge_pairs(
    judge: Judge | None, pairs: Sequence[tuple[SentenceClaims, SentenceClaims]], *, both_ways: bool = True
) -> Sequence[Entailed] | Sequence[None]:
    """The cross-encoder's opinion of each pair, None for each where there is no cross-encoder."""
    if judge is None:
        return [None] * len(pairs)
    return judge.judge([((a.text, a.title), (b.text, b.title)) for a, b in pairs], both_ways=both_ways)


def _compare_versions(
    earlier: _Article,
    later: _Article,
    sentences: Mapping[str, list[SentenceClaims]],
    rows: dict[tuple[str, str], dict[str, object]],
) -> None:
    """Values that changed from one version of an article to the next: updates, whichever way they went."""
    olds, news = sentences.get(earlier.article_id, []), sentences.get(later.article_id, [])
    kept = {one.text for one in olds} & {one.text for one in news}
    olds, news = [one for one in olds if one.text not in kept], [one for one in news if one.text not in kept]
    listed = olds + news
    weights = Weights.of(one.bag for one in listed)
    owners = [0] * len(olds) + [1] * len(news)
    found: list[tuple[SentenceClaims, SentenceClaims, Verdict]] = []
    for i, j, _ in find_candidates([one.bag for one in listed], owners, lambda p, q: True, weights):
        for verdict in judge_slots(listed[i], listed[j], weights, is_found=True):
            if (verdict.value_a and verdict.kind in ("number", "date")) or verdict.relation == "update":
                found.append((listed[i], listed[j], replace(verdict, relation="update", kind=None, level=None)))
    _emit(found, rows)


def _emit(found: list[tuple[SentenceClaims, SentenceClaims, Verdict]], rows: dict[tuple[str, str], dict[str, object]]) -> None:
    """Write the verdicts between two articles as rows: a pair of claims once, one quarrel under one slot."""
    slots: list[tuple[str, SentenceClaims, SentenceClaims, frozenset[str]]] = []
    found.sort(
        key=lambda item: (ORDER[item[2].relation], -item[2].score, item[0].sentence_no, item[1].sentence_no, item[2].slot or "")
    )
    for a, b, verdict in found:
        if verdict.claim_a_id is None or verdict.claim_b_id is None or verdict.claim_a_id == verdict.claim_b_id:
            continue
        slot = verdict.slot
        if verdict.relation == "contradiction" and verdict.kind not in ("number", "date"):
            shared = a.target.words & b.target.words
            for known, first, second, words in slots:
                if first is a or second is b or len(shared & words) >= max(2, 0.5 * min(len(shared), len(words))):
                    slot = known
                    break
            else:
                slots.append((slot or "", a, b, shared))
        swap = _second_is_earlier(a, b, verdict)
        first_id, second_id = verdict.claim_a_id, verdict.claim_b_id
        value_a, value_b = verdict.value_a, verdict.value_b
        if swap:
            first_id, second_id, value_a, value_b = second_id, first_id, value_b, value_a
        if (first_id, second_id) in rows or (second_id, first_id) in rows:
            continue
        rows[first_id, second_id] = {
            "claim_a_id": first_id, "claim_b_id": second_id, "relation": verdict.relation, "kind": verdict.kind,
            "level": verdict.level, "score": round(min(1.0, max(0.0, verdict.score)), 4), "detector": verdict.detector,
            "slot": slot, "value_a": value_a, "value_b": value_b, "similarity": round(min(1.0, max(0.0, verdict.similarity)), 4),
            "signals": as_json(verdict.signals) if verdict.relation == "contradiction" else None,
            "p_contradiction": round(min(1.0, max(0.0, verdict.p_contradiction)), 4),
        }  # fmt: skip


def _second_is_earlier(a: SentenceClaims, b: SentenceClaims, verdict: Verdict) -> bool:
    if a.published_at is not None and b.published_at is not None and a.published_at != b.published_at:
        return b.published_at < a.published_at
    return str(verdict.claim_b_id) < str(verdict.claim_a_id)
