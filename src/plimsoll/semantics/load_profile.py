"""The load that a k6 test's options guarantee: scenarios, timeline, peak, length.

Derived as k6 derives it (`lib/executor`, `execution_config_shortcuts.go`). Options that k6 refuses
raise; load that depends on how fast the system answers is named, and never counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import floor

from plimsoll.facts.load_test import K6Options, LoadProfile, Ramp, Scenario
from plimsoll.semantics.k6 import ScriptError
from plimsoll.semantics.k6_values import count, duration_seconds
from plimsoll.semantics.load_segment import segment_share
from plimsoll.semantics.scenario_rules import require_accepted

_NAME = re.compile(r"[0-9a-zA-Z_-]+", re.ASCII)
_WAYS = ("iterations", "duration", "stages", "scenarios", "vus")
_BY_ITERATIONS = ("shared-iterations", "per-vu-iterations")
_BY_RATE = ("constant-arrival-rate", "ramping-arrival-rate")
_NO_TIME = Fraction(0)


def load_profile(options: K6Options) -> LoadProfile:
    """Return the profile of the load that these options guarantee.

    Raises:
        ScriptError: k6 would refuse to start with these options.

    """
    share = segment_share(options.values)
    scenarios = tuple(
        _reduced(_scenario(name, settings, options), share)
        for name, settings in _derived(options.values).items()
    )
    ramps = tuple(ramp for scenario in scenarios for ramp in scenario.ramps)
    end = max((ramp.end_seconds for ramp in ramps), default=_NO_TIME)
    pieces = timeline(ramps)
    loaded = sum((last - first for first, last, *users in pieces if any(users)), _NO_TIME)
    peak = max((users for piece in pieces for users in piece[2:]), default=Fraction(0))
    return LoadProfile(scenarios, float(end), float(loaded), float(peak))


def _reduced(scenario: Scenario, share: Fraction) -> Scenario:
    """Return what of a scenario runs here; of a user that is divided, no part is guaranteed."""
    ramps = tuple(
        replace(
            ramp,
            start_users=Fraction(floor(ramp.start_users * share)),
            end_users=Fraction(floor(ramp.end_users * share)),
        )
        for ramp in scenario.ramps
    )
    return replace(scenario, ramps=ramps)


def _derived(values: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    """Turn the shortcuts into scenarios; k6 takes one way of saying it, not two."""
    given = {key: values[key] for key in _WAYS if values.get(key) not in (None, [])}
    said = [key for key in given if key != "vus"]
    if len(said) > 1 and said != ["iterations", "duration"]:
        raise ScriptError(f"k6 refuses {' beside '.join(said)}", "options")
    if given.get("scenarios"):
        return _declared(given["scenarios"])
    users = {} if "vus" not in given else {"vus": given["vus"]}
    if "iterations" in given:
        limit = {} if "duration" not in given else {"maxDuration": given["duration"]}
        rest = {"iterations": given["iterations"], **limit}
        return {"default": {"executor": "shared-iterations", **users, **rest}}
    if "duration" in given:
        return {"default": {"executor": "constant-vus", **users, "duration": given["duration"]}}
    if "stages" in given:
        start = {} if "vus" not in given else {"startVUs": given["vus"]}
        return {"default": {"executor": "ramping-vus", **start, "stages": given["stages"]}}
    return {"default": {"executor": "per-vu-iterations", **users}}


def _declared(scenarios: object) -> dict[str, Mapping[str, object]]:
    if not isinstance(scenarios, Mapping):
        raise ScriptError("scenarios must be an object", "options.scenarios")
    for name, settings in scenarios.items():
        where = f"options.scenarios.{name}"
        if not _NAME.fullmatch(str(name)):
            raise ScriptError("a scenario's name has letters, digits, - and _ only", where)
        if not isinstance(settings, Mapping):
            raise ScriptError("a scenario must be an object", where)
    return dict(scenarios)


def _scenario(name: str, settings: Mapping[str, object], options: K6Options) -> Scenario:
    where = f"options.scenarios.{name}"
    require_accepted(settings, where)
    executor, function = settings.get("executor"), _given(settings, "exec", "default")
    if function not in options.functions:
        raise ScriptError(f"the script exports no function {function!r}", f"{where}.exec")
    start = duration_seconds(_given(settings, "startTime", 0), f"{where}.startTime")
    indefinite = None
    ramps: tuple[Ramp, ...] = ()
    if executor == "ramping-vus":
        ramps = _stages(settings, start, where)
    elif executor == "constant-vus":
        ramps = _constant(settings, start, where)
    elif executor in _BY_ITERATIONS:
        indefinite = "it ends when its iterations are done"
    elif executor in _BY_RATE:
        indefinite = "its users follow the arrival rate and the speed of the answers"
    else:
        indefinite = "its users are set from outside while it runs"
    environment = settings.get("env")
    own = environment if isinstance(environment, Mapping) else {}
    known = {str(key): value for key, value in own.items() if isinstance(value, str)}
    return Scenario(name, str(executor), str(function), ramps, indefinite, known)


def _given(settings: Mapping[str, object], key: str, default: object) -> object:
    value = settings.get(key)
    return default if value is None else value


def _constant(settings: Mapping[str, object], start: Fraction, where: str) -> tuple[Ramp, ...]:
    length = duration_seconds(settings.get("duration"), f"{where}.duration")
    users = Fraction(count(_given(settings, "vus", 1), f"{where}.vus"))
    return (Ramp(start, start + length, users, users),)


def _stages(settings: Mapping[str, object], start: Fraction, where: str) -> tuple[Ramp, ...]:
    stages = settings.get("stages")
    if not isinstance(stages, list) or not stages:
        raise ScriptError("at least one stage is needed", f"{where}.stages")
    users = Fraction(count(_given(settings, "startVUs", 1), f"{where}.startVUs"))
    ramps: list[Ramp] = []
    for index, stage in enumerate(stages):
        here = f"{where}.stages[{index}]"
        if not isinstance(stage, Mapping):
            raise ScriptError("a stage is an object with duration and target", here)
        end = start + duration_seconds(stage.get("duration"), f"{here}.duration")
        target = Fraction(count(stage.get("target"), f"{here}.target"))
        ramps.append(Ramp(start, end, users, target))
        start, users = end, target
    return tuple(ramps)


def timeline(ramps: tuple[Ramp, ...]) -> tuple[tuple[Fraction, Fraction, Fraction, Fraction], ...]:
    """Add up ramps: pieces (start, end, users at start, users at end), in order, end to end.

    Within a piece the sum is linear; between two pieces it may jump.
    """
    lasting = [ramp for ramp in ramps if ramp.end_seconds > ramp.start_seconds]
    moments = sorted({at for ramp in lasting for at in (ramp.start_seconds, ramp.end_seconds)})
    pieces = []
    for start, end in pairwise(moments):
        active = [r for r in lasting if r.start_seconds <= start and end <= r.end_seconds]
        users = [sum((_users(ramp, at) for ramp in active), Fraction(0)) for at in (start, end)]
        pieces.append((start, end, users[0], users[1]))
    return tuple(pieces)


def _users(ramp: Ramp, at: Fraction) -> Fraction:
    share = (at - ramp.start_seconds) / (ramp.end_seconds - ramp.start_seconds)
    return ramp.start_users + (ramp.end_users - ramp.start_users) * share


def longest_stretch_seconds(ramps: tuple[Ramp, ...], users: int) -> float:
    """Return the longest time without a break during which at least `users` are guaranteed."""
    longest = current = _NO_TIME
    for start, end, first, last in timeline(ramps):
        if min(first, last) >= users:
            current += end - start
        elif first >= users:
            longest = max(longest, current + (end - start) * (first - users) / (first - last))
            current = _NO_TIME
        elif last >= users:
            longest = max(longest, current)
            current = (end - start) * (last - users) / (last - first)
        else:
            longest, current = max(longest, current), _NO_TIME
    return float(max(longest, current))
