"""What Alertmanager refuses in routes and in rules of inhibition.

Source: `Route.UnmarshalYAML`, `InhibitRule.UnmarshalYAML` and what follows them in `config.go`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from plimsoll.semantics.alertmanager.matchers import (
    ROUTE,
    SOURCE,
    TARGET,
    Syntax,
    matcher_problems,
)
from plimsoll.semantics.duration import prometheus_seconds
from plimsoll.semantics.schema import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.document import Part, Problem

_LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_ALL = "..."
_DURATIONS = ("group_wait", "group_interval", "repeat_interval")
_NONZERO = ("group_interval", "repeat_interval")
_INTERVALS = ("mute_time_intervals", "active_time_intervals")


def route_refusals(root: Part, syntax: Syntax) -> Iterator[Problem]:
    """Yield what is wrong with the root route and with every route below it."""
    yield from _root_refusals(root["route"])
    receivers = {part["name"].text for part in root["receivers"]}
    sections = ("time_intervals", "mute_time_intervals")
    intervals = {part["name"].text for section in sections for part in root[section]}
    for route in routes(root["route"]):
        receiver = route["receiver"]
        if receiver.text and receiver.text not in receivers:
            yield receiver.problem(f"receiver {receiver.text} is not defined", "a defined receiver")
        for field in _INTERVALS:
            for name in route[field]:
                if name.text not in intervals:
                    what = f"time interval {name.text} is not defined"
                    yield name.problem(what, "a defined interval")
        yield from matcher_problems(route, ROUTE, syntax)
        yield from _grouping_refusals(route["group_by"], syntax)
        for field in _DURATIONS:
            yield from duration_refusals(route[field], may_be_zero=field not in _NONZERO)


def inhibition_refusals(root: Part, syntax: Syntax) -> Iterator[Problem]:
    """Yield what is wrong with the rules of inhibition."""
    for rule in root["inhibit_rules"]:
        for fields in (SOURCE, TARGET):
            yield from matcher_problems(rule, fields, syntax)
        yield from _name_refusals(rule["equal"], syntax)


def routes(route: Part) -> Iterator[Part]:
    """Yield a route and every one below it."""
    if isinstance(route.value, dict):
        yield route
        for inner in route["routes"]:
            yield from routes(inner)


def duration_refusals(part: Part, *, may_be_zero: bool = True) -> Iterator[Problem]:
    """Yield that a value is no duration, or none at all where it must not be zero."""
    if part.value is None or not part.exists or isinstance(part.value, dict | list):
        return
    seconds = prometheus_seconds(part.text if part.text is not None else str(part.value))
    if seconds is None:
        yield part.problem(f"{part.key} is {shown(part.value)}", "a duration such as 30s")
    elif seconds == 0 and not may_be_zero:
        yield part.problem(f"{part.key} is zero", "a duration such as 30s")


def _root_refusals(route: Part) -> Iterator[Problem]:
    if not isinstance(route.value, dict):
        return
    if route["receiver"].value in (None, "") or not route["receiver"].exists:
        yield route.problem("the root route has no receiver", "a receiver for everything else")
    for field in (ROUTE.plain, ROUTE.pattern, ROUTE.listed, *_INTERVALS):
        if route[field].value:
            yield route[field].problem(f"the root route has {field}", "none: it takes every alert")
    if route["continue"].value is True:
        yield route["continue"].problem("the root route has continue", "none")


def _grouping_refusals(part: Part, syntax: Syntax) -> Iterator[Problem]:
    names = [one.text for one in part if one.text is not None]
    if _ALL in names and set(names) != {_ALL}:
        yield part.problem(f"group_by has {_ALL} and other labels", f"{_ALL} alone")
    for name, count in Counter(names).items():
        if count > 1 and name != _ALL:
            yield part.problem(f"group_by has the label {name} {count} times", "each label once")
    yield from (one for one in _name_refusals(part, syntax))


def _name_refusals(part: Part, syntax: Syntax) -> Iterator[Problem]:
    for one in part:
        name = one.text
        is_listed_all = name == _ALL and part.key == "group_by"
        is_name = bool(name) and (syntax is not Syntax.CLASSIC or _LABEL_NAME.fullmatch(name or ""))
        if name is not None and not is_listed_all and not is_name:
            yield one.problem(f"{shown(name)} is no name of a label", "a label's name")
