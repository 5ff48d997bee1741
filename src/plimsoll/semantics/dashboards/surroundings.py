"""What an environment declares beside its dashboards that decides what their queries answer."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from plimsoll.environment.alerting_model import MetricRole
from plimsoll.semantics.alerting.reaction import Setting
from plimsoll.semantics.alerting.roles import role_of
from plimsoll.semantics.alerting.rule_set import setting_of
from plimsoll.semantics.alerting.watches import Recorded
from plimsoll.semantics.dashboards.changes import BORDERS
from plimsoll.semantics.dashboards.sensitivity import Surroundings
from plimsoll.semantics.dashboards.variables import GRAFANA_INTERVAL_SECONDS
from plimsoll.semantics.rule_file import recording_rules

if TYPE_CHECKING:
    from plimsoll.environment.alerting_model import Alerts
    from plimsoll.facts.document import Document


@lru_cache(maxsize=64)
def recorded_by(rules: tuple[Document, ...]) -> tuple[Recorded, ...]:
    """Return the recording rules of rule files, as values."""
    return tuple(
        Recorded(rule.name, rule.expression, tuple(sorted(rule.labels.items())))
        for document in rules
        for rule in recording_rules(document)
    )


def surroundings_of(  # noqa: PLR0913 (what is known, named where it is written)
    *,
    alerts: Alerts | None,
    config: Document | None,
    compose: Document | None,
    rules: tuple[Document, ...],
    rules_known: bool,
    business: tuple[str, ...],
) -> Surroundings:
    """Return what is known beside dashboards.

    Args:
        alerts: tells what metrics mean whose names do not.
        config: Prometheus' configuration, for how often it scrapes.
        compose: the Compose file that names its version.
        rules: the rule files that it loads.
        rules_known: whether it loads no others.
        business: the metrics of the business; where neither `alerts` nor a name says what one
            tells, it counts what users attempt.

    """
    setting = setting_of(alerts, config, compose) if alerts else Setting()
    declared = dict(setting.signals)
    for metric in business:
        if metric not in declared and role_of(metric) is None:
            declared[metric] = MetricRole(role="attempts", kind=_kind(metric))
    setting = replace(
        setting,
        scrape_seconds=setting.scrape_seconds if config else GRAFANA_INTERVAL_SECONDS,
        signals=tuple(sorted(declared.items())),
        bounds=tuple(sorted({*setting.bounds, *BORDERS})),
    )
    return Surroundings(setting, recorded_by(rules), rules_known, frozenset(business))


def _kind(metric: str) -> Literal["counter", "gauge"]:
    return "counter" if metric.endswith(("_total", "_count")) else "gauge"
