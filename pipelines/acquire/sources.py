"""What is followed: outlets, each with feeds, sitemaps, lists of addresses or a folder, as ``sources.yml`` lists them.

The file is checked as a whole before anything is followed: every problem is found, and each names its line. It is read
node by node, not by value, so that ``country: NO`` is Norway and not false, and every line is known.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

SourceKind = Literal["feed", "sitemap", "urls", "folder"]
SOURCE_KINDS: Final[tuple[SourceKind, ...]] = ("feed", "sitemap", "urls", "folder")

#: What an outlet may say, in the order in which commands write it.
OUTLET_KEYS: Final = ("name", "outlet_id", "domain", "country", "language", "follow", "feeds", "sitemaps", "urls", "folder")

#: A larger file is no list of outlets: a hundred outlets take about 20 KB.
MAX_FILE_BYTES: Final = 5_000_000

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOST: Final = re.compile(r"[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)+")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
#: What YAML allows in a file (YAML 1.1, 5.1).
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: The loader over libyaml is fifteen times as fast and bounds the depth by itself; wheels have it.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COUNTRY_HINTS: Final = {"UK": "GB", "EN": "GB", "EL": "GR"}


class SourcesError(ValueError):
    """A sources file that cannot be used: ``problems`` are lines of ``FILE:LINE: reason``, in the order of the file."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to follow of one outlet.

    ``address`` is the URL of a feed or sitemap, the path or URL of a list of addresses (one a line), or the path of a
    folder, paths as the file gives them; ``path`` is where such a path lies on this machine (relative ones start at the
    sources file). Addresses that stand in the sources file itself are ``listed``; their list's address is
    ``#<outlet_id or name>``. ``source_id`` is ``<kind>:<address>``, the same on every machine.
    """

    outlet: str
    kind: SourceKind
    address: str
    path: Path | None = None
    listed: tuple[str, ...] = ()

    @property
    def source_id(self) -> str:
        """Id in raw.fetches and raw.entries."""
        return f"{self.kind}:{self.address}"

    @property
    def is_remote(self) -> bool:
        """Whether the list itself has to be fetched; folders, files and inline lists need not."""
        return is_url(self.address)


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet of a sources file; ``line`` is where it starts, counted from 1."""

    name: str
    outlet_id: str | None = None
    domain: str | None = None
    country: str | None = None
    language: str | None = None
    follow: bool = True
    sources: tuple[Source, ...] = ()
    line: int = 0


def load_sources(path: Path, *, only_followed: bool = True) -> list[Source]:
    """What ``path`` lists, in its order.

    Args:
        path: a sources file (YAML 1.2).
        only_followed: leave out outlets with ``follow: false``.

    Raises:
        SourcesError: the file cannot be read or used; every problem is named with its line.
    """
    return [source for outlet in load_outlets(path) if outlet.follow or not only_followed for source in outlet.sources]


def load_outlets(path: Path) -> list[Outlet]:
    """The outlets of the sources file ``path``, those not followed among them.

    Raises:
        SourcesError: the file cannot be read or used; every problem is named with its line.
    """
    return parse_outlets(read_text(path), path)


def read_text(path: Path) -> str:
    """The text of a sources file.

    Raises:
        SourcesError: there is no such file, it is too large, or it is no UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as problem:
        raise SourcesError([f"{path}: {problem.strerror or problem}"]) from problem
    if len(content) > MAX_FILE_BYTES:
        raise SourcesError([f"{path}: larger than {MAX_FILE_BYTES:,} bytes, which is no list of outlets"])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise SourcesError([f"{path}:{line}: not UTF-8: byte 0x{content[problem.start]:02x}"]) from problem


def parse_outlets(text: str, path: Path) -> list[Outlet]:
    """The outlets in ``text``; ``path`` names the file in errors, and relative paths in it start at its folder.

    Raises:
        SourcesError: every problem that the text has, each with its line.
    """
    reader = _Reader(path)
    outlets = reader.outlets(compose(text, path))
    if reader.problems:
        raise SourcesError([f"{path}:{line}: {reason}" for line, reason in sorted(reader.problems, key=lambda p: p[0])])
    return outlets


def is_url(address: str) -> bool:
    """Whether ``address`` is written as a URL of any scheme, rather than as a path."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", address) is not None


def url_problem(url: str) -> str | None:
    """Why ``url`` cannot be followed, or None: http or https, a host, no login, no blanks (RFC 3986)."""
    if re.search(r"[\s\x00-\x1f\x7f<>\"{}|\\^`]", url):
        return "has characters that no URL has"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as problem:
        return f"is no URL: {problem}"
    if parts.scheme not in ("http", "https"):
        return "is no http or https URL"
    if not host or not re.fullmatch(r"[\w.:%-]+", host) or host.startswith(".") or ".." in host:
        return "names no host"
    if parts.username is not None or parts.password is not None:
        return "holds a login, which would end in the warehouse"
    return None


def url_key(url: str) -> str:
    """What two spellings of one address share: no scheme, host in lower case, no default port, no fragment."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in (None, default) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{(parts.hostname or '').rstrip('.')}{port}{parts.path or '/'}{query}"


def name_key(name: str) -> str:
    """How names of outlets are compared: lower case, letters and digits only, without a leading article."""
    bare = re.sub(r"[\W_]+", "", re.sub(r"^the\s+", "", name.casefold()))
    return bare or name.casefold()


def compose(text: str, path: Path) -> Node | None:
    """The tree of the one YAML document in ``text``, before any value is made of it: nodes know their places.

    Raises:
        SourcesError: it is no YAML; the line is named.
    """
    if bad := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        raise SourcesError([f"{path}:{line}: no YAML: has the control character U+{ord(bad[0]):04X}"])
    try:
        node: Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        where = f"{path}:{mark.line + 1}" if mark else f"{path}"
        reason = ", ".join(str(part) for part in (problem.context, problem.problem) if part)
        raise SourcesError([f"{where}: no YAML: {_one_line(reason) or 'syntax error'}"]) from problem
    except yaml.YAMLError as problem:
        raise SourcesError([f"{path}: no YAML: {_one_line(str(problem))}"]) from problem
    except RecursionError as problem:
        raise SourcesError([f"{path}: no YAML: nested too deep"]) from problem
    return node


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]


@dataclass(slots=True)
class _Reader:
    """Makes outlets of nodes and collects every problem on the way."""

    path: Path
    problems: list[tuple[int, str]] = field(default_factory=list)
    seen: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    def say(self, node: Node, reason: str) -> None:
        self.problems.append((_line(node), reason))

    def outlets(self, root: Node | None) -> list[Outlet]:
        if root is None or _is_null(root):
            self.problems.append((1, "holds no outlets: write `outlets:` and below it one `- name: ...` an outlet"))
            return []
        if not isinstance(root, MappingNode):
            self.say(root, "the file must start with `outlets:`")
            return []
        found = self.keys(root, ("outlets",), "the file")
        if "outlets" not in found:
            self.say(root, "`outlets:` is missing")
            return []
        listing = found["outlets"]
        if not isinstance(listing, SequenceNode) or not listing.value:
            self.say(listing, "`outlets` must be a list with at least one outlet: `- name: ...`")
            return []
        return [outlet for node in listing.value if (outlet := self.outlet(node)) is not None]

    def outlet(self, node: Node) -> Outlet | None:
        if not isinstance(node, MappingNode):
            self.say(node, f"an outlet must be `name: ...` and what to follow, not {_kind_of(node)}")
            return None
        before = len(self.problems)
        given = self.keys(node, OUTLET_KEYS, "an outlet")
        name = self.text(given, "name", lambda value: None)
        if "name" not in given:
            self.say(node, "the outlet has no `name`")
        outlet_id = self.text(given, "outlet_id", _outlet_id_problem)
        domain = self.text(given, "domain", _domain_problem)
        country = self.text(given, "country", _country_problem)
        language = self.text(given, "language", _language_problem)
        follow = self.flag(given, "follow")
        for key, value, compared in (
            ("name", name, name and name_key(name)),
            ("outlet_id", outlet_id, outlet_id),
            ("domain", domain, domain),
        ):
            if value and compared:
                self.once(given[key], ("outlet", f"{key} {compared}"), f"another outlet has the {key} {value!r}")
        sources = list(self.sources(given, name or "", outlet_id))
        if not any(key in given for key in ("feeds", "sitemaps", "urls", "folder")) or (
            not sources and len(self.problems) == before
        ):
            self.say(node, f"nothing to follow of {name or 'the outlet'}: give `feeds`, `sitemaps`, `urls` or `folder`")
        if len(self.problems) > before or name is None:
            return None
        return Outlet(name, outlet_id, domain, country, language, follow, tuple(sources), _line(node))

    def sources(self, given: dict[str, Node], name: str, outlet_id: str | None) -> Iterator[Source]:
        kinds: tuple[tuple[str, SourceKind], ...] = (("feeds", "feed"), ("sitemaps", "sitemap"))
        for key, kind in kinds:
            for url in self.addresses(given, key):
                yield Source(name, kind, url)
        if isinstance(given.get("urls"), SequenceNode):
            if listed := tuple(self.addresses(given, "urls")):
                yield Source(name, "urls", f"#{outlet_id or name}", listed=listed)
        elif (address := self.text(given, "urls", lambda value: url_problem(value) if is_url(value) else None)) is not None:
            if is_url(address):
                self.once(given["urls"], ("list", url_key(address)), f"{address} is followed already")
                yield Source(name, "urls", address)
            else:
                yield self.local(given["urls"], name, "urls", address)
        if (folder := self.text(given, "folder", lambda value: "is no path but a URL" if is_url(value) else None)) is not None:
            yield self.local(given["folder"], name, "folder", folder)

    def local(self, node: Node, name: str, kind: SourceKind, written: str) -> Source:
        """A file or folder; whether it is there is for the run to say, as of every other source."""
        path = Path(os.path.abspath(self.path.parent / Path(written).expanduser()))
        self.once(node, ("path", f"{kind} {path}"), f"{written} is followed already")
        return Source(name, kind, written, path=path)

    def addresses(self, given: dict[str, Node], key: str) -> Iterator[str]:
        """The URLs of a list (or of a single one without its dash), each once in the whole file."""
        node = given.get(key)
        if node is None:
            return
        items = node.value if isinstance(node, SequenceNode) else [node]
        for item in items:
            url = self.scalar(item, f"`{key}`")
            if url is None:
                continue
            if problem := url_problem(url):
                self.say(item, f"{url!r} {problem}")
                continue
            group = "page" if key == "urls" else "list"
            self.once(item, (group, url_key(url)), f"{url} is followed already")
            yield url

    def once(self, node: Node, key: tuple[str, str], reason: str) -> None:
        line = _line(node)
        if key in self.seen:
            self.say(node, f"{reason} (line {self.seen[key][0]})")
        else:
            self.seen[key] = (line, reason)

    def keys(self, node: MappingNode, known: Sequence[str], owner: str) -> dict[str, Node]:
        """The values by key; unknown and repeated keys are problems."""
        found: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key_node, value in node.value:
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else _kind_of(key_node)
            if key in lines:
                self.say(key_node, f"`{key}` stands twice (line {lines[key]})")
            elif key in known:
                found[key] = value
                lines[key] = _line(key_node)
            else:
                near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.6)
                hint = f"did you mean `{near[0]}`?" if near else f"{owner} has {', '.join(known)}"
                self.say(key_node, f"unknown key `{_one_line(key)[:60]}`: {hint}")
        return found

    def text(self, given: dict[str, Node], key: str, problem_of: Callable[[str], str | None]) -> str | None:
        node = given.get(key)
        if node is None:
            return None
        value = self.scalar(node, f"`{key}`")
        if value is not None and (problem := problem_of(value)):
            self.say(node, f"{key} {value!r} {problem}")
            return None
        return value

    def scalar(self, node: Node, what: str) -> str | None:
        if _is_null(node) or (isinstance(node, ScalarNode) and not node.value.strip()):
            self.say(node, f"{what} is empty")
            return None
        if not isinstance(node, ScalarNode):
            self.say(node, f"{what} must be text, not {_kind_of(node)}")
            return None
        value = str(node.value).strip()
        if not value.isprintable():
            self.say(node, f"{what} holds a line break or a control character")
            return None
        return value

    def flag(self, given: dict[str, Node], key: str) -> bool:
        node = given.get(key)
        if node is None:
            return True
        if isinstance(node, ScalarNode) and (answer := {"true": True, "false": False}.get(node.value.lower())) is not None:
            return answer
        self.say(node, f"`{key}` must be true or false, not {_one_line(str(node.value))[:60]!r}")
        return True


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _kind_of(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, SequenceNode):
        return "a list"
    return f"{_one_line(str(node.value))[:60]!r}"


def _outlet_id_problem(value: str) -> str | None:
    return None if _SLUG.fullmatch(value) else "is no slug: lower-case letters, digits and single hyphens"


def _domain_problem(value: str) -> str | None:
    if is_url(value) or "/" in value:
        return "is an address: give the host alone, such as example.org"
    if value.startswith("www."):
        return f"has a www.: write {value.removeprefix('www.')}"
    if value != value.lower():
        return f"has capitals: write {value.lower()}"
    return None if _HOST.fullmatch(value) else "is no host such as example.org"


def _country_problem(value: str) -> str | None:
    if hint := _COUNTRY_HINTS.get(value.upper()):
        return f"is no ISO 3166-1 code: did you mean {hint}?"
    if re.fullmatch(r"[A-Z]{2}", value):
        return None
    return f"is no ISO 3166-1 code of two capitals{f': write {value.upper()}' if re.fullmatch('[A-Za-z]{2}', value) else ''}"


def _language_problem(value: str) -> str | None:
    return None if _LANGUAGE.fullmatch(value) else "is no language code such as en or pt-BR (BCP 47)"
