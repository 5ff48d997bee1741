"""In which unit a metric tells a fact, as far as its name says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plimsoll.semantics.alerting.role import Reading

SECONDS_IN = {
    "ns": 1e9,
    "nanoseconds": 1e9,
    "us": 1e6,
    "micros": 1e6,
    "microseconds": 1e6,
    "ms": 1e3,
    "msec": 1e3,
    "millis": 1e3,
    "milliseconds": 1e3,
    "s": 1.0,
    "sec": 1.0,
    "secs": 1.0,
    "seconds": 1.0,
    "minutes": 1 / 60,
    "hours": 1 / 3600,
    "days": 1 / 86400,
}
"""How many of a unit of time make a second."""

_SHARES = frozenset(("ratio", "fraction", "share"))
_MICROMETER = frozenset(("system_cpu_usage", "process_cpu_usage"))
"""Shares by Micrometer's documentation, though their names do not say so."""
_PERCENT = frozenset(("percent", "percentage", "pct", "perc"))


def time_unit(reading: Reading, spelled: str | None = None) -> tuple[float, str, str]:
    """Return how many units make a second, the unit's name, and what was guessed.

    `spelled` is a declared unit, which overrides the name.
    """
    words = (spelled,) if spelled in SECONDS_IN else reading.words
    for word in reversed(words):
        if word in SECONDS_IN:
            return SECONDS_IN[word], str(word), ""
    return 1.0, "seconds", f"{reading.name}: its unit is guessed to be seconds"


def share_unit(reading: Reading, spelled: str | None = None) -> tuple[float, str, str]:
    """Return what the whole is (1 or 100), the unit's name, and what was guessed."""
    if spelled == "percent" or (spelled != "share" and reading.has_any(_PERCENT)):
        return 100.0, "percent", ""
    if spelled == "share" or reading.has_any(_SHARES) or reading.name in _MICROMETER:
        return 1.0, "share", ""
    return 100.0, "percent", f"{reading.name}: its unit is guessed to be percent"
