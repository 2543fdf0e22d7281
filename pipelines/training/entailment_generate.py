"""Pairs made from train articles at train time: what public inference data and hand-labelled pairs have too few of.

A sentence of news, and the same sentence (or one of another outlet that was labelled as saying the same) with a number, a day,
a place, a word turned into its opposite, a negation put in or taken out, or wrapped into a denial; and beside each of them a
look-alike that keeps the peace: a bound that covers the value, the same words merely attributed, a refusal to comment, a
denial of something else. Nothing of it is stored.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Final

#: A made pair: text, text, relation.
Made = tuple[str, str, str]

_NUMBER: Final = re.compile(r"(?<![\w.,$-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w-]|[.,:]\d|st\b|nd\b|rd\b|th\b)")
_WORD_NUMBERS: Final = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
]
_WORD_NUMBER: Final = re.compile(rf"\b({'|'.join(_WORD_NUMBERS)})\b(?= \w)")
_DAYS: Final = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DAY: Final = re.compile(rf"\b({'|'.join(_DAYS)})\b")
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]  # May is a verb as well
_MONTH: Final = re.compile(rf"\b({'|'.join(_MONTHS)})\b")
_PLACES: Final = [
    "Russia",
    "China",
    "Iran",
    "Israel",
    "Germany",
    "France",
    "Britain",
    "Canada",
    "Mexico",
    "Turkey",
    "Syria",
    "Iraq",
    "Afghanistan",
    "Pakistan",
    "India",
    "Japan",
    "Ukraine",
    "Venezuela",
    "Cuba",
    "Egypt",
    "Yemen",
    "Libya",
    "Poland",
    "Italy",
    "Spain",
    "Brazil",
    "Texas",
    "California",
    "Florida",
    "Ohio",
    "Michigan",
    "Wisconsin",
    "Pennsylvania",
    "Virginia",
    "Arizona",
    "Nevada",
    "Iowa",
    "Georgia",
    "Minnesota",
    "Colorado",
    "Oregon",
    "Washington",
    "Moscow",
    "Beijing",
    "London",
    "Paris",
    "Berlin",
    "Chicago",
    "Houston",
    "Miami",
    "Boston",
    "Seattle",
    "Dallas",
    "Atlanta",
    "Denver",
    "Detroit",
    "Philadelphia",
]
_PLACE: Final = re.compile(rf"(?<=\bin )({'|'.join(_PLACES)})\b(?! [A-Z])")
_BOUND: Final = re.compile(
    r"(?i)\b(?:more than|at least|over|about|around|nearly|almost|some|up to|less than|fewer than|roughly|estimated|"
    r"approximately|between|under|as many as|section|article|page|rep\.|h\.r\.|no\.|age|aged)\s+(?:the )?\$?$"
)
_AUX: Final = re.compile(
    r"\b(is|are|was|were|will|would|could|should|can|has|have|had|does|did|do)\b(?! (?:not|no|never)\b|n't)(?= (?!\w+n't)[a-z])"
)
_NOT: Final = re.compile(r"\b(is|are|was|were|will|would|could|should|can|has|have|had|does|did|do)(?: not\b|n't\b|n’t\b)")
#: Words and their opposites in the same form.
_OPPOSITES: Final[tuple[tuple[str, str], ...]] = (
    ("approved", "rejected"),
    ("accepted", "rejected"),
    ("agreed", "refused"),
    ("rose", "fell"),
    ("increased", "decreased"),
    ("increase", "decrease"),
    ("won", "lost"),
    ("winning", "losing"),
    ("win", "lose"),
    ("passed", "failed"),
    ("supported", "opposed"),
    ("supports", "opposes"),
    ("support", "oppose"),
    ("legal", "illegal"),
    ("guilty", "not guilty"),
    ("confirmed", "denied"),
    ("upheld", "overturned"),
    ("alive", "dead"),
    ("accidental", "deliberate"),
    ("true", "false"),
    ("safe", "dangerous"),
    ("constitutional", "unconstitutional"),
    ("before", "after"),
    ("more", "fewer"),
    ("higher", "lower"),
    ("best", "worst"),
    ("strong", "weak"),
    ("allowed", "banned"),
    ("allow", "ban"),
    ("open", "closed"),
    ("opened", "closed"),
    ("started", "stopped"),
    ("gained", "lost"),
    ("success", "failure"),
    ("successful", "failed"),
    ("public", "secret"),
    ("peaceful", "violent"),
    ("majority", "minority"),
    ("first", "last"),
    ("joined", "left"),
    ("released", "jailed"),
    ("hired", "fired"),
    ("raise", "cut"),
    ("raised", "lowered"),
    ("improved", "worsened"),
    ("included", "excluded"),
    ("praised", "criticized"),
    ("likely", "unlikely"),
    ("possible", "impossible"),
    ("enough", "too little"),
    ("reached", "failed to reach"),
    ("knew", "did not know"),
    ("resumed", "suspended"),
    ("victory", "defeat"),
    ("unanimously", "narrowly"),
    ("early", "late"),
    ("kept", "broke"),
)
_OPPOSITE_OF: Final = dict(_OPPOSITES) | {other: one for one, other in _OPPOSITES if " " not in other}
_OPPOSITE: Final = re.compile(rf"\b({'|'.join(sorted(_OPPOSITE_OF, key=len, reverse=True))})\b")
_DENYING: Final = (
    "{who} denied that {s}.",
    "{who} has denied that {s}.",
    "{who} flatly denied that {s}.",
    "{who} said it was not true that {s}.",
    "{who} dismissed as false reports that {s}.",
    "{who} rejected the claim that {s}.",
    "{who} disputed the account that {s}.",
    "There is no evidence that {s}, {who} said.",
    "“It is a lie that {s},” {who} said.",
    "{who} called it “fake news” that {s}.",
    "{who} pushed back on the suggestion that {s}.",
    "{who} refuted reports that {s}.",
    "{who} insisted it was wrong to say that {s}.",
    "The idea that {s} is ridiculous, {who} said.",
    "{who} does not believe that {s}.",
    "{who} said it was “simply untrue” that {s}.",
    "Contrary to reports, it is not the case that {s}.",
    "{who} cast doubt on whether {s}.",
    "{who} rejected the notion that {s} as absurd.",
)
_KEEPING: Final = (
    ("{who} said that {s}.", "corroboration"),
    ("{who} confirmed that {s}.", "corroboration"),
    ("It emerged that {s}.", "corroboration"),
    ("According to {who}, {s}.", "corroboration"),
    ("{who} acknowledged that {s}.", "corroboration"),
    ("{who} declined to comment on reports that {s}.", "compatible"),
    ("{who} was asked whether {s}.", "compatible"),
    ("{who} did not deny that {s}.", "compatible"),
    ("{who} would neither confirm nor deny that {s}.", "compatible"),
    ("It is not clear whether {s}.", "compatible"),
    ("{who} did not say whether {s}.", "compatible"),
    ("{who} has repeatedly claimed that {s}.", "corroboration"),
    ("{who} expects that {s}.", "compatible"),
)
_WHO: Final = (
    "A spokesman",
    "A spokeswoman",
    "The White House",
    "The president",
    "Officials",
    "His lawyer",
    "The company",
    "The ministry",
    "The senator",
    "Her campaign",
    "The police",
    "The government",
    "Democrats",
    "Republicans",
    "A person familiar with the matter",
    "He",
    "She",
    "The department",
    "The family",
    "The Kremlin",
    "Critics",
)


def make_pairs(one: str, other: str, elsewhere: Sequence[str], rng: random.Random) -> Iterator[Made]:
    """What can be made of two texts that say the same (or of one, given twice).

    Args:
        one: a sentence that stays as it is.
        other: the sentence that is changed.
        elsewhere: sentences about something else.
        rng: draws what is made.
    """
    makers = [_numbers, _days, _places, _opposites, _negations, _denials, _denials, _keeping]
    for maker in rng.sample(makers, 4):
        yield from maker(one, other, elsewhere, rng)


def _numbers(one: str, other: str, elsewhere: Sequence[str], rng: random.Random) -> Iterator[Made]:
    found = [m for m in _NUMBER.finditer(other) if not 1900 <= float(m.group(1).replace(",", "")) <= 2100]
    found = [m for m in found if not _BOUND.search(other[: m.start()])]
    if found:
        match = rng.choice(found)
        value = float(match.group().replace(",", ""))
        up, down = value * rng.choice((1.2, 1.5, 2, 3)) + 1, value / rng.choice((1.3, 2, 3))
        shown = [_like(v, match.group()) for v in (up, down)]
        head, tail = other[: match.start()], other[match.end() :]
        changed = rng.choice([s for s in shown if s != match.group()] or [str(int(value) + 2)])
        yield one, head + changed + tail, "contradiction"
        if not head.endswith("$") and down >= 2:
            yield one, head + rng.choice(("more than ", "at least ", "over ")) + shown[1] + tail, "compatible"
            yield one, head + rng.choice(("more than ", "at least ")) + shown[0] + tail, "contradiction"
            yield one, head + rng.choice(("about ", "nearly ", "some ", "around ")) + match.group() + tail, "corroboration"
        return
    for match in _WORD_NUMBER.finditer(other):
        if _BOUND.search(other[: match.start()]):
            continue
        word = rng.choice([w for w in _WORD_NUMBERS if w != match.group()])
        yield one, other[: match.start()] + word + other[match.end() :], "contradiction"
        break


def _like(value: float, shown: str) -> str:
    if "." in shown:
        return f"{value:.{len(shown.split('.')[1])}f}"
    return f"{round(value):,}" if "," in shown or value >= 10_000 else str(round(value))


def _swap(pattern: re.Pattern[str], names: Sequence[str], one: str, other: str, rng: random.Random) -> Iterator[Made]:
    match = pattern.search(other)
    if match and match.group(1) in one:
        name = rng.choice([n for n in names if n not in one and n not in other] or [""])
        if name:
            yield one, other[: match.start()] + name + other[match.end() :], "contradiction"


def _days(one: str, other: str, elsewhere: Sequence[str], rng: random.Random) -> Iterator[Made]:
    made = list(_swap(_DAY, _DAYS, one, other, rng)) or list(_swap(_MONTH, _MONTHS, one, other, rng))
    yield from made


def _places(one: str, other: str, elsewhere: Sequence[str], rng: random.Random) -> Iterator[Made]:
    yield from _swap(_PLACE, _PLACES, one, other, rng)


def _opposites(one: str, other: str, elsewhere: Sequence[str], rng: random.Random) -> Iterator[Made]:
    found = list(_OPPOSITE.finditer(other))
    if found:
        match = rng.choice(found)
        yield one, other[: match.start()] + _OPPOSITE_OF[match.group()] + other[match.end() :], "contradiction"


def _negations(one: str, other: str, elsewhere: Sequence[str], rng: random.Random) -> Iterator[Made]:
    match = _NOT.search(other)
    if match:
        yield one, other[: match.start()] + match.group(1) + other[match.end() :], "contradiction"
        return
    match = _AUX.search(other)
    if match:
        word = match.group(1)
        negated = rng.choice(
            (f"{word} not", f"{word}n't" if word not in ("will", "can") else {"will": "won't", "can": "can't"}[word])
        )
        yield one, other[: match.start()] + negated + other[match.end() :], "contradiction"


def _clause(sentence: str) -> str | None:
    """A sentence as a clause after "that", None where it does not make one."""
    text = sentence.strip().rstrip(".").strip()
    if not 6 <= len(text.split()) <= 32 or re.search(r"[“”\"?!:;]", text) or text.startswith(("But ", "And ", "It ", "This ")):
        return None
    return (
        text
        if text.split()[0] in ("Mr.", "Mrs.") or text[:2].isupper() or (text.split()[0].istitle() and _is_name(text))
        else (text[0].lower() + text[1:])
    )


def _is_name(text: str) -> bool:
    """Whether the first word is likely a name: the one after it is one too, or it is no usual opener."""
    words = text.split()
    return words[0].lower() not in _OPENERS


_OPENERS: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "he",
        "she",
        "they",
        "we",
        "in",
        "on",
        "at",
        "for",
        "after",
        "before",
        "when",
        "while",
        "as",
        "if",
        "his",
        "her",
        "their",
        "its",
        "there",
        "some",
        "many",
        "most",
        "both",
        "all",
        "no",
        "one",
        "two",
        "three",
        "officials",
        "police",
        "critics",
        "according",
        "since",
        "during",
        "with",
        "by",
        "from",
        "that",
        "these",
        "those",
        "still",
        "now",
        "then",
    ]
)


def _denials(one: str, other: str, elsewhere: Sequence[str], rng: random.Random) -> Iterator[Made]:
    clause = _clause(other)
    if clause:
        yield one, rng.choice(_DENYING).format(who=rng.choice(_WHO), s=clause), "contradiction"
    if elsewhere:
        clause = _clause(rng.choice(elsewhere))
        if clause:
            yield one, rng.choice(_DENYING).format(who=rng.choice(_WHO), s=clause), "compatible"


def _keeping(one: str, other: str, elsewhere: Sequence[str], rng: random.Random) -> Iterator[Made]:
    clause = _clause(other)
    if clause:
        template, relation = rng.choice(_KEEPING)
        yield one, template.format(who=rng.choice(_WHO), s=clause), relation
    if elsewhere and rng.random() < 0.5:
        yield one, rng.choice(elsewhere), "compatible"
