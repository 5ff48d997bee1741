"""The verdict of one control on one subject, and how it is reached from its vantage points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plimsoll.findings.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from plimsoll.findings.deviation import Deviation
    from plimsoll.findings.waiver import Waiver


@dataclass(frozen=True, slots=True)
class VantageVerdict:
    """What one vantage point says; `reason` where some of it could not be looked at or judged."""

    source: str
    verdict: Verdict
    simulated: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One control judged on one subject.

    `evidence` holds the names of the observations relied on. A result that is not `required` opens
    no gate and closes none where it is unknown: an optional control, an exercise nobody asked for.
    A `lost` one was planned and never reported.
    """

    control: str
    subject: str
    verdict: Verdict
    raw_verdict: Verdict
    summary: str
    deviations: tuple[Deviation, ...] = ()
    vantage: tuple[VantageVerdict, ...] = ()
    evidence: tuple[str, ...] = ()
    waiver: str | None = None
    procedure: str = ""
    node: str = ""
    duration_ms: float = 0.0
    required: bool = True
    lost: bool = False


def combine(vantage: Collection[VantageVerdict], required: Collection[str]) -> tuple[Verdict, str]:
    """Return the verdict of several vantage points and the reason where it is not pass or fail.

    Any failure fails; otherwise a required vantage point that said nothing makes it an error (not
    tested where it was never collected); a pass needs at least one that judged and passed.
    """
    if any(seen.verdict is Verdict.FAIL for seen in vantage):
        return Verdict.FAIL, ""
    known = {seen.source: seen for seen in vantage}
    for source in required:
        if source not in known:
            return Verdict.NOT_TESTED, f"required vantage point {source} is not collected"
    for seen in vantage:
        if seen.source in required and seen.verdict is not Verdict.PASS:
            return Verdict.ERROR, f"{seen.source}: {seen.reason or 'nothing was judged'}"
    if any(seen.verdict is Verdict.PASS for seen in vantage):
        return Verdict.PASS, ""
    reasons = "; ".join(f"{seen.source}: {seen.reason}" for seen in vantage)
    return Verdict.ERROR, reasons or "nothing was judged"


def apply_waivers(result: Result, waivers: Iterable[Waiver], at: datetime) -> Result:
    """Return the result as waived where a waiver in force names every one of its deviations.

    Beside the deviations nothing may be unknown: what is not known cannot be accepted.
    """
    is_decided = all(seen.reason is None for seen in result.vantage)
    if result.raw_verdict is not Verdict.FAIL or not is_decided:
        return result
    whats = tuple(deviation.what for deviation in result.deviations)
    for waiver in waivers:
        exact = (waiver.control, waiver.subject) == (result.control, result.subject)
        if exact and waiver.in_force(at) and waiver.covers(whats):
            return replace(result, verdict=Verdict.WAIVED, waiver=waiver.id)
    return result
