"""Sentences of an article, with exact offsets.

``sentencex`` (Wikimedia's segmenter, 244 languages) proposes the boundaries of every line. English news needs more: it
keeps a quotation of many sentences whole, splits after ``Sqn.``, ``p.m.`` before a weekday and ``"Stop!"`` before the one
who said it, and joins what stands after a bracket. So for English every place where a sentence may end is judged once
more, by rules that look at the word before and the word after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import sentencex

from pipelines.read.lexicon import word_set
from pipelines.read.records import Sentence

#: What may close a sentence after its last mark, and what may open the next one.
_CLOSERS: Final = "\"'”’»)]}›"
_OPENERS: Final = "\"'“‘«([{‹„¿¡"
_TERMINALS: Final = ".!?…‽。！？｡।॥؟۔"

#: A place where a sentence may end: marks, closing signs, and then space, or an opening sign that stands right after.
#: A quotation mark after a space closes if space follows it (text detokenised badly: ``He left. " She``).
#: Notes stand after the mark: ``.[12]``, ``.[[iv]](address)``, ``.7``.
_CANDIDATE: Final = re.compile(
    rf"(?<![{re.escape(_TERMINALS)}])([{re.escape(_TERMINALS)}]++[{re.escape(_CLOSERS)}]*+)"
    rf"(?:(?:\[{{1,2}}\w{{1,6}}\]{{1,2}}(?:\([^\s()]{{0,300}}\))?){{1,9}}|(?<=[^\W\d_]{{3}}[.!?])\d{{1,3}}(?=\s))?"
    rf"(?:[ \u00a0][\"”](?=\s|$))?(?=\s|[“‘«])"
)
#: ``He left.The army stayed``: the space lost between two sentences, as scraped pages have it.
_GLUED: Final = re.compile(r"(?<=[a-z]{3})[.!?][”\"’)]{0,2}(?=[“\"(]?[A-Z][a-z]+[ ,])")
_NOT_GLUED: Final = frozenset({"Com", "Org", "Net", "Js", "Io", "Gov", "Edu"})

_FOREIGN_SPACE: Final = re.compile(r"[^\S ]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

#: The word before a mark, looked for in the last characters only, so that a long run without spaces costs nothing.
_LOOK_BACK: Final = 40
_LAST_WORD: Final = re.compile(r"[^\s\"'“”‘’()\[\]{}—–/,;:]+$")
_NEXT_WORD: Final = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


#: Abbreviations that stand before a name or a word they belong to: no sentence ends with them.
_NEVER_LAST: Final = word_set(
    """mr mrs ms messrs mme mlle mx dr drs prof profs assoc asst rev revd fr hon rt st ste mt ft sen sens rep reps gov govs
    lt.gov lt lts col cols gen gens sgt sgts capt cpl pvt pfc spc maj cmdr cdr comdr adm vadm radm brig ens cmdt cwo msgt ssgt
    sfc tsgt lt.col lt.gen maj.gen brig.gen lt.cmdr pres supt det insp det.insp det.sgt const atty attys amb msgr ald treas
    sra srta mons mgr v vs viz cf ca approx e.g i.e eg ie fig figs eq op pp"""
)
#: Abbreviations that a number follows; before anything else they are words (``He said no. The ...``).
_BEFORE_NUMBER: Final = word_set(
    """no nos art arts sec ch chap vol vols p par para jan feb mar apr jun jul aug sep sept oct nov dec ver"""
)
#: Abbreviations that may end a sentence or not: they do before a word that opens sentences.
_SOMETIMES_LAST: Final = word_set(
    """inc corp ltd co cos bros assn dept univ intl natl mfg pty jr sr esq ph.d m.d b.a m.a j.d ll.b ll.m m.b.a m.p q.c k.c
    ave blvd rd hwy sq bldg sqn regt bn div ont que alta sask b.c p.e.i est al ibid ed eds ret
    no nos jan feb mar apr jun jul aug sep sept oct nov dec"""
)
_STATES: Final = word_set(
    """ala ariz ark calif colo conn del fla ga ill ind kan ky la md mich minn miss mo mont neb nev okla ore pa tenn tex vt va
    wash w.va wis wyo mass penn kans n.h n.j n.m n.y n.c n.d r.i s.c s.d d.c"""
)
#: What goes on a name after a state: "the Kenosha, Wis. Police Department".
_AFTER_STATE: Final = word_set(
    """Police Mayor Gov Governor Sen Senator Rep Reps Sens Representative Congressman Congresswoman State Attorney Democrat
    Democratic Republican Democrats Republicans Sheriff County City Secretary Supreme House Senate Department"""
)
#: Those whose lower-case form is a word of its own, or nearly: they are abbreviations only when written with a capital.
_CAPITAL_ONLY: Final = word_set(
    """no nos art sec ch par mar jun dec st sr co est ave div col gen maj rep reps gov amb ms fig mt ft sq hon rt det fr
    cos ed rev ens sen sens pres atty const ret ont que"""
)
#: Words that open a sentence far more often than they go on a name: after ``U.S.`` or ``Inc.`` they mean a new sentence.
_STARTERS: Final = word_set(
    """The A An This That These Those There Then Thus Therefore Here He She It We They I You His Her Its Their Our My Your
    In On At By For From With Without Within After Before During Since Until While When Where Why How What Who Which Whether
    If Although Though Because As But And Or Nor So Yet However Moreover Meanwhile Still Also Even Just Only Not Now Later
    Earlier Once Both Many Most Some Several Few More All Another Other Others Each Every Such Any No Nobody None Nothing
    To Under Over About Among Against Between Despite According Asked Last Next Today Yesterday Tomorrow Officials
    Authorities Police Critics Experts Analysts Investigators Prosecutors Instead Indeed Perhaps Maybe Let Do Does Did Is
    Are Was Were Can Could Will Would Should May Might Must Have Has Had One Two Three People Nearly Almost Like Unlike
    Yes Well Follow Read See Click Image Photo Updated It's That's There's He's She's They're We're I'm I've You're Don't
    It’s That’s There’s He’s She’s They’re We’re I’m I’ve You’re Don’t"""
)
#: What follows ``a.m.`` and ``p.m.`` inside a sentence although it is capitalised.
_AFTER_CLOCK: Final = word_set(
    """Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun January February
    March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
    EST EDT ET CST CDT CT MST MDT MT PST PDT PT GMT UTC BST CET CEST EET EEST MSK IST JST AEST AEDT Eastern Central Mountain
    Pacific Greenwich Zulu"""
)
_CLOCK: Final = frozenset({"a.m", "p.m", "am", "pm"})
#: Names that end in a mark of exclamation.
_SHOUTED_NAMES: Final = frozenset({"Yahoo", "Jeopardy", "Oklahoma", "Yum"})
#: ``R-Ky.``: the party before the state.
_PARTY: Final = re.compile(r"^[rdi]-")
_NICKNAME: Final = re.compile(r"[\"“][A-Z][\w.\- ]{1,20}[\"”] [A-Z]")
_DOTTED: Final = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
#: ``"Stop!" President Ian Varda said``: who speaks follows a question or exclamation within the sentence.
_SPEAKER_FOLLOWS: Final = re.compile(
    r"(?:[A-Z][\w.’'\-]*,? ){1,6}(?:[^.!?\"“”]{0,60}, )?(?:(?:has|had|then|later|also|once|recently|reportedly) )?"
    r"(?:said|says|asked|asks|wrote|writes|tweeted|told|added|adds|replied|replies|answered|shouted|yelled|cried|exclaimed|"
    r"wondered|joked|quipped|insisted|demanded|declared|responded|countered|posted|continued|exclaims|wonders|screamed|"
    r"chanted|warned|argued|recalled|inquired|urged|mused|remarked|commented|snapped|retorted|called out)\b"
)


#: A line is given to sentencex in windows of so many characters at most.
_WINDOW_CHARS: Final = 8_000


def split_sentences(text: str, language: str | None = "en") -> list[Sentence]:
    """Split an article into sentences.

    Args:
        text: the article as ``raw.articles.text`` has it: headline, blank line, body; a paragraph is a line.
        language: ISO 639-1 code; ``None`` reads as English. For languages other than English the boundaries are those of
            sentencex, unrefined.

    Returns:
        Sentences in order, numbered from 0. Offsets are code points; a span has no white space at its ends and crosses no
        line break. Every character that is not white space lies in exactly one sentence. ``paragraph_no`` counts lines
        with text from 0, which is the headline.
    """
    code = (language or "en").split("-")[0].lower()
    sentences: list[Sentence] = []
    paragraph_no = 0
    offset = 0
    for line in text.splitlines(keepends=True):
        spans = _line_spans(line, code)
        for start, end in spans:
            sentences.append(Sentence(len(sentences), offset + start, offset + end, paragraph_no))
        paragraph_no += bool(spans)
        offset += len(line)
    return sentences


def _line_spans(line: str, code: str) -> list[tuple[int, int]]:
    """Spans of the sentences of one line, without white space at their ends."""
    if code == "en":
        # Where a sentence may end -> where its marks and closing signs end, before any note.
        ends = {end: end for end in _proposed(line, code)}
        ends.update({match.end(): match.end() for match in _GLUED.finditer(line) if _is_glued(line, match.end())})
        ends.update({match.end(): match.end(1) for match in _CANDIDATE.finditer(line)})
        lead = len(line) - len(line.lstrip(_OPENERS + _CLOSERS + " \t"))
        kept = [end for end in sorted(ends) if _is_boundary(line, lead, ends[end], end)]
    else:
        kept = _proposed(line, code)
    spans: list[tuple[int, int]] = []
    begin = 0
    for cut in [*kept, len(line)]:
        if cut <= begin:
            continue
        part = line[begin:cut]
        lead = len(part) - len(part.lstrip())
        length = len(part.strip())
        if length:
            spans.append((begin + lead, begin + lead + length))
        begin = cut
    return spans


def _proposed(line: str, code: str) -> list[int]:
    """Ends of the sentences that sentencex finds in a line, given to it window by window.

    Its time grows with the square of the quotation marks in a line (100,000 of them took 3 s); no paragraph of news is as
    long as a window.
    """
    ends: list[int] = []
    begin = 0
    while begin < len(line):
        stop = begin + _WINDOW_CHARS
        if stop < len(line):
            stop = line.rfind(" ", begin + 1, stop) + 1 or stop
        found = [begin + end for end in _proposed_in_window(line[begin:stop], code)]
        # Where a window ends nothing else need end.
        ends += found if stop >= len(line) else found[:-1]
        begin = stop
    return ends


def _proposed_in_window(line: str, code: str) -> list[int]:
    """Ends of the sentences that sentencex finds, white space after them left out; none where it fails or contradicts itself."""
    # Version 1.0.32 cuts a character in two and panics where a capital letter, a space outside ASCII and a period follow
    # each other, and takes no lone surrogates: neither reaches it. Offsets stay, as one code point stands for one.
    plain = line if line.isascii() else _FOREIGN_SPACE.sub(" ", _SURROGATE.sub("\ufffd", line))
    try:
        boundaries = sentencex.get_sentence_boundaries(code, plain)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # A panic in Rust arrives as a BaseException of its own; then the line is left to the rules.
        return []
    ends: list[int] = []
    position = 0
    for boundary in boundaries:
        start, end = boundary["start_index"], boundary["end_index"]
        if start != position or end <= start or end > len(line):
            return []
        ends.append(start + len(line[start:end].rstrip()))
        position = end
    return ends if position == len(line) else []


def _is_glued(line: str, end: int) -> bool:
    following = _NEXT_WORD.search(line, end, end + _LOOK_BACK)
    before = _LAST_WORD.search(line[max(0, end - _LOOK_BACK) : end])
    if following is None or following.group() in _NOT_GLUED or before is None:
        return False
    # An address or a handle (www.example.Com, name@mail.Example).
    return not any(sign in before.group() for sign in "@_") and "www." not in before.group() and "." not in before.group()[:-1]


@dataclass(frozen=True, slots=True)
class _Place:
    """A place where an English sentence may end, and what stands around it."""

    line: str
    lead: int  #: where the words of the line begin
    mark: int  #: the first of the marks
    marks: str
    closers: str
    rest: int  #: where the text goes on

    @property
    def word_before(self) -> str | None:
        found = _LAST_WORD.search(self.line[max(0, self.mark - _LOOK_BACK) : self.mark])
        return found.group() if found else None

    @property
    def next_word(self) -> str:
        found = _NEXT_WORD.match(self.line, _skip_openers(self.line, self.rest), self.rest + _LOOK_BACK)
        return found.group() if found else ""

    @property
    def closes_quote(self) -> bool:
        return any(sign in self.closers for sign in "\"'”’»")

    @property
    def opens_quote(self) -> bool:
        """A quotation begins after it, and not a nickname: C.L. "Butch" Stone."""
        return self.line[self.rest] in '"“‘«' and _NICKNAME.match(self.line, self.rest) is None


def _is_boundary(line: str, lead: int, end: int, note_end: int) -> bool:
    """Whether an English sentence ends at ``line[:end]``, with a note up to ``note_end``; words begin at ``lead``."""
    rest = note_end
    while rest < len(line) and line[rest].isspace():
        rest += 1
    if not _opens(line, rest):
        return False
    after_marks = end
    while after_marks > max(0, end - _LOOK_BACK) and (line[after_marks - 1] in _CLOSERS or line[after_marks - 1].isspace()):
        after_marks -= 1
    mark = after_marks
    while mark > 0 and line[mark - 1] in _TERMINALS:
        mark -= 1
    if mark <= lead or mark == after_marks:
        return False
    place = _Place(line, lead, mark, line[mark:after_marks], line[after_marks:end].strip(), rest)
    if set(place.marks) & set("!?"):
        return not _goes_on(place)
    if place.marks == ".":
        return _period_ends(place)
    if "…" in place.marks or place.marks.startswith(".."):
        # "will ... Marlow insists ... stay": an ellipsis between spaces stands for words left out within a sentence.
        return not line[mark - 1].isspace() or bool(place.closers) or place.opens_quote or place.next_word in _STARTERS
    return True


def _skip_openers(line: str, position: int) -> int:
    limit = min(len(line), position + 6)
    while position < limit and (line[position] in _OPENERS or line[position] in "-–—•* " or line[position].isspace()):
        position += 1
    return position


def _opens(line: str, position: int) -> bool:
    """Whether a sentence can begin here: a capital, a digit or a letter without case, after opening signs."""
    position = _skip_openers(line, position)
    if position >= len(line):
        return False
    first = line[position]
    if first.islower():
        # iPhone, eBay: a capital right after one small letter.
        return line[position + 1 : position + 2].isupper()
    return first.isalnum() or first in "$£€¥₽₹#@&" or (not first.isascii() and first not in _CLOSERS + _TERMINALS)


def _goes_on(place: _Place) -> bool:
    """Whether a sentence goes on after ``!`` or ``?``: a shouted name, or a quotation whose speaker follows."""
    if place.marks == "!" and not place.closers:
        return place.word_before in _SHOUTED_NAMES
    if not place.closes_quote or place.next_word in _STARTERS:
        return False
    return _SPEAKER_FOLLOWS.match(place.line, place.rest, place.rest + 160) is not None


def _period_ends(place: _Place) -> bool:
    """Whether a single period ends a sentence rather than an abbreviation."""
    line, dot, word, next_word = place.line, place.mark, place.word_before, place.next_word
    if word is None:
        # A period after a space may belong to a spaced ellipsis (". . ."); after a bracket or quote it ends a sentence.
        dots_near = line[dot - 2 : dot - 1] == "." or line[dot + 2 : dot + 3] == "."
        return not (line[dot - 1].isspace() and dots_near) or next_word in _STARTERS
    if place.closes_quote:
        return True
    if word.isdigit():
        # "1. Do this": the number of a list, at the start of a line.
        return dot - len(word) > place.lead or len(word) > 2
    key = _PARTY.sub("", word.lower()).strip(".-")
    is_capital = word[0].isupper()
    known = is_capital or key not in _CAPITAL_ONLY
    starts = next_word in _STARTERS or place.opens_quote
    if key in _CLOCK:
        return not _stays_with_clock(line, dot, next_word)
    if known and key in _NEVER_LAST and not place.closers:
        # "Wall St. The": a street, where a name stands before.
        return key == "st" and starts and line[dot - 3 : dot - 2] == " " and line[dot - 4 : dot - 3].isalnum()
    if known and key in _BEFORE_NUMBER and next_word[:1].isdigit():
        return False
    if is_capital and key in _STATES:
        return starts or _ends_with_state(place, word)
    if known and key in _SOMETIMES_LAST:
        # "He said no. Marlow agreed", "They met in Sept. Marlow agreed": without a number they are words like others.
        return starts or key in _BEFORE_NUMBER
    last = word.rsplit(".", 1)[-1].rsplit("-", 1)[-1]
    if _DOTTED.fullmatch(word) or (len(last) == 1 and last.isalpha() and (last.isupper() or "." in word)):
        return starts
    return True


def _ends_with_state(place: _Place, word: str) -> bool:
    """Whether a sentence ends with ``Port Alma, Wis.`` or ``R-Wis.``: within one, a comma follows the state."""
    line, dot = place.line, place.mark
    start = dot - len(word)
    if line[dot + 1 : dot + 2] != " " or not line[dot + 2 : dot + 3].isalpha():
        return False
    return (line[max(0, start - 2) : start] == ", " or "-" in word) and place.next_word not in _AFTER_STATE


def _stays_with_clock(line: str, dot: int, next_word: str) -> bool:
    """Whether what follows ``5 p.m.`` belongs to it: a weekday, a time zone, ``Port Alma time``."""
    if next_word in _AFTER_CLOCK or next_word[:1].isdigit():
        return True
    return re.match(r"\.? (?:[A-Z][\w’']+ ){1,2}time\b", line[dot : dot + _LOOK_BACK]) is not None
