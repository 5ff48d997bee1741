"""What checks see of the edge: where TLS ends, and where names lead to the global load balancer.

That one of two vantage points could not be seen does not keep the other from being judged, and
shows as unobserved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from plimsoll.environment.cloud_inventory import SteeringSubject
from plimsoll.environment.inventory import WebHost
from plimsoll.facts.dns_answer import DnsProbe
from plimsoll.facts.handshake import TlsProbe
from plimsoll.findings import NotObserved, Observed
from plimsoll.pytest_plugin import account
from plimsoll.pytest_plugin.narrowing import narrowed

if TYPE_CHECKING:
    from plimsoll.environment.cloud_model import App as DeclaredApp
    from plimsoll.environment.model import Environment
    from plimsoll.facts.app_platform import App, LiveDomain
    from plimsoll.facts.cloud_reading import DigitalOceanProbe
    from plimsoll.facts.dns_answer import DnsAnswer
    from plimsoll.facts.handshake import Handshake
    from plimsoll.findings import Sighting
    from plimsoll.pytest_plugin.examination import Examination


def handshake_plan(_environment: Environment, subject: object) -> TlsProbe:
    """Return a TLS handshake with the subject's host."""
    host = _host(subject)
    return TlsProbe(host.host, host.port)


def domain_plan(environment: Environment, subject: object) -> DigitalOceanProbe | None:
    """Return the list of apps, where the subject's host is declared as a domain of one."""
    if _owner(environment, subject) is None:
        return None
    return account.probe(environment, account.SOURCES["apps"], subject)


def address_plan(_environment: Environment, subject: object) -> DnsProbe:
    """Return the question for the addresses of the host that is steered."""
    steered = narrowed(subject, "a steering of traffic", SteeringSubject)
    return DnsProbe(steered.steering.host, "A")


@pytest.fixture
def handshake(examination: Examination) -> Sighting[Handshake]:
    """Return the outcome of a TLS handshake with the subject's host, or why there is none."""
    planned = handshake_plan(examination.environment, examination.subject)
    return examination.attempt(lambda: examination.observed(planned))


@pytest.fixture
def app_domain_served(examination: Examination) -> Sighting[LiveDomain] | None:
    """Return the subject's host as a domain of its app, or why it could not be seen.

    None where it is declared of no app, or is not there, which then is a deviation.
    """
    owner = _owner(examination.environment, examination.subject)
    if owner is None:
        return None
    return examination.attempt(
        lambda: _domain(examination, owner, account.seen(examination, "apps"))
    )


@pytest.fixture
def steered_addresses(examination: Examination) -> Sighting[tuple[DnsAnswer, ...]]:
    """Return what each authoritative server says of the steered host, or why none does."""
    planned = address_plan(examination.environment, examination.subject)
    return examination.attempt(lambda: examination.observed(planned))


PLANS: dict[str, tuple[Any, ...]] = {
    "handshake": (handshake_plan,),
    "app_domain_served": (domain_plan,),
    "steered_addresses": (address_plan,),
}
"""Fact fixture → the plans of what it needs to be looked at."""


def _domain(
    examination: Examination, owner: DeclaredApp, listed: Observed[tuple[App, ...]]
) -> Observed[LiveDomain] | None:
    host, wanted = _host(examination.subject).host, account.key(owner)
    owning = [app for app in listed.value if wanted in {app.id, app.name}]
    if len(owning) > 1:
        raise NotObserved(f"the account holds {len(owning)} called {wanted}", listed.origin)
    for domain in (domain for app in owning for domain in app.domains):
        if domain.name == host:
            return Observed(domain, listed.origin.at(domain.where), listed.at)
    expected = f"a domain of {owner.name}"
    examination.expect.missing(f"domain {host}", expected=expected, at=listed.origin)
    return None


def _owner(environment: Environment, subject: object) -> DeclaredApp | None:
    host, declared = _host(subject).host, environment.digitalocean
    for app in (declared.apps if declared else None) or ():
        if any(domain.name == host for domain in app.domains or ()):
            return app
    return None


def _host(subject: object) -> WebHost:
    return narrowed(subject, "a host", WebHost)
