"""What the reports say about a run as a whole, derived from its results and from nothing else."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from plimsoll.reporting.document import SEVERITIES, VERDICTS, Control, Document, Result, Verdict
from plimsoll.reporting.wording import FINDINGS, rolled_up

_ACRONYM_LETTERS = 3


@dataclass(frozen=True, slots=True)
class ControlResults:
    """A control with its results, or some of them, and the roll-up of all of them."""

    control: Control
    results: tuple[Result, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Area:
    """The controls of one area; `counts` has every verdict, zero included, and counts results."""

    name: str
    controls: tuple[ControlResults, ...]
    counts: Mapping[Verdict, int]
    verdict: Verdict

    @property
    def title(self) -> str:
        """Write the area's name as a heading."""
        words = self.name.replace("-", " ").replace("_", " ")
        if len(words) <= _ACRONYM_LETTERS:
            return words.upper()
        return words[:1].upper() + words[1:]

    @property
    def judged(self) -> int:
        """Count the results that say pass or fail: those from which something was learned."""
        return self.counts["pass"] + self.counts["fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Every result of one control that has the same verdict, other than pass and not applicable."""

    verdict: Verdict
    control: Control
    results: tuple[Result, ...]


def areas_of(document: Document) -> tuple[Area, ...]:
    """Group the results by area and control, sorted by area, control and subject."""
    by_control: dict[str, list[Result]] = {}
    for result in document["results"]:
        by_control.setdefault(result["control"], []).append(result)
    known = {control["id"] for control in document["controls"]}
    controls = [*document["controls"], *map(_unlisted, by_control.keys() - known)]
    by_area: dict[str, list[ControlResults]] = {}
    for control in sorted(controls, key=lambda each: each["id"]):
        results = tuple(sorted(by_control.get(control["id"], ()), key=_order))
        by_area.setdefault(control["area"], []).append(
            ControlResults(control, results, _verdict(control, results))
        )
    return tuple(_area(name, tuple(by_area[name])) for name in sorted(by_area))


def findings_of(areas: Iterable[Area]) -> tuple[Finding, ...]:
    """List what needs attention: worst verdict first, then most severe, then by control.

    A control without any result is a finding too, because nothing is known about it.
    """
    findings = []
    for area in areas:
        for entry in area.controls:
            for verdict in FINDINGS:
                results = tuple(r for r in entry.results if r["verdict"] == verdict)
                if results or (not entry.results and entry.verdict == verdict):
                    findings.append(Finding(verdict, entry.control, results))
    return tuple(sorted(findings, key=_urgency))


def with_verdict(areas: Iterable[Area], verdict: Verdict) -> tuple[ControlResults, ...]:
    """Select the results of one verdict, grouped by control; each keeps the control's roll-up."""
    selected = []
    for area in areas:
        for entry in area.controls:
            results = tuple(r for r in entry.results if r["verdict"] == verdict)
            if results or (not entry.results and entry.verdict == verdict):
                selected.append(ControlResults(entry.control, results, entry.verdict))
    return tuple(selected)


def counts_of(results: Iterable[Result]) -> dict[Verdict, int]:
    """Count results by verdict, every verdict present."""
    counter = Counter(result["verdict"] for result in results)
    return {verdict: counter[verdict] for verdict in VERDICTS}


def success_rate(passed: int, failed: int) -> str:
    """Write the share that passed of those judged, or `n/a` when none was.

    Rounded to one decimal, but never up to 100.0% while something failed, nor down to 0.0% while
    something passed.
    """
    judged = passed + failed
    if judged == 0:
        return "n/a"
    tenths = (2000 * passed + judged) // (2 * judged)
    tenths = min(tenths, 999) if failed else tenths
    tenths = max(tenths, 1) if passed else tenths
    return f"{tenths // 10}.{tenths % 10}%"


def instant(text: str) -> str:
    """Write an RFC 3339 time as `2026-01-31 02:00:00 UTC`; give any other text back."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        return f"{text} (no time zone)"
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def seconds_between(started_at: str, finished_at: str) -> float | None:
    """Return the seconds between two RFC 3339 times, or `None` when they do not tell."""
    try:
        return (
            datetime.fromisoformat(finished_at) - datetime.fromisoformat(started_at)
        ).total_seconds()
    except (ValueError, TypeError):
        return None


def _verdict(control: Control, results: tuple[Result, ...]) -> Verdict:
    """Roll a control up; a pass that no result supports counts as not tested."""
    if not results:
        return "not_tested" if control["verdict"] == "pass" else control["verdict"]
    return rolled_up(result["verdict"] for result in results)


def _area(name: str, controls: tuple[ControlResults, ...]) -> Area:
    counts = counts_of(result for entry in controls for result in entry.results)
    return Area(name, controls, counts, rolled_up(entry.verdict for entry in controls))


def _unlisted(control_id: str) -> Control:
    """Stand in for a control that results name and the document does not list."""
    return {
        "id": control_id,
        "area": "unlisted",
        "title": "A control that the document does not list",
        "severity": "critical",
        "requirement": "",
        "why": "",
        "remedy": "",
        "frameworks": {},
        "seeds": [],
        "required": True,
        "conflict": None,
        "verdict": "error",
    }


def _order(result: Result) -> tuple[str, str]:
    return result["subject"], result["node"]


def _urgency(finding: Finding) -> tuple[int, int, str]:
    severity = finding.control["severity"]
    return FINDINGS.index(finding.verdict), SEVERITIES.index(severity), finding.control["id"]
