"""What the mocked Prometheus, Alertmanager and Grafana answer to each read of their APIs."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from plimsoll.worlds.digitalocean_answers import json_route
from plimsoll.worlds.site import Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.worlds.monitoring import MonitoringWorld, Record

_PLAIN = {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}
_WINDOW = re.compile(r"(avg|count)_over_time\(\((.+)\)\[[0-9]+d:1m\]\)", re.DOTALL)
_STATUS = {
    "cluster": {"peers": [], "status": "disabled"},
    "config": {"original": "route:\n  receiver: slack\nreceivers:\n- name: slack\n"},
    "uptime": "2026-01-01T00:00:00.000Z",
    "versionInfo": {"version": "0.28.1"},
}
_LISTED_AT_ONCE = 1000

Query = dict[str, list[str]]


def answer(world: MonitoringWorld, system: str, target: str) -> Route:
    """Return the answer of a system to whoever was let in; `target` is a path with its query."""
    parts = urlsplit(target)
    told = _ANSWERS[system].get(parts.path)
    return told(world, parse_qs(parts.query)) if told else not_found(system)


def not_found(system: str) -> Route:
    """Return what a system answers at a path that it does not have."""
    if system == "grafana":
        return json_route(404, {"message": "Not found", "traceID": ""})
    return Route(404, dict(_PLAIN), "404 page not found\n")


def unauthorized(system: str) -> Route:
    """Return what a system answers to whoever presents no credential, or a wrong one."""
    if system == "grafana":
        told = {"message": "Unauthorized", "messageId": "auth.unauthorized", "statusCode": 401}
        return json_route(401, told)
    return Route(401, {**_PLAIN, "www-authenticate": "Basic"}, "Unauthorized\n")


def redirect(location: str, status: int = 302) -> Route:
    """Return a redirect."""
    return Route(status, {"location": location, "content-type": "text/html; charset=utf-8"})


def _success(data: object) -> Route:
    """Return an answer in the envelope of Prometheus' API."""
    return json_route(200, {"status": "success", "data": data})


def _targets(world: MonitoringWorld, _query: Query) -> Route:
    return _success({"activeTargets": world.targets, "droppedTargets": []})


def _rules(world: MonitoringWorld, _query: Query) -> Route:
    return _success({"groups": world.groups})


def _alertmanagers(world: MonitoringWorld, _query: Query) -> Route:
    active, dropped = (
        [{"url": one} for one in urls]
        for urls in (world.alertmanagers, world.dropped_alertmanagers)
    )
    return _success({"activeAlertmanagers": active, "droppedAlertmanagers": dropped})


def _runtime(world: MonitoringWorld, _query: Query) -> Route:
    return _success(world.runtime)


def _evaluated(world: MonitoringWorld, query: Query) -> Route:
    """Answer a query of the mean, or the minutes, of a known expression; of others nothing."""
    asked = query.get("query", [""])[0]
    if not asked or asked.count("(") != asked.count(")"):
        told = 'invalid parameter "query": 1:1: parse error: unexpected end of input'
        return json_route(400, {"status": "error", "errorType": "bad_data", "error": told})
    window = _WINDOW.fullmatch(asked)
    known = world.measured.get(window[2]) if window else None
    if window is None or known is None or not known.minutes:
        return _success({"resultType": "vector", "result": []})
    value = known.share if window[1] == "avg" else known.minutes
    sample = [round(time.time(), 3), str(value)]
    return _success({"resultType": "vector", "result": [{"metric": {}, "value": sample}]})


def _silences(world: MonitoringWorld, _query: Query) -> Route:
    return json_route(200, world.silences)


def _status(_world: MonitoringWorld, _query: Query) -> Route:
    return json_route(200, _STATUS)


def _datasources(world: MonitoringWorld, _query: Query) -> Route:
    return json_route(200, world.datasources)


def _search(world: MonitoringWorld, query: Query) -> Route:
    limit = int(query.get("limit", [str(_LISTED_AT_ONCE)])[0])
    kind = query.get("type", [""])[0]
    found: list[Record] = [one for one in world.dashboards if kind in {"", one["type"]}]
    return json_route(200, found[:limit])


_ANSWERS: dict[str, dict[str, Callable[[MonitoringWorld, Query], Route]]] = {
    "prometheus": {
        "/api/v1/targets": _targets,
        "/api/v1/rules": _rules,
        "/api/v1/alertmanagers": _alertmanagers,
        "/api/v1/status/runtimeinfo": _runtime,
        "/api/v1/query": _evaluated,
    },
    "alertmanager": {"/api/v2/silences": _silences, "/api/v2/status": _status},
    "grafana": {"/api/datasources": _datasources, "/api/search": _search},
}
