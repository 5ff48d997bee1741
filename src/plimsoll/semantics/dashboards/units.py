"""Whether the unit that an answer is shown in is the one that it is in.

Grafana multiplies a `percentunit` by 100 and a `percent` by nothing, and takes every time for a
number of the unit it is told. Source: Grafana's documentation on units (`getValueFormat`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.system import HEALTHY
from plimsoll.semantics.dashboards.changes import CHANGED
from plimsoll.semantics.dashboards.signals import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.semantics.alerting.watches import Labels
    from plimsoll.semantics.dashboards.answers import Answer

_SECONDS = {
    "ns": 1e-9,
    "µs": 1e-6,
    "ms": 1e-3,
    "dtdurationms": 1e-3,
    "s": 1.0,
    "dtdurations": 1.0,
    "clocks": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "d": 86_400.0,
}
_BYTES = frozenset(
    ("bytes", "decbytes", "kbytes", "deckbytes", "mbytes", "decmbytes", "gbytes", "decgbytes")
)
_NO_TIMES = _BYTES | {"percent", "percentunit"}
_LATENCIES = frozenset(("p50", "p95", "p99"))
_SHARES = frozenset(
    ("errors", "refused", "cpu", "memory", "disk", "database_connections", "success")
)
_NEAR = 0.02
_HIGHEST_SHARE = 10.0
"""Several processors may be busy at once; what is ten times the whole is a percentage."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A unit that does not fit: what it makes of the answer, and which would."""

    observed: str
    expected: str


def misfit(unit: str, answer: Answer, signal: str, shown: Iterable[Labels]) -> Misfit | None:
    """Return how the unit misrepresents the series that show a signal; None where it does not.

    Units that are not known, and answers in units that were guessed, are not judged.
    """
    if answer.guessed:
        return None
    return next(_misfits(unit, answer, FACTS[signal], tuple(shown)), None)


def _misfits(
    unit: str, answer: Answer, facts: frozenset[str], shown: tuple[Labels, ...]
) -> Iterator[Misfit]:
    for labels in shown:
        before = answer.healthy[labels]
        for fact in sorted(facts):
            if not answer.moves(labels, fact):
                continue
            after = answer.moved[fact].get(labels)
            if fact in _LATENCIES:
                yield from _of_time(unit, fact, before)
            elif fact in _SHARES and after is not None:
                yield from _of_share(unit, fact, before, after)


def _of_time(unit: str, fact: str, before: float) -> Iterator[Misfit]:
    real = getattr(HEALTHY, fact)
    fitting = [name for name, size in _SECONDS.items() if _is_near(before * size, real)]
    is_time = unit in _SECONDS and _is_near(before * _SECONDS[unit], real)
    if fitting and not is_time and unit in _SECONDS.keys() | _NO_TIMES:
        observed = f"{unit}: {_number(real)} s are shown as {_number(before)} {unit}"
        yield Misfit(observed, fitting[0])


def _is_near(value: float, real: float) -> bool:
    return math.isclose(value, real, rel_tol=_NEAR)


def _of_share(unit: str, fact: str, before: float, after: float) -> Iterator[Misfit]:
    if unit == "percent" and min(before, after) >= 0 and max(before, after) <= 1:
        yield Misfit(
            f"percent: the share {_number(before)} is shown as {_number(before)} %", "percentunit"
        )
    elif unit == "percentunit" and (_is_percentage(fact, before, after) or before > _HIGHEST_SHARE):
        yield Misfit(
            f"percentunit: {_number(before)} is shown as {_number(before * 100)} %", "percent"
        )
    elif unit in _BYTES and 0 <= before <= 1 and _is_share(fact, before, after):
        yield Misfit(f"{unit}: the share {_number(before)} is shown as bytes", "percentunit")


def _is_share(fact: str, before: float, after: float, whole: float = 1.0) -> bool:
    """Tell whether an answer is the fact itself, or what is left of the whole."""
    was, became = getattr(HEALTHY, fact) * whole, CHANGED[fact] * whole
    return any(
        math.isclose(before, x, rel_tol=_NEAR) and math.isclose(after, y, rel_tol=_NEAR)
        for x, y in ((was, became), (whole - was, whole - became))
    )


def _is_percentage(fact: str, before: float, after: float) -> bool:
    return _is_share(fact, before, after, 100.0)


def _number(value: float) -> str:
    return f"{value:.4g}"
