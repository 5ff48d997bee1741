"""What several regular expressions leave possible, shown by trying texts."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.semantics.pattern import compiled
from plimsoll.semantics.pattern_meeting import can_meet


@pytest.mark.parametrize(
    ("wanted", "unwanted", "others", "expected"),
    [
        (("a.*", "b.*"), (), (), False),
        (("a.*", ".*b"), (), (), True),
        (("fra1|nyc1", "nyc.*"), ("nyc1",), (), False),
        (("fra1|nyc1",), (), ("fra1", "nyc1"), False),
        (("fra1|nyc1",), (), ("fra1",), True),
        (("^a$", "a"), (), (), True),
        (("^a$", "b"), (), (), False),
        ((), (".+",), (), True),
        ((), (".+",), ("",), False),
        ((".*",), ("[^a].*", "a.+"), ("",), True),
        (("(?i)a", "b"), (), (), True),
        (("a\\b", "b"), (), (), True),
        (("(", "b"), (), (), True),
        (("[0-9]{3}", "[0-9]{4}"), (), (), False),
    ],
)
def test_what_can_be(
    wanted: tuple[str, ...], unwanted: tuple[str, ...], others: tuple[str, ...], expected: bool
) -> None:
    """What is beyond the reader is taken to be possible."""
    assert can_meet(frozenset(wanted), frozenset(unwanted), frozenset(others)) is expected


PATTERNS = st.frozensets(
    st.sampled_from(["a", "b", "a*", "ab?", "(a|b)*", ".*", "a.*", ".*b", "", "[^a]", "b+a?"]),
    max_size=2,
)


@settings(max_examples=150, deadline=None)
@given(PATTERNS, PATTERNS, st.frozensets(st.sampled_from(["", "a", "b", "ab"]), max_size=2))
def test_whatever_text_is_found_by_trying_can_be(
    wanted: frozenset[str], unwanted: frozenset[str], others: frozenset[str]
) -> None:
    """Over three characters; these patterns tell nothing apart that is longer than four."""
    texts = ("".join(one) for length in range(5) for one in product("abc", repeat=length))
    tried = any(
        text not in others
        and all(compiled(one).matches(text) for one in wanted)
        and not any(compiled(one).matches(text) for one in unwanted)
        for text in texts
    )
    assert can_meet(wanted, unwanted, others) is tried
