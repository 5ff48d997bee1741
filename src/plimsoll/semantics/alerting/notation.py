"""Series in the notation of promtool's unit tests: runs of equal steps as `a+bxn`.

Source: Prometheus documentation, "Unit testing for rules". `_` is a moment without a sample,
`stale` a staleness marker; a number is written so that it reads back as the same.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plimsoll.semantics.promql.series import Series


def promtool_series(series: Iterable[Series], step: float) -> Iterator[tuple[str, str]]:
    """Yield each series as promtool's `series` and `values`, one value a step from second 0."""
    for one in series:
        labels = ",".join(
            f"{label}={json.dumps(value, ensure_ascii=False)}"
            for label, value in sorted(one.labels.items())
            if label != "__name__"
        )
        yield f"{one.labels['__name__']}{{{labels}}}", spelled(one.times, one.values, step)


def spelled(times: Sequence[float], values: Sequence[float | None], step: float) -> str:
    """Write samples at whole steps. Raises ValueError for a sample before second 0."""
    parts: list[str] = []
    at = 0
    index = 0
    while index < len(times):
        place = round(times[index] / step)
        if place < at:
            message = f"a sample at {times[index]} s, where none can be"
            raise ValueError(message)
        if place > at:
            parts.append(_repeated("_", place - at))
        run = _run(times, values, index, step)
        parts.append(_spelled_run(values, index, run))
        index += run
        at = place + run
    return " ".join(parts)


def _run(times: Sequence[float], values: Sequence[float | None], begin: int, step: float) -> int:
    """Return how many samples from here on follow each other in equal steps of value.

    What is reached is added up as promtool does it, so that every sample reads back as itself.
    """
    reached, count = values[begin], 1
    place = round(times[begin] / step)
    gain: float | None = None
    while reached is not None and begin + count < len(times):
        here = values[begin + count]
        if here is None or round(times[begin + count] / step) != place + count:
            break
        gain = here - reached if gain is None else gain
        reached += gain
        if reached != here:
            break
        count += 1
    return count


def _spelled_run(values: Sequence[float | None], begin: int, run: int) -> str:
    first = values[begin]
    if first is None:
        return "stale"
    if run == 1:
        return _number(first)
    gain = (values[begin + 1] or 0.0) - first
    if gain == 0:
        return f"{_number(first)}x{run - 1}"
    sign = "+" if gain > 0 else "-"
    return f"{_number(first)}{sign}{_number(abs(gain))}x{run - 1}"


def _repeated(sign: str, times: int) -> str:
    return sign if times == 1 else f"{sign}x{times}"


def _number(value: float) -> str:
    """Write a number without an exponent, which promtool does not read in a run."""
    if float(value).is_integer() and abs(value) < 2**53:
        return str(int(value))
    return format(Decimal(repr(float(value))), "f")
