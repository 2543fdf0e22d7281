"""How a claim is put forward: whether it negates its proposition, and whether as a fact, a plan, a guess or a question."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from pipelines.negations import NOT_UNTIL
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
    opening = tags.find(",R", first)
    if opening > 0 and verb is not None and opening < verb:
        # "The suspect, who has not been named, was arrested": what is told in passing is not the clause.
        closing = next((k for k in range(verb + 1, len(tags) - 1) if tags[k] == "," and tags[k + 1] in "bvdmVEna"), None)
        if closing is not None:
            first = closing + 1
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
    if _is_open_question(unit):
        return False
    first, last = _main_clause(unit)
    negated = False
    for k in range(first, last):
        word = low[k]
        following = low[k + 1] if k + 1 < len(low) else ""
        if word in _NOT or word.endswith(("n't", "n’t")):
            if following in ("only", "just", "merely", "simply") or (word == "none" and following == "other"):
                continue
            # "nothing but", "nothing less than", "nothing short of"; "not least"
            if (word == "nothing" and following in ("but", "less", "short", "else")) or (word == "not" and following == "least"):
                continue
            if word == "not" and low[k + 1 : k + 3] == ["for", "the"] and "if" in low[:k]:
                continue
            if k == 0 and word == "not" and _opens_adjunct(unit):
                continue
            if _ends_in_time(low, k):
                continue
            # A contrast is no negation: the army, not the police, fired.
            if word == "not" and k > first and tags[k - 1] in ",Cc":
                continue
            negated = True
        elif word == "little" and following in _LITTLE:
            negated = True
        elif word == "no":
            if following in _NO_DOUBT and not (following == "more" and low[k + 2 : k + 3] != ["than"]):
                continue
            # "had no choice but to resign", "there is no question that": what follows is stated.
            if (following in _CHOICES and low[k + 2 : k + 3] == ["but"]) or low[k + 1 : k + 3] == ["question", "that"]:
                continue
            negated = True
        elif word == "nor" and k == first and tags[k + 1 : k + 2] in _AUXILIARIES:
            negated = True  # "Nor did she leave"
        elif word == "without":
            # ended without a deal; but: left thousands without power.
            if tags[k + 1 : k + 2] == "D" or following in lexicon.EVENT_NOUNS:
                negated = not negated
        elif word in _NEGATIVE_OF_POSSIBLE or (word == "unable" and following == "to") or _turns(low, k):
            negated = not negated
        elif negated and word in lexicon.REVERSING and "nor" not in low[first + 1 : k]:
            negated = False  # but not "neither confirmed nor denied"
    return negated


_NOT: Final = frozenset({"not", "n't", "cannot", "never", "nobody", "nothing", "none", "neither", "hardly", "scarcely"})


def _turns(low: list[str], k: int) -> bool:
    """Whether word ``k`` negates what follows it, without *not*: "has yet to", "ruled out", "stopped short of", "failed to"."""
    word, following = low[k], low[k + 1] if k + 1 < len(low) else ""
    if word == "yet":
        return following == "to" and k > 0 and low[k - 1] in _BE_AND_HAVE
    if word in ("ruled", "rules", "ruling", "rule"):
        return _rules_out(low, k)
    if word in ("stopped", "stops", "fell", "falls"):
        return following == "short"
    return word in lexicon.NEGATIVE_VERBS and (following == "to" or word.startswith("lack"))


def _rules_out(low: list[str], k: int) -> bool:
    """Whether the form of *rule* at ``k`` takes a thing out of what may be; a player *ruled out of the final* misses it."""
    out = next((i for i in range(k + 1, min(len(low), k + 4)) if low[i] == "out"), None)
    if out is None:
        return False
    if out > k + 1 or lexicon.BE.isdisjoint(low[max(0, k - 2) : k]):
        return True
    after = low[out + 1 : out + 4]
    if after[:1] == ["for"]:
        return not (after[1:2] and (after[1] in _MEASURES or after[1][0].isdigit() or after[1:] in _SEASONS))
    misses = (after[:1] == ["of"] and after[1:2] != ["hand"]) or after[:1] == ["through"]
    return not (misses or after[:2] in (["with", "a"], ["with", "an"]))


def _ends_in_time(low: list[str], k: int) -> bool:
    """Whether the *not* at ``k`` holds until a given time only: "did not reopen until June", "not until then did she leave"."""
    following = low[k + 1 : k + 2]
    if following in (["until"], ["till"]) and low[k] == "not":
        # "It was not until the mayor left that"; "not until repairs are done will it reopen" still lies ahead.
        is_cleft = low[max(0, k - 2) : k] in (["it", "was"], ["it", "’s"]) and "that" in low[k + 3 :]
        if is_cleft or (k == 0 and any(w in ("did", "was", "were", "had") for w in low[3:-1])):
            return True
    window = low[max(0, k - 1) : k + _MOST_UNTIL]
    before = len(window[0]) + 1 if k else 0
    return NOT_UNTIL.match(" ".join(window).replace("’", "'"), before) is not None


#: So many words are looked at for an *until* and its time.
_MOST_UNTIL: Final = 18


def _opens_adjunct(unit: Unit) -> bool:
    """Whether the *not* that opens a clause negates an adjunct only: "Not surprisingly, she won", "Not far from here, ..."."""
    low, tags = unit.low, unit.tags
    comma = tags.find(",")
    if comma > 2 and low[1] == "long" and low[2] in ("after", "before", "ago"):
        return True
    # "Not for a moment did she doubt it": with its verb in front of the subject the clause itself is negated.
    if comma < 2 or tags[comma + 1 : comma + 2] in ("", *_AUXILIARIES) or any(t in _AUXILIARIES for t in tags[:comma]):
        return False
    if low[1] == "for":
        return low[comma - 1] == "time"
    return low[1] in ("long", "far") or (comma == 2 and tags[1] == "a" and low[1].endswith("ly"))


#: Tags of what stands in front of the subject when a negation opens the clause.
_AUXILIARIES: Final = ("b", "v", "d", "m")
_CHOICES: Final = frozenset({"choice", "option", "alternative", "choices", "options", "alternatives"})
#: What begins a length of time for which a player is *ruled out*; "for now" and "for good" something is out of the question.
_MEASURES: Final = (lexicon.NUMBER_WORDS - {"first", "second", "third"}) | {"a", "at", "up", "several", "about", "around"}
_SEASONS: Final = (["the", "rest"], ["the", "remainder"], ["the", "season"], ["the", "tournament"])
#: Of these "little" is as good as none.
_LITTLE: Final = frozenset({"evidence", "proof", "sign", "chance", "hope", "prospect", "likelihood", "indication"})
_BE_AND_HAVE: Final = frozenset({"has", "have", "had", "is", "are", "was", "were", "’ve", "'ve"})
_NEGATIVE_OF_POSSIBLE: Final = frozenset({"unlikely", "impossible", "improbable", "inconceivable", "unthinkable"})
#: What is said not to be known is a question, not a negation: "it is unclear whether", "it was not known how".
_OPEN: Final = frozenset({"unclear", "uncertain", "unknown", "unsure", "undecided"})
_OPEN_WHEN_NEGATED: Final = frozenset({"clear", "known", "certain", "sure", "obvious", "decided"})
_QUESTION_WORDS: Final = frozenset({"whether", "if", "how", "why", "who", "what", "when", "where", "which"})


def _is_open_question(unit: Unit) -> bool:
    """Whether the main clause says that something is not known: "it is unclear whether", "it remains to be seen if"."""
    if _OPEN_WORDS.isdisjoint(unit.low):
        return False
    if unit.low[0] == "whether" and not (_OPEN | _OPEN_WHEN_NEGATED).isdisjoint(unit.low):
        return True  # "whether the comet survives is not known"
    first, last = _main_clause(unit)
    low = unit.low[first : last + 2]
    for k, word in enumerate(low[:-1]):
        before = low[max(0, k - 3) : k]
        is_open = word in _OPEN or (
            word in _OPEN_WHEN_NEGATED and any(w in _NOT or w.endswith(("n't", "n’t")) for w in low[max(0, k - 4) : k])
        )
        if (is_open or word in _WEIGHING) and (low[k + 1] in _QUESTION_WORDS or low[k + 1] == "exactly"):
            return True
        if (word in _OPEN_WHEN_NEGATED and before[-2:] == ["far", "from"]) or (
            word == "seen" and before == ["remains", "to", "be"]
        ):
            return True
    return False


_WEIGHING: Final = frozenset(
    {"considering", "considered", "debating", "debated", "weighing", "weighed", "discussing", "discussed"}
)
_OPEN_WORDS: Final = _OPEN | _OPEN_WHEN_NEGATED | _WEIGHING | {"seen"}


_NO_DOUBT: Final = frozenset({"doubt", "later", "fewer", "less", "more", "matter", "wonder", "stranger", "sooner"})


def modality(unit: Unit, words: str, hops: tuple[Hop, ...]) -> str:
    """The modality of a claim, one of :data:`pipelines.tables.MODALITIES`.

    What those who vouch for it do comes first (a denial, a question, a promise), then *if*, then the verb of the main clause.
    """
    kinds = [hop.cue_kind for hop in hops]
    if "denies" in kinds:
        return "denied"
    low, tags = unit.low, unit.tags
    if (kinds and (kinds[-1] in ("questions", "doubts"))) or words.endswith("?") or _is_open_question(unit):
        return "questioned"
    first, last = _main_clause(unit)
    if _is_conditional(low, tags):
        return "conditional"
    # "May" is a month or a name where no modal can stand.
    seen = [w if w != "may" or tags[k] == "m" else "" for k, w in enumerate(low)]
    main = seen[first:last]
    if kinds and kinds[-1] in ("orders", "proposes"):
        return "proposed"
    verb = next((k for k in range(first, last) if tags[k] in "bvdmVE" and low[k] not in lexicon.NOUN_FORMS), None)
    if verb is not None and tags[verb] == "E" and verb > first and tags[verb - 1] in "Ds":
        # "the proposed tax": no verb
        verb = next((k for k in range(verb + 1, last) if tags[k] in "bvdmVE" and low[k] not in lexicon.NOUN_FORMS), verb)
    group = seen[verb : min(last, verb + 5)] if verb is not None else main[:5]
    before = seen[first : verb + 1] if verb is not None else main[:4]
    if any(w in lexicon.PROPOSED_WORDS for w in group[:3]):
        return "proposed"
    if hops and hops[-1].cue and _is_subjunctive(unit):
        return "proposed"  # "suggested that the shrine be moved"
    is_inverted = verb is not None and verb > first and seen[verb - 1] == "nor"  # "nor would he say": negated from in front
    is_negative = is_inverted or any(w in _NOT or w.endswith(("n't", "n’t")) for w in group[:3])
    is_refusal = is_negative and any(w in _SPOKEN for w in group[: 6 if is_inverted else 4])
    if is_refusal:
        return "asserted"  # "would not say whether"
    if _leaves_open(low, first, last) or any(
        w == "can" and not is_inverted and (k + 1 >= len(group) or group[k + 1] not in _NOT) for k, w in enumerate(group[:3])
    ):
        return "possible"
    if any(w in ("could", "can") and (is_inverted or _denied_at(group, k)) for k, w in enumerate(group[:3])) or any(
        w in ("couldn't", "couldn’t", "cannot", "can't", "can’t") for w in group[:3]
    ):
        return "asserted"  # "could not agree": not able to, and so it did not happen
    if any(w in ("perhaps", "maybe", "possibly", "presumably") for w in seen[: (verb or 0) + 1]):
        return "possible"
    near = (*before[-2:-1], *group[:4])
    if any(w in lexicon.POSSIBLE_WORDS and near[max(0, k - 1)] not in ("more", "less", "as") for k, w in enumerate(near)):
        return "possible"  # but not "more likely to vote"
    if any(w in lexicon.EXPECTED_WORDS for w in group[:3]) or (kinds and kinds[-1] in ("expects", "promises")):
        return "expected"
    if any(
        pair in lexicon.EXPECTED_PHRASES
        and not (k and verb is not None and pair[0] in _PLANS and group[k - 1] not in _HELPERS)
        and (k or pair[0] not in ("meant", "supposed"))  # "a law meant to protect tenants drove up rents"
        for k, pair in enumerate(pairwise(group))
    ):
        return "expected"  # but not "scrapped plans to"
    if verb is not None and verb > 1 and seen[verb - 1] == "to" and seen[verb - 2] in _PLANS:
        return "expected"  # no other verb stands in front of the infinitive
    if verb is not None and low[verb] in ("was", "were") and _was_planned(unit, first, verb):
        return "expected"
    if not hops and any(pair in _APPEALS for pair in pairwise(main)):
        return "proposed"
    if verb is not None and not hops and low[verb] in ("denied", "denies", "deny") and low[verb + 1 : verb + 2] != ["the"]:
        following = low[verb + 1] if verb + 1 < last else ""
        if following.endswith("ing") or following == "that":
            return "denied"
    if verb is not None and not hops:
        for k in range(verb, min(last, verb + 4)):
            is_verb = tags[k] in "VE" or (tags[k] == "G" and tags[verb] == "b")
            cue = CUE_VERBS.get(low[k]) if is_verb else None
            if cue is not None and cue.lemma in ("question", "doubt", "wonder") and k <= verb + 1:
                return "asserted" if cue.lemma == "question" and _puts_questions(unit, first, k) else "questioned"
            if (
                cue is not None
                and cue.kind in ("orders", "proposes")
                and (cue.lemma != "call" or low[k + 1 : k + 2] in (["for"], ["on"]))
                and (
                    cue.lemma not in ("order", "command", "instruct") or "to" in low[k + 1 : last] or "that" in low[k + 1 : k + 4]
                )
            ):
                return "proposed"
            if (
                cue is not None
                and cue.kind == "expects"
                and cue.lemma in ("expect", "plan", "intend", "hope", "predict", "project", "forecast")
            ):
                return "expected"
    return "asserted"


def _head(unit: Unit, first: int, last: int) -> int | None:
    """The last word of the noun phrase that opens a stretch, before its first preposition; of "two of the men", *men*.

    In :mod:`pipelines.read.cast` a head is something else: its phrase is all there is, a list of words without classes, and
    *two* is the head.
    """
    low, tags = unit.low, unit.tags
    head = None
    for k in range(first, last):
        is_open = head is None or low[head] in lexicon.NUMBER_WORDS or tags[head] == "U"
        if tags[k] in "KWOUs" and not (head is not None and tags[head] == "O"):
            head = k
        elif tags[k] == "P" and low[k] == "of" and is_open:
            head = None
        elif tags[k] not in "DaEG-" or not is_open:
            break
    return head


def _is_person(unit: Unit, head: int | None) -> bool:
    """Whether a noun phrase with this head is somebody: a name, a pronoun, an office or a role."""
    if head is None:
        return False
    word = unit.low[head]
    if word in _PERSONS or word in lexicon.ROLE_HEADS or word.removesuffix("s") in lexicon.ROLE_HEADS | _PERSONS:
        return True
    # In a headline whose words are all capitalised a capital is no sign of a name.
    return unit.tags[head] == "K" and (not unit.is_title or "W" in unit.tags)


def _puts_questions(unit: Unit, first: int, k: int) -> bool:
    """Whether the *questioned* at ``k`` is an interrogation: somebody is asked, where to doubt takes a thing or a clause."""
    low, tags = unit.low, unit.tags
    if low[k] == "questioned" and k > first and low[k - 1] in lexicon.BE:
        group = next((i for i in range(first, k) if tags[i] in "bvdm"), k)
        head = _head(unit, first, group)
        if head == 0 and tags[0] == "K":
            # The capital of the first word tells no name from "Motives were questioned".
            behind = low[k + 1 : k + 3]
            return behind[:1] in (["over"], ["about"], ["for"]) or (behind[:1] == ["by"] and behind[-1] in _INTERROGATORS)
        return _is_person(unit, head)
    if low[k + 1 : k + 2] in (["over"], ["about"]):
        return True  # "a man questioned over the theft was freed"
    if low[k + 1 : k + 2] == ["her"] and tags[k + 2 : k + 3] in ("", "P", "t", ",", "."):
        return True
    return _is_person(unit, _head(unit, k + 1, len(tags)))


def _was_planned(unit: Unit, first: int, verb: int) -> bool:
    """Whether the *was* or *were* at ``verb`` tells of a plan: "was to visit"; not "the aim was to visit", "was to become"."""
    low, tags = unit.low, unit.tags
    if low[verb + 1 : verb + 2] != ["to"] or tags[verb + 2 : verb + 3] not in ("W", "V", "b", "v"):
        return False
    planned = low[verb + 2]
    head = _head(unit, first, verb)
    if head is None or low[head] in _PURPOSES or planned in _TURNED_OUT or low[first] in ("what", "all"):
        return False
    if planned == "be":
        # "was to be held", but "it was to be his last match"
        return tags[verb + 3 : verb + 4] in ("E", "V") and low[verb + 3 : verb + 4] != ["known"]
    if planned == "have" or planned in _SCHEDULED:
        return True
    return _is_person(unit, head) or low[head] in lexicon.ORGANIZATION_HEADS or low[head] in lexicon.EVENT_NOUNS


#: Somebody, beside the roles of the lexicon.
_PERSONS: Final = (
    lexicon.SUBJECT_PRONOUNS - {"it"}
    | lexicon.ANONYMOUS_HEADS - {"source", "sources", "some", "most", "many", "several", "few", "one"}
    | {"him", "her", "them", "me", "us", "driver", "pilot", "guard", "youth", "relative", "clerk", "nurse", "teacher", "gunman"}
    | {"himself", "herself", "detainee", "prisoner", "banker", "accomplice", "child", "children", "crew", "pair", "couple"}
)
_INTERROGATORS: Final = frozenset({"police", "detectives", "investigators", "prosecutors", "officers", "agents"})
#: Of these "was to" says what they are, or what they led to.
_PURPOSES: Final = frozenset({
    "aim", "aims", "goal", "goals", "plan", "plans", "task", "tasks", "purpose", "idea", "intention", "objective", "job", "role",
    "mission", "point", "priority", "duty", "wish", "dream", "hope", "ambition", "challenge", "trick", "way", "step", "move",
    "act", "answer", "reply", "response", "reaction", "solution", "advice", "order", "orders", "proposal", "option",
    "alternative", "decision", "announcement", "effect", "result", "upshot", "consequence", "mistake", "strategy", "offer",
    "demand", "call",
})  # fmt: skip
#: "Was to" with these looks back on what came of it, or puts blame.
_TURNED_OUT: Final = frozenset({
    "become", "prove", "remain", "blame", "come", "follow", "die", "regret", "win", "lose", "spend", "last", "earn", "date",
    "learn", "discover", "say", "find", "make", "change", "bring", "haunt", "dominate", "lead",
})  # fmt: skip
#: What a thing that has its day does: "the bridge was to open in June".
_SCHEDULED: Final = frozenset(
    {"begin", "start", "open", "reopen", "close", "resume", "expire", "launch", "sail", "arrive", "depart"}
)
#: Not to say is to refuse: "would not say", "could not confirm".
_SPOKEN: Final = frozenset(
    {
        "say",
        "comment",
        "confirm",
        "discuss",
        "elaborate",
        "disclose",
        "reveal",
        "specify",
        "name",
        "identify",
        "provide",
        "answer",
        "drawn",
    }
)
#: Verbs of what a condition is put on: "will resign if", never "has lived here as long as".
_CONDITIONED: Final = frozenset(
    {"will", "would", "can", "could", "may", "might", "must", "shall", "should", "'ll", "’ll", "won't", "won’t", "'d", "’d"}
)
#: In front of these "if" asks ("they wonder if") or concedes ("even if").
_NO_CONDITION_BEHIND: Final = frozenset({
    "even", "as", "whether", "what", "asked", "ask", "asks", "asking", "wonder", "wonders", "wondered", "wondering", "see",
    "seeing", "know", "knows", "knew", "known", "determine", "decide", "tell", "clear", "unclear", "sure", "unsure",
    "uncertain", "care", "cares", "question", "questioned", "doubt", "about", "say", "matter",
})  # fmt: skip
#: Without one of these no condition is put.
_CONDITION_WORDS: Final = frozenset({"if", "unless", "provided", "providing", "long", "condition", "case", "event"})
_ASKING: Final = frozenset(
    {"asked", "ask", "asks", "asking", "wonder", "wonders", "wondered", "questioned", "unclear", "whether"}
)
_APPEALS: Final = frozenset(
    {("appealed", "for"), ("appeals", "for"), ("pleaded", "for"), ("campaigns", "for"), ("pressed", "for")}
)
#: Verbs of intention that are nouns as well.
_PLANS: Final = frozenset({"plans", "plan", "intends", "intend", "aims", "aim", "hopes", "hope"})
_HELPERS: Final = frozenset({"do", "does", "did", "not", "never", "still", "now", "also", "would", "will", "to"})
_CONDITIONS: Final = frozenset(
    {
        ("provided", "that"),
        ("providing", "that"),
        ("as", "long", "as"),
        ("so", "long", "as"),
        ("on", "condition", "that"),
        ("in", "case"),
        ("only", "if"),
        ("in", "the", "event"),
    }
)
_ADJECTIVES_OF_POSSIBILITY: Final = frozenset({"possible", "conceivable", "plausible", "thinkable"})


def _denied_at(group: list[str], k: int) -> bool:
    return any(w in _NOT for w in group[k + 1 : k + 2])


def _is_conditional(low: list[str], tags: str) -> bool:
    """Whether a condition is put by inversion ("should the talks fail, ...") or by a phrase ("provided that ...")."""
    if low[:1] and low[0] in ("should", "were", "had") and tags[1:2] and tags[1] in "DKOW" and "," in tags:
        after = low[tags.index(",") :]
        if any(w in ("would", "will", "could", "might", "may") for w in after):
            return True
    if _CONDITION_WORDS.isdisjoint(low):
        return False
    open_to_it = any(w in _CONDITIONED for w in low)
    for k, word in enumerate(low):
        if word in ("if", "unless"):
            previous, following = low[k - 1] if k else "", low[k + 1] if k + 1 < len(low) else ""
            if previous in _NO_CONDITION_BEHIND or following in ("not", "any", "anything", "ever", "only", "sometimes", "often"):
                continue
            if word == "if" and k and any(w in _ASKING for w in low[max(0, k - 3) : k]) and not open_to_it:
                continue
            return True
        if word in ("provided", "providing", "as", "so", "on", "in", "only"):
            for phrase in _CONDITIONS:
                if tuple(low[k : k + len(phrase)]) == phrase and (phrase[1] != "long" or open_to_it):
                    return True
    return False


def _is_subjunctive(unit: Unit) -> bool:
    """Whether the clause has a bare "be" for its verb: "the shrine be moved"."""
    low, tags = unit.low, unit.tags
    k = next((i for i, t in enumerate(tags) if t in "bvdmTV"), None)
    return k is not None and k > 0 and low[k] == "be" and tags[k - 1] in "KWOUE"


def _leaves_open(low: list[str], first: int, last: int) -> bool:
    """Whether the clause leaves a thing possible: "did not rule out", "is possible", "not impossible", "not unlikely"."""
    refused = False
    for k in range(first, last):
        word = low[k]
        if word in _NOT or word.endswith(("n't", "n’t")) or word in ("refused", "declined"):
            refused = True
        elif word in _NEGATIVE_OF_POSSIBLE or word in _ADJECTIVES_OF_POSSIBILITY:
            if any(
                w in ("is", "are", "was", "were", "be", "remains", "seems", "not", "as", "it") for w in low[max(first, k - 3) : k]
            ):
                return word != "impossible" or refused
        elif refused and word in ("rule", "ruled", "ruling", "exclude", "excluded"):
            return word.startswith("excl") or _rules_out(low, k)
    return False
