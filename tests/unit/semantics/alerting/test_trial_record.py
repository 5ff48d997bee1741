"""What promtool confirmed, recorded and read again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.alert_rule import AlertRule
from plimsoll.semantics.alerting.certificate import Certificate, Claim
from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.alerting.trial_record import (
    confirmed,
    disagreement,
    key_of,
    read,
    written,
)
from plimsoll.semantics.alerting.watches import watches

WATCH, OTHER = watches(
    [AlertRule("One", "a > 1", "g", "r.yml:1"), AlertRule("Other", "b > 1", "g", "r.yml:5")], []
)
CLAIM = Claim(Scenario("errors"), 360.0, fires=True)


def record(*statuses, sentinel=1, is_open=False):
    """A record of certificates of both rules, as it is read again."""
    made = [Certificate(one, (CLAIM,), "", "", is_open) for one in (WATCH, OTHER)]
    return read(written(made[: len(statuses)], statuses, sentinel))


def test_what_is_confirmed_contradicts_nothing():
    """Status 0 for the rule, and a failure of the test that must fail."""
    assert disagreement(record(0, 0), [WATCH, OTHER]) == ""


def test_a_status_that_is_not_nought_contradicts_its_rule_alone():
    """The other's claims stand."""
    told = record(1, 0)
    assert "One" in disagreement(told, [WATCH, OTHER])
    assert disagreement(told, [OTHER]) == ""


def test_a_sentinel_that_passes_takes_every_word_away():
    """Whatever promtool said of the others proves nothing then."""
    told = record(0, 0, sentinel=0, is_open=True)
    assert disagreement(told, [WATCH])
    assert confirmed(told) == frozenset()


def test_open_trials_are_confirmed_one_by_one():
    """By rule and scenario; those of a failed test are not."""
    told = record(0, 1, is_open=True)
    assert confirmed(told) == {(key_of(WATCH), "errors")}
    assert disagreement(told, [WATCH, OTHER]) == ""


@given(st.text(max_size=80))
def test_anything_else_is_no_record(text):
    """It is refused in words, and never taken for a confirmation."""
    with pytest.raises(ValueError, match="no record of trials"):
        read(text)


def test_of_two_claims_for_one_scenario_the_refused_one_counts():
    """Two required alerts may try a rule in the same scenario, each with its own time."""
    for statuses in ([1, 0], [0, 1]):
        rules = [
            {"alert": "A", "where": "a:1", "scenario": "s", "exit_status": one} for one in statuses
        ]
        record = read(json.dumps({"sentinel_exit_status": 1, "rules": rules}))
        assert confirmed(record) == frozenset()
