"""A monitoring service is configured by the repository only where a mount shows the file."""

from __future__ import annotations

import pytest

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics.compose import services
from plimsoll.semantics.monitoring_stack import config_file, config_problems

FILES = ("monitoring/am.yml", "prometheus.yml")
SOUND = """\
services:
  prometheus:
    image: prom/prometheus:v3.7.3
    volumes: ["./prometheus.yml:/etc/prometheus/prometheus.yml:ro"]
  pager:
    image: prom/alertmanager:v0.28.1
    command: [--config.file=/conf/am.yml]
    volumes: ["./monitoring:/conf:ro"]
  page: {image: "nginx:1.29.3"}
"""


def compose(old: str = "", new: str = "") -> Document:
    """Parse the Compose file, one text of it replaced."""
    assert old in SOUND
    return parse_yaml_document(SOUND.replace(old, new) if old else SOUND, "compose.yml")


def test_each_service_reads_its_own_file() -> None:
    """At the usual place or at the one that its option names; other services read none."""
    found = {service.name: config_file(service) for service in services(compose())}
    assert found == {"prometheus": "prometheus.yml", "pager": "monitoring/am.yml", "page": None}
    assert config_problems(compose(), FILES) == ()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("./prometheus.yml:", "prometheus:", "is not mounted"),
        ("/etc/prometheus/prometheus.yml:ro", "/prometheus.yml:ro", "is not mounted"),
        ("./prometheus.yml:", "./prometheus.yaml:", "prometheus.yaml, which is absent"),
        ("/conf/am.yml", "/conf/alertmanager.yml", "alertmanager.yml, which is absent"),
        ("    command: [--config.file=/conf/am.yml]\n", "", "is not mounted"),
    ],
)
def test_a_configuration_that_is_not_mounted_is_a_problem(old: str, new: str, what: str) -> None:
    """A volume, another place, or a file that is not there leave the image's own in force."""
    (problem,) = config_problems(compose(old, new), FILES)
    assert what in problem.what
