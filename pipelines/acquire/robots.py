"""robots.txt (RFC 9309) as protego reads it, and the opt-outs of AI training and of text and data mining.

The law of the matter is unsettled and differs by country; what a publisher has declared is recorded beside what was
fetched, so that users can decide. Forms that are read: rules of robots.txt against agents that collect for AI or data
mining, the TDM Reservation Protocol (W3C community group, TDMRep: header and meta tag), and the ``noai`` and
``noimageai`` of X-Robots-Tag and of the robots meta tag.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from protego import Protego

#: Agents that collect for AI or data mining, as their operators name them. A rule for ``*`` is no opt-out of these.
AI_AGENTS: Final = (
    "AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ChatGPT-User", "Claude-SearchBot",
    "Claude-User", "Claude-Web", "ClaudeBot", "cohere-ai", "cohere-training-data-crawler", "Diffbot", "DuckAssistBot",
    "FacebookBot", "Google-CloudVertexBot", "Google-Extended", "GPTBot", "ImagesiftBot", "Kangaroo Bot",
    "Meta-ExternalAgent", "Meta-ExternalFetcher", "MistralAI-User", "OAI-SearchBot", "omgili", "omgilibot", "PanguBot",
    "Perplexity-User", "PerplexityBot", "PetalBot", "Scrapy", "SemrushBot-OCOB", "Timpibot", "VelenPublicWebCrawler",
    "Webzio-Extended", "YouBot",
)  # fmt: skip

#: How much of robots.txt is read: RFC 9309 asks for 500 KiB at least.
MAX_ROBOTS_BYTES: Final = 512_000
#: A longer delay, in seconds, is as good as this one: no run lasts weeks, and clocks overflow.
_LONGEST_DELAY: Final = 1e6
#: How far into a page its meta tags are looked for.
_HEAD_BYTES: Final = 100_000

_USER_AGENT: Final = re.compile(r"^[ \t]*user-?agent[ \t]*:[ \t]*([^#\r\n]{1,200})", re.IGNORECASE | re.MULTILINE)
_META: Final = re.compile(rb"<meta\s([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    rb"""([a-z-]{1,30})\s{0,20}=\s{0,20}(?:"([^"]{0,1000})"|'([^']{0,1000})'|([^\s"'>]{1,1000}))""", re.I
)
_NO_AI: Final = ("noai", "noimageai")


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin; without rules everything is allowed."""

    rules: Protego | None = None
    ai_agents: tuple[str, ...] = ()

    def allows(self, url: str, user_agent: str) -> bool:
        """Whether ``user_agent`` may ask for ``url``."""
        return self.rules is None or bool(self.rules.can_fetch(url, user_agent))

    def crawl_delay(self, user_agent: str) -> float | None:
        """Seconds between requests that ``user_agent`` is asked to keep, from Crawl-delay or Request-rate."""
        if self.rules is None:
            return None
        delays = [delay for delay in (self.rules.crawl_delay(user_agent),) if delay is not None]
        rate = self.rules.request_rate(user_agent)
        if rate is not None and rate.requests > 0:
            delays.append(rate.seconds / rate.requests)
        return max((min(float(delay), _LONGEST_DELAY) for delay in delays if delay > 0), default=None)

    def opted_out(self, url: str) -> tuple[str, ...]:
        """The AI and data mining agents that the rules name and keep from ``url``."""
        return () if self.rules is None else tuple(agent for agent in self.ai_agents if not self.rules.can_fetch(url, agent))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Addresses of the sitemaps that robots.txt names."""
        return () if self.rules is None else tuple(self.rules.sitemaps)


def parse_robots(content: bytes) -> Robots:
    """The rules of a robots.txt; whatever its bytes, lines that are no rules are left out."""
    text = content[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace").replace("\0", "")
    named = {name.strip().casefold() for name in _USER_AGENT.findall(text)}
    try:
        rules = Protego.parse(text)
    except (ValueError, OverflowError, RecursionError, re.error):
        return Robots()
    return Robots(rules, tuple(agent for agent in AI_AGENTS if agent.casefold() in named))


def opt_out_of(robots: Robots | None, url: str, headers: Mapping[str, str], body: bytes) -> str | None:
    """The opt-outs that hold for a page, as text that says what and where; None where none is declared.

    Args:
        robots: the rules of the page's origin, where known.
        url: the page's address.
        headers: of the answer, with lower-case names.
        body: the page.
    """
    found: list[str] = []
    if robots is not None and (agents := robots.opted_out(url)):
        found.append(f"robots.txt: {', '.join(agents)}")
    if headers.get("tdm-reservation", "").strip() == "1":
        found.append("header tdm-reservation: 1")
    declared = headers.get("x-robots-tag", "").lower()
    found += [f"header x-robots-tag: {token}" for token in _NO_AI if re.search(rf"(?<![\w-]){token}(?![\w-])", declared)]
    for name, content in _meta_tags(body):
        if name == "tdm-reservation" and content.strip() == "1":
            found.append("meta tdm-reservation: 1")
        elif name == "robots":
            tokens = {token.strip() for token in content.lower().split(",")}
            found += [f"meta robots: {token}" for token in _NO_AI if token in tokens]
    return "; ".join(dict.fromkeys(found)) or None


def _meta_tags(body: bytes) -> list[tuple[str, str]]:
    """Name and content of the meta tags in the head."""
    tags = []
    for match in _META.finditer(body, 0, _HEAD_BYTES):
        values = {
            name.lower(): (double or single or bare).decode("utf-8", "replace")
            for name, double, single, bare in _ATTRIBUTE.findall(match[1])
        }
        tags.append((values.get(b"name", "").lower(), values.get(b"content", "")))
    return tags
