"""Values of an answer are read as what they are, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import Document
from plimsoll.semantics.digitalocean.answer import (
    UntoldError,
    number,
    quantity,
    texts,
    whole_number,
)


def part(value):
    """A value of an answer; ... stands for one that is not there."""
    data = {} if value is ... else {"value": value}
    return Document("GET /v2/x", data, is_spelled=True).part("value")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (2, 2.0),
        (2.5, 2.5),
        ("536870912", 536870912.0),
        (True, None),
        ("inf", None),
        ("nan", None),
        (float("inf"), None),
        (10**400, None),
        ("", None),
        (None, None),
        ([2], None),
        (..., None),
    ],
)
def test_a_number_is_finite_or_none(value, read):
    """What is beyond all numbers would satisfy any bound."""
    assert number(part(value)) == read


@pytest.mark.parametrize("value", [2.5, "2.5", None, ..., True, "many"])
def test_a_whole_number_that_must_be_there_is_one(value):
    """Half a node is none."""
    with pytest.raises(UntoldError, match="whole number" if str(value) == "2.5" else "number"):
        whole_number(part(value))


@pytest.mark.parametrize(
    ("value", "read"),
    [(["a", "b"], ("a", "b")), ([], ()), (None, ()), (..., None), ("a", None), ({"a": 1}, None)],
)
def test_a_list_of_texts_is_there_or_is_not(value, read):
    """Null is the platform's word for an empty list; what is no list tells nothing."""
    assert texts(part(value)) == read


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()))
def test_any_value_is_a_quantity_or_untold(value):
    """Nothing else is raised."""
    try:
        assert quantity(part(value)) == number(part(value))
    except UntoldError:
        assert number(part(value)) is None
