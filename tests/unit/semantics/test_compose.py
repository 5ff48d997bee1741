"""Compose services are read alike in every spelling, and what they expose is found."""

from __future__ import annotations

import pytest

from plimsoll.facts.container import Container, Port
from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics import compose
from plimsoll.semantics.credentials import Exposure, exposed_variables


def compose_file(text: str, path: str = "docker-compose.yml") -> Document:
    """Parse a Compose file."""
    return parse_yaml_document(text, path)


def service(text: str, path: str = "docker-compose.yml") -> Container:
    """Parse a Compose file whose services include ``a``, and return that."""
    return next(item for item in compose.services(compose_file(text, path)) if item.name == "a")


def with_port(port: str) -> Port:
    """Return the port of a service that publishes one."""
    (found,) = service(f"services: {{a: {{image: x, ports: [{port}]}}}}").ports
    return found


@pytest.mark.parametrize(
    ("port", "interface", "host", "container", "protocol"),
    [
        ('"5432:5432"', None, "5432", "5432", "tcp"),
        ("22:22", None, "22", "22", "tcp"),
        ('"3001:3000"', None, "3001", "3000", "tcp"),
        ("5432", None, None, "5432", "tcp"),
        ('"127.0.0.1:5432:5432/udp"', "127.0.0.1", "5432", "5432", "udp"),
        ('"127.0.0.1::5432"', "127.0.0.1", None, "5432", "tcp"),
        ('"[::1]:80:8080"', "::1", "80", "8080", "tcp"),
        ('"${PORT:-80}:8080"', None, "80", "8080", "tcp"),
        ('{target: 80, published: "8080", host_ip: 10.0.0.1}', "10.0.0.1", "8080", "80", "tcp"),
    ],
)
def test_ports_read_alike_in_every_spelling(
    port: str, interface: str | None, host: str | None, container: str, protocol: str
) -> None:
    """Read one port."""
    found = with_port(port)
    assert (found.interface, found.host, found.container) == (interface, host, container)
    assert found.protocol == protocol
    assert found.is_published


def test_environments_read_alike_as_list_and_map() -> None:
    """Write the same variables in both forms."""
    as_list = service("services: {a: {image: x, environment: [A=1, 'B=x=y', C, 'D=']}}")
    as_map = service("services: {a: {image: x, environment: {A: 1, B: x=y, C: , D: ''}}}")
    for found in (as_list, as_map):
        values = {item.name: item.value for item in found.variables}
        assert values == {"A": "1", "B": "x=y", "C": None, "D": ""}


def test_volumes_read_alike_in_every_spelling_and_relative_to_the_repository() -> None:
    """Read short, long, named, anonymous and absolute mounts of a file in a folder."""
    found = service(
        "services: {a: {image: x, volumes: ['./conf:/etc/x:ro', 'data:/data', /cache, '/:/host', "
        "{type: bind, source: ../shared, target: /s, read_only: true}]}}",
        "deploy/compose.yml",
    )
    assert [(m.kind, m.source, m.target, m.is_read_only) for m in found.mounts] == [
        ("bind", "deploy/conf", "/etc/x", True),
        ("volume", "data", "/data", False),
        ("volume", None, "/cache", False),
        ("bind", "/", "/host", False),
        ("bind", "shared", "/s", True),
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/etc/x/a.yml", "conf/a.yml"),
        ("/etc/x/rules/*.yml", "rules/*.yml"),
        ("/etc/x", "conf"),
        ("/etc/xy", None),
        ("/data/a", None),
        ("/c.txt", "c.txt"),
    ],
)
def test_container_paths_lead_back_to_the_repository(path: str, expected: str | None) -> None:
    """Ask for the file behind a path, the deepest mount deciding."""
    found = service(
        "services: {a: {image: x, volumes: ['./conf:/etc/x', './rules:/etc/x/rules', "
        "'data:/data'], configs: [{source: c, target: /c.txt}]}}\nconfigs: {c: {file: ./c.txt}}"
    )
    assert compose.repository_path(found, path) == expected


def test_an_extending_service_adds_to_its_base_and_leaves_production_by_its_profile() -> None:
    """Extend a service in both forms, overriding one variable."""
    for extends in ("base", "{service: base}"):
        found = service(
            "services:\n  base: {image: 'x:1', environment: [A=1, B=2], ports: ['1:1']}\n"
            f"  a: {{extends: {extends}, profiles: [dev], environment: [A=9]}}\n"
        )
        assert found.image is not None
        assert found.image.reference == "x:1"
        assert {item.name: item.value for item in found.variables} == {"A": "9", "B": "2"}
        assert len(found.ports) == 1
        assert not found.is_long_running


def test_services_that_extend_each_other_end() -> None:
    """Extend in a circle."""
    found = compose.services(compose_file("services: {a: {extends: b}, b: {extends: a}}"))
    assert [item.name for item in found] == ["a", "b"]


@pytest.mark.parametrize(
    ("healthcheck", "fault"),
    [
        ("{test: [CMD, curl, -f, 'http://localhost/']}", None),
        ("{test: curl -f http://localhost/}", None),
        ("{test: [NONE]}", "is disabled"),
        ("{disable: true}", "is disabled"),
        ("{test: [CMD-SHELL, 'exit 0']}", "succeeds whatever happens"),
        ("{interval: 10s}", "runs nothing"),
    ],
)
def test_health_checks_tell_their_fault(healthcheck: str, fault: str | None) -> None:
    """Read one health check."""
    (found,) = service(f"services: {{a: {{image: x, healthcheck: {healthcheck}}}}}").health_checks
    assert found.fault == fault


def test_a_health_check_knows_its_times_and_its_password() -> None:
    """Ping a server that requires a password, without it."""
    (found,) = service(
        "services: {a: {image: redis, command: redis-server --requirepass x, "
        "healthcheck: {test: [CMD, redis-cli, ping], interval: 1m30s, timeout: 5s, retries: 2}}}"
    ).health_checks
    assert found.fault is not None
    assert "without a password" in found.fault
    assert found.detection_seconds == 185


def test_a_service_without_a_health_check_has_none() -> None:
    """Read a service that states no health check."""
    assert service("services: {a: {image: x}}").health_checks == ()


@pytest.mark.parametrize(
    ("definition", "count"),
    [
        ("{image: 'postgres:16.1', ports: ['5432:5432']}", 1),
        ("{image: 'postgres:16.1', ports: ['0.0.0.0:5432:5432']}", 1),
        ("{image: 'postgres:16.1', ports: ['127.0.0.1:5432:5432']}", 0),
        ("{image: 'postgres:16.1', expose: [5432]}", 0),
        ("{image: 'own/db:1.0', ports: ['15432:5432']}", 1),
        ("{image: 'nginx:1.29', ports: ['80:80']}", 0),
        ("{image: 'redis:7.4', ports: ['6379:6379'], profiles: [dev]}", 0),
    ],
)
def test_published_ports_of_databases_are_found(definition: str, count: int) -> None:
    """Look for databases that other hosts can reach."""
    document = compose_file(f"services: {{a: {definition}}}")
    assert len(compose.published_database_ports(document)) == count


def test_default_passwords_are_found_in_variables_and_commands() -> None:
    """Give defaults to a password variable and to the option of a command."""
    found = service(
        "services: {a: {image: x, environment: ['POSTGRES_PASSWORD=${PW:-postgres}', "
        "'TOKEN=${TOKEN}'], command: 'redis-server --requirepass ${RP:-redis123}'}}"
    )
    exposed = exposed_variables([*found.variables, *compose.command_variables(found)])
    assert {item.name for item in exposed} == {"POSTGRES_PASSWORD", "requirepass"}
    assert {item.exposure for item in exposed} == {Exposure.WELL_KNOWN}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("services: {a: {imag: x}}", "unknown field services.a.imag"),
        ("service: {}", "unknown field service"),
        ("services: {a: {image: x, ports: 80}}", "ports is a whole number"),
        ("services: {a: {extends: b}}", "extends b, which is not declared"),
        ("services: {a: {image: x, depends_on: [b]}}", "depends on b, which is not declared"),
        ("services: {a: {image: x, volumes: ['data:/d']}}", "volume data, which is not declared"),
        ("services: {a: {image: x, secrets: [s]}}", "uses s of secrets"),
        ("services: {a: {image: '${V'}}", "is not a variable"),
    ],
)
def test_a_faulty_file_is_reported_with_its_place(text: str, what: str) -> None:
    """Break one thing."""
    found = compose.problems(compose_file(text))
    assert any(what in problem.what for problem in found), found
    assert all(problem.where.startswith("docker-compose.yml:") for problem in found)


def test_a_sound_file_has_no_problems() -> None:
    """Validate a file that uses most of the language."""
    text = (
        "name: shop\nservices:\n  a:\n    image: x:1.2\n    environment: {A: '${A:?set A}'}\n"
        "    depends_on: {b: {condition: service_healthy}}\n    volumes: ['data:/d']\n"
        "    secrets: [s]\n  b: {build: {context: ., dockerfile: b/Dockerfile}}\n"
        "volumes: {data: {}}\nsecrets: {s: {environment: S}}\n"
    )
    document = compose_file(text)
    assert compose.problems(document) == ()
    assert [(use.name, where) for use, where in compose.variable_uses(document)] == [
        ("A", "docker-compose.yml:5")
    ]
    first, second = compose.services(document)
    assert first.depends_on == ("b",)
    assert (second.build_context, second.build_file) == (".", "b/Dockerfile")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("services: {a: {image: x}}\n", ()),
        ("services:\n  a:\n    extends: b\n  b: {image: x}\n", ()),
        ("include: [other.yml]\nservices: {}\n", ("compose.yml:1",)),
        ("services:\n  a:\n    extends: {file: o.yml, service: b}\n", ("compose.yml:3",)),
        ("include: [a]\nservices: [not, compose]\n", ()),
    ],
)
def test_parts_taken_from_other_files_are_told(text: str, expected: tuple[str, ...]) -> None:
    """What another file says is not known from this one."""
    assert compose.unread_files(parse_yaml_document(text, "compose.yml")) == expected
