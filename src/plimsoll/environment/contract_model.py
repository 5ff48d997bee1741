"""The `metrics.contract` section: traffic that the metrics of every region must have counted."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from plimsoll.environment.value import Path, Section, Slug

MOST_REQUESTS = 200


class Failing(Section):
    """A request that the application refuses, and the status it refuses it with."""

    path: Path
    status: Annotated[int, Field(ge=400, le=599)]


class MetricsContract(Section):
    """How many requests are sent between two scrapes, and how many of them must fail."""

    endpoint: Slug
    """The declared endpoint that is asked; its answers must be counted."""
    requests: Annotated[int, Field(ge=2, le=MOST_REQUESTS)] = 20
    """Every request that is sent, those that fail included."""
    failing: Failing
    failures: Annotated[int, Field(ge=1)] = 5
    settle_seconds: Annotated[int, Field(ge=0, le=30)] = 0
    """How long the metrics may take to show what was counted."""

    @model_validator(mode="after")
    def _some_of_either(self) -> Self:
        if self.failures >= self.requests:
            message = "failures: some of the requests must fail, and some must not"
            raise ValueError(message)
        return self
