"""What cannot be seen is written out; what never ends is cut, and says so."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.reporting.visible_text import capped, one_line, shortened, visible

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("≤ 10 é 🚢", "≤ 10 é 🚢"),
        ("\x1b[31mred", r"\u{1B}[31mred"),
        ("a\x00b", r"a\u{0}b"),
        ("user\u202etxt.exe", r"user\u{202E}txt.exe"),
        ("zero\u200bwidth", r"zero\u{200B}width"),
        ("half \ud83d", r"half \u{D83D}"),
        ("tag \U000e0041", r"tag \u{E0041}"),
        ("line\r\nline\ttab", "line\nline\ttab"),
        ("return\rline", r"return\u{D}line"),
    ],
)
def test_invisible_characters_are_written_out(text: str, shown: str) -> None:
    """Each invisible character becomes its code point, and nothing else changes."""
    assert visible(text) == shown


@given(ANY_TEXT)
def test_visible_text_can_be_encoded_and_holds_no_control(text: str) -> None:
    """The result is valid UTF-8 without control characters other than tab and newline."""
    shown = visible(text)
    assert shown.encode().decode() == shown
    assert all(c in "\t\n" or unicodedata.category(c) not in ("Cc", "Cs") for c in shown)


@given(ANY_TEXT)
def test_visible_text_stays_as_it_is(text: str) -> None:
    """Making text visible twice changes nothing more."""
    assert visible(visible(text)) == visible(text)


@given(ANY_TEXT)
def test_one_line_is_one_line(text: str) -> None:
    """Whatever comes in, no line ends within it."""
    assert len(one_line(text, 1000).splitlines()) <= 1


def test_a_cut_tells_how_much_is_missing_and_the_digest_of_the_whole() -> None:
    """A shortened text names the number of characters left off and a SHA-256."""
    cut = capped("x" * 1500, 500)
    assert cut.startswith(
        "x" * 500 + " […] truncated, 1,000 more characters, SHA-256 of the whole "
    )
    assert len(cut.rsplit(" ", 1)[1]) == 64


def test_text_within_the_limit_is_whole() -> None:
    """At the limit nothing is cut."""
    assert capped("x" * 500, 500) == "x" * 500


@given(ANY_TEXT, st.integers(1, 50))
def test_a_shortened_line_fits(text: str, limit: int) -> None:
    """The ellipsis counts too."""
    assert len(shortened(text, limit)) <= limit
