"""When a notification goes out at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.routing import RoutedTo
from plimsoll.semantics.alertmanager.timing import (
    Times,
    first_told_seconds,
    interval_times,
    intervals,
    told_times,
)

DOCUMENT = parse_yaml_document(
    """
time_intervals:
  - {name: always, time_intervals: [{location: Europe/Berlin, weekdays: ~}]}
  - {name: never, time_intervals: []}
mute_time_intervals:
  - {name: days, time_intervals: [{weekdays: ['monday:friday']}]}
""",
    "a.yml",
)
ROUTED = RoutedTo("r", "a.yml:1", group_wait_seconds=12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("always", Times.ALWAYS),
        ("never", Times.NEVER),
        ("days", Times.SOMETIMES),
        ("undefined", Times.SOMETIMES),
    ],
)
def test_an_interval_holds_at_times(name: str, expected: Times) -> None:
    """Ask when a named interval holds."""
    assert interval_times(DOCUMENT, name) is expected


@pytest.mark.parametrize(
    ("muted", "active", "expected"),
    [
        ((), (), Times.ALWAYS),
        (("days",), (), Times.SOMETIMES),
        (("always",), (), Times.NEVER),
        (("never",), (), Times.ALWAYS),
        ((), ("days",), Times.SOMETIMES),
        ((), ("always",), Times.ALWAYS),
        ((), ("never",), Times.NEVER),
        ((), ("days", "always"), Times.ALWAYS),
        (("days",), ("always",), Times.SOMETIMES),
    ],
)
def test_a_route_speaks_at_times(
    muted: tuple[str, ...], active: tuple[str, ...], expected: Times
) -> None:
    """Mute a route, and let it be active."""
    routed = replace(ROUTED, mute_intervals=muted, active_intervals=active)
    assert told_times(DOCUMENT, routed) is expected


def test_times_are_spelled_for_people() -> None:
    """Spell the intervals of a route, and how long it gathers."""
    routed = replace(ROUTED, mute_intervals=("a",), active_intervals=("b", "c"))
    assert intervals(routed) == "not during a, only during b or c"
    assert first_told_seconds(routed) == 12
