"""Everything that Alertmanager refuses is told at once, each with its place.

That these are what Alertmanager refuses is held against its own amtool in `tests/tools`.
"""

from __future__ import annotations

import pytest
import yaml

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.config import refusals
from plimsoll.semantics.alertmanager.matchers import Syntax


def told(text: str, syntax: Syntax = Syntax.CLASSIC) -> list[str]:
    """Return what is refused of a configuration."""
    found = refusals(parse_yaml_document(text, "a.yml"), syntax)
    assert all(one.where.startswith("a.yml:") for one in found)
    return [one.what for one in found]


def whole(**parts: object) -> str:
    """Return a configuration with some parts replaced."""
    sound: dict[str, object] = {"route": {"receiver": "r"}, "receivers": [{"name": "r"}]}
    return yaml.safe_dump({**sound, **parts})


def test_the_least_configuration_is_accepted() -> None:
    """Validate one route and one receiver."""
    assert told(whole()) == []


@pytest.mark.parametrize(
    ("route", "what"),
    [
        ({"continue": True}, "the root route has continue"),
        ({"active_time_intervals": ["x"]}, "the root route has active_time_intervals"),
        ({"group_by": ["a", "..."]}, "group_by has ... and other labels"),
        ({"group_by": ["a", "a"]}, "group_by has the label a 2 times"),
        ({"group_by": ["a-b"]}, '"a-b" is no name of a label'),
        ({"group_by": [""]}, '"" is no name of a label'),
        ({"repeat_interval": "0s"}, "repeat_interval is zero"),
        ({"group_wait": 30}, "group_wait is 30"),
        ({"group_wait": {}}, "route.group_wait is a mapping"),
        ({"routes": [{"matchers": ["a"]}]}, "'a' is no matcher"),
        ({"routes": [{"match_re": {"a": "("}}]}, "the pattern '(' is refused: missing )"),
        ({"routes": ["r"]}, "route.routes[0] is text"),
    ],
)
def test_a_route_is_refused(route: dict[str, object], what: str) -> None:
    """Break a route."""
    assert what in told(whole(route={"receiver": "r", **route}))


@pytest.mark.parametrize(
    "route", [{"group_by": ["..."]}, {"group_by": None}, {"group_wait": 0}, {"routes": None}]
)
def test_a_route_is_accepted(route: dict[str, object]) -> None:
    """Write a route in an unusual way."""
    assert told(whole(route={"receiver": "r", **route})) == []


def test_present_versions_name_labels_as_they_like() -> None:
    """Group by a label whose name only the present syntax has."""
    text = whole(route={"receiver": "r", "group_by": ["a.b"]}, inhibit_rules=[{"equal": ["a-b"]}])
    assert len(told(text)) == 2
    assert told(text, Syntax.FALLBACK) == []


@pytest.mark.parametrize(
    ("shared", "what"),
    [
        ({"resolve_timeout": "soon"}, 'resolve_timeout is "soon"'),
        ({"slack_api_url": "http://a.b/", "slack_api_url_file": "/x"}, "both slack_api_url and"),
        ({"slack_api_url": "a"}, "slack_api_url is no address of the web"),
        ({"pagerduty_url": "http://[x"}, "pagerduty_url is no address of the web"),
        ({"smtp_smarthost": "a"}, "smtp_smarthost is no host with a port"),
        ({"unknown": 1}, "unknown field global.unknown"),
    ],
)
def test_the_global_section_is_refused(shared: dict[str, object], what: str) -> None:
    """Break the global section; no address is told, for it may be a secret."""
    assert any(one.startswith(what) for one in told(whole(**{"global": shared})))


@pytest.mark.parametrize(
    ("kind", "entry", "what"),
    [
        ("slack_configs", {}, "slack_configs of r has no api_url"),
        ("slack_configs", {"fields": [{"title": "a", "value": ""}]}, "value of a part"),
        ("slack_configs", {"actions": [{"type": "a", "text": "b"}]}, "neither url nor name"),
        (
            "slack_configs",
            {"actions": [{"type": "a", "text": "b", "url": "c", "confirm": {}}]},
            "a confirmation has no text",
        ),
        ("email_configs", {"to": "a", "headers": {"A": "1", "a": "2"}}, "given twice"),
        ("email_configs", {"to": "a", "smarthost": "b"}, "smarthost is no host with a port"),
        ("pagerduty_configs", {"routing_key": "a", "routing_key_file": "b"}, "both routing_key"),
        ("webhook_configs", {"url": "a"}, "url is no address of the web"),
        ("opsgenie_configs", {"api_key": "a", "responders": [{"type": "team"}]}, "has no id"),
        (
            "opsgenie_configs",
            {"api_key": "a", "responders": [{"id": "b", "type": "x"}]},
            "no known",
        ),
        ("victorops_configs", {"custom_fields": {"entity_id": "a"}}, "is a fixed one"),
        ("telegram_configs", {"parse_mode": "Plain"}, "parse_mode is unknown"),
        ("telegram_configs", {"bot_token": "a", "chat_id": 0}, "has no chat_id"),
        ("wechat_configs", {"message_type": "voice"}, "message_type is unknown"),
        ("webex_configs", {"room_id": "a"}, "no http_config.authorization"),
        ("sns_configs", {"topic_arn": "a", "phone_number": "b"}, "both topic_arn and"),
        ("discord_configs", {}, "has no webhook_url"),
    ],
)
def test_a_channel_is_refused(kind: str, entry: dict[str, object], what: str) -> None:
    """Break a channel."""
    assert any(what in one for one in told(whole(receivers=[{"name": "r", kind: [entry]}])))


def test_channels_are_accepted() -> None:
    """Write channels in unusual ways."""
    shared = {"slack_api_url": "<secret>", "smtp_smarthost": "[::1]:25", "smtp_from": "a"}
    kinds: dict[str, list[dict[str, object]]] = {
        "slack_configs": [
            {
                "channel": "#a",
                "actions": [{"type": "a", "text": "b", "name": "c", "confirm": {"text": "d"}}],
            }
        ],
        "email_configs": [{"to": "a", "headers": {"A": "1"}, "auth_password": "a"}],
        "opsgenie_configs": [{"api_key": "a", "responders": [{"id": "b", "type": "{{ .x }}"}]}],
        "telegram_configs": [{"bot_token": "a", "chat_id": 1, "parse_mode": "HTML"}],
        "wechat_configs": [{"api_secret": "a", "corp_id": "b", "message_type": "text"}],
        "webex_configs": [{"room_id": "a", "http_config": {"authorization": {"type": "b"}}}],
        "victorops_configs": [{"api_key": "a", "routing_key": "b", "custom_fields": {"c": "d"}}],
        "sns_configs": [{"topic_arn": "a", "api_url": "b"}],
    }
    assert told(whole(receivers=[{"name": "r", **kinds}], **{"global": shared})) == []


@pytest.mark.parametrize(
    ("receivers", "what"),
    [
        ([{"name": "r"}, {"name": "r"}], "receiver r is defined twice"),
        ([{"name": "r"}, {"name": ""}], "a receiver has no name"),
        ([{"name": "r", "slack_configs": ["a"]}], "receivers[0].slack_configs[0] is text"),
    ],
)
def test_a_receiver_is_refused(receivers: list[object], what: str) -> None:
    """Break the list of receivers."""
    assert what in told(whole(receivers=receivers))


@pytest.mark.parametrize(
    "span",
    [
        {"times": [{"start_time": "10:00", "end_time": "09:00"}]},
        {"times": [{"start_time": "9:00", "end_time": "10:00"}]},
        {"times": [{"start_time": "09:00"}]},
        {"weekdays": ["friday:monday"]},
        {"weekdays": ["1"]},
        {"weekdays": ["a:b:c"]},
        {"days_of_month": [0]},
        {"days_of_month": ["32"]},
        {"days_of_month": ["-1:1"]},
        {"days_of_month": ["20:-10"]},
        {"months": ["december:january"]},
        {"months": ["smarch"]},
        {"years": ["2030:2020"]},
        {"location": "a b"},
        {"hours": [1]},
    ],
)
def test_a_time_interval_is_refused(span: dict[str, object]) -> None:
    """Break a time interval."""
    assert len(told(whole(time_intervals=[{"name": "i", "time_intervals": [span]}]))) == 1


def test_time_intervals_are_named_once() -> None:
    """Name two intervals alike, in both sections, and one not at all."""
    one = {"name": "i", "time_intervals": [{"weekdays": ["monday:friday"], "months": [1]}]}
    text = whole(mute_time_intervals=[one], time_intervals=[one, {"name": ""}])
    assert told(text) == ["time interval i is defined twice", "a time interval has no name"]


def test_a_time_interval_is_accepted() -> None:
    """Write a time interval in every way there is."""
    span = {
        "times": [{"start_time": "00:00", "end_time": "24:00"}],
        "weekdays": ["Monday", "tuesday:friday"],
        "days_of_month": ["1:31", "-31:-1", 5],
        "months": ["march:10", 12],
        "years": ["2025:2026"],
        "location": "Europe/Berlin",
    }
    assert told(whole(time_intervals=[{"name": "i", "time_intervals": [span]}])) == []
