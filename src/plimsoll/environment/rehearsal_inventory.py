"""The declared alerts that a rehearsal sends on their way, as the subjects of checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.environment.alerting_inventory import RequiredAlertSubject, required_alerts
from plimsoll.environment.inventory import Subjects, Undeclared

if TYPE_CHECKING:
    from plimsoll.environment.model import Environment


def rehearsed_alerts(environment: Environment) -> Subjects[RequiredAlertSubject]:
    """Return the alerts that must be proven to be delivered, where it is declared by what."""
    found = required_alerts(environment, "delivered")
    if isinstance(found, Undeclared):
        return found
    if environment.alerts is None or environment.alerts.config is None:
        return Undeclared("no alerts.config is declared, by which alerts would be delivered")
    return found
