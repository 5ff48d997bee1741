"""Every fault of an Alertmanager configuration is reported at once, with its place."""

from __future__ import annotations

import pytest

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics.alertmanager import config as alertmanager_config

SOUND = """\
global:
  slack_api_url_file: /run/secrets/slack
  smtp_smarthost: smtp.shop.test:587
  smtp_from: alerts@shop.test
route:
  receiver: everyone
  group_wait: 30s
  routes:
    - receiver: oncall
      matchers: [severity="critical"]
      repeat_interval: 30m
      active_time_intervals: [always]
receivers:
  - name: everyone
    slack_configs:
      - {channel: "#alerts", text: "{{ range .Alerts }}$ {{ .Labels.x }}{{ end }}"}
  - name: oncall
    pagerduty_configs:
      - {routing_key_file: /run/secrets/pagerduty}
    email_configs:
      - {to: oncall@shop.test}
    webhook_configs:
      - {url: "http://hook.shop.test/"}
inhibit_rules:
  - {source_matchers: [a="b"], target_matchers: [c="d"], equal: [service]}
time_intervals:
  - {name: always, time_intervals: []}
"""


def config(text: str = SOUND) -> Document:
    """Parse a configuration."""
    return parse_yaml_document(text, "alertmanager.yml")


def test_a_sound_configuration_has_no_problems() -> None:
    """Validate a configuration in which everything is right."""
    assert alertmanager_config.problems(config()) == ()
    assert alertmanager_config.receivers(config()) == ("everyone", "oncall")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("to: oncall@", "subject: x, to: oncall@", "email_configs[0].subject"),
        ("to: oncall@", "body: x, to: oncall@", "email_configs[0].body"),
        ("to: oncall@", "from: oncall@", "has no to"),
        ("channel:", "chanel:", "slack_configs[0].chanel"),
        ("/run/secrets/pagerduty", "'${KEY}'", "placeholder ${KEY}"),
        ("smtp.shop.test:587", "'${HOST:-smtp.shop.test:587}'", "placeholder ${HOST}"),
        ("- receiver: oncall", "- receiver: nobody", "receiver nobody is not defined"),
        ("receiver: everyone", "group_by: [a]", "the root route has no receiver"),
        ("  group_wait: 30s", "  matchers: [a=b]", "the root route has matchers"),
        ("group_wait: 30s", "group_wait: soon", 'group_wait is "soon"'),
        ("[always]", "[never]", "time interval never is not defined"),
        ("name: oncall", "name: everyone", "receiver everyone is defined twice"),
        ("slack_api_url_file: /run/secrets/slack", "resolve_timeout: 5m", "has no api_url"),
        ("smtp_smarthost: smtp.shop.test:587", "resolve_timeout: 5m", "has no smarthost"),
        ("routing_key_file: /run/secrets/pagerduty", "client: x", "has no routing_key"),
        ("route:", "routes:", "the document has no route"),
        ("equal: [service]", "equals: [service]", "inhibit_rules[0].equals"),
    ],
)
def test_a_fault_is_reported_with_its_place(old: str, new: str, what: str) -> None:
    """Break one thing."""
    assert old in SOUND
    found = alertmanager_config.problems(config(SOUND.replace(old, new, 1)))
    assert any(what in problem.what for problem in found), found
    assert all(problem.where.startswith("alertmanager.yml:") for problem in found)


def test_all_faults_are_reported_at_once() -> None:
    """Break three things and count the places."""
    text = (
        SOUND.replace("to: oncall@", "subject: x, to: oncall@")
        .replace("30s", "soon")
        .replace("/run/secrets/pagerduty", "'${S}'")
    )
    found = alertmanager_config.problems(config(text))
    assert len({problem.where for problem in found}) == 3


def test_a_default_inside_a_placeholder_is_not_shown() -> None:
    """Give a placeholder a default that is a secret."""
    text = SOUND.replace("/run/secrets/slack", "'${SLACK:-hooks.test/s3cr3t}'")
    assert all(
        "s3cr3t" not in problem.what for problem in alertmanager_config.problems(config(text))
    )
