"""Names in an article: who (person), what body (organization), where (place); events, laws and works are ``other``.

Rules and gazetteers, after the way of MUC-time systems: every run of capitalised words becomes a candidate, clues inside it
(a title, ``Ministry of``, a given name) and beside it (``in``, ``, 45,``, ``told``) vote for a kind, and the votes of all
occurrences of one surface in the article are added up, so that an article names a thing one way. Where the trained tagger has
seen the article (:mod:`pipelines.read.tagged`) its spans are taken and the lists vote with it; the rules stand in without it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from pipelines.models.tagger import Tags
from pipelines.read.gazetteers import clue_words, load_gazetteer
from pipelines.read.lexicon import word_set
from pipelines.read.records import Mention, Sentence
from pipelines.read.tagged import mentions_from_names

_TOKEN: Final = re.compile(
    r"(?P<acronym>(?:[A-Z]\.){2,})"
    r"|(?P<abbreviation>(?:Mr|Mrs|Ms|Dr|St|Ste|Mt|Ft|Sen|Sens|Rep|Reps|Gov|Govs|Gen|Lt|Col|Maj|Capt|Cmdr|Adm|Sgt|Cpl|Pvt|Brig"
    r"|Prof|Rev|Hon|Jr|Sr|Inc|Corp|Co|Cos|Ltd|Bros|Dept|Univ|Supt|Det|Insp|Atty|Amb|Pres|No)\.|[A-Z]\.(?=\s?[A-Z]))"
    r"|(?P<possessive>['’][sS]\b)"
    r"|(?P<word>(?:[^\W_]|[\u0300-\u036f])+(?:['’ʼ](?![sS]\b)[^\W_]+)*)"
    r"|[^\s]"
)


#: Words that begin sentences and headlines and never a name.
_FUNCTION: Final = clue_words("function")
_CALENDAR: Final = clue_words("calendar")
#: Peoples, faiths, languages and parties' followers: capitalised, but none of the kinds.
_PEOPLES: Final = clue_words("peoples")
_NOT_ACRONYMS: Final = clue_words("not_acronyms")

_TITLES_CAPITAL_ONLY: Final = clue_words("titles_capital_only")
#: Last words of offices and forms of address; offices of several words end in one of them.
_TITLE: Final = clue_words("title")
#: What may stand before the last word of an office, within it.
_TITLE_BEFORE: Final = clue_words("title_before")
_TITLE_LOWER: Final = clue_words("title_lower")
_SPEECH: Final = clue_words("speech")
_PERSON_ACTS: Final = word_set("who whose whom himself herself resigned died graduated married")
_PLACE_PREPOSITIONS: Final = clue_words("place_prepositions")
_PLACE_NOUNS: Final = clue_words("place_nouns")
#: Lower-case words after the name of a country or region that stands for it: "the Varda interior ministry".
_STATE_NOUNS: Final = clue_words("state_nouns")
_ORG_NOUNS: Final = clue_words("org_nouns")
_PERSON_NOUNS: Final = word_set("administration campaign family cabinet presidency era ally allies supporters aide aides")

_ORG_HEADS: Final = clue_words("org_heads")
#: Organisation heads that are too weak to make one of a single word before them, or also end other names.
_WEAK_HEADS: Final = clue_words("weak_heads")
#: Single words that name a body when capitalised within a sentence.
_BODIES: Final = clue_words("bodies")
_OF_HEADS_ORG: Final = clue_words("of_heads_org")
_OF_HEADS_PLACE: Final = clue_words("of_heads_place")
_PLACE_HEADS: Final = clue_words("place_heads")
_PLACE_PREFIX: Final = clue_words("place_prefix")
_STRONG_PLACE_PREFIX: Final = clue_words("strong_place_prefix")
_COMPASS: Final = clue_words("compass")
_OTHER_HEADS: Final = clue_words("other_heads")
_TEAMS: Final = clue_words("teams")
#: Offices of places: "Kirrin Mayor Bob Stone".
_RULERS: Final = clue_words("rulers")
_PARTY: Final = word_set("R D I")
#: Offices whose "of" a place follows.
_LANDED: Final = word_set("King Queen Prince Princess Duke Duchess Archbishop Bishop Emir Governor Mayor")
_GENERATIONS: Final = word_set("Jr Jr. Sr Sr.")
#: What only ends names.
_TAILS: Final = word_set("Inc. Corp. Co. Ltd. Jr. Sr. Jr Sr St. No.")
_INITIAL: Final = re.compile(r"[A-Z]\.")
_ROMAN: Final = word_set("I II III IV V VI VII VIII IX X")
_PARTICLES: Final = clue_words("particles")
_ARABIC: Final = clue_words("arabic")
_EAST_ASIAN: Final = clue_words("east_asian")
_OWNERS: Final = clue_words("owners")
_PLACE_SUFFIX: Final = re.compile(
    r"(?:stan|ville|burg|burgh|grad|gorod|shire|abad|pur|pura|polis|bury|ivka|ovka|ovsk|insk|evo|ovo|nagar|wick|borough|mouth"
    r"|land)$"
)
_PERSON_SUFFIX: Final = re.compile(
    r"(?:ov|ova|ev|eva|enko|sky|skyy|skiy|ski|ska|vich|vić|vic|ić|yan|ian|dze|shvili|sson|sen|son|ez|berg|stein|mann|oglu|ides"
    r"|opoulos|zadeh|uddin|ullah|inho|elli|etti|ucci)$"
)
#: Endings of words that are no names: at the head of a sentence they need to be one elsewhere.
_WORD_SUFFIX: Final = re.compile(
    r"(?:ings?|ed|ly|tions?|sion|ity|ities|ness|ments?|isms?|ists|ance|ence|able|ible|ful|less|ous|ive|i[sz]ed?|als|ers)$"
)
_AGE: Final = re.compile(r",? ?\(?\d{1,2}[,)]")


@dataclass(slots=True)
class _Token:
    text: str
    start: int
    end: int
    is_word: bool
    is_capital: bool
    is_initial: bool = False
    #: nothing stands between this token and the one before it.
    is_glued: bool = False


@dataclass(slots=True)
class _Candidate:
    sentence_no: int
    start: int
    end: int
    surface: str
    votes: dict[str, float]
    #: a single word that may be no name at all: needs to be one elsewhere in the article.
    is_doubtful: bool = False
    #: the surface that stands before it, where it is that one's abbreviation in brackets.
    alias_of: str | None = None
    #: after "in", "near" ...: the surname of somebody in the article may be a place here.
    is_located: bool = False
    kind: str = field(default="other")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """What the rules look up, made once."""

    kinds: dict[str, str]
    longest: dict[str, int]
    given: frozenset[str]
    common: frozenset[str]
    demonyms: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    gazetteer = load_gazetteer()
    kinds = dict.fromkeys(gazetteer.places, "place")
    kinds |= dict.fromkeys(
        ("N.Y.", "N.J.", "N.C.", "S.C.", "N.H.", "N.M.", "N.D.", "S.D.", "R.I.", "B.C.", "N.S.", "W.Va.", "U.A.E."), "place"
    )
    kinds |= dict.fromkeys(gazetteer.organizations, "organization")
    kinds |= {name: kinds.get(name, "organization") for name in gazetteer.seats}
    for name in ("Downing Street", "Westminster", "Whitehall", "Holy See", "Vatican"):
        kinds[name] = "place" if name in {"Westminster", "Whitehall"} else "organization"
    longest: dict[str, int] = defaultdict(int)
    for name in kinds:
        parts = _split(name)
        longest[parts[0]] = max(longest[parts[0]], len(parts))
    return _Lexicon(
        kinds=kinds,
        longest=dict(longest),
        given=gazetteer.given_names,
        common=gazetteer.common_words,
        demonyms=frozenset(gazetteer.demonyms) | _PEOPLES,
    )


def _split(name: str) -> list[str]:
    return [match.group() for match in _TOKEN.finditer(name)]


def find_mentions(text: str, sentences: Sequence[Sentence], tags: Tags | None = None) -> list[Mention]:
    """Find the names in an article.

    Args:
        text: the article, as ``raw.articles.text`` has it.
        sentences: its sentences; sentence 0 may be a headline in title case.
        tags: what the tagger saw in the text; without them rules alone read it.

    Returns:
        Mentions in the order of the text, none inside another, none across sentences; offsets in code points. Titles
        (``President``), a leading ``the`` and the possessive ``'s`` are not part of a mention; demonyms are none.
    """
    if tags is not None:
        return mentions_from_names(text, sentences, tags.names, _lexicon().kinds)
    candidates: list[_Candidate] = []
    titles: list[tuple[Sentence, list[_Token]]] = []
    for sentence in sentences:
        tokens = _tokens(text, sentence.start, sentence.end)
        if _is_title_case(tokens):
            titles.append((sentence, tokens))
        else:
            candidates.extend(_Reader(text, sentence.sentence_no, tokens).candidates())
    _settle(candidates)
    names = {c.surface: c.kind for c in candidates if not c.is_doubtful}
    for sentence, tokens in titles:
        candidates.extend(_headline_names(text, sentence.sentence_no, tokens, names))
    kept = [c for c in candidates if not c.is_doubtful]
    kept.sort(key=lambda c: c.start)
    return [Mention(c.sentence_no, c.start, c.end, text[c.start : c.end], c.kind) for c in kept]


# ------------------------------------------------------------------------------------------------------------- tokens


def _tokens(text: str, start: int, end: int) -> list[_Token]:
    tokens: list[_Token] = []
    initial = True
    previous_end = -1
    for match in _TOKEN.finditer(text, start, end):
        word = match.group()
        group = match.lastgroup
        is_word = group in {"acronym", "abbreviation", "word"}
        first = word[0]
        capital = is_word and (first.isupper() or first.istitle() or _INNER_CAPITAL.match(word) is not None)
        token = _Token(word, match.start(), match.end(), is_word, capital, is_word and initial, match.start() == previous_end)
        tokens.append(token)
        previous_end = token.end
        if is_word:
            initial = False
        elif first in "“‘«:•*" or (first in "\"'" and not token.is_glued):
            initial = True
    return tokens


#: d'Ivoire, eThekwini: a capital after one or two small letters.
_INNER_CAPITAL: Final = re.compile(r"[a-z]{1,2}['’][A-Z]|e[A-Z][a-z]{3}")


def _is_title_case(tokens: Sequence[_Token]) -> bool:
    """Whether a line is written Like This or LIKE THIS, so that a capital says nothing."""
    if tokens and tokens[-1].text in '.!”"' and len(tokens) > 1:
        return False
    words = [t for t in tokens if t.is_word and len(t.text) >= 4 and t.text[0].isalpha()]
    capitals = sum(t.is_capital for t in words)
    return len(words) >= 4 and capitals >= 0.75 * len(words)


# --------------------------------------------------------------------------------------------------------- candidates


class _Reader:
    """One sentence: its runs of capitalised words, and the kinds that each may be."""

    def __init__(self, text: str, sentence_no: int, tokens: list[_Token]) -> None:
        self._text = text
        self._no = sentence_no
        self._tokens = tokens
        self._words = [t.text.replace("’", "'") for t in tokens]
        self._lexicon = _lexicon()

    def candidates(self) -> Iterator[_Candidate]:
        """The candidates in order; an abbreviation in brackets knows the name before it."""
        previous: _Candidate | None = None
        for start, end in self._runs():
            for candidate in self._read_run(start, end):
                if previous and candidate.surface.isupper() and self._text[previous.end : candidate.start] in {" (", " ( "}:
                    candidate.alias_of = previous.surface
                yield candidate
                previous = candidate

    # runs

    def _may_begin(self, i: int) -> bool:
        token, word = self._tokens[i], self._words[i]
        if token.is_glued and self._words[i - 1] in {"@", "#"}:
            return False
        if (word in _PARTY and self._hyphen_to_capital(i)) or (
            token.is_glued and i > 1 and self._words[i - 2] in _PARTY and self._words[i - 1] == "-"
        ):
            # "R-Varda": party and state.
            return False
        if not token.is_capital:
            return word in _ARABIC and self._hyphen_to_capital(i)
        if word in _FUNCTION:
            following = self._words[i + 1] if i + 1 < len(self._words) else ""
            return word != "A" and f"{word} {following}" in self._lexicon.kinds
        return word not in _CALENDAR or self._is_month_name(i)

    def _is_month_name(self, i: int) -> bool:
        """``Theresa May``, ``June Marlow``: months that are names beside a capitalised word."""
        word = self._words[i]
        if word not in {"May", "April", "June", "August", "March"}:
            return False
        before = self._words[i - 1] if i else ""
        return before in self._lexicon.given or before in {"Mr", "Mrs", "Ms", "Mr.", "Mrs.", "Ms."}

    def _hyphen_to_capital(self, i: int) -> bool:
        tokens = self._tokens
        return (
            i + 2 < len(tokens)
            and tokens[i + 1].text in "-–‑"
            and tokens[i + 1].is_glued
            and tokens[i + 2].is_glued
            and tokens[i + 2].is_capital
        )

    def _adjacent(self, i: int) -> bool:
        """Whether token ``i`` follows the one before it after one space or none."""
        return self._tokens[i].start - self._tokens[i - 1].end <= 1

    def _runs(self) -> Iterator[tuple[int, int]]:
        i, n = 0, len(self._tokens)
        while i < n:
            if not self._may_begin(i):
                i += 1
                continue
            end = self._run_end(i)
            yield i, end
            i = end

    def _run_end(self, start: int) -> int:
        words, tokens, n = self._words, self._tokens, len(self._tokens)
        end = start + (3 if not tokens[start].is_capital else 1)
        has_org_head = words[start] in _OF_HEADS_ORG
        while end < n and end - start < 24:
            token, word = tokens[end], words[end]
            if not self._adjacent(end):
                break
            if token.is_capital and not token.is_glued:
                if word in _CALENDAR and not self._is_month_name(end):
                    break
                if word in _FUNCTION and word not in {"Own", "Down"}:
                    break
                has_org_head = has_org_head or word in _OF_HEADS_ORG
                end += 1
                continue
            step = self._connector(start, end, has_org_head)
            if not step:
                break
            end += step
        return end

    def _connector(self, start: int, i: int, has_org_head: bool) -> int:
        """How many tokens from ``i`` on belong to the run, the next capitalised word last; 0 where it ends."""
        words, tokens, n = self._words, self._tokens, len(self._tokens)
        word = words[i]

        def capital(k: int) -> bool:
            return (
                k < n and tokens[k].is_capital and self._adjacent(k) and words[k] not in _FUNCTION and words[k] not in _CALENDAR
            )

        if word in "-–‑" and tokens[i].is_glued and i + 1 < n and tokens[i + 1].is_glued and tokens[i + 1].is_word:
            after = words[i + 1]
            if tokens[i + 1].is_capital:
                both = (self._known_kind(start, i), self._known_kind(i + 1, i + 2))
                parted = all(both) or (
                    any(both) and words[i - 1] not in self._lexicon.given and not self._known_kind(i - 1, i + 2)
                )
                return 0 if parted or after in _FUNCTION else 2
            if words[i - 1] in _ARABIC or (after in _ARABIC and self._hyphen_to_capital(i + 1)):
                return 2
            # Kim Jong-un, Raymond Yeung Tsz-chun: the second syllable of a given name.
            if i - start < 2 or len(after) > 6 or not tokens[i - 2].is_capital:
                return 0
            is_syllable = words[i - 2] in _EAST_ASIAN and len(after) <= 3
            return 2 if is_syllable or not self._is_common(after) else 0
        if word in _ARABIC and self._hyphen_to_capital(i):
            return 3
        if word in {"of", "for", "on"}:
            head = words[i - 1]
            heads = head in _OF_HEADS_ORG or head in _OF_HEADS_PLACE or (has_org_head and word == "of" and head in _ORG_HEADS)
            if word != "of":
                heads = head in _OF_HEADS_ORG and head not in {"Government", "Parliament", "Army", "House", "Church"}
            if head == "Secretary" or not heads:
                return 0
            if capital(i + 1):
                return 2
            return 3 if i + 2 < n and words[i + 1] == "the" and capital(i + 2) else 0
        if word in {"and", "&"}:
            if not capital(i + 1):
                return 0
            if word == "&":
                return 2
            if has_org_head and ("of" in words[start:i] or "for" in words[start:i]):
                is_topic = self._is_common(words[i + 1]) or (
                    self._is_common(words[i - 1]) and words[i + 1] not in self._lexicon.given
                )
                return 2 if is_topic and words[i + 1] not in _TITLE and not self._known_kind(i + 1, i + 2) else 0
            # "Food and Drug Administration": two common words before a head.
            if words[i - 1].lower() in self._lexicon.common and words[i + 1].lower() in self._lexicon.common:
                k = i + 2
                while capital(k) and k < i + 5:
                    if words[k] in _ORG_HEADS:
                        return 2
                    k += 1
            return 2 if self._known_kind(start, i + 2) else 0
        if word == "'s":
            if capital(i + 1) and (words[i - 1] in _OWNERS or self._known_kind(start, i + 2)):
                return 2
            if capital(i + 1) and words[i - 1] in _TITLE and words[i + 1] in {"Office", "Department", "Court", "House"}:
                return 2
            if capital(i + 1) and words[i + 1] in {
                "County",
                "College",
                "Hospital",
                "Island",
                "Bay",
                "Church",
                "Cathedral",
                "School",
                "University",
            }:
                return 2
            return 1 if self._known_kind(start, i + 1) else 0
        if word == "," and i + 1 < n and words[i + 1] in {"Inc", "Inc.", "LLC", "Ltd", "Ltd.", "Corp.", "Jr.", "Jr", "Sr."}:
            return 2
        if word in _PARTICLES:
            k = i
            while k < n and k < i + 3 and words[k] in _PARTICLES and self._adjacent(k):
                k += 1
            return k - i + 1 if capital(k) else 0
        if (
            tokens[i].is_word
            and word[0].isdigit()
            and len(word) <= 2
            and words[i - 1] in {"Channel", "Route", "Highway", "Group"}
        ):
            return 1
        return 0

    def _known_kind(self, start: int, end: int) -> str | None:
        if end > len(self._tokens) or end - start > 8:
            return None
        name = self._name(start, end)
        found = self._lexicon.kinds.get(name)
        if found is None and len(name) > 3 and name.isupper():
            # PORT ALMA, in datelines.
            found = self._lexicon.kinds.get(name.title())
        return found

    def _known_ends(self, end: int) -> str | None:
        """Kind of the name of the lists that ends before token ``end``."""
        return next(
            (kind for start in (end - 3, end - 2, end - 1) if start >= 0 and (kind := self._known_kind(start, end))), None
        )

    def _is_demonym(self, start: int, end: int) -> bool:
        """``Russian``, ``South African``, ``Tasmanian``: a people, or what belongs to a place of the lists."""
        name = self._name(start, end)
        if name in self._lexicon.demonyms:
            return True
        if end - start > 1:
            return False
        name = name.removesuffix("s")
        places = self._lexicon.kinds
        return (
            len(name) > 5
            and name.endswith("n")
            and "place" in {places.get(name[:-1]), places.get(name[:-2]), places.get(name[:-3] + "y")}
        )

    def _name(self, start: int, end: int) -> str:
        """The surface of tokens with straight apostrophes and single spaces."""
        return " ".join(self._text[self._tokens[start].start : self._tokens[end - 1].end].replace("’", "'").split())

    # inside a run

    def _read_run(self, start: int, end: int) -> Iterator[_Candidate]:
        """The names in a run: before and after the office in it."""
        skip = self._after_opening_words if self._tokens[start].is_initial else self._after_portfolio
        start = skip(start, end)
        if start >= end:
            return
        found = None if self._known_kind(start, end) else self._title(start, end)
        if found is None:
            yield from self._read_name(start, end)
            return
        title_start, title_end = found
        yield from self._read_name(start, title_start)
        if title_end < end:
            yield from self._read_name(title_end, end, after_title=True)

    def _after_portfolio(self, start: int, end: int) -> int:
        """Skip what an office is about: ``Minister of`` *Foreign Affairs* ``Sameh Alder``."""
        words = self._words
        the = start > 2 and words[start - 1] == "the"
        of = start - (2 if the else 1)
        if of < 1 or words[of] != "of" or words[of - 1] not in _TITLE or words[of - 1] in _LANDED:
            return start
        while start < end and (words[start] == "and" or self._is_common(words[start])):
            if self._is_given(start) or words[start] in _OF_HEADS_ORG:
                break
            start += 1
        return start

    def _after_opening_words(self, start: int, end: int) -> int:
        """Skip a common word that stands first only because a sentence begins with it: ``Suspected Varda Front``."""
        words, lexicon = self._words, self._lexicon
        if end - start < 2 or self._known_kind(start, end):
            return start
        word = words[start]
        rest_known = self._known_kind(start + 1, end) is not None
        is_common = self._is_common(word) and word not in lexicon.given
        in_name = (
            words[end - 1] in _ORG_HEADS or words[end - 1] in _PLACE_HEADS or word in _OF_HEADS_ORG or word in _OF_HEADS_PLACE
        )
        if word in _TITLE or word in _TITLE_BEFORE or word in lexicon.demonyms or word in _PLACE_PREFIX:
            return start
        if is_common and (rest_known or not in_name or word.endswith("ing") or word.endswith("ly")):
            return start + 1
        return start

    def _is_common(self, word: str) -> bool:
        low = word.lower()
        common = self._lexicon.common
        if low in common:
            return True
        for suffix, length in (("ing", 3), ("ed", 2), ("es", 2), ("s", 1), ("ly", 2), ("er", 2), ("d", 1)):
            if len(low) > length + 3 and low.endswith(suffix) and (low[:-length] in common or low[:-length] + "e" in common):
                return True
        return False

    def _title(self, start: int, end: int) -> tuple[int, int] | None:
        """The office or form of address in a run: where it begins and ends; ``None`` where it has none."""
        words = self._words
        lexicon = self._lexicon
        for i in range(start, end):
            word = words[i]
            if word not in _TITLE or (i > start and words[i - 1] in {"of", "for", "and", "&"}):
                continue
            # the last word of the office: "Secretary of State", "Attorney General", "Chief of Staff".
            last = i
            while last + 1 < end and (
                words[last + 1] in _TITLE
                or (words[last] in {"Chief", "Attorney", "Prime"} and words[last + 1] in {"Executive", "General", "Justice"})
            ):
                last += 1
            if last + 2 < end and words[last + 1] == "of" and words[last + 2] in {"State", "Defense", "Staff", "Police"}:
                last += 2
            after = last + 1
            if after < end:
                following = words[after]
                known = self._known_kind(after, end)
                if following in {"of", "for", "and", "-", "'s"}:
                    continue
                is_surname = known == "place" and end - after == 1 and word not in _TITLES_CAPITAL_ONLY
                if following in _ORG_HEADS or (known and not is_surname and not self._is_given(after)):
                    continue
                if words[end - 1] in _ORG_HEADS and following not in lexicon.given and len(following) > 2:
                    # General Motors Company, Justice Department, King Saud University.
                    continue
                if word in _TITLES_CAPITAL_ONLY and words[end - 1] in _PLACE_HEADS:
                    continue
                if word in _TITLES_CAPITAL_ONLY and self._is_common(following) and following not in lexicon.given:
                    continue
                if (
                    self._is_common(following)
                    and following not in lexicon.given
                    and end - after > 1
                    and self._is_common(words[end - 1])
                ):
                    continue
            elif after == end and word in {"General", "Justice", "Chair", "Don", "Chief", "Count"} and i == start:
                continue
            first = i
            while first > start and (words[first - 1] in _TITLE_BEFORE or words[first - 1] in _TITLE):
                first -= 1
            return first, after
        return None

    def _is_given(self, i: int) -> bool:
        return self._words[i] in self._lexicon.given

    def _read_name(self, start: int, end: int, *, after_title: bool = False) -> Iterator[_Candidate]:
        """Candidates of a run without titles."""
        words, lexicon = self._words, self._lexicon
        while start < end and (
            words[start] in {"'s", "-", "and", "of", "&"} or (words[start] in _FUNCTION and not self._known_kind(start, end))
        ):
            start += 1
        while end > start and (words[end - 1] in {"'s", "-", "and", "of", "&", "the"}) and not self._known_kind(start, end):
            end -= 1
        if start >= end:
            return
        kind = self._known_kind(start, end)
        if kind and not (after_title and end - start > 1 and self._is_given(start)):
            yield self._candidate(start, end, {kind: 6.0} if not after_title else {"person": 3.0})
            return
        count = end - start
        first, last = words[start], words[end - 1]
        if after_title:
            yield self._candidate(start, self._person_end(start, end), {"person": 5.0})
            return
        of_at = next((k for k in range(start + 1, end - 1) if words[k] in {"of", "for", "on"}), None)
        if of_at is not None:
            head = words[of_at - 1]
            is_place = head in _OF_HEADS_PLACE and head not in _OF_HEADS_ORG
            yield self._candidate(start, end, {"place" if is_place and not self._any_head(start, end) else "organization": 5.0})
            return
        if count == 2 and self._is_demonym(start, end):
            return
        if (
            count > 1
            and first not in lexicon.given
            and (self._is_demonym(start, start + 1) or self._is_demonym(start, start + 2))
        ):
            rest_head = last in _ORG_HEADS
            if not rest_head:
                skip = 2 if count > 2 and (self._is_demonym(start, start + 2) or self._is_demonym(start + 1, start + 2)) else 1
                if last in _OTHER_HEADS or last in _PLACE_HEADS:
                    yield self._candidate(start, end, {"other" if last in _OTHER_HEADS else "place": 3.0})
                    return
                yield from self._read_name(start + skip, end)
                return
        if count > 1 and (last in _ORG_HEADS or last in _TEAMS):
            weak = last in _WEAK_HEADS or last in _TEAMS
            if not (weak and first in lexicon.given and count == 2):
                yield self._candidate(start, end, {"organization": 3.0 if weak else 5.0})
                return
        if (
            count > 1
            and last in _PLACE_HEADS
            and not (
                self._is_given(start)
                and last in {"Hill", "Park", "Lake", "Street", "Bridge", "Castle", "Forest", "Grove", "State"}
            )
        ):
            yield self._candidate(start, end, {"place": 4.0})
            return
        if (
            count > 1
            and (last in _OTHER_HEADS or (last in _ROMAN and words[end - 2] in _OTHER_HEADS))
            and not self._is_given(start)
        ):
            yield self._candidate(start, end, {"other": 4.0})
            return
        if count > 1 and first in _STRONG_PLACE_PREFIX:
            yield self._candidate(start, end, {"place": 3.0})
            return
        if count > 1 and first in _COMPASS and self._known_kind(start + 1, end) == "place":
            yield self._candidate(start, end, {"place": 5.0})
            return
        parted = self._part(start, end)
        if parted:
            yield from self._read_name(start, parted)
            yield from self._read_name(parted, end)
            return
        yield from self._unknown(start, end)

    def _any_head(self, start: int, end: int) -> bool:
        return any(word in _OF_HEADS_ORG and word not in _OF_HEADS_PLACE for word in self._words[start:end])

    def _person_end(self, start: int, end: int) -> int:
        """Where a person's name after a title ends: before the next title or head ("Gov. Ada Quill House Speaker")."""
        for k in range(start + 1, end):
            if self._words[k] in _TITLE or self._words[k] in {"'s"}:
                return k
        return end

    def _part(self, start: int, end: int) -> int | None:
        """Where a run falls into two names: after or before a known country, place or organisation."""
        if end - start < 2:
            return None
        words, lexicon = self._words, self._lexicon
        for length in range(min(end - start - 1, lexicon.longest.get(words[start], 1)), 0, -1):
            if self._known_kind(start, start + length) and not (length == 1 and self._is_given(start)):
                rest = start + length
                if words[rest] in {"-", "–"}:
                    return rest + 1
                # "Varda Ian Brody": a name after it; "Kyiv Digital" stays one.
                if self._is_given(rest) or words[rest] in lexicon.demonyms or self._known_kind(rest, end):
                    return rest
                break
        return None

    def _unknown(self, start: int, end: int) -> Iterator[_Candidate]:
        """A run that no list or head decides: clues vote."""
        word, last = self._words[start], self._words[end - 1]
        single = end - start == 1
        if single and self._is_no_name(start):
            return
        votes: dict[str, float] = defaultdict(float)
        is_doubtful = False
        if single:
            is_doubtful = self._vote_single(start, votes)
        else:
            self._vote_several(start, end, votes)
        if not is_doubtful:
            if _PLACE_SUFFIX.search(last):
                votes["place"] += 0.8
            elif _PERSON_SUFFIX.search(last):
                votes["person"] += 0.8
            elif re.match(r"[A-Z][a-z]+[A-Z]", last) and not last.startswith(("Mc", "Mac", "De", "La", "O'", "Di", "Fitz")):
                votes["organization"] += 1.5
            if word in _PLACE_PREFIX and not single:
                votes["place"] += 0.8
        candidate = self._candidate(start, end, self._context(start, end, votes))
        candidate.is_doubtful = is_doubtful
        yield candidate

    def _is_no_name(self, i: int) -> bool:
        """Whether a capitalised word alone names nothing: an office, a direction, an abbreviation like GDP, a heading."""
        word = self._words[i]
        bare = word.rstrip(".")
        return (
            word in _NOT_ACRONYMS
            or bare in _NOT_ACRONYMS
            or word in _TITLE
            or word in _COMPASS
            or word in _CALENDAR
            or word in _TAILS
            or len(bare) < 2
            or (word.isupper() and len(word) > 3 and self._is_shouted(i))
        )

    def _vote_single(self, i: int, votes: dict[str, float]) -> bool:
        """Votes for one word; whether it may be no name at all."""
        word = self._words[i]
        if self._is_demonym(i, i + 1):
            # Ms. White, elsewhere in the article, makes White a name.
            votes["person"] += 0.1
            return True
        if word.isupper() and len(word.replace(".", "")) <= 7:
            votes["organization"] += 1.6
        elif self._is_common(word) and not self._is_given(i):
            if word in _BODIES and not self._tokens[i].is_initial:
                votes["organization"] += 2.0
                return False
            votes["person"] += 0.1
            return True
        else:
            # Of the single words unknown to every list, in the training part of Worldwide newswire, as many were
            # bodies as people; people are named in full first, and known by that.
            votes.update({"person": 0.5, "place": 0.3, "organization": 0.5})
            if self._is_given(i):
                votes["person"] += 1.5
            elif self._tokens[i].is_initial and _WORD_SUFFIX.search(word):
                return True
        return False

    def _vote_several(self, start: int, end: int, votes: dict[str, float]) -> None:
        """Votes for a run of several words."""
        words, tokens, lexicon = self._words, self._tokens, self._lexicon
        word, last = words[start], words[end - 1]
        commons = sum(self._is_common(words[k]) and words[k] not in lexicon.given for k in range(start, end))
        capitals = sum(tokens[k].is_capital for k in range(start, end))
        is_given = self._is_given(start)
        if is_given or _INITIAL.fullmatch(word):
            votes["person"] += 3.5 if commons < capitals - 1 or capitals == 2 else 1.0
        elif word in _EAST_ASIAN and capitals <= 3 and not commons:
            votes["person"] += 2.0
        elif self._known_kind(start, start + 1) == "place":
            votes["organization"] += 1.0
            votes["place"] += 0.7
        if any(words[k] in _PARTICLES or words[k] in _GENERATIONS or _INITIAL.fullmatch(words[k]) for k in range(start + 1, end)):
            votes["person"] += 1.5
        if not commons and capitals <= 4:
            votes["person"] += 1.2
        elif commons >= capitals - (0 if is_given else 1):
            votes["other"] += 0.9
            votes["organization"] += 0.6
        else:
            votes["person"] += 0.4
            votes["organization"] += 0.3
        if last.isupper() and len(last) > 1:
            votes["organization"] += 1.0

    def _is_shouted(self, i: int) -> bool:
        """Whether a word in capitals stands among others: a heading run into the text."""
        near = [w for w in self._words[max(0, i - 3) : i + 4] if len(w) > 1 and w[0].isalpha()]
        return sum(w.isupper() for w in near) >= 4

    def _context(self, start: int, end: int, votes: dict[str, float]) -> dict[str, float]:
        """Add the votes of the words beside a run."""
        words, tokens = self._words, self._tokens
        n = len(words)
        before = words[start - 1].lower() if start else ""
        before2 = words[start - 2].lower() if start > 1 else ""
        after = words[end] if end < n else ""
        after2 = words[end + 1] if end + 1 < n else ""
        low = after.lower()
        single = end - start == 1
        # A list of places: "Varda, Port Alma and Kirrin".
        if before in {",", "and", "or"} and start > 1 and self._known_ends(start - 1) == "place":
            votes["place"] += 1.5
        if (
            after in {",", "and", "or"}
            and end + 1 < n
            and (self._known_kind(end + 1, end + 2) or self._known_kind(end + 1, min(n, end + 3))) == "place"
        ):
            votes["place"] += 1.2
        if (
            tokens[start].is_initial
            and self._name(start, end).isupper()
            and len(words[start]) > 3
            and after in {"—", "–", "-", ",", "("}
        ):
            # A dateline.
            votes["place"] += 3.0
        if before in _PLACE_PREPOSITIONS:
            votes["place"] += 2.0
        elif before in {"from", "at", "to"}:
            votes["place"] += 0.7
        elif before == "of":
            votes["place"] += (
                1.5 if before2 in _PLACE_NOUNS or before2 in {"north", "south", "east", "west", "outskirts", "republic"} else 0.2
            )
        elif before in {"capital", "city", "town", "village"}:
            votes["place"] += 2.0
        elif before in _TITLE_LOWER:
            votes["person"] += 2.5
        elif before == "the":
            votes["person"] -= 1.5 if low not in _PERSON_NOUNS else -0.5
            votes["organization"] += 1.2
        elif before in {"said", "says"} and not tokens[start].is_initial:
            votes["person"] += 1.5
        elif before == "by":
            votes["person"] += 0.4
        elif before == "told":
            votes["organization"] += 0.6
        if after in _RULERS:
            votes["place"] += 2.0
        elif after in _TITLE:
            votes["organization"] += 1.5
        elif low in _PLACE_NOUNS:
            votes["place"] += 2.5
        elif low in _STATE_NOUNS:
            votes["place"] += 1.6
        elif low in _ORG_NOUNS:
            votes["organization"] += 2.0
        elif low in _PERSON_NOUNS:
            votes["person"] += 1.5
        elif low in _SPEECH:
            votes["person"] += 1.2
        elif low in _PERSON_ACTS:
            votes["person"] += 1.8
        elif after == "," and after2.lower() in {"who", "a", "an", "whose"} and not single:
            votes["person"] += 0.8
        elif after in {",", "("} and after2.isdigit() and len(after2) == 2 and _AGE.match(self._text, tokens[end - 1].end):
            votes["person"] += 3.0
        elif after == "(" and after2.isupper() and len(after2) > 1:
            votes["organization"] += 2.0
        elif after == "'s" and single:
            votes["place"] += 0.2
        elif after == "-" and low and after2 in {"based", "born", "area"}:
            votes["place"] += 2.0
        return votes

    def _candidate(self, start: int, end: int, votes: dict[str, float]) -> _Candidate:
        first, last = self._tokens[start], self._tokens[end - 1]
        before = self._words[start - 1].lower() if start else ""
        return _Candidate(
            sentence_no=self._no,
            start=first.start,
            end=last.end,
            surface=self._name(start, end),
            votes=dict(votes),
            is_located=before in _PLACE_PREPOSITIONS or before in {"from", "to", "at"},
        )


# ------------------------------------------------------------------------------------------------------- one article


def _settle(candidates: list[_Candidate]) -> None:
    """Decide each surface's kind by the votes of the whole article; surnames follow full names, doubtful words other names."""
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for c in candidates:
        for kind, weight in c.votes.items():
            votes[c.surface][kind] += weight
    for c in candidates:
        if c.alias_of is not None:
            kind, weight = max(votes[c.alias_of].items(), key=lambda item: item[1])
            if kind != "person":
                votes[c.surface][kind] += min(weight, 4.0)
    people_last: set[str] = set()
    people_any: set[str] = set()
    names: set[str] = set()
    kinds = _lexicon().kinds
    for surface, count in votes.items():
        parts = surface.split()
        if len(parts) > 1 and max(count, key=lambda k: count[k]) == "person":
            people_last.add(parts[-1])
            people_any.update(part for part in parts if len(part) > 2 and part[0].isupper())
    for c in candidates:
        if not c.is_doubtful:
            names.add(c.surface)
    for surface, count in votes.items():
        if surface in people_last:
            count["person"] = count["person"] + 3.0 if surface in kinds else max(count.values()) + 8.0
        elif surface in people_any and surface not in kinds:
            count["person"] += 4.0
    for c in candidates:
        count = votes[c.surface]
        c.kind = max(count, key=lambda k: (count[k], k))
        if c.kind == "person" and c.is_located and c.surface in kinds:
            c.kind = kinds[c.surface]
        if c.is_doubtful and (c.surface in names or c.surface in people_last):
            c.is_doubtful = False


def _headline_names(text: str, sentence_no: int, tokens: list[_Token], names: dict[str, str]) -> Iterator[_Candidate]:
    """Names in a line where every word is capitalised: those that the body has, those of the lists, given name and surname."""
    lexicon = _lexicon()
    folded = {name.lower(): (name, kind) for name, kind in names.items()}
    surnames = {name.split()[-1].lower() for name, kind in names.items() if kind == "person" and " " in name}
    i, n = 0, len(tokens)
    while i < n:
        if not tokens[i].is_capital:
            i += 1
            continue
        found: tuple[int, str] | None = None
        for end in range(min(n, i + 7), i, -1):
            if not (tokens[end - 1].is_capital or tokens[end - 1].text.startswith(("'", "’"))):
                continue
            name = " ".join(text[tokens[i].start : tokens[end - 1].end].replace("’", "'").split())
            known = folded.get(name.lower())
            if known:
                found = end, known[1]
            elif name in lexicon.kinds and name not in _FUNCTION and name.lower() not in lexicon.common:
                found = end, lexicon.kinds[name]
            elif name.isupper() and len(name) > 4 and name.title() in lexicon.kinds:
                found = end, lexicon.kinds[name.title()]
            elif end == i + 1 and name.lower() in surnames:
                found = end, "person"
            elif end == i + 2 and name.split()[0] in lexicon.given and tokens[i + 1].is_capital:
                second = tokens[i + 1].text
                if (
                    not tokens[i + 1].is_glued
                    and second.lower() not in lexicon.common
                    and second not in lexicon.demonyms
                    and second not in _FUNCTION
                ):
                    found = end, "person"
            if found:
                break
        if found is None:
            i += 1
            continue
        end, kind = found
        yield _Candidate(
            sentence_no, tokens[i].start, tokens[end - 1].end, text[tokens[i].start : tokens[end - 1].end], {}, kind=kind
        )
        i = end
