"""What each kind of channel needs in order to reach anybody.

Source: the Alertmanager documentation of each `*_configs`, and its `config/notifiers.go`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_SUFFIX = "_file"


@dataclass(frozen=True, slots=True)
class Need:
    """Something a channel needs: one of its own fields, or else one of the global section.

    A field that ends in `_file` holds the path of a file with the value in it.
    """

    name: str
    own: tuple[str, ...]
    shared: tuple[str, ...] = ()
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """A kind of channel, what it needs, and the field that says where on it a message goes."""

    name: str
    needs: tuple[Need, ...]
    to: tuple[str, ...] = ()


def _either(name: str) -> tuple[str, str]:
    return name, name + FILE_SUFFIX


_HOOK = Need("webhook_url", _either("webhook_url"))

KINDS: Mapping[str, ChannelKind] = MappingProxyType(
    {
        "slack_configs": ChannelKind(
            "slack",
            (
                Need(
                    "api_url",
                    (*_either("api_url"), *_either("app_token")),
                    (*_either("slack_api_url"), *_either("slack_app_token")),
                ),
            ),
            ("channel",),
        ),
        "email_configs": ChannelKind(
            "email",
            (
                Need("to", ("to",)),
                Need("smarthost", ("smarthost",), ("smtp_smarthost",)),
                Need("from", ("from",), ("smtp_from",)),
                Need(
                    "auth_username", ("auth_username",), ("smtp_auth_username",), is_optional=True
                ),
                Need(
                    "auth_password",
                    (*_either("auth_password"), *_either("auth_secret")),
                    (*_either("smtp_auth_password"), *_either("smtp_auth_secret")),
                    is_optional=True,
                ),
            ),
            ("to",),
        ),
        "pagerduty_configs": ChannelKind(
            "pagerduty",
            (
                Need("routing_key", (*_either("routing_key"), *_either("service_key"))),
                Need("url", ("url",), ("pagerduty_url",), is_optional=True),
            ),
        ),
        "webhook_configs": ChannelKind("webhook", (Need("url", _either("url")),)),
        "opsgenie_configs": ChannelKind(
            "opsgenie",
            (
                Need("api_key", _either("api_key"), _either("opsgenie_api_key")),
                Need("api_url", ("api_url",), ("opsgenie_api_url",), is_optional=True),
            ),
        ),
        "victorops_configs": ChannelKind(
            "victorops",
            (
                Need("api_key", _either("api_key"), _either("victorops_api_key")),
                Need("routing_key", ("routing_key",)),
            ),
            ("routing_key",),
        ),
        "pushover_configs": ChannelKind(
            "pushover", (Need("user_key", _either("user_key")), Need("token", _either("token")))
        ),
        "sns_configs": ChannelKind(
            "sns",
            (Need("topic_arn", ("topic_arn", "target_arn", "phone_number")),),
            ("topic_arn", "target_arn", "phone_number"),
        ),
        "telegram_configs": ChannelKind(
            "telegram",
            (
                Need("bot_token", _either("bot_token"), _either("telegram_bot_token")),
                Need("chat_id", _either("chat_id")),
            ),
            ("chat_id",),
        ),
        "discord_configs": ChannelKind("discord", (_HOOK,)),
        "msteams_configs": ChannelKind("msteams", (_HOOK,)),
        "msteamsv2_configs": ChannelKind("msteams", (_HOOK,)),
        "webex_configs": ChannelKind("webex", (Need("room_id", ("room_id",)),), ("room_id",)),
        "wechat_configs": ChannelKind(
            "wechat",
            (
                Need("api_secret", _either("api_secret"), _either("wechat_api_secret")),
                Need("corp_id", ("corp_id",), ("wechat_api_corp_id",)),
            ),
            ("to_user", "to_party", "to_tag"),
        ),
        "jira_configs": ChannelKind(
            "jira",
            (Need("api_url", ("api_url",), ("jira_api_url",)), Need("project", ("project",))),
            ("project",),
        ),
        "rocketchat_configs": ChannelKind(
            "rocketchat",
            (
                Need("token", _either("token"), _either("rocketchat_token")),
                Need("token_id", _either("token_id"), _either("rocketchat_token_id")),
            ),
            ("channel",),
        ),
        "mattermost_configs": ChannelKind(
            "mattermost",
            (Need("webhook_url", _either("webhook_url"), _either("mattermost_webhook_url")),),
            ("channel",),
        ),
        "incidentio_configs": ChannelKind("incidentio", (Need("url", _either("url")),)),
    }
)
"""The list of a receiver → the kind of channel that its entries are."""
