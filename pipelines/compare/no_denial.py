"""No denials: why a denial or a negation that a search found beside a statement is not aimed at it after all.

Where nobody picked the pair, many sentences in like words of which one negates something do not contradict each other: the one is
silent about a detail, refuses a request, or denies having done wrong in what both sides tell; or what it negates the other only
supposes, or negates as well.
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.compare.readings import SentenceClaims
from pipelines.compare.similarity import concept

#: Who keeps silent says nothing against it: "did not say who", "declined to comment".
_SILENCE: Final = re.compile(
    r"\b(?:(?:(?:did|do|does|has|have|had|would|could|will)(?: not|n['’]t)|never) (?:\w+ ){0,2}?"
    r"|(?:declin|refus)(?:e|es|ed|ing) to )"
    r"(?:(?:say|said|specify|specified|disclosed?|reveal(?:ed)?|identify|identified|explain(?:ed)?|know|known|elaborated? on) "
    r"(?:who|whom|whose|what|which|when|where|why|how|whether|if)\b"
    r"|(?:elaborate|comment|respond|reply|answer|return (?:\w+ ){0,3}?(?:calls?|messages?|emails?|requests?)"
    r"|(?:given?|provided?|offer(?:ed)?|go into)(?: any| more| further)? (?:details?|comment|reasons?))\b)",
    re.IGNORECASE,
)
#: Who denies having done wrong does not deny what he did.
_WRONGDOING: Final = re.compile(
    r"\bden(?:y|ies|ied|ying)(?: \S+){0,2} "
    r"(?:wrongdoing|misconduct|(?:anything|nothing) (?:improper|inappropriate|illegal|wrong))\b",
    re.IGNORECASE,
)
#: A denial of wrongdoing and a word more that contests something.
_FEW_SIGNS: Final = 2
#: Asked so, a thing is denied: "is anybody dumb enough to believe that I would ...".
_RHETORICAL: Final = re.compile(
    r"\b(?:is|does|do|would|could|can) (?:anybody|anyone)(?: \w+){0,4}? (?:believe|think|imagine)\b", re.IGNORECASE
)
#: What follows is supposed, or open.
_SUPPOSING: Final = re.compile(r"(?<!\beven )(?<!\bas )\b(?:if|whether)\b", re.IGNORECASE)


def is_no_denial(a: SentenceClaims, b: SentenceClaims, crossed: float) -> bool:
    """Whether what one of two found sentences denies or negates does not touch what the other states.

    Args:
        a: a sentence.
        b: the other.
        crossed: how much of what one negates the other affirms.
    """
    mine, others = (_signs(one) for one in (a, b))
    if _denies_wrongdoing(a, b) or _denies_wrongdoing(b, a):
        return True
    if (others and _RHETORICAL.search(a.text)) or (mine and _RHETORICAL.search(b.text)):
        return True
    if mine and others:
        # Both negate one thing, and neither affirms what the other negates.
        return not crossed and _negate_alike(a, b)
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
    """Whether one side denies nothing but having done wrong, and the other does not say that he did."""
    return _signs(denying) <= _FEW_SIGNS and bool(_WRONGDOING.search(denying.text)) and not stating.stance.accuses


def _negate_alike(a: SentenceClaims, b: SentenceClaims) -> bool:
    return bool((a.stance.negated & b.stance.negated) - a.name_concepts - b.name_concepts)


def _only_supposes(stating: SentenceClaims, denying: SentenceClaims) -> bool:
    """Whether what the other negates stands only after an "if"."""
    supposing = _SUPPOSING.search(stating.text)
    if supposing is None:
        return False
    negated = denying.stance.negated - stating.name_concepts
    before, after = (
        {key for word in re.findall(r"[\w'’-]+", part) if (key := concept(word.lower()))}
        for part in (stating.text[: supposing.start()], stating.text[supposing.end() :])
    )
    return bool(negated & after) and not negated & before
