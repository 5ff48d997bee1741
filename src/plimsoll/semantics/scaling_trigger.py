"""What an autoscaler's triggers are asked to be, beside what they are.

A trigger that the kind of autoscaler does not have is left out: it cannot be set, so its absence
says nothing. A trigger that could be set and is not stays, with nothing stated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plimsoll.environment.model import ScaleOut
    from plimsoll.facts.autoscaler import Autoscaler


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: its name, what is declared, what is stated (None for nothing), and where."""

    name: str
    unit: str
    declared: float
    stated: float | None
    where: str

    @property
    def holds(self) -> bool:
        """Whether exactly the declared value is stated."""
        return self.stated is not None and self.stated == self.declared

    @property
    def expected(self) -> str:
        """The declared value, for people."""
        return f"{self.declared:g} {self.unit}"

    @property
    def observed(self) -> str | None:
        """The stated value, for people."""
        return None if self.stated is None else f"{self.stated:g} {self.unit}"


def scale_out_triggers(autoscaler: Autoscaler, declared: ScaleOut) -> tuple[Trigger, ...]:
    """Return each declared trigger for adding instances that this autoscaler can have."""
    rows = (
        ("cpu_percent", "CPU target", "%", declared.cpu_percent, autoscaler.cpu_percent),
        (
            "memory_percent",
            "memory target",
            "%",
            declared.memory_percent,
            autoscaler.memory_percent,
        ),
        (
            *("p95_milliseconds", "p95 response time target", "ms"),
            *(declared.p95_milliseconds, autoscaler.p95_milliseconds),
        ),
        (
            *("scale_out_window_seconds", "scale-out window", "s"),
            *(declared.sustained_seconds, autoscaler.scale_out_window_seconds),
        ),
    )
    return tuple(
        Trigger(name, unit, bound, stated, autoscaler.origin(field))
        for field, name, unit, bound, stated in rows
        if bound is not None and field in autoscaler.settable
    )
