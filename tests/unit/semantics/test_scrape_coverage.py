"""A service is scraped only where Prometheus asks what answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.scrape_coverage import (
    Attempt,
    discovering_jobs,
    scrape_attempts,
    useless_relabeling,
)

COMPOSE = """\
services:
  api: {image: "shop/api:1.2.3", container_name: shop-api, ports: ["8081:8080"]}
  page: {build: ./page}
  db: {image: "postgres:16.1", expose: [5432]}
  db-exporter: {image: "exporter:1.2.3", expose: [9187]}
  dev: {image: "shop/dev:1.2.3", profiles: [dev], expose: [80]}
"""


def attempts(
    target: str, service: str = "api", exporter: str | None = None, more: str = ""
) -> tuple[Attempt, ...]:
    """Return the attempts of one job with one target."""
    job = f'{{job_name: j, static_configs: [{{targets: ["{target}"]}}]{more}}}'
    prometheus = parse_yaml_document(f"scrape_configs: [{job}]", "prometheus.yml")
    compose = parse_yaml_document(COMPOSE, "compose.yml")
    return scrape_attempts(compose, prometheus, service, exporter)


@pytest.mark.parametrize("target", ["api:8080", "shop-api:8080"])
def test_a_target_on_the_service_is_sound(target: str) -> None:
    """By its name or by that of its container, at the port inside."""
    (attempt,) = attempts(target)
    assert (attempt.problems, attempt.doubts) == ((), ())


@pytest.mark.parametrize("target", ["elsewhere:8080", "api.example.internal:8080", "db:5432"])
def test_a_target_elsewhere_is_no_attempt(target: str) -> None:
    """Another service, or a host outside of the Compose file, says nothing about this one."""
    assert attempts(target) == ()


def test_a_port_that_the_container_does_not_listen_on_is_a_problem() -> None:
    """The port published on the host is none inside the network."""
    (attempt,) = attempts("api:8081")
    assert "8080" in attempt.problems[0].expected


def test_a_port_that_no_file_lists_is_a_doubt() -> None:
    """An image listens where it likes, whatever Compose lists of it."""
    (attempt,) = attempts("api:9999")
    assert (attempt.problems, len(attempt.doubts)) == ((), 1)


@pytest.mark.parametrize("path", ["/health", "/api/health", "/health.html", "/readyz"])
def test_a_health_page_is_a_problem(path: str) -> None:
    """A page about health holds no metrics."""
    (attempt,) = attempts("api:8080", more=f", metrics_path: {path}")
    assert "health page" in attempt.problems[0].what


def test_a_path_that_may_serve_anything_is_a_doubt() -> None:
    """No file tells, so it is neither sound nor wrong."""
    (attempt,) = attempts("api:8080", more=", metrics_path: /internal/stats")
    assert (attempt.problems, len(attempt.doubts)) == ((), 1)


def test_a_service_that_states_no_port_is_a_doubt() -> None:
    """Where nothing tells what listens, nothing is said to."""
    (attempt,) = attempts("page:3000", "page")
    assert (attempt.problems, len(attempt.doubts)) == ((), 1)


def test_a_service_that_only_a_profile_starts_is_a_problem() -> None:
    """It does not run in production."""
    (attempt,) = attempts("dev:80", "dev")
    assert attempt.problems


def test_a_database_speaks_no_http() -> None:
    """Without a declared exporter, the kind of software tells."""
    (attempt,) = attempts("db:5432", "db")
    assert "does not speak HTTP" in attempt.problems[0].what


def test_a_declared_exporter_is_what_has_to_be_scraped() -> None:
    """The exporter's target is sound; the service itself is one problem, not two."""
    (sound,) = attempts("db-exporter:9187", "db", "db-exporter")
    assert sound.problems == ()
    (itself,) = attempts("db:5432", "db", "db-exporter")
    assert [problem.expected for problem in itself.problems] == ["a target on db-exporter"]


def test_the_soundest_attempt_comes_first() -> None:
    """A second job that asks a health page does not undo the first."""
    text = """\
scrape_configs:
  - {job_name: health, metrics_path: /health, static_configs: [{targets: ["api:8080"]}]}
  - {job_name: metrics, static_configs: [{targets: ["api:8080"]}]}
  - {job_name: found, dns_sd_configs: [{names: [api]}]}
"""
    prometheus = parse_yaml_document(text, "prometheus.yml")
    found = scrape_attempts(parse_yaml_document(COMPOSE, "compose.yml"), prometheus, "api")
    assert [one.job for one in found] == ["metrics", "health"]
    assert discovering_jobs(prometheus) == ("found",)


@given(st.text(max_size=30), st.text(max_size=12))
def test_no_target_makes_an_unknown_service_scraped(target: str, service: str) -> None:
    """Whatever stands in the list, what no Compose file runs is never sound."""
    prometheus = parse_yaml_document("scrape_configs: [{job_name: j}]", "prometheus.yml")
    prometheus.data["scrape_configs"][0]["static_configs"] = [{"targets": [target]}]
    compose = parse_yaml_document("services: {}", "compose.yml")
    for attempt in scrape_attempts(compose, prometheus, service):
        assert attempt.problems or attempt.doubts or "." in attempt.target.host


def test_a_target_that_relabeling_drops_is_no_attempt() -> None:
    """Nobody asks it."""
    rule = "{source_labels: [job], regex: j, action: drop}"
    assert attempts("api:8080", more=f", relabel_configs: [{rule}]") == ()


def test_relabeling_that_cannot_be_evaluated_is_a_doubt() -> None:
    """Where the target ends up, no file tells."""
    (attempt,) = attempts("api:8080", more=", relabel_configs: [{action: invented}]")
    assert "cannot be told" in attempt.doubts[0]


def test_a_known_exporter_has_its_own_path() -> None:
    """Elsewhere it answers with nothing that could be read."""
    compose = COMPOSE.replace("exporter:1.2.3", "prom/node-exporter:v1.10.2")
    document = parse_yaml_document(compose, "compose.yml")
    for path, count in (("/metrics", 0), ("/probe-metrics", 1)):
        job = f"{{job_name: j, metrics_path: {path}, static_configs: [{{targets: ['db-exporter:9187']}}]}}"
        prometheus = parse_yaml_document(f"scrape_configs: [{job}]", "prometheus.yml")
        (attempt,) = scrape_attempts(document, prometheus, "db", "db-exporter")
        assert len(attempt.problems) == count


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("{source_labels: [__name__], regex: up, target_label: a, replacement: b}", 1),
        ("{source_labels: [__name__], regex: '^(up|scrape_duration_seconds)$', action: drop}", 1),
        ("{source_labels: [__name__], regex: 'up|go_.*', action: drop}", 0),
        ("{source_labels: [__name__], regex: '.*', target_label: a, replacement: b}", 0),
        ("{source_labels: [job], regex: up, target_label: a, replacement: b}", 0),
        ("null", 0),
    ],
)
def test_relabeling_of_metrics_never_sees_up(rule: str, count: int) -> None:
    """A rule that names nothing else changes nothing."""
    text = f"job: {{metric_relabel_configs: [{rule}]}}"
    found = useless_relabeling(parse_yaml_document(text, "p.yml").part("job"))
    assert len(found) == count


def test_the_token_of_a_job_must_be_mounted_into_prometheus() -> None:
    """Where the repository's files are known."""
    server = "  prometheus: {image: 'prom/prometheus:v3.7.3', secrets: [token]}\n"
    secrets = "secrets: {token: {environment: TOKEN}}\n"
    more = ", authorization: {credentials_file: /run/secrets/token}"
    job = f"{{job_name: j, static_configs: [{{targets: ['api:8080']}}]{more}}}"
    prometheus = parse_yaml_document(f"scrape_configs: [{job}]", "prometheus.yml")
    for text, count in (
        (COMPOSE + server + secrets, 0),
        (COMPOSE + server.replace("[token]", "[]") + secrets, 1),
    ):
        compose = parse_yaml_document(text, "compose.yml")
        (attempt,) = scrape_attempts(compose, prometheus, "api", files=("prometheus.yml",))
        assert len(attempt.problems) == count
        (unread,) = scrape_attempts(compose, prometheus, "api")
        assert unread.problems == ()


STACK = """\
services:
  prometheus:
    image: prom/prometheus:v3.7.3
    volumes: ["./prometheus.yml:/etc/prometheus/prometheus.yml"]
    networks: [watch]
  other: {image: "prom/prometheus:v3.7.3", networks: [far]}
  api: {image: "shop/api:1", expose: [8080], networks: [watch]}
"""


def judged(old: str = "", new: str = "") -> Attempt:
    """Return the attempt on the service with one text of the stack replaced."""
    job = '{job_name: j, static_configs: [{targets: ["api:8080"]}]}'
    prometheus = parse_yaml_document(f"scrape_configs: [{job}]", "prometheus.yml")
    assert old in STACK
    compose = parse_yaml_document(STACK.replace(old, new) if old else STACK, "compose.yml")
    (attempt,) = scrape_attempts(compose, prometheus, "api")
    return attempt


def test_a_service_beside_the_prometheus_that_reads_the_jobs_is_sound() -> None:
    """Another Prometheus with a configuration of its own need not reach it."""
    assert (judged().problems, judged().doubts) == ((), ())


@pytest.mark.parametrize(
    ("new", "what"),
    [
        ("expose: [8080], networks: [far]", "api shares no network with prometheus"),
        ("expose: [8080], network_mode: none", "api is on no network"),
        ("expose: [8080], network_mode: host", "the network of its host"),
        ("expose: [8080], networks: [watch], scale: 0", "api is no running service"),
        ("expose: [8080], networks: [watch], deploy: {replicas: 0}", "is no running service"),
    ],
)
def test_a_service_that_is_not_reached_or_not_started_is_a_problem(new: str, what: str) -> None:
    """It listens on the right port, and nobody can ask it."""
    found = judged("expose: [8080], networks: [watch]", new)
    assert [what in problem.what for problem in found.problems] == [True]


@pytest.mark.parametrize(
    "new",
    [
        "expose: [8080], networks: ['${NET}']",
        "expose: [8080], extends: {file: base.yml, service: api}",
        "expose: [8080], networks: [watch], scale: '${N}'",
    ],
)
def test_a_network_or_a_number_that_no_file_tells_is_a_doubt(new: str) -> None:
    """It may be sound."""
    found = judged("expose: [8080], networks: [watch]", new)
    assert (found.problems, len(found.doubts)) == ((), 1)


@pytest.mark.parametrize(
    ("command", "path", "problems", "doubts"),
    [
        ("[]", "/metrics", 0, 0),
        ("[]", "/prom/metrics", 1, 0),
        ("['--web.external-url=https://x.org/prom']", "/prom/metrics", 0, 0),
        ("['--web.external-url=https://x.org/prom']", "/metrics", 1, 0),
        ("['--web.route-prefix=/${PREFIX}']", "/prom/metrics", 0, 1),
    ],
)
def test_prometheus_serves_its_own_metrics_below_its_prefix(
    command: str, path: str, problems: int, doubts: int
) -> None:
    """By its options; where those are variables, nobody knows."""
    text = f"services: {{prometheus: {{image: 'prom/prometheus:v3.7.3', command: {command}}}}}"
    job = (
        f"{{job_name: j, metrics_path: {path}, static_configs: [{{targets: ['prometheus:9090']}}]}}"
    )
    prometheus = parse_yaml_document(f"scrape_configs: [{job}]", "prometheus.yml")
    compose = parse_yaml_document(text, "compose.yml")
    (attempt,) = scrape_attempts(compose, prometheus, "prometheus")
    assert (len(attempt.problems), len(attempt.doubts)) == (problems, doubts)
