"""A DNS record as the platform holds it, before any name server serves it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DomainRecord:
    """One record of a zone. `name` is relative to the zone, `@` for the zone's own name."""

    id: str
    name: str
    type: str
    data: str | None
    ttl_seconds: float
    where: str

    def owner(self, zone: str) -> str:
        """Return the absolute name in a zone, lower case and without the final dot."""
        name = self.name.lower().rstrip(".")
        if name in {"@", zone} or name.endswith(f".{zone}"):
            return zone if name == "@" else name
        return f"{name}.{zone}"
