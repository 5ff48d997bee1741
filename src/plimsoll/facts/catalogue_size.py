"""An instance size as the platform's own catalogue describes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CatalogueSize:
    """One size. The catalogue leaves out what is false, so absent means no here.

    `is_dedicated` is None where the catalogue does not say whose the CPU is.
    """

    slug: str
    is_dedicated: bool | None
    is_single_instance: bool
    is_scalable: bool
    where: str

    @property
    def scales_on_cpu(self) -> bool | None:
        """Whether it can scale on CPU, which takes a dedicated one; None where that is not told."""
        return True if self.is_scalable else self.is_dedicated
