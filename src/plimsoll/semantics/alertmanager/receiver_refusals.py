"""What Alertmanager refuses in receivers and in the global section they fall back on.

Source: `Config.UnmarshalYAML` and `notifiers.go` of its package `config`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plimsoll.semantics.alertmanager.channel_kinds import FILE_SUFFIX, KINDS
from plimsoll.semantics.alertmanager.route_refusals import duration_refusals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from plimsoll.facts.document import Part, Problem

_MASKED = "<secret>"
"""What amtool shows instead of a secret, and reads again as an address."""
_ADDRESS = re.compile(r"(?:\[[^\[\]]*\]|[^:\[\]]*):[^:\[\]]+")
_URL_FIELDS = ("api_url", "url", "webhook_url")
_NO_URL = frozenset({("sns_configs", "api_url"), ("pushover_configs", "url")})
_EITHER = frozenset({"email_configs"})
"""Kinds that take a value and a file with it side by side."""
_MODES = ("Markdown", "MarkdownV2", "HTML")
_RESPONDERS = ("team", "teams", "user", "escalation", "schedule")
_RESERVED = (
    "routing_key",
    "message_type",
    "state_message",
    "entity_display_name",
    "monitoring_tool",
    "entity_id",
    "entity_state",
)


def receiver_refusals(root: Part) -> Iterator[Problem]:
    """Yield what is wrong with the global section, with names, and with every channel."""
    yield from _global_refusals(root["global"])
    seen: set[str] = set()
    for receiver in root["receivers"]:
        name = receiver["name"].text
        if not receiver["name"].value and receiver["name"].exists:
            yield receiver.problem("a receiver has no name", "a name")
        elif name is not None and name in seen:
            yield receiver["name"].problem(f"receiver {name} is defined twice", "each name once")
        seen.add(name or "")
        for field in KINDS:
            for entry in receiver[field]:
                if isinstance(entry.value, dict):
                    yield from _need_refusals(entry, field, root["global"], name)
                    yield from _entry_refusals(entry, field)


def _global_refusals(shared: Part) -> Iterator[Problem]:
    if not isinstance(shared.value, dict):
        return
    yield from duration_refusals(shared["resolve_timeout"])
    yield from _pair_refusals(shared)
    yield from _address_refusals(shared["smtp_smarthost"])
    for one in shared:
        if str(one.key).endswith("_url"):
            yield from _url_refusals(one)


def _need_refusals(
    entry: Part, field: str, shared: Part, receiver: str | None
) -> Iterator[Problem]:
    for need in KINDS[field].needs:
        is_given = any(_is_given(entry[own]) for own in need.own)
        if need.is_optional or is_given or any(_is_given(shared[one]) for one in need.shared):
            continue
        what = f"{field} of {receiver} has no {need.name}"
        yield entry.problem(what, " or ".join((*need.own, *need.shared)))


def _entry_refusals(entry: Part, field: str) -> Iterator[Problem]:
    if field not in _EITHER:
        yield from _pair_refusals(entry)
    for name in _URL_FIELDS:
        if (field, name) not in _NO_URL:
            yield from _url_refusals(entry[name])
    if field in _SPECIAL:
        yield from _SPECIAL[field](entry)


def _pair_refusals(part: Part) -> Iterator[Problem]:
    for one in part:
        other = part[f"{one.key}{FILE_SUFFIX}"]
        if _is_given(one) and _is_given(other):
            yield one.problem(f"both {one.key} and {other.key} are given", "one of the two")


def _is_given(part: Part) -> bool:
    return part.exists and part.value not in (None, "", 0)


def _url_refusals(part: Part) -> Iterator[Problem]:
    """Yield that something is no URL; what it is may be a secret and is not told."""
    if part.text is None or part.text == _MASKED:
        return
    try:
        parts = urlsplit(part.text)
        is_url = parts.scheme in {"http", "https"} and bool(parts.netloc)
    except ValueError:
        is_url = False
    if not is_url:
        yield part.problem(f"{part.key} is no address of the web", "a URL such as https://…")


def _address_refusals(part: Part) -> Iterator[Problem]:
    if part.text and not _ADDRESS.fullmatch(part.text):
        yield part.problem(f"{part.key} is no host with a port", "an address such as host:587")


def _email_refusals(entry: Part) -> Iterator[Problem]:
    yield from _address_refusals(entry["smarthost"])
    seen: set[str] = set()
    for header in entry["headers"]:
        name = str(header.key).casefold()
        if name in seen:
            yield header.problem(f"the header {header.key} is given twice", "each header once")
        seen.add(name)


def _slack_refusals(entry: Part) -> Iterator[Problem]:
    for part in (*entry["fields"], *entry["actions"]):
        for name in ("title", "value", "type", "text"):
            if part[name].exists and not _is_given(part[name]):
                yield part[name].problem(f"{name} of a part of the message is empty", "a text")
    for action in entry["actions"]:
        if not _is_given(action["url"]) and not _is_given(action["name"]):
            yield action.problem("an action has neither url nor name", "one of the two")
        if isinstance(action["confirm"].value, dict) and not _is_given(action["confirm"]["text"]):
            yield action["confirm"].problem("a confirmation has no text", "a text")


def _opsgenie_refusals(entry: Part) -> Iterator[Problem]:
    for one in entry["responders"]:
        if not any(_is_given(one[name]) for name in ("id", "name", "username")):
            yield one.problem("a responder has no id, name or username", "one of them")
        kind = one["type"].text or ""
        if "{{" not in kind and kind.lower() not in _RESPONDERS:
            yield one["type"].problem("a responder is of no known type", ", ".join(_RESPONDERS))


def _victorops_refusals(entry: Part) -> Iterator[Problem]:
    for field in entry["custom_fields"]:
        if field.key in _RESERVED:
            yield field.problem(f"the custom field {field.key} is a fixed one", "another name")


def _telegram_refusals(entry: Part) -> Iterator[Problem]:
    mode = entry["parse_mode"]
    if mode.text and mode.text not in _MODES:
        yield mode.problem("parse_mode is unknown", " or ".join(_MODES))


def _wechat_refusals(entry: Part) -> Iterator[Problem]:
    kind = entry["message_type"]
    if kind.text and kind.text not in {"text", "markdown"}:
        yield kind.problem("message_type is unknown", "text or markdown")


def _webex_refusals(entry: Part) -> Iterator[Problem]:
    if not _is_given(entry["http_config"]["authorization"]):
        yield entry.problem("webex: no http_config.authorization is given", "authorization")


def _sns_refusals(entry: Part) -> Iterator[Problem]:
    given = [one for one in ("topic_arn", "target_arn", "phone_number") if _is_given(entry[one])]
    if len(given) == 2:
        yield entry.problem(f"both {given[0]} and {given[1]} are given", "one of them")


_SPECIAL: Mapping[str, Callable[[Part], Iterator[Problem]]] = {
    "email_configs": _email_refusals,
    "slack_configs": _slack_refusals,
    "opsgenie_configs": _opsgenie_refusals,
    "victorops_configs": _victorops_refusals,
    "telegram_configs": _telegram_refusals,
    "wechat_configs": _wechat_refusals,
    "webex_configs": _webex_refusals,
    "sns_configs": _sns_refusals,
}
