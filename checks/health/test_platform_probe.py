"""Whoever sends traffic asks for health, not just for a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.digitalocean.running import running_spec
from plimsoll.semantics.platform_probe import service_probes

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import AppSubject, LoadBalancerSubject
    from plimsoll.environment.model import Environment
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.load_balancer import LoadBalancer
    from plimsoll.findings import Expect, Observed

WEB = ("http", "https")


@pytest.mark.control("HLT-08")
def test_app_platform_asks_services_for_their_health(
    probed_app: AppSubject, app: Observed[App], expect: Expect, environment: Environment
) -> None:
    """Read the health check of each service in the specification that the app runs.

    It must ask the declared path over HTTP: without a path the platform only opens a connection. It
    must ask at least as often as declared; a period that is not stated is the platform's, 10 s.
    """
    declared = environment.digitalocean and environment.digitalocean.health_probe
    if not declared:
        raise NotObserved("no health probe is declared", app.origin)
    probes = {probe.service: probe for probe in service_probes(running_spec(app))}
    for service in declared.services or tuple(probes):
        what = f"health check of service {service}"
        probe = probes.get(service)
        if probe is None:
            expect.missing(f"service {service}", expected="it in the app", at=app.origin)
            continue
        at = app.origin.at(probe.where)
        path = probe.path or "a connection"
        expect.that(probe.path == declared.path, what, observed=path, expected=declared.path, at=at)
        if declared.period_seconds is not None:
            period = f"period of the {what}"
            expect.at_most(declared.period_seconds, probe.period_seconds, period, at=at, unit="s")
    if not (declared.services or probes):
        expect.missing("service", expected="one that can be asked", at=app.origin)


@pytest.mark.control("HLT-08")
def test_load_balancer_asks_machines_for_their_health(
    probed_balancer: LoadBalancerSubject, load_balancer: Observed[LoadBalancer], expect: Expect
) -> None:
    """Read the health check of the load balancer.

    It must ask the declared path over HTTP or HTTPS, for over TCP it only opens a connection, and
    at least as often as declared.
    """
    check, origin = load_balancer.value.health, load_balancer.origin
    declared = probed_balancer.load_balancer
    if check is None:
        wanted = f"one that asks {declared.health_path}"
        expect.missing("health check", expected=wanted, at=origin)
        return
    at = origin.at(check.where)
    expect.one_of(WEB, check.protocol, "protocol of the health check", at=at)
    expect.equal(declared.health_path, check.path, "path of the health check", at=at)
    period = "period of the health check"
    longest = declared.health_interval_seconds
    expect.at_most(longest, check.interval_seconds, period, at=at, unit="s")
