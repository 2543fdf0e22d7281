"""From the tagger's parts to attributions: its spans, with what the rules know about cues, chains and what is nested.

The tagger, trained on PolNeAR, sees the outermost attributions only. The rules see those inside contents too, chains (*citing
two officials*), and the kind of each cue. Where both see a cue, the spans are the tagger's.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from pipelines.models.tagger import Span, Tags
from pipelines.read.cues import Found
from pipelines.read.lexicon import CUE_NOUNS, CUE_PAIRS, CUE_VERBS
from pipelines.read.records import Sentence

_WORD: Final = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_QUOTES: Final = '"“„«'
_CLOSING: Final = "\"”“»'’"
#: Contents that begin within so many characters of each other are the same (*that* is within or without).
_SAME_START: Final = 6
#: What sets the scene of a quotation rather than belongs to it.
_ADJUNCT: Final = re.compile(
    r"\s(?:following|after|during|before|amid|while|when|ahead of|at the end of|in the wake of)\s", re.IGNORECASE
)

Offsets = tuple[int, int]


def merge(text: str, sentences: Sequence[Sentence], tags: Tags, ruled: Sequence[Found]) -> list[Found]:
    """Attributions of the tagger, completed by those of the rules.

    Args:
        text: the article.
        sentences: its sentences.
        tags: what the tagger saw.
        ruled: what the rules found.

    Returns:
        The tagger's attributions with kinds, lemmas and chains; and of the rules' own those inside a content, those that are
        cited through a kept one, and questions.
    """
    by_cue: dict[int, list[int]] = {}
    for cue, other in tags.links:
        by_cue.setdefault(cue, []).append(other)
    starts = [s.start for s in sentences]
    made: list[Found] = []
    taken: set[int] = set()
    renamed: dict[int, int] = {}
    rule_of: dict[int, Found] = {}
    wide: list[int] = []
    for k, part in enumerate(tags.parts):
        if part.label != "cue":
            continue
        linked = [tags.parts[j] for j in by_cue.get(k, [])]
        contents = sorted(_stripped(text, p) for p in linked if p.label == "content")
        contents = [c for c in contents if c[1] > c[0]]
        sources = [p for p in linked if p.label == "source"]
        source = _stripped(text, sources[0]) if sources else None
        # The twins are the rules' attributions with the same cue.
        twins = [i for i, f in enumerate(ruled) if f.cue[0] < part.end and part.start < f.cue[1] and f.through is None]
        if twins:
            if source is None:
                source = _source_beside(text, part, ruled[twins[0]])
            contents = [_without_adjunct(text, content, ruled[twins[0]].content) for content in contents]
        if not contents and twins:
            # A cue that the tagger sees and leaves without content, as all of it belongs to an attribution inside.
            contents = list(ruled[twins[0]].content)
            wide.append(len(made))
        if not contents:
            continue
        found = _from_twin(ruled[twins[0]], source) if twins else _alone(text, part, source, contents)
        if twins:
            rule_of[len(made)] = ruled[twins[0]]
            renamed[ruled[twins[0]].cue[0]] = part.start
        taken.update(twins)
        found.cue, found.source, found.content = (part.start, part.end), source, list(contents)
        found.is_direct = any(text[a] in _QUOTES for a, _ in contents)
        if source is None:
            found.bare = None
        made.append(found)
    for k in wide:
        for j, inner in enumerate(made):
            if j != k and j in rule_of and any(a <= inner.cue[0] and inner.cue[1] <= b for a, b in made[k].content):
                inner.source, inner.bare, inner.content = rule_of[j].source, rule_of[j].bare, list(rule_of[j].content)
    kept = [f for i, f in enumerate(ruled) if i not in taken and _is_kept(f, made, renamed, starts)]
    return made + kept


def _source_beside(text: str, cue: Span, rule: Found) -> Offsets | None:
    """The rules' source where the tagger links none and it stands right before the cue: *Russia has denied reports that*."""
    if rule.source is None or rule.source[1] > cue.start or text[rule.source[1] : cue.start].strip():
        return None
    return rule.source


def _without_adjunct(text: str, content: Offsets, twin: Sequence[Offsets]) -> Offsets:
    """A content of the tagger with the end of its ``twin``, the rules' own, where it runs on past a quotation.

    What an outlet adds behind one (*accused the West of "disregard" following the six-hour talks*) is its own word.
    """
    start, end = content
    for a, b in twin:
        if abs(a - start) <= _SAME_START and start < b < end and text[b - 1] in _CLOSING and _ADJUNCT.match(text, b):
            return start, b
    return content


def _from_twin(rule: Found, source: Offsets | None) -> Found:
    """The tagger's attribution where the rules have found the same cue; a source without its appositions stays so."""
    bare = rule.bare
    if source is not None and rule.source is not None and rule.bare is not None:
        touches = source[0] < rule.source[1] and rule.source[0] < source[1]
        relative = not (rule.source[0] <= rule.bare[0] and rule.bare[1] <= rule.source[1])
        if not touches:
            bare = source
        elif not relative:
            bare = (max(source[0], rule.bare[0]), min(source[1], rule.bare[1]))
            bare = bare if bare[1] > bare[0] else source
    else:
        bare = source
    return Found(source, bare, rule.cue, rule.kind, rule.lemma, [], rule.is_direct, rule.unit, rule.through, rule.is_noun)


def _alone(text: str, cue: Span, source: Offsets | None, contents: list[Offsets]) -> Found:
    """An attribution that only the tagger sees: its cue's kind by the words of the cue."""
    words = [w.lower() for w in _WORD.findall(text[cue.start : cue.end])]
    kind, lemma, is_noun = "says", "", False
    for first, second in pairwise(words):
        if (first, second) in CUE_PAIRS:
            pair = CUE_PAIRS[first, second]
            kind, lemma = pair.kind, pair.lemma
    if not lemma:
        for word in reversed(words):
            if word in CUE_VERBS:
                kind, lemma = CUE_VERBS[word].kind, CUE_VERBS[word].lemma
                break
            if word in CUE_NOUNS:
                kind, lemma, is_noun = CUE_NOUNS[word], word, True
                break
    if not lemma:
        lemma = "according" if words[:1] == ["according"] else words[-1] if words else text[cue.start : cue.end]
    return Found(source, source, (cue.start, cue.end), kind, lemma, [], False, -1, is_noun=is_noun)


def _is_kept(f: Found, made: Sequence[Found], renamed: dict[int, int], starts: Sequence[int]) -> bool:
    """Whether an attribution that only the rules see is one that the tagger was not taught."""
    if f.through is not None:
        if f.through in renamed:
            f.through = renamed[f.through]
            return True
        return False
    # In a headline sources hide in dashes, bars and colons that few articles of PolNeAR have.
    if bisect_right(starts, f.cue[0]) == 1:
        return not any(g.cue[0] < f.cue[1] and f.cue[0] < g.cue[1] for g in made)
    return any(a <= f.cue[0] and f.cue[1] <= b for g in made for a, b in g.content)


def _stripped(text: str, span: Span) -> Offsets:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return start, start + len(words.strip())
