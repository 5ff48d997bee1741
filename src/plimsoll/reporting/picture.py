"""The geometry of the bar that pictures verdict counts; widths add up exactly."""

from collections.abc import Mapping
from dataclasses import dataclass

from plimsoll.reporting.document import Verdict
from plimsoll.reporting.wording import ROLL_UP, WORDINGS

WIDTH = 1000
# A single failure among thousands must still be seen.
_MINIMUM_WIDTH = 8


@dataclass(frozen=True, slots=True)
class Segment:
    """One verdict's part of a bar, in units of a thousandth of its width."""

    verdict: Verdict
    x: int
    width: int


def bar(counts: Mapping[Verdict, int]) -> tuple[Segment, ...]:
    """Divide a bar among the verdicts that occur, the widest giving way to those hardly seen."""
    present = [verdict for verdict in ROLL_UP if counts[verdict]]
    if not present:
        return ()
    total = sum(counts[verdict] for verdict in present)
    widths = {v: max(WIDTH * counts[v] // total, _MINIMUM_WIDTH) for v in present}
    widest = max(present, key=lambda verdict: widths[verdict])
    widths[widest] += WIDTH - sum(widths.values())
    segments, x = [], 0
    for verdict in present:
        segments.append(Segment(verdict, x, widths[verdict]))
        x += widths[verdict]
    return tuple(segments)


def described(counts: Mapping[Verdict, int]) -> str:
    """Say in words what the bar shows."""
    present = [f"{counts[v]:,} {WORDINGS[v].word}" for v in ROLL_UP if counts[v]]
    return ", ".join(present) or "no results"
