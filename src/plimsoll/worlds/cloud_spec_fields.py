"""The keys and types of an App Platform specification as the API tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plimsoll.worlds.cloud_shape import Shape

_ALERTS = [{"rule": str, "disabled": bool, "operator": str, "value": float, "window": str}]
_ENVS = [{"key": str, "value": str, "scope": str, "type": str}]
_SOURCE = {"repo": str, "branch": str, "deploy_on_push": bool}
_CORS = {
    "allow_origins": [{"exact": str, "prefix": str, "regex": str}],
    "allow_methods": [str],
    "allow_headers": [str],
    "expose_headers": [str],
    "max_age": str,
    "allow_credentials": bool,
}
_HEALTH_CHECK = {
    "http_path": str,
    "port": int,
    "initial_delay_seconds": int,
    "period_seconds": int,
    "timeout_seconds": int,
    "success_threshold": int,
    "failure_threshold": int,
}
_AUTOSCALING = {
    "min_instance_count": int,
    "max_instance_count": int,
    "metrics": {
        "cpu": {"percent": int},
        "requests_per_second": {"per_instance": int},
        "request_duration": {"p95_milliseconds": int},
    },
}
_IMAGE = {
    "registry_type": str,
    "registry": str,
    "registry_credentials": str,
    "repository": str,
    "tag": str,
    "digest": str,
    "deploy_on_push": {"enabled": bool},
}
_LOG_DESTINATIONS = [
    {
        "name": str,
        "papertrail": {"endpoint": str},
        "datadog": {"endpoint": str, "api_key": str},
        "logtail": {"token": str},
        "open_search": {
            "endpoint": str,
            "basic_auth": {"user": str, "password": str},
            "cluster_name": str,
            "index_name": str,
        },
    }
]
_COMPONENT = {
    "name": str,
    "github": _SOURCE,
    "gitlab": _SOURCE,
    "bitbucket": _SOURCE,
    "git": {"branch": str, "repo_clone_url": str},
    "image": _IMAGE,
    "source_dir": str,
    "dockerfile_path": str,
    "build_command": str,
    "run_command": str,
    "environment_slug": str,
    "envs": _ENVS,
    "instance_size_slug": str,
    "instance_count": int,
    "autoscaling": _AUTOSCALING,
    "alerts": _ALERTS,
    "log_destinations": _LOG_DESTINATIONS,
    "termination": {"drain_seconds": int, "grace_period_seconds": int},
}
_ANSWERING = {"cors": _CORS, "routes": [{"path": str, "preserve_path_prefix": bool}]}
_SERVICE = {
    "http_port": int,
    "protocol": str,
    "internal_ports": [int],
    "health_check": _HEALTH_CHECK,
    "liveness_health_check": _HEALTH_CHECK,
    "inactivity_sleep": {"after_seconds": int},
}
_SITE = {"output_dir": str, "index_document": str, "error_document": str, "catchall_document": str}
_RULE = {
    "match": {"path": {"prefix": str}, "authority": {"exact": str}},
    "component": {"name": str, "preserve_path_prefix": (bool, str), "rewrite": str},
    "redirect": {"uri": str, "authority": str, "port": int, "scheme": str, "redirect_code": int},
    "cors": _CORS,
}

SPEC_SHAPE: Shape = {
    "name": str,
    "region": str,
    "domains": [
        {"domain": str, "type": str, "wildcard": bool, "zone": str, "minimum_tls_version": str}
    ],
    "services": [_COMPONENT | _ANSWERING | _SERVICE],
    "workers": [_COMPONENT | {"liveness_health_check": _HEALTH_CHECK}],
    "jobs": [_COMPONENT | {"kind": str}],
    "static_sites": [_COMPONENT | _ANSWERING | _SITE],
    "functions": [_COMPONENT | _ANSWERING],
    "databases": [
        {
            "name": str,
            "engine": str,
            "version": str,
            "production": bool,
            "cluster_name": str,
            "db_name": str,
            "db_user": str,
        }
    ],
    "ingress": {
        "rules": [_RULE],
        "load_balancer": str,
        "custom_error_page_url": str,
        "secure_header": {"key": str, "value": str},
    },
    "egress": {"type": str},
    "vpc": {"id": str, "egress_ips": [{"ip": str}]},
    "maintenance": {"enabled": bool, "archive": bool, "offline_page_url": str},
    "envs": _ENVS,
    "alerts": _ALERTS,
    "features": [str],
    "disable_edge_cache": bool,
    "disable_email_obfuscation": bool,
    "enhanced_threat_control_enabled": bool,
}
"""An app's specification; components of one kind share most of their keys with the others."""
