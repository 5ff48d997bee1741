"""Durations as the field's configuration languages write them, in seconds."""

from __future__ import annotations

import re

_UNITS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "d": 86400.0,
    "w": 604800.0,
    "y": 31536000.0,
}
_GO = re.compile(r"(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+")
_PROMETHEUS = re.compile(
    r"(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?|0"
)
_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|[smhdwy])")


def go_seconds(text: str) -> float | None:
    """Read a Go duration (``1m30s``, ``1.5h``), which Compose uses; None if it is none."""
    return _sum(text) if _GO.fullmatch(text) else (0.0 if text == "0" else None)


def prometheus_seconds(text: str) -> float | None:
    """Read a Prometheus duration (``1d12h``, whole numbers, largest unit first); None if none.

    Source: the Prometheus documentation on duration literals; a day has 24 hours, a year 365 days.
    """
    return _sum(text) if _PROMETHEUS.fullmatch(text) else None


def _sum(text: str) -> float:
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
