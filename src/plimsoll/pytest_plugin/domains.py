"""What checks see of names: what their servers serve, and what the platform holds of them.

The two are told apart: that one could not be seen does not keep the other from being judged, and
shows as unobserved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from plimsoll.environment.cloud_inventory import DomainSubject
from plimsoll.environment.inventory import DnsSubject
from plimsoll.facts.dns_answer import DnsProbe
from plimsoll.pytest_plugin import account
from plimsoll.pytest_plugin.narrowing import narrowed
from plimsoll.semantics.name_records import ancestors

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.environment.model import Environment
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.dns_answer import DnsAnswer
    from plimsoll.facts.domain_record import DomainRecord
    from plimsoll.findings import NotObserved, Observed
    from plimsoll.pytest_plugin.examination import Examination

    Answers = Observed[tuple[DnsAnswer, ...]]

_SECURITY = ("NS", "DNSKEY", "DS")


def record_plan(_environment: Environment, subject: object) -> DnsProbe:
    """Return the question for the subject's DNS record."""
    record = narrowed(subject, "a DNS record", DnsSubject).record
    return DnsProbe(record.name, record.type)


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
def served_record(examination: Examination) -> Answers | NotObserved:
    """Return what each authoritative server says of the subject's record, or why none does."""
    probe = record_plan(examination.environment, examination.subject)
    return examination.attempt(lambda: examination.observed(probe))


@pytest.fixture
def held_records(
    examination: Examination,
) -> Observed[tuple[DomainRecord, ...]] | NotObserved | None:
    """Return the records of the subject's zone as the platform holds them; None where it does not.

    Which zones it holds is declared.
    """
    if getattr(examination.subject, "zone", None) is None:
        return None
    return examination.attempt(lambda: account.seen(examination, "domain_records"))


@pytest.fixture
def live_app(examination: Examination) -> Observed[App] | NotObserved:
    """Return the subject's app, or why it could not be seen; that it is absent is a deviation."""
    return examination.attempt(lambda: account.named(examination, "app"))


@pytest.fixture
def ways(examination: Examination) -> tuple[Answers, Answers] | NotObserved | None:
    """Return where the subject's domain leads and where its app's ingress does, or why neither.

    None where no ingress is declared.
    """
    planned = ways_plan(examination.environment, examination.subject)
    if not planned:
        return None
    domain, ingress = planned
    return examination.attempt(
        lambda: (examination.observed(domain), examination.observed(ingress))
    )


@pytest.fixture
def issuers(examination: Examination) -> tuple[Answers, ...]:
    """Return what is said of CAA for the subject's domain and each name above it, closest first."""
    return tuple(_all(examination, issuers_plan).values())


@pytest.fixture
def security_records(examination: Examination) -> dict[tuple[str, str], Answers]:
    """Return what is said of NS, DNSKEY and DS for the subject's domain and each name above it."""
    return {
        (probe.name, probe.record_type): seen
        for probe, seen in _all(examination, security_plan).items()
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
    examination: Examination,
    plan: Callable[[Environment, object], tuple[DnsProbe, ...]],
) -> dict[DnsProbe, Answers]:
    planned = plan(examination.environment, examination.subject)
    return {probe: examination.observed(probe) for probe in planned}


def _domain(subject: object) -> DomainSubject:
    return narrowed(subject, "a domain", DomainSubject)
