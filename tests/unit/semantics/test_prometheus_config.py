"""Prometheus configurations tell what is scraped, loaded and connected, and what is wrong."""

from __future__ import annotations

import pytest

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics import prometheus_config

SOUND = """\
global: {scrape_interval: 15s, evaluation_interval: 15s, external_labels: {region: "${REGION}"}}
rule_files:
  - /etc/prometheus/rules.yml
alerting:
  alertmanagers:
    - static_configs:
        - targets: ["alertmanager:9093"]
scrape_configs:
  - job_name: api
    static_configs:
      - targets: ["api:8080", "other.internal:8080"]
        labels: {service: api}
  - job_name: slow
    scrape_interval: 1m
    scheme: https
    metrics_path: /internal/metrics
    static_configs: [{targets: ["slow"]}]
  - job_name: probed
    static_configs: [{targets: ["https-probe"]}]
    relabel_configs:
      - {source_labels: [__address__], target_label: __param_target}
      - {target_label: __address__, replacement: "exporter:9115"}
      - {target_label: service, replacement: probe}
      - {target_label: other, replacement: "$1"}
  - job_name: found
    dns_sd_configs: [{names: [api.internal]}]
"""


def config(text: str = SOUND) -> Document:
    """Parse a configuration."""
    return parse_yaml_document(text, "prometheus.yml")


def test_jobs_are_read_with_their_targets() -> None:
    """Read static, relabeled and discovered targets."""
    api, slow, probed, found = prometheus_config.scrape_jobs(config())
    assert [(target.host, target.port) for target in api.targets] == [
        ("api", 8080),
        ("other.internal", 8080),
    ]
    assert api.targets[0].labels == {"job": "api", "instance": "api:8080", "service": "api"}
    assert api.targets[0].where == "prometheus.yml:11"
    assert (api.path, api.scheme, api.interval_seconds) == ("/metrics", "http", 15)
    assert (slow.path, slow.scheme, slow.interval_seconds) == ("/internal/metrics", "https", 60)
    assert slow.targets[0].port is None
    assert [target.address for target in probed.targets] == ["exporter:9115"]
    labels = {"job": "probed", "instance": "exporter:9115", "service": "probe"}
    assert probed.targets[0].labels == labels
    assert (found.targets, found.discoveries) == ((), ("dns_sd_configs",))


def test_rule_files_and_alertmanagers_are_read() -> None:
    """Read what else the configuration connects to."""
    (pattern,) = prometheus_config.rule_files(config())
    assert (pattern.pattern, pattern.where) == ("/etc/prometheus/rules.yml", "prometheus.yml:3")
    (target,) = prometheus_config.alertmanager_targets(config())
    assert (target.host, target.port, target.where) == ("alertmanager", 9093, "prometheus.yml:7")


@pytest.mark.parametrize("targets", ["", " []", " null", "\n          # - alertmanager:9093"])
def test_targets_that_are_commented_out_are_no_targets(targets: str) -> None:
    """Leave nothing where the Alertmanager's address should be."""
    document = config(SOUND.replace(' ["alertmanager:9093"]', targets))
    assert prometheus_config.alertmanager_targets(document) == ()
    assert prometheus_config.problems(document) == ()


def test_a_discovered_alertmanager_is_told_apart() -> None:
    """Find Alertmanagers by discovery, which no file shows."""
    text = "alerting: {alertmanagers: [{dns_sd_configs: [{names: [a]}]}]}"
    assert prometheus_config.alertmanager_targets(config(text)) == ()
    assert prometheus_config.alertmanager_discoveries(config(text)) == ("dns_sd_configs",)


@pytest.mark.parametrize("path", ["/health", "/api/health", "/health.html", "/liveness", "/ready/"])
def test_health_pages_serve_no_metrics(path: str) -> None:
    """Ask about paths that answer with something else."""
    assert "health page" in (prometheus_config.path_fault(path) or "")


@pytest.mark.parametrize("path", ["/metrics", "/health/metrics", "/actuator/prometheus", "/"])
def test_nothing_speaks_against_other_paths(path: str) -> None:
    """Ask about paths that may serve metrics."""
    assert prometheus_config.path_fault(path) is None


def test_a_sound_configuration_has_no_problems() -> None:
    """Validate a configuration in which everything is right."""
    assert prometheus_config.problems(config()) == ()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("rule_files:", "rules_files:", "unknown field rules_files"),
        ("job_name: slow", "job: slow", "unknown field scrape_configs[1].job"),
        ("job_name: slow", "job: slow", "has no job_name"),
        ("job_name: slow", "job_name: api", "job api is given twice"),
        ("scheme: https", "scheme: ftp", 'scheme is "ftp"'),
        ("scrape_interval: 1m", "scrape_interval: 1 minute", 'scrape_interval is "1 minute"'),
        ("scrape_interval: 1m", "scrape_interval: 0s", 'scrape_interval is "0s"'),
        ("scrape_interval: 1m", "scrape_interval: 1m\n    scrape_timeout: 2m", "exceeds"),
        ('"slow"', '"http://slow:80"', "is no address"),
        ('"slow"', '"${HOST}:80"', "holds the placeholder"),
    ],
)
def test_a_fault_is_reported_with_its_place(old: str, new: str, what: str) -> None:
    """Break one thing."""
    assert old in SOUND
    found = prometheus_config.problems(config(SOUND.replace(old, new, 1)))
    assert any(what in problem.what for problem in found), found
    assert all(problem.where.startswith("prometheus.yml:") for problem in found)
