"""When to ask a server again: what a failed answer says about it. For every room that speaks HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

#: Answers that may be different in a moment (RFC 9110, RFC 6585).
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait, of a Retry-After header: a number, or an HTTP date (RFC 9110, 10.2.3); None where it is neither.

    Args:
        value: the header.
        now: UTC; a date before it means no wait.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        then = parsedate_to_datetime(text)
        return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
