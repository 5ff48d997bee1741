"""Whoever an alert tells can be reached: one of the platform, and one of Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.alert_coverage import (
    POLICY_TYPES,
    UnclearError,
    Watched,
    watching,
)
from plimsoll.semantics.alert_gap import flaws
from plimsoll.semantics.alertmanager.channels import Channel, mount_doubts, mount_problems
from plimsoll.semantics.alertmanager.delivery import sent_alerts, ways
from plimsoll.semantics.alertmanager.routing import RoutingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.environment.alerting_inventory import AlertRouteSubject
    from plimsoll.environment.cloud_inventory import AppSubject, PolicySubject, UptimeSubject
    from plimsoll.environment.model import Environment
    from plimsoll.facts.alert_policy import AlertPolicy, AppAlert, Destinations
    from plimsoll.facts.database_cluster import Database
    from plimsoll.facts.uptime import UptimeAlert
    from plimsoll.findings import Expect, Observed, Origin
    from plimsoll.pytest_plugin.delivery_view import DeliveryView


@pytest.mark.control("ALR-04")
def test_a_policy_on_machines_reaches_somebody(
    machine_policy: PolicySubject,
    alert_policies: Observed[tuple[AlertPolicy, ...]],
    environment: Environment,
    expect: Expect,
) -> None:
    """Read whom the alert policies on the declared machines tell.

    Each declared channel must have a destination, and none may be empty, a placeholder, an
    unexpanded variable or of a form that no message reaches.
    """
    account = environment.digitalocean
    tag = account.machines.tag if account and account.machines else None
    watched = Watched("machines", (tag,) if tag else ())
    _state_reachable_policy(expect, machine_policy, alert_policies, [watched])


@pytest.mark.control("ALR-04")
def test_a_policy_on_databases_reaches_somebody(
    database_policy: PolicySubject,
    alert_policies: Observed[tuple[AlertPolicy, ...]],
    databases: Observed[tuple[Database, ...]],
    environment: Environment,
    expect: Expect,
) -> None:
    """Read whom the alert policies on the declared databases tell.

    Each declared channel must have a destination, and none may be empty, a placeholder, an
    unexpanded variable or of a form that no message reaches.
    """
    account = environment.digitalocean
    declared = [one.name for one in (account.databases or () if account else ())]
    held = {one.name for one in databases.value}
    for name in (name for name in declared if name not in held):
        expect.missing(f"database {name}", expected="it in the account", at=databases.origin)
    watched = [
        Watched(one.name, one.tags, one.id) for one in databases.value if one.name in declared
    ]
    _state_reachable_policy(expect, database_policy, alert_policies, watched)


@pytest.mark.control("ALR-04")
def test_an_uptime_check_reaches_somebody(
    watched_target: UptimeSubject,
    uptime_alerts: Observed[tuple[UptimeAlert, ...]],
    expect: Expect,
) -> None:
    """Read whom the alerts of the uptime check tell.

    There must be somebody, and no destination may be empty, a placeholder, an unexpanded variable
    or of a form that no message reaches.
    """
    told = [alert.destinations for alert in uptime_alerts.value]
    _state_reachable(expect, told, ("email", "slack"), uptime_alerts.origin)


@pytest.mark.control("ALR-04")
def test_an_alert_of_an_app_reaches_somebody(
    alerted_app: AppSubject, app_alerts: Observed[tuple[AppAlert, ...]], expect: Expect
) -> None:
    """Read whom the alerts of the app and of its components tell.

    There must be somebody, and no destination may be empty, a placeholder, an unexpanded variable
    or of a form that no message reaches.
    """
    told = [alert.destinations for alert in app_alerts.value]
    _state_reachable(expect, told, ("email", "slack"), app_alerts.origin)


@pytest.mark.control("ALR-04")
def test_a_channel_of_a_route_reaches_somebody(
    alert_route: AlertRouteSubject, delivery: DeliveryView, expect: Expect
) -> None:
    """Read every channel of the receivers that alerts of the route are sent to.

    Each must have what its kind needs, in its own place or in the global section: nothing empty, no
    placeholder, no variable (Alertmanager expands none), no form that no message reaches. A file
    with a secret must be mounted into each Alertmanager that the Compose files run; one on a volume
    is not known to be there.
    """
    origin = delivery.origin
    try:
        found = list(_reached(alert_route, delivery))
    except RoutingError as error:
        raise NotObserved(str(error), origin) from None
    if not found:
        reason = f"no channel is reached by alerts of the route {alert_route.id}"
        raise NotObserved(reason, origin)
    for channel in found:
        what = f"{channel.kind} of {channel.receiver}"
        expect.no_problems(channel.problems, what, at=origin)
        for server in delivery.servers if channel.files else ():
            expect.no_problems(mount_problems(channel, server), what, at=origin)
    if expect.deviations:
        return
    delivery.require_loadable()
    for channel in found:
        for server in delivery.servers if channel.files else ():
            for doubt in mount_doubts(channel, server):
                raise NotObserved(f"{channel.kind} of {channel.receiver}: {doubt}", origin)


def _reached(subject: AlertRouteSubject, delivery: DeliveryView) -> Iterator[Channel]:
    """Yield each channel that is reached in some case, once."""
    sent = sent_alerts(subject.route, delivery.alerts)
    found = (
        one.channel
        for _, shape in sent
        for way in ways(delivery.config, shape, delivery.syntax)
        for one in way.reached
    )
    yield from dict.fromkeys(found)


def _state_reachable_policy(
    expect: Expect,
    subject: PolicySubject,
    policies: Observed[tuple[AlertPolicy, ...]],
    watched: Iterable[Watched],
) -> None:
    kind, origin = POLICY_TYPES[subject.scope, subject.policy.metric], policies.origin
    try:
        found = {
            policy.id: policy for one in watched for policy in watching(policies.value, kind, one)
        }
    except UnclearError as error:
        raise NotObserved(str(error), origin) from None
    told = [policy.destinations for policy in found.values()]
    for channel in subject.channels:
        _state_reachable(expect, told, (channel,), origin)


def _state_reachable(
    expect: Expect, told: list[Destinations], channels: tuple[str, ...], origin: Origin
) -> None:
    of_channels = [address for one in told for name in channels for address in one.of(name)]
    what = f"{' or '.join(channels)} destinations"
    expect.at_least(1, len(of_channels), what, at=origin)
    expect.no_problems([flaw for one in told for flaw in flaws(one, channels)], what, at=origin)
