"""A history proves a way back, and what became of the good deployment when one failed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.deployment import Deployment
from plimsoll.semantics.deployment_history import Fate, failures, fate, has_way_back, unclear

START = datetime(2026, 11, 1, tzinfo=UTC)


def deployment(created, phase, since=None, **changes):
    """A deployment that began, and has its phase, so many hours after the start."""
    usual = {
        "id": f"d{created}",
        "phase": phase,
        "created_at": START + timedelta(hours=created),
        "phase_since": START + timedelta(hours=created if since is None else since),
        "is_complete": phase in {"ACTIVE", "SUPERSEDED"},
        "previous": None,
        "cloned_from": None,
        "cause": "MANUAL",
        "where": f"deployments[{created}]",
    }
    return Deployment(**usual | changes)


FAILED = deployment(10, "ERROR", 12)
NOW = deployment(20, "ACTIVE", 21)


def came(good, after=NOW, active="d20"):
    """What became of the good deployment when the one after it failed."""
    return fate(FAILED, [after, FAILED, *good], active)


def test_the_good_one_went_on_serving_until_a_later_one_came():
    """It was superseded only after the failure was final."""
    assert came([deployment(1, "SUPERSEDED", 21)]) is Fate.KEPT
    assert came([deployment(1, "SUPERSEDED", 12)]) is Fate.KEPT


def test_the_good_one_still_serves():
    """Nothing has taken its place since."""
    assert fate(FAILED, [FAILED, deployment(1, "ACTIVE")], "d1") is Fate.KEPT


def test_the_good_one_came_back_by_an_automatic_rollback():
    """It was gone for a while, and the platform itself brought it back."""
    rollback = deployment(13, "SUPERSEDED", 21, cause="AUTO_ROLLBACK")
    good = deployment(1, "SUPERSEDED", 11)
    assert fate(FAILED, [NOW, rollback, FAILED, good], "d20") is Fate.RETURNED


def test_a_rollback_by_hand_is_no_automatic_one():
    """Somebody had to wake up."""
    rollback = deployment(13, "SUPERSEDED", 21, cause="MANUAL_ROLLBACK")
    good = deployment(1, "SUPERSEDED", 11)
    assert fate(FAILED, [NOW, rollback, FAILED, good], "d20") is Fate.REPLACED


def test_an_automatic_rollback_after_something_else_had_served_is_not_that_of_the_failure():
    """Only the next deployment that serves can be."""
    late = deployment(18, "SUPERSEDED", 21, cause="AUTO_ROLLBACK")
    between = deployment(14, "SUPERSEDED", 18)
    good = deployment(1, "SUPERSEDED", 11)
    assert fate(FAILED, [NOW, late, between, FAILED, good], "d20") is Fate.REPLACED


@pytest.mark.parametrize("active", [None, "d10"])
def test_where_nothing_or_the_failed_one_runs_the_good_one_was_replaced(active):
    """Whatever the history says."""
    assert came([deployment(1, "ACTIVE")], active=active) is Fate.REPLACED


@pytest.mark.parametrize(
    "good",
    [
        [],
        [deployment(1, "CANCELED")],
        [deployment(1, "SUPERSEDED", 21, is_complete=None)],
        [deployment(1, "SUPERSEDED", 21, is_complete=False)],
    ],
)
def test_what_the_history_does_not_hold_is_not_known(good):
    """Where no earlier one is known to have served, nothing can be said of it."""
    assert came(good) is Fate.UNTOLD


def test_only_what_served_is_a_way_back():
    """Failed and canceled ones are not, nor what was superseded while it waited."""
    never = deployment(1, "SUPERSEDED", is_complete=False)
    unknown = deployment(2, "SUPERSEDED", is_complete=None)
    good = deployment(3, "SUPERSEDED")
    assert has_way_back([NOW, good, never]) is True
    assert has_way_back([NOW, never, FAILED, deployment(4, "CANCELED")]) is False
    assert has_way_back([NOW, never, unknown]) is None
    assert has_way_back([]) is False


PHASES = st.sampled_from(["ACTIVE", "SUPERSEDED", "ERROR", "CANCELED", "BUILDING", "NEW"])
HISTORIES = st.lists(
    st.builds(
        lambda created, phase, since, complete, cause: deployment(
            created, phase, created + since, is_complete=complete, cause=cause
        ),
        st.integers(0, 30),
        PHASES,
        st.integers(0, 20),
        st.sampled_from([True, False, None]),
        st.sampled_from(["MANUAL", "AUTO_ROLLBACK", None]),
    ),
    max_size=6,
)


@given(HISTORIES, st.sampled_from([None, "d1", "d20"]))
def test_every_failure_of_any_history_has_a_fate(history, active):
    """And a good one only where an earlier or a later deployment is known to have served."""
    for failed in failures(history):
        found = fate(failed, history, active)
        assert isinstance(found, Fate)
        if found in {Fate.KEPT, Fate.RETURNED}:
            assert any(one.has_served for one in history)


@given(HISTORIES)
def test_no_observation_is_no_good_fate(history):
    """With every completeness unknown and nothing active, nothing is known to have been kept."""
    told = [one for one in history if one.phase != "ACTIVE"]
    blind = [
        deployment(n, one.phase, n, is_complete=None, cause=one.cause) for n, one in enumerate(told)
    ]
    for failed in failures(blind):
        assert fate(failed, blind, "elsewhere") is Fate.UNTOLD
    assert has_way_back(blind) is not True


@pytest.mark.parametrize("phase", ["UNKNOWN", "", "ABANDONED"])
def test_a_phase_that_nobody_knows_is_neither_failed_nor_well(phase):
    """The platform may add phases, and one of them may be a failure."""
    strange = deployment(5, phase)
    assert unclear([NOW, strange, FAILED]) == (strange,)
    assert failures([NOW, strange]) == ()


def test_every_phase_of_the_platform_is_known():
    """Deployments under way and canceled ones have not failed."""
    phases = ("PENDING_BUILD", "BUILDING", "PENDING_DEPLOY", "DEPLOYING", "CANCELED")
    assert unclear([NOW, FAILED, *(deployment(2, phase) for phase in phases)]) == ()
