"""The seven verdicts, the four severities, and how several verdicts become one."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Verdict(StrEnum):
    """What is known about one control on one subject, in roll-up order: the first present wins."""

    FAIL = "fail"
    ERROR = "error"
    NOT_TESTED = "not_tested"
    MANUAL = "manual"
    WAIVED = "waived"
    PASS = "pass"  # noqa: S105 (a verdict, not a password)
    NOT_APPLICABLE = "not_applicable"

    @property
    def is_unknown(self) -> bool:
        """Whether nothing was decided: such a verdict can never open a gate."""
        return self in {Verdict.ERROR, Verdict.NOT_TESTED, Verdict.MANUAL}


class Severity(StrEnum):
    """How much a failure matters, the gravest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    def reaches(self, threshold: Severity) -> bool:
        """Whether a failure of this severity is at or above the threshold."""
        order = list(Severity)
        return order.index(self) <= order.index(threshold)


def roll_up(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the one verdict that several add up to; of none at all, nothing was tested."""
    present = set(verdicts)
    return next((verdict for verdict in Verdict if verdict in present), Verdict.NOT_TESTED)
