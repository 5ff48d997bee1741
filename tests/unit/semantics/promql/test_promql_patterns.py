"""Regular expressions of rule files, matched as RE2 would, and never for long."""

from __future__ import annotations

import contextlib
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.semantics.promql import UnsupportedError
from plimsoll.semantics.promql.patterns import matches, pattern


@pytest.mark.parametrize(
    ("text", "value", "matched"),
    [
        ("5..", "503", True),
        ("5..", "5033", False),
        ("5", "503", False),
        ("functions|dashboard", "dashboard", True),
        ("functions|dashboard", "dashboards", False),
        ("", "", True),
        (".*", "", True),
        (".+", "", False),
        ("(?i)get", "GET", True),
        ("(?:a|b)c{2}", "bcc", True),
        ("(?P<name>a)?b", "b", True),
        ("[^0-9a-z]+", "ABC", True),
        (r"\d+\.\w*?", "12.ab", True),
        (r"\d", "٣", False),
        ("a{2,}", "aaa", True),
        ("a{2,3}", "aaaa", False),
        (".*login.*|.*auth.*|.*signup.*|.*token.*|.*session.*", "/api/auth/new", True),
        ("(dev|test|prod)-(eu|us)-.*", "prod-us-1", True),
        ("[]a]", "]", True),
        (r"[\]a]", "]", True),
        (r"a\|b", "a|b", True),
    ],
)
def test_patterns_mean_what_they_mean_in_re2(text: str, value: str, matched: bool) -> None:
    """The whole value must match."""
    assert matches(text, value) is matched


def test_the_dot_depends_on_the_version() -> None:
    """Since Prometheus 3 it stands for the end of a line as well."""
    assert not matches("a.b", "a\nb")
    assert matches("a.b", "a\nb", dot_matches_newline=True)


@pytest.mark.parametrize(
    "text",
    [
        "(a*)*",
        "(a|b)*",
        "(a?){20}",
        "(a+)+$",
        r"(a)\1",
        "(?=a)b",
        "(?!a)b",
        "(?<=a)b",
        "(?<name>a)",
        "(?P=name)",
        "(?#comment)",
        "(?x) a",
        "a(?i)b",
        "a*+",
        "a**",
        "a{2,3}+",
        "a{,3}",
        "a{x}",
        "a{1001}",
        "a{2,1001}",
        "[[:alpha:]]",
        "[a--b]",
        "[a&&b]",
        r"[\p{L}]",
        r"\pN",
        r"\Q.\E",
        r"\Z",
        "\\",
        "[a",
        "(a",
        "a)",
        "*",
        "a{3,2}",
        "(?i)é",
        "(" * 60 + ")" * 60,
        "a" * 2001,
    ],
)
def test_what_is_not_certain_is_refused(text: str) -> None:
    """Never guessed: another meaning, another grammar, or too much work."""
    with pytest.raises(UnsupportedError):
        pattern(text)


def test_a_value_may_be_too_long_to_capture_from() -> None:
    """What is quick for short values may be slow for long ones, where groups are captured."""
    assert pattern(".*a.*b.*").match("xaxbx")
    with pytest.raises(UnsupportedError, match="could take too long"):
        pattern(".*a.*b.*").match("x" * 4_000)
    with pytest.raises(UnsupportedError, match="could take too long"):
        pattern("a").match("x" * 5_000)


def test_a_match_alone_never_goes_back() -> None:
    """Repetitions of alternatives, and named classes, are matched in linear time."""
    assert matches("(a|b)*", "abba" * 500)
    assert matches("(a+)+", "a" * 500)
    assert not matches("(a*)*b", "a" * 500)
    assert matches("[[:alpha:]]+", "abc")
    with pytest.raises(UnsupportedError):
        matches("(?=a)b", "b")


@given(st.text(alphabet="ab|()[]{}*+?.^$\\d12,-é", max_size=24))
@settings(max_examples=150)
def test_any_pattern_is_read_or_refused(text: str) -> None:
    """Nothing else is raised, and what is accepted Python understands the same way."""
    try:
        read = pattern(text)
    except UnsupportedError:
        return
    assert read.program.pattern == text
    assert re.compile(text)


@given(st.lists(st.sampled_from(["a", "a*", ".*", "a?", "(a|b)", "[ab]+", "a{1,9}", "|"])))
@settings(max_examples=60)
def test_no_accepted_pattern_takes_long(parts: list[str]) -> None:
    """Whatever is put in a row, a match ends in a moment."""
    begun = time.process_time()
    with contextlib.suppress(UnsupportedError):
        matches("".join(parts), "a" * 40 + "c")
    assert time.process_time() - begun < 1
