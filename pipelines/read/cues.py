"""Cues and what belongs to them: verbs, *according to*, nouns with a clause, adverbs, colons.

For every cue verb of a unit its subject is looked for on the left, or on the right (*said Varga*), then its content: a
quotation, a clause or a noun phrase after it, or all that stands before (*..., Varga said*).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines.read import lexicon
from pipelines.read.lexicon import CUE_NOUNS, CUE_PAIRS, CUE_VERBS, Cue, word_set
from pipelines.read.phrases import (
    Phrases,
    apposition_forward,
    aside,
    char_span,
    clause_from,
    clause_stop,
    has_clause_verb,
    has_finite,
    is_finite,
    is_finite_at,
    is_finite_soon,
    is_infinitive,
    next_mark,
    opens_clause,
    phrase_end,
    skip_adjunct,
    skip_adjunct_tail,
    skip_time_back,
    trim_marks,
    unit_stop,
)
from pipelines.read.syntax import Unit

_WH: Final = word_set("whether if how why what where when who which")
#: Elements of the longest sentence that is read: beyond are lists and tables, and the work grows with the square.
_LONGEST_UNIT: Final = 400
#: Passives that name nobody: *is said to*, *are believed to*.
UNNAMED_PASSIVES: Final = word_set(
    "say believe think report allege understand expect project forecast fear know accuse charge suspect predict claim"
)
#: Determiners that stand for people: *some said*.
_QUANTIFIERS: Final = word_set("some many most few several both all another others")
#: What one acts according to.
_NO_SOURCES: Final = word_set("plan plans schedule timetable tradition need needs taste size order custom type age merit")
#: What a decision is founded on, rather than who speaks: *citing the law*.
_GROUNDS: Final = word_set(
    "evidence law laws order constitution treaty agreement investigation probe inquiry results record records force state some"
)
#: What turns down reports and claims when it governs them: verb forms and the words between (*hit out at claims that*).
_TURNING: Final = tuple(
    tuple(frozenset(word.split("/")) for word in line.split())
    for line in """
    pushed/push/pushes/pushing back on/against/at
    hit/hits/hitting out/back at
    distanced/distances/distancing himself/herself/itself/themselves from
    scoffed/scoffs/scoffing at
    laughed/laughs/laughing at
    poured/pours/pouring scorn on
    """.strip().splitlines()
)
#: Lemma of a noun whose clause the sentence itself calls false: *claims that the vote was rigged were false*.
NO_CLAIM: Final = "false claim"
#: Lemma of both steps of *the paper quoted Varga as saying*.
QUOTED: Final = "quote as saying"
_FALSE: Final = word_set("false untrue wrong baseless unfounded groundless bogus incorrect inaccurate fabricated")
_TURNED_DOWN: Final = word_set("denied rejected dismissed rebuffed refuted disputed")
_IN_A_DOCUMENT: Final = word_set("statement interview tweet speech letter email post memo report release filing")


@dataclass(slots=True)
class _Verb:
    """A cue verb in its unit: elements ``first`` to ``head``, its subject, and how it stands.

    ``place`` is ``own`` (subject before the verb), ``after`` (*said Varga*), ``shared`` (with the verb before), ``main`` (a
    participle: the subject of the main clause) or ``none``. ``clause`` is the element where the verb's clause starts, with
    the conjunction or comma before it; ``bare`` is the subject without its appositions.
    """

    first: int
    head: int
    cue: Cue
    subject: tuple[int, int] | None
    bare: tuple[int, int] | None
    place: str
    clause: int
    is_passive: bool = False
    is_as: bool = False
    #: whether its content stands before it: *..., Varga said.*
    is_tail: bool = False


@dataclass(slots=True)
class Found:
    """An attribution under way, in code points."""

    source: tuple[int, int] | None
    bare: tuple[int, int] | None
    cue: tuple[int, int]
    kind: str
    lemma: str
    content: list[tuple[int, int]]
    is_direct: bool
    unit: int
    #: the source through which this one is cited, if another attribution has it: its cue's start.
    through: int | None = None
    is_noun: bool = False


class CueReader(Phrases):
    """Finds the attributions of one unit after another."""

    def read(self, u: Unit, number: int) -> list[Found]:
        """The attributions of a unit, in the order of their cues."""
        if len(u) > _LONGEST_UNIT:
            return []
        stop = unit_stop(u)
        verbs = self._verbs(u, stop)
        found: list[Found] = []
        for k in range(len(verbs)):
            made = self._of_verb(u, verbs, k, number, stop)
            if made is not None:
                found.append(made)
        found.extend(self._according(u, verbs, number, stop))
        found.extend(self._adverbs(u, number, stop))
        found.extend(self._nouns(u, verbs, found, number, stop))
        found.extend(self._citing(u, found, number, stop))
        for outer, inner in self._quoted_as_saying(u, verbs, number, stop):
            both = min(outer.cue, inner.cue)[0], max(outer.cue[1], inner.cue[1])
            found = [f for f in found if f.cue[1] <= both[0] or both[1] <= f.cue[0]]
            found += [outer, inner]
        taken = {f.cue for f in found}
        found.extend(f for f in self._asked(u, number, stop) if f.cue not in taken)
        if not any(f.is_direct for f in found):
            found.extend(self._colon(u, number, stop))
        found.sort(key=lambda f: f.cue)
        return found

    def _verbs(self, u: Unit, stop: int) -> list[_Verb]:
        verbs: list[_Verb] = []
        last_head = -1
        for i in range(stop):
            pair = CUE_PAIRS.get((u.low[i], u.word(i + 1))) if i + 1 < stop else None
            cue = pair or CUE_VERBS.get(u.low[i])
            if cue is None or i <= last_head:
                continue
            verb = self._verb(u, i, cue, stop)
            if verb is not None:
                verb.head += pair is not None
                verbs.append(verb)
                last_head = verb.head
        for k, verb in enumerate(verbs):
            verb.is_tail = not verb.is_passive and (
                verb.place == "after"
                or verb.is_as
                or (
                    verb.place == "own"
                    and (
                        u.tags[verb.head + 1 : verb.head + 2] in ("P", "t", "")
                        or self._after_quote(u, verb, stop)
                        or self._content_after(u, verb, stop) is None
                    )
                    and self._content_before(u, verbs, k, stop) is not None
                    and not self._says_that(u, verb, stop)
                )
            )
        return verbs

    def _after_quote(self, u: Unit, verb: _Verb, stop: int) -> bool:
        """Whether a whole quotation stands right before the speaker, and none after."""
        if verb.subject is None or verb.subject[0] == 0 or "q" not in verb.cue.frames:
            return False
        before = verb.subject[0] - 1
        if u.tags[before] == "," and before:
            before -= 1
        following = u.tags[verb.head + 1 : verb.head + 2]
        return before in u.full and following not in ("h", "Q", ":")

    def _says_that(self, u: Unit, verb: _Verb, stop: int) -> bool:
        """Whether *that* or a quotation follows the time and place of saying, although a clause stands before."""
        if verb.subject is not None and verb.subject[0] > 0 and u.tags[verb.subject[0] - 1] == "Q":
            return False
        at = skip_adjunct(u, verb.head + 1, stop)
        return at < stop and u.tags[at] in "hQ" and at > verb.head + 1

    def _verb(self, u: Unit, i: int, cue: Cue, stop: int) -> _Verb | None:
        tags, low = u.tags, u.low
        first = i
        leads = False
        while first > 0:
            t = tags[first - 1]
            if (t in "abvdmn" or low[first - 1] in ("stands", "stood", "stand")) and not (
                t == "a" and first - 1 == 0 and tags[first : first + 1] in "GV"
            ):
                first -= 1
            elif t == "T" and first > 1 and low[first - 2] in lexicon.LEADS_TO_CUE:
                leads = True
                first -= 2
            else:
                break
        while first < i and tags[first] == "a" and (first == 0 or tags[first - 1] in ",;:"):
            first += 1
        before = tags[first - 1] if first else ""
        group = tags[first:i]
        after = tags[i + 1] if i + 1 < stop else ""
        is_passive = cue.form == "past" and ("b" in group or "stands" in low[first:i] or "stood" in low[first:i])
        if cue.form == "past" and not group.strip("a"):
            if before == "P" or (before == "D" and low[first - 1] not in _QUANTIFIERS):
                return None
            if after == "P" and low[i + 1] == "by":
                return None
            if before == "s" and after not in ("h", "Q", ","):
                return None
            if low[first - 1 : first] in (["as"], ["than"]):
                return None
            if before == "W" and after == "T" and cue.lemma in UNNAMED_PASSIVES:
                return None
        elif cue.form == "ing":
            if "b" not in group and (
                (before == "D" and low[first - 1] not in _QUANTIFIERS)
                or before == "s"
                or (before in ("K", "W") and after not in ("h", "Q", "D", "O", "K", "T"))
            ):
                return None
        elif cue.form == "s" and low[i] in lexicon.NOUN_FORMS:
            if before in ("D", "P", "s", "U", "V", "E", "T", "C", "") or group.strip("a"):
                return None
            if after not in ("h", "Q", "D", "O", "K", "T", "S", "R") and not (after == "P" and low[i + 1] in cue.particles):
                return None
            if (
                low[i] in ("states", "reports", "remarks", "reasons", "comments", "charges", "posts")
                and after
                not in (
                    "h",
                    "Q",
                    "S",
                )
                and (low[i] == "states" or before not in ("K", "O", "R"))
            ):
                return None
            if before == "W" and low[first - 1].endswith("s") and not low[first - 1].endswith(("ss", "us", "is")):
                return None
        elif cue.form == "base":
            governed = bool(set(group) & set("md")) or leads
            if not governed:
                if before == "T" or group.strip("a") or before in ("D", "P", "s", "U", "V", ""):
                    return None
                word = low[first - 1]
                plural = (
                    word in ("they", "we", "i", "you", "people", "police", "who", "some", "many", "others", "most", "both", "few",
                             "that", "which", "authorities", "several", "women", "men", "voters")
                    or (before in ("W", "K", "Y") and word.endswith("s") and not word.endswith(("ss", "us", "is")))
                    or ("C" in tags[max(0, first - 6) : first] and before == "K")
                )  # fmt: skip
                if not plural:
                    return None
                if (
                    low[i] in lexicon.NOUN_FORMS
                    and after not in ("h", "Q", "D", "O", "K", "T", "S", "R")
                    and not (after == "P" and low[i + 1] in cue.particles)
                ):
                    return None
            if cue.lemma == "write" and after == "P" and low[i + 1] == "in":
                return None
            if cue.lemma in ("think", "know", "remember", "understand") and low[first - 1 : first] in (["i"], ["you"], ["we"]):
                return None
        place, subject, bare, clause, is_as = self._subject_of(u, first, i, cue, stop)
        if place == "none" and not is_passive:
            return None
        if place == "shared" and cue.form == "ing":
            place = "main"
        return _Verb(first, i, cue, subject, bare, place, clause, is_passive, is_as)

    def _subject_of(
        self, u: Unit, first: int, head: int, cue: Cue, stop: int
    ) -> tuple[str, tuple[int, int] | None, tuple[int, int] | None, int, bool]:
        tags, low = u.tags, u.low
        is_participle = cue.form == "ing" and "b" not in tags[first:head]
        # said Varga: nothing, a comma or a quotation before, a noun phrase after and then no clause.
        if (
            cue.form in ("past", "s", "base")
            and first == head
            and (first == 0 or tags[first - 1] in ",Q-.")
            and "q" in cue.frames
        ):
            end = self.np_forward(u, head + 1, stop)
            if end > head + 1 and first > 0 and tags[end - 1] != "s":
                rest = tags[end] if end < stop else "."
                if rest in ".,;-SRY:" or (rest in "tPGTEQ" and not has_finite(u, end, next_mark(u, end, stop))):
                    whole = apposition_forward(u, end, stop)
                    return "after", (head + 1, whole), (head + 1, end), first, False
        if is_participle:
            at = first - 1
            if at >= 0 and tags[at] in "KWOD":
                start = self.np_back(u, at)
                if start > 0 and low[start - 1] == "with":
                    return "own", (start, at + 1), (start, at + 1), start - 1, False
                if tags[at] != "O" and (start == 0 or tags[start - 1] not in ",;"):
                    return "main", None, None, first, False
            return "main", None, None, first - 1 if at >= 0 and tags[at] in ",PC" else first, False
        at = skip_time_back(u, first - 1)
        if at < 0:
            return "none", None, None, first, False
        t = tags[at]
        if t in "Cc" or (t == "," and at > 0 and tags[at - 1] == "C"):
            return "shared", None, None, at - 1 if at and tags[at - 1] == "," else at, False
        if t == ",":
            made = self.before_commas(u, at)
            if made is not None:
                start, bare_end, whole_end = made
                return "own", (start, whole_end), (start, bare_end), clause_from(u, start), _is_as(u, start)
            return ("shared" if cue.form in ("past", "s") else "none"), None, None, at, False
        if t == "-":
            opening = tags.rfind("-", max(0, at - 40), at)
            if opening > 0 and tags[opening - 1] in "KWYUsO" and not set(tags[opening + 1 : at]) & set(";:."):
                start = self.np_back(u, opening - 1)
                return "own", (start, opening), (start, opening), clause_from(u, start), False
        if t == "R" or (t == "h" and at > 0 and tags[at - 1] in "KWY"):
            # The noun phrase that a relative pronoun stands for is the source in all but words.
            noun = at - 2 if at > 1 and tags[at - 1] == "," else at - 1
            bare = self.antecedent(u, noun) if noun >= 0 and tags[noun] in "KWUYsO" else (at, at + 1)
            return "own", (at, at + 1), bare, at, False
        if t in "OKWUYsDE" or (t == "a" and low[at] in ("there", "here")):
            if t == "E" and low[at] not in ("accused", "injured", "unemployed"):
                return "none", None, None, first, False
            start = self.np_back(u, at)
            if start and (tags[start - 1] in "VEGPdbvmT" or low[at] in ("him", "them", "us", "me")):
                wider = self.across_relative(u, start)
                if wider is not None:
                    return "own", (wider[0], at + 1), wider, clause_from(u, wider[0]), _is_as(u, wider[0])
            if low[at] in ("him", "them", "us", "me"):
                return "none", None, None, first, False
            return "own", (start, at + 1), (start, at + 1), clause_from(u, start), _is_as(u, start)
        if t == "Q" and at in u.full and cue.form in ("past", "s") and at:
            return "shared", None, None, at, False
        if t == "Q" and at > 0 and tags[at - 1] in "KDW" and u.end[at] - u.start[at] < 40 and at not in u.full:
            start = self.np_back(u, at)
            return "own", (start, at + 1), (start, at + 1), clause_from(u, start), _is_as(u, start)
        return "none", None, None, first, False

    def _of_verb(self, u: Unit, verbs: list[_Verb], k: int, number: int, stop: int) -> Found | None:
        verb = verbs[k]
        source = verb.subject
        bare = verb.bare
        if verb.is_passive:
            return self._passive(u, verbs, k, number, stop)
        limit = self._limit(u, verbs, k, stop)
        subject_at = source[0] if source is not None else 0
        source_span = char_span(u, source)
        bare_span = char_span(u, bare)
        if verb.place in ("shared", "main"):
            source_span, bare_span = self._shared(u, verbs, k)
            if source_span is None and (verb.place == "shared" or verb.cue.kind not in ("says", "reports", "denies", "accuses")):
                return None
        cue = (u.start[verb.first], u.end[verb.head])
        made: tuple[list[tuple[int, int]], int, bool] | None = None
        if not verb.is_tail:
            made = self._content_after(u, verb, limit)
        parts: list[tuple[int, int]] = []
        is_direct = False
        if made is not None:
            parts, cue_end, is_direct = made
            cue = (cue[0], u.end[cue_end])
            if (
                is_direct
                and verb.place == "own"
                and subject_at > 2
                and u.tags[subject_at - 1] == ","
                and u.tags[0] == "S"
                and u.tags.find(",") == subject_at - 1
            ):
                parts = [(0, subject_at - 1), *parts]
        else:
            before = self._content_before(u, verbs, k, stop) if verb.is_tail else None
            if before is not None:
                parts, is_direct = before
            elif u.tags[-1] != ":" or "q" not in verb.cue.frames or verb is not verbs[-1]:
                return None
        content = [span for span in (char_span(u, part) for part in parts) if span is not None and span[1] > span[0]]
        if not content and u.tags[-1] != ":":
            return None
        kind = verb.cue.kind
        if verb.cue.lemma in ("ask", "tell", "warn") and made is not None and is_infinitive(u, parts[0]):
            kind = "orders"
        return Found(source_span, bare_span, cue, kind, verb.cue.lemma, content, is_direct, number)

    def _limit(self, u: Unit, verbs: list[_Verb], k: int, stop: int) -> int:
        """Where what follows a verb ends: before the clause of the next verb that is not inside it."""
        tags, low = u.tags, u.low
        verb = verbs[k]
        for other in verbs[k + 1 :]:
            at = other.clause
            if at <= verb.head:
                continue
            if other.place == "main" and tags[at] == ",":
                return at
            if other.place == "shared" and tags[at] in "Cc,":
                # "said it met and approved the plan" stays whole: the verb before it must be the cue's own.
                if verb.place == "own" and not has_clause_verb(u, verb.head + 1, at):
                    return at
                if tags[at] == "," or (other.cue.form in ("past", "s") and other.cue.frames[:1] in ("c", "t")):
                    return at
            if (
                other.place == "own"
                and tags[at] in ",;"
                and low[at + 1] in ("while", "but", "although", "though", "and", "whereas")
            ):
                return at
            if other.is_tail and tags[at] in ",-":
                close = other.head + 1
                if other.place == "own" and close + 1 < stop and tags[close] == tags[at] and is_finite_at(u, close + 1, stop):
                    continue
                return at
        bounded = verb.place == "main" or (verb.subject is not None and tags[verb.subject[0]] in "Rh")
        in_dashes = "-" in tags[max(0, verb.clause - 12) : verb.first] and tags[: verb.first].count("-") % 2 == 1
        for i in range(verb.head + 1, stop):
            if tags[i] == ";":
                return i
            if tags[i] == "-" and in_dashes:
                return i
            if low[i] in ("despite", "amid") and i > verb.head + 4 and "," not in tags[i:stop]:
                return i
            if tags[i] == "," and i + 1 < stop and i > verb.head + 3:
                following = tags[i + 1]
                if (
                    following == "R"
                    or (following == "P" and tags[i + 2 : i + 3] == "R")
                    or low[i + 1] in ("compared", "while", "where")
                ):
                    close = tags.find(",", i + 1, stop)
                    # A relative clause in the middle is no end.
                    if close < 0 or not is_finite_at(u, close + 1, stop):
                        return i
                if bounded and is_finite_at(u, i + 1, stop):
                    return i
            if tags[i] == "," and i + 1 < stop and low[i + 1] in ("according", "citing"):
                return i
            if low[i] == "according" and i + 1 < stop and tags[i + 1] == "T":
                return i
        return stop

    def _content_after(self, u: Unit, verb: _Verb, stop: int) -> tuple[list[tuple[int, int]], int, bool] | None:
        tags, low = u.tags, u.low
        frames = verb.cue.frames
        head = verb.head
        j = head + 1
        if j >= stop:
            return None
        if tags[j] in "PT" and low[j] in verb.cue.particles:
            if verb.cue.lemma == "say" or (j + 1 < stop and tags[j + 1] in ".,"):
                quote = tags.find("Q", j, min(stop, j + 12))
                if quote > 0:
                    return _quoted(u, quote, stop), head, True
                return None
            if j + 1 < stop and tags[j + 1] in "KWDOUQGEaSRh":
                return [(j + 1, phrase_end(u, j + 1, stop))], j, False
        if "w" in frames:
            end = self.np_forward(u, j, stop)
            if end > j and end < stop and low[end] == "of":
                return [(j, phrase_end(u, j, stop))], head, False
            of = low.index("of", j, stop) if "of" in low[j:stop] else -1
            return ([(j, phrase_end(u, j, stop))], head, False) if 0 < of - j < 14 else None
        if "r" in frames or "R" in frames:
            end = self.np_forward(u, j, stop)
            if (
                "R" in frames
                and end > j
                and end < stop
                and (tags[end] == "T" or (low[end] == "not" and tags[end + 1 : end + 2] == "T"))
            ):
                return [(j, phrase_end(u, j, stop))], head, False
            if "r" in frames and end > j:
                at = skip_adjunct(u, end, stop)
                inner = _after_cue(u, at, stop, frames.replace("o", "").replace("i", ""))
                if inner:
                    return inner[0], head, inner[1]
                if end < stop and tags[end] == "P" and low[end] in verb.cue.particles:
                    return [(end + 1, phrase_end(u, end + 1, stop))], head, False
        if (
            "c" in frames
            and tags[j] in "bvdmV"
            and verb.subject is not None
            and verb.subject[0]
            and tags[verb.subject[0] - 1] in "Rh"
        ):
            return [(verb.subject[0] - 1, verb.subject[0]), (j, trim_marks(u, j, stop))], head, False
        if low[j] == "as" and verb.subject is not None and verb.subject[0] and tags[verb.subject[0] - 1] == "R" and "o" in frames:
            return [(verb.subject[0] - 1, verb.subject[0]), (j, phrase_end(u, j + 1, stop))], head, False
        if verb.cue.lemma == "tell" and tags[j] not in "hQ,:S":
            return None
        inner = _after_cue(u, j, stop, frames)
        if (
            inner is None
            and verb.cue.lemma == "say"
            and tags[j] in "KWDOU"
            and low[j] not in ("so", "it", "no", "yes", "something", "nothing")
        ):
            inner = [(j, trim_marks(u, j, stop))], False
        if inner:
            cue_end = j if tags[j] == ":" else head
            return inner[0], cue_end, inner[1]
        at = skip_adjunct(u, j, stop)
        if at > j:
            inner = _after_cue(u, at, stop, frames.replace("o", "").replace("i", ""))
            if inner:
                cue_end = head
                if low[j] == "in" and at - j <= 4 and low[at - 1] in _IN_A_DOCUMENT:
                    cue_end = at - 1
                return inner[0], cue_end, inner[1]
        return None

    def _content_before(self, u: Unit, verbs: list[_Verb], k: int, stop: int) -> tuple[list[tuple[int, int]], bool] | None:
        """The content that stands before a tail: *..., Varga said*."""
        verb = verbs[k]
        tags, low = u.tags, u.low
        if verb.place not in ("own", "after") or verb.subject is None:
            return None
        if not set(verb.cue.frames) & set("cqt"):
            return None
        first = verb.first if verb.place == "after" else verb.subject[0]
        if verb.is_as:
            first -= 1
        if first == 0:
            return None
        mark = tags[first - 1]
        last = first - 1 if mark in ",-" else first
        if mark not in ",Q-" or last == 0:
            return None
        start = 0
        for other in verbs[:k]:
            if other.place == "own" and other.subject is not None and tags[other.clause] == ";" and other.clause < first:
                start = max(start, other.clause)
        semicolon = tags.rfind(";", 0, last)
        start = max(start, semicolon + 1)
        while start < last and tags[start] in "Cc,":
            start += 1
        if start >= last:
            # But, Varga said, the plan was dead.
            start = 0
        is_quote = tags[last - 1] == "Q"
        if not is_quote and "c" not in verb.cue.frames and "t" not in verb.cue.frames:
            return None
        rest = verb.subject[1] if verb.place == "after" else verb.head + 1
        goes_on = rest + 1 < stop and tags[rest] == "," and (verb.place == "own" or tags[rest + 1] in "bvdmV")
        is_broken = goes_on and mark == "," and has_clause_verb(u, rest + 1, stop)
        if not is_quote and not has_clause_verb(u, start, last) and not is_broken:
            return None
        parts = [(start, last)]
        if (
            is_quote
            and _is_full(u, last - 1)
            and last - start > 1
            and (tags[last - 2] in ":" or not has_clause_verb(u, start, last))
        ):
            parts = [(last - 1, last)]
        after = verb.subject[1] if verb.place == "after" else verb.head + 1
        after = skip_adjunct_tail(u, after, stop)
        if after < stop and tags[after] in ",:" and after + 1 < stop:
            if tags[after + 1] == "Q":
                parts.extend(_quoted(u, after + 1, stop))
            elif (tags[after] == "," and goes_on and not has_clause_verb(u, start, last)) or (
                tags[after] == ","
                and not (
                    tags[after + 1] in "GCcRSPmE" or low[after + 1] in ("according", "citing", "as", "adding", "which", "who")
                )
                and has_clause_verb(u, after + 1, stop)
                and not is_quote
            ):
                parts.append((after + 1, trim_marks(u, after + 1, self._limit(u, verbs, k, stop))))
        elif after < stop and tags[after] == "Q":
            parts.extend(_quoted(u, after, stop))
        return parts, is_quote and _is_full(u, last - 1)

    def _shared(self, u: Unit, verbs: list[_Verb], k: int) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """The source of a verb without a subject of its own: that of the cue before, or of the main clause."""
        verb = verbs[k]
        for other in reversed(verbs[:k]):
            if other.place in ("own", "after") and other.subject is not None:
                between = u.tags[other.head + 1 : verb.first]
                if ";" in between or "." in between:
                    break
                if other.is_passive and verb.place == "shared":
                    continue
                if u.tags[other.subject[0]] == "R":
                    if verb.place == "shared" and "," not in between:
                        return char_span(u, other.subject), char_span(u, other.bare)
                    continue
                return char_span(u, other.subject), char_span(u, other.bare)
        subject = self.main_subject(u, verb.first)
        if subject is None:
            subject = self.following_subject(u, verb.head) if verb.first <= 2 else None
        return char_span(u, subject), char_span(u, subject)

    def _passive(self, u: Unit, verbs: list[_Verb], k: int, number: int, stop: int) -> Found | None:
        verb = verbs[k]
        tags, low = u.tags, u.low
        lemma = verb.cue.lemma
        limit = self._limit(u, verbs, k, stop)
        j = verb.head + 1
        cue = (u.start[verb.first], u.end[verb.head])
        subject = verb.subject
        if lemma == "quote" and low[j : j + 2] == ["as", "saying"] and subject is not None:
            inner = _after_cue(u, j + 2, limit, "cq")
            if inner is None:
                before = self._content_before(
                    u, [*verbs[:k], _Verb(verb.first, j + 1, CUE_VERBS["say"], subject, verb.bare, "own", verb.clause)], k, stop
                )
                inner = before
            if inner is None:
                return None
            content = [s for s in (char_span(u, p) for p in inner[0]) if s]
            return Found(
                char_span(u, subject), char_span(u, verb.bare), (cue[0], u.end[j + 1]), "says", "say", content, inner[1], number
            )
        if j < limit and tags[j] == "P" and low[j] == "by":
            end = self.np_forward(u, j + 1, limit)
            if end > j + 1 and subject is not None and tags[subject[0]] not in "R":
                agent = char_span(u, (j + 1, end))
                said = char_span(u, subject)
                return Found(agent, agent, cue, verb.cue.kind, lemma, [said] if said else [], False, number)
        if lemma not in UNNAMED_PASSIVES and lemma not in ("tell", "ask", "inform", "warn", "remind", "quote"):
            return None
        if j >= limit:
            return None
        parts: list[tuple[int, int]] = []
        if tags[j] == "h" or (low[j] in _WH and "r" in verb.cue.frames):
            parts = [(j, trim_marks(u, j, limit))]
        elif tags[j] == "T" and lemma in UNNAMED_PASSIVES and subject is not None and tags[subject[0]] not in "R":
            parts = [subject, (j, phrase_end(u, j, limit))] if tags[subject[0]] != "O" or low[subject[0]] != "it" else []
        elif lemma in ("accuse", "charge", "suspect") and low[j] in ("of", "with"):
            end = phrase_end(u, j + 1, limit)
            parts = [subject, (j + 1, end)] if subject is not None and tags[subject[0]] not in "R" else [(j + 1, end)]
            cue = (cue[0], u.end[j])
        if not parts:
            return None
        content_spans = [s for s in (char_span(u, p) for p in parts) if s]
        return Found(None, None, cue, verb.cue.kind, lemma, content_spans, False, number)

    def _quoted_as_saying(self, u: Unit, verbs: list[_Verb], number: int, stop: int) -> list[tuple[Found, Found]]:
        """Who quotes and who is quoted: *the paper quoted Varga as saying*, *Varga was quoted by the paper as saying*."""
        tags, low = u.tags, u.low
        found: list[tuple[Found, Found]] = []
        for k, verb in enumerate(verbs):
            if verb.cue.lemma not in ("quote", "cite") or verb.subject is None or tags[verb.subject[0]] == "R":
                continue
            by = verb.head + 1 if verb.is_passive else verb.head
            agent = self.np_forward(u, by + 1, stop)
            if verb.is_passive and low[by : by + 3] == ["as", "saying", "by"]:
                # was quoted as saying by the paper that ...
                last, by = by + 1, by + 2
                agent = after = self.np_forward(u, by + 1, stop)
            elif low[agent : agent + 2] == ["as", "saying"] and (not verb.is_passive or low[by] == "by"):
                last, after = agent + 1, agent + 2
            else:
                continue
            if agent == by + 1:
                continue
            content = self._said_so(u, verbs, k, after, stop)
            if content is None:
                continue
            parts, is_direct = content
            paper, speaker = (by + 1, agent), verb.subject
            if not verb.is_passive:
                paper, speaker = speaker, paper
            who, cited = char_span(u, paper), char_span(u, speaker)
            cue, saying = (u.start[verb.first], u.end[verb.head]), (u.start[last], u.end[last])
            found.append(
                (
                    Found(who, who, cue, "reports", QUOTED, list(parts), is_direct, number),
                    Found(cited, cited, saying, "says", QUOTED, list(parts), is_direct, number, through=cue[0]),
                )
            )
        return found

    def _said_so(self, u: Unit, verbs: list[_Verb], k: int, after: int, stop: int) -> tuple[list[tuple[int, int]], bool] | None:
        """What somebody is quoted as saying, in code points: after it, or all before."""
        verb = verbs[k]
        said = _Verb(verb.first, after - 1, CUE_VERBS["say"], verb.subject, verb.bare, "own", verb.clause)
        others = [*verbs[:k], said, *(v for v in verbs[k + 1 :] if v.first >= after)]
        inner = _after_cue(u, after, self._limit(u, others, k, stop), "cq")
        if inner is None:
            inner = self._content_before(u, others, k, stop)
        if inner is None:
            return None
        content = [s for s in (char_span(u, p) for p in inner[0]) if s]
        return (content, inner[1]) if content else None

    def _according(self, u: Unit, verbs: list[_Verb], number: int, stop: int) -> list[Found]:
        tags, low = u.tags, u.low
        found = []
        for i in range(stop - 2):
            if low[i] != "according" or low[i + 1] != "to":
                continue
            end = self.np_forward(u, i + 2, stop)
            if end == i + 2 or low[end - 1] in _NO_SOURCES:
                continue
            whole = apposition_forward(u, end, stop)
            if i <= 3 and not (whole + 1 < stop and tags[whole] == "," and not is_finite_at(u, whole + 1, stop)
                               and has_finite(u, whole + 1, stop)):  # fmt: skip
                whole = end
            parts: list[tuple[int, int]] = []
            before = i - 1 if i and tags[i - 1] == "," else i
            start = tags.rfind(";", 0, before) + 1
            if tags[:before].count("-") % 2:
                start = max(start, tags.rfind("-", 0, before) + 1)
            while start < before and tags[start] in "Cc,":
                start += 1
            if before > start and has_clause_verb(u, start, before):
                parts.append((start, before))
            behind = _past_citing(u, whole, stop)
            if behind > whole:
                # "According to the Post, citing two aides, the bank will close": the aside is no part of what is said.
                if not parts and behind < stop:
                    parts.append((behind, trim_marks(u, behind, stop)))
                elif not parts and before > start:
                    parts.append((start, before))
            elif whole < stop and tags[whole] == "," and whole + 1 < stop:
                if not parts or not (tags[whole + 1] in "CcRGSP" or aside(tags[whole + 1 : stop], low[whole + 1 : stop])):
                    limit = stop
                    for verb in verbs:
                        if (
                            verb.clause > whole
                            and tags[verb.clause] == ","
                            and low[verb.clause + 1] in ("but", "while", "although")
                        ):
                            limit = min(limit, verb.clause)
                    parts.append((whole + 1, trim_marks(u, whole + 1, limit)))
            elif not parts and before > start:
                parts.append((start, before))
            content = [s for s in (char_span(u, p) for p in parts) if s]
            if content:
                source, bare = char_span(u, (i + 2, whole)), char_span(u, (i + 2, end))
                found.append(Found(source, bare, (u.start[i], u.end[i + 1]), "says", "according", content, False, number))
        return found

    def _adverbs(self, u: Unit, number: int, stop: int) -> list[Found]:
        found = []
        for i in range(stop):
            if u.low[i] not in ("reportedly", "allegedly", "purportedly", "supposedly"):
                continue
            start = max(u.tags.rfind(";", 0, i), u.tags.rfind(",", 0, i)) + 1
            end = phrase_end(u, i + 1, stop)
            while start < i and u.tags[start] in "CcSRh":
                start += 1
            parts = [p for p in ((start, i), (i + 1, end)) if p[1] > p[0]]
            content = [s for s in (char_span(u, p) for p in parts) if s]
            if content:
                kind = "accuses" if u.low[i] == "allegedly" else "reports"
                found.append(Found(None, None, (u.start[i], u.end[i]), kind, u.low[i], content, False, number))
        return found

    def _nouns(self, u: Unit, verbs: list[_Verb], others: list[Found], number: int, stop: int) -> list[Found]:
        """Claims, reports and warnings with a clause: *despite the mayor's claim that*, *warnings from Oslo that*.

        One that is the subject of *were false* or *were denied by his office* is denied by whoever says so: a denial in
        ``others`` that has taken the words beside it for its content is mended.
        """
        tags, low = u.tags, u.low
        heads = {v.head for v in verbs}
        found = []
        for i in range(stop - 2):
            lemma, kind = low[i], CUE_NOUNS.get(low[i])
            if kind is None or i in heads or (kind == "doubts" and i and low[i - 1] == "no"):
                continue  # "there is no doubt that" doubts nothing
            source: tuple[int, int] | None = None
            first = i
            while first > 0 and tags[first - 1] in "WE" and low[first - 1] not in CUE_VERBS:
                first -= 1
            if first > 0 and tags[first - 1] == "s":
                source = (self.np_back(u, first - 2), first - 1)
            elif first > 0 and tags[first - 1] == "D" and low[first - 1] in ("his", "her", "their", "its", "my", "our"):
                source = (first - 1, first)
            j = i + 1
            if tags[j] == "P" and low[j] in ("from", "by", "of", "among") and source is None:
                end = self.np_forward(u, j + 1, stop)
                if end > j + 1:
                    source = (j + 1, end)
                    j = end
            if j >= stop:
                continue
            is_clause = tags[j] == "h" and j + 2 < stop and tags[j + 1] not in "bvdmVE"
            if not is_clause and source is not None and j == i + 1 and tags[j] in "OKD" and u.end[i] < u.start[j]:
                k = self.np_forward(u, j, stop)
                is_clause = k < stop and (is_finite(u, k) or (k + 1 < stop and tags[k] == "a" and is_finite(u, k + 1)))
            if not is_clause:
                continue
            end = trim_marks(u, j, stop)
            for verb in verbs:
                if (verb.clause > j and tags[verb.clause] in ",C" and verb.place in ("main", "shared")) or (
                    verb.clause > j and verb.place == "own" and tags[verb.clause] == ","
                ):
                    end = min(end, verb.clause)
            end = min(end, clause_stop(u, j, stop))
            main = _main_verb(u, i, j, end) if tags[j] == "h" else None
            if main is not None:
                start = min(first, source[0] if source is not None else first)
                denial = self._verdict(u, others, start, main, number)
                end = main
                if denial is not None:
                    others[:] = [o for o in others if o.cue[1] <= denial.cue[0] or denial.cue[1] <= o.cue[0]]
                    found.append(denial)
                elif _is_false(u, main, stop) and source is None:
                    # Nobody is named on either side: the sentence says so itself.
                    kind, lemma = "denies", NO_CLAIM
            content = char_span(u, (j, end))
            if content is None:
                continue
            turn = _turned_from(u, first)
            if turn is not None and source is None and (subject := self._subject_before(u, turn)) is not None:
                who = char_span(u, subject)
                found.append(Found(who, who, (u.start[turn], u.end[i]), "denies", "deny", [content], False, number))
                continue
            found.append(
                Found(
                    char_span(u, source),
                    char_span(u, source),
                    (u.start[i], u.end[i]),
                    kind,
                    lemma,
                    [content],
                    False,
                    number,
                    is_noun=True,
                )
            )
        return found

    def _subject_before(self, u: Unit, at: int) -> tuple[int, int] | None:
        """The noun phrase right before the verb at ``at``, past its auxiliaries and adverbs."""
        last = at - 1
        while last >= 0 and u.tags[last] in "abvdm":
            last -= 1
        last = skip_time_back(u, last)
        return (self.np_back(u, last), last + 1) if last >= 0 and u.tags[last] in "KWOYRsU" else None

    def _verdict(self, u: Unit, others: list[Found], start: int, main: int, number: int) -> Found | None:
        """The denial of a claim that is a subject: *... were denied by his office*, *... were false, the company said*."""
        stop = unit_stop(u)
        if not _is_false(u, main, stop):
            return None
        head = next(k for k in range(main, stop) if u.low[k] in _FALSE | _TURNED_DOWN)
        content = char_span(u, (start, main))
        if content is None:
            return None
        source: tuple[int, int] | None = None
        if u.low[head] in _TURNED_DOWN and u.word(head + 1) == "by":
            end = self.np_forward(u, head + 2, stop)
            source = char_span(u, (head + 2, end)) if end > head + 2 else None
        if source is None and u.low[head] in _FALSE:
            holding = [o for o in others if o.kind in ("says", "reports", "confirms") and o.source is not None
                       and any(a <= content[0] and content[1] < b for a, b in o.content)]  # fmt: skip
            source = holding[-1].source if holding else None
        if source is None:
            return None
        return Found(source, source, (u.start[main], u.end[head]), "denies", "deny", [content], False, number)

    def _citing(self, u: Unit, others: list[Found], number: int, stop: int) -> list[Found]:
        """Sources through which another source speaks: *Citing two officials, the paper said that*."""
        low = u.low
        found = []
        for i in range(stop - 1):
            if low[i] not in ("citing", "quoting") and not _is_which_cited(u, i):
                continue
            end = self.np_forward(u, i + 1, stop)
            if end == i + 1 or not _is_source_like(u, i + 1, end) or _is_ground(u, i + 1, end):
                continue
            candidates = [o for o in others if o.lemma not in ("citing", "cite", "quote") and o.source is not None
                          and o.kind in ("says", "reports", "confirms", "denies", "accuses", "expects")]  # fmt: skip
            if not candidates:
                continue
            # Words in quotation marks are their speaker's: whom he cites has not spoken them.
            candidates = [o for o in candidates if not o.is_direct or o.lemma in ("report", "according")]
            if not candidates:
                continue
            after = [o for o in candidates if o.cue[0] > u.start[i]]
            before = [o for o in candidates if o.cue[0] < u.start[i]]
            # At the head of the sentence it belongs to the first report after it, else to the last before it.
            outer = after[0] if i <= 1 and after else (before[-1] if before else after[0])
            found.append(
                Found(char_span(u, (i + 1, end)), char_span(u, (i + 1, end)), (u.start[i], u.end[i]), "reports", "citing",
                       list(outer.content), outer.is_direct, number, through=outer.cue[0])
            )  # fmt: skip
        # "cite" has taken the noun phrase for its content: the chain says more.
        spans = {f.cue for f in found}
        others[:] = [o for o in others if o.cue not in spans]
        return found

    def _colon(self, u: Unit, number: int, stop: int) -> list[Found]:
        """A speaker before a colon: *Varga: "We did not know."*, and in headlines *Poll: Varga leads*."""
        tags, low = u.tags, u.low
        at = tags.find(":")
        if at <= 0 or at + 2 > stop or u.level:
            return []
        first = max(tags.rfind("-", 0, at), tags.rfind(".", 0, at)) + 1
        if first >= at or at - first > 8 or set(tags[first:at]) - set("KWDsUP") or tags[first] not in "KDPW":
            return []
        if tags[at + 1] == "Q":
            parts = _quoted(u, at + 1, stop)
        elif (
            first == 0 and stop < 24 and at <= 4 and stop - at > 3 and set(tags[:at]) <= set("KDs")
            and (low[at - 1] in lexicon.DOCUMENT_HEADS or u.end[at - 1] in self._mention_ends)
        ):  # fmt: skip
            parts = [(at + 1, stop)]
        else:
            return []
        if tags[first] == "P":
            first += 1
        if first >= at:
            return []
        content = [s for s in (char_span(u, p) for p in parts) if s]
        source = char_span(u, (first, at))
        return [Found(source, source, (u.start[at], u.end[at]), "says", ":", content, True, number)] if content else []

    def _asked(self, u: Unit, number: int, stop: int) -> list[Found]:
        """*Asked whether the talks had failed, Varga said*: a question whose asker is not told, or follows *by*."""
        tags, low = u.tags, u.low
        found = []
        for i in range(stop - 2):
            if low[i] not in ("asked", "pressed", "questioned") or not (i == 0 or low[i - 1] in ("when", "after", "being")):
                continue
            j = i + 1
            source: tuple[int, int] | None = None
            if low[j] == "by":
                j = self.np_forward(u, i + 2, stop)
                source = (i + 2, j)
                while j < stop and (tags[j] == "t" or (low[j] == "on" and tags[j + 1 : j + 2] == "t")):
                    j += 1
            elif low[j] in ("on", "in", "at") and low[i] == "asked":
                j = skip_adjunct(u, j, stop)
            if j >= stop or low[j] not in _WH | {"about", "to", "if", "why", "what"}:
                continue
            end = j + 1
            while end < stop and tags[end] != ",":
                end += 1
            content = char_span(u, (j, end))
            if content:
                found.append(
                    Found(
                        char_span(u, source),
                        char_span(u, source),
                        (u.start[i], u.end[i]),
                        "questions",
                        "ask",
                        [content],
                        False,
                        number,
                    )
                )
        return found


def _is_which_cited(u: Unit, i: int) -> bool:
    """Whether a form of *cite* or *quote* belongs to a relative clause set off by a comma: *, which cited two aides*."""
    return i > 1 and u.low[i] in ("cited", "cites", "quoted", "quotes") and u.low[i - 1] == "which" and u.tags[i - 2] == ","


def _past_citing(u: Unit, comma: int, stop: int) -> int:
    """Past *, citing two aides,* or *, which cited two aides,* at a comma; the comma itself where neither stands."""
    if comma + 2 >= stop or u.tags[comma] != ",":
        return comma
    if u.low[comma + 1] not in ("citing", "quoting") and not _is_which_cited(u, comma + 2):
        return comma
    close = u.tags.find(",", comma + 1, stop)
    return close + 1 if close > 0 else stop


def _is_ground(u: Unit, first: int, last: int) -> bool:
    """Whether the head of a noun phrase is a ground to act on rather than a source: *a lack of evidence*."""
    head = next((k for k in range(first + 1, last) if u.tags[k] in "PERGC"), last) - 1
    if u.low[head] in _GROUNDS:
        return True
    # "a lack of evidence" is no evidence; "a number of officials" are officials, and capitals are somebody's name.
    return (
        head + 1 < last
        and u.low[head + 1] == "of"
        and u.tags[head] != "K"
        and not _is_source_like(u, head, head + 1)
        and u.low[head] not in ("number", "handful", "couple", "group", "pair", "series", "dozens", "two", "three", "half")
    )


def _main_verb(u: Unit, noun: int, that: int, stop: int) -> int | None:
    """Where the verb begins whose subject is a noun with a *that* clause: *claims that the vote was rigged* **were false**."""
    tags = u.tags
    for k in range(noun - 1, -1, -1):
        if tags[k] in ",;:-Q":
            break
        if (tags[k] in "bvdmVGTPR" or is_finite(u, k)) and not (tags[k] == "P" and u.low[k] in ("of", "from", "by")):
            return None  # the noun is an object
    open_clauses = 1
    k = that + 1
    while k < stop:
        t = tags[k]
        if t in "RhS" or (t in "Cc" and is_finite_soon(u, k + 1, stop) and open_clauses == 0):
            open_clauses += 1
        elif is_finite(u, k):
            if open_clauses == 0:
                # A form in -ed after a noun may be a participle.
                return k if t in "bvdmV" and tags[k - 1] not in "CcT," else None
            cue = CUE_VERBS.get(u.low[k])
            is_opening = cue is not None and set(cue.frames) & set("ct") and k + 1 < stop and tags[k + 1] in "KDOW"
            is_relative = tags[k - 1] == "O" and tags[k - 2] in "WK"  # the deal he signed
            open_clauses -= not (is_opening or is_relative)
            while k + 1 < stop and tags[k + 1] in "bvdmnaVEG" and not (tags[k] in "VEG" and tags[k + 1] in "bvdm"):
                k += 1
        k += 1
    return None


def _is_false(u: Unit, main: int, stop: int) -> bool:
    """Whether a verb group says of its subject that it is false or has been turned down."""
    k = main
    if u.tags[k] not in "bv":
        return False
    while k < stop and u.tags[k] in "bvam" and u.low[k] not in _FALSE:
        k += 1
    return k < stop and u.low[k] in _FALSE | _TURNED_DOWN and "n" not in u.tags[main:k]


def _turned_from(u: Unit, noun: int) -> int | None:
    """Where a verb stands that turns down the claims whose phrase begins at ``noun``: *hit out at claims that*."""
    at = noun
    while at > 0 and u.tags[at - 1] in "DW" and u.low[at - 1] not in ("scorn",):
        at -= 1
    for pattern in _TURNING:
        start = at - len(pattern)
        if start >= 0 and all(u.low[start + k] in words for k, words in enumerate(pattern)):
            return start
    return None


def _is_as(u: Unit, start: int) -> bool:
    return start > 1 and u.low[start - 1] == "as" and u.tags[start - 2] in ",Q-"


def _is_full(u: Unit, i: int) -> bool:
    """Whether a quotation is a sentence of its own rather than words quoted in passing."""
    return i in u.full


def _quoted(u: Unit, first: int, stop: int) -> list[tuple[int, int]]:
    """The quotation at ``first`` and those that follow it as sentences of their own; or the clause it opens."""
    tags = u.tags
    if first + 1 >= stop or tags[first + 1] in ".;":
        return [(first, first + 1)]
    if first in u.full:
        return [(first, first + 1)]
    if tags[first + 1] == ",":
        return [(first, first + 1)]
    return [(first, phrase_end(u, first + 1, stop))]


def _after_cue(u: Unit, j: int, stop: int, frames: str) -> tuple[list[tuple[int, int]], bool] | None:
    """The content that starts at element ``j``, for a cue with these frames: its parts, and whether it is quoted."""
    tags, low = u.tags, u.low
    if j >= stop:
        return None
    t = tags[j]
    following = tags[j + 1] if j + 1 < stop else ""
    if t in ",:" and following == "Q" and set(frames) & set("cq"):
        return _quoted(u, j + 1, stop), True
    if t == "Q" and set(frames) & set("cqo"):
        if _is_full(u, j) or j + 1 >= stop:
            return _quoted(u, j, stop), "q" in frames or "c" in frames
        return [(j, trim_marks(u, j, stop))], False
    if t == ":" and "c" in frames and has_clause_verb(u, j + 1, stop):
        return [(j + 1, trim_marks(u, j + 1, stop))], False
    if t == "," and following == "h" and "c" in frames:
        return [(j + 1, trim_marks(u, j + 1, stop))], False
    if t == "h" and set(frames) & set("ctr"):
        return [(j, trim_marks(u, j, stop))], False
    if (low[j] in _WH) and set(frames) & set("ctr"):
        return [(j, trim_marks(u, j, stop))], False
    if t == "T" and "i" in frames:
        return [(j, phrase_end(u, j, stop))], False
    if t == "n" and following == "T" and "i" in frames:
        return [(j, phrase_end(u, j, stop))], False
    may_open = t in "KWDOUaREGSYsn" or (
        t == "P" and low[j] in ("in", "after", "under", "despite", "without", "since", "before", "during", "unlike")
    )
    if "c" in frames and may_open and opens_clause(u, j, stop):
        return [(j, trim_marks(u, j, stop))], False
    if "o" in frames and t in "KWDUOGEYa" and low[j] not in ("there",):
        return [(j, phrase_end(u, j, stop))], False
    if "g" in frames and t == "G":
        return [(j, phrase_end(u, j, stop))], False
    return None


def _is_source_like(u: Unit, first: int, last: int) -> bool:
    words = set(u.low[first:last])
    return bool(
        words & lexicon.ANONYMOUS_HEADS
        or words & lexicon.ANONYMITY
        or words & lexicon.DOCUMENT_HEADS
        or words & lexicon.ORGANIZATION_HEADS
        or words & lexicon.ROLE_HEADS
        or (u.tags[first] == "K" and set(u.tags[first:last]) <= set("KsYC"))
        or (u.tags[first] == "D" and set(u.tags[first + 1 : last]) <= set("K") and last > first + 1)
    )
