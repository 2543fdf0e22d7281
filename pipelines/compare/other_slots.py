"""Other slots: why two values that a search found among like words are of two things after all.

Where nobody picked the pair, most numbers in like words belong to something else: the same poll in another state, the same index
of another city, a part against the whole, the day as seen by two newspapers that quote one sentence. Read one by one, of 86
pairs of numbers that the rules took for contradictions in 957 stories 16 were. What is told here is told of found pairs alone:
whoever picked a pair has seen to it that both sides speak of one thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations
from typing import Final

from pipelines.compare.readings import SentenceClaims
from pipelines.compare.similarity import name_key
from pipelines.compare.values import Clash, Value

#: Kinds of words beside a value (:data:`pipelines.compare.values._TURNS`) that one side may have alone: which way a thing went
#: can be said by many words, and a bound is part of the interval.
_MAY_DIFFER: Final = frozenset({"rise", "fall", "minimum", "maximum"})
#: So many counts of a sentence may add up to what the other states.
_MOST_PARTS: Final = 3
#: What ended so long before an article appeared is not what the article reports.
_LONG_AGO: Final = timedelta(days=45)
#: "remain", "still": what is left is less than what was.
_LEFT: Final = re.compile(r"\b(?:remain(?:s|ed|ing)?|still|left)\b", re.IGNORECASE)
_OF: Final = re.compile(r"\s+of(?:\s+the)?\s+", re.IGNORECASE)
#: Figures of elections, votes and weather come by state in the news of the United States.
_STATE: Final = re.compile(
    r"\b(?:Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana"
    r"|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada"
    r"|New (?:Hampshire|Jersey|Mexico|York)|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island"
    r"|Tennessee|Texas|Utah|Vermont|(?:West )?Virginia|Wisconsin|Wyoming)\b"
)


def is_of_another(a: SentenceClaims, b: SentenceClaims, clash: Clash, *, is_one_quotation: bool) -> bool:
    """Whether two values found among like words belong to two things.

    Args:
        a: the sentence of the one value.
        b: that of the other.
        clash: the values, which do not agree.
        is_one_quotation: whether both sentences quote the same words.
    """
    if clash.kind == "date":
        # "yesterday" is what somebody said on one day, whatever day the article that quotes it appeared.
        return is_one_quotation or clash.surface_a.casefold() == clash.surface_b.casefold()
    one, other = _value_at(a, clash.span_a), _value_at(b, clash.span_b)
    if one is None or other is None:
        return False
    return (
        "vague" in (one.approximation, other.approximation)
        or bool((one.turns ^ other.turns) - _MAY_DIFFER)
        or _is_left(a, one) != _is_left(b, other)
        or _adds_up(one, b.values)
        or _adds_up(other, a.values)
        or _of_another_time(a, b)
        or _of_another_time(b, a)
        or _of_other_people(a, b)
        or _of_other_states(a, b)
        or _of_other_holders(a, one, b, other)
    )


def _value_at(sentence: SentenceClaims, span: tuple[int, int]) -> Value | None:
    return next((value for value in sentence.values if (value.start, value.end) == span), None)


def _is_left(sentence: SentenceClaims, value: Value) -> bool:
    """Whether a count is of those that are left: the verb may stand a clause away."""
    return value.dimension == "count" and bool(_LEFT.search(sentence.text))


def _adds_up(whole: Value, parts: Sequence[Value]) -> bool:
    """Whether the one side gives the parts of what the other gives whole: 65 passengers and six of the crew are 71 people."""
    if whole.dimension != "count" or whole.middle is None:
        return False
    counts = [part.middle for part in parts if part.dimension == "count" and part.middle is not None]
    sums = (sum(some) for size in range(2, _MOST_PARTS + 1) for some in combinations(counts, size))
    return any(made == whole.middle for made in sums)


def _of_another_time(past: SentenceClaims, other: SentenceClaims) -> bool:
    """Whether a sentence looks back ("the worst since 2007, when 23 died") and the other does not look back to the same time."""
    if past.published_at is None:
        return False
    moments = [moment for moment in past.moments if not moment.is_of_saying]
    if not moments or any(moment.end_at > past.published_at - _LONG_AGO for moment in moments):
        return False
    return not any(one.start_at < each.end_at and each.start_at < one.end_at for one in moments for each in other.moments)


def _of_other_people(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether both sentences name people, and none in common; whoever merely says it is not counted."""
    mine, others = _people(a), _people(b)
    return bool(mine and others) and mine.isdisjoint(others)


def _people(sentence: SentenceClaims) -> frozenset[str]:
    people = (name for name, kind in zip(sentence.names, sentence.name_kinds, strict=False) if kind == "person")
    speakers = {name_key(speaker) for speaker in sentence.speakers}
    return frozenset(key for name in people if (key := name_key(name)) and key not in speakers)


def _of_other_states(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether both sentences name states of one country, and none in common."""
    mine, others = (set(_STATE.findall(one.text)) for one in (a, b))
    return bool(mine and others) and mine.isdisjoint(others)


def _of_other_holders(a: SentenceClaims, one: Value, b: SentenceClaims, other: Value) -> bool:
    """Whether, in a sentence that gives several figures of a kind, the two belong to two names: each has its own."""
    if one.dimension not in ("percentage", "percentage_points") or max(_alike(a, one), _alike(b, other)) < 2:
        return False
    mine, others = _holder(a, one), _holder(b, other)
    return mine is None or others is None or mine.isdisjoint(others)


def _alike(sentence: SentenceClaims, value: Value) -> int:
    return sum(each.dimension == value.dimension for each in sentence.values)


def _holder(sentence: SentenceClaims, value: Value) -> frozenset[str] | None:
    """The words of the name that a figure belongs to.

    Whose share it is ("51 percent of Halden's voters"), else the last name before it, back to the figure before, else the first
    after it. None where none stands there: the second of two figures that are set against each other.
    """
    at = sentence.char_start
    figures = [(each.start - at, each.end - at) for each in sentence.values if each.dimension == value.dimension]
    start, end = value.start - at, value.end - at
    before = max((last for _, last in figures if last <= start), default=0)
    after = min((first for first, _ in figures if first >= end), default=len(sentence.text))
    spans = sorted(_name_spans(sentence))
    earlier = [span for span in spans if before <= span[0] and span[1] <= start]
    later = [span for span in spans if end <= span[0] and span[1] <= after]
    is_share = bool(later) and bool(_OF.fullmatch(sentence.text[end : later[0][0]]))
    chosen = later[0] if is_share else earlier[-1] if earlier else later[0] if later else None
    return None if chosen is None else frozenset(sentence.text[slice(*chosen)].casefold().split())


def _name_spans(sentence: SentenceClaims) -> Iterator[tuple[int, int]]:
    for name in set(sentence.names):
        for match in re.finditer(re.escape(name), sentence.text):
            yield match.span()
