"""JSON-LD: the node of *this* article among all that a page embeds.

Pages embed the site, the publisher, breadcrumbs, videos, and often other articles (teasers, item lists). Measured on 252
modern news pages, taking every Person of the page as an author, as trafilatura does, names wrong ones on one page in ten.
Standard: schema.org, JSON-LD 1.1 (only ``@graph``, ``@id`` references and ``@type`` are understood).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from lxml.html import HtmlElement

from pipelines.clean.text import key, unescaped
from pipelines.clean.urls import address_key

Node = dict[str, Any]

_MAX_LEVEL: Final = 24
_MAX_NODES: Final = 5000
_MAX_SCRIPT: Final = 3_000_000
_ARTICLE: Final = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting|Review|CreativeWork)$")
_WEAK_ARTICLE: Final = frozenset({"CreativeWork", "Review", "Report", "SocialMediaPosting", "DiscussionForumPosting"})
_PAGE_TYPES: Final = frozenset(
    {"WebPage", "ItemPage", "VideoObject", "ImageGallery", "MediaGallery", "Recipe", "Product", "PodcastEpisode"}
)
_TRAILING_COMMA: Final = re.compile(r",\s*(?=[}\]])")
_WRAPPERS: Final = (
    "<!--",
    "-->",
    "/*<![CDATA[*/",
    "/*]]>*/",
    "/* <![CDATA[ */",
    "/* ]]> */",
    "//<![CDATA[",
    "//]]>",
    "// <![CDATA[",
    "// ]]>",
    "<![CDATA[",
    "]]>",
    ";",
)


@dataclass(slots=True)
class Structured:
    """What a page's JSON-LD says: the article's own node (may be empty) and everything by its ``@id``."""

    article: Node = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)

    def resolve(self, value: object) -> object:
        """``value``, or the node that it refers to by ``@id`` where it says nothing itself."""
        if isinstance(value, dict) and "@id" in value and "name" not in value:
            return self.by_id.get(str(value["@id"]), value)
        return value

    def names(self, value: object) -> list[str]:
        """Names of persons or organisations, in order: of a string, a node, a reference or a list of those."""
        found: list[str] = []
        for item in _as_list(value):
            item = self.resolve(item)
            if isinstance(item, str):
                found.append(item)
            elif isinstance(item, dict):
                name = item.get("name")
                if isinstance(name, dict):
                    name = name.get("name") or name.get("@value")
                if not name:
                    parts = [item.get(part) for part in ("givenName", "additionalName", "familyName")]
                    name = " ".join(part for part in parts if isinstance(part, str) and part)
                found.extend(str(part) for part in _as_list(name) if isinstance(part, str) and part.strip())
        return [name.strip() for name in found if name.strip() and not name.strip().lower().startswith(("http:", "https:", "_:"))]

    def is_organization(self, value: object) -> bool:
        """Whether all that ``value`` names are organisations."""
        nodes = [self.resolve(item) for item in _as_list(value)]
        return bool(nodes) and all(isinstance(n, dict) and any(t.endswith("Organization") for t in types_of(n)) for n in nodes)

    def publishers(self) -> list[str]:
        """Names of the publisher, the article's own first, then the site's."""
        # A blog's author is often declared as its publisher too: a person is no publisher here.
        declared = [self.article.get("publisher")]
        declared += [node.get("publisher") for node in self.nodes if _is_article(node)]
        houses = [node for value in declared for node in map(self.resolve, _as_list(value))]
        found = [
            name for node in houses if not (isinstance(node, dict) and "Person" in types_of(node)) for name in self.names(node)
        ]
        for node in self.nodes:
            if types_of(node) & {"WebSite", "NewsMediaOrganization"} and "Person" not in types_of(node):
                found.extend(self.names(node))
        return list(dict.fromkeys(found))


def read_structured(tree: HtmlElement, *, addresses: set[str], headlines: set[str]) -> Structured:
    """The JSON-LD of a page, with the node that is about this page's article.

    Args:
        tree: the page.
        addresses: keys (:func:`pipelines.clean.urls.address_key`) of the addresses that the page may have.
        headlines: keys (:func:`pipelines.clean.text.key`) of what may be its headline.
    """
    found = Structured()
    candidates: list[tuple[float, int, Node]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for root in _as_list(_load(script.text or "")):
            for node, depth in _walk(root, 0):
                if len(found.nodes) >= _MAX_NODES:
                    break
                found.nodes.append(node)
                if "@id" in node and len(node) > 1:
                    # The fullest description under an id: others are references with a type.
                    known = found.by_id.get(str(node["@id"]))
                    if known is None or len(node) > len(known):
                        found.by_id[str(node["@id"])] = node
                if _is_article(node) or types_of(node) & _PAGE_TYPES:
                    score = _score(node, depth, addresses, headlines)
                    if score > 0:
                        candidates.append((score, -len(candidates), node))
    if candidates:
        found.article = max(candidates, key=lambda c: c[:2])[2]
    return found


def types_of(node: Node) -> set[str]:
    """The node's types, without the vocabulary's address."""
    return {
        str(t).rstrip("/").rsplit("/", 1)[-1].removeprefix("schema:") for t in _as_list(node.get("@type")) if isinstance(t, str)
    }


def _is_article(node: Node) -> bool:
    return any(_ARTICLE.search(t) for t in types_of(node))


def _score(node: Node, depth: int, addresses: set[str], headlines: set[str]) -> float:
    """How surely the node is about this page's article; 0 or less: it is not."""
    is_article = _is_article(node)
    weak = not is_article or bool(types_of(node) & _WEAK_ARTICLE)
    score = 0.0
    stated = {address_key(str(value)) for value in _addresses(node)} - {""}
    if stated & addresses:
        score += 3
    elif stated and addresses and is_article and not weak:
        score -= 1
    titles = {key(str(node[name])) for name in ("headline", "name", "alternativeHeadline") if isinstance(node.get(name), str)} - {
        ""
    }
    if titles & headlines or any(len(t) > 20 and (t in h or h in t) for t in titles for h in headlines if len(h) > 20):
        score += 3
    elif titles and headlines and is_article and not weak:
        score -= 1
    if weak:
        # A page node says when and by whom only where there is no article node.
        return score * 0.3 if score > 0 and ("datePublished" in node or "author" in node) else 0
    score += 1.5 if depth <= 2 else 0
    score += 0.2 * sum(name in node for name in ("datePublished", "author", "articleBody", "publisher", "mainEntityOfPage"))
    return score


def _addresses(node: Node) -> Iterator[object]:
    for name in ("url", "@id", "mainEntityOfPage"):
        for value in _as_list(node.get(name)):
            if isinstance(value, dict):
                yield value.get("@id") or value.get("url") or ""
            elif isinstance(value, str):
                yield value


def _as_list(value: object) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _load(text: str) -> object:
    """The JSON of a script, also where it is wrapped in comments, escaped as HTML or has commas too many; else None."""
    text = text.strip()
    if not text or len(text) > _MAX_SCRIPT:
        return None
    for repair in (str, _unwrap, lambda t: _TRAILING_COMMA.sub("", t), unescaped):
        text = repair(text)
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _unwrap(text: str) -> str:
    """``text`` without the comment or CDATA marks that hide scripts from old browsers."""
    for _ in range(4):
        before = text
        for mark in _WRAPPERS:
            text = text.removeprefix(mark).removesuffix(mark).strip()
        if text == before:
            break
    return text


def _walk(value: object, depth: int, level: int = 0) -> Iterator[tuple[Node, int]]:
    """Every node under ``value`` with its depth, outermost first."""
    if level > _MAX_LEVEL:
        return
    if isinstance(value, dict):
        if "@type" in value or "@id" in value:
            yield value, depth
        for name, inner in value.items():
            if isinstance(inner, dict | list):
                # A graph or the page's main entity is as good as the outermost node.
                yield from _walk(inner, depth + (name not in ("@graph", "mainEntity", "mainEntityOfPage")), level + 1)
    elif isinstance(value, list):
        for inner in value[:_MAX_NODES]:
            yield from _walk(inner, depth, level + 1)
