"""News agencies: which one an article credits, in its byline, dateline, credit line or copyright line.

A credit says whose report it is. A contribution ("Reuters contributed to this report", "with reporting by AP") says that the
outlet's own report used some of an agency's: that is no credit, and no copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pipelines.clean.text import key

#: Canonical name -> other names that it is credited by. Names of four letters or fewer count in capitals (or as given) only.
AGENCIES: Final[dict[str, tuple[str, ...]]] = {
    "Associated Press": ("AP", "The Associated Press", "AP News", "AP Newswire", "AP Wire"),
    "Reuters": ("Thomson Reuters", "Reuters News Agency", "Reuters Health", "Reuters Breakingviews", "RTRS"),
    "Agence France-Presse": ("AFP", "Agence France Presse", "Agence-France Presse"),
    "PA Media": ("PA", "Press Association", "The Press Association", "PA News Agency"),
    "United Press International": ("UPI",),
    "Bloomberg": ("Bloomberg News", "Bloomberg News Service"),
    "Dow Jones Newswires": ("Dow Jones",),
    "TASS": ("ITAR-TASS", "ITAR TASS", "ТАСС"),
    "RIA Novosti": ("РИА Новости",),
    "Interfax": ("Интерфакс",),
    "Interfax-Ukraine": ("Інтерфакс-Україна",),
    "Ukrinform": ("Укрінформ",),
    "Xinhua": ("Xinhua News Agency", "新华社"),
    "China News Service": (),
    "dpa": ("DPA", "Deutsche Presse-Agentur", "dpa-infocom", "dpa-AFX"),
    "SID": ("Sport-Informations-Dienst",),
    "epd": ("Evangelischer Pressedienst",),
    "KNA": ("Katholische Nachrichten-Agentur",),
    "APA": ("Austria Presse Agentur", "APA - Austria Presse Agentur"),
    "Keystone-SDA": ("SDA", "ATS", "Keystone SDA", "Schweizerische Depeschenagentur"),
    "EFE": ("Agencia EFE", "EFE News"),
    "Europa Press": (),
    "ANSA": (),
    "Adnkronos": (),
    "Lusa": ("Agência Lusa",),
    "Belga": ("Belga News Agency", "Agence Belga"),
    "ANP": ("Algemeen Nederlands Persbureau",),
    "NTB": ("Norsk Telegrambyrå",),
    "TT": ("TT News Agency", "Tidningarnas Telegrambyrå"),
    "Ritzau": (),
    "STT": ("Suomen Tietotoimisto", "STT-Lehtikuva"),
    "PAP": ("Polska Agencja Prasowa",),
    "ČTK": ("CTK", "Czech News Agency"),
    "TASR": (),
    "MTI": (),
    "Agerpres": (),
    "BTA": ("Bulgarian News Agency",),
    "HINA": (),
    "Tanjug": (),
    "BelTA": (),
    "Anadolu Agency": ("AA", "Anadolu", "Anadolu Ajansı"),
    "DHA": ("Demirören Haber Ajansı",),
    "IHA": ("İhlas Haber Ajansı",),
    "Kyodo News": ("Kyodo", "共同通信"),
    "Jiji Press": ("Jiji", "時事通信"),
    "Yonhap": ("Yonhap News Agency", "연합뉴스"),
    "KCNA": ("Korean Central News Agency",),
    "Press Trust of India": ("PTI",),
    "ANI": ("Asian News International",),
    "IANS": ("Indo-Asian News Service",),
    "United News of India": ("UNI",),
    "Associated Press of Pakistan": ("APP",),
    "BSS": ("Bangladesh Sangbad Sangstha",),
    "Bernama": (),
    "Antara": (),
    "Vietnam News Agency": ("VNA",),
    "Australian Associated Press": ("AAP",),
    "The Canadian Press": ("Canadian Press", "CP", "La Presse Canadienne"),
    "IRNA": ("Islamic Republic News Agency",),
    "Saudi Press Agency": ("SPA",),
    "Emirates News Agency": ("WAM",),
    "Middle East News Agency": ("MENA",),
    "News Agency of Nigeria": ("NAN",),
    "Agência Brasil": (),
    "Télam": ("Telam",),
    "Notimex": (),
    "Tribune News Service": ("TNS", "Tribune Content Agency"),
    "Inter Press Service": (),
    "City News Service": (),
    "States Newsroom": (),
    "The Conversation": (),
}  # fmt: skip
#: Agencies whose name is everybody's too: credited in full or in a dateline only.
_COMMON_WORDS: Final = frozenset({
    "CP", "TT", "UNI", "SPA", "MENA", "APP", "SID", "PA", "AA", "NAN", "TNS", "SDA", "ATS", "ANI", "STT", "BSS", "WAM",
})  # fmt: skip

_SHORT: Final[dict[str, str]] = {
    name: canonical for canonical, others in AGENCIES.items() for name in (canonical, *others) if len(name) <= 4
}
_LONG: Final[dict[str, str]] = {
    key(name.removeprefix("The ")): canonical
    for canonical, others in AGENCIES.items()
    for name in (canonical, *others)
    if len(name) > 4
}
_ANY: Final = "|".join(
    sorted({re.escape(n.removeprefix("The ")) for c, others in AGENCIES.items() for n in (c, *others)}, key=len, reverse=True)
)
#: What stands beside an agency's name in a byline: "Reuters Staff", "AP Diplomatic Writer", "From AFP reports".
_ROLES: Final = re.compile(
    r"(?i)^(?:by|von|par|por|de|da|from|source|via|photo)\s*:?\s+|[\s,]+(?:staff(?: writers?| reporters?)?|reports?|newsroom|"
    r"reporters?|correspondents?|writers?|editors?|agency|agencies|wire(?: services?)?|news service|news|desk|"
    r"(?:[A-Z]\w+ ){1,2}(?:writer|editor|correspondent|reporter))\.?$"
)
_BYLINE_PARTS: Final = re.compile(r"[|/,;:()\[\]•·–—]|\s-\s|\b(?:by|for|and|via|with|from|und|et|y)\b", re.IGNORECASE)
#: "with Reuters", "additional reporting by AP": part of an own report.
_SHARED: Final = re.compile(
    r"(?i)\b(?:with(?: (?:reporting|files|material|information|additional reporting|contributions?) (?:by|from))?|"
    r"additional reporting(?: by)?|contribut\w+(?: by)?|includes? (?:reporting|material|information) (?:by|from)|"
    r"mit(?: material)?|avec|con)\s*:?\s+"
    r"(?:the )?$"
)
#: A place, a date perhaps, the agency in parentheses, a dash: "NEW YORK (AP) —", "PARIS, 4 mars (AFP) -", "(Reuters) -",
#: "BERLIN (dpa/Reuters) –". Near the start only; a photograph's credit has no dash.
_DATELINE: Final = re.compile(
    rf"^[^()\n]{{0,90}}?\(\s*(?:The )?(?P<name>{_ANY}|REUTERS)(?:\s*/\s*[\w .-]{{2,25}})?\s*\)\s*[-–—―:]"
)
#: "Paris (France) (AFP) – ", "Berlin/AP - ", "dpa BERLIN. " are left to their own rule: a name, a dash, at the very start.
_BARE_DATELINE: Final = re.compile(rf"^(?:[A-ZÀ-Ý][\w .,'’-]{{1,40}}[,/]\s*)?(?P<name>{_ANY}|REUTERS)\s*[-–—]\s+(?=\S)")
_COPYRIGHT: Final = re.compile(
    rf"(?i:copyright|©|\(c\))[\s,©]*(?i:\(c\)|©)?\s*(?:\d{{4}}(?:\s*[-–]\s*\d{{2,4}})?)?[\s,]*(?i:by\s+)?(?i:the\s+)?(?P<name>{_ANY})\b"
)
#: The last line of a wire report: "(AP)", "— Reuters", "Source: AFP".
_SIGNATURE: Final = re.compile(
    rf"^\s*(?:[-–—]{{1,2}}\s*|(?:Source|Quelle|Fuente|Fonte)\s*:\s*|\(\s*|©\s*)?(?:The )?(?P<name>{_ANY})\s*\)?[.\s]*$"
    rf"|\(\s*(?P<tail>{_ANY})\s*\)\s*$"
)
#: A dateline with somebody's name in it, known or not.
_OTHER_DATELINE: Final = re.compile(r"[^()\n]{0,90}\(\s*[A-ZÀ-Ý][\w .&-]{1,30}\)\s*[-–—]")
#: Reuters' own: "(Reporting by Jane Doe; Editing by John Roe)".
_SIGN_OFF: Final = re.compile(r"\((?:Additional )?[Rr]eporting by [^()]{3,300}[Ee]diting by [^()]{3,200}\)\s*$")
#: A longer list of authors is what else stands on the page: other articles' bylines, an agency's among them.
_MAX_NAMES: Final = 3
_DATELINE_CHARS: Final = 400
_TAIL_CHARS: Final = 600


@lru_cache(maxsize=20_000)
def agency_name(name: str | None) -> str | None:
    """The canonical name of the agency that ``name`` names, all of it ("AP", "Reuters Staff"); else None."""
    text = " ".join((name or "").split()).strip(" .()[]")
    for _ in range(3):
        if text.lower() in ("the associated press", "dow jones"):
            break
        if text in _SHORT:
            return _SHORT[text]
        found = _LONG.get(key(re.sub(r"(?i)^the\s+", "", text)))
        if found:
            return found
        shorter = _ROLES.sub("", text).strip(" .")
        if shorter == text or not shorter:
            break
        text = shorter
    return _SHORT.get(text) or _LONG.get(key(re.sub(r"(?i)^the\s+", "", text)))


def wire_credit(
    byline: str | None, body: str, authors: Iterable[str] = (), *, publishers: Iterable[str | None] = ()
) -> str | None:
    """The agency whose report an article is, by its own credits; None where it credits none or only a contribution.

    The surest is taken: dateline, then byline, authors, the agency's own copyright or sign-off, then the publisher.

    Args:
        byline: as it stands ("By Jane Doe, Associated Press").
        body: the text without its headline.
        authors: names of authors, as JSON-LD or the byline give them.
        publishers: outlet credit, site name, RSS ``<source>``, JSON-LD publisher: an agency's own page credits itself.
    """
    return (
        _of_dateline(body)
        or _of_byline(byline or "")
        or _of_authors(authors)
        or _of_end(body)
        or next((found for found in map(agency_name, publishers) if found), None)
    )


def _canonical(name: str | None) -> str | None:
    return agency_name("Reuters" if name == "REUTERS" else name) if name else None


def _of_dateline(body: str) -> str | None:
    head = body[:_DATELINE_CHARS]
    for line in [line for line in head.split("\n") if line.strip()][:4]:
        found = _DATELINE.match(line.strip())
        if found:
            return _canonical(found["name"])
        bare = _BARE_DATELINE.match(line.strip())
        if bare and bare["name"] not in _COMMON_WORDS:
            return _canonical(bare["name"])
    return None


def _of_byline(byline: str) -> str | None:
    pieces: list[tuple[str, str]] = []
    at = 0
    for cut in [*_BYLINE_PARTS.finditer(byline), None]:
        end = cut.start() if cut else len(byline)
        # What stands before the piece tells a credit from a contribution ("with Reuters").
        pieces.append((byline[at:end], byline[:at]))
        at = cut.end() if cut else end
    return _of_pieces([(piece, before) for piece, before in pieces if piece.strip()])


def _of_authors(authors: Iterable[str]) -> str | None:
    return _of_pieces([(author, "") for author in authors])


def _of_pieces(pieces: list[tuple[str, str]]) -> str | None:
    if len(pieces) > _MAX_NAMES:
        return None
    for piece, before in pieces:
        name = piece.strip()
        found = agency_name(name)
        if not found or _SHARED.search(before.rstrip() + " "):
            continue
        if name in _COMMON_WORDS and len(pieces) > 1 and name not in ("PA", "AAP", "CP"):
            continue
        return found
    return None


def _of_end(body: str) -> str | None:
    tail = body[-_TAIL_CHARS:].rstrip()
    copyrighted = [found["name"] for found in _COPYRIGHT.finditer(tail)]
    if copyrighted:
        return _canonical(copyrighted[-1])
    if _SIGN_OFF.search(tail) and not _OTHER_DATELINE.match(body.lstrip()):
        return "Reuters"
    last = tail.rsplit("\n", 1)[-1]
    sign = _SIGNATURE.search(last)
    if sign:
        name = sign["name"] or sign["tail"]
        return _canonical(name) if name not in _COMMON_WORDS else None
    return None
