"""The load test can be run, and its runner fails when it must."""

from __future__ import annotations

from posixpath import basename
from typing import TYPE_CHECKING

import pytest

from plimsoll.facts.repository import EXECUTABLE
from plimsoll.facts.script import Answer
from plimsoll.findings import NotObserved
from plimsoll.semantics.load_test_runner import load_test_runner as read_runner
from plimsoll.semantics.shell.script import ShellError, parse_script
from plimsoll.semantics.version_number import is_at_least

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.environment.automation_inventory import LoadTestSubject, ProgramSubject
    from plimsoll.facts.script import LoadTestRunner
    from plimsoll.facts.tool_output import ToolOutput
    from plimsoll.findings import Expect, Observed, Origin
    from plimsoll.pytest_plugin.repository_view import RepositoryView


@pytest.mark.control("LOD-03")
def test_runner_fails_when_an_objective_is_missed(
    load_test_runner: LoadTestSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Follow the exit status of every `k6 run` through the script, by the rules of the shell.

    k6 ends with a failure when a threshold is crossed; the runner must then end with one as well,
    whatever pipes, lists, conditions and functions stand between. A `k6 run` that the script leaves
    before is none; where it does so in some runs, or another branch takes its place, and by no
    argument, the runner is not tested. It must run the declared script without options that take
    the place of the script's own, and write a report. Its mode in version control must be 100755.
    Where no `k6 run` is seen, but a command of a variable name or one that runs another file may
    hide it, the runner is not tested.
    """
    path, tested = load_test_runner.id, load_test_runner.load_test.script
    record, origin = repository.file(path), repository.origin_of(path)
    try:
        runner = read_runner(parse_script(repository.text(path)))
    except ShellError as error:
        raise NotObserved(str(error), origin.at(f"{path}:{error.line}")) from None
    if runner.failures or not runner.undecided:
        _judge_run(runner, expect, origin)
    _judge_what_is_run(runner, tested, expect, origin)
    if repository.modes_known:
        expect.equal(EXECUTABLE, record.mode, "mode", at=origin)
    for reason in _undecided(runner, repository):
        raise NotObserved(reason, origin)


def _judge_run(runner: LoadTestRunner, expect: Expect, origin: Origin) -> None:
    expect.that(
        bool(runner.failures), "k6 run", observed=None, expected="run by the script", at=origin
    )
    for end in runner.failures:
        expect.that(
            end.answer is not Answer.NO,
            "exit status of k6",
            observed=end.reason,
            expected="a failure of the runner",
            at=origin.at(f"{origin.where}:{end.line}"),
        )
    expect.that(
        bool(runner.reports), "report", observed=None, expected="written by the script", at=origin
    )


def _judge_what_is_run(runner: LoadTestRunner, tested: str, expect: Expect, origin: Origin) -> None:
    for script in runner.scripts:
        expect.that(
            basename(script.text) == basename(tested),
            "load test that is run",
            observed=script.text,
            expected=tested,
            at=origin.at(f"{origin.where}:{script.line}"),
        )
    expect.none(
        [(option.text, f"{origin.where}:{option.line}") for option in runner.overrides],
        "options of the load test",
        expected="those of the script",
        at=origin,
    )


def _undecided(runner: LoadTestRunner, repository: RepositoryView) -> Iterator[str]:
    """Yield what the text of the script leaves open; unknown is not a pass."""
    for end in runner.failures:
        if end.answer is Answer.UNKNOWN:
            yield f"line {end.line}: what a failure of k6 leads to cannot be told, {end.reason}"
    for one in runner.undecided:
        yield f"line {one.line}: {one.text}"
    if runner.failures and not runner.scripts:
        yield "which script k6 runs cannot be told"
    if not repository.modes_known:
        yield "the folder is no git work tree: no mode is recorded"


@pytest.mark.control("LOD-06")
def test_k6_is_at_hand(
    k6: ProgramSubject, k6_version: Observed[ToolOutput], expect: Expect
) -> None:
    """Ask the k6 program on this machine for its version; it must be at least the declared one."""
    told = k6_version.value.version
    expect.that(
        is_at_least(told, k6.least_version),
        "version of k6",
        observed=told,
        expected=f"≥ {k6.least_version}",
        at=k6_version.origin,
    )
