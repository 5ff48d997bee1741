"""Schema errors become sentences: what is wrong, what was expected, on which line."""

from __future__ import annotations

import jsonschema_rs
import pytest

from plimsoll.facts.document import Document, Problem, parse_yaml_document
from plimsoll.semantics.schema import bundled, schema_problems, shown

SCHEMA = {
    "type": "object",
    "properties": {
        "count": {"type": "integer", "minimum": 1},
        "name": {"type": ["string", "null"], "pattern": "^[a-z]+$"},
        "size": {"enum": ["s", "m"]},
        "either": {
            "oneOf": [
                {"type": "string"},
                {"type": "object", "properties": {"n": {"type": "integer"}}},
            ]
        },
    },
    "required": ["count"],
    "additionalProperties": False,
}


def judged(text: str) -> tuple[Problem, ...]:
    """Validate a document against the schema."""
    document = parse_yaml_document(text, "a.yml")
    return schema_problems(document.part(), jsonschema_rs.validator_for(SCHEMA))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count: 1", []),
        ("count: 0", ["a.yml:1: count is 0 (expected: at least 1)"]),
        ("count: true", ["a.yml:1: count is true or false (expected: a whole number)"]),
        ("name: a", ["a.yml:1: the document has no count (expected: count is required)"]),
        ("count: 1\nname: [1]", ["a.yml:2: name is a list (expected: nothing or text)"]),
        ("count: 1\nname: A", ['a.yml:2: name is "A" (expected: text matching ^[a-z]+$)']),
        ("count: 1\nsize: l", ['a.yml:2: size is "l" (expected: one of s, m)']),
        ("count: 1\nother: l", ["a.yml:2: unknown field other (expected: no such field)"]),
        (
            "count: 1\neither:\n  n: x",
            ["a.yml:3: either.n is text (expected: a whole number)"],
        ),
        (
            "count: 1\neither: 1",
            ["a.yml:2: either is a whole number of no accepted form (expected: another form)"],
        ),
        ("[]", ["a.yml:1: the document is a list (expected: a mapping)"]),
    ],
)
def test_an_error_becomes_a_sentence(text: str, expected: list[str]) -> None:
    """Break one rule of the schema."""
    assert [str(problem) for problem in judged(text)] == expected


def test_problems_come_in_the_order_of_their_lines() -> None:
    """Break several rules from bottom to top."""
    assert [problem.where for problem in judged("x: 1\ncount: 0\nsize: l")] == [
        "a.yml:1",
        "a.yml:2",
        "a.yml:3",
    ]


def test_shown_values_are_short_and_hold_no_secret() -> None:
    """Show a long value and a secret."""
    assert len(shown("x" * 1000)) < 100
    assert "hunter2" not in shown("postgres://u:hunter2@db/x")


def test_data_that_cannot_be_validated_is_a_problem() -> None:
    """Validate data that no text could have given."""
    document = Document("api", {"count": "\ud800"})
    (problem,) = schema_problems(document.part(), jsonschema_rs.validator_for(SCHEMA))
    assert "cannot be validated" in problem.what


@pytest.mark.parametrize(
    "name", ["app_spec", "compose", "hpa", "prometheus", "alertmanager", "rule_file"]
)
def test_every_bundled_schema_loads_once_and_refuses_a_list(name: str) -> None:
    """Load the schemas of the package."""
    assert bundled(f"{name}_schema.json") is bundled(f"{name}_schema.json")
    assert not bundled(f"{name}_schema.json").is_valid([])
