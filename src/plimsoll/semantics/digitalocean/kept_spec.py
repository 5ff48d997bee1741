"""What is kept of an App Platform specification: all that says how the app runs, and no secret.

The keys are those of the public API document and, where it omits some, of the official Go client.
"""

from __future__ import annotations

from typing import cast

from plimsoll.semantics.digitalocean.projection import (
    LOST,
    Shape,
    either,
    fields,
    leaf,
    projected,
)
from plimsoll.semantics.withholding import endpoint, given, withheld


def kept_spec(spec: object) -> object:
    """Return a specification as it is kept of the API's answers.

    A specification read from elsewhere can be compared with a kept one once it went through here.
    """
    kept = projected(SPEC, spec)
    return None if kept is LOST else kept


def _variable(_name: str, value: object) -> object:
    """Keep a variable; of its value nothing that would give a secret away."""
    if not isinstance(value, dict):
        return LOST
    kept = cast("dict[str, object]", projected(fields("key scope type"), value))
    content, key = value.get("value"), value.get("key")
    if isinstance(content, str):
        is_secret = value.get("type") == "SECRET"
        kept["value"] = withheld(str(key or ""), content, is_secret=is_secret)
    return kept


_ENVS: Shape = [_variable]
_ALERTS: Shape = [fields("rule disabled operator value window")]
_HEALTH = fields(
    "failure_threshold port http_path initial_delay_seconds period_seconds success_threshold"
    " timeout_seconds"
)
_MATCH = fields("exact prefix regex")
_CORS = fields(
    "allow_methods allow_headers expose_headers max_age allow_credentials", allow_origins=[_MATCH]
)
_LOGS: Shape = [
    fields(
        "name",
        papertrail=fields("", endpoint=endpoint),
        datadog=fields("", endpoint=endpoint, api_key=given),
        logtail=fields("", token=given),
        open_search=fields("index_name cluster_name", endpoint=endpoint),
    )
]
_REPOSITORY = fields("branch deploy_on_push repo")
_SOURCE = fields(
    "name dockerfile_path build_command run_command source_dir environment_slug",
    git=fields("branch repo_clone_url"),
    github=_REPOSITORY,
    gitlab=_REPOSITORY,
    bitbucket=_REPOSITORY,
    image=fields(
        "registry registry_type repository tag digest",
        registry_credentials=given,
        deploy_on_push=fields("enabled"),
    ),
    envs=_ENVS,
    alerts=_ALERTS,
    log_destinations=_LOGS,
)
_SCALED = _SOURCE | fields(
    "instance_count instance_size_slug",
    autoscaling=fields(
        "min_instance_count max_instance_count",
        metrics=fields(
            "",
            cpu=fields("percent"),
            memory=fields("percent"),
            requests_per_second=fields("per_instance"),
            request_duration=fields("p95_milliseconds"),
        ),
    ),
    termination=fields("drain_seconds grace_period_seconds"),
    inactivity_sleep=fields("after_seconds"),
)
_ROUTES: Shape = [fields("path preserve_path_prefix")]
_SERVICE = _SCALED | fields(
    "protocol http_port internal_ports",
    cors=_CORS,
    health_check=_HEALTH,
    liveness_health_check=_HEALTH,
    routes=_ROUTES,
)
_STATIC_SITE = _SOURCE | fields(
    "index_document error_document catchall_document output_dir", cors=_CORS, routes=_ROUTES
)
_JOB = _SCALED | fields("kind", schedule=fields("cron time_zone"))
_INGRESS = fields(
    "load_balancer",
    rules=[
        fields(
            "",
            match=fields("", path=_MATCH, authority=_MATCH),
            component=fields("name preserve_path_prefix rewrite"),
            redirect=fields("uri authority port scheme redirect_code"),
            cors=_CORS,
        )
    ],
    secure_header=fields("key remove_header", value=given),
)

SPEC: Shape = fields(
    "name region features disable_edge_cache disable_email_obfuscation"
    " enhanced_threat_control_enabled",
    domains=[fields("domain type wildcard zone minimum_tls_version")],
    services=[_SERVICE],
    static_sites=[_STATIC_SITE],
    jobs=[_JOB],
    workers=[_SCALED | fields("", liveness_health_check=_HEALTH)],
    functions=[_STATIC_SITE],
    databases=[
        fields("cluster_name db_name db_user engine name production version size num_nodes")
    ],
    ingress=_INGRESS,
    egress=fields("type"),
    maintenance=fields("enabled archive offline_page_url"),
    vpc=fields("id", egress_ips=[either(leaf, fields("ip"))]),
    alerts=_ALERTS,
    envs=_ENVS,
)
