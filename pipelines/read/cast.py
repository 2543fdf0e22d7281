"""Who is who within one article: the names that pronouns, surnames, initials and descriptions stand for.

No model: salience (who spoke last, with or without a name, who opens the sentence before), recency, gender where a title, a
first name or a pronoun shows it, and for descriptions (*the French head of state*) the country, office and body that the
article gives with a name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from pipelines.read import gazetteers, lexicon
from pipelines.read.first_names import gender_of
from pipelines.read.lexicon import word_set
from pipelines.read.phrases import is_adjective
from pipelines.read.records import Actor, Mention, Sentence

_WORD: Final = re.compile(r"[^\W_]+(?:[-’'.][^\W_]+)*\.?")
_TITLES: Final = word_set(
    """
    mr mr. mrs mrs. ms ms. miss sir dame lord lady dr dr. prof prof. president prime minister premier chancellor king
    queen prince princess pope sen sen. senator gov gov. governor rep rep. congressman congresswoman gen gen. general
    col col. colonel lt lt. maj maj. capt capt. captain sgt sgt. judge justice mayor secretary rev rev. father sister
    ambassador chairman spokesman spokeswoman spokesperson foreign defence defense vice former then-president
    president-elect first lady speaker attorney
    """
)
#: Small words of titles: *his French counterpart*, *head of state*, *the former foreign minister*.
_TITLE_WORDS: Final = frozenset(
    {"of", "state", "head", "vice", "foreign", "prime", "his", "her", "their", "former", "and", "the", "defence"}
)
#: What stands between a description and the name behind it, and what may follow the name: *, Dr. Ida Varga, 45,*.
_LEADS_NAME: Final = re.compile(r",\s+(?:[A-Z][\w’'-]*\.?\s+){0,3}")
_AGE: Final = re.compile(r"(?:,\s+(?:aged\s+)?\d{1,3})?,?")
#: What ends the head of a noun phrase.
_AFTER_HEAD: Final = frozenset(
    {
        "of", "in", "for", "at", "with", "to", "from", "on", "who", "near", "close", "familiar", "briefed", "among", "against",
    }
)  # fmt: skip
#: Heads of descriptions behind which a name is no apposition: *the company, Rupert Vane*.
_UNLIKE_PERSONS: Final = (lexicon.ORGANIZATION_HEADS | lexicon.DOCUMENT_HEADS | lexicon.OUTLET_HEADS) - lexicon.ROLE_HEADS
#: What describes a person after the name: *, 51, the mayor of Oslo*, *of the Green Party*.
_DESCRIBED_BEHIND: Final = re.compile(r"(?:,\s(?:aged\s)?(?:\d{1,3},\s)?|\s\(|\s(?=(?:of|from|for|at)\b))([^,.;:\n()“”\"]{1,90})")
#: Words of descriptions that tell nobody from others of the same role.
_SAY_NOTHING: Final = word_set(
    """
    former ex then current new newly outgoing incoming acting interim longtime late young old elderly senior junior top main
    lead leading retired first prime country nation same own
    """
)
#: Words that make another office of one, though they are roles or look like adjectives.
_PARTS_OF_OFFICE: Final = word_set("vice deputy assistant foreign interior internal external social medical technical")
#: What an article calls a body or a place that it has named: *Amy Dunn of Calder Bank ... the company's chief executive*.
_ANY_BODY: Final = word_set(
    "company firm group business organisation organization agency club team party body association charity"
)
_ANY_PLACE: Final = word_set("city town village region province district county island state")
#: What a person does or is, beside the heads of offices and of unnamed sources: *the intern told us*.
_PERSON_NOUNS: Final = word_set(
    """
    intern employee staffer nurse teacher student pupil driver farmer fisherman tenant customer client patient passenger
    caller cousin niece nephew grandmother grandfather girlfriend boyfriend partner neighbor neighbour doctor surgeon
    engineer technician mechanic firefighter policeman policewoman soldier sailor pilot guard cleaner cook chef waiter
    waitress shopkeeper trader worker volunteer carer accuser complainant applicant claimant plaintiff migrant refugee
    tourist visitor spectator fan pensioner mourner whistleblower colleague roommate landlord landlady
    """
)
_ONE_PERSON: Final = (lexicon.ROLE_HEADS | lexicon.ANONYMOUS_HEADS | _PERSON_NOUNS) - frozenset(
    # who asks is not who answers: "A reporter asked Varga what was wrong. She said ..."
    {"people", "men", "women", "some", "many", "several", "most", "few", "one", "reporter", "journalist", "host", "anchor"}
    # "a president" is anybody.
    | lexicon.ROLE_CLASSES["leader"]
    | lexicon.ROLE_CLASSES["governor"]
    | lexicon.ROLE_CLASSES["mayor"]
    | lexicon.ROLE_CLASSES["legislator"]
    | lexicon.ROLE_CLASSES["candidate"]
)
_NOT_ONE: Final = frozenset({"and", "or", "no", "neither", "some", "many", "several", "both", "none", "any", "every", "each"})
#: Words with a gender that beside a name are about somebody else: *his lawyer Ida Varga*.
_PRONOUNS_OF_OTHERS: Final = frozenset({"he", "him", "his", "himself", "she", "her", "hers", "herself"})
#: What stands between a name and an apposition.
_APPOSED: Final = re.compile(r",\s+(?:\d{1,3},\s+)?")
_OWNERS: Final = {"his": "m", "her": "f"}
_QUOTES: Final = frozenset("\"'“”‘’«»")
#: A longer phrase is no handy name for whom a pronoun stands for.
_LONGEST_UNNAMED: Final = 60
#: How many sentences back a pronoun looks for its name.
_REACH: Final = 6
_MOST_PEOPLE: Final = 200


@dataclass(slots=True)
class _Person:
    name: str
    starts: list[int]
    countries: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    #: the words that stand with the name, in small letters, and the kinds of the names among them.
    described: set[str] = field(default_factory=set)
    belongs: set[str] = field(default_factory=set)
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class _Unnamed:
    """A speaker without a name, for whom a pronoun stands rather than for somebody named before: *the intern*."""

    phrase: str
    kind: str
    anonymous: bool
    gender: str | None
    #: the gender of its owner: in *her lawyer said she was innocent* the lawyer is not she.
    owner: str | None
    #: who opens the sentence before it: *Varga had left, a neighbour said. She ...* leaves open who she is.
    rival: _Person | None


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
        #: by sentence the single unnamed person who spoke last in it.
        self._unnamed: dict[int, _Unnamed] = {}
        #: heads of the unnamed who have spoken: *a driver*.
        self._introduced: set[str] = set()
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
                known = self._by_last.get(words[0].lower())
                person = self._likeliest(known, m.start) if known else None
                title = self._word_before(m.start)
                if person is not None and _differ(person.gender, _gender(title)):
                    # "Mrs Lund" where only Piet Lund has a first name is somebody else.
                    person, name = None, f"{title[0].capitalize()} {name}"
                    words = name.split()
            if person is None:
                person = _Person(name, [], gender=_gender(self._word_before(m.start)))
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
        window.reverse()
        self._add_facts(person, window)
        # "Transport secretary Ida Varga met general secretary Jon Holm": what stands before a full name is of that one.
        k = bisect_right(self._mention_starts, m.start - 1) - 1
        nearest = self._mentions[k] if k >= 0 else m
        other = nearest.end if nearest.kind == "person" and " " in nearest.surface else 0
        self._remember_description(person, min(max(start + cut + 1, other), m.start), m.end)
        if behind := _DESCRIBED_BEHIND.match(self._text, m.end):
            self._remember_description(person, *behind.span(1))
        # A title outweighs the first name, and the first name what an apposition says: *Ida Varga, the mother of Mr Holm*.
        # With a surname that several bear it chooses one, perhaps the wrong one, and says no more.
        is_certain = len(_core(m.surface).split()) > 1 or len(self._by_last.get(person.name.split()[-1].lower(), ())) < 2
        title = ([w.lower() for w in window] or self._word_before(m.start)) if is_certain else []
        person.gender = _gender(title) or person.gender or gender_of(person.name)
        end = m.end
        if self._text[end : end + 2] == ", ":
            close = self._text.find(",", end + 2, end + 80)
            segment = self._text[end + 2 : close].lstrip() if close > 0 else ""
            if (segment and "\n" not in segment and segment.split()[0].lower() in ("the", "a", "an")) or segment[:1].isupper():
                self._add_facts(person, _WORD.findall(segment))

    def _word_before(self, at: int) -> list[str]:
        """The word before an offset in small letters, with the period of *Mrs.*, which else ends what describes a name."""
        return [w.lower() for w in _WORD.findall(self._text[max(0, at - 12) : at].rpartition("\n")[2])[-1:]]

    def _remember_description(self, person: _Person, first: int, stop: int) -> None:
        person.described.update(_plain(word) for word in _WORD.findall(self._text[first:stop]))
        person.belongs.update(m.kind for m in self._inside((first, stop)))

    def _add_facts(self, person: _Person, words: list[str]) -> None:
        for role in _roles(words):
            person.roles.add(role)
        for word in words:
            country = _country(word)
            if country:
                person.countries.add(country)
        # "the mother of Mr Holm" is no man.
        person.gender = person.gender or _gender([w.lower() for w in words[: _head_at(words) + 1]])

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
        named = self._named_behind(span, bare)
        if named is None:
            kind, anonymous, antecedent = self._classify(bare, words, low)
        else:
            kind, anonymous, antecedent = "person", False, named.name
            self._add_facts(named, words[: _head_at(words) + 1])
            self._remember_description(named, *bare)
        if text.lower() in ("who", "which", "that", "whom") and bare != span:
            phrase = self._text[bare[0] : bare[1]]
            antecedent = antecedent or phrase
            if kind == "person" and not anonymous and phrase.split()[0].lower() in ("those", "people", "anyone"):
                kind, anonymous = "anonymous", True
        name = antecedent
        sentence = self._sentence(span[0])
        if kind in ("person", "outlet", "organization", "document") and not anonymous:
            self._speakers[sentence] = name or text
        if antecedent is not None and antecedent.lower() in self._people:
            self._unnamed.pop(sentence, None)
        elif kind in ("person", "anonymous") and _is_one_person(low):
            self._remember_unnamed(sentence, bare, low, kind, anonymous)
        if antecedent is not None and antecedent == text:
            antecedent = None
        return Actor(span[0], span[1], text, kind, anonymous, antecedent)

    def _named_behind(self, span: tuple[int, int], bare: tuple[int, int]) -> _Person | None:
        """Whom an apposition names, where a name and perhaps an age is all of it: *his lawyer, Rupert Vane, 45*."""
        if bare == span:
            # A source that the tagger alone saw comes without the phrase inside it.
            bare = (span[0], self._text.find(",", *span))
        words = _WORD.findall(self._text[bare[0] : bare[1]]) if bare[0] == span[0] < bare[1] < span[1] else []
        if not words or words[0].lower() in lexicon.PRONOUNS:
            return None
        head = _head(words)
        if head.lower() in _UNLIKE_PERSONS or not (head[:1].islower() or head.lower() in lexicon.ROLE_HEADS):
            return None
        behind = [m for m in self._inside((bare[1], span[1])) if m.kind == "person"]
        if len(behind) != 1 or behind[0].start not in self._person_of:
            return None
        lead, rest = self._text[bare[1] : behind[0].start], self._text[behind[0].end : span[1]]
        if not _LEADS_NAME.fullmatch(lead) or not _AGE.fullmatch(rest):
            return None
        # "Ida Varga, Jon Holm" are two people; in "the wife of Ida Varga, Anna Holm" the first hangs on the wife.
        if any(
            m.kind == "person" and not _depends(self._text, bare[0], m.start) and _ends_name(self._text, m.end, bare[1])
            for m in self._inside(bare)
        ):
            return None
        return self._person_of[behind[0].start]

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
            return "person", False, self._described(bare, words, low)
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
            return "person", False, self._likeliest(known, bare[0]).name
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
            unnamed = self._unnamed.get(number)
            if (
                unnamed is not None
                and unnamed.gender in (None, gender)
                and unnamed.owner != gender
                and (unnamed.rival is None or unnamed.rival.gender not in (None, gender))
            ):
                self._unnamed[sentence] = replace(unnamed, gender=gender, rival=None)
                return unnamed.kind, unnamed.anonymous, unnamed.phrase
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
        for start, person in self._named_between(s.start, min(s.end, before)):
            if person.gender in (None, gender) and not any(a <= start < b for a, b in self._content):
                return person
        return None

    def _remember_unnamed(self, sentence: int, bare: tuple[int, int], low: list[str], kind: str, anonymous: bool) -> None:
        phrase = self._text[bare[0] : bare[1]]
        head = _head(low)
        k = bisect_right(self._mention_starts, bare[0]) - 1
        if k >= 0 and self._mentions[k].kind == "person" and _APPOSED.fullmatch(self._text, self._mentions[k].end, bare[0]):
            # "Cecilia Holm, 67, a retired nurse": a part of a source that has a name.
            return
        if len(phrase) > _LONGEST_UNNAMED or any(m.kind == "person" for m in self._inside(bare)):
            # "Varga's lawyer said she": as likely Varga.
            return
        if low[0] in ("the", "this", "that"):
            # "the Norland senator" is as a rule somebody named before; who came in as "a driver" is not.
            if head not in _PERSON_NOUNS | self._introduced or any(head in p.described for p in self._listed):
                return
        else:
            self._introduced.add(head)
        rival = None
        for start, person in self._named_between(self._sentences[sentence].start, bare[0]):
            if not any(a <= start < b and self._text[a] in _QUOTES for a, b in self._content):
                rival = person
                break
        owner = _OWNERS.get(low[0])
        self._unnamed[sentence] = _Unnamed(phrase, kind, anonymous, _gender(low), owner, rival)

    def _named_between(self, first: int, stop: int) -> Iterator[tuple[int, _Person]]:
        k = bisect_right(self._mention_starts, first - 1)
        while k < len(self._mentions) and self._mentions[k].start < stop:
            person = self._person_of.get(self._mentions[k].start)
            if person is not None:
                yield self._mentions[k].start, person
            k += 1

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

    def _described(self, bare: tuple[int, int], words: list[str], low: list[str]) -> str | None:
        """The person whom *the French head of state* or *the spokesman* stands for, if the article named one before."""
        if low[0] in ("a", "an", "another", "one", "neither", "both", "each", "no", "every") or (
            low[0].endswith("s") and not low[0].endswith(("'s", "’s")) and low[0] not in ("his", "this")
        ):
            return None
        roles = set(_roles(words))
        countries = {c for c in (_country(w) for w in words) if c}
        modifiers, owners = _demands(words)
        # "the Norland senator" may be the first to say where a senator comes from.
        places = {_plain(w) for m in self._inside(bare) if m.kind == "place" for w in m.surface.split()}
        best: tuple[int, _Person] | None = None
        for person in self._listed:
            k = bisect_right(person.starts, bare[0]) - 1
            if k < 0 or (not roles & person.roles and not (countries and "counterpart" in person.roles)):
                continue
            if countries and not countries & person.countries:
                continue
            is_placed = bool(person.countries) or "place" in person.belongs
            if not all(_fits(word, person) or (word in places and not is_placed) for word in modifiers):
                continue
            if owners and not any(_fits(word, person) for word in (*owners, " ".join(owners))):
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

    def _likeliest(self, people: list[_Person], at: int) -> _Person:
        """Whose surname stands alone at an offset, of all who bear it: who was named most often until there, or first.

        *Mrs* and the like count first. An article is about one of them, and names the others beside: *his wife, Anna Lund*.
        """
        earlier = [p for p in people if p.starts[0] <= at]
        gender = _gender(self._word_before(at))
        known = [p for p in earlier if gender is not None and p.gender == gender]
        fitting = known or [p for p in earlier or people if not _differ(p.gender, gender)]
        if not fitting:
            fitting = [p for p in people if not _differ(p.gender, gender)]
        if len(fitting or earlier) < 2:
            return (fitting or earlier or people)[-1]
        # Where all words have capitals, in a headline, more than the name may be taken for it.
        body = self._starts[1] if len(self._starts) > 1 else 0
        return max(
            fitting or earlier, key=lambda p: (bisect_right(p.starts, at) - bisect_right(p.starts, body - 1), -p.starts[0])
        )

    def _sentence(self, at: int) -> int:
        return max(0, bisect_right(self._starts, at) - 1)


def _core(surface: str) -> str:
    """A name without the titles before it and what is not of it after."""
    words = surface.replace("’s", "").replace("'s", "").split()
    while len(words) > 1 and (
        words[0].lower().rstrip(",") in _TITLES or (len(words) > 2 and _country(words[0]) and words[1].lower() in _TITLES)
    ):
        words = words[1:]
    return " ".join(words).strip(" ,.–—")


def _is_one_person(low: list[str]) -> bool:
    """Whether a noun phrase in small letters is about one person, by its head: *a former employee*, not *officials*."""
    head = _head(low)
    singular = not head.endswith("s") or head.endswith("ss")
    return singular and head in _ONE_PERSON and not _NOT_ONE & set(low)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _gender(low: Sequence[str]) -> str | None:
    """The gender that a title or noun shows; *his* and *her* tell about somebody else."""
    for word in reversed(low):
        if word.endswith(("'s", "’s")):
            break
        if word in _PRONOUNS_OF_OTHERS:
            continue
        if word in lexicon.MASCULINE:
            return "m"
        if word in lexicon.FEMININE:
            return "f"
    return None


def _without_article(surface: str) -> str:
    return re.sub(r"^(?:[Tt]he|[Aa]n?) ", "", surface.strip())


def _head(low: list[str]) -> str:
    """The head of a noun phrase, roughly: the last word before a preposition."""
    at = _head_at(low)
    return "head-of-state" if _is_head_of_state(low, at) else low[at]


def _head_at(words: Sequence[str]) -> int:
    """Where the head of a noun phrase stands, in the words of that phrase alone; of *two of the men*, that of *two*.

    In :mod:`pipelines.read.stance` a head is something else: the end of its phrase has yet to be found, by the classes of
    words, and who is counted is the head.
    """
    for k, word in enumerate(words):
        if k and (word.lower() in _AFTER_HEAD or _is_head_of_state(words, k)):
            return k if _is_head_of_state(words, k) else k - 1
    return len(words) - 1


def _is_head_of_state(words: Sequence[str], at: int) -> bool:
    return [w.lower() for w in words[at : at + 3]] in (["head", "of", "state"], ["head", "of", "government"])


def _plain(word: str) -> str:
    """A word in small letters without its possessive, in British spelling where offices have two."""
    plain = word.lower().replace("’", "'").removesuffix("'s").rstrip(".")
    return {"defense": "defence", "labor": "labour"}.get(plain, plain)


def _demands(words: list[str]) -> tuple[list[str], list[str]]:
    """What sets a description apart from others of its role: the words before its head, and those after *of*.

    *The transport secretary* is no other secretary, *the bank's president* and *the president of the bank* not that of a
    state. The countries of demonyms are compared as such, and what anybody may be called (*the former minister*) says nothing.
    """
    at = _head_at(words)
    modifiers = []
    for word in words[:at]:
        plain = _plain(word)
        owner = word.endswith(("'s", "’s"))
        if plain in lexicon.DETERMINERS or plain in _SAY_NOTHING or _country(word) or not plain[:1].isalpha():
            continue
        if owner or plain in _PARTS_OF_OFFICE or (plain not in lexicon.ROLE_HEADS and not is_adjective(plain)):
            modifiers.append(plain)
    behind = [w.lower() for w in words[at + 1 :]]
    if _is_head_of_state(words, at):
        behind = behind[2:]
    if not behind or behind[0] not in ("of", "for", "at"):
        return modifiers, []
    owners = []
    for word in words[len(words) - len(behind) + 1 :]:
        plain = _plain(word)
        if plain in _AFTER_HEAD and plain != "of":
            break
        if plain not in lexicon.DETERMINERS and plain != "of" and not _country(word):
            owners.append(plain)
    return modifiers, [] if _SAY_NOTHING & set(owners) else owners


def _fits(word: str, person: _Person) -> bool:
    """Whether a word of a description stands with a person's name: *Norland* fits *Norlandic*, *the company* any body's name."""
    if any(word == other or (len(word) > 3 < len(other) and _is_stem(word, other)) for other in person.described):
        return True
    if word in _ANY_BODY:
        return not person.belongs.isdisjoint({"organization", "outlet"})
    if word in _ANY_PLACE:
        return "place" in person.belongs
    country = gazetteers.load_gazetteer().countries.get(word.title())
    return country is not None and country in person.countries


def _is_stem(word: str, other: str) -> bool:
    return word.startswith(other) or other.startswith(word)


def _roles(words: list[str]) -> list[str]:
    low = [w.lower() for w in words]
    joined = " ".join(low)
    roles = []
    if "head of state" in joined or "head of government" in joined or "prime minister" in joined:
        roles.append("leader")
    if "press secretary" in joined:
        roles.append("spokesperson")
    for word in low:
        for role, members in lexicon.ROLE_CLASSES.items():
            if word in members and not (
                (word == "minister" and "prime minister" in joined) or (word == "secretary" and "press secretary" in joined)
            ):
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
