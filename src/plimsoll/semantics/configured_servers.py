"""Which configuration a Prometheus or an Alertmanager of a Compose file reads."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from plimsoll.semantics.compose import repository_path
from plimsoll.semantics.compose_targets import image_name, services_of_image

if TYPE_CHECKING:
    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Document

_CONFIG = "/etc/prometheus/prometheus.yml"


def reading_servers(compose: Document, prometheus: Document) -> tuple[Container, ...]:
    """Return the Prometheus services that read this configuration; all where none is seen to."""
    servers = services_of_image(compose, "prometheus")
    path = posixpath.normpath(prometheus.path)
    return tuple(one for one in servers if shown_config(one) == path) or servers


def config_folder(server: Container) -> str:
    """Return where in its container the configuration of a Prometheus or Alertmanager stands."""
    default = f"/etc/{image_name(server)}/{image_name(server)}.yml"
    return posixpath.dirname(server.flags().get("--config.file") or default)


def shown_config(server: Container) -> str | None:
    """Return the repository's path of what a Prometheus reads; None where none is mounted."""
    return repository_path(server, config_inside(server))


def config_inside(server: Container) -> str:
    """Return where in its container a Prometheus looks for its configuration."""
    return server.flags().get("--config.file") or _CONFIG
