"""Digests: documents that paste several articles one after another, as blogs and newsletters do.

Each pasted article has a headline, then a line that credits it (``RT``, ``By JANE DOE``, ``JANE DOE and JOHN ROE FOR
MAILONLINE``, ``Jane Doe, The Guardian``, ``(AP)``) or a dateline that does (``KYIV, Feb 9 (Reuters) -``), then its body. A
document is a digest only where two or more such articles with a body of their own are found: an article's sub-headings,
pull quotes and photo credits have one of the three, not all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from pipelines.clean.bylines import WIRE_AGENCIES, is_wire_agency, normal_case
from pipelines.clean.dates import Stamp, parse_stamp
from pipelines.clean.text import count_words, key, one_line

#: A body shorter than this is a teaser of an index page, not an article.
MIN_WORDS: Final = 50
#: One paragraph is a body only when it is this long.
_MIN_WORDS_OF_ONE: Final = 100
#: What a page says before its first pasted article is an article of its own from here on; below, it is an introduction.
MIN_INTRODUCTION_WORDS: Final = 80
#: With more than this before the first credit it is an article with captions, or with other articles' teasers below it: all seven
#: splits among 1,118 real pages before this rule.
MAX_INTRODUCTION_WORDS: Final = 150
_MAX_LINES: Final = 20_000
_MAX_HEADLINE: Final = 260
_MAX_CREDIT: Final = 170

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_CLOCK: Final = r"(?:,?\s(?:at\s)?\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?(?:\s(?:gmt|utc|bst|est|edt|et|cet|z))?)?"
_DATE: Final = re.compile(
    rf"(?i)(?:\b(?:published|posted|updated|last updated|first published)\s?(?:on|:)?\s)?"
    rf"(?:\b(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?,?\s)?"
    rf"(?:\b{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?|\b\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}(?:,?\s\d{{4}})?|"
    rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{4}}\b)(?!\w){_CLOCK}"
)
_DATE_WORDS: Final = re.compile(r"(?i)\b(?:published|posted|last updated|first published|updated|on)\b\s?:?\s?")
_WEEKDAY: Final = re.compile(r"(?i)\b(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?,?\s")
_ORDINAL: Final = re.compile(r"(?i)(?<=\d)(?:st|nd|rd|th)\b")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")

_DATELINE: Final = re.compile(
    r"^(?:by [A-Z][\w.'’-]{1,20} [A-Z][\w.'’ -]{1,40}\s)?"
    r"([A-ZÀ-Þ][\w.'’/-]{1,30}(?:[ ,]{1,2}[A-ZÀ-Þ][\w.'’/-]{1,30}){0,4}),?\s"
    rf"({_MONTH}\s\d{{1,2}}(?:,?\s\d{{4}})?|\d{{1,2}}\s{_MONTH}(?:,?\s\d{{4}})?)?\s?"
    r"\(([A-Z][\w .'’&-]{1,30})\)\s?[-–—:]",
    re.IGNORECASE,
)
_PHOTO: Final = re.compile(
    r"(?i)\b(?:photo(?:s|graph(?:s|er)?)?|pictures?|image|images|getty|shutterstock|file|handout|pool|illustration|graphic|video|"
    r"afp via|epa)\b|©|^\W*credit\b"
)
_SOURCE: Final = re.compile(
    r"(?i)^(?:source|via|from|courtesy of|reprinted from|originally (?:published|appeared) (?:by|in|at|on)|"
    r"first published (?:by|in|at|on))\s?:?\s+"
)
_BY: Final = re.compile(r"(?i)^(?:written |reported |posted |story )?by:?\s+")
_FOR: Final = re.compile(r"(?i)\s+(?:for|special to|of)\s+(?-i:the\s+)?(?=\S)")
_AND: Final = re.compile(r"\s*(?:,\s+and\s|\sand\s|\s&\s|,|;)\s*", re.IGNORECASE)
_JOINTS: Final = re.compile(r"\s*[|•·]\s*|\s+[-–—]+\s+|\s*[:]\s+|,\s+|\s+(?=\()")
_ROLE: Final = re.compile(
    r"(?i)\b(?:editor|correspondent|reporter|writer|columnist|analyst|journalist|bureau chief|staff|contributor|producer|chief|"
    r"agencies|in [A-Z][\w-]+)\b"
)
#: Last words of newspapers' names; those of the second set end other phrases too, so the name must begin with "The".
_OUTLET_WORD: Final = frozenset({
    "advertiser", "argus", "broadcasting", "bulletin", "chronicle", "courier", "dispatch", "echo", "enquirer", "examiner",
    "gazette", "globe", "guardian", "herald", "independent", "inquirer", "journal", "ledger", "mercury", "news", "newspaper",
    "newswire", "observer", "post", "press", "radio", "register", "reporter", "sentinel", "telegraph", "times", "tribune",
    "tv",
})  # fmt: skip
_AFTER_THE: Final = frozenset({
    "agency", "channel", "express", "mail", "mirror", "monitor", "online", "record", "review", "standard", "star", "sun",
    "today", "weekly", "wire",
})  # fmt: skip
_PARTICLE: Final = frozenset({
    "de", "da", "dos", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den", "ter", "ten", "af", "al", "el",
    "bin", "ibn", "ben", "mc", "st", "st.", "y", "e",
})  # fmt: skip
_NAME_WORD: Final = re.compile(r"^(?:[A-ZÀ-Þ][\w'’-]*\.?|[A-Z]\.(?:[A-Z]\.)*)$")
_DOMAIN: Final = re.compile(r"^(?:www\.)?[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,20}){1,3}$", re.IGNORECASE)
#: What buttons and headings say.
_CALLS: Final = frozenset({
    "about", "all", "best", "breaking", "buy", "click", "contact", "follow", "for", "free", "full", "get", "go", "here",
    "how", "in", "join", "latest", "learn", "local", "more", "now", "on", "other", "our", "read", "related", "see", "shop",
    "sign", "state", "story", "subscribe", "this", "top", "update", "view", "watch", "what", "why", "you", "your",
})  # fmt: skip
#: Words in capitals that label a section or a kind of article.
_LABELS: Final = frozenset({
    "analysis", "background", "breaking", "business", "culture", "editor", "exclusive", "explainer", "facts", "health",
    "heard", "live", "local", "more", "national", "news", "note", "opinion", "other", "photos", "politics", "profile",
    "quotes", "related", "review", "science", "seen", "share", "sport", "sports", "summary", "tech", "timeline", "tweet",
    "update", "updates", "video", "watch", "what", "when", "where", "who", "why", "world",
})  # fmt: skip
_CONTENT: Final = re.compile(r"[^\W_]{3,}")
_COMMON: Final = frozenset({
    "the", "and", "for", "that", "with", "from", "this", "after", "over", "into", "about", "says", "said", "has", "have", "had",
    "was", "were", "are", "not", "but", "its", "his", "her", "their", "who", "why", "how", "what", "when", "will", "would",
    "could", "amid", "new", "more", "than", "you", "your",
})  # fmt: skip
_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’»)\]]{0,3}$")

#: Nothing after these lines belongs to an article.
_PAGE_END: Final = re.compile(
    r"(?i)^\W*(?:(?:no|\d+) comments?\b.{0,20}|post a comment.{0,40}|posted by .{1,80}|leave a (?:comment|reply).{0,40}|"
    r"(?:newer|older) posts?|subscribe to:.{0,60}|labels?:.{0,200}|filed under.{0,120}|email ?this.{0,120}|about me|"
    r"blog archive|view my complete profile|powered by \w+.{0,20}|share to .{1,40}|unsubscribe.{0,120}|comments)\W*$"
)
#: Lines within a page that are no body.
_FILLER: Final = re.compile(
    r"(?i)^\W*(?:more|read more|continue reading|share(?: this)?(?: (?:article|story|post))?|tweet|e-?mail|print|advertisement|"
    r"related(?: (?:articles|stories|posts))?|see also|click here.{0,80}|sign up.{0,80}|home|top of page|back to top|via .{1,60}|"
    r"tags?:.{0,160})\W*$"
)


@dataclass(frozen=True, slots=True)
class DigestArticle:
    """One pasted article.

    ``title`` is empty for the page's own introduction; ``outlet_credit`` as the credit line names the outlet, None where it
    names authors alone; ``published`` is its own date where it states one. Paragraphs of ``body`` are separated by a blank line.
    """

    title: str
    body: str
    outlet_credit: str | None = None
    byline: str | None = None
    authors: list[str] = field(default_factory=list)
    published: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """What a credit line says; ``is_sure`` where its shape or a known name leaves no doubt that it is one."""

    outlet: str | None
    authors: list[str]
    date_text: str
    is_sure: bool
    line: str


@dataclass(slots=True)
class _Head:
    """Where an article begins: lines of the headline and of the first line of the body."""

    at: int
    body_at: int
    title: str
    credit: Credit
    standfirst: str = ""
    date_text: str = ""
    has_dateline: bool = False


def split_digest(
    text: str, *, known_outlets: Collection[str] = frozenset(), page_date: date | None = None
) -> list[DigestArticle] | None:
    """The articles of a digest in order, or None where ``text`` is one article (or none).

    Args:
        text: the document, a paragraph or line a line; blank lines may stand anywhere.
        known_outlets: names by which outlets are credited; wire agencies are known already.
        page_date: day of the page: gives dates without a year their year.
    """
    lines = [one_line(line) for line in text.split("\n", _MAX_LINES)[:_MAX_LINES]]
    filled = [line for line in lines if line]
    known = outlet_keys(known_outlets)
    heads = _find_heads(filled, known)
    if len(heads) < 2:
        return None
    ends = [head.at for head in heads[1:]] + [len(filled)]
    articles = [_article(head, filled[head.body_at : end], page_date) for head, end in zip(heads, ends, strict=True)]
    whole = [article for article in articles if _is_whole(article.body)]
    # An index page has many heads, each with a teaser.
    if len(whole) < 2 or len(whole) * 2 < len(heads):
        return None
    introduction = _body(filled[: heads[0].at])
    words = count_words(introduction)
    if words > MAX_INTRODUCTION_WORDS:
        return None
    if words >= MIN_INTRODUCTION_WORDS and introduction.count("\n\n") >= 1:
        whole.insert(0, DigestArticle(title="", body=introduction))
    return whole


def outlet_keys(names: Collection[str]) -> frozenset[str]:
    """What credits are looked up in: keys of ``names`` and of the wire agencies, without their article."""
    return _keys_of(frozenset(names))


@lru_cache(maxsize=16)
def _keys_of(names: frozenset[str]) -> frozenset[str]:
    # A run asks for the same thousands of names with every document.
    return frozenset(_outlet_key(name) for name in (*names, *WIRE_AGENCIES)) - {""}


def _find_heads(lines: Sequence[str], known: frozenset[str]) -> list[_Head]:
    found: list[_Head] = []
    at = 0
    while at < len(lines):
        head = _head_at(lines, at, known)
        if head is not None:
            found.append(head)
            at = head.body_at
        at += 1
    if found and found[0].credit.outlet is None:
        # An article with a byline and pictures by agencies: "caption, Reuters" has the shape of "headline, Reuters".
        found = [head for head in found if not _is_agency_alone(head)]
    # A doubtful credit is believed only beside a sure one, and a long word only where the sure ones are in capitals too:
    # sub-headings in capitals ("COUNTING VOTES") follow captions as credits follow headlines.
    sure = [head.credit.line for head in found if head.credit.is_sure]
    if not sure:
        return []
    if not all(_is_in_capitals(line) for line in sure):
        found = [head for head in found if head.credit.is_sure or head.credit.authors or len(str(head.credit.outlet)) <= 5]
    return found


def _is_in_capitals(line: str) -> bool:
    letters = [c for c in line if c.isalpha()]
    return sum(c.isupper() for c in letters) >= 0.75 * len(letters)


def _is_agency_alone(head: _Head) -> bool:
    credit = head.credit
    return (
        bool(credit.outlet)
        and not credit.authors
        and not head.date_text
        and is_wire_agency(str(credit.outlet))
        and not head.has_dateline
    )


def _head_at(lines: Sequence[str], at: int, known: frozenset[str]) -> _Head | None:
    """The head whose headline is line ``at``, or None."""
    title = lines[at]
    if not _is_headline(title) or parse_credit(title, known) is not None:
        return None
    position = at + 1
    standfirst = date_text = ""
    credit: Credit | None = None
    has_dateline = False
    while position < len(lines) and position <= at + 4:
        line = lines[position]
        if credit is None and (dated := _dateline_credit(line, known)) is not None:
            credit, has_dateline = dated, True  # the first paragraph itself credits the agency
            break
        if not date_text and is_date_line(line):
            date_text = line
        elif credit is None and (parsed := parse_credit(line, known)) is not None:
            credit = parsed
        elif credit is not None and _is_second_credit(line, credit, known):
            credit = _joined(credit, parse_credit(line, known))
        elif (
            credit is None
            and not standfirst
            and position == at + 1
            and 5 <= len(line.split()) <= 45
            and _SENTENCE_END.search(line)
        ):
            standfirst = line
        else:
            break
        position += 1
    if credit is None or not _body_begins(lines, position) or not _leads(title, lines[position : position + 4]):
        return None
    return _Head(at, position, title, credit, standfirst, date_text or credit.date_text, has_dateline)


def _is_second_credit(line: str, first: Credit, known: frozenset[str]) -> bool:
    """Whether ``line`` completes the credit: the outlet below the author, or the other way round."""
    other = parse_credit(line, known)
    return (
        other is not None
        and other.is_sure
        and (bool(other.authors) != bool(first.authors) or (first.outlet is None) != (other.outlet is None))
    )


def _joined(first: Credit, second: Credit | None) -> Credit:
    if second is None:
        return first
    return Credit(
        outlet=first.outlet or second.outlet,
        authors=first.authors or second.authors,
        date_text=first.date_text or second.date_text,
        is_sure=first.is_sure or second.is_sure,
        line=f"{first.line}, {second.line}",
    )


def _body_begins(lines: Sequence[str], at: int) -> bool:
    """Whether a paragraph stands within the next lines."""
    return any(len(line.split()) >= 12 and _SENTENCE_END.search(line) for line in lines[at : at + 3])


def _leads(headline: str, paragraphs: Sequence[str]) -> bool:
    """Whether the first paragraphs take up the words of the headline, as a lead does and the text around a caption need not.

    Words count by their first five letters; two of them, or three tenths, have to return.
    """
    wanted = {word[:5] for word in _CONTENT.findall(headline.lower())} - _COMMON
    there = {word[:5] for paragraph in paragraphs for word in _CONTENT.findall(paragraph.lower())}
    met = len(wanted & there)
    return met >= 2 or met >= 0.3 * len(wanted)


def _is_headline(line: str) -> bool:
    """Whether ``line`` has the shape of a headline: three words or more, begun with a capital, no sentence with a full stop."""
    words = line.split()
    if not 3 <= len(words) <= 45 or not 12 <= len(line) <= _MAX_HEADLINE:
        return False
    first = line.lstrip("\"'“‘«¿¡([#*").strip()
    if (
        not first
        or not (first[0].isupper() or first[0].isdigit())
        or line[0] in "-•*·–—"
        or _FILLER.match(line)
        or _PAGE_END.match(line)
    ):
        return False
    if _lists_people(line) or line.endswith((":", ",", ";")) or is_date_line(line) or _PHOTO.search(line):
        return False
    # "U.S." and "Jr." end headlines; other full stops end sentences. Three dots tease.
    return not re.search(r"(?<!\.)\.[\"'”’»)]{0,2}$", line) or bool(
        re.search(r"(?:\b[A-Z]\.){1,4}$|\b(?:Jr|Sr|Inc|Co|Corp|Ltd)\.$", line)
    )


def _lists_people(line: str) -> bool:
    """Whether ``line`` is two or more full names; one alone may be a headline in title case ("Russia Denies Agreement")."""
    names = _people(line)
    return len(names) >= 2 and all(len(name.split()) <= 3 for name in names)


@lru_cache(maxsize=8192)
def is_date_line(line: str) -> bool:
    """Whether the line is a date and no more."""
    if len(line) > 90 or not (match := _DATE.search(line)):
        return False
    rest = line[: match.start()] + line[match.end() :]
    rest = _DATE_WORDS.sub("", _DATE.sub("", rest))
    return len(re.sub(r"(?i)\b(?:gmt|utc|bst|est|edt|et|am|pm|at|ago|\d{1,2}:\d{2})\b|\W", "", rest)) == 0


@lru_cache(maxsize=8192)
def parse_credit(line: str, known: frozenset[str] = frozenset()) -> Credit | None:
    """The credit that ``line`` gives, or None where it is none.

    Args:
        line: one line of text.
        known: what :func:`outlet_keys` makes of outlets' names.
    """
    if not line or len(line) > _MAX_CREDIT or len(line.split()) > 20 or _PHOTO.search(line) or is_date_line(line):
        return None
    date_text = ""
    bare = line
    if match := _DATE.search(bare):
        date_text = match[0]
        bare = bare[: match.start()] + " " + bare[match.end() :]
        bare = _DATE_WORDS.sub("", bare)
    bare = one_line(bare).strip(" ,;|–—-•·/")
    if not bare or bare[-1] in "?!…:":
        return None
    outlet, authors, is_sure = _outlet_and_authors(bare, known)
    if not outlet and not authors:
        return None
    return Credit(outlet, [normal_case(name) for name in authors], date_text, is_sure, line)


def _outlet_and_authors(bare: str, known: frozenset[str]) -> tuple[str | None, list[str], bool]:
    """The outlet and the authors of a credit without its date, and whether they leave no doubt."""
    whole = bare.strip("()[]").strip()
    whole = _SOURCE.sub("", whole)
    by = _BY.match(whole)
    if not by and _is_outlet(whole, known):
        return whole, [], True
    rest = whole[by.end() :] if by else whole
    if by and (_is_outlet(rest, known) or _is_outlet(re.sub(r"(?i)\s(?:staff|reporters?|news service)$", "", rest), known)):
        return re.sub(r"(?i)\s(?:staff|reporters?)$", "", rest), [], True
    # "NAMES FOR OUTLET"
    for match in _FOR.finditer(rest):
        people, outlet = _people(rest[: match.start()]), rest[match.end() :].strip(" .()")
        if (
            people
            and len(outlet.split()) <= 5
            and (_is_outlet(outlet, known) or outlet.isupper() or (by and outlet[:1].isupper()))
        ):
            return outlet, people, True
    # "Names, Outlet", "Names | Outlet", "Outlet: Names", "Names (Outlet)", "Names, role, Outlet"
    parts = [part.strip(" ()") for part in _JOINTS.split(rest) if part and part.strip(" ()")]
    for at in range(1, len(parts)):
        head, tail = parts[:at], parts[at:]
        tail_outlet = next((part for part in reversed(tail) if _is_outlet(part, known)), None)
        people = _people(", ".join(part for part in head if not _ROLE.search(part)))
        if people and tail_outlet:
            return tail_outlet, people + _people(", ".join(p for p in tail if p != tail_outlet and not _ROLE.search(p))), True
    if len(parts) >= 2 and _is_outlet(parts[0], known):
        people = _people(", ".join(part for part in parts[1:] if not _ROLE.search(part)))
        if people:
            return parts[0], people, True
    people = _people(", ".join(part for part in parts if not _ROLE.search(part)))
    if by:
        # "By Jane Doe in Kyiv"
        people = people or _people(re.sub(r"\s+in\s+[A-ZÀ-Þ][\w ,-]{2,60}$", "", rest))
        return (None, people, True) if people else (None, [], False)
    # No "by", no known name: doubtful. "Names, The Something", or a few words in capitals alone on a line.
    if len(parts) == 2 and _may_be_outlet(parts[1]) and (people := _people(parts[0])):
        return parts[1], people, False
    if whole.isupper() and _may_be_outlet(whole):
        return whole, [], False
    return None, [], False


def _may_be_outlet(name: str) -> bool:
    """Whether an unknown ``name`` can be an outlet's: in capitals or begun with The, four words at most, no label or call."""
    words = [word.lower() for word in name.split()]
    if not 1 <= len(words) <= 4 or not 2 <= len(name) <= 40 or not all(word.isalnum() for word in words):
        return False
    if (_LABELS | _CALLS - {"for", "the"}).intersection(words):
        return False
    return name.isupper() or (words[0] == "the" and len(words) >= 2 and all(word[:1].isupper() for word in name.split()))


def _outlet_key(name: str) -> str:
    return key(re.sub(r"(?i)^the\s+", "", name.strip()))


def _is_outlet(name: str, known: frozenset[str]) -> bool:
    """Whether ``name`` is a known outlet's, a web address, or has the shape of a newspaper's name (The Harbour Gazette)."""
    name = name.strip(" .")
    words = name.split()
    if (
        not words
        or len(words) > 6
        or re.search(r"[,;|/:()]", name)
        or not (name[0].isupper() or name[0].isdigit() or _DOMAIN.match(name))
    ):
        return False
    if is_wire_agency(name) or _DOMAIN.match(name):
        return True
    if (short := _outlet_key(name)) in known and (len(short) > 3 or name.isupper()):
        return True  # "Spa" is no agency, "SPA" is
    last = words[-1].lower()
    titled = all(word[:1].isupper() or word.lower() in {"of", "the", "and", "&"} for word in words)
    if not titled or not 2 <= len(words) <= 5 or words[0].lower() in _CALLS:
        return False
    return last in _OUTLET_WORD or (last in _AFTER_THE and words[0].lower() == "the")


def _people(text: str) -> list[str]:
    """The names in ``text`` where it holds nothing but names of persons; else an empty list."""
    names = [
        name for name in (part.strip(" .") if not re.search(r"\b[A-Z]\.$", part) else part for part in _AND.split(text)) if name
    ]
    return names if names and len(names) <= 8 and all(_is_person(name) for name in names) else []


def _is_person(name: str) -> bool:
    words = name.split()
    if not 2 <= len(words) <= 5 or len(name) > 50 or any(c.isdigit() for c in name):
        return False
    return all(_NAME_WORD.match(word) or word.lower() in _PARTICLE for word in words) and words[0].lower().strip(".") not in {
        "the", "a", "an", "in", "on", "for", "why", "how", "what", "this", "no", "our", "and", "from", "with", "after", "at",
    }  # fmt: skip


def _dateline_credit(line: str, known: frozenset[str]) -> Credit | None:
    """The agency that the dateline of a first paragraph credits ("KYIV, Feb 9 (Reuters) -")."""
    match = _DATELINE.match(line[:200])
    if not match or not _is_outlet(match[3], known):
        return None
    return Credit(match[3], [], match[2] or "", True, match[3])


def _article(head: _Head, lines: Sequence[str], page_date: date | None) -> DigestArticle:
    body = _body(([head.standfirst] if head.standfirst else []) + list(lines))
    first = body.split("\n\n", 1)[0]
    date_text = head.date_text
    if not date_text and (match := _DATELINE.match(first[:200])):
        date_text = match[2] or ""
    return DigestArticle(
        title=head.title,
        body=body,
        outlet_credit=head.credit.outlet,
        byline=head.credit.line,
        authors=head.credit.authors,
        published=read_date(date_text, page_date),
    )


def read_date(text: str, page_date: date | None = None) -> Stamp | None:
    """The date in ``text``; one without a year is of the page's year, or of the year before where it would lie ahead."""
    if not text:
        return None
    text = _ORDINAL.sub("", _WEEKDAY.sub("", _DATE_WORDS.sub("", text)))
    match = _DATE.search(text)
    if not match:
        return None
    if _YEAR.search(match[0]):
        return parse_stamp(match[0])
    if page_date is None:
        return None
    stamp = parse_stamp(f"{match[0]}, {page_date.year}")
    if stamp is not None and stamp.day > page_date + timedelta(days=7):
        stamp = parse_stamp(f"{match[0]}, {page_date.year - 1}")
    return stamp


def _body(lines: Sequence[str]) -> str:
    """The paragraphs of a section up to where the page ends, without what is no body, separated by blank lines."""
    kept: list[str] = []
    for line in lines:
        if _PAGE_END.match(line):
            break
        if not _FILLER.match(line) and not (not kept and is_date_line(line)):
            kept.append(line)
    # A label or link left at the end ("More on this story") is no paragraph.
    while kept and len(kept[-1].split()) < 4 and not _SENTENCE_END.search(kept[-1]):
        kept.pop()
    return "\n\n".join(kept)


def _is_whole(body: str) -> bool:
    paragraphs = [paragraph for paragraph in body.split("\n\n") if len(paragraph.split()) >= 8]
    words = count_words(body)
    return (len(paragraphs) >= 2 and words >= MIN_WORDS) or words >= _MIN_WORDS_OF_ONE
