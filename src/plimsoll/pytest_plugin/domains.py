"""What checks see of names: what their servers serve, and what the platform holds of them.

The two are told apart: that one could not be seen does not keep the other from being judged, and
shows as unobserved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import pytest

from plimsoll.environment.cloud_inventory import DomainSubject
from plimsoll.environment.inventory import DnsSubject
from plimsoll.facts.dns_answer import DnsProbe
from plimsoll.findings import NotObserved
from plimsoll.pytest_plugin import account
from plimsoll.pytest_plugin.keys import EXAMINATION
from plimsoll.semantics.name_records import ancestors

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.environment.model import Environment
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.dns_answer import DnsAnswer
    from plimsoll.facts.domain_record import DomainRecord
    from plimsoll.findings import Observed
    from plimsoll.pytest_plugin.examination import Examination

    Answers = Observed[tuple[DnsAnswer, ...]]

T = TypeVar("T")
_SECURITY = ("NS", "DNSKEY", "DS")


def record_plan(_environment: Environment, subject: object) -> DnsProbe:
    """Return the question for the subject's DNS record."""
    if not isinstance(subject, DnsSubject):
        message = f"not a DNS record: {subject!r}"
        raise TypeError(message)
    return DnsProbe(subject.record.name, subject.record.type)


def ways_plan(_environment: Environment, subject: object) -> tuple[DnsProbe, ...]:
    """Return the questions where the subject's domain and its app's ingress lead, if declared."""
    ingress = _domain(subject).app.ingress
    return (DnsProbe(_domain(subject).domain.name), DnsProbe(ingress)) if ingress else ()


def issuers_plan(_environment: Environment, subject: object) -> tuple[DnsProbe, ...]:
    """Return the questions who may issue certificates, up the names (RFC 8659, section 3)."""
    return tuple(DnsProbe(name, "CAA") for name in ancestors(_domain(subject).domain.name))


def security_plan(_environment: Environment, subject: object) -> tuple[DnsProbe, ...]:
    """Return the questions for the zone of the subject's domain, its keys, and who vouches."""
    names = ancestors(_domain(subject).domain.name)
    return tuple(DnsProbe(name, record_type) for name in names for record_type in _SECURITY)


@pytest.fixture
def served_record(request: pytest.FixtureRequest) -> Answers | NotObserved:
    """Return what each authoritative server says of the subject's record, or why none does."""
    examination = _examination(request)
    probe = record_plan(examination.environment, examination.subject)
    return _attempt(examination, lambda: examination.observed(probe))


@pytest.fixture
def held_records(
    request: pytest.FixtureRequest,
) -> Observed[tuple[DomainRecord, ...]] | NotObserved | None:
    """Return the records of the subject's zone as the platform holds them; None where it does not.

    Which zones it holds is declared.
    """
    examination = _examination(request)
    if getattr(examination.subject, "zone", None) is None:
        return None
    return _attempt(examination, lambda: account.seen(examination, "domain_records"))


@pytest.fixture
def live_app(request: pytest.FixtureRequest) -> Observed[App] | NotObserved:
    """Return the subject's app, or why it could not be seen; that it is absent is a deviation."""
    examination = _examination(request)
    return _attempt(examination, lambda: account.named(examination, "app"))


@pytest.fixture
def ways(request: pytest.FixtureRequest) -> tuple[Answers, Answers] | NotObserved | None:
    """Return where the subject's domain leads and where its app's ingress does, or why neither.

    None where no ingress is declared.
    """
    examination = _examination(request)
    planned = ways_plan(examination.environment, examination.subject)
    if not planned:
        return None
    return _attempt(
        examination,
        lambda: (examination.observed(planned[0]), examination.observed(planned[1])),
    )


@pytest.fixture
def issuers(request: pytest.FixtureRequest) -> tuple[Answers, ...]:
    """Return what is said of CAA for the subject's domain and each name above it, closest first."""
    return tuple(_all(request, issuers_plan).values())


@pytest.fixture
def security_records(request: pytest.FixtureRequest) -> dict[tuple[str, str], Answers]:
    """Return what is said of NS, DNSKEY and DS for the subject's domain and each name above it."""
    return {
        (probe.name, probe.record_type): seen
        for probe, seen in _all(request, security_plan).items()
    }


PLANS: dict[str, tuple[Any, ...]] = {
    "dns_answers": (record_plan,),
    "served_record": (record_plan,),
    "held_records": account.plans()["domain_records"],
    "live_app": account.plans()["app"],
    "ways": (ways_plan,),
    "issuers": (issuers_plan,),
    "security_records": (security_plan,),
}
"""Fact fixture → the plans of what it needs to be looked at."""


def _all(
    request: pytest.FixtureRequest,
    plan: Callable[[Environment, object], tuple[DnsProbe, ...]],
) -> dict[DnsProbe, Answers]:
    examination = _examination(request)
    planned = plan(examination.environment, examination.subject)
    return {probe: examination.observed(probe) for probe in planned}


def _attempt(examination: Examination, look: Callable[[], T]) -> T | NotObserved:
    """Return what a look gives; remember what it could not see, and return that instead."""
    try:
        return look()
    except NotObserved as unseen:
        examination.missed(unseen.origin, unseen)
        return unseen


def _domain(subject: object) -> DomainSubject:
    if not isinstance(subject, DomainSubject):
        message = f"not a domain: {subject!r}"
        raise TypeError(message)
    return subject


def _examination(request: pytest.FixtureRequest) -> Examination:
    return cast("Examination", request.node.stash[EXAMINATION])
