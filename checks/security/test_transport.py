"""What is sent is sent encrypted, and to the right host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotListening, NotObserved, Observed, Origin
from plimsoll.semantics import redirect, tls_policy

if TYPE_CHECKING:
    from plimsoll.environment.inventory import WebHost
    from plimsoll.environment.model import Environment, Tls
    from plimsoll.facts.app_platform import LiveDomain
    from plimsoll.facts.exchange import Exchange
    from plimsoll.facts.handshake import Handshake
    from plimsoll.findings import Expect, Sighting


@pytest.mark.control("SEC-02")
def test_nothing_is_served_in_clear(
    https_host: WebHost,
    exchange: Observed[Exchange],
    plain_sighting: Observed[Exchange] | NotObserved,
    expect: Expect,
) -> None:
    """Ask each public host, without TLS, for an endpoint that it serves with TLS.

    A permanent redirect (301 or 308) to HTTPS on the same host, or one below it, is well; so is a
    refused connection, beside an answer of the same host over HTTPS in the same run. Any other
    answer is one in clear, and silence is not known to be a closed port.
    """
    what, expected = "plain HTTP", "a permanent redirect to HTTPS on the host, or a closed port"
    if isinstance(plain_sighting, NotListening):
        expect.none([], what, expected=expected, at=exchange.origin)
        return
    if isinstance(plain_sighting, NotObserved):
        raise plain_sighting
    answer = plain_sighting.value
    location = answer.header("location")
    expect.that(
        redirect.secures(answer),
        what,
        observed=f"{answer.status}, leading to {location}" if location else answer.status,
        expected=expected,
        at=plain_sighting.origin,
    )


@pytest.mark.control("SEC-03")
def test_tls_is_modern_and_trusted(
    tls_host: WebHost,
    app_domain_served: Sighting[LiveDomain] | None,
    handshake: Sighting[Handshake],
    expect: Expect,
    environment: Environment,
) -> None:
    """Shake hands with each public host once for every version of TLS, and look at the certificate.

    Every version below the minimum must be refused, and one from the minimum up be accepted. The
    chain must verify for the host; the days to expiry count from the moment of the handshake. A
    version that this machine cannot offer, or whose refusal has another cause, is not known. Of a
    host that is a domain of an app, the platform must say the same: a minimum version, 1.2 where
    none is set, and a certificate that is valid for as many days.
    """
    declared = environment.tls
    if declared is None:
        raise NotObserved("no TLS requirements are declared", Origin("tls", tls_host.host))
    if isinstance(app_domain_served, Observed):
        _judge_domain(app_domain_served, declared, expect)
    if isinstance(handshake, Observed):
        _judge_handshake(handshake, declared, expect)


def _judge_domain(domain: Observed[LiveDomain], declared: Tls, expect: Expect) -> None:
    served, origin = domain.value, domain.origin
    version = served.minimum_tls_version or tls_policy.LEAST_OF_APP_PLATFORM
    expect.that(
        tls_policy.is_at_least(version, declared.minimum_version),
        "minimum version of the domain",
        observed=version,
        expected=f"TLS {declared.minimum_version} or newer",
        at=origin,
    )
    expires = served.certificate_expires_at
    days = tls_policy.days_left(expires, domain.at) if expires else None
    expect.at_least(declared.days_to_expiry, days, "days to expiry by the platform", at=origin)


def _judge_handshake(handshake: Observed[Handshake], declared: Tls, expect: Expect) -> None:
    seen, origin = handshake.value, handshake.origin
    versions = tls_policy.judge_versions(seen, declared.minimum_version)
    expect.none(
        [(f"{name} accepted", "") for name in versions.too_old],
        "TLS version",
        expected=f"nothing below TLS {declared.minimum_version}",
        at=origin,
    )
    if versions.allowed or not versions.silence:
        expect.that(
            bool(versions.allowed),
            "modern TLS",
            observed="refused",
            expected=f"TLS {declared.minimum_version} or newer",
            at=origin,
        )
    expect.that(
        seen.trusted,
        "certificate chain",
        observed=seen.trust_problem or "not trusted",
        expected=f"trusted for {seen.host}",
        at=origin,
    )
    days = tls_policy.days_left(seen.certificate.not_after, seen.at) if seen.certificate else None
    expect.at_least(declared.days_to_expiry, days, "days to expiry", at=origin)
    unknown = versions.unknown + (() if versions.allowed else versions.silence)
    if unknown:
        raise NotObserved("; ".join(unknown), origin)
