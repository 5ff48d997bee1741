"""Values as k6 reads them in its options: durations and whole numbers."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from plimsoll.semantics.k6 import ScriptError

_UNITS = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
    "d": Fraction(86400),
}
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h|d)", re.ASCII)
_NUMBER = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)
_INTEGER = re.compile(r"\d+", re.ASCII)
_LONGEST_TEXT = 64
_NO_TIME = Fraction(0)


def duration_seconds(value: object, where: str) -> Fraction:
    """Read a duration as k6 does: text with units, or a number of milliseconds.

    Raises:
        ScriptError: k6 would refuse it, or it is negative.

    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        if math.isfinite(value) and value >= 0:
            return Fraction(str(value)) / 1000
    elif isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT:
        if _NUMBER.fullmatch(value):
            return Fraction(value.rstrip(".")) / 1000
        parts = _PART.findall(value)
        if "".join(number + unit for number, unit in parts) == value:
            return sum((Fraction(n.rstrip(".")) * _UNITS[unit] for n, unit in parts), _NO_TIME)
    raise ScriptError(f"{value!r} is not a duration", where)


def count(value: object, where: str) -> int:
    """Read a whole number that is not negative, also from digits in a string, as k6 does.

    Raises:
        ScriptError: it is something else.

    """
    if isinstance(value, str) and len(value) <= _LONGEST_TEXT and _INTEGER.fullmatch(value):
        return int(value)
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if whole and not isinstance(value, bool) and isinstance(value, int | float) and value >= 0:
        return int(value)
    raise ScriptError(f"{value!r} is not a whole number", where)
