"""Certificates are judged where one is shown and something is required of them."""

from __future__ import annotations

import pytest

from plimsoll.environment.edge_inventory import (
    certified_balancers,
    certified_networks,
    certified_steering,
)
from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.model import Environment

LOAD_BALANCER = {"name": "lb", "region": "a", "platform_region": "fra1", "tls": "termination"}
PASSING = LOAD_BALANCER | {"name": "other", "tls": "passthrough"}
CDN = {"origin": "b.fra1.digitaloceanspaces.com", "domain": "cdn.example"}
PLAIN = {"origin": "c.fra1.digitaloceanspaces.com"}
STEERING = {"load_balancer": "global", "host": "ferry.example", "regions": ["a", "b"]}
TLS = {"minimum_version": "1.2", "days_to_expiry": 21}


def environment(tls: dict[str, object] | None = TLS, **account: object) -> Environment:
    """Return an environment with this account."""
    declared = {"schema": "plimsoll/environment/1", "system": "Ferry", "digitalocean": account}
    return Environment.model_validate(declared | ({"tls": tls} if tls else {}))


def test_only_edges_that_show_a_certificate_are_judged() -> None:
    """TLS passed through, and a CDN endpoint without a domain, show none of the account."""
    declared = environment(
        load_balancers=[LOAD_BALANCER, PASSING], cdn=[CDN, PLAIN], steering=STEERING
    )
    assert [one.id for one in certified_balancers(declared)] == ["lb"]
    assert [one.id for one in certified_networks(declared)] == [CDN["origin"]]
    assert [one.id for one in certified_steering(declared)] == ["global"]


@pytest.mark.parametrize("kind", [certified_balancers, certified_networks, certified_steering])
def test_nothing_is_judged_that_is_not_declared(kind) -> None:
    """Without TLS requirements, without edges, and with those alone that show no certificate."""
    full = {"load_balancers": [LOAD_BALANCER], "cdn": [CDN], "steering": STEERING}
    assert isinstance(kind(environment(tls=None, **full)), Undeclared)
    assert isinstance(kind(environment()), Undeclared)
    assert isinstance(kind(environment(load_balancers=[PASSING], cdn=[PLAIN])), Undeclared)
