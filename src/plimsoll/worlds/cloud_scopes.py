"""The scopes of a token, and what the API leaves out of its answers for want of one.

The API document says which field needs which scope; a field that may not be seen is simply absent.
"""

from __future__ import annotations

from typing import Any

READ_ONLY = frozenset(
    {
        "account:read",
        "actions:read",
        "app:read",
        "cdn:read",
        "certificate:read",
        "database:read",
        "domain:read",
        "droplet:read",
        "firewall:read",
        "image:read",
        "load_balancer:read",
        "monitoring:read",
        "project:read",
        "regions:read",
        "sizes:read",
        "tag:read",
        "uptime:read",
        "vpc:read",
    }
)
"""The scopes an auditor's token has: none that writes, and none that shows credentials."""

_IMAGES = frozenset({"backup_ids", "snapshot_ids", "image"})
_HIDDEN: dict[str, dict[str, frozenset[str]]] = {
    "apps": {"project:read": frozenset({"project_id"})},
    "databases": {
        "tag:read": frozenset({"tags"}),
        "project:read": frozenset({"project_id"}),
        "vpc:read": frozenset({"private_network_uuid"}),
        "database:view_credentials": frozenset({"user", "password", "users"}),
    },
    "database-pools": {"database:view_credentials": frozenset({"user", "password"})},
    "database-replicas": {
        "tag:read": frozenset({"tags"}),
        "vpc:read": frozenset({"private_network_uuid"}),
        "database:view_credentials": frozenset({"user", "password"}),
    },
    "load-balancers": {
        "droplet:read": frozenset({"droplet_ids"}),
        "tag:read": frozenset({"tag", "tags"}),
        "vpc:read": frozenset({"vpc_uuid"}),
        "project:read": frozenset({"project_id"}),
    },
    "firewalls": {
        "droplet:read": frozenset({"droplet_ids"}),
        "tag:read": frozenset({"tags"}),
    },
    "droplets": {
        "tag:read": frozenset({"tags"}),
        "vpc:read": frozenset({"vpc_uuid"}),
        "image:read": _IMAGES,
    },
    "droplet-pools": {
        "tag:read": frozenset({"tags"}),
        "vpc:read": frozenset({"vpc_uuid"}),
        "project:read": frozenset({"project_id"}),
        "image:read": frozenset({"image"}),
    },
    "account": {"droplet:read": frozenset({"droplet_limit"})},
    "alert-policies": {"tag:read": frozenset({"tags"})},
}
"""Read → scope → the keys that are left out without it, wherever in the answer they stand."""


def visible(read: str, record: object, scopes: set[str]) -> object:
    """Return what a token with these scopes sees of a record."""
    rules = _HIDDEN.get(read, {})
    hidden = {key for scope, keys in rules.items() if scope not in scopes for key in keys}
    return _without(record, hidden) if hidden else record


def _without(value: Any, hidden: set[str]) -> object:  # noqa: ANN401 (any JSON)
    if isinstance(value, dict):
        return {key: _without(one, hidden) for key, one in value.items() if key not in hidden}
    if isinstance(value, list):
        return [_without(one, hidden) for one in value]
    return value
