"""Text: what is stored holds nothing that cannot be seen, and nothing else changes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.text import UndecodableError, count_words, decode, detect_language, one_line, tidy


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\u00a0b", "a b"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\ufeffa\u200bb\u00adc\x00\x1b", "abc"),
        ("\ud800x", "\ufffdx"),
        ("a\u202eb", "ab"),
        ("می\u200cروم", "می\u200cروم"),  # the joiner is part of Persian spelling
        ("a\u200cb", "ab"),
        ("e\u0301", "e\u0301"),  # no normalisation: offsets stay
    ],
)
def test_tidy(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


@given(st.text())
def test_tidy_twice_is_tidy_once(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ("naïve".encode(), "naïve"),
        (b"\xef\xbb\xbfnaive", "naive"),
        ("naïve".encode("utf-16"), "naïve"),
        (b"<meta charset=iso-8859-1>\x93na\xefve\x94", "<meta charset=iso-8859-1>“naïve”"),
        ("<meta charset='shift_jis'>東京".encode("shift_jis"), "<meta charset='shift_jis'>東京"),
        (("word " * 300).encode() + b"\xff", "word " * 300 + "\ufffd"),
    ],
)
def test_decode(payload: bytes, text: str) -> None:
    assert decode(payload) == text


def test_binary_data_is_no_text() -> None:
    with pytest.raises(UndecodableError, match="control characters"):
        decode(bytes(range(16)) * 50)


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_say_why(payload: bytes) -> None:
    with contextlib.suppress(UndecodableError):
        tidy(decode(payload)).encode("utf-8")


def test_words_are_counted_in_scripts_without_spaces_too() -> None:
    assert count_words("It's a well-kept port.") == 4
    assert count_words("東京都知事") == 3
    assert count_words("") == 0
    assert count_words("Easthaven 東京都", "知事 today") == 5  # five such characters, not three and two


@given(st.text(max_size=60))
def test_a_text_without_what_is_tidied_is_left_alone(text: str) -> None:
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    kept = [c for c in text if c in tidied]
    assert all(tidy(c) in (c, "") for c in kept if c not in "\u200c\u200d")


def test_one_line() -> None:
    assert one_line("  a\n\tb\u00a0 c ") == "a b c"


def test_language_of_text_not_of_the_declaration() -> None:
    german = (
        "Der Hafen bleibt bis Freitag geschlossen, sagte die Direktorin, nachdem ein Kran auf zwei Schiffe gestürzt war. " * 3
    )
    assert detect_language(german, "en") == "de"
    assert detect_language("Kurz.", "sv") == "sv"
    assert detect_language("123", None) is None


def test_what_the_server_says_goes_before_what_the_page_says_where_the_bytes_bear_it_out() -> None:
    greek = "<p>Η γέφυρα άνοιξε τη Δευτέρα".encode("iso-8859-7")
    assert decode(greek, "ISO-8859-7").endswith("Δευτέρα")
    assert decode(b"<meta charset=windows-1252>" + greek, "iso-8859-7").endswith("Δευτέρα")
    assert decode("<p>Müller".encode(), "iso-8859-7") == "<p>Müller"
    assert decode(b"<meta charset=iso-8859-1>na\xefve", "no-such-charset").endswith("naïve")
