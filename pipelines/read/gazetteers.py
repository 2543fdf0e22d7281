"""Lists of names that the readers look words up in: is ``Norden`` a place, which country does ``Russian`` stand for?

Whom an office, a seat of government or an ambiguous name stands for is decided in dbt, from seeds that people edit.

The lists lie in ``pipelines/read/data`` as CSV, one entry a row. ``countries``, ``places``, ``organizations``,
``seats`` and ``clue_words`` were written for this project. ``cities`` are the 5,400 names of cities above
100,000 inhabitants that are neither words nor common personal names, from GeoNames (geonames.org, CC BY 4.0).
``given_names`` unite a list written for this project with the most frequent of the 1990 census of the United States and
those of its legislators (both public domain). ``common_words`` are words seen three times or more in English text and mostly
in small letters, counted over the training parts of GUM, WNUT17 and Worldwide newswire.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names by what they name; keys have straight apostrophes.

    ``places`` and ``demonyms`` lead to the country, which is empty for what lies in none or in several.
    """

    places: dict[str, str]
    countries: dict[str, str]
    capitals: dict[str, str]
    demonyms: dict[str, str]
    seats: dict[str, str]
    organizations: frozenset[str]
    given_names: frozenset[str]
    common_words: frozenset[str]


def _rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of one list."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _column(name: str, column: str) -> frozenset[str]:
    return frozenset(row[column] for row in _rows(name))


def without_accents(text: str) -> str:
    """``Bogotá`` -> ``Bogota``: newspapers write foreign names both ways."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def normalise(name: str) -> str:
    """A name as the lists have it: straight apostrophes, single spaces."""
    return " ".join(name.replace("’", "'").split())


@cache
def load_gazetteer() -> Gazetteer:
    """All lists, read once a process (30 ms)."""
    countries: dict[str, str] = {}
    capitals: dict[str, str] = {}
    demonyms: dict[str, str] = {}
    for row in _rows("countries"):
        country = row["country"]
        for alias in (country, *row["aliases"].split(";")):
            countries.setdefault(normalise(alias), country)
        for capital in row["capitals"].split(";"):
            capitals.setdefault(normalise(capital), country)
        for demonym in row["demonyms"].split(";"):
            demonyms.setdefault(normalise(demonym), country)
    for names in (countries, capitals, demonyms):
        names.pop("", None)
    seats = {normalise(row["seat"]): row["country"] for row in _rows("seats")}
    places = {row["city"]: row["country"] for row in _rows("cities")}
    places |= {normalise(row["place"]): row["country"] for row in _rows("places")}
    places |= capitals | countries
    places = {without_accents(name): country for name, country in places.items()} | places
    return Gazetteer(
        places=places,
        countries=countries,
        capitals=capitals,
        demonyms=demonyms,
        seats=seats,
        organizations=frozenset(normalise(name) for name in _column("organizations", "organization")),
        given_names=_column("given_names", "given_name"),
        common_words=_column("common_words", "word"),
    )


@cache
def clue_words(name: str) -> frozenset[str]:
    """One of the lists of words that stand in names or beside them: ``org_heads``, ``place_nouns``, ``speech`` ...

    Raises:
        KeyError: there is no such list.
    """
    return _clue_lists()[name]


@cache
def _clue_lists() -> dict[str, frozenset[str]]:
    lists: dict[str, set[str]] = {}
    for row in _rows("clue_words"):
        lists.setdefault(row["list"], set()).add(row["word"])
    return {name: frozenset(words) for name, words in lists.items()}


def demonym_country(word: str) -> str | None:
    """The country of a demonym or nationality: ``British`` -> ``United Kingdom``; ``None`` for any other word."""
    return load_gazetteer().demonyms.get(normalise(word))
