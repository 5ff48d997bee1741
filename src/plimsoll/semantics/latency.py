"""Percentiles of measured latencies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


def percentile(values: Collection[float], percent: float) -> float:
    """Return a percentile by nearest rank: the smallest value that so many percent do not exceed.

    It is always one of the values, never something between two of them, so that a slow answer
    cannot be averaged away. Of 20 values the 95th percentile is the second largest.

    Raises ValueError for no values, and for a percentage that is not above 0 and up to 100.
    """
    if not values:
        message = "of no values there is no percentile"
        raise ValueError(message)
    if not 0 < percent <= 100:
        message = f"no percentile of {percent} percent"
        raise ValueError(message)
    # The product first: 0.95 is no binary fraction, and its error could cost a rank.
    rank = math.ceil(percent * len(values) / 100)
    return sorted(values)[rank - 1]
