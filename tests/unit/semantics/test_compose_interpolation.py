"""Variables are expanded as Compose expands them, and broken syntax is told, never raised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.compose_interpolation import Use, interpolate


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("plain", {}, "plain"),
        ("$V/${V}", {"V": "x"}, "x/x"),
        ("${V}", {}, "${V}"),
        ("$V.txt", {}, "$V.txt"),
        ("$$V costs $$5", {"V": "x"}, "$V costs $5"),
        ("${V:-d}", {}, "d"),
        ("${V:-d}", {"V": ""}, "d"),
        ("${V-d}", {"V": ""}, ""),
        ("${V-d}", {}, "d"),
        ("${V:-}", {}, ""),
        ("${V:?set it}", {}, "${V:?set it}"),
        ("${V:?set it}", {"V": "x"}, "x"),
        ("${V:+yes}", {"V": "x"}, "yes"),
        ("${V:+yes}", {}, ""),
        ("${V+yes}", {"V": ""}, "yes"),
        ("${A:-${B:-c}}", {}, "c"),
        ("${A:-${B:-c}}", {"B": "b"}, "b"),
        ("a${A:-x}b${B:-y}c", {}, "axbyc"),
    ],
)
def test_variables_are_expanded(text: str, values: dict[str, str], expected: str) -> None:
    """Expand one text with some values."""
    found = interpolate(text, values)
    assert found.text == expected
    assert found.faults == ()


def test_uses_tell_defaults_and_requirements() -> None:
    """Read how each variable is used."""
    uses = interpolate("${A} ${B:-b} ${C:?why} ${D:+d}").uses
    assert uses == (Use("A"), Use("B", ":-", "b"), Use("C", ":?", "why"), Use("D", ":+", "d"))
    assert [use.default for use in uses] == [None, "b", None, None]
    assert [use.is_required for use in uses] == [False, False, True, False]


@pytest.mark.parametrize("text", ["${", "${V", "${}", "${1}", "${V!x}", "a $ b", "$", "${V:-${W}"])
def test_broken_syntax_is_a_fault_and_stays_as_written(text: str) -> None:
    """Expand texts that Compose refuses."""
    found = interpolate(text)
    assert found.faults
    assert "$" in found.text


def test_deep_nesting_is_a_fault() -> None:
    """Nest defaults a hundred deep."""
    assert interpolate("${A:-" * 100 + "x" + "}" * 100).faults


@given(
    st.text(alphabet="${}:-?+AB x", max_size=60), st.dictionaries(st.sampled_from("AB"), st.text())
)
def test_any_text_is_expanded(text: str, values: dict[str, str]) -> None:
    """Expand arbitrary arrangements of the signs."""
    assert isinstance(interpolate(text, values).text, str)


@given(st.text())
def test_a_text_without_a_dollar_sign_stays(text: str) -> None:
    """Expand arbitrary text without variables."""
    plain = text.replace("$", "")
    assert interpolate(plain).text == plain
