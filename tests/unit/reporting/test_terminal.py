"""Whoever is woken at night sees what is wrong, where, and what was decided."""

import re
from types import ModuleType

import pytest

from plimsoll.reporting.terminal import colored, decision_line, summary_lines

COLOR = re.compile("\x1b\\[[0-9;]*m")


@pytest.mark.parametrize("width", [80, 100, 120])
def test_lines_fit(documents: ModuleType, width: int) -> None:
    """No line is wider than the terminal, but the decision and a place, which are never cut."""
    for line in summary_lines(documents.failing(), width)[:-1]:
        assert len(line) <= width or line.strip().startswith("GET ")


@pytest.mark.parametrize(
    ("status", "simulated", "line"),
    [
        ("ready", True, "ready (simulated)"),
        ("ready", False, "ready"),
        ("blocked", False, "BLOCKED: because"),
        ("blocked", True, "BLOCKED (simulated): because"),
        ("undecidable", False, "UNDECIDABLE: because"),
    ],
)
def test_decision_is_one_line(status: str, simulated: bool, line: str) -> None:
    """The decision says whether it was simulated, and why it is not ready."""
    decision = {"status": status, "simulated": simulated, "reason": "because", "fail_on": "high"}
    assert decision_line(decision) == line


def test_decision_comes_last(documents: ModuleType) -> None:
    """When a run ends, the eye is on the last line."""
    assert summary_lines(documents.failing())[-1].startswith(
        "BLOCKED (simulated): 12 controls fail"
    )


def test_every_finding_has_its_place(documents: ModuleType) -> None:
    """Each failing subject is named with the file and line to open."""
    made = documents.failing()
    text = "\n".join(summary_lines(made))
    for result in made["results"]:
        if result["verdict"] == "fail":
            assert f"\n            {result['subject']}\n              maximum instances: 20" in text
    assert text.count(".do/app.yaml:46") == made["counts"]["fail"]


def test_totals_are_those_of_the_document(documents: ModuleType) -> None:
    """The last row of the table counts every verdict."""
    made = documents.failing()
    total = next(line for line in summary_lines(made) if line.startswith("total"))
    order = ("pass", "fail", "error", "not_tested", "manual", "waived", "not_applicable")
    assert total.split()[1:] == [str(made["counts"][verdict]) for verdict in order]


def test_many_subjects_and_deviations_are_counted_not_listed(documents: ModuleType) -> None:
    """A control that fails everywhere does not push the others off the screen."""
    results = [documents.result("SCL-01", f"pod-{number:03}", "fail") for number in range(200)]
    results[0]["deviations"] *= 50
    control = documents.control("SCL-01", "scaling", "Scales", "high", "fail")
    lines = summary_lines(documents.document(results, [control]))
    assert len(lines) < 60
    assert any("… and 192 more subjects" in line for line in lines)
    assert any("… and 97 more deviations" in line for line in lines)


def test_color_adds_nothing_but_color(documents: ModuleType) -> None:
    """Without its color sequences the colored summary is the plain one."""
    made = documents.failing()
    plain, bright = summary_lines(made), summary_lines(made, style=colored)
    assert bright != plain
    assert [COLOR.sub("", line) for line in bright] == plain


def test_an_interrupted_run_says_so(documents: ModuleType) -> None:
    """What is shown is said not to be all."""
    made = documents.compliant()
    made["run"]["interrupted"] = True
    assert any("interrupted" in line for line in summary_lines(made))


def test_one_reason_for_many_unknown_results_is_told_once_and_whole(documents: ModuleType) -> None:
    """What is cut beside each subject, the command that would help, stands whole below them."""
    help_ = "boto3 is not installed: install the extra, pip install 'pytest-plimsoll[aws]'"
    results = [documents.result("BKP-01", f"database-{number}", "error") for number in range(3)]
    for number, each in enumerate(results):
        each["vantage"][1]["reason"] = f"s3://a-bucket-with-a-long-name/{number}/: {help_}"
    control = documents.control("BKP-01", "backup", "Backups are recent", "critical", "error")
    lines = summary_lines(documents.document(results, [control]), 80)
    told = " ".join(line.strip() for line in lines[lines.index("Not known, and why:") + 1 :])
    assert told.startswith(f"3 results   digitalocean: {help_}")
    assert all(len(line) <= 80 for line in lines[:-1])


def test_what_is_known_has_no_reasons(documents: ModuleType) -> None:
    """Nothing is said of the unknown where everything is known."""
    assert "Not known, and why:" not in summary_lines(documents.compliant())


def test_a_conflict_stands_beside_its_verdict(documents: ModuleType) -> None:
    """Whoever reads the failure reads at once that the platform cannot do what was asked."""
    lines = summary_lines(documents.failing(), 80)
    start = next(number for number, line in enumerate(lines) if " SCL-01 " in line)
    beside = " ".join(line.strip() for line in lines[start : start + 9])
    assert "conflict: Scaling at 75 % memory on App Platform. In reality:" in beside
