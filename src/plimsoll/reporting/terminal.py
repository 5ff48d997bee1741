"""The summary of a run for a terminal: what is wrong and where, for someone woken at night."""

import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from plimsoll.reporting.document import Decision, Deviation, Document, Result, Status, Verdict
from plimsoll.reporting.next_steps import causes_of
from plimsoll.reporting.summary import (
    Area,
    Finding,
    areas_of,
    counts_of,
    findings_of,
    instant,
    success_rate,
)
from plimsoll.reporting.visible_text import one_line, shortened
from plimsoll.reporting.wording import WORDINGS, counted, lacking

Role = Literal["heading", "quiet", "good", "bad", "unknown", "plain"]
Style = Callable[[str, Role], str]

_MINIMUM_WIDTH = 60
_AREA_WIDTH = 16
_WORD_WIDTH = 12
_DEVIATIONS_SHOWN = 3
_SUBJECTS_SHOWN = 8
_CAUSES_SHOWN = 6
_VALUE_CHARACTERS = 240
_LINE_CHARACTERS = 1000

_COLUMNS: dict[Verdict, str] = {
    "pass": "pass",
    "fail": "fail",
    "error": "error",
    "not_tested": "untested",
    "manual": "manual",
    "waived": "waived",
    "not_applicable": "n/a",
}
_ROLES: dict[Verdict, Role] = {
    "pass": "good",
    "fail": "bad",
    "error": "unknown",
    "not_tested": "unknown",
    "manual": "unknown",
    "waived": "quiet",
    "not_applicable": "quiet",
}
_RICH_STYLES: dict[Role, str] = {
    "heading": "bold",
    "quiet": "dim",
    "good": "green",
    "bad": "bold red",
    "unknown": "bold magenta",
    "plain": "",
}
_STATUS_ROLES: dict[Status, Role] = {"ready": "good", "blocked": "bad", "undecidable": "unknown"}


def unstyled(text: str, _role: Role) -> str:
    """Leave text as it is: the style of a terminal without color."""
    return text


def colored(text: str, role: Role) -> str:
    """Color text with ANSI sequences; rich is imported when this is first used."""
    from rich.style import Style as RichStyle  # noqa: PLC0415 - plain output must not pay for color

    return RichStyle.parse(_RICH_STYLES[role]).render(text) if _RICH_STYLES[role] else text


def summary_lines(document: Document, width: int = 100, style: Style = unstyled) -> list[str]:
    """Render the lines of the summary, the decision last, where the eye is when a run ends.

    `width` is in characters; below 60 it counts as 60. Nothing but `style` adds control sequences.
    """
    width = max(width, _MINIMUM_WIDTH)
    areas = areas_of(document)
    lines = [*_header(document, style), "", *_table(areas, document, style)]
    findings = findings_of(areas)
    if findings:
        lines.append("")
    for finding in findings:
        lines += _finding(finding, width, style)
    lines += _unknowns(findings, width, style)
    return [*lines, "", *_decision_lines(document, style)]


def decision_line(decision: Decision) -> str:
    """Write the decision on one line: `ready (simulated)`, `BLOCKED: …` or `UNDECIDABLE: …`."""
    status = decision["status"]
    simulated = " (simulated)" if decision["simulated"] else ""
    if status == "ready":
        return f"ready{simulated}"
    return f"{status.upper()}{simulated}: {_line(decision['reason'])}"


def _header(document: Document, style: Style) -> Iterator[str]:
    run = document["run"]
    title = f"Plimsoll · {_line(run['system'])} · {_line(run['environment'])} · {run['mode']}"
    yield style(title, "heading")
    yield style(f"run {_line(run['id'])}, {_line(instant(run['started_at']))}", "quiet")
    if run["interrupted"]:
        yield style("This run was interrupted: what is below is not all of it.", "unknown")
    if sentence := lacking(run.get("missing_scopes", ())):
        yield style(_line(sentence), "unknown")


def _table(areas: tuple[Area, ...], document: Document, style: Style) -> Iterator[str]:
    counts = counts_of(document["results"])
    width = max([len("area"), *(len(_name(area)) for area in areas)])
    yield style(
        " ".join(["area".ljust(width), *(f"{word:>8}" for word in _COLUMNS.values())]), "quiet"
    )
    for area in areas:
        cells = [_count(area.counts[verdict], verdict, style) for verdict in _COLUMNS]
        yield " ".join([_name(area).ljust(width), *cells])
    totals = [_count(counts[verdict], verdict, style) for verdict in _COLUMNS]
    yield " ".join(["total".ljust(width), *totals])


def _finding(finding: Finding, width: int, style: Style) -> Iterator[str]:
    control, role = finding.control, _ROLES[finding.verdict]
    word = WORDINGS[finding.verdict].word.upper().ljust(_WORD_WIDTH - 1)
    head = f"{_line(control['id'])} {_line(control['title'])} ({control['severity']})"
    yield f"{style(word, role)} {style(shortened(head, width - _WORD_WIDTH), 'heading')}"
    for result in finding.results[:_SUBJECTS_SHOWN]:
        yield from _result(result, width)
    more = len(finding.results) - _SUBJECTS_SHOWN
    if more > 0:
        yield style(f"{' ' * _WORD_WIDTH}… and {counted(more, 'more subject')}", "quiet")
    if not finding.results:
        yield f"{' ' * _WORD_WIDTH}no result was recorded"
    if conflict := control["conflict"]:
        text = f"conflict: {_line(conflict['asked'])} In reality: {_line(conflict['reality'])}"
        yield from (style(line, "quiet") for line in _wrapped(text, " " * _WORD_WIDTH, width))


def _unknowns(findings: Iterable[Finding], width: int, style: Style) -> Iterator[str]:
    """Say once, and whole, what hides results: beside each of them it may have been cut."""
    causes = causes_of(findings)
    if not causes:
        return
    yield ""
    yield style("Not known, and why:", "heading")
    for reason, number in causes[:_CAUSES_SHOWN]:
        first, *others = _wrapped(_line(reason), " " * _WORD_WIDTH, width)
        yield counted(number, "result").ljust(_WORD_WIDTH) + first[_WORD_WIDTH:]
        yield from others
    more = len(causes) - _CAUSES_SHOWN
    if more > 0:
        yield style(f"{' ' * _WORD_WIDTH}… and {counted(more, 'more reason')}", "quiet")


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _result(result: Result, width: int) -> Iterator[str]:
    """Name the subject, then its deviations or, where there are none to show, the summary."""
    indent = " " * _WORD_WIDTH
    subject = _line(result["subject"]) + ("" if result["required"] else " (optional)")
    deviations = [] if result["verdict"] == "waived" else result["deviations"]
    head = subject if deviations else f"{subject}: {_line(result['summary'])}"
    yield indent + shortened(head, width - len(indent))
    for deviation in deviations[:_DEVIATIONS_SHOWN]:
        yield from _deviation(deviation, indent + "  ", width)
    more = len(deviations) - _DEVIATIONS_SHOWN
    if more > 0:
        yield f"{indent}  … and {counted(more, 'more deviation')}"


def _deviation(deviation: Deviation, indent: str, width: int) -> Iterator[str]:
    """Say what differs and where; the place gets opened next, so it is never cut."""
    observed = shortened(_line(deviation["observed"]) or "(nothing)", _VALUE_CHARACTERS)
    expected = shortened(_line(deviation["expected"]) or "(nothing)", _VALUE_CHARACTERS)
    text = f"{_line(deviation['what'])}: {observed}, expected {expected}"
    where = _line(deviation["where"])
    if len(indent) + len(text) + 2 + len(where) <= width:
        yield f"{indent}{text}  {where}"
        return
    yield from _wrapped(text, indent, width)
    if where:
        yield f"{indent}  {where}"


def _decision_lines(document: Document, style: Style) -> Iterator[str]:
    decision, counts = document["decision"], counts_of(document["results"])
    planned, recorded = document["counts"]["planned"], document["counts"]["recorded"]
    rate = success_rate(counts["pass"], counts["fail"])
    yield f"{rate} of those judged passed; {planned} planned, {recorded} recorded"
    yield style(decision_line(decision), _STATUS_ROLES[decision["status"]])


def _count(number: int, verdict: Verdict, style: Style) -> str:
    text = f"{number or '·':>8}"
    return style(text, _ROLES[verdict] if number else "quiet")


def _name(area: Area) -> str:
    return shortened(_line(area.name), _AREA_WIDTH)


def _line(text: str) -> str:
    return one_line(text, _LINE_CHARACTERS)
