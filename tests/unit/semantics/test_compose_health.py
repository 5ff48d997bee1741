"""Services that run for long are watched, or it is told which are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics.compose_health import Watch, watches

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["healthcheck", "test", "depends_on", "condition", "profiles", "a"]),
            inner,
        )
    ),
    max_leaves=12,
)
TWO = """
services:
  web:
    image: web:1
    depends_on: {migration: {condition: service_completed_successfully}}
    healthcheck: {test: ["CMD", "wget", "-q", "http://localhost:80/"]}
  migration: {image: migration:1}
  debug: {image: debug:1, profiles: [dev]}
  store:
    image: store:1
"""


def compose(text: str) -> Document:
    """Return the Compose file that a text is."""
    return parse_yaml_document(text, "compose.yml")


@given(st.dictionaries(st.sampled_from(["services", "x"]), st.dictionaries(st.text(), VALUES)))
def test_any_data_is_read(data: dict[str, object]) -> None:
    """Read arbitrary data in the place of services."""
    for watch in watches(Document("compose.yml", data)):
        assert watch.problem is None or watch.problem


def test_services_that_end_or_are_for_development_are_left_out() -> None:
    """Read a file with a migration that others wait for and a service of a profile."""
    assert watches(compose(TWO)) == (
        Watch("web", None, "compose.yml:6"),
        Watch("store", "no health check", "compose.yml:9"),
    )


@pytest.mark.parametrize(
    "check",
    [
        "{disable: true}",
        '{test: ["NONE"]}',
        '{test: ["CMD", "true"]}',
        '{test: "curl http://localhost/"}',
        '{test: "curl -f http://localhost/ || exit 0"}',
        '{test: "curl -f http://elsewhere/"}',
        "{interval: 10s}",
    ],
)
def test_a_check_that_asks_nothing_has_a_problem(check: str) -> None:
    """Disable the check, let it always succeed, ignore errors, ask somebody else, run nothing."""
    (watch,) = watches(compose(f"services: {{web: {{image: web:1, healthcheck: {check}}}}}"))
    assert watch.problem
