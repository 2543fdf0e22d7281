"""Stamps and dates as pages and records write them: a moment in UTC, the day as written, and how exact that is.

The day of publication is the day on the publisher's calendar: the date part of a stamp as written (``2024-05-03T23:30-05:00``
is the 3rd), while the moment is in UTC (the 4th).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

import dateparser

#: The web's news starts later; what says less is a default of the software (1970, 0001).
EARLIEST: Final = date(1990, 1, 1)
#: A publisher east of the fetcher may be a day ahead, no more.
LATEST_AFTER_FETCH: Final = timedelta(days=1)

_ISO: Final = re.compile(
    r"^\s*(\d{4})-?(\d{1,2})-?(\d{1,2})(?:(?:T|\s+|,\s*)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?\s*$",
    re.IGNORECASE,
)
_RFC_5322: Final = re.compile(r"^(?:[A-Z][a-z]{2},? )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|[A-Z]{1,4})$")
_HAS_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_HAS_TIME: Final = re.compile(r"\d{1,2}[:.h]\d{2}\b|\d{1,2}\s?[ap]\.?m\b", re.IGNORECASE)
#: Languages that dates in words are read in: dateparser's two hundred cost three times as long and find dates in garbage.
_LANGUAGES: Final = [
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "ru", "uk", "tr", "ja", "zh", "ko", "ar", "el",
    "hu", "ro", "id", "vi",
]  # fmt: skip
_MAX_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date as a page states it.

    ``day`` is as written; ``moment`` is in UTC, null where no time or no offset from UTC is stated; ``wall`` is the time as
    written, without offset; ``precision`` is second, minute or day.
    """

    day: date
    moment: datetime | None
    wall: datetime | None
    precision: str


def parse_stamp(text: str, *, day_first: bool = False) -> Stamp | None:
    """``text`` (ISO 8601, RFC 5322, or a date in words with its year) as a stamp, or None where it is none."""
    text = " ".join(text.split())[: _MAX_LENGTH + 1]
    if not 6 <= len(text) <= _MAX_LENGTH:
        return None
    match = _ISO.match(text)
    if match:
        return _from_iso(match)
    if _RFC_5322.match(text):
        try:
            parsed = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        return _from_datetime(parsed, stated_time=True, seconds=text.count(":") >= 2)
    return _parse_words(text, day_first)


def _from_iso(match: re.Match[str]) -> Stamp | None:
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        if hour is None:
            return Stamp(date(int(year), int(month), int(day)), None, None, "day")
        wall = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
        if zone is None:
            return _stamp(wall, None, seconds=second is not None)
        if zone.upper() in {"Z", "UTC", "GMT"}:
            offset = timedelta(0)
        else:
            digits = zone[1:].replace(":", "").ljust(4, "0")
            offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
            if offset > timedelta(hours=15):
                return _stamp(wall, None, seconds=second is not None)
            offset = -offset if zone[0] == "-" else offset
        return _stamp(wall, offset, seconds=second is not None)
    except (ValueError, OverflowError):
        return None


def _stamp(wall: datetime, offset: timedelta | None, *, seconds: bool) -> Stamp:
    # Midnight on the dot is how software fills in the time of a date that has none.
    if (wall.hour, wall.minute, wall.second) == (0, 0, 0):
        return Stamp(wall.date(), None, None, "day")
    try:
        moment = None if offset is None else (wall - offset).replace(tzinfo=UTC)
    except OverflowError:
        moment = None
    precision = "day" if moment is None else "second" if seconds else "minute"
    return Stamp(wall.date(), moment, wall, precision)


def _from_datetime(parsed: datetime, *, stated_time: bool, seconds: bool) -> Stamp:
    if not stated_time:
        return Stamp(parsed.date(), None, None, "day")
    return _stamp(parsed.replace(tzinfo=None, microsecond=0), parsed.utcoffset(), seconds=seconds)


@lru_cache(maxsize=4096)
def _parse_words(text: str, day_first: bool) -> Stamp | None:
    """A date in words ("Wednesday, February 9, 2022", "9. Februar 2022, 14:05 Uhr"): one that states its year.

    Relative dates ("2 hours ago") and dates without a year are none: what they mean depends on when the page was made.
    """
    text = " ".join(text.split())
    if not 6 <= len(text) <= _MAX_LENGTH or not _HAS_YEAR.search(text) or not any(c.isdigit() for c in text):
        return None
    try:
        parsed = dateparser.parse(
            text,
            languages=_LANGUAGES,
            settings={"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"], "RETURN_AS_TIMEZONE_AWARE": False,
                      "PARSERS": ["absolute-time"], "DATE_ORDER": "DMY" if day_first else "MDY",
                      "PREFER_LOCALE_DATE_ORDER": False},
        )  # fmt: skip
    except Exception:  # dateparser raises what its many parsers raise (overflow, recursion, bad regex groups)
        return None
    if parsed is None:
        return None
    return _from_datetime(parsed, stated_time=bool(_HAS_TIME.search(text)), seconds=False)


def is_plausible(day: date, fetched_at: datetime | None) -> bool:
    """Whether an article seen at ``fetched_at`` (now, where not known) can have been published on ``day``."""
    latest = (fetched_at or datetime.now(UTC)).astimezone(UTC).date() + LATEST_AFTER_FETCH
    return EARLIEST <= day <= latest
