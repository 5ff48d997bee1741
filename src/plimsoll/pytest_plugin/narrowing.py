"""A subject as what a plan is made for, since plans are found by name and take any subject."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def narrowed(subject: object, what: str, kind: type[T]) -> T:
    """Return a subject of this kind. Raises TypeError, which says what it should be.

    It is a mistake in a check: it asks for a fact that subjects of its kind do not have.
    """
    if not isinstance(subject, kind):
        message = f"not {what}: {subject!r}"
        raise TypeError(message)
    return subject
