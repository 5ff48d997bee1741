"""Expand ``$NAME`` and ``${NAME:-default}`` as Compose does, defaults nested to any sane depth.

Source: the Compose specification's chapter on interpolation. A variable without a value and without
a default stays as it is written, so that a reader can still see that something is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.facts.document import Part

_DEPTH_LIMIT = 20
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-?+]")


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a variable: its operator (``""``, ``:-``, ``-``, ``:?``, ``?``, ``:+``, ``+``)."""

    name: str
    operator: str = ""
    argument: str = ""

    @property
    def is_required(self) -> bool:
        """Whether Compose refuses to start without a value."""
        return "?" in self.operator

    @property
    def default(self) -> str | None:
        """The value it has when nobody sets it, as written; None where there is none."""
        return self.argument if "-" in self.operator else None


@dataclass(frozen=True, slots=True)
class Interpolation:
    """An expanded text, the variables it uses, and the places where its syntax is broken."""

    text: str
    uses: tuple[Use, ...]
    faults: tuple[str, ...]


def interpolate(text: str, values: Mapping[str, str] | None = None) -> Interpolation:
    """Expand a text with the given values; ``$$`` becomes ``$``. Never raises."""
    expansion = _Expansion(values or {})
    expanded = expansion.expand(text, 0)
    return Interpolation(expanded, tuple(expansion.uses), tuple(expansion.faults))


def scalar(part: Part) -> str:
    """Return a text, number or truth value as Compose reads it, expanded by its own defaults.

    Empty for anything else, and where there is nothing.
    """
    if isinstance(part.value, bool):
        return str(part.value).lower()
    is_scalar = isinstance(part.value, str | int | float)
    return interpolate(str(part.value)).text if is_scalar else ""


class _Expansion:
    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.uses: list[Use] = []
        self.faults: list[str] = []

    def expand(self, text: str, depth: int) -> str:
        if depth > _DEPTH_LIMIT:
            self.faults.append(f"defaults are nested deeper than {_DEPTH_LIMIT} levels")
            return text
        return "".join(self._pieces(text, depth))

    def _pieces(self, text: str, depth: int) -> Iterator[str]:
        position = 0
        while (dollar := text.find("$", position)) >= 0:
            yield text[position:dollar]
            following = text[dollar + 1 : dollar + 2]
            if following == "$":
                yield "$"
                position = dollar + 2
            elif following == "{":
                end = _closing(text, dollar + 2)
                yield self._braced(text[dollar : end + 1], depth)
                position = end + 1
            elif match := _NAME.match(text, dollar + 1):
                yield self._value(Use(match.group()), match.group(), depth, f"${match.group()}")
                position = match.end()
            else:
                self.faults.append(f"a lone $ before {following!r}; write $$ for a dollar sign")
                yield "$"
                position = dollar + 1
        yield text[position:]

    def _braced(self, written: str, depth: int) -> str:
        match = _NAME.match(written, 2)
        if match is None or not written.endswith("}"):
            self.faults.append(f"{written[:40]!r} is not a variable")
            return written
        rest = written[match.end() : -1]
        operator = _OPERATOR.match(rest)
        if rest and operator is None:
            self.faults.append(f"{written[:40]!r} has an unknown operator")
            return written
        sign = operator.group() if operator else ""
        return self._value(
            Use(match.group(), sign, rest[len(sign) :]), match.group(), depth, written
        )

    def _value(self, use: Use, name: str, depth: int, written: str) -> str:
        self.uses.append(use)
        value = self._values.get(name)
        is_empty = value is None or (value == "" and ":" in use.operator)
        if "+" in use.operator:
            return "" if is_empty else self.expand(use.argument, depth + 1)
        if not is_empty:
            return value or ""
        if "-" in use.operator:
            return self.expand(use.argument, depth + 1)
        return written


def _closing(text: str, start: int) -> int:
    depth = 1
    for position in range(start, len(text)):
        if text.startswith("${", position):
            depth += 1
        elif text[position] == "}":
            depth -= 1
            if depth == 0:
                return position
    return len(text)
