"""Noun phrases and the ends of clauses, by walking over the classes of a unit's elements.

Offsets here are numbers of elements of a :class:`~pipelines.read.syntax.Unit`, half-open, unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipelines.read import lexicon
from pipelines.read.lexicon import CUE_VERBS, word_set
from pipelines.read.records import Mention
from pipelines.read.syntax import Unit

#: Classes of elements of which a noun phrase is made, and those that carry a finite verb.
_NOMINAL: Final = frozenset("KWUYs")
_FINITE: Final = frozenset("bvdmV")
#: Prepositions that join a noun phrase to the one before it.
_JOINING: Final = word_set("of in for from at with on near against among about between by over under behind within")
_PERSONAL: Final = lexicon.ANONYMOUS_HEADS | lexicon.ROLE_HEADS | lexicon.ORGANIZATION_HEADS
_LONGEST_PHRASE: Final = 40
#: Words before which the object of a cue ends: *criticised the plan after*.
_BREAKS: Final = word_set(
    "because while although though when whereas unless after before since until as if despite following amid"
)


class Phrases:
    """Noun phrases of units; names bound those that stand side by side (*told Varga ministers had left*)."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._mention_ends = {m.end for m in mentions}
        self._mention_starts = {m.start for m in mentions}

    def antecedent(self, u: Unit, last: int) -> tuple[int, int]:
        """The noun phrase before a relative pronoun, without what that hangs on: *anger from* **ministers** *who*."""
        first = self.np_back(u, last)
        for i in range(first, last):
            if u.tags[i] == "P":
                head = u.low[i - 1]
                if u.tags[i - 1] == "K" or head.rstrip("s") in _PERSONAL or head in _PERSONAL:
                    break
                first = i + 1
        return first, last + 1

    def across_relative(self, u: Unit, inside: int) -> tuple[int, int] | None:
        """The noun phrase whose relative clause or participle holds element ``inside``: *groups that back him* say."""
        tags = u.tags
        for i in range(inside - 1, max(0, inside - 18), -1):
            if tags[i] in ",;:.QS-":
                return None
            if (tags[i] == "R" or (tags[i] == "h" and i + 1 < inside and (is_finite(u, i + 1) or tags[i + 1] in "a"))) and tags[
                i - 1
            ] in "KWDYUO":
                return self.np_back(u, i - 1), i
            if tags[i] == "E" and tags[i - 1] in "W" and i + 1 < len(tags) and tags[i + 1] in "PT":
                return self.np_back(u, i - 1), i
            if tags[i] == "G" and tags[i - 1] == "W" and i + 1 < len(tags) and tags[i + 1] in "KDTP":
                return self.np_back(u, i - 1), i
        return None

    def before_commas(self, u: Unit, comma: int) -> tuple[int, int, int] | None:
        """A subject that an apposition, relative clause or aside follows: *Ida Varga, the mayor, said*.

        Returns the subject's first element, the end of the bare noun phrase and the end with its appositions.
        """
        tags, low = u.tags, u.low
        close = comma
        whole = comma
        lowest = max(0, comma - _LONGEST_PHRASE)
        best: tuple[int, int, int] | None = None
        at = comma - 1
        while at >= lowest:
            if tags[at] in ".;:" or (tags[at] == "-" and at < comma - 12):
                break
            if tags[at] != ",":
                at -= 1
                continue
            segment = tags[at + 1 : close]
            kind = aside(segment, u.low[at + 1 : close])
            if kind is None or at == 0 or tags[at - 1] not in "KWUYsQO" or low[at - 1] in lexicon.TIME_NOUNS:
                break
            if kind == "aside":
                whole = at
            start = self.np_back(u, at - 1)
            if tags[start : start + 1] in ("", "P", "U") and best is not None:
                break
            opens = start == 0 or tags[start - 1] in ",Ccha-:SQ" or tags[start - 1] == "h"
            looks = tags[start] in "KDWO" and ("K" in tags[start:at] or tags[start] in "DO" or start == 0)
            if opens and looks:
                best = (start, at, whole if whole > at else at)
                if not (start > 0 and tags[start - 1] == ","):
                    break
                if tags[start] == "K" and start - at <= 2 and "D" not in tags[start:at] and kind != "apposition":
                    break
            close = at
            at -= 1
        return best

    def np_back(self, u: Unit, last: int) -> int:
        """The first element of the noun phrase that ends with element ``last``."""
        tags, low = u.tags, u.low
        if tags[last] in "OR":
            return last
        first = last + 1
        i = last
        lowest = max(0, last - _LONGEST_PHRASE)
        while i >= lowest:
            t = tags[i]
            before = tags[i - 1] if i else ""
            if t in _NOMINAL or (t == "t" and tags[i + 1 : i + 2] == "s"):
                first = i
            elif t == "D":
                first = i
                if not (before in ("D", "C") or (before == "P" and low[i - 1] in _JOINING)):
                    i -= 1
                    break
            elif t == "O" and tags[i + 1] == "C":
                first = i
                i -= 1
                break
            elif t == "Q":
                if u.end[i] - u.start[i] > 40 or i in u.full or before not in ("K", "D", "W", "E") or tags[i + 1] not in "KWU":
                    break
                first = i
            elif t == "P":
                if low[i] not in _JOINING or (
                    before not in _NOMINAL and before != "O" and not (before == "D" and low[i] in ("of", "in"))
                ):
                    break
            elif t == "T":
                if before not in ("W", "K") or low[i - 1] not in lexicon.ROLE_HEADS | {
                    "close",
                    "ambassadors",
                    "advisers",
                    "aides",
                }:
                    break
            elif t == "C":
                if before not in _NOMINAL and before not in ("O", "t"):
                    break
            elif t in "EG":
                following = tags[i + 1] if i < last else ""
                if not (
                    before in ("D", "s", "C")
                    or (before in ("P", "") and following in ("W", "K"))
                    or (before == "a" and i > 1 and tags[i - 2] == "D")
                    or (t == "E" and following == "P" and before == "W")
                ):
                    break
                if first > i + 1 or i == last:
                    break
                first = i
            elif t == "a":
                if before != "D" or i == last:
                    break
            elif t == ",":
                # A list: every part before "and" is a noun phrase.
                if i > 1 and tags[i - 2] == "D" and i + 1 < last and is_adjective(low[i - 1]) and is_adjective(low[i + 1]):
                    i -= 1
                    continue
                if "C" not in tags[i + 1 : last + 1] or before not in _NOMINAL or tags[i + 1] not in "KWDC":
                    break
                if "P" in tags[i + 1 : i + 1 + tags[i + 1 :].find("C")]:
                    break
            else:
                break
            i -= 1
        if first > last:
            return last
        while first > 0 and low[first - 1] in ("nearly", "almost", "about", "roughly", "only", "even", "just", "some", "around"):
            first -= 1
        left = tags[first - 1] if first else ""
        # The object of a verb or preposition before, then "and" and the subject: He left Oslo and officials said.
        if left in ("V", "E", "P", "b", "G", "T") and first > 0:
            cut = tags.rfind("C", first, last)
            if cut > 0:
                return cut + 1
        if left == "P" or tags[first] == "P":
            # In Oslo the minister said; After the talks Varga said
            for k in range(first + 1, last + 1):
                if (tags[k] == "D" and tags[k - 1] in "KWUYt") or (
                    tags[k] == "K"
                    and tags[k - 1] in "KWUt"
                    and low[k - 1] not in lexicon.ROLE_HEADS
                    and (u.start[k] in self._mention_starts or tags[k - 1] in "Ut")
                    and (tags[k - 1] != "K" or u.end[k - 1] in self._mention_ends)
                ):
                    return k
        return first

    def np_forward(self, u: Unit, first: int, stop: int) -> int:
        """One past the last element of the noun phrase that starts with element ``first``; ``first`` if none does."""
        tags, low = u.tags, u.low
        if first >= stop:
            return first
        if tags[first] == "O" or (tags[first] == "D" and (first + 1 >= stop or tags[first + 1] in ".,;:Qh")):
            return first + 1
        if tags[first] not in "KWDUE" or (tags[first] == "E" and tags[first + 1 : first + 2] not in ("W", "K")):
            return first
        i = first
        while i < stop and i - first < _LONGEST_PHRASE:
            t = tags[i]
            previous = tags[i - 1] if i > first else ""
            following = tags[i + 1] if i + 1 < stop else ""
            if t in "KUYs" or t == "W":
                if (
                    t in "KW"
                    and i > first
                    and previous in "KY"
                    and u.start[i] in self._mention_starts
                    and u.end[i - 1] in self._mention_ends
                ):
                    break
                if (
                    t == "K"
                    and previous == "W"
                    and i > first
                    and u.low[i - 1] in ("reporters", "journalists", "lawmakers", "supporters")
                ):
                    break
            elif t == "D":
                if previous not in ("", "P", "C", "D"):
                    break
            elif t in "EG":
                if not (previous in ("", "D", "C", "P", "a") and following in ("W", "K")) and not (
                    t == "E" and previous == "W" and following in ("P", "T")
                ):
                    break
            elif t == "a":
                if previous != "D":
                    break
            elif t == "P":
                if low[i] not in _JOINING or following not in ("K", "W", "D", "U", "E") or low[i + 1] in lexicon.TIME_NOUNS:
                    break
                if (
                    low[i] in ("on", "in", "at")
                    and i > first
                    and (
                        following == "U" or (previous == "K" and low[i + 1] in ("a", "an", "his", "her", "their", "its", "this"))
                    )
                ):
                    break
            elif t == "T":
                if low[i - 1] not in lexicon.ROLE_HEADS | {"close"} or following not in ("K", "D", "W"):
                    break
            elif t == "C":
                if following not in ("K", "W", "D", "U") or is_finite_soon(u, i + 1, stop):
                    break
            elif t == "Q":
                if u.end[i] - u.start[i] > 30 or following not in ("K", "W"):
                    break
            elif t == "t":
                if following != "s":
                    break
            else:
                break
            i += 1
        while i > first and tags[i - 1] in "PDCaT":
            i -= 1
        return i

    def main_subject(self, u: Unit, before: int) -> tuple[int, int] | None:
        """The subject of the first finite verb before an element."""
        tags = u.tags
        for i in range(before):
            if not is_finite(u, i):
                continue
            at = i - 1
            while at >= 0 and tags[at] in "abvdmn":
                at -= 1
            at = skip_time_back(u, at)
            if at < 0:
                continue
            if tags[at] == ",":
                made = self.before_commas(u, at)
                if made is None:
                    continue
                return made[0], made[2]
            if tags[at] in "KWOYUs":
                start = self.np_back(u, at)
                if start and tags[start - 1] in "VEGT":
                    wider = self.across_relative(u, start)
                    if wider is not None:
                        return wider
                if start and tags[start - 1] in "RSP":
                    continue
                return start, at + 1
            continue
        return None

    def following_subject(self, u: Unit, head: int) -> tuple[int, int] | None:
        """The subject of the main clause after a participle that opens the sentence: *Citing the report, Varga left*."""
        comma = u.tags.find(",", head)
        if comma < 0 or comma + 1 >= len(u):
            return None
        end = self.np_forward(u, comma + 1, len(u))
        return (comma + 1, end) if end > comma + 1 else None


def unit_stop(u: Unit) -> int:
    """One past the last element of a unit, without its final marks."""
    n = len(u)
    while n > 0 and u.tags[n - 1] == ".":
        n -= 1
    return n


def char_span(u: Unit, span: tuple[int, int] | None) -> tuple[int, int] | None:
    """Code points of a stretch of elements, without the marks at its ends."""
    if span is None:
        return None
    first, last = span
    while last > first and u.tags[last - 1] in ",;:-":
        last -= 1
    while first < last and u.tags[first] in ",;:.":
        first += 1
    return (u.start[first], u.end[last - 1]) if last > first else None


def trim_marks(u: Unit, first: int, stop: int) -> int:
    """Where a stretch ends without the marks and conjunctions at its end."""
    while stop > first and u.tags[stop - 1] in ",;:.-Cc":
        stop -= 1
    return stop


def is_finite(u: Unit, i: int) -> bool:
    """Whether an element carries a finite verb; a form in *-ed* does after a noun or pronoun, unless *by* follows."""
    t = u.tags[i]
    if t in _FINITE:
        return True
    if t == "E" and i:
        before = u.tags[i - 1]
        following = u.low[i + 1] if i + 1 < len(u) else ""
        if before in "KWORUYst" or (before == "a" and i > 1 and u.tags[i - 2] in "KWORYs"):
            return following != "by"
    return False


def is_finite_at(u: Unit, i: int, stop: int) -> bool:
    """Whether a finite verb stands here, after adverbs."""
    while i < stop and u.tags[i] == "a":
        i += 1
    return i < stop and (u.tags[i] in _FINITE or (u.tags[i] == "E" and u.word(i + 1) != "by"))


def is_adjective(word: str) -> bool:
    """Whether a word looks like an adjective."""
    return "-" in word or word.endswith(
        ("ous", "ful", "ive", "ed", "al", "ic", "able", "ible", "less", "ish", "ant", "ent", "old")
    )


def has_finite(u: Unit, first: int, stop: int) -> bool:
    """Whether a finite verb stands in a stretch."""
    return any(is_finite(u, i) for i in range(max(0, first), min(stop, len(u))))


def has_clause_verb(u: Unit, first: int, stop: int) -> bool:
    """Whether a finite verb stands in a stretch; a longer quotation is taken to hold one."""
    return any(
        is_finite(u, i) or (u.tags[i] == "Q" and u.end[i] - u.start[i] > 20) for i in range(max(0, first), min(stop, len(u)))
    )


def is_finite_soon(u: Unit, first: int, stop: int) -> bool:
    """Whether a finite verb follows the noun phrase that starts here, before any mark."""
    for i in range(first, min(stop, first + 9)):
        if u.tags[i] in ",;:.hSRQ":
            return False
        if is_finite(u, i):
            return True
    return False


def next_mark(u: Unit, first: int, stop: int) -> int:
    """The next comma, semicolon, colon or period, or the end."""
    for i in range(first, stop):
        if u.tags[i] in ",;:.":
            return i
    return stop


def clause_from(u: Unit, start: int) -> int:
    """The element where a clause starts whose subject starts at ``start``: with its conjunction and comma."""
    at = start
    while at > 0 and u.tags[at - 1] in "CcSa":
        at -= 1
    if at > 0 and u.tags[at - 1] in ",;":
        at -= 1
    elif at > 0 and u.low[at - 1] == "as":
        at -= 1
        if at > 0 and u.tags[at - 1] == ",":
            at -= 1
    return at


def skip_time_back(u: Unit, at: int) -> int:
    """The element before *on Monday*, *last week* or *yesterday*, looking back from ``at``."""
    tags, low = u.tags, u.low
    while at > 0:
        if tags[at] == "t":
            at -= 1
            if at > 0 and low[at] in ("on", "late", "early", "last", "this"):
                at -= 1
        elif low[at] in lexicon.TIME_NOUNS and at > 1 and low[at - 1] in ("last", "this", "earlier", "late"):
            at -= 2
            if at > 0 and low[at] in ("earlier", "later", "in"):
                at -= 1
        else:
            break
    return at


def aside(segment: str, low: list[str]) -> str | None:
    """What stands between two commas after a noun phrase: ``apposition``, ``aside`` (relative clause, adjunct) or nothing."""
    if not segment or len(segment) > 32:
        return None
    if segment[0] == "R" or (segment[0] in "DPW" and "R" in segment[:4]):
        return "aside"
    if set(segment) <= {"a"}:
        return "aside"
    if segment[0] in "GE" or segment[:2] == "VP" or (segment[0] == "P" and low[0] not in ("of", "from")) or segment[0] == "S":
        return "aside" if segment[0] != "S" or low[0] in ("when", "while", "where") else None
    if segment[0] in "KWUDPnYs" and not any(t in "bvdmV" for t in segment[: segment.find("R") if "R" in segment else None]):
        return "apposition"
    return None


def apposition_forward(u: Unit, end: int, stop: int) -> int:
    """One past the apposition that follows a noun phrase after a comma, if one does."""
    tags = u.tags
    if end >= stop or tags[end] != "," or end + 1 >= stop or tags[end + 1] not in "DWKU":
        return end
    at = end + 1
    last = end
    while at < stop and at - end < 26:
        t = tags[at]
        if t in "bvdmVQ;:.h-SRG" or (t == "E" and is_finite(u, at)):
            return (
                last
                if t in ";:.-QSRG" and at > end + 1 and tags[at - 1] == "," and last > end
                else end
                if t in "bvdmVQhE"
                else (at if tags[at - 1] != "," else last)
            )
        if t == ",":
            if at + 1 < stop and tags[at + 1] in "DKWU" and not has_clause_verb(u, at + 1, next_mark(u, at + 1, stop)):
                last = at
            else:
                return at
        at += 1
    return at


def skip_adjunct(u: Unit, first: int, stop: int) -> int:
    """Past the time and place of saying: *on Monday in an interview with the paper*, if content follows."""
    tags, low = u.tags, u.low
    i = first
    if i + 2 < stop and tags[i] == "," and tags[i + 1] == "P":
        i += 1
    elif i + 3 < stop and tags[i : i + 3] == ",a," and tags[i + 3] in "hQ":
        return i + 3
    if i >= stop or tags[i] not in "PtaTWDU":
        return first
    if tags[i] in "WDU" and low[i] not in ("last", "this", "earlier", "late", "early"):
        return first
    for k in range(i, min(stop, i + 22)):
        t = tags[k]
        if t == "h" or (t in ",:" and k + 1 < stop and tags[k + 1] in "Qh"):
            return k + 1 if t == "," and tags[k + 1] == "h" else k
        if t == "Q" and k > i and tags[k - 1] in ":,":
            return k
        if t in "Q.;:VbvdmSR":
            break
        if t == "E" and is_finite(u, k):
            break
    # said Monday the plan was dead
    k = i
    while k < stop:
        if tags[k] == "t":
            k += 1
        elif (low[k] == "on" and k + 1 < stop and tags[k + 1] == "t") or (
            low[k] in ("last", "this", "earlier", "late", "early")
            and k + 1 < stop
            and (low[k + 1] in lexicon.TIME_NOUNS or tags[k + 1] == "t")
        ):
            k += 2
        else:
            break
    return k


def skip_adjunct_tail(u: Unit, first: int, stop: int) -> int:
    """Past what may stand between a tail and the mark after it: *, Varga said on Monday in Oslo, ...*."""
    for i in range(first, min(stop, first + 25)):
        if u.tags[i] in ",:Q;":
            return i
        if u.tags[i] in "hbvmV":
            break
    return stop if first >= stop else first


def opens_clause(u: Unit, j: int, stop: int) -> bool:
    """Whether a clause without *that* starts here: a noun phrase and then a finite verb before the sentence is out."""
    tags = u.tags
    depth = 0
    for i in range(j, min(stop, j + 45)):
        t = tags[i]
        if t in ";":
            return False
        if t in "Rh":
            depth += 1
            continue
        if t == "Q" and i > j and depth == 0 and i not in u.full and u.end[i] - u.start[i] > 20 and tags[i - 1] in "KWOUs":
            return True
        if is_finite(u, i) and i > j:
            if depth == 0:
                return True
            depth -= 1
    return False


def phrase_end(u: Unit, first: int, stop: int) -> int:
    """One past the noun phrase, infinitive or the like that is a cue's object, with what depends on it."""
    tags, low = u.tags, u.low
    i = first
    while i < stop:
        t = tags[i]
        if t in ";:" or (t == "-" and i > first):
            break
        if t == "," and i > first:
            rest = tags[i + 1 : i + 2]
            listed = rest and rest in "KWDU" and "C" in tags[i + 1 : i + 9] and not has_clause_verb(u, i + 1, min(stop, i + 9))
            if not listed and rest != "C":
                break
            if rest == "C" and is_finite_soon(u, i + 2, stop):
                break
        if i > first + 1 and low[i] in _BREAKS and tags[i] in "SP":
            break
        if t in "Cc" and i + 1 < stop and ((low[i + 1] in CUE_VERBS and tags[i + 1] in "VE") or tags[i + 1] in "bvdmV"):
            break
        i += 1
    i = trim_marks(u, first, i)
    # A time at the end is the cue's, not the content's: criticised the plan on Monday.
    while i - first > 2 and tags[i - 1] == "t":
        i -= 1
        if low[i - 1] in ("on", "late", "early"):
            i -= 1
    return max(i, first + 1) if first < stop else first


def clause_stop(u: Unit, first: int, stop: int) -> int:
    """Where the clause of a noun ends: *the claim that ... | and after*, *| , which*."""
    for i in range(first + 1, stop):
        t = u.tags[i]
        if t in ";:-":
            return i
        if t == "," and i + 1 < stop and u.tags[i + 1] in "RGcSmbvd":
            return i
        if t == "C" and i + 1 < stop and (u.low[i + 1] in ("after", "because", "as", "when", "while")):
            return i
        if u.low[i] in ("despite", "amid") and i > first + 2:
            return i
    return trim_marks(u, first, stop)


def is_infinitive(u: Unit, part: tuple[int, int]) -> bool:
    """Whether a content asks for something to be done: *to leave*, *the army to leave*."""
    for i in range(part[0], part[1]):
        if u.tags[i] == "T":
            return True
        if u.tags[i] in "hQRS,:" or is_finite(u, i):
            return False
    return False
