"""The body of a page: trafilatura's text, checked against the page's own paragraphs, without what leads elsewhere.

trafilatura's rules alone give the same text as its cascade of fallbacks on 97 of 100 news pages for half of the time; where
they fail they give a fraction (or a multiple) of what stands in the page's paragraphs, or very little. So the paragraphs are
counted first, and the cascade runs only where the two disagree (Barbaresi 2021, ACL demo).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Extractor

from pipelines.clean.text import count_words, key, one_line, tidy, unescaped
from pipelines.clean.trees import CleanError, is_aside

#: Words that a JSON-LD articleBody must have to be believed at all.
_STATED_WORDS: Final = 60
#: A paragraph has this many characters; below, it is a caption, a button, a heading.
_PARAGRAPH: Final = 40
#: The rules' text is believed where it has between these shares of the characters of the page's paragraphs. On 1,118 pages,
#: the cascade found nothing else above the first; above the second only where the paragraphs say little.
_LEAST_SHARE: Final = 1 / 3
_MOST_SHARE: Final = 1.8
_SAYS_LITTLE: Final = 1_000
#: A page with fewer characters in paragraphs than this writes its text without them: nothing could speak for the rules' text.
_SAYS_NOTHING: Final = 100
#: A text below this may be all that the rules met of a page that they do not understand: trafilatura then looks at how much
#: text the page has, which takes a fifth of its time. On 1,118 pages: seven such, the longest with 855 characters.
_SHORT: Final = 1_000
#: A body that is split over several containers of one kind has this many times the text of the container that was found;
#: on 502 pages with a gold body: two such pages, 0.52 -> 0.98 and 0.62 -> 0.99, and no other above 1.1.
_SPLIT: Final = 1.3
#: A focus that trafilatura does not know: balanced, without the second look that only ``balanced`` asks for.
_RULES_ALONE: Final = "rules"
_NO_PARAGRAPHS: Final = frozenset({
    "nav", "footer", "aside", "form", "figure", "figcaption", "button", "noscript", "script", "style", "header", "table",
    "template",
})  # fmt: skip
_HEADINGS: Final = ("h1", "h2", "h3", "h4")
#: Lines at either end that are looked at for what is no part of the text.
_EDGE: Final = 6

#: Lines that invite to read, follow or subscribe. On 502 pages with a gold body, with the links: mean F1 +0.0028, 40 pages better
#: by more than 0.01, 4 worse.
FURNITURE: Final = re.compile(
    r"(?i)^\W*(?:"
    r"(?:more|see also|related|recommended|must read|don.t miss|see more|watch|watch now|listen)\s?:|"
    r"read (?:more|also|next|the full)|also read|related (?:stories|articles|content|topics)|recommended (?:stories|for you)|"
    r"you may also like|more from |more (?:news|stories)|popular$|most (?:read|popular)|trending$|tags?:?$|share this|"
    r"click here (?:to|for)|follow .{2,40} on (?:twitter|facebook|instagram|google news|x\b)|have a tip|sign up (?:for|to|here)|"
    r"subscribe (?:to|now|here)|get the latest|join our (?:newsletter|whatsapp)|thanks for signing up|newsletter$|"
    r"advertisement$|anzeige$|werbung$|publicidade$|publicidad$|publicit[ée]$|comments?$|view comments|leave a (?:comment|reply)|"
    r"our standards: the thomson|(?:photo|foto|image|bild|picture|quelle|source|credit)\s?: .{2,60}$|"
    r"lesen sie (?:auch|hier|mehr|dazu)|lies auch|mehr zum thema|mehr dazu|das k[öo]nnte sie auch|auch interessant|passend dazu|"
    r"hier geht.s (?:zu|zur|zum)|[äa]hnliche:?$|les ogs[åa]|l[äa]s (?:ocks[åa]|mer)|l[æa]s ogs[åa]|lees ook|lees meer|"
    r"leia (?:mais|tamb[ée]m)|lea tambi[ée]n|lee tambi[ée]n|te puede interesar|lire aussi|[àa] lire aussi|leggi anche|"
    r"czytaj (?:te[żz]|tak[żz]e)|"
    r"(?:©|\(c\)|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits r[ée]serv|todos los derechos)|"
    r"already (?:have an account|a (?:subscriber|member))|unlock this article|this article is exclusive to|copy url|"
    r"(?:would you like|you must|please (?:log|sign) (?:in|out)).{0,60}comment|would you like to comment|"
    r"fehler gefunden|back to top|powered by \w|on this page$|listen to this article|news flash$|transcript$|"
    r"(?:updated?|posted|published|last updated?|aktualisiert|uppdaterad|publicerad|ver[öo]ffentlicht am)\s?:?\s?(?:on |at |am )?"
    r"(?:\w{3,9}\.? )?\d{1,2}[ .,/:-][^a-z]{0,3}(?:\w{3,9}\.?,? )?\d{2,4}\W*(?:\d{1,2}:\d\d.{0,12})?$|"
    r"(?:updated?|posted|published|last updated?)\s?:?\s?(?:on )?[a-z]{3,9}\.? \d{1,2}, \d{4}$|"
    # What forms, players and notices of consent say.
    r"(?:an error (?:has )?occurred|there was an error|something went wrong)\b.{0,60}$|"
    r"(?:keep an eye on|check) your inbox|you can unsubscribe|"
    r"by (?:signing up|clicking|subscribing|submitting|providing)\b.{0,80}\b(?:terms of|privacy|you (?:agree|accept|consent))|"
    r"please (?:log ?out|log ?in|sign in|register|enter)\b|your email address will not|create an account|forgot your password|"
    r"order reprints|print (?:this )?article|to order presentation-ready|this copy is for your personal|"
    r"distribution and use of this material|this article has been sent to|"
    r"\d{1,2}\s?-?\s?min(?:ute|uten|utos|uti)?s?\.?(?: de)? (?:read|lesezeit|lectura|leitura|lecture)|"
    r"(?:lesezeit|tempo de leitura|reading time|estimated read).{0,20}$|\d\d:\d\d min\b|verfügbar bis\b|"
    r"(?:article content|continue reading|story continues(?: below.{0,30})?|scroll (?:down )?to continue|loading)\W*$|"
    r"video player is loading|"
    r"(?:stand|erstellt|publiziert|actualizado|publicado|mis [àa] jour|publi[ée]|aggiornato|pubblicato|opublikowano)\b\s?:?\s?"
    r".{0,12}\d{1,2}[./ ].{0,20}\d{2,4}.{0,20}$|"
    r"ein klick für den datenschutz|empfohlener (?:externer|redaktioneller) inhalt|externer inhalt|"
    r"ich bin damit einverstanden|wir benötigen ihre (?:zustimmung|einwilligung)|mit (?:dem )?laden de[sr]\b|"
    r"(?:to view this content|this content is (?:not available|hosted))|"
    r"if you (?:enjoyed|liked) (?:this|what)|tell us what you think|send us your|"
    r"join the (?:discussion|conversation)|write to .{3,60}@|(?:a )?post shared by|(?:view|see) (?:this|more) post on"
    r")"
)
#: A notice of rights that names an agency says whose report it is: evidence of a copy.
_AGENCY: Final = re.compile(
    r"(?:©|\([Cc]\)|[Cc]opyright|COPYRIGHT).*\b(?:Associated Press|AP|Reuters|REUTERS|AFP|Agence France|dpa|PA Media|Bloomberg|"
    r"EFE|ANSA)\b"
)
#: What a note on the author or an invitation at the end says.
_NOTE: Final = re.compile(
    r"(?i)\b(?:our (?:free )?(?:\w+ )?newsletters?|sign(?:ing)? up (?:for|to|here)|subscrib(?:e|ing) to|follow (?:him|her|"
    r"them|us|me) on|"
    r"(?:can be (?:reached|contacted)|send (?:tips|an email)|e-?mail (?:him|her|them|us|the (?:author|writer|reporter)))\b)"
)
_DATE_LINE: Final = re.compile(
    r"(?i)^\W*(?:(?:updated?|posted|published|last updated?|stand|aktualisiert|uppdaterad|publicerad|publicado|atualizado)\W*)*"
    r"(?:[a-zà-ÿ]{2,14}(?:-feira)?[.,-]{0,2} )?"
    r"(?:(?:de |den )?\d{1,2}(?:st|nd|rd|th)?[.,]? (?:de )?[a-zà-ÿ]{3,10}[.,]{0,2} (?:de )?20\d\d|"
    r"[a-z]{3,9}\.? \d{1,2},? 20\d\d|\d{1,2}[./-]\d{1,2}[./-](?:20)?\d\d|20\d\d-\d\d-\d\d|20\d\d年\s?\d{1,2}月\s?\d{1,2}日)"
    r"(?:[\s,|(-]{1,4}(?:às |um |at |a las |kl\.? )?\d{1,2}\s?[:.h時]\s?\d{2}.{0,40})?\W*$"
)


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The paragraphs of a page outside menus and sidebars: text and kind of container of each, and characters in all."""

    texts: tuple[tuple[tuple[str, ...], str], ...]
    length: int


def page_paragraphs(tree: HtmlElement) -> Paragraphs:
    """The ``p`` elements of a page with 40 characters or more, outside what stands aside."""
    found: list[tuple[tuple[str, ...], str]] = []
    body = tree.find(".//body")
    root = body if body is not None else tree
    # Whether what an element holds is left out, asked once each: pages have a few containers and many paragraphs.
    hides: dict[HtmlElement, bool] = {}

    def is_hidden(node: HtmlElement) -> bool:
        known = hides.get(node)
        if known is None:
            tag = node.tag
            known = hides[node] = (
                tag == "p"
                or tag in _NO_PARAGRAPHS
                or (tag in ("div", "section", "ul") and is_aside(node))
                or (node is not root and is_hidden(node.getparent()))
            )
        return known

    for node in root.iter("p"):
        text = "".join(node.itertext())
        if len(text) < _PARAGRAPH or len(text := one_line(text)) < _PARAGRAPH:
            continue
        parent = node.getparent()
        if node is not root and is_hidden(parent):
            continue
        above = (str(parent.tag), parent.get("class") or "") if parent is not None else ("", "")
        found.append(((*above, node.get("class") or ""), text))
    return Paragraphs(tuple(found), sum(len(text) for _, text in found))


def extract_body(tree: HtmlElement, url: str | None, stated: object) -> str:
    """The text of the article, a line a paragraph; ``stated``, the JSON-LD's articleBody, rescues pages that hide their text.

    Raises:
        CleanError: trafilatura gives up.
    """
    text = _found_body(tree, url)
    stated_text = _stated_body(stated)
    if stated_text and count_words(text) < count_words(stated_text) / 2:
        # Hidden or cut: on 502 pages, asking for more helped only where the page says that more is there.
        text = max((text, _extract(tree, url, focus="recall")), key=count_words)
        if count_words(text) < count_words(stated_text) / 2:
            text = stated_text
    return text


def _found_body(tree: HtmlElement, url: str | None) -> str:
    """The text that trafilatura finds with no more of its steps than the page needs."""
    paragraphs = page_paragraphs(tree)
    if paragraphs.length < _SAYS_NOTHING:
        return _extract(tree, url)
    text = _extract(tree, url, fast=True, focus=_RULES_ALONE)
    joined = _joined_parts(text, paragraphs)
    if joined:
        return joined
    if not _is_doubtful(text, paragraphs) and len(text) < _SHORT:
        text = _extract(tree, url, fast=True)
    return _extract(tree, url) if _is_doubtful(text, paragraphs) else text


def _is_doubtful(text: str, paragraphs: Paragraphs) -> bool:
    """Whether ``text`` is a fraction or a multiple of what stands in the page's paragraphs."""
    is_long = paragraphs.length < _SAYS_LITTLE and len(text) > _MOST_SHARE * paragraphs.length + 200
    return is_long or len(text) < _LEAST_SHARE * paragraphs.length


def _extract(tree: HtmlElement, url: str | None, *, fast: bool = False, focus: str = "balanced") -> str:
    options = Extractor(output_format="python", fast=fast, comments=False, url=url)
    options.focus = focus
    try:
        document = trafilatura.bare_extraction(tree, url=url, options=options)
    except (ValueError, RecursionError) as problem:
        raise CleanError(f"extraction failed: {type(problem).__name__}: {problem}") from problem
    return tidy(str(getattr(document, "text", None) or ""))


def _joined_parts(text: str, paragraphs: Paragraphs) -> str:
    """All paragraphs in containers of the kind that ``text`` was found in, where those hold far more; else empty.

    Pages cut by advertisements into several containers lose all but one of them.
    """
    if paragraphs.length < _SPLIT * len(text):
        return ""
    wanted = key(text)
    met: Counter[tuple[str, ...]] = Counter()
    whole: Counter[tuple[str, ...]] = Counter()
    for kind, paragraph in paragraphs.texts:
        whole[kind] += len(paragraph)
        if key(paragraph) in wanted:
            met[kind] += len(paragraph)
    if not met:
        return ""
    kind, found = met.most_common(1)[0]
    if found < 0.7 * len(text) or whole[kind] < _SPLIT * len(text) or not kind[1]:
        return ""
    return "\n".join(paragraph for other, paragraph in paragraphs.texts if other == kind)


def _stated_body(stated: object) -> str:
    """The body in the JSON-LD, where it is long enough to be one (it is rubbish on one page in twelve, so only a rescue)."""
    if not isinstance(stated, str) or len(stated) < 300:
        return ""
    text = tidy(unescaped(re.sub(r"<(?:/p|br)[^<>]{0,100}>", "\n", stated)))
    text = re.sub(r"<[^<>]{0,500}>", "", text)
    return text if count_words(text) >= _STATED_WORDS else ""


def select_lines(text: str, links: Collection[str], *, titles: Collection[str] = (), authors: Sequence[str] = ()) -> list[str]:
    """The lines of ``text`` that are the article's own words.

    Dropped are invitations to read, follow or subscribe, lines that are a link elsewhere, and at the ends what repeats the
    title, the byline or the date, and notes on the author.

    Args:
        text: a line a paragraph.
        links: the page's :func:`links_elsewhere`.
        titles: what the page declares or shows as its headline.
        authors: names of the authors.
    """
    lines = [line for line in (one_line(line) for line in text.split("\n")) if line]
    kept: list[str] = []
    for line in lines:
        if len(line) < 220 and FURNITURE.match(line) and not _AGENCY.search(line):
            continue
        k = key(line)
        if k in links or (len(k) % 2 == 0 and k[: len(k) // 2] in links and k[: len(k) // 2] * 2 == k):
            continue
        kept.append(line)
    headlines = {key(title) for title in titles if title} - {""}
    names = [key(name) for name in authors if " " in name]
    first = 0
    while first < min(_EDGE, len(kept) - 1):
        if not _is_head(kept[first], headlines, names):
            break
        first += 1
    last = len(kept)
    while last > max(first + 2, len(kept) - _EDGE) and _is_note(kept[last - 1], authors):
        last -= 1
    return kept[first:last]


def _is_head(line: str, headlines: Collection[str], names: Sequence[str]) -> bool:
    """Whether a line above the text repeats the headline, the byline or the date."""
    if len(line) > 300:
        return False
    k = key(line)
    if any(k == h or (len(h) >= 20 and k.endswith(h) and len(k) <= len(h) + 40) for h in headlines):
        return True
    if len(line) <= 90 and _DATE_LINE.match(line):
        return True
    return any(n in k and len(k) <= len(n) + 12 for n in names)


def _is_note(line: str, authors: Sequence[str]) -> bool:
    """Whether a line below the text is a note on its author or an invitation."""
    if len(line) > 600:
        return False
    if _NOTE.search(line) and len(line) < 350:
        return True
    return any(
        " " in name
        and line.startswith(name)
        and re.match(r"(?i),? (?:is|are|was|covers|writes|has|ist|est|es|è|joined|studied|works)\b", line[len(name) :])
        for name in authors
    )


def links_elsewhere(tree: HtmlElement) -> set[str]:
    """Keys of the texts of links to other pages that read like a headline and are no heading of this page."""
    headings: set[str] = set()
    for heading in itertools.islice(tree.iter(*_HEADINGS), 300):
        if heading.find(".//a[@href]") is None:
            headings.add(key("".join(_short_text(heading))))
    found: set[str] = set()
    for link in itertools.islice(tree.iter("a"), 3000):
        address = link.get("href") or ""
        if address and address[0] != "#":
            text = (link.text or "") if len(link) == 0 else "".join(_short_text(link))
            if len(text) <= 30:
                continue
            text = one_line(text)
            if 30 < len(text) < 300 and text.count(" ") >= 4:
                found.add(key(text))
    return found - headings


def _short_text(element: HtmlElement, limit: int = 600) -> Iterator[str]:
    length = 0
    for piece in element.itertext():
        yield piece
        length += len(piece)
        if length > limit:
            return
