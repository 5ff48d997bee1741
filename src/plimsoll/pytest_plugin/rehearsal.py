"""What checks see of a rehearsal of the alerting: one for the whole run, told alert by alert."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.rehearsal_inventory import rehearsed_alerts
from plimsoll.environment.repository_inventory import rule_files
from plimsoll.facts.rehearsal import RehearsalProbe

if TYPE_CHECKING:
    from plimsoll.environment.model import Environment
    from plimsoll.facts.rehearsal import Rehearsal
    from plimsoll.findings import Observed
    from plimsoll.pytest_plugin.examination import Examination


def rehearsal_plan(environment: Environment, subject: object) -> RehearsalProbe | None:  # noqa: ARG001 (every plan has it)
    """Return the rehearsal of all alerts that must be delivered; None where none is declared."""
    alerts, rules = environment.alerts, rule_files(environment)
    subjects = rehearsed_alerts(environment)
    if alerts is None or isinstance(subjects, Undeclared) or isinstance(rules, Undeclared):
        return None
    scrape = environment.repository.scrape if environment.repository else None
    return RehearsalProbe(
        rule_files=tuple(one.id for one in rules),
        alertmanager=alerts.config or "",
        prometheus=scrape.config if scrape else "",
        alerts=alerts.model_dump_json(),
        regions=tuple(region.id for region in environment.regions or ()),
    )


@pytest.fixture
def rehearsal(examination: Examination) -> Observed[Rehearsal]:
    """Return what became of the alerts in the rehearsal."""
    probe = rehearsal_plan(examination.environment, examination.subject)
    if probe is None:
        message = f"nothing is rehearsed for {examination.subject!r}"
        raise TypeError(message)
    seen: Observed[Rehearsal] = examination.observed(probe)
    return seen
