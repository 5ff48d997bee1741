"""What to do next, derived from findings: remedy what failed, make visible what was not seen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from plimsoll.reporting.document import Result, Waiver
from plimsoll.reporting.summary import Finding, instant
from plimsoll.reporting.wording import WORDINGS, counted

_REASONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do: what it is about, why it is listed, and the action."""

    title: str
    kind: str
    action: str


def next_steps(findings: Iterable[Finding], waivers: Iterable[Waiver]) -> tuple[NextStep, ...]:
    """List the steps in the order of the findings, then waivers that are of no use any more."""
    steps = [_step(finding) for finding in findings]
    steps += [_waiver_step(waiver) for waiver in waivers if waiver["status"] != "in force"]
    return tuple(steps)


def reasons_of(finding: Finding) -> tuple[str, ...]:
    """Collect why sources were silent, each reason once, in the order of the subjects."""
    reasons = [
        f"{vantage['source']}: {vantage['reason']}"
        for result in finding.results
        for vantage in result["vantage"]
        if vantage["reason"] and vantage["verdict"] not in ("pass", "fail")
    ]
    return tuple(dict.fromkeys(reasons)) or tuple(
        dict.fromkeys(result["summary"] for result in finding.results)
    )


def causes_of(findings: Iterable[Finding]) -> tuple[tuple[str, int], ...]:
    """Count the results that each reason leaves unknown, wherever it was met, most of them first.

    One missing token is one thing to do, however many results it hides. A reason is told as
    `place: reason`; what is counted is what follows the place.
    """
    causes: Counter[str] = Counter()
    for finding in findings:
        for result in finding.results:
            causes.update(dict.fromkeys(_causes(result), 1))
    return tuple(sorted(causes.items(), key=lambda cause: (-cause[1], cause[0])))


def _causes(result: Result) -> list[str]:
    return [
        f"{vantage['source']}: {vantage['reason'].partition(': ')[2] or vantage['reason']}"
        for vantage in result["vantage"]
        if vantage["reason"] and vantage["verdict"] in ("error", "not_tested")
    ]


def _step(finding: Finding) -> NextStep:
    control = finding.control
    kind = f"{WORDINGS[finding.verdict].word}, {control['severity']}, " + counted(
        len(finding.results), "subject"
    )
    return NextStep(f"{control['id']} {control['title']}", kind, _action(finding))


def _action(finding: Finding) -> str:
    if finding.verdict == "fail":
        return finding.control["remedy"] or finding.control["requirement"]
    if finding.verdict == "waived":
        remedy = finding.control["remedy"] or finding.control["requirement"]
        return f"Before the waiver ends: {remedy}"
    if finding.verdict == "manual":
        return f"Have a person attest: {finding.control['requirement']}"
    return f"Make it observable. {_reasons(finding)}"


def _reasons(finding: Finding) -> str:
    reasons = reasons_of(finding)
    if not reasons:
        return "No result was recorded for this control."
    shown = "; ".join(reasons[:_REASONS_SHOWN])
    more = len(reasons) - _REASONS_SHOWN
    return f"{shown}; and {counted(more, 'more reason')}" if more > 0 else shown


def _waiver_step(waiver: Waiver) -> NextStep:
    title = f"Waiver {waiver['id']} for {waiver['control']} ({waiver['subject']})"
    if waiver["status"] == "expired":
        expiry = instant(waiver["expires_at"])
        return NextStep(title, "expired", f"It ended {expiry}: remedy the deviation.")
    return NextStep(title, "unused", "Nothing deviates there any more: remove it.")
