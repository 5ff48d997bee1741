"""Components of an app forward their logs, or they do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import Document
from plimsoll.semantics.log_destinations import KINDS, is_forwarded, writers

anything = st.recursive(
    st.none() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["services", "log_destinations", "datadog"]), inner)
    ),
    max_leaves=10,
)


def test_static_sites_write_no_logs() -> None:
    """List the components that write logs, of every kind there is."""
    kinds = ("services", "workers", "jobs", "functions", "static_sites")
    spec = Document("spec", {kind: [{"name": kind}] for kind in kinds})
    assert [part["name"].text for part in writers(spec)] == list(kinds[:-1])


@pytest.mark.parametrize("kind", KINDS)
def test_a_destination_of_a_known_kind_counts(kind: str) -> None:
    """Forward to each kind of destination, of which a hidden secret is all that is told."""
    spec = Document("spec", {"services": [{"log_destinations": [{"name": "logs", kind: {}}]}]})
    assert is_forwarded(writers(spec)[0])


@pytest.mark.parametrize("destinations", [None, [], [{}], [{"name": "somewhere"}], "datadog"])
def test_anything_else_is_no_destination(destinations: object) -> None:
    """Name nothing, or nothing that the platform knows."""
    spec = Document("spec", {"services": [{"log_destinations": destinations}]})
    assert not is_forwarded(writers(spec)[0])


@given(st.dictionaries(st.sampled_from(["services", "workers"]), anything))
def test_any_specification_can_be_read(data: dict[str, object]) -> None:
    """Read specifications of any shape: only a component with destinations forwards."""
    for component in writers(Document("spec", data)):
        if is_forwarded(component):
            assert component["log_destinations"].exists
