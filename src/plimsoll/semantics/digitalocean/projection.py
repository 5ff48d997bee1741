"""What of an answer is kept: an allow-list of its fields, and of their values what may be kept.

A shape says it in the form of what it describes: a mapping names the keys that stay, a list of one
shape stands for every entry, a function decides about a value. What has not the form it should have
is left out of a mapping, where it then is absent, and leaves a null in a list, which stays as long
as it was: nothing that came becomes an empty thing, and no entry is lost.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import Enum
from typing import Final, TypeAlias, cast

from plimsoll.semantics.withholding import withheld


class _Lost(Enum):
    LOST = "lost"


LOST: Final = _Lost.LOST
"""What a shape gives for a value that has another form."""

Keep: TypeAlias = Callable[[str, object], object]
Shape: TypeAlias = "Keep | dict[str, Shape] | list[Shape]"


def projected(shape: Shape, value: object, name: str = "") -> object:
    """Return what is kept of a value, and LOST where it has not the form of its shape.

    Null stays null whatever should stand there.
    """
    if value is None:
        return None
    if isinstance(shape, list):
        return _entries(shape[0], value, name) if isinstance(value, list) else LOST
    if isinstance(shape, dict):
        return _members(shape, value) if isinstance(value, dict) else LOST
    return shape(name, value)


def fields(names: str, /, **inner: Shape) -> dict[str, Shape]:
    """Return the shape of an object: keys with simple values, and keys with shapes of their own."""
    simple: dict[str, Shape] = dict.fromkeys(names.split(), leaf)
    return simple | inner


def leaf(name: str, value: object) -> object:
    """Keep a simple value, or a list of them; of texts what may be kept under that name."""
    match value:
        case str():
            return withheld(name, value)
        case bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else LOST
        case list():
            return _entries(_simple, value, name)
    return LOST


def each(shape: Shape) -> Keep:
    """Return what keeps an object whose keys are names that the platform or the customer chose."""

    def keep(_name: str, value: object) -> object:
        if not isinstance(value, dict):
            return LOST
        return _members(dict.fromkeys(map(str, value), shape), value)

    return keep


def either(*shapes: Shape) -> Keep:
    """Return what keeps a value by the first shape whose form it has."""

    def keep(name: str, value: object) -> object:
        kept = (projected(shape, value, name) for shape in shapes)
        return next((one for one in kept if one is not LOST), LOST)

    return keep


def _simple(name: str, value: object) -> object:
    return LOST if isinstance(value, list) else leaf(name, value)


def _entries(shape: Shape, value: object, name: str) -> list[object]:
    kept = (projected(shape, item, name) for item in cast("list[object]", value))
    return [None if one is LOST else one for one in kept]


def _members(shape: dict[str, Shape], value: dict[str, object]) -> dict[str, object]:
    kept = {key: projected(inner, value[key], key) for key, inner in shape.items() if key in value}
    return {key: one for key, one in kept.items() if one is not LOST}
