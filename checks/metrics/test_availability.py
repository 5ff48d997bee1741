"""The system was there when it was asked: from outside, and by Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.monitoring_api import availability as window

if TYPE_CHECKING:
    from plimsoll.environment.model import Environment
    from plimsoll.environment.monitoring_inventory import AvailabilitySubject
    from plimsoll.environment.monitoring_model import Availability
    from plimsoll.facts.uptime import RegionalState, UptimeCheck
    from plimsoll.findings import Expect, Observed
    from plimsoll.pytest_plugin.monitoring_view import MonitoringView


@pytest.mark.control("MET-08")
def test_thirty_days_meet_the_objective(
    available_target: AvailabilitySubject,
    monitored: MonitoringView,
    environment: Environment,
    expect: Expect,
) -> None:
    """Read what each region of the uptime check measured over thirty days, and ask Prometheus.

    Each region must be UP and have measured at least the declared percentage. A check that is not
    enabled, or a region without a percentage or still CHECKING, has measured nothing; nor has one
    that the check asks from and of which nothing is told. Prometheus is asked for the mean of the
    declared expression, once a minute of the window. Minutes without data were not measured: where
    it would depend on them whether the objective was met, that is not known.
    """
    if available_target.uptime is not None:
        with monitored.apart():
            _judge_outside(monitored, environment, expect)
    if available_target.measured is not None:
        with monitored.apart():
            _judge_measured(monitored, available_target.measured, expect)


def _judge_outside(monitored: MonitoringView, environment: Environment, expect: Expect) -> None:
    check = monitored.uptime_check()
    state = monitored.uptime_state()
    if not check.value.enabled:
        raise NotObserved("the check does not show that it is enabled", check.origin)
    account = environment.digitalocean
    bound = account.availability_percent if account else None
    measured = [
        one
        for one in state.value
        if one.percent is not None and one.status not in {None, "CHECKING"}
    ]
    for one in measured:
        place = state.origin.at(one.where)
        expect.at_least(
            bound or 100, one.percent, f"availability from {one.region}", at=place, unit="%"
        )
        expect.equal("UP", one.status, f"status from {one.region}", at=place)
    _require_every_region(check, state, {one.region for one in measured})


def _require_every_region(
    check: Observed[UptimeCheck], state: Observed[tuple[RegionalState, ...]], measured: set[str]
) -> None:
    silent = sorted(one.region for one in state.value if one.region not in measured)
    if silent or not measured:
        what = f"nothing was measured from {', '.join(silent) or 'any region'}"
        raise NotObserved(what, state.origin)
    asked, told = check.value.regions, len(state.value)
    if asked is None or told < len(set(asked)):
        count = "an unknown number" if asked is None else len(set(asked))
        raise NotObserved(f"{told} of {count} regions tell what they measured", state.origin)


def _judge_measured(monitored: MonitoringView, declared: Availability, expect: Expect) -> None:
    seen = monitored.measured(declared)
    measured, objective = seen.value, declared.objective_percent
    holds = window.verdict(measured, objective)
    if holds is None:
        covered = f"{100 * measured.covered:.4g} % of the {declared.days} days"
        told = f"{100 * measured.share:.6g} % there in {covered}"
        raise NotObserved(f"{told}: the rest would decide, and was not measured", seen.origin)
    expect.that(
        holds,
        f"availability by Prometheus over {declared.days} days",
        observed=f"{measured.least_percent:.6g} % to {measured.most_percent:.6g} %",
        expected=f"≥ {objective:g} %",
        at=seen.origin,
    )
