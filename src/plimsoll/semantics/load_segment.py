"""Which part of its users a k6 test runs: `executionSegment` (`lib/execution_segment.go`)."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from plimsoll.semantics.k6 import ScriptError

if TYPE_CHECKING:
    from collections.abc import Mapping

SEGMENT = "executionSegment"
_SEQUENCE = "executionSegmentSequence"
_POINT = re.compile(
    r"(?P<number>\d+(?:\.\d+)?|\.\d+)(?:/(?P<divisor>\d+)|(?P<percent>%))?", re.ASCII
)
_WHOLE = (Fraction(0), Fraction(1))
_LONGEST_TEXT = 64


def segment_share(values: Mapping[str, object]) -> Fraction:
    """Return the share of every scenario's users that options leave to run here; 1 is all.

    Raises:
        ScriptError: k6 would refuse the segment, or not find it in the sequence that is given.

    """
    where = f"options.{SEGMENT}"
    segment = _segment(values.get(SEGMENT), where)
    sequence = values.get(_SEQUENCE)
    if sequence and segment not in _sequence(sequence):
        raise ScriptError(f"it is no part of {_SEQUENCE}, {sequence!r}", where)
    return segment[1] - segment[0]


def _segment(value: object, where: str) -> tuple[Fraction, Fraction]:
    """Read `1/4:1/2`, `25%:50%` or `1/4`, which begins at 0; nothing is the whole."""
    if value is None or value == "":
        return _WHOLE
    first, has_end, last = str(value).strip().partition(":")
    start, end = (first, last) if has_end else ("0", first)
    segment = (_point(start, value, where), _point(end, value, where))
    if not 0 <= segment[0] < segment[1] <= 1:
        raise ScriptError(f"{value!r} is no part of 0:1", where)
    return segment


def _sequence(value: object) -> list[tuple[Fraction, Fraction]]:
    """Read `0,1/4,1`: each two points next to each other are a segment."""
    where = f"options.{_SEQUENCE}"
    points = [_point(text, value, where) for text in str(value).split(",")]
    return list(pairwise(points))


def _point(text: str, value: object, where: str) -> Fraction:
    point = _POINT.fullmatch(text.strip()) if len(text) <= _LONGEST_TEXT else None
    divisor = Fraction(1) if point is None or not point["divisor"] else Fraction(point["divisor"])
    if point is None or not divisor:
        raise ScriptError(f"{value!r} is not an execution segment", where)
    return Fraction(point["number"]) / (100 if point["percent"] else divisor)
