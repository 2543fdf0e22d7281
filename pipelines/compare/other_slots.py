"""Other slots: why two values that a search found among like words are of two things after all.

Where nobody picked the pair, most numbers in like words belong to something else: the same poll in another state, the same index
of another city, a part against the whole, the day as seen by two newspapers that quote one sentence. Read one by one, of 86
pairs of numbers that the rules took for contradictions in 957 stories 16 were. Of found pairs all of it is asked; of a pair that
somebody picked only its numbers are, for whoever picked it has seen to it that its days are of one event.
"""

from __future__ import annotations

import re
from calendar import day_name, month_name
from collections.abc import Iterator, Sequence
from datetime import timedelta
from difflib import SequenceMatcher
from itertools import combinations
from typing import Final

from pipelines.compare.readings import SentenceClaims
from pipelines.compare.similarity import WORD, concepts, name_key, words
from pipelines.compare.values import FATES, Clash, Moment, Value, class_of, intervals_meet, may_be_one_day, words_of_class

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
#: Words of which a sentence that has one is not about what the others say: a line a set, kinds parted by a stroke.
_CONTRASTS: Final = tuple(
    tuple(frozenset(kind.split()) for kind in line.split("/"))
    for line in (
        "north northern / south southern / east eastern / west western",
        "women woman girls / men man boys",
        "adults / children",
        "upper / lower",
        "first / second / third / fourth / final / runoff / semi-final semifinal / quarter-final",
        "opened opening / closed closing",
        "net / operating / gross / pretax",
        "earthquake quake / aftershock",
        "sentenced jailed / asked asks sought seeks demanded demands requested wants",
        "capital city / countryside provinces",
    )
)
#: "for the first time" says nothing of which one it was.
_TIME_OF_SEVERAL: Final = re.compile(r"\bfor (?:the|an?) \w+ (?:straight |consecutive )?time\b")
#: Months by name; "May" only where it is no verb.
_MONTH: Final = re.compile(
    rf"\b(?:{'|'.join(month for month in month_name if month and month != 'May')}"
    r"|(?<=\b[Ii]n )May|(?<=\bthe )May|(?<=\b[Oo]f )May|(?<=\b[Ss]ince )May|May(?= \d))\b"
)
_LOWER_WORD: Final = re.compile(r"[a-z][a-z-]*")
#: Another of the kind: "a second suspect", "in a separate shooting".
_ANOTHER: Final = re.compile(
    r"\ban? (?:second|third|fourth)\b(?! (?:fewer|more|less|lower|higher|smaller|larger|of|as|time|day|week|month|year)\b)"
    r"|\b(?:another|separate)\b",
    re.IGNORECASE,
)
#: A count that may or may not hold the one who did it.
_WITH_HIMSELF: Final = re.compile(
    r"\b(?:including|and|plus|besides|among them) (?:the |an? )?"
    r"(?:attacker|gunman|bomber|shooter|assailant|pilot|driver|suspect)\b"
    r"|\b(?:him|her)self\b",
    re.IGNORECASE,
)
#: The stretch that a figure covers: words that say so on one side alone, and words that tell only beside others of their kind
#: ("the highest since 2020" covers no stretch); and its rate.
_WINDOW: Final = re.compile(
    r"\b(?:in|over|during|for) the (?:past|last|full) \w+|\bover \w+ (?:years|months|weeks)\b"
    r"|\b(?:first|second|third|fourth)[- ]quarter\b|\bfull[- ]year\b",
    re.IGNORECASE,
)
_AGAINST_THEN: Final = re.compile(r"\bsince \w+|\bfrom (?:a (?:year|month|week) (?:ago|earlier|before)|[A-Z]\w+)\b")
_RATE: Final = re.compile(r"\s*(?:\w+\s){0,2}?(?:an?|per|every|each) (day|week|month|year|hour|minute|second)\b", re.IGNORECASE)
#: A number of some of those whom a count may hold.
_SOME_OF_THEM: Final = re.compile(
    r"[\w,.-]+ (?:women|men|children|soldiers|civilians|girls|boys|officers|passengers|students)\b", re.IGNORECASE
)
#: A number of some of a group, and the noun of the group: "two of the injured".
_PART_OF: Final = re.compile(r"\s+of (?:the|those|these|its|their|his|her|our) (\w+)(?: (\w+))?", re.IGNORECASE)
#: Verbs that any figure may have: what it measures is said by other words.
_ANY_FIGURE: Final = concepts(
    "stand stood come came reach reached hit remain remained rise rose fall fell total totaled average averaged put set see saw "
    "show showed percent point"
)
#: Dimensions of figures that measure anything: a rate, a share, a sum.
_OF_ANYTHING: Final = frozenset({"percentage", "percentage_points", "money"})
#: A figure that is no small number.
_FIGURE: Final = re.compile(r"\d[\d,]*\.\d+|\d[\d,]*\d")
#: So many figures of one kind in a sentence are a list, each of something else.
_A_LIST: Final = 5
#: So many shares in each of two sentences, none of which agree, are those of two polls, two states or two measures.
_SHARES: Final = 2
#: Before a figure of a moment, where the other side has that of the whole day, and how far before it may stand.
_OF_A_MOMENT: Final = re.compile(
    r"\b(?:briefly|momentarily|intraday|at one (?:point|stage)|as (?:much|high|low) as"
    r"|(?:is|are) (?:now |already )?(?:down|up))\b[^.;]*$",
    re.IGNORECASE,
)
_MOMENT_BEFORE: Final = 40
#: Where and by whom an article was written: "PORT ALMA, Varda, March 7 (Northwire) - ".
_DATELINE: Final = re.compile(r"[A-Z]{3}.{0,80}?(?:\) ?|\s)(?:-|–|—)\s")
#: So few words are alike in two sentences of two happenings.
_FEW_WORDS: Final = 2
#: Before a place where something happened.
_WHERE: Final = re.compile(r"\b(?:in|at|near|outside|off)(?: [\w-]+)? $", re.IGNORECASE)
#: Words beside the day of a statement that an article quotes by itself.
_STATEMENT: Final = concepts("write wrote written editorial column tweet speech letter")
#: What was to be and came otherwise.
_WAS_PLANNED: Final = re.compile(
    r"\b(?:(?:had been|was|were) (?:expected|scheduled|due|set|planned|supposed|slated) to|originally|initially)\b", re.IGNORECASE
)
#: Before a day: something lasted until then, or was so since.
_BOUNDING: Final = re.compile(
    r"\b(?:as of|since|until|till|by|before|after|from|than)(?: (?:late|early|mid|last|the))?\s*$", re.IGNORECASE
)
#: What comes round: that of another year is another one.
_ROUNDS: Final = concepts(
    "election nomination primary primaries caucus campaign ticket race midterm convention referendum vote season league cup "
    "championship olympics games budget census festival summit conference anniversary edition model debate"
)
#: What ended so long before its article appeared is background to the news.
_LONG_AGO: Final = timedelta(days=20)
#: Scores and votes belong to two sides and are no parts of each other.
_OF_TWO_SIDES: Final = frozenset({"score", "votes", "against"})
#: Days and months are no names of things.
_CALENDAR: Final = frozenset(word.casefold() for names in (day_name, month_name) for word in names if word)
#: What follows the name of whoever counted.
_SAYS: Final = frozenset(
    words(
        "say says said report reports reported find finds found show shows showed estimate estimates estimated poll survey study"
    )
)
#: Words in the place of which another name makes another thing of the sentence, at most so many.
_MOST_REPLACED: Final = 2
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
        or (one.dimension == "percentage" and _only_one_says(_AMONG, a, b))
        or _is_left(a, one) != _is_left(b, other)
        or _adds_up(one, other, b.values)
        or _adds_up(other, one, a.values)
        or _looks_back(a, one, b)
        or _looks_back(b, other, a)
        or _of_other_people(a, one, b, other)
        or _of_other_states(a, b)
        or _of_other_holders(a, one, b, other)
        or are_of_other_days(a, b)
        or _are_of_other_months(a, b)
        or _are_of_other_places(a, one, b, other)
        or _are_of_other_shares(a, b, one.dimension)
        or _is_of_a_moment(a, one) != _is_of_a_moment(b, other)
        or are_of_two_things(a, b)
        or _is_also_given(one, b, other)
        or _is_also_given(other, a, one)
        or _stands_unread(a, one, b)
        or _stands_unread(b, other, a)
        or max(_alike(a, one), _alike(b, other)) >= _A_LIST
        or _was_planned_otherwise(a, b)
        or _is_some_of_them(a, one, b, other)
        or _is_some_of_them(b, other, a, one)
        or _are_of_parts(a, one, b, other)
        or _share_no_subject(one, other)
        or _is_of_the_past(a, one, b)
        or _is_of_the_past(b, other, a)
        or _is_with_himself(a, one, b, other)
        or _of_another_stretch(a, one, b, other)
    )


def is_day_of_another(a: SentenceClaims, b: SentenceClaims, clash: Clash) -> bool:
    """Whether two days found among like words are those of two things. Arguments as for :func:`is_of_another`."""
    return (
        are_of_two_things(a, b)
        or _is_another_round(a, b, clash)
        or _is_of_other_first(a, b)
        or _is_one_a_bound(a, b, clash)
        or _was_planned_otherwise(a, b)
        or _are_days_of_two_statements(a, b, clash)
    )


def are_of_two_things(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether another name in one place, another of a kind or contrasting words set two sentences apart, whatever they give."""
    return _is_another_name_in_its_place(a, b) or _is_another_of_its_kind(a, b) or _are_contrasted(a, b)


def are_of_other_days(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether both sentences give days of what happened, and none in common: Saturday's cold is not Sunday's."""
    mine, others = _days(a), _days(b)
    return bool(mine and others) and not any(may_be_one_day(one, other) for one in mine for other in others)


def _are_of_other_months(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether both sentences name months, and none in common: a March poll is not a May poll."""
    return _share_none(*(frozenset(_MONTH.findall(one.text)) for one in (a, b)))


def _are_of_other_places(a: SentenceClaims, one: Value, b: SentenceClaims, other: Value) -> bool:
    """Whether both counts are of what happened in a place, and hardly a word is alike: "killed in El Paso" / "dead in Dayton".

    Where more is alike one may name the town and the other its country.
    """
    if one.dimension != "count" or other.dimension != "count":
        return False
    places, others = _places(a), _places(b)
    alike = (a.bag.words & b.bag.words) - a.name_concepts - b.name_concepts
    return _share_none(places, others) and len(alike) <= _FEW_WORDS


def _places(sentence: SentenceClaims) -> frozenset[str]:
    """The words of the places in which something happened; where it was written, before a dash, is none."""
    dateline = _DATELINE.match(sentence.text)
    text = sentence.text[dateline.end() :] if dateline else sentence.text
    names = (name for name in sentence.named("place") if name in text)
    return frozenset().union(*(concepts(name) for name in names if _WHERE.search(text[: text.index(name)])))


def _is_of_a_moment(sentence: SentenceClaims, value: Value) -> bool:
    """Whether a figure is one that stood for a moment; whoever died did not die briefly."""
    start, _ = _within(sentence, value)
    return value.counted not in FATES and bool(_OF_A_MOMENT.search(sentence.text[max(0, start - _MOMENT_BEFORE) : start]))


def _are_of_other_shares(a: SentenceClaims, b: SentenceClaims, dimension: str) -> bool:
    """Whether values are shares of which both sentences give several, and none in common: two polls, or one poll in two states.

    Two reports of one poll agree about most of it; of a vote between two, whose shares make up a hundred, they agree about
    both or none.
    """
    if dimension != "percentage":
        return False
    mine, others = ([value for value in sentence.values if value.dimension == dimension] for sentence in (a, b))
    if min(len(mine), len(others)) < _SHARES:
        return False
    if all(len(shares) == _SHARES and abs(sum(v.middle or 0 for v in shares) - 100) < 1.5 for shares in (mine, others)):
        return False
    return not any(intervals_meet(value, its) for value in mine for its in others)


def _are_days_of_two_statements(a: SentenceClaims, b: SentenceClaims, clash: Clash) -> bool:
    """Whether two days are those on which two people, or two bodies, said something: two newspapers' editorials."""
    times = _moments_of(a, b, clash)
    if len(times) < 2 or (times[0].near & times[1].near).isdisjoint(_STATEMENT):
        return False
    people = [one.person_keys for one in (a, b)]
    bodies = [frozenset(name.casefold() for name in one.named("organization")) for one in (a, b)]
    return _share_none(*people) or (not any(people) and _share_none(*bodies))


def _moments_of(a: SentenceClaims, b: SentenceClaims, clash: Clash) -> list[Moment]:
    """The moments of a clash of days, that of ``a`` first."""
    return [
        moment
        for sentence, span in ((a, clash.span_a), (b, clash.span_b))
        for moment in sentence.moments
        if (moment.start, moment.end) == span
    ]


def _days(sentence: SentenceClaims) -> list[Moment]:
    return [moment for moment in sentence.moments if not moment.is_of_saying and moment.precision != "period"]


def _is_another_name_in_its_place(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether one sentence has another name where the other has one, between the same words ("in Marland" / "in Vestria")."""
    words, other_words = WORD.findall(a.text), WORD.findall(b.text)
    mine, others = [word.casefold() for word in words], [word.casefold() for word in other_words]
    named, other_named = _words_of_names(a), _words_of_names(b)
    for kind, i, i_end, j, j_end in SequenceMatcher(None, mine, others, autojunk=False).get_opcodes():
        if kind != "replace" or max(i_end - i, j_end - j) > _MOST_REPLACED or i_end == len(mine) or j_end == len(others):
            continue
        if (i == 0) != (j == 0) or mine[i_end] in _SAYS:
            continue
        is_name = all(word[0].isupper() for word in (*words[i:i_end], *other_words[j:j_end]))
        if is_name and not (named.isdisjoint(mine[i:i_end]) and other_named.isdisjoint(others[j:j_end])):
            return True
    return False


def _words_of_names(sentence: SentenceClaims) -> frozenset[str]:
    """The words of its names, but for days and months, and for those of whoever says it: two polls may ask about one thing."""
    saying = _CALENDAR | {word for actor in _actors(sentence) for word in WORD.findall(actor.casefold())}
    return frozenset(word.casefold() for name in sentence.names for word in WORD.findall(name)) - saying


def _is_another_of_its_kind(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether one sentence alone says that it is about another one of a kind."""
    return _only_one_says(_ANOTHER, a, b)


def _is_another_round(a: SentenceClaims, b: SentenceClaims, clash: Clash) -> bool:
    """Whether two years or months are of two rounds of what comes round: "the 2016 nomination", "the December debate"."""
    times = [moment for moment in _moments_of(a, b, clash) if moment.precision in ("year", "month")]
    return len(times) > 1 and not (times[0].near & times[1].near).isdisjoint(_ROUNDS)


def _is_of_other_first(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether each sentence first names a person whom the other does not name: captions of two senators."""
    firsts = [next((key for name in one.named("person") if (key := name_key(name))), None) for one in (a, b)]
    return firsts[0] not in (None, *b.bag.words) and firsts[1] not in (None, *a.bag.words)


def _is_one_a_bound(a: SentenceClaims, b: SentenceClaims, clash: Clash) -> bool:
    """Whether only one of two days is one until, since or as of which something was so."""
    before, other_before = (
        bool(_BOUNDING.search(one.text[: start - one.char_start])) for one, (start, _) in ((a, clash.span_a), (b, clash.span_b))
    )
    return before != other_before


def _was_planned_otherwise(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether only one sentence tells what had been planned."""
    return _only_one_says(_WAS_PLANNED, a, b)


def _only_one_says(pattern: re.Pattern[str], a: SentenceClaims, b: SentenceClaims) -> bool:
    return bool(pattern.search(a.text)) != bool(pattern.search(b.text))


def _are_contrasted(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether each sentence has a word that sets it apart from the other: men and women, opened and closed, March and May."""
    mine, others = (frozenset(_LOWER_WORD.findall(_TIME_OF_SEVERAL.sub(" ", one.text.casefold()))) for one in (a, b))
    for kinds in _CONTRASTS:
        one, other = ({at for at, kind in enumerate(kinds) if not kind.isdisjoint(words)} for words in (mine, others))
        if one - other and other - one:
            return True
    return False


def _is_also_given(value: Value, other: SentenceClaims, its: Value) -> bool:
    """Whether the other sentence gives the figure as well, of what may be the same: "31 people, including 23 soldiers"."""
    return any(
        each is not its
        and _is_of_one_measure(each, value)
        and (each.lower, each.upper) == (value.lower, value.upper)
        and each.counted not in _OF_TWO_SIDES
        and not (each.counted in FATES and value.counted in FATES and each.counted != value.counted)
        for each in other.values
    )


def _is_of_one_measure(one: Value, other: Value) -> bool:
    counts = ("count", "number")
    return (one.dimension in counts and other.dimension in counts) or (one.dimension, one.unit) == (other.dimension, other.unit)


def _stands_unread(sentence: SentenceClaims, value: Value, other: SentenceClaims) -> bool:
    """Whether the figure stands in the other sentence too, where nobody has read it as one ("by 230-197 and 229-198")."""
    figure = _FIGURE.search(sentence.text[slice(*_within(sentence, value))])
    if figure is None:
        return False
    read = [_within(other, each) for each in other.values]
    return any(
        not any(start <= found.start() < end for start, end in read)
        for found in re.finditer(rf"(?<![\d.,]){re.escape(figure[0])}(?![\d]|[.,]\d)", other.text)
    )


def _is_some_of_them(part: SentenceClaims, value: Value, whole: SentenceClaims, its: Value) -> bool:
    """Whether a smaller count is of the women, children or soldiers among those whom the other counts."""
    if value.middle is None or its.middle is None or value.middle >= its.middle:
        return False
    mine, others = (_SOME_OF_THEM.match(one.text, _within(one, each)[0]) for one, each in ((part, value), (whole, its)))
    return mine is not None and others is None


def _are_of_parts(a: SentenceClaims, one: Value, b: SentenceClaims, other: Value) -> bool:
    """Whether one number is of some of those counted ("two of the injured") and the sentences say nothing else of them alike."""
    if one.dimension != "count" or one.counted is None:
        return False
    parts = [_PART_OF.match(sentence.text, _within(sentence, value)[1]) for sentence, value in ((a, one), (b, other))]
    is_of_group = any(class_of(noun)[0] == one.counted for part in parts if part is not None for noun in part.groups())
    return is_of_group and not (one.near & other.near) - words_of_class(one.counted)


def _share_no_subject(one: Value, other: Value) -> bool:
    """Whether of two rates, shares or sums nothing but a verb of any figure is alike: "it stood at", "inflation stood at"."""
    if one.dimension not in _OF_ANYTHING or one.counted or other.counted:
        return False
    return not (one.near & other.near) - _ANY_FIGURE


def _is_of_the_past(past: SentenceClaims, value: Value, other: SentenceClaims) -> bool:
    """Whether the day nearest to a value is long past, and no day that the other sentence names: "30 people died in July"."""
    days = _days(past)
    if value.dimension != "count" or not days or past.published_at is None:
        return False
    nearest = min(days, key=lambda day: (abs(day.start - value.start), day.start))
    if past.published_at - nearest.end_at < _LONG_AGO:
        return False
    return not any(may_be_one_day(nearest, day) for day in other.moments)


def _is_with_himself(a: SentenceClaims, one: Value, b: SentenceClaims, other: Value) -> bool:
    """Whether one more or less is the one who did it."""
    if one.dimension != "count" or one.middle is None or other.middle is None or abs(one.middle - other.middle) != 1:
        return False
    return any(_WITH_HIMSELF.search(sentence.text) for sentence in (a, b))


def _of_another_stretch(a: SentenceClaims, one: Value, b: SentenceClaims, other: Value) -> bool:
    """Whether the figures cover other stretches ("on Monday" / "since January") or are of another rate ("a month" / "a year")."""
    windows, other_windows = ({found.casefold() for found in _WINDOW.findall(sentence.text)} for sentence in (a, b))
    then, other_then = (frozenset(_AGAINST_THEN.findall(sentence.text)) for sentence in (a, b))
    rate, other_rate = (_RATE.match(sentence.text, _within(sentence, value)[1]) for sentence, value in ((a, one), (b, other)))
    return (
        windows != other_windows
        or _share_none(then, other_then)
        or (rate and rate[1].casefold()) != (other_rate and other_rate[1].casefold())
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
    if whole.dimension != "count" or whole.middle is None or part.middle is None or whole.counted in _OF_TWO_SIDES:
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


def _actors(sentence: SentenceClaims) -> set[str]:
    return {actor for claim in sentence.claims for actor, _ in claim.hops} | set(sentence.speakers)


def _people(sentence: SentenceClaims, value: Value) -> frozenset[str]:
    before = sentence.text[: _within(sentence, value)[0]]
    speakers = {name_key(actor) for actor in _actors(sentence)}
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
