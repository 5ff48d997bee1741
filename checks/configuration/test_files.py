"""Configuration files are there, valid for their kind, and executable where they are scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.facts.repository import EXECUTABLE
from plimsoll.findings import NotObserved
from plimsoll.semantics import file_kinds

if TYPE_CHECKING:
    from plimsoll.environment.repository_inventory import FileSubject
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.repository_view import RepositoryView


@pytest.mark.control("CFG-01")
def test_required_file_is_there_and_valid(
    required_file: FileSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Read the file and validate it as what the program that uses it would accept.

    It must not be empty, must parse, give each key once, hold only fields that its kind knows, and
    ask for nothing that the platform is known to refuse. Each thing wrong is a deviation.
    """
    path = required_file.id
    record, origin = repository.file(path), repository.origin_of(path)
    expect.at_least(1, record.size, "size", at=origin, unit="bytes")
    if record.text is None and record.sha256:
        wrong = [(record.problem, "")]
        expect.none(wrong, "encoding", expected="text in UTF-8", at=origin)
        return
    for problem in file_kinds.problems(required_file.kind, repository.text(path), path):
        wrong = [("present", problem.where)]
        expect.none(wrong, problem.what, expected=problem.expected, at=origin)


@pytest.mark.control("CFG-03")
def test_script_is_executable_in_version_control(
    executable: FileSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Read the mode that git has recorded for the script; it must be 100755.

    The permissions of a working copy prove nothing about what is checked out elsewhere, and are
    not looked at; nor is what the script does.
    """
    record, origin = repository.file(executable.id), repository.origin_of(executable.id)
    if not repository.modes_known:
        raise NotObserved("the folder is no git work tree: no mode is recorded", origin)
    expect.equal(EXECUTABLE, record.mode, "mode", at=origin)
