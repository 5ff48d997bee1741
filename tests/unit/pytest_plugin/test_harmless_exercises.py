"""Which exercises a mocked run does by itself."""

from plimsoll.pytest_plugin.assessment import EXERCISES
from plimsoll.pytest_plugin.observing import _harmless


def test_a_mocked_world_is_exercised_in_every_way():
    """Its files are fixtures, and its servers are on loopback."""
    assert _harmless((), own_files=True) == EXERCISES


def test_code_of_a_given_repository_runs_only_where_that_was_asked_for():
    """A mocked run of somebody's repository starts none of its programs by itself."""
    assert _harmless((), own_files=False) == EXERCISES - {"shutdown"}
    assert _harmless(("shutdown",), own_files=False) == EXERCISES
