"""Which rule files Prometheus loads and which Alertmanagers it reaches, one by one."""

from __future__ import annotations

import pytest

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics import alertmanager_wiring, monitoring_wiring

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
    return [
        one.name for one in alertmanager_wiring.connected_alertmanagers(COMPOSE, prometheus(text))
    ]


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
    assert monitoring_wiring.loaded_rule_files(COMPOSE, configuration, FILES) == loaded


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
    (problem,) = alertmanager_wiring.alertmanager_problems(COMPOSE, prometheus(text))
    assert "is no Alertmanager" in problem.what


STACK = """\
services:
  prometheus: {image: "prom/prometheus:v3.7.3", networks: [watch]}
  second: {image: "prom/prometheus:v3.7.3", networks: [watch]}
  pager: {image: "prom/alertmanager:v0.28.1", networks: [watch]}
"""
SENT = 'alerting: {alertmanagers: [{static_configs: [{targets: ["pager:9093"]}]}]}'


def judged(old: str, new: str, sent: str = SENT) -> tuple[list[str], tuple[str, ...]]:
    """Return the problems and doubts of the connection with one text replaced."""
    assert old in STACK
    compose, config = parse_yaml_document(STACK.replace(old, new), "c.yml"), prometheus(sent)
    problems = alertmanager_wiring.alertmanager_problems(compose, config)
    return [one.what for one in problems], alertmanager_wiring.alertmanager_doubts(compose, config)


def test_alerts_that_arrive_are_neither_a_problem_nor_a_doubt() -> None:
    """All are on one network."""
    assert judged("watch", "watch") == ([], ())


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('0.28.1", networks: [watch]', '0.28.1"', "pager shares no network with prometheus"),
        ("networks: [watch]}\n  pager", "}\n  pager", "pager shares no network with second"),
        ("0.28.1", '0.28.1", scale: 0, x-a: "', "pager is no running service"),
        ("0.28.1", '0.28.1", command: [--web.route-prefix=/am], x-a: "', "at /am/api/v2/alerts"),
    ],
)
def test_every_prometheus_has_to_reach_its_alertmanager(old: str, new: str, what: str) -> None:
    """Each sends its own alerts, to the path where they are taken."""
    problems, _ = judged(old, new)
    assert any(what in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("new", "doubt"),
    [
        ("networks: ['${NET}']", "no file tells every network of"),
        ("networks: [watch], scale: '${N}'", "no file tells how many containers of pager"),
        ("networks: [watch], command: ['--web.route-prefix=$WHERE']", "below which path pager"),
    ],
)
def test_what_no_file_tells_of_the_connection_is_a_doubt(new: str, doubt: str) -> None:
    """It is no problem."""
    problems, doubts = judged('0.28.1", networks: [watch]', f'0.28.1", {new}')
    assert problems == []
    assert doubt in doubts[0]


def test_the_host_of_a_prometheus_that_has_no_network_of_its_own_is_a_doubt() -> None:
    """There, localhost is not the container, and anything may listen."""
    own = SENT.replace("pager", "localhost")
    assert "itself" in judged("watch", "watch", own)[0][0]
    problems, doubts = judged("networks: [watch]", "network_mode: host", own)
    assert problems == []
    assert "no file tells what listens there" in doubts[0]


def test_rules_that_may_drop_alerts_are_a_doubt() -> None:
    """Whether they do is judged elsewhere."""
    rules = "alerting: {alert_relabel_configs: [{regex: x, action: drop}], "
    problems, doubts = judged("watch", "watch", SENT.replace("alerting: {", rules))
    assert problems == []
    assert "may drop alerts" in doubts[0]
