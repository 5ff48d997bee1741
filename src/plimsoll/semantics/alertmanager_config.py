"""Validate Alertmanager configurations: every fault at once, each with its place.

Alertmanager expands no variables, so a ``${…}`` is delivered literally wherever it stands; it also
accepts one as a key or an address, which is why placeholders are looked for in every text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.semantics.duration import prometheus_seconds
from plimsoll.semantics.schema import bundled, schema_problems, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.document import Document, Part, Problem

_PLACEHOLDER = re.compile(r"\$\{\s*([A-Za-z_]\w*)[^}]*\}?")
_DURATIONS = ("group_wait", "group_interval", "repeat_interval")
_MATCHERS = ("match", "match_re", "matchers")
_NEEDS = {
    "slack_configs": (
        ("api_url", "api_url_file", "app_token", "app_token_file"),
        ("slack_api_url", "slack_api_url_file", "slack_app_token", "slack_app_token_file"),
    ),
    "pagerduty_configs": (
        ("routing_key", "routing_key_file", "service_key", "service_key_file"),
        (),
    ),
    "webhook_configs": (("url", "url_file"), ()),
    "opsgenie_configs": (
        ("api_key", "api_key_file"),
        ("opsgenie_api_key", "opsgenie_api_key_file"),
    ),
}
_EMAIL_NEEDS = {"smarthost": "smtp_smarthost", "from": "smtp_from"}


def problems(document: Document) -> tuple[Problem, ...]:
    """Return everything for which Alertmanager refuses the file or cannot deliver."""
    root = document.part()
    found = list(schema_problems(root, bundled("alertmanager_schema.json")))
    found += _placeholder_problems(root)
    found += _root_problems(root["route"])
    for route in _routes(root["route"]):
        found += _route_problems(route, root)
    found += _receiver_problems(root)
    return tuple(dict.fromkeys(found))


def receivers(document: Document) -> tuple[str, ...]:
    """Return the names of the receivers that are defined."""
    return tuple(part["name"].text or "" for part in document.part("receivers"))


def _placeholder_problems(part: Part) -> Iterator[Problem]:
    for name in _PLACEHOLDER.findall(part.text or ""):
        yield part.problem(
            f"{part.key} holds the placeholder ${{{name}}}, which Alertmanager never expands",
            "the value itself, or a *_file option",
        )
    for inner in part:
        yield from _placeholder_problems(inner)


def _root_problems(route: Part) -> Iterator[Problem]:
    if not isinstance(route.value, dict):
        return
    if not route["receiver"].text:
        yield route.problem("the root route has no receiver", "a receiver for everything else")
    for field in (*_MATCHERS, "mute_time_intervals", "active_time_intervals"):
        if route[field].value:
            yield route[field].problem(f"the root route has {field}", "none: it takes every alert")
    if route["continue"].value is True:
        yield route["continue"].problem("the root route has continue", "none")


def _routes(route: Part) -> Iterator[Part]:
    if isinstance(route.value, dict):
        yield route
        for inner in route["routes"]:
            yield from _routes(inner)


def _route_problems(route: Part, root: Part) -> Iterator[Problem]:
    defined = {part["name"].text for part in root["receivers"]}
    receiver = route["receiver"]
    if receiver.text and receiver.text not in defined:
        yield receiver.problem(f"receiver {receiver.text} is not defined", "a defined receiver")
    for field in _DURATIONS:
        text = route[field].text
        if text is not None and prometheus_seconds(text) is None:
            yield route[field].problem(f"{field} is {shown(text)}", "a duration such as 30s")
    sections = ("time_intervals", "mute_time_intervals")
    intervals = {part["name"].text for section in sections for part in root[section]}
    for field in ("mute_time_intervals", "active_time_intervals"):
        for name in route[field]:
            if name.text not in intervals:
                yield name.problem(
                    f"time interval {name.text} is not defined", "a defined interval"
                )


def _receiver_problems(root: Part) -> Iterator[Problem]:
    seen: set[str] = set()
    for receiver in root["receivers"]:
        name = receiver["name"].text
        if name in seen:
            yield receiver["name"].problem(f"receiver {name} is defined twice", "each name once")
        seen.add(name or "")
        for kind, (own, shared) in _NEEDS.items():
            for config in receiver[kind]:
                is_given = any(config[field].value for field in own)
                if not is_given and not any(root["global"][field].value for field in shared):
                    what = f"{kind} of {name} has nowhere to send to"
                    yield config.problem(what, " or ".join((*own, *shared)))
        for config in receiver["email_configs"]:
            for field, fallback in _EMAIL_NEEDS.items():
                if not config[field].value and not root["global"][fallback].value:
                    what = f"email_configs of {name} has no {field}"
                    yield config.problem(what, f"{field} or {fallback}")
