"""The metrics whose counters must count, as subjects: one for each place that exports them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.environment.inventory import Subjects, Undeclared, metrics_targets, targets

if TYPE_CHECKING:
    from plimsoll.environment.contract_model import MetricsContract
    from plimsoll.environment.model import Environment


@dataclass(frozen=True, slots=True)
class CountedMetrics:
    """A metrics endpoint, as a subject, and the requests that it must have counted."""

    id: str
    metrics_url: str
    traffic_url: str
    failing_url: str
    contract: MetricsContract


def counted_metrics(environment: Environment) -> Subjects[CountedMetrics]:
    """Return every metrics endpoint, where a contract is declared, with what is asked beside it."""
    contract = environment.metrics.contract if environment.metrics else None
    if contract is None:
        return Undeclared("no metrics.contract is declared")
    exporting, asked = metrics_targets(environment), targets(environment)
    if isinstance(exporting, Undeclared) or isinstance(asked, Undeclared):
        return Undeclared("no endpoint of kind metrics is declared")
    return tuple(
        CountedMetrics(one.id, one.url, beside.url, beside.sibling(contract.failing.path), contract)
        for one in exporting
        for beside in asked
        if beside.id.rpartition("/")[2] == contract.endpoint and beside.region == one.region
    ) or Undeclared(f"no endpoint {contract.endpoint} is declared where metrics are exported")
