"""The rollback automation decides by what users experience, and can act."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.facts.repository import EXECUTABLE
from plimsoll.findings import NotObserved
from plimsoll.semantics.rollback import rollback_signals
from plimsoll.semantics.rollback_command import rollback_commands
from plimsoll.semantics.shell.script import ShellError, parse_script
from plimsoll.semantics.shellcheck import parse_shellcheck

if TYPE_CHECKING:
    from plimsoll.environment.automation_inventory import RollbackSubject
    from plimsoll.environment.repository_model import Rollback
    from plimsoll.facts.tool_output import ToolOutput
    from plimsoll.findings import Expect, Observed, Origin
    from plimsoll.pytest_plugin.repository_view import RepositoryView
    from plimsoll.semantics.shell.script import Script

DEVIATING_LEVELS = ("error", "warning")
"""What shellcheck calls info and style does not change what a script does."""


@pytest.mark.control("RBK-01")
def test_rollback_decides_by_what_users_experience_and_can_act(
    rollback_script: RollbackSubject,
    repository: RepositoryView,
    shellcheck: Observed[ToolOutput],
    expect: Expect,
) -> None:
    """Read the script as the shell does, and what shellcheck says of it.

    shellcheck may have no error and no warning. A signal counts as consulted where a condition on
    the way to a rollback depends on a request for it; words in comments and messages, and what
    nothing calls, count for nothing. Each declared platform needs a command that exists and goes
    back to an earlier version. Where asked for, the script posts to a chat's webhook, and asks for
    health again after the rollback. Its mode in version control must be 100755.
    """
    path, declared = rollback_script.id, rollback_script.rollback
    record, origin = repository.file(path), repository.origin_of(path)
    for finding in parse_shellcheck(shellcheck.value.output):
        expect.that(
            finding.level not in DEVIATING_LEVELS,
            f"{finding.code} on line {finding.line}",
            observed=finding.message,
            expected="no finding of shellcheck",
            at=origin.at(f"{path}:{finding.line}"),
        )
    try:
        script = parse_script(repository.text(path))
    except ShellError as error:
        raise NotObserved(str(error), origin.at(f"{path}:{error.line}")) from None
    _judge_conduct(script, declared, expect, origin)
    _judge_ways_back(script, declared, expect, origin)
    if not repository.modes_known:
        raise NotObserved("the folder is no git work tree: no mode is recorded", origin)
    expect.equal(EXECUTABLE, record.mode, "mode", at=origin)


def _judge_conduct(script: Script, declared: Rollback, expect: Expect, origin: Origin) -> None:
    signals = rollback_signals(script)
    consulted = {signal.name for signal in signals.decides}
    deeds = {
        f"decision by {name.replace('_', ' ')}": name in consulted for name in declared.consults
    }
    if declared.notifies:
        deeds["message to the team"] = bool(signals.notifies)
    if declared.validates_after_deploy:
        deeds["validation after the rollback"] = bool(signals.validates)
    for what, is_seen in deeds.items():
        expect.that(is_seen, what, observed=None, expected="done by the script", at=origin)


def _judge_ways_back(script: Script, declared: Rollback, expect: Expect, origin: Origin) -> None:
    commands = rollback_commands(script)
    for command in commands:
        expect.that(
            not command.is_unknown,
            f"command {command.text}",
            observed=command.objection,
            expected="a command that exists",
            at=origin.at(f"{origin.where}:{command.line}"),
        )
    for platform in declared.platforms:
        meant = [command for command in commands if command.platform == platform]
        objections = "; ".join(command.objection for command in meant)
        expect.that(
            any(not command.objection for command in meant),
            f"way back on {platform}",
            observed=objections or None,
            expected="a command that goes back to an earlier version",
            at=origin.at(f"{origin.where}:{meant[0].line}") if meant else origin,
        )
