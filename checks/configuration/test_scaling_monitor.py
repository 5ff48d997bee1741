"""The auto-scaling monitor tells people about scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.scaling_monitor import scaling_monitor_signals
from plimsoll.semantics.shell.script import ShellError, parse_script
from plimsoll.semantics.shellcheck import LintOutputError, parse_shellcheck

if TYPE_CHECKING:
    from plimsoll.environment.repository_inventory import FileSubject
    from plimsoll.facts.script import LintFinding, ScalingMonitorSignals
    from plimsoll.facts.tool_output import ToolOutput
    from plimsoll.findings import Expect, Observed
    from plimsoll.pytest_plugin.repository_view import RepositoryView

DEVIATING_LEVELS = ("error", "warning")
"""What shellcheck calls info and style does not change what a script does."""


@pytest.mark.control("CFG-04")
def test_scaling_monitor_alerts_on_scaling_events(
    scaling_monitor: FileSubject,
    repository: RepositoryView,
    shellcheck: Observed[ToolOutput],
    expect: Expect,
) -> None:
    """Read what the script does: its syntax tree, and the findings of shellcheck.

    It must count instances again and again, compare the count with an earlier one, and send a
    message that depends on the comparison. Findings of shellcheck count from warnings upwards.
    """
    path = scaling_monitor.id
    origin = repository.origin_of(path)
    for finding in _findings(shellcheck):
        expect.that(
            finding.level not in DEVIATING_LEVELS,
            f"{finding.code} on line {finding.line}",
            observed=finding.message,
            expected="no finding of shellcheck",
            at=shellcheck.origin.at(f"{path}:{finding.line}"),
        )
    try:
        signals = scaling_monitor_signals(parse_script(repository.text(path)))
    except ShellError as error:
        raise NotObserved(str(error), origin.at(f"{path}:{error.line}")) from None
    for what, seen in _deeds(signals).items():
        expect.that(seen, what, observed=None, expected="done by the script", at=origin)


def _findings(shellcheck: Observed[ToolOutput]) -> tuple[LintFinding, ...]:
    try:
        return parse_shellcheck(shellcheck.value.output)
    except LintOutputError as error:
        raise NotObserved(str(error), shellcheck.origin) from None


def _deeds(signals: ScalingMonitorSignals) -> dict[str, bool]:
    return {
        "count of instances": bool(signals.counts),
        "message where the count differs from before": bool(signals.compares and signals.notifies),
        "repeated count": bool(signals.loops),
    }
