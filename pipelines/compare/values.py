"""Values: numbers and days that two sentences give for one slot.

Two values can only quarrel where they measure the same thing: the same dimension, the same thing counted, the same words
around them. Then intervals decide: those that overlap agree ("about 40" and "41"), those that do not conflict, unless the
value is a count that only grows and the later report has more (an update).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from pipelines.compare.similarity import WORD, Weights, concept, concepts, words

#: One word for the many that news has for a thing counted; other nouns count as themselves.
_CLASSES: Final[dict[str, str]] = {
    word: line.split()[0]
    for line in (
        "dead death deaths fatality fatalities body bodies killed corpse corpses lives life killing killings die died",
        "injured injury injuries wounded hurt",
        "meeting meetings talk talks summit negotiation negotiations discussion discussions consultation consultations session "
        "encounter conversation conversations dialogue",
        "call calls phonecall telephone",
        "speech address remarks",
        "votes vote ballot ballots",
        "troops troop soldier soldiers serviceman servicemen servicemember servicemembers personnel",
        "people person persons individual individuals",
        "children child kid kids minor minors boy boys girl girls youngster youngsters",
        "women woman female females",
        "men man male males",
        "police officer officers policeman policemen cop cops",
        "cases case infection infections",
        "jobs job position positions",
        "workers worker employee employees staff staffer staffers",
        "countries country nation nations",
        "missiles missile rocket rockets",
        "drones drone uav uavs",
        "aircraft plane planes jet jets warplane warplanes airplane airplanes",
        "protesters protester protestor protestors demonstrator demonstrators",
        "militants militant fighter fighters gunman gunmen insurgent insurgents rebel rebels terrorist terrorists",
        "weapons weapon gun guns firearm firearms rifle rifles handgun handguns",
        "arrested arrest arrests detained detainee detainees",
        "hearing hearings testimony",
        "wall barrier fence",
    )
    for word in line.split()
}
#: What befell those counted, the first word of ``dead soldiers``; the injured are no part of the dead.
FATES: Final = frozenset({"dead", "injured", "arrested", "missing", "infected", "displaced"})

#: Counts that only grow while an event lasts, by class.
GROWING: Final = frozenset(
    words("dead injured arrested votes cases displaced casualties victims infected hospitalized rescued evacuated")
)
#: Measures that only grow beside such a word: the hectares that have burned.
_GROWING_BESIDE: Final[Mapping[str, frozenset[str]]] = {"area": concepts("burn burned burnt destroyed scorched consumed")}

#: Counts that go up and down while an event lasts: of the missing some are found, and others are missed.
_WAVERING: Final = frozenset(words("missing trapped stranded"))

#: Things of which a story has one: who counts or measures them measures the same.
_ONE_OF_A_KIND: Final = frozenset(
    words("dead injured arrested missing meeting call speech hearing trial wall flight siege battle casualties march sentence")
)
#: Things of which a story has many, or that come with any number.
_MANY_OF_A_KIND: Final = frozenset(words("people year votes against percent time day week month hour minute state other"))

#: Words beside a value that make another quantity of it: a rate, a part, an addition, a change, a limit.
_TURNS: Final[dict[str, str]] = {
    word: line.split()[0]
    for line in (
        "per each apiece every average median",
        "annually annual yearly monthly weekly daily hourly",
        "additional another more extra other others further",
        "fewer less below",
        "rise rose increase increased up gain grew growth jump surge climbed",
        "fall fell drop dropped decline down cut reduce reduced decrease lost loss",
        "maximum most cap limit",
        "minimum least",
        "remaining left rest",
        "initial initially originally original first previously earlier last former",
        "half third quarter",
    )
    for word in line.split()
}

#: Words on either side of a value that tell what it measures.
_NEAR_WORDS: Final = 6
#: From this value of :func:`same_slot` two values are taken for values of one slot.
SAME_SLOT: Final = 0.5

#: A day in one report and a month in the other are seldom of one event where they do not meet.
_OTHER_SIZE: Final = 0.8
#: How far apart a later and an earlier report must be published, where the moment is known.
_LATER: Final = timedelta(hours=1)
_MOST_DAYS: Final = 1_500


@dataclass(frozen=True, slots=True)
class Value:
    """A quantity in a sentence: an interval (None: open), what it counts and the words around it.

    ``counted`` is the class of the thing counted, ``group`` the class of those whom something befell (``dead soldiers``:
    dead, troops); ``near`` the concepts beside it, ``turns`` the kinds of words that make another quantity of it.
    """

    dimension: str
    lower: float | None
    upper: float | None
    unit: str | None
    approximation: str
    counted: str | None
    group: str | None
    surface: str
    start: int
    end: int
    near: frozenset[str]
    turns: frozenset[str]

    @property
    def middle(self) -> float | None:
        """The middle of the interval, or its one bound."""
        if self.lower is None or self.upper is None:
            return self.upper if self.lower is None else self.lower
        return (self.lower + self.upper) / 2


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or period in a sentence, ``[start_at, end_at)``, with the concepts beside it."""

    start_at: datetime
    end_at: datetime
    precision: str
    surface: str
    start: int
    end: int
    near: frozenset[str]
    is_of_saying: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """Two values of one slot: ``kind`` number or date, ``agrees`` where the intervals overlap, ``slot_score`` 0 to 1.

    ``grows``: what is counted only grows while the event lasts; ``wavers``: it goes up and down.
    """

    kind: str
    agrees: bool
    slot: str
    slot_score: float
    surface_a: str
    surface_b: str
    span_a: tuple[int, int]
    span_b: tuple[int, int]
    grows: bool = False
    wavers: bool = False
    higher: str = ""


def class_of(counted: str | None) -> tuple[str | None, str | None]:
    """The class of a thing counted, and of those whom something befell: ``dead soldiers`` -> ``("dead", "troops")``."""
    named = [_CLASSES.get(word, word) for word in (counted or "").casefold().split()[:4]]
    if not named:
        return None, None
    if len(named) > 1 and named[0] in FATES:
        return named[0], named[-1]
    last = named[-1]
    if last in _CLASSES.values() or len(last) < 4 or not last.endswith("s") or last.endswith(("ss", "us", "is")):
        return last, None
    return (last[:-3] + "y" if last.endswith("ies") else last[:-1]), None


@cache
def words_of_class(counted: str) -> frozenset[str]:
    """What the words for a class of things counted count as: of the injured also those of the hurt and the wounded."""
    return concepts(" ".join(word for word, kind in _CLASSES.items() if kind == counted) or counted)


_SAYING: Final = frozenset(
    words(
        "said says say told tells tell tweeted tweets wrote announced stated added reported asked insisted replied statement "
        "interview asserted claimed"
    )
)


_SPEECH_DAYS: Final = frozenset(words("today tonight now tomorrow yesterday"))


def is_quoted(sentence: str, at: int) -> bool:
    """Whether a quotation has been opened and not closed before ``at``."""
    before = sentence[:at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def surroundings(sentence: str, start: int, end: int) -> tuple[frozenset[str], frozenset[str], bool]:
    """Concepts within six words of ``sentence[start:end]``, kinds of turning words within three, and whether it is of saying.

    A day is one of saying where a verb of saying stands within two words.
    """
    before = [match.group() for match in WORD.finditer(sentence, max(0, start - 90), max(0, start))][-_NEAR_WORDS:]
    after = [match.group() for match in WORD.finditer(sentence, end, min(len(sentence), end + 90))][:_NEAR_WORDS]
    near = frozenset(key for key in map(concept, before + after) if key and not key[0].isdigit())
    turns = frozenset(_TURNS[word.lower()] for word in before[-3:] + after[:3] if word.lower() in _TURNS)
    saying = any(word.lower() in _SAYING for word in before[-2:] + after[:1])
    # "today" within a quotation is the day of the speech.
    if sentence[start:end].lower() in _SPEECH_DAYS and is_quoted(sentence, start):
        saying = True
    return near, turns, saying


#: A figure as it is written; its decimals say to what it is rounded.
_WRITTEN: Final = re.compile(r"(\d[\d,]*)(\.\d+)?")


def intervals_meet(one: Value, other: Value) -> bool:
    """Whether the two intervals have a value in common; an open bound reaches as far as it likes.

    A whole number beside one with decimals is a rounded one: 623 points are 623.34.
    """
    if _is_rounded(one, other) or _is_rounded(other, one):
        return True
    if one.lower is not None and other.upper is not None and one.lower > other.upper:
        return False
    return not (one.upper is not None and other.lower is not None and other.lower > one.upper)


def _is_rounded(whole: Value, finer: Value) -> bool:
    """Whether a figure without decimals is what one with decimals, both in the same unit, comes to when it is rounded."""
    if whole.lower is None or whole.lower != whole.upper or finer.lower is None or finer.upper is None:
        return False
    figure, finer_figure = _WRITTEN.search(whole.surface), _WRITTEN.search(finer.surface)
    if figure is None or finer_figure is None or figure[2] or not finer_figure[2]:
        return False
    written = [float(one[0].replace(",", "")) for one in (figure, finer_figure)]
    if written[0] != whole.lower or not finer.lower <= written[1] <= finer.upper:
        return False
    return abs(written[0] - written[1]) <= 0.5


def same_slot(one: Value, other: Value, shared_names: int, cosine: float, weights: Weights) -> float:
    """How likely two values measure the same thing, 0 to 1; 0 where they cannot."""
    if one.dimension != other.dimension or one.unit != other.unit or one.dimension == "ordinal":
        return 0.0
    if one.counted and other.counted:
        if one.counted != other.counted or (one.group and other.group and one.group != other.group):
            return 0.0
    elif one.counted or other.counted:
        # One names what it counts: the other must have that word beside it, or be a measure of an event ("lasted five hours").
        named, bare = (one, other) if one.counted else (other, one)
        key = concept(named.counted or "")
        if one.dimension in ("count", "number") and key not in bare.near:
            return 0.0
    elif one.dimension in ("count", "number") and one.approximation == "vague":
        return 0.0
    near = one.near & other.near
    mass = sum(weights(word) ** 2 for word in sorted(near))
    smaller = min(sum(weights(word) ** 2 for word in sorted(side)) for side in (one.near, other.near))
    local = mass / smaller if smaller else 0.0
    # Hand-set, checked on the pairs of the train set that both have a value of one dimension: values of one slot are close
    # (5 and 6 hours, 58 and 59 dead), those of others lie anywhere (38 and 189 people).
    score = -2.6 + 3.2 * local + 3.0 * cosine + 0.4 * min(shared_names, 2)
    if one.counted and one.counted == other.counted:
        score += 1.8 if one.counted in _ONE_OF_A_KIND else -0.4 if one.counted in _MANY_OF_A_KIND else 0.8
    first, second = one.middle, other.middle
    if first is not None and second is not None and first > 0 and second > 0:
        apart = abs(math.log(first / second))
        score += math.exp(-apart / 0.15) - 0.9 * max(0.0, apart - 0.3)
    score -= 1.8 * len(one.turns ^ other.turns)
    if (one.group is None) != (other.group is None):
        score -= 1.0
    if one.dimension == "age" and not shared_names:
        score -= 1.5
    return 1 / (1 + math.exp(min(50.0, -score)))


def compare_values(
    ones: Sequence[Value], others: Sequence[Value], shared_names: int, cosine: float, weights: Weights
) -> list[Clash]:
    """The values that two sentences give for the same slots: at most one clash a value, the likeliest slot first.

    A value that the other side states too is no conflict, whatever else it states.
    """
    found: list[tuple[float, bool, int, int]] = []
    for i, one in enumerate(ones):
        for j, other in enumerate(others):
            score = same_slot(one, other, shared_names, cosine, weights)
            if score > 0.05:
                found.append((score, intervals_meet(one, other), i, j))
    # Agreement first, so that "five of the six" against "six of the seven" pairs the sixes.
    found.sort(key=lambda item: (not item[1], -item[0], item[2], item[3]))
    used_one: set[int] = set()
    used_other: set[int] = set()
    clashes = []
    for score, agrees, i, j in found:
        if i in used_one or j in used_other:
            continue
        used_one.add(i)
        used_other.add(j)
        one, other = ones[i], others[j]
        if not agrees and (_has_parts(one, ones) or _has_parts(other, others)):
            continue
        first, second, counted = one.middle or 0.0, other.middle or 0.0, one.counted or other.counted
        clashes.append(
            Clash(
                kind="number", agrees=agrees, slot=_slot_of(one, other), slot_score=score, surface_a=one.surface,
                surface_b=other.surface, span_a=(one.start, one.end), span_b=(other.start, other.end),
                grows=_grows(one, other), wavers=counted in _WAVERING, higher="a" if first > second else "b",
            )
        )  # fmt: skip
    return sorted(clashes, key=lambda clash: (clash.agrees, -clash.slot_score, clash.span_a, clash.span_b))


def _grows(one: Value, other: Value) -> bool:
    """Whether what two values measure only grows while the event lasts."""
    if (one.counted or other.counted) in GROWING:
        return True
    return not (one.near & other.near).isdisjoint(_GROWING_BESIDE.get(one.dimension, ()))


def _has_parts(value: Value, values: Sequence[Value]) -> bool:
    """Whether a sentence has several values for the thing counted.

    Parts ("five counts of fraud and two of theft") may add up to what the other side states.
    """
    return value.counted is not None and sum(other.counted == value.counted for other in values) > 1


def _slot_of(one: Value, other: Value) -> str:
    counted = one.counted or other.counted
    if not counted:
        counted = " ".join(sorted(one.near & other.near)[:3])
    return f"number|{one.dimension}|{counted}"


def compare_moments(
    ones: Sequence[Moment], others: Sequence[Moment], shared: Iterable[str], cosine: float, weights: Weights
) -> list[Clash]:
    """The days that two sentences give for one event.

    Most days in news are days of different events, so that the words right beside the two must be shared.
    """
    shared = frozenset(shared)
    found: list[tuple[float, bool, int, int, str]] = []
    for i, one in enumerate(ones):
        for j, other in enumerate(others):
            if one.is_of_saying or other.is_of_saying or not _comparable(one, other):
                continue
            near = one.near & other.near & shared
            mass = sum(weights(word) ** 2 for word in sorted(near))
            smaller = min(sum(weights(word) ** 2 for word in sorted(side)) for side in (one.near, other.near))
            local = mass / smaller if smaller else 0.0
            score = 1 / (1 + math.exp(-(-3.4 + 3.5 * local + 4.5 * cosine)))
            agrees = may_be_one_day(one, other)
            if one.precision != other.precision:
                score *= _OTHER_SIZE
            found.append((score, agrees, i, j, " ".join(sorted(near, key=lambda word: (-weights(word), word))[:2])))
    found.sort(key=lambda item: (not item[1], -item[0], item[2], item[3]))
    used_one: set[int] = set()
    used_other: set[int] = set()
    clashes = []
    for score, agrees, i, j, event in found:
        if i in used_one or j in used_other:
            continue
        used_one.add(i)
        used_other.add(j)
        one, other = ones[i], others[j]
        clashes.append(
            Clash(
                kind="date", agrees=agrees, slot=f"date|{event}", slot_score=score, surface_a=one.surface,
                surface_b=other.surface, span_a=(one.start, one.end), span_b=(other.start, other.end),
            )
        )  # fmt: skip
    return sorted(clashes, key=lambda clash: (clash.agrees, -clash.slot_score, clash.span_a, clash.span_b))


def _comparable(one: Moment, other: Moment) -> bool:
    """Whether two moments are days, months or years of sizes that can meet, and near enough to be of one event."""
    if one.precision == "period" or other.precision == "period":
        return False
    if one.precision != other.precision and "year" in (one.precision, other.precision):
        return False
    return abs((one.start_at - other.start_at).days) <= _MOST_DAYS


_DAYS: Final = words("monday tuesday wednesday thursday friday saturday sunday")
_CALENDAR: Final = re.compile(
    r"\b(?:(monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r"(?: (\d{1,2}))?)\b",
    re.IGNORECASE,
)


def may_be_one_day(one: Moment, other: Moment) -> bool:
    """Whether two days meet, or are called alike."""
    return (one.start_at < other.end_at and other.start_at < one.end_at) or _same_name(one, other)


def _same_name(one: Moment, other: Moment) -> bool:
    """Whether both name the same weekday or month, or one the weekday of the other's date.

    Articles of different days resolve "Friday" to different dates, though one of them rather means the other's Friday.
    """
    first, second = _CALENDAR.search(one.surface), _CALENDAR.search(other.surface)
    if not first or not second:
        return False
    if first[1] and second[1]:
        return first[1].lower() == second[1].lower()
    if first[2] and second[2]:
        return first[2].lower() == second[2].lower() and (first[3] is None or second[3] is None or first[3] == second[3])
    named, dated = (one, other) if first[1] else (other, one)
    weekday = (first[1] or second[1] or "").lower()
    return dated.precision == "day" and _DAYS[dated.start_at.weekday()] == weekday and named.precision == "day"


def is_later(one: datetime | None, one_precision: str, other: datetime | None, other_precision: str) -> bool:
    """Whether ``one`` was surely published after ``other``: by an hour, or, where only days are known, on a later day."""
    if one is None or other is None or "unknown" in (one_precision, other_precision):
        return False
    exact = {"second", "minute"}
    if one_precision in exact and other_precision in exact:
        return one - other >= _LATER
    return one.date() > other.date()
