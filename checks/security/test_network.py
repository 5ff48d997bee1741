"""What other hosts can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.semantics import compose

if TYPE_CHECKING:
    from plimsoll.environment.repository_inventory import ComposeSubject
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.repository_view import RepositoryView


@pytest.mark.control("SEC-06")
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
