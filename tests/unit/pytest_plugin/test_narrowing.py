"""A plan that is given another kind of subject than it is made for says so."""

import pytest

from plimsoll.pytest_plugin.narrowing import narrowed


def test_a_subject_of_the_kind_is_returned_as_it_is():
    """Nothing is copied or converted."""
    subject = [1]
    assert narrowed(subject, "a list", list) is subject


def test_any_other_subject_is_refused_with_what_it_should_be():
    """Nothing counts as a subject either."""
    with pytest.raises(TypeError, match="not a list: None"):
        narrowed(None, "a list", list)
