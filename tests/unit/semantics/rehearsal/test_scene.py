"""A fault is seen from three sides; only what it brought about counts, and only once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.rehearsal import Fired, Held
from plimsoll.semantics.rehearsal.scene import Scene
from plimsoll.semantics.rehearsal.server_answers import Raised, Sent

BEGAN = 1000.0


def test_it_is_complete_once_every_channel_was_reached(scene, message):
    """By whichever receivers."""
    assert not scene.is_complete
    scene.saw_messages([message("slack/all/0", 2.0)])
    assert not scene.is_complete
    scene.saw_messages([message("slack/all/0", 2.0), message("pagerduty/night/0", 3.0)])
    assert scene.is_complete
    slack, pager = scene.staging().delivered
    assert (slack.kind, slack.to, slack.after_seconds, slack.real_seconds) == (
        "slack", ("#alerts",), 2.0, 120.0
    )  # fmt: skip
    assert (pager.receiver, pager.owes_end, pager.is_stand_in) == ("night", True, False)


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Unrelated"},
        {"severity": "warning"},
        {"started": -1.0},
        {"firing": False},
        {"path": "pagerduty/nobody/0"},
    ],
)
def test_what_the_fault_did_not_bring_about_does_not_count(scene, message, other):
    """Another alert, another severity, an older one, an end, a receiver that is not configured."""
    given = {"path": "pagerduty/night/0", "after": 3.0, **other}
    scene.saw_messages([message("slack/all/0", 2.0), message(**given)])
    assert not scene.is_complete


def test_a_message_before_the_fault_does_not_count(scene, message):
    """It is about something else."""
    scene.saw_messages([message("slack/all/0", -0.1)])
    assert scene.staging().delivered == ()


def test_without_channels_anything_of_the_severity_will_do(scene, message):
    """Where the environment does not say whom it must reach."""
    bare = Scene(scene.staged, (), scene._integrations, 60.0)
    bare.begin(BEGAN, [])
    bare.saw_messages([message("slack/all/0", 2.0, severity="warning")])
    assert not bare.is_complete
    bare.saw_messages([message("telegram/night/0", 2.0)])
    assert bare.is_complete
    assert bare.staging().delivered[1].is_stand_in


def test_the_end_must_be_told_where_the_receiver_is_configured_to(scene, message):
    """And is timed from the end of the fault."""
    scene.saw_messages([message("slack/all/0", 2.0), message("pagerduty/night/0", 2.0)])
    assert not scene.ends_are_told
    scene.healed = BEGAN + 4.0
    scene.saw_messages([message("pagerduty/night/0", 5.5, firing=False)])
    scene.saw_messages([message("pagerduty/night/0", 9.0, firing=False)])
    assert scene.ends_are_told
    assert [one.ended_after_seconds for one in scene.staging().delivered] == [None, 1.5]


def test_an_end_of_another_severity_is_not_waited_for(scene, message):
    """What is not required owes nothing."""
    scene.saw_messages([message("telegram/night/0", 2.0, severity="warning")])
    assert scene.ends_are_told


def test_an_end_before_the_end_of_the_fault_took_no_time(scene, message):
    """An alert that gives up while the fault lasts has ended at once."""
    scene.saw_messages([message("pagerduty/night/0", 2.0)])
    scene.saw_messages([message("pagerduty/night/0", 3.0, firing=False)])
    assert scene.staging().delivered[0].ended_after_seconds == 0.0


def test_what_fires_is_told_once_an_alert(scene):
    """Not for each series, and not what fired before."""
    alerts = [
        Raised("old", "Down", "critical"),
        Raised("east", "Down", "critical"),
        Raised("west", "Down", "critical"),
        Raised("x", "Unrelated", "critical"),
    ]
    scene.saw_raised(alerts[:2], BEGAN + 1.5)
    scene.saw_raised(alerts, BEGAN + 2.0)
    assert scene.staging().fired == (Fired("Down", "critical", 1.5, 90.0),)


def test_what_is_held_back_is_told_apart_from_what_arrives(scene, message):
    """Held in Alertmanager, by what; one that arrives after all was not held back."""
    scene.saw_sent(
        [
            Sent("Down", "critical", BEGAN, "inhibited by Flood"),
            Sent("Gone", "warning", BEGAN, "silenced by x"),
            Sent("Gone", "critical", BEGAN, ""),
            Sent("Gone", "critical", BEGAN - 60, "inhibited by Flood"),
            Sent("Unrelated", "critical", BEGAN, "inhibited by Flood"),
        ]
    )
    down = Held("Down", "critical", "inhibited by Flood")
    assert scene.staging().held == (down, Held("Gone", "warning", "silenced by x"))
    scene.saw_messages([message("slack/all/0", 2.0)])
    assert down not in scene.staging().held


def test_what_is_not_known_is_carried(scene):
    """With how long was waited."""
    told = scene.staging("nobody looked", 12.345)
    assert (told.unknown, told.waited_seconds) == ("nobody looked", 12.35)
    assert (told.required, told.story) == ("down", "targets are down")


MESSAGES = st.lists(
    st.tuples(
        st.sampled_from(["slack/all/0", "pagerduty/night/0", "telegram/night/0", "x/y/0"]),
        st.floats(-5, 60),
        st.sampled_from(["Down", "Gone", "Unrelated"]),
        st.sampled_from(["critical", "warning"]),
        st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=60)
@given(MESSAGES, MESSAGES)
def test_more_messages_never_make_it_less_complete(first, more):
    """And nothing is complete without a message."""
    from plimsoll.semantics.rehearsal.notice import Notice, Received, Told

    from .conftest import INTEGRATIONS, PAGER, SLACK, STAGED

    def received(messages):
        return [
            Received(BEGAN + after, Notice(path, ("#alerts",), (Told(name, level, BEGAN, firing),)))
            for path, after, name, level, firing in messages
        ]

    seen = Scene(STAGED, (SLACK, PAGER), INTEGRATIONS, 60.0)
    seen.begin(BEGAN, [])
    assert not seen.is_complete
    seen.saw_messages(received(first))
    before = seen.is_complete
    seen.saw_messages(received(more))
    assert seen.is_complete or not before
