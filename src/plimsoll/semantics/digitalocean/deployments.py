"""What an app went through: its deployments, and how the platform scaled it.

`previous_deployment_id` and `cause_details` are in the official Go client, not in the API document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.deployment import Deployment, Scaling
from plimsoll.semantics.digitalocean.answer import UntoldError, items, moment, number, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from plimsoll.facts.document import Document, Part

_AUTOSCALING = "AUTOSCALING"


def deployments(answer: Document) -> tuple[Deployment, ...]:
    """Return the deployments, newest first. Raises UntoldError where one lacks its phase or time.

    The order is that of their beginnings, whatever order the answer has.
    """
    found = [_deployment(part) for part in items(answer, "deployments")]
    return tuple(sorted(found, key=lambda one: one.created_at, reverse=True))


def events(answer: Document) -> tuple[Scaling, ...]:
    """Return each component that was scaled, newest first; other events are left out.

    Raises UntoldError where an event lacks its type or its time, or a scaling what it scaled.
    """
    found = [
        scaling
        for part in items(answer, "events")
        if text(part["type"]) == _AUTOSCALING
        for scaling in _scalings(part, moment(part["created_at"]))
    ]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _deployment(part: Part) -> Deployment:
    return Deployment(
        id=text(part["id"]),
        phase=text(part["phase"]),
        created_at=moment(part["created_at"]),
        phase_since=moment(part["phase_last_updated_at"]),
        is_complete=_is_complete(part["progress"]),
        previous=part["previous_deployment_id"].text or None,
        cloned_from=part["cloned_from"].text or None,
        cause=part["cause_details"]["type"].text,
        where=part.where,
    )


def _is_complete(progress: Part) -> bool | None:
    steps, done = number(progress["total_steps"]), number(progress["success_steps"])
    return None if steps is None else (done or 0) >= steps > 0


def _scalings(event: Part, at: datetime) -> Iterator[Scaling]:
    scaled = event["autoscaling"]
    if not isinstance(scaled["components"].value, dict) or not scaled["components"].value:
        message = f"{event.where} does not tell what was scaled"
        raise UntoldError(message)
    for part in scaled["components"]:
        yield Scaling(
            component=str(part.key),
            before=_whole(part["from"]),
            after=_whole(part["to"]),
            metric=part["triggering_metric"].text,
            phase=scaled["phase"].text,
            at=at,
            where=part.where,
        )


def _whole(part: Part) -> int | None:
    told = number(part)
    return int(told) if told is not None and told.is_integer() else None
