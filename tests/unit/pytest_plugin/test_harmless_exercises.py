"""Which exercises a mocked run does by itself, and how much time it then has."""

from plimsoll.collectors.context import Context, Limits
from plimsoll.pytest_plugin.assessment import EXERCISES
from plimsoll.pytest_plugin.observing import LASTING, LASTING_SECONDS, _harmless, _unhurried


def test_a_mocked_world_is_exercised_in_every_way_that_is_quick():
    """Its files are fixtures, and its servers are on loopback."""
    assert _harmless((), own_files=True) == EXERCISES - LASTING


def test_what_lasts_is_exercised_only_where_that_was_asked_for():
    """A rehearsal takes minutes and programs that not every machine has."""
    assert {"alerting"} == LASTING
    assert _harmless(("alerting",), own_files=True) == EXERCISES
    assert "alerting" in _harmless(("alerting",), own_files=False)


def test_code_of_a_given_repository_runs_only_where_that_was_asked_for():
    """A mocked run of somebody's repository starts none of its programs by itself."""
    assert _harmless((), own_files=False) == EXERCISES - LASTING - {"shutdown"}
    assert _harmless(("shutdown",), own_files=False) == EXERCISES - LASTING


def test_a_run_has_time_for_what_was_asked_for():
    """The other limits stay as they are."""
    quick, lasting = Context(), Context(exercises=frozenset({"alerting"}))
    assert _unhurried(quick) == quick
    assert _unhurried(lasting).limits == Limits(overall_seconds=LASTING_SECONDS)
