"""Findings of shellcheck."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.script import LintFinding
from plimsoll.semantics.shellcheck import LintOutputError, parse_shellcheck

COMMENT = {
    "file": "a.sh",
    "line": 3,
    "column": 1,
    "level": "warning",
    "code": 2086,
    "message": "quote",
}
FINDING = LintFinding(3, "warning", "SC2086", "quote")


@pytest.mark.parametrize("document", [[COMMENT], {"comments": [COMMENT]}])
def test_both_json_formats_are_read(document: object) -> None:
    """The older list and the newer object say the same."""
    assert parse_shellcheck(json.dumps(document)) == (FINDING,)


def test_a_clean_script_has_no_finding() -> None:
    """An empty list is an answer."""
    assert parse_shellcheck("[]") == ()


@pytest.mark.parametrize("text", ["", "null", "{}", "[5]", '[{"line": 1}]', "{", '{"comments": 1}'])
def test_an_answer_that_is_none_is_an_error(text: str) -> None:
    """No output is not a clean script."""
    with pytest.raises(LintOutputError):
        parse_shellcheck(text)


@given(st.text())
def test_any_text_is_read_or_the_declared_error(text: str) -> None:
    """Findings come from a JSON answer only."""
    try:
        found = parse_shellcheck(text)
    except LintOutputError:
        return
    assert isinstance(json.loads(text), list | dict)
    assert all(finding.code.startswith("SC") for finding in found)
