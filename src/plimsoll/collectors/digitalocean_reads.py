"""Every read of DigitalOcean's API: which call of its client, what scope, whose details.

Paths, keys and scopes are those of the public API document.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.findings import Observed, ScopeMissing
from plimsoll.semantics.digitalocean.kept import KEPT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.facts.probe import Probe, Value
    from plimsoll.findings import Sighting
    from plimsoll.semantics.digitalocean.projection import Shape


@dataclass(frozen=True, slots=True)
class Read:
    """One kind of GET: a list of the account, or a detail of one thing in such a list.

    `operation` is the client's ``group.method``; `{}` in `path` the id of the thing; `key` what of
    the answer is kept. `noun` names one entry for people, `title` the keys that lead to its name.
    `parent` is the read that lists whose details these are. `hides` names fields that every entry
    has, and the scopes without which the API leaves them out.
    """

    name: str
    operation: str
    path: str
    key: str
    scope: str
    parent: str = ""
    is_paged: bool = True
    noun: str = ""
    title: tuple[str, ...] = ("name",)
    hides: tuple[tuple[str, str], ...] = ()

    @property
    def shape(self) -> Shape:
        """What is kept of the value under `key`."""
        return KEPT[self.name]

    @property
    def is_list(self) -> bool:
        """Whether the value under `key` is a list, which most are."""
        return isinstance(self.shape, list)

    @property
    def is_detail(self) -> bool:
        """Whether it is asked of one thing, rather than of the account."""
        return "{}" in self.path

    def names(self, entry: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what an entry is found by: its id, and its name where it has one."""
        name: Any = entry
        for key in self.title:
            name = name.get(key) if isinstance(name, dict) else None
        return tuple(one for one in (entry.get("id"), name) if isinstance(one, str))


def _apps(name: str, method: str, key: str, *, is_paged: bool = False) -> Read:
    path = f"/v2/apps/{{}}/{name.removeprefix('app-')}"
    return Read(name, f"apps.{method}", path, key, "app:read", "apps", is_paged)


def _database(name: str, method: str, key: str) -> Read:
    path = f"/v2/databases/{{}}/{name.removeprefix('database-')}"
    return Read(
        name, f"databases.{method}", path, key, "database:read", "databases", is_paged=False
    )


def _uptime(name: str, method: str, key: str, *, is_paged: bool) -> Read:
    path = f"/v2/uptime/checks/{{}}/{name.removeprefix('uptime-')}"
    return Read(name, f"uptime.{method}", path, key, "uptime:read", "uptime-checks", is_paged)


def _pool(name: str, method: str, key: str) -> Read:
    path = f"/v2/droplets/autoscale/{{}}/{name.removeprefix('pool-')}"
    return Read(name, f"autoscalepools.{method}", path, key, "droplet:read", "droplet-pools")


def _list(name: str, operation: str, path: str, key: str, scope: str, **rest: Any) -> Read:  # noqa: ANN401
    return Read(name, operation, f"/v2/{path}", key, f"{scope}:read", **rest)


_TAGS, _VPC = ("tags", "tag:read"), ("vpc_uuid", "vpc:read")
_DROPLETS = ("droplet_ids", "droplet:read")
_NETWORK = ("private_network_uuid", "vpc:read")

_ALL = (
    _list("apps", "apps.list", "apps", "apps", "app", noun="app", title=("spec", "name")),
    _list(
        "app-sizes", "apps.list_instance_sizes", "apps/tiers/instance_sizes", "instance_sizes",
        "app", is_paged=False,
    ),
    _list("app-regions", "apps.list_regions", "apps/regions", "regions", "app", is_paged=False),
    _list(
        "alert-policies", "monitoring.list_alert_policy", "monitoring/alerts", "policies",
        "monitoring",
    ),
    _list(
        "uptime-checks", "uptime.list_checks", "uptime/checks", "checks", "uptime",
        noun="uptime check",
    ),
    _list(
        "databases", "databases.list_clusters", "databases", "databases", "database",
        is_paged=False, noun="database", hides=(_TAGS, _NETWORK),
    ),
    _list(
        "load-balancers", "load_balancers.list", "load_balancers", "load_balancers",
        "load_balancer", hides=(_DROPLETS, _VPC),
    ),
    _list("certificates", "certificates.list", "certificates", "certificates", "certificate"),
    _list("cdn-endpoints", "cdn.list_endpoints", "cdn/endpoints", "endpoints", "cdn"),
    _list(
        "firewalls", "firewalls.list", "firewalls", "firewalls", "firewall",
        hides=(_DROPLETS, _TAGS),
    ),
    _list("droplets", "droplets.list", "droplets", "droplets", "droplet", hides=(_TAGS, _VPC)),
    _list(
        "droplet-pools", "autoscalepools.list", "droplets/autoscale", "autoscale_pools", "droplet",
        noun="droplet pool",
    ),
    _list("domains", "domains.list", "domains", "domains", "domain"),
    _apps("app-deployments", "list_deployments", "deployments", is_paged=True),
    _apps("app-events", "list_events", "events", is_paged=True),
    _apps("app-instances", "get_instances", "instances"),
    _apps("app-health", "get_health", "app_health"),
    _apps("app-alerts", "list_alerts", "alerts"),
    _uptime("uptime-alerts", "list_alerts", "alerts", is_paged=True),
    _uptime("uptime-state", "get_check_state", "state", is_paged=False),
    _database("database-backups", "list_backups", "backups"),
    _database("database-firewall", "list_firewall_rules", "rules"),
    _database("database-replicas", "list_replicas", "replicas"),
    _database("database-pools", "list_connection_pools", "pools"),
    _pool("pool-members", "list_members", "droplets"),
    _pool("pool-history", "list_history", "history"),
    _list(
        "domain-records", "domains.list_records", "domains/{}/records", "domain_records", "domain",
    ),
)  # fmt: skip

READS: dict[str, Read] = {read.name: read for read in _ALL}
"""Every read by its name. The records of a domain are asked by its name, without any list."""


def missing_scopes(sightings: Mapping[Probe, Sighting[Value]]) -> tuple[str, ...]:
    """Return the scopes the token lacks, from what was refused and from fields left out."""
    missing: set[str] = set()
    for probe, seen in sightings.items():
        if not isinstance(probe, DigitalOceanProbe):
            continue
        if isinstance(seen, ScopeMissing):
            missing.add(READS[probe.read].scope)
        elif isinstance(seen, Observed):
            missing.update(getattr(seen.value, "hidden", ()))
    return tuple(sorted(missing))
