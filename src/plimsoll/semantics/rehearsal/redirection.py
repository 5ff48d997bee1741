"""An Alertmanager configuration for a rehearsal: where messages go, and how long it waits.

Routes, receivers, grouping and inhibition stay as they are. Each channel of each receiver sends to
a sink instead, to an address of its own; credentials, proxies and TLS go, so that nothing leaves
the machine. What a message is about is written into it where its own text need not say so.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from plimsoll.semantics.duration import prometheus_seconds
from plimsoll.semantics.rehearsal.notice import MARKER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plimsoll.facts.document import Document, Part
    from plimsoll.semantics.rehearsal.time_scale import TimeScale

_SUFFIX = "_configs"
_KEPT_GLOBALS = frozenset(("smtp_from", "smtp_hello"))
_NEVER_TOLD = frozenset(("slack", "email"))
"""Kinds that tell only what fires unless asked to tell the end of it too (`send_resolved`)."""
_DEFAULTS = {"group_wait": "30s", "group_interval": "5m", "repeat_interval": "4h"}
"""Alertmanager's own, which the root route has where it says nothing."""
_AT_LEAST = {"group_wait": 0.05, "group_interval": 0.25, "repeat_interval": 600.0}
"""In seconds. Nothing is told twice while a rehearsal lasts."""
_TIMES = ("mute_time_intervals", "active_time_intervals")


@dataclass(frozen=True, slots=True)
class Sink:
    """Where messages go: the address of the HTTP sink, without a slash, and the SMTP sink."""

    url: str
    smarthost: str


@dataclass(frozen=True, slots=True)
class Integration:
    """One way of one receiver to reach people, and the path under which the sink knows it.

    `is_stand_in` where a webhook takes its place, because its own address cannot be changed.
    """

    receiver: str
    kind: str
    path: str
    sends_resolved: bool
    is_stand_in: bool

    @property
    def tells_the_end(self) -> bool:
        """Whether a message says when an alert is over; Opsgenie's names no alert then."""
        return self.sends_resolved and self.kind != "opsgenie"


@dataclass(frozen=True, slots=True)
class Redirected:
    """The configuration as plain data, and every integration by its path.

    `is_timed` tells whether a route is silent at certain times of the day.
    """

    data: dict[str, Any]
    integrations: dict[str, Integration] = field(default_factory=dict)
    is_timed: bool = False


def redirected(
    document: Document, sink: Sink, scale: TimeScale, templates: tuple[str, ...] = ()
) -> Redirected:
    """Return the configuration as the rehearsal's Alertmanager is given it.

    `templates` are the paths under which its own templates are found there. Raises ValueError for
    a duration that cannot be read.
    """
    data: dict[str, Any] = deepcopy(document.data) if isinstance(document.data, dict) else {}
    data["global"] = _shared(document.part("global"), sink)
    data["templates"] = list(templates)
    data["receivers"] = []
    integrations: dict[str, Integration] = {}
    for receiver in document.part("receivers"):
        made: dict[str, Any] = {"name": receiver["name"].text or ""}
        for kind, config, one in _integrations(receiver):
            integrations[one.path] = one
            made.setdefault(kind, []).append(_sent_to(config, one, sink))
        data["receivers"].append(made)
    is_timed = _wait_shorter(document.part("route"), data.get("route"), scale, is_root=True)
    return Redirected(data, integrations, is_timed)


def _shared(part: Part, sink: Sink) -> dict[str, Any]:
    kept = {str(one.key): one.text for one in part if one.key in _KEPT_GLOBALS and one.text}
    changed = {"smtp_smarthost": sink.smarthost, "smtp_require_tls": False}
    return {"smtp_from": "rehearsal@localhost", **kept, **changed}


def template_patterns(document: Document) -> tuple[str, ...]:
    """Return the file names, which may be patterns, of the templates that it reads."""
    found = (part.text for part in document.part("templates"))
    return tuple(text.rpartition("/")[2] for text in found if text)


def longest_gathering_seconds(document: Document) -> float:
    """Return the longest `group_interval` of any route, at real speed."""
    waiting, longest = [document.part("route")], 0.0
    while waiting:
        route = waiting.pop()
        text = route["group_interval"].text or ("" if len(route.keys) > 1 else "5m")
        longest = max(longest, prometheus_seconds(text) or 0.0)
        waiting += list(route["routes"])
    return longest


def gathers_each_alert_apart(document: Document) -> bool:
    """Whether every route groups by the alert's name (or by all labels, which is `...`)."""
    waiting = [document.part("route")]
    while waiting:
        route = waiting.pop()
        is_root = len(route.keys) == 1
        names = {name.text for name in route["group_by"]}
        if (is_root or route["group_by"].exists) and names.isdisjoint({"alertname", "..."}):
            return False
        waiting += list(route["routes"])
    return True


def _integrations(receiver: Part) -> Iterator[tuple[str, Part, Integration]]:
    """Yield each configuration of a receiver: the key it is written under, itself, what it is."""
    name = receiver["name"].text or ""
    for configs in receiver:
        key = str(configs.key)
        if not key.endswith(_SUFFIX):
            continue
        kind = key.removesuffix(_SUFFIX)
        for config in configs:
            path = "/".join((kind, quote(name, safe=""), str(config.key)))
            told = config["send_resolved"].boolean
            resolved = kind not in _NEVER_TOLD if told is None else told
            is_stand_in = kind not in _REDIRECTIONS
            written = "webhook_configs" if is_stand_in else key
            yield written, config, Integration(name, kind, path, resolved, is_stand_in)


def _sent_to(config: Part, one: Integration, sink: Sink) -> dict[str, Any]:
    own = dict(config.value) if isinstance(config.value, dict) else {}
    own = {key: value for key, value in own.items() if not _is_secret(key)}
    own["send_resolved"] = one.sends_resolved
    url = f"{sink.url}/{one.path}"
    if one.is_stand_in:
        return {"send_resolved": one.sends_resolved, "url": url}
    return _REDIRECTIONS[one.kind](own, _Address(url, one.path))


@dataclass(frozen=True, slots=True)
class _Address:
    """Where an integration sends in the rehearsal, over HTTP; in a mail its path stands inside."""

    url: str
    path: str


def _is_secret(key: str) -> bool:
    """Whether a key names a credential, or a way through which a message could leave."""
    return key.endswith("_file") or key in {"http_config", "tls_config"} or key.startswith("auth_")


def _slack(own: dict[str, Any], to: _Address) -> dict[str, Any]:
    left = {key: value for key, value in own.items() if not key.startswith("app_")}
    return left | {"api_url": to.url, "footer": f"{own.get('footer') or ''} {MARKER}"}


def _pagerduty(own: dict[str, Any], to: _Address) -> dict[str, Any]:
    left = {key: value for key, value in own.items() if not key.endswith("_key")}
    # The old interface is asked for with a service key, the new one with a routing key.
    key = "service_key" if "service_key" in own else "routing_key"
    details = own["details"] if isinstance(own.get("details"), dict) else {}
    return left | {key: "rehearsal", "url": to.url, "details": details | {"plimsoll": MARKER}}


def _webhook(own: dict[str, Any], to: _Address) -> dict[str, Any]:
    return own | {"url": to.url}


def _opsgenie(own: dict[str, Any], to: _Address) -> dict[str, Any]:
    details = own["details"] if isinstance(own.get("details"), dict) else {}
    changed = {"api_key": "rehearsal", "api_url": f"{to.url}/"}
    return own | changed | {"details": details | {"plimsoll": MARKER}}


def _email(own: dict[str, Any], to: _Address) -> dict[str, Any]:
    left = {key: value for key, value in own.items() if key != "smarthost"}
    headers = own["headers"] if isinstance(own.get("headers"), dict) else {}
    ours = {"X-Plimsoll-Path": to.path, "X-Plimsoll-Alerts": MARKER}
    return left | {"require_tls": False, "headers": headers | ours}


_REDIRECTIONS: dict[str, Callable[[dict[str, Any], _Address], dict[str, Any]]] = {
    "slack": _slack,
    "pagerduty": _pagerduty,
    "webhook": _webhook,
    "opsgenie": _opsgenie,
    "email": _email,
}
"""What sends as it always does, to another address. A webhook stands in for any other kind."""


def _wait_shorter(route: Part, data: object, scale: TimeScale, *, is_root: bool = False) -> bool:
    """Shorten the waits of a route and of those below it; return whether any knows the hour."""
    if not isinstance(data, dict):
        return False
    for key, default in _DEFAULTS.items():
        text = route[key].text if route[key].exists else (default if is_root else None)
        if text is not None:
            data[key] = scale.duration(text, at_least=_AT_LEAST[key])
    is_timed = any(route[key].value for key in _TIMES)
    inner = data.get("routes")
    for part in route["routes"]:
        below = inner[part.key] if isinstance(inner, list) and isinstance(part.key, int) else None
        is_timed |= _wait_shorter(part, below, scale)
    return is_timed
