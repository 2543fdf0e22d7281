"""How a claim is put forward: whether it negates its proposition, and whether as a fact, a plan, a guess or a question."""

from __future__ import annotations

from typing import Final

from pipelines.read import lexicon
from pipelines.read.lexicon import CUE_VERBS
from pipelines.read.records import Hop
from pipelines.read.syntax import Unit


def _main_clause(unit: Unit) -> tuple[int, int]:
    """The elements of the main clause: past an opening *if*, *when* or adjunct, up to the first subordinate clause."""
    tags = unit.tags
    first = 0
    if tags[:1] in ("S", "P", "G") and "," in tags:
        comma = tags.index(",")
        if any(t in "bvdmVE" for t in tags[comma:]):
            first = comma + 1
    verb = next((k for k in range(first, len(tags)) if tags[k] in "bvdmVE"), None)
    if verb is None:
        return first, len(tags)
    # A relative clause between subject and verb is passed over.
    last = len(tags)
    for k in range(verb + 1, len(tags)):
        if (tags[k] in ";Sh" and unit.low[k] != "than") or (tags[k] == "R" and k > verb + 1) or (tags[k] == "-"):
            last = k
            break
        if tags[k] == "," and tags[k + 1 : k + 2] in ("C", "c", "R", "G", "S"):
            last = k
            break
        if unit.low[k] in ("after", "before", "despite", "amid", "following", "because", "as") and k > verb + 2:
            last = k
            break
    return first, last


def is_negated(unit: Unit) -> bool:
    """Whether the main clause denies its proposition; *not only*, *no longer than* and *did not rule out* do not."""
    low, tags = unit.low, unit.tags
    first, last = _main_clause(unit)
    negated = False
    for k in range(first, last):
        word = low[k]
        following = low[k + 1] if k + 1 < len(low) else ""
        if word in _NOT or word.endswith(("n't", "n’t")):
            if following in ("only", "just", "merely", "simply") or (word == "none" and following == "other"):
                continue
            # A contrast is no negation: the army, not the police, fired.
            if word == "not" and k > first and tags[k - 1] in ",Cc":
                continue
            negated = True
        elif word == "no":
            if following in _NO_DOUBT and not (following == "more" and low[k + 2 : k + 3] != ["than"]):
                continue
            negated = True
        elif word == "without":
            # ended without a deal; but: left thousands without power.
            if tags[k + 1 : k + 2] == "D" or following in lexicon.EVENT_NOUNS:
                negated = not negated
        elif word in lexicon.NEGATIVE_VERBS and (following == "to" or word.startswith(("lack", "avoid"))):
            negated = not negated
        elif negated and word in lexicon.REVERSING and (word not in ("rule", "ruled", "ruling") or "out" in low[k : k + 3]):
            negated = False
    return negated


_NOT: Final = frozenset({"not", "n't", "cannot", "never", "nobody", "nothing", "none", "neither", "hardly", "scarcely"})
_NO_DOUBT: Final = frozenset({"doubt", "later", "fewer", "less", "more", "matter", "wonder", "stranger", "sooner"})


def modality(unit: Unit, words: str, hops: tuple[Hop, ...]) -> str:
    """The modality of a claim, one of :data:`pipelines.tables.MODALITIES`.

    What those who vouch for it do comes first (a denial, a question, a promise), then *if*, then the verb of the main clause.
    """
    kinds = [hop.cue_kind for hop in hops]
    if "denies" in kinds:
        return "denied"
    if (kinds and (kinds[-1] in ("questions", "doubts"))) or words.endswith("?"):
        return "questioned"
    low, tags = unit.low, unit.tags
    first, last = _main_clause(unit)
    main = low[first:last]
    if any(
        w in ("if", "unless") and (k == 0 or low[k - 1] not in ("even", "as", "whether", "what", "only"))
        for k, w in enumerate(low)
    ):
        return "conditional"
    if kinds and kinds[-1] in ("orders", "proposes"):
        return "proposed"
    verb = next((k for k in range(first, last) if tags[k] in "bvdmVE" and low[k] not in lexicon.NOUN_FORMS), None)
    group = low[verb : min(last, verb + 5)] if verb is not None else main[:5]
    before = low[first : verb + 1] if verb is not None else main[:4]
    if any(w in lexicon.PROPOSED_WORDS for w in group[:3]):
        return "proposed"
    if any(w in lexicon.POSSIBLE_WORDS for w in (*group[:4], *before[-2:])):
        return "possible"
    if any(w in lexicon.EXPECTED_WORDS for w in group[:3]) or (kinds and kinds[-1] in ("expects", "promises")):
        return "expected"
    if any(pair in lexicon.EXPECTED_PHRASES for pair in zip(group, (*group[1:], ""), strict=True)):
        return "expected"
    if verb is not None and not hops:
        for k in range(verb, min(last, verb + 4)):
            cue = CUE_VERBS.get(low[k]) if tags[k] in "VE" else None
            if (
                cue is not None
                and cue.kind in ("orders", "proposes")
                and (cue.lemma != "call" or low[k + 1 : k + 2] in (["for"], ["on"]))
            ):
                return "proposed"
            if (
                cue is not None
                and cue.kind == "expects"
                and cue.lemma in ("expect", "plan", "intend", "hope", "predict", "project", "forecast")
            ):
                return "expected"
    return "asserted"
