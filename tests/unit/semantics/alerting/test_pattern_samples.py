"""Strings that patterns match."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.alerting.pattern_samples import PatternError, samples
from plimsoll.semantics.promql.patterns import matches


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("functions|dashboard", ("functions", "dashboard")),
        ("^(?:a|b)$", ("a", "b")),
        ("/|/data", ("/", "/data")),
        (".+-exporter|crowdsec", ("x-exporter", "crowdsec")),
        ("", ("",)),
        (".*", ("x",)),
        ("fra[0-9]{1,2}", ("fra0",)),
        ("a{2}b?", ("aab",)),
        ("a{2,}", ("aa",)),
        ("a{0}b", ("b",)),
        ("x(y|z)w", ("xyw",)),
        (r"\d\.\w", ("0.x",)),
        (r"[^x0\-]+", ("a",)),
        (r"[a\-\]]", ("a",)),
        ("[]a]", ("a",)),
        ("[a-]", ("a",)),
        ("(?P<n>a)", ("a",)),
        ("[[:alpha:]]", ("x",)),
        ("a{", ("a{",)),
        (r"\D\S", ("xx",)),
        ("(?i)abc", ("abc",)),
        ("x$y|z", ("z",)),
    ],
)
def test_a_sample_for_each_alternative(pattern, found):
    """Each outer alternative gives one string."""
    assert samples(pattern) == found


@pytest.mark.parametrize(
    "pattern",
    [
        "(", ")", "[", "a**", "*a", "a{3,2}", "a{2000}", "(?=a)", r"\pL", "[b-a]", "a\\",
        "x" * 4001, "(" * 101 + ")" * 101, "(((a{900}){900}){900})",
    ],
)  # fmt: skip
def test_what_is_not_read_is_refused(pattern):
    """A pattern beyond what is read is an error, never a guess."""
    with pytest.raises(PatternError):
        samples(pattern)


def test_a_long_list_is_cut():
    """Of very many alternatives some are enough."""
    assert len(samples("|".join(f"job{index}" for index in range(100)))) == 12


@given(st.text(alphabet="ab01.*+?()[]{}|^$\\-,d ", max_size=16))
def test_every_sample_is_matched(pattern):
    """Whatever the pattern: it is refused, or all samples match."""
    try:
        found = samples(pattern)
    except PatternError:
        return
    assert all(matches(pattern, one) for one in found)
