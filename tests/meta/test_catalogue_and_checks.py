"""The catalogue and the checks name exactly the same controls."""

import ast
import re
from pathlib import Path

import pytest

from plimsoll import resources
from plimsoll.catalogue import load_catalogue
from plimsoll.findings import Severity

CHECKS = Path(__file__).parents[2] / "checks"
CATALOGUE = load_catalogue([resources.checks()])
FRAMEWORKS = {"nist-800-53", "soc2", "iso-27001", "cis-8.1"}
FRAMEWORK_IDS = {
    "nist-800-53": re.compile(r"[a-z]{2}-\d{1,2}(\.\d{1,2})?"),
    "soc2": re.compile(r"(CC\d|A1|C1)\.\d"),
    "iso-27001": re.compile(r"[5-8]\.\d{1,2}"),
    "cis-8.1": re.compile(r"\d{1,2}\.\d{1,2}"),
}


def marked_tests():
    """Every function with a control marker: its control, its file, its docstring, its name."""
    for path in sorted(CHECKS.rglob("test_*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                marks = [one for one in node.decorator_list if "control" in ast.dump(one)]
                yield path, node, [mark.args[0].value for mark in marks]


def test_catalogue_and_markers_are_equal():
    """No control without a check, no check without a control."""
    assert {one for *_, controls in marked_tests() for one in controls} == set(CATALOGUE)


def test_every_check_names_one_control_of_its_own_area():
    """A check stands where its control stands."""
    for path, node, controls in marked_tests():
        assert len(controls) == 1, f"{path}:{node.lineno}"
        assert CATALOGUE[controls[0]].area == path.parent.name, f"{path}:{node.lineno}"


def test_every_check_has_a_procedure():
    """The docstring is what an auditor reads."""
    for path, node, _ in marked_tests():
        assert len(ast.get_docstring(node) or "") > 60, f"{path}:{node.lineno}"


@pytest.mark.parametrize("control", CATALOGUE.values(), ids=lambda control: control.id)
def test_every_control_is_complete(control):
    """Words for people, ids that exist in form, and where the requirement comes from."""
    assert isinstance(control.severity, Severity)
    assert control.title[0].isupper() or control.title.startswith("k6 ")
    assert not control.title.endswith(".")
    assert all(text.endswith(".") for text in (control.requirement, control.why, control.remedy))
    assert control.seeds
    assert set(control.frameworks) == FRAMEWORKS
    for framework, ids in control.frameworks.items():
        assert all(FRAMEWORK_IDS[framework].fullmatch(one) for one in ids), (framework, ids)
