"""Commands that are meant to roll back: do they exist, and do they go back?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.rollback_command import RollbackCommand, rollback_commands
from plimsoll.semantics.shell.script import ShellError, parse_script


def commands(text: str) -> tuple[RollbackCommand, ...]:
    """Return the commands of a script that are meant to roll back."""
    return rollback_commands(parse_script(text))


@pytest.mark.parametrize(
    "text",
    [
        "doctl apps update $ID --spec previous.yaml",
        "doctl apps --context production update $ID --spec previous.yaml",
        "doctl apps $ACTION rollback",
        "docker compose --file a.yml -p x up --detach",
        "VERSION=1 docker-compose up -d",
        "sudo kubectl -n app rollout undo deployment/api",
        "curl -X POST https://api.digitalocean.com/v2/apps/$ID/rollback",
    ],
)
def test_a_command_that_goes_back_has_no_objection(text: str) -> None:
    """Options, wrappers and computed names stand in no way."""
    (found,) = commands(text)
    assert (found.objection, found.is_unknown) == ("", False)


@pytest.mark.parametrize(
    ("text", "objection"),
    [
        ("doctl apps rollback appoint-fra1", "doctl apps has no command rollback"),
        ("doctl apps -o json rollback $ID", "doctl apps has no command rollback"),
        ("docker compose -f a.yml rollback", "docker compose has no command rollback"),
        ("docker-compose rollback api", "docker-compose has no command rollback"),
    ],
)
def test_a_command_that_does_not_exist_is_told(text: str, objection: str) -> None:
    """A plausible name is not a command."""
    (found,) = commands(text)
    assert (found.objection, found.is_unknown, found.line) == (objection, True, 1)


@pytest.mark.parametrize(
    "text",
    [
        "doctl apps create-deployment $ID --force-rebuild",
        "docker compose restart api",
        "docker-compose start",
    ],
)
def test_starting_the_present_version_again_is_no_way_back(text: str) -> None:
    """The command exists and changes nothing about the version."""
    (found,) = commands(text)
    assert found.objection.endswith("puts the present version there again")
    assert not found.is_unknown


def test_what_is_never_run_rolls_nothing_back() -> None:
    """Comments, messages and functions that nothing calls are left out."""
    text = (
        "# kubectl rollout undo x\necho kubectl rollout undo x\nf() { kubectl rollout undo x; }\n"
    )
    assert commands(text) == ()
    assert [one.platform for one in commands(f"{text}f")] == ["kubernetes"]


@given(st.text(alphabet="doctl apps-rolback $;|&\n'\"(){}", max_size=60))
def test_any_script_is_read_or_refused(text: str) -> None:
    """Every command that is found stands on a line of the text and has a platform."""
    try:
        found = commands(text)
    except ShellError:
        return
    assert all(one.platform and 1 <= one.line <= text.count("\n") + 1 for one in found)
