"""Which declared subjects each subject fixture stands for.

A control test names exactly one of these as an argument, and is run once for each subject; a test
that names none is run once, for the environment as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.environment import (
    alerting_inventory,
    automation_inventory,
    backup_inventory,
    contract_inventory,
    delivery_inventory,
    exposure_inventory,
    inventory,
    monitoring_inventory,
    region_inventory,
    rehearsal_inventory,
    repository_inventory,
    scaling_inventory,
)
from plimsoll.environment.inventory import Subjects, Undeclared
from plimsoll.pytest_plugin.cloud_subjects import CLOUD_SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.environment.model import Environment

SUBJECTS: dict[str, Callable[[Environment], Subjects[object]]] = {
    "liveness": lambda environment: inventory.targets(environment, ["liveness"]),
    "readiness": lambda environment: inventory.targets(environment, ["readiness"]),
    "health": inventory.health_targets,
    "health_output": inventory.health_output_targets,
    "rate_limited": inventory.rate_limited_targets,
    "timed": inventory.timed_targets,
    "metrics": inventory.metrics_targets,
    "counted_metrics": contract_inventory.counted_metrics,
    "protected_metrics": inventory.protected_metrics_targets,
    "uncached": inventory.uncached_targets,
    "uncached_error": inventory.uncached_errors,
    "uncached_redirect": inventory.uncached_redirects,
    "public_endpoint": inventory.guarded_targets,
    "guarded_error": inventory.guarded_errors,
    "guarded_redirect": inventory.guarded_redirects,
    "https_host": inventory.https_hosts,
    "tls_host": inventory.tls_hosts,
    "error_host": inventory.error_hosts,
    "region": region_inventory.regions,
    "dns_record": inventory.dns_records,
    "component": scaling_inventory.components,
    "scaling_out": scaling_inventory.scaling_out,
    "scaling_in": scaling_inventory.scaling_in,
    "required_file": repository_inventory.required_files,
    "executable": repository_inventory.executables,
    "compose_file": repository_inventory.compose_files,
    "monitoring_stack": repository_inventory.monitoring_stacks,
    "private_stack": repository_inventory.private_stacks,
    "prometheus_server": monitoring_inventory.prometheus_servers,
    "scraped_service": monitoring_inventory.scraped_services,
    "rehearsed_alert": rehearsal_inventory.rehearsed_alerts,
    "watched_rule_file": alerting_inventory.watched_rule_files,
    "alerting_file": alerting_inventory.alerting_files,
    "required_alert": lambda environment: alerting_inventory.required_alerts(environment, "logic"),
    "bounded_alert": alerting_inventory.bounded_alerts,
    "deployed_alert": lambda environment: alerting_inventory.required_alerts(
        environment, "deployed"
    ),
    "delivered_alert": lambda environment: alerting_inventory.required_alerts(
        environment, "delivered"
    ),
    "rule_file": repository_inventory.rule_files,
    "asking_rule_file": exposure_inventory.asking_rule_files,
    "asking_dashboard": exposure_inventory.asking_dashboards,
    "asking_file": exposure_inventory.asking_files,
    "alert_route": alerting_inventory.alert_routes,
    "alertmanager_config": alerting_inventory.alertmanager_config,
    "watched_dashboard": monitoring_inventory.dashboards,
    "monitoring_host": monitoring_inventory.monitoring_hosts,
    "silencing": monitoring_inventory.silencing,
    "dashboard_signal": repository_inventory.dashboard_signals,
    "rollback_script": automation_inventory.rollback_script,
    "scaling_monitor": repository_inventory.scaling_monitor,
    "load_test": automation_inventory.load_tests,
    "load_test_runner": automation_inventory.load_test_runners,
    "k6": automation_inventory.k6_requirements,
    "health_source": repository_inventory.health_sources,
    "secret_file": repository_inventory.secret_files,
    "required_setting": repository_inventory.required_settings,
    "image_file": repository_inventory.image_files,
    "document": repository_inventory.documents,
    "build": delivery_inventory.builds,
    "runtime": delivery_inventory.runtimes,
    "shutdown": delivery_inventory.shutdowns,
    "deploy_script": delivery_inventory.deploy_scripts,
    "static_asset": lambda environment: delivery_inventory.cached_targets(environment, "asset"),
    "html_page": lambda environment: delivery_inventory.cached_targets(environment, "page"),
    "shared_endpoint": delivery_inventory.shared_targets,
    "memory_reporter": delivery_inventory.memory_targets,
    "backup_set": backup_inventory.backup_sets,
    "retained_copy": backup_inventory.retained_copies,
    "remote_copy": backup_inventory.remote_copies,
    "recovery_log": backup_inventory.recovery_logs,
    "encrypted_database": backup_inventory.encrypted_databases,
    "encrypted_set": backup_inventory.encrypted_sets,
    "data_store": backup_inventory.data_stores,
    "log_archive": backup_inventory.log_archives,
    "fresh_archive": backup_inventory.fresh_archives,
    "log_shipper": backup_inventory.log_shippers,
    **CLOUD_SUBJECTS,
}

ENVIRONMENT = "environment"
"""The subject of a control that names none."""


def subject_fixture(arguments: tuple[str, ...]) -> str | None:
    """Return the one subject fixture among a test's arguments, or None.

    Raises ValueError where a test names several: one sentence, one subject.
    """
    named = [argument for argument in arguments if argument in SUBJECTS]
    if len(named) > 1:
        message = f"a check has one subject, not {' and '.join(named)}"
        raise ValueError(message)
    return named[0] if named else None


def identity(subject: object) -> str:
    """Return how a subject is called in results and in test ids."""
    if isinstance(subject, Undeclared):
        return ENVIRONMENT
    name = getattr(subject, "id", None)
    if not isinstance(name, str):
        message = f"a subject needs an id: {subject!r}"
        raise TypeError(message)
    return name
