"""Alerts go down the tree of routes as Alertmanager sends them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics.alertmanager.labels import LabelSet
from plimsoll.semantics.alertmanager.routing import (
    RoutingError,
    cases_of,
    route_tree,
    routes_of,
)

TREE = """
route:
  receiver: everyone
  group_by: [alertname]
  group_interval: 2m
  routes:
    - matchers: [severity="critical"]
      receiver: oncall
      group_wait: 10s
      continue: true
      mute_time_intervals: [nights]
      routes:
        - match: {team: data}
          receiver: data
          group_by: ['...']
        - match_re: {team: "web|api"}
          repeat_interval: 1h
    - matchers: ['{severity=~"critical|warning", region!="test"}']
      receiver: chat
      group_by: []
      active_time_intervals: [days]
"""


def config(text: str = TREE) -> Document:
    """Parse a configuration."""
    return parse_yaml_document(text, "a.yml")


def receivers(**labels: str) -> list[str]:
    """Return the receivers of an alert."""
    return [one.receiver for one in routes_of(config(), labels)]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({}, ["everyone"]),
        ({"severity": "info"}, ["everyone"]),
        ({"severity": "warning"}, ["chat"]),
        ({"severity": "warning", "region": "test"}, ["everyone"]),
        ({"severity": "critical"}, ["oncall", "chat"]),
        ({"severity": "critical", "region": "test"}, ["oncall"]),
        ({"severity": "critical", "team": "data"}, ["data", "chat"]),
        ({"severity": "critical", "team": "api"}, ["oncall", "chat"]),
        ({"severity": "critical", "team": "apis"}, ["oncall", "chat"]),
    ],
)
def test_an_alert_goes_to_the_first_that_matches(
    labels: dict[str, str], expected: list[str]
) -> None:
    """Walk the tree depth first; `continue` goes on with the next sibling."""
    assert receivers(**labels) == expected


def test_a_route_inherits_what_it_does_not_say() -> None:
    """Read the settings of a route, of the one above it, and the defaults."""
    data, chat = routes_of(config(), {"severity": "critical", "team": "data"})
    assert (data.group_wait_seconds, data.group_interval_seconds) == (10, 120)
    assert (data.repeat_interval_seconds, data.group_by) == (14400, ("...",))
    assert (chat.group_wait_seconds, chat.group_by) == (30, ("alertname",))
    assert (data.path, chat.path) == ((0, 0), (1,))
    assert (data.where, chat.where) == ("a.yml:13", "a.yml:18")


def test_time_intervals_are_each_route_s_own() -> None:
    """A route below a muted one is not muted by it."""
    (muted, _), (inner, chat) = (
        routes_of(config(), {"severity": "critical", "team": team}) for team in ("", "data")
    )
    assert (muted.mute_intervals, inner.mute_intervals) == (("nights",), ())
    assert chat.active_intervals == ("days",)


def test_what_is_not_known_makes_cases() -> None:
    """Route an alert whose team nobody knows: every way is told, with what it assumes."""
    found = cases_of(config(), LabelSet({"severity": "critical", "region": "test"}, is_open=True))
    told = {tuple(one.receiver for one in case.routed): case.labels for case in found}
    assert set(told) == {("data",), ("oncall",)}
    assert told["data",].of("team") == "data"
    assert told["data",].spelled_assumptions() == ('team="data"',)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("receivers: []", "no root route"),
        ("route: {routes: []}", "no root route"),
        ("route: {receiver: a, routes: [{matchers: ['a']}]}", "no matcher"),
        ("route: {receiver: a, routes: [{match: {a: 1.5}}]}", "no text"),
        ("route: {receiver: a, group_wait: soon}", "no duration"),
    ],
)
def test_a_tree_that_cannot_be_read_is_said_so(text: str, reason: str) -> None:
    """Read trees that decide nothing."""
    with pytest.raises(RoutingError, match=reason):
        route_tree(config(text))


def test_an_unread_pattern_is_not_guessed() -> None:
    """Route by a pattern that is beyond what is read."""
    text = "route: {receiver: a, routes: [{receiver: b, match_re: {c: '\\pL'}}]}"
    with pytest.raises(RoutingError, match="cannot tell"):
        routes_of(config(text), {"c": "d"})


def test_too_many_cases_are_not_followed() -> None:
    """Let everything depend on labels that nobody knows."""
    routes = "".join(f"    - {{matchers: [l{at}=~'x.*'], continue: true}}\n" for at in range(12))
    with pytest.raises(RoutingError, match="too much depends"):
        cases_of(config(f"route:\n  receiver: a\n  routes:\n{routes}"), LabelSet(is_open=True))


def test_many_siblings_are_walked() -> None:
    """Walk more siblings than Python nests calls."""
    routes = "".join(f"    - {{matchers: [a=x{at}]}}\n" for at in range(1500))
    found = routes_of(config(f"route:\n  receiver: r\n  routes:\n{routes}"), {"a": "x1400"})
    assert found[0].path == (1400,)


LABELS = st.dictionaries(
    st.sampled_from(["severity", "team", "region"]),
    st.sampled_from(["critical", "warning", "data", "web", "test", "x"]),
)


@settings(max_examples=100, deadline=None)
@given(LABELS, st.sets(st.sampled_from(["severity", "team", "region"])))
def test_one_of_the_cases_is_what_happens(labels: dict[str, str], forgotten: set[str]) -> None:
    """Forget some labels of an alert: where it really goes is among the cases."""
    known = {name: labels.get(name, "") for name in ("severity", "team", "region")}
    known = {name: value for name, value in known.items() if name not in forgotten}
    found = cases_of(config(), LabelSet(known, unsure=frozenset(forgotten)))
    really = [one.receiver for one in routes_of(config(), labels)]
    assert really in [[one.receiver for one in case.routed] for case in found]
