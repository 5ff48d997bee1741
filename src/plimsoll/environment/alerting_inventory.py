"""The declared alerts, and the files that raise and deliver them, as the subjects of checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.environment.inventory import Subjects, Undeclared
from plimsoll.environment.repository_inventory import FileSubject, rule_files

if TYPE_CHECKING:
    from plimsoll.environment.alerting_model import Alerts, Level, RequiredAlert, Route
    from plimsoll.environment.model import Environment


@dataclass(frozen=True, slots=True)
class RequiredAlertSubject:
    """An alert that there must be, as a subject."""

    id: str
    required: RequiredAlert
    alerts: Alerts


def required_alerts(environment: Environment, level: Level) -> Subjects[RequiredAlertSubject]:
    """Return the alerts that must be proven at a level."""
    declared = environment.alerts
    if declared is None:
        return Undeclared("no alerts are declared")
    if isinstance(rule_files(environment), Undeclared):
        return Undeclared("no repository.rule_files are declared, which could raise them")
    wanted = [one for one in declared.required if level in one.levels]
    found = tuple(RequiredAlertSubject(one.name, one, declared) for one in wanted)
    return found or Undeclared(f"no alert is declared to be proven at the level {level}")


def bounded_alerts(environment: Environment) -> Subjects[RequiredAlertSubject]:
    """Return the alerts that must stay silent up to a bound, or until a condition has held."""
    found = required_alerts(environment, "logic")
    if isinstance(found, Undeclared):
        return found
    bounded = tuple(one for one in found if one.required.above or one.required.holds_seconds)
    return bounded or Undeclared("no required alert has a bound or a time that it must hold")


def watched_rule_files(environment: Environment) -> Subjects[FileSubject]:
    """Return the files of alerting rules, where it is declared what their alerts must do."""
    if environment.alerts is None:
        return Undeclared("no alerts are declared")
    return rule_files(environment)


def alerting_files(environment: Environment) -> Subjects[FileSubject]:
    """Return the files that Prometheus and Alertmanager must accept."""
    rules = rule_files(environment)
    found = [] if isinstance(rules, Undeclared) else [FileSubject(one.id, "rules") for one in rules]
    if environment.repository and environment.repository.scrape:
        found.append(FileSubject(environment.repository.scrape.config, "prometheus"))
    if environment.alerts and environment.alerts.config:
        found.append(FileSubject(environment.alerts.config, "alertmanager"))
    return tuple(found) or Undeclared(
        "no rule files and no Alertmanager configuration are declared"
    )


@dataclass(frozen=True, slots=True)
class AlertRouteSubject:
    """Whom alerts of one kind must reach, as a subject; `config` is Alertmanager's file."""

    id: str
    route: Route
    config: str


def alert_routes(environment: Environment) -> Subjects[AlertRouteSubject]:
    """Return whom alerts must reach, where it is declared how Alertmanager is configured."""
    declared = environment.alerts
    if declared is None or declared.routes is None:
        return Undeclared("no alerts.routes are declared")
    config = declared.config
    if config is None:
        return Undeclared("no alerts.config is declared")
    return tuple(AlertRouteSubject(route.name, route, config) for route in declared.routes)


def alertmanager_config(environment: Environment) -> Subjects[FileSubject]:
    """Return Alertmanager's configuration, where rules are declared whose alerts it delivers."""
    declared = environment.alerts
    if declared is None or declared.config is None:
        return Undeclared("no alerts.config is declared")
    if isinstance(rule_files(environment), Undeclared):
        return Undeclared("no repository.rule_files are declared, whose alerts could be muted")
    return (FileSubject(declared.config, "alertmanager"),)
