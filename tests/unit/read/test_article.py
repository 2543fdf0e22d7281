"""One article through all readers, and many as frames. People, places and outlets are invented."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import tables
from pipelines.read import article as room
from pipelines.read.article import read_article, read_articles, reader

TEXT = """Bridge falls in Drovia

The old bridge fell on Monday, and 12 people were killed, Ida Varga said.

The Norrland Times has reported that the repair will cost $3 million. Jon Holm denied that the bridge was old."""


def row(text: str = TEXT, **other: Any) -> dict[str, Any]:
    return {
        "article_id": "a1",
        "text": text,
        "language": "en",
        "published_at": datetime(2022, 2, 9, 12, tzinfo=UTC),
        "published_precision": "minute",
        "title": text.partition("\n")[0],
    } | other


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return tables.ARTICLES.frame(list(rows))


def test_values_and_days_lie_in_the_claims_they_are_given_for() -> None:
    reading = read_article(row())
    assert not reading.failures
    assert len(reading.claims) == len(reading.quantities) == len(reading.times)
    found = {(c.text, q.dimension) for c, values in zip(reading.claims, reading.quantities, strict=True) for q in values}
    assert any(dimension == "money" and "repair" in text for text, dimension in found)
    assert any(dimension == "count" and "killed" in text for text, dimension in found)
    for claim, values, times in zip(reading.claims, reading.quantities, reading.times, strict=True):
        assert all(claim.start <= v.start and v.end <= claim.end for v in values)
        assert all(claim.start <= t.start and t.end <= claim.end for t in times)


def test_yesterday_is_counted_from_the_publishers_own_day_else_from_that_of_the_dateline() -> None:
    evening = datetime(2022, 2, 9, 3, tzinfo=UTC)  # the evening of the 8th in Washington

    def yesterday(text: str, published_on: date | None) -> date:
        reading = read_article(row(text, published_at=evening, published_on=published_on))
        return next(t.start_at.date() for times in reading.times for t in times)

    plain = "Bridge falls\n\nThe old bridge in Drovia fell yesterday."
    written = "Bridge falls\n\nWASHINGTON (Courier Wire) - The old bridge in Drovia fell yesterday."
    assert yesterday(plain, date(2022, 2, 8)) == date(2022, 2, 7)
    assert yesterday(plain, None) == date(2022, 2, 8)
    assert yesterday(written, None) == date(2022, 2, 7)
    assert yesterday(written, date(2022, 2, 9)) == date(2022, 2, 8)


def test_the_frames_have_exactly_the_schemas_of_the_tables() -> None:
    report = read_articles(frame(row(), row(article_id="a2")))
    for name, table in (
        ("sentences", tables.SENTENCES),
        ("mentions", tables.MENTIONS),
        ("claims", tables.CLAIMS),
        ("attributions", tables.ATTRIBUTIONS),
        ("quantities", tables.QUANTITIES),
        ("times", tables.TIMES),
    ):
        rows: pl.DataFrame = getattr(report, name)
        assert rows.schema == table.schema, name
        assert rows.height > 0, name
        assert not rows.select(table.key).is_duplicated().any(), name
        for column in table.columns:
            if not column.nullable:
                assert rows[column.name].null_count() == 0, (name, column.name)
            if column.accepted:
                assert set(rows[column.name].drop_nulls()) <= set(column.accepted), (name, column.name)
    assert set(report.sentences["reader"]) == {reader()}
    assert set(report.sentences["article_id"]) == {"a1", "a2"}
    assert report.failures == []


def test_no_articles_give_empty_frames_with_their_schemas() -> None:
    report = read_articles(tables.ARTICLES.empty())
    assert report.claims.schema == tables.CLAIMS.schema
    assert report.claims.height == 0


def test_the_words_of_every_row_stand_where_it_says() -> None:
    report = read_articles(frame(row()))
    for claim in report.claims.iter_rows(named=True):
        assert TEXT[claim["char_start"] : claim["char_end"]] == claim["text"]
    for hop in report.attributions.iter_rows(named=True):
        assert TEXT[hop["char_start"] : hop["char_end"]] == hop["actor"]
        assert TEXT[hop["cue_start"] : hop["cue_end"]] == hop["cue"]
    for mention in report.mentions.iter_rows(named=True):
        assert TEXT[mention["char_start"] : mention["char_end"]] == mention["surface"]


def test_hops_count_from_one_and_belong_to_claims() -> None:
    report = read_articles(frame(row()))
    assert report.attributions.group_by("claim_id").agg(pl.col("hop_no").min())["hop_no"].unique().to_list() == [1]
    assert set(report.attributions["claim_id"]) <= set(report.claims["claim_id"])
    denied = report.claims.filter(pl.col("modality") == "denied").join(report.attributions, on="claim_id")
    assert denied.select("text", "actor", "cue_kind").rows() == [("the bridge was old", "Jon Holm", "denies")]


def test_ids_are_the_same_in_every_run_and_differ_between_articles() -> None:
    once, again = read_articles(frame(row())), read_articles(frame(row()))
    other = read_articles(frame(row(article_id="a2")))
    assert once.claims["claim_id"].to_list() == again.claims["claim_id"].to_list()
    assert not set(once.claims["claim_id"]) & set(other.claims["claim_id"])
    assert not set(once.mentions["mention_id"]) & set(other.mentions["mention_id"])


def test_a_reader_that_fails_costs_its_own_rows_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[object]:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(room, "find_attributions", fail)
    report = read_articles(frame(row()))
    assert report.failures == [("a1", "attributions: RuntimeError: no such luck")]
    assert report.sentences.height > 0
    assert report.claims.height > 0
    assert report.attributions.height == 0


def test_an_article_has_its_sentences_even_when_their_reader_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[object]:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(room, "split_sentences", fail)
    report = read_articles(frame(row()))
    assert [f[0] for f in report.failures] == ["a1"]
    assert report.sentences.height == 3


def test_in_other_languages_every_claim_is_the_outlets_own() -> None:
    text = "Die Brücke\n\n„Die Brücke ist gefallen“, sagte Ida Varga am Montag vor dem Rathaus der Stadt."
    reading = read_article(row(text, language="de"))
    assert reading.attributions == []
    assert len(reading.sentences) > 1
    assert all(c.hops == () for c in reading.claims)


def test_an_article_without_date_or_text_is_read() -> None:
    assert read_article(row("", published_at=None, published_precision="unknown")).sentences == []
    assert read_article(row(published_at=None, published_precision="unknown")).failures == []


def test_reading_in_processes_gives_the_same_rows() -> None:
    articles = frame(*[row(article_id=f"a{k}") for k in range(130)])
    alone, together = read_articles(articles), read_articles(articles, workers=2)
    assert alone.claims.equals(together.claims)
    assert alone.attributions.equals(together.attributions)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_without_failure(text: str) -> None:
    assert read_article(row(text)).failures == []
