"""The shape of a record: its keys and the types of their values, and what does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.document import Key

Shape = Any
"""A type; a mapping of known keys to shapes; a list of one shape; or, in a tuple, alternatives.

The key `*` stands for any key.
"""

NOTHING = type(None)
ANYTHING: Shape = {"*": object}
_NAMES = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


def mismatches(value: object, shape: Shape) -> Iterator[tuple[tuple[Key, ...], str]]:
    """Yield the place and the problem of everything in a value that is not of a shape."""
    if isinstance(shape, tuple):
        found = [list(mismatches(value, one)) for one in shape]
        yield from () if [] in found else found[0]
    elif isinstance(shape, dict):
        yield from _in_mapping(value, shape)
    elif isinstance(shape, list):
        yield from _in_list(value, shape[0])
    elif not _is_of(value, shape):
        yield (), f"expected: {_NAMES.get(shape, shape.__name__)}; found: {value!r:.60}"


def _in_mapping(value: object, shape: dict[str, Shape]) -> Iterator[tuple[tuple[Key, ...], str]]:
    if not isinstance(value, dict):
        yield (), f"expected: a mapping; found: {value!r:.60}"
        return
    for key, inner in value.items():
        expected = shape.get(key, shape.get("*"))
        if expected is None:
            yield (key,), "is not a key of the API; check the spelling"
            continue
        for keys, problem in mismatches(inner, expected):
            yield (key, *keys), problem


def _in_list(value: object, shape: Shape) -> Iterator[tuple[tuple[Key, ...], str]]:
    if not isinstance(value, list):
        yield (), f"expected: a list; found: {value!r:.60}"
        return
    for at, inner in enumerate(value):
        for keys, problem in mismatches(inner, shape):
            yield (at, *keys), problem


def _is_of(value: object, kind: type) -> bool:
    if kind is object:
        return True
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)
