"""A pattern names the files that a person would expect it to name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.repository import MOST_FOLDERS, Repository, shapes_of

PATHS = ("Dockerfile", "docs/a.md", "docs/run/b.md", "run/docs/c.md", "web/Dockerfile")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
REPOSITORY = Repository("/", None, None, modes_known=False, paths=PATHS, files=(), at=NOW)


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("**/Dockerfile", ("Dockerfile", "web/Dockerfile")),
        ("docs/**/*.md", ("docs/a.md", "docs/run/b.md")),
        ("**/docs/**/*.md", ("docs/a.md", "docs/run/b.md", "run/docs/c.md")),
        ("docs/a.md", ("docs/a.md",)),
        ("*.txt", ()),
    ],
)
def test_any_number_of_folders_includes_none(pattern: str, paths: tuple[str, ...]) -> None:
    """At the beginning of a pattern and inside it."""
    assert REPOSITORY.matching(pattern) == paths


@given(st.text(alphabet="*/?[]a.", max_size=40))
def test_a_pattern_means_itself_and_never_much_more(pattern: str) -> None:
    """Every pattern has few shapes, and is one of them."""
    shapes = shapes_of(pattern)
    assert pattern in shapes
    assert len(shapes) <= 2**MOST_FOLDERS
