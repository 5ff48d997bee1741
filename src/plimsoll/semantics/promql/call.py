"""A call of a function, with what its arguments answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.promql.columns import Answer, Column, Scalar, Text, Vector, Windows
from plimsoll.semantics.promql.errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import promql_parser as parser

    from plimsoll.semantics.promql.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function.

    Attributes:
        name: the function.
        nodes: the arguments as they are written, without brackets around them.
        arguments: what they answer.
        moments: the moments of evaluation, in milliseconds.
        dialect: the version of the language.

    """

    name: str
    nodes: Sequence[parser.Expr]
    arguments: Sequence[Answer]
    moments: Sequence[int]
    dialect: Dialect

    def vector(self, index: int) -> Sequence[Column]:
        """Return the series that an argument answers."""
        answer = self.arguments[index]
        if isinstance(answer, Vector):
            return answer.columns
        raise self._unfit(index, "an instant vector")

    def windows(self, index: int) -> Windows:
        """Return the ranges that an argument answers."""
        answer = self.arguments[index]
        if isinstance(answer, Windows):
            return answer
        raise self._unfit(index, "a range vector")

    def scalar(self, index: int) -> Sequence[float]:
        """Return the numbers that an argument answers."""
        answer = self.arguments[index]
        if isinstance(answer, Scalar):
            return answer.values
        raise self._unfit(index, "a number")

    def texts(self) -> list[str]:
        """Return all arguments that are strings."""
        return [answer.value for answer in self.arguments if isinstance(answer, Text)]

    def _unfit(self, index: int, wanted: str) -> UnsupportedError:
        return UnsupportedError(f"argument {index + 1} of {self.name} is not {wanted}")
