"""One difference between what is required and what was seen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deviation:
    """What deviates, what was observed, what was expected, and where, from which vantage point."""

    what: str
    observed: str
    expected: str
    where: str
    source: str = ""

    def __str__(self) -> str:
        """Return one sentence for people."""
        place = f" ({self.where})" if self.where else ""
        return f"{self.what}: {self.observed}, expected {self.expected}{place}"


class NonCompliant(AssertionError):  # noqa: N818 (a judgment, not a malfunction)
    """Raised once at the end of a check, with every deviation that was found."""

    def __init__(self, deviations: tuple[Deviation, ...]) -> None:
        super().__init__(deviations)
        self.deviations = deviations

    def __str__(self) -> str:
        """Return the deviations, a line each."""
        return "\n".join(str(deviation) for deviation in self.deviations)
