"""Web addresses as the clean room compares them: absolute, normalised, without fragment and tracking."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from courlan import normalize_url

_MAX_URL = 2_000


def clean_url(url: str | None, base: str | None = None) -> str | None:
    """``url`` absolute, http(s), normalised, without fragment and tracking parameters; None where it is no web address."""
    if not url or len(url) > _MAX_URL:
        return None
    try:
        full = urljoin(base or "", url.strip())
        parts = urlsplit(full)
        if parts.scheme not in ("http", "https") or not parts.hostname or "." not in parts.hostname:
            return None
        if any(c.isspace() for c in full):
            return None
        return normalize_url(parts._replace(fragment="")) or None
    except (ValueError, AttributeError):
        return None


def address_key(url: str) -> str:
    """What two addresses of one page share: host without ``www``, path without trailing slash; empty for a bare host."""
    bare = re.sub(r"^(?:[a-z][a-z0-9+.-]{0,10}:)?//(?:www\.|m\.|amp\.)?", "", url.strip().lower())
    bare = bare.split("#", 1)[0].split("?", 1)[0].rstrip("/")
    return bare if "/" in bare else ""
