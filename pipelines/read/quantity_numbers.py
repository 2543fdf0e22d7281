"""Numbers as English news writes them, and the interval of values that each can mean.

What belongs here: numerals, spelled-out numbers, magnitudes and vague words, up to the point where a unit or a noun says what
they measure or count. A grammar of its own rather than a library: text2num 3.1 gives one value where the words allow many
("nearly 3 million"), and reads "hundreds of" as 100; it serves the tests as an independent oracle for spelled-out cardinals.

**Intervals.** Two values of one slot conflict exactly when their intervals do not overlap. Bounds are closed; where a
rounding interval is half-open, its upper bound is the largest double below the border, so that 3.5 and 3.6 billion do not
meet.

==================  =======================================================================================================
wording             interval
==================  =======================================================================================================
12 people           [12, 12]; votes, ages, ordinals too
3.5 billion         half a unit of the last stated digit: [3.45e9, 3.55e9)
3 million           likewise, but never more than a tenth: [2.7e6, 3.3e6); 20 million [19.5e6, 20.5e6)
30,000 people       from 1,000 on, trailing zeros beyond two significant digits are rounding: [29,500, 30,500)
five hours, 200 km  what is measured rather than counted is rounded to its last stated digit (at most a tenth): [4.5 h, 5.5 h),
                    so that 435 miles and 700 km agree, and so do a month and 30 days; "five and a half": a quarter either way
35 percent          half a point, at most a twentieth: [34.5, 35.5), [4.75, 5.25)
half, a third       a tenth either way
about 850           a factor of the square root of 1.1 either way, or the rounding where that is wider: two approximations
                    overlap until they differ by a tenth of the smaller; counts widen to whole numbers ("some 16" is [15, 17])
nearly, just under  [0.9 v, v]
just over           [v, 1.1 v]
at least, over      [v, open]
up to, under        [open, v]
10 to 15            [10, 15]
hundreds            [1.5, 20) times the word: [150, 2000); several 3 to 9, a few 2 to 9, a couple of 2 to 3
==================  =======================================================================================================
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal

from pipelines.read import quantity_words as words
from pipelines.read.quantity_words import Unit


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: tokens ``first`` to ``last`` (one past), and how finely it is stated."""

    first: int
    last: int
    start: int
    end: int
    value: Decimal
    #: Half the unit of the last stated digit, where digits or a magnitude word state one; else None: a plain integer.
    half: Decimal | None = None
    #: The value in front of a magnitude word: "3" of "3 million".
    mantissa: Decimal = Decimal(0)
    magnitude: Decimal = Decimal(1)
    low: Decimal | None = None
    high: Decimal | None = None
    in_words: bool = False
    is_fraction: bool = False

    @property
    def is_vague(self) -> bool:
        """Whether the words give bounds of their own: "dozens", or a range."""
        return self.low is not None

    def times(self, magnitude: int) -> Number:
        """The number in front of a magnitude word that stands apart from it ("60 or so million")."""
        scale = Decimal(magnitude)
        half = scale * (self.half if self.half is not None else _trailing_zero_unit(self.value) / 2)
        return replace(self, value=self.value * scale, half=half, mantissa=self.value, magnitude=scale)


def _digits(token: str) -> tuple[Decimal, Decimal | None] | None:
    """Value of a numeral, and half a unit of its last decimal; None for what is no plain numeral."""
    if len(token) > words.MOST_DIGITS or not token.isascii():
        return None
    whole, _, decimals = token.partition(".")
    if "." in decimals or "," in decimals:
        return None
    if "," in whole:
        groups = whole.split(",")
        # 1,000,000 and the Indian 1,00,000; anything else is a list or a decimal comma.
        if not (1 <= len(groups[0]) <= 3 and len(groups[-1]) == 3 and all(len(g) in (2, 3) for g in groups[1:])):
            return None
        whole = "".join(groups)
    if len(whole) > 1 and whole[0] == "0" and not decimals:
        return None
    if decimals:
        return Decimal(f"{whole}.{decimals}"), Decimal(5).scaleb(-len(decimals) - 1)
    return Decimal(whole), None


def _trailing_zero_unit(value: Decimal) -> Decimal:
    """The unit that an integer is stated in, if two significant digits are taken as stated: 30,000 -> 1,000; 105 -> 1."""
    digits = str(int(abs(value)))
    zeros = min(len(digits) - len(digits.rstrip("0")), len(digits) - 2)
    return Decimal(10) ** max(zeros, 0)


def _half_width(number: Number, dimension: str) -> Decimal:
    """How far the value may lie from what is said, by rounding alone; see the table in the module's docstring."""
    value = abs(number.value)
    if number.is_fraction:
        return value * words.TENTH
    if dimension in ("age", "ordinal"):
        return Decimal(0)
    half = number.half
    if dimension == "temperature":
        return half if half is not None else Decimal("0.5")
    if dimension in ("percentage", "percentage_points"):
        return min(half if half is not None else Decimal("0.5"), value * words.TWENTIETH)
    if half is None and value == value.to_integral_value():
        unit = _trailing_zero_unit(value)
        rounds = dimension in words.ROUNDED_DIMENSIONS or (value >= 1000 and unit > 1)
        half = unit / 2 if rounds else Decimal(0)
    return min(half or Decimal(0), value * words.TENTH)


def _just_below(border: float, counts: bool) -> float:
    """The greatest value in front of a border: a whole number where whole things are counted."""
    return math.ceil(border) - 1.0 if counts else math.nextafter(border, -math.inf)


def interval(number: Number, kind: str | None, unit: Unit) -> tuple[float | None, float | None, str]:
    """Lower and upper bound in the base unit, and the accepted word for the approximation."""
    dimension = unit.dimension
    factor, factor_high, offset = unit.factor, unit.factor_high or unit.factor, unit.offset
    value = number.value

    def scaled(low: Decimal, high: Decimal) -> tuple[float, float]:
        a, b = float(low * factor + offset), float(high * (factor_high if high > 0 else factor) + offset)
        return (a, b) if a <= b else (b, a)

    if number.low is not None and number.high is not None:
        low, high = scaled(number.low, number.high)
        if kind in (words.AT_LEAST, words.ABOVE):
            return low, None, "at_least"
        if kind in (words.AT_MOST, words.BELOW):
            return None, high, "at_most"
        return low, high, "range" if kind == words.RANGE else "vague"
    if kind == words.AT_LEAST:
        return scaled(value, value)[0], None, "at_least"
    if kind == words.AT_MOST:
        return None, scaled(value, value)[1], "at_most"
    half = _half_width(number, dimension)
    whole = dimension in words.WHOLE_DIMENSIONS and value == value.to_integral_value()
    if kind == words.BELOW:
        lowest = value * Decimal("0.9") if value >= 0 else value
        low, high = scaled(Decimal(math.floor(lowest)) if whole else lowest, value)
        return low, high, "approximate"
    if kind == words.ABOVE:
        highest = value * Decimal("1.1") if value >= 0 else value
        low, high = scaled(value, Decimal(math.ceil(highest)) if whole else highest)
        return low, high, "approximate"
    if kind == words.APPROXIMATE:
        lowest, highest = sorted((value / words.ROOT, value * words.ROOT))
        if dimension == "temperature":
            lowest, highest = value - 1, value + 1
        if whole:
            lowest, highest = Decimal(math.floor(lowest)), Decimal(math.ceil(highest))
        low, high = scaled(lowest, highest)
        if half:
            rounded_low, border = scaled(value - half, value + half)
            low, high = min(low, rounded_low), max(high, _just_below(border, whole))
        return low, high, "approximate"
    if not half:
        low, high = scaled(value, value)
        return low, high, "exact"
    low, border = scaled(value - half, value + half)
    low = float(math.ceil(low)) if whole else low
    return low, max(low, _just_below(border, whole)), "approximate" if number.is_fraction else "exact"


class NumberReader:
    """Tokens of one stretch of text, and the numbers among them. Every look around is bounded, so reading is linear."""

    __slots__ = ("ends", "hi", "lo", "low", "n", "raw", "starts", "text")

    def __init__(self, text: str, lo: int, hi: int) -> None:
        self.text, self.lo, self.hi = text, lo, hi
        spans = [(m.start(), m.end()) for m in words.TOKEN.finditer(text, lo, hi)]
        self.starts = [s for s, _ in spans]
        self.ends = [e for _, e in spans]
        self.raw = [text[s:e] for s, e in spans]
        self.low = [w.lower() for w in self.raw]
        self.n = len(spans)

    # -- looking around -----------------------------------------------------------------------------------------------

    def word(self, i: int) -> str:
        """The lower-cased token i; empty beyond either end."""
        return self.low[i] if 0 <= i < self.n else ""

    def before(self, position: int, width: int) -> str:
        """Up to ``width`` characters in front of a position, within its sentence."""
        piece = self.text[max(self.lo, position - width) : position]
        cut = piece.rfind("\n") + 1
        for boundary in words.SENTENCE_END.finditer(piece, cut):
            cut = boundary.end()
        return piece[cut:]

    def after(self, position: int, width: int) -> str:
        """Up to ``width`` characters behind a position, within its line."""
        piece = self.text[position : min(self.hi, position + width)]
        cut = piece.find("\n")
        return piece if cut < 0 else piece[:cut]

    def touches(self, i: int, j: int) -> bool:
        """Whether token j follows token i with nothing between."""
        return i >= 0 and j < self.n and self.ends[i] == self.starts[j]

    def token_at(self, position: int, since: int) -> int:
        """Index of the first token that starts at or after a position, looking forward from token ``since``."""
        i = since
        while i < self.n and self.starts[i] < position:
            i += 1
        return i

    # -- numbers ------------------------------------------------------------------------------------------------------

    def number(self, i: int, is_money: bool = False) -> Number | None:
        """The number that starts at token i."""
        if i >= self.n:
            return None
        first = self.raw[i][0]
        if first.isdigit() or first in words.FRACTION_SIGNS:
            return self._numeral(i, is_money)
        if self.low[i] in words.STARTERS:
            return self._spelled(i)
        return None

    def _numeral(self, i: int, is_money: bool) -> Number | None:
        sign = words.FRACTION_SIGNS.get(self.raw[i])
        half: Decimal | None
        if sign is not None:
            value, half = sign, Decimal("0.125")
        else:
            parsed = _digits(self.raw[i])
            if parsed is None:
                return None
            value, half = parsed
        j = i + 1
        if sign is None and self.touches(i, j) and self.raw[j] in words.FRACTION_SIGNS:
            value, half, j = value + words.FRACTION_SIGNS[self.raw[j]], Decimal("0.25"), j + 1
        elif (
            sign is None and half is None and self.word(j) == "-" and self.word(j + 1) in ("1", "3") and self.word(j + 2) == "/"
            and self.word(j + 3) in ("2", "4") and self.touches(i, j) and self.touches(j, j + 1)
            and self.touches(j + 2, j + 3)
        ):  # fmt: skip
            value, half, j = value + Decimal(self.raw[j + 1]) / Decimal(self.raw[j + 3]), Decimal("0.25"), j + 4
        return self.with_magnitudes(i, j, value, half, is_money=is_money)

    def with_magnitudes(
        self, i: int, j: int, mantissa: Decimal, half: Decimal | None, *, is_money: bool = False, in_words: bool = False
    ) -> Number:
        """The number of tokens i to j with the magnitudes that follow: "3.5" -> "3.5 billion", "2 lakh crore"."""
        magnitude, steps = Decimal(1), 0
        while steps < 3 and j < self.n:
            hyphen = self.low[j] == "-" and self.touches(j - 1, j) and self.touches(j, j + 1)
            k = j + 1 if hyphen else j
            word = self.word(k)
            if word in words.MAGNITUDES:
                if self.starts[k] - self.ends[k - 1] > 1:
                    break
                magnitude *= words.MAGNITUDES[word]
            elif word in words.ATTACHED_MAGNITUDES and not hyphen and self.touches(j - 1, j) and self._multiplies(j, is_money):
                magnitude *= words.ATTACHED_MAGNITUDES[word]
            else:
                break
            j, steps = k + 1, steps + 1
        if half is not None:
            half *= magnitude
        elif (magnitude >= 100_000 and not in_words) or magnitude >= 10**6:
            half = magnitude * _trailing_zero_unit(mantissa) / 2
        return Number(i, j, self.starts[i], self.ends[j - 1], mantissa * magnitude, half, mantissa, magnitude, in_words=in_words)

    def _multiplies(self, j: int, is_money: bool) -> bool:
        word = self.raw[j]
        if word in ("k", "K"):
            return True
        if is_money:
            return True
        # "5m people" are millions, a "5m wall" is five metres.
        if word in ("m", "M", "B") and self.looks_plural(self.word(j + 1)) and self.starts[j + 1] - self.ends[j] == 1:
            return True
        return word == "m" and self._is_of_millions(j)

    def _is_of_millions(self, j: int) -> bool:
        """Whether the "m" at token j stands for millions though no plural follows: "a population of 8.4m", "1.1m of them"."""
        clause, following = self.before(self.starts[j - 1], 80), self.after(self.ends[j], 40)
        if words.OF_METRES.search(clause) or words.OF_METRES.search(following):
            return False
        if words.MILLIONS_NEXT.match(following):
            return True
        return bool(words.CLAUSE_END.match(following) and words.MILLIONS_BEFORE.search(clause))

    def looks_plural(self, word: str) -> bool:
        """Whether a lower-cased word is a plural noun, as far as its form tells."""
        return word in words.IRREGULAR_PLURALS or (
            len(word) > 3
            and word.endswith("s")
            and word not in words.NOT_PLURAL
            and word not in words.STOP
            and not word.endswith(("ss", "us", "is"))
        )

    def _small(self, i: int) -> tuple[int, int] | None:
        """A spelled number below a hundred at token i: value, one past its last token."""
        word = self.word(i)
        if word in ("half", "quarter") or word not in words.SMALL:
            return None
        value, j = words.SMALL[word], i + 1
        if value >= 20 and value % 10 == 0:
            k = j + 1 if self.word(j) == "-" and self.touches(j - 1, j) and self.touches(j, j + 1) else j
            unit = words.SMALL.get(self.word(k), 0)
            if 1 <= unit <= 9 and self.starts[k] - self.ends[k - 1] <= 1:
                return value + unit, k + 1
        return value, j

    def adjoins(self, j: int) -> bool:
        """Whether token j stands one blank (or nothing) behind the token in front of it."""
        return 0 < j < self.n and self.starts[j] - self.ends[j - 1] <= 1

    def _spelled(self, i: int) -> Number | None:
        word = self.word(i)
        vague = self._vague(i)
        if vague is not None:
            return vague
        parts = self._parts_of_a_magnitude(i)
        if parts is not None:
            return parts
        if word in ("a", "an"):
            return self._after_article(i)
        if word in ("half", "quarter"):
            return self._half_of(i, i)
        if word == "dozen" or word in words.FRACTION_WORDS or word in words.VAGUE_PLURALS:
            return None
        total, group, j, groups = Decimal(0), Decimal(0), i, 0
        last_scale = Decimal(10) ** 18
        steps = 0
        while j < self.n and steps < 24:
            steps += 1
            k = j
            if j > i:
                if self.word(j) == "-" and self.touches(j - 1, j) and self.touches(j, j + 1):
                    k = j + 1
                if self.word(k) == "and" and k == j:
                    # "one hundred and five", "two thousand and one", never "ten and fifteen".
                    if self.word(j - 1) not in ("hundred", "thousand", "million", "billion", "trillion") or not self.adjoins(j):
                        break
                    k = j + 1
                if not self.adjoins(k):
                    break
            small = self._small(k)
            if small is not None:
                if (j > i and (group % 100 or (group and self.word(j - 1) not in ("hundred", "and")))) or (
                    j > i and not small[0]
                ):
                    break
                if j > i and self.word(j - 1) not in ("hundred", "thousand", "million", "billion", "trillion", "and") and k == j:
                    break
                group += small[0]
                j = small[1]
            elif self.word(k) == "hundred" and (0 < group < 100 or j == i):
                group = (group or Decimal(1)) * 100
                j = k + 1
            elif self.word(k) in words.MAGNITUDES and self.word(k) != "hundred" and (group or j == i):
                scale = Decimal(words.MAGNITUDES[self.word(k)])
                if scale >= last_scale:
                    break
                total += (group or Decimal(1)) * scale
                group, last_scale, j, groups = Decimal(0), scale, k + 1, groups + 1
            else:
                break
        # A trailing "and" is not part of the number.
        while j > i and self.word(j - 1) in ("and", "-"):
            j -= 1
        if j == i:
            return None
        value = total + group
        if not group and groups == 1 and last_scale >= 10**6:
            number = Number(
                i, j, self.starts[i], self.ends[j - 1], value, last_scale * _trailing_zero_unit(value / last_scale) / 2,
                value / last_scale, last_scale, in_words=True,
            )  # fmt: skip
            return self._magnitude_and_a_half(number)
        number = Number(i, j, self.starts[i], self.ends[j - 1], value, None, value, in_words=True)
        if not total and self.word(j) == "dozen" and self.adjoins(j):
            return replace(number, last=j + 1, end=self.ends[j], value=value * 12)
        if not total and self.word(j) == "-" and self.word(j + 1) == "dozen" and self.touches(j, j + 1):
            return replace(number, last=j + 2, end=self.ends[j + 1], value=value * 12)
        if self.word(j) == "score" and value < 10 and self.adjoins(j):
            return replace(number, last=j + 1, end=self.ends[j], value=value * 20)
        return self._and_a_half(number)

    def _and_a_half(self, number: Number) -> Number:
        match = words.AND_A_HALF.match(self.text, number.end, self.hi)
        if match is None:
            return number
        part = Decimal("0.5") if match["part"].lower() == "half" else Decimal("0.25")
        j = self.token_at(match.end(), number.last)
        return self.with_magnitudes(number.first, j, number.value + part, Decimal("0.25"), in_words=True)

    def _magnitude_and_a_half(self, number: Number) -> Number:
        """As in "a million and a half": a half of the magnitude more; not "between a million and a half million"."""
        match = words.AND_A_HALF.match(self.text, number.end, self.hi)
        if match is None:
            return number
        j = self.token_at(match.end(), number.last)
        if self.word(j) in words.MAGNITUDES or self.word(j) in ("-", "dozen", "of"):
            return number
        mantissa = number.mantissa + (Decimal("0.5") if match["part"].lower() == "half" else Decimal("0.25"))
        return replace(
            number, last=j, end=match.end(), value=mantissa * number.magnitude, mantissa=mantissa,
            half=number.magnitude * Decimal("0.25"),
        )  # fmt: skip

    def _parts_of_a_magnitude(self, i: int) -> Number | None:
        """As in "three-quarters of a million", "two thirds of a billion"."""
        numerator, j = words.SMALL.get(self.word(i), 0), i + 1
        if not 2 <= numerator <= 9:
            return None
        if self.word(j) == "-" and self.touches(i, j):
            j += 1
        denominator = words.FRACTION_WORDS.get(self.word(j), 0)
        if numerator >= denominator or (self.word(j + 1), self.word(j + 2)) != ("of", "a"):
            return None
        scale = Decimal(words.MAGNITUDES.get(self.word(j + 3), 0))
        if scale < 10**6:
            return None
        part = Decimal(numerator) / denominator
        return Number(
            i, j + 4, self.starts[i], self.ends[j + 3], scale * part, scale * part * words.TENTH, part, scale, in_words=True
        )  # fmt: skip

    def _after_article(self, i: int) -> Number | None:
        """As in "a hundred", "a dozen", "a half-million", "a quarter of a million"; an article alone is no number here."""
        j = i + 1
        word = self.word(j)
        if not self.adjoins(j):
            return None
        if word in ("hundred", "thousand", "million", "billion", "trillion", "lakh", "crore"):
            number = self._spelled(j) if word in words.SMALL or word in ("hundred", "thousand", "million") else None
            if number is None:
                number = self.with_magnitudes(j, j, Decimal(1), None, in_words=True) if word in words.MAGNITUDES else None
            if number is None or number.is_vague or number.last <= j:
                return None
            return replace(number, first=i, start=self.starts[i])
        if word == "dozen":
            return Number(i, j + 1, self.starts[i], self.ends[j], Decimal(12), None, Decimal(12), in_words=True)
        if word in ("half", "quarter"):
            return self._half_of(i, j)
        return None

    def _half_of(self, first: int, i: int) -> Number | None:
        """As in "half a million", "half a dozen", "a quarter of a million"; the number starts at token ``first``."""
        j = i + 1
        if self.word(j) == "-" and self.touches(i, j):
            j += 1
        elif self.word(i) == "quarter":
            if (self.word(j), self.word(j + 1)) != ("of", "a"):
                return None
            j += 2
        elif self.word(j) == "a":
            j += 1
        word = self.word(j)
        part = Decimal("0.5") if self.word(i) == "half" else Decimal("0.25")
        if not self.adjoins(j) or (j == i + 1 and word not in ("dozen", "million", "billion", "trillion")):
            return None
        if word == "dozen":
            value = Decimal(12) * part
            return Number(first, j + 1, self.starts[first], self.ends[j], value, None, value, in_words=True)
        if word in ("million", "billion", "trillion", "thousand", "crore", "lakh"):
            scale = Decimal(words.MAGNITUDES[word])
            return Number(
                first,
                j + 1,
                self.starts[first],
                self.ends[j],
                scale * part,
                scale * part * words.TENTH,
                part,
                scale,
                in_words=True,
            )
        return None

    def _vague(self, i: int) -> Number | None:
        """As in "dozens", "tens of thousands", "several hundred", "a few", "a couple of dozen"."""
        word = self.word(i)
        if word in words.VAGUE_PLURALS:
            # "crores" and "lakhs" alone stand behind a numeral; "scores" and "tens" need what they count.
            if word in ("scores", "tens") and self.word(i + 1) != "of":
                return None
            base, j = words.VAGUE_PLURALS[word], i + 1
            if self.word(j) == "of" and self.word(j + 1) in words.VAGUE_PLURALS:
                base, j = base * words.VAGUE_PLURALS[self.word(j + 1)], j + 2
                if self.word(j) == "of" and self.word(j + 1) in words.VAGUE_PLURALS and base < 10**12:
                    base, j = base * words.VAGUE_PLURALS[self.word(j + 1)], j + 2
            low, high = Decimal(base) * 3 / 2, Decimal(base) * 20 - 1
            return Number(i, j, self.starts[i], self.ends[j - 1], Decimal(base), low=low, high=high, in_words=True)
        for size in (3, 2, 1):
            few = words.FEW.get(tuple(self.low[i : i + size]))
            if few is None or i + size > self.n:
                continue
            j, scale = i + size, Decimal(1)
            word = self.word(j)
            if word in words.MAGNITUDES or word == "dozen":
                scale = Decimal(words.MAGNITUDES.get(word, 12))
                j += 1
            elif size == 2 and self.low[i + 1] in ("couple", "handful"):
                return None  # "a couple" is two persons
            # "several hundred" may stop just short of a thousand.
            top = Decimal(few[1]) * scale if scale == 1 else (Decimal(few[1]) + Decimal("0.99")) * scale
            return Number(
                i,
                j,
                self.starts[i],
                self.ends[j - 1],
                Decimal(few[0]) * scale,
                low=Decimal(few[0]) * scale,
                high=top,
                in_words=True,
            )
        return None


def spelled_value(spelled: str) -> int | None:
    """The integer that spelled-out English words are, or None; "one hundred and five" -> 105."""
    reader = NumberReader(spelled, 0, len(spelled))
    number = reader.number(0)
    if number is None or number.last != reader.n or number.is_vague or number.value != number.value.to_integral_value():
        return None
    return int(number.value)
