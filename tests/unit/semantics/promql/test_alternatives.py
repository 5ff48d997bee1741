"""The parts of an expression of which one is enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.promql import PromqlError, parse
from plimsoll.semantics.promql.alternatives import alternatives


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ("a > 1", ("a > 1",)),
        ("a > 1 or b", ("a > 1", "b")),
        ("(a or ((b))) or absent(c)", ("a", "b", "absent(c)")),
        ("a or b unless c", ("a", "b unless c")),
        ("a and (b or c)", ("a and (b or c)",)),
        ("a or on (job) b", ("a or on (job) b",)),
        ("a or ignoring (job) b", ("a or ignoring (job) b",)),
        ("sum(a or b)", ("sum(a or b)",)),
    ],
)
def test_what_stands_between_outermost_ors_is_an_alternative(
    expression: str, parts: tuple[str, ...]
) -> None:
    """Parentheses around it hide none; what compares some labels only stays whole."""
    assert alternatives(expression) == parts


def test_what_does_not_parse_has_none() -> None:
    """It is refused as everywhere else."""
    with pytest.raises(PromqlError):
        alternatives("a or (")


@given(
    st.recursive(
        st.sampled_from(['a{x=~"b\\\\d"} > 1e-3', "absent(b)", "rate(c[5m] offset 1h) == NaN"]),
        lambda inner: st.tuples(inner, st.sampled_from(["or", "and", "unless"]), inner).map(
            lambda three: f"({three[0]}) {three[1]} ({three[2]})"
        ),
        max_leaves=6,
    )
)
def test_joined_they_are_the_whole(expression: str) -> None:
    """No part is lost, and what is joined again is taken apart into the same."""
    parts = alternatives(expression)
    joined = " or ".join(f"({one})" for one in parts)
    assert alternatives(joined) == parts
    leaves = ("1e-3", "absent", "rate")
    whole, again = str(parse(expression)), str(parse(joined))
    assert [whole.count(one) for one in leaves] == [again.count(one) for one in leaves]
