"""What a specification says of building and ending its components."""

from __future__ import annotations

import pytest

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics.app_spec import built_components, grace_periods
from plimsoll.semantics.shell.script import parse_script
from plimsoll.semantics.shell.structure import is_certain


def spec(text: str) -> Document:
    """Return a specification."""
    return parse_yaml_document(text, "app.yaml")


def test_what_has_an_image_or_a_dockerfile_is_not_built_by_a_command() -> None:
    """Only what the platform builds from source has a build command that counts."""
    document = spec(
        "services:\n"
        "  - {name: source}\n"
        "  - {name: image, image: {repository: shop}}\n"
        "  - {name: docker, dockerfile_path: Dockerfile}\n"
        "static_sites: [{name: site}]\n"
    )
    assert [one.name for one in built_components(document)] == ["source", "site"]


def test_the_platform_waits_two_minutes_where_nothing_is_stated() -> None:
    """A stated time counts; what is no number is not known; a static site never ends."""
    document = spec(
        "services:\n"
        "  - {name: a, termination: {grace_period_seconds: 60}}\n"
        "  - {name: b}\n"
        "workers: [{name: c, termination: {grace_period_seconds: soon}}]\n"
        "static_sites: [{name: d}]\n"
    )
    found = [(name, seconds) for name, seconds, _ in grace_periods(document)]
    assert found == [("a", 60), ("b", 120), ("c", None)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("run", True),
        ("a && run", True),
        ("a || run", False),
        ("run || a", True),
        ("if run; then a; fi", True),
        ("if a; then run; fi", False),
        ("if a; then b; else run; fi", False),
        ("while a; do run; done", False),
        ("case $x in a) run ;; esac", False),
        ("x=$(run)", True),
        ("run | a", True),
        ("f() { run; }", True),
        ("if a; then f() { run; }; fi", True),
    ],
)
def test_a_command_is_certain_where_every_run_comes_past_it(script: str, expected: bool) -> None:
    """Within its function: what is in a branch, a loop or behind || runs only sometimes."""
    (command,) = (one for one in parse_script(script).commands if one.name == "run")
    assert is_certain(command) is expected
