"""What tests a status that is held, and what keeps it."""

from __future__ import annotations

import subprocess

import pytest

from plimsoll.semantics.shell.held_status import (
    LAST_STATUS,
    branch_on_failure,
    is_on_failure,
    kept_flag,
    value_of,
    written_as,
)
from plimsoll.semantics.shell.script import assignments, parse_script, text_of

NAMES = (*written_as("rc"), *LAST_STATUS)


def acts(condition: str, flag: str = "") -> bool | None:
    """Tell whether `act` runs where `rc` is a failure."""
    (test,) = parse_script(f"if {condition}; then act; fi").root.children
    branch = branch_on_failure(test, NAMES, flag)
    return None if branch is None else [text_of(node) for node in branch] == ["act"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("[ $rc -ne 0 ]", True),
        ('[ "$rc" != "0" ]', True),
        ("[[ ${rc} -gt 0 ]]", True),
        ("test $rc -ge 1", True),
        ("(( rc != 0 ))", True),
        ("((rc>0))", True),
        ("(( $rc ))", True),
        ("[ ! $rc -eq 0 ]", True),
        ("! [ $rc -eq 0 ]", True),
        ("! [ ! $rc -ne 0 ]", True),
        ("[ $rc -eq 0 ]", False),
        ("[ $rc = 0 ]", False),
        ("! (( rc ))", False),
    ],
)
def test_one_simple_test_of_a_status_is_understood_as_bash_does(
    condition: str, expected: bool
) -> None:
    assert acts(condition) is expected
    for status, runs in ((99, expected), (0, not expected)):
        told = subprocess.run(["bash", "-c", f"rc={status}; {condition}"], check=False, timeout=20)
        assert (told.returncode == 0) is runs


@pytest.mark.parametrize(
    "condition",
    [
        "[ $rc -ne 0 -a $rc -ne 99 ]",
        "[ $rc -ne 0 ] && [ $rc -ne 99 ]",
        "[[ $rc -ne 0 && $rc -ne 99 ]]",
        "(( rc != 0 && rc != 99 ))",
        "[ $rc -eq 99 ]",
        "[ $other -ne 0 ]",
        "[ $rc > 0 ]",
        "[ -n $rc ]",
        "! [ $rc -lt 99 ]",
        "grep $rc list",
    ],
)
def test_any_other_test_is_not_clear(condition: str) -> None:
    assert acts(condition) is None


@pytest.mark.parametrize(
    ("condition", "flag", "expected"),
    [
        ("[ $rc = true ]", "true", True),
        ("[ $rc -eq 1 ]", "1", True),
        ("[ $rc -ne 0 ]", "1", True),
        ("[ $rc -ne 0 ]", "true", None),
        ("[ $rc != 0 ]", "true", True),
        ("[ $rc = 0 ]", "true", False),
        ("[ $rc -eq 0 ]", "true", None),
        ("[ $rc = false ]", "true", None),
    ],
)
def test_a_mark_is_told_by_its_own_constant(
    condition: str, flag: str, expected: bool | None
) -> None:
    assert acts(condition, flag) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a || rc=$?", True),
        ("a || { rc=$?; b; }", True),
        ("a || { b; rc=$?; }", False),
        ("a && rc=$?", False),
        ("if a; then b; else rc=$?; fi", True),
        ("if a; then rc=$?; fi", False),
        ("a; rc=$?", False),
    ],
)
def test_what_runs_right_after_a_failure_takes_over_a_failure(text: str, expected: bool) -> None:
    (found,) = assignments(parse_script(text))["rc"]
    assert value_of(found) == "$?"
    assert is_on_failure(found) is expected


@pytest.mark.parametrize(
    ("flag", "others", "expected"),
    [
        ("", "", ""),
        ("", "a || rc=$?", ""),
        ("", "rc=1", ""),
        ("1", "rc=1", "1"),
        ("1", "rc=2", ""),
        ("true", "rc=true", "true"),
        ("true", "rc=1", None),
        ("", "rc=true", None),
        ("", "rc=$?", None),
        ("", "rc=0", None),
        ("", "rc+=0", None),
    ],
)
def test_a_mark_is_kept_by_other_failures_alone(
    flag: str, others: str, expected: str | None
) -> None:
    nodes = assignments(parse_script(others)).get("rc", ())
    assert kept_flag(flag, list(nodes)) == expected
