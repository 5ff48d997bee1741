"""The load that a k6 test's options guarantee: scenarios, timeline, peak, length.

Derived as k6 derives it (`lib/executor`, `execution_config_shortcuts.go`). Options that k6 refuses
raise; load that depends on how fast the system answers is named, and never counted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from plimsoll.facts.load_test import K6Options, LoadProfile, Ramp, Scenario
from plimsoll.semantics.k6 import ScriptError

_UNITS = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
    "d": Fraction(86400),
}
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h|d)", re.ASCII)
_NUMBER = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)
_INTEGER = re.compile(r"\d+", re.ASCII)
_NAME = re.compile(r"[0-9a-zA-Z_-]+", re.ASCII)
_LONGEST_TEXT = 64
_WAYS = ("iterations", "duration", "stages", "scenarios", "vus")
_BY_ITERATIONS = ("shared-iterations", "per-vu-iterations")
_BY_RATE = ("constant-arrival-rate", "ramping-arrival-rate")
_NO_TIME = Fraction(0)
_SHORTEST = Fraction(1)


def duration_seconds(value: object, where: str) -> Fraction:
    """Read a duration as k6 does: text with units, or a number of milliseconds.

    Raises:
        ScriptError: k6 would refuse it, or it is negative.

    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        if math.isfinite(value) and value >= 0:
            return Fraction(str(value)) / 1000
    elif isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT:
        if _NUMBER.fullmatch(value):
            return Fraction(value.rstrip(".")) / 1000
        parts = _PART.findall(value)
        if "".join(number + unit for number, unit in parts) == value:
            return sum((Fraction(n.rstrip(".")) * _UNITS[unit] for n, unit in parts), _NO_TIME)
    raise ScriptError(f"{value!r} is not a duration", where)


def count(value: object, where: str) -> int:
    """Read a whole number that is not negative, also from digits in a string, as k6 does.

    Raises:
        ScriptError: it is something else.

    """
    if isinstance(value, str) and len(value) <= _LONGEST_TEXT and _INTEGER.fullmatch(value):
        return int(value)
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if whole and not isinstance(value, bool) and isinstance(value, int | float) and value >= 0:
        return int(value)
    raise ScriptError(f"{value!r} is not a whole number", where)


def load_profile(options: K6Options) -> LoadProfile:
    """Return the profile of the load that these options guarantee.

    Raises:
        ScriptError: k6 would refuse to start with these options.

    """
    scenarios = tuple(
        _scenario(name, settings, options) for name, settings in _derived(options.values).items()
    )
    ramps = tuple(ramp for scenario in scenarios for ramp in scenario.ramps)
    end = max((ramp.end_seconds for ramp in ramps), default=_NO_TIME)
    peak = max((users for piece in timeline(ramps) for users in piece[2:]), default=Fraction(0))
    return LoadProfile(scenarios, float(end), float(peak))


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
    elif executor == "externally-controlled":
        indefinite = "its users are set from outside while it runs"
    else:
        raise ScriptError(f"{executor!r} is not an executor of k6", f"{where}.executor")
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
    if length < _SHORTEST:
        raise ScriptError("the duration must be at least one second", f"{where}.duration")
    if users < 1:
        raise ScriptError("there must be at least one virtual user", f"{where}.vus")
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
