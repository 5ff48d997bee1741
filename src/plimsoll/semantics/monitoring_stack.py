"""Which files of the repository the monitoring services of a Compose file are configured by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem
from plimsoll.semantics.compose import repository_path
from plimsoll.semantics.compose_targets import image_name, running_services

if TYPE_CHECKING:
    from collections.abc import Collection

    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Document

_CONFIG = {
    "prometheus": "/etc/prometheus/prometheus.yml",
    "alertmanager": "/etc/alertmanager/alertmanager.yml",
}
_OPTION = "--config.file"


def config_file(service: Container) -> str | None:
    """Return the repository's file that a Prometheus or Alertmanager service reads.

    None for any other service, and where no mount shows a file of the repository.
    """
    inside = _config_inside(service)
    return repository_path(service, inside) if inside else None


def config_problems(compose: Document, files: Collection[str]) -> tuple[Problem, ...]:
    """Return why a Prometheus or Alertmanager service finds none of these files as its own."""
    found = []
    for service in running_services(compose):
        inside = _config_inside(service)
        if inside is None:
            continue
        path = config_file(service)
        if path is None:
            what = f"{inside} of {service.name} is not mounted from the repository"
            found.append(Problem(service.where, what, "a mount of its configuration"))
        elif path not in files:
            what = f"{inside} of {service.name} shows {path}, which is absent"
            found.append(Problem(service.where, what, "a mount of its configuration"))
    return tuple(found)


def _config_inside(service: Container) -> str | None:
    default = _CONFIG.get(image_name(service))
    return default and (service.flags().get(_OPTION) or default)
