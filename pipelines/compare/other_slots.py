"""Other slots: why two values that a search found among like words are of two things after all.

Where nobody picked the pair, most numbers in like words belong to something else: the same poll in another state, the same index
of another city, a part against the whole, the day as seen by two newspapers that quote one sentence. Read one by one, of 86
pairs of numbers that the rules took for contradictions in 957 stories 16 were. What is told here is told of found pairs alone:
whoever picked a pair has seen to it that both sides speak of one thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from pipelines.compare.readings import SentenceClaims
from pipelines.compare.similarity import name_key
from pipelines.compare.values import FATES, Clash, Value

#: Kinds of words beside a value (:data:`pipelines.compare.values._TURNS`) that one side may have alone: which way a thing went
#: can be said by many words, a bound is part of the interval, and "left" is also a verb ("left 12 dead").
_MAY_DIFFER: Final = frozenset({"rise", "fall", "minimum", "maximum", "remaining"})
#: So many counts of a sentence may add up to what the other states.
_MOST_PARTS: Final = 3
#: What is left is less than what was: the words, and how far before and after a count they may stand.
_LEFT: Final = re.compile(
    r"\b(?:remain|remained|remaining|still (?:missing|trapped|unaccounted|hospitali[sz]ed|in (?:the )?hospitals?))\b",
    re.IGNORECASE,
)
_LEFT_BEFORE, _LEFT_AFTER = 12, 60
#: A year that the words before a value look back to: "In March 2016, ...", "the worst since 2007, when ...".
_LOOKS_BACK: Final = re.compile(
    r"(?:^In (?:[A-Z][a-z]+ )?(?P<first>(?:19|20)\d\d),|\b(?P<then>(?:19|20)\d\d),? (?:when|after)\b)[^;]*$"
)
#: A share of a group of those asked or counted.
_AMONG: Final = re.compile(r"\bamong\b", re.IGNORECASE)
_OF: Final = re.compile(r"\s+of(?:\s+the)?\s+", re.IGNORECASE)
#: Words between two figures that are set against each other: "43 percent to 39".
_AGAINST: Final = re.compile(r"\s*(?:to|-|–|versus|vs\.?)\s*", re.IGNORECASE)
#: Figures of elections, votes and weather come by state in the news of the United States. Washington is mostly the capital; in
#: "New York Times" no state is spoken of.
_STATE: Final = re.compile(
    r"\b(?:Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana"
    r"|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada"
    r"|New (?:Hampshire|Jersey|Mexico|York)|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island"
    r"|Tennessee|Texas|Utah|Vermont|(?:West )?Virginia|Wisconsin|Wyoming)\b(?! (?:Times|Post|Daily|City|Magazine|Journal|Globe))"
)
#: Words of many names, that make no two of them one.
_COMMON_HEADS: Final = frozenset({"party", "mr", "mrs", "ms", "sen", "senator", "gov", "governor", "rep", "president"})


def is_of_another(a: SentenceClaims, b: SentenceClaims, clash: Clash) -> bool:
    """Whether two numbers found among like words belong to two things.

    Args:
        a: the sentence of the one value.
        b: that of the other.
        clash: the values, numbers that do not agree.
    """
    one, other = a.value_at(clash.span_a), b.value_at(clash.span_b)
    if one is None or other is None:
        return False
    return (
        "vague" in (one.approximation, other.approximation)
        or bool((one.turns ^ other.turns) - _MAY_DIFFER)
        or (one.dimension == "percentage" and bool(_AMONG.search(a.text)) != bool(_AMONG.search(b.text)))
        or _is_left(a, one) != _is_left(b, other)
        or _adds_up(one, other, b.values)
        or _adds_up(other, one, a.values)
        or _looks_back(a, one, b)
        or _looks_back(b, other, a)
        or _of_other_people(a, one, b, other)
        or _of_other_states(a, b)
        or _of_other_holders(a, one, b, other)
    )


def _within(sentence: SentenceClaims, value: Value) -> tuple[int, int]:
    """Where a value stands in the text of its sentence."""
    return value.start - sentence.char_start, value.end - sentence.char_start


def _is_left(sentence: SentenceClaims, value: Value) -> bool:
    """Whether a count is of those that are left; of the missing every count is."""
    if value.counted == "missing":
        return False
    start, end = _within(sentence, value)
    beside = sentence.text[max(0, start - _LEFT_BEFORE) : start], sentence.text[end : end + _LEFT_AFTER]
    return value.dimension == "count" and any(_LEFT.search(words) for words in beside)


def _adds_up(whole: Value, part: Value, values: Sequence[Value]) -> bool:
    """Whether ``part`` and others beside it add up to ``whole``: 65 passengers and six of the crew are 71 people.

    Those whom something else befell (:data:`~pipelines.compare.values.FATES`) are no part: three dead and two injured are not
    five dead.
    """
    if whole.dimension != "count" or whole.middle is None or part.middle is None:
        return False
    counts = [
        other.middle
        for other in values
        if other is not part
        and other.dimension == "count"
        and other.middle is not None
        and (other.counted not in FATES or other.counted == part.counted)
    ]
    sums = (sum(some) for size in range(1, _MOST_PARTS) for some in combinations(counts, size))
    return any(part.middle + made == whole.middle for made in sums)


def _looks_back(past: SentenceClaims, value: Value, other: SentenceClaims) -> bool:
    """Whether a value is of an earlier year that the other sentence does not speak of: "since 2007, when 23 people died"."""
    year = _LOOKS_BACK.search(past.text[: _within(past, value)[0]])
    if year is None or past.published_at is None:
        return False
    named = year["first"] or year["then"]
    return int(named) < past.published_at.year and named not in other.text


def _of_other_people(a: SentenceClaims, one: Value, b: SentenceClaims, other: Value) -> bool:
    """Whether both sentences name people before the value, and none in common; whoever merely says it is not counted."""
    return _share_none(_people(a, one), _people(b, other))


def _people(sentence: SentenceClaims, value: Value) -> frozenset[str]:
    before = sentence.text[: _within(sentence, value)[0]]
    actors = {actor for claim in sentence.claims for actor, _ in claim.hops} | set(sentence.speakers)
    speakers = {name_key(actor) for actor in actors}
    named = (name for name in sentence.named("person") if name in before)
    return frozenset(key for name in named if (key := name_key(name)) and key not in speakers)


def _of_other_states(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether both sentences name states of one country, and none in common."""
    return _share_none(*(frozenset(_STATE.findall(one.text)) for one in (a, b)))


def _share_none(mine: frozenset[str], others: frozenset[str]) -> bool:
    """Whether both sides name some, and none in common."""
    return bool(mine and others) and mine.isdisjoint(others)


def _of_other_holders(a: SentenceClaims, one: Value, b: SentenceClaims, other: Value) -> bool:
    """Whether, in a sentence that gives several figures of a kind, the two belong to two names, or one is the second of a score.

    Where no name stands beside one of them nothing is known.
    """
    if one.dimension not in ("percentage", "percentage_points") or max(_alike(a, one), _alike(b, other)) < 2:
        return False
    mine, others = _holder(a, one), _holder(b, other)
    return mine is not None and others is not None and mine.isdisjoint(others)


def _alike(sentence: SentenceClaims, value: Value) -> int:
    return sum(each.dimension == value.dimension for each in sentence.values)


def _holder(sentence: SentenceClaims, value: Value) -> frozenset[str] | None:
    """The words of the name that a figure belongs to.

    Whose share it is ("51 percent of Halden's voters"), else the last name before it, back to the figure before, else the first
    after it. Empty for the second of two figures that are set against each other ("43 percent to 39"), None where no name stands
    there.
    """
    figures = [_within(sentence, each) for each in sentence.values if each.dimension == value.dimension]
    start, end = _within(sentence, value)
    before = max((last for _, last in figures if last <= start), default=0)
    if before and _AGAINST.fullmatch(sentence.text[before:start]):
        return frozenset()
    after = min((first for first, _ in figures if first >= end), default=len(sentence.text))
    spans = sorted(_name_spans(sentence))
    earlier = [span for span in spans if before <= span[0] and span[1] <= start]
    later = [span for span in spans if end <= span[0] and span[1] <= after]
    is_share = bool(later) and bool(_OF.fullmatch(sentence.text[end : later[0][0]]))
    chosen = later[0] if is_share else earlier[-1] if earlier else later[0] if later else None
    if chosen is None:
        return None
    words = {
        word.strip(".,'’").removesuffix("'s").removesuffix("’s") for word in sentence.text[slice(*chosen)].casefold().split()
    }
    return frozenset(words - _COMMON_HEADS)


def _name_spans(sentence: SentenceClaims) -> Iterator[tuple[int, int]]:
    for name in set(sentence.names):
        for match in re.finditer(re.escape(name), sentence.text):
            yield match.span()
