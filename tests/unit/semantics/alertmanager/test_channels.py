"""A channel reaches somebody, or it is said what keeps it from that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.channels import (
    Channel,
    channels_of,
    mount_doubts,
    mount_problems,
)
from plimsoll.semantics.compose import services

if TYPE_CHECKING:
    from collections.abc import Mapping

GLOBAL = {
    "slack_api_url_file": "/run/secrets/slack",
    "smtp_smarthost": "smtp.shop.org:587",
    "smtp_from": "Alerts <alerts@shop.org>",
    "smtp_auth_username": "alerts",
    "smtp_auth_password_file": "secrets/smtp",
}
HOOK = "https://hooks.slack.com/services/T0AB1/B0CD2/e3fGh4"


def channel(kind: str, entry: Mapping[str, object], **shared: object) -> Channel:
    """Return the only channel of a receiver."""
    used = {name: value for name, value in {**GLOBAL, **shared}.items() if value is not None}
    text = yaml.safe_dump({"global": used, "receivers": [{"name": "r", kind: [entry]}]})
    (found,) = channels_of(parse_yaml_document(text, "a.yml"), "r")
    return found


SOUND: list[tuple[str, dict[str, object]]] = [
    ("slack_configs", {"channel": "#alerts"}),
    ("slack_configs", {"api_url": HOOK, "channel": "#alerts"}),
    ("slack_configs", {"api_url": "https://chat.shop.org/hooks/x7"}),
    ("slack_configs", {"app_token_file": "/run/secrets/x", "channel": "alerts"}),
    ("email_configs", {"to": "a@shop.org, B <b@shop.org>"}),
    ("email_configs", {"to": "a@shop.org", "smarthost": "localhost:25", "from": "c@shop.org"}),
    ("pagerduty_configs", {"routing_key": "0f3c9e51a7d24b68"}),
    ("pagerduty_configs", {"routing_key": "‹masked›"}),
    ("pagerduty_configs", {"service_key_file": "/run/secrets/pd"}),
    ("webhook_configs", {"url": "http://hook:9000/"}),
    ("telegram_configs", {"bot_token": "1:a7", "chat_id": -10}),
    ("opsgenie_configs", {"api_key_file": "/run/secrets/og"}),
]
FLAWED: list[tuple[str, dict[str, object], dict[str, object], str]] = [
    ("slack_configs", {"channel": "#${CHANNEL}"}, {}, "channel is unexpanded variable"),
    ("slack_configs", {"channel": ""}, {}, "channel is empty"),
    ("slack_configs", {"channel": "#your-channel"}, {}, "channel is placeholder"),
    ("slack_configs", {"channel": "{{ .Labels.c }}"}, {}, "channel is a template"),
    ("slack_configs", {}, {"slack_api_url_file": None}, "no api_url is given"),
    ("slack_configs", {"api_url": ""}, {"slack_api_url_file": None}, "api_url is empty"),
    ("slack_configs", {"api_url": "${HOOK}"}, {}, "api_url is unexpanded variable"),
    ("slack_configs", {"api_url": "https://hooks.slack.com/x"}, {}, "no address of a Slack"),
    ("slack_configs", {"api_url": "https://your-chat.org/x"}, {}, "api_url is placeholder"),
    ("slack_configs", {"api_url": "https://chat.example.com/x"}, {}, "api_url is placeholder"),
    ("slack_configs", {"api_url": "hook"}, {}, "no address of the web"),
    ("slack_configs", {"api_url": "https://[x/"}, {}, "no address of the web"),
    ("slack_configs", {"api_url_file": "/run/${NAME}"}, {}, "api_url_file is unexpanded"),
    ("email_configs", {"to": ""}, {}, "to is empty"),
    ("email_configs", {"to": " , "}, {}, "to is empty"),
    ("email_configs", {"to": "oncall"}, {}, "to is no e-mail address"),
    ("email_configs", {"to": "a@shop.org, b@example.com"}, {}, "to is placeholder"),
    ("email_configs", {"to": "${A}, b@shop.org"}, {}, "to is unexpanded variable"),
    ("email_configs", {"to": "{{ .CommonLabels.team }}@shop.org"}, {}, "to is a template"),
    ("email_configs", {"to": "a@shop.org"}, {"smtp_from": "you"}, "smtp_from is no e-mail"),
    ("email_configs", {"to": "a@shop.org"}, {"smtp_smarthost": "a"}, "no host and port"),
    (
        "email_configs",
        {"to": "a@shop.org"},
        {"smtp_smarthost": "smtp.example.org:25"},
        "placeholder",
    ),
    ("email_configs", {"to": "a@shop.org"}, {"smtp_auth_password_file": None}, "to log in with"),
    ("email_configs", {"to": "a@shop.org", "auth_password": "changeme"}, {}, "auth_password is"),
    ("email_configs", {"to": "a@shop.org", "auth_username": "$USER"}, {}, "auth_username is"),
    ("pagerduty_configs", {}, {}, "no routing_key is given"),
    ("pagerduty_configs", {"routing_key": "CHANGEME"}, {}, "routing_key is placeholder"),
    ("pagerduty_configs", {"routing_key": "<key>"}, {}, "routing_key is placeholder"),
    ("pagerduty_configs", {"routing_key": "a7", "url": "${U}"}, {}, "url is unexpanded"),
    ("webhook_configs", {"url": "http://hook.example/"}, {}, "url is placeholder"),
    ("victorops_configs", {"api_key": "a7"}, {}, "no routing_key is given"),
    ("telegram_configs", {"bot_token": "YOUR_TOKEN", "chat_id": 1}, {}, "bot_token is placeholder"),
]


@pytest.mark.parametrize(("kind", "entry"), SOUND)
def test_a_channel_with_all_that_it_needs_is_sound(kind: str, entry: dict[str, object]) -> None:
    """Give a channel what it needs, in its own place or in the global section."""
    assert channel(kind, entry).problems == ()


@pytest.mark.parametrize(("kind", "entry", "shared", "what"), FLAWED)
def test_what_keeps_a_channel_from_anybody_is_told(
    kind: str, entry: dict[str, object], shared: dict[str, object], what: str
) -> None:
    """Leave something out, empty, or not filled in."""
    found = channel(kind, entry, **shared).problems
    assert any(what in one.what for one in found), found
    assert all(one.where.startswith("a.yml:") for one in found)


def test_a_channel_tells_where_it_leads() -> None:
    """Ask a channel whether it leads to a place, however that is written."""
    slack, email = (
        channel("slack_configs", {"channel": "#Alerts"}),
        channel("email_configs", {"to": "A <a@shop.org>, b@shop.org"}),
    )
    assert slack.leads_to("slack", "alerts")
    assert slack.leads_to("slack", None)
    assert not slack.leads_to("slack", "#other")
    assert not slack.leads_to("email", None)
    assert email.leads_to("email", "B@shop.org")
    assert email.to == ("a@shop.org", "b@shop.org")
    assert email.spelled == "email ‹masked›@shop.org, ‹masked›@shop.org"
    assert channel("telegram_configs", {"bot_token": "a7", "chat_id": -10}).to == ("-10",)


def test_a_receiver_that_is_not_defined_has_no_channels() -> None:
    """Ask for a receiver that is not there."""
    assert channels_of(parse_yaml_document("receivers: [{name: r}]", "a.yml"), "x") == ()


COMPOSE = """
services:
  alertmanager:
    image: prom/alertmanager:v0.28.1
    volumes: ["./secrets:/alertmanager/secrets:ro", "data:/run/data"]
    secrets: [slack]
secrets: {slack: {file: ./x}}
volumes: {data: {}}
"""


@pytest.mark.parametrize(
    ("path", "is_mounted"),
    [
        ("/run/secrets/slack", True),
        ("secrets/smtp", True),
        ("/run/secrets/other", False),
    ],
)
def test_a_file_with_a_secret_is_mounted(path: str, is_mounted: bool) -> None:
    """Look for the file among what Compose mounts."""
    (service,) = services(parse_yaml_document(COMPOSE, "c.yml"))
    found = list(mount_problems(channel("slack_configs", {"api_url_file": path}), service))
    assert [one.what for one in found] == (
        [] if is_mounted else [f"api_url_file: {path} is not mounted into alertmanager"]
    )


def test_what_a_volume_holds_is_neither_there_nor_missing() -> None:
    """No file tells; a mount below the volume hides it."""
    (service,) = services(parse_yaml_document(COMPOSE, "c.yml"))
    on_volume = channel("slack_configs", {"api_url_file": "/run/data/x"})
    assert not list(mount_problems(on_volume, service))
    assert len(list(mount_doubts(on_volume, service))) == 1
    deeper = COMPOSE.replace('"data:/run/data"', '"data:/run/data", "./x:/run/data/x:ro"')
    (service,) = services(parse_yaml_document(deeper, "c.yml"))
    assert not list(mount_doubts(on_volume, service))
