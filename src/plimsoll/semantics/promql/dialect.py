"""What the major versions of Prometheus answer differently.

Sources: the migration guide to Prometheus 3.0 ("PromQL": left-open selectors, the dot of regular
expressions, holt_winters renamed) and prometheus#13725 for the limit of extrapolation.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """The PromQL of one major version.

    Attributes:
        major: the version.
        left_open: whether a range and the lookback leave out the sample at their very beginning.
        dot_matches_newline: whether `.` in a regular expression also stands for a line's end.
        zero_limit_first: whether the point where a counter would be zero limits extrapolation
            before the usual guess does (before 2.52), and not only the guess itself.
        smoothing: the name of double exponential smoothing.

    """

    major: int
    left_open: bool
    dot_matches_newline: bool
    zero_limit_first: bool
    smoothing: str

    @classmethod
    def of_major(cls, major: int) -> Dialect:
        """Return the dialect of a major version; a later one speaks like the latest known."""
        return PROMETHEUS_3 if major >= 3 else PROMETHEUS_2


PROMETHEUS_2 = Dialect(
    major=2,
    left_open=False,
    dot_matches_newline=False,
    zero_limit_first=True,
    smoothing="holt_winters",
)
PROMETHEUS_3 = Dialect(
    major=3,
    left_open=True,
    dot_matches_newline=True,
    zero_limit_first=False,
    smoothing="double_exponential_smoothing",
)
