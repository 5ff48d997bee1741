"""The record is read only when it is one, and written the same way every time."""

import json
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.reporting.document import InvalidDocumentError, canonical_json, parse_document


def test_a_document_is_read_as_it_was_written(documents: ModuleType) -> None:
    """Writing and reading are inverse, lone surrogates included."""
    made = documents.with_text(documents.failing(1), "half \ud800")
    assert parse_document(canonical_json(made)) == made


@given(st.text() | st.binary())
def test_any_other_text_is_refused(text: str | bytes) -> None:
    """What is no results document raises one kind of error."""
    with pytest.raises(InvalidDocumentError):
        parse_document(text)


@pytest.mark.parametrize("part", ["run", "decision", "counts", "controls", "results", "proof"])
def test_a_missing_part_is_named(documents: ModuleType, part: str) -> None:
    """A document without one of its parts is refused by that part's name."""
    made = documents.compliant()
    del made[part]
    with pytest.raises(InvalidDocumentError, match=part):
        parse_document(json.dumps(made))


@pytest.mark.parametrize(("kind", "name"), [("results", "control"), ("controls", "id")])
def test_an_unknown_verdict_is_refused(documents: ModuleType, kind: str, name: str) -> None:
    """A verdict outside the vocabulary could be shown wrongly, so it is refused by its control."""
    made: dict[str, Any] = documents.compliant()
    made[kind][0]["verdict"] = "fine"
    with pytest.raises(InvalidDocumentError, match=made[kind][0][name]):
        parse_document(json.dumps(made))


def test_another_schema_is_refused(documents: ModuleType) -> None:
    """A later version is not guessed at."""
    made = documents.compliant() | {"schema": "plimsoll/results/2"}
    with pytest.raises(InvalidDocumentError, match="plimsoll/results/2"):
        parse_document(json.dumps(made))
