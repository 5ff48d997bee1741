"""Faults in what is scraped, exposed and attached, and in how Prometheus is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
_COMPOSE = "docker-compose.yml"
_PROMETHEUS = "prometheus.yml"
_ALERTMANAGER = "monitoring/alertmanager.yml"
_RULES = "monitoring/alerting-rules.yml"
_DASHBOARD = "monitoring/grafana/dashboards/app-oint-overview.json"
_ATTEMPTS = "rate(booking_attempts_total[10m])"
_CROWDSEC = (
    "  - job_name: crowdsec\n"
    "    static_configs:\n"
    "      - targets: [crowdsec:6060]\n"
    "        labels: {service: crowdsec, region: fra1}\n"
)
_JOB_OF_FUNCTIONS = "  - job_name: functions\n"
_JOB_OF_REDIS = "  - job_name: redis-exporter\n"
_CLUSTER = "      - --cluster.listen-address=\n"


@fault("MET-07a", "metric-renamed", vantage="repository", environments=APP_OINT)
def metric_renamed(world: World) -> None:
    """An alert reads a counter under the name it had before it was renamed in the application."""
    world.files.replace(_RULES, _ATTEMPTS, "rate(app_booking_attempts_total[10m])")


@fault("MET-07a", "metric-not-exposed", vantage="http", also=("MET-07b",), environments=APP_OINT)
def metric_not_exposed(world: World) -> None:
    """The application has lost the counter of bookings asked for, which an alert divides by."""
    for route in world.endpoints("metrics"):
        route.body = "".join(
            line
            for line in route.body.splitlines(keepends=True)
            if "booking_attempts_total" not in line
        )


@fault(
    "MET-07a",
    "exporter-not-scraped",
    vantage="repository",
    also=("MET-07b",),
    environments=APP_OINT,
)
def exporter_not_scraped(world: World) -> None:
    """What intrusion detection reports is scraped by nobody."""
    world.files.replace(_PROMETHEUS, f"{_CROWDSEC}\n", "")


@fault(
    "MET-07a",
    "exporter-asked-elsewhere",
    vantage="repository",
    also=("MET-07b",),
    environments=APP_OINT,
)
def exporter_asked_elsewhere(world: World) -> None:
    """Intrusion detection is asked for its metrics where it serves none."""
    job = "  - job_name: crowdsec\n"
    world.files.replace(_PROMETHEUS, job, f"{job}    metrics_path: /v1/metrics-of-the-agent\n")


@fault("MET-07a", "recorded-from-nothing", vantage="repository", environments=APP_OINT)
def recorded_from_nothing(world: World) -> None:
    """An alert reads a recording whose own metric nobody exports."""
    first = "groups:\n"
    recording = "region:booking_attempts:rate10m"
    group = (
        "  - name: recordings\n"
        "    rules:\n"
        f"      - record: {recording}\n"
        "        expr: sum by (region) (rate(app_booking_attempts_total[10m]))\n\n"
    )
    world.files.replace(_RULES, first, first + group)
    world.files.replace(_RULES, f"sum by (region) ({_ATTEMPTS})", recording)


@fault("MET-07b", "metric-renamed", vantage="repository", environments=APP_OINT)
def panel_metric_renamed(world: World) -> None:
    """A panel queries the counter of the cache under another name than it is exported by."""
    world.files.replace(_DASHBOARD, "cache_requests_total", "cache_lookups_total")


@fault("MET-07b", "metric-dropped", vantage="repository", environments=APP_OINT)
def metric_dropped(world: World) -> None:
    """A rule meant to save space drops the counter of the cache after each scrape."""
    rule = (
        "    metric_relabel_configs:\n"
        "      - source_labels: [__name__]\n"
        "        regex: cache_.*\n"
        "        action: drop\n"
    )
    world.files.replace(_PROMETHEUS, _JOB_OF_FUNCTIONS, f"{_JOB_OF_FUNCTIONS}{rule}")


@fault("MET-07b", "metric-not-exposed", vantage="http", environments=APP_OINT)
def panel_metric_not_exposed(world: World) -> None:
    """The application exports the counter of the cache under a new name."""
    for route in world.endpoints("metrics"):
        route.replace("cache_requests_total", "cache_lookups_total")


@fault("MET-07c", "region-not-attached", vantage="repository", environments=APP_OINT)
def region_not_attached(world: World) -> None:
    """An alert groups by a region that the job of intrusion detection does not attach."""
    here = "{service: crowdsec, region: fra1}"
    world.files.replace(_PROMETHEUS, here, "{service: crowdsec}")


@fault("MET-07c", "label-aggregated-away", vantage="repository", environments=APP_OINT)
def label_aggregated_away(world: World) -> None:
    """An annotation reads the instance, which the alert's expression sums up."""
    told = "of bookings succeed in {{ $labels.region }}"
    world.files.replace(_RULES, told, f"{told} at {{{{ $labels.instance }}}}")


@fault("MET-07c", "no-such-job", vantage="repository", environments=APP_OINT)
def no_such_job(world: World) -> None:
    """An alert selects a job by a name that no scrape job has."""
    selected = 'rate(booking_attempts_total{job="bookings"}[10m])'
    world.files.replace(_RULES, _ATTEMPTS, selected)


@fault("MET-07c", "panel-by-unknown-label", vantage="repository", environments=APP_OINT)
def panel_by_unknown_label(world: World) -> None:
    """A panel groups by a label that the metric never had."""
    world.files.replace(
        _DASHBOARD, "sum by (name) (rate(cs_bucket", "sum by (scenario) (rate(cs_bucket"
    )


@fault("MET-07c", "label-not-exposed", vantage="http", environments=APP_OINT)
def label_not_exposed(world: World) -> None:
    """The application no longer tells hits of its cache from misses, which a panel does."""
    for route in world.endpoints("metrics"):
        route.replace('cache_requests_total{result="hit"}', "cache_requests_total")
        route.replace('cache_requests_total{result="miss"} 367332\n', "")


@fault(
    "MET-04",
    "exporter-asked-elsewhere",
    vantage="repository",
    also=("MET-07a", "MET-07b"),
    environments=APP_OINT,
)
def redis_exporter_asked_elsewhere(world: World) -> None:
    """The exporter of Redis is asked at a path where it serves no metrics."""
    path = "    metrics_path: /probe\n"
    world.files.replace(_PROMETHEUS, _JOB_OF_REDIS, f"{_JOB_OF_REDIS}{path}")


@fault("MET-04", "target-dropped", vantage="repository", environments=APP_OINT)
def target_dropped(world: World) -> None:
    """A rule of relabeling keeps the targets of one region alone, and not of this one."""
    rule = (
        "    relabel_configs:\n"
        "      - source_labels: [region]\n"
        "        regex: fra\n"
        "        action: keep\n"
    )
    job = "  - job_name: admin\n"
    world.files.replace(_PROMETHEUS, job, f"{job}{rule}")


@fault("MET-04", "relabeling-of-up", vantage="repository", environments=APP_OINT)
def relabeling_of_up(world: World) -> None:
    """A rule should label the series `up` of the dashboard, which no such rule ever sees."""
    rule = (
        "    metric_relabel_configs:\n"
        "      - source_labels: [__name__]\n"
        "        regex: up\n"
        "        target_label: team\n"
        "        replacement: web\n"
    )
    job = "  - job_name: dashboard\n"
    world.files.replace(_PROMETHEUS, job, f"{job}{rule}")


@fault("MET-04", "credentials-not-mounted", vantage="repository", environments=APP_OINT)
def credentials_not_mounted(world: World) -> None:
    """Prometheus is not given the token that its jobs present, so that every scrape is refused."""
    world.files.replace(_COMPOSE, "    secrets: [metrics_token]\n", "")


@fault("MET-05", "alertmanager-option", vantage="repository", environments=APP_OINT)
def alertmanager_option(world: World) -> None:
    """An option of Alertmanager is misspelled, so that it does not start."""
    wrong = _CLUSTER.replace("address", "adress")
    world.files.replace(_COMPOSE, _CLUSTER, wrong)


@fault("MET-05", "alertmanager-option-of-later", vantage="repository", environments=APP_OINT)
def alertmanager_option_of_later(world: World) -> None:
    """Alertmanager is put back to a version that does not have an option yet."""
    world.files.replace(_COMPOSE, "prom/alertmanager:v0.28.1", "prom/alertmanager:v0.25.0")
    world.files.replace(_COMPOSE, _CLUSTER, f"{_CLUSTER}      - --cluster.label=app-oint\n")


@fault(
    "MET-05",
    "alertmanager-listens-elsewhere",
    vantage="repository",
    also=("CFG-02", "MET-07b"),
    environments=APP_OINT,
)
def alertmanager_listens_elsewhere(world: World) -> None:
    """Alertmanager is told to listen on another port than the one that Prometheus sends to."""
    option = "      - --web.listen-address=:9095\n"
    world.files.replace(_COMPOSE, _CLUSTER, f"{_CLUSTER}{option}")


@fault(
    "MET-05", "secret-not-mounted", vantage="repository", environments=APP_OINT, also=("ALR-04",)
)
def secret_not_mounted(world: World) -> None:
    """Alertmanager is not given the routing key that its configuration names."""
    given = "[slack_webhook_url, pagerduty_routing_key, smtp_password]"
    world.files.replace(_COMPOSE, given, "[slack_webhook_url, smtp_password]")


@fault("MET-05", "templates-not-mounted", vantage="repository", environments=APP_OINT)
def templates_not_mounted(world: World) -> None:
    """The configuration of Alertmanager names templates that stay in the repository."""
    world.files.write("monitoring/templates/slack.tmpl", '{{ define "slack.title" }}{{ end }}\n')
    world.files.replace(
        _ALERTMANAGER,
        "receivers:\n",
        "templates: [/etc/alertmanager/templates/*.tmpl]\n\nreceivers:\n",
    )
