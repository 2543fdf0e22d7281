"""From bytes to tidy text: decoding, control characters, invisible characters, newlines; words and language.

Every span of the warehouse is an offset into text that went through :func:`tidy`, so what it changes is changed before
any offset exists.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape
from typing import Final

import py3langid
from charset_normalizer import from_bytes

#: Spaces that look like a space: one for one, so that a line keeps its length. U+3000 stays: CJK text indents with it.
_SPACES: Final = dict.fromkeys([0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F], " ")
#: What ends a line besides the line feed.
_NEWLINES: Final = dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], "\n")
#: Dropped: C0 and C1 controls, soft hyphen, zero-width space, bidirectional controls (they can make text read otherwise
#: than it is stored), word joiner and its kin, byte order mark, interlinear marks, non-characters.
_DROPPED: Final = dict.fromkeys(
    [
        *range(0x00, 0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xAD, 0x061C, 0x180E, 0x200B,
        0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC), 0xFFFE, 0xFFFF,
    ]
)  # fmt: skip
#: A lone surrogate is no character: it cannot be stored as UTF-8.
_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_TABLE: Final = {**_SURROGATES, **_SPACES, **_NEWLINES, **_DROPPED}
#: What is there to tidy: a search is many times faster than a translation that changes nothing.
_IN_TABLE: Final = re.compile(f"[\ud800-\udfff{''.join(re.escape(chr(c)) for c in (*_SPACES, *_NEWLINES, *_DROPPED))}]")

_LONG_REFERENCE: Final = re.compile(r"&#\d{8,};?")
#: Joiners mean something between letters of Persian or Indic scripts alone; elsewhere they only hide.
_STRAY_JOINER: Final = re.compile(r"(?<![^\W\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\W\x00-\x7f])")

_DECLARED: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_XML_DECLARED: Final = re.compile(rb"""^\s{0,20}<\?xml[^>]{0,200}?encoding\s{0,5}=\s{0,5}["']([A-Za-z0-9_:.-]{2,40})""")
#: WHATWG, Encoding standard: these labels mean the Windows code page, which is a superset.
_WHATWG: Final = {"iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
                  "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949",
                  "euc-kr": "cp949", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932"}  # fmt: skip
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

_UNTIDY: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_CONTROLS: Final = bytes([*range(0x00, 0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])

#: Below this many words the declared language is surer than the detected one; this many characters tell it
#: (right on all 250 pages with gold, of 18 languages).
_SHORT_WORDS: Final = 25
_LANGUAGE_SAMPLE: Final = 1_500

_NOT_ALNUM: Final = re.compile(r"[^0-9A-Za-z]+")
_WORD: Final = re.compile(r"\w+(?:[’'\-]\w+)*")
#: Scripts that put no space between words: a character counts as half a word, as translators' estimates do.
_UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


class UndecodableError(ValueError):
    """Bytes that are no text in any encoding that they declare or resemble."""


def tidy(text: str) -> str:
    r"""``text`` with newlines as ``\n``, look-alike spaces as a space, and no control, invisible or lone-surrogate character.

    Idempotent. Letters are left as they stand (no Unicode normalisation).
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and (text.isprintable() or not _UNTIDY.search(text)):
        return text  # most lines of most pages
    if _IN_TABLE.search(text):
        text = text.translate(_TABLE)
    if "\u200c" in text or "\u200d" in text:
        text = _STRAY_JOINER.sub("", text)
    return text


def one_line(text: str) -> str:
    """``text`` tidied, on one line, without space at its ends or doubled inside."""
    return " ".join(tidy(text).split())


def decode(payload: bytes, charset: str | None = None) -> str:
    """Text of ``payload``: by its byte order mark, as UTF-8, as declared (WHATWG labels), else as it most resembles.

    Args:
        payload: the bytes as they came.
        charset: what the server said (Content-Type); it is asked before what the page says of itself (HTML standard,
            "determining the character encoding"), and, like that, believed only where the bytes bear it out.

    Raises:
        UndecodableError: it holds binary data; the message says what was found.
    """
    for mark, encoding in _BOMS:
        if payload.startswith(mark):
            return _text_of(payload[len(mark) :].decode(encoding, errors="replace"), payload)
    try:
        return _text_of(payload.decode("utf-8"), payload, payload)
    except UnicodeDecodeError:
        pass
    head = payload[:8192]
    declared = _XML_DECLARED.search(head) or _DECLARED.search(head)
    for label in (charset, declared[1].decode("ascii") if declared else None):
        if not label:
            continue
        label = label.strip().lower()
        try:
            return _text_of(payload.decode(_WHATWG.get(label, label)), payload)
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
    # A few broken bytes in UTF-8 are more likely than another encoding that happens to fit.
    lenient = payload.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    if broken * 200 <= len(lenient) or sum(c > "\x7f" for c in lenient) >= 2 * broken:
        return _text_of(lenient, payload)
    sample = payload if len(payload) <= 20_000 else payload[:10_000] + payload[-10_000:]
    best = from_bytes(sample).best()
    if best is None:
        raise UndecodableError(f"no known encoding fits its {len(payload):,} bytes")
    return _text_of(payload.decode(best.encoding, errors="replace"), payload)


def _text_of(text: str, payload: bytes, encoded: bytes | None = None) -> str:
    """``text`` unless it is none; ``encoded`` is its UTF-8, where known."""
    # One NUL or stray control in a page is an accident; one in a hundred is a picture or an archive.
    ascii_bytes = text.encode("utf-8", "replace") if encoded is None else encoded
    controls = len(ascii_bytes) - len(ascii_bytes.translate(None, _CONTROLS))
    if controls * 100 > len(text):
        raise UndecodableError(f"binary data: {controls:,} control characters among {len(text):,} in {len(payload):,} bytes")
    return text


def count_words(*texts: str) -> int:
    """Words of all ``texts``; in scripts without spaces two characters count as one word."""
    words, unspaced = map(sum, zip(*map(_count, texts), strict=True))
    return int(words + (unspaced + 1) // 2)


@lru_cache(maxsize=8)  # the body of a page is counted in several places
def _count(text: str) -> tuple[int, int]:
    """Words in scripts with spaces, and characters in scripts without."""
    unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text) if unspaced else text)), unspaced


def unescaped(text: str) -> str:
    """``text`` with HTML's character references resolved; a number that no character has is replaced.

    The standard library reads it as an integer first, which Python refuses beyond 4,300 digits.
    """
    return unescape(_LONG_REFERENCE.sub("\ufffd", text))


def key(text: str) -> str:
    """Letters and digits of ``text``, lower-cased and without accents folded: what headlines and names are compared by."""
    if text.isascii():
        return _NOT_ALNUM.sub("", text).lower()
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).lower()))


def detect_language(text: str, declared: str | None = None) -> str | None:
    """ISO 639-1 code of the language of ``text``; ``declared`` where the text is too short to tell, None for no letters."""
    if len(text) < _LANGUAGE_SAMPLE and declared and count_words(text) < _SHORT_WORDS:
        return declared
    if not any(c.isalpha() for c in text[:_LANGUAGE_SAMPLE]):
        return declared
    code = str(py3langid.classify(text[:_LANGUAGE_SAMPLE])[0])
    return {"nb": "no", "nn": "no"}.get(code, code)
