"""Negations that state something after all, as reading and comparing both meet them."""

from __future__ import annotations

import re
from typing import Final

#: What goes on until a moment: "did not stay until June" negates the staying, where "did not open until June" states an opening.
_LASTING: Final = """
    stay stayed staying remain remained last lasted wait waited waiting keep kept keeping hold holding run running continue
    continued live lived living survive survived extend extended extending prolong prolonged delay delayed postpone postponed
    adjourn adjourned defer deferred suspend suspended put push pushed detain detained remand remanded jailed serve served serving
    work worked working play played playing talk talking sleep slept rule govern governed lead led stand reign endure go rest
"""
#: Where one of these stands between *not* and *until*, the two belong to different clauses, or may.
_PARTING: Final = """
    and or but because if unless although though while when where who whom whose which that whether how why what than is are
    was were has had did does will would can could may might shall should must until till
"""
_MONTHS: Final = (
    "january|february|march|april|may|june|july|august|september|october|november|december|jan\\.?|feb\\.?|aug\\.?|sept?\\.?|oct\\.?|"
    "nov\\.?|dec\\.?"
)
_PARTS_OF_TIME: Final = (
    "mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|today|yesterday|tomorrow|tonight|midnight|noon|midday|dawn|"
    f"dusk|sunrise|sunset|morning|afternoon|evening|night|day|week|weekend|month|year|decade|century|spring|summer|autumn|{_MONTHS}"
)
#: A negation that lasts only until a point in time which the text gives, from *not* on: "did not reopen until June" says when it
#: reopened. No such point is "further notice", "at least June" or what has yet to happen ("until repairs are done"), and what may
#: or must not happen is forbidden until then. Lower-case words with one space between them and straight apostrophes.
NOT_UNTIL: Final = re.compile(
    r"\b(?P<negator>(?<!can )(?<!should )(?<!must )(?<!shall )(?:not|never)|"
    r"(?:did|do|does|was|were|is|are|has|have|had|wo|would|could)n't)"
    rf"(?: (?!(?:{'|'.join(sorted((_LASTING + _PARTING).split()))})\b)[\w'-]+){{0,7}}? (?:until|till) "
    r"(?!(?:[\w'-]+ ){1,4}at the earliest\b)"
    r"(?:(?:about|around|early|mid|late|last|this|next|the|that|same|following|very|first|second|third|end|start|beginning|"
    r"middle|of|in|on|\d{1,2}(?:st|nd|rd|th)?) ){0,6}?"
    rf"(?:(?:(?:mid|early|late)-)?(?:{_PARTS_OF_TIME})(?![\w'-])(?! (?:'s|he|she|it|they|we|i|his|her|their)\b)|"
    r"(?:1[0-9]|20|21)\d\ds?\b(?![.,:]\d)|\d{1,2}(?:[:.]\d\d)? ?(?:am|pm|a\.m|p\.m|o'clock)\b|"
    r"(?:[\w-]+ ){1,3}(?:minute|hour|day|week|month|year|decade)s? (?:later|ago|after|afterwards|into|before)\b|"
    r"(?:(?:well|long|just|shortly|soon) )?after (?!(?:[\w'-]+ ){1,4}(?:is|are|has|have)\b))"
)
