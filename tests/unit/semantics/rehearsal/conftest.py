"""Parts of a rehearsal, small enough to be seen through."""

import pytest

from plimsoll.environment.alerting_model import Channel, RequiredAlert
from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.rehearsal.notice import Notice, Received, Told
from plimsoll.semantics.rehearsal.redirection import Integration
from plimsoll.semantics.rehearsal.scene import Scene
from plimsoll.semantics.rehearsal.server_answers import Raised
from plimsoll.semantics.rehearsal.staging import Staged

SLACK = Channel(kind="slack", to="#alerts")
PAGER = Channel(kind="pagerduty")
REQUIRED = RequiredAlert(name="down", condition="down", within_seconds=300, severity="critical")
STAGED = Staged(
    REQUIRED, Scenario("targets are down"), frozenset({"Down", "Gone"}), "", 60.0, 60.0, 360.0
)
INTEGRATIONS = {
    one.path: one
    for one in (
        Integration("all", "slack", "slack/all/0", sends_resolved=False, is_stand_in=False),
        Integration("night", "pagerduty", "pagerduty/night/0", sends_resolved=True, is_stand_in=False),
        Integration("night", "telegram", "telegram/night/0", sends_resolved=True, is_stand_in=True),
    )
}  # fmt: skip
BEGAN = 1000.0


@pytest.fixture
def scene():
    """A fault that has begun, with an alert that fired already."""
    begun = Scene(STAGED, (SLACK, PAGER), INTEGRATIONS, 60.0)
    begun.begin(BEGAN, [Raised("old", "Down", "critical")])
    return begun


@pytest.fixture
def message():
    """Return what makes a message that comes some seconds after the fault."""

    def made(path, after, name="Down", severity="critical", *, firing=True, started=1.0):
        told = Told(name, severity, BEGAN + started, firing)
        to = ("#alerts",) if path.startswith("slack") else ()
        return Received(BEGAN + after, Notice(path, to, (told,)))

    return made
