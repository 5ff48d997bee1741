"""What an exporter is told or asked decides which of its metrics are certain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import parse_yaml_document
from plimsoll.facts.exposure import ExposedMetric
from plimsoll.semantics.exposure.assembly import Evidence, supplies
from plimsoll.semantics.exposure.deployment import Deployment, Standing
from plimsoll.semantics.exposure.exporters import Exporter, _exporters, exporter_of_image
from plimsoll.semantics.exposure.stack import Stack
from plimsoll.semantics.exposure.supply import Reach

PORTS = {
    "prom/node-exporter:v1.10.2": 9100,
    "prometheuscommunity/postgres-exporter:v0.18.1": 9187,
    "oliver006/redis_exporter:v1.79.0": 9121,
    "gcr.io/cadvisor/cadvisor:v0.49.1": 8080,
    "prom/mysqld-exporter:v0.17.2": 9104,
}
NODE, POSTGRES, REDIS, CADVISOR, MYSQL = PORTS
DIRECTORY = "--collector.textfile.directory=/t"
LEFT = ExposedMetric("backup_age", "gauge", ({},), "a.sh:1")
UNKNOWN, EXPORTED, NOBODY = Standing.UNKNOWN, Standing.EXPORTED, Standing.NOBODY


def deployed(image: str, *command: str, more: str = "", variables: str = "{}") -> Deployment:
    """Return a world in which one exporter runs with options."""
    port, words = PORTS[image], ", ".join(f'"{word}"' for word in command)
    compose = (
        "services: {one: {"
        f'image: "{image}", expose: ["{port}"], command: [{words}], environment: {variables}'
        '}, prometheus: {image: "prom/prometheus:v3.7.3"}}'
    )
    job = f'{{job_name: j, static_configs: [{{targets: ["one:{port}"]}}]{more}}}'
    prometheus = parse_yaml_document(f"scrape_configs: [{job}]", "prometheus.yml")
    stack = Stack.of(parse_yaml_document(compose, "compose.yml"))
    return Deployment(supplies(prometheus, stack, Evidence(textfiles={"one": (LEFT,)})))


@pytest.mark.parametrize(
    ("image", "command", "metric", "standing"),
    [
        (NODE, (), "node_cpu_seconds_total", EXPORTED),
        (NODE, ("--no-collector.cpu",), "node_cpu_seconds_total", UNKNOWN),
        (NODE, ("--no-collector.cpu",), "node_load1", EXPORTED),
        (NODE, ("--no-collector.cpu",), "process_open_fds", EXPORTED),
        (NODE, ("--no-collector.wifi",), "node_cpu_seconds_total", EXPORTED),
        (NODE, ("--no-collector.netclass",), "node_network_up", UNKNOWN),
        (NODE, ("--no-collector.netclass",), "node_network_receive_bytes_total", EXPORTED),
        (NODE, ("--no-collector.netclass",), "node_network_transmit_queue_length", UNKNOWN),
        (NODE, ("--collector.disable-defaults",), "node_cpu_seconds_total", UNKNOWN),
        (NODE, ("--collector.disable-defaults",), "node_exporter_build_info", EXPORTED),
        (
            NODE,
            ("--collector.disable-defaults", "--collector.filesystem"),
            "node_filesystem_files",
            EXPORTED,
        ),
        (NODE, ("--web.disable-exporter-metrics",), "process_open_fds", UNKNOWN),
        (NODE, ("--web.disable-exporter-metrics",), "node_load1", EXPORTED),
        (NODE, ("--disable-something",), "node_load1", UNKNOWN),
        (NODE, ("--disable-something",), "process_open_fds", UNKNOWN),
        (NODE, ("--disable-something=false",), "node_load1", EXPORTED),
        (NODE, ("--no-web.systemd-socket",), "node_load1", EXPORTED),
        (NODE, (DIRECTORY,), "backup_age", EXPORTED),
        (NODE, (DIRECTORY, "--no-collector.textfile"), "backup_age", UNKNOWN),
        (NODE, ("--no-collector.textfile",), "backup_age", NOBODY),
        (POSTGRES, (), "pg_locks_count", EXPORTED),
        (POSTGRES, ("--no-collector.locks",), "pg_locks_count", UNKNOWN),
        (POSTGRES, (), "pg_stat_statements_seconds_total", UNKNOWN),
        (
            POSTGRES,
            ("--collector.stat_statements",),
            "pg_stat_statements_seconds_total",
            EXPORTED,
        ),
        (POSTGRES, (), "pg_long_running_transactions", UNKNOWN),
        (POSTGRES, ("--disable-default-metrics",), "pg_up", UNKNOWN),
        (REDIS, (), "redis_key_size", UNKNOWN),
        (REDIS, ("--check-keys=a*",), "redis_key_size", EXPORTED),
        (REDIS, ("-check-keys", "a*"), "redis_key_size", EXPORTED),
        (REDIS, (), "redis_up", EXPORTED),
        (CADVISOR, ("--disable_metrics=cpu,tcp",), "container_cpu_usage_seconds_total", UNKNOWN),
        (CADVISOR, ("-disable_metrics", "cpu"), "container_cpu_usage_seconds_total", UNKNOWN),
        (CADVISOR, ("--disable_metrics=cpu",), "container_memory_cache", EXPORTED),
        (CADVISOR, ("--disable_metrics=diskIO",), "container_fs_limit_bytes", UNKNOWN),
        (CADVISOR, ("--enable_metrics=cpu",), "container_memory_cache", UNKNOWN),
        (MYSQL, ("--no-collect.global_status",), "mysql_global_status_uptime", UNKNOWN),
        (MYSQL, ("--no-collector.any",), "mysql_up", UNKNOWN),
        (MYSQL, (), "mysql_up", EXPORTED),
    ],
)
def test_an_option_concerns_the_metrics_of_its_collector(
    image: str, command: tuple[str, ...], metric: str, standing: Standing
) -> None:
    """What is switched off, or not switched on, is not known; nor is anything by other options."""
    assert deployed(image, *command).provenance(metric).standing is standing


@pytest.mark.parametrize(
    ("image", "variables", "metric", "standing"),
    [
        (REDIS, '{REDIS_EXPORTER_CHECK_KEYS: "a*"}', "redis_key_size", EXPORTED),
        (REDIS, '{REDIS_EXPORTER_CHECK_KEYS: ""}', "redis_key_size", UNKNOWN),
        (POSTGRES, '{PG_EXPORTER_DISABLE_DEFAULT_METRICS: "true"}', "pg_up", UNKNOWN),
        (POSTGRES, '{PG_EXPORTER_DISABLE_DEFAULT_METRICS: "false"}', "pg_up", EXPORTED),
        (POSTGRES, "[PG_EXPORTER_DISABLE_DEFAULT_METRICS]", "pg_up", UNKNOWN),
    ],
)
def test_variables_are_options_too(
    image: str, variables: str, metric: str, standing: Standing
) -> None:
    """An empty one enables nothing; one whose value no file tells may switch off."""
    assert deployed(image, variables=variables).provenance(metric).standing is standing


@pytest.mark.parametrize(
    ("parameters", "image", "metric", "standing"),
    [
        ("'collect[]': [filesystem]", NODE, "node_cpu_seconds_total", UNKNOWN),
        ("'collect[]': [filesystem, cpu]", NODE, "node_cpu_seconds_total", EXPORTED),
        ("'exclude[]': [cpu]", NODE, "node_cpu_seconds_total", UNKNOWN),
        ("'exclude[]': [cpu]", NODE, "node_load1", EXPORTED),
        ("'collect[]': [global_status]", MYSQL, "mysql_up", UNKNOWN),
        ("target: [a]", NODE, "node_cpu_seconds_total", EXPORTED),
    ],
)
def test_a_job_may_ask_for_some_collectors_alone(
    parameters: str, image: str, metric: str, standing: Standing
) -> None:
    """It does so with the parameters of its requests."""
    found = deployed(image, more=f", params: {{{parameters}}}")
    assert found.provenance(metric).standing is standing


@pytest.mark.parametrize(
    ("image", "command", "metric", "reason"),
    [
        (NODE, "--no-collector.cpu", "node_cpu_seconds_total", "one runs with --no-collector.cpu"),
        (
            POSTGRES,
            "--log.level=info",
            "pg_stat_statements_calls_total",
            "one exposes it with --collector.stat_statements alone",
        ),
    ],
)
def test_the_reason_is_the_option(image: str, command: str, metric: str, reason: str) -> None:
    """Whoever reads it knows what to look at."""
    assert deployed(image, command).provenance(metric).reason == reason


def test_where_nothing_is_certain_the_target_counts_as_unseen() -> None:
    """It may expose its own metrics, and no others."""
    (supply,) = deployed(NODE, "--disable-something").supplies
    assert (supply.is_unseen, supply.reach, supply.target.complete) == (True, Reach.OWN, False)
    assert not supply.may_expose("orders_total")


@given(
    st.sampled_from([one for one in _exporters().values() if one.collectors]),
    st.data(),
)
def test_every_metric_of_the_table_is_certain_or_has_a_reason(
    exporter: Exporter, data: st.DataObject
) -> None:
    """Switch off any collectors: exactly what none of them exposes stays certain."""
    image = next(image for image in PORTS if exporter_of_image(_last(image)) is exporter)
    off = data.draw(st.sets(st.sampled_from(sorted(exporter.collectors)), min_size=1))
    enabling = {one for options in exporter.switched_on.values() for one in options}
    if image == CADVISOR:
        options = [f"--disable_metrics={','.join(sorted(off))}"]
    else:
        options = [*(f"--no-collector.{name}" for name in sorted(off)), *sorted(enabling)]
    (supply,) = deployed(image, *options).supplies
    certain = {metric.name for metric in supply.target.metrics}
    for metric in exporter.metrics:
        is_off = bool(off.intersection(exporter.collectors_of(metric.name)))
        assert (metric.name in certain) is not is_off
        assert supply.may_expose(metric.name) or not is_off


def _last(image: str) -> str:
    return image.rpartition("/")[2].partition(":")[0]
