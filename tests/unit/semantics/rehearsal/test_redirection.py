"""Everything leads to the sinks, and nothing of the routing changes."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.rehearsal.notice import MARKER
from plimsoll.semantics.rehearsal.redirection import (
    Sink,
    gathers_each_alert_apart,
    longest_gathering_seconds,
    redirected,
    template_patterns,
)
from plimsoll.semantics.rehearsal.time_scale import TimeScale

SINK = Sink("http://127.0.0.1:1234/secret", "127.0.0.1:2525")
CONFIG = """
global:
  resolve_timeout: 5m
  slack_api_url_file: /run/secrets/slack
  smtp_smarthost: smtp.example.com:587
  smtp_from: alerts@example.com
  smtp_auth_password: hunter2
  http_config: {proxy_url: "http://proxy.example.com"}
  pagerduty_url: https://events.example.com
  opsgenie_api_key: abc
templates: [/etc/alertmanager/templates/*.tmpl, own.tmpl]
route:
  receiver: all
  group_by: [alertname]
  routes:
    - receiver: "the night / shift"
      matchers: [severity="critical"]
      continue: true
      group_wait: 10s
      group_interval: 1m
      repeat_interval: 30m
      routes:
        - {receiver: all, group_interval: 10m, mute_time_intervals: [nights]}
receivers:
  - name: all
    slack_configs:
      - channel: "#alerts"
        api_url: https://hooks.slack.example.com/services/T/B/X
        title: '{{ .Status }}'
        footer: ours
        http_config: {tls_config: {insecure_skip_verify: true}}
      - {channel: "#other", api_url_file: /run/secrets/other, send_resolved: true}
    webhook_configs:
      - {url: "https://hook.example.com", max_alerts: 5}
    email_configs:
      - to: oncall@example.com
        smarthost: mail.example.com:25
        auth_username: me
        auth_password: hunter2
        tls_config: {server_name: mail}
        headers: {Subject: '{{ .Status }}'}
  - name: the night / shift
    pagerduty_configs:
      - {routing_key: 0123456789abcdef, details: {runbook: x}, severity: critical}
      - {service_key_file: /run/secrets/pd, send_resolved: false}
      - {service_key: 0123456789abcdef, url: "https://pd.example.com"}
    opsgenie_configs:
      - {api_key: abc, api_url: "https://api.opsgenie.com", priority: P1}
    pushover_configs:
      - {user_key: abc, token: def}
    telegram_configs:
      - {bot_token: abc, chat_id: 1, send_resolved: false}
inhibit_rules:
  - source_matchers: [severity="critical"]
    target_matchers: [severity="warning"]
    equal: [alertname]
time_intervals:
  - name: nights
    time_intervals: [{times: [{start_time: "00:00", end_time: "06:00"}]}]
"""


def changed(text=CONFIG, templates=()):
    """A configuration as the rehearsal's Alertmanager gets it."""
    return redirected(parse_yaml_document(text, "am.yml"), SINK, TimeScale(), templates)


def test_no_address_and_no_credential_is_left():
    """Nothing can leave the machine, and nothing secret comes along."""
    written = json.dumps(changed().data)
    for word in ("example.com:", "hooks.slack", "hunter2", "/run/secrets", "0123456789", "proxy"):
        assert word not in written, word
    assert "opsgenie.com" not in written
    assert "http_config" not in written
    assert "tls_config" not in written


def test_routes_and_inhibition_stay():
    """Who is told of what is what the rehearsal is about."""
    data, before = changed().data, parse_yaml_document(CONFIG, "am.yml").data
    assert data["inhibit_rules"] == before["inhibit_rules"]
    assert data["time_intervals"] == before["time_intervals"]
    (night,) = data["route"]["routes"]
    assert night["matchers"] == ['severity="critical"']
    assert night["continue"] is True
    assert [one["name"] for one in data["receivers"]] == ["all", "the night / shift"]
    assert data["global"] == {
        "smtp_from": "alerts@example.com",
        "smtp_require_tls": False,
        "smtp_smarthost": "127.0.0.1:2525",
    }


def test_waits_are_shorter_the_root_has_its_defaults_and_nothing_is_repeated():
    """Where a route says nothing it inherits."""
    root = changed().data["route"]
    assert (root["group_wait"], root["group_interval"]) == ("500ms", "5000ms")
    assert root["repeat_interval"] == "600000ms"
    (night,) = root["routes"]
    assert (night["group_wait"], night["group_interval"]) == ("167ms", "1000ms")
    assert "group_wait" not in night["routes"][0]
    assert night["routes"][0]["group_interval"] == "10000ms"


def test_each_way_of_sending_has_an_address_of_its_own():
    """By it the sink knows which receiver sent over which channel."""
    everybody, night = changed().data["receivers"]
    assert [one["api_url"] for one in everybody["slack_configs"]] == [
        f"{SINK.url}/slack/all/0",
        f"{SINK.url}/slack/all/1",
    ]
    assert everybody["slack_configs"][0]["title"] == "{{ .Status }}"
    assert everybody["slack_configs"][0]["footer"] == f"ours {MARKER}"
    assert everybody["webhook_configs"] == [
        {"max_alerts": 5, "send_resolved": True, "url": f"{SINK.url}/webhook/all/0"}
    ]
    (mail,) = everybody["email_configs"]
    assert mail == {
        "to": "oncall@example.com",
        "send_resolved": False,
        "require_tls": False,
        "headers": {
            "Subject": "{{ .Status }}",
            "X-Plimsoll-Path": "email/all/0",
            "X-Plimsoll-Alerts": MARKER,
        },
    }
    path = "the%20night%20%2F%20shift"
    new, _, old = night["pagerduty_configs"]
    assert new["routing_key"] == "rehearsal"
    assert new["details"] == {"runbook": "x", "plimsoll": MARKER}
    assert (old["service_key"], old["url"]) == ("rehearsal", f"{SINK.url}/pagerduty/{path}/2")
    (opsgenie,) = night["opsgenie_configs"]
    assert opsgenie["api_url"] == f"{SINK.url}/opsgenie/{path}/0/"
    assert opsgenie["priority"] == "P1"


def test_a_webhook_stands_in_where_an_address_cannot_be_changed():
    """It is routed and held back as the other would be; the record says that it stood in."""
    made = changed()
    _, night = made.data["receivers"]
    path = "the%20night%20%2F%20shift"
    assert night["webhook_configs"] == [
        {"send_resolved": True, "url": f"{SINK.url}/pushover/{path}/0"},
        {"send_resolved": False, "url": f"{SINK.url}/telegram/{path}/0"},
    ]
    assert "pushover_configs" not in night
    stand_ins = {one.kind for one in made.integrations.values() if one.is_stand_in}
    assert stand_ins == {"pushover", "telegram"}


def test_it_is_known_who_tells_the_end():
    """Slack and e-mail only where asked to; Opsgenie closes an incident without naming the alert."""
    ends = {path: one.tells_the_end for path, one in changed().integrations.items()}
    night = "the%20night%20%2F%20shift"
    assert ends == {
        "slack/all/0": False,
        "slack/all/1": True,
        "webhook/all/0": True,
        "email/all/0": False,
        f"pagerduty/{night}/0": True,
        f"pagerduty/{night}/1": False,
        f"pagerduty/{night}/2": True,
        f"opsgenie/{night}/0": False,
        f"pushover/{night}/0": True,
        f"telegram/{night}/0": False,
    }


def test_it_is_known_whether_a_route_is_silent_at_times():
    """Then silence at this hour proves nothing."""
    assert changed().is_timed
    assert not changed(CONFIG.replace(", mute_time_intervals: [nights]", "")).is_timed


def test_templates_are_known_by_their_names_and_replaced():
    """They are found in the repository by the last part of their path."""
    document = parse_yaml_document(CONFIG, "am.yml")
    assert template_patterns(document) == ("*.tmpl", "own.tmpl")
    assert changed(templates=("template-0.tmpl",)).data["templates"] == ["template-0.tmpl"]


def test_the_longest_wait_for_an_end_is_known():
    """The root waits five minutes where it does not say."""
    assert longest_gathering_seconds(parse_yaml_document(CONFIG, "am.yml")) == 600.0
    short = "route: {receiver: a, routes: [{group_interval: 1m}]}"
    assert longest_gathering_seconds(parse_yaml_document(short, "am.yml")) == 300.0


@pytest.mark.parametrize(
    ("route", "apart"),
    [
        ("{group_by: [alertname, region]}", True),
        ("{group_by: ['...']}", True),
        ("{group_by: [region]}", False),
        ("{}", False),
        ("{group_by: [alertname], routes: [{receiver: b}]}", True),
        ("{group_by: [alertname], routes: [{group_by: [region]}]}", False),
        ("{group_by: [alertname], routes: [{routes: [{group_by: []}]}]}", False),
    ],
)
def test_it_is_known_whether_a_message_can_be_about_two_alerts(route, apart):
    """A route inherits how it groups; without any grouping everything is one message."""
    assert gathers_each_alert_apart(parse_yaml_document(f"route: {route}", "am.yml")) is apart


def test_a_wait_that_cannot_be_read_is_told():
    """Alertmanager would refuse it too."""
    with pytest.raises(ValueError, match="'soon' is not a duration"):
        changed("route: {receiver: a, group_wait: soon}")


KEYS = st.sampled_from(
    ["global", "route", "routes", "receivers", "name", "slack_configs", "email_configs",
     "pagerduty_configs", "opsgenie_configs", "details", "headers", "templates", "group_by",
     "smtp_from", "pushover_configs", "mute_time_intervals"]
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.integers(), st.text("ab/%{ ", max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=100)
@given(VALUES)
def test_any_document_is_redirected(data):
    """Alertmanager refuses what is none, in its own words; nothing of it ends a run here."""
    made = changed(json.dumps(data))
    assert json.dumps(made.data)
    assert all(path.count("/") == 2 for path in made.integrations)
