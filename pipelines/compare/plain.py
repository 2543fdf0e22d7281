"""Plain opposition: two sentences that say the same, word for word, but for a negation or for a word and its opposite.

"Lund signed the treaty" and "Lund did not sign the treaty"; "profit rose 12 percent" and "profit fell 12 percent". Hardly a pair
of news sentences is so alike, so that annotators have found few to learn from, and a model fitted on what they found takes
sentences so alike for agreement. Whoever reads two of them side by side needs no model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product
from typing import Final

from pipelines.compare.other_slots import are_of_other_days, are_of_two_things
from pipelines.compare.readings import SentenceClaims
from pipelines.compare.similarity import MOST_CHARS, WORD, concept, concepts, stem, words
from pipelines.compare.values import intervals_meet, is_later, may_be_one_day

#: Of the words that say something so many, and such a share of the shorter sentence, stand in both in one order.
_FEWEST_ALIKE, _SHARE_ALIKE = 3, 0.7
#: Beside two opposite words so many others, and beside a negation so many, may stand in one sentence alone.
_MOST_BESIDE, _MOST_BESIDE_NEGATION = 2, 1
#: From this share of what one side negates the other affirms it.
_CROSSED: Final = 0.75
#: What cannot both hold of one thing where one word stands in the place of the other: a line a set, kinds parted by a stroke.
_OPPOSITES: Final = tuple(
    tuple(frozenset(map(stem, words(kind))) for kind in line.split("/"))
    for line in (
        "rose rise rises rising up gain gained grow grew increase increased climb climbed jump jumped surge surged higher / "
        "fell fall falls falling down drop dropped decline declined decrease decreased shrank plunged slipped tumbled lower / "
        "unchanged steady",
        "raise raised / lower lowered cut / left kept unchanged held",
        "win won wins / lose lost loses",
        "approve approved pass passed adopt adopted confirm confirmed ratified uphold upheld / "
        "reject rejected blocked overturned struck vetoed",
        "convicted guilty / acquitted innocent",
        "survived survive alive / died dead killed",
        "released freed / detained jailed executed killed",
        "agreed accepted / refused rejected declined",
        "holds held holding / collapsed broken",
        "lawful legal constitutional valid / unlawful illegal unconstitutional invalid",
        "accident accidental accidentally / deliberate deliberately intentional intentionally arson",
        "with / without",
        "remain remained stay stayed / leave left resigned quit",
        "support supported backed / oppose opposed",
        "true / false",
        "strengthened / weakened",
        "widened / narrowed",
        "improved / worsened",
        "lifted / imposed",
        "ordered / forbade banned refused",
        "attend attended / boycotted skipped",
    )
)
_SIDES: Final = frozenset().union(*(kind for kinds in _OPPOSITES for kind in kinds))
#: A negation that these qualify leaves more than the plain opposite: "did not open until June", "no longer", "not only".
_QUALIFIED: Final = frozenset(
    words(
        "until till before after since yet longer anymore only just merely if unless whether enough necessarily always all every "
        "say specify disclose elaborate comment believe think"
    )
)
_NEGATORS: Final = frozenset(words("not never no without cannot none nothing neither nor"))


@dataclass(frozen=True, slots=True)
class Opposition:
    """How two sentences oppose each other.

    ``kind`` is ``negation`` or ``semantic``, ``opposed`` the two opposite words, a's first, of the latter. ``is_all`` tells that
    nothing else sets the two apart.
    """

    kind: str
    opposed: tuple[str, str] | None
    is_all: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that says something: what it counts as, and as it stands."""

    key: str
    written: str


@dataclass(frozen=True, slots=True)
class _Alike:
    """How many words stand in both of two sentences, and how many the shorter has that have no opposite.

    ``apart`` is what stands in one alone, place by place: what a has there, and what b has.
    """

    alike: int
    shorter: int
    apart: tuple[tuple[tuple[_Word, ...], tuple[_Word, ...]], ...]

    @property
    def lonely(self) -> int:
        """How many words beside opposite ones the sentence has alone that has more of them."""
        return max(sum(word.key not in _SIDES for some in self.apart for word in some[side]) for side in (0, 1))


def opposition(a: SentenceClaims, b: SentenceClaims, crossed: float) -> Opposition | None:
    """How two sentences that are nearly the same oppose each other; None where they do not plainly do so.

    Args:
        a: one sentence; which comes first only tells which word is whose.
        b: the other.
        crossed: how much of what one negates the other affirms.
    """
    s, t = a.stance, b.stance
    if s.is_hypothetical or t.is_hypothetical or s.is_expecting != t.is_expecting or not _are_of_one_time(a, b):
        return None
    negations = sorted((s.negations, t.negations))
    if negations not in ([0, 0], [0, 1]):
        return None
    met = _aligned(a, b)
    if met.alike + _one_day(a, b) < _FEWEST_ALIKE or met.alike < _SHARE_ALIKE * met.shorter or _is_of_another(a, b, met):
        return None
    opposed = next(_opposed(met), None)
    if negations == [0, 0]:
        return Opposition("semantic", opposed, not met.lonely) if opposed and met.lonely <= _MOST_BESIDE else None
    # What stands in the place of a word of the other side is negated or stated of something else.
    is_swapped = any(mine and others for mine, others in met.apart)
    is_plain = met.lonely <= _MOST_BESIDE_NEGATION and crossed >= _CROSSED
    if is_swapped or opposed or not is_plain or not _QUALIFIED.isdisjoint(_lower(a if s.negations else b)):
        return None
    return Opposition("negation", None, not met.lonely)


def are_alike_but_for_numbers(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether two sentences say the same, word for word, but for their numbers."""
    mine, others = (_keys(_telling(sentence, [(v.start, v.end) for v in sentence.values])) for sentence in (a, b))
    return len(mine) >= _FEWEST_ALIKE and mine == others and _are_of_one_time(a, b)


def _lower(sentence: SentenceClaims) -> list[str]:
    return [word.casefold() for word in WORD.findall(sentence.text[:MOST_CHARS])]


def _are_of_one_time(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether nothing can have changed between the two: they name one day, or neither was surely published later."""
    if _one_day(a, b):
        return True
    if are_of_other_days(a, b):
        return False
    sides = ((a, b), (b, a))
    return not any(is_later(x.published_at, x.published_precision, y.published_at, y.published_precision) for x, y in sides)


def _one_day(a: SentenceClaims, b: SentenceClaims) -> bool:
    return any(may_be_one_day(one, other) for one in a.moments for other in b.moments)


def _aligned(a: SentenceClaims, b: SentenceClaims) -> _Alike:
    mine, others = _telling(a), _telling(b)
    # One way of aligning, whichever comes first.
    is_turned = _keys(mine) > _keys(others)
    first, second = (others, mine) if is_turned else (mine, others)
    alike = 0
    apart = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, _keys(first), _keys(second), autojunk=False).get_opcodes():
        if kind == "equal":
            alike += i_end - i
        else:
            some, other = tuple(first[i:i_end]), tuple(second[j:j_end])
            apart.append((other, some) if is_turned else (some, other))
    shorter = min(sum(word.key not in _SIDES for word in found) for found in (mine, others))
    return _Alike(alike, shorter, tuple(apart))


def _keys(found: Sequence[_Word]) -> list[str]:
    return [word.key for word in found]


def _telling(sentence: SentenceClaims, without: Sequence[tuple[int, int]] = ()) -> list[_Word]:
    """The words that say something, in order, but for those at some spans of the article.

    Those that have an opposite count as their stems, others as they do everywhere.
    """
    found = []
    for match in WORD.finditer(sentence.text[:MOST_CHARS]):
        at = sentence.char_start + match.start()
        if any(start <= at < end for start, end in without):
            continue
        word = match.group().casefold()
        stemmed = stem(word)
        key = stemmed if stemmed in _SIDES else None if word in _NEGATORS else concept(word)
        if key:
            found.append(_Word(key, match.group()))
    return found


def _opposed(met: _Alike) -> Iterator[tuple[str, str]]:
    """Opposite words, one in the place of the other."""
    for mine, others in met.apart:
        for one, other in product(mine, others):
            if any(_on_other_sides(one.key, other.key, kinds) for kinds in _OPPOSITES):
                yield one.written, other.written


def _on_other_sides(one: str, other: str, kinds: Sequence[frozenset[str]]) -> bool:
    side, other_side = (next((at for at, kind in enumerate(kinds) if word in kind), None) for word in (one, other))
    return side is not None and other_side is not None and side != other_side


def _is_of_another(a: SentenceClaims, b: SentenceClaims, met: _Alike) -> bool:
    """Whether names, but for those of whoever says it, or numbers beside the opposition set the two apart."""
    if are_of_two_things(a, b) or (_has_its_own_number(a, b) and _has_its_own_number(b, a)):
        return True
    return all(
        not (sentence.name_concepts - concepts(" ".join(sentence.speakers))).isdisjoint(
            word.key for some in met.apart for word in some[side]
        )
        for side, sentence in enumerate((a, b))
    )


def _has_its_own_number(one: SentenceClaims, other: SentenceClaims) -> bool:
    """Whether a sentence gives a number that none of its dimension in the other meets."""
    return any(all(x.dimension != y.dimension or not intervals_meet(x, y) for y in other.values) for x in one.values)
