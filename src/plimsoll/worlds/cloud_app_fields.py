"""The keys and types of apps and of what belongs to them."""

from __future__ import annotations

from plimsoll.worlds.cloud_shape import ANYTHING, Shape
from plimsoll.worlds.cloud_spec_fields import SPEC_SHAPE

_SLACK = [{"channel": str, "url": str}]
_DOMAIN = {
    "id": str,
    "spec": ANYTHING,
    "phase": str,
    "progress": ANYTHING,
    "validations": [ANYTHING],
    "rotate_validation_records": bool,
    "certificate_expires_at": str,
}
_DEPLOYMENT = {
    "id": str,
    "spec": SPEC_SHAPE,
    "services": [ANYTHING],
    "static_sites": [ANYTHING],
    "workers": [ANYTHING],
    "jobs": [ANYTHING],
    "functions": [ANYTHING],
    "phase_last_updated_at": str,
    "created_at": str,
    "updated_at": str,
    "cause": str,
    "cause_details": ANYTHING,
    "cloned_from": str,
    "previous_deployment_id": str,
    "load_balancer_id": str,
    "progress": ANYTHING,
    "phase": str,
    "tier_slug": str,
    "timing": ANYTHING,
}
_APP = {
    "id": str,
    "owner_uuid": str,
    "spec": SPEC_SHAPE,
    "default_ingress": str,
    "live_url": str,
    "live_url_base": str,
    "live_domain": str,
    "project_id": str,
    "tier_slug": str,
    "created_at": str,
    "updated_at": str,
    "last_deployment_active_at": str,
    "last_deployment_created_at": str,
    "active_deployment": _DEPLOYMENT,
    "in_progress_deployment": _DEPLOYMENT,
    "pending_deployment": _DEPLOYMENT,
    "pinned_deployment": _DEPLOYMENT,
    "region": {"*": (str, bool, [str])},
    "domains": [_DOMAIN],
    "dedicated_ips": [{"id": str, "ip": str, "status": str}],
    "vpc": {"id": str, "egress_ips": [{"ip": str}]},
}
_SCALED = {"*": {"from": int, "to": int, "triggering_metric": str}}
_EVENT = {
    "id": str,
    "type": str,
    "created_at": str,
    "deployment": _DEPLOYMENT,
    "deployment_id": str,
    "autoscaling": {"phase": str, "components": _SCALED},
}

APP_SHAPES: dict[str, Shape] = {
    "apps": _APP,
    "app-deployments": _DEPLOYMENT,
    "app-events": _EVENT,
    "app-instances": {
        "component_name": str,
        "component_type": str,
        "instance_name": str,
        "instance_alias": str,
    },
    "app-health": {
        "components": [
            {
                "name": str,
                "state": str,
                "cpu_usage_percent": float,
                "memory_usage_percent": float,
                "replicas_desired": int,
                "replicas_ready": int,
            }
        ],
        "functions_components": [ANYTHING],
    },
    "app-alerts": {
        "id": str,
        "component_name": str,
        "phase": str,
        "progress": ANYTHING,
        "emails": [str],
        "slack_webhooks": _SLACK,
        "spec": {"rule": str, "disabled": bool, "operator": str, "value": float, "window": str},
    },
    "app-sizes": {
        "slug": str,
        "name": str,
        "cpu_type": str,
        "cpus": str,
        "memory_bytes": str,
        "bandwidth_allowance_gib": str,
        "usd_per_month": str,
        "usd_per_second": str,
        "tier_slug": str,
        "tier_upgrade_to": str,
        "tier_downgrade_to": str,
        "scalable": bool,
        "single_instance_only": bool,
        "deprecation_intent": bool,
    },
    "app-regions": {
        "slug": str,
        "label": str,
        "flag": str,
        "continent": str,
        "data_centers": [str],
        "default": bool,
        "disabled": bool,
        "reason": str,
    },
}
"""Read → the shape of one of its records."""
