"""Relations: every pair of claims compared, story by story, and how the two stand to each other.

:mod:`candidates` proposes which sentences of two articles to compare, :mod:`verdicts` decides; here the verdicts become
rows. What counts as what is defined after de Marneffe, Rafferty and Manning (ACL 2008): two statements about the same
event contradict each other when it is extremely unlikely that both are true.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final

import polars as pl

from pipelines.compare.candidates import find_candidates
from pipelines.compare.entailment import Entailed, Judge, odds_of
from pipelines.compare.readings import ClaimView, SentenceClaims, quoted, sentences_of
from pipelines.compare.search import among_others, propose, same_slot
from pipelines.compare.signals import as_json
from pipelines.compare.similarity import Weights
from pipelines.compare.verdicts import ORDER, Meeting, Verdict, judge_sentences, judge_slots, meeting_of
from pipelines.tables import CLAIM_RELATIONS

__all__ = ["ClaimView", "SentenceClaims", "Verdict", "compare_claims", "judge_pairs", "judge_sentences", "quoted", "sentences_of"]

#: Pairs of sentences of which is remembered what they show of each other: more than two articles have.
_REMEMBERED: Final = 2_048
#: Captions, credits and the footers of embedded posts: their dates and names are of the picture or the post.
_CAPTION: Final = re.compile(
    r"(?i)file photo|getty images|\(@\w+\)|pic\.twitter|reuters/|photo (?:by|credit)|image (?:copyright|caption)|media caption"
)


def compare_claims(  # noqa: PLR0917
    claims: pl.DataFrame, attributions: pl.DataFrame, quantities: pl.DataFrame, times: pl.DataFrame, mentions: pl.DataFrame,
    judge: Judge | None = None,
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
        _compare_story(story_articles, sentences, rows, judge)
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
    judge: Judge | None,
) -> None:  # fmt: skip
    listed, owners = listed_of([sentences.get(article.article_id, ()) for article in articles])
    weights = Weights.of(one.bag for one in listed)

    def may_meet(p: int, q: int) -> bool:
        one, other = articles[p].outlet_id, articles[q].outlet_id
        return one is None or other is None or one != other

    # Two articles are done with before the next two, so that what their sentences show of each other need not be kept for long.
    @lru_cache(maxsize=_REMEMBERED)
    def meeting(i: int, j: int) -> Meeting:
        return meeting_of(listed[i], listed[j], weights)

    candidates: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for i, j, _ in find_candidates([one.target for one in listed], owners, may_meet, weights):
        candidates[owners[i], owners[j]].append((i, j))

    def emit(pairs: Iterable[tuple[int, int]], opinions: Mapping[tuple[int, int], Entailed]) -> None:
        judged = {
            (i, j): judge_slots(
                listed[i], listed[j], weights, is_found=True, entailed=opinions.get((i, j)), meeting=meeting(i, j)
            )
            for i, j in sorted({*pairs, *opinions})
        }
        if judge is not None and judge.searches:
            judged |= {pair: _without_quarrel(verdicts) for pair, verdicts in judged.items() if pair not in opinions}
        elif judge is not None:
            _hear(judge, listed, judged)
        _emit([(listed[i], listed[j], verdict) for (i, j), verdicts in judged.items() for verdict in verdicts], rows)

    if judge is not None and judge.searches:
        for opinions in ask(judge, listed, owners, may_meet, weights, meeting):
            i, j = next(iter(opinions))
            emit(candidates.pop((owners[i], owners[j]), ()), opinions)
    for pairs in candidates.values():
        emit(pairs, {})


def listed_of(articles: Sequence[Sequence[SentenceClaims]]) -> tuple[list[SentenceClaims], list[int]]:
    """The sentences of a story's articles that are compared, article by article, and the number of the article of each."""
    listed: list[SentenceClaims] = []
    owners: list[int] = []
    for number, sentences in enumerate(articles):
        kept = [one for one in sentences if not _CAPTION.search(one.text)]
        listed += kept
        owners += [number] * len(kept)
    return listed, owners


def ask(  # noqa: PLR0917
    judge: Judge, listed: Sequence[SentenceClaims], owners: Sequence[int], may_meet: Callable[[int, int], bool], weights: Weights,
    meeting: Callable[[int, int], Meeting] | None = None,
) -> Iterator[dict[tuple[int, int], Entailed]]:  # fmt: skip
    """Search a story: for every two articles the pairs of sentences that the encoder was asked about, with all that is seen.

    Arguments as for :func:`~pipelines.compare.search.propose`.
    """
    for proposals in propose(listed, owners, may_meet, weights, judge.decision["asked"], meeting=meeting):
        opinions = judge.judge(
            [((a.text, a.title), (b.text, b.title)) for a, b in ((listed[p.i], listed[p.j]) for p in proposals)]
        )
        given = [
            odds_of({**proposal.seen, **opinion.features()}, judge.decision["given"]["weights"])
            for proposal, opinion in zip(proposals, opinions, strict=True)
        ]
        beside = among_others(proposals, [opinion.likely for opinion in opinions], given)
        yield {
            (proposal.i, proposal.j): replace(opinion, seen={**proposal.seen, **others})
            for proposal, opinion, others in zip(proposals, opinions, beside, strict=True)
        }


def _without_quarrel(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts of the rules on a pair that was not worth asking about: whatever they take for a quarrel is none."""
    return [
        replace(one, relation="compatible", kind=None, level=None, score=0.5) if one.relation == "contradiction" else one
        for one in verdicts
    ]


def _hear(judge: Judge, listed: Sequence[SentenceClaims], judged: dict[tuple[int, int], list[Verdict]]) -> None:
    """Ask the cross-encoder about the pairs that the rules call contradictions; where it finds agreement, they are none."""
    called = [pair for pair, verdicts in judged.items() if any(one.relation == "contradiction" for one in verdicts)]
    for pair, opinion in zip(called, judge_pairs(judge, [(listed[i], listed[j]) for i, j in called]), strict=True):
        if opinion is not None:
            judged[pair] = [
                replace(one, relation="compatible", kind=None, level=None, score=1.0 - opinion.share("contradiction"))
                if one.relation == "contradiction" and opinion.vetoes(one.kind)
                else one
                for one in judged[pair]
            ]


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
    slots: list[tuple[str, tuple[int, int], frozenset[str]]] = []
    found.sort(
        key=lambda item: (ORDER[item[2].relation], -item[2].score, item[0].sentence_no, item[1].sentence_no, item[2].slot or "")
    )
    for a, b, verdict in found:
        if verdict.claim_a_id is None or verdict.claim_b_id is None or verdict.claim_a_id == verdict.claim_b_id:
            continue
        slot = verdict.slot
        if verdict.relation == "contradiction" and verdict.kind not in ("number", "date"):
            shared, pair = a.target.words & b.target.words, (a.char_start, b.char_start)
            for known, other, words in slots:
                if same_slot(pair, shared, other, words):
                    slot = known
                    break
            else:
                slots.append((slot or "", pair, shared))
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
