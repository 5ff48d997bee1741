"""What tells which metrics scraped services expose: endpoints, shared instruments, files."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from plimsoll.environment.value import File, Host, Section, Slug, Text


class SharedInstruments(Section):
    """Services that are built with instruments of another one.

    What one service exposes is no evidence for another, unless this is said.
    """

    of: Slug
    """The service whose exposition shows them."""
    services: Annotated[tuple[Slug, ...], Field(min_length=1)]
    families: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Which of its metrics they expose too; `process_*` stands for all that begin so."""

    @property
    def listed_as(self) -> str:
        """The service whose instruments they are."""
        return self.of


class Expositions(Section):
    """Where it shows what scraped services expose."""

    expositions: dict[Slug, Slug] = Field(default_factory=dict)
    """Service → the endpoint of kind `metrics` that shows what it exposes."""
    shared_instruments: tuple[SharedInstruments, ...] = ()
    textfiles: dict[Slug, Annotated[tuple[File, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """node-exporter → the scripts of the repository that write files for it to expose."""
    zones: tuple[Host, ...] = ()
    """DNS zones in which copies of the stack are reached by the names of its services."""

    @model_validator(mode="after")
    def _shared_instruments_are_shown(self) -> Self:
        unknown = sorted({shared.of for shared in self.shared_instruments} - set(self.expositions))
        if unknown:
            message = f"instruments of {', '.join(unknown)}, of which no exposition is declared"
            raise ValueError(message)
        return self
