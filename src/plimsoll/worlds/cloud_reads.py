"""Every read of DigitalOcean's API that the mocked account answers: where, how and to whom.

Paths, keys and paging are those of the public API document, scopes those of its scope reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Read:
    """One GET of a list, or of what belongs to one thing.

    `{}` in the path stands for the id of the `parent`, which is the read that lists it; a read
    without a parent lists what the account holds. `identity` is the key that tells its entries
    apart, `title` the keys that lead to their name, `one` the key of the answer for a single entry.
    `whole` marks an answer that is one object, `paged` one that comes in pages, and `counted` one
    whose pages say how many entries there are in all.
    """

    name: str
    path: str
    key: str
    scope: str
    parent: str = ""
    identity: str = "id"
    title: tuple[str, ...] = ("name",)
    one: str = ""
    paged: bool = True
    counted: bool = True
    whole: bool = False

    def identity_of(self, record: dict[str, Any]) -> str:
        """Return what the API calls an entry, numbers as text; empty where it says nothing."""
        return str(record.get(self.identity, ""))

    def names_of(self, record: dict[str, Any]) -> tuple[str, ...]:
        """Return what an entry is found by: its id, and its name where it has one."""
        value: Any = record
        for key in self.title:
            value = value.get(key) if isinstance(value, dict) else None
        return tuple(str(one) for one in (record.get(self.identity), value) if one is not None)


_APP, _UPTIME = "app:read", "uptime:read"
_DATABASE, _DROPLET = "database:read", "droplet:read"
_CHECK, _CLUSTER = "/v2/uptime/checks/{}", "/v2/databases/{}"
_POOL = "/v2/droplets/autoscale/{}"

_ALL = (
    Read("apps", "/v2/apps", "apps", _APP, title=("spec", "name"), one="app"),
    Read(
        "app-sizes",
        "/v2/apps/tiers/instance_sizes",
        "instance_sizes",
        _APP,
        identity="slug",
        one="instance_size",
        paged=False,
    ),
    Read("app-regions", "/v2/apps/regions", "regions", _APP, identity="slug", paged=False),
    Read(
        "alert-policies",
        "/v2/monitoring/alerts",
        "policies",
        "monitoring:read",
        identity="uuid",
        title=("description",),
        one="policy",
    ),
    Read("uptime-checks", "/v2/uptime/checks", "checks", _UPTIME, one="check"),
    Read("databases", "/v2/databases", "databases", _DATABASE, one="database", paged=False),
    Read(
        "load-balancers",
        "/v2/load_balancers",
        "load_balancers",
        "load_balancer:read",
        one="load_balancer",
    ),
    Read("certificates", "/v2/certificates", "certificates", "certificate:read", one="certificate"),
    Read(
        "cdn-endpoints",
        "/v2/cdn/endpoints",
        "endpoints",
        "cdn:read",
        title=("origin",),
        one="endpoint",
    ),
    Read("firewalls", "/v2/firewalls", "firewalls", "firewall:read", one="firewall"),
    Read("droplets", "/v2/droplets", "droplets", _DROPLET, one="droplet"),
    Read(
        "droplet-pools",
        "/v2/droplets/autoscale",
        "autoscale_pools",
        _DROPLET,
        one="autoscale_pool",
    ),
    Read("domains", "/v2/domains", "domains", "domain:read", identity="name", one="domain"),
    Read(
        "app-deployments", "/v2/apps/{}/deployments", "deployments", _APP, "apps", one="deployment"
    ),
    Read("app-events", "/v2/apps/{}/events", "events", _APP, "apps", one="event", counted=False),
    Read("app-instances", "/v2/apps/{}/instances", "instances", _APP, "apps", paged=False),
    Read("app-health", "/v2/apps/{}/health", "app_health", _APP, "apps", whole=True),
    Read("app-alerts", "/v2/apps/{}/alerts", "alerts", _APP, "apps", paged=False),
    Read("uptime-alerts", f"{_CHECK}/alerts", "alerts", _UPTIME, "uptime-checks", one="alert"),
    Read("uptime-state", f"{_CHECK}/state", "state", _UPTIME, "uptime-checks", whole=True),
    Read("database-backups", f"{_CLUSTER}/backups", "backups", _DATABASE, "databases", paged=False),
    Read("database-firewall", f"{_CLUSTER}/firewall", "rules", _DATABASE, "databases", paged=False),
    Read(
        "database-replicas",
        f"{_CLUSTER}/replicas",
        "replicas",
        _DATABASE,
        "databases",
        identity="name",
        one="replica",
        paged=False,
    ),
    Read(
        "database-pools",
        f"{_CLUSTER}/pools",
        "pools",
        _DATABASE,
        "databases",
        identity="name",
        one="pool",
        paged=False,
    ),
    Read(
        "pool-members",
        f"{_POOL}/members",
        "droplets",
        _DROPLET,
        "droplet-pools",
        identity="droplet_id",
    ),
    Read("pool-history", f"{_POOL}/history", "history", _DROPLET, "droplet-pools"),
    Read(
        "domain-records",
        "/v2/domains/{}/records",
        "domain_records",
        "domain:read",
        "domains",
        one="domain_record",
    ),
)

READS: dict[str, Read] = {read.name: read for read in _ALL}
"""Every read by its name; those without a parent are lists of what the account holds."""
