"""What arrived at a sink: which alerts a message is about, and whom it was for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from email import message_from_bytes
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from plimsoll.semantics.rehearsal.server_answers import unix_time

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKER = (
    "plimsoll[{{ range .Alerts }}{{ .Status }}/{{ .Labels.alertname | urlquery }}"
    "/{{ .Labels.severity | urlquery }}/{{ .StartsAt.UnixNano }};{{ end }}]"
)
"""What Alertmanager writes into a message beside its own text: each alert it is about.

`urlquery` is a function of Go's text/template, `StartsAt` a time.Time.
"""
_MARKED = re.compile(r"plimsoll\[([^\]]{0,100000})\]")
_ALERT = re.compile(r"(firing|resolved)/([^/;]*)/([^/;]*)/(-?\d{1,19});")
_MOST_ALERTS = 1_000


@dataclass(frozen=True, slots=True)
class Told:
    """One alert of a message; `started` is a unix time."""

    name: str
    severity: str
    started: float
    is_firing: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A message: the path of its integration, whom it was for where it says, and its alerts."""

    path: str
    to: tuple[str, ...]
    alerts: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """A message, and when it came, as a unix time."""

    at: float
    notice: Notice


def of_http(path: str, body: bytes) -> Notice:
    """Return what a request to the sink says; any bytes give a notice, if one about nothing."""
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    # Slack escapes nothing in JSON that the marker holds, so the text of the body will do.
    text = body.decode(errors="replace")
    alerts = tuple(_listed(told)) or tuple(_marked(text))
    channel = told.get("channel") if isinstance(told, dict) else None
    own_path = "/".join(path.strip("/").split("/")[:3])
    return Notice(own_path, (channel,) if isinstance(channel, str) else (), alerts)


def of_mail(recipients: tuple[str, ...], message: bytes) -> Notice:
    """Return what a mail says; any bytes give a notice, if one about nothing."""
    read = message_from_bytes(message)
    path, marked = str(read["X-Plimsoll-Path"] or ""), str(read["X-Plimsoll-Alerts"] or "")
    return Notice(path.strip(), recipients, tuple(_marked(re.sub(r"\r?\n[ \t]", "", marked))))


def _marked(text: str) -> Iterator[Told]:
    found = _MARKED.search(text)
    for match in list(_ALERT.finditer(found[1]))[:_MOST_ALERTS] if found else ():
        status, name, severity, started = match.groups()
        yield Told(
            unquote_plus(name), unquote_plus(severity), int(started) / 1e9, status == "firing"
        )


def _listed(told: object) -> Iterator[Told]:
    """Yield the alerts of a webhook's message, which lists them."""
    alerts = told.get("alerts") if isinstance(told, dict) else None
    for alert in alerts[:_MOST_ALERTS] if isinstance(alerts, list) else ():
        labels = alert.get("labels") if isinstance(alert, dict) else None
        if isinstance(labels, dict):
            name, severity = labels.get("alertname"), labels.get("severity")
            is_firing = alert.get("status") == "firing"
            started = unix_time(alert.get("startsAt"))
            yield Told(str(name or ""), str(severity or ""), started, is_firing)
