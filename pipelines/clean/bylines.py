"""Names in bylines: who wrote an article, as a list of names, and how an author's name is written.

A byline is free text ("By JANE DOE and John Roe, Political Editor, for the Evening Example"): here it becomes names.
Desks and wire agencies are authors where they are all that is credited, and stay as given.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from html import unescape
from typing import Final

from pipelines.clean.text import key, one_line

#: A byline longer than this is a paragraph.
MAX_BYLINE: Final = 300
_MAX_NAME: Final = 60
_MAX_AUTHORS: Final = 40

_TAG: Final = re.compile(r"<[^<>]{0,500}>")
_EMAIL_OR_URL: Final = re.compile(r"\S{1,80}@\S{1,80}\.\w{2,}|https?://\S{1,300}|\bwww\.\S{1,200}|(?<!\w)@\w{2,30}")
_LEAD: Final = re.compile(
    r"^\W*(?:(?:(?:written|reported|posted|published|words|story|text|texte|article|analysis|comment|opinion|report|reporting|"
    r"review|interview|photographs?|publi[ée]|escrito|geschrieben|skrevet|scritto|ein (?:beitrag|artikel|kommentar|gastbeitrag))"
    r"\s+(?:and photos? )?(?:by|par|por|von|da|di|av|af)|by|von|par|por|di|av|af|door|od|autorin|autoren|autor|auteurs?|autora|"
    r"autores|authors?|written|text|texte|texto|foto|bericht|verfasst von|écrit par|reporter|journalist|redaktion|著者|文|記者|"
    r"作者|撰文)\s*[:：]|(?:written|reported|posted|published|words|story|text|texte|publi[ée]|escrito|geschrieben|skrevet|scritto|"
    r"zeige alle beiträge|eingestellt|erstellt|veröffentlicht|beiträge|publicado|pubblicato|posts|escribe|skriven|"
    r"(?:an? )?(?:analysis|comment|opinion|report|review|interview)|ein (?:beitrag|artikel|kommentar|gastbeitrag)|autorin|"
    r"autoren|autor|auteur|author|view all posts|more (?:stories|posts|articles)|sponsored|verfasst|écrit)"
    r"\s+(?:by|par|por|von|da|di|av|af)"
    r"\b|(?:by|von|par|por|door|durch|av|af|yazan)\b(?!\s*$)|(?:autorin|auteur|autora|autor)\b)\s*",
    re.IGNORECASE,
)
#: Where a name ends within a byline: a date, a time, a place of work, what a button says.
_TAIL: Final = re.compile(
    r"\s+(?:(?:for|für|pour|para|of|from|at|via|with contributions?|with additional|special to|published|posted|updated|last|"
    r"aktualisiert|stand|veröffentlicht|link copied|view|more (?:stories|from|by|about)|read (?:more|full)|see (?:full|more|all)|"
    r"follow|folgen|get author|shares?|shared|contact|email|e-mail|about the author|bio|lesedauer|hora de publicaci[oó]n|"
    r"january|february|march|april|june|july|august|september|october|november|december)\b|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-zé]*\.?\s+\d|[+]|\d).*$",
    re.IGNORECASE | re.DOTALL,
)
_IN_PLACE: Final = re.compile(r"\s+(?:in|en|aus|reporting from)\s+[A-ZÀ-Þ].*$")
#: "mit"/"with" a wire is part of a credit ("FR mit dpa"): not cut.
_SPLIT: Final = re.compile(
    r"\s*(?:;|\||/|、|，|；|•|·|\n|\s&\s|\s\+\s|\s[–—-]\s|,?\s(?:and|und|et|y|och|og|en|e|ja|ve|i|oraz)\s|,(?!\s*(?:jr|sr|ph\.?d|m\.?d|ii|iii|iv)\b))\s*",
    re.IGNORECASE,
)
_PARENTHESES: Final = re.compile(r"\s*[(\[{（［][^()\[\]{}（）［］]{0,80}[)\]}）］]")
_EDGES: Final = re.compile(r"^[\s\W_]+|[\s:;,|/–—\-•·*_\"“”«»<>=#!?]+$")
#: What a person does, not who: a piece of a byline that holds one of these is dropped.
_ROLE: Final = re.compile(
    r"(?i)\b(?:editors?|reporters?|correspondents?|writers?|columnists?|contributors?|contributing|journalists?|journalistin|"
    r"freelance|producers?|analysts?|photographers?|anchors?|hosts?|presenters?|interns?|fellows?|ceo|cto|founder|director|"
    r"professor|profesorius|lecturer|researcher|scientist|economist|dietitian|redakteur(?:in)?|korrespondent(?:in)?|"
    r"volont[äa]r(?:in)?|reporterin|ressortleiter(?:in)?|chefredakteur(?:in)?|autor(?:in)?|journaliste|r[ée]dacteur|r[ée]dactrice|"
    r"redactor|redactora|periodista|giornalista|verslaggever|toimittaja|senior|chief|head of|m\.?a\.?|b\.?a\.?|ph\.?d\.?|md|"
    r"grader|specialist|expert|strategist|manager|president|licensed)\b"
)
_OF_ROLES: Final = frozenset({
    "staff", "political", "news", "tech", "associate", "the", "trending", "deputy", "business", "sports", "health",
})  # fmt: skip
_NOT_ANOTHER: Final = re.compile(r"(?i)^(?:special to|for|in|from)\b")
_NO_NAME: Final = re.compile(
    r"(?i)^(?:admin(?:istrator)?|authors?|autor(?:in|en)?|name|by|von|von:|par|por|no author|none|null|undefined|user|guest|"
    r"webmaster|"
    r"published|posted|updated|comments?|share|print|email|see full|view all posts?|advertisement|anzeige|home|news|menu|log ?in|"
    r"lesedauer|default|root|xxx|written by|false|true|nan|n/a|developer|said|sign (?:in|up)|follow|folgen|text size|ca|"
    r"follow us(?: on)?|read more|subscribe|agencies|cc|cc by(?:-[a-z]+)*|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|june|july|august|september|october|"
    r"november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|(?:facebook|twitter|instagram|linkedin| )+)\.?$"
)
#: Companies that own titles and stand as the author of all their pages; no one's byline.
_OWNERS: Final = frozenset({"condénast", "hearst", "meredith", "gannett", "axelspringer", "ippenmedia"})
_COMPANY: Final = re.compile(r"(?i)\b(?:inc|gmbh|ltd|llc|s\.?a\.?|ag|co|corp|verlag|limited|media group|publishing)\.?$")
_GLUED: Final = re.compile(r"(?:(?<=[a-zà-ÿ])|(?<=[a-zà-ÿ]\s))(?:Twitter|Facebook|Instagram|LinkedIn|Email)+$")
_USER_NAME: Final = re.compile(r"^[a-zà-ÿ]{2,20}(?:\.[a-zà-ÿ]{1,20}){0,2}\.[a-zà-ÿ]{4,20}$")
#: Wire agencies by the names that they are credited with; case matters for the short ones.
WIRE_AGENCIES: Final = frozenset({
    "AP", "The Associated Press", "Associated Press", "Reuters", "AFP", "Agence France-Presse", "Agence France Presse", "dpa",
    "UPI", "United Press International", "PA", "PA Media", "Press Association", "EFE", "ANSA", "TASS", "RIA Novosti", "Interfax",
    "Xinhua", "Kyodo", "Kyodo News", "Jiji Press", "Yonhap", "PTI", "Press Trust of India", "ANI", "IANS", "Anadolu", "AA",
    "Anadolu Agency", "APA", "SDA", "Keystone-SDA", "Belga", "ANP", "NTB", "TT", "Ritzau", "STT", "PAP", "CTK", "ČTK", "MTI",
    "Agerpres", "Ukrinform", "Interfax-Ukraine", "Bernama", "Antara", "SPA", "WAM", "MENA", "Lusa", "Bloomberg", "Bloomberg News",
    "Canadian Press", "The Canadian Press", "AAP", "CNA", "Tribune News Service", "States News Service", "City News Service",
    "McClatchy", "Inter Press Service",
})  # fmt: skip
_AGENCY_KEYS: Final = frozenset(key(name) for name in WIRE_AGENCIES)
_PARTICLES: Final = frozenset({
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den", "ter", "ten", "af",
    "av", "zu", "zum", "y", "e", "bin", "ibn", "al", "el", "and", "und", "of", "the",
})  # fmt: skip


def is_wire_agency(name: str) -> bool:
    """Whether ``name`` is how a wire agency is credited (a short one must stand in the agency's own case)."""
    name = one_line(name).strip(".()")
    return name in WIRE_AGENCIES or (len(key(name)) > 4 and key(name) in _AGENCY_KEYS)


def normal_case(name: str) -> str:
    """A name written in capitals, as it is normally written: ``LAUREN O'LEWIS`` -> ``Lauren O'Lewis``; others are left."""
    letters = [c for c in name if c.isalpha()]
    words = name.split()
    if len(words) < 2 or any(c.islower() for c in letters) or not any(c.isupper() for c in letters):
        return name
    return " ".join(_normal_word(word, first=at == 0) for at, word in enumerate(words))


def _normal_word(word: str, *, first: bool) -> str:
    letters = [c for c in word if c.isalpha()]
    if word.lower().strip(".") in {"ii", "iii", "iv"}:
        return word
    if not first and word.lower() in _PARTICLES:
        return word.lower()
    # Initials ("J.R.") and what no one can pronounce (an agency: "AFP", "WSVN") stay in capitals.
    if "." in word and len(letters) <= 3 and word.rstrip(".").count(".") >= len(letters) - 1:
        return "Jr." if word == "JR." else "Sr." if word == "SR." else "Dr." if word == "DR." else word
    if (
        len(letters) > 1
        and not any(c in "AEIOUYÀÁÂÃÄÅÆÈÉÊËÌÍÎÏÒÓÔÕÖØÙÚÛÜÝ" for c in letters)
        and word not in {"JR", "SR", "MR", "DR", "NG"}
    ):
        return word
    parts = re.split(r"([-'’])", word)
    cased = "".join(part[:1].upper() + part[1:].lower() for part in parts)
    mac = re.match(r"^Mc(\w)(\w+)$", cased)
    return f"Mc{mac[1].upper()}{mac[2]}" if mac else cased


def split_names(byline: str) -> list[str]:
    """The names in one byline, in order; an empty list where it holds none.

    Roles, places, dates, mail addresses and outlets that the author writes *for* are no part of a name.
    """
    text = one_line(_TAG.sub(" ", unescape(unescape(byline[: 4 * MAX_BYLINE]))))
    if not text or len(text) > 2 * MAX_BYLINE:
        return []
    text = _EMAIL_OR_URL.sub(" ", _PARENTHESES.sub(" ", text))
    lead = _LEAD.match(text)
    while lead and lead.end():
        text = text[lead.end() :]
        lead = _LEAD.match(text)
    family_first = re.fullmatch(r"\s*([^\s,;]+),\s*([^\s,;]+(?: \w\.?)?)\s*", text)
    if family_first and not is_wire_agency(family_first[1]) and not family_first[2].isupper() and not _ROLE.search(text):
        text = f"{family_first[2]} {family_first[1]}"
    names: list[str] = []
    roles: list[str] = []
    for piece in _SPLIT.split(text):
        if names and _NOT_ANOTHER.match(piece):
            continue
        name, is_role = _name(piece)
        if name:
            (roles if is_role else names).append(name)
    # "Roving Reporter" alone is a pen name; beside a name it is what that person does.
    return (names or roles[:1])[:_MAX_AUTHORS]


def _name(piece: str) -> tuple[str, bool]:
    """The name in a piece of a byline (empty where there is none), and whether it is only a role."""
    piece = _TAIL.sub("", " ".join(piece.split()))
    piece = _IN_PLACE.sub("", piece)
    piece = _GLUED.sub("", _EDGES.sub("", _LEAD.sub("", _EDGES.sub("", piece))))
    if not piece or len(piece) > _MAX_NAME or _NO_NAME.match(piece) or piece[0].isdigit() or not any(c.isalpha() for c in piece):
        return "", False
    if _USER_NAME.match(piece):
        piece = piece.replace(".", " ").title()
    words = piece.split()
    if len(words) > 6:
        return "", False
    role = _ROLE.search(piece)
    if role:
        # "Jane Doe Staff Writer": a name of two or three capitalised words before the role is kept.
        before = piece[: role.start()].split()
        while before and before[-1].lower() in _OF_ROLES:
            before.pop()
        if not 2 <= len(before) <= 3 or not all(word[:1].isupper() for word in before):
            return piece, True
        words = before
    return " ".join(words), False


def clean_authors(bylines: Iterable[str], publishers: Iterable[str] = ()) -> list[str]:
    """Names of authors from declared or visible bylines: in order, once each, in normal capitals.

    Args:
        bylines: one string an author, or several authors in one.
        publishers: names of the site; dropped where a person is named beside them, kept where nobody is.
    """
    names: dict[str, str] = {}
    for byline in bylines:
        for name in split_names(byline):
            name = normal_case(_without_house(name, publishers))
            names.setdefault(key(name), name)
    houses = {key(publisher) for publisher in publishers if publisher} - {""}
    people = [n for k, n in names.items() if k not in _OWNERS and not names_house(n, houses)]
    people = [n for n in people if not _COMPANY.search(n)] or people
    return (people or list(names.values()))[:_MAX_AUTHORS]


def _without_house(name: str, publishers: Iterable[str]) -> str:
    """``name`` without the site's name after it ("Jane Doe Evening Example")."""
    for publisher in publishers:
        if len(publisher) > 4 and name.lower().endswith(" " + publisher.lower()):
            bare = name[: -len(publisher)].rstrip(" ,–—-")
            if len(bare.split()) >= 2:
                return bare
    return name


def is_owner(name: str) -> bool:
    """Whether ``name`` is a company that owns titles and stands as the author of all their pages."""
    return key(name) in _OWNERS


def names_house(text: str, houses: Collection[str]) -> bool:
    """Whether ``text`` is one of ``houses`` (keys of a site's names), or such a name with a section or top-level domain."""
    k = key(text)
    if not k:
        return False
    if k in houses:
        return True
    # Only names of three letters or more: "pa" starts too many words.
    return any(
        (
            len(h) >= 3
            and len(k) <= 2 * len(h) + 8
            and re.match(rf"(?i)\W*{re.escape(h)}(?:\W|$)|.*\W{re.escape(h)}\W*$", text) is not None
        )
        or (len(h) >= 5 and len(k) <= len(h) + 8 and (k.startswith(h) or k.endswith(h)))
        or (len(k) >= 5 and h.startswith(k))
        for h in houses
    )
