"""Patterns match as RE2 does, in linear time, and nothing of them is guessed."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.semantics.pattern import (
    PatternError,
    RefusedPatternError,
    UnreadPatternError,
    compiled,
)

MATCHES = [
    ("", "", True),
    ("", "a", False),
    ("5..", "503", True),
    ("5..", "5030", False),
    ("a|bc", "bc", True),
    ("a|", "", True),
    (".", "\n", False),
    ("(?s).", "\n", True),
    ("(?i)crit", "CrIt", True),
    ("(?i:a)b", "Ab", True),
    ("(?i:a)b", "AB", False),
    ("(?i)a(?-i)b", "AB", False),
    ("a(?i)b|c", "aC", False),
    ("a(?i)b|c", "C", True),
    ("(?U)a+", "aa", True),
    (r"\d{1,3}", "1234", False),
    (r"\d{2,}", "1234", True),
    (r"\d{2}", "12", True),
    (r"a{,5}", "a{,5}", True),
    (r"[\w-]+", "a-b_9", True),
    (r"[\w-a]", "-", True),
    ("[^a-c]+", "xyz", True),
    ("[^a-c]+", "xbz", False),
    ("[]a]", "]", True),
    ("[a-]", "-", True),
    ("[[:alpha:]]+", "aZ", True),
    ("[[:^digit:]]", "7", False),
    (r"\bfoo\b", "foo", True),
    (r"fo\Bo", "foo", True),
    (r"\Aa\z", "a", True),
    ("^a$|^b$", "b", True),
    ("a$b", "ab", False),
    (r"\.\*", ".*", True),
    (r"\Qa.b\E+", "a.bb", True),
    (r"\Q\E", "", True),
    (r"\x41\x{42}\103\t", "ABC\t", True),
    (r"\D\W\S", "a!b", True),
    ("(?P<n>a)(?<m>b)", "ab", True),
    ("(a+)+b", "aaab", True),
    ("(a*)*", "aaa", True),
    ("(?:){1000}", "", True),
    ("a+?b*?c??", "aab", True),
    ("ü|é", "é", True),
]
REFUSED = [
    "(",
    ")",
    "a)",
    "*",
    "+a",
    "a**",
    "a+*",
    "a++",
    "a{2,1}",
    "a{1001}",
    "a{1}{2}",
    "[",
    "[a",
    "[z-a]",
    r"[a-\d]",
    "[[:nope:]]",
    "(?=a)",
    "(?<!a)",
    "(?x)a",
    "(?",
    r"\1x",
    r"\y",
    r"\ü",
    "\\",
    "[\\",
    "[a-",
    r"\x{110000}",
]
UNREAD = [r"\pL", r"\C", "(?m)a", "(?i)[^a]", "(" * 101 + ")" * 101, "a" * 5000, "(a{1000}){9}"]


@pytest.mark.parametrize(("pattern", "text", "is_match"), MATCHES)
def test_a_pattern_matches_the_whole_text(pattern: str, text: str, is_match: bool) -> None:
    """Match a text, as Go's package regexp does with `^(?:…)$`."""
    assert compiled(pattern).matches(text) is is_match


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_re2_refuses_is_refused(pattern: str) -> None:
    """Read something that RE2 has no word for."""
    if pattern == r"\1x":  # an octal number needs two digits
        pattern = r"\1"
    with pytest.raises(RefusedPatternError):
        compiled(pattern)


@pytest.mark.parametrize("pattern", UNREAD)
def test_what_is_not_read_is_said_to_be_unread(pattern: str) -> None:
    """Read something that RE2 may take, and that is beyond this reader."""
    with pytest.raises(UnreadPatternError):
        compiled(pattern)


def test_a_very_long_text_is_not_read() -> None:
    """Match more than any label holds."""
    with pytest.raises(UnreadPatternError):
        compiled("a*").matches("a" * 20_000)


def test_no_pattern_takes_long() -> None:
    """Match what takes engines that go back for ever."""
    begin = time.monotonic()
    assert not compiled("(a|a)*(a*)*(a+)+b").matches("a" * 2000)
    assert time.monotonic() - begin < 5


def test_usual_ways_to_write_anything_are_known() -> None:
    """Ask which patterns take any text, and which any but the empty one."""
    assert compiled(".*").takes_anything
    assert compiled(".+").takes_any_given
    assert not compiled(".+").takes_anything
    assert not compiled("a").takes_any_given


SIMPLE = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "x?", r"\w", ""]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{1,2}", "{2}"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(SIMPLE, st.text("abx", max_size=6))
def test_simple_patterns_match_as_python_matches_them(pattern: str, text: str) -> None:
    """Compare with Python's engine where both have the same words."""
    assert compiled(pattern).matches(text) is (re.fullmatch(pattern, text) is not None)


@settings(max_examples=100, deadline=None)
@given(st.text("ab(|)*+?[]{}^-$.\\dQEx01,:<>=!iP ", max_size=14), st.text("ab-", max_size=4))
def test_no_pattern_makes_it_raise_anything_else(pattern: str, text: str) -> None:
    """Read whatever somebody may have written."""
    try:
        compiled(pattern).matches(text)
    except PatternError:
        return
