"""What is due: decided from what earlier runs left, and from nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.acquire.crawl import KNOWN_FETCHES, Policy, fetch_url, list_validators, plan_pages
from pipelines.tables import ENTRIES, FETCHES

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
PAGE = "https://north.example/1"
SCHEMA = FETCHES.empty().select(KNOWN_FETCHES).schema


def entry(url: str = PAGE, *, source: str = "feed:a", published: float | None = 0.0, listed: float = 0.0) -> dict[str, object]:
    """An entry; times in hours before now."""
    return {
        "entry_id": f"{source} {url}",
        "source_id": source,
        "url": url,
        "published_at": None if published is None else NOW - timedelta(hours=published),
        "listed_at": NOW - timedelta(hours=listed),
        "fetch_id": "f",
    }


def tried(hours: float, status: str = "ok", code: int | None = 200, **others: str) -> dict[str, object]:
    """An attempt at the page so many hours ago."""
    attempt = {
        "source_id": "feed:a",
        "url": PAGE,
        "method": "feed",
        "run_id": f"run {hours}",
        "requested_at": NOW - timedelta(hours=hours),
        "status": status,
        "http_status": code,
        "content_sha256": "s" if status == "ok" else None,
    }
    return {**attempt, **others}


def due(*attempts: dict[str, object], policy: Policy | None = None, **entry_values: float) -> str | None:
    """Why the page is asked for, if it is."""
    fetches = pl.DataFrame(list(attempts), schema=SCHEMA)
    plan, _ = plan_pages(ENTRIES.frame([entry(**entry_values)]), fetches, policy or Policy(), NOW)
    return plan["reason"].item() if plan.height else None


def test_a_page_that_was_never_asked_for_is_due() -> None:
    assert due() == "new"


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        ([1], None),
        ([23.4], None),
        ([23.9], "again"),  # a daily run begins before the moment at which it got the page the day before
        ([24.1], "again"),
        ([24.1, 0.3], None),
        ([50, 25], None),
        ([50, 27, 1], None),
        ([169, 100], "again"),
        ([169, 1], None),
        ([200], "again"),
        ([400], None),
    ],
)
def test_a_page_is_asked_for_again_after_a_day_and_after_a_week_once_each(ages: list[float], expected: str | None) -> None:
    first, *later = ages
    assert due(tried(first), *[tried(hours, "not_modified", 304) for hours in later], published=500, listed=500) == expected


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("http_error", 404),
        ("http_error", 410),
        ("http_error", 403),
        ("robots_disallowed", None),
        ("unsupported_type", 200),
        ("refused_address", None),
        ("too_large", 200),
        ("parse_error", 200),
    ],
)
def test_what_failed_for_good_is_left_alone(status: str, code: int | None) -> None:
    assert due(tried(500, status, code), listed=600, published=600) is None
    assert due(tried(80), tried(30, status, code)) is None  # withdrawn: what came stays, nobody asks for more


@pytest.mark.parametrize(
    ("status", "code"),
    [("timeout", None), ("http_error", 503), ("http_error", 429), ("http_error", None), ("robots_disallowed", 503)],
)
def test_what_may_pass_is_tried_again_ever_less_often_and_then_given_up(status: str, code: int | None) -> None:
    waits = (1, 4, 24, 72)
    for number in range(1, 5):
        runs = [tried(200 - n, status, code, run_id=f"r{n}") for n in range(number - 1)]
        assert due(*runs, tried(waits[number - 1] - 0.1, status, code)) is None
        assert due(*runs, tried(waits[number - 1] + 0.1, status, code)) == "retry"
    assert due(*[tried(500 + n, status, code, run_id=f"r{n}") for n in range(5)], listed=600, published=600) is None


def test_several_tries_of_one_run_are_one_failure() -> None:
    assert due(*[tried(1.5 + n / 100, "timeout", None, run_id="r") for n in range(3)]) == "retry"


def test_a_failed_second_fetch_is_tried_again_too() -> None:
    assert due(tried(30), tried(2, "timeout", None)) == "retry"
    assert due(tried(30), tried(0.5, "timeout", None)) is None


def test_a_page_without_an_article_is_asked_for_again_as_well() -> None:
    assert due(tried(25, "too_thin", 200, content_sha256="s")) == "again"


def test_what_was_old_when_first_listed_is_not_asked_for_and_counted() -> None:
    plan, too_old = plan_pages(ENTRIES.frame([entry(published=31 * 24)]), pl.DataFrame(schema=SCHEMA), Policy(), NOW)
    assert (plan.height, too_old) == (0, 1)
    assert due(published=29 * 24) == "new"
    assert due(published=60 * 24, listed=45 * 24) == "new"  # listed in time, and waiting since


def test_a_page_of_two_lists_is_planned_once_for_the_first_and_the_newest_come_first() -> None:
    entries = [
        entry(source="feed:b", listed=1), entry(source="feed:a", listed=2),
        entry("https://north.example/2", published=5), entry("https://north.example/3", published=None),
    ]  # fmt: skip
    plan, _ = plan_pages(ENTRIES.frame(entries), pl.DataFrame(schema=SCHEMA), Policy(), NOW)
    assert plan.select("url", "source_id").rows() == [
        (PAGE, "feed:a"), ("https://north.example/2", "feed:a"), ("https://north.example/3", "feed:a"),
    ]  # fmt: skip


def test_the_validators_of_the_newest_copy_are_sent() -> None:
    fetches = pl.DataFrame([tried(60, etag='"1"'), tried(30, etag='"2"'), tried(29, "not_modified", 304)], schema=SCHEMA)
    policy = Policy(refetch_hours=(24.0, 48.0, 59.0))
    plan, _ = plan_pages(ENTRIES.frame([entry()]), fetches, policy, NOW)
    assert plan["etag"].to_list() == ['"2"']


def test_a_list_that_could_not_be_read_has_no_validators() -> None:
    fetches = pl.DataFrame([tried(9, etag='"good"'), tried(2, "parse_error", content_sha256="x", etag='"bad"')], schema=SCHEMA)
    assert list_validators(fetches)[PAGE].etag == '"good"'
    assert list_validators(pl.DataFrame(schema=SCHEMA)) == {}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://North.Example:443/A?utm_source=x&id=5&fbclid=1#top", "https://north.example/A?id=5"),
        ("https://north.example", "https://north.example/"),
        ("https://north.example/a?12345", "https://north.example/a?12345"),
        ("https://north.example/a?at_medium=RSS&at_campaign=rss&b", "https://north.example/a?b"),
        ("https://north.example/a?ref=rss&ref=12", "https://north.example/a?ref=12"),
        ("https://north.example/a;b//c?q=%C3%A9", "https://north.example/a;b//c?q=%C3%A9"),
        ("http://north.example:8080/?xtor=RSS-1", "http://north.example:8080/"),
        ("ftp://North.example/x", "ftp://North.example/x"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_addresses_lose_what_only_tracks(url: str, expected: str) -> None:
    assert fetch_url(url) == expected


@given(st.text(max_size=60).map("https://north.example/".__add__) | st.text(max_size=60))
def test_normalising_twice_changes_nothing(url: str) -> None:
    assert fetch_url(fetch_url(url)) == fetch_url(url)
