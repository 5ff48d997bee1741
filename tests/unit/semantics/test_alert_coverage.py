"""Something is watched only by a policy that would speak, to somebody."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.alert_policy import AlertPolicy, Destinations
from plimsoll.semantics.alert_coverage import Demand, UnclearError, Watched, gaps, watching

CPU = "v1/dbaas/alerts/cpu_alerts"
TOLD = Destinations(("‹masked›@corp.io",), ("https://hooks.slack.com/services/‹masked›",), "told")
NOBODY = Destinations((), (), "told")
POLICY = AlertPolicy("1", "cpu", CPU, "GreaterThan", 80, True, ("db",), (), TOLD, "policy")
DEMAND = Demand(CPU, 80, ("email", "slack"))
DATABASE = Watched("db", ("production",), "db")
MACHINES = Watched("machines", ("production",))

NAMES = st.tuples() | st.tuples(st.sampled_from(["db", "production", "other"]))
POLICIES = st.lists(
    st.builds(
        AlertPolicy,
        id=st.text(max_size=2),
        name=st.text(max_size=2),
        type=st.sampled_from([CPU, "v1/insights/droplet/cpu"]),
        compare=st.sampled_from(["GreaterThan", "LessThan", ""]),
        threshold=st.floats(0, 100),
        enabled=st.booleans(),
        entities=NAMES | st.none(),
        tags=NAMES | st.none(),
        destinations=st.sampled_from([TOLD, NOBODY, replace(TOLD, hooks=())]),
        where=st.just("policy"),
    ),
    max_size=4,
)
WATCHED = st.sampled_from([DATABASE, MACHINES, replace(DATABASE, tags=None), Watched("all", ())])


def problems(*policies, watched=DATABASE, demand=DEMAND):
    """What is missing, in words."""
    return [problem.what for problem in gaps(policies, demand, watched, "list")]


def outcome(policies, demand, watched):
    """What is missing; None where it cannot be told."""
    try:
        return gaps(policies, demand, watched, "list")
    except UnclearError:
        return None


def test_a_sound_policy_leaves_no_gap():
    """Enabled, of the right kind, at the threshold, on the thing, to both channels."""
    assert problems(POLICY) == []


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"enabled": False}, "disabled"),
        ({"compare": "LessThan"}, "compares LessThan"),
        ({"threshold": 80.5}, "speaks at 80.5 %"),
        ({"type": "v1/dbaas/alerts/load_15_alerts"}, "absent"),
        ({"entities": ("another",)}, "absent"),
        ({"entities": ()}, "absent"),
        ({"destinations": replace(TOLD, hooks=())}, "no slack destination"),
    ],
)
def test_each_way_to_be_silent_is_a_gap(changed, problem):
    """And is named as it is."""
    assert problems(replace(POLICY, **changed)) == [problem]


def test_policies_share_the_work():
    """One tells by e-mail, the other by Slack, and a third that is disabled does no harm."""
    mail, slack = replace(TOLD, hooks=()), replace(TOLD, emails=())
    both = [replace(POLICY, destinations=one) for one in (mail, slack)]
    assert problems(*both, replace(POLICY, enabled=False)) == []


def test_of_several_that_are_silent_the_nearest_is_told():
    """A policy with one defect explains more than one with three."""
    worst = replace(POLICY, enabled=False, compare="LessThan", threshold=99)
    assert problems(worst, replace(POLICY, threshold=90)) == ["speaks at 90 %"]


@pytest.mark.parametrize(
    ("entities", "tags", "watched", "watches"),
    [
        (("db",), None, DATABASE, True),
        (None, ("production",), DATABASE, True),
        ((), ("staging",), DATABASE, False),
        ((), (), DATABASE, False),
        ((), None, DATABASE, None),
        (None, (), DATABASE, None),
        ((), ("production",), replace(DATABASE, tags=None), None),
        ((), (), replace(DATABASE, tags=None), False),
        ((), (), MACHINES, True),
        ((), ("production",), MACHINES, True),
        (("1",), (), MACHINES, False),
        ((), ("staging",), MACHINES, False),
        ((), None, MACHINES, None),
    ],
)
def test_what_a_policy_watches_is_known_or_unknown(entities, tags, watched, watches):
    """A list that is missing is not an empty one."""
    assert watched.by(replace(POLICY, entities=entities, tags=tags)) is watches


def test_a_gap_that_a_hidden_field_might_close_is_not_known():
    """The second policy may watch the database: nobody can say that nothing tells by Slack."""
    silent = replace(POLICY, destinations=replace(TOLD, hooks=()))
    with pytest.raises(UnclearError, match="tag:read"):
        problems(silent, replace(POLICY, entities=("other",), tags=None))
    with pytest.raises(UnclearError):
        watching([replace(POLICY, entities=None)], CPU, DATABASE)


@given(WATCHED)
def test_without_policies_there_is_always_a_gap(watched):
    """Nothing watches nothing."""
    assert gaps((), DEMAND, watched, "list")


@given(POLICIES, WATCHED, st.floats(0, 100))
def test_a_higher_threshold_never_makes_a_gap(policies, watched, threshold):
    """Whoever asks for less finds no more wrong."""
    strict = outcome(policies, replace(DEMAND, threshold_percent=threshold), watched)
    mild = outcome(policies, replace(DEMAND, threshold_percent=100), watched)
    assert strict != () or mild == ()


@given(POLICIES, WATCHED)
def test_a_gap_stays_when_lists_are_hidden(policies, watched):
    """Seeing less never makes anything sound."""
    hidden = [replace(one, tags=None, entities=None) for one in policies]
    if outcome(policies, DEMAND, watched) != ():
        assert outcome(hidden, DEMAND, watched) != ()
