"""The hardening report in Markdown: every line is derived from results, none is written by hand."""

from collections.abc import Iterator

from plimsoll.reporting.document import Conflict, Document, Result
from plimsoll.reporting.markdown_text import cell, code, prose
from plimsoll.reporting.next_steps import causes_of, next_steps
from plimsoll.reporting.summary import (
    Area,
    ControlResults,
    areas_of,
    counts_of,
    findings_of,
    instant,
    success_rate,
)
from plimsoll.reporting.wording import WORDINGS, counted, lacking

_DEVIATIONS_SHOWN = 20
_CAUSES_SHOWN = 12
_SIMULATED = (
    "> **SIMULATED RUN.** Some or all of the evidence comes from a mocked world. "
    "This report is not evidence about the live environment and cannot open a gate.\n"
)


def render_markdown(document: Document) -> str:
    """Render `report.md`."""
    areas = areas_of(document)
    parts = [
        *_header(document),
        *_executive_summary(areas),
        *_named_requirements(document),
        *_detailed_results(areas),
        *_conflicts(areas),
        *_implementation_status(areas),
        *_next_steps(document, areas),
        *_waivers(document),
        *_conclusion(document),
    ]
    return "\n".join(parts).rstrip("\n") + "\n"


def _header(document: Document) -> Iterator[str]:
    run, decision = document["run"], document["decision"]
    counts = counts_of(document["results"])
    judged = counts["pass"] + counts["fail"]
    rate = success_rate(counts["pass"], counts["fail"])
    yield f"# {prose(run['system'])} Production Hardening Test Report\n"
    if decision["simulated"]:
        yield _SIMULATED
    yield f"**Generated:** {prose(instant(run['finished_at']))}  "
    yield f"**Environment:** {prose(run['environment'])} ({prose(run['mode'])})  "
    yield f"**Total Tests:** {sum(counts.values())}  "
    for verdict, wording in WORDINGS.items():
        yield f"**{wording.label}:** {counts[verdict]}  "
    yield f"**Success Rate:** {rate} ({counts['pass']} of the {judged} judged)  "
    planned, recorded = document["counts"]["planned"], document["counts"]["recorded"]
    yield f"**Planned:** {planned}, of which recorded: {recorded}  "
    simulated = " (simulated)" if decision["simulated"] else ""
    yield f"**Decision:** {decision['status'].upper()}{simulated}\n"
    if sentence := lacking(run.get("missing_scopes", ())):
        yield f"⚠️ {prose(sentence)}.\n"


def _executive_summary(areas: tuple[Area, ...]) -> Iterator[str]:
    yield "## Executive Summary\n"
    if not areas:
        yield "No control was planned, so nothing is known.\n"
    for number, area in enumerate(areas, start=1):
        sign = WORDINGS[area.verdict].sign
        yield f"{number}. {sign} {prose(area.title)}: {_area_sentence(area)}"
    yield ""
    causes = causes_of(findings_of(areas))
    if causes:
        yield "Not known, and why:\n"
        for reason, count in causes[:_CAUSES_SHOWN]:
            yield f"- {counted(count, 'result')}: {prose(reason)}"
        if len(causes) > _CAUSES_SHOWN:
            yield f"- … and {counted(len(causes) - _CAUSES_SHOWN, 'more reason')}"
        yield ""


def _area_sentence(area: Area) -> str:
    others = [
        f"{area.counts[verdict]} {wording.word}"
        for verdict, wording in WORDINGS.items()
        if verdict not in ("pass", "fail") and area.counts[verdict]
    ]
    judged = (
        f"{area.counts['pass']} of {area.judged} judged passed" if area.judged else "nothing judged"
    )
    return ", ".join([judged, *others])


def _named_requirements(document: Document) -> Iterator[str]:
    rows = document["named_requirements"]
    if not rows:
        return
    yield "## Named requirements\n"
    yield "What became of each row of the earlier hardening report.\n"
    yield "| Requirement | Control | Subjects | Verdict |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        wording = WORDINGS[row["verdict"]]
        subjects = ", ".join(cell(subject) for subject in row["subjects"]) or "none"
        yield (
            f"| {cell(row['name'])} | {cell(row['control'])} | {subjects} "
            f"| {wording.sign} {wording.word} |"
        )
    yield ""


def _detailed_results(areas: tuple[Area, ...]) -> Iterator[str]:
    yield "## Detailed Test Results\n"
    for area in areas:
        for entry in area.controls:
            for result in entry.results:
                yield from _detail(entry, result)


def _detail(entry: ControlResults, result: Result) -> Iterator[str]:
    control, wording = entry.control, WORDINGS[result["verdict"]]
    name = " / ".join(map(prose, result["names"])) or prose(control["title"])
    yield f"### {wording.sign} {name} ({prose(result['subject'])})\n"
    yield f"**Status:** {wording.word.upper()}  "
    yield f"**Control:** {prose(control['id'])} ({control['severity']})  "
    yield f"**Details:** {prose(result['summary'])}"
    conflict = control["conflict"]
    if conflict and result["verdict"] != "not_applicable":
        yield ""
        yield f"**Conflict:** asked for: {_both_sides(conflict)}"
    yield ""
    for deviation in result["deviations"][:_DEVIATIONS_SHOWN]:
        yield (
            f"- {prose(deviation['what'])}: observed {code(deviation['observed'])}, "
            f"expected {code(deviation['expected'])}, at {code(deviation['where'])}"
        )
    if len(result["deviations"]) > _DEVIATIONS_SHOWN:
        yield f"- … and {len(result['deviations']) - _DEVIATIONS_SHOWN} more, in results.json"
    for vantage in result["vantage"]:
        if vantage["reason"]:
            word = WORDINGS[vantage["verdict"]].word
            yield f"- {prose(vantage['source'])} ({word}): {prose(vantage['reason'])}"
    if result["waiver"]:
        yield f"- covered by waiver {prose(result['waiver'])}"
    if result["deviations"] or result["waiver"] or any(v["reason"] for v in result["vantage"]):
        yield ""


def _conflicts(areas: tuple[Area, ...]) -> Iterator[str]:
    conflicting = [e for area in areas for e in area.controls if e.control["conflict"]]
    if not conflicting:
        return
    yield "## Conflicts\n"
    yield "What was asked for and what can be had differ; each is judged against what is there.\n"
    for entry in conflicting:
        conflict = entry.control["conflict"]
        if conflict:
            yield (
                f"- **{prose(entry.control['id'])}** ({WORDINGS[entry.verdict].word}): asked for: "
                f"{_both_sides(conflict)}"
            )
    yield ""


def _both_sides(conflict: Conflict) -> str:
    return f"{prose(conflict['asked'])} In reality: {prose(conflict['reality'])}"


def _implementation_status(areas: tuple[Area, ...]) -> Iterator[str]:
    yield "## Implementation Status\n"
    completed = [area for area in areas if area.verdict == "pass"]
    incomplete = [area for area in areas if area.verdict not in ("pass", "not_applicable")]
    outside = [area for area in areas if area.verdict == "not_applicable"]
    for heading, selected in (
        ("### ✅ Completed", completed),
        ("### ❌ Not completed", incomplete),
        ("### ⚪ Not applicable", outside),
    ):
        if selected:
            yield f"{heading}\n"
        for number, area in enumerate(selected, start=1):
            yield f"{number}. **{prose(area.title)}**"
            for entry in area.controls:
                yield f"   - {WORDINGS[entry.verdict].sign} {_control_line(entry)}"
            yield ""


def _control_line(entry: ControlResults) -> str:
    control = entry.control
    return f"{prose(control['id'])} {prose(control['title'])}: {WORDINGS[entry.verdict].word}"


def _next_steps(document: Document, areas: tuple[Area, ...]) -> Iterator[str]:
    yield "## Next Steps\n"
    steps = next_steps(findings_of(areas), document["waivers"])
    if not steps:
        yield "Nothing was found that needs a next step.\n"
    for number, step in enumerate(steps, start=1):
        yield f"{number}. **{prose(step.title)}** ({prose(step.kind)})  "
        yield f"   {prose(step.action)}"
    yield ""


def _waivers(document: Document) -> Iterator[str]:
    if not document["waivers"]:
        return
    yield "## Waivers\n"
    yield "| Waiver | Control | Subject | Status | Expires | Asked by | Approved by | Reason |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for waiver in sorted(document["waivers"], key=lambda each: (each["id"], each["subject"])):
        columns = (
            waiver["id"],
            waiver["control"],
            waiver["subject"],
            waiver["status"],
            instant(waiver["expires_at"]),
            waiver["requested_by"],
            waiver["approved_by"],
            waiver["reason"],
        )
        yield f"| {' | '.join(map(cell, columns))} |"
    yield ""


def _conclusion(document: Document) -> Iterator[str]:
    run, decision, counts = document["run"], document["decision"], counts_of(document["results"])
    rate = success_rate(counts["pass"], counts["fail"])
    simulated = " (simulated)" if decision["simulated"] else ""
    unknown = counts["error"] + counts["not_tested"] + counts["manual"]
    yield "## Conclusion\n"
    yield (
        f"Of {counted(sum(counts.values()), 'result')} for {prose(run['system'])} "
        f"{prose(run['environment'])}, {counts['pass']} passed and {counts['fail']} failed "
        f"(success rate {rate}); {unknown} could not be decided. "
        f"The environment is **{decision['status']}{simulated}**: {prose(decision['reason'])}\n"
    )
    yield f"**Recommendation:** {_recommendation(document)}"


def _recommendation(document: Document) -> str:
    decision = document["decision"]
    if decision["status"] == "blocked":
        threshold = f"severity {decision['fail_on']} or above"
        return f"Do not deploy until what fails at {threshold} is remedied."
    if decision["status"] == "undecidable" or not document["results"]:
        return "Do not deploy on this evidence; first make observable what could not be decided."
    if decision["simulated"]:
        return "Run the same checks live: a simulated run says nothing about the live environment."
    return "Proceed; nothing that blocks was found."
