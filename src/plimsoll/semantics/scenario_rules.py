"""What k6 asks of a scenario before it starts: fields that its executor has, and values in range.

`lib/executor`, the `Validate` of each configuration; a field that an executor does not have is
refused (`lib.StrictJSONUnmarshal`), so a misspelt one never goes unnoticed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.k6 import ScriptError
from plimsoll.semantics.k6_values import count, duration_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

_COMMON = frozenset(
    ("executor", "startTime", "gracefulStop", "env", "exec", "tags", "options", "name")
)
_ITERATIONS = frozenset(("vus", "iterations", "maxDuration"))
_RATE = frozenset(("timeUnit", "preAllocatedVUs", "maxVUs"))
_FIELDS = {
    "constant-vus": frozenset(("vus", "duration")),
    "ramping-vus": frozenset(("startVUs", "stages", "gracefulRampDown")),
    "shared-iterations": _ITERATIONS,
    "per-vu-iterations": _ITERATIONS,
    "constant-arrival-rate": _RATE | {"rate", "duration"},
    "ramping-arrival-rate": _RATE | {"startRate", "stages"},
    "externally-controlled": frozenset(("vus", "maxVUs", "duration")),
}
_CONTROLLED = "externally-controlled"
_PERIODS = ("startTime", "gracefulStop", "gracefulRampDown")
_LASTING = ("duration", "maxDuration", "timeUnit")
_AT_LEAST_ONE = ("vus", "iterations", "rate")


def require_accepted(settings: Mapping[str, object], where: str) -> None:
    """Refuse a scenario that k6 would refuse, as far as its load is not read elsewhere.

    Raises:
        ScriptError: k6 knows no such executor or field, or a value is out of its range.

    """
    executor = settings.get("executor")
    fields = _FIELDS.get(executor) if isinstance(executor, str) else None
    if fields is None:
        raise ScriptError(f"{executor!r} is not an executor of k6", f"{where}.executor")
    unknown = sorted(str(key) for key in settings if key not in fields | _COMMON)
    if unknown:
        raise ScriptError(f"the executor {executor} has no {unknown[0]}", f"{where}.{unknown[0]}")
    given = {key: value for key, value in settings.items() if value is not None}
    _require_values(given, where, is_controlled=executor == _CONTROLLED)
    if executor in ("constant-arrival-rate", "ramping-arrival-rate"):
        _require_rate(given, str(executor), where)
    elif executor == "shared-iterations":
        _require_iterations(given, where)
    elif executor == _CONTROLLED:
        _require_control(given, where)


def _require_values(given: Mapping[str, object], where: str, *, is_controlled: bool) -> None:
    for key in (key for key in _PERIODS if key in given):
        duration_seconds(given[key], f"{where}.{key}")
    for key in (key for key in _LASTING if key in given):
        _require_time(given[key], f"{where}.{key}", may_be_nothing=is_controlled)
    for key in (key for key in _AT_LEAST_ONE if key in given):
        if count(given[key], f"{where}.{key}") < 1:
            raise ScriptError("it must be at least one", f"{where}.{key}")


def _require_time(value: object, where: str, *, may_be_nothing: bool) -> None:
    length = duration_seconds(value, where)
    is_unit = where.endswith("timeUnit")
    if not may_be_nothing and length < (1 if not is_unit else 0):
        raise ScriptError("the duration must be at least one second", where)
    if is_unit and not length:
        raise ScriptError("the unit of time must be longer than nothing", where)


def _require_rate(given: Mapping[str, object], executor: str, where: str) -> None:
    needed = ("rate", "duration") if executor.startswith("constant") else ("stages",)
    for key in (*needed, "preAllocatedVUs"):
        if key not in given:
            raise ScriptError(f"the executor {executor} needs {key}", f"{where}.{key}")
    ready = count(given["preAllocatedVUs"], f"{where}.preAllocatedVUs")
    most = count(given.get("maxVUs", ready), f"{where}.maxVUs")
    if most < ready:
        raise ScriptError("maxVUs is less than preAllocatedVUs", f"{where}.maxVUs")


def _require_iterations(given: Mapping[str, object], where: str) -> None:
    users = count(given.get("vus", 1), f"{where}.vus")
    if count(given.get("iterations", 1), f"{where}.iterations") < users:
        raise ScriptError("there are fewer iterations than users to share them", where)


def _require_control(given: Mapping[str, object], where: str) -> None:
    for key in ("duration", "vus"):
        if key not in given:
            raise ScriptError(f"the executor {_CONTROLLED} needs {key}", f"{where}.{key}")
    users = count(given["vus"], f"{where}.vus")
    if count(given.get("maxVUs", users), f"{where}.maxVUs") < users:
        raise ScriptError("maxVUs is less than vus", f"{where}.maxVUs")
