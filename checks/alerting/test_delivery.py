"""Every required alert arrives, from the fault to whoever must be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved, NotTested
from plimsoll.semantics.rehearsal.telling import what_came_instead

if TYPE_CHECKING:
    from plimsoll.environment.alerting_inventory import RequiredAlertSubject
    from plimsoll.environment.alerting_model import Channel
    from plimsoll.facts.rehearsal import Rehearsal, Staging
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("ALR-09")
def test_the_required_alert_arrives_on_every_channel(
    rehearsed_alert: RequiredAlertSubject, rehearsal: Observed[Rehearsal], expect: Expect
) -> None:
    """Run the rule files and the Alertmanager configuration in the real programs, and break things.

    A real Prometheus and a real Alertmanager of this machine load the files as they are; only time
    runs faster, and every channel leads to a sink on loopback. The metrics are those of an
    imaginary system, in which the condition of the alert then holds. A message about an alert of
    the required severity must arrive on every channel that is declared for that severity, and one
    that tells the end wherever the receiver is configured to send it. How the alert is called
    counts for nothing.
    """
    origin, severity = rehearsal.origin, rehearsed_alert.required.severity
    expect.none(
        [(name, "") for name in rehearsal.value.missing_groups],
        "groups of rules that Prometheus did not load",
        expected="none",
        at=origin,
    )
    expect.at_least(1, rehearsal.value.alertmanagers, "Alertmanagers that are sent to", at=origin)
    staging = rehearsal.value.of(rehearsed_alert.id)
    routes = [one for one in rehearsed_alert.alerts.routes or () if one.severity == severity]
    channels = [channel for route in routes for channel in route.channels]
    if staging is None or not channels:
        reason = f"no channels are declared for the severity {severity}"
        raise NotTested(reason if staging else "it was not staged", origin)
    if staging.unknown and not all(_is_told(staging, severity, one) for one in channels):
        raise NotObserved(f"when {staging.story}: {staging.unknown}", origin)
    for channel in channels:
        _state_arrival(expect, rehearsal, staging, severity, channel)


def _is_told(staging: Staging, severity: str, channel: Channel) -> bool:
    """Whether a message arrived on a channel, and another one of its end where it must."""
    arrived = staging.arrivals(severity, channel.kind, channel.to)
    return bool(arrived) and not any(one.lacks_its_end for one in arrived)


def _state_arrival(
    expect: Expect,
    rehearsal: Observed[Rehearsal],
    staging: Staging,
    severity: str,
    channel: Channel,
) -> None:
    """State that a message arrived on a channel, and that its end was told where it must be."""
    arrived = staging.arrivals(severity, channel.kind, channel.to)
    expect.that(
        bool(arrived),
        f"on {channel.listed_as}, when {staging.story}",
        observed=what_came_instead(staging, severity),
        expected=f"a message about an alert with severity {severity}",
        at=rehearsal.origin,
    )
    untold = [one for one in arrived if one.lacks_its_end]
    expect.none(
        [(f"{one.alert} from {one.receiver} is still said to fire", "") for one in untold],
        f"on {channel.listed_as}, after {staging.story}",
        expected="a message that it is over",
        at=rehearsal.origin,
    )
