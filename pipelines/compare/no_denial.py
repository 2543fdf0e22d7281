"""No denials: why a denial or a negation that a search found beside a statement is not aimed at it after all.

Where nobody picked the pair, many sentences in like words of which one negates something do not contradict each other: the one is
silent about a detail, refuses a request, or denies having done wrong in what both sides tell; or what it negates the other only
supposes, or negates as well.
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.compare.denials import crossed_words
from pipelines.compare.readings import SentenceClaims
from pipelines.compare.similarity import bag

#: Who keeps silent says nothing against it: "did not say who", "declined to comment", "did not respond to questions".
_SILENCE: Final = re.compile(
    r"\b(?:(?:(?:did|do|does|has|have|had|would|could|will)(?: not|n['’]t)|won['’]t|never) (?:\w+ ){0,2}?"
    r"|(?:declin|refus)(?:e|es|ed|ing) to )"
    r"(?:(?:say|said|specify|specified|disclosed?|reveal(?:ed)?|identify|identified|explain(?:ed)?|elaborated? on) "
    r"(?:who|whom|whose|what|which|when|where|why|how|whether|if)\b"
    r"|(?:elaborate|comment|return (?:\w+ ){0,3}?(?:calls?|messages?|emails?|requests?)"
    r"|(?:respond|reply|answer)(?:ed)? (?:to )?(?:\w+ ){0,3}?(?:questions?|queries|inquiries|(?:requests?|calls?) for comment)"
    r"|(?:given?|provided?|offer(?:ed)?|go into)(?: any| more| further)? (?:details?|comment|reasons?))\b)",
    re.IGNORECASE,
)
#: Who denies having done wrong does not deny what he did.
_WRONGDOING: Final = re.compile(
    r"\bden(?:y|ies|ied|ying)(?: \S+){0,2} "
    r"(?:wrongdoing|misconduct|(?:anything|nothing) (?:improper|inappropriate|illegal|wrong))\b",
    re.IGNORECASE,
)
#: That somebody did wrong, in words of any kind.
_DID_WRONG: Final = re.compile(
    r"\b(?:wrongdoing|misconduct|wrong|illegal(?:ly)?|unlawful(?:ly)?|improper(?:ly)?|inappropriate(?:ly)?|guilty|convicted|crimes?|"
    r"corrupt(?:ion|ly)?|brib\w+|fraud\w*|broke the law|violat\w+|abus\w+|harass\w+|assault\w*)\b",
    re.IGNORECASE,
)
#: A denial is denied: "did not deny", "never rejected".
_NOT_DENIED: Final = re.compile(
    r"(?:\b(?:not|never)|n['’]t) (?:\w+ )?(?:den(?:y|ied)|disput|reject|rule out|refut)", re.IGNORECASE
)
#: A denial of wrongdoing and a word more that contests something.
_FEW_SIGNS: Final = 2
#: Asked so, a thing is denied: "is anybody dumb enough to believe that I would ...".
_RHETORICAL: Final = re.compile(
    r"\b(?:is|does|do|would|could|can) (?:anybody|anyone)(?: \w+){0,4}? (?:believe|think|imagine)\b", re.IGNORECASE
)
#: An "if" among the first letters of a sentence opens a clause that a comma ends.
_OPENING: Final = 12
#: What follows is supposed, or open.
_SUPPOSING: Final = re.compile(r"(?<!\beven )(?<!\bas )\b(?:if|whether)\b", re.IGNORECASE)


def is_no_denial(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether what one of two found sentences denies or negates does not touch what the other states."""
    mine, others = (_signs(one) for one in (a, b))
    if _denies_wrongdoing(a, b) or _denies_wrongdoing(b, a):
        return True
    if (others and _RHETORICAL.search(a.text)) or (mine and _RHETORICAL.search(b.text)):
        return True
    if mine and others:
        return _negate_alike(a, b)
    if not (mine or others):
        return False
    denying, stating = (a, b) if mine else (b, a)
    if mine + others == 1 and (denying.stance.is_refusal or _SILENCE.search(denying.text)):
        return True
    return _only_supposes(stating, denying)


def _signs(one: SentenceClaims) -> int:
    """How many words of a sentence deny or negate something; who denies by a verb is not counted twice."""
    stance = one.stance
    return max(stance.negations, len(stance.contests)) + len(stance.calls_false) or len(stance.phrases) or int(one.is_denied)


def _denies_wrongdoing(denying: SentenceClaims, stating: SentenceClaims) -> bool:
    """Whether one side denies nothing but having done wrong, and the other does not say that anybody did."""
    if _signs(denying) > _FEW_SIGNS or not _WRONGDOING.search(denying.text) or stating.stance.accuses:
        return False
    return bool(_WRONGDOING.search(stating.text)) or not _DID_WRONG.search(stating.text) or bool(stating.stance.negations)


def _negate_alike(a: SentenceClaims, b: SentenceClaims) -> bool:
    """Whether both negate one thing, and neither affirms what the other negates, nor denies a denial."""
    names = a.name_concepts | b.name_concepts
    if crossed_words(a.stance, b.stance) - names or bool(_NOT_DENIED.search(a.text)) != bool(_NOT_DENIED.search(b.text)):
        return False
    return bool((a.stance.negated & b.stance.negated) - names)


def _only_supposes(stating: SentenceClaims, denying: SentenceClaims) -> bool:
    """Whether what the other negates stands only after an "if"; "Asked if she knew, Varga said ..." ends it at the comma."""
    supposing = _SUPPOSING.search(stating.text)
    if supposing is None:
        return False
    end = stating.text.find(",", supposing.end()) if supposing.start() < _OPENING else -1
    supposed = stating.text[supposing.end() : end if end >= 0 else None]
    said = stating.text[: supposing.start()] + (stating.text[end:] if end >= 0 else "")
    negated = denying.stance.negated - stating.name_concepts
    return not negated.isdisjoint(bag(supposed).words) and negated.isdisjoint(bag(said).words)
