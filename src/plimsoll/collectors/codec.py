"""Frozen dataclasses to JSON values and back, checked against their type hints."""

from __future__ import annotations

import base64
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class MalformedError(ValueError):
    """JSON that does not hold what a type asks for."""


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        message = "a time without a time zone"
        raise ValueError(message)
    return moment


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


_TEXTUAL: dict[type, Callable[[str], object]] = {bytes: _bytes, datetime: _moment}


def encode(value: object) -> object:
    """Return a value as JSON: dataclasses as objects, tuples as arrays, bytes in base64."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case tuple():
            return [encode(item) for item in value]
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case datetime():
            return value.isoformat()
    if not is_dataclass(value):
        message = f"{type(value).__name__} cannot be written down"
        raise TypeError(message)
    return {field.name: encode(getattr(value, field.name)) for field in fields(value)}


def decode(kind: Any, data: object) -> Any:  # noqa: ANN401 (what comes back is what `kind` says)
    """Return the value of a type. Raises MalformedError where the JSON holds another."""
    origin = get_origin(kind)
    if origin is UnionType:
        return _one_of(get_args(kind), data)
    if origin is tuple:
        return _tuple(get_args(kind), data)
    if isinstance(kind, type) and is_dataclass(kind):
        return _object(kind, data)
    if kind in _TEXTUAL and isinstance(data, str):
        return _parsed(_TEXTUAL[kind], data)
    if kind is float and type(data) is int:
        return float(data)
    if type(data) is kind:
        return data
    message = f"{type(data).__name__} where {getattr(kind, '__name__', kind)} was expected"
    raise MalformedError(message)


def _parsed(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except ValueError as error:
        raise MalformedError(str(error)) from None


def _one_of(kinds: tuple[Any, ...], data: object) -> object:
    for kind in kinds:
        try:
            return decode(kind, data)
        except MalformedError:
            continue
    message = f"{type(data).__name__} where one of {kinds} was expected"
    raise MalformedError(message)


def _tuple(kinds: tuple[Any, ...], data: object) -> tuple[object, ...]:
    if not isinstance(data, list):
        message = f"{type(data).__name__} where an array was expected"
        raise MalformedError(message)
    if kinds[1:] == (...,):
        return tuple(decode(kinds[0], item) for item in data)
    if len(data) != len(kinds):
        message = f"an array of {len(data)} where {len(kinds)} were expected"
        raise MalformedError(message)
    return tuple(decode(kind, item) for kind, item in zip(kinds, data, strict=True))


def _object(kind: type, data: object) -> object:
    hints = _hints(kind)
    if not isinstance(data, dict) or data.keys() != hints.keys():
        message = f"not the fields of {kind.__name__}"
        raise MalformedError(message)
    return kind(**{name: decode(hint, data[name]) for name, hint in hints.items()})


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)
