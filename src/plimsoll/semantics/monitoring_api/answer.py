"""Reading what was kept of an answer, without taking what is missing for empty."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from plimsoll.facts.document import DocumentError, parse_json
from plimsoll.semantics.digitalocean.answer import UntoldError, items, moment, number, text

if TYPE_CHECKING:
    from plimsoll.facts.document import Document
    from plimsoll.facts.monitoring_reading import MonitoringReading

__all__ = ["UntoldError", "items", "moment", "number", "read_answer", "text"]


def read_answer(reading: MonitoringReading) -> Document:
    """Return an answer as a document whose places are spelled as keys. Raises UntoldError."""
    try:
        document = parse_json(reading.body, reading.path)
    except DocumentError as error:
        message = f"the answer cannot be read: {error.problem}"
        raise UntoldError(message) from None
    return replace(document, is_spelled=True)
