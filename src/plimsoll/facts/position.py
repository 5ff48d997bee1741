"""Where the values of a text document stand, the keys it repeats, and the error naming a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Key: TypeAlias = str | int

TEXT_LIMIT_BYTES = 4 * 1024 * 1024
DEPTH_LIMIT = 100
VALUE_LIMIT = 400_000


@dataclass(frozen=True, slots=True)
class Place:
    """The line of a value, and the places of the values inside it.

    The tree of places has the shape of the document's data; an alias shares its anchor's places.
    """

    line: int
    children: dict[Key, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A mapping key given more than once; ``keys`` is its path, ``lines`` where it was given."""

    keys: tuple[Key, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """Plain data together with its places and the keys that were repeated in it."""

    data: object
    place: Place
    duplicates: tuple[Duplicate, ...]


class DocumentError(ValueError):
    """A text that cannot be read as the document it claims to be; lines and columns start at 1."""

    def __init__(self, path: str, line: int, column: int, problem: str) -> None:
        super().__init__(path, line, column, problem)
        self.path = path
        self.line = line
        self.column = column
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.problem}"


def refuse_oversized(text: str, path: str) -> None:
    """Raise DocumentError for text that is too large or is not encodable as UTF-8."""
    try:
        size_bytes = len(text.encode())
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise DocumentError(path, line, 1, "contains a character that is not text") from None
    if size_bytes > TEXT_LIMIT_BYTES:
        raise DocumentError(path, 1, 1, f"larger than {TEXT_LIMIT_BYTES} bytes")


class Duplicates:
    """Collects repeated keys while a document is being composed."""

    __slots__ = ("_lines",)

    def __init__(self) -> None:
        self._lines: dict[tuple[Key, ...], list[int]] = {}

    def add(self, keys: tuple[Key, ...], first_line: int, line: int) -> None:
        """Record that ``keys``, first given on ``first_line``, is given again on ``line``."""
        self._lines.setdefault(keys, [first_line]).append(line)

    def found(self) -> tuple[Duplicate, ...]:
        """All repeated keys in the order of their first repetition."""
        return tuple(Duplicate(keys, tuple(lines)) for keys, lines in self._lines.items())
