"""JUnit XML for continuous integration: a lossy view, in which nothing unknown looks green."""

from xml.etree import ElementTree as ET

from plimsoll.reporting.document import Document, Result, Verdict, Waiver
from plimsoll.reporting.summary import Area, ControlResults, areas_of, seconds_between
from plimsoll.reporting.visible_text import one_line
from plimsoll.reporting.wording import WORDINGS

# Readers know three outcomes besides a pass; what could not be decided is an error to them.
_ELEMENTS: dict[Verdict, str] = {
    "fail": "failure",
    "error": "error",
    "not_tested": "error",
    "waived": "skipped",
    "manual": "skipped",
    "not_applicable": "skipped",
}
_LINE_CHARACTERS = 500
_VALUE_CHARACTERS = 4000


def render_junit(document: Document) -> str:
    """Render one suite per area and one case per result.

    When no case is red although the decision is not ready (an interrupted run, an attestation that
    is missing), one more case says so, because readers of JUnit see nothing but cases.
    """
    run = document["run"]
    waivers = {waiver["id"]: waiver for waiver in document["waivers"]}
    root = ET.Element("testsuites", name=_line(f"plimsoll {run['environment']}"))
    for area in areas_of(document):
        if any(area.counts.values()):
            suite = _suite(area, waivers)
            suite.set("timestamp", _line(run["started_at"]))
            root.append(suite)
    if not (root.findall(".//failure") or root.findall(".//error")):
        root.extend(_undecided(document))
    duration_seconds = seconds_between(run["started_at"], run["finished_at"])
    root.set("tests", str(len(root.findall(".//testcase"))))
    root.set("failures", str(len(root.findall(".//failure"))))
    root.set("errors", str(len(root.findall(".//error"))))
    root.set("time", f"{duration_seconds or 0:.3f}")
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _suite(area: Area, waivers: dict[str, Waiver]) -> ET.Element:
    suite = ET.Element("testsuite", name=_line(area.name))
    for entry in area.controls:
        suite.extend(_case(entry, result, waivers) for result in entry.results)
    suite.set("tests", str(len(suite)))
    for attribute, element in (
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        suite.set(attribute, str(len(suite.findall(f"testcase/{element}"))))
    milliseconds = sum(r["duration_ms"] or 0 for entry in area.controls for r in entry.results)
    suite.set("time", f"{milliseconds / 1000:.3f}")
    return suite


def _case(entry: ControlResults, result: Result, waivers: dict[str, Waiver]) -> ET.Element:
    control = entry.control
    name = f"{control['id']} {control['title']} [{result['subject']}]"
    case = ET.Element(
        "testcase",
        classname=_line(f"{control['area']}.{control['id']}"),
        name=_line(name),
        time=f"{(result['duration_ms'] or 0) / 1000:.3f}",
    )
    element = _element(result)
    if element is not None:
        message = _line(_message(result, waivers))
        outcome = ET.SubElement(case, element, type=result["verdict"], message=message)
        outcome.text = _text(result, control["remedy"] if result["verdict"] == "fail" else "")
    return case


def _element(result: Result) -> str | None:
    """Choose the element; what is unknown and nobody requires is skipped, as the gate skips it."""
    element = _ELEMENTS.get(result["verdict"])
    return "skipped" if element == "error" and not result["required"] else element


def _message(result: Result, waivers: dict[str, Waiver]) -> str:
    word = WORDINGS[result["verdict"]].word.upper()
    if result["verdict"] != "waived":
        return f"{word}: {result['summary']}"
    waiver = waivers.get(result["waiver"] or "")
    expiry = f" until {waiver['expires_at']}" if waiver else ""
    return f"{word} {result['waiver']}{expiry} (raw: {result['raw_verdict']}): {result['summary']}"


def _text(result: Result, remedy: str) -> str:
    lines = [result["summary"]]
    lines += [
        f"{deviation['what']}: observed {_value(deviation['observed'])}, "
        f"expected {_value(deviation['expected'])}, at {deviation['where']}"
        for deviation in result["deviations"]
    ]
    lines += [
        f"{vantage['source']}: {vantage['verdict']}, {vantage['reason']}"
        for vantage in result["vantage"]
        if vantage["reason"]
    ]
    if remedy:
        lines.append(f"Remedy: {remedy}")
    return "\n".join(one_line(line, 3 * _VALUE_CHARACTERS) for line in lines)


def _undecided(document: Document) -> list[ET.Element]:
    """Make the case that keeps a run from looking green which is not ready."""
    decision = document["decision"]
    if decision["status"] == "ready" and document["results"]:
        return []
    suite = ET.Element(
        "testsuite", name="decision", tests="1", failures="0", errors="1", skipped="0"
    )
    case = ET.SubElement(suite, "testcase", classname="decision", name="the run decided something")
    reason = _line(f"{decision['status'].upper()}: {decision['reason']}")
    ET.SubElement(case, "error", type=decision["status"], message=reason)
    return [suite]


def _line(text: str) -> str:
    return one_line(text, _LINE_CHARACTERS)


def _value(text: str) -> str:
    return one_line(text, _VALUE_CHARACTERS) if text else "(nothing)"
