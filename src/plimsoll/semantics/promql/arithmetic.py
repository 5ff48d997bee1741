"""Operators and functions of numbers, with the edge cases of Go's floats."""

from __future__ import annotations

import math
import operator
from math import copysign, inf, isinf, isnan
from typing import TYPE_CHECKING

from plimsoll.semantics.promql.columns import NAN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def divided(one: float, other: float) -> float:
    """Divide, as IEEE 754 does."""
    if other:
        return one / other
    if one == 0 or isnan(one):
        return NAN
    return copysign(inf, one) * copysign(1.0, other)


def remainder(one: float, other: float) -> float:
    """Return the remainder, with the sign of the first."""
    if isinf(one) or other == 0:
        return NAN
    return math.fmod(one, other)


def power(one: float, other: float) -> float:
    """Raise to a power."""
    try:
        return math.pow(one, other)
    except OverflowError:
        return -inf if one < 0 and other % 2 == 1 else inf
    except ValueError:
        if one == 0:
            odd = other % 2 == 1
            return copysign(inf, one) if odd else inf
        return NAN


ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": divided,
    "%": remainder,
    "^": power,
    "atan2": math.atan2,
}

COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


def greater(one: float, other: float) -> float:
    """Return the greater number as Go does: infinity before NaN before anything else."""
    if inf in (one, other):
        return inf
    return NAN if isnan(one) or isnan(other) else max(one, other)


def lesser(one: float, other: float) -> float:
    """Return the lesser number as Go does: negative infinity before NaN before anything else."""
    if -inf in (one, other):
        return -inf
    return NAN if isnan(one) or isnan(other) else min(one, other)


def _guarded(function: Callable[[float], float]) -> Callable[[float], float]:
    """Return a function that answers NaN outside its domain, and infinity beyond the floats."""

    def answer(value: float) -> float:
        try:
            return float(function(value))
        except ValueError:
            return NAN
        except OverflowError:
            return copysign(inf, value) if function is math.sinh else inf

    return answer


def _logarithm(function: Callable[[float], float]) -> Callable[[float], float]:
    guarded = _guarded(function)

    def answer(value: float) -> float:
        return -inf if value == 0 else guarded(value)

    return answer


def _whole(function: Callable[[float], int]) -> Callable[[float], float]:
    def answer(value: float) -> float:
        return float(function(value)) if math.isfinite(value) else value

    return answer


def _sign(value: float) -> float:
    return copysign(1.0, value) if value < 0 or value > 0 else value


def _area_tangent(value: float) -> float:
    return copysign(inf, value) if abs(value) == 1 else math.atanh(value)


MATH: Mapping[str, Callable[[float], float]] = {
    "abs": abs,
    "ceil": _whole(math.ceil),
    "floor": _whole(math.floor),
    "exp": _guarded(math.exp),
    "ln": _logarithm(math.log),
    "log2": _logarithm(math.log2),
    "log10": _logarithm(math.log10),
    "sqrt": _guarded(math.sqrt),
    "sgn": _sign,
    "deg": math.degrees,
    "rad": math.radians,
    "acos": _guarded(math.acos),
    "acosh": _guarded(math.acosh),
    "asin": _guarded(math.asin),
    "asinh": _guarded(math.asinh),
    "atan": _guarded(math.atan),
    "atanh": _guarded(_area_tangent),
    "cos": _guarded(math.cos),
    "cosh": _guarded(math.cosh),
    "sin": _guarded(math.sin),
    "sinh": _guarded(math.sinh),
    "tan": _guarded(math.tan),
    "tanh": _guarded(math.tanh),
}
"""Functions of one number, by their name in PromQL."""


def rounded(value: float, nearest: float) -> float:
    """Round to a multiple, ties up."""
    inverse = divided(1.0, nearest)
    scaled = value * inverse + 0.5
    return divided(float(math.floor(scaled)) if math.isfinite(scaled) else scaled, inverse)


def clamped(value: float, least: float, most: float) -> float:
    """Limit a number from both sides."""
    return greater(least, lesser(most, value))
