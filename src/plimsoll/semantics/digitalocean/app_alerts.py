"""Alerts of an app and of its components.

Empty fields are left out of what the platform tells of an app: no `disabled` means in force, no
`component_name` the app as a whole, no `emails` that none are written to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.alert_policy import AppAlert
from plimsoll.semantics.digitalocean.answer import UntoldError, items, number, text
from plimsoll.semantics.digitalocean.monitoring import destinations

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part


def app_alerts(answer: Document) -> tuple[AppAlert, ...]:
    """Return every alert of an app. Raises UntoldError where one has no rule."""
    return tuple(_alert(part) for part in items(answer, "alerts"))


def _alert(part: Part) -> AppAlert:
    disabled = part["spec"]["disabled"]
    if disabled.exists and disabled.boolean is None:
        message = f"{disabled.where} is neither true nor false"
        raise UntoldError(message)
    return AppAlert(
        rule=text(part["spec"]["rule"]),
        component=part["component_name"].text or None,
        operator=part["spec"]["operator"].text,
        value=number(part["spec"]["value"]),
        disabled=disabled.boolean is True,
        phase=part["phase"].text,
        destinations=destinations(part["emails"], part["slack_webhooks"], part.where),
        where=part.where,
    )
