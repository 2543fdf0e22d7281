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
from pipelines.read.cues import QUOTED, UNNAMED_PASSIVES, Found
from pipelines.read.lexicon import BE, CUE_NOUNS, CUE_PAIRS, CUE_VERBS, DO, HAVE, MODALS, VERBS, word_set
from pipelines.read.records import Sentence

_WORD: Final = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_QUOTES: Final = '"“„«'
_HEADLINE_QUOTES: Final = _QUOTES + "‘'"
_CLOSING: Final = "\"”“»'’"
#: Contents that begin within so many characters of each other are the same (*that* is within or without).
_SAME_START: Final = 6
#: What sets the scene of a quotation rather than belongs to it.
_ADJUNCT: Final = re.compile(
    r"\s(?:following|after|during|before|amid|while|when|ahead of|at the end of|in the wake of)\s", re.IGNORECASE
)

#: Passives whose subject hears or bears what is said, and does not say it: *were told*, *is accused of*.
_HEARERS: Final = UNNAMED_PASSIVES | word_set(
    "tell ask inform warn remind advise notify assure reassure order instruct urge blame"
)
_HEARSAY: Final = frozenset(["allegedly", "reportedly", "supposedly", "purportedly"])
#: Of those the ones whose subject is no part of what is said.
_TOLD: Final = word_set("tell ask inform warn remind advise notify assure reassure")
#: Words that open a clause.
_CLAUSES: Final = word_set("that whether if how why what when where who")
#: What one does to the reports of others.
_REACTING: Final = word_set("responded responds responding reacted reacts reacting replied")
#: Finite verbs, short of those in -ed.
_FINITE: Final = BE | HAVE | DO | MODALS | VERBS
#: What a court is told, somebody has said before it; news gives it as what the court heard.
_COURTS: Final = word_set("court courts jury tribunal inquest inquiry hearing")
_NO_OWNER: Final = word_set("who which that it there")
#: What may stand between a source and its cue: nothing, or the possessive of a noun cue's owner.
_JOINTS: Final = frozenset(["", "'s", "’s", "'", "’"])
#: What may stand there besides: *the paper, citing two aides, said*.
_CITING: Final = re.compile(r",\s(?:citing|quoting)\s[^,;:.\n]{3,80},\Z")

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
        linked = _on_its_side(text, sentences, part, [tags.parts[j] for j in by_cue.get(k, [])])
        contents = sorted(_stripped(text, p) for p in linked if p.label == "content")
        contents = [c for c in contents if c[1] > c[0]]
        sources = [p for p in linked if p.label == "source"]
        source = _stripped(text, sources[0]) if sources else None
        # The twins are the rules' attributions with the same cue.
        twins = [i for i, f in enumerate(ruled) if f.cue[0] < part.end and part.start < f.cue[1] and f.through is None]
        if any(f.lemma == QUOTED and f.cue[0] < part.end and part.start < f.cue[1] for f in ruled):
            continue  # "quoted Varga as saying": the rules see both speakers, the tagger one
        if twins:
            if source is None:
                source = _source_beside(text, part, ruled[twins[0]])
            contents = [_without_adjunct(text, content, ruled[twins[0]].content) for content in contents]
            contents = [_without_main_verb(text, content, ruled[twins[0]]) for content in contents]
        if source is None:
            contents = _own_phrases(text, part, contents)
            contents = _with_bearer(part, contents, ruled[twins[0]]) if twins else contents
        if source is not None and _is_hearer(text, part, source):
            contents = _with_hearer(text, part, source, contents)
            source = None
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
        if found.is_noun and source is not None and _WORD.findall(text[part.start : part.end])[0].lower() in _REACTING:
            source = None  # "responded to reports that": whoever responds has not reported
        found.cue, found.source, found.content = (part.start, part.end), source, list(contents)
        if twins and ruled[twins[0]].kind == "denies" and text[part.start : part.end].lower() in CUE_NOUNS and not found.is_noun:
            found.cue = ruled[twins[0]].cue  # "distanced itself from reports": the noun alone denies nothing
        found.is_direct = any(text[a] in _QUOTES for a, _ in contents)
        if source is None:
            found.bare = None
        made.append(found)
    for k in wide:
        for j, inner in enumerate(made):
            if j != k and j in rule_of and any(a <= inner.cue[0] and inner.cue[1] <= b for a, b in made[k].content):
                inner.source, inner.bare, inner.content = rule_of[j].source, rule_of[j].bare, list(rule_of[j].content)
    made.extend(f for f in ruled if f.lemma == QUOTED)
    kept = [f for i, f in enumerate(ruled) if i not in taken and f.lemma != QUOTED and _is_kept(f, made, renamed, starts)]
    return made + kept


def _on_its_side(text: str, sentences: Sequence[Sentence], cue: Span, linked: Sequence[Span]) -> list[Span]:
    """The parts of a cue on its side of the headline's end, cut where they cross it.

    A headline is no part of the first sentence, though nothing but the end of a line parts them. One that is a whole
    quotation may have its speaker in the text.
    """
    if len(sentences) < 2 or sentences[1].paragraph_no == sentences[0].paragraph_no:
        return list(linked)
    first, edge = sentences[0].start, sentences[0].end
    kept: list[Span] = []
    for part in linked:
        if cue.start < edge:
            start, end = part.start, min(part.end, edge)
        elif part.label == "content" and part.end <= edge and _is_whole_quotation(text[first:edge]):
            start, end = part.start, part.end
        else:
            start, end = max(part.start, edge), part.end
        if start < end and text[start:end].strip():
            kept.append(Span(start, end, part.label, part.score, part.kinds))
    return kept


def _is_whole_quotation(line: str) -> bool:
    words = line.strip()
    inside = words[1:-1]
    return words[:1] in _HEADLINE_QUOTES and words[-1:] in _CLOSING and not any(mark in inside for mark in _QUOTES + "”»")


def _is_hearer(text: str, cue: Span, source: Offsets) -> bool:
    """Whether what the tagger takes for a source is the subject of a passive before it: *residents were told*."""
    if source[1] > cue.start:
        return False
    words = [w.lower() for w in _WORD.findall(text[cue.start : cue.end])]
    if any(w in _HEARSAY for w in words[-1:]):
        return True
    at = next((k for k in range(len(words) - 1, -1, -1) if words[k] in CUE_VERBS), None)
    if at is None or not set(words[:at]) & BE or words[-1] in ("saying", "by"):
        return False
    verb = CUE_VERBS[words[at]]
    if verb.form != "past" or verb.lemma not in _HEARERS:
        return False
    named = {w.lower() for w in _WORD.findall(text[source[0] : source[1]])}
    return not (verb.lemma == "tell" and named & _COURTS)


def _with_bearer(cue: Span, contents: list[Offsets], twin: Found) -> list[Offsets]:
    """The contents of a passive that names nobody, with the rules' subject where the tagger has none: *Holm* was charged with."""
    if twin.source is not None or len(twin.content) != 2 or not contents or contents[0][0] < cue.end:
        return contents
    first = twin.content[0]
    return [first, *contents] if first[1] <= cue.start else contents


def _own_phrases(text: str, cue: Span, contents: Sequence[Offsets]) -> list[Offsets]:
    """The contents of a participle between commas, without the verb of the main clause: *, said to be armed,* | *fled*."""
    words = [w.lower() for w in _WORD.findall(text[cue.start : cue.end])]
    verb = next((CUE_VERBS[w] for w in words if w in CUE_VERBS), None)
    if (
        verb is None
        or verb.form != "past"
        or set(words) & _FINITE
        or not text[max(0, cue.start - 3) : cue.start].rstrip().endswith(",")
    ):
        return list(contents)
    made: list[Offsets] = []
    for start, end in contents:
        comma = text.find(", ", start, end) if start >= cue.end else -1
        following = _WORD.match(text, comma + 2, end) if comma > start else None
        is_verb = following is not None and (following[0].endswith("ed") or following[0] in _FINITE)
        made.append((start, comma) if is_verb else (start, end))
    return made


def _with_hearer(text: str, cue: Span, source: Offsets, contents: Sequence[Offsets]) -> list[Offsets]:
    """The contents of such a passive: its subject is part of what is said unless a whole clause follows (*told that*)."""
    opening = _WORD.findall(text[contents[0][0] : contents[0][1]])[:1] if contents else []
    words = [w.lower() for w in _WORD.findall(text[cue.start : cue.end])]
    is_told = any(w in CUE_VERBS and CUE_VERBS[w].lemma in _TOLD for w in words)
    if not contents or text[source[0] : source[1]].lower() in _NO_OWNER:
        return list(contents)
    if opening and (opening[0].lower() in _CLAUSES or (is_told and opening[0].lower() not in ("to", "not", "of", "about"))):
        return list(contents)
    return sorted([source, *contents])


def _source_beside(text: str, cue: Span, rule: Found) -> Offsets | None:
    """The rules' source where the tagger links none and it stands right before the cue: *Russia has denied reports that*."""
    if rule.source is None or rule.source[1] > cue.start:
        return None
    gap = text[rule.source[1] : min(cue.start, rule.cue[0])]
    return rule.source if gap.strip() in _JOINTS or _CITING.match(gap.rstrip()) else None


def _without_adjunct(text: str, content: Offsets, twin: Sequence[Offsets]) -> Offsets:
    """A content of the tagger with the end of its ``twin``, the rules' own, where it runs on past a quotation.

    What an outlet adds behind one (*accused the West of "disregard" following the six-hour talks*) is its own word.
    """
    start, end = content
    for a, b in twin:
        if abs(a - start) <= _SAME_START and start < b < end and text[b - 1] in _CLOSING and _ADJUNCT.match(text, b):
            return start, b
    return content


def _without_main_verb(text: str, content: Offsets, twin: Found) -> Offsets:
    """The content of a noun cue without the verb whose subject the noun is: *claims that the vote was rigged* | *were false*."""
    start, end = content
    if twin.is_noun:
        for a, b in twin.content:
            following = _WORD.match(text, min(b + 1, end), end)
            if abs(a - start) <= _SAME_START and start < b < end and following and following[0].lower() in _FINITE:
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
    if f.kind == "denies" and any(g.is_noun and a <= g.cue[0] and g.cue[1] <= b for g in made for a, b in f.content):
        return True  # "claims that ... were denied by his office": the tagger sees the claims only
    return any(a <= f.cue[0] and f.cue[1] <= b for g in made for a, b in g.content)


def _stripped(text: str, span: Span) -> Offsets:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return start, start + len(words.strip())
