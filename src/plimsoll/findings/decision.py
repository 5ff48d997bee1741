"""Whether a gate may open: derived from results, never from an exit code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from plimsoll.findings.verdict import Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from plimsoll.findings.control import Control
    from plimsoll.findings.result import Result


class Status(StrEnum):
    """What the gate says."""

    READY = "ready"
    BLOCKED = "blocked"
    UNDECIDABLE = "undecidable"


EXIT_STATUS = {Status.READY: 0, Status.BLOCKED: 1, Status.UNDECIDABLE: 2}


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's word, and the one sentence why."""

    status: Status
    reason: str
    simulated: bool
    fail_on: Severity


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What beside the results bears on the decision: completeness, mode, what a gate asks for."""

    planned: int
    recorded: int
    interrupted: bool = False
    simulated: bool = False
    require_live: bool = False
    fail_on: Severity = Severity.HIGH


def decide(
    results: Sequence[Result], controls: Mapping[str, Control], around: Circumstances
) -> Decision:
    """Return the decision. A blocking failure comes first, then whatever is unknown, then ready."""
    blocking = [
        result
        for result in results
        if result.verdict is Verdict.FAIL
        and controls[result.control].severity.reaches(around.fail_on)
    ]
    if blocking:
        reason = _blocked(blocking, around.fail_on)
        return Decision(Status.BLOCKED, reason, around.simulated, around.fail_on)
    reason = _unknown(results, around)
    if reason:
        return Decision(Status.UNDECIDABLE, reason, around.simulated, around.fail_on)
    return Decision(Status.READY, _ready(results), around.simulated, around.fail_on)


def _blocked(blocking: Collection[Result], fail_on: Severity) -> str:
    controls = sorted({result.control for result in blocking})
    return (
        f"{_count(len(controls), 'control')} of severity {fail_on} or above "
        f"{'fails' if len(controls) == 1 else 'fail'} "
        f"on {_count(len(blocking), 'subject')}: {_listed(controls)}"
    )


def _unknown(results: Sequence[Result], around: Circumstances) -> str:
    unknown = [result for result in results if result.verdict.is_unknown and result.required]
    if around.interrupted:
        return "the run was interrupted before every check had been made"
    if around.planned != around.recorded:
        return f"{around.planned} checks were planned and {around.recorded} recorded"
    if unknown:
        ids = sorted({result.control for result in unknown})
        return f"{_count(len(unknown), 'required check')} could not be decided: {_listed(ids)}"
    if not any(result.verdict is Verdict.PASS for result in results):
        return "nothing was shown to be compliant: no check passed"
    if around.require_live and around.simulated:
        return "live evidence is required and some of the evidence is simulated or replayed"
    return ""


def _ready(results: Sequence[Result]) -> str:
    passed = sum(result.verdict is Verdict.PASS for result in results)
    lesser = sum(result.verdict is Verdict.FAIL for result in results)
    waived = sum(result.verdict is Verdict.WAIVED for result in results)
    extra = [f"{lesser} failed below the blocking severity"] * bool(lesser)
    extra += [f"{_count(waived, 'failure')} waived"] * bool(waived)
    return "; ".join([f"{_count(passed, 'check')} passed and every required one was made", *extra])


def _listed(ids: Sequence[str], most: int = 8) -> str:
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return ", ".join(ids[:most]) + more


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
