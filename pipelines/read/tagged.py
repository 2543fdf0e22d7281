"""From the tagger's spans to names: kinds decided by the whole article, and by what the lists of names know.

The tagger sees some hundred words at a time; an article names a thing one way throughout, so the occurrences of a name vote,
a surname with the full name, an acronym with what it stands for; what an article calls the thing (``the startup Halmar``,
``Mr Halmar``) and a list of countries, cities and bodies have a voice.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from pipelines.models.tagger import Span
from pipelines.models.tagging import ENTITY_TYPES
from pipelines.read.records import Mention, Sentence

#: Kinds of mentions by the tagger's types; peoples are no mentions.
_KIND_OF: Final = {
    "person": "person", "organization": "organization", "place": "place", "facility": "other", "other": "other", "people": None,
}  # fmt: skip
#: What the other occurrences of a name weigh against its own place, and what a list weighs.
_OTHERS: Final = 1.0
_LISTED: Final = 1.2
#: What an acronym and what it stands for weigh for each other.
_SAME: Final = 0.5
#: What one "the startup" or "Mr" in the article weighs for all occurrences of the name after it.
_CALLED: Final = 1.5
#: A word in capitals within others is hardly ever a person: what is left of its probability.
_SHOUTED_PERSON: Final = 0.3
_ORGANIZATION_NOUNS: Final = frozenset({
    "agency", "airline", "association", "bank", "broadcaster", "broker", "brokerage", "charity", "club", "coalition", "company",
    "conglomerate", "corporation", "daily", "developer", "firm", "foundation", "giant", "group", "insurer", "lender", "maker",
    "manufacturer", "magazine", "militia", "miner", "ngo", "newspaper", "nonprofit", "operator", "outlet", "party", "publisher",
    "retailer", "startup", "start-up", "team", "telecom", "union", "utility", "website",
})  # fmt: skip
_TITLES: Final = frozenset({
    "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "prof", "prof.", "professor", "sgt", "sgt.", "sir", "dame", "sheikh",
})  # fmt: skip
_BEFORE: Final = re.compile(r"([\w.-]+) +$")
_AFTER: Final = re.compile(
    r"(?P<organization>, (?:the|an?) (?:[\w-]+ ){0,3}(?:operator|maker|owner|developer|publisher|provider|company|firm)\b"
    r"| (?:Ltd|Inc|Plc|PLC|GmbH|LLC|Corp)\b)|(?P<person>, (?:aged )?\d{2}(?=[,.)]))"
)
#: Spans of which the tagger is less sure are noise.
_LEAST: Final = 0.3
_BETWEEN_COMMAS: Final = re.compile(r"[^\s,](?:[^,]*[^\s,])?")
_SPACE: Final = re.compile(r"\s+")


def mentions_from_names(text: str, sentences: Sequence[Sentence], names: Sequence[Span], lists: dict[str, str]) -> list[Mention]:
    """The mentions of an article from the tagger's names.

    Args:
        text: the article.
        sentences: its sentences, in order.
        names: the tagger's names, in order, with the probability of each type.
        lists: kind of each listed name.

    Returns:
        Mentions in order, each inside one sentence; a name that crosses a sentence's end stops there.
    """
    starts = [s.start for s in sentences]
    spans: list[tuple[Span, int, int, int, str]] = []
    for name in names:
        number = bisect_right(starts, name.start) - 1
        if number < 0 or name.score < _LEAST:
            continue
        start, end = _trimmed(text, name.start, min(name.end, sentences[number].end))
        if end > start:
            spans.append((name, number, start, end, _SPACE.sub(" ", text[start:end].replace("’", "'"))))
    votes: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(ENTITY_TYPES))
    counts: dict[str, int] = defaultdict(int)
    for name, _, _, _, surface in spans:
        counts[surface.lower()] += 1
        for k, value in enumerate(name.kinds):
            votes[surface.lower()][k] += value
    families = _families(votes, counts)
    same = _acronyms([surface for *_, surface in spans])
    called = _called(text, spans)
    made: list[Mention] = []
    for name, number, start, end, surface in spans:
        key = surface.lower()
        others = max(1, counts[key] - 1)
        score = [own + _OTHERS * (total - own) / others for own, total in zip(name.kinds, votes[key], strict=True)]
        for other in same.get(key, ()):
            score = [own + _SAME * total / counts[other] for own, total in zip(score, votes[other], strict=True)]
        for type_, weight in called.get(key, {}).items():
            score[ENTITY_TYPES.index(type_)] += weight
        listed = lists.get(surface) or (lists.get(surface.title()) if surface.isupper() and len(surface) > 3 else None)
        if listed in ENTITY_TYPES:
            score[ENTITY_TYPES.index(listed)] += _LISTED
        family = families.get(key)
        if family is not None and listed is None:
            score[0] += family
        if surface.isupper() and surface.isalpha() and len(surface) < 7 and _has_small(text[max(0, start - 30) : end + 30]):
            score[0] *= _SHOUTED_PERSON
        kind = _KIND_OF[ENTITY_TYPES[max(range(len(score)), key=score.__getitem__)]]
        if kind is None:
            continue
        # "Halmar, Norland" is two places, one in the other, where Norland is known for one; the corpora mark it either way.
        parts = [m.span() for m in _BETWEEN_COMMAS.finditer(text, start, end)] if kind == "place" else []
        if not parts or lists.get(_SPACE.sub(" ", text[parts[-1][0] : parts[-1][1]])) != "place":
            parts = [(start, end)]
        for first, last in parts:
            made.append(Mention(sentences[number].sentence_no, first, last, text[first:last], kind))
    return made


def _has_small(text: str) -> bool:
    return sum(c.islower() for c in text) > 10


def _acronyms(surfaces: Sequence[str]) -> dict[str, set[str]]:
    """Lower-cased acronyms and the names of the article that they may stand for, each under the other."""
    short = {s.replace(".", "") for s in surfaces if s.isupper() and 1 < len(s.replace(".", "")) < 8 and " " not in s}
    pairs: dict[str, set[str]] = defaultdict(set)
    written = {s.replace(".", ""): s.lower() for s in surfaces}
    for surface in set(surfaces):
        words = surface.replace("-", " ").split()
        if len(words) < 2:
            continue
        for initials in ("".join(w[0] for w in words if w[0].isupper()), "".join(w[0].upper() for w in words)):
            if initials in short and len(initials) > 1:
                pairs[surface.lower()].add(written[initials])
                pairs[written[initials]].add(surface.lower())
    return pairs


def _called(text: str, spans: Sequence[tuple[Span, int, int, int, str]]) -> dict[str, dict[str, float]]:
    """What the words around the occurrences of each name say that it is."""
    called: dict[str, dict[str, float]] = defaultdict(dict)
    for _, _, start, end, surface in spans:
        before = _BEFORE.search(text, max(0, start - 30), start)
        word = before[1].lower() if before else ""
        after = _AFTER.match(text, end)
        if word in _TITLES or (after and after["person"]):
            called[surface.lower()]["person"] = _CALLED
        elif word in _ORGANIZATION_NOUNS or (after and after["organization"]):
            called[surface.lower()]["organization"] = _CALLED
    return called


def _families(votes: dict[str, list[float]], counts: dict[str, int]) -> dict[str, float]:
    """Surnames of people named in full, with how sure it is that they are people."""
    families: dict[str, float] = {}
    for name, score in votes.items():
        words = name.split()
        if len(words) > 1 and max(score) == score[0]:
            sure = 0.5 * score[0] / counts[name]
            families[words[-1]] = max(families.get(words[-1], 0.0), sure)
    return families


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A name without the possessive after it and marks around it."""
    while end > start and text[end - 1] in ' \t\n,;:“”"«»(':
        end -= 1
    if text[max(start, end - 2) : end] in ("'s", "’s") and end - 2 > start:
        end -= 2
    while start < end and text[start] in ' \t\n,;:“”"«»)':
        start += 1
    return start, end
