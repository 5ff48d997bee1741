"""Which services of a Compose file are watched by a health check that asks them something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.compose import services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Document


@dataclass(frozen=True, slots=True)
class Watch:
    """How a long-running service is watched; `problem` is None where a real endpoint is asked."""

    service: str
    problem: str | None
    where: str


def watches(document: Document) -> tuple[Watch, ...]:
    """Return one watch for each service that runs for as long as the system does.

    Services that only a profile starts are left out, and so are those that others wait for to
    complete: they do their work once and end.
    """
    ending = set(_awaited_to_complete(document))
    return tuple(
        _watch(service)
        for service in services(document)
        if service.is_long_running and service.name not in ending
    )


def _watch(service: Container) -> Watch:
    if not service.health_checks:
        return Watch(service.name, "no health check", service.where)
    check = service.health_checks[0]
    return Watch(service.name, check.fault, check.where)


def _awaited_to_complete(document: Document) -> Iterator[str]:
    for service in document.part("services"):
        for dependency in service["depends_on"]:
            if dependency["condition"].text == "service_completed_successfully":
                yield str(dependency.key)
