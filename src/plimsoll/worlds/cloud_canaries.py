"""Put secrets into an account wherever the real API tells them, so that one that leaks is noticed.

A value is random for each world, of a form that no masking recognizes by itself.
"""

from __future__ import annotations

import secrets
from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any

from plimsoll.semantics.destination import email_flaw, hook_flaw
from plimsoll.worlds.cloud_reads import READS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plimsoll.worlds.cloud import Cloud

_SCHEMES = {"pg": "postgresql", "mysql": "mysql", "mongodb": "mongodb+srv"}
_DATABASES = ("databases", "database-replicas", "database-pools")
_CONNECTIONS = (
    "connection",
    "private_connection",
    "standby_connection",
    "standby_private_connection",
)


def planted(cloud: Cloud) -> tuple[dict[str, list[dict[str, Any]]], dict[str, dict[str, Any]]]:
    """Return copies of the account's records and belongings with secrets; `canaries` names each."""
    records, belongings = deepcopy(cloud.records), deepcopy(cloud.belongings)
    planting = _Planting(cloud.canaries)
    for name, listed in records.items():
        for record in listed:
            planting.record(name, f"{name}/{READS[name].identity_of(record)}", record)
    for name, owners in belongings.items():
        for owner, told in owners.items():
            for at, record in enumerate(told if isinstance(told, list) else [told]):
                planting.record(name, f"{name}/{owner}[{at}]", record)
    return records, belongings


class _Planting:
    """One round of planting; secrets are registered by the place they were put."""

    def __init__(self, canaries: dict[str, str]) -> None:
        self._canaries = canaries

    def record(self, read: str, place: str, record: object) -> None:
        """Plant in one record, and in all that is below it."""
        if not isinstance(record, dict):
            return
        if read in _DATABASES:
            self._connections(read, place, record)
        if read == "droplet-pools":
            template = record.setdefault("droplet_template", {})
            secret = self._secret(f"{place} droplet_template.user_data")
            template["user_data"] = f"#cloud-config\nwrite_files: [{{content: {secret}}}]"
        self._below(record, place)

    def _connections(self, read: str, place: str, record: dict[str, Any]) -> None:
        record.setdefault("connection", {})
        scheme = _SCHEMES.get(str(record.get("engine", "pg")), "rediss")
        for kind in _CONNECTIONS:
            told = record.get(kind)
            if not isinstance(told, dict):
                continue
            user, host = told.setdefault("user", "doadmin"), told.setdefault("host", "db.invalid")
            secret = self._secret(f"{place} {kind}.uri")
            told["uri"] = f"{scheme}://{user}:{secret}@{host}:{told.setdefault('port', 25060)}/db"
            told["password"] = self._secret(f"{place} {kind}.password")
        if read == "databases":
            password = self._secret(f"{place} users[0].password")
            record["users"] = [{"name": "doadmin", "role": "primary", "password": password}]

    def _below(self, value: object, place: str) -> None:
        for keys, holder in _mappings(value, ""):
            # What an app runs holds the same secrets as what it was told to run.
            where = f"{place} {keys.removeprefix('.active_deployment')}"
            for key, plant in _PLACES.items():
                if key in holder:
                    plant(holder[key], partial(self._secret, where))
            if holder.get("type") == "SECRET" and "key" in holder and not holder.get("value"):
                holder["value"] = f"EV[1:{self._secret(where, '.value')}]"

    def _secret(self, place: str, at: str = "") -> str:
        return self._canaries.setdefault(place + at, secrets.token_hex(16))


def _mappings(value: object, keys: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every mapping in a value, with its place."""
    if isinstance(value, dict):
        yield keys, value
        for key, inner in list(value.items()):
            yield from _mappings(inner, f"{keys}.{key}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _mappings(inner, f"{keys}[{at}]")


def _webhooks(told: list[dict[str, str]] | None, secret: Callable[[str], str]) -> None:
    for at, webhook in enumerate(told or ()):
        url = str(webhook.get("url", ""))
        if hook_flaw(url) is None:
            webhook["url"] = f"{url.rpartition('/')[0]}/{secret(f'.slack[{at}].url')}"


def _addresses(told: Any, secret: Callable[[str], str]) -> None:  # noqa: ANN401 (any JSON)
    for at, address in enumerate(told if isinstance(told, list) else ()):
        if email_flaw(str(address)) is None:
            told[at] = f"{secret(f'.email[{at}]')}@{str(address).rpartition('@')[2]}"


def _field(*names: str) -> Callable[[Any, Callable[[str], str]], None]:
    def plant(told: Any, secret: Callable[[str], str]) -> None:  # noqa: ANN401 (any JSON)
        for name in names:
            if isinstance(told, dict):
                told[name] = secret(f".{name}")

    return plant


def _registry(told: Any, secret: Callable[[str], str]) -> None:  # noqa: ANN401 (any JSON)
    if isinstance(told, dict) and "registry_type" in told:
        told["registry_credentials"] = secret(".registry_credentials")


_PLACES: dict[str, Callable[[Any, Callable[[str], str]], None]] = {
    "slack": _webhooks,
    "slack_webhooks": _webhooks,
    "email": _addresses,
    "emails": _addresses,
    "datadog": _field("api_key"),
    "logtail": _field("token"),
    "basic_auth": _field("password"),
    "git_push": _field("commit_author", "username"),
    "user": _field("email", "full_name"),
    "image": _registry,
    "secure_header": _field("value"),
}
"""Key → what is planted below it."""
