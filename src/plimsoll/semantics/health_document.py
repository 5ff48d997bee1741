"""Read health documents: the status word, the moment, and what each dependency says of itself.

Only what stands there is read. A document that gives a key twice says two things, and is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from jsonschema_rs import validator_for

from plimsoll.facts.document import DocumentError, Part, duplicate_problems, parse_json
from plimsoll.semantics.schema import schema_problems

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import NoReturn

    from plimsoll.facts.document import Document, Problem

PASSING = frozenset({"pass", "ok", "up"})
"""Words for a passing check (draft-inadarei-api-health-check-06, section 3.1)."""

FAILING = frozenset({"fail", "error", "down"})
"""Words for a failing check, from the same section."""

_SECTIONS = ("checks", "components", "dependencies", "details", "entries", "services")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)


class HealthDocumentError(ValueError):
    """A body that is no health document, and why."""


@dataclass(frozen=True, slots=True)
class HealthDocument:
    """A JSON object that tells how a service is doing."""

    document: Document

    @property
    def status(self) -> str | None:
        """The status word as written; None where there is none, or it is no text."""
        return self.document.part("status").text

    @property
    def timestamp(self) -> datetime | None:
        """The moment the document speaks of; None where none with a time zone is given.

        The form is that of RFC 3339: without an offset it would name no moment.
        """
        return moment(self.document.part("timestamp").text or "")

    def number(self, path: str) -> float | None:
        """Return the number at a path such as `memory.percentage`; None where there is none.

        Text in digits is no number, nor is true.
        """
        value = self.document.part(*path.split(".")).value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        try:
            return float(value)
        except OverflowError:
            return None

    def dependency(self, name: str) -> tuple[str, ...]:
        """Return every status word given for a dependency; empty where it is not named.

        A status that is no text is given as such, so that it can pass for nothing. Checks of one
        dependency named `dependency:measurement` belong to it.
        """
        return tuple(
            word
            for section in _SECTIONS
            for key, part in _named(self.document.part(section))
            if key.partition(":")[0].casefold() == name.casefold()
            for word in _words(part)
        )

    def problems(self, json_schema: Mapping[str, object]) -> tuple[Problem, ...]:
        """Return everything in which the document differs from a JSON Schema.

        Raises ValueError for a schema that is none, or that refers to another document.
        """
        validator = validator_for(dict(json_schema), retriever=_refuse)
        return schema_problems(self.document.part(), validator)


def read(body: str, place: str) -> HealthDocument:
    """Return the health document that a response body is; `place` is where it came from.

    Raises HealthDocumentError for anything but one JSON object with each key given once.
    """
    try:
        document = parse_json(body, place)
    except DocumentError as error:
        message = f"not JSON: {error.problem}"
        raise HealthDocumentError(message) from None
    if not isinstance(document.data, dict):
        message = "JSON, and not an object"
        raise HealthDocumentError(message)
    for problem in duplicate_problems(document):
        raise HealthDocumentError(problem.what)
    return HealthDocument(document)


def moment(text: str) -> datetime | None:
    """Return the moment an RFC 3339 timestamp names, None for any other text."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def passes(words: Collection[str], healthy: Collection[str]) -> bool:
    """Say whether a dependency was named and every word given for it means that it passes.

    Words pass that are declared to mean healthy, or that are `PASSING`; case does not count.
    """
    passing = PASSING | {word.casefold() for word in healthy}
    return bool(words) and all(word.casefold() in passing for word in words)


def contradicts_health(word: str | None, unhealthy: Collection[str]) -> bool:
    """Say whether a status word means that something is wrong: declared so, or `FAILING`."""
    failing = FAILING | {word.casefold() for word in unhealthy}
    return word is not None and word.casefold() in failing


def _named(section: Part) -> Iterator[tuple[str, Part]]:
    for part in section:
        name = part["name"].text if isinstance(part.key, int) else part.key
        if name:
            yield name, part


def _words(part: Part) -> Iterator[str]:
    if isinstance(part.value, list):
        statuses = [item["status"] if isinstance(item.value, dict) else item for item in part]
    else:
        statuses = [part["status"] if isinstance(part.value, dict) else part]
    for status in statuses:
        yield status.text if status.text is not None else "no status word"


def _refuse(reference: str) -> NoReturn:
    message = f"a health schema stands for itself: {reference} is not fetched"
    raise ValueError(message)
