"""Values in a text: counts, durations, money, shares, measures, ages, ordinals and votes, each as an interval.

What belongs here: how a number is written in English news, what it counts or measures, and which values the wording
allows. The numbers and their intervals are read by :mod:`pipelines.read.quantity_numbers`, whose docstring has the table of
intervals; the words and units are those of :mod:`pipelines.read.quantity_words`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from pipelines.read import quantity_words as words
from pipelines.read.quantity_numbers import Number, NumberReader, interval
from pipelines.read.quantity_words import Unit
from pipelines.read.records import Quantity

__all__ = ["counted_class", "counted_group", "find_quantities"]


def _singular(noun: str) -> str:
    """The singular of a regular plural; other parts as they are."""
    if len(noun) < 4 or noun in words.NOT_PLURAL or not noun.endswith("s") or noun.endswith(("ss", "us", "is")):
        return noun
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return noun[:-2]
    return noun[:-1]


def counted_class(counted: str | None) -> str | None:
    """What two values must share to be compared: one word for the many that news has for a thing.

    ``dead``, ``deaths``, ``fatalities``, ``bodies`` -> ``dead``; ``meeting``, ``talks``, ``summit`` -> ``meeting``;
    nouns without an entry become their singular. ``dead soldiers`` (what befell whom) -> ``dead``: ask
    :func:`counted_group` for the group before taking a part for the whole. None stays None.
    """
    if counted is None:
        return None
    parts = counted.casefold().split()
    if not parts:
        return None
    if len(parts) > 1 and parts[0] in words.EVENTS:
        return words.EVENTS[parts[0]]
    if len(parts) > 1:
        return " ".join(parts)
    return (
        words.CLASSES.get(parts[0]) or words.EVENTS.get(parts[0]) or words.CLASSES.get(_singular(parts[0])) or _singular(parts[0])
    )


def counted_group(counted: str | None) -> str | None:
    """The class of those whom something befell, where they are named: ``dead soldiers`` -> ``troops``; else None."""
    parts = (counted or "").casefold().split()
    return counted_class(parts[-1]) if len(parts) > 1 and parts[0] in words.EVENTS else None


#: How far around a claim its sentence is looked at, in characters: "the death toll ... rose to" in front, "..., including
#: three children, were killed" behind.
_CONTEXT_BEFORE: Final = 120
_CONTEXT_AFTER: Final = 100

_PLAIN: Final = Unit("number", None)
_COUNT: Final = Unit("count", None)
_PERCENT: Final = Unit("percentage", "percent")


class _Reader(NumberReader):
    """The grammar over the tokens of one stretch of text; quantities are kept within ``start`` and ``end``."""

    __slots__ = ("end", "out", "start")

    def __init__(self, text: str, bounds: tuple[int, int], start: int, end: int) -> None:
        super().__init__(text, *bounds)
        self.start, self.end = start, end
        self.out: list[Quantity] = []

    # -- words around a number ----------------------------------------------------------------------------------------

    def modifiers(self, first: int) -> tuple[int, str | None]:
        """Index of the first token of the modifiers in front of token ``first``, and the kind that they make."""
        kind: str | None = None
        i = first
        if self.word(first - 1) in ("a", "an") and self.word(first - 2) in words.BEFORE_AN_ARTICLE and first < self.n:
            # "at least a 20 percent stake", "nearly a 3-hour delay"
            begin, found_kind = self.modifiers(first - 1) if self.raw[first][0].isdigit() else (first, None)
            if found_kind is not None:
                return begin, found_kind
        for _ in range(2):
            if i <= 0 or self.low[i - 1] not in words.LAST_OF_MODIFIER:
                break
            for size in range(min(words.LONGEST_MODIFIER, i), 0, -1):
                found = words.MODIFIERS.get(tuple(self.low[i - size : i]))
                if found is None:
                    continue
                if found == words.NEUTRAL:
                    return i, kind  # not part of the value, nor of the span
                i -= size
                # A bound says more than an approximation: "more than an estimated 40".
                kind = found if kind in (None, words.APPROXIMATE) else kind
                break
            else:
                break
        return i, kind

    def noun_run(self, j: int, most: int = 5) -> list[int]:
        """Indices of the words from token j that may make up the counted noun phrase."""
        run: list[int] = []
        i = j
        while i < self.n and len(run) < most:
            word, raw = self.low[i], self.raw[i]
            if word == "-" and run and self.touches(i - 1, i) and self.touches(i, i + 1):
                i += 1
                continue
            is_compound = self.word(i + 1) == "-" and self.touches(i, i + 1)  # "left-leaning", "over-the-counter"
            if not raw[0].isalpha() or (word in words.STOP and raw != "US" and not is_compound):
                break
            run.append(i)
            i += 1
        return run

    def head(self, j: int, singular: bool = False) -> int | None:
        """Index of the head noun of the phrase at token j."""
        run = self.noun_run(j)
        if not run:
            return None
        plurals = [k for k in run if self.looks_plural(self.low[k])]
        if plurals and not singular:
            last = plurals[0]
            for k in plurals[1:]:
                # "business leaders", "arms dealers": the last of adjoining plurals; a later one belongs to something else.
                if k == last + 1:
                    last = k
                else:
                    break
            return last
        if not singular:
            return None
        best = run[0]
        if self.low[best].endswith("ed") and self.word(best + 1) in words.OBJECTS:
            return None  # "the 19-year-old reached her final"
        for k in run[1:]:
            if (self.low[k].endswith(("ed", "ing")) and self.word(k - 1) != "-") or self.low[k].endswith("ly"):
                break
            if self.low[k].endswith("s") and self.word(k + 1) in words.OBJECTS:
                break  # "a 10-foot wall surrounds it"
            best = k
        if plurals and plurals[-1] <= best:
            return plurals[-1]
        return best

    def noun_after(self, position: int, since: int) -> str | None:
        """The head noun behind a position, a hyphen skipped."""
        j = self.token_at(position, since)
        if self.word(j) == "-":
            j += 1
        head = self.head(j, singular=True)
        return self.name(head) if head is not None else None

    def name(self, i: int) -> str:
        """The lower-cased word i without a possessive."""
        word = self.low[i]
        for possessive in ("'s", "’s"):
            word = word.removesuffix(possessive)
        return word

    def skip_determiner(self, j: int) -> int:
        """Index of the first token from j on that is no determiner."""
        while self.word(j) in words.DETERMINERS:
            j += 1
        return j

    # -- what happened to those counted -------------------------------------------------------------------------------

    def event(self, number: Number, first: int, head: int | None) -> str | None:
        """The class of what befell those counted ("dead"), if the clause says that; ``head``: index of their noun."""
        start = self.starts[first]
        j = first - 1
        while self.word(j) in words.BETWEEN_VERB_AND_NUMBER and first - j <= 4:
            j -= 1
        if (self.word(j - 2), self.word(j - 1), self.word(j)) == ("a", "total", "of"):
            j -= 3
        back, back_two = self.word(j), self.word(j - 1)
        if back == "of" and back_two in words.EVENT_NOUNS:
            return words.EVENTS[back_two]
        if back == "dead" and back_two == "shot":
            return "dead"
        if back in words.EVENT_VERBS and back_two not in words.PASSIVES:
            return words.EVENTS[back]  # "killed 12", not "was killed 12 hours later"
        if back == "shot" and (back_two == "fatally" or re.match(r"\s(?:\w+\s)?dead\b", self.after(number.end, 30))):
            return "dead"
        lives = head is not None and self.low[head] == "lives"
        if lives and back in words.TAKING_LIVES:
            return "dead"
        ahead = self.after(self.ends[head] if head is not None else number.end, 170)
        if lives and re.match(r"\s(?:were\s|was\s|have been\s)?lost\b", ahead):
            return "dead"
        match = words.EVENT_AFTER.match(ahead)
        if match is not None and not self._is_of_those_counted(match, first, head):
            match = None
        if match is not None:
            event = words.EVENTS.get(" ".join(match["event"].lower().split()))
            word, following = match["event"].lower(), (match["next"] or "").strip().lower().rstrip(",.")
            # "12 soldiers killed three gunmen": without an auxiliary, what follows tells active from passive.
            aux = match["aux"].lower().split()
            is_active = (
                words.NO_AUXILIARIES.issuperset(aux)  # "the shooting that killed nine", "shot dead a judge"
                and (word in words.ACTIVE_OR_PASSIVE or (word == "dead" and aux[-1:] == ["shot"]))
                and (
                    following in words.SMALL
                    or following[:1].isdigit()
                    or following in words.OBJECTS
                    or (following == "at" and ahead.startswith(" least", match.end()))
                )
            )
            needs_aux = not match["aux"] and word in words.NEEDS_AUXILIARY
            if event is not None and not is_active and not needs_aux:
                if match["more"] and {event, words.EVENTS.get(match["more"].split()[-1].lower())} == {"dead", "injured"}:
                    return "casualties"
                return event
        if head is None or self.low[head] in words.PERSONS:
            clause = self.before(start, 110)
            toll = words.TOLL_BEFORE.search(clause) if "toll" in clause.lower() else None
            if toll is not None:
                return {"injury": "injured", "casualty": "casualties"}.get((toll["what"] or "").lower(), "dead")
            if words.TOLL_COLON.search(clause):
                return "dead"
        return None

    def _is_of_those_counted(self, match: re.Match[str], first: int, head: int | None) -> bool:
        """Whether the fate that a match of EVENT_AFTER tells is that of those counted."""
        aux, word = match["aux"].lower().split(), match["event"].lower()
        is_predicate = bool(aux) or word in words.INTRANSITIVE
        if match["more_counted"]:
            # Neither "destroyed 12 houses and three people were killed" nor "38 deaths and 12 new infected cases".
            following = (match["next"] or "").strip().lower()
            return (
                self._opens_a_clause(first)
                and not (head is not None and self.low[head] in words.EVENTS)
                and (is_predicate or not following or following in words.STOP)
            )
        if not is_predicate or aux[:1] in (["who"], ["that"]):
            return True  # an attribute: "relatives of the 12 miners killed", "one of the 12 who died"
        return not (self._is_part_of_a_subject(first) or self._holds(first, head))

    def _is_part_of_a_subject(self, first: int) -> bool:
        """Whether the fate that follows is not that of those counted: "one of the 12 was killed", "a mother of three"."""
        back, j = self.word(first - 1), first - 1
        if back in words.DETERMINERS_OF_A_WHOLE and self.word(first - 2) == "of":
            return self.word(first - 3) not in words.THE_WHOLE
        if back == "-" and self.word(first - 2) == "of":
            back, j = "of", first - 2  # "mother-of-three"
        if back == "of":
            j -= 1 + (self.word(j - 1) == "-")
            return self.word(j) in words.PARENTS
        return False

    def _holds(self, first: int, head: int | None) -> bool:
        """Whether the fate that follows is that of those in what is counted: "20 people in three cars were hurt"."""
        j = first - 1 - (self.word(first - 1) in words.DETERMINERS_OF_A_WHOLE)
        if self.word(j) not in words.HOLDING or head is None or self.low[head] in words.PERSONS:
            return False
        return self.word(j - 1) not in words.NOT_HOLDING

    def _opens_a_clause(self, first: int) -> bool:
        """Whether the number is the subject, as far as the word in front of it tells."""
        begin, _ = self.modifiers(first)
        begin -= self.word(begin - 1) == "the"
        return begin == 0 or self.word(begin - 1) in words.CLAUSE_OPENERS

    def counted_of(self, number: Number, first: int) -> tuple[str | None, int | None]:
        """What a plain number counts, with what befell it, and the index of the noun."""
        j = number.last
        if self.word(j) == "of" and number.is_vague:
            j += 1
        elif self.word(j) == "of":
            k = self.skip_determiner(j + 1)
            if k > j + 1 or self.word(j + 1) in ("them", "whom", "which"):
                inner = self.number(k)
                j = inner.last if inner is not None else k + (self.word(k) in ("them", "whom", "which"))
        j = self.skip_determiner(j) if number.is_vague else j
        hyphen = self.word(j) == "-" and self.touches(j - 1, j) and self.touches(j, j + 1)
        if hyphen:
            word = self.word(j + 1)
            if not word.isalpha() or len(word) < 3 or word in words.NOT_COUNTED_HYPHENS:
                return None, None
            if word in ("strong", "odd"):
                head = self.head(j + 2, singular=True)
                return (self.name(head), head) if head is not None else (None, None)
            return word, j + 1
        head = self.head(j, singular=False)
        if head is None and number.value == 1 and not number.is_vague:
            head = self.head(j, singular=True)
        if head is not None and words.EVENT_WORD.fullmatch(self.low[head]):
            # "15 dead", "15 others injured": the words for what happened are no noun.
            before = [k for k in range(j, head) if self.looks_plural(self.low[k]) and self.low[k] not in words.EVENTS]
            head = before[-1] if before else None
        event = self.event(number, first, head)
        noun = self.name(head) if head is not None else None
        if event is None:
            return noun, head
        if noun is None or noun in words.PERSONS or noun in words.EVENTS:
            return event, head
        return f"{event} {noun}", head

    # -- the grammar --------------------------------------------------------------------------------------------------

    def emit(self, span: tuple[int, int], number: Number, kind: str | None, unit: Unit, counted: str | None) -> None:
        """Keep a quantity if its number lies within what was asked for; modifiers that do not are cut off its span."""
        start, end = max(span[0], self.start, self.out[-1].end if self.out else 0), span[1]
        if start <= number.start and end <= self.end:
            start = number.start - len(self.text[start : number.start].lstrip())
            lower, upper, approximation = interval(number, kind, unit)
            self.out.append(Quantity(start, end, unit.dimension, lower, upper, unit.name, approximation, counted))

    def run(self) -> list[Quantity]:
        i = 0
        while i < self.n:
            if self.ends[i] <= self.start:
                i += 1
                continue
            if self.starts[i] >= self.end:
                break
            i = max(self.step(i), i + 1)
        return self.out

    def step(self, i: int) -> int:
        """Read what starts at token i; the index of the token to go on with."""
        raw, word = self.raw[i], self.low[i]
        first = raw[0]
        if first.isdigit():
            return self.at_digits(i)
        if first.isalpha():
            if (word in words.MONTHS and word != "may") or raw in ("May", "MAY"):
                date = words.DATE_FROM_MONTH.match(self.text, self.starts[i], self.hi)
                if date is not None and first.isupper():
                    follower = self.word(self.token_at(date.end(), i))
                    is_count = follower in (
                        "people",
                        "soldiers",
                        "civilians",
                        "troops",
                        "men",
                        "women",
                        "children",
                        "killed",
                        "dead",
                    )
                    if not is_count or raw in ("May", "MAY"):
                        return self.token_at(date.end(), i)
                    return i + 1
            if word in ("category", "magnitude", "cat"):
                return self.labelled(i)
            if word == "day":
                moved = self.day_number(i)
                if moved is not None:
                    return moved
            if word in ("no", "zero"):
                match = words.NO_CASUALTIES.match(self.text, self.starts[i], self.hi)
                if match is not None:
                    what = match["what"].lower()
                    j = self.token_at(match.end(), i)
                    zero = Number(i, i + 1, self.starts[i], self.ends[i], Decimal(0))
                    self.emit((self.starts[i], self.ends[i]), zero, None, _COUNT, what)
                    return j
            if (
                word in ("usd", "eur", "gbp", "rs", "re", "us", "a", "c", "hk", "nz", "s", "r", "nt", "au", "ca", "mex")
                or raw in words.ISO_CURRENCIES
            ):
                moved = self.money(i)
                if moved is not None:
                    return moved
            if word in ("in", "aged", "age", "ages", "mid", "early", "late"):
                moved = self.age_before(i)
                if moved is not None:
                    return moved
            if word in words.ORDINAL_WORDS or word in words.TENS_SET:
                moved = self.ordinal(i)
                if moved is not None:
                    return moved
            if word in words.LENGTH_WORDS:
                moved = self.length_word(i)
                if moved is not None:
                    return moved
            if word in ("a", "an"):
                moved = self.article_unit(i)
                if moved is not None:
                    return moved
            if word in words.FRACTION_WORDS or word in words.SMALL or word == "a":
                moved = self.fraction(i)
                if moved is not None:
                    return moved
            if word in words.STARTERS:
                return self.value(i)
            return i + 1
        if raw in words.CURRENCY_SIGNS or raw in "$€£¥₹₽₩₪₴₺₦₱":
            moved = self.money(i)
            return moved if moved is not None else i + 1
        if raw in words.FRACTION_SIGNS:
            return self.value(i)
        return i + 1

    def at_digits(self, i: int) -> int:
        """A token of digits: what is no value is skipped, the rest read."""
        text, start, end = self.text, self.starts[i], self.ends[i]
        if len(self.raw[i]) > words.MOST_DIGITS:
            return i + 1
        previous = text[start - 1] if start > 0 else " "
        two_back = text[start - 2] if start > 1 else " "
        if previous.isalnum() or previous in "_#@/:=&\\’" or (previous in ".'" and two_back not in ".… \n"):
            return i + 1  # G20, file names, addresses, ’17; currency signs and dashes are looked at elsewhere
        if previous == "-" and (two_back.isalpha() or two_back == ")"):
            return i + 1  # COVID-19, F-16
        if previous == "." and two_back in " \u00a0\n(":
            return i + 1  # ".46": half a number
        none = (words.TELEPHONE if previous == "+" else words.NO_VALUE).match(text, start, self.hi)
        if none is not None:
            return max(self.token_at(none.end(), i), i + 1)
        date = words.DATE_FROM_DAY.match(text, start, self.hi)
        if date is not None:
            return max(self.token_at(date.end(), i), i + 1)
        nxt = text[end] if end < len(text) else " "
        if nxt in "_@/=\\" or (nxt == ":" and end + 1 < len(text) and text[end + 1].isdigit()):
            return i + 1
        if (start == 0 or text[start - 1] == "\n") and words.LIST_NUMBER.match(text, start, self.hi):
            return i + 1
        if words.CLOCK_WORDS.match(text, end, self.hi):
            return i + 1
        moved = self.ordinal(i)
        return moved if moved is not None else self.value(i)

    def labelled(self, i: int) -> int:
        """As in "Category 3", "a magnitude 6.4 earthquake": a number on a scale that the word names."""
        j = i + 1
        if self.word(j) == "-":
            j += 1
        if self.word(j) == "of":
            j += 1
        number = self.number(j) if (j < self.n and self.raw[j][0].isdigit()) or self.word(j) in words.SMALL else None
        if number is None:
            return i + 1
        self.emit((number.start, number.end), number, None, _PLAIN, words.SPECIAL_BEFORE[self.low[i]])
        return number.last

    def day_number(self, i: int) -> int | None:
        """As in "on day 34 of the shutdown": an ordinal."""
        if self.word(i - 1) in ("a", "per", "each", "every", "that", "next", "same", "one", "this") or not self.adjoins(i + 1):
            return None
        number = self.number(i + 1)
        if (
            number is None
            or number.is_vague
            or self._is_year(number)
            or not 1 <= number.value < 5000
            or number.value != number.value.to_integral_value()
        ):
            return None
        if self.unit_of(number) is not None or self.head(number.last) is not None:
            return None
        self.emit((number.start, number.end), number, None, Unit("ordinal", None), "day")
        return number.last

    def money(self, i: int) -> int | None:
        """An amount that starts with a currency sign or code at token i."""
        sign = words.CURRENCY_BEFORE.match(self.text, self.starts[i], self.hi)
        if sign is None:
            return None
        if self.starts[i] > 0 and self.text[self.starts[i] - 1].isalnum():
            return None
        code = words.CURRENCY_SIGNS.get(sign.group().lower()) or sign.group().upper()
        if sign.group().isalpha() and not (sign.group().isupper() or sign.group() in ("Rs", "rs")):
            return None
        j = self.token_at(sign.end(), i)
        number = self.number(j, is_money=True)
        if number is None:
            return j + 1
        first, kind = self.modifiers(i)
        about = self.or_so(number)
        if about is not None:
            number, kind = about, words.APPROXIMATE
        unit = Unit("money", code)
        # "$3-5 billion", "$3 billion to $5 billion", "between $3 and $5 million"
        second = self.second_number(number, i, is_money=True)
        if second is not None:
            joined, begin = second
            end, last = self.after_amount(joined)
            begin = begin if begin is not None else first
            self.emit((self.starts[begin], end), joined, _range_kind(kind), unit, self.money_counted(end, last))
            return last
        end, last = self.after_amount(number)
        kind, end = self.suffix(end, kind or self.stated_bound(number, first))
        self.emit((self.starts[first], end), number, kind, unit, self.money_counted(end, last))
        return max(self.token_at(end, last), last)

    def after_amount(self, number: Number) -> tuple[int, int]:
        """Where an amount ends if its currency is named again behind it ("US$5 million dollars", "-dollar")."""
        match = words.CURRENCY_AFTER.match(self.text, number.end, self.hi)
        if match is not None and match["word"] and match["word"].lower() in ("dollar", "dollars"):
            return match.end(), self.token_at(match.end(), number.last)
        return number.end, number.last

    def money_counted(self, end: int, since: int) -> str | None:
        """What an amount is for: "$5 billion deal", "$5 billion in aid"."""
        if words.PER.match(self.text, end, self.hi):
            return None
        j = self.token_at(end, since)
        if self.word(j) == "worth" and self.word(j + 1) == "of":
            j += 2
        elif self.word(j) in ("in", "of", "for"):
            j = self.skip_determiner(j + 1)
            if self.word(j)[:1].isdigit() or self.word(j) in words.SMALL or (self.raw[j : j + 1] and self.raw[j][0].isupper()):
                return None
        elif self.word(j) == "-":
            j += 1
        head = self.head(j, singular=True)
        if (
            head is None
            or self.low[head] in words.NOT_MONEY_FOR
            or self.low[head].endswith("ally")
            or self.low[head] in words.UNIT_WORDS
        ):
            return None
        return self.name(head)

    def suffix(self, end: int, kind: str | None) -> tuple[str | None, int]:
        """As in "or more", "-plus", "or so", "-odd" behind a value."""
        for pattern, found in ((words.OR_MORE, words.AT_LEAST), (words.OR_SO, words.APPROXIMATE), (words.OR_LESS, words.AT_MOST)):
            match = pattern.match(self.text, end, self.hi)
            if match is not None:
                if match.group() == " plus" and self.text[match.end() : match.end() + 1] == " ":
                    continue  # "10 plus 5"
                return found, match.end()
        return kind, end

    def stated_bound(self, number: Number, first: int) -> str | None:
        """The bound that a word in front of a penalty makes: "a maximum sentence of 20 years"; None where there is none."""
        if number.is_vague or self.word(first - 1) != "of":
            return None
        match = words.BOUND_OF_A_PENALTY.search(self.before(self.starts[first], 60))
        return None if match is None else words.AT_MOST if match["bound"][:3].lower() == "max" else words.AT_LEAST

    def or_so(self, number: Number) -> Number | None:
        """The number with the magnitude that stands behind "or so": "60 or so million"; None where none does."""
        match = words.OR_SO_MAGNITUDE.match(self.text, number.end, self.hi)
        if match is None or number.magnitude != 1 or number.is_vague:
            return None
        scaled = number.times(words.MAGNITUDES[match["magnitude"].lower()])
        return replace(scaled, last=self.token_at(match.end(), number.last), end=match.end())

    def second_number(self, number: Number, first: int, is_money: bool = False) -> tuple[Number, int | None] | None:
        """The range that starts with ``number``, and the token of "between" or "from" in front of it."""
        j = number.last
        link = self.word(j)
        touching = link in ("-", "–", "—") and self.touches(j - 1, j)
        lead = self.word(first - 1)
        if touching and self.word(j + 1) in ("to", "or") and not self.touches(j, j + 1):
            link, k = self.word(j + 1), j + 2  # "10- to 15-minute"
        elif (touching and self.touches(j, j + 1)) or (link == "–" and self.adjoins(j)):
            k = j + 1
        elif link in ("to", "or") or (link == "and" and lead == "between"):
            k = j + 1
            if link == "to" and self.word(k) in ("as", "the", "a", "an"):
                return None
        else:
            return None
        opens_with_sign, has_sign = is_money, False
        if k < self.n and self.raw[k] in words.CURRENCY_SIGNS and self.raw[k + 1 : k + 2] and self.raw[k + 1][0].isdigit():
            k, is_money, has_sign = k + 1, True, True
        elif k < self.n and self.low[k] in ("us", "a", "hk", "c") and self.word(k + 1) == "$":
            k, is_money, has_sign = k + 2, True, True
        second = self.number(k, is_money=is_money)
        second = (self.or_so(second) or second) if second is not None else None
        if second is None or number.is_vague or second.is_vague or second.is_fraction:
            return None
        if link in ("to", "or", "and") and (self._is_year(number) and self._is_year(second)):
            return None
        low, high = number, second
        if low.magnitude == 1 and second.magnitude > 1 and number.value <= second.mantissa:
            low = replace(low, value=low.value * second.magnitude)
        if link == "or" and not (low.value < high.value and (number.in_words or number.value + 1 == second.value)):
            return None
        if low.value >= high.value:
            return None
        is_unshared = low is number and opens_with_sign == has_sign  # "2 to 14 million": one magnitude for both
        if link == "to" and is_unshared and self._is_change_and_result(number, second, first, has_sign):
            return None
        begin = first - 1 if lead in ("between", "from") and self.adjoins(first) else None
        if lead == "from" and link == "to" and words.CHANGE.search(self.before(self.starts[first - 1], 70)):
            return None
        joined = Number(
            number.first, second.last, number.start, second.end, high.value, low=low.value, high=high.value,
            mantissa=second.mantissa, magnitude=second.magnitude,
        )  # fmt: skip
        return joined, begin

    def _is_change_and_result(self, change: Number, result: Number, first: int, has_sign: bool) -> bool:
        """As in "rose by £20m to £140m", "rose by 12 to 340": by how much, and to what; "rise by 4 to 6 percent" is a range.

        A range spans little, a change is small beside what it leads to: the wording alone does not tell them apart.
        """
        begin, _ = self.modifiers(first)
        if not words.CHANGED_BY.search(self.before(self.starts[begin], 40)):
            return False
        if has_sign or (change.magnitude > 1 and result.magnitude > 1):
            return result.value >= 2 * change.value
        # A unit that follows both belongs to both.
        is_bare = self.unit_of(result) is None and self.currency_after(result) is None
        return is_bare and result.value >= 3 * change.value

    def _is_year(self, number: Number) -> bool:
        raw = self.text[number.start : number.end]
        return len(raw) == 4 and raw.isdigit() and 1500 <= int(raw) <= 2100

    def _is_vote(self, start: int, end: int) -> bool:
        return bool(words.VOTE_NEXT.match(self.text, end, self.hi) or words.VOTE_CONTEXT.search(self.before(start, 80)))

    def pair(self, number: Number, first: int) -> int | None:
        """A vote or a score: two whole numbers with a dash or "to", the larger given as for, the smaller as against."""
        j = number.last
        dash = self.word(j) in ("-", "–") and self.touches(j - 1, j) and self.touches(j, j + 1)
        to = self.word(j) == "to" and self.adjoins(j) and self.adjoins(j + 1)
        if not (dash or to) or number.magnitude != 1 or number.half is not None or number.is_vague or first != number.first:
            return None
        if self.word(first - 1) in ("from", "between") or (
            self.touches(first - 1, first) and self.word(first - 1) in ("$", "€", "£")
        ):
            return None
        second = self.number(j + 1)
        if (
            second is None
            or second.magnitude != 1
            or second.half is not None
            or second.is_vague
            or second.value > 1000
            or number.value > 1000
        ):
            return None
        if words.UNIT.match(self.text, second.end, self.hi) or self._is_year(number):
            return None
        following = self.after(second.end, 60)
        head = self.head(second.last)
        words_next = bool(words.VOTE_NEXT.match(following))
        clause = self.before(number.start, 80)
        ascending = number.value < second.value
        if words_next or (words.VOTE_CONTEXT.search(clause) and not (ascending and head is not None)):
            what = "votes"
        elif (dash and words.SCORE_CONTEXT.search(clause + " " + following[:30]) and head is None) or (not ascending and dash):
            what = "score"
        else:
            return None
        if to and number.in_words and second.in_words and second.value == 1 and not words.VOTERS.search(clause):
            return second.last  # "outnumbered two to one", "by a margin of three to one": how many times as many
        if (
            to
            and what == "votes"
            and not (words_next or re.search(r"\b(?:vot\w+|by|margin|of|ballot|majority|vote\swas)\s$", clause))
            and not (head is None and _VOTE_IN_PASSING.search(clause) and not following[:2].strip().isalnum())
        ):
            return None
        if to and what == "score":
            return None
        names = (what, f"{what} against") if number.value >= second.value else (f"{what} against", what)
        for part, counted in ((number, names[0]), (second, names[1])):
            self.emit((part.start, part.end), part, None, _COUNT, counted)
        return second.last

    def value(self, i: int) -> int:
        """A number at token i with everything that belongs to it: unit, currency, range, age, count."""
        number = self.number(i)
        if number is None:
            return i + 1
        text = self.text
        first, kind = self.modifiers(i)
        about = self.or_so(number)
        if about is not None:
            number, kind = about, words.APPROXIMATE
        previous = self.word(first - 1)
        if number.last < self.n and self.touches(number.last - 1, number.last) and not number.in_words:
            glued = self.raw[number.last]
            if (
                glued[0].isalpha()
                and words.UNIT.match(text, number.end, self.hi) is None
                and words.UNIT_TOUCHING.match(text, number.end, self.hi) is None
            ):
                return number.last  # 5G, 4x4, 18s
        if number.in_words and not self._is_number_word(number, first, kind):
            return number.last
        if self._is_of_a_group(first):
            return number.last
        if first == i and not number.in_words and self.text[number.end : number.end + 1] == " ":
            address = words.ADDRESS.match(text, number.start, self.hi)
            if address is not None:
                return max(self.token_at(address.end(), i), number.last)
        negative = False
        if previous in ("minus", "-", "−") and first == number.first and (previous == "minus" or self.touches(first - 1, first)):
            negative = self.word(first - 2) == "" or not self.touches(first - 2, first - 1)
            if previous == "minus" and (self.word(first - 3), self.word(first - 2)) == ("plus", "or"):
                negative, first = False, first - 3  # "plus or minus 3 points": how far, not which way
        if words.CAPTION.search(text, max(self.lo, self.starts[first] - 16), self.starts[first]):
            return number.last  # "Hide Caption 3 of 19 Photos"
        out_of = self.proportion(number, first, kind)
        if out_of is not None:
            return out_of
        moved = self.pair(number, first)
        if moved is not None:
            return moved
        moved = self.age_of_name(number, first)
        if moved is not None:
            return moved

        begin = first
        measured = number
        second = self.second_number(number, first)
        if second is None:
            # "35% to 40%", "$3 billion to $5 billion": the unit may stand behind both.
            unit_here = self.unit_of(number)
            if unit_here is not None:
                again = self.range_of_units(number, first, kind, unit_here)
                if again is not None:
                    return again
        else:
            measured = second[0]
            begin = second[1] if second[1] is not None else first
            kind = _range_kind(kind)

        found = self.unit_of(measured)
        if found is not None:
            return self.measured(measured, begin, kind, found, negative)
        if second is None and previous == "from" and self.word(number.last) == "to":
            changed = self.changed_from(number, begin, kind)
            if changed is not None:
                return changed
        if tuple(self.low[measured.last : measured.last + 4]) == ("of", "a", "percentage", "point"):
            # "0.8 of a percentage point"
            point = words.UNIT_WORDS["percentage point"]
            return self.measured(measured, begin, kind, (point, self.ends[measured.last + 3], "percentage point"), False)
        money = self.currency_after(measured)
        if money is None and measured.is_vague and self.word(measured.last) == "of" and self.adjoins(measured.last):
            money = self.currency_after(replace(measured, end=self.ends[measured.last]))  # billions of dollars
        if money is not None:
            unit, end = money
            last = self.token_at(end, measured.last)
            kind, end = self.suffix(end, kind)
            self.emit((self.starts[begin], end), measured, kind, unit, self.money_counted(end, last))
            return max(self.token_at(end, last), measured.last)
        if self.is_label(measured, begin):
            return measured.last
        kind, end = self.suffix(measured.end, kind)
        if end != measured.end:
            measured = replace(measured, last=self.token_at(end, measured.last), end=end)
        counted, head = self.counted_of(measured, begin)
        if counted is None and (self._is_age_bound(measured, begin) or self._is_birthday(measured, begin)):
            self.emit((self.starts[begin], end), measured, kind, Unit("age", "year"), None)
            return measured.last
        if counted is None:
            if self._is_year(number) or (measured.in_words and not self._bare_word_counts(measured, kind)):
                return measured.last
            if self.raw[i][0].isdigit() and self.text[end : end + 1] == "-" and second is None:
                return measured.last
            if self.word(measured.last) in words.MONTHS or self.word(first - 1) in words.MONTHS:
                return measured.last
            if self.word(first - 1) != "(" or self.word(measured.last) != ")":  # shirt numbers and references
                self.emit((self.starts[begin], end), measured, kind, _PLAIN, None)
            return measured.last
        if (
            self._is_year(number)
            and second is None
            and (previous in words.YEAR_AFTER_WORDS or self.low[head or 0] not in words.CERTAIN_COUNTS)
        ):
            return measured.last
        self.emit((self.starts[begin], end), measured, kind, _PLAIN if counted in words.SPECIAL_BEFORE else _COUNT, counted)
        if counted in ("votes", "ballots") and head is not None and self.word(head + 1) in ("to", "against"):
            other = self.number(head + 2)
            if other is not None and not other.is_vague and self.head(other.last) is None and self.unit_of(other) is None:
                self.emit((other.start, other.end), other, None, _COUNT, "votes against")
                return other.last
        return measured.last

    def _is_age_bound(self, number: Number, first: int) -> bool:
        """As in "children under 12", "voters over 65": persons, and a whole number in years of life."""
        return (
            self.low[first] in ("under", "over", "below", "above")
            and number.last - number.first == 1
            and 1 < number.value < 100
            and number.half is None
            and self.word(first - 1) in words.OF_AN_AGE
        )

    def _is_birthday(self, number: Number, first: int) -> bool:
        """As in "who turned 31 last week"."""
        return (
            self.word(first - 1) in ("turned", "turns", "turning")
            and number.last - number.first == 1
            and 1 <= number.value <= 110
            and number.half is None
        )

    def _bare_word_counts(self, number: Number, kind: str | None) -> bool:
        """Whether a spelled number with nothing behind it is a value: "rose to fifteen" is, "the two" is not."""
        if self.word(number.last) == "of" and self.word(number.last + 1) in ("them", "whom", "which"):
            return True
        return number.value > 12 or kind is not None

    def _is_number_word(self, number: Number, first: int, kind: str | None) -> bool:
        """Guards for spelled numbers: names ("Big Ten"), the pronoun one, "zero tolerance"."""
        i, word = number.first, self.low[number.first]
        following = self.word(number.last)
        if self.word(first - 1) in ("group", "gang", "big"):
            return False
        if number.last == i + 1 and word == "zero":
            return self.looks_plural(following)
        if number.last == i + 1 and word == "one":
            return self._is_counting_one(number, first, kind)
        # A capitalised number word inside a sentence is a name unless what it counts follows.
        if self.raw[i][0].isupper() and i > 0 and self.word(i - 1) not in words.OPENERS:
            head = self.head(number.last)
            if head is None and self.unit_of(number) is None and self.event(number, first, None) is None:
                return False
        return True

    def _is_of_a_group(self, first: int) -> bool:
        """Whether the number is the name of a club of states: "the Group of 20"."""
        return self.word(first - 1) == "of" and self.raw[first - 2] in ("Group", "Gang") if first > 1 else False

    def _is_counting_one(self, number: Number, first: int, kind: str | None) -> bool:
        """Whether "one" counts: "one person was killed", "at least one of them"; not "one of the", "no one", "one day"."""
        following = self.word(number.last)
        if following == "-":
            return self.word(number.last + 1) in words.ONE_HYPHEN
        if kind is not None:
            return following not in ("another", "way", "such", "that", "who")
        if following == "or":
            return self.second_number(number, first) is not None
        if following in words.NOT_AFTER_ONE or self.word(first - 1) in words.NOT_BEFORE_ONE:
            return False
        if self.word(first - 1) == "at" and following in ("point", "time", "stage"):
            return False
        return (
            following in ("in", "out", "million", "hundred")
            or any(self.low[k] in words.SINGULARS_OF_ONE for k in self.noun_run(number.last, 3))
            or (following in ("was", "has") and self.event(number, first, None) is not None)
        )

    def is_label(self, number: Number, first: int) -> bool:
        """Whether the word in front makes the number a name: "Article 5", "Boeing 737", "No. 10", "Room 12"."""
        i = first - 1
        if first != number.first or i < 0:
            return False
        word = self.low[i]
        if word == "." and self.word(i - 1) in ("no", "nos", "nr", "art", "sec", "ch", "p", "pp", "vol", "fig"):
            return True
        if word in ("#", "№", "§"):
            return True
        if word not in words.LABELS and not (self.raw[i][0].isupper() and self.raw[i][0].isalpha()):
            return False
        if self.ends[i] == self.starts[first]:
            return False
        if word in words.BOUND_LABELS and (word not in ("no", "group", "p") or (not number.in_words and word != "no")):
            return True
        if word == "no":
            return not self.looks_plural(self.word(number.last)) and number.value != 1
        head = self.head(number.last)
        if head is not None or self.event(number, first, None) is not None:
            return word in words.LABELS and not (head is not None and self.low[head] in words.CERTAIN_COUNTS)
        if word in words.LABELS:
            return True
        # Any capitalised word inside a sentence, followed by bare digits: "Airbus A320", "Union Resolve 2022", "Apollo 11".
        is_first = i == 0 or self.word(i - 1) in words.OPENERS or self.starts[i] == self.lo
        return not number.in_words and not is_first and word not in words.STOP and word not in words.MONTHS

    def unit_of(self, number: Number) -> tuple[Unit, int, str] | None:
        """The unit behind a number: it, where it ends, and its word; None where none follows."""
        match = words.UNIT.match(self.text, number.end, self.hi)
        if match is not None:
            form = match["word"]
            if form is not None:
                key = form.lower()
                unit = words.UNIT_WORDS.get(key) or words.UNIT_WORDS.get(key.replace("-", " "))
                if unit is None:
                    return None  # a letter that only the regular expression takes for its ASCII twin (ſ, ı)
                is_plain = unit.dimension == "duration" and match["gap"] == " " and not form.endswith("s")
                if is_plain and (self._is_year(number) or (form.lower() == "second" and number.value != 1)):
                    return None  # "the 2014 year", "two second homes"
                return unit, match.end(), form.lower()
            return words.UNIT_SYMBOLS[match["symbol"]], match.end(), match["symbol"]
        touching = words.UNIT_TOUCHING.match(self.text, number.end, self.hi)
        if touching is not None and not number.in_words:
            return words.UNIT_ATTACHED[touching["symbol"]], touching.end(), touching["symbol"]
        # "20 pounds of explosives": money where a magnitude or a word of paying says so, else a weight.
        pounds = words.POUNDS.match(self.text, number.end, self.hi)
        if pounds is None or pounds["sterling"] or number.magnitude >= 10**6:
            return None
        if words.POUNDS_OF_MONEY.search(self.before(number.start, 40)):
            return None
        return words.POUND, pounds.end("word"), "pound"

    def currency_after(self, number: Number) -> tuple[Unit, int] | None:
        match = words.CURRENCY_AFTER.match(self.text, number.end, self.hi)
        if match is None:
            won = words.WON.match(self.text, number.end, self.hi) if number.magnitude >= 10**6 else None
            return (Unit("money", "KRW"), won.end()) if won is not None else None
        if match["word"]:
            named = words.CURRENCY_WORDS.get(re.sub(r"[ -]", "_", match["word"].lower()))
            return (Unit("money", named[0], Decimal(named[1])), match.end()) if named is not None else None
        return Unit("money", match["code"] or words.CURRENCY_SIGNS[match["sign"]]), match.end()

    def range_of_units(self, number: Number, first: int, kind: str | None, found: tuple[Unit, int, str]) -> int | None:
        """As in "35% to 40%", "between five hours and six hours", "3km-5km"."""
        unit, end, _ = found
        j = self.token_at(end, number.last)
        link, lead = self.word(j), self.word(first - 1)
        if not (link in ("to", "-", "–") or (link == "and" and lead == "between")):
            return None
        if lead == "from" and words.CHANGE.search(self.before(self.starts[first - 1], 70)):
            return None
        second = self.number(j + 1)
        if second is None or second.is_vague or number.is_vague:
            return None
        other = self.unit_of(second)
        if other is None or other[0] != unit or second.value <= number.value:
            return None
        begin = first - 1 if lead in ("between", "from") else first
        joined = Number(number.first, second.last, number.start, second.end, second.value, low=number.value, high=second.value)
        return self.measured(joined, begin, _range_kind(kind), other, False)

    def changed_from(self, number: Number, first: int, kind: str | None) -> int | None:
        """The first value of "rose from 10 to 15 percent", which takes the second one's unit; None where that has none."""
        second = self.number(number.last + 1)
        if second is None or second.is_vague:
            return None
        if number.magnitude == 1 and number.value < second.mantissa and second.magnitude > 1:
            number = replace(number, value=number.value * second.magnitude, magnitude=second.magnitude, half=second.half)
        found, money = self.unit_of(second), self.currency_after(second)
        unit = found[0] if found is not None else money[0] if money is not None else None
        if unit is None or (found is not None and words.OLD.match(self.text, found[1], self.hi)):
            return None
        self.emit((self.starts[first], number.end), number, kind, unit, None)
        return number.last

    def measured(self, number: Number, first: int, kind: str | None, found: tuple[Unit, int, str], negative: bool) -> int:
        """A value with a unit; the index of the token to go on with."""
        text = self.text
        unit, end, form = found
        last = self.token_at(end, number.last)
        if negative and unit.dimension in ("temperature", "percentage", "percentage_points"):
            number = replace(number, value=-number.value)
            first, kind = self.modifiers(first - 1)  # "below minus 20 degrees"
        if unit.dimension == "duration":
            old = words.OLD.match(text, end, self.hi)
            if old is not None:
                return self.age(number, first, kind, form, old.end())
            if words.AGO.match(text, end, self.hi):
                return self.token_at(end, last)
            if words.PAST_PERIOD.search(self.before(self.starts[first], 14)) or words.PAST_PERIOD.search(
                self.before(number.start, 14)
            ):
                return last  # "the past three days" is a time
            if kind is not None and self.low[first] in ("over", "within", "under") and number.first - first == 1:
                licensed = self.word(first - 1) in words.OVER_IS_BOUND_AFTER or (
                    unit.factor <= 3600 and self.low[first] != "within"
                )
                if not licensed:
                    first, kind = number.first, None
            number, end, last = self.compound(number, unit, end, last)
            half = words.AND_A_HALF.match(text, end, self.hi)
            if half is not None and number.value == number.value.to_integral_value():
                number = replace(number, value=number.value + Decimal("0.5"), half=Decimal("0.25"))
                end, last = half.end(), self.token_at(half.end(), last)
            long = words.LONG.match(text, end, self.hi)
            if long is not None:
                end, last = long.end(), self.token_at(long.end(), last)
            kind, end = self.suffix(end, kind or self.stated_bound(number, first))
            life = words.TO_LIFE.match(text, end, self.hi)
            if life is not None:
                kind, end = words.AT_LEAST, life.end()  # "25 years to life"
            counted = self.lasting(number, first, end, last, is_adjective=long is not None or "-" in text[number.end : end])
        elif unit.dimension == "distance" and form in ("feet", "foot", "ft"):
            number, end, last = self.inches(number, end, last)
            kind, end = self.suffix(end, kind)
            counted = self.adjective_noun(number, end, last)
        elif unit.dimension in ("percentage", "percentage_points"):
            kind, end = self.suffix(end, kind)
            counted = self.share_of(end, last)
        else:
            kind, end = self.suffix(end, kind)
            j = self.token_at(end, last)
            if self.word(j) == "of":
                counted = self.noun_after(
                    self.starts[self.skip_determiner(j + 1)] if self.skip_determiner(j + 1) < self.n else end, j
                )
            else:
                counted = self.adjective_noun(number, end, last)
        self.emit((self.starts[first], end), number, kind, unit, counted)
        return max(self.token_at(end, last), last)

    def adjective_noun(self, number: Number, end: int, last: int) -> str | None:
        """The noun behind a hyphened measure: "a 40-mile convoy"."""
        if "-" not in self.text[number.end : end]:
            return None
        noun = self.noun_after(end, last)
        return None if noun in words.EXTENTS else noun

    def share_of(self, end: int, last: int) -> str | None:
        """What a share is of, or is: "83% of voters", "a 5 percent increase"."""
        j = self.token_at(end, last)
        if self.word(j) == "of":
            j = self.skip_determiner(j + 1)
        elif self.word(j) == "-":
            j += 1
        if j >= self.n or self.low[j] in words.NOT_SHARED:
            return None
        head = self.head(j, singular=False)
        if head is None:
            head = self.head(j, singular=True)
        return self.name(head) if head is not None else None

    def compound(self, number: Number, unit: Unit, end: int, last: int) -> tuple[Number, int, int]:
        """As in "two hours and 20 minutes", "1 hour, 5 minutes": the parts added, in the first part's unit."""
        for _ in range(2):
            j = last
            if number.is_vague or (number.half is not None and number.value != number.value.to_integral_value()):
                break
            if self.word(j) == "," and self.adjoins(j):
                j += 1
            if self.word(j) == "and":
                j += 1
            part = self.number(j)
            if part is None or part.is_vague or part.magnitude != 1:
                break
            found = self.unit_of(part)
            if (
                found is None
                or found[0].dimension != "duration"
                or found[0].factor >= unit.factor
                or words.OLD.match(self.text, found[1], self.hi)
            ):
                break
            ratio = found[0].factor / unit.factor
            number = replace(number, value=number.value + part.value * ratio, half=ratio / 2)
            end, last = found[1], self.token_at(found[1], part.last)
            unit_factor = found[0].factor
            if unit_factor <= 1:
                break
        return number, end, last

    def inches(self, number: Number, end: int, last: int) -> tuple[Number, int, int]:
        """As in "6ft 2in", "6 feet 2 inches", "5-foot-10"."""
        match = words.INCHES.match(self.text, end, self.hi)
        if match is None or number.is_vague:
            return number, end, last
        value = number.value + Decimal(match["n"]) / 12
        return replace(number, value=value, half=Decimal(1) / 24), match.end(), self.token_at(match.end(), last)

    def lasting(self, number: Number, first: int, end: int, last: int, is_adjective: bool) -> str | None:
        """What a duration is the length of: "five-hour meeting", "talks lasted six hours", "three hours of talks"."""
        j = self.token_at(end, last)
        if is_adjective:
            if self.word(j) == "-":
                j += 1
            head = self.head(j, singular=True)
            return self.name(head) if head is not None else None
        if self.word(j) == "of":
            k = self.skip_determiner(j + 1)
            head = self.head(k, singular=True)
            return self.name(head) if head is not None else None
        if words.PRISON.match(self.after(end, 60)):
            return "prison"
        if words.DIFFERENCE.match(self.text, end, self.hi):
            return None  # "lasted three hours longer than planned"
        if self.text[end : end + 1] in ("'", "’") and self.text[end - 1] == "s":
            head = self.head(j + 1, singular=True)  # five hours' talks
            return self.name(head) if head is not None else None
        i = first - 1
        if self.word(i) in ("for", "on", "up", "about", "to", "after", "an", "the", "at"):
            i -= 1
        if self.word(i) in ("on", "for", "up"):
            i -= 1
        verb = self.word(i)
        if verb == "of" and self.word(i - 1) in words.LASTING:
            return self.word(i - 1)
        if verb in words.LASTED_VERBS:
            for k in range(i - 1, max(i - 14, -1), -1):
                word = self.low[k]
                if word in (".", "\n", ";"):
                    break
                if word in words.LASTING:
                    return word
            before = self.word(i - 1)
            if (
                before.isalpha()
                and before not in words.STOP
                and not before.endswith("ly")
                and verb not in ("was", "ended", "spent", "took", "ran", "went")
            ):
                return before
            return None
        if self.word(first - 1) in ("for", "to", "than"):
            for k in range(first - 2, max(first - 12, -1), -1):
                word = self.low[k]
                if word in (".", "\n", ";", ","):
                    break
                if word in words.DURING_VERBS:
                    return words.DURING_VERBS[word]
        elif verb in ("served", "spent", "serving"):
            return "service" if verb != "spent" else None
        return None

    # -- ages ---------------------------------------------------------------------------------------------------------

    def age(self, number: Number, first: int, kind: str | None, form: str, end: int) -> int:
        """As in "43-year-old", "43 years old", "a six-month-old baby"."""
        unit = (
            Unit("age", "year", words.YEARS_IN[form.rstrip("s")]) if form.rstrip("s") in words.YEARS_IN else Unit("age", "year")
        )
        last = self.token_at(end, number.last)
        counted = None
        if self.text[number.end : end].count("-") and not self.text[number.end : end].lower().endswith("s"):
            counted = self.noun_after(end, last)
        self.emit((self.starts[first], end), number, kind, unit, counted)
        return last

    def age_before(self, i: int) -> int | None:
        """As in "aged 43", "aged between 18 and 25", "in his 40s"."""
        word = self.low[i]
        if word in ("in", "mid", "early", "late"):
            j = i + 1 if word == "in" else i
            if word == "in" and self.word(j) in ("his", "her", "their"):
                j += 1
            elif word == "in" or self.word(i - 1) not in ("his", "her", "their"):
                return None
            part = self.word(j) if self.word(j) in ("early", "mid", "late") else None
            if part is not None:
                j += 2 if self.word(j + 1) == "-" else 1
            decade = words.AGE_DECADE_WORDS.get(self.word(j), 0)
            k = j + 1
            if not decade and self.word(j).isdigit() and len(self.word(j)) == 2 and self.word(j).endswith("0"):
                following = self.word(j + 1)
                if following == "s" and self.touches(j, j + 1):
                    decade, k = int(self.word(j)), j + 2
                elif following in ("'", "’") and self.word(j + 2) == "s":
                    decade, k = int(self.word(j)), j + 3
            if not decade:
                return None
            low, high = {None: (0, 9), "early": (0, 4), "mid": (3, 7), "late": (6, 9)}[part]
            begin = j - (2 if part and self.word(j - 1) == "-" else 1 if part else 0)
            in_decade = Number(
                j, k, self.starts[j], self.ends[k - 1], Decimal(decade), low=Decimal(decade + low), high=Decimal(decade + high)
            )
            self.emit((self.starts[begin], self.ends[k - 1]), in_decade, None, Unit("age", "year"), None)
            return k
        j = i + 1
        if self.word(i - 1) == "in":
            return None  # "ranged in age from"
        if word == "ages" and self.word(j) == "of" and "between" in (self.word(i - 1), self.word(i - 2)):
            youngest = self.number(j + 1)
            eldest = self.number(youngest.last + 1) if youngest is not None and self.word(youngest.last) == "and" else None
            if youngest is not None and eldest is not None and 0 <= youngest.value < eldest.value < 125:
                both = replace(eldest, first=youngest.first, start=youngest.start, low=youngest.value, high=eldest.value)
                self.emit((self.starts[i], both.end), both, words.RANGE, Unit("age", "year"), None)
                return both.last
        if self.word(j) in ("of", "as", "is", "was"):
            j += 1
        kind: str | None = None
        begin = i - 1 if self.word(i - 1) == "the" else i
        if word == "age" and self.word(begin - 1) in words.BOUNDS_OF_AN_AGE:
            # "under the age of 16"
            begin -= 1
            kind = words.BOUNDS_OF_AN_AGE[self.low[begin]]
        else:
            begin = i
        while self.word(j) in ("between", "from", "just", "only", "about", "around", "over", "under", "at", "least", "up", "to"):
            kind = _AGE_BOUNDS.get(self.word(j), kind)
            j += 1
            if j - i > 4:
                return None
        number = self.number(j) if j < self.n and (self.raw[j][0].isdigit() or self.low[j] in words.SMALL) else None
        if number is None or not 0 < number.value < 125 or number.value != number.value.to_integral_value():
            return None
        second = self.second_number(number, j)
        measured = second[0] if second is not None else number
        kind, end = self.suffix(measured.end, _range_kind(kind) if second is not None else kind)
        self.emit((self.starts[begin], end), measured, kind, Unit("age", "year"), None)
        return max(self.token_at(end, measured.last), measured.last)

    def age_of_name(self, number: Number, first: int) -> int | None:
        """As in "Jane Roe, 43, said": the age in apposition to a full name."""
        i = number.first
        if first != i or number.in_words or number.half is not None or not 1 <= number.value <= 110 or number.last != i + 1:
            return None
        if (
            number.value >= 16
            and self.word(i + 1) == ","
            and (
                # "At 78, she is", "The premier, 52, has"
                (self.raw[i - 1] == "At" and self.word(i + 2) in ("he", "she", "his", "her"))
                if self.word(i - 1) != ","
                else (
                    i > 2
                    and self.low[i - 2].isalpha()
                    and self.word(i + 2) in words.AFTER_AN_AGE
                    and not self.looks_plural(self.low[i - 2])
                    and not words.DETERMINERS.isdisjoint(self.low[max(0, i - 5) : i - 2])
                )
            )
        ):
            self.emit((number.start, number.end), number, None, Unit("age", "year"), None)
            return number.last
        if (
            self.word(i - 1) != ","
            or i < 2
            or self.word(i + 1) not in (",", ".", ";", ")", "\n", "", "—", "–", "who", "of", "from")
        ):
            return None
        name, given = self.raw[i - 2], self.raw[i - 3] if i > 2 else "\n"
        if not name[0].isupper():
            return None
        if not (given[0].isupper() or given in (".", "-")) and not (number.value >= 15 and self.word(i + 1) == ","):
            return None  # a surname alone needs both commas
        if (
            self.low[i - 2] in words.MONTHS
            or (self.raw[i + 2 : i + 3] and self.raw[i + 2][0].isdigit())
            or self.word(i - 3) in ("in", "on", "at", "the")
        ):
            return None
        self.emit((number.start, number.end), number, None, Unit("age", "year"), None)
        return number.last

    # -- ordinals, shares, lengths in words ---------------------------------------------------------------------------

    def ordinal_form(self, i: int) -> tuple[int, int, int] | None:
        """The ordinal at token i, whatever it means: its value, where it ends, and the token behind it."""
        match = words.ORDINAL_DIGITS.match(self.text, self.starts[i], self.hi)
        if match is not None:
            return int(match["n"].replace(",", "")), match.end(), self.token_at(match.end(), i)
        word = self.low[i]
        if word in words.ORDINAL_WORDS:
            return words.ORDINAL_WORDS[word], self.ends[i], i + 1
        if word in words.TENS_SET:
            k = i + 2 if self.word(i + 1) == "-" else i + 1
            unit = words.ORDINAL_WORDS.get(self.word(k), 0)
            if 1 <= unit <= 9 and self.adjoins(k):
                return words.SMALL[word] + unit, self.ends[k], k + 1
        return None

    def ordinal(self, i: int) -> int | None:
        """As in "the third summit", "a 22nd day", "twenty-first meeting", "second-largest city"."""
        form = self.ordinal_form(i)
        if form is None:
            return None
        value, end, j = form
        # What is written like no other word is an ordinal even where it ranks nothing: "the twenty-sixth floor".
        otherwise = j if j > i + 1 or self.raw[i][0].isdigit() else None
        if not value or (self.word(i - 1) == "-" and self.touches(i - 1, i)):
            return otherwise
        last = j
        if self.word(j) == "-" and self.touches(j - 1, j):
            if self.word(j + 1) not in words.SUPERLATIVES:
                return otherwise
            j += 2
        following = self.word(j)
        previous = self.word(i - 1)
        if (
            previous in words.RANKING
            and (value > 1 or not previous.startswith("com"))
            and (not following.isalpha() or following in ("in", "at", "behind", "with", "on", "and", "to"))
        ):
            # "finished fourth", "came second behind": a place in a ranking needs no noun.
            ranked = Number(i, last, self.starts[i], end, Decimal(value))
            self.emit((self.starts[i], end), ranked, None, Unit("ordinal", None), None)
            return last
        if (
            not following.isalpha() or following in words.NOT_AN_ORDINAL_BEFORE or following in words.STOP
            or following in words.MONTHS or not self.adjoins(j)
            or (self.raw[j][0].isupper() and self.raw[i][0].islower() and not self.looks_plural(following))
            or (previous in words.SMALL and self.low[i] in words.FRACTION_WORDS) or following in ("and", "percent")
            or (self.raw[i][0].isupper() and i > 0 and self.word(i - 1) not in (".", "\n", '"', "“") and otherwise is None)
        ):  # fmt: skip
            return otherwise
        head = self.head(j, singular=True)
        if head is None or (self.low[head] in words.NOT_AN_ORDINAL_BEFORE and following != "prime"):
            return otherwise
        noun = self.name(head)
        if value == 1 and noun not in words.FIRST_OF:
            return otherwise
        number = Number(i, last, self.starts[i], end, Decimal(value))
        self.emit((self.starts[i], end), number, None, Unit("ordinal", None), noun)
        return last

    def fraction(self, i: int) -> int | None:
        """As in "half of voters", "a third of", "two-thirds", "three quarters of": a share in percent."""
        j, numerator = i, 1
        word = self.low[i]
        if word in words.SMALL and 1 <= words.SMALL[word] <= 9:
            numerator, j = words.SMALL[word], i + 1
            if self.word(j) == "-":
                j += 1
        elif word == "a":
            j = i + 1
        part = self.word(j)
        if part not in words.FRACTION_WORDS or (not self.adjoins(j) and j > i):
            return None
        denominator = words.FRACTION_WORDS[part]
        if numerator >= denominator or (numerator > 1 and not part.endswith("s")):
            return None
        last = j + 1
        following = self.word(last)
        if following in words.MAGNITUDES:
            return None
        first, kind = self.modifiers(i)
        article = last + 1 if following == "of" else last
        if self.word(article) in ("a", "an") and (following == "of" or part == "half"):
            # "half a percentage point", "three quarters of a mile"
            of_unit = words.UNIT.match(self.text, self.ends[article], self.hi)
            if of_unit is not None and of_unit["word"] and self.word(article + 1) not in words.ARTICLE_UNITS:
                unit = words.UNIT_WORDS.get(of_unit["word"].lower())
                if unit is not None:
                    share = Decimal(numerator) / denominator
                    number = Number(i, article + 1, self.starts[i], self.ends[article], share, half=share / 10, in_words=True)
                    return self.measured(number, first, kind, (unit, of_unit.end(), of_unit["word"].lower()), False)
        if part == "half" and j == i:
            if self.word(i - 1) in ("second", "first", "and", "a", "other", "better", "latter", "-", "one") or following == "-":
                return None
            if not (
                following == "of"
                or following in ("the", "its", "their", "his", "her", "all")
                or (kind is not None and following != "a")
                or (self.word(i - 1) == "by" and not following.isalpha())
            ):
                return None
            if following == "of" and self.word(last + 1) == "an":
                return None
        elif numerator == 1 and word == "a" and self.word(i - 1) == "by" and not following.isalpha():
            pass  # "fell by a third."
        elif numerator == 1 and word in ("a", "one") and following in words.COMPARED:
            pass  # "a fifth more than"
        elif (
            numerator == 1 and not (following == "of" or word == "one" or (kind is not None and following in ("of", ".", ",")))
        ) or (word in words.FRACTION_WORDS and part != "half"):
            return None
        if following == "of" and self.word(last + 1) in ("a", "an") and self.word(last + 2) in _PARTS_OF_UNITS:
            return None  # "a quarter of a million", "half of a percent"
        value = Decimal(100 * numerator) / denominator
        number = Number(i, last, self.starts[i], self.ends[j], value, is_fraction=True, in_words=True)
        k = last + 1 if following == "of" else last
        k = self.skip_determiner(k)
        inner = self.number(k)
        if inner is not None and inner.first == k and self.raw[k][0].isdigit():
            k = inner.last
        head = self.head(k)
        if head is None:
            head = self.head(k, singular=True)
        self.emit((self.starts[first], self.ends[j]), number, kind, _PERCENT, self.name(head) if head is not None else None)
        return last

    def proportion(self, number: Number, first: int, kind: str | None) -> int | None:
        """As in "one in five women", "nine out of ten": a share in percent; None where the words are no proportion."""
        if number.value != number.value.to_integral_value() or not 1 <= number.value < 100 or number.is_vague:
            return None
        match = words.OUT_OF.match(self.text, number.end, self.hi)
        if match is None:
            return None
        raw = match["whole"].lower().replace(",", "")
        whole = int(raw) if raw.isdigit() else 100 if raw == "hundred" else words.SMALL.get(raw, 0)
        is_usual = whole in (3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 50, 100)
        # "one in 200 people", not "phase 1 in 15 towns".
        if number.value >= whole or not (is_usual or (number.value == 1 and not self.is_label(number, first))):
            return None
        j = self.token_at(match.end(), number.last)
        following = self.word(j)
        if following in words.UNIT_WORDS or following in words.MAGNITUDES or following in ("%", "-"):
            return None
        head = self.head(j)
        if head is None and "out" not in match.group().lower() and following not in words.AFTER_A_PROPORTION:
            return None
        share = Number(number.first, j, number.start, match.end(), number.value * 100 / whole, is_fraction=True)
        self.emit((self.starts[first], match.end()), share, kind, _PERCENT, self.name(head) if head is not None else None)
        return j

    def length_word(self, i: int) -> int | None:
        """As in "hourlong talks", "hour-long", "months-long", "weeklong"."""
        start = self.starts[i]
        one = words.SPAN_LONG.match(self.text, start, self.hi)
        many = None if one is not None else words.VAGUE_LONG.match(self.text, start, self.hi)
        match = one or many
        if match is None or (self.word(i - 1) == "-" and self.touches(i - 1, i)):
            return None
        unit = words.UNIT_WORDS[self.low[i].removesuffix("long")]
        first, kind = self.modifiers(i)
        last = self.token_at(match.end(), i)
        if one is not None:
            number = Number(i, last, start, match.end(), Decimal(1), in_words=True)
            if self.word(i - 1) == "half" and not kind:
                number = replace(number, value=Decimal("0.5"))
        else:
            number = Number(i, last, start, match.end(), Decimal(2), low=Decimal(2), high=Decimal(23), in_words=True)
        head = self.head(last, singular=True)
        self.emit((self.starts[first], match.end()), number, kind, unit, self.name(head) if head is not None else None)
        return last

    def article_unit(self, i: int) -> int | None:
        """As in "a week of hearings", "for an hour and a half", "half an hour": an article as a one."""
        j = i + 1
        word = self.word(j)
        if word not in words.ARTICLE_UNITS or not self.adjoins(j):
            return None
        first, kind = self.modifiers(i)
        value, begin = Decimal(1), first
        is_half = self.word(i - 1) == "half"
        if is_half:
            value = Decimal("0.5")
            first, kind = self.modifiers(i - 1)
            begin = first
        previous = self.word(begin - 1)
        if (
            not is_half
            and previous not in words.ARTICLE_UNIT_BEFORE
            and kind is None
            and not words.ARTICLE_UNIT_NEXT.match(self.text, self.ends[j], self.hi)
        ):
            return None
        if self.word(j + 1) in ("ago", "from") or (self.word(j + 1) == "-" and self.word(j + 2) == "old"):
            return j + 1
        if word == "second" and self.word(j + 1) not in (".", ",", "after", "before", "later"):
            return None
        if (
            word == "day"
            and self.word(j + 1) in ("of", "when", "that", "after", "before", "in")
            and kind is None
            and self.word(j + 1) != "of"
        ):
            return None
        number = Number(i, i + 1, self.starts[i], self.ends[i], value, in_words=True)
        if is_half:
            number = replace(number, first=i - 1, start=self.starts[i - 1], half=words.TWENTIETH)
        found = words.UNIT_WORDS[word]
        return self.measured(number, begin, kind, (found, self.ends[j], word), False)


#: "rejected the treaty 130 to 12": the verb of a vote, and nothing but what was voted on up to the numbers.
_VOTE_IN_PASSING: Final = re.compile(
    r"\b(?:passed|approved|rejected|confirmed|adopted|ratified|endorsed|backed|voted\sdown|defeated)\b[^,;:.]{0,60}\s$",
    re.IGNORECASE,
)
_PARTS_OF_UNITS: Final = frozenset(
    ("million", "billion", "trillion", "century", "mile", "hour", "point", "percent", "percentage", "second", "dozen")
)
_AGE_BOUNDS: Final = {
    "about": words.APPROXIMATE, "around": words.APPROXIMATE, "over": words.AT_LEAST, "least": words.AT_LEAST,
    "under": words.AT_MOST, "up": words.AT_MOST,
}  # fmt: skip


def _range_kind(kind: str | None) -> str | None:
    """What modifiers make of a range: only a bound says more than the range itself."""
    return kind if kind in (words.AT_LEAST, words.AT_MOST) else words.RANGE


def find_quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """The values in ``text[start:end]``, in the order of the text, not overlapping; offsets are into ``text``.

    A span covers the modifiers, the number and its unit ("at least $3.5 billion"); for counts the modifiers and the number,
    as the noun is given in ``counted``. Words around ``start`` and ``end`` on the same line are looked at, never covered.

    Where a clause says what befell those counted, ``counted`` is that: ``dead``, ``injured``, ``arrested`` and so on for
    people at large ("12 people were killed", "killing 15", "the death toll rose to 15"), and ``dead soldiers`` for a named
    group; :func:`counted_class` maps both to ``dead``. A vote or score such as 396-9 gives two counts: the larger with
    counted ``votes`` (``score``), the smaller with ``votes against`` (``score against``), in whichever order they stand.

    Units: s, m, m2, kg, m3, m/s, celsius, J, W, percent, percentage_point, year (ages), ISO 4217 codes for money; None for
    counts, ordinals and bare numbers. Not values: years, dates, clock times, names with numbers ("Article 5", "COVID-19"),
    the pronoun one, lengths that only say when ("two days ago", "the past three days": see :mod:`pipelines.read.times`).
    """
    end = len(text) if end is None else min(end, len(text))
    start = max(start, 0)
    if start >= end or (
        words.TRIGGER.search(text, start, end) is None
        and words.TRIGGER_WORDS.isdisjoint(words.A_WORD.findall(text[start:end].lower()))
    ):
        return []
    lo = max(0, start - _CONTEXT_BEFORE)
    lo = max(lo, text.rfind("\n", lo, start) + 1)
    while 0 < lo < start and text[lo - 1].isalnum():
        lo += 1  # never begin inside a word
    hi = min(len(text), end + _CONTEXT_AFTER)
    line_end = text.find("\n", end, hi)
    hi = hi if line_end < 0 else line_end
    while end < hi < len(text) and text[hi].isalnum() and text[hi - 1].isalnum():
        hi -= 1
    return _Reader(text, (lo, hi), start, end).run()
