"""How App Platform asks the services of a specification whether they are well.

Source: the official Go client's defaults. Without a path the platform only opens a connection,
which a service that answers nothing but errors accepts as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.app_spec import components

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part

DEFAULT_PERIOD_SECONDS = 10


@dataclass(frozen=True, slots=True)
class ServiceProbe:
    """How one service is asked; a path of None means that only a connection is opened.

    `period_seconds` is None where what is stated is no number of seconds.
    """

    service: str
    path: str | None
    period_seconds: int | None
    where: str


def service_probes(specification: Document) -> tuple[ServiceProbe, ...]:
    """Return how each service is asked, those included that state nothing of it."""
    return tuple(
        _probe(component.name, component.part["health_check"], component.where)
        for component in components(specification)
        if component.kind == "service"
    )


def _probe(service: str, check: Part, where: str) -> ServiceProbe:
    period = check["period_seconds"]
    return ServiceProbe(
        service=service,
        path=check["http_path"].text or None,
        period_seconds=period.integer if period.exists else DEFAULT_PERIOD_SECONDS,
        where=check.where if check.exists else where,
    )
