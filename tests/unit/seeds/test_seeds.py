"""The seeds that people edit: keys, spelling and references hold, and a name leads to one outlet or entity."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from courlan import extract_domain

from pipelines.read.gazetteers import load_gazetteer

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"

OUTLET_COLUMNS = ["outlet_id", "name", "domain", "country", "publisher_family_id", "is_wire_agency", "wikidata_id"]
COLUMNS = {
    "outlets": OUTLET_COLUMNS,
    "sample_outlets": OUTLET_COLUMNS,
    "outlet_aliases": ["alias", "outlet_id", "kind"],
    "publisher_families": ["publisher_family_id", "name", "is_sample"],
    "entity_aliases": ["alias", "name", "kind", "wikidata_id", "source"],
    "ambiguous_names": ["alias", "name", "kind", "wikidata_id", "clues", "is_default"],
    "office_holders": ["country", "descriptions", "name", "surname", "since", "until", "as_of", "source"],
    "country_words": ["country", "word"],
    "government_seats": ["seat", "government"],
    "reviews": ["contradiction_id", "review_status", "reviewer", "reviewed_on", "note"],
}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WIKIDATA_ID = re.compile(r"Q[1-9][0-9]*")
HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")

Row = dict[str, str]


def rows_of(seed: str) -> list[Row]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def normalise(name: str) -> str:
    """How a name is compared: lower case, without a leading article."""
    return re.sub(r"^the\s+", "", name.lower())


def repeated(values: Iterable[object]) -> list[object]:
    return [value for value, times in Counter(values).items() if times > 1]


def ambiguous(pairs: Iterable[tuple[object, object]]) -> dict[object, set[object]]:
    """The keys that lead to more than one target."""
    targets: dict[object, set[object]] = defaultdict(set)
    for key, target in pairs:
        targets[key].add(target)
    return {key: found for key, found in targets.items() if len(found) > 1}


def outlet_names() -> list[tuple[str, str]]:
    """Every name of an outlet, with its outlet."""
    names = [(row["name"], row["outlet_id"]) for seed in ("outlets", "sample_outlets") for row in rows_of(seed)]
    return names + [(row["alias"], row["outlet_id"]) for row in rows_of("outlet_aliases") if row["kind"] == "name"]


def outlet_domains() -> list[tuple[str, str]]:
    """Every domain of an outlet, with its outlet."""
    domains = [(row["domain"], row["outlet_id"]) for seed in ("outlets", "sample_outlets") for row in rows_of(seed)]
    return domains + [(row["alias"], row["outlet_id"]) for row in rows_of("outlet_aliases") if row["kind"] == "domain"]


@pytest.mark.parametrize("seed", COLUMNS)
def test_a_seed_is_utf8_with_its_columns_and_rows_of_equal_length(seed: str) -> None:
    text = (SEEDS / f"{seed}.csv").read_bytes().decode("utf-8", "strict")
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    assert text.endswith("\n")
    table = list(csv.reader(io.StringIO(text), strict=True))
    assert table[0] == COLUMNS[seed]
    assert [row for row in table if len(row) != len(COLUMNS[seed])] == []


@pytest.mark.parametrize("seed", COLUMNS)
def test_no_cell_has_stray_blanks_or_letters_put_together_from_parts(seed: str) -> None:
    cells = [cell for row in rows_of(seed) for cell in row.values()]
    assert [cell for cell in cells if cell != " ".join(cell.split())] == []
    assert [cell for cell in cells if cell != unicodedata.normalize("NFC", cell)] == []


@pytest.mark.parametrize("seed", ["outlets", "sample_outlets", "publisher_families"])
def test_ids_are_slugs_once_each_and_in_order(seed: str) -> None:
    ids = [row[COLUMNS[seed][0]] for row in rows_of(seed)]
    assert [value for value in ids if not SLUG.fullmatch(value)] == []
    assert repeated(ids) == []
    assert ids == sorted(ids)


@pytest.mark.parametrize("seed", ["outlet_aliases", "entity_aliases"])
def test_aliases_stand_once_each_and_in_order(seed: str) -> None:
    keys = [(row["alias"].lower(), row["alias"], row["kind"]) for row in rows_of(seed)]
    assert repeated(keys) == []
    assert keys == sorted(keys)


def test_sample_outlets_are_no_real_ones() -> None:
    sample = rows_of("sample_outlets")
    assert {row["outlet_id"] for row in sample}.isdisjoint(row["outlet_id"] for row in rows_of("outlets"))
    assert [row["domain"] for row in sample if not re.fullmatch(r"[a-z0-9-]+\.example", row["domain"])] == []
    assert [row for row in sample if row["country"] or row["wikidata_id"]] == []


def test_the_list_covers_the_world() -> None:
    outlets = rows_of("outlets")
    assert len(outlets) >= 250
    assert len({row["country"] for row in outlets if row["country"]}) >= 40
    assert sum(row["is_wire_agency"] == "true" for row in outlets) >= 20


@pytest.mark.parametrize("seed", ["outlets", "sample_outlets"])
def test_flags_and_countries_are_well_formed(seed: str) -> None:
    rows = rows_of(seed)
    assert {row["is_wire_agency"] for row in rows} <= {"true", "false"}
    assert [row for row in rows if not row["name"]] == []
    assert [row for row in rows if not re.fullmatch(r"[A-Z]{2}|", row["country"])] == []


def test_every_family_of_an_outlet_exists_and_every_family_has_an_outlet() -> None:
    families = {row["publisher_family_id"]: row["is_sample"] for row in rows_of("publisher_families")}
    assert set(families.values()) <= {"true", "false"}
    for seed, is_sample in (("outlets", "false"), ("sample_outlets", "true")):
        used = {row["publisher_family_id"] for row in rows_of(seed)}
        assert used == {family for family, flag in families.items() if flag == is_sample}


def test_main_domains_are_bare_registrable_domains() -> None:
    # By the Public Suffix List: news.example.co.uk and co.uk would not do, example.co.uk would.
    domains = [row["domain"] for row in rows_of("outlets")]
    assert [domain for domain in domains if not HOST.fullmatch(domain)] == []
    assert [domain for domain in domains if extract_domain(f"https://{domain}") != domain] == []


def test_other_domains_are_bare_hosts() -> None:
    # A host below somebody else's domain may stand here: abcnews.go.com.
    assert [domain for domain, _ in outlet_domains() if not HOST.fullmatch(domain)] == []
    assert [domain for domain, _ in outlet_domains() if domain.startswith("www.")] == []


def test_an_alias_names_an_outlet_that_exists() -> None:
    known = {row["outlet_id"] for seed in ("outlets", "sample_outlets") for row in rows_of(seed)}
    rows = rows_of("outlet_aliases")
    assert {row["kind"] for row in rows} == {"domain", "name"}
    assert [row for row in rows if row["outlet_id"] not in known] == []


def test_a_domain_leads_to_one_outlet_and_stands_once() -> None:
    assert ambiguous(outlet_domains()) == {}
    assert repeated(domain for domain, _ in outlet_domains()) == []


def test_a_credit_leads_to_one_outlet() -> None:
    assert ambiguous((normalise(name), outlet_id) for name, outlet_id in outlet_names()) == {}
    # Credits are compared without blanks and points as well, and people write ids for names: daily-mail, DailyMail.
    ids = [(outlet_id, outlet_id) for _, outlet_id in outlet_names()]
    assert ambiguous((re.sub(r"[\W_]+", "", normalise(name)), outlet_id) for name, outlet_id in outlet_names() + ids) == {}


@pytest.mark.parametrize(
    ("credit", "outlet_id"),
    [
        ("RT", "rt"),
        ("MailOnline", "daily-mail"),
        ("DailyMail.com", "daily-mail"),
        ("the FT", "financial-times"),
        ("Financial Times", "financial-times"),
        ("AP", "associated-press"),
        ("The Associated Press", "associated-press"),
        ("Agence France-Presse", "afp"),
        ("NYT", "new-york-times"),
        ("WSJ", "wall-street-journal"),
        ("HuffPo", "huffpost"),
        ("Fox", "fox-news"),
        ("Guardian", "the-guardian"),
        ("BBC News", "bbc"),
    ],
)
def test_usual_credits_resolve(credit: str, outlet_id: str) -> None:
    assert {normalise(name): found for name, found in outlet_names()}.get(normalise(credit)) == outlet_id


@pytest.mark.parametrize(
    ("domain", "outlet_id"),
    [("bbc.com", "bbc"), ("bbc.co.uk", "bbc"), ("dailymail.com", "daily-mail"), ("abcnews.go.com", "abc-news")],
)
def test_usual_domains_resolve(domain: str, outlet_id: str) -> None:
    assert dict(outlet_domains()).get(domain) == outlet_id


@pytest.mark.parametrize("seed", ["outlets", "sample_outlets", "entity_aliases", "ambiguous_names"])
def test_wikidata_ids_are_well_formed(seed: str) -> None:
    ids = [row["wikidata_id"] for row in rows_of(seed) if row["wikidata_id"]]
    assert [value for value in ids if not WIKIDATA_ID.fullmatch(value)] == []


def test_two_outlets_share_no_wikidata_id() -> None:
    assert repeated(row["wikidata_id"] for row in rows_of("outlets") if row["wikidata_id"]) == []


def test_entity_kinds_and_sources_are_known() -> None:
    rows = rows_of("entity_aliases")
    assert {row["kind"] for row in rows} <= {"person", "organization", "place", "other"}
    assert {row["source"] for row in rows} <= {"countries", "legislators", "common", "factbook"}
    assert len(rows) >= 2000


def test_an_alias_leads_to_one_entity_of_its_kind() -> None:
    pairs = [((normalise(row["alias"]), row["kind"]), (row["name"], row["wikidata_id"])) for row in rows_of("entity_aliases")]
    assert ambiguous(pairs) == {}


def test_an_entity_has_one_name_one_kind_and_one_wikidata_id() -> None:
    rows = rows_of("entity_aliases")
    assert ambiguous((row["wikidata_id"], (row["name"], row["kind"])) for row in rows if row["wikidata_id"]) == {}
    assert ambiguous(((row["name"], row["kind"]), row["wikidata_id"]) for row in rows) == {}


def test_an_entity_is_known_by_its_name() -> None:
    rows = rows_of("entity_aliases")
    aliases = {(row["alias"], row["kind"]) for row in rows}
    assert [row["name"] for row in rows if (row["name"], row["kind"]) not in aliases] == []


def test_an_outlet_and_the_entity_of_its_name_are_one() -> None:
    outlets = {normalise(row["name"]): row["wikidata_id"] for row in rows_of("outlets") if row["wikidata_id"]}
    listed = {
        normalise(row["name"]): row["wikidata_id"]
        for row in rows_of("entity_aliases")
        if row["kind"] == "organization" and row["wikidata_id"]
    }
    assert {name for name in outlets.keys() & listed.keys() if outlets[name] != listed[name]} == set()


@pytest.mark.parametrize(
    ("alias", "wikidata_id"),
    [
        ("Kiev", "Q1899"),
        ("Kyiv", "Q1899"),
        ("Zelensky", "Q3874799"),
        ("Volodymyr Zelenskiy", "Q3874799"),
        ("U.S.", "Q30"),
        ("Britain", "Q145"),
        ("UN", "Q1065"),
        ("GOP", "Q29468"),
        ("Burma", "Q836"),
    ],
)
def test_usual_names_of_entities_resolve(alias: str, wikidata_id: str) -> None:
    assert {row["wikidata_id"] for row in rows_of("entity_aliases") if row["alias"] == alias} == {wikidata_id}


def test_an_entity_that_an_ambiguous_name_may_mean_is_the_one_on_the_list() -> None:
    listed = {(row["name"], row["kind"]): row["wikidata_id"] for row in rows_of("entity_aliases")}
    senses = [row for row in rows_of("ambiguous_names") if row["name"]]
    assert [row for row in senses if listed.get((row["name"], row["kind"]), row["wikidata_id"]) != row["wikidata_id"]] == []


def test_an_ambiguous_name_has_several_meanings_told_apart_by_different_words() -> None:
    senses: dict[str, list[Row]] = defaultdict(list)
    for row in rows_of("ambiguous_names"):
        senses[row["alias"]].append(row)
    assert all(sum(row["is_default"] == "true" for row in rows) <= 1 for rows in senses.values())
    for alias, rows in senses.items():
        clues = [clue for row in rows for clue in row["clues"].split(";")]
        assert repeated(clues) == [] or alias in {"Georgia", "Senate", "House", "Supreme Court"}, alias
        assert [clue for clue in clues if not clue or clue == alias] == []


def test_what_a_name_means_by_default_is_what_the_list_says() -> None:
    listed = {row["alias"]: row["name"] for row in rows_of("entity_aliases")}
    defaults = [row for row in rows_of("ambiguous_names") if row["is_default"] == "true"]
    assert [row["alias"] for row in defaults if listed.get(row["alias"], row["name"]) != row["name"]] == []


def test_everybody_who_holds_an_office_is_on_the_list_and_one_at_a_time() -> None:
    people = {row["alias"] for row in rows_of("entity_aliases") if row["kind"] == "person"}
    holders = rows_of("office_holders")
    assert len({row["country"] for row in holders}) >= 150
    assert [row["name"] for row in holders if row["name"] not in people] == []
    terms: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in holders:
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["since"])
        assert bool(row["until"]) != bool(row["as_of"]), row
        for description in row["descriptions"].split(";"):
            terms[row["country"], description].append((row["since"], row["until"] or row["as_of"]))
    for office, spans in terms.items():
        spans.sort()
        assert [later for (_, until), later in pairwise(spans) if later[0] < until] == [], office


def test_a_word_names_one_country() -> None:
    rows = rows_of("country_words")
    assert repeated(row["word"] for row in rows) == []
    assert {row["country"] for row in rows_of("office_holders")} <= {row["country"] for row in rows}
    words = {row["word"]: row["country"] for row in rows}
    assert [words[word] for word in ("French", "France", "U.S.", "British", "Russian", "UN")] == [
        "France", "France", "United States", "United Kingdom", "Russia", "United Nations",
    ]  # fmt: skip


def test_seats_stand_for_governments_on_the_list() -> None:
    bodies = {row["alias"] for row in rows_of("entity_aliases") if row["kind"] == "organization"}
    seats = {row["seat"]: row["government"] for row in rows_of("government_seats")}
    assert set(seats.values()) <= bodies
    assert seats["Kremlin"] == seats["Moscow"] == "Government of Russia"
    assert seats["White House"] == "Government of the United States"
    assert seats["Downing Street"] == "Government of the United Kingdom"
    assert seats["Kyiv"] == seats["Kiev"] == "Government of Ukraine"


def test_countries_and_nearly_all_capitals_have_a_wikidata_id() -> None:
    listed = {row["alias"]: row["wikidata_id"] for row in rows_of("entity_aliases") if row["kind"] == "place"}
    gazetteer = load_gazetteer()
    # Unrecognized states and overseas regions may lack one.
    assert len([name for name in set(gazetteer.countries.values()) if not listed.get(name)]) <= 10
    assert len([name for name in gazetteer.capitals if not listed.get(name)]) <= 25


def test_reviews_decide_something() -> None:
    rows = rows_of("reviews")
    assert {row["review_status"] for row in rows} <= {"confirmed", "dismissed", "unreviewed"}
    assert repeated(row["contradiction_id"] for row in rows) == []
    assert [row for row in rows if not re.fullmatch(r"\d{4}-\d{2}-\d{2}|", row["reviewed_on"])] == []
