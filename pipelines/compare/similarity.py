"""Similarity: the words of a sentence reduced to what it is about, and how much two sentences are about the same.

A sentence becomes a :class:`Bag`: stems of its content words, words of one meaning under one stem (``promise``,
``pledge`` and ``vow``), names by their last word, without the cues and speakers that only attribute. Similarity is the
weighted overlap of two bags, where a word that few sentences of the story have weighs more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def words(text: str) -> tuple[str, ...]:
    """The words of a table written as running text."""
    return tuple(text.split())


#: Longest stretch of a sentence that is looked at; a longer one is a list or a page that was not split.
MOST_CHARS: Final = 2_000

_IRREGULAR: Final[Mapping[str, str]] = dict(
    pair.split(":")
    for pair in words("""
    said:say says:say told:tell won:win lost:lose met:meet fell:fall fallen:fall rose:rise risen:rise struck:strike shot:shoot
    died:die dead:die dies:die dying:die death:die deaths:die deadly:die broke:break broken:break paid:pay knew:know known:know
    held:hold made:make gave:give given:give took:take taken:take left:leave kept:keep brought:bring bought:buy sold:sell
    sent:send spent:spend built:build thought:think found:find began:begin begun:begin ran:run came:come went:go gone:go saw:see
    seen:see stood:stand fought:fight led:lead spoke:speak spoken:speak wrote:write written:write chose:choose chosen:choose
    stole:steal stolen:steal drew:draw drawn:draw flew:fly flown:fly grew:grow grown:grow hid:hide hidden:hide threw:throw
    withdrew:withdraw withdrawn:withdraw withdrawal:withdraw withdrawals:withdraw lied:lie lying:lie lies:lie liar:lie
    children:child men:man women:woman denial:deny denials:deny denies:deny denied:deny killing:kill killings:kill
    refusal:refuse approval:approve arrival:arrive removal:remove rejection:reject accusation:accuse accusations:accuse
    allegation:allege allegations:allege agreement:agree agreements:agree decision:decide knowledge:know proof:prove
    resignation:resign confirmation:confirm election:elect elections:elect elected:elect collusion:collude violation:violate
    violations:violate payment:pay payments:pay interference:interfere meddling:meddle suspicion:suspect investigation:investigate
    """)
)

#: Words that state the same thing about an event, under one stem. Small and hand-made: news verbs in which two outlets
#: word one deed.
_CLASSES: Final[tuple[str, ...]] = (
    "agree deal accord pact treaty truce settlement compromise promise pledge vow commit commitment",
    "withdraw pullout pull-out retreat",
    "attack strike assault raid bomb bombing shell airstrike bombard",
    "kill slay murder assassinate die perish",
    "injure wound hurt casualty",
    "arrest detain custody jail imprison",
    "win victory triumph beat defeat",
    "talk meeting summit negotiate negotiation discussion conversation",
    "meddle interfere interference",
    "collude collusion conspire conspiracy coordinate",
    "violate breach break",
    "accuse allege charge blame claim",
    "resign quit step-down",
    "fire sack oust dismiss",
    "ban prohibit bar outlaw forbid",
    "block halt suspend freeze",
    "approve pass endorse adopt ratify",
    "law legislation bill act statute",
    "pay payment reimburse compensate",
    "lie false untrue falsehood fabricate hoax fake phony bogus",
    "shoot gunfire shooting gunman shooter",
    "troop soldier force",
    "rise increase grow climb jump surge",
    "fall decline drop decrease shrink plunge",
    "close shut shutter",
    "begin start launch open",
    "demand request ask seek",
    "racist racism bigot bigotry",
    "president white-house administration",
    "probe investigate inquiry investigation",
    "aid help assist support",
    "protest demonstrate rally protester demonstrator",
    "evidence proof prove",
    "mention refer",
    # A country, its people and the capital that speaks for it.
    "russia russian kremlin moscow",
    "ukraine ukrainian kiev kyiv",
    "china chinese beijing",
    "american america washington",
    "britain british uk london",
    "france french paris",
    "germany german berlin",
    "israel israeli jerusalem",
    "palestine palestinian",
    "iran iranian tehran",
    "iraq iraqi baghdad",
    "turkey turkish ankara",
    "saudi riyadh",
    "syria syrian damascus",
    "korea korean pyongyang seoul",
    "japan japanese tokyo",
    "india indian delhi",
    "pakistan pakistani islamabad",
    "europe european eu brussels",
    "mexico mexican",
    "canada canadian ottawa",
    "poland polish warsaw",
    "belarus belarusian minsk",
    "italy italian rome",
    "spain spanish madrid",
    "venezuela venezuelan caracas",
    "afghanistan afghan kabul",
)

#: The stop words of scikit-learn (the list of Glasgow's Information Retrieval Group): importing them takes longer than all else
#: that a worker process of the comparison needs.
_ENGLISH: Final = frozenset(
    words("""
    a about above across after afterwards again against all almost alone along already also although always am among
    amongst amoungst amount an and another any anyhow anyone anything anyway anywhere are around as at back be became
    because become becomes becoming been before beforehand behind being below beside besides between beyond bill both
    bottom but by call can cannot cant co con could couldnt cry de describe detail do done down due during each eg eight
    either eleven else elsewhere empty enough etc even ever every everyone everything everywhere except few fifteen fifty
    fill find fire first five for former formerly forty found four from front full further get give go had has hasnt have
    he hence her here hereafter hereby herein hereupon hers herself him himself his how however hundred i ie if in inc
    indeed interest into is it its itself keep last latter latterly least less ltd made many may me meanwhile might mill
    mine more moreover most mostly move much must my myself name namely neither never nevertheless next nine no nobody
    none noone nor not nothing now nowhere of off often on once one only onto or other others otherwise our ours ourselves
    out over own part per perhaps please put rather re same see seem seemed seeming seems serious several she should show
    side since sincere six sixty so some somehow someone something sometime sometimes somewhere still such system take ten
    than that the their them themselves then thence there thereafter thereby therefore therein thereupon these they thick
    thin third this those though three through throughout thru thus to together too top toward towards twelve twenty two
    un under until up upon us very via was we well were what whatever when whence whenever where whereafter whereas
    whereby wherein whereupon wherever whether which while whither who whoever whole whom whose why will with within
    without would yet you your yours yourself yourselves
    """)
)
#: scikit-learn's English stop words but for those that name things in news: a fire, a bill, a system.
STOP_WORDS: Final = _ENGLISH - frozenset(
    words(
        "amount bill call computer cry describe detail empty fill find fire found full interest keep mill mine move part put "
        "serious show sincere side system thick thin top"
    )
)
#: Words of attribution, time and newspaper grammar that say nothing about what a sentence is about.
_EMPTY: Final = STOP_WORDS | frozenset(
    words(
        """
    say says said saying tell tells told telling state stated states add added adds report reported reports reporting according
    announce announced claim claims claimed insist insisted insists argue argued argues deny denied denies denying dispute
    disputed mr mrs ms dr sir also just like get got does did doing didn didn't don don't isn wasn aren weren won't wouldn
    couldn hasn haven hadn new old year years day days week weeks month months time today yesterday tomorrow monday tuesday
    wednesday thursday friday saturday sunday january february march april may june july august september october november
    december morning evening night afternoon later earlier ago news statement interview spokesman spokeswoman spokesperson
    not no nor never neither none without can't cannot going want wants wanted people thing things way make makes made
    """
    )
)

_DOUBLED: Final = re.compile(r"([bdgklmnprt])\1$")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A lower-cased word without its inflection: good for matching two sentences, not for showing to people."""
    word = word.replace("’", "'")
    if word.endswith(("'s", "s'")):
        word = word[:-2] if word.endswith("'s") else word[:-1]
    if word in _IRREGULAR:
        word = _IRREGULAR[word]
        return word[:-1] if len(word) > 3 and word.endswith("e") else word
    if word.endswith("eed") and len(word) > 5:
        word = word[:-1]
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes", "zes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, least in (("ing", 6), ("ied", 5), ("ed", 5), ("ment", 8), ("ation", 8), ("ion", 8), ("ly", 6)):
        if len(word) >= least and word.endswith(ending):
            word = word[: -len(ending)] + ("y" if ending == "ied" else "")
            if ending in ("ing", "ed"):
                word = _DOUBLED.sub(r"\1", word)
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


_CLASS_OF: Final[Mapping[str, str]] = {stem(word): stem(line.split()[0]) for line in _CLASSES for word in reversed(line.split())}


@lru_cache(maxsize=65_536)
def concept(word: str) -> str | None:
    """What a word (any case) counts as in a bag: its stem, or that of its class; None for words that say nothing."""
    low = word.lower()
    if low in _EMPTY or (len(low) < 2 and not low.isdigit()):
        return None
    stemmed = stem(low)
    if stemmed in _EMPTY or len(stemmed) < 2:
        return None
    return _CLASS_OF.get(stemmed, stemmed)


def concepts(text: str) -> frozenset[str]:
    """What the words of a table written as running text count as."""
    return frozenset(key for key in map(concept, words(text)) if key)


@dataclass(frozen=True, slots=True)
class Bag:
    """What a sentence is about: ``words`` (concepts, names included) and the ``names`` among them."""

    words: frozenset[str]
    names: frozenset[str]


def name_key(surface: str) -> str | None:
    """What a name counts as: its last word that says something, so that ``Anna Berg`` and ``Ms Berg`` are one."""
    keys = [key for key in map(concept, WORD.findall(surface)) if key]
    return keys[-1] if keys else None


def bag(text: str, names: Iterable[str] = ()) -> Bag:
    """The bag of a text; ``names`` are the surfaces of the mentions in it."""
    found = [key for key in map(concept, WORD.findall(text[:MOST_CHARS])) if key]
    keys = frozenset(key for key in map(name_key, names) if key)
    return Bag(frozenset(found) | keys, keys)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a word tells within one story: log of how many sentences there are to each that has it."""

    sentences: int
    frequency: Mapping[str, int]
    # Of a story, which is soon forgotten: each word is asked for in many pairs of sentences.
    _known: dict[str, float] = field(default_factory=dict, init=False, repr=False, compare=False)
    _masses: dict[frozenset[str], float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __call__(self, word: str) -> float:
        """Weight of a concept, 1 and up."""
        weight = self._known.get(word)
        if weight is None:
            weight = self._known[word] = 1.0 + math.log((self.sentences + 20) / (self.frequency.get(word, 0) + 1))
        return weight

    def mass(self, words: Iterable[str]) -> float:
        """The squares of the weights of some concepts, summed up in the order of the alphabet."""
        return sum(self(word) ** 2 for word in sorted(words))

    def mass_of(self, one: Bag) -> float:
        """The same of the words of a sentence of the story, reckoned once."""
        mass = self._masses.get(one.words)
        if mass is None:
            mass = self.mass(one.words)
            if self.frequency:
                self._masses[one.words] = mass
        return mass

    @classmethod
    def of(cls, bags: Iterable[Bag]) -> Weights:
        """Weights from the bags of every sentence of a story."""
        frequency: dict[str, int] = {}
        count = 0
        for one in bags:
            count += 1
            for word in one.words:
                frequency[word] = frequency.get(word, 0) + 1
        return cls(count, frequency)


#: Weights where there is no story: every word tells the same.
EVEN: Final = Weights(0, {})


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much two bags share.

    ``cosine`` of both, ``contained`` the share of the smaller that the other has too, ``shared`` and ``shared_names`` what
    they have in common; all weights squared, as in a cosine.
    """

    cosine: float
    contained: float
    shared: frozenset[str]
    shared_names: frozenset[str]


def overlap(one: Bag, other: Bag, weights: Weights = EVEN) -> Overlap:
    """The overlap of two bags; symmetric."""
    shared = one.words & other.words
    mass, mass_one, mass_other = weights.mass(shared), weights.mass_of(one), weights.mass_of(other)
    smaller = min(mass_one, mass_other)
    return Overlap(
        cosine=mass / math.sqrt(mass_one * mass_other) if smaller else 0.0,
        contained=mass / smaller if smaller else 0.0,
        shared=shared,
        shared_names=one.names & other.names,
    )
