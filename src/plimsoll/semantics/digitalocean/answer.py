"""The body of an answer, and reading it without taking what is missing for empty."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING

from plimsoll.facts.document import Document, DocumentError, Part, parse_json

if TYPE_CHECKING:
    from plimsoll.facts.cloud_reading import Reading


class UntoldError(ValueError):
    """An answer does not hold what it must: nothing is known, which is not the same as nothing."""


def read_answer(reading: Reading) -> Document:
    """Return an answer as a document whose places are spelled as keys. Raises UntoldError."""
    try:
        document = parse_json(reading.body, reading.path)
    except DocumentError as error:
        message = f"the answer cannot be read: {error.problem}"
        raise UntoldError(message) from None
    return replace(document, is_spelled=True)


def items(document: Document, *keys: str) -> tuple[Part, ...]:
    """Return the entries of a list of the answer. Raises UntoldError where there is no list."""
    part = document.part(*keys)
    if not isinstance(part.value, list):
        message = f"the answer has no list {'.'.join(keys)}"
        raise UntoldError(message)
    return tuple(part)


def text(part: Part) -> str:
    """Return a text that must be there. Raises UntoldError."""
    if part.text is None:
        raise UntoldError(_absent(part, "text"))
    return part.text


def number(part: Part) -> float | None:
    """Return a finite number, or None; whole numbers may come as text (int64)."""
    value = part.value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None


def quantity(part: Part) -> float:
    """Return a number that must be there. Raises UntoldError."""
    found = number(part)
    if found is None:
        raise UntoldError(_absent(part, "number"))
    return found


def whole_number(part: Part) -> int:
    """Return a whole number that must be there. Raises UntoldError."""
    found = quantity(part)
    if not found.is_integer():
        raise UntoldError(_absent(part, "whole number"))
    return int(found)


def moment(part: Part) -> datetime:
    """Return a time that must be there; fractions of a second may have nine digits."""
    try:
        found = datetime.fromisoformat(text(part))
    except ValueError:
        raise UntoldError(_absent(part, "time")) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def texts(part: Part) -> tuple[str, ...] | None:
    """Return a list of texts, empty for null; None where there is none, as for want of a scope."""
    if part.value is not None and not isinstance(part.value, list):
        return None
    return tuple(item.text for item in part if item.text is not None)


def _absent(part: Part, what: str) -> str:
    return f"{part.where} holds no {what}"
