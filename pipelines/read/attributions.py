"""Who said what: sources, cues and contents, in the sense of PolNeAR (Newell et al., LREC 2018).

Rules over shallow syntax (:mod:`pipelines.read.syntax`): a cue verb is found, then its subject on the left (or on the right,
*said Ida Varga*), then its content: a quotation, a clause or a noun phrase after it, or all that stands before
(*..., Varga said*). Sources that are no names are resolved within the article by :mod:`pipelines.read.cast`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipelines.models.tagger import Tags
from pipelines.read import lexicon
from pipelines.read.cast import Cast
from pipelines.read.cues import CueReader, Found
from pipelines.read.phrases import unit_stop
from pipelines.read.records import Actor, Attribution, Mention, Sentence
from pipelines.read.said import merge
from pipelines.read.syntax import Unit, find_quotations, read_units

#: An attribution lies in the content of one among this many before or after it.
_NEIGHBOURS: Final = 40


def find_attributions(
    text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention], tags: Tags | None = None
) -> list[Attribution]:
    """Find who is said to have said, denied, promised or reported what.

    Args:
        text: the article.
        sentences: its sentences, in order.
        mentions: its names, in order.
        tags: what the tagger saw in the text; without them rules alone read it.

    Returns:
        Attributions in the order of their cues. Contents keep their quotation marks and a leading *that*, as PolNeAR has
        it; ``parent`` points into the list. An actor of ``None`` stands for a passive or an adverb (*is said to*,
        *reportedly*) that names nobody.
    """
    if not sentences:
        return []
    units = read_units(text, sentences, find_quotations(text))
    found: list[Found] = []
    reader = CueReader(mentions)
    for number, unit in enumerate(units):
        found.extend(reader.read(unit, number))
    _continue_quotations(units, found)
    if tags is not None:
        found = merge(text, sentences, tags, found)
    return _finish(text, sentences, mentions, found)


def _continue_quotations(units: list[Unit], found: list[Found]) -> None:
    """Give quotations that stand alone to the speaker before them.

    *"A," she said. "B."*, a further quoted paragraph, and the paragraph after *He wrote:*.
    """
    by_unit: dict[int, list[Found]] = {}
    for f in found:
        by_unit.setdefault(f.unit, []).append(f)
    speaker: Found | None = None
    paragraph = -9
    for number, unit in enumerate(units):
        if unit.level:
            continue
        own = by_unit.get(number, [])
        stop = unit_stop(unit)
        if stop == 1 and unit.tags[0] == "Q" and not own:
            if speaker is not None and unit.paragraph - paragraph <= 1:
                speaker.content.append((unit.start[0], unit.end[0]))
                speaker.is_direct = True
                paragraph = unit.paragraph
            continue
        speaking = [f for f in own if f.is_direct or not f.content]
        if speaking:
            speaker, paragraph = speaking[-1], unit.paragraph
        else:
            speaker = None
    found[:] = [f for f in found if f.content]


def _finish(text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention], found: list[Found]) -> list[Attribution]:
    """Records in the order of their cues, with sources resolved and parents found."""
    found = _through_outlets(text, sorted(found, key=lambda f: (f.cue, f.through is not None)))
    cast = Cast(text, sentences, mentions)
    actors: list[Actor | None] = [None] * len(found)
    for k in sorted((k for k in range(len(found)) if found[k].source is not None), key=lambda k: found[k].source or (0, 0)):
        f = found[k]
        if f.source is not None:
            actors[k] = cast.actor(f.source, f.bare or f.source, f.content)
    parents = _parents(found)
    return [
        Attribution(
            actor=actors[k], cue_start=f.cue[0], cue_end=f.cue[1], cue=text[f.cue[0] : f.cue[1]], cue_kind=f.kind,
            content=tuple(sorted(set(f.content))), is_direct=f.is_direct, parent=parents[k],
            cue_lemma=f.lemma, is_noun=f.is_noun,
        )
        for k, f in enumerate(found)
    ]  # fmt: skip


def _through_outlets(text: str, found: list[Found]) -> list[Found]:
    """Split *according to the paper's sources* in two steps: the paper, and its sources."""
    made: list[Found] = []
    for f in found:
        made.append(f)
        if f.source is None:
            continue
        words = text[f.source[0] : f.source[1]]
        at = max(words.find("'s "), words.find("’s "))
        if at <= 0:
            continue
        owner, owned = words[:at], words[at + 3 :].lower().split()
        heads = set(owned) & (lexicon.ANONYMOUS_HEADS | lexicon.DOCUMENT_HEADS)
        if not heads or not lexicon.is_outlet(owner):
            continue
        span = (f.source[0], f.source[0] + at)
        made.insert(-1, Found(span, span, f.cue, "reports", f.lemma, list(f.content), f.is_direct, f.unit))
        f.through = f.cue[0]
    return made


def _parents(found: list[Found]) -> list[int | None]:
    sizes = [sum(b - a for a, b in f.content) for f in found]
    parents: list[int | None] = [None] * len(found)
    for k, f in enumerate(found):
        candidates = []
        for j in range(max(0, k - _NEIGHBOURS), min(len(found), k + _NEIGHBOURS)):
            if j == k:
                continue
            g = found[j]
            if f.through is not None and g.cue[0] == f.through and g.through is None:
                candidates.append((-1, j))
            elif any(a <= f.cue[0] and f.cue[1] <= b for a, b in g.content) and (
                f.source is None or not any(a < f.source[1] and f.source[0] < b for a, b in [g.source or (0, 0)])
            ):
                # Of two with the same content the one that is cited by the other is nearer.
                candidates.append((2 * sizes[j] - (g.through is not None), j))
        for _, j in sorted(candidates):
            ancestor: int | None = j
            while ancestor is not None and ancestor != k:
                ancestor = parents[ancestor]
            if ancestor is None:
                parents[k] = j
                break
    return parents
