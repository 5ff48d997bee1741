"""Which declared parts of a DigitalOcean account each subject fixture stands for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from plimsoll.environment import cloud_inventory as inventory
from plimsoll.environment import edge_inventory, monitoring_inventory

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.environment.inventory import Subjects
    from plimsoll.environment.model import Environment

    Listing = Callable[[Environment], Subjects[object]]


def _apps(what: str, asked: Callable[[Environment], bool]) -> Listing:
    """Return the listing of every app where the environment asks for something of them all."""
    return lambda environment: inventory.apps(environment, lambda *_: asked(environment), what)


def _databases(what: str, asked: Callable[[Environment], bool]) -> Listing:
    """Return the listing of every database where the environment asks for something of them."""
    return lambda environment: inventory.databases(environment, lambda *_: asked(environment), what)


def _forwards_logs(environment: Environment) -> bool:
    return environment.logs is not None and environment.logs.apps_forward


def _names_secrets(environment: Environment) -> bool:
    return environment.repository is not None and environment.repository.secrets is not None


CLOUD_SUBJECTS: dict[str, Listing] = {
    "deployed_app": inventory.apps,
    "probed_app": partial(
        inventory.apps,
        wanted=lambda _, account: account.health_probe is not None,
        what="health probe of an app",
    ),
    "alerted_app": partial(
        inventory.apps,
        wanted=lambda _, account: account.app_alerts is not None,
        what="alert of an app",
    ),
    "reversible_app": partial(
        inventory.apps,
        wanted=lambda _, account: account.rollback,
        what="rollback of an app",
    ),
    "tried_app": partial(
        inventory.apps,
        wanted=lambda _, account: account.failed_deployments,
        what="requirement on failed deployments",
    ),
    "reviewed_app": partial(
        inventory.apps,
        wanted=lambda app, _: app.reviewed_spec is not None,
        what="reviewed specification of an app",
    ),
    "domain_owner": partial(
        inventory.apps,
        wanted=lambda app, _: app.domains is not None,
        what="domain of an app",
    ),
    "shielded_app": partial(
        inventory.apps,
        wanted=lambda _, account: account.protection is not None and account.protection.ddos,
        what="protection of an app from floods",
    ),
    "forwarding_app": _apps("destination of an app's logs", _forwards_logs),
    "secret_app": _apps("secret of an app", _names_secrets),
    "measured_app": _apps("limit of an app's memory", lambda one: one.memory is not None),
    "app_domain": inventory.domains,
    "advised_domain": inventory.advised_domains,
    "app_component": inventory.app_components,
    "pool_component": inventory.pool_components,
    "managed_database": inventory.databases,
    "replicated_database": partial(
        inventory.databases,
        wanted=lambda one, _: one.replicas_at_least > 0,
        what="read replica of a database",
    ),
    "pooled_database": partial(
        inventory.databases,
        wanted=lambda one, _: one.pooled,
        what="connection pool of a database",
    ),
    "standby_database": partial(
        inventory.databases,
        wanted=lambda one, _: one.nodes_at_least > 1,
        what="standby of a database",
    ),
    "guarded_database": partial(
        inventory.databases,
        wanted=lambda _, account: account.trusted_sources,
        what="trusted source of a database",
    ),
    "maintained_database": _databases(
        "maintenance window", lambda one: one.maintenance is not None
    ),
    "regional_balancer": inventory.load_balancers,
    "probed_balancer": partial(
        inventory.load_balancers,
        wanted=lambda one: one.health_path is not None,
        what="health path of a load balancer",
    ),
    "machine_policy": partial(inventory.alert_policies, scope="droplet"),
    "database_policy": partial(inventory.alert_policies, scope="database"),
    "watched_target": inventory.uptime_checks,
    "available_target": monitoring_inventory.availabilities,
    "traffic_steering": inventory.steering,
    "certified_balancer": edge_inventory.certified_balancers,
    "certified_steering": edge_inventory.certified_steering,
    "certified_network": edge_inventory.certified_networks,
    "content_network": inventory.cdn_endpoints,
    "machine_group": inventory.machines,
    "private_group": inventory.private_machines,
    "shielded_group": inventory.shielded_machines,
}
