"""What is followed: outlets, each with feeds, sitemaps, lists of addresses or folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

SourceKind = Literal["feed", "sitemap", "urls", "folder"]
SOURCE_KINDS: Final[tuple[SourceKind, ...]] = ("feed", "sitemap", "urls", "folder")


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to follow of one outlet.

    ``address`` is the URL of a feed or sitemap, the path or URL of a list of addresses (one a line), or the path of a
    folder. ``source_id`` is ``<kind>:<address>``, the same on every machine.
    """

    outlet: str
    kind: SourceKind
    address: str

    @property
    def source_id(self) -> str:
        """Id in raw.fetches and raw.entries."""
        return f"{self.kind}:{self.address}"
