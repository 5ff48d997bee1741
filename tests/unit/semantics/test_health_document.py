"""Health documents say what they say, and nothing is read into them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.health_document import (
    HealthDocument,
    HealthDocumentError,
    contradicts_health,
    moment,
    passes,
    read,
)

PLACE = "https://ferry.example/health"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["status", "name", "checks", "db", "db:time"]), inner)
    ),
    max_leaves=12,
)


def document(**fields: object) -> HealthDocument:
    """Return the health document with these fields."""
    return read(json.dumps(fields), PLACE)


@given(st.text(max_size=200))
def test_any_body_is_a_document_or_is_refused(body: str) -> None:
    """Read arbitrary text; what is read can be asked everything about."""
    try:
        found = read(body, PLACE)
    except HealthDocumentError:
        return
    assert isinstance(found.document.data, dict)
    assert found.dependency("db") == () or "db" in body.casefold()


@given(st.dictionaries(st.sampled_from(["status", "timestamp", "checks", "services"]), VALUES))
def test_whatever_the_fields_hold_they_can_be_asked_for(fields: dict[str, object]) -> None:
    """Put arbitrary values into the fields that are read."""
    found = document(**fields)
    assert found.status is None or found.status == fields["status"]
    assert all(isinstance(word, str) for word in found.dependency("db"))
    assert isinstance(passes(found.dependency("db"), ["healthy"]), bool)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<!doctype html>", "not JSON"),
        ('{"status":"healthy"', "not JSON"),
        ("", "not JSON"),
        ('"healthy"', "not an object"),
        ("[]", "not an object"),
        ('{"status":"unhealthy","status":"healthy"}', "2 times"),
        ('{"checks":{"db":{"status":"down"},"db":{"status":"up"}}}', "2 times"),
    ],
)
def test_a_body_that_is_no_document_is_refused_with_the_reason(body: str, reason: str) -> None:
    """Refuse pages, fragments, other JSON, and documents that say two things."""
    with pytest.raises(HealthDocumentError, match=reason):
        read(body, PLACE)


@given(st.datetimes(timezones=st.timezones() | st.just(UTC), allow_imaginary=False))
def test_a_timestamp_means_the_moment_it_was_written_for(written: datetime) -> None:
    """Write a moment as RFC 3339 and read it back, to the second."""
    offset = written.utcoffset() or timedelta()
    if offset % timedelta(minutes=1):
        return
    # Between zones an hour that happened twice equals nothing: compare in UTC.
    assert moment(written.isoformat()) == written.astimezone(UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "1767225600",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00Z",
        "20260101T000000Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T25:00:00Z",
        " 2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00+99:99",
    ],
)
def test_a_timestamp_without_a_certain_moment_is_none(text: str) -> None:
    """Refuse dates, numbers, local times, impossible times and other spellings of ISO 8601."""
    assert moment(text) is None


@given(st.text(max_size=40))
def test_a_moment_always_has_an_offset(text: str) -> None:
    """Read arbitrary text; whatever is read can be compared with the time of a request."""
    found = moment(text)
    assert found is None or found.utcoffset() is not None


@pytest.mark.parametrize(
    "fields",
    [
        {"checks": {"database": {"status": "healthy"}}},
        {"checks": {"Database": "pass"}},
        {"checks": {"database:connections": [{"status": "pass"}, {"status": "ok"}]}},
        {"components": {"database": {"status": "UP"}}},
        {"dependencies": [{"name": "database", "status": "healthy"}]},
    ],
)
def test_a_dependency_passes_in_every_usual_form(fields: dict[str, object]) -> None:
    """Give a passing dependency as text, object and list, in the usual sections."""
    assert passes(document(**fields).dependency("database"), ["healthy"])


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"checks": {}},
        {"checks": {"databases": "pass"}},
        {"checks": {"database": "unknown"}},
        {"checks": {"database": None}},
        {"checks": {"database": True}},
        {"checks": {"database": {}}},
        {"checks": {"database": []}},
        {"checks": {"database": [{"status": "pass"}, {"status": "fail"}]}},
        {"checks": {"database": "pass"}, "services": {"database": "down"}},
        {"checks": "database: pass"},
        {"database": "pass"},
    ],
)
def test_a_dependency_that_is_not_said_to_pass_does_not(fields: dict[str, object]) -> None:
    """Leave the dependency out, or give it a status that is unknown, none, or contradicted."""
    assert not passes(document(**fields).dependency("database"), ["healthy"])


@given(st.lists(st.text(max_size=8), max_size=4), st.text(min_size=1, max_size=8))
def test_one_more_word_never_makes_a_dependency_pass(words: list[str], word: str) -> None:
    """Add a word to the statuses of a dependency that has one already."""
    if words and not passes(words, ["healthy"]):
        assert not passes([*words, word], ["healthy"])


def test_a_region_is_contradicted_by_failing_words_only() -> None:
    """Take declared and usual words for unhealthy, and words that mean something else."""
    assert contradicts_health("DEGRADED", ["degraded"])
    assert contradicts_health("down", [])
    assert not contradicts_health("ready", ["degraded"])
    assert not contradicts_health(None, ["degraded"])


def test_a_schema_is_held_against_the_document() -> None:
    """Ask for a field that is not there and one of another type."""
    schema = {"required": ["version"], "properties": {"status": {"type": "string"}}}
    whats = {problem.what for problem in document(status=1).problems(schema)}
    assert whats == {"status is a whole number", "the document has no version"}
    assert document(status="up", version="1").problems(schema) == ()


@pytest.mark.parametrize("schema", [{"type": "objekt"}, {"$ref": "https://example.invalid/s.json"}])
def test_a_schema_that_stands_not_for_itself_is_refused(schema: dict[str, object]) -> None:
    """Take a schema that is none, and one that would have to be fetched."""
    with pytest.raises(ValueError, match=r"objekt|not fetched"):
        document(status="up").problems(schema)
