"""Routes that speak by turns, and labels that cannot be."""

from __future__ import annotations

import pytest

from plimsoll.environment.alerting_model import Route
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.delivery import gaps, ways
from plimsoll.semantics.alertmanager.labels import LabelSet
from plimsoll.semantics.alertmanager.matchers import Syntax

INTERVALS = """
time_intervals:
  - {name: office, time_intervals: [{weekdays: ['monday:friday'], times: [{start_time: '09:00', end_time: '17:00'}]}]}
  - {name: evening, time_intervals: [{times: [{start_time: '17:00', end_time: '24:00'}]}]}
  - {name: morning, time_intervals: [{times: [{start_time: '00:00', end_time: '09:00'}]}]}
  - {name: weekend, time_intervals: [{weekdays: [saturday, sunday]}]}
  - {name: berlin, time_intervals: [{location: Europe/Berlin, weekdays: [monday]}]}
  - {name: summer, time_intervals: [{months: ['june:august']}]}
"""
DECLARED = Route.model_validate(
    {"name": "r", "severity": "critical", "channels": [{"kind": "slack"}], "within_seconds": 60}
)


def missed(routes: str, labels: LabelSet) -> list[str]:
    """Return what keeps an alert from the channel."""
    receivers = "receivers: [{name: none}, {name: a, slack_configs: [{channel: '#a'}]}]"
    text = (
        f"route: {{receiver: none, group_wait: 0s, routes: [{routes}]}}\n{receivers}\n{INTERVALS}"
    )
    found = ways(parse_yaml_document(text, "a.yml"), labels, Syntax.FALLBACK)
    return [problem.what for _, problem in gaps("A", found, DECLARED)]


@pytest.mark.parametrize(
    ("first", "second", "is_told"),
    [
        ("active_time_intervals: [office]", "mute_time_intervals: [office]", True),
        ("active_time_intervals: [summer]", "mute_time_intervals: [summer]", True),
        ("active_time_intervals: [berlin]", "mute_time_intervals: [berlin]", True),
        (
            "active_time_intervals: [office]",
            "active_time_intervals: [evening, morning, weekend]",
            True,
        ),
        ("active_time_intervals: [office]", "active_time_intervals: [evening, morning]", False),
        ("active_time_intervals: [office]", "mute_time_intervals: [weekend]", False),
        ("active_time_intervals: [office]", "mute_time_intervals: [berlin]", False),
        ("active_time_intervals: [office]", "active_time_intervals: [office]", False),
    ],
)
def test_routes_that_speak_by_turns_tell_at_any_time(
    first: str, second: str, is_told: bool
) -> None:
    """Only where one of them speaks at every minute of the week."""
    routes = f"{{receiver: a, continue: true, {first}}}, {{receiver: a, {second}}}"
    assert (missed(routes, LabelSet({"alertname": "A"})) == []) is is_told


def test_one_that_speaks_by_turns_must_do_so_in_time() -> None:
    """The slower of two decides."""
    routes = (
        "{receiver: a, continue: true, active_time_intervals: [office]},"
        "{receiver: a, group_wait: 2m, mute_time_intervals: [office]}"
    )
    assert missed(routes, LabelSet({"alertname": "A"})) == ["told after 120 s of gathering"]


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ("{receiver: a, matchers: ['region=~\"fra.*\"']},"
         "{receiver: a, matchers: ['region!~\"fra.*\"']}", 0),
        ("{receiver: a, matchers: ['region=~\"fra1|nyc1\"']},"
         "{receiver: none, matchers: ['region=~\"nyc1\"']}, {receiver: a}", 0),
        ("{receiver: a, matchers: ['region=~\"fra1\"']},"
         "{receiver: none, matchers: ['region=~\"nyc1\"']}, {receiver: a}", 1),
        ("{receiver: none, matchers: ['region=~\"f.*\"', 'region=~\"n.*\"']}, {receiver: a}", 0),
    ],
)  # fmt: skip
def test_a_way_that_no_label_goes_is_none(routes: str, expected: int) -> None:
    """Two expressions that no value matches both of lead nowhere."""
    labels = LabelSet({"alertname": "A"}, present=frozenset({"region"}))
    assert (
        len(missed(routes.replace("receiver: a", "receiver: a, group_interval: 1s"), labels))
        == expected
    )
