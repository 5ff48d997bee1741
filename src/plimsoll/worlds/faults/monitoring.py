"""Faults in the files that make Prometheus and Alertmanager work together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
_COMPOSE = "docker-compose.yml"
_PROMETHEUS = "prometheus.yml"
_RULES = "monitoring/alerting-rules.yml"
_CONNECTED = "    - static_configs:\n        - targets: [alertmanager:9093]\n"
_MOUNTED = "      - ./monitoring/alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro\n"
_CLUSTER = "      - --cluster.listen-address=\n"
_VOLUMES = "\nvolumes:\n"
_RETENTION = "--storage.tsdb.retention.time=35d"


@fault("MET-04", "targets-commented-out", vantage="repository", environments=APP_OINT)
def targets_commented_out(world: World) -> None:
    """The job of the dashboard names no target in its own region any more."""
    world.files.replace(
        _PROMETHEUS,
        "      - targets: [dashboard:3000]\n        labels: {service: dashboard, region: fra1}\n",
        "      # - targets: [dashboard:3000]\n",
    )


@fault("MET-04", "health-page-scraped", vantage="repository", environments=APP_OINT)
def health_page_scraped(world: World) -> None:
    """The job of the admin panel asks a health page, which is no metrics."""
    job = "  - job_name: admin\n    metrics_path: "
    world.files.replace(_PROMETHEUS, f"{job}/metrics", f"{job}/health/liveness")


@fault("MET-04", "host-port-scraped", vantage="repository", environments=APP_OINT)
def host_port_scraped(world: World) -> None:
    """A target names the port of the host, which nothing listens on inside the container."""
    published = '    ports:\n      - "127.0.0.1:18081:8081"\n'
    world.files.replace(_COMPOSE, '    expose: ["8081"]\n', published)
    world.files.replace(_PROMETHEUS, "[business:8081]", "[business:18081]")


@fault("MET-04", "no-such-service", vantage="repository", environments=APP_OINT)
def no_such_service(world: World) -> None:
    """A target names a service that was renamed long ago."""
    world.files.replace(_PROMETHEUS, "[admin:8082]", "[admin-panel:8082]")


@fault("MET-04", "database-scraped-itself", vantage="repository", environments=APP_OINT)
def database_scraped_itself(world: World) -> None:
    """Prometheus asks PostgreSQL for metrics over HTTP instead of asking its exporter."""
    world.files.replace(_PROMETHEUS, "[postgres-exporter:9187]", "[postgres:5432]")


@fault(
    "MET-04",
    "exporter-on-another-network",
    vantage="repository",
    environments=APP_OINT,
)
def exporter_on_another_network(world: World) -> None:
    """The exporter of Redis is moved to a network of the databases, where Prometheus is not."""
    redis = "    image: redis:7.4.6-alpine3.21\n"
    exporter = "    image: oliver006/redis_exporter:v1.79.0-alpine\n"
    world.files.replace(_COMPOSE, redis, f"{redis}    networks: [default, databases]\n")
    world.files.replace(_COMPOSE, exporter, f"{exporter}    networks: [databases]\n")
    world.files.replace(_COMPOSE, _VOLUMES, f"\nnetworks:\n  databases: {{}}\n{_VOLUMES}")


@fault("MET-04", "no-replica", vantage="repository", environments=APP_OINT)
def no_replica(world: World) -> None:
    """The admin panel was stopped by starting none of it, and its job still asks for it."""
    image = "    image: registry.digitalocean.com/app-oint/admin:${APP_VERSION:-2.4.1}\n"
    world.files.replace(_COMPOSE, image, f"{image}    scale: 0\n")


@fault(
    "MET-05",
    "target-commented-out",
    vantage="repository",
    also=("CFG-02",),
    environments=APP_OINT,
)
def alertmanager_commented_out(world: World) -> None:
    """The list of Alertmanagers is there, and its one target is a comment."""
    world.files.replace(
        _PROMETHEUS,
        _CONNECTED,
        "    - static_configs:\n        - targets:\n          # - alertmanager:9093\n",
    )


@fault("MET-05", "wrong-port", vantage="repository", also=("CFG-02",), environments=APP_OINT)
def alertmanager_wrong_port(world: World) -> None:
    """Prometheus sends its alerts to the port of Alertmanager's cluster."""
    world.files.replace(_PROMETHEUS, _CONNECTED, _CONNECTED.replace("9093", "9094"))


@fault(
    "MET-05",
    "alertmanager-behind-a-prefix",
    vantage="repository",
    also=("CFG-02", "MET-07b"),
    environments=APP_OINT,
)
def alertmanager_behind_a_prefix(world: World) -> None:
    """Alertmanager is served below a path for its links, and alerts are still sent to the root."""
    option = "      - --web.external-url=https://app-oint.com/alertmanager\n"
    world.files.replace(_COMPOSE, _CLUSTER, f"{_CLUSTER}{option}")


@fault("MET-05", "sent-with-tls", vantage="repository", also=("CFG-02",), environments=APP_OINT)
def sent_with_tls(world: World) -> None:
    """Prometheus sends its alerts with TLS to an Alertmanager that has no certificate."""
    world.files.replace(
        _PROMETHEUS,
        _CONNECTED,
        _CONNECTED.replace("    - static", "    - scheme: https\n      static"),
    )


@fault(
    "MET-05", "not-an-alertmanager", vantage="repository", also=("CFG-02",), environments=APP_OINT
)
def not_an_alertmanager(world: World) -> None:
    """Prometheus sends its alerts to Grafana."""
    world.files.replace(
        _PROMETHEUS, _CONNECTED, _CONNECTED.replace("alertmanager:9093", "grafana:3000")
    )


@fault("MET-05", "rule-file-not-mounted", vantage="repository", environments=APP_OINT)
def rule_file_not_mounted(world: World) -> None:
    """The rule file stays in the repository: the container never sees it."""
    mount = f"      - ./{_RULES}:/etc/prometheus/alerting-rules.yml:ro\n"
    world.files.replace(_COMPOSE, mount, "")


@fault("MET-05", "rule-file-mounted-elsewhere", vantage="repository", environments=APP_OINT)
def rule_file_mounted_elsewhere(world: World) -> None:
    """The rule file is mounted in a folder that the configuration does not name."""
    here = ":/etc/prometheus/alerting-rules.yml:ro"
    world.files.replace(_COMPOSE, here, ":/etc/prometheus/rules/alerting-rules.yml:ro")


@fault("MET-05", "rule-files-not-named", vantage="repository", environments=APP_OINT)
def rule_files_not_named(world: World) -> None:
    """The configuration names no rule file."""
    world.files.replace(
        _PROMETHEUS, "rule_files:\n  - /etc/prometheus/alerting-rules.yml\n", "rule_files: []\n"
    )


@fault("MET-05", "another-rule-file-loaded", vantage="repository", environments=APP_OINT)
def another_rule_file_loaded(world: World) -> None:
    """Prometheus loads a rule file, and not the one that holds the alerts."""
    world.files.write("monitoring/recording-rules.yml", "groups: []\n")
    world.files.replace(_COMPOSE, f"./{_RULES}:", "./monitoring/recording-rules.yml:")


@fault("MET-05", "option-of-version-1", vantage="repository", environments=APP_OINT)
def option_of_version_1(world: World) -> None:
    """Prometheus is told of its Alertmanager by an option that no version since 2 starts with."""
    added = f"{_RETENTION}\n      - --alertmanager.url=http://alertmanager:9093"
    world.files.replace(_COMPOSE, _RETENTION, added)


@fault("MET-05", "option-of-version-2", vantage="repository", environments=APP_OINT)
def option_of_version_2(world: World) -> None:
    """Prometheus 3 is given the name that an option had in version 2."""
    world.files.replace(_COMPOSE, _RETENTION, "--storage.tsdb.retention=35d")


@fault("MET-05", "misspelled-option", vantage="repository", environments=APP_OINT)
def misspelled_option(world: World) -> None:
    """An option of Prometheus is misspelled, so that it does not start."""
    world.files.replace(_COMPOSE, _RETENTION, _RETENTION.replace("retention", "retentoin"))


@fault(
    "CFG-02",
    "not-mounted",
    vantage="repository",
    also=("MET-05",),
    environments=APP_OINT,
    undecided=("ALR-04",),
)
def configuration_not_mounted(world: World) -> None:
    """Alertmanager runs with the configuration of its image, which tells nobody."""
    world.files.replace(_COMPOSE, _MOUNTED, "")


@fault(
    "CFG-02",
    "mount-of-nothing",
    vantage="repository",
    also=("MET-05",),
    environments=APP_OINT,
    undecided=("ALR-04",),
)
def mount_of_nothing(world: World) -> None:
    """Alertmanager's configuration is mounted from a file that is not there."""
    world.files.replace(_COMPOSE, _MOUNTED, _MOUNTED.replace(".yml:/", ".yaml:/"))
