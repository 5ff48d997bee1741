"""The platform's own monitoring watches what is declared, and tells somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.alert_coverage import (
    POLICY_TYPES,
    Demand,
    UnclearError,
    Watched,
    gaps,
)
from plimsoll.semantics.alert_gap import app_gap, is_same_address, uptime_gap
from plimsoll.semantics.app_spec import components
from plimsoll.semantics.digitalocean.running import running_spec

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import AppSubject, PolicySubject, UptimeSubject
    from plimsoll.environment.model import Environment
    from plimsoll.facts.alert_policy import AlertPolicy, AppAlert
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.database_cluster import Database
    from plimsoll.facts.uptime import UptimeAlert, UptimeCheck
    from plimsoll.findings import Expect, Observed


RUNNING = frozenset({"service", "worker"})
"""The kinds of components that run instances for good; a job ends."""


@pytest.mark.control("ALR-07")
def test_a_policy_watches_the_machines(
    machine_policy: PolicySubject,
    alert_policies: Observed[tuple[AlertPolicy, ...]],
    environment: Environment,
    expect: Expect,
) -> None:
    """Read the account's alert policies of the declared metric on droplets.

    One that watches every machine, or all with the declared tag, must be enabled, speak above the
    declared threshold or a lower one, and tell each declared channel. A policy on single machines
    misses those that a pool adds.
    """
    account = environment.digitalocean
    tag = account.machines.tag if account and account.machines else None
    watched = Watched(f"machines tagged {tag}" if tag else "every machine", (tag,) if tag else ())
    _state_watched(expect, machine_policy, alert_policies, watched)


@pytest.mark.control("ALR-07")
def test_a_policy_watches_each_database(
    database_policy: PolicySubject,
    alert_policies: Observed[tuple[AlertPolicy, ...]],
    databases: Observed[tuple[Database, ...]],
    environment: Environment,
    expect: Expect,
) -> None:
    """Read the account's alert policies of the declared metric on databases.

    For each declared database one that names its id or one of its tags must be enabled, speak above
    the declared threshold or a lower one, and tell each declared channel.
    """
    account = environment.digitalocean
    declared = account.databases if account and account.databases else ()
    expect.at_least(1, len(declared), "declared databases", at=databases.origin)
    for name in (one.name for one in declared):
        found = [one for one in databases.value if name in {one.name, one.id}]
        if not found:
            expect.missing(f"database {name}", expected="it in the account", at=databases.origin)
        for one in found:
            watched = Watched(name, one.tags, one.id)
            _state_watched(expect, database_policy, alert_policies, watched)


@pytest.mark.control("ALR-07")
def test_an_uptime_check_asks_and_tells(
    watched_target: UptimeSubject,
    uptime_check: Observed[UptimeCheck],
    uptime_alerts: Observed[tuple[UptimeAlert, ...]],
    expect: Expect,
) -> None:
    """Read the declared uptime check and its alerts.

    It must be enabled, ask the declared address (a ping asks the machine only) from enough regions,
    and have an alert of each declared kind that compares the right way and tells somebody.
    """
    check, declared, origin = uptime_check.value, watched_target.uptime, uptime_check.origin
    if check.enabled is None or check.regions is None or check.type is None:
        raise NotObserved("the answer does not tell whether, how and from where it asks", origin)
    state = "enabled" if check.enabled else "disabled"
    expect.equal("enabled", state, "state", at=origin)
    is_target = is_same_address(check.target, declared.target)
    expect.that(is_target, "target", observed=check.target, expected=declared.target, at=origin)
    scheme = declared.target.partition(":")[0]
    expect.equal(scheme, check.type, "type", at=origin)
    expect.at_least(declared.regions_at_least, len(set(check.regions)), "regions", at=origin)
    for kind in declared.alerts:
        gap = uptime_gap(uptime_alerts.value, kind, uptime_alerts.origin.where)
        expect.no_problems([gap] if gap else [], f"alert {kind}", at=uptime_alerts.origin)


@pytest.mark.control("ALR-07")
def test_an_app_tells_what_goes_wrong(
    alerted_app: AppSubject,
    app: Observed[App],
    app_alerts: Observed[tuple[AppAlert, ...]],
    environment: Environment,
    expect: Expect,
) -> None:
    """Read the app's alerts, and the components that run instances from its live specification.

    Each declared rule of the app, and of every such component, must be enabled, in phase ACTIVE,
    and have an e-mail address or a Slack webhook; one on CPU or memory must speak below 100 %.
    """
    account, origin = environment.digitalocean, app_alerts.origin
    declared = account.app_alerts if account else None
    if declared is None:
        return
    running = [one.name for one in components(running_spec(app)) if one.kind in RUNNING]
    rules: list[tuple[str, str | None]] = [(rule, None) for rule in declared.app]
    rules += [(rule, name) for name in running for rule in declared.component]
    for rule, name in rules:
        gap = app_gap(app_alerts.value, rule, name, origin.where)
        expect.no_problems(
            [gap] if gap else [], f"alert {rule}" + (f" of {name}" if name else ""), at=origin
        )


def _state_watched(
    expect: Expect,
    subject: PolicySubject,
    policies: Observed[tuple[AlertPolicy, ...]],
    watched: Watched,
) -> None:
    declared, origin = subject.policy, policies.origin
    kind = POLICY_TYPES[subject.scope, declared.metric]
    demand = Demand(kind, declared.threshold_percent, subject.channels)
    try:
        found = gaps(policies.value, demand, watched, origin.where)
    except UnclearError as error:
        raise NotObserved(str(error), origin) from None
    expect.no_problems(found, f"{declared.metric} of {watched.name}", at=origin)
