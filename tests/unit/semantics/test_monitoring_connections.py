"""Which rule files Prometheus loads and which Alertmanagers it reaches, one by one."""

from __future__ import annotations

import pytest

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics import monitoring_wiring as wiring

COMPOSE = parse_yaml_document(
    """\
services:
  prometheus:
    image: prom/prometheus:v3.7.3
    volumes: ["./p.yml:/etc/prometheus/prometheus.yml", "./rules:/etc/prometheus/rules"]
  pager: {image: "prom/alertmanager:v0.28.1"}
  grafana: {image: "grafana/grafana:12.2.1"}
""",
    "compose.yml",
)
FILES = ("p.yml", "rules/a.yml", "rules/b.yml", "other/c.yml")


def prometheus(text: str) -> Document:
    """Parse a configuration."""
    return parse_yaml_document(text, "p.yml")


def connected(*targets: str) -> list[str]:
    """Return the Alertmanagers that a list of targets reaches."""
    listed = ", ".join(f'"{target}"' for target in targets)
    text = f"alerting: {{alertmanagers: [{{static_configs: [{{targets: [{listed}]}}]}}]}}"
    return [one.name for one in wiring.connected_alertmanagers(COMPOSE, prometheus(text))]


@pytest.mark.parametrize(
    ("patterns", "loaded"),
    [
        ("[rules/a.yml]", {"rules/a.yml"}),
        ("[/etc/prometheus/rules/*.yml]", {"rules/a.yml", "rules/b.yml"}),
        ("[/elsewhere/*.yml]", set()),
        ("[rules/c.yml]", set()),
        ("[]", set()),
    ],
)
def test_only_mounted_rule_files_that_are_named_are_loaded(patterns: str, loaded: set[str]) -> None:
    """A pattern shows the files behind its mount, and no others."""
    configuration = prometheus(f"rule_files: {patterns}")
    assert wiring.loaded_rule_files(COMPOSE, configuration, FILES) == loaded


def test_an_alertmanager_of_the_file_is_connected() -> None:
    """By the name of its service."""
    assert connected("pager:9093") == ["pager"]


@pytest.mark.parametrize("target", ["grafana:3000", "nobody:9093", "pager.example.net:9093"])
def test_whatever_else_is_named_is_no_alertmanager_of_the_file(target: str) -> None:
    """Another service, nobody, or a host that no file shows."""
    assert connected(target) == []


def test_a_service_that_is_no_alertmanager_is_a_problem() -> None:
    """Alerts sent to it reach nobody, although it listens."""
    text = 'alerting: {alertmanagers: [{static_configs: [{targets: ["grafana:3000"]}]}]}'
    (problem,) = wiring.alertmanager_problems(COMPOSE, prometheus(text))
    assert "is no Alertmanager" in problem.what
