"""What is kept of each read of the API: the fields that checks may judge, and no secret.

The keys are those of the public API document; `cause_details`, `previous_deployment_id`, `timing`,
`autoscaling` of an event and `pinned_deployment` are those of the official Go client.
"""

from __future__ import annotations

from plimsoll.semantics.digitalocean.kept_spec import SPEC
from plimsoll.semantics.digitalocean.projection import Shape, each, either, fields, leaf
from plimsoll.semantics.withholding import address, webhook

_SCALED = fields("name component_name from to triggering_metric")
_SCALING: Shape = either([_SCALED], each(either(_SCALED, leaf)))
_BUILT: Shape = [fields("name source_commit_hash source_image_digest")]
_DEPLOYMENT = fields(
    "id phase cause cloned_from previous_deployment_id created_at updated_at tier_slug"
    " phase_last_updated_at load_balancer_id",
    cause_details=fields("type", autoscaler=fields("autoscaled", scaled_components=_SCALING)),
    progress=fields(
        "pending_steps running_steps success_steps error_steps total_steps",
        steps=[fields("name status started_at ended_at", reason=fields("code"))],
    ),
    timing=fields("build_total build_billable pending components"),
    services=_BUILT,
    workers=_BUILT,
    jobs=_BUILT,
    static_sites=_BUILT,
    functions=_BUILT,
)
_REGION: Shape = either(leaf, fields("name slug data_centers"))
_DOMAIN = fields(
    "id domain phase certificate_expires_at rotate_validation_records",
    spec=fields("domain type wildcard zone minimum_tls_version"),
    validations=[fields("txt_name")],
)
_APP = fields(
    "id created_at updated_at last_deployment_created_at last_deployment_active_at tier_slug"
    " default_ingress live_url live_url_base live_domain project_id",
    spec=SPEC,
    region=_REGION,
    domains=[_DOMAIN],
    active_deployment=_DEPLOYMENT | fields("", spec=SPEC),
    in_progress_deployment=_DEPLOYMENT,
    pending_deployment=_DEPLOYMENT,
    pinned_deployment=_DEPLOYMENT,
    dedicated_ips=[fields("ip id status")],
    vpc=fields("id", egress_ips=[either(leaf, fields("ip"))]),
)
_SLACK: Shape = [fields("channel", url=webhook)]
_EMAILS: Shape = [address]
_CONNECTION = fields("ssl")
_POOL_TARGETS = fields(
    "target_number_instances min_instances max_instances target_cpu_utilization"
    " target_memory_utilization cooldown_minutes"
)
_UTILIZATION = fields("cpu memory")
_SOURCES = fields("addresses droplet_ids load_balancer_uids kubernetes_ids tags")
_TRUSTED: Shape = [fields("uuid cluster_uuid type value created_at")]
_NETWORK: Shape = [fields("ip_address type")]

KEPT: dict[str, Shape] = {
    "apps": [_APP],
    "app-sizes": [
        fields(
            "slug name cpu_type cpus memory_bytes usd_per_month tier_slug scalable"
            " single_instance_only deprecation_intent bandwidth_allowance_gib"
        )
    ],
    "app-regions": [fields("slug label continent data_centers default disabled flag")],
    "app-deployments": [_DEPLOYMENT],
    "app-events": [
        fields(
            "id type created_at deployment_id",
            deployment=_DEPLOYMENT,
            autoscaling=fields("phase", components=_SCALING),
        )
    ],
    "app-instances": [fields("component_name component_type instance_name instance_alias")],
    "app-health": fields(
        "",
        components=[
            fields(
                "name state replicas_desired replicas_ready cpu_usage_percent memory_usage_percent"
            )
        ],
    ),
    "app-alerts": [
        fields(
            "id component_name phase",
            spec=fields("rule disabled operator value window"),
            emails=_EMAILS,
            slack_webhooks=_SLACK,
        )
    ],
    "alert-policies": [
        fields(
            "uuid type description compare value window entities tags enabled",
            alerts=fields("", email=_EMAILS, slack=_SLACK),
        )
    ],
    "uptime-checks": [fields("id name type target regions enabled")],
    "uptime-alerts": [
        fields(
            "id name type threshold comparison period",
            notifications=fields("", email=_EMAILS, slack=_SLACK),
        )
    ],
    "uptime-state": fields(
        "",
        regions=each(fields("status status_changed_at thirty_day_uptime_percentage")),
        previous_outage=fields("region started_at ended_at duration_seconds"),
    ),
    "databases": [
        fields(
            "id name engine version semantic_version num_nodes size region status created_at"
            " private_network_uuid tags project_id version_end_of_life version_end_of_availability"
            " storage_size_mib",
            maintenance_window=fields("day hour pending description"),
            rules=_TRUSTED,
            autoscale=fields("", storage=fields("enabled threshold_percent increment_gib")),
            connection=_CONNECTION,
            private_connection=_CONNECTION,
        )
    ],
    "database-backups": [fields("created_at size_gigabytes incremental")],
    "database-firewall": _TRUSTED,
    "database-replicas": [
        fields("id name region size status tags created_at private_network_uuid storage_size_mib")
    ],
    "database-pools": [
        fields("name mode size db", connection=_CONNECTION, private_connection=_CONNECTION)
    ],
    "load-balancers": [
        fields(
            "id name type status ip ipv6 size_unit size algorithm created_at project_id vpc_uuid"
            " droplet_ids tag network network_stack tls_cipher_policy redirect_http_to_https"
            " enable_proxy_protocol enable_backend_keepalive http_idle_timeout_seconds"
            " disable_lets_encrypt_dns_records target_load_balancer_ids",
            region=_REGION,
            forwarding_rules=[
                fields(
                    "entry_protocol entry_port target_protocol target_port certificate_id"
                    " tls_passthrough"
                )
            ],
            health_check=fields(
                "protocol port path check_interval_seconds response_timeout_seconds"
                " unhealthy_threshold healthy_threshold"
            ),
            sticky_sessions=fields("type cookie_ttl_seconds"),
            firewall=fields("allow deny"),
            domains=[fields("name is_managed certificate_id")],
            glb_settings=fields(
                "target_protocol target_port failover_threshold",
                cdn=fields("is_enabled"),
                region_priorities=each(leaf),
            ),
        )
    ],
    "certificates": [fields("id name type state not_after created_at dns_names sha1_fingerprint")],
    "cdn-endpoints": [fields("id origin endpoint ttl certificate_id custom_domain created_at")],
    "firewalls": [
        fields(
            "id name status created_at droplet_ids tags",
            pending_changes=[fields("droplet_id removing status")],
            inbound_rules=[fields("protocol ports action", sources=_SOURCES)],
            outbound_rules=[fields("protocol ports action", destinations=_SOURCES)],
        )
    ],
    "droplets": [
        fields(
            "id name status locked created_at features backup_ids snapshot_ids volume_ids"
            " size_slug tags vpc_uuid memory vcpus disk",
            next_backup_window=fields("start end"),
            networks=fields("", v4=_NETWORK, v6=_NETWORK),
            region=_REGION,
            image=fields("id name type distribution slug public created_at status"),
        )
    ],
    "droplet-pools": [
        fields(
            "id name status active_resources_count created_at updated_at",
            config=_POOL_TARGETS,
            droplet_template=fields(
                "name region size image tags vpc_uuid with_droplet_agent project_id ipv6"
                " public_networking"
            ),
            current_utilization=_UTILIZATION,
        )
    ],
    "pool-members": [
        fields(
            "droplet_id created_at updated_at health_status unhealthy_reason status",
            current_utilization=_UTILIZATION,
        )
    ],
    "pool-history": [
        fields(
            "history_event_id current_instance_count desired_instance_count reason status"
            " created_at updated_at"
        )
    ],
    "domains": [fields("name ttl ip_address")],
    "domain-records": [fields("id type name data priority port ttl weight flags tag")],
}
"""For each read, the shape of what stands under its key in the answer."""
