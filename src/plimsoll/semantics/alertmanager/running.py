"""The Alertmanagers of a Compose file, and which syntax of matchers the version of each reads."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from plimsoll.semantics.alertmanager.matchers import Syntax
from plimsoll.semantics.compose_targets import services_of_image
from plimsoll.semantics.image_reference import parse_reference
from plimsoll.semantics.monitoring_stack import config_file

if TYPE_CHECKING:
    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Document

_CONFIG = "/etc/alertmanager/alertmanager.yml"
_FEATURES = "--enable-feature"
_MODES = {"classic-mode": Syntax.CLASSIC, "utf8-strict-mode": Syntax.UTF8}


def servers(compose: Document, config: str) -> tuple[Container, ...]:
    """Return the running Alertmanagers that are configured by a file of the repository."""
    found = services_of_image(compose, "alertmanager")
    return tuple(service for service in found if config_file(service) == config)


def config_folder(service: Container) -> str:
    """Return the folder of a server's configuration in its container; other paths begin there."""
    return posixpath.dirname(service.flags().get("--config.file", _CONFIG))


def syntax_of(service: Container) -> Syntax:
    """Return what a server takes for matchers: its options decide, then its image's version.

    Source: the feature flags of Alertmanager since 0.27.
    """
    named = service.flags().get(_FEATURES, "").split(",")
    for mode, syntax in _MODES.items():
        if mode in named:
            return syntax
    reference = parse_reference(service.image.reference) if service.image else None
    tag = reference.tag if reference else None
    is_version = tag is not None and tag.lstrip("v")[:1].isdigit()
    return Syntax.of_version(tag if is_version else None)
