"""Everything a mocked account answers is documented by the platform: no key is of our making."""

from __future__ import annotations

import ast
import inspect
import json
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from plimsoll.worlds.cloud import Cloud
from plimsoll.worlds.cloud_fields import SHAPES
from plimsoll.worlds.cloud_files import load_cloud
from plimsoll.worlds.cloud_reads import READS
from plimsoll.worlds.cloud_scopes import READ_ONLY
from plimsoll.worlds.digitalocean_server import DigitalOceanServer
from plimsoll.worlds.http_message import Call

FIXTURES = Path(__file__).parents[3] / "fixtures"
SYSTEMS = sorted(path.parent.name for path in FIXTURES.glob("*/digitalocean"))
OPERATIONS = {
    "apps": "Apps.list",
    "app-deployments": "Apps.list_deployments",
    "app-events": "Apps.list_events",
    "app-instances": "Apps.get_instances",
    "app-health": "Apps.get_health",
    "app-alerts": "Apps.list_alerts",
    "app-sizes": "Apps.list_instance_sizes",
    "app-regions": "Apps.list_regions",
    "alert-policies": "Monitoring.list_alert_policy",
    "uptime-checks": "Uptime.list_checks",
    "uptime-alerts": "Uptime.list_alerts",
    "uptime-state": "Uptime.get_check_state",
    "databases": "Databases.list_clusters",
    "database-backups": "Databases.list_backups",
    "database-firewall": "Databases.list_firewall_rules",
    "database-replicas": "Databases.list_replicas",
    "database-pools": "Databases.list_connection_pools",
    "load-balancers": "LoadBalancers.list",
    "certificates": "Certificates.list",
    "cdn-endpoints": "Cdn.list_endpoints",
    "firewalls": "Firewalls.list",
    "droplets": "Droplets.list",
    "droplet-pools": "Autoscalepools.list",
    "pool-members": "Autoscalepools.list_members",
    "pool-history": "Autoscalepools.list_history",
    "domains": "Domains.list",
    "domain-records": "Domains.list_records",
}
"""Read → the operation of the official Python client whose documentation shows its answer."""

CLIENT = "digitalocean/godo apps.gen.go"
API = "digitalocean/openapi specification/resources"
SPECS = (
    ("apps", "apps.spec"),
    ("apps", "apps.active_deployment.spec"),
    ("app-deployments", "deployments.spec"),
)
IN_SPECS = {
    "alerts": f"{CLIENT} AppSpec.Alerts",
    "services.alerts": f"{CLIENT} AppServiceSpec.Alerts",
    "workers.alerts": f"{CLIENT} AppWorkerSpec.Alerts",
    "services.autoscaling.metrics.cpu": f"{API}/apps/models/app_autoscaling_spec.yml",
}
DEPLOYMENTS = (("apps", "apps.active_deployment"), ("app-deployments", "deployments"))
IN_DEPLOYMENTS = {
    "cause_details": f"{CLIENT} Deployment.CauseDetails",
    "previous_deployment_id": f"{CLIENT} Deployment.PreviousDeploymentID",
}
POOL_CONFIG = f"{API}/autoscale_pools/models/autoscale_pool_dynamic_config.yml"
UNDOCUMENTED: dict[tuple[str, str], str] = {
    **{(read, f"{at}.{key}"): told for read, at in SPECS for key, told in IN_SPECS.items()},
    **{
        (read, f"{at}.{key}"): told
        for read, at in DEPLOYMENTS
        for key, told in IN_DEPLOYMENTS.items()
    },
    **{
        ("droplet-pools", f"autoscale_pools.config.{key}"): POOL_CONFIG
        for key in (
            "min_instances",
            "max_instances",
            "target_cpu_utilization",
            "target_memory_utilization",
            "cooldown_minutes",
        )
    },
    ("load-balancers", "load_balancers.ip"): "digitalocean/godo load_balancers.go LoadBalancer.IP",
}
"""Key of an answer, and the source that names it where the client's documentation does not."""

COMMENT = re.compile(r'((?:[^"#]|"[^"]*")*)#.*')


@cache
def documented(operation: str) -> dict[str, Any]:
    """Return the keys of the answer with status 200 that an operation's documentation shows."""
    group, method = operation.split(".")
    operations = import_module("pydo.operations._operations")
    text = inspect.getdoc(getattr(getattr(operations, f"{group}Operations"), method)) or ""
    shown = re.split(r"# response body for status code\(s\): (?=\d)", text)
    [answer] = [part for part in shown[1:] if part.startswith("200")]
    return keys_of(ast.parse(structure(answer.partition("==")[2].strip()), mode="eval").body)


def structure(shown: str) -> str:
    """Return a shown answer without its comments.

    Structure is indented by fours. By two more is indented what wraps from the line above: the rest
    of a comment, or of a value that the line above began.
    """
    told = ""
    for line in shown.splitlines():
        begun = told.endswith(":") or told.count('"') % 2 == 1
        if begun or (len(line) - len(line.lstrip())) % 4 == 0:
            code = line if told.count('"') % 2 else re.sub(COMMENT, r"\1", line)
            told += ("" if begun else "\n") + code.strip()
    return told


def keys_of(node: ast.expr) -> dict[str, Any]:
    """Return the keys of a mapping, or of the mappings of a list, down to the last."""
    if isinstance(node, ast.List):
        return {key: inner for one in node.elts for key, inner in keys_of(one).items()}
    if not isinstance(node, ast.Dict):
        return {}
    return {
        str(ast.literal_eval(key)): keys_of(value)
        for key, value in zip(node.keys, node.values, strict=True)
        if key is not None
    }


def undeclared(value: Any, tree: dict[str, Any], keys: tuple[str, ...] = ()) -> set[str]:
    """Return the places of a value that a tree of keys does not know; lists do not count."""
    if isinstance(value, list):
        return {place for one in value for place in undeclared(one, tree, keys)}
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, inner in value.items():
        known = tree.get(key, tree.get("str") if set(tree) == {"str"} else None)
        if known is None:
            found.add(".".join((*keys, key)))
        else:
            found |= undeclared(inner, known, (*keys, key))
    return found


def answers(cloud: Cloud) -> list[tuple[str, Any]]:
    """Return every answer of an account's API, by the read it answers."""
    server = DigitalOceanServer(cloud, [])
    told = []
    for read in READS.values():
        owners = cloud.all(read.parent) if read.parent else [{}]
        for owner in owners:
            identity = READS[read.parent].identity_of(owner) if read.parent else ""
            path = f"{read.path.replace('{}', identity)}?per_page=200"
            route = server.respond(Call("GET", path, {"authorization": f"Bearer {cloud.token}"}))
            assert route is not None
            assert route.status == 200
            told.append((read.name, json.loads(route.body)))
    return told


def account(system: str) -> Cloud:
    """Return the account of a fixture folder, whose token may see everything."""
    cloud = load_cloud(FIXTURES / system, "token")
    assert cloud is not None
    cloud.scopes = {*READ_ONLY, "database:view_credentials"}
    return cloud


def test_there_are_accounts() -> None:
    """Find the inventories that the tests below read."""
    assert SYSTEMS


def test_every_read_has_a_shape_and_a_documented_operation() -> None:
    """Compare the three tables."""
    assert READS.keys() == SHAPES.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("operation", sorted(OPERATIONS.values()))
def test_the_documentation_of_an_operation_can_be_read(operation: str) -> None:
    """Find the key under which the list stands, and keys below it."""
    [read] = [READS[name] for name, one in OPERATIONS.items() if one == operation]
    assert documented(operation)[read.key]


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_key_that_is_served_is_documented(system: str) -> None:
    """Serve the whole account; look every key up in the documentation of its operation."""
    found = {
        (read, place)
        for read, answer in answers(account(system))
        for place in undeclared(answer, documented(OPERATIONS[read]))
    }
    assert found - UNDOCUMENTED.keys() == set()


def test_every_undocumented_key_is_still_undocumented() -> None:
    """Look up each key that another source names: once the documentation names it, drop it."""
    for read, place in UNDOCUMENTED:
        value: Any = "anything"
        for key in reversed(place.split(".")):
            value = {key: value}
        assert undeclared(value, documented(OPERATIONS[read])) == {place}
