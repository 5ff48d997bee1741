"""Grafana shows what it loads, and loads only what is mounted where it looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics import grafana_provisioning as provisioning

COMPOSE = """\
services:
  prometheus: {image: "prom/prometheus:v3.7.3"}
  alertmanager: {image: "prom/alertmanager:v0.28.1"}
  grafana:
    image: grafana/grafana:12.2.1
    volumes:
      - ./g/provisioning:/etc/grafana/provisioning:ro
      - ./g/dashboards:/dashboards:ro
      - ./g/hidden:/etc/grafana/provisioning/datasources/more:ro
"""
PROVIDER = "providers: [{name: x, type: file, options: {path: /dashboards}}]"
DASHBOARD = "g/dashboards/team/overview.json"
FILES = (
    "g/provisioning/dashboards/x.yml",
    "g/provisioning/dashboards/below/y.yml",
    "g/provisioning/datasources/p.yaml",
    "g/provisioning/datasources/readme.txt",
    "g/provisioning/datasources/more/z.yml",
    DASHBOARD,
)


def compose(old: str = "", new: str = "") -> Document:
    """Parse the Compose file, one text of it replaced."""
    assert old in COMPOSE
    return parse_yaml_document(COMPOSE.replace(old, new) if old else COMPOSE, "compose.yml")


def datasource(text: str) -> tuple[provisioning.Datasource, ...]:
    """Read one datasource."""
    return provisioning.datasources([parse_yaml_document(f"datasources: [{text}]", "p.yaml")])


def test_grafana_reads_the_files_of_one_folder() -> None:
    """Not those of folders below, no other kinds of files, and nothing behind a deeper mount."""
    (grafana,) = provisioning.grafana_services(compose())
    found = provisioning.provisioning_files(grafana, "dashboards", FILES)
    assert found == ("g/provisioning/dashboards/x.yml",)
    found = provisioning.provisioning_files(grafana, "datasources", FILES)
    assert found == ("g/provisioning/datasources/p.yaml",)


def test_a_setting_moves_the_provisioning_folder() -> None:
    """What stands in the usual folder is then not read."""
    moved = "    environment: {GF_PATHS_PROVISIONING: /other}\n    volumes:\n"
    (grafana,) = provisioning.grafana_services(compose("    volumes:\n", moved))
    assert provisioning.provisioning_files(grafana, "dashboards", FILES) == ()


@pytest.mark.parametrize("image", ["grafana/grafana-oss:12.2.1", "grafana/grafana-enterprise:12"])
def test_every_edition_of_grafana_is_one(image: str) -> None:
    """The editions read the same files."""
    assert provisioning.grafana_services(compose("grafana/grafana:12.2.1", image))
    assert provisioning.server_problems(compose("grafana/grafana:12.2.1", image)) == ()


@pytest.mark.parametrize("image", ["grafana/loki:3.5.0", "shop/page:1.0.0"])
def test_without_grafana_nothing_is_loaded(image: str) -> None:
    """Other software of the same house is no Grafana."""
    assert provisioning.server_problems(compose("grafana/grafana:12.2.1", image))


def test_a_dashboard_below_the_providers_folder_is_found() -> None:
    """Folders below are read as well."""
    (grafana,) = provisioning.grafana_services(compose())
    provider = parse_yaml_document(PROVIDER, "x.yml")
    assert provisioning.provider_problems(grafana, [provider], DASHBOARD) == ()


@pytest.mark.parametrize(
    "text",
    [
        "providers: []",
        "providers: [{name: x}]",
        PROVIDER.replace("/dashboards", "/elsewhere"),
        PROVIDER.replace("/dashboards", "/dash"),
        PROVIDER.replace("file", "other"),
    ],
)
def test_a_provider_that_looks_elsewhere_finds_nothing(text: str) -> None:
    """No provider, another folder, a folder that only begins alike, or another type."""
    (grafana,) = provisioning.grafana_services(compose())
    provider = parse_yaml_document(text, "x.yml")
    assert len(provisioning.provider_problems(grafana, [provider], DASHBOARD)) == 1


def test_a_missing_provider_points_at_the_mount_that_should_bring_it() -> None:
    """Whoever reads it wants to know which line to correct."""
    (grafana,) = provisioning.grafana_services(compose())
    (problem,) = provisioning.provider_problems(grafana, [], DASHBOARD)
    assert problem.where == "compose.yml:7"
    assert "g/provisioning" in problem.what


def test_a_dashboard_that_is_not_mounted_is_not_found() -> None:
    """A file of the repository is none of the container."""
    (grafana,) = provisioning.grafana_services(compose("./g/dashboards:", "./other:"))
    provider = parse_yaml_document(PROVIDER, "x.yml")
    (problem,) = provisioning.provider_problems(grafana, [provider], DASHBOARD)
    assert "is not mounted" in problem.what


@pytest.mark.parametrize(
    "url", ["http://prometheus:9090", "prometheus:9090", "http://prometheus:9090/"]
)
def test_a_datasource_that_leads_to_prometheus_is_sound(url: str) -> None:
    """With or without a scheme and a path."""
    (grafana,) = provisioning.grafana_services(compose())
    declared = datasource(f'{{name: P, type: prometheus, url: "{url}"}}')
    assert provisioning.datasource_problems(compose(), grafana, declared) == ()


@pytest.mark.parametrize(
    "text",
    [
        "{name: P, type: prometheus}",
        '{name: P, type: prometheus, url: "http://prometheus"}',
        '{name: P, type: prometheus, url: "http://prometheus:9091"}',
        '{name: P, type: prometheus, url: "http://nobody:9090"}',
        '{name: P, type: prometheus, url: "http://alertmanager:9093"}',
        '{name: P, type: prometheus, url: "http://prometheus:x"}',
        '{name: L, type: loki, url: "http://prometheus:9090"}',
    ],
)
def test_a_datasource_that_leads_elsewhere_is_a_problem(text: str) -> None:
    """No address, another port or service, nobody, or another type."""
    (grafana,) = provisioning.grafana_services(compose())
    assert provisioning.datasource_problems(compose(), grafana, datasource(text))


@pytest.mark.parametrize(
    "url", ["https://metrics.example.net", "$PROMETHEUS_URL", "http://10.0.0.4:9090"]
)
def test_an_address_outside_of_the_file_is_not_judged(url: str) -> None:
    """It is told apart, so that nobody takes it for sound; another kind beside it changes nothing."""
    outside = f'{{name: P, type: prometheus, url: "{url}"}}'
    inside = '{name: A, type: alertmanager, url: "http://alertmanager:9093"}'
    assert provisioning.are_outside(datasource(outside))
    assert provisioning.are_outside(datasource(f"{outside}, {inside}"))


def test_one_datasource_inside_of_the_file_is_enough_to_judge() -> None:
    """Neither is a file without any datasource one whose datasources are elsewhere."""
    inside = '{name: P, type: prometheus, url: "http://prometheus:9090"}'
    outside = '{name: Q, type: prometheus, url: "https://metrics.example.net"}'
    assert not provisioning.are_outside(datasource(f"{inside}, {outside}"))
    assert not provisioning.are_outside(())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("datasource", "uid", "panels", "providers", "options", "path", "url")),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_nothing_of_any_shape_is_taken_for_a_sound_provisioning(content: object) -> None:
    """Documents of any shape raise nothing, and what is no datasource leads nowhere."""
    document = Document("any", {"providers": content, "datasources": content, "panels": content})
    (grafana,) = provisioning.grafana_services(compose())
    provisioning.provider_problems(grafana, [document], DASHBOARD)
    declared = provisioning.datasources([document])
    assert provisioning.datasource_problems(compose(), grafana, declared)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_file_is_seen_only_where_its_mount_shows_it(path: str, target: str) -> None:
    """Whatever the path and the target, an unmounted file is seen nowhere."""
    (grafana,) = provisioning.grafana_services(compose("./g/dashboards:", "data:"))
    assert provisioning.container_paths(grafana, f"elsewhere/{path}{target}") == ()


@pytest.mark.parametrize(
    ("new", "url", "what"),
    [
        ('", networks: [far]', "http://prometheus:9090", "shares no network with grafana"),
        ('", scale: 0', "http://prometheus:9090", "is no running service"),
        ('", command: [--web.route-prefix=/p]', "http://prometheus:9090", "answers below /p"),
        ('"', "http://prometheus:9090/p", "asks below /p"),
        ('", command: [--web.route-prefix=/p]', "http://prometheus:9090/p/", None),
        ('", command: ["--web.external-url=http://x/p"]', "prometheus:9090/p", None),
    ],
)
def test_grafana_asks_where_prometheus_answers(new: str, url: str, what: str | None) -> None:
    """On a network of both, and below the same path."""
    document = compose('prometheus:v3.7.3"', f"prometheus:v3.7.3{new}")
    (grafana,) = provisioning.grafana_services(document)
    declared = datasource(f'{{name: P, type: prometheus, url: "{url}"}}')
    found = provisioning.datasource_problems(document, grafana, declared)
    assert [what in one.what for one in found] == ([True] if what else []), found
    assert provisioning.datasource_doubts(document, grafana, declared) == ()


@pytest.mark.parametrize(
    "new",
    [
        "networks: ['${NET}']",
        "scale: '${N}'",
        "command: ['--web.route-prefix=${PREFIX}']",
    ],
)
def test_what_no_file_tells_of_the_datasource_is_a_doubt(new: str) -> None:
    """It may lead to Prometheus."""
    document = compose('prometheus:v3.7.3"', f'prometheus:v3.7.3", {new}')
    (grafana,) = provisioning.grafana_services(document)
    declared = datasource("{name: P, type: prometheus, url: 'http://prometheus:9090'}")
    assert provisioning.datasource_problems(document, grafana, declared) == ()
    assert len(provisioning.datasource_doubts(document, grafana, declared)) == 1


@pytest.mark.parametrize("url", ["", "http://[", "http://a.example:1/x", "http://nobody:9090"])
def test_an_address_that_is_no_service_raises_no_doubt(url: str) -> None:
    """It is a problem, or nothing that the Compose file shows."""
    (grafana,) = provisioning.grafana_services(compose())
    declared = datasource(f'{{name: P, type: prometheus, url: "{url}"}}')
    assert provisioning.datasource_doubts(compose(), grafana, declared) == ()
