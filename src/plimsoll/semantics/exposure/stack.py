"""Which service of a Compose file a scrape target is, and why it does not answer with metrics."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.scrape import Target
from plimsoll.semantics.compose_targets import (
    image_name,
    image_problems,
    running_services,
    service_at,
    services_of_image,
    target_doubts,
    target_problems,
)
from plimsoll.semantics.exposure.exporters import Exporter, exporter_of_image
from plimsoll.semantics.prometheus_config import path_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Document
    from plimsoll.semantics.exposure.targets import StaticTarget

_ADDRESS = re.compile(r"(\[[^\]]+\]|[^:/\s]+)(?::(\d{1,5}))?")
_OWN = re.compile(r"localhost|127(?:\.\d+){3}|\[::1\]")


@dataclass(frozen=True, slots=True)
class Stack:
    """The running services of a Compose file, beside the Prometheus that scrapes them.

    `zones` are DNS zones in which copies of the same stack are reached by the services' names.
    """

    running: tuple[Container, ...]
    servers: tuple[Container, ...]
    zones: tuple[str, ...] = ()

    @classmethod
    def of(cls, compose: Document, zones: tuple[str, ...] = ()) -> Stack:
        """Read the services of a Compose file."""
        return cls(running_services(compose), services_of_image(compose, "prometheus"), zones)

    def service(self, target: StaticTarget) -> Container | None:
        """Return the service that a target is; None for one that is outside, or nowhere."""
        host = self._host(target)
        if _OWN.fullmatch(host):
            return self.servers[0] if self.servers else None
        return service_at(host, self.running, self._asking(target))

    def is_outside(self, target: StaticTarget) -> bool:
        """Tell whether a target that is no service may be something outside of the stack."""
        return bool({".", ":"} & set(self._host(target)))

    def faults(self, target: StaticTarget) -> Iterator[str]:
        """Yield why a target of the stack does not answer with metrics, whatever it runs."""
        asked, service = self._asked(target), self.service(target)
        is_own = (
            service is not None and service in self.servers and bool(_OWN.fullmatch(asked.host))
        )
        pool = self.servers if is_own else self.running
        found = (
            *target_problems(asked, pool, is_own=is_own, asking=self._asking(target)),
            *image_problems(asked, self.running),
        )
        yield from (problem.what for problem in found)
        if fault := path_fault(target.path):
            yield fault

    def doubt(self, target: StaticTarget) -> str:
        """Return why no file tells whether a target is reached; nothing where that is told."""
        asked, asking = self._asked(target), self._asking(target)
        return next(target_doubts(asked, self.running, asking), "")

    def _asked(self, target: StaticTarget) -> Target:
        """Return a target as the stack calls it."""
        address = _ADDRESS.fullmatch(target.address)
        port = int(address[2]) if address and address[2] else None
        return Target(target.address, self._host(target), port, target.where, target.labels)

    def _asking(self, target: StaticTarget) -> tuple[Container, ...]:
        """Return who has to share a network with a target; nobody does with one of a copy."""
        return self.servers if self._host(target) == _written_host(target) else ()

    def _host(self, target: StaticTarget) -> str:
        """Return the host as the stack calls it: without the zone of a copy."""
        host = _written_host(target)
        return next(
            (host.removesuffix(f".{zone}") for zone in self.zones if host.endswith(f".{zone}")),
            host,
        )


def _written_host(target: StaticTarget) -> str:
    match = _ADDRESS.fullmatch(target.address)
    return match[1] if match else target.address


def exporter_of(service: Container) -> Exporter | None:
    """Return the well-known exporter that a service runs, by the name of its image."""
    return exporter_of_image(image_name(service))
