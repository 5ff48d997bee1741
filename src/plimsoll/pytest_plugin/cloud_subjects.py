"""Which declared parts of a DigitalOcean account each subject fixture stands for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from plimsoll.environment import cloud_inventory as inventory
from plimsoll.environment import edge_inventory

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.environment.inventory import Subjects
    from plimsoll.environment.model import Environment

CLOUD_SUBJECTS: dict[str, Callable[[Environment], Subjects[object]]] = {
    "deployed_app": inventory.apps,
    "probed_app": lambda environment: inventory.apps(
        environment,
        lambda _, account: account.health_probe is not None,
        "health probe of an app",
    ),
    "alerted_app": lambda environment: inventory.apps(
        environment,
        lambda _, account: account.app_alerts is not None,
        "alert of an app",
    ),
    "reversible_app": lambda environment: inventory.apps(
        environment, lambda _, account: account.rollback, "rollback of an app"
    ),
    "tried_app": lambda environment: inventory.apps(
        environment,
        lambda _, account: account.failed_deployments,
        "requirement on failed deployments",
    ),
    "reviewed_app": lambda environment: inventory.apps(
        environment,
        lambda app, _: app.reviewed_spec is not None,
        "reviewed specification of an app",
    ),
    "domain_owner": lambda environment: inventory.apps(
        environment, lambda app, _: app.domains is not None, "domain of an app"
    ),
    "shielded_app": lambda environment: inventory.apps(
        environment,
        lambda _, account: account.protection is not None and account.protection.ddos,
        "protection of an app from floods",
    ),
    "forwarding_app": lambda environment: inventory.apps(
        environment,
        lambda _app, _account: environment.logs is not None and environment.logs.apps_forward,
        "destination of an app's logs",
    ),
    "secret_app": lambda environment: inventory.apps(
        environment,
        lambda _app, _account: (
            environment.repository is not None and environment.repository.secrets is not None
        ),
        "secret of an app",
    ),
    "measured_app": lambda environment: inventory.apps(
        environment,
        lambda _app, _account: environment.memory is not None,
        "limit of an app's memory",
    ),
    "app_domain": inventory.domains,
    "advised_domain": inventory.advised_domains,
    "app_component": inventory.app_components,
    "pool_component": inventory.pool_components,
    "managed_database": inventory.databases,
    "replicated_database": lambda environment: inventory.databases(
        environment, lambda one, _: one.replicas_at_least > 0, "read replica of a database"
    ),
    "pooled_database": lambda environment: inventory.databases(
        environment, lambda one, _: one.pooled, "connection pool of a database"
    ),
    "standby_database": lambda environment: inventory.databases(
        environment, lambda one, _: one.nodes_at_least > 1, "standby of a database"
    ),
    "guarded_database": lambda environment: inventory.databases(
        environment,
        lambda _, account: account.trusted_sources,
        "trusted source of a database",
    ),
    "maintained_database": lambda environment: inventory.databases(
        environment,
        lambda _one, _account: environment.maintenance is not None,
        "maintenance window",
    ),
    "regional_balancer": inventory.load_balancers,
    "probed_balancer": lambda environment: inventory.load_balancers(
        environment, lambda one: one.health_path is not None, "health path of a load balancer"
    ),
    "machine_policy": partial(inventory.alert_policies, scope="droplet"),
    "database_policy": partial(inventory.alert_policies, scope="database"),
    "watched_target": inventory.uptime_checks,
    "available_target": partial(inventory.uptime_checks, measured=True),
    "traffic_steering": inventory.steering,
    "certified_balancer": edge_inventory.certified_balancers,
    "certified_steering": edge_inventory.certified_steering,
    "certified_network": edge_inventory.certified_networks,
    "content_network": inventory.cdn_endpoints,
    "machine_group": inventory.machines,
    "private_group": inventory.private_machines,
    "shielded_group": inventory.shielded_machines,
}
