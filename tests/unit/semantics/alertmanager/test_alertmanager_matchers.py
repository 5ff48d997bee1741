"""Matchers are read as the versions of Alertmanager read them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.matchers import (
    Matcher,
    MatcherError,
    Syntax,
    UnclearMatcherError,
    matcher_problems,
    matchers_of,
    parse_matchers,
)

BOTH = [
    ('a="b"', [("a", "=", "b")]),
    ("a=b", [("a", "=", "b")]),
    (" a != b ", [("a", "!=", "b")]),
    ('{a=~"x|y", b!~"z,q",}', [("a", "=~", "x|y"), ("b", "!~", "z,q")]),
    (r'a="q\"u\\o\n"', [("a", "=", 'q"u\\o\n')]),
    ("", []),
    ("{}", []),
]
CLASSIC_ONLY = [
    ("a=", [("a", "=", "")]),
    ("a='b'", [("a", "=", "'b'")]),
    (r"a=~b\.c", [("a", "=~", r"b\.c")]),
    (r"a=b\\", [("a", "=", "b\\")]),
    ("{a=b", [("a", "=", "b")]),
    ("a=b c", [("a", "=", "b c")]),
]
UTF8_ONLY = [
    ('"é.x"="v"', [("é.x", "=", "v")]),
    ("foo.bar=x", [("foo.bar", "=", "x")]),
    (r'"a"="\u00e9\x41\101\t"', [("a", "=", "éAA\t")]),
]
NEITHER = [
    "a",
    "=b",
    'a="b',
    'a=b"c',
    "a=~(",
    "a=b,,c=d",
    'a="b" "c"',
    '"a"="\\y"',
    '"a"="\\xff"',
    '"a"="\\ud800"',
    '"a.b"="x\ny"',
    '{"a.b"="c"',
    '"a.b"~"c"',
    '"a.b"=,"c"=d',
]


def parts(text: str, syntax: Syntax) -> list[tuple[str, str, str]]:
    """Read a text."""
    return [(one.label, one.operator, one.value) for one in parse_matchers(text, syntax)]


@pytest.mark.parametrize(("text", "expected"), BOTH)
@pytest.mark.parametrize("syntax", Syntax)
def test_every_version_reads_it_alike(
    text: str, expected: list[tuple[str, str, str]], syntax: Syntax
) -> None:
    """Read what is a matcher in every syntax."""
    assert parts(text, syntax) == expected


@pytest.mark.parametrize(("text", "expected"), CLASSIC_ONLY)
def test_old_versions_read_it_and_new_ones_fall_back(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    """Read what is a matcher in the classic syntax alone, or there means something else."""
    assert parts(text, Syntax.CLASSIC) == expected
    assert parts(text, Syntax.FALLBACK) == expected
    with pytest.raises(MatcherError):
        parts(text, Syntax.UTF8)


@pytest.mark.parametrize(("text", "expected"), UTF8_ONLY)
def test_new_versions_read_it(text: str, expected: list[tuple[str, str, str]]) -> None:
    """Read names that the classic syntax does not have."""
    assert parts(text, Syntax.UTF8) == expected
    assert parts(text, Syntax.FALLBACK) == expected
    with pytest.raises(MatcherError):
        parts(text, Syntax.CLASSIC)


@pytest.mark.parametrize("text", NEITHER)
@pytest.mark.parametrize("syntax", Syntax)
def test_no_version_reads_it(text: str, syntax: Syntax) -> None:
    """Read what is no matcher."""
    with pytest.raises(MatcherError):
        parse_matchers(text, syntax)


@pytest.mark.parametrize(
    ("version", "syntax"),
    [
        ("0.25.0", Syntax.CLASSIC),
        ("v0.26.1", Syntax.CLASSIC),
        ("v0.27.0", Syntax.FALLBACK),
        ("v0.28.1", Syntax.FALLBACK),
        (None, Syntax.FALLBACK),
    ],
)
def test_the_version_decides_about_the_syntax(version: str | None, syntax: Syntax) -> None:
    """Ask what a version reads."""
    assert Syntax.of_version(version) is syntax


@pytest.mark.parametrize(
    ("matcher", "accepted", "refused"),
    [
        (Matcher("a", "=", ""), "", "x"),
        (Matcher("a", "!=", "x"), "", "x"),
        (Matcher("a", "=~", "x|y"), "y", "xy"),
        (Matcher("a", "!~", "x.*"), "", "xy"),
    ],
)
def test_a_matcher_accepts_values(matcher: Matcher, accepted: str, refused: str) -> None:
    """Try a value that is accepted, and one that is not."""
    assert matcher.accepts(accepted)
    assert not matcher.accepts(refused)


def test_what_is_not_read_is_unclear() -> None:
    """Ask a pattern that is beyond what is read."""
    with pytest.raises(UnclearMatcherError, match=r"\\pL"):
        Matcher("a", "=~", r"\pL").accepts("x")
    assert parse_matchers(r'a=~"\\pL"')[0].value == r"\pL"


def test_the_fields_of_a_route_are_read() -> None:
    """Read all three fields: numbers are taken as written, nothing as the empty text."""
    text = 'match: {a: 1, b: ~}\nmatch_re: {c: "x|y"}\nmatchers: [\'d="e"\', f!=g]\n'
    found = matchers_of(parse_yaml_document(text, "a.yml").part())
    assert list(map(str, found)) == ['a="1"', 'b=""', 'c=~"x|y"', 'd="e"', 'f!="g"']


def test_what_is_written_is_not_guessed() -> None:
    """Read a number whose text is lost: 1.50 is not 1.5."""
    with pytest.raises(UnclearMatcherError, match=r"a\.yml:1"):
        matchers_of(parse_yaml_document("match: {a: 1.50}", "a.yml").part())


def test_every_refused_matcher_is_a_problem() -> None:
    """Refuse a name, a pattern and two lines at once, each with its line."""
    text = "match: {a-b: c}\nmatch_re:\n  d: '('\nmatchers:\n  - e\n  - f=g\n  - h=~[\n"
    found = list(matcher_problems(parse_yaml_document(text, "a.yml").part()))
    assert [one.where for one in found] == ["a.yml:1", "a.yml:3", "a.yml:5", "a.yml:7"]


@settings(max_examples=100, deadline=None)
@given(st.text('ab=!~"{},\\ \nn(x.é', max_size=12), st.sampled_from(Syntax))
def test_no_text_makes_it_raise_anything_else(text: str, syntax: Syntax) -> None:
    """Read whatever somebody may have written: matchers of labels, or a refusal that says why."""
    try:
        read = parse_matchers(text, syntax)
    except MatcherError as refusal:
        assert str(refusal)
    else:
        assert all(one.operator in ("=", "!=", "=~", "!~") for one in read)
