"""Shallow syntax of English news: quotations, words with rough classes, and the units in which cues are looked for.

No parser and no tagger: closed classes of words, the shape of the rest, and quotation marks. A quotation is one element of
the unit it stands in, and is read again by itself, so that who speaks inside quoted words is found there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from pipelines.read import lexicon
from pipelines.read.records import Sentence

# Classes of elements, one letter each so that a unit's classes are a string:
# K capitalised  W other word  U number  D determiner  O pronoun  R relative pronoun  h "that"  S subordinator  T "to"
# P preposition  C and/or/nor  c but/yet  b be  v have  d do  m modal  n negation  a adverb  t day or "today"
# V common verb  E -ed  G -ing  s possessive  Q quotation  Y bracket  and the marks , ; : . - themselves; "?" the rest


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks: ``start`` and ``end`` with the marks, ``inner_start`` and ``inner_end`` without.

    ``closed`` is false for a paragraph of a quotation that runs on; ``level`` counts the quotations around it.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    closed: bool
    level: int


@dataclass(slots=True)
class Unit:
    """The elements of a sentence, or of sentences that one quotation binds, outside quotations and brackets.

    ``low``, ``start`` and ``end`` run along ``tags``; ``quotes`` maps an element to its quotation. ``level`` counts the
    quotations around the unit, ``paragraph`` numbers its line and ``is_title`` says that most words are capitalised.
    """

    tags: str
    low: list[str]
    start: list[int]
    end: list[int]
    quotes: dict[int, Quotation]
    level: int
    paragraph: int
    is_title: bool = False
    #: quotations whose last sign is a mark (*"We won,"*): sentences of their own rather than words quoted in passing.
    full: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.tags)

    def word(self, i: int) -> str:
        """Element ``i`` in lower case; empty for a quotation and beyond the end."""
        return self.low[i] if 0 <= i < len(self.low) else ""


_MARK: Final = re.compile(r"''|``|[“”„«»‘’\"'‹›]")
_OPENS_AFTER: Final = frozenset(" \t\u00a0([{—–-/“‘\"'«„…:;")
#: Quotations are looked for within this many characters; beyond, a mark counts as stray. Bounds the work on hostile text.
_LONGEST_QUOTATION: Final = 20_000
_DEEPEST: Final = 3


def find_quotations(text: str, start: int = 0, end: int | None = None) -> list[Quotation]:
    """Quotations of every style, paragraph by paragraph, in the order of their first character.

    A quotation that runs over paragraphs repeats its opening mark and closes only once (Chicago Manual of Style 13.30):
    each paragraph gives one :class:`Quotation`, unclosed but for the last.
    """
    end = len(text) if end is None else end
    found: list[Quotation] = []
    lines = [(m.start(), m.end()) for m in re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x1c-\x1e\x85]+").finditer(text, start, end)]
    for number, (line_start, line_end) in enumerate(lines):
        following = text[lines[number + 1][0] : lines[number + 1][1]].lstrip()[:2] if number + 1 < len(lines) else ""
        found.extend(_line_quotations(text, line_start, line_end, following))
    found.sort(key=lambda q: (q.start, -q.end))
    return found


def _line_quotations(text: str, start: int, end: int, following: str) -> list[Quotation]:
    marks = [(m.start(), m.end(), m[0]) for m in _MARK.finditer(text, start, end)]
    found: list[Quotation] = []
    open_marks: list[tuple[int, int, str]] = []
    closers = _single_closers(text, marks, start, end)
    for at, after, mark in marks:
        before = text[at - 1] if at > start else " "
        behind = text[after] if after < end else " "
        family = _family(mark)
        opened = next((k for k in range(len(open_marks) - 1, -1, -1) if open_marks[k][2] == family), None)
        if mark in "“„«‹``" and mark != "'":
            role = "open" if opened is None else ""
        elif mark in "”»›":
            role = "close" if opened is not None else ""
        elif family == "single":
            role = _single_role(
                text, at, end, mark=mark, before=before, behind=behind, is_open=opened is not None, closers=closers
            )
        elif opened is not None:
            role = "close"
        else:
            role = "open" if before in _OPENS_AFTER and not behind.isspace() else ""
            if not role and before.isspace() and at == start:
                role = "open"
        if role == "open" and len(open_marks) < _DEEPEST:
            open_marks.append((at, after, family))
        elif role == "close" and opened is not None:
            first, inner, _ = open_marks[opened]
            if after - first <= _LONGEST_QUOTATION and at > inner:
                found.append(Quotation(first, after, inner, at, closed=True, level=opened))
            del open_marks[opened:]
    if open_marks:
        first, inner, family = open_marks[0]
        runs_on = (
            bool(following)
            and (following[0] in "“\"«„‘'" or following in ("''", "``"))
            and _family(following[0])
            in (
                family,
                "single" if family == "double" and following[:2] == "''" else family,
            )
        )
        opens_line = not text[start:first].strip() or text[start:first].rstrip().endswith((",", ":", "said", "that"))
        if (runs_on or (family == "double" and opens_line)) and end - first <= _LONGEST_QUOTATION and family != "single":
            stop = end
            while stop > inner and text[stop - 1].isspace():
                stop -= 1
            if stop > inner:
                found = [q for q in found if q.end <= first or q.start > first]
                found.append(Quotation(first, stop, inner, stop, closed=False, level=0))
    return found


def _family(mark: str) -> str:
    return "single" if mark in "‘’'‹›" else "double"


def _single_closers(text: str, marks: list[tuple[int, int, str]], start: int, end: int) -> list[int]:
    """Where a single mark may close: after a sign that is no space, before one that is no letter."""
    places = []
    for at, after, mark in marks:
        if mark in "’'" and at > start and not text[at - 1].isspace() and (after >= end or not text[after].isalnum()):
            places.append(at)
    return places


def _single_role(text: str, at: int, end: int, *, mark: str, before: str, behind: str, is_open: bool, closers: list[int]) -> str:
    if before.isalnum() and behind.isalnum():
        return ""
    may_close = mark in "’'›" and not before.isspace() and not behind.isalnum()
    if is_open and may_close:
        # The plural's possessive (the officials' plan) closes nothing if a better place comes before the next opening.
        if before in "sS" and behind == " " and at + 2 <= end and text[at + 2 : at + 3].islower():
            k = bisect_left(closers, at + 1)
            if k < len(closers) and closers[k] - at < 400:
                between = text[at + 1 : closers[k]]
                if not re.search(r"(?:^|[\s(])[‘'](?=\w)", between) and not between[-1:].islower():
                    return ""
        return "close"
    if mark == "’" or is_open:
        return ""
    if before in _OPENS_AFTER and (behind.isalnum() or behind in '[(…$£€“".'):
        tail = text[at + 1 : at + 5].lower()
        if (tail[:2].isdigit() and tail[2:3] == "s") or re.match(r"(?:em|tis|til|cause|n)\b", tail):
            return ""
        k = bisect_left(closers, at + 1)
        if mark == "‘" or (k < len(closers) and closers[k] - at < 3_000):
            return "open" if k < len(closers) else ""
    return ""


_TOKEN: Final = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?:[^\W\d_]\.){2,}"
    r"|(?:Mr|Mrs|Ms|Dr|Sen|Gov|Rep|Gen|Lt|Col|Sgt|St|Prof|Rev|Hon|Jr|Sr|Inc|Corp|Ltd|Co|No|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|"
    r"Sep|Oct|Nov|Dec|Mass|Calif|Conn|Fla|Ill|Mich|Minn|Pa|Tenn|Tex|Va|Wash|Wis|Ariz|Colo|Ore|Okla|Ala|Ga|Md|Mo|N\.C|vs|Mon|Tue|"
    r"Tues|Wed|Thu|Thurs|Fri|Sat|Capt|Maj|Adm|Sens|Reps|Govs|Messrs)\."
    r"|\d+(?:[.,:]\d+)*(?:[^\W\d_]{1,3}\b)?"
    r"|[^\W_]+(?:[-‐‑'’&][^\W_]+)*"
    r"|[-–—―]{1,4}|\.{2,4}|''|``|\S"
)
_CLITIC: Final = re.compile(r"['’](?:s|S|re|ve|ll|d|m)$")
_TAG: Final[dict[str, str]] = {}
for _tag, _list in (
    ("W", ()),
    ("a", lexicon.ADVERBS),
    ("P", lexicon.PREPOSITIONS),
    ("S", lexicon.SUBORDINATORS),
    ("D", lexicon.DETERMINERS),
    ("O", lexicon.PRONOUNS),
    ("R", lexicon.RELATIVES),
    ("t", lexicon.TIME_WORDS),
    ("b", lexicon.BE),
    ("v", lexicon.HAVE),
    ("d", lexicon.DO),
    ("m", lexicon.MODALS),
    ("n", frozenset({"not", "never", "n't"})),
    ("C", frozenset({"and", "or", "nor", "&"})),
    ("c", frozenset({"but", "yet"})),
    ("T", frozenset({"to"})),
    ("h", frozenset({"that"})),
):
    for _word in _list:
        _TAG[_word] = _tag
for _mark in ",;:":
    _TAG[_mark] = _mark
for _mark in ".!?…":
    _TAG[_mark] = "."
for _mark in "-–—―":
    _TAG[_mark] = "-"
for _mark in "$£€¥₹%":
    _TAG[_mark] = "U"
#: Forms of cue verbs that are nothing else: *said*, *insists*. Those in -ed and -ing have classes of their own.
_CUE_WORDS: Final = frozenset(
    form
    for form, cue in lexicon.CUE_VERBS.items()
    if form not in lexicon.NOUN_FORMS and cue.form != "ing" and not form.endswith("ed")
)
_OUTSIDE_QUOTES: Final = frozenset("\"'“”‘’«»„‹›`")
_BRACKETS: Final = {"(": ")"}
_LONGEST_BRACKET: Final = 400


@lru_cache(maxsize=65_536)
def tag(word: str, is_opening: bool, is_title: bool) -> str:
    """The class of one word, without its context."""
    low = word.lower()
    known = _TAG.get(low)
    first = word[:1]
    capital = first.isupper()
    if known is not None:
        if word in ("US", "IT", "WHO"):
            return "K"
        # "May", "Will", "Mark" inside a sentence are names.
        if (
            capital
            and not is_opening
            and not is_title
            and known in "mVa"
            and low in ("may", "will", "long", "well", "still", "early")
        ):
            return "K"
        return known
    if first.isdigit():
        return "U"
    if not first.isalpha():
        if word[:2] == "..":
            return "."
        if word[0] in "-–—―":
            return "-"
        return "?"
    if capital and not (is_opening or is_title):
        return "K"
    if low in _CUE_WORDS:
        return "V"
    if low in lexicon.VERBS and not (capital and not is_title):
        return "w" if low in lexicon.VERBS_TAKEN_FOR_NOUNS else "V"
    if capital and is_opening and not low.endswith("ing"):
        return "K"
    if low.endswith("ed") and len(low) > 3 and low not in lexicon.NOT_ED:
        return "E"
    if low.endswith("ing") and len(low) > 4 and low not in lexicon.NOT_ING:
        return "G"
    if low.endswith("ly") and len(low) > 4 and low not in lexicon.NOT_ADVERBS:
        return "a"
    return "K" if capital else "W"


def read_units(text: str, sentences: Sequence[Sentence], quotations: Sequence[Quotation]) -> list[Unit]:
    """The units of a text: those outside quotations first, line by line, each followed by those inside its quotations.

    Sentences that a quotation binds together (*"A. B," she said.*) are one unit, in which the quotation is one element.
    """
    tops = [q for q in quotations if q.level == 0]
    layout = _Layout(sentences, quotations, [s.start for s in sentences], [q.start for q in quotations])
    units: list[Unit] = []
    position = 0
    at = 0
    while at < len(sentences):
        first = sentences[at]
        end = first.end
        at += 1
        while position < len(tops) and tops[position].end <= first.start:
            position += 1
        k = position
        # A sentence that ends inside a quotation goes on to the one in which the quotation ends.
        while at < len(sentences) and sentences[at].paragraph_no == first.paragraph_no:
            while k < len(tops) and tops[k].end <= end:
                k += 1
            if k < len(tops) and tops[k].start < end < tops[k].end:
                end = sentences[at].end
                at += 1
                continue
            break
        inside = []
        for i in range(position, len(tops)):
            if tops[i].start >= end:
                break
            inside.append(tops[i])
        if inside:
            unit = _read_unit(text, first.start, end, inside, level=0, paragraph=first.paragraph_no)
        else:
            unit = replace(read_unit(text, first.start, end), paragraph=first.paragraph_no)
        units.append(unit)
        if unit.quotes or "Y" in unit.tags:
            units.extend(_inner_units(text, unit, layout))
    return units


@lru_cache(maxsize=1_024)
def read_unit(text: str, start: int, end: int) -> Unit:
    """The elements of one stretch of text, quoted words among them, as if no mark stood there.

    Nobody may change what comes back: who says something in a sentence, what it claims and how are looked for one after the
    other, mostly in the same words.
    """
    return _read_unit(text, start, end, (), level=0, paragraph=0)


@dataclass(slots=True)
class _Layout:
    """The sentences and quotations of a text, with their starts for looking up."""

    sentences: Sequence[Sentence]
    quotations: Sequence[Quotation]
    starts: list[int]
    firsts: list[int]


def _inner_units(text: str, unit: Unit, layout: _Layout) -> list[Unit]:
    sentences, quotations, starts, firsts = layout.sentences, layout.quotations, layout.starts, layout.firsts
    found: list[Unit] = []
    bracketed = [
        Quotation(unit.start[i], unit.end[i], unit.start[i] + 1, unit.end[i] - 1, closed=True, level=unit.level)
        for i, letter in enumerate(unit.tags)
        if letter == "Y"
    ]
    for quote in (*unit.quotes.values(), *bracketed):
        lower, upper = quote.inner_start, quote.inner_end
        if upper - lower < 25 or quote.level >= _DEEPEST:
            continue
        tops: list[Quotation] = []
        for i in range(bisect_left(firsts, lower), len(firsts)):
            q = quotations[i]
            if q.start >= upper:
                break
            if q.end <= upper and q != quote and (not tops or q.start >= tops[-1].end):
                tops.append(q)
        s = max(0, bisect_left(starts, lower) - 1)
        while s < len(sentences) and sentences[s].start < upper:
            start, end = max(lower, sentences[s].start), min(upper, sentences[s].end)
            s += 1
            if end - start < 20:
                continue
            inside = [q for q in tops if q.start >= start and q.end <= end]
            inner = _read_unit(text, start, end, inside, level=unit.level + 1, paragraph=unit.paragraph)
            found.append(inner)
            if inner.level < _DEEPEST:
                found.extend(_inner_units(text, inner, layout))
    return found


@dataclass(slots=True)
class _Elements:
    """Elements of a unit as they are found: words and where they stand."""

    words: list[str] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, word: str, begin: int, end: int) -> None:
        self.words.append(word)
        self.begins.append(begin)
        self.ends.append(end)


def _read_unit(text: str, start: int, end: int, quotes: Sequence[Quotation], *, level: int, paragraph: int) -> Unit:
    elements = _Elements()
    words, begins, ends = elements.words, elements.begins, elements.ends
    quoted: dict[int, Quotation] = {}
    at = start
    pending = list(quotes)
    for quote in pending:
        if quote.start < at:
            continue
        _tokens(text, at, quote.start, elements)
        quoted[len(words)] = quote
        elements.add("", quote.start, quote.end)
        at = quote.end
    _tokens(text, at, end, elements)
    capitals = sum(1 for w in words if len(w) > 3 and w[0].isupper())
    longer = sum(1 for w in words if len(w) > 3 and w[0].isalpha())
    is_title = longer >= 4 and capitals >= 0.7 * longer
    low = [w.lower() for w in words]
    tags: list[str] = []
    opening = True
    for k, word in enumerate(words):
        if k in quoted:
            tags.append("Q")
            opening = False
            continue
        low_word = low[k]
        if word[0] in "'’" and len(word) > 1:
            if low_word[1:] == "s":
                letter = "b" if k and tags[k - 1] in "O" and low[k - 1] in ("he", "she", "it", "that", "who") else "s"
            else:
                letter = _TAG.get(low_word, "?")
        elif word in "'’" and k and ends[k - 1] == begins[k]:
            letter = "s"
        else:
            letter = "Y" if word[0] == "(" and len(word) > 1 else tag(word, opening, is_title)
            if letter == "w":
                letter = "V" if _is_verb_here(tags, low, k) else "W"
            # he operates, they understand: a word after a subject pronoun is a verb.
            if letter == "W" and k and not low_word.endswith("self"):
                if low[k - 1] in lexicon.SUBJECT_PRONOUNS or (
                    k > 1 and tags[k - 1] == "a" and low[k - 2] in lexicon.SUBJECT_PRONOUNS
                ):
                    letter = "V"
            elif letter == "V" and low_word == "think" and low[k + 1 : k + 2] in (["tank"], ["tanks"]):
                letter = "W"
        tags.append(letter)
        opening = letter in ".:" or (opening and letter in "?-")
    full = frozenset(
        k for k, quote in quoted.items() if not quote.closed or _ends_with_mark(text, quote.inner_start, quote.inner_end)
    )
    return Unit("".join(tags), low, begins, ends, quoted, level, paragraph, is_title, full=full)


def _is_verb_here(tags: list[str], low: list[str], k: int) -> bool:
    """Whether a word that is a noun as often (*costs*, *lead*) is the verb of the elements so far."""
    if k == 0:
        return True
    before = tags[k - 1]
    word, previous = low[k], low[k - 1]
    if before in "DPsUVE" or (before == "C" and (k < 2 or tags[k - 2] in "DPsUW")):
        return False
    following = low[k + 1] if k + 1 < len(low) else ""
    if before in "KW":
        if not any(t in "KWD" for t in tags):
            return False
        has_verb = any(t in "bvdmV" for t in tags[max(0, k - 8) : k])
        complement = _TAG.get(following, "") in ("D", "O", "T", "P", "a", "h", "S") or following[:1].isdigit()
        singular = not previous.endswith("s") or previous.endswith(("ss", "us", "is"))
        return (complement and not has_verb and singular == word.endswith("s") and _TAG.get(following, "") != "") or (
            before == "K" and complement and word.endswith("s") and not has_verb and _TAG.get(following) in ("D", "O", "T", "h")
        )
    return True


def _ends_with_mark(text: str, start: int, end: int) -> bool:
    tail = text[max(start, end - 4) : end].rstrip(" \u00a0'’”\"")
    return tail[-1:] in tuple(".,!?…;-—–")


def _tokens(text: str, start: int, end: int, elements: _Elements) -> None:
    at = start
    words, begins, ends = elements.words, elements.begins, elements.ends
    for m in _TOKEN.finditer(text, start, end):
        first, last = m.span()
        if first < at:
            continue
        word = m[0]
        if not word[0].isalnum():
            if word in _BRACKETS:
                close = text.find(_BRACKETS[word], last, min(end, last + _LONGEST_BRACKET))
                if close > 0:
                    elements.add(text[first : close + 1], first, close + 1)
                    at = close + 1
                continue
            if word[0] in _OUTSIDE_QUOTES and not (word in ("'", "’") and first > start and text[first - 1].isalnum()):
                continue
        if "'" in word or "’" in word:
            clitic = _CLITIC.search(word)
            if clitic and clitic.start() > 0:
                cut = first + clitic.start()
                elements.add(text[first:cut], first, cut)
                elements.add(clitic[0], cut, last)
                continue
        words.append(word)
        begins.append(first)
        ends.append(last)
