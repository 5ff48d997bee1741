"""How many instances a component may have, and what makes it change their number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Autoscaler:
    """The scaling of one component as one source states it; what it does not state is None.

    A fixed number of instances is an autoscaler whose minimum and maximum are that number.
    ``settable`` names the fields that can be stated there at all: a memory target of App Platform
    is not absent, it does not exist. ``where`` gives ``path:line`` by field name; ``kind`` is what
    states it, such as ``app-spec``, ``hpa`` or ``droplet-pool``.
    """

    component: str
    kind: str
    minimum: int | None = None
    maximum: int | None = None
    cpu_percent: float | None = None
    memory_percent: float | None = None
    p95_milliseconds: int | None = None
    scale_out_window_seconds: int | None = None
    scale_in_window_seconds: int | None = None
    scale_out_policy: str | None = None
    scale_in_policy: str | None = None
    settable: frozenset[str] = frozenset()
    where: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_fixed(self) -> bool:
        """Whether the number of instances is stated and cannot change."""
        return self.minimum is not None and self.minimum == self.maximum

    def origin(self, name: str = "component") -> str:
        """Return where a field is stated, or else where the component is."""
        return self.where.get(name, self.where.get("component", ""))
