"""What stands in the text of an article and is none of it: links, credits, bylines, datelines."""

from __future__ import annotations

import re
from typing import Final

#: How lines begin that belong to the page, not to the article.
_BOILERPLATE: Final = re.compile(
    r"\W*(?:"
    + "|".join(
        (
            r"(?:also\s+)?read\s+(?:more|also|next|the\s+(?:full|rest|original)|our|this)\b",
            r"(?:continue|keep)\s+reading\b",
            r"sign\s+up\b",
            r"subscribe\b",
            r"follow\s+(?:us|the|me|him|her|@|our|\w+\s+on\s+(?:twitter|x|facebook|instagram))\b",
            r"like\s+us\b",
            r"share\s+(?:this|on|via)\b",
            r"click\s+(?:here|to|on|below|through)\b",
            r"tap\s+here\b",
            r"related\s*(?:articles?|stories|links?|topics?|:)",
            r"(?:additional\s+)?(?:reporting|writing|editing|translation|compiled)\s+by\b",
            r"(?:reported|edited)\s+by\b",
            r"(?:photo|image|picture|video|graphic|credit|source|file\s+photo|photograph|copyright)s?\s*"
            r"(?:credit|courtesy|by|illustration\s+by)?\s*[:©/]",
            r"photo\s+illustration\s+by\b",
            r"getty\s+images",
            r"(?:©|\(c\)|copyright\b)",
            r"all\s+rights\s+reserved",
            r"(?:advertisement|sponsored)\b",
            r"this\s+(?:article|story|post)\s+(?:was|is|has\s+been|originally|first)\s+(?:\w+\s+){0,3}"
            r"(?:published|updated|produced|provided|edited|corrected|amended|appeared)",
            r"this\s+material\s+may\s+not\s+be",
            r"(?:published|updated|last\s+updated|posted|first\s+published)\s*:?\s*(?:on\s+)?"
            r"(?:\d|(?:mon|tues?|wed|wednes|thu|thurs?|fri|sat|satur|sun)(?:day)?\b"
            r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|june|july|august|september"
            r"|october|november|december)\b)",
            r"(?:watch|listen)\s*:",
            r"see\s+also\b",
            r"more\s*(?:\.{2,}|:|on\s+this)",
            r"(?:contact|e-?mail)\s+(?:the\s+)?(?:author|reporter|writer|editor|us)\b",
            r"download\s+(?:the|our)\b",
            r"(?:do\s+you\s+have|have\s+you\s+got|got)\s+a\s+(?:story|tip|question)",
            r"(?:view|leave|post|add|read)\s+(?:\d+\s+)?(?:the\s+)?comments?\b",
            r"no\s+comments?\b\W*$",
            r"comments?\s*(?:\(\d+\)|are\s+closed|:|$)",
            r"skip\s+to\b",
            r"loading\b\W*$",
            r"enable\s+javascript",
            r"the\s+associated\s+press\s+contributed",
            r"(?:[\w.'’-]+\s+){2,6}contributed\s+to\s+this\s+(?:report|article|story)",
            r"(?:our\s+standards|terms\s+(?:of\s+use|and\s+conditions)|privacy\s+policy|newsletter)\b",
            r"(?:https?://|www\.|pic\.twitter\.com)\S+$",
            r"@\w+$",
        )
    )
    + ")",
    re.IGNORECASE,
)
#: ``PRAGUE (Reuters) - ``, ``LONDON, Feb 8 (AP) — ``, ``NEW YORK — `` at the head of a paragraph.
_DATELINE: Final = re.compile(
    r"(?:[A-Z][A-Z.'’\-]+(?: [A-Z][A-Z.'’\-]+){0,3}(?:, [A-Z][\w.]+){0,2}(?:, (?:[A-Z][a-z]{2,8}\.? \d{1,2}))?"
    r"|[A-Z][\w.'’\-]+(?: [A-Z][\w.'’\-]+){0,2}(?:, [A-Z][\w. ]{1,20})?"
    r"(?:, (?:[A-Z][a-z]{2,8}\.? \d{1,2}))? ?\([A-Z][\w /.]{1,30}\))"
    r"(?: ?\([A-Z][\w /.]{1,30}\))? ?(?:—|–|--|-)+ ?(?=\S)"
    r"|\((?:[A-Z]{2,}[\w /.]{0,20}|Reuters|Bloomberg)\) ?(?:—|–|--|-)+ ?(?=\S)"
)


def dateline_end(text: str, start: int, end: int) -> int:
    """Where the sentence at the head of a paragraph starts after its dateline; ``start`` where it has none."""
    if start > 0 and text[start - 1] not in "\n\r":
        return start
    found = _DATELINE.match(text, start, end)
    return found.end() if found is not None and end - found.end() > 20 else start


def is_boilerplate(body: str) -> bool:
    """Whether a sentence belongs to the page: *Read more*, *Reporting by*, *Photo:*, a byline, an address."""
    stripped = body.strip()
    if not stripped or not any(c.isalpha() for c in stripped):
        return True
    if _BOILERPLATE.match(stripped[:300]):
        return True
    return stripped[-1] not in '.!?"”’' and _is_byline(stripped)


def _is_byline(line: str) -> bool:
    """*IDA VARGA and JON HOLM FOR THE COURIER*, *By Ida Varga in Oslo*."""
    words = line.split()
    if len(words) > 12:
        return False
    if words[0].lower() == "by" and len(words) > 1:
        return all(w[:1].isupper() or w in ("and", "in", "for", "&", "of", "at") for w in words[1:])
    names = [w for w in words if w not in ("and", "for", "in", "at", "&")]
    return len(names) > 1 and len(names) < len(words) and all(w.isupper() and w[0].isalpha() for w in names)
