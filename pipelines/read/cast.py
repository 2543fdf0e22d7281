"""Who is who within one article: the names that pronouns, surnames, initials and descriptions stand for.

No model: salience (who spoke last, who opens the sentence before), recency, gender where a title or pronoun shows it, and
for descriptions (*the French head of state*) the country and office that the article gives with a name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pipelines.read import gazetteers, lexicon
from pipelines.read.records import Actor, Mention, Sentence

_WORD: Final = re.compile(r"[^\W_]+(?:[-’'.][^\W_]+)*\.?")
_TITLES: Final = frozenset(
    """
    mr mr. mrs mrs. ms ms. miss sir dame lord lady dr dr. prof prof. president prime minister premier chancellor king
    queen prince princess pope sen sen. senator gov gov. governor rep rep. congressman congresswoman gen gen. general
    col col. colonel lt lt. maj maj. capt capt. captain sgt sgt. judge justice mayor secretary rev rev. father sister
    ambassador chairman spokesman spokeswoman spokesperson foreign defence defense vice former then-president
    president-elect first lady speaker attorney
    """.split()  # noqa: SIM905
)
#: Small words of titles: *his French counterpart*, *head of state*, *the former foreign minister*.
_TITLE_WORDS: Final = frozenset(
    {"of", "state", "head", "vice", "foreign", "prime", "his", "her", "their", "former", "and", "the", "defence"}
)
#: How many sentences back a pronoun looks for its name.
_REACH: Final = 6
_MOST_PEOPLE: Final = 200


@dataclass(slots=True)
class _Person:
    name: str
    starts: list[int]
    countries: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    gender: str | None = None


class Cast:
    """The named people and outlets of an article; :meth:`actor` describes one source after another, in text order."""

    def __init__(self, text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> None:
        self._text = text
        self._sentences = sentences
        self._starts = [s.start for s in sentences]
        self._mentions = sorted(mentions, key=lambda m: m.start)
        self._mention_starts = [m.start for m in self._mentions]
        self._people: dict[str, _Person] = {}
        self._person_of: dict[int, _Person] = {}
        self._by_last: dict[str, list[_Person]] = {}
        self._outlets: list[tuple[int, str]] = []
        self._names: dict[str, str] = {}
        self._content: Sequence[tuple[int, int]] = ()
        #: the speaker of each sentence, once resolved; the last speaker of all.
        self._speakers: dict[int, str] = {}
        self._collect()
        #: whom descriptions may stand for; an article that names more is a list.
        self._listed = list(self._people.values())[:_MOST_PEOPLE]

    # ------------------------------------------------------------------------------------------------------ collect

    def _collect(self) -> None:
        people = [m for m in self._mentions if m.kind == "person"]
        for m in sorted(people, key=lambda m: (len(_core(m.surface).split()) < 2, m.start)):
            name = _core(m.surface)
            if not name:
                continue
            words = name.split()
            person = self._people.get(name.lower())
            if person is None and len(words) == 1:
                known = self._by_last.get(words[0].lower(), [])
                earlier = [p for p in known if p.starts[0] <= m.start]
                person = (earlier or known)[-1] if known else None
            if person is None:
                person = _Person(name, [])
                self._people[name.lower()] = person
                self._by_last.setdefault(words[-1].lower(), []).append(person)
                if len(words) > 2:
                    self._by_last.setdefault(" ".join(words[-2:]).lower(), []).append(person)
            person.starts.append(m.start)
            person.starts.sort()
            self._person_of[m.start] = person
            self._describe(person, m)
        for m in self._mentions:
            if m.kind == "person":
                continue
            name = _without_article(m.surface)
            if lexicon.is_outlet(m.surface):
                self._outlets.append((m.start, name))
            if len(name.split()) > 1:
                initials = "".join(w[0] for w in name.split() if w[:1].isupper())
                if len(initials) > 1:
                    self._names.setdefault(initials, name)
                    self._names.setdefault(name.split()[-1], name)

    def _describe(self, person: _Person, m: Mention) -> None:
        """Countries and roles that stand with a name: *French President Ida Varga*, *Ida Varga, the mayor*."""
        start = max(self._text.rfind("\n", 0, m.start) + 1, m.start - 70)
        before = self._text[start : m.start]
        cut = max(before.rfind(c) for c in ',;:.()“”"')
        words = _WORD.findall(before[cut + 1 :])[-7:]
        surface_words = m.surface.split()
        words = words + surface_words[: len(surface_words) - len(person.name.split())]
        window: list[str] = []
        for word in reversed(words):
            low = word.lower()
            if not (word[0].isupper() or low in lexicon.ROLE_HEADS or low in _TITLE_WORDS):
                break
            window.append(word)
        self._add_facts(person, list(reversed(window)))
        end = m.end
        if self._text[end : end + 2] == ", ":
            close = self._text.find(",", end + 2, end + 80)
            segment = self._text[end + 2 : close] if close > 0 else ""
            if (segment and "\n" not in segment and segment.split()[0].lower() in ("the", "a", "an")) or segment[:1].isupper():
                self._add_facts(person, _WORD.findall(segment))

    def _add_facts(self, person: _Person, words: list[str]) -> None:
        for role in _roles(words):
            person.roles.add(role)
        for word in words:
            country = _country(word)
            if country:
                person.countries.add(country)
            low = word.lower()
            if low in lexicon.MASCULINE:
                person.gender = "m"
            elif low in lexicon.FEMININE:
                person.gender = "f"

    # ------------------------------------------------------------------------------------------------------ resolve

    def actor(self, span: tuple[int, int], bare: tuple[int, int], content: Sequence[tuple[int, int]] = ()) -> Actor:
        """Describe a source: its kind, whether it stays unnamed, and the name it stands for.

        Args:
            span: the words of the source, with its appositions.
            bare: its noun phrase alone; for *who* and *which* the noun phrase they stand for.
            content: what it says; a pronoun does not stand for a name in there (*Holm had left, he said*).
        """
        self._content = content
        text = self._text[span[0] : span[1]]
        words = _WORD.findall(self._text[bare[0] : bare[1]]) or [text]
        low = [w.lower() for w in words]
        kind, anonymous, antecedent = self._classify(bare, words, low)
        if text.lower() in ("who", "which", "that", "whom") and bare != span:
            phrase = self._text[bare[0] : bare[1]]
            antecedent = antecedent or phrase
            if kind == "person" and not anonymous and phrase.split()[0].lower() in ("those", "people", "anyone"):
                kind, anonymous = "anonymous", True
        name = antecedent
        sentence = self._sentence(span[0])
        if kind in ("person", "outlet", "organization", "document") and not anonymous:
            self._speakers[sentence] = name or text
        if antecedent is not None and antecedent == text:
            antecedent = None
        return Actor(span[0], span[1], text, kind, anonymous, antecedent)

    def _classify(self, bare: tuple[int, int], words: list[str], low: list[str]) -> tuple[str, bool, str | None]:
        phrase = self._text[bare[0] : bare[1]]
        inside = self._inside(bare)
        people = [m for m in inside if m.kind == "person"]
        if len(words) == 1 and (low[0] in lexicon.PRONOUNS or low[0] in ("his", "her", "their", "its", "my", "our")):
            return self._pronoun(low[0], bare[0])
        if low in (["who"], ["which"], ["that"]):
            return self._relative(bare[0])
        head = _head(low)
        if lexicon.is_outlet(phrase):
            return "outlet", False, self._outlet(phrase, bare[0])
        # The last name of the phrase is its head, unless it depends on another: an aide to Varga, Varga's lawyer.
        named = [m for m in people if not _depends(self._text, bare[0], m.start) and _ends_name(self._text, m.end, bare[1])]
        if named:
            if len(named) > 1 and any(w in ("and", "&") for w in low):
                return "person", False, None
            person = self._person_of.get(named[-1].start)
            return "person", False, person.name if person is not None else _core(named[-1].surface)
        if set(low) & lexicon.ANONYMITY and not people:
            return "anonymous", True, None
        if low[0] in ("some", "many", "others", "several", "most", "few") and not (set(words[1:]) & set(self._names)):
            return "anonymous", True, None
        if head in lexicon.DOCUMENT_HEADS and head not in lexicon.ROLE_HEADS:
            if head in lexicon.OUTLET_HEADS and low[0] == "the" and self._outlets:
                return "outlet", False, self._outlet(phrase, bare[0])
            return "document", False, None
        if head in lexicon.ANONYMOUS_HEADS and not (low[0] == "the" and head in lexicon.ROLE_HEADS and len(words) <= 3):
            return "anonymous", True, None
        if head in lexicon.ROLE_HEADS or head == "head-of-state" or (head.endswith("s") and head[:-1] in lexicon.ROLE_HEADS):
            return "person", False, self._described(words, low, bare[0])
        if head in lexicon.ORGANIZATION_HEADS:
            name = inside[-1].surface if inside and inside[-1].end >= bare[1] - 1 else None
            return "organization", False, _without_article(name) if name else None
        if inside and inside[-1].end >= bare[1] - 1:
            name = _without_article(inside[-1].surface)
            full = self._names.get(name, name)
            kind = inside[-1].kind
            if lexicon.is_outlet(full):
                return "outlet", False, full
            return ("person" if kind == "person" else "organization"), False, full
        last = words[-1]
        known = self._by_last.get(last.lower())
        if known and last[:1].isupper():
            return "person", False, self._latest(known, bare[0]).name
        if last in self._names and last[:1].isupper():
            full = self._names[last]
            return ("outlet" if lexicon.is_outlet(full) else "organization"), False, full
        if head == "government" or last[:1].isupper():
            return (
                (
                    "person"
                    if len(words) > 1 and all(w[:1].isupper() for w in words) and low[0] not in ("the", "a")
                    else "organization"
                ),
                False,
                None,
            )
        if head.endswith("s") and not head.endswith("ss") and last[:1].islower():
            return "anonymous", True, None
        return "person", False, None

    def _pronoun(self, low: str, at: int) -> tuple[str, bool, str | None]:
        if low in ("someone", "somebody", "everyone", "everybody", "anyone", "anybody", "others", "nobody"):
            return "anonymous", True, None
        gender = "m" if low in lexicon.MASCULINE else "f" if low in lexicon.FEMININE else None
        sentence = self._sentence(at)
        if gender is None:
            name = (
                self._speakers.get(sentence) or self._speakers.get(sentence - 1)
                if low in ("they", "it", "we", "their", "its", "our")
                else None
            )
            if low in ("i", "my", "we", "you"):
                return "person", False, None
            if name is not None and name.lower() in self._people and (low != "it" or " " in name):
                name = None
            return ("organization" if low in ("it", "its") else "person"), False, name
        for number in range(sentence, max(-1, sentence - _REACH), -1):
            speaker = self._speakers.get(number)
            if (
                speaker is not None
                and (person := self._people.get(speaker.lower())) is not None
                and person.gender in (None, gender)
            ):
                person.gender = gender
                return "person", False, person.name
            first = self._first_person(number, at, gender)
            if first is not None:
                first.gender = gender
                return "person", False, first.name
        return "person", False, None

    def _first_person(self, number: int, before: int, gender: str) -> _Person | None:
        """The first person named in a sentence, before an offset: as a rule its subject."""
        if not 0 <= number < len(self._sentences):
            return None
        s = self._sentences[number]
        if number == 0 and self._sentence(before) > 2:
            return None
        k = bisect_right(self._mention_starts, s.start - 1)
        while k < len(self._mentions) and self._mentions[k].start < min(s.end, before):
            start = self._mentions[k].start
            person = self._person_of.get(start)
            if person is not None and person.gender in (None, gender) and not any(a <= start < b for a, b in self._content):
                return person
            k += 1
        return None

    def _relative(self, at: int) -> tuple[str, bool, str | None]:
        k = bisect_right(self._mention_starts, at) - 1
        if k >= 0 and at - self._mentions[k].end < 60 and "\n" not in self._text[self._mentions[k].end : at]:
            m = self._mentions[k]
            between = self._text[m.end : at].strip(" ,")
            if not between or (m.kind == "person" and "," in self._text[m.end : at]):
                person = self._person_of.get(m.start)
                if person is not None:
                    return "person", False, person.name
                return ("outlet" if lexicon.is_outlet(m.surface) else "organization"), False, _without_article(m.surface)
        before = _WORD.findall(self._text[max(0, at - 40) : at])
        if before and before[-1].lower() in lexicon.ANONYMOUS_HEADS:
            return "anonymous", True, None
        return "person", False, None

    def _outlet(self, phrase: str, at: int) -> str | None:
        """The full name of an outlet: of its initials, its last word, or *the British newspaper*."""
        name = _without_article(phrase)
        if name[:1].isupper() and name.split()[-1].lower() not in lexicon.OUTLET_HEADS:
            if name in self._names and name not in {n for _, n in self._outlets if " " in n}:
                return self._names[name]
            return name
        # The Guardian newspaper
        words = name.split()
        if words[-1].lower() in lexicon.OUTLET_HEADS and " ".join(words[:-1]) in lexicon.OUTLET_NAMES:
            return " ".join(words[:-1])
        earlier = [n for start, n in self._outlets if start < at and n.split()[-1].lower() not in lexicon.OUTLET_HEADS]
        if earlier:
            return self._names.get(earlier[-1], earlier[-1])
        return None

    def _described(self, words: list[str], low: list[str], at: int) -> str | None:
        """The person whom *the French head of state* or *the spokesman* stands for, if the article named one before."""
        if low[0] in ("a", "an", "another", "one", "neither", "both", "each", "no", "every") or (
            low[0].endswith("s") and low[0] not in ("his", "this")
        ):
            return None
        roles = set(_roles(words))
        countries = {c for c in (_country(w) for w in words) if c}
        best: tuple[int, _Person] | None = None
        for person in self._listed:
            k = bisect_right(person.starts, at) - 1
            if k < 0 or (not roles & person.roles and not (countries and "counterpart" in person.roles)):
                continue
            if countries and not countries & person.countries:
                continue
            if best is None or person.starts[k] > best[0]:
                best = (person.starts[k], person)
        return best[1].name if best is not None else None

    def _inside(self, span: tuple[int, int]) -> list[Mention]:
        k = bisect_right(self._mention_starts, span[0] - 1)
        found = []
        while k < len(self._mentions) and self._mentions[k].start < span[1]:
            if self._mentions[k].end <= span[1]:
                found.append(self._mentions[k])
            k += 1
        return found

    def _latest(self, people: list[_Person], at: int) -> _Person:
        earlier = [p for p in people if p.starts[0] <= at]
        return (earlier or people)[-1]

    def _sentence(self, at: int) -> int:
        return max(0, bisect_right(self._starts, at) - 1)


def _core(surface: str) -> str:
    """A name without the titles before it and what is not of it after."""
    words = surface.replace("’s", "").replace("'s", "").split()
    while len(words) > 1 and (
        words[0].lower().rstrip(",") in _TITLES or (len(words) > 2 and _country(words[0]) and words[1].lower() in _TITLES)
    ):
        words = words[1:]
    return " ".join(words).strip(" ,.")


def _without_article(surface: str) -> str:
    return re.sub(r"^(?:[Tt]he|[Aa]n?) ", "", surface.strip())


def _head(low: list[str]) -> str:
    """The head of a noun phrase, roughly: the last word before a preposition."""
    for k, word in enumerate(low):
        if word == "head" and low[k + 1 : k + 3] in (["of", "state"], ["of", "government"]):
            return "head-of-state"
        if k and word in (
            "of",
            "in",
            "for",
            "at",
            "with",
            "to",
            "from",
            "on",
            "who",
            "near",
            "close",
            "familiar",
            "briefed",
            "among",
            "against",
        ):
            return low[k - 1] if word not in ("close", "familiar", "briefed") or low[k - 1] else low[-1]
    return low[-1]


def _roles(words: list[str]) -> list[str]:
    low = [w.lower() for w in words]
    joined = " ".join(low)
    roles = []
    if "head of state" in joined or "head of government" in joined or "prime minister" in joined:
        roles.append("leader")
    for word in low:
        for role, members in lexicon.ROLE_CLASSES.items():
            if word in members and not (word == "minister" and "prime minister" in joined):
                roles.append(role)
    if "counterpart" in low:
        roles.append("counterpart")
    return roles


def _depends(text: str, start: int, at: int) -> bool:
    """Whether the name at ``at`` hangs on a head before it in the phrase that starts at ``start``: *an aide to Varga*."""
    return bool(re.search(r"\b(?:of|to|for|in|from|with|at|near|against|about|between)\s+(?:\S+\s+){0,3}$", text[start:at]))


def _ends_name(text: str, end: int, stop: int) -> bool:
    """Whether a name at the head of a phrase is followed only by what depends on it: *Varga of the Greens*, *Varga (Lab.)*."""
    rest = text[end:stop].strip()
    return not rest or re.match(r"(?:,|\(|of\b|in\b|from\b|for\b|at\b|with\b|[-–—])", rest) is not None


@lru_cache(maxsize=4096)
def _country(word: str) -> str | None:
    return gazetteers.demonym_country(word) if word[:1].isupper() else None
