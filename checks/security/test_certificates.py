"""The certificates that an account shows in front of everything else are good for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import tls_policy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.environment.cloud_inventory import (
        CdnSubject,
        LoadBalancerSubject,
        SteeringSubject,
    )
    from plimsoll.environment.model import Environment
    from plimsoll.facts.cdn_endpoint import CdnEndpoint
    from plimsoll.facts.certificate_record import CertificateRecord
    from plimsoll.facts.load_balancer import LoadBalancer
    from plimsoll.findings import Expect, Observed

    Certificates = Observed[tuple[CertificateRecord, ...]]


@pytest.mark.control("SEC-03")
def test_certificate_of_the_load_balancer_lasts(
    certified_balancer: LoadBalancerSubject,
    load_balancer: Observed[LoadBalancer],
    certificates: Certificates,
    expect: Expect,
    environment: Environment,
) -> None:
    """Read which certificates the load balancer shows, and each of them in the account.

    It must show one; each must be verified, and valid for the declared number of days.
    """
    shown = (rule.certificate for rule in load_balancer.value.forwarding if rule.is_encrypted)
    _judge(shown, certificates, expect, environment)


@pytest.mark.control("SEC-03")
def test_certificate_of_the_global_load_balancer_lasts(
    certified_steering: SteeringSubject,
    global_load_balancer: Observed[LoadBalancer],
    certificates: Certificates,
    expect: Expect,
    environment: Environment,
) -> None:
    """Read which certificate the global load balancer shows for the host, and it in the account.

    It must show one, which is verified, and valid for the declared number of days.
    """
    host = certified_steering.steering.host
    domains = global_load_balancer.value.domains
    shown = (domain.certificate for domain in domains if domain.name == host)
    _judge(shown, certificates, expect, environment)


@pytest.mark.control("SEC-03")
def test_certificate_of_the_content_network_lasts(
    certified_network: CdnSubject,
    cdn_endpoint: Observed[CdnEndpoint],
    certificates: Certificates,
    expect: Expect,
    environment: Environment,
) -> None:
    """Read which certificate the CDN endpoint shows for its domain, and it in the account.

    It must show one, which is verified, and valid for the declared number of days.
    """
    _judge([cdn_endpoint.value.certificate], certificates, expect, environment)


def _judge(
    shown: Iterable[str | None],
    certificates: Certificates,
    expect: Expect,
    environment: Environment,
) -> None:
    if environment.tls is None:
        raise NotObserved("no TLS requirements are declared", certificates.origin)
    held = {one.id: one for one in certificates.value}
    named = tuple(dict.fromkeys(one for one in shown if one))
    expect.at_least(1, len(named), "certificates", at=certificates.origin)
    for identity in named:
        certificate = held.get(identity)
        if certificate is None:
            what = f"certificate {identity}"
            expect.missing(what, expected="it in the account", at=certificates.origin)
            continue
        origin = certificates.origin.at(certificate.where)
        what = f"certificate {certificate.name}"
        expect.equal("verified", certificate.state, f"state of {what}", at=origin)
        ends = certificate.not_after
        days = tls_policy.days_left(ends, certificates.at) if ends else None
        least = environment.tls.days_to_expiry
        expect.at_least(least, days, f"days to expiry of {what}", at=origin)
