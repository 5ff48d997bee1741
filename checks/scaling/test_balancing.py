"""Load balancers spread requests over machines that are well, encrypted as declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import LoadBalancerSubject
    from plimsoll.environment.cloud_model import LoadBalancer as Declared
    from plimsoll.facts.load_balancer import Forwarding, LoadBalancer
    from plimsoll.findings import Expect, Observed

WEB = ("http", "https")
HTTPS_PORT = 443
MANNERS = {
    "passthrough": "passed through to HTTPS, without a certificate",
    "termination": "ended here, with a certificate",
}


@pytest.mark.control("SCL-06")
def test_load_balancer_is_set_up_as_declared(
    regional_balancer: LoadBalancerSubject,
    load_balancer: Observed[LoadBalancer],
    expect: Expect,
) -> None:
    """Read each regional load balancer: its status, health check, forwarding rules and redirect.

    It must be active in its region and ask machines over HTTP at the declared interval. Port 443
    must be forwarded, and every encrypted rule pass TLS through to HTTPS without a certificate, or
    end it with one, as declared; HTTP is redirected where that is. The algorithm is not judged:
    the platform no longer lets it be set, so what it shows proves nothing. Which path it asks is
    another control's question (HLT-08).
    """
    declared, seen = regional_balancer.load_balancer, load_balancer.value
    origin = load_balancer.origin
    expect.equal("active", seen.status, "status", at=origin)
    expect.equal(declared.platform_region, seen.region, "region", at=origin)
    _judge_health(declared, load_balancer, expect)
    encrypted = [rule for rule in seen.forwarding if rule.is_encrypted]
    is_served = any(rule.entry_port == HTTPS_PORT for rule in encrypted)
    expect.that(
        is_served,
        "HTTPS forwarding",
        observed="no rule for HTTPS on port 443",
        expected="a rule for HTTPS on port 443",
        at=origin,
    )
    for rule in encrypted:
        expect.that(
            _ends_as_declared(rule, declared),
            f"TLS of port {rule.entry_port}",
            observed=_manner(rule),
            expected=MANNERS[declared.tls],
            at=origin.at(rule.where),
        )
    if declared.redirects_http:
        expect.that(
            seen.redirects_http is True,
            "redirect of HTTP to HTTPS",
            observed=seen.redirects_http,
            expected=True,
            at=origin,
        )


def _judge_health(
    declared: Declared, load_balancer: Observed[LoadBalancer], expect: Expect
) -> None:
    health, origin = load_balancer.value.health, load_balancer.origin
    if health is None:
        expect.missing("health check", expected="a health check", at=origin)
        return
    expect.one_of(WEB, health.protocol, "protocol of the health check", at=origin)
    expect.equal(
        declared.health_interval_seconds,
        health.interval_seconds,
        "interval of the health check",
        at=origin,
    )


def _ends_as_declared(rule: Forwarding, declared: Declared) -> bool:
    if declared.tls == "termination":
        return rule.certificate is not None and not rule.is_passthrough
    reaches_https = rule.target_protocol in {"https", "http2"}
    return rule.is_passthrough and reaches_https and rule.certificate is None


def _manner(rule: Forwarding) -> str:
    passed = "passed through" if rule.is_passthrough else "ended here"
    certificate = "with" if rule.certificate else "without"
    return f"{passed} to {rule.target_protocol}, {certificate} a certificate"
