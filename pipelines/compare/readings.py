"""What was read from a sentence, prepared for comparing: claims, values, days, names, words and stance.

Everything that is costly to reckon is reckoned once a sentence, however many others it is compared with.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import polars as pl

from pipelines.compare.denials import Stance, stance
from pipelines.compare.similarity import Bag, bag, concepts, name_key
from pipelines.compare.values import Moment, Value, class_of, surroundings

#: A denial of so few words of its own ("He denied the accusations.") is about the sentence before it.
_FEW_WORDS: Final = 4
#: Values of a sentence that are compared; one with more is a table.
_MOST_VALUES: Final = 12


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One claim with who vouches for it: ``hops`` are ``(actor, cue_kind)``, the one that the outlet cites first."""

    claim_id: str
    char_start: int
    char_end: int
    polarity: str = "affirmed"
    modality: str = "asserted"
    hops: tuple[tuple[str, str], ...] = ()
    hop_count: int = 0
    asserted_by: str | None = None
    is_anonymous: bool = False

    @property
    def denies(self) -> bool:
        """Whether whoever vouches for the claim contests what it states."""
        return self.modality == "denied" or any(kind in ("denies", "doubts") for _, kind in self.hops)


@dataclass(frozen=True)
class SentenceClaims:
    """A sentence with everything read from it; offsets are those of the article, ``char_start`` that of the sentence.

    ``quantities`` and ``times`` are dicts with the columns of ``raw.quantities`` and ``raw.times`` (``claim_id`` is not
    needed), ``names`` the surfaces of the mentions in it and ``name_kinds`` what each names, ``before`` the sentence before
    it, ``title`` that of the article.
    """

    text: str
    char_start: int = 0
    claims: tuple[ClaimView, ...] = ()
    quantities: tuple[Mapping[str, Any], ...] = ()
    times: tuple[Mapping[str, Any], ...] = ()
    names: tuple[str, ...] = ()
    name_kinds: tuple[str, ...] = ()
    before: str = ""
    article_id: str = ""
    sentence_no: int = 0
    published_at: datetime | None = None
    published_precision: str = "unknown"
    title: str = ""
    values_elsewhere: tuple[tuple[str, float | None, float | None], ...] = field(default=(), repr=False)

    @cached_property
    def bag(self) -> Bag:
        """What the sentence is about."""
        return bag(self.text, self.names)

    @cached_property
    def name_concepts(self) -> frozenset[str]:
        """What all words of its names count as, first names too."""
        return concepts(" ".join(self.names))

    @cached_property
    def target(self) -> Bag:
        """What a denial in the sentence is about: the sentence before it too, where it has few words of its own."""
        if self.before and self.stance.denies and len(self.bag.words) <= _FEW_WORDS:
            earlier = bag(self.before)
            return Bag(self.bag.words | earlier.words, self.bag.names | earlier.names)
        return self.bag

    @cached_property
    def word_count(self) -> int:
        """Words between spaces."""
        return len(self.text.split())

    @property
    def is_headline(self) -> bool:
        """Whether the sentence is the headline of its article."""
        return bool(self.title) and self.text.strip() == self.title.strip()

    @cached_property
    def is_denied(self) -> bool:
        """Whether whoever vouches for one of its claims contests it."""
        return any(claim.denies for claim in self.claims)

    @cached_property
    def cites(self) -> bool:
        """Whether one of its claims is somebody else's."""
        return any(claim.hop_count for claim in self.claims)

    @cached_property
    def speakers(self) -> frozenset[str]:
        """Whom it cites by name, without case."""
        named = {(claim.asserted_by or "").casefold() for claim in self.claims if claim.hop_count and not claim.is_anonymous}
        return frozenset(named - {""})

    @cached_property
    def modalities(self) -> frozenset[str]:
        """Those of its claims."""
        return frozenset(claim.modality for claim in self.claims)

    @cached_property
    def polarities(self) -> frozenset[str]:
        """Those of its claims."""
        return frozenset(claim.polarity for claim in self.claims)

    @cached_property
    def hop_count(self) -> int:
        """That of the claim that has most."""
        return max((claim.hop_count for claim in self.claims), default=0)

    @cached_property
    def profile(self) -> Mapping[str, float]:
        """What is seen of the sentence alone when pairs are ranked."""
        stance = self.stance
        return {
            "words": math.log1p(self.word_count),
            "quotes": float(any(mark in self.text for mark in '“”"')),
            "cites": float(self.cites),
            "denies": float(stance.denies),
            "negates": float(stance.negations > 0),
            "argues": float(stance.argues),
            "names": math.log1p(len(self.bag.names)),
            "values": math.log1p(len(self.values)),
            "moments": math.log1p(len(self.moments)),
            "accuses": float(stance.accuses),
            "alleges": float(bool(stance.alleges)),
            "supposes": float(stance.is_hypothetical),
            "expects": float(stance.is_expecting),
        }

    @cached_property
    def claim_words(self) -> tuple[frozenset[str], ...]:
        """What each claim is about, in the order of ``claims``."""
        at = self.char_start
        return tuple(bag(self.text[max(0, claim.char_start - at) : max(0, claim.char_end - at)]).words for claim in self.claims)

    @cached_property
    def stance(self) -> Stance:
        """How it holds what it is about."""
        return stance(self.text)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The quantities as values with the words around them."""
        found = []
        for row in self.quantities[:_MOST_VALUES]:
            start, end = int(row["char_start"]) - self.char_start, int(row["char_end"]) - self.char_start
            near, turns, _ = surroundings(self.text, start, end)
            counted, group = class_of(row.get("counted"))
            found.append(
                Value(
                    dimension=str(row["dimension"]), lower=row.get("lower"), upper=row.get("upper"), unit=row.get("unit"),
                    approximation=str(row.get("approximation") or "exact"), counted=counted, group=group,
                    surface=self.text[max(0, start) : max(0, end)], start=start + self.char_start, end=end + self.char_start,
                    near=near, turns=turns,
                )
            )  # fmt: skip
        return tuple(found)

    def value_at(self, span: tuple[int, int]) -> Value | None:
        """The value that stands at a span of the article; None where there is none."""
        return next((value for value in self.values if (value.start, value.end) == span), None)

    def named(self, *kinds: str) -> list[str]:
        """The surfaces of the mentions of some kinds."""
        return [name for name, kind in zip(self.names, self.name_kinds, strict=False) if kind in kinds]

    @cached_property
    def person_keys(self) -> frozenset[str]:
        """What the people whom it names are called last."""
        return frozenset(key for name in self.named("person") if (key := name_key(name)))

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """The dates and periods with the words around them."""
        found = []
        for row in self.times[:_MOST_VALUES]:
            start, end = int(row["char_start"]) - self.char_start, int(row["char_end"]) - self.char_start
            near, _, saying = surroundings(self.text, start, end)
            found.append(
                Moment(
                    row["start_at"], row["end_at"], str(row["precision"]), self.text[max(0, start) : max(0, end)],
                    start + self.char_start, end + self.char_start, near, saying,
                )
            )  # fmt: skip
        return tuple(found)


def sentences_of(
    claims: pl.DataFrame, attributions: pl.DataFrame, quantities: pl.DataFrame, times: pl.DataFrame, mentions: pl.DataFrame
) -> dict[str, list[SentenceClaims]]:
    """Article id -> its sentences that hold claims, in order, with everything read from them.

    Arguments as for :func:`pipelines.compare.relations.compare_claims`.
    """
    hops: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in attributions.sort("claim_id", "hop_no").iter_rows(named=True):
        hops[row["claim_id"]].append((row.get("antecedent") or row["actor"], row["cue_kind"]))
    named: dict[tuple[str, int], list[tuple[str, str]]] = defaultdict(list)
    for article_id, sentence_no, surface, kind in (
        mentions.sort("article_id", "char_start").select("article_id", "sentence_no", "surface", "kind").iter_rows()
    ):
        named[article_id, sentence_no].append((surface, kind))
    values, days = _by_claim(quantities), _by_claim(times)
    grouped: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in (
        claims.unique("claim_id", keep="any").sort("article_id", "sentence_no", "char_start", "claim_id").iter_rows(named=True)
    ):
        grouped[row["article_id"], row["sentence_no"]].append(row)
    found: dict[str, list[SentenceClaims]] = defaultdict(list)
    for (article_id, sentence_no), rows in grouped.items():
        first = rows[0]
        text, start = _sentence_and_start(rows)
        views = tuple(
            ClaimView(
                row["claim_id"], row["char_start"], row["char_end"], row["polarity"], row["modality"],
                tuple(hops.get(row["claim_id"], ())), row["hop_count"] or 0, row["asserted_by"], bool(row["is_anonymous"]),
            )
            for row in rows
        )  # fmt: skip
        earlier = found[article_id][-1] if found[article_id] else None
        found[article_id].append(
            SentenceClaims(
                text=text,
                char_start=start,
                claims=views,
                quantities=_distinct(values[row["claim_id"]] for row in rows),
                times=_distinct(days[row["claim_id"]] for row in rows),
                names=tuple(surface for surface, _ in named[article_id, sentence_no]),
                name_kinds=tuple(kind for _, kind in named[article_id, sentence_no]),
                before=earlier.text if earlier and earlier.sentence_no == sentence_no - 1 else "",
                article_id=article_id,
                sentence_no=sentence_no,
                published_at=first["published_at"],
                published_precision=first["published_precision"] or "unknown",
                title=first.get("title") or "",
            )
        )
    return {article_id: _with_values_elsewhere(listed) for article_id, listed in found.items()}


def _with_values_elsewhere(sentences: list[SentenceClaims]) -> list[SentenceClaims]:
    """Give each sentence the values that other sentences of its article state."""
    stated = [[(f"{v.dimension}|{v.counted}", v.lower, v.upper) for v in one.values if v.counted] for one in sentences]
    if not any(stated):
        return sentences
    return [
        replace(one, values_elsewhere=tuple(value for other, values in enumerate(stated) if other != at for value in values))
        for at, one in enumerate(sentences)
    ]


def _by_claim(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in frame.sort("claim_id", "char_start").iter_rows(named=True):
        grouped[row["claim_id"]].append(row)
    return grouped


def _distinct(lists: Iterable[list[dict[str, Any]]]) -> tuple[dict[str, Any], ...]:
    """The rows of several claims of a sentence, each span once: nested claims share their values."""
    return tuple({(row["char_start"], row["char_end"]): row for rows in lists for row in rows}.values())


def _sentence_and_start(rows: Sequence[Mapping[str, Any]]) -> tuple[str, int]:
    """The sentence of some claims and its offset in the article, found by a claim's words in it."""
    sentence = rows[0]["sentence"] or ""
    for row in rows:
        at = sentence.find(row["text"]) if row["text"] else -1
        # Words that stand twice in the sentence do not tell where it starts.
        if at >= 0 and sentence.find(row["text"], at + 1) < 0:
            return sentence, row["char_start"] - at
    return sentence, rows[0]["char_start"] - max(0, sentence.find(rows[0]["text"] or ""))


def quoted(sentences: Sequence[SentenceClaims], text: str, start: int, end: int) -> SentenceClaims:
    """The words ``text[start:end]`` of an article with what was read from the sentences that they are part of.

    For judging words that somebody picked: they need not be whole sentences, and may be several.

    Args:
        sentences: those of the article, as :func:`sentences_of` gives them.
        text: the article's text.
        start: first code point of the words.
        end: one past the last.
    """
    around = [one for one in sentences if one.char_start < end and start < one.char_start + len(one.text)]
    first = around[0] if around else SentenceClaims(text="")
    words = text[start:end]
    return SentenceClaims(
        text=words,
        char_start=start,
        claims=tuple(claim for one in around for claim in one.claims if claim.char_start < end and start < claim.char_end),
        quantities=tuple(row for one in around for row in one.quantities if _inside(row, start, end)),
        times=tuple(row for one in around for row in one.times if _inside(row, start, end)),
        names=tuple(name for one in around for name in one.names if name in words),
        name_kinds=tuple(kind for one in around for name, kind in zip(one.names, one.name_kinds, strict=False) if name in words),
        before=first.before,
        article_id=first.article_id,
        sentence_no=first.sentence_no,
        published_at=first.published_at,
        published_precision=first.published_precision,
        title=first.title,
    )


def _inside(row: Mapping[str, Any], start: int, end: int) -> bool:
    return bool(start <= row["char_start"] and row["char_end"] <= end)
