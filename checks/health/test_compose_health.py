"""Containers are watched by checks that ask them something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.semantics.compose_health import watches

if TYPE_CHECKING:
    from plimsoll.environment.repository_inventory import ComposeSubject
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.repository_view import RepositoryView


@pytest.mark.control("HLT-09")
def test_compose_services_are_watched_by_health_checks(
    compose_file: ComposeSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Read the health check of every service that the Compose file runs for long.

    It must be there, be enabled, ask the service itself by a known client, and fail when that does.
    Services that only a profile starts, such as tools for development, and services that others
    wait for to complete are left out. A check that an image may bring along is not seen here.
    """
    origin = repository.origin_of(compose_file.id)
    watched = watches(repository.document(compose_file.id))
    if not watched:
        expect.missing("services", expected="at least one that runs for long", at=origin)
    for watch in watched:
        expect.that(
            watch.problem is None,
            f"health check of service {watch.service}",
            observed=watch.problem,
            expected="one that asks an endpoint of the service",
            at=origin.at(watch.where),
        )
