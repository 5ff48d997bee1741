"""One subject of monitoring, from its files, from the running systems, and from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from plimsoll.findings import NotObserved, Observed
from plimsoll.pytest_plugin import account, monitoring
from plimsoll.pytest_plugin.vantages import Vantages
from plimsoll.semantics.monitoring_api.availability import MINUTES_A_DAY, Measured, is_share

if TYPE_CHECKING:
    from plimsoll.environment.monitoring_model import Availability
    from plimsoll.facts.grafana_content import HeldDashboard, HeldDatasource
    from plimsoll.facts.loaded_rule import AlertmanagerLinks, ConfigurationLoad, LoadedGroup
    from plimsoll.facts.scrape_target import ScrapeTarget
    from plimsoll.facts.silence import Silence
    from plimsoll.facts.uptime import RegionalState, UptimeCheck

T = TypeVar("T")


class MonitoringView(Vantages):
    """Looks where it is asked to; every look raises NotObserved where nothing was seen."""

    def targets(self) -> Observed[tuple[ScrapeTarget, ...]]:
        """Return every target that Prometheus scrapes."""
        return monitoring.seen(self._examination, "prometheus", "targets")

    def configuration(self) -> Observed[ConfigurationLoad]:
        """Return whether Prometheus runs with the configuration that it was last told to load."""
        return _only(monitoring.seen(self._examination, "prometheus", "runtime"))

    def rule_groups(self) -> Observed[tuple[LoadedGroup, ...]]:
        """Return every group of rules that Prometheus has loaded."""
        return monitoring.seen(self._examination, "prometheus", "rules")

    def alertmanagers(self) -> Observed[AlertmanagerLinks]:
        """Return where Prometheus sends alerts to."""
        return _only(monitoring.seen(self._examination, "prometheus", "alertmanagers"))

    def dashboards(self) -> Observed[tuple[HeldDashboard, ...]]:
        """Return every dashboard that Grafana holds."""
        return monitoring.seen(self._examination, "grafana", "dashboards")

    def datasources(self) -> Observed[tuple[HeldDatasource, ...]]:
        """Return every datasource that Grafana has."""
        return monitoring.seen(self._examination, "grafana", "datasources")

    def silences(self) -> Observed[tuple[Silence, ...]]:
        """Return every silence that Alertmanager remembers."""
        return monitoring.seen(self._examination, "alertmanager", "silences")

    def uptime_check(self) -> Observed[UptimeCheck]:
        """Return the uptime check that asks from outside; one that is absent is a deviation."""
        found: Observed[UptimeCheck] = account.named(self._examination, "uptime_check")
        return found

    def uptime_state(self) -> Observed[tuple[RegionalState, ...]]:
        """Return what each region of the uptime check has measured."""
        return account.seen(self._examination, "uptime_state")

    def measured(self, availability: Availability) -> Observed[Measured]:
        """Return the share of time that Prometheus measured, and of how much of the window."""
        share_query, minutes_query = monitoring.availability_queries(availability)
        share, minutes = (
            monitoring.seen(self._examination, "prometheus", "query", one)
            for one in (share_query, minutes_query)
        )
        window = availability.days * MINUTES_A_DAY
        found = Measured(_single(share), _single(minutes), window)
        if not is_share(found.share):
            raise NotObserved(
                f"the expression answers {found.share:g} on average, and must answer a share "
                "from 0 to 1",
                share.origin,
            )
        return Observed(found, share.origin, share.at)


def _single(seen: Observed[tuple[float, ...]]) -> float:
    """Return the one value of an answer. Raises NotObserved for none and for several."""
    if not seen.value:
        raise NotObserved("Prometheus has no data for the expression in the window", seen.origin)
    if len(seen.value) > 1:
        reason = f"the expression answers {len(seen.value)} series, and must answer one"
        raise NotObserved(reason, seen.origin)
    return seen.value[0]


def _only(seen: Observed[tuple[T, ...]]) -> Observed[T]:
    return Observed(seen.value[0], seen.origin, seen.at)
