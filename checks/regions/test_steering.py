"""Traffic finds a region that is well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved, Observed
from plimsoll.semantics import name_records

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import SteeringSubject
    from plimsoll.environment.model import Environment
    from plimsoll.facts.dns_answer import DnsAnswer
    from plimsoll.facts.load_balancer import LoadBalancer
    from plimsoll.findings import Expect, Sighting

WEB = ("http", "https")


@pytest.mark.control("REG-02")
def test_traffic_is_steered_to_healthy_regions(  # noqa: PLR0913, PLR0917 (two vantage points)
    traffic_steering: SteeringSubject,
    global_load_balancer: Observed[LoadBalancer],
    load_balancers: Observed[tuple[LoadBalancer, ...]],
    steered_addresses: Sighting[tuple[DnsAnswer, ...]],
    expect: Expect,
    environment: Environment,
) -> None:
    """Read the global load balancer, those behind it, and where the host's name leads.

    It must be active, answer for the host, ask over HTTP whether regions are well, and have a
    threshold at which it fails over. In every declared region there must be a load balancer behind
    it, and the region have a priority. Every authoritative server must lead the host to its address
    alone: a name that leads elsewhere is not steered.
    """
    steering, seen = traffic_steering.steering, global_load_balancer.value
    origin = global_load_balancer.origin
    expect.equal("GLOBAL", seen.type, "type", at=origin)
    expect.equal("active", seen.status, "status", at=origin)
    domains = [domain.name for domain in seen.domains]
    expect.that(
        steering.host in domains,
        "domains",
        observed=", ".join(domains) or "none",
        expected=steering.host,
        at=origin,
    )
    protocol = seen.health.protocol if seen.health else None
    expect.one_of(WEB, protocol, "protocol of the health check", at=origin)
    threshold = seen.failover_threshold_percent
    expect.at_least(1, threshold, "failover threshold", at=origin, unit="%")
    targets = set(seen.targets or ())
    behind = {one.region for one in load_balancers.value if one.id in targets}
    preferred = {region for region, _ in seen.priorities or ()}
    for region in steering.regions:
        places = _places(environment, region)
        for what, found in (("backend", behind), ("priority", preferred)):
            expect.that(
                bool(places & found),
                f"{what} in region {region}",
                observed=_listed(found),
                expected=_listed(places),
                at=origin,
            )
    if isinstance(steered_addresses, Observed):
        _judge_name(steering.host, seen.address, steered_addresses, expect)


def _judge_name(
    host: str, address: str | None, seen: Observed[tuple[DnsAnswer, ...]], expect: Expect
) -> None:
    for server, answers in name_records.by_server(seen.value).items():
        if not name_records.doubt(answers):
            leads_to = name_records.values(answers, "A")
            expect.that(
                address is not None and leads_to == {address},
                f"address of {host}",
                observed=_listed(leads_to),
                expected=f"{address}, that of the global load balancer",
                at=seen.origin.at(f"{host} A at {server}"),
            )
    unsure = name_records.doubts(seen.value)
    if unsure:
        raise NotObserved("; ".join(unsure), seen.origin)


def _places(environment: Environment, region: str) -> set[str | None]:
    """Return what the platform calls a region; as this file does where no balancer says so."""
    account = environment.digitalocean
    balancers = (account.load_balancers if account else None) or ()
    return {one.platform_region for one in balancers if one.region == region} or {region}


def _listed(names: set[str | None] | set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(map(str, names))) or "none"
