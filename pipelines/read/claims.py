"""What is claimed, and on whose word: spans inside one sentence, with the chain from the outlet to whoever vouches for them.

The rules follow the definition of a claim that the gold sets share. What stands in the content of an attribution is vouched
for by its source; what the outlet adds around it (*during their five-hour meeting on Monday*, a relative clause) is the
outlet's own. An attribution that says how somebody stands to a thing (*praised*, *wants*) makes no claim of its own: that they
do is the claim, of whoever states it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pipelines.read import lexicon
from pipelines.read.boilerplate import dateline_end, is_boilerplate
from pipelines.read.cues import NO_CLAIM
from pipelines.read.lexicon import CUE_NOUNS, CUE_PAIRS, CUE_VERBS, word_set
from pipelines.read.records import Actor, Attribution, Claim, Hop, Mention, Sentence
from pipelines.read.stance import is_negated, modality
from pipelines.read.syntax import Unit, read_unit

Span = tuple[int, int]


#: A sentence gives at most this many claims; a longer list is a table or a page of links.
_MOST_CLAIMS: Final = 6
#: Deeper chains are misreadings.
_MOST_HOPS: Final = 5
_UNNAMED: Final = "unnamed sources"

_OPENING_JUNK: Final = re.compile(r"[\s\u00a0\"“”„«»‘’'`,.;:•·*|–—\-…)\]]+")
_THAT: Final = r"that\b(?![\s\u00a0]+(?:is|was|has|had|would|will|could|should|can|may|might|means|meant|makes|made)\b|['’])"
_LEADING: Final = re.compile(
    rf"(?:{_THAT}|(?i:and|but|or|while|whereas|although|though|yet|so|because|as|with|by|after|before|when|where|which|who)\b)[\s\u00a0,]*"
)
_LEADING_LIGHT: Final = re.compile(rf"(?:{_THAT}|(?i:and|but|or|yet)\b)[\s\u00a0,]*")
_ANONYMITY: Final = re.compile(
    r"\b(?:not to be (?:named|identified|quoted)|anonymity|not (?:being |been )?authori[sz]ed to)\b", re.I
)
#: ``\\Z`` of a stretch: these are searched with an end.
_DANGLING: Final = re.compile(
    r"[\s\u00a0](?:and|but|or|that|while|although|though|with|by|after|as|from|of|to|in|for|because|before|when|which|who|the|a)\Z",
    re.I,
)
#: ``U.S.`` at the end of a span keeps its period.
_INITIALS: Final = re.compile(r"[A-Z]\.[A-Z]\.\Z")
_CLOSING_JUNK: Final = frozenset(" \u00a0\t\r,.;:…|–—-([")
_DANGLING_LIGHT: Final = re.compile(r"[\s\u00a0](?:and|but|or)\Z", re.I)
_PAIRS: Final = {"“": "”", "‘": "’", '"': '"', "'": "'", "«": "»", "„": "“"}
_WORD: Final = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")


@dataclass(slots=True)
class _Node:
    """An attribution that makes claims, with its place in the tree of those that do."""

    attribution: Attribution
    lemma: str
    hops: tuple[Hop, ...] = ()
    children: list[int] = field(default_factory=list)
    parent: int | None = None
    #: ``clause`` (the content is a proposition) or ``whole`` (the content is one only together with source and cue).
    form: str = "clause"
    is_noun: bool = False


def find_claims(
    text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention], attributions: Sequence[Attribution]
) -> list[Claim]:
    """Split the sentences of an article into claims.

    Args:
        text: the article.
        sentences: its sentences; number 0 is the headline.
        mentions: its names (not needed by these rules; a model behind the same signature may use them).
        attributions: who says what, as :func:`~pipelines.read.attributions.find_attributions` gives it.

    Returns:
        Claims in the order of the text. ``text[c.start:c.end] == c.text``; no claim crosses a line. ``hops`` run from whom
        the outlet cites to whoever vouches for the words; empty where the outlet does.
    """
    del mentions
    nodes = _nodes(text, attributions)
    claims: list[Claim] = []
    starts = [s.start for s in sentences]
    touching: dict[int, dict[int, _Node]] = {}
    for k, node in nodes.items():
        a = node.attribution
        parts = [*a.content, (a.cue_start, a.cue_end), *([(a.actor.start, a.actor.end)] if a.actor is not None else [])]
        for first, last in parts:
            for number in range(max(0, bisect_right(starts, first) - 1), bisect_left(starts, last)):
                touching.setdefault(number, {})[k] = node
    for number, sentence in enumerate(sentences):
        claims.extend(_of_sentence(text, sentence, dict(sorted(touching.get(number, {}).items()))))
    return claims


# ------------------------------------------------------------------------------------------------------------------ tree


def _nodes(text: str, attributions: Sequence[Attribution]) -> dict[int, _Node]:
    """The attributions that make claims, by their index, each with the chain of those above it."""
    nodes: dict[int, _Node] = {}
    for k, a in enumerate(attributions):
        lemma = a.cue_lemma or _lemma(a.cue)
        form = _form(text, a, lemma)
        if form is not None and _makes_claims(text, a, lemma):
            nodes[k] = _Node(a, lemma, form=form, is_noun=a.is_noun)
    for k, node in nodes.items():
        parent = node.attribution.parent
        for _ in range(len(attributions)):
            if parent is None or parent in nodes:
                break
            parent = attributions[parent].parent
        if parent is not None and parent != k and parent in nodes:
            node.parent = parent
            nodes[parent].children.append(k)
    for k, node in nodes.items():
        if any(nodes[child].is_noun for child in node.children) and node.attribution.cue_kind == "denies":
            # "denied reports that": what the reports say is denied.
            node.form = "clause"
        chain = [k]
        while nodes[chain[-1]].parent is not None and len(chain) < 2 * _MOST_HOPS:
            up = nodes[chain[-1]].parent
            if up is None or up in chain:
                break
            chain.append(up)
        node.hops = _chain([nodes[i] for i in reversed(chain)])
    return nodes


def _chain(path: list[_Node]) -> tuple[Hop, ...]:
    """The hops along a path: an actor who cites themself is one hop (*Varga said she had promised*)."""
    hops: list[Hop] = []
    for node in path:
        a = node.attribution
        if a.actor is None and (node.is_noun or a.cue_kind == "questions") and hops:
            # "denied reports that": who reported is not told, so the denial is of the thing itself.
            continue
        actor = a.actor or Actor(a.cue_start, a.cue_end, a.cue, "anonymous", is_anonymous=True, antecedent=_UNNAMED)
        hop = Hop(actor, a.cue, a.cue_kind, a.cue_start, a.cue_end)
        if hops and _name(hops[-1].actor) == _name(actor):
            if a.cue_kind not in ("says", "reports"):
                hops[-1] = hop
            continue
        hops.append(hop)
    return tuple(hops[:_MOST_HOPS])


def _name(actor: Actor) -> str:
    return (actor.antecedent or actor.text).lower()


def _lemma(cue: str) -> str:
    words: list[str] = [w.lower() for w in _WORD.findall(cue)]
    for first, second in pairwise(words):
        if (first, second) in CUE_PAIRS:
            return CUE_PAIRS[first, second].lemma
    for word in reversed(words):
        if word in CUE_VERBS:
            return CUE_VERBS[word].lemma
        if word in CUE_NOUNS:
            return word
    return words[0] if words else cue


def _makes_claims(text: str, a: Attribution, lemma: str) -> bool:
    words = [w.lower() for w in _WORD.findall(a.cue)]
    if lemma in lexicon.ATTITUDES or lemma == NO_CLAIM or (a.cue_kind == "questions" and a.actor is None):
        return False
    if a.actor is None and a.cue_kind == "expects":
        return False
    if a.actor is None and a.content and a.content[0][1] <= a.cue_start:
        opening = _WORD.match(text, a.content[0][0])
        if opening is not None and opening[0].lower() in ("no", "neither", "none", "nobody"):
            return False  # "Neither minister has been charged": nobody accuses
    if a.actor is None and a.cue_kind == "reports" and text[a.cue_end : a.cue_end + 4].lstrip().startswith(("by ", "in ")):
        return False  # "first reported by the Courier": who told it first, not who vouches for it
    # "did not say that", "could not confirm", "would say": nobody has put the content forward.
    if any(w in lexicon.MODALS or w in ("not", "never", "neither") or w.endswith(("n't", "n’t")) for w in words):
        return False
    if a.actor is not None:
        actor = a.actor.text.lower()
        if actor in ("i", "we", "you", "me", "us"):
            return False
        said_by = actor.split()
        if (
            lemma in lexicon.EVIDENTIAL
            and a.actor.kind == "person"
            and a.actor.antecedent is None
            and said_by[-1] not in lexicon.PRONOUNS
            and not set(said_by) & (lexicon.ROLE_HEADS | lexicon.ANONYMOUS_HEADS)
            and a.actor.text.split()[-1][:1].islower()
        ):
            return False
        if said_by[:1] in (["no"], ["neither"], ["none"]) or "nobody" in said_by or "anyone" in said_by:
            return False
    before = text[max(0, a.cue_start - 12) : a.cue_start].lower().split()
    return not (before and before[-1] in ("if", "unless"))


def _form(text: str, a: Attribution, lemma: str) -> str | None:
    """Whether the content is a proposition by itself, only with source and cue, or none that anybody vouches for."""
    if not a.content:
        return None
    start, end = a.content[-1] if len(a.content) > 1 and a.cue_end <= a.content[-1][0] and a.actor is None else a.content[0]
    content = text[start:end]
    words = [w.lower() for w in _WORD.findall(content)]
    if not words or _ANONYMITY.search(content):
        return None
    if a.is_direct:
        return "clause"
    if words[0] in ("that", "whether", "if", "how", "why"):
        return "clause"
    if lemma in ("accuse", "charge") and a.cue_kind == "accuses":
        return "whole"
    if a.actor is None and len(a.content) > 1:
        # Who was told to do a thing was told so: that is the outlet's own, and nobody vouches for more.
        return None if lemma in _TELLING and a.content[0][1] <= a.cue_start else "whole"
    if words[0] == "to" and a.actor is None and a.cue.lower() not in CUE_NOUNS:
        return None  # "believed to have fled": nobody is told of whom
    if words[0] == "to" or (words[0] == "not" and words[1:2] == ["to"]):
        # Who hopes, plans or agrees to do a thing has not said that it is so: the sentence around says that they do.
        return None if a.cue_kind in ("expects", "confirms") else "whole"
    if a.cue_kind in ("orders", "proposes"):
        return "whole" if " to " in content else None
    unit = read_unit(text, start, end)
    if lemma in ("reject", "dismiss", "rule out") and not a.is_noun and (refused := _refused(unit)):
        return "whole" if refused & lexicon.STATED else None
    if len(a.content) > 1 and a.actor is not None and a.cue_kind in ("says", "reports", "confirms") and _is_split(text, a):
        return "whole"
    if _opens_clause(unit):
        # "citing" is a form of a verb that takes no clause, but stands for a source here, as "according" does.
        cue = CUE_VERBS.get(lemma) if lemma != "citing" else None
        if cue is None or set(cue.frames) & set("ctq"):
            return "clause"
    if lemma == "deny" and not a.is_noun:
        # What is denied to somebody (entry, bail) is a refusal.
        return None if set(words) & _REFUSED else "whole"
    if a.cue_kind in ("denies", "doubts") and (lexicon.STATED & set(words[:8])):
        return "whole"
    if a.cue_kind in ("denies", "doubts", "confirms", "says", "accuses") and words[0].endswith("ing") and len(words) > 2:
        return "whole"
    return None


def _refused(unit: Unit) -> set[str]:
    """The words of a noun phrase that a participle follows (*a truce offered by the rebels*); none of a clause."""
    tags = unit.tags
    at = next((k for k in range(1, len(tags)) if tags[k] in "EVRhTCbvdm,"), len(tags))
    if (
        tags[:1] not in ("D", "W", "K", "E")
        or tags[at : at + 1] not in ("E", "V")
        or any(t in "DOK" for t in _after_noun(tags[:at]))
    ):
        return set()
    is_clause = any(t in "bvdm" for t in tags[: next((k for k, t in enumerate(tags) if t in "Rh"), len(tags))])
    return set() if is_clause else set(unit.low[:at]) - {"it", "this", "that"}


def _after_noun(tags: str) -> str:
    """What stands right after the nouns of a stretch: *suggestions* **the** *bank had lied* is a clause in the making."""
    return "".join(following for before, following in pairwise(tags) if before == "W")


def _is_split(text: str, a: Attribution) -> bool:
    """Whether source and cue stand inside a clause, in which neither part is one: *The captain, they said, was the first*."""
    first, last = a.content[0], a.content[-1]
    if len(a.content) != 2 or a.actor is None or not first[1] <= min(a.cue_start, a.actor.start) or a.cue_end > last[0]:
        return False
    if text[a.cue_end : max(a.cue_end, a.actor.start)].strip() == "by":
        return False  # "The deal, announced by the bank, is worth millions": a participle, and the sentence is the outlet's
    after = text[a.cue_end : last[0]].rstrip()
    if "\n" in text[first[0] : last[1]] or text[first[1] : a.cue_start].lstrip()[:1] != "," or after[-1:] != ",":
        return False
    joined = f"{text[slice(*first)].rstrip(' ,')} {text[slice(*last)]}"
    return not _opens_clause(read_unit(text, *first)) and _opens_clause(read_unit(joined, 0, len(joined)))


#: Passives of these tell what somebody heard.
_TELLING: Final = word_set("tell ask inform warn remind advise notify assure reassure order instruct urge blame")
_REFUSED: Final = frozenset(
    [
        "access",
        "entry",
        "bail",
        "visa",
        "visas",
        "permission",
        "request",
        "requests",
        "right",
        "rights",
        "coverage",
        "care",
        "treatment",
        "asylum",
        "application",
        "motion",
        "opportunity",
        "chance",
        "permit",
        "funding",
        "service",
        "services",
        "parole",
        "clemency",
        "leave",
    ]
)


def _has_verb(unit: Unit) -> bool:
    tags = unit.tags
    return any(
        (t in "bvdmV" and (k == 0 or tags[k - 1] != "T") and not (k == 0 and t == "V"))
        or (t == "E" and k and tags[k - 1] in "KWORUYsat")
        for k, t in enumerate(tags)
    )


def _opens_clause(unit: Unit) -> bool:
    """Whether a stretch is a clause rather than a noun phrase with clauses in it."""
    depth = 0
    for k, t in enumerate(unit.tags):
        if t in "RhG" or (t == "S" and k):
            depth += 1
        elif k and ((t in "bvdmV" and unit.tags[k - 1] != "T") or (t == "E" and unit.tags[k - 1] in "KWORUYsat")):
            if depth == 0 or (t == "m" and depth == 1 and unit.tags[0] == "G"):
                return True
            depth -= 1
    return unit.tags[:1] == "S"


# -------------------------------------------------------------------------------------------------------------- sentence


def _of_sentence(text: str, sentence: Sentence, nodes: dict[int, _Node]) -> list[Claim]:
    start = dateline_end(text, sentence.start, sentence.end)
    is_headline = sentence.sentence_no == 0
    if is_boilerplate(text[start : sentence.end]):
        return []
    stop = sentence.end
    if is_headline and (bar := text.find(" | ", start, stop)) > start + 20:
        # The site's name and section, which some pages put into the headline.
        stop = bar
    made: list[tuple[Span, tuple[Hop, ...]]] = []
    for k, node in nodes.items():
        made.extend((span, node.hops) for span in _attributed(text, start, stop, k, nodes))
        made.extend((span, ()) for span in _asides(text, start, stop, node))
    made.extend((span, ()) for span in _own(text, start, stop, nodes, is_headline))
    for node in nodes.values():
        if node.parent is None or nodes.get(node.parent) is None:
            continue
        parent = nodes[node.parent]
        # A source that is named keeps vouching for what another denies.
        if node.is_noun and node.attribution.actor is not None and parent.attribution.cue_kind == "denies":
            made = [(span, parent.hops if hops == node.hops else hops) for span, hops in made] + [
                (span, (*parent.hops[:-1], node.hops[-1])) for span, hops in made if hops == node.hops
            ]
    claims: list[Claim] = []
    seen: set[tuple[int, int, tuple[Hop, ...]]] = set()
    for (first, last), hops in sorted(made, key=lambda m: (m[0], len(m[1]))):
        key = (first, last, hops)
        if key in seen or last <= first:
            continue
        seen.add(key)
        claims.append(_claim(text, sentence, first, last, hops))
    if len(claims) > _MOST_CLAIMS:
        kept = sorted(claims, key=lambda c: c.start - c.end)[:_MOST_CLAIMS]
        claims = [c for c in claims if c in kept]
    return claims


def _claim(text: str, sentence: Sentence, start: int, end: int, hops: tuple[Hop, ...]) -> Claim:
    unit = read_unit(text, start, end)
    polarity = "negated" if is_negated(unit) else "affirmed"
    put_forward = modality(unit, text[start:end].rstrip("\"'”’ "), hops)
    return Claim(sentence.sentence_no, start, end, text[start:end], polarity, put_forward, hops)


def _attributed(text: str, start: int, end: int, k: int, nodes: dict[int, _Node]) -> list[Span]:
    """The spans of a sentence that one source vouches for, without those of the sources that it cites in turn."""
    node = nodes[k]
    a = node.attribution
    if node.form == "whole":
        first, last = _hull(text, a)
        if first >= end or last <= start or not start <= a.cue_start < end:
            return []
        span = _trim(text, max(first, start), min(last, end), light=True)
        return [span] if span and _words_in(text, span) >= 3 else []
    spans: list[Span] = []
    for part_start, part_end in a.content:
        first, last = max(part_start, start), min(part_end, end)
        if last <= first:
            continue
        holes = [hole for child in node.children if child in nodes for hole in _holes(text, nodes[child], first, last)]
        first = max(first, _after_adjunct(text, first, last))
        pieces = _minus(first, last, holes)
        for piece in pieces:
            span = _trim(text, *piece, light=len(pieces) == 1 and not holes)
            if span is None:
                continue
            if holes and not (_words_in(text, span) >= 4 and _has_verb(read_unit(text, *span))):
                continue
            if _words_in(text, span) >= 2:
                spans.append(span)
    return spans


def _holes(text: str, node: _Node, start: int, end: int) -> list[Span]:
    """What of a stretch belongs to a source cited within it."""
    a = node.attribution
    if a.cue == "" or (a.cue_start < start and a.cue_end <= start) or a.cue_start >= end:
        # The cue stands outside (*Citing two officials, ...*): the content alone is the other's.
        return [(max(p, start), min(q, end)) for p, q in a.content if p < end and q > start]
    if node.is_noun:
        return [(max(p, start), min(q, end)) for p, q in a.content if p < end and q > start]
    first, last = _hull(text, a)
    return [(max(first, start), min(last, end))]


def _hull(text: str, a: Attribution) -> Span:
    """From the first to the last word of an attribution; a source that stands apart from its cue is left out."""
    points = [a.cue_start, a.cue_end, *(p for part in a.content for p in part)]
    if a.actor is not None:
        if a.actor.end <= a.cue_start:
            gap = text[a.actor.end : a.cue_start]
            if len(gap) < 160 and "\n" not in gap and ((_is_aside(gap) and _RELATIVE.match(gap)) or not _has_verb_words(gap)):
                points.append(a.actor.start)
        elif a.actor.start - a.cue_end < 60:
            points += [a.actor.start, a.actor.end]
    return min(points), max(points)


_RELATIVE: Final = re.compile(r"\s?[,–—(-]\s?(?:who|which|whose|when|speaking|a|an|the)\b|\s*$")


def _is_aside(gap: str) -> bool:
    stripped = gap.strip()
    return stripped == "" or (stripped[0] in ",-–—(" and stripped[-1] in ",-–—)")


def _has_verb_words(gap: str) -> bool:
    words = [w.lower() for w in _WORD.findall(gap)]
    return any(
        w in lexicon.BE
        or w in lexicon.HAVE
        or w in lexicon.VERBS
        or w in CUE_VERBS
        or (w.endswith("ed") and len(w) > 4)
        or w in ("and", "but")
        for w in words
    )


def _minus(start: int, end: int, holes: Iterable[Span]) -> list[Span]:
    pieces: list[Span] = []
    at = start
    for first, last in sorted(holes):
        if first > at:
            pieces.append((at, min(first, end)))
        at = max(at, last)
    if at < end:
        pieces.append((at, end))
    return [(a, b) for a, b in pieces if b > a]


# ------------------------------------------------------------------------------------------------------------- own voice


def _own(text: str, start: int, end: int, nodes: dict[int, _Node], is_headline: bool) -> list[Span]:
    """What of a sentence the outlet states itself."""
    roots = [n for k, n in nodes.items() if n.parent is None or n.parent not in nodes]
    holes: list[Span] = []
    for node in roots:
        a = node.attribution
        if node.is_noun:
            # The words that name a claim stay with the outlet, what is claimed does not.
            holes.extend(
                (p, end) if q >= end - 2 else (p, q)
                for p, q in a.content
                if p < end and q > start and not _is_subject(text, q, end)
            )
            continue
        first, last = _hull(text, a)
        if _is_between_commas(text, a, last, end):
            continue  # "The suspect, said to be armed, fled": the main clause is the outlet's, and needs its subject
        if start <= a.cue_start < end or (first < end and last > start):
            holes.append((first, last))
    for node in nodes.values():
        # A cue that stands apart from its content (*Citing two officials in Oslo,*) states nothing.
        a = node.attribution
        if node.is_noun or _is_between_commas(text, a, _hull(text, a)[1], end):
            continue
        first, last = a.cue_start, a.cue_end
        if a.actor is not None and 0 <= a.actor.start - a.cue_end < 4:
            last = a.actor.end
        holes.append((first, last))
    pieces = _minus(start, end, [(a, b) for a, b in holes if a < end and b > start])
    spans: list[Span] = []
    whole = len(pieces) == 1 and pieces[0] == (start, end)
    for node in roots:
        frame = _occasion(text, start, end, node)
        if frame is not None:
            spans.append(frame)
            pieces = [p for p in pieces if p[1] <= frame[0] or p[0] >= frame[1]]
    for piece in pieces:
        if whole:
            spans.extend(_whole_sentence(text, start, end, is_headline))
            continue
        span = _trim(text, *piece, light=False)
        if span is None:
            continue
        unit = read_unit(text, *span)
        count = _words_in(text, span)
        if unit.tags[:1] in ("R",) or _ends_as_question(text, piece[1], end):
            continue
        if (count >= 4 and _has_verb(unit) and not _only_adjunct(unit)) or (
            count >= 4 and _states_something(unit, text[span[0] : span[1]])
        ):
            spans.append(_with_preposition(text, piece, span))
    # An adjunct at the head of what somebody says is the outlet's: that, during their two-day talks, Varga agreed.
    for node in nodes.values():
        if node.form == "clause" and not node.attribution.is_direct:
            for first, last in node.attribution.content[:1]:
                if start <= first < end:
                    inner = _after_adjunct(text, first, min(last, end))
                    span = _trim(text, first, inner, light=True) if inner > first else None
                    if span and not any(span[0] < q and p < span[1] for p, q in spans):
                        spans.append(span)
    return spans


def _is_subject(text: str, at: int, end: int) -> bool:
    """Whether a verb follows a noun's clause: *the claim that the bridge was old* **was read in court** stays one sentence."""
    following = _WORD.match(text, min(at + 1, end), end)
    return (
        following is not None and following[0].lower() in lexicon.BE | lexicon.HAVE | lexicon.DO | lexicon.MODALS | lexicon.VERBS
    )


def _is_between_commas(text: str, a: Attribution, last: int, end: int) -> bool:
    """Whether nobody's words stand between two commas after a noun, and a verb behind: *, said to be armed, fled to Oslo*."""
    if (
        a.actor is not None
        or not text[max(0, a.cue_start - 3) : a.cue_start].rstrip().endswith(",")
        or text[last : last + 2] != ", "
    ):
        return False
    unit = read_unit(text, last + 2, end)
    return unit.tags[:1] in tuple("bvdmVE") or (unit.tags[:1] == "a" and unit.tags[1:2] in tuple("bvdmVE"))


#: Commands to the reader that are nouns as often.
_NOUNS_TOO: Final = word_set("support contact visit share watch search release check")
_BREAK: Final = re.compile(r"[,;:]\s|\s[-–—]\s|[“\"]")


def _occasion(text: str, start: int, end: int, node: _Node) -> Span | None:
    """When and where it was said, with who said it, if the outlet tells: *Varga told the paper in an interview on Monday*."""
    a = node.attribution
    if node.is_noun or node.form == "whole" or a.actor is None or not start <= a.cue_start < end:
        return None
    if a.actor.end > a.cue_start or a.actor.start < start or _hull(text, a)[0] > a.actor.start:
        return None
    first = a.actor.start
    last = end
    last = min([last, *(p for p, _ in a.content if p >= a.cue_end)])
    stop = _BREAK.search(text, a.cue_end, last)
    last = stop.start() if stop else last
    span = _trim(text, first, last, light=False)
    if span is None or span[1] <= a.cue_end or _words_in(text, (span[0], span[1])) < 4:
        return None
    told = read_unit(text, a.cue_end, span[1])
    between = read_unit(text, a.actor.end, a.cue_start)
    if any(t in "hRQ" for t in told.tags) or len(told) > 24:
        return None
    dated = any(_bears_value(unit) for unit in (told, between)) or (len(told) > 3 and set(told.low) & lexicon.EVENT_NOUNS)
    return span if dated else None


def _whole_sentence(text: str, start: int, end: int, is_headline: bool) -> list[Span]:
    """A sentence without a source: one claim, or one a main clause where it is safe to split."""
    span = _trim(text, start, end, light=True)
    if span is None:
        return []
    words = _words_in(text, span)
    body = text[start:end].rstrip()
    if body.rstrip("\"'”’)").endswith("?") or words < 3:
        return []
    unit = read_unit(text, *span)
    if not is_headline:
        ended = body[-1:] in ".!\"”’'»)…"
        if not _has_verb(unit) and (words < 4 or not ended) and not (ended and words >= 5 and "V" in unit.tags):
            return []
        is_noun = unit.low[0] in _NOUNS_TOO and unit.tags[1:2] == "P" and _has_verb(unit)  # "Support for the party rose"
        commands = unit.low[0] in lexicon.COMMANDS and unit.tags[1:2] in ("D", "O", "P", "W", "a", "T") and not is_noun
        if commands and text[span[0]].isupper():
            return []
    elif words < 3:
        return []
    return _split(text, span, unit)


def _split(text: str, span: Span, unit: Unit) -> list[Span]:
    """Split at semicolons and where *and* or *but* joins two main clauses of four words or more, each with its verb."""
    tags = unit.tags
    if len(tags) < 14:
        return [span]
    cuts: list[int] = []
    last = 0
    for k, t in enumerate(tags):
        if t == ";":
            joint, after = k, k + 1
        elif t == "," and tags[k + 1 : k + 2] in ("C", "c"):
            joint, after = k, k + 2
        else:
            continue
        if k - last < 5 or len(tags) - after < 5:
            continue
        left, right = tags[last:joint], tags[after : after + 9]
        if tags[last : last + 1] == "S" and "," not in left:
            continue
        if not _clause_tags(left) or right[:1] not in tuple("DOK"):
            continue
        verb = next((i for i, r in enumerate(right) if r in "bvdmV" or (r == "E" and i and right[i - 1] in "KWO")), None)
        if verb is None or verb == 0 or any(r in ",;:hSR" for r in right[:verb]):
            continue
        # A list of names before the verb, or a subordinate clause that goes on, is no place to split.
        if ("S" in tags[last:joint] and "," in tags[last:joint]) or "h" in left or "R" in left[-12:]:
            continue
        cuts.append(unit.start[joint])
        last = after
    if not cuts:
        return [span]
    edges = [span[0], *cuts, span[1]]
    parts = [_trim(text, a, b, light=True) for a, b in pairwise(edges)]
    return [p for p in parts if p is not None and _words_in(text, p) >= 4]


def _clause_tags(tags: str) -> bool:
    return any(t in "bvdmV" or (t == "E" and k and tags[k - 1] in "KWORat") for k, t in enumerate(tags))


def _asides(text: str, start: int, end: int, node: _Node) -> list[Span]:
    """A relative clause between a source and its cue: *the firm, which employs 300 people, said*."""
    a = node.attribution
    if a.actor is None or a.actor.end >= a.cue_start or not start <= a.actor.start < end:
        return []
    gap = text[a.actor.end : a.cue_start]
    if not re.match(r"\s?[,–—-]\s?(?:who|which|whose)\b", gap) or _ANONYMITY.search(gap) or len(gap) > 300 or a.cue_start > end:
        return []
    span = _trim(text, a.actor.start, a.cue_start - len(gap) + len(gap.rstrip(" ,–—-")), light=True)
    return [span] if span and _words_in(text, span) >= 5 else []


_ADJUNCT: Final = re.compile(
    r"(?:that[\s\u00a0]*,?[\s\u00a0]*)?(?:during|following|after|before|at|in|on|amid|despite|since|over|within|throughout)\b[^,;:\n]{6,160},[\s\u00a0]+",
    re.I,
)


def _after_adjunct(text: str, start: int, end: int) -> int:
    """Where the words of a source start after an adjunct of circumstance that the outlet sets before them."""
    m = _ADJUNCT.match(text, start, end)
    if m is None:
        return start
    unit = read_unit(text, start, m.end())
    low = set(unit.low)
    if not low & lexicon.EVENT_NOUNS and not any(w.rsplit("-", 1)[-1] in lexicon.EVENT_NOUNS for w in low):
        return start
    if not _bears_value(unit) or any(t in "mQ" for t in unit.tags) or end - m.end() < 12:
        return start
    return m.end()


def _bears_value(unit: Unit) -> bool:
    return any(
        t in "Ut" or word in lexicon.NUMBER_WORDS or word.split("-")[0] in lexicon.NUMBER_WORDS or word in lexicon.TIME_NOUNS
        or word[:1].isdigit()
        for t, word in zip(unit.tags, unit.low, strict=True)
    )  # fmt: skip


def _states_something(unit: Unit, words: str) -> bool:
    """Whether an adjunct states something of its own: an event with a value or a time."""
    low = set(unit.low)
    event = bool(low & lexicon.EVENT_NOUNS)
    value = _bears_value(unit)
    del words
    return (event and value) or (event and len(unit) >= 6) or (value and len(unit) >= 6 and unit.tags[:1] in ("P", "G"))


def _only_adjunct(unit: Unit) -> bool:
    """Time, place and manner of saying: *in an interview with the paper on Monday*."""
    if unit.tags[:1] not in ("P", "t"):
        return False
    verb = next((k for k, t in enumerate(unit.tags) if t in "bvdmV"), None)
    return verb is None or any(t in "RSh" for t in unit.tags[:verb])


def _with_preposition(text: str, piece: Span, span: Span) -> Span:
    """Keep the preposition that makes an adjunct one (*following the six-hour talks*), which trimming took off."""
    lead = text[piece[0] : span[0]]
    m = re.search(r"\b(after|before|with|by|as)[\s\u00a0]+$", lead, re.I)
    return (span[0] - (len(lead) - m.start()), span[1]) if m and m[1].lower() in ("after", "before") else span


def _ends_as_question(text: str, at: int, end: int) -> bool:
    return at >= end - 1 and text[max(0, end - 3) : end].rstrip("\"'”’ ").endswith("?")


# ------------------------------------------------------------------------------------------------------------- trimming


def _trim(text: str, start: int, end: int, *, light: bool) -> Span | None:
    """A span without quotation marks, leading *that* or conjunction, and closing comma or period."""
    newline = text.find("\n", start, end)
    if newline >= 0:
        head, tail = (start, newline), (newline + 1, end)
        start, end = head if head[1] - head[0] >= tail[1] - tail[0] else tail
    leading = _LEADING_LIGHT if light else _LEADING
    for _ in range(6):
        before = (start, end)
        junk = _OPENING_JUNK.match(text, start, end)
        if junk:
            start = _opening(text, start, junk.end(), end)
        m = leading.match(text, start, end)
        if m and m.end() < end:
            start = m.end()
        while end > start and text[end - 1] in _CLOSING_JUNK and not _INITIALS.match(text, end - 4, end):
            end -= 1
        if end > start and text[end - 1] in "”’\"'»“" and not _closes_inside(text, start, end):
            end -= 1
        if not light:
            m = _DANGLING.search(text, max(start, end - 12), end)
        else:
            m = _DANGLING_LIGHT.search(text, max(start, end - 6), end)
        if m:
            end = m.start()
        if (start, end) == before or end <= start:
            break
    return (start, end) if end > start else None


def _opening(text: str, start: int, after: int, end: int) -> int:
    """Past the marks at the head of a span, but not past one that quotes only some words after it."""
    for k in range(start, after):
        close = _PAIRS.get(text[k])
        if close is None:
            continue
        at = text.find(close, k + 1, end)
        # An apostrophe is no closing mark.
        while close in "’'" and 0 <= at < end - 1 and text[at + 1 : at + 2].isalnum():
            at = text.find(close, at + 1, end)
        if at >= 0 and text[at + 1 : end].strip(" \u00a0.,;:!?\"'”’"):
            return k
    return after


def _closes_inside(text: str, start: int, end: int) -> bool:
    """Whether the mark that ends a span was opened in it."""
    close = text[end - 1]
    if close in "'’" and text[end - 2 : end - 1] in ("s", "S") and not any(o in text[start : end - 1] for o in ("‘", " '")):
        return True
    openers = [o for o, c in _PAIRS.items() if c == close]
    inside = text[start : end - 1]
    for o in openers:
        if o == close:
            marks = len(re.findall(rf"(?<![^\W_]){re.escape(o)}|{re.escape(o)}(?![^\W_])", inside))
            if marks % 2 == 1:
                return True
        elif inside.count(o) > inside.count(close) or (o in inside and close == "’"):
            return True
    return False


def _words_in(text: str, span: Span) -> int:
    return len(_WORD.findall(text, *span))
