"""What a metrics endpoint exposes: families of samples, and what is wrong with the text."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 (read at run time when a snapshot is restored)
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample; `line` is where it stands in the text."""

    name: str
    labels: Mapping[str, str]
    value: float
    timestamp: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Family:
    """The samples of one metric; `kind` is what `# TYPE` declares, else `untyped`."""

    name: str
    kind: str
    samples: tuple[Sample, ...]
    line: int


class Gravity(Enum):
    """How bad a problem is: an error makes samples lost or wrong, a warning misleads."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with an exposition; `line` is None where it is about the whole."""

    gravity: Gravity
    message: str
    line: int | None = None

    def __str__(self) -> str:
        """Return the problem with its line."""
        return self.message if self.line is None else f"line {self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Exposition:
    """A body that a Prometheus server can read.

    `strict` is what the strict parser of the format refuses all the same, with the lines.
    """

    families: tuple[Family, ...]
    final_newline: bool
    strict: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """A body that a Prometheus server cannot read, and why."""

    reason: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """A signal is exported: by this metric, and how it can be read from it."""

    metric: str
    reason: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A signal is not exported in a form that can be used."""

    reason: str
