"""The typed records that the readers pass to each other, one article at a time.

Offsets are half-open, in Unicode code points of the article's text. A reader is a plain function from text and earlier
records to records; a trained model replaces a function behind the same signature.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; sentence 0 of an article is its headline."""

    sentence_no: int
    start: int
    end: int
    paragraph_no: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A name: ``kind`` is one of :data:`pipelines.tables.MENTION_KINDS`."""

    sentence_no: int
    start: int
    end: int
    surface: str
    kind: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who vouches for something, in the words of the article.

    ``antecedent`` is the name that a pronoun or description stands for within the article, where that is known.
    """

    start: int
    end: int
    text: str
    kind: str
    is_anonymous: bool = False
    antecedent: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """A source, a cue and a content (PolNeAR's triple): somebody said something.

    ``content`` may have several parts (a quotation broken by ``he said``) and may cross sentences. ``parent`` is the
    index, in the list it comes in, of the attribution whose content holds this one (RT reports that the FT says that ...).
    """

    actor: Actor | None
    cue_start: int
    cue_end: int
    cue: str
    cue_kind: str
    content: tuple[tuple[int, int], ...]
    is_direct: bool = False
    parent: int | None = None
    #: base form of the cue, where the reader knows it (``say``, ``play down``); empty from a model that does not.
    cue_lemma: str = ""
    #: whether the cue is a noun with a clause (*the claim that ...*) rather than a verb.
    is_noun: bool = False


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of the chain between the outlet and a claim; :attr:`cue` is empty where none stands."""

    actor: Actor
    cue: str | None
    cue_kind: str
    cue_start: int | None = None
    cue_end: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A span inside one sentence that states a proposition, and who vouches for it: the outlet where ``hops`` is empty."""

    sentence_no: int
    start: int
    end: int
    text: str
    polarity: str
    modality: str
    hops: tuple[Hop, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value as an interval: a bound of None is open. ``unit`` and ``dimension`` as in raw.quantities."""

    start: int
    end: int
    dimension: str
    lower: float | None
    upper: float | None
    unit: str | None
    approximation: str
    counted: str | None


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A date or period as a half-open interval of moments in UTC."""

    start: int
    end: int
    start_at: datetime
    end_at: datetime
    precision: str
