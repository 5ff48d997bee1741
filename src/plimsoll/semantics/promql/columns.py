"""What the parts of an expression answer, for every moment of a grid at once.

Labels are told once per series, values once per moment. Absence is None, never a number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plimsoll.semantics.promql.errors import EvaluationError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NAME = "__name__"
"""The label that holds a metric's name."""

NAN = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One series of an answer: its labels, and a value or None (no sample) for each moment."""

    labels: Mapping[str, str]
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Vector:
    """An instant vector at every moment: no two columns have the same labels."""

    columns: Sequence[Column]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number for every moment; never absent."""

    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Text:
    """A string, as some functions take."""

    value: str


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The samples of one series that a range selects at each moment.

    Attributes:
        labels: of the series.
        times: of all its samples, in milliseconds, ascending.
        values: of all its samples; staleness markers are left out.
        bounds: for each moment, the first sample in the window and the first behind it.
        falls: for each sample, by how much the counter fell in all until then.

    """

    labels: Mapping[str, str]
    times: Sequence[int]
    values: Sequence[float]
    bounds: Sequence[tuple[int, int]]
    falls: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Windows:
    """A range vector at every moment; a range goes from its start to its end, in milliseconds."""

    windows: Sequence[Window]
    starts: Sequence[int]
    ends: Sequence[int]


Answer = Vector | Scalar | Text | Windows


@dataclass(slots=True)
class Budget:
    """How much may still be computed for an expression; untrusted ones ask for anything."""

    left: int = field(default=5_000_000)

    def spend(self, amount: int) -> None:
        """Take some of it.

        Raises:
            UnsupportedError: it is used up.

        """
        self.left -= amount
        if self.left < 0:
            raise UnsupportedError("the expression would compute an unreasonable number of samples")


def without_name(labels: Mapping[str, str]) -> Mapping[str, str]:
    """Return the labels without the metric's name."""
    if NAME not in labels:
        return labels
    return {label: value for label, value in labels.items() if label != NAME}


def merged(columns: Iterable[Column], what: str = "vector") -> Vector:
    """Return columns of which no two have the same labels.

    Columns that came to have the same labels are one series, as long as no two of them have a
    sample at the same moment. Columns without any sample are left out.

    Raises:
        EvaluationError: two samples have the same labels, as in Prometheus
            ("vector cannot contain metrics with the same labelset").

    """
    found: dict[frozenset[tuple[str, str]], Column] = {}
    for column in columns:
        if all(value is None for value in column.values):
            continue
        key = frozenset(column.labels.items())
        other = found.get(key)
        found[key] = column if other is None else _joined(other, column, what)
    return Vector(tuple(found.values()))


def _joined(one: Column, other: Column, what: str) -> Column:
    values = []
    for first, second in zip(one.values, other.values, strict=True):
        if first is not None and second is not None:
            raise EvaluationError(
                f"the {what} contains the same labels twice: {_shown(one.labels)}"
            )
        values.append(second if first is None else first)
    return Column(one.labels, values)


def _shown(labels: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'{label}="{value}"' for label, value in sorted(labels.items())) + "}"
