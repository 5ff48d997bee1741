"""JUnit shows every result, and nothing that is unknown looks green."""

from types import ModuleType
from xml.etree import ElementTree as ET

import pytest

from plimsoll.reporting.junit import render_junit

EXPECTED = {
    "pass": None,
    "fail": "failure",
    "error": "error",
    "not_tested": "error",
    "waived": "skipped",
    "manual": "skipped",
    "not_applicable": "skipped",
}


@pytest.mark.parametrize(("verdict", "element"), EXPECTED.items())
def test_verdicts_become_elements(documents: ModuleType, verdict: str, element: str | None) -> None:
    """Each verdict has its element, with the verdict as type."""
    control = documents.control("SCL-01", "scaling", "Scales", "high", verdict)
    made = documents.document([documents.result("SCL-01", "fra1/api", verdict)], [control])
    case = ET.fromstring(render_junit(made)).find("testsuite/testcase")
    assert case is not None
    assert case.get("name") == "SCL-01 Scales [fra1/api]"
    assert [(child.tag, child.get("type")) for child in case] == (
        [(element, verdict)] if element else []
    )


@pytest.mark.parametrize("verdict", ["error", "not_tested"])
def test_what_nobody_requires_is_skipped_when_unknown(documents: ModuleType, verdict: str) -> None:
    """An exercise that was not asked for does not turn a nightly run red, nor does it pass."""
    control = documents.control("SCL-01", "scaling", "Scales", "high", verdict)
    optional = documents.result("SCL-01", "fra1/api", verdict) | {"required": False}
    root = ET.fromstring(render_junit(documents.document([optional], [control])))
    assert [child.tag for child in next(root.iter("testcase"))] == ["skipped"]


def test_numbers_are_those_of_the_document(documents: ModuleType) -> None:
    """Suites add up to the counts of the results."""
    made = documents.failing()
    root, counts = ET.fromstring(render_junit(made)), made["counts"]
    assert int(root.get("tests", "")) == len(made["results"])
    assert int(root.get("failures", "")) == counts["fail"] == len(root.findall(".//failure"))
    assert int(root.get("errors", "")) == counts["error"] + counts["not_tested"]
    skipped = counts["waived"] + counts["manual"] + counts["not_applicable"]
    assert sum(int(suite.get("skipped", "")) for suite in root) == skipped
    assert sum(int(suite.get("tests", "")) for suite in root) == len(made["results"])


def test_a_waiver_is_named_with_its_end(documents: ModuleType) -> None:
    """A skipped case tells that it failed, and who may overlook it until when."""
    made = documents.failing()
    messages = [e.get("message", "") for e in ET.fromstring(render_junit(made)).iter("skipped")]
    expected = "WAIVED W-2026-012 until 2027-01-31T00:00:00Z (raw: fail)"
    assert sum(message.startswith(expected) for message in messages) == made["counts"]["waived"]


def test_a_failure_brings_its_deviations_and_remedy(documents: ModuleType) -> None:
    """The text of a failure says what, where, and what to do."""
    failure = ET.fromstring(render_junit(documents.failing())).find(".//failure")
    assert failure is not None
    assert "maximum instances: observed 20, expected ≤ 10, at .do/app.yaml:46" in (
        failure.text or ""
    )
    assert "Remedy: Set the declared value" in (failure.text or "")


@pytest.mark.parametrize("status", ["undecidable", "blocked"])
def test_a_run_that_is_not_ready_is_never_green(documents: ModuleType, status: str) -> None:
    """Where no case is red although the run is not ready, one more case is."""
    made = documents.compliant()
    made["decision"] |= {"status": status, "reason": "The run was interrupted."}
    errors = list(ET.fromstring(render_junit(made)).iter("error"))
    assert [error.get("message") for error in errors] == [
        f"{status.upper()}: The run was interrupted."
    ]


def test_a_run_that_is_ready_is_green(documents: ModuleType) -> None:
    """A ready run has its results as cases, and no other."""
    made = documents.compliant()
    root = ET.fromstring(render_junit(made))
    assert len(list(root.iter("testcase"))) == len(made["results"])
    assert not list(root.iter("error"))


def test_nothing_recorded_is_red(documents: ModuleType) -> None:
    """An empty run is an error, whatever it decided."""
    assert list(ET.fromstring(render_junit(documents.document([], []))).iter("error"))
