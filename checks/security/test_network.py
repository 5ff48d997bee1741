"""What other hosts can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import compose, internet

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import DatabaseSubject
    from plimsoll.environment.repository_inventory import ComposeSubject
    from plimsoll.facts.database_cluster import Database, TrustedSource
    from plimsoll.findings import Expect, Observed
    from plimsoll.pytest_plugin.repository_view import RepositoryView


OWN = frozenset({"app", "droplet", "k8s", "tag"})
"""The kinds of trusted sources that are the customer's own, and no addresses."""


@pytest.mark.control("SEC-06a")
def test_databases_are_not_published(
    private_stack: ComposeSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Read the ports that each service of the Compose file publishes.

    A database or cache, known by its image or by the port it listens on, must publish none, unless
    on the loopback address of the machine. Services that only a profile starts do not run in
    production and are left out; a file without services deviates.
    """
    document = repository.document(private_stack.id)
    origin = repository.origin_of(private_stack.id)
    running = [service for service in compose.services(document) if service.is_long_running]
    expect.at_least(1, len(running), "services", at=origin)
    for port in compose.published_database_ports(document):
        expect.none(
            [(f"published on {port.interface or 'every address'}", port.where)],
            f"port {port.container} of service {port.owner}",
            expected="not published to other hosts",
            at=origin,
        )


@pytest.mark.control("SEC-06a")
def test_database_accepts_named_sources_only(
    guarded_database: DatabaseSubject,
    database: Observed[Database],
    database_firewall: Observed[tuple[TrustedSource, ...]],
    expect: Expect,
) -> None:
    """Read the trusted sources of each managed database.

    There must be some: a database without any accepts everyone. Their addresses together must not
    be the Internet at large, which is more than one in 256 of all public ones. An app, a
    cluster, a machine or a tag is never too wide; of any other source the address is judged.
    """
    origin, sources = database_firewall.origin, database_firewall.value
    expect.at_least(1, len(sources), "trusted sources", at=origin)
    addresses = [one.value for one in sources if one.type not in OWN]
    try:
        is_open = internet.is_the_internet(internet.networks(addresses))
    except ValueError as problem:
        raise NotObserved(f"a trusted source is no address: {problem}", origin) from None
    expect.that(
        not is_open,
        f"addresses trusted by {database.value.name}",
        observed=", ".join(addresses),
        expected="not the Internet at large",
        at=origin,
    )
