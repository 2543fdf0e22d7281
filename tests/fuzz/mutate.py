"""Mutations of an input: what breaks on its way, and what somebody would send on purpose."""

from __future__ import annotations

import gzip
import random
import re
import zlib
from collections.abc import Callable, Sequence
from typing import Final

#: No mutation makes an input larger than this.
MAX_BYTES: Final = 4_000_000

Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]

_TAG: Final = re.compile(rb"<[^<>]{1,400}>")
_NUMBER: Final = re.compile(rb"\d{1,20}")
_DEPTHS: Final = (30, 200, 2_000, 100_000)
_NESTED: Final = (
    "div", "p", "b", "a", "span", "ul><li", "table><tr><td", "blockquote", "font", "svg", "select", "form", "section", "item",
    "entry", "url", "i", "h1", "article", "noscript", "template", "dl><dd", "button", "object",
)  # fmt: skip
_NUMBERS: Final = (
    b"0", b"-1", b"1", b"255", b"65536", b"2147483648", b"18446744073709551616", b"9" * 30, b"1e309", b"NaN", b"0x7f", b"",
    b"9" * 5_000,
)  # fmt: skip
_CHARSETS: Final = (
    "utf-8", "utf-16", "utf-16le", "utf-32", "utf-7", "iso-8859-1", "windows-1251", "shift_jis", "gb18030", "euc-kr", "big5",
    "ibm037", "x-user-defined", "hz-gb-2312", "iso-2022-jp", "nonsense", "\0", "utf-8; charset=utf-16", "idna",
    "punycode", "rot13", "base64",
)  # fmt: skip
_CODECS: Final = ("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1251", "gb18030", "shift_jis", "utf-7", "cp037", "utf-8-sig")
_ODD: Final = (
    b"\0", b"\xff", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80\xae", b"\xe2\x80\x8d", b"\xcc\x81", b"\xef\xbb\xbf",
    b"\xc2\xa0", b"\x0b", b"\x1f",
    b"\x85", b"\r", b"\xe2\x80\x9c", b'"', b"'", b"(", b"[", b"&", b"<", b">", b"</", b"<!--", b"]]>",
    b"<![CDATA[", b"&#0;", b"&#x110000;", b"&#99999999999;", b"&amp", b"%00", b"\\u0000", b".", b", ", b"- ", b"|", b" by ",
    b"By A. B. ",     b"12/12/2021 ", b"http://", b"\xf0\x9f\x98\x80",
)  # fmt: skip
_BOMB: Final = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b'<!ENTITY file SYSTEM "file:///etc/passwd">]>'
)
_STATED: Final = (
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b'{"@type":"NewsArticle","headline":["a",{"b":null}],"author":[[[{"name":{"name":7}}]]],"datePublished":20260302}',
    b'{"@type":"NewsArticle","headline":"' + b"x" * 300_000
    + b'","datePublished":"2026-99-99T99:99:99+99:99","author":{"name":[]}}',
    b'{"@graph":[{"@type":["NewsArticle",3],"articleBody":7,"publisher":"\\ud800","dateModified":-1e999}]}',
    b'{"@type":"NewsArticle","author":[' + b'{"@type":"Person","name":"A. B."},' * 5_000
    + b'null],"articleBody":"' + b"<p " * 50_000 + b'"}',
    b'{"@type":"NewsArticle","datePublished":"' + b"1" * 5_000 + b'","dateModified":"0000-00-00"}',
)  # fmt: skip


def mutate(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """``data`` after one to four mutations; ``others`` are inputs of the same kind, to splice with."""
    for _ in range(rng.choice((1, 1, 2, 3, 4))):
        mutation = rng.choices(_MUTATIONS, _WEIGHTS)[0]
        data = mutation(rng, data, others)[:MAX_BYTES]
    return data


def _at(rng: random.Random, data: bytes) -> int:
    return rng.randrange(len(data) + 1)


def _cut(rng: random.Random, data: bytes) -> tuple[int, int]:
    start = _at(rng, data)
    return start, min(len(data), start + int(rng.paretovariate(0.7)) * 4)


def _put(data: bytes, at: int, what: bytes) -> bytes:
    return data[:at] + what + data[at:]


def _tag(rng: random.Random, data: bytes) -> re.Match[bytes] | None:
    """A tag somewhere behind a random place."""
    return _TAG.search(data, _at(rng, data)) or _TAG.search(data)


def flip(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Change some bytes."""
    changed = bytearray(data)
    for _ in range(min(len(changed), rng.choice((1, 4, 32, 256)))):
        changed[rng.randrange(len(changed))] ^= rng.randrange(1, 256)
    return bytes(changed)


def truncate(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Lose the end, or the start."""
    at = _at(rng, data)
    return data[:at] if rng.random() < 0.8 else data[at:]


def drop(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Lose a part."""
    start, end = _cut(rng, data)
    return data[:start] + data[end:]


def repeat(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Repeat a part."""
    start, end = _cut(rng, data)
    part = data[start:end]
    times = min(rng.choice((2, 10, 300, 5_000)), 1 + 1_000_000 // max(len(part), 1))
    return _put(data, start, part * times)


def repeat_tag(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Repeat a tag."""
    tag = _tag(rng, data)
    return _put(data, tag.start(), tag[0] * rng.choice((2, 20, 500, 5_000))) if tag else data


def move(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Move a part elsewhere."""
    start, end = _cut(rng, data)
    rest = data[:start] + data[end:]
    return _put(rest, _at(rng, rest), data[start:end])


def splice(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """The start of one and the end of another."""
    other = rng.choice(others)
    return data[: _at(rng, data)] + other[_at(rng, other) :]


def nest(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Open an element within itself, up to 100,000 deep."""
    depth = rng.choice(_DEPTHS)
    name = rng.choice(_NESTED)
    tag = _tag(rng, data)
    opened = f"<{name}>".encode() * depth
    if rng.random() < 0.3:
        opened += b"x" + f"</{name.split('>')[0]}>".encode() * depth
    return _put(data, tag.start() if tag else _at(rng, data), opened)


def huge_attribute(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Give a tag an enormous attribute, or enormously many."""
    tag = _tag(rng, data)
    if tag is None:
        return data
    name = rng.choice((b"class", b"href", b"content", b"datetime", b"id", b"xmlns:x", b"style", b"title", b"rel", b"itemprop"))
    if rng.random() < 0.3:
        value = b"".join(b' %s%d="%d"' % (name, n, n) for n in range(rng.choice((100, 5_000))))
    else:
        value = b' %s="%s"' % (
            name,
            rng.choice((b"x", b"comment ", b"/", b"2026-", b"(", b"&amp;")) * rng.choice((10_000, 200_000)),
        )
    return _put(data, tag.end() - 1, value)


def odd_bytes(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Zero bytes, broken UTF-8, marks, quotes, entities: once, or as a wall."""
    return _put(data, _at(rng, data), rng.choice(_ODD) * rng.choice((1, 10, 1_000, 50_000)))


def zeros(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Overwrite a part with zero bytes, as a damaged disk does."""
    start, end = _cut(rng, data)
    return data[:start] + b"\0" * (end - start) + data[end:]


def lie_about_charset(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Declare another encoding."""
    name = rng.choice(_CHARSETS).encode()
    declared = re.sub(rb"""(?i)((?:charset|encoding)\s*=\s*["']?)[\w-]{1,30}""", lambda match: match[1] + name, data, count=2)
    return declared if declared != data else b'<meta charset="' + name + b'">' + data


def recode(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Write it in another encoding, and say nothing of it."""
    return data.decode("utf-8", "replace").encode(rng.choice(_CODECS), "replace")


def entity_bomb(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Entities that expand to gigabytes, or that name a local file."""
    at = _at(rng, data)
    return _BOMB + _put(data, at, rng.choice((b"&l9;", b"&file;", b"&l3;")) * rng.choice((1, 100)))


def lie_about_numbers(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Replace numbers: lengths, dates, counts."""
    share = rng.choice((0.02, 0.2, 1.0))
    return _NUMBER.sub(lambda match: rng.choice(_NUMBERS) if rng.random() < share else match[0], data)


def long_run(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A line or a word of a size that nothing is made for."""
    piece = rng.choice(
        (b"a", b"A", b" ", b"\n", b"a ", b"Aa ", b"\t \n", b"1", b"1,", b"a.", b"A. ", b"\xe4\xb8\xad", b"said ", b"-", b"a\n\n")
    )
    return _put(data, _at(rng, data), piece * (rng.choice((1_000, 30_000, 300_000)) // len(piece)))


def stated(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """JSON-LD of the wrong shape, too deep or too large."""
    tag = _tag(rng, data)
    script = b'<script type="application/ld+json">' + rng.choice(_STATED) + b"</script>"
    return _put(data, tag.end() if tag else 0, script)


def pack(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Gzip it, cut it and gzip it, or damage what is packed."""
    if data.startswith(b"\x1f\x8b") and rng.random() < 0.5:
        try:
            return zlib.decompressobj(31).decompress(data, MAX_BYTES)
        except zlib.error:
            return data
    at = _at(rng, data)
    return rng.choice(
        (
            gzip.compress(data, 1, mtime=0),
            gzip.compress(data[:at], 1, mtime=0) + gzip.compress(data[at:], 1, mtime=0),
            gzip.compress(data, 1, mtime=0)[:at],
        )
    )


_WEIGHTED: Final[dict[Mutation, int]] = {
    flip: 10, truncate: 6, drop: 6, repeat: 6, repeat_tag: 6, move: 5, splice: 8, nest: 5, huge_attribute: 4, odd_bytes: 8,
    zeros: 4,    lie_about_charset: 5, recode: 4, entity_bomb: 3, lie_about_numbers: 8, long_run: 5, stated: 4, pack: 2,
}  # fmt: skip
_MUTATIONS: Final = list(_WEIGHTED)
_WEIGHTS: Final = list(_WEIGHTED.values())
