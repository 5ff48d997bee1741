"""Faults in what Grafana is given: where it looks for dashboards, what they ask, whom they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
_COMPOSE = "docker-compose.yml"
_DASHBOARD = "monitoring/grafana/dashboards/app-oint-overview.json"
_PROVIDER = "monitoring/grafana/provisioning/dashboards/app-oint.yml"
_DATASOURCE = "monitoring/grafana/provisioning/datasources/prometheus.yml"
_ASKED = '\n      "datasource": {"type": "prometheus", "uid": "prometheus"},'
_RETENTION = "--storage.tsdb.retention.time=35d"


@fault("MET-06", "wrapped-dashboard", vantage="repository", also=("CFG-01",), environments=APP_OINT)
def wrapped_dashboard(world: World) -> None:
    """The dashboard file is what the HTTP API takes, and file provisioning refuses."""
    world.files.write(_DASHBOARD, f'{{"dashboard": {world.files.text(_DASHBOARD)}}}')


@fault("MET-06", "provider-looks-elsewhere", vantage="repository", environments=APP_OINT)
def provider_looks_elsewhere(world: World) -> None:
    """The provider looks for dashboards in a folder where none is mounted."""
    world.files.replace(_PROVIDER, "/etc/grafana/dashboards", "/var/lib/grafana/dashboards")


@fault("MET-06", "provider-deleted", vantage="repository", environments=APP_OINT)
def provider_deleted(world: World) -> None:
    """Nothing tells Grafana to load dashboards from files."""
    world.files.delete(_PROVIDER)


@fault("MET-06", "dashboards-not-mounted", vantage="repository", environments=APP_OINT)
def dashboards_not_mounted(world: World) -> None:
    """The dashboards stay in the repository: the container never sees them."""
    mount = "      - ./monitoring/grafana/dashboards:/etc/grafana/dashboards:ro\n"
    world.files.replace(_COMPOSE, mount, "")


@fault("MET-06", "datasource-renamed", vantage="repository", environments=APP_OINT)
def datasource_renamed(world: World) -> None:
    """The panels ask a datasource that is provisioned under another uid."""
    world.files.replace(_DATASOURCE, "uid: prometheus", "uid: prometheus-main")


@fault("MET-06", "datasource-variable", vantage="repository", environments=APP_OINT)
def datasource_variable(world: World) -> None:
    """The dashboard was exported for sharing: its datasource is a variable nobody fills in."""
    world.files.replace(_DASHBOARD, '"uid": "prometheus"', '"uid": "${DS_PROMETHEUS}"')


@fault("MET-06", "uid-of-another-datasource", vantage="repository", environments=APP_OINT)
def uid_of_another_datasource(world: World) -> None:
    """What is asked is named as a Prometheus, by the uid of the Alertmanager."""
    world.files.replace(_DASHBOARD, '"uid": "prometheus"', '"uid": "alertmanager"')


@fault("MET-06", "no-default-datasource", vantage="repository", environments=APP_OINT)
def no_default_datasource(world: World) -> None:
    """The panels name no datasource, and none is the default: Grafana asks itself."""
    world.files.replace(_DASHBOARD, _ASKED, "")
    world.files.replace(_DATASOURCE, "    isDefault: true\n", "")


@fault("MET-06", "default-datasource-is-another", vantage="repository", environments=APP_OINT)
def default_datasource_is_another(world: World) -> None:
    """The panels name no datasource, and the default one is the Alertmanager."""
    world.files.replace(_DASHBOARD, _ASKED, "")
    world.files.replace(_DATASOURCE, "    isDefault: true\n", "")
    kind = "    type: alertmanager\n"
    world.files.replace(_DATASOURCE, kind, f"{kind}    isDefault: true\n")


@fault(
    "MET-06",
    "prometheus-behind-a-prefix",
    vantage="repository",
    also=("CFG-02",),
    environments=APP_OINT,
)
def prometheus_behind_a_prefix(world: World) -> None:
    """Prometheus answers below a path, and Grafana still asks at the root."""
    option = f"{_RETENTION}\n      - --web.route-prefix=/prometheus"
    world.files.replace(_COMPOSE, _RETENTION, option)


@fault("MET-06", "another-percentile", vantage="repository", environments=APP_OINT)
def another_percentile(world: World) -> None:
    """What is titled p99 shows the 90th percentile."""
    world.files.replace(_DASHBOARD, "histogram_quantile(0.99", "histogram_quantile(0.9")


@fault("MET-06", "title-without-query", vantage="repository", environments=APP_OINT)
def title_without_query(world: World) -> None:
    """The panel of active users asks for something else."""
    world.files.replace(_DASHBOARD, "app_active_users", "app_registrations_total")


@fault(
    "CFG-02", "only-with-a-profile", vantage="repository", also=("MET-06",), environments=APP_OINT
)
def only_with_a_profile(world: World) -> None:
    """Grafana runs only where somebody asks for its profile."""
    image = "    image: grafana/grafana:12.2.1\n"
    world.files.replace(_COMPOSE, image, f"{image}    profiles: [debug]\n")


@fault("CFG-02", "wrong-datasource", vantage="repository", also=("MET-06",), environments=APP_OINT)
def wrong_datasource(world: World) -> None:
    """Grafana's datasource of metrics leads to Alertmanager."""
    world.files.replace(
        "monitoring/grafana/provisioning/datasources/prometheus.yml",
        "http://prometheus:9090",
        "http://alertmanager:9093",
    )


@fault(
    "CFG-02",
    "provisioning-not-mounted",
    vantage="repository",
    also=("MET-06",),
    environments=APP_OINT,
)
def provisioning_not_mounted(world: World) -> None:
    """What provisions Grafana stays in the repository."""
    mount = "      - ./monitoring/grafana/provisioning:/etc/grafana/provisioning:ro\n"
    world.files.replace(_COMPOSE, mount, "")
