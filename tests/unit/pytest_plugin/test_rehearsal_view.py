"""One rehearsal serves every alert of a run, and only where there is something to rehearse."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from plimsoll.environment.loader import load
from plimsoll.findings import Observed, Origin
from plimsoll.pytest_plugin import rehearsal
from plimsoll.pytest_plugin.rehearsal import rehearsal_plan


@pytest.fixture(scope="module")
def declared():
    """App-Oint, with a configuration of Alertmanager."""
    model = load("app-oint").model
    alerts = model.alerts.model_copy(update={"config": "monitoring/alertmanager.yml"})
    return model.model_copy(update={"alerts": alerts})


def test_one_plan_serves_every_alert(declared):
    """It names the files, the regions, and all alerts: which is worse is known by the others."""
    probe = rehearsal_plan(declared, "any subject")
    assert probe == rehearsal_plan(declared, "another")
    assert probe.rule_files == ("monitoring/alerting-rules.yml",)
    assert (probe.alertmanager, probe.prometheus) == (
        "monitoring/alertmanager.yml",
        "prometheus.yml",
    )
    assert probe.regions == ("fra1", "nyc1")
    assert len(json.loads(probe.alerts)["required"]) == len(declared.alerts.required)


@pytest.mark.parametrize("changed", [{"alerts": None}, {"repository": None}])
def test_without_alerts_or_rules_nothing_is_rehearsed(declared, changed):
    """There is no plan."""
    assert rehearsal_plan(declared.model_copy(update=changed), "any") is None


def test_a_declared_server_configuration_is_optional(declared):
    """Where none is declared the alerts get no further labels."""
    repository = declared.repository.model_copy(update={"scrape": None})
    assert (
        rehearsal_plan(declared.model_copy(update={"repository": repository}), "x").prometheus == ""
    )


def test_a_check_sees_what_was_observed(declared):
    """And a check without a plan is a mistake."""
    seen = Observed("a rehearsal", Origin("rehearsal", "x"), datetime.now(UTC))
    asked = []

    def observed(probe):
        asked.append(probe)
        return seen

    examination = SimpleNamespace(environment=declared, subject="x", observed=observed)
    fixture = rehearsal.rehearsal.__wrapped__
    assert fixture(examination) is seen
    assert asked == [rehearsal_plan(declared, "x")]
    bare = declared.model_copy(update={"alerts": None})
    with pytest.raises(TypeError, match="nothing is rehearsed"):
        fixture(SimpleNamespace(environment=bare, subject="x", observed=observed))
