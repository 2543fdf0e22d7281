"""Denials, negations and opposites: words by which one sentence takes back what another states.

Three signs, from the surest to the weakest: somebody denies, rejects or calls false (a *denial*); the same words stand
under a negation on one side alone (a *negation*); one side uses the opposite of the other's word (a *semantic* conflict).
Each is only a sign: whether both sentences are about one thing is for :mod:`relations` to weigh.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pipelines.compare.similarity import MOST_CHARS, concept, stem, words
from pipelines.negations import NOT_UNTIL

_TOKEN: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[,;:.!?()\"“”—–-]")

#: Somebody contests something. Stems.
_CONTEST: Final = frozenset(
    map(
        stem,
        words(
            "deny reject dismiss refute dispute rebut contradict contest disavow repudiate disown debunk discredit doubt "
            "disagree counter denounce decry misinterpretation misinterpret mischaracterize mischaracterization misrepresent "
            "exonerate vindicate disbelieve"
        ),
    )
)
#: What is contested is called this. Stems.
_CALLED_FALSE: Final = frozenset(
    map(
        stem,
        words(
            "false untrue wrong baseless unfounded groundless bogus phony fake hoax fabricated fabrication misleading inaccurate "
            "inaccuracy incorrect ridiculous absurd nonsense preposterous ludicrous laughable smear myth spurious erroneous "
            "distortion falsehood unsubstantiated disingenuous lie fiction untruthful unproven innocent fallacy defamatory"
        ),
    )
)
#: Denials of several words, lower-cased, apostrophes straight.
_DENYING_PHRASES: Final = re.compile(
    r"\b(?:no (?:truth|basis|evidence|proof|such|merit|wrongdoing|collusion|way)|(?:scant|little|without|lack of|lacks|any) "
    r"(?:any )?(?:evidence|proof|basis)|nothing to do with|not true|not the case|not correct|not accurate|anything but|far from|"
    r"witch.?hunt|push(?:ed|es|ing)? back|cast(?:s|ing)? doubt|(?:did|does|do|is|was|are|were|has|have)(?: not|n't) (?:ever )?"
    r"(?:believe|agree|know|think)|contrary to|never happened|any (?:wrongdoing|misconduct|involvement|knowledge|role|link)|"
    r"at odds with|made up|simply impossible|out of the question|plead(?:ed|s)? not guilty|not guilty)\b"
)
#: A denial of something said, rather than a refusal of something asked: "denied", "disputed", "rejected the claim".
_PLAIN_DENIAL: Final = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|disput(?:es|ed|ing)|refut(?:e|es|ed|ing)|rebut(?:s|ted|ting)?|"
    r"debunk(?:s|ed|ing)?|disavow(?:s|ed|ing)?|(?:reject|dismiss|rubbish|brush)(?:s|es|ed|ing)?(?: \S+){0,4} (?:claims?|reports?|"
    r"accusations?|allegations?|characteri[sz]ations?|notions?|ideas?|suggestions?|assertions?|charges?|rumou?rs?|account)|"
    r"(?:reports?|claims?|accusations?|allegations?|story|stories|rumou?rs?|accounts?)(?: \S+){0,3} (?:false|wrong|untrue|"
    r"baseless|unfounded|fake|fabricated|inaccurate|incorrect|misleading|ridiculous|absurd|nonsense)|"
    r"fake news|no truth|not true)\b"
)
#: What a court, a board or a border refuses is no statement.
_REFUSAL: Final = re.compile(
    r"\bden(?:y|ies|ied|ying)(?: \S+){0,3} (?:stays?|requests?|petitions?|appeals?|motions?|applications?|bail|bond|parole|"
    r"visas?|access|entry|asylum|permission|permits?|injunctions?|review|relief)\b"
    r"|\bden(?:y|ies|ied|ying)(?: (?!(?:that|any|ever|having|reports?|claims?|allegations?|\w+ing)\b)[\w'-]+){4,6} "
    r"(?:access|entry|asylum|permission)\b"
)
#: Whoever is cleared of a thing did not do it; a way is cleared, a square, or something is clear, of other things.
_CLEARED: Final = re.compile(
    r"(?<!not )(?<!n't )\b(?:cleared|clears|absolved|absolves)(?: (?!(?:way|path|use|sale)\b)[\w'.-]+){0,7}? "
    r"of(?= (?:(?:any|all|the|such|having) )*(?:\w{3,}ing|wrongdoing|misconduct|guilt|blame|responsibility|involvement|"
    r"corruption|fraud|bribery|bias|murder|collusion|obstruction|discrimination|negligence|perjury|treason|abuse|assault|rape|"
    r"charges|allegations|accusations|claims)\b)"
)
#: "a widely debunked theory" is only called so.
_CALLED_DEBUNKED: Final = re.compile(r"\b(?:an?|the) (?:[\w-]+ly )?debunked (?=\w)")
#: Who denies knowing of a thing, or a part in it, or that there was anything improper in it, does not deny the thing.
_DISTANCING: Final = re.compile(
    r"\bden(?:y|ies|ied|ying)(?:(?: \S+){0,2} (?:knowledge|knowing|involvement|role|part|wrongdoing|misconduct|responsibility|"
    r"improper|inappropriate)\b|(?: \S+){0,6} (?:behind|responsible for|involved in|complicit|to blame for)\b)"
)
#: A denial of whatever one is accused of.
_BLANKET: Final = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|disput(?:es|ed|ing)|refut(?:es|ed|ing))(?: \S+){0,2} "
    r"(?:(?:wrongdoing|misconduct|involvement|allegations?|accusations?|charges?|claims?)\b|it[.,;])|"
    r"\bplead(?:s|ed)? not guilty\b"
)
#: Somebody is accused.
_ACCUSING: Final = re.compile(
    r"\b(?:accus(?:e|es|ed|ing|ations?)|alleg(?:e|es|ed|edly|ing|ations?)|charged|indict(?:s|ed|ment)?|"
    r"blam(?:e|es|ed|ing)|implicat\w+)\b"
)
#: Whom it is of that somebody is accused: "accused Varga", "blamed Marland", "allegations against Varga", "alleges that Varga
#: took"; and, after the name, "has been accused", "allegedly".
_ACCUSES_NEXT: Final = re.compile(
    r"\b(?:(?:accus(?:e|es|ed|ing)|blam(?:e|es|ed|ing)|charg(?:e|es|ed|ing)|indict(?:s|ed|ing)?|implicat(?:e|es|ed|ing))"
    r"(?: (?!(?:by|of|for|with|that)\b)[\w.'-]+){0,4}?|(?:accus\w+|blam\w+|alleg\w+|charges?)(?: [\w.'-]+){0,9}? (?:against|on)"
    r"(?: (?!(?:by|of|for|with|that)\b)[\w.'-]+){0,3}?|alleg(?:e|es|ed|ing) that\b.{0,80}?) $"
)
_IS_ACCUSED: Final = re.compile(
    r"^.{0,160}?(?:\b(?:is|are|was|were|been|being|stands?|stood) (?:\w+ ){0,2}(?:accused|blamed|charged|indicted|implicated|"
    r"alleged)\b|\ballegedly\b)"
)
#: What is asked, supposed or wished is no statement that another could contradict.
_HYPOTHETICAL: Final = re.compile(r"\?|\b(?:if|unless|whether|could|should|may|might|must|wants?|hopes?|calls? (?:on|for))\b")
#: What is looked into is not stated: "an investigation into Marland's meddling".
_LOOKED_INTO: Final = re.compile(
    r"\b(?:investigat(?:ions?|ors?)|prob(?:es?|ing)|inquir(?:y|ies)|hearings?|look(?:s|ed|ing)?) (?:into|of|on|about)\b"
    r"|\binvestigat(?:e|es|ed|ing)\b"
)
#: What is stated may yet come out otherwise.
_EXPECTING: Final = re.compile(
    r"\b(?:expect(?:s|ed|ing)?|forecast(?:s|ed)?|project(?:s|ed|ion|ions)|predict(?:s|ed|ion)?|scheduled|slated|due|set|likely|"
    r"plan(?:s|ned)?|proposed?|proposal|estimate[sd]?) (?:to|for|on|that|be|by|a|an|the|at)\b|"
    r"\b(?:will|would|shall|won't|wouldn't)\b"
)
_NEGATION: Final = re.compile(
    r"\b(?:not|never|no|neither|nor|none|nobody|nothing|cannot|\w+n't|den(?:y|ies|ied|ying)|fail\w*|refus\w*|declin\w*|unable)\b"
)
#: Somebody is said to have done wrong: what a denial answers. Stems.
_ALLEGING: Final = frozenset(
    map(
        stem,
        words(
            "accuse allege charge indict blame suspect claim accusation allegation assert guilty violate illegal illegally "
            "unlawful wrongdoing misconduct responsible blamed conclude confirm reveal admit admission"
        ),
    )
)
#: Somebody makes a case. Stems.
_ARGUING: Final = frozenset(map(stem, words("argue insist claim contend maintain believe think because fact assert reason")))
_NEGATORS: Final = frozenset(
    words(
        "not never no neither nor none nobody nothing cannot can't won't don't doesn't didn't isn't aren't wasn't weren't "
        "hasn't haven't hadn't wouldn't couldn't shouldn't mustn't ain't hardly scarcely"
    )
)
#: Words that negate what they govern. Stems. Those that forbid or prevent are not among them: what is forbidden is stated of
#: the ban by both sides ("restricts using troops", "forbids using troops").
_NEGATING_VERBS: Final = frozenset(map(stem, words("fail refuse decline deny unable")))
#: After a negation these turn it into "and more": "not just an error".
_NOT_JUST: Final = frozenset(words("only just merely simply necessarily alone"))
#: A negation reaches this many words, or to the next break of the clause.
_SCOPE_WORDS, _SCOPE_OF_VERB = 7, 14
_BREAKS: Final = frozenset(",;:.!?()—–")
_BREAK_WORDS: Final = frozenset(words("but although though while because whereas unless until who whom which where whose"))

#: Words that cannot both hold of one thing: the two sides of a line, each with its own synonyms.
_OPPOSITES: Final[tuple[tuple[str, str], ...]] = (
    ("accept agree embrace welcome", "reject refuse oppose decline"),
    ("rise increase grow gain jump surge climb expand", "fall decline drop decrease shrink plunge reduce cut"),
    ("win victory succeed success", "lose loss defeat fail failure"),
    ("open", "close shut"),
    ("approve uphold allow permit lift", "block ban prohibit overturn strike halt bar"),
    ("alive survive", "die kill"),
    ("accident accidental", "attack deliberate intentional"),
    ("legal lawful constitutional", "illegal unlawful unconstitutional"),
    ("support back favor favour endorse", "oppose condemn denounce criticize"),
    ("guilty", "innocent acquit acquitted"),
    ("confirm", "deny"),
    ("true real genuine", "false fake hoax untrue bogus"),
    ("safe secure", "dangerous unsafe threat"),
    ("strong", "weak"),
    ("protect defend", "harm endanger undermine"),
    ("stay remain keep", "leave withdraw resign quit"),
    ("release free", "detain jail imprison hold"),
    ("unanimous unanimously unified", "divided split"),
    ("consensual", "nonconsensual rape force"),
    ("complete full fully entire", "partial partially limited"),
    ("success successful victory", "failure failed disaster"),
    ("necessary essential need", "unnecessary needless"),
    ("public publicly", "secret secretly private privately"),
    ("peaceful", "violent"),
    ("first", "last"),
    ("raise", "lower"),
    ("more", "less fewer"),
    ("better improve", "worse worsen"),
    ("before", "after"),
    ("early", "late"),
    ("sincere honest", "charade dishonest lie"),
    ("comply honor honour", "violate breach break"),
    ("valid", "invalid void"),
    ("fair", "unfair biased"),
    ("respect", "disrespect"),
    ("resume continue", "suspend halt end stop"),
    ("voluntary voluntarily", "forced fired ousted"),
)
_OPPOSITE_OF: dict[str, frozenset[str]] = {}
for _left, _right in _OPPOSITES:
    _one, _two = frozenset(map(stem, _left.split())), frozenset(map(stem, _right.split()))
    for _word in _one:
        _OPPOSITE_OF[_word] = _OPPOSITE_OF.get(_word, frozenset()) | _two
    for _word in _two:
        _OPPOSITE_OF[_word] = _OPPOSITE_OF.get(_word, frozenset()) | _one
#: Stem -> stems of its opposites.
OPPOSITES: Final[Mapping[str, frozenset[str]]] = _OPPOSITE_OF
_PREFIXES: Final = ("un", "in", "im", "il", "ir", "dis", "non", "mis")


@dataclass(frozen=True, slots=True)
class Stance:
    """How a sentence holds what it is about.

    ``contests``, ``calls_false``, ``phrases``: words by which somebody contests something; ``negated``: concepts that stand
    under a negation; ``plain``: concepts that do not; ``alleges``: words of accusation or finding; ``stems``: every stem;
    ``against``: the stems that are opposed to one of them; ``negations``: how many there are, the first at ``negation_at``;
    ``argues``: somebody makes a case; ``accuses``: somebody is accused.

    ``is_plain_denial``: something said is denied; ``is_blanket_denial``: whatever one is accused of is; ``is_distancing``:
    only knowledge of a thing or a part in it is; ``is_refusal``: a request is refused. ``is_hypothetical``: what is stated
    is only asked or supposed; ``is_expecting``: it is to come; ``looked_into_at``: where what is only looked into begins.
    """

    contests: tuple[str, ...]
    calls_false: tuple[str, ...]
    phrases: tuple[str, ...]
    negated: frozenset[str]
    plain: frozenset[str]
    alleges: tuple[str, ...]
    stems: frozenset[str]
    against: frozenset[str]
    negations: int
    argues: bool
    is_plain_denial: bool
    is_refusal: bool
    is_blanket_denial: bool
    accuses: bool
    is_distancing: bool
    is_hypothetical: bool
    is_expecting: bool
    negation_at: int | None
    looked_into_at: int | None

    @property
    def denies(self) -> bool:
        """Whether anything in the sentence contests something."""
        return bool(self.contests or self.calls_false or self.phrases)


def stance(text: str) -> Stance:
    """The stance of a sentence."""
    written = text[:MOST_CHARS].lower().replace("’", "'")
    # What did not happen until June did happen; blanks for the negator, so that all else keeps its place.
    text = NOT_UNTIL.sub(_without_negator, written)
    # "cleared of bribery" is no bribery; the two words are of one length, so that all else keeps its place.
    text = _CLEARED.sub(lambda found: found.group()[:-2] + "no", text)
    is_refusal = bool(_REFUSAL.search(text))
    contests, calls_false, alleges = [], [], []
    negated: set[str] = set()
    plain: set[str] = set()
    stems: set[str] = set()
    reach = 0
    negations = 0
    previous = ""
    # "does not, however, allow" negates allow.
    for token in _TOKEN.findall(text.replace(", however,", "")):
        if token in _BREAKS or token in _BREAK_WORDS:
            reach = 0
            continue
        if token in _NEGATORS or token.endswith("n't"):
            reach, negations = _SCOPE_WORDS, negations + 1
            previous = token
            continue
        if token in _NOT_JUST and (previous in _NEGATORS or previous.endswith("n't")):
            reach, negations = 0, negations - 1
            continue
        stemmed = stem(token)
        previous = token
        if not stemmed or not stemmed[0].isalnum():
            continue
        stems.add(stemmed)
        key = concept(token)
        if key:
            (negated if reach else plain).add(key)
        under = reach > 0
        if stemmed in _CONTEST and not under:
            contests.append(stemmed)
        elif stemmed in _CALLED_FALSE and not under:
            calls_false.append(stemmed)
        elif stemmed in _ALLEGING and not under:
            alleges.append(stemmed)
        if reach:
            reach -= 1
        if stemmed in _NEGATING_VERBS and not is_refusal:
            reach, negations = _SCOPE_OF_VERB, negations + 1
    negation, looked_into = _NEGATION.search(text), _LOOKED_INTO.search(text)
    return Stance(
        contests=tuple(contests),
        calls_false=tuple(calls_false),
        phrases=tuple(match.group() for match in _DENYING_PHRASES.finditer(text)),
        negated=frozenset(negated - plain),
        plain=frozenset(plain),
        alleges=tuple(alleges),
        stems=frozenset(stems),
        against=frozenset().union(*map(_opposites_of, stems)),
        negations=negations,
        argues=not _ARGUING.isdisjoint(stems),
        is_plain_denial=bool(_PLAIN_DENIAL.search(_CALLED_DEBUNKED.sub(" ", text))) and not is_refusal,
        is_refusal=is_refusal,
        is_blanket_denial=bool(_BLANKET.search(text)) and not is_refusal,
        accuses=bool(_ACCUSING.search(text)),
        is_distancing=bool(_DISTANCING.search(text)),
        is_hypothetical=bool(_HYPOTHETICAL.search(text)),
        is_expecting=bool(_EXPECTING.search(written)),
        negation_at=negation.start() if negation else None,
        looked_into_at=looked_into.start() if looked_into else None,
    )


def is_accused(name: str, text: str) -> bool:
    """Whether a sentence says that whom it names so is accused of something.

    Args:
        name: a word of the name, in lower case.
        text: the sentence.
    """
    written = text[:MOST_CHARS].lower().replace("’", "'")
    return any(
        _ACCUSES_NEXT.search(written[: found.start()]) or _IS_ACCUSED.match(written[found.end() :])
        for found in re.finditer(rf"\b{re.escape(name)}\b", written)
    )


def _without_negator(found: re.Match[str]) -> str:
    return " " * len(found["negator"]) + found.group()[len(found["negator"]) :]


@lru_cache(maxsize=16_384)
def _opposites_of(word: str) -> frozenset[str]:
    """The stems opposed to a stem: those of the lexicon, and legal / illegal and their like."""
    found = set(OPPOSITES.get(word, ()))
    if len(word) > 4:
        found.update(prefix + word for prefix in _PREFIXES)
        found.update(word[len(prefix) :] for prefix in _PREFIXES if word.startswith(prefix) and len(word) - len(prefix) > 4)
    return frozenset(found)


def crossed_words(one: Stance, other: Stance) -> frozenset[str]:
    """The concepts that one of two sides negates and the other affirms."""
    return (one.negated & other.plain) | (other.negated & one.plain)


def opposites(one: Stance, other: Stance) -> tuple[tuple[str, str], ...]:
    """Pairs of opposite words, one from each side, neither of which the other side uses too; sorted."""
    if not one.against & other.stems:
        return ()
    return tuple(
        sorted(
            (word, opposite)
            for word in one.stems - other.stems
            for opposite in _opposites_of(word) & other.stems
            if opposite not in one.stems
        )
    )
