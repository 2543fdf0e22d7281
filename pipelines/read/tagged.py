"""From the tagger's spans to names: kinds decided by the whole article, and by what the lists of names know.

The tagger sees some hundred words at a time; an article names a thing one way throughout, so the occurrences of a name vote,
a surname with the full name, and a list of countries, cities and bodies has a voice.
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
_LISTED: Final = 0.8
#: Spans of which the tagger is less sure are noise.
_LEAST: Final = 0.3
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
    made: list[Mention] = []
    for name, number, start, end, surface in spans:
        key = surface.lower()
        others = max(1, counts[key] - 1)
        score = [own + _OTHERS * (total - own) / others for own, total in zip(name.kinds, votes[key], strict=True)]
        listed = lists.get(surface) or (lists.get(surface.title()) if surface.isupper() and len(surface) > 3 else None)
        if listed in ENTITY_TYPES:
            score[ENTITY_TYPES.index(listed)] += _LISTED
        family = families.get(key)
        if family is not None and listed is None:
            score[0] += family
        kind = _KIND_OF[ENTITY_TYPES[max(range(len(score)), key=score.__getitem__)]]
        if kind is not None:
            made.append(Mention(sentences[number].sentence_no, start, end, text[start:end], kind))
    return made


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
