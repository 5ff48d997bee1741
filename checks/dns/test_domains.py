"""An app's domains lead to the app, and are all known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import name_records

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import AppSubject, DomainSubject
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.dns_answer import DnsAnswer
    from plimsoll.findings import Expect, Observed, Origin

    Answers = Observed[tuple[DnsAnswer, ...]]

OWN = "DEFAULT"
"""The type of the domain that the platform gives every app."""


@pytest.mark.control("DNS-02")
def test_domain_is_active_and_leads_to_the_app(
    app_domain: DomainSubject,
    live_app: Observed[App] | NotObserved,
    ways: tuple[Answers, Answers] | NotObserved | None,
    expect: Expect,
) -> None:
    """Look for the domain in the app, and ask its authoritative servers where it leads.

    The app must list it with phase ACTIVE and the declared type. Where the app's ingress is
    declared, every server must answer with an alias of just that host, which must have addresses,
    or with addresses that are all among the ingress's own; a domain below another of the app's must
    have the alias, for addresses change. Answers without authority count as not observed.
    """
    if not isinstance(live_app, NotObserved):
        _judge_live(app_domain, live_app, expect)
    if ways is not None and not isinstance(ways, NotObserved):
        _judge_ways(app_domain, *ways, expect)


@pytest.mark.control("DNS-03a")
def test_app_has_no_undeclared_domain(
    domain_owner: AppSubject, app: Observed[App], expect: Expect
) -> None:
    """Read every domain of the app, from its specification and from what it serves.

    Each must be declared; the one that the platform gives every app does not count.
    """
    known = {name_records.host(one.name) for one in domain_owner.app.domains or ()}
    expect.none(
        [
            (f"{one.name} ({one.phase or 'no phase'})", one.where)
            for one in app.value.domains
            if one.type != OWN and name_records.host(one.name) not in known
        ],
        "undeclared domain",
        expected="declared domains alone",
        at=app.origin,
    )


def _judge_live(subject: DomainSubject, app: Observed[App], expect: Expect) -> None:
    declared = subject.domain
    live = next((one for one in app.value.domains if one.name == declared.name), None)
    if live is None:
        expect.missing("domain", expected=f"{declared.name} in the app", at=app.origin)
        return
    origin = app.origin.at(live.where)
    expect.equal("ACTIVE", live.phase, "phase", at=origin)
    expect.equal(declared.type, live.type, "type", at=origin)


def _judge_ways(subject: DomainSubject, domain: Answers, ingress: Answers, expect: Expect) -> None:
    home = name_records.values(ingress.value, "A")
    for server, answers in name_records.by_server(domain.value).items():
        if not name_records.doubt(answers):
            origin = domain.origin.at(f"{subject.domain.name} at {server}")
            _judge_way(subject, answers, home, expect, origin)
    unsure = (*name_records.doubts(domain.value), *name_records.doubts(ingress.value))
    if unsure:
        raise NotObserved("; ".join(unsure), domain.origin)


def _judge_way(
    subject: DomainSubject,
    answers: list[DnsAnswer],
    home: frozenset[str],
    expect: Expect,
    origin: Origin,
) -> None:
    name, ingress = subject.domain.name, subject.app.ingress or ""
    alias = name_records.alias(answers, name)
    if alias is not None:
        expect.equal(name_records.host(ingress), alias, "alias", at=origin)
        what = "addresses of the ingress"
        expect.that(bool(home), what, observed=None, expected=f"some of {ingress}", at=origin)
        return
    others = (one.name for one in subject.app.domains or ())
    if any(name.endswith(f".{other}") for other in others):
        addresses = ", ".join(sorted(name_records.values(answers, "A")))
        observed = f"none, but {addresses}" if addresses else None
        expect.that(False, "alias", observed=observed, expected=ingress, at=origin)  # noqa: FBT003
        return
    addresses_found = name_records.values(answers, "A")
    expect.that(
        bool(addresses_found) and addresses_found <= home,
        "addresses",
        observed=", ".join(sorted(addresses_found)) or None,
        expected=f"those of {ingress}: {', '.join(sorted(home)) or 'it has none'}",
        at=origin,
    )
