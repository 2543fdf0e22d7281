"""Edits of a sources file that leave everything else in it as it is: comments, order, quotes, blank lines.

New lines go in at the places that the parser gives; nothing is written out anew. An edit is read back before it counts.
"""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import yaml
from courlan import extract_domain
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pipelines.acquire.sources import (
    Outlet,
    Source,
    SourceKind,
    SourcesError,
    compose,
    is_url,
    name_key,
    parse_outlets,
    read_text,
    url_key,
)

#: Hosts that carry other people's sites, one a subdomain: the subdomain is the outlet's.
_SITE_HOSTS: Final = frozenset(
    {
        "substack.com", "wordpress.com", "blogspot.com", "tumblr.com", "github.io", "ghost.io", "beehiiv.com", "medium.com",
        "typepad.com", "livejournal.com", "netlify.app", "pages.dev",
    }
)  # fmt: skip
#: Hosts that carry other people's feeds in paths: they say nothing about the outlet.
_FEED_HOSTS: Final = frozenset(
    {
        "feedburner.com", "feedblitz.com", "feedpress.me", "feedpress.com", "feedsportal.com", "feedproxy.com", "rss.app",
        "rsshub.app", "fivefilters.org", "kill-the-newsletter.com", "youtube.com", "reddit.com", "google.com", "amazonaws.com",
        "cloudfront.net",
    }
)  # fmt: skip
_KEYS: Final[Mapping[SourceKind, str]] = {"feed": "feeds", "sitemap": "sitemaps"}
_HEADER: Final = "# Outlets to follow: counterclaim sources list, add, import, check.\noutlets:\n"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one outlet: ``added`` sources went into the file, ``known`` ones were in it already."""

    outlet: str
    is_new: bool
    added: tuple[Source, ...]
    known: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """A sources file as it would be: its whole text, and the changes from what it was."""

    text: str
    changes: tuple[Change, ...]

    @property
    def added(self) -> int:
        """How many sources are new."""
        return sum(len(change.added) for change in self.changes)


@dataclass(frozen=True, slots=True)
class OutletFacts:
    """What the list of known outlets says about one: the columns of the dbt seed that a sources file repeats."""

    outlet_id: str
    name: str
    domain: str
    country: str | None


def read_outlet_facts(seeds: Path) -> dict[str, OutletFacts]:
    """Known outlets by host (main domains and aliases), from ``outlets.csv`` and ``outlet_aliases.csv`` in ``seeds``.

    A folder without these files knows nobody.
    """
    by_host: dict[str, OutletFacts] = {}
    by_id: dict[str, OutletFacts] = {}
    for row in _rows(seeds / "outlets.csv"):
        facts = OutletFacts(row["outlet_id"], row["name"], row["domain"], row["country"] or None)
        by_id[facts.outlet_id] = by_host[facts.domain] = facts
    for row in _rows(seeds / "outlet_aliases.csv"):
        if row["kind"] == "domain" and row["outlet_id"] in by_id:
            by_host[row["alias"]] = by_id[row["outlet_id"]]
    return by_host


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outlet_host(url: str, facts: Mapping[str, OutletFacts] | None = None) -> str | None:
    """The host that stands for the outlet behind ``url``: that of a known outlet, else the registrable domain.

    Registrable is by the Public Suffix List. A site on a host of many sites (``*.substack.com``) keeps its subdomain; the
    host of a feed service says nothing, and neither does a host without a dot: None.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return None
    if "." not in host or ":" in host:
        return None
    if facts and (known := next((facts[parent] for parent in _parents(host) if parent in facts), None)):
        return known.domain
    if re.fullmatch(r"[\d.]+", host):
        return host
    domain = str(extract_domain(f"https://{host}") or ".".join(host.split(".")[-2:]))
    if domain in _FEED_HOSTS:
        return None
    return host if domain in _SITE_HOSTS else domain


def with_facts(outlet: Outlet, facts: Mapping[str, OutletFacts]) -> Outlet:
    """``outlet`` with what is known about its domain: id, name, country; unknown ones stay as they are."""
    known = facts.get(outlet.domain or "")
    if known is None:
        return outlet
    sources = tuple(replace(source, outlet=known.name) for source in outlet.sources)
    return replace(
        outlet, name=known.name, outlet_id=known.outlet_id, domain=known.domain, country=known.country, sources=sources
    )


def _parents(host: str) -> Iterable[str]:
    """``host`` and the domains above it, but for the last label."""
    while "." in host:
        yield host
        host = host.partition(".")[2]


def merge(path: Path, found: Sequence[Outlet]) -> Edit:
    """The sources file ``path`` (which need not exist yet) with the feeds and sitemaps of ``found`` in it.

    An outlet that is there already (by id, domain or name) gains what is new; others are appended. What the file follows
    anywhere is not added a second time.

    Raises:
        SourcesError: the file cannot be used as it is, or is written in a way that has to be edited by hand.
    """
    text = read_text(path) if path.exists() else ""
    root = compose(text, path)
    if root is None or (isinstance(root, ScalarNode) and not root.value):
        text, root = _with_final_newline(text) + _HEADER, None
    present = parse_outlets(text, path) if root is not None else []
    plan = _plan(present, found)
    edited = _Editor(path, text, root).apply(plan) if any(change.added for _, change in plan) else text
    _check(edited, path, present, plan)
    return Edit(edited, tuple(change for _, change in plan))


def write(path: Path, edit: Edit) -> None:
    """Put ``edit`` into the file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(edit.text)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        Path(name).chmod(mode)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _plan(present: Sequence[Outlet], found: Sequence[Outlet]) -> list[tuple[Outlet, Change]]:
    """For each outlet of ``found``, in its order: the outlet as it is (or would be) in the file, and its change."""
    lookup = _Lookup(present)
    followed = {url_key(source.address): outlet for outlet in present for source in outlet.sources if source.is_remote}
    targets: dict[str, Outlet] = {}
    added: dict[str, list[Source]] = {}
    known: dict[str, list[Source]] = {}
    for outlet in found:
        keys = [url_key(source.address) for source in outlet.sources]
        holders = [followed[key] for key in keys if key in followed]
        target = lookup.find(outlet) or (holders[0] if holders else None)
        if target is None:
            target = lookup.add(replace(outlet, name=lookup.free_name(outlet), sources=(), line=0))
        if target.name not in targets:
            targets[target.name], added[target.name], known[target.name] = target, [], []
        for source, key in zip(outlet.sources, keys, strict=True):
            (known if key in followed else added)[target.name].append(replace(source, outlet=target.name))
            followed.setdefault(key, target)
    return [
        (target, Change(name, target.line == 0, tuple(added[name]), tuple(known[name])))
        for name, target in targets.items()
        if added[name] or known[name]
    ]


@dataclass(slots=True)
class _Lookup:
    """Outlets by id, domain and name, the ones about to be added among them."""

    present: Sequence[Outlet]
    by_key: dict[str, Outlet] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for outlet in self.present:
            self.add(outlet)

    def add(self, outlet: Outlet) -> Outlet:
        for key in self._keys(outlet):
            self.by_key.setdefault(key, outlet)
        return outlet

    def find(self, outlet: Outlet) -> Outlet | None:
        keys = self._keys(outlet)
        # A name alone makes two outlets one only where nothing else tells them apart: there are many a Daily Star.
        for key in keys:
            match = self.by_key.get(key)
            if match and (not key.startswith("name ") or not (outlet.domain and match.domain)):
                return match
        return None

    def free_name(self, outlet: Outlet) -> str:
        name, number = outlet.name, 2
        if self.by_key.get(f"name {name_key(name)}") and outlet.domain:
            name = f"{outlet.name} ({outlet.domain})"
        while f"name {name_key(name)}" in self.by_key:
            name, number = f"{outlet.name} {number}", number + 1
        return name

    @staticmethod
    def _keys(outlet: Outlet) -> list[str]:
        keys = [f"id {outlet.outlet_id}"] if outlet.outlet_id else []
        if outlet.domain:
            keys += [f"domain {outlet.domain}", f"domain {outlet_host(f'https://{outlet.domain}') or outlet.domain}"]
        return [*keys, f"name {name_key(outlet.name)}"]


def _check(text: str, path: Path, present: Sequence[Outlet], plan: Sequence[tuple[Outlet, Change]]) -> None:
    """Read the edit back: it says what the file said, and what was added, and nothing else."""
    wanted = [(change.outlet, source.source_id) for _, change in plan for source in change.added]
    if not wanted:
        return
    try:
        outlets = parse_outlets(text, path)
    except SourcesError as problem:
        raise _by_hand(path, wanted, str(problem)) from problem
    before = [(outlet.name, source.source_id) for outlet in present for source in outlet.sources]
    after = [(outlet.name, source.source_id) for outlet in outlets for source in outlet.sources]
    facts = [replace(outlet, sources=(), line=0) for outlet in outlets]
    if sorted(after) != sorted(before + wanted) or facts[: len(present)] != [replace(o, sources=(), line=0) for o in present]:
        raise _by_hand(path, wanted, "the edit would say something else")


def _by_hand(path: Path, wanted: Sequence[tuple[str, str]], reason: str) -> SourcesError:
    listed = ", ".join(f"{outlet}: {source_id}" for outlet, source_id in wanted[:5])
    return SourcesError([f"{path}: cannot be edited by this command, please add by hand: {listed} ({reason})"])


@dataclass(slots=True)
class _Editor:
    """Collects insertions into a text at the places of its nodes."""

    path: Path
    text: str
    root: Node | None
    insertions: list[tuple[int, str]] = field(default_factory=list)

    def apply(self, plan: Sequence[tuple[Outlet, Change]]) -> str:
        listing = self._listing()
        nodes = {node.start_mark.line + 1: node for node in listing.value} if listing else {}
        fresh: list[str] = []
        dash = listing.start_mark.column if listing else 2
        for outlet, change in plan:
            if change.is_new:
                fresh += _outlet_lines(outlet, change.added, dash)
                continue
            node = nodes.get(outlet.line)
            if not isinstance(node, MappingNode):
                raise _by_hand(self.path, [(source.outlet, source.source_id) for source in change.added], "an alias")
            for kind, key in _KEYS.items():
                if urls := [source.address for source in change.added if source.kind == kind]:
                    self._add_urls(node, key, urls)
        if fresh:
            self._insert_lines(_end_of(listing) if listing else len(self.text), fresh)
        return self._applied()

    def _listing(self) -> SequenceNode | None:
        if not isinstance(self.root, MappingNode):
            return None
        listing = next((value for key, value in self.root.value if key.value == "outlets"), None)
        if not isinstance(listing, SequenceNode) or listing.flow_style:
            raise SourcesError([f"{self.path}: write `outlets` as a list of lines that start with a dash, not in brackets"])
        return listing

    def _add_urls(self, outlet: MappingNode, key: str, urls: Sequence[str]) -> None:
        value = next((value for name, value in outlet.value if name.value == key), None)
        if value is None:
            if outlet.flow_style:
                flow = ", ".join(_scalar(url, flow=True) for url in urls)
                self._insert(_end_of(outlet.value[-1][1]), f", {key}: [{flow}]")
            else:
                indent = " " * outlet.value[0][0].start_mark.column
                self._insert_lines(_end_of(outlet), [f"{indent}{key}:", *(f"{indent}  - {_scalar(url)}" for url in urls)])
        elif isinstance(value, SequenceNode) and value.flow_style:
            flow = ", ".join(_scalar(url, flow=True) for url in urls)
            if value.value:
                self._insert(_end_of(value.value[-1]), f", {flow}")
            else:
                self._insert(value.start_mark.index + 1, flow)
        elif isinstance(value, SequenceNode):
            indent = " " * value.start_mark.column
            self._insert_lines(_end_of(value), [f"{indent}- {_scalar(url)}" for url in urls])
        else:  # a single address beside its key becomes a list below it
            indent = " " * (outlet.value[0][0].start_mark.column + 2)
            self._insert(value.start_mark.index, f"{self._newline}{indent}- ")
            self._insert_lines(_end_of(value), [f"{indent}- {_scalar(url)}" for url in urls])

    @property
    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def _insert(self, at: int, what: str) -> None:
        self.insertions.append((at, what))

    def _insert_lines(self, after: int, lines: Sequence[str]) -> None:
        """Whole lines after the line in which position ``after`` lies, a comment at its end included."""
        if after and self.text[after - 1 : after] == "\n":  # a block scalar ends with its line
            at, start = after, ""
        elif (end := self.text.find("\n", after)) >= 0:
            at, start = end + 1, ""
        else:
            at, start = len(self.text), self._newline if self.text else ""
        self._insert(at, start + "".join(line + self._newline for line in lines))

    def _applied(self) -> str:
        text = self.text
        order = sorted(enumerate(self.insertions), key=lambda item: (item[1][0], item[0]), reverse=True)
        for _, (at, what) in order:
            head = text[:at].rstrip(" ") if what.startswith(("\n", "\r")) else text[:at]
            text = head + what + text[at:]
        return text


def _end_of(node: Node) -> int:
    """Where the last thing in ``node`` ends; the parser's own end of a block lies behind the comments that follow it."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end_of(last[1] if isinstance(node, MappingNode) else last)
    return int(node.end_mark.index)


def _outlet_lines(outlet: Outlet, sources: Sequence[Source], dash: int) -> list[str]:
    indent = " " * dash
    given = {
        "name": outlet.name,
        "outlet_id": outlet.outlet_id,
        "domain": outlet.domain,
        "country": outlet.country,
        "language": outlet.language,
    }
    lines = [f"{key}: {_scalar(value)}" for key, value in given.items() if value]
    if not outlet.follow:
        lines.append("follow: false")
    for kind, key in _KEYS.items():
        if urls := [source.address for source in sources if source.kind == kind]:
            lines += [f"{key}:", *(f"  - {_scalar(url)}" for url in urls)]
    return [f"{indent}{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(lines)]


def _scalar(value: str, *, flow: bool = False) -> str:
    """``value`` as YAML on one line, quoted where it must be."""
    style = '"' if flow else None
    written: str = yaml.dump(value, allow_unicode=True, width=float("inf"), default_style=style)
    return written.removesuffix("\n").removesuffix("\n...")


def _with_final_newline(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def new_sources(outlet: str, feeds: Iterable[str], sitemaps: Iterable[str] = ()) -> tuple[Source, ...]:
    """Feeds and sitemaps of ``outlet`` as sources, each address once."""
    seen: set[str] = set()
    found: list[Source] = []
    kinds: tuple[tuple[SourceKind, Iterable[str]], ...] = (("feed", feeds), ("sitemap", sitemaps))
    for kind, urls in kinds:
        for url in urls:
            if not is_url(url) or url_key(url) in seen:
                continue
            seen.add(url_key(url))
            found.append(Source(outlet, kind, url))
    return tuple(found)
