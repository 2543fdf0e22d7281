"""Pages as trees: parsing within limits, the text of elements, the lines of a page as readers see them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from lxml import etree
from lxml.html import HtmlElement
from trafilatura.utils import load_html

from pipelines.clean.text import UndecodableError, decode, one_line

#: Larger pages are refused: the largest of 1,118 real pages has 2.2 MB.
MAX_BYTES: Final = 20_000_000
#: More elements than this are refused: the largest real page has 11,529, and trafilatura takes 5 s for 30,000 at worst.
MAX_ELEMENTS: Final = 30_000
#: More visible text than this is a book or a dump, which would hold up the run: some steps take time in text times depth.
MAX_TEXT: Final = 1_000_000
#: libxml2 stops reading at 256 levels and drops the rest; the deepest real page has fewer than 120.
MAX_LEVELS: Final = 250

_COUNT: Final = etree.XPath("count(//*)")
_TOO_DEEP: Final = etree.XPath("boolean(/" + "/*" * MAX_LEVELS + ")")
_BLOCKS: Final = frozenset({"br", "p", "div", "li", "span", "small", "h1", "h2", "h3", "td"})
#: Class or id of what stands beside the article.
_ASIDE: Final = re.compile(
    r"(?i)(?:comments?$|comment[-_]?(?:s|list|body|author|area|respond|content|wrap)|sidebar|widget|related|recommend|recirc|teaser|promo|"
    r"newsletter|most[-_]?(?:read|popular)|trending|site-?footer|read-?(?:more|next)|more-?(?:from|stories|news)|latest|next-)"
)
#: Classes of elements that are marked as an article's body.
_MAIN: Final = re.compile(r"(?:^|\s)(?:post-body|entry-content|post-content|article-body)(?:\s|$)")
#: Values of one attribute, each of which knows its element. libxml2 takes ten times as long for conditions on values.
_VALUES: Final = {
    name: etree.XPath(f"//@{name}") for name in ("class", "rel", "itemprop", "id", "data-testid", "data-component", "property")
}
_LINE_BLOCKS: Final = frozenset({
    "address", "article", "blockquote", "body", "br", "dd", "details", "div", "dl", "dt", "fieldset", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
})  # fmt: skip
_UNREAD: Final = frozenset({
    "aside", "audio", "button", "canvas", "embed", "fieldset", "figcaption", "figure", "footer", "form", "iframe", "input",
    "label", "nav", "noscript", "object", "option", "script", "select", "style", "svg", "template", "textarea", "time",
    "video",
})  # fmt: skip


class CleanError(ValueError):
    """A document that gives no article; the message says why, with figures."""


def load_tree(html: bytes | str, charset: str | None = None) -> HtmlElement:
    """The page as a tree; ``charset`` is what the server said of its bytes.

    Raises:
        CleanError: it is binary, empty, or too large, too long or too deeply nested to be an article; the message says which.
    """
    if len(html) > MAX_BYTES:
        raise CleanError(f"too large: {len(html):,} bytes, at most {MAX_BYTES:,} are read")
    try:
        text = decode(html, charset) if isinstance(html, bytes) else html
    except UndecodableError as problem:
        raise CleanError(f"undecodable: {problem}") from problem
    if not text.strip():
        raise CleanError(f"empty: {len(html):,} bytes without a character")
    if isinstance(html, str):  # which may hold a lone surrogate; what was decoded holds none
        text = text.encode("utf-8", "replace").decode("utf-8")
    tree = load_html(text, MAX_BYTES)
    if tree is None and "<" in text:
        tree = load_html(f"<html><body><div>{text}</div></body></html>", MAX_BYTES)  # a bare fragment
    if tree is None:
        raise CleanError(f"no HTML: {len(text):,} characters without an element")
    count = int(_COUNT(tree))
    if count > MAX_ELEMENTS:
        raise CleanError(f"too large: {count:,} HTML elements, at most {MAX_ELEMENTS:,} are read")
    if _TOO_DEEP(tree):
        raise CleanError(f"nested too deeply: more than {MAX_LEVELS} levels of HTML elements")
    # The text is no longer than the page.
    length = (
        sum(len(e.text or "") + len(e.tail or "") for e in tree.iter() if e.tag not in ("script", "style"))
        if len(text) > MAX_TEXT
        else 0
    )
    if length > MAX_TEXT:
        raise CleanError(f"too long: {length:,} characters of text, at most {MAX_TEXT:,} are read")
    return tree


def page_lines(tree: HtmlElement) -> str:
    """The text of a page's main part, a line for each block, as readers see it; figures, menus, comments and scripts left out.

    trafilatura drops the short lines that credit the articles of a digest; this keeps them.
    """
    marked = [value.getparent() for value in attribute_values(tree, "itemprop") if value == "articleBody"]
    marked += [value.getparent() for value in attribute_values(tree, "class") if _MAIN.search(value)]
    parts = [
        part
        for part in dict.fromkeys(marked)
        if not any(ancestor in marked for ancestor in part.iterancestors()) and not stands_aside(part)
    ]
    body = tree.find(".//body")
    root = parts[0] if len(parts) == 1 else body if body is not None else tree
    lines: list[str] = [""]

    def read(node: HtmlElement) -> None:
        if node.text:
            lines[-1] += node.text if node.tag == "pre" else node.text.replace("\n", " ")
        for child in node:
            tag = child.tag
            # Levels are limited by :func:`load_tree`.
            if isinstance(tag, str) and tag not in _UNREAD and not is_aside(child):
                if tag in _LINE_BLOCKS:
                    lines.append("")
                    read(child)
                    lines.append("")
                else:
                    read(child)
            elif tag in _LINE_BLOCKS:
                lines.append("")
            if child.tail:
                lines[-1] += child.tail.replace("\n", " ")

    if root.tag not in _UNREAD:
        read(root)
    return "\n".join(one_line(line) for line in "\n".join(lines).split("\n"))


def attribute_values(tree: HtmlElement, name: str) -> list[Any]:
    """The values of attribute ``name`` in order, as strings whose ``getparent()`` is the element."""
    return list(_VALUES[name](tree))


def element_text(element: HtmlElement, limit: int = 4_000) -> str:
    """The element's text, a space where a block or line ends, to about ``limit`` characters: nesting costs no more."""
    pieces: list[str] = []
    length = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        is_read = isinstance(node.tag, str) and node.tag not in ("script", "style")
        piece = " " if is_read and node.tag in _BLOCKS else ""
        if event == "start":
            piece += (node.text or "") if is_read else ""
        elif node is not element:
            piece += node.tail or ""
        if piece:
            pieces.append(piece)
            length += len(piece)
            if length > limit:
                break
    return "".join(pieces)


def stands_aside(element: HtmlElement) -> bool:
    """Whether the element stands in comments, a sidebar or a teaser."""
    node: Any = element
    for _ in range(15):
        if node is None:
            return False
        if node.tag in ("figure", "time", "aside", "nav"):
            return True
        if is_aside(node):
            return True
        node = node.getparent()
    return False


def is_aside(node: HtmlElement) -> bool:
    """Whether the element's class or id says that it stands beside the article."""
    if node.tag in ("body", "html", "main"):
        return False
    names, name = node.get("class"), node.get("id")
    return bool(names or name) and _names_aside(f"{names or ''} {name or ''}")


@lru_cache(maxsize=20_000)
def _names_aside(names: str) -> bool:
    listed = names.split()
    # WordPress puts a post's tags into the classes of the whole post; Blogger's posts are one of its widgets.
    return len(listed) < 12 and "Blog" not in listed and any(_ASIDE.match(name) for name in listed)
