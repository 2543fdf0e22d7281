"""Text put back together from the tokens of an annotated corpus, with the spaces that English takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_MONTHS: Final = frozenset({
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
})  # fmt: skip
#: Tokens that close up to what stands before them, or after.
_NO_BEFORE: Final = frozenset(",.;:!?)]}%’”…") | {
    "'s",
    "’s",
    "n't",
    "n’t",
    "'re",
    "'ve",
    "'ll",
    "'d",
    "'m",
    "''",
    "’re",
    "’ve",
    "’ll",
    "’d",
    "’m",
}
_NO_AFTER: Final = frozenset("([{$£€“‘#@") | {"``"}


@dataclass(frozen=True, slots=True)
class Joined:
    """A document put back together: its text and where each token stands in it."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def join_tokens(sentences: Sequence[Sequence[str]]) -> Joined:
    """Put tokens back into text: one line a sentence, punctuation and hyphens closed up as English has them."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    length = 0
    for number, tokens in enumerate(sentences):
        if number:
            parts.append("\n")
            length += 1
        quote_open = False
        for i, token in enumerate(tokens):
            space = i > 0 and _space_between(tokens, i, quote_open)
            if token == '"':
                quote_open = not quote_open
            if space:
                parts.append(" ")
                length += 1
            starts.append(length)
            parts.append(token)
            length += len(token)
            ends.append(length)
    return Joined("".join(parts), tuple(starts), tuple(ends))


def _space_between(tokens: Sequence[str], i: int, quote_open: bool) -> bool:
    """Whether a space stands before token ``i``; ``quote_open``: a straight quotation mark opened before it."""
    before, token = tokens[i - 1], tokens[i]
    if token in _NO_BEFORE or before in _NO_AFTER:
        # U . S . in some sets: initials are closed up by the rule for the period alone.
        return False
    if token == '"':
        return not quote_open
    if before == '"':
        return not quote_open
    if before in {"’", "'"} and token in {"s", "t", "re", "ve", "ll", "d", "m"}:
        return False
    if token == "'":
        return False
    if token == "/" or before == "/":
        return False
    if before == "." and i > 1 and len(tokens[i - 2]) == 1 and tokens[i - 2].isupper() and len(token) == 1 and token.isupper():
        return False
    following = tokens[i + 1] if i + 1 < len(tokens) else ""
    if token == "-":
        return not _is_hyphen(before, following)
    if before == "-":
        return not (i > 1 and _is_hyphen(tokens[i - 2], token))
    return True


def _is_hyphen(before: str, after: str) -> bool:
    """Whether a lone ``-`` joins two words rather than parting clauses: ``UK-based``, not ``17 March - The``."""
    if not (before[-1:].isalnum() and after[:1].isalnum()):
        return False
    if before[:1].isdigit() and after[:1].isupper():
        return False
    return not (after in {"The", "A", "An", "In", "It", "He", "She"} or before in _MONTHS)
