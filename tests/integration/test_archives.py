"""What is stored goes out as a WARC and comes back the same; a better extractor is run over the past without a fetch."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import pipelines.clean.documents as documents_module
from pipelines.acquire.files import read_files
from pipelines.acquire.keep import keep
from pipelines.acquire.pages import PageStore
from pipelines.acquire.warc_out import write_warc
from pipelines.orchestration.archive import ExportError, export_warc
from pipelines.orchestration.assets import reclean as reclean_module
from pipelines.orchestration.assets.acquire import read_into
from pipelines.orchestration.assets.clean import clean_pending, relate_articles
from pipelines.orchestration.assets.read import read_pending
from pipelines.orchestration.assets.reclean import reclean_documents
from pipelines.settings import SAMPLE_PAGES, Settings, load_settings
from pipelines.tables import CLAIM_RELATIONS, COMPARISONS, STORY_ARTICLES
from pipelines.warehouse import Transaction, Warehouse

PARAGRAPH = (
    "The harbour board of Port Alma said on Monday that seven people were rescued when the ferry Selene ran aground off the"
    " northern mole, and that nobody had been hurt. A spokesman, Tomas Ferro, said the captain would be heard on Tuesday. "
)


class Home:
    """A home folder in which rooms are run one by one, in this process."""

    def __init__(self, path: Path) -> None:
        self.settings: Settings = load_settings(home=path, workers=1, batch_documents=4)
        self.warehouse = Warehouse.from_settings(self.settings)

    def take(self, *inputs: Path) -> Home:
        read_into(self.warehouse, self.settings, list(inputs), "run")
        clean_pending(self.warehouse, self.settings)
        relate_articles(self.warehouse)
        return self

    def rows(self, relation: str, *without: str) -> list[str]:
        return sorted(map(repr, self.warehouse.read(f"select * from {relation}").drop(without).rows()))

    def statuses(self) -> dict[str, int]:
        return dict(self.warehouse.read("select status, count(*) from raw.fetches group by 1 order by 1").iter_rows())


def write_inputs(folder: Path) -> None:
    """A text file, and records: with a web address, with what is said about them, with neither."""
    folder.mkdir()
    (folder / "flash.txt").write_text("Ferry aground off Port Alma\n\n" + PARAGRAPH * 2)
    page = f"<html><head><title>Ferry aground</title></head><body><h1>Ferry aground</h1><p>{PARAGRAPH * 2}</p></body></html>"
    records = [
        {"html": page, "url": "https://northwire.example/ferry?id=1"},
        {"text": PARAGRAPH, "url": "https://daily-lantern.example/ferry", "outlet": "Daily Lantern", "title": "Ferry “Selene”"},
        {"text": PARAGRAPH + "It floats.", "title": "Ferry floats", "authors": ["Mira Osten"], "published_on": "2026-03-02"},
        {"html": page.replace("Ferry aground", "Ferry sinks"), "url": "https://open-ledger.example/ferry"},
        {"html": page.replace("Ferry aground", "Quake near Varda"), "url": "https://open-ledger.example/quake"},
        {
            "html": "<html><head><title>Nobody hurt</title></head><body><p>Nobody on the Selene was hurt.</p></body></html>",
            "url": "https://northwire.example/brief",
        },
    ]
    (folder / "records.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))


@pytest.fixture
def inputs(tmp_path: Path) -> list[Path]:
    """The same, and pages and digests of the sample."""
    write_inputs(tmp_path / "inputs")
    return [tmp_path / "inputs", *sorted((SAMPLE_PAGES / "northwire").glob("*"))[:4], SAMPLE_PAGES / "digest"]


def test_an_export_read_into_an_empty_home_gives_the_same_documents_and_articles(tmp_path: Path, inputs: list[Path]) -> None:
    one = Home(tmp_path / "one").take(*inputs)
    warc = tmp_path / "pages.warc.gz"
    exported = export_warc(one.settings, warc)
    assert (exported.written, sum(exported.skipped.values())) == (len(one.rows("raw.documents")), 0)
    other = Home(tmp_path / "other").take(warc)
    volatile = ("fetch_id", "stored_at", "url")
    assert other.rows("raw.documents", *volatile) == one.rows("raw.documents", *volatile)
    assert other.rows("raw.articles") == one.rows("raw.articles")
    assert len(one.rows("raw.articles")) > 8
    assert one.statuses() == other.statuses()
    # Read again under another name: the same records are the same attempts.
    copy = tmp_path / "copy.warc.gz"
    copy.write_bytes(warc.read_bytes())
    assert other.take(copy).statuses() == one.statuses()


def test_no_folder_of_this_machine_leaves_with_an_export(tmp_path: Path, inputs: list[Path]) -> None:
    one = Home(tmp_path / "one").take(*inputs)
    warc = tmp_path / "pages.warc"
    export_warc(one.settings, warc)
    assert str(tmp_path).encode() not in warc.read_bytes()


def test_an_export_holds_only_what_was_asked_for_and_says_when_that_is_nothing(tmp_path: Path, inputs: list[Path]) -> None:
    one = Home(tmp_path / "one").take(*inputs)
    with pytest.raises(ExportError, match="holds no stored documents of these"):
        export_warc(one.settings, tmp_path / "none.warc.gz", since=date(2999, 1, 1))
    with pytest.raises(ExportError, match="outlets are known after a run only"):
        export_warc(one.settings, tmp_path / "none.warc.gz", outlet="northwire.example")
    with pytest.raises(ExportError, match=r"ends in \.warc or \.warc\.gz"):
        export_warc(one.settings, tmp_path / "none.zip")
    assert not list(tmp_path.glob("none*"))
    with one.warehouse.transaction() as transaction:
        transaction.query("create schema if not exists marts")
        transaction.query(
            "create table marts.fct_articles as select document_id, 'wire' as outlet_id from raw.articles where url is not null"
        )
    assert export_warc(one.settings, tmp_path / "wire.warc.gz", outlet="wire").written == 4


def test_an_export_of_a_folder_that_is_no_home_says_so_and_makes_none(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="holds no warehouse"):
        export_warc(load_settings(home=tmp_path / "typo"), tmp_path / "pages.warc.gz")
    assert not list(tmp_path.iterdir())


def test_an_export_that_fails_leaves_the_archive_that_was_there(tmp_path: Path) -> None:
    warc = tmp_path / "pages.warc.gz"
    warc.write_bytes(b"the last good one")

    def broken() -> Any:
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        write_warc(warc, broken(), software="counterclaim")
    assert warc.read_bytes() == b"the last good one"
    assert list(tmp_path.iterdir()) == [warc]


def test_a_damaged_stored_file_costs_its_own_documents_only(tmp_path: Path, inputs: list[Path]) -> None:
    one = Home(tmp_path / "one").take(*inputs)
    stored = sorted(one.settings.pages.rglob("*.parquet"))
    stored[0].write_bytes(b"PAR1 damaged")
    exported = export_warc(one.settings, tmp_path / "rest.warc.gz")
    assert exported.written > 0
    (reason,) = exported.skipped
    assert str(stored[0]) in reason


def test_a_damaged_stored_file_stops_no_run_and_names_itself_in_the_rows_of_its_documents(tmp_path: Path) -> None:
    write_inputs(tmp_path / "inputs")
    home = Home(tmp_path / "home")
    read_into(home.warehouse, home.settings, [tmp_path / "inputs"], "run")
    damaged = sorted(home.settings.pages.rglob("*.parquet"))[0]
    damaged.write_bytes(b"PAR1 damaged")
    counts, problems = clean_pending(home.warehouse, home.settings)
    assert counts["articles"] > 0
    named = [problem for problem in problems if str(damaged) in problem]
    assert len(named) == home.statuses()["parse_error"] > 0
    assert clean_pending(home.warehouse, home.settings)[0]["documents"] == 0


# -- reclean -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def better(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a new extractor give other titles for some pages and find what the old one missed."""

    def install(change: Callable[[Any], Any], least: int = documents_module.MIN_BODY_WORDS, name: str = "extractor 2") -> None:
        original = documents_module._of_extracted
        monkeypatch.setattr(documents_module, "_of_extracted", lambda page: change(original(page)))
        monkeypatch.setattr(documents_module, "MIN_BODY_WORDS", least)
        monkeypatch.setattr(documents_module, "EXTRACTOR", name)
        monkeypatch.setattr(reclean_module, "EXTRACTOR", name)

    return install


def retitled(found: Any) -> Any:
    return replace(found, title=f"{found.title} (anew)") if "Ferry" in found.title else found


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which everything has been read, and claims of different articles stand in relations."""
    folder = tmp_path_factory.mktemp("filled")
    write_inputs(folder / "inputs")
    home = Home(folder / "home").take(folder / "inputs")
    read_pending(home.warehouse, home.settings)
    with home.warehouse.transaction() as transaction:
        claims = transaction.query("select claim_id from raw.claims order by claim_id")["claim_id"].to_list()
        rows = [
            {"claim_a_id": a, "claim_b_id": b, "relation": "compatible", "score": 0.5, "detector": "test", "comparison_id": "s"}
            for a, b in itertools.pairwise(claims)
        ]
        transaction.insert_new(CLAIM_RELATIONS, CLAIM_RELATIONS.frame(rows))  # type: ignore[arg-type]
        compared = [{"comparison_id": comparison, "inputs": "as they were"} for comparison in ("s", "another")]
        transaction.insert_new(COMPARISONS, COMPARISONS.frame(compared))  # type: ignore[arg-type]
        articles = transaction.query("select article_id from raw.articles")["article_id"]
        stories = [{"story_id": "s", "article_id": article_id} for article_id in articles]
        transaction.insert_new(STORY_ARTICLES, STORY_ARTICLES.frame(stories))  # type: ignore[arg-type]
    return folder / "home"


@pytest.fixture
def filled(tmp_path: Path, filled_once: Path) -> Home:
    """A copy of that home."""
    shutil.copytree(filled_once, tmp_path / "home")
    return Home(tmp_path / "home")


def assert_sound(home: Home) -> None:
    """Nothing was read from an article that is not there, and no text stands twice."""
    read = home.warehouse.read
    for table in ("raw.sentences", "raw.mentions", "raw.claims", "analysis.story_articles"):
        assert read(f"select count(*) from {table} where article_id not in (select article_id from raw.articles)").item() == 0
    for table in ("raw.attributions", "raw.quantities", "raw.times"):
        assert read(f"select count(*) from {table} where claim_id not in (select claim_id from raw.claims)").item() == 0
    for column in CLAIM_RELATIONS.key:
        gone = f"select count(*) from analysis.claim_relations where {column} not in (select claim_id from raw.claims)"
        assert read(gone).item() == 0
    for article_id, text in read("select article_id, text from raw.articles").iter_rows():
        spans = read("select char_start, char_end from raw.sentences where article_id = ?", [article_id])
        assert all(0 <= start < end <= len(text) for start, end in spans.iter_rows())


def test_a_better_extractor_replaces_texts_without_making_versions(filled: Home, better: Callable[..., None]) -> None:
    before = filled.warehouse.read("select * from raw.articles")
    unread = filled.warehouse.read("select article_id from raw.articles").height
    better(retitled)
    counts = reclean_documents(filled.warehouse, filled.settings)
    relate_articles(filled.warehouse)
    after = filled.warehouse.read("select * from raw.articles")
    assert counts["articles changed or gone"] > 0
    # Whatever comes of reading it anew, the story that lost pairs is compared anew.
    assert filled.warehouse.read(f"select comparison_id from {COMPARISONS.relation}")["comparison_id"].to_list() == ["another"]
    assert after.height == before.height == unread
    assert after["extractor"].unique().to_list() == ["extractor 2"]
    assert set(after["version_no"]) == set(before["version_no"])
    changed = set(after["article_id"]) - set(before["article_id"])
    assert len(changed) == counts["articles changed or gone"]
    # What did not change keeps what was read from it; only the rest waits to be read.
    waiting = set(
        filled.warehouse.read("select article_id from raw.articles except select article_id from raw.sentences")["article_id"]
    )
    assert waiting == changed
    assert_sound(filled)
    read_pending(filled.warehouse, filled.settings)
    assert_sound(filled)


def test_cleaning_anew_with_the_same_extractor_does_nothing_unless_told_to(filled: Home) -> None:
    tables = ("raw.articles", "raw.sentences", "raw.claims", "raw.fetches", "analysis.claim_relations", "analysis.story_articles")
    before = {table: filled.rows(table) for table in tables}
    counts = reclean_documents(filled.warehouse, filled.settings)
    assert counts["documents"] == 1  # the page that gave nothing is tried again
    assert {table: filled.rows(table) for table in tables} == before
    counts = reclean_documents(filled.warehouse, filled.settings, everything=True)
    assert counts["documents"] == len(filled.rows("raw.documents"))
    assert {table: filled.rows(table) for table in tables} == before


def test_a_page_that_gave_nothing_is_ok_once_it_gives_an_article_and_the_other_way_round(
    filled: Home, better: Callable[..., None]
) -> None:
    assert filled.statuses()["too_thin"] == 1
    documents = filled.warehouse.read("select count(*) from raw.articles").item()
    better(lambda found: found, least=1)
    counts = reclean_documents(filled.warehouse, filled.settings)
    assert (counts["recovered"], counts["lost"]) == (1, 0)
    assert "too_thin" not in filled.statuses()
    assert filled.warehouse.read("select count(*) from raw.fetches where status = 'ok' and error is not null").item() == 0
    assert filled.warehouse.read("select count(*) from raw.articles").item() == documents + 1
    better(lambda found: found, name="extractor 3")
    counts = reclean_documents(filled.warehouse, filled.settings)
    assert (counts["recovered"], counts["lost"]) == (0, 1)
    assert filled.statuses()["too_thin"] == 1
    assert_sound(filled)


def test_cleaning_anew_keeps_the_articles_whose_stored_pages_are_gone(filled: Home, better: Callable[..., None]) -> None:
    before = filled.rows("raw.articles", "extractor")
    statuses = filled.statuses()
    for stored in filled.settings.pages.rglob("*.parquet"):
        stored.unlink()
    better(retitled)
    counts = reclean_documents(filled.warehouse, filled.settings)
    assert counts["unreadable"] == counts["documents"] == len(filled.rows("raw.documents"))
    assert filled.rows("raw.articles", "extractor") == before
    assert filled.statuses() == statuses
    assert_sound(filled)


def test_only_the_days_asked_for_are_cleaned_anew(filled: Home, better: Callable[..., None]) -> None:
    better(retitled)
    assert reclean_documents(filled.warehouse, filled.settings, since=date(2999, 1, 1))["documents"] == 0


def test_a_page_under_two_documents_is_one_article_before_and_after(tmp_path: Path, better: Callable[..., None]) -> None:
    page = "<html><head><title>A ferry</title><link rel=canonical href='https://northwire.example/f'></head>{}<p>" + PARAGRAPH
    (tmp_path / "a.html").write_text(page.format("<body>"))
    (tmp_path / "b.html").write_text(page.format("<body class=b>"))
    home = Home(tmp_path / "home").take(tmp_path / "a.html", tmp_path / "b.html")
    assert home.statuses() == {"ok": 1, "duplicate": 1}
    better(lambda found: replace(found, title="A ferry anew"))
    reclean_documents(home.warehouse, home.settings)
    assert home.statuses() == {"ok": 1, "duplicate": 1}
    titles = home.warehouse.read("select title, count(*) from raw.articles group by 1").rows()
    assert titles == [("A ferry anew", 1)]


def test_the_version_that_is_left_is_the_current_one(tmp_path: Path, better: Callable[..., None]) -> None:
    page = "<html><head><title>{}</title><link rel=canonical href='https://northwire.example/f'></head><body><p>" + PARAGRAPH
    (tmp_path / "a.html").write_text(page.format("A ferry"))
    (tmp_path / "b.html").write_text(page.format("Two ferries"))
    home = Home(tmp_path / "home").take(tmp_path / "a.html", tmp_path / "b.html")
    last = home.warehouse.read("select title from raw.articles where version_no = 2 and is_current").item()

    def without_last(found: Any) -> Any:
        if found.title == last:
            raise documents_module.CleanError("a page of cookies")
        return found

    better(without_last)
    assert reclean_documents(home.warehouse, home.settings)["lost"] == 1
    relate_articles(home.warehouse)
    assert home.warehouse.read("select version_no, is_current from raw.articles").rows() == [(1, True)]


class Killed(BaseException):
    """The process ends here: nothing after this moment happens, and what was not committed is gone."""


def test_cleaning_anew_killed_at_any_moment_and_started_again_ends_as_if_never_killed(
    tmp_path: Path, filled: Home, better: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    better(retitled)
    points = itertools.count(1)
    kill_at = 0

    def dangerous(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if next(points) == kill_at:
                raise Killed
            result = function(*args, **kwargs)
            if next(points) == kill_at:
                raise Killed
            return result

        return wrapped

    def copy(name: str) -> Home:
        shutil.copytree(filled.settings.home, tmp_path / name)
        return Home(tmp_path / name)

    untouched = copy("untouched").settings.home
    reclean_documents(filled.warehouse, filled.settings)
    tables = ("raw.articles", "raw.sentences", "raw.claims", "raw.times", "raw.fetches", "analysis.claim_relations")
    expected = {table: filled.rows(table) for table in tables}
    for name in ("_insert", "update", "replace_where"):
        monkeypatch.setattr(Transaction, name, dangerous(getattr(Transaction, name)))
    shutil.copytree(untouched, tmp_path / "counted")
    counted = Home(tmp_path / "counted")
    reclean_documents(counted.warehouse, counted.settings)
    end = next(points)
    assert end > 30
    for number, at in enumerate((2, end // 3, end // 2, end - 2)):
        shutil.copytree(untouched, tmp_path / f"killed-{number}")
        home = Home(tmp_path / f"killed-{number}")
        points, kill_at = itertools.count(1), at
        with pytest.raises(Killed):
            reclean_documents(home.warehouse, home.settings)
        kill_at = 0
        assert_sound(home)
        reclean_documents(home.warehouse, home.settings)
        assert {table: home.rows(table) for table in tables} == expected


# -- page store ----------------------------------------------------------------------------------------------------------


def test_a_kill_between_the_stored_file_and_its_rows_leaves_a_file_that_hurts_nobody(tmp_path: Path, inputs: list[Path]) -> None:
    home = Home(tmp_path / "home")
    store = PageStore(home.settings.home)
    keep(list(read_files(inputs, max_bytes=1_000_000))[:3], set(), store, "killed", datetime.now(UTC))
    home.take(*inputs)
    whole = Home(tmp_path / "whole").take(*inputs)
    assert home.rows("raw.articles") == whole.rows("raw.articles")
    # Anyone reads the store with DuckDB alone.
    stored = home.warehouse.read(f"select document_id from read_parquet('{home.settings.pages}/*/*.parquet')")
    assert set(home.warehouse.read("select document_id from raw.documents")["document_id"]) <= set(stored["document_id"])
