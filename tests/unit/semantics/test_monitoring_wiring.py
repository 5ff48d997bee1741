"""Monitoring counts as wired only where every part can reach the next."""

from __future__ import annotations

import pytest

from plimsoll.facts.document import Document, Problem, parse_yaml_document
from plimsoll.semantics.compose import services
from plimsoll.semantics.compose_targets import container_ports
from plimsoll.semantics.configured_servers import config_folder
from plimsoll.semantics.monitoring_wiring import jobs_covering, option_problems, wiring
from plimsoll.semantics.prometheus_config import scrape_jobs

COMPOSE = """\
services:
  api: {image: "shop/api:1.2.3", container_name: shop-api, ports: ["8081:8080"]}
  db: {image: "postgres:16.1", expose: [5432]}
  dev: {image: "shop/dev:1.2.3", profiles: [dev]}
  prometheus:
    image: prom/prometheus:v3.7.3
    command: [--config.file=/etc/prometheus/prometheus.yml, --storage.tsdb.retention.time=35d]
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
      - ./monitoring/rules.yml:/etc/prometheus/rules.yml:ro
  alertmanager: {image: "prom/alertmanager:v0.28.1"}
"""
PROMETHEUS = """\
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ["alertmanager:9093"]}]}]}
scrape_configs:
  - job_name: api
    static_configs: [{targets: ["api:8080", "elsewhere.internal:1"], labels: {service: shop}}]
  - job_name: own
    static_configs: [{targets: ["localhost:9090"]}]
"""
FILES = ("prometheus.yml", "monitoring/rules.yml")


def documents(compose: str = COMPOSE, prometheus: str = PROMETHEUS) -> tuple[Document, Document]:
    """Parse both files."""
    return (
        parse_yaml_document(compose, "docker-compose.yml"),
        parse_yaml_document(prometheus, "prometheus.yml"),
    )


def broken(old: str, new: str) -> tuple[Problem, ...]:
    """Judge the wiring with one text replaced in one of the files."""
    assert (old in COMPOSE) != (old in PROMETHEUS)
    return wiring(*documents(COMPOSE.replace(old, new), PROMETHEUS.replace(old, new)), FILES)


def test_sound_wiring_has_no_problems() -> None:
    """Judge files in which everything reaches the next part."""
    assert wiring(*documents(), FILES) == ()
    assert wiring(*documents()) == ()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("prom/prometheus:v3.7.3", "prom/pushgateway:v1.9.0", "no service runs Prometheus"),
        ("./prometheus.yml:", "./other.yml:", "shows other.yml"),
        ("- ./prometheus.yml:/etc", "- data:/etc", "is not mounted from the repository"),
        ("- ./monitoring/rules.yml:/etc", "- ./monitoring/rules.yml:/else", "is not mounted into"),
        ("./monitoring/rules.yml:", "./monitoring/gone.yml:", "which is absent"),
        ("rule_files: [rules.yml]", "rule_files: []", "no rule files are loaded"),
        ('targets: ["alertmanager:9093"]', "targets: []", "connected to no Alertmanager"),
        ("alertmanager:9093", "alertmanger:9093", "alertmanger is no running service"),
        ("alertmanager:9093", "localhost:9093", "is the Prometheus container itself"),
        ("alertmanager:9093", "alertmanager:9094", "port 9094"),
        ("--storage.tsdb.retention.time=35d", "--alertmanager.url=http://a", "no option"),
        ("--storage.tsdb.retention.time=35d", "--storage.tsdb.retention=35d", "no option"),
        ("--storage.tsdb.retention.time=35d", "--retention=35d", "no option"),
        ('"api:8080"', '"api:8081"', "is published on the host only"),
        ('"api:8080"', '"dev:8080"', "dev is no running service"),
        ('"api:8080"', '"db:5432"', "does not speak HTTP"),
        ('"localhost:9090"', '"localhost:8080"', "port 8080 of localhost:8080"),
        ("job_name: own", "job_name: own\n    metrics_path: /health", "is a health page"),
        ('targets: ["localhost:9090"]', "targets: []", "job own has no targets"),
    ],
)
def test_a_cut_wire_is_reported(old: str, new: str, what: str) -> None:
    """Cut one connection."""
    assert any(what in problem.what for problem in broken(old, new)), broken(old, new)


def test_an_option_that_an_older_version_still_has_is_no_problem() -> None:
    """Use an option that version 3 removed with version 2."""
    compose = COMPOSE.replace("v3.7.3", "v2.53.1").replace("retention.time=", "retention=")
    assert wiring(*documents(compose), FILES) == ()


def test_a_service_is_known_by_its_container_name_too() -> None:
    """Scrape a service by its other name."""
    assert broken('"api:8080"', '"shop-api:8080"') == ()


def test_a_service_is_covered_by_its_host_or_its_label() -> None:
    """Ask which jobs cover a service, and which do not because they ask a health page."""
    jobs = scrape_jobs(documents()[1])
    assert [job.name for job in jobs_covering(jobs, "api")] == ["api"]
    assert [job.name for job in jobs_covering(jobs, "shop")] == ["api"]
    assert jobs_covering(jobs, "db") == ()
    text = PROMETHEUS.replace("job_name: api", "job_name: api\n    metrics_path: /health")
    assert jobs_covering(scrape_jobs(documents(prometheus=text)[1]), "api") == ()


@pytest.mark.parametrize(
    ("service", "ports"),
    [
        ('{image: "prom/alertmanager:v0.28.1"}', {"9093"}),
        ('{image: "prom/alertmanager:v0.28.1", ports: ["9095:9095"]}', {"9093"}),
        (
            '{image: "prom/alertmanager:v0.28.1", command: ["--web.listen-address=0.0.0.0:9095"]}',
            {"9095"},
        ),
        ('{image: "prom/prometheus:v3", command: ["--web.listen-address=x"]}', {"9090"}),
        ('{image: "shop/api:1", expose: ["80"], environment: {PORT: "81"}}', {"80", "81"}),
        ('{image: "grafana/grafana:12", ports: ["3001:3005"]}', {"3000", "3005"}),
    ],
)
def test_a_program_listens_where_it_says_or_by_default(service: str, ports: set[str]) -> None:
    """What is published of Prometheus and Alertmanager does not change where they listen."""
    document = parse_yaml_document(f"services: {{a: {service}}}", "compose.yml")
    assert container_ports(services(document)[0]) == ports


def test_options_of_both_programs_are_judged() -> None:
    """Each by its own list, and those of Prometheus where none is named."""
    text = COMPOSE.replace(
        '{image: "prom/alertmanager:v0.28.1"}',
        '{image: "prom/alertmanager:v0.28.1", command: [--invented=1, --config.file=/a/b.yml]}',
    )
    compose, _ = documents(text)
    assert option_problems(compose) == ()
    assert [one.what.split()[0] for one in option_problems(compose, "alertmanager")] == [
        "--invented"
    ]
    folders = {one.name: config_folder(one) for one in services(compose)}
    assert (folders["alertmanager"], folders["prometheus"]) == ("/a", "/etc/prometheus")
