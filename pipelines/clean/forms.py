"""What kind of page it is, and why a page holds no article.

A live blog's entries, a gallery's captions and a video's description are kept, but marked: they are not articles that can be
held against others. What stands in an article's place (a paywall's teaser, a request for consent, a check for robots, an error,
a log-in, a list of other articles) is no article at all, and is told by name.

Standards: schema.org (LiveBlogPosting, ImageGallery, VideoObject, isAccessibleForFree), The Open Graph protocol (og:type).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

#: A gallery or a video with more words than this has an article around it.
_FORM_WORDS: Final = 300
#: What stands in an article's place is shorter than this.
SHORT_WORDS: Final = 200
#: What a paywall leaves of an article; a longer one is a part of it that can be read.
_STUB_WORDS: Final = 80
#: Marked entries that make a live blog.
_ENTRIES: Final = 4
#: Teasers that make a page of other articles.
_TEASERS: Final = 12

_LIVE_URL: Final = re.compile(
    r"(?i)(?:[/_-](?:live-?blog|live-?ticker|newsblog|news-?ticker|live-?updates?|minuto-a-minuto|en-?direct|en-?vivo|"
    r"as-it-happened)"
    r"(?:[/_.-]|$)|/live/)"
)
_LIVE_TITLE: Final = re.compile(
    r"(?i)(?:\blive ?(?:blog|ticker|updates?)\b|^live\b\s?[:|–-]|\b(?:newsblog|news-?ticker)\b|[:|–-]\s?live$|"
    r"minuto a minuto|\ben direct\b|"
    r"as it happened$)"
)
_LIVE_CLASS: Final = re.compile(
    r"(?i)(?:^|\s|[_-])(?:live-?blog|live-?ticker|liveticker|live-?(?:post|entry|update|event|"
    r"feed))[a-z]*(?:[_-]{1,2}(?:post|entry|item|update|event)s?)?(?:\s|$|[_-])"
)
_GALLERY_URL: Final = re.compile(
    r"(?i)/(?:galler(?:y|ies)|photo-?galler(?:y|ies)|photos?|pictures|slide-?shows?|bilder(?:galerie|strecke)?n?|"
    r"fotostrecken?|galeries?|"
    r"fotogalerias?|galerias?|diaporamas?|in-pictures)(?:[/_-]|$)"
)
_VIDEO_URL: Final = re.compile(r"(?i)/(?:videos?|watch|mediathek|av)/")
_ROBOT_TITLE: Final = re.compile(
    r"(?i)^\W*(?:just a moment|attention required|access (?:to this page has been )?denied|are you (?:a )?(?:robot|human)|"
    r"robot check|"
    r"pardon our interruption|please verify you are|security check|ddos-guard|human verification|one more step|"
    r"checking your browser|"
    r"bot verification|vercel security checkpoint|client challenge)\b"
)
_ROBOT_TEXT: Final = re.compile(
    r"(?i)(?:verify (?:that )?you are (?:a )?human|checking (?:if the site connection is secure|your browser)|"
    r"enable javascript and cookies to continue|unusual (?:traffic|activity) from your|are (?:a human and )?not a (?:ro)?bot\b|"
    r"complete the (?:captcha|security check)|press (?:and|&) hold)"
)
_ERROR_TITLE: Final = re.compile(
    r"(?i)^\W*(?:(?:error\s)?(?:40[0134]|410|429|50[0-4])\b|(?:page|seite|article|artikel|story|"
    r"content) (?:was )?(?:nicht gefunden|not found|"
    r"unavailable|no longer available|can.?t be found)|not found\b|oops\b|p[áa]gina no encontrada|page (?:introuvable|"
    r"non trouv[ée]e)|"
    r"pagina (?:non trovata|niet gevonden)|internal server error|bad gateway|service unavailable|forbidden\b|"
    r"(?:site )?(?:under|down for) maintenance|something went wrong)"
)
_CONSENT: Final = re.compile(
    r"(?i)\b(?:cookies?|consent|einwilligung\w*|zustimm\w*|datenschutz\w*|privacy|gdpr|dsgvo|rgpd|tracking|consentement|traceurs|"
    r"consentimiento|partners?|personali[sz]ed ads|werbung|personalisierte)\b"
)
_CONSENT_TITLE: Final = re.compile(
    r"(?i)(?:before you continue|we (?:value|care about) your privacy|your privacy|cookie|consent|zustimmung|datenschutz|"
    r"privacy (?:gate|wall)|"
    r"privacidad)"
)
_SUBSCRIBE: Final = re.compile(
    r"(?i)(?:subscribe (?:now )?to (?:continue|read|unlock|keep)|(?:continue|keep) reading (?:with|by|this)|already a subscriber|"
    r"(?:only|exclusive(?:ly)?) (?:available )?(?:for|to) (?:\w+ )?(?:subscribers|members)|to (?:read|continue reading|"
    r"access) (?:this|the (?:full|rest))|"
    r"unlock this (?:article|story)|become a (?:member|subscriber)|for subscribers only|weiterlesen mit|"
    r"jetzt (?:weiterlesen|abonnieren)|"
    r"nur f[üu]r abonnenten|r[ée]serv[ée] aux abonn[ée]s|suscr[íi]bete para|solo para suscriptores|"
    r"exclusiv[oa] para (?:suscriptores|assinantes)|"
    r"per gli abbonati|会員限定|有料会員|alleen voor abonnees|for abonnenter)"
)
_LOG_IN: Final = re.compile(
    r"(?i)^\W*(?:log ?in|sign ?in|sign ?up|register|anmelden|einloggen|connexion|se connecter|iniciar sesi[óo]n|accedi|"
    r"inloggen|create (?:an )?account)\b"
)
_INDEX_TYPES: Final = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage"})


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What tells a page's form: headline, body and its words; address; types in its JSON-LD; what its markup says.

    ``article_types`` are those of the article's own node; ``node_types`` of all nodes. ``is_free`` is its isAccessibleForFree.
    ``classes`` are values of class attributes; ``teasers`` how many links read like headlines of other pages.
    """

    title: str
    body: str
    words: int
    url: str = ""
    page_title: str = ""
    article_types: Collection[str] = ()
    node_types: Collection[str] = ()
    og_type: str = ""
    is_free: bool | None = None
    classes: Sequence[str] = ()
    teasers: int = 0
    has_password: bool = False
    has_date: bool = False


def page_form(signs: PageSigns) -> str:
    """``article``, ``live_blog``, ``gallery`` or ``video`` (:data:`pipelines.tables.ARTICLE_FORMS`)."""
    path = urlsplit(signs.url).path
    if "LiveBlogPosting" in signs.article_types:
        return "live_blog"
    is_called_live = bool(_LIVE_URL.search(path) or _LIVE_TITLE.search(signs.title))
    if is_called_live and (
        "LiveBlogPosting" in signs.node_types or sum(bool(_LIVE_CLASS.search(c)) for c in signs.classes) >= _ENTRIES
    ):
        return "live_blog"
    if signs.words > _FORM_WORDS:
        return "article"
    if signs.article_types and set(signs.article_types) & {"ImageGallery", "MediaGallery"}:
        return "gallery"
    if _GALLERY_URL.search(path) or signs.og_type in ("gallery", "image.gallery"):
        return "gallery"
    is_video = "VideoObject" in signs.article_types or signs.og_type.startswith("video")
    if is_video or (_VIDEO_URL.search(path) and "VideoObject" in signs.node_types):
        return "video"
    return "article"


def thin_reason(signs: PageSigns) -> str | None:
    """Why the page holds no article, in words ("a request for consent"); None where it may be one."""
    is_undeclared = not (signs.has_date or signs.article_types or signs.og_type == "article")
    if is_undeclared and signs.teasers >= _TEASERS:
        is_front = bool(signs.url) and not urlsplit(signs.url).path.strip("/")
        if is_front or set(signs.node_types) & _INDEX_TYPES:
            return "a list of other articles"
    if signs.words >= SHORT_WORDS:
        return None
    titles = (signs.page_title, signs.title)
    if any(_ROBOT_TITLE.match(title) for title in titles) or (signs.words < 120 and _ROBOT_TEXT.search(signs.body)):
        return "a check for robots"
    if any(_ERROR_TITLE.match(title) for title in titles) and not signs.has_date:
        return "an error page"
    consent = len(_CONSENT.findall(signs.body))
    if consent >= 4 and consent * 25 >= signs.words and any(map(_CONSENT_TITLE.search, titles)):
        return "a request for consent"
    if consent >= 6 and consent * 15 >= signs.words:
        return "a request for consent"
    if (signs.has_password and any(_LOG_IN.match(title) for title in titles)) or (signs.words < 40 and _LOG_IN.match(signs.body)):
        return "a log-in"
    if signs.words < _STUB_WORDS and (signs.is_free is False or _SUBSCRIBE.search(signs.body)):
        return "a paywall's teaser"
    return None
