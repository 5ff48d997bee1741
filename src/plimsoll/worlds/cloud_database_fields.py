"""The keys and types of databases, and of the checks and alerts on them and on all else."""

from __future__ import annotations

from plimsoll.worlds.cloud_shape import NOTHING, Shape

_CONNECTION = {
    "database": str,
    "host": str,
    "password": str,
    "port": int,
    "ssl": bool,
    "uri": str,
    "user": str,
}
_SLACK = [{"channel": str, "url": str}]
_RULE = {
    "uuid": str,
    "cluster_uuid": str,
    "type": str,
    "value": str,
    "created_at": str,
    "description": str,
}
_DATABASE = {
    "id": str,
    "name": str,
    "engine": str,
    "version": str,
    "semantic_version": str,
    "num_nodes": int,
    "size": str,
    "region": str,
    "status": str,
    "created_at": str,
    "maintenance_window": {"day": str, "hour": str, "pending": bool, "description": [str]},
    "private_network_uuid": str,
    "tags": ([str], NOTHING),
    "db_names": ([str], NOTHING),
    "rules": [_RULE],
    "version_end_of_life": (str, NOTHING),
    "version_end_of_availability": (str, NOTHING),
    "storage_size_mib": int,
    "autoscale": {"storage": {"enabled": bool, "threshold_percent": int, "increment_gib": int}},
    "project_id": str,
    "connection": _CONNECTION,
    "private_connection": _CONNECTION,
    "standby_connection": _CONNECTION,
    "standby_private_connection": _CONNECTION,
    "users": ([{"name": str, "role": str, "password": str}], NOTHING),
    "metrics_endpoints": [{"host": str, "port": int}],
}
_STATUS = {"status": str, "status_changed_at": str, "thirty_day_uptime_percentage": float}

DATABASE_SHAPES: dict[str, Shape] = {
    "alert-policies": {
        "uuid": str,
        "type": str,
        "description": str,
        "compare": str,
        "value": float,
        "window": str,
        "entities": [str],
        "tags": [str],
        "alerts": {"email": [str], "slack": _SLACK},
        "enabled": bool,
    },
    "uptime-checks": {
        "id": str,
        "name": str,
        "type": str,
        "target": str,
        "regions": [str],
        "enabled": bool,
    },
    "uptime-alerts": {
        "id": str,
        "name": str,
        "type": str,
        "threshold": int,
        "comparison": str,
        "period": str,
        "notifications": {"email": [str], "slack": _SLACK},
    },
    "uptime-state": {
        "regions": {"*": _STATUS},
        "previous_outage": {
            "region": str,
            "started_at": str,
            "ended_at": str,
            "duration_seconds": int,
        },
    },
    "databases": _DATABASE,
    "database-backups": {"created_at": str, "size_gigabytes": float, "incremental": bool},
    "database-firewall": _RULE,
    "database-replicas": {
        "id": str,
        "name": str,
        "region": str,
        "size": str,
        "status": str,
        "created_at": str,
        "tags": ([str], NOTHING),
        "private_network_uuid": str,
        "storage_size_mib": int,
        "connection": _CONNECTION,
        "private_connection": _CONNECTION,
    },
    "database-pools": {
        "name": str,
        "mode": str,
        "size": int,
        "db": str,
        "user": str,
        "connection": _CONNECTION,
        "private_connection": _CONNECTION,
    },
}
"""Read → the shape of one of its records."""
