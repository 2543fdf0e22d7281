"""robots.txt and opt-outs: what a publisher has asked is understood, whatever bytes it is written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.acquire.robots import Robots, opt_out_of, parse_robots

URL = "https://north.example/news/ferry?id=1"


def test_the_longest_rule_wins_and_wildcards_count() -> None:
    robots = parse_robots(b"User-agent: *\nDisallow: /news\nAllow: /news/f*\nDisallow: /*.pdf$\n")
    assert robots.allows(URL, "Counterclaim")
    assert not robots.allows("https://north.example/news/other", "Counterclaim")
    assert not robots.allows("https://north.example/a.pdf", "Counterclaim")
    assert robots.allows("https://north.example/a.pdf?x", "Counterclaim")


def test_our_own_group_replaces_the_one_for_everybody() -> None:
    robots = parse_robots(b"User-agent: *\nDisallow: /\n\nUser-agent: counterclaim\nDisallow: /private\nCrawl-delay: 2.5\n")
    assert robots.allows(URL, "Counterclaim")
    assert not robots.allows("https://north.example/private", "Counterclaim")
    assert robots.crawl_delay("Counterclaim") == 2.5
    assert robots.crawl_delay("Other") is None


def test_a_request_rate_is_a_delay_too() -> None:
    assert parse_robots(b"User-agent: *\nRequest-rate: 1/10s\nCrawl-delay: 3\n").crawl_delay("Counterclaim") == 10


def test_no_rules_allow_everything() -> None:
    assert Robots().allows(URL, "Counterclaim")
    assert parse_robots(b"<html><body>Not found</body></html>").allows(URL, "Counterclaim")


def test_rules_against_ai_agents_are_opt_outs_but_rules_against_everybody_are_not() -> None:
    robots = parse_robots(b"User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /news\n\nUser-agent: ClaudeBot\nAllow: /\n")
    assert opt_out_of(robots, URL, {}, b"") == "robots.txt: CCBot, GPTBot"
    assert opt_out_of(robots, "https://north.example/sport", {}, b"") is None
    assert opt_out_of(parse_robots(b"User-agent: *\nDisallow: /news"), URL, {}, b"") is None


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({"tdm-reservation": "1"}, b"", "header tdm-reservation: 1"),
        ({"tdm-reservation": "0"}, b"", None),
        ({"x-robots-tag": "noindex, noai, noimageai"}, b"", "header x-robots-tag: noai; header x-robots-tag: noimageai"),
        ({"x-robots-tag": "noarchive"}, b"", None),
        ({}, b'<head><META NAME="tdm-reservation" content="1"/></head>', "meta tdm-reservation: 1"),
        ({}, b"<meta content='index, NoAI' name=robots>", "meta robots: noai"),
        ({}, b'<meta name="robots" content="index,follow">', None),
        ({}, b'<p>meta name="robots" content="noai"</p>', None),
    ],
)
def test_opt_outs_of_a_page_say_what_and_where(headers: dict[str, str], body: bytes, expected: str | None) -> None:
    assert opt_out_of(None, URL, headers, body) == expected


@given(st.binary(max_size=2_000) | st.text(max_size=500).map(lambda text: f"User-agent: *\nDisallow: {text}".encode()))
def test_no_robots_txt_can_trip_us(content: bytes) -> None:
    robots = parse_robots(content)
    robots.allows(URL, "Counterclaim")
    robots.crawl_delay("Counterclaim")
    opt_out_of(robots, URL, {}, content)
    assert isinstance(robots.sitemaps, tuple)
