"""Facts from the answers of an Alertmanager."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from plimsoll.facts.silence import Silence, SilenceMatcher
from plimsoll.semantics.monitoring_api.answer import UntoldError, items, moment, text

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part

ENDED: Final = "expired"
_WORDS: Final = re.compile(r"[\w|-]{0,500}")
"""Patterns that are words side by side; what others match is not judged."""


def silences(document: Document) -> tuple[Silence, ...]:
    """Return every silence, ended ones included. Raises UntoldError."""
    return tuple(map(_silence, items(document)))


def mutes(silence: Silence, severity: str) -> bool | None:
    """Say whether alerts of a severity can be silenced by it; None where that cannot be told.

    A matcher of another label may match some of them, so only one of `severity` spares them all.
    """
    matched: list[bool | None] = [
        _matches(one, severity) for one in silence.matchers if one.name == "severity"
    ]
    if False in matched:
        return False
    return None if None in matched else True


def _matches(matcher: SilenceMatcher, severity: str) -> bool | None:
    if not matcher.is_regex:
        return (matcher.value == severity) is matcher.is_equal
    if not _WORDS.fullmatch(matcher.value):
        return None
    return (severity in matcher.value.split("|")) is matcher.is_equal


def _silence(part: Part) -> Silence:
    matchers = part["matchers"]
    if not isinstance(matchers.value, list):
        message = f"{matchers.where} holds no list"
        raise UntoldError(message)
    return Silence(
        id=text(part["id"]),
        matchers=tuple(map(_matcher, matchers)),
        starts_at=moment(part["startsAt"]),
        ends_at=moment(part["endsAt"]),
        state=text(part["status"]["state"]),
        where=part.where,
    )


def _matcher(part: Part) -> SilenceMatcher:
    """Return a matcher; `isEqual` came with Alertmanager 0.22 and is true where it is not told."""
    is_equal = part["isEqual"].boolean
    return SilenceMatcher(
        name=text(part["name"]),
        value=text(part["value"]),
        is_regex=part["isRegex"].boolean is True,
        is_equal=is_equal is not False,
    )
