"""Which functions an expression calls."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.promql.called import called


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("up == 0", set()),
        ("-(hour())", {"hour"}),
        ("up == 0 and on() day_of_week(vector(time())) > 0", {"day_of_week", "vector", "time"}),
        ("topk(scalar(x), rate(y[5m]))", {"scalar", "rate"}),
        ("max_over_time((month() > 1)[1h:5m])", {"max_over_time", "month"}),
        ("sum(", set()),
    ],
)
def test_functions_are_found_wherever_they_stand(expression: str, names: set[str]) -> None:
    """In operands, aggregations and their parameters, subqueries and arguments."""
    assert called(expression) == names


@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    """Whatever does not parse calls nothing."""
    assert all(one.isidentifier() for one in called(text))
