"""What runs of an app at this moment, and how it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.running_instance import ComponentHealth, RunningInstance
from plimsoll.semantics.digitalocean.answer import items, number, text

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part


def instances(answer: Document) -> tuple[RunningInstance, ...]:
    """Return every running instance. Raises UntoldError where one does not say what it runs."""
    return tuple(
        RunningInstance(
            id=text(part["instance_name"]),
            component=text(part["component_name"]),
            where=part.where,
        )
        for part in items(answer, "instances")
    )


def component_health(answer: Document) -> tuple[ComponentHealth, ...]:
    """Return the health of every component. Raises UntoldError where one has no name."""
    return tuple(
        ComponentHealth(
            component=text(part["name"]),
            state=part["state"].text,
            desired=_count(part["replicas_desired"]),
            ready=_count(part["replicas_ready"]),
            memory_percent=number(part["memory_usage_percent"]),
            where=part.where,
        )
        for part in items(answer, "app_health", "components")
    )


def _count(part: Part) -> int | None:
    told = number(part)
    return int(told) if told is not None and told.is_integer() else None
