"""Alerts are rehearsed where they must be delivered, and it is declared by what."""

import pytest

from plimsoll.environment.alerting_model import Alerts, RequiredAlert
from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.model import Environment
from plimsoll.environment.rehearsal_inventory import rehearsed_alerts
from plimsoll.environment.repository_model import RepositoryFiles

DELIVERED, PROVEN = (
    RequiredAlert(
        name=name, condition="down", within_seconds=60, severity="critical", levels=levels
    )
    for name, levels in (("down", ("logic", "delivered")), ("proven", ("logic",)))
)


def environment(required=(DELIVERED, PROVEN), config="am.yml", rules=("rules.yml",)):
    """An environment with these alerts."""
    return Environment(
        schema="plimsoll/environment/1",
        system="Ferry",
        repository=RepositoryFiles(rule_files=rules) if rules else None,
        alerts=Alerts(config=config, required=required) if required else None,
    )


def test_only_what_must_be_delivered_is_rehearsed():
    """The others are proven otherwise."""
    assert [one.id for one in rehearsed_alerts(environment())] == ["down"]


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ({"required": None}, "no alerts are declared"),
        ({"required": (PROVEN,)}, "no alert is declared to be proven at the level delivered"),
        ({"config": None}, "no alerts.config is declared"),
        ({"rules": None}, "no repository.rule_files are declared"),
    ],
)
def test_what_is_not_declared_is_told(declared, reason):
    """The control does not apply then."""
    undeclared = rehearsed_alerts(environment(**declared))
    assert isinstance(undeclared, Undeclared)
    assert undeclared.reason.startswith(reason)
