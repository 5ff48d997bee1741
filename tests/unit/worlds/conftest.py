"""A small system, its fixtures and a client that reaches its world as collectors do."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import pytest

from plimsoll.environment.model import Environment
from plimsoll.facts.document import parse_yaml_document
from plimsoll.worlds.world import build, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from plimsoll.collectors.network import Network
    from plimsoll.worlds.world import RunningWorld, World

ENVIRONMENT = """
schema: plimsoll/environment/1
system: Ferry
fixtures: ferry
regions:
  - {id: north, title: North, role: primary, base_url: "https://north.ferry.example"}
  - {id: south, title: South, role: secondary, base_url: "https://south.ferry.example:8443"}
endpoints:
  - {name: health, kind: health, path: /health}
  - {name: metrics, kind: metrics, path: /metrics}
  - {name: home, kind: page, url: "https://ferry.example/"}
health: {healthy: [ok], unhealthy: [bad], rate_limit: {requests: 12}}
metrics: {credential: FERRY_TOKEN, signals: [cpu]}
https_only: true
tls: {minimum_version: "1.2", days_to_expiry: 21}
dns:
  - {name: ferry.example, type: A, ttl_seconds_at_most: 60}
  - {name: api.ferry.example, type: AAAA, ttl_seconds_at_most: 60}
  - {name: www.ferry.example, type: CNAME, ttl_seconds_at_most: 60}
"""

WORLD = """
schema: plimsoll/world/1
headers: {x-content-type-options: nosniff, cache-control: no-store}
answers:
  health: {headers: {content-type: application/json}, body: '{"status":"ok","at":"{now}"}'}
  metrics: {body_file: bodies/metrics.txt}
  home: {headers: {cache-control: "public, max-age=60"}, body: "<p>Ferries, on time.</p>"}
refusals:
  malformed: {status: 400, body: bad request}
  unauthorized: {status: 401, body: unauthorized}
  not_found: {status: 404, body: not found}
  not_allowed: {status: 405, headers: {allow: "GET, HEAD"}, body: not allowed}
  too_many: {status: 429, headers: {retry-after: "9"}, body: slow down}
throttle: {kinds: [health], margin: 2, window_seconds: 9}
certificate: {days_to_expiry: 60}
dns: {zones: [ferry.example], ttl_seconds: 60}
"""


@dataclass(frozen=True)
class Reply:
    """What came back; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def _dial(network: Network, host: str, port: int = 443, name: str = "") -> ssl.SSLSocket:
    context = ssl.create_default_context(cadata=network.authority_pem)
    plain = socket.create_connection(network.address(host, port), timeout=5)
    try:
        return context.wrap_socket(plain, server_hostname=name or host)
    except BaseException:
        plain.close()
        raise


def _ask(network: Network, url: str, method: str = "GET", token: str = "") -> Reply:
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection = http.client.HTTPConnection(host, timeout=5)
    if parts.scheme == "https":
        connection.sock = _dial(network, host, parts.port or 443)
    else:
        address = network.address(host, parts.port or 80)
        connection.sock = socket.create_connection(address, timeout=5)
    headers = {"host": parts.netloc} | ({"authorization": f"Bearer {token}"} if token else {})
    try:
        connection.request(method, urlunsplit(("", "", *parts[2:])), headers=headers)
        response = connection.getresponse()
        got = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, got, response.read())
    finally:
        connection.close()


@pytest.fixture(scope="session")
def dial() -> Callable[..., ssl.SSLSocket]:
    """Return a function (network, host, port, name) that opens a verified TLS connection."""
    return _dial


@pytest.fixture(scope="session")
def ask() -> Callable[..., Reply]:
    """Return a function (network, url, method, token) that sends one request."""
    return _ask


@pytest.fixture(scope="session")
def environment() -> Environment:
    """Return a small environment with everything that a world serves."""
    return Environment.model_validate(parse_yaml_document(ENVIRONMENT, "ferry.yaml").data)


@pytest.fixture(scope="session")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a fixtures folder with that environment's system in it."""
    root = tmp_path_factory.mktemp("fixtures")
    files = {
        "world.yaml": WORLD,
        "bodies/metrics.txt": "cpu_seconds_total 1\n",
        "modes.yaml": "executable: [run.sh]\n",
        "repository/run.sh": "#!/bin/sh\nexit 0\n",
        "repository/app/spec.yaml": "instances: 2\n",
        "repository/.gitignore": "*.log\n",
        "repository/kept.log": "ignored, and still there\n",
    }
    for path, text in files.items():
        target = root / "ferry" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def world(environment: Environment, fixtures: Path) -> World:
    """Return a compliant world that is not started."""
    return build(environment, fixtures)


@pytest.fixture(scope="session")
def sound(
    environment: Environment, fixtures: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningWorld]:
    """Yield a compliant world, running, for tests that only look at it."""
    with start(build(environment, fixtures), tmp_path_factory.mktemp("sound")) as running:
        yield running


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[World], RunningWorld]]:
    """Return a function that starts a world, which is stopped after the test."""
    started: list[RunningWorld] = []

    def begin(world: World) -> RunningWorld:
        started.append(start(world, tmp_path / f"world-{len(started)}"))
        return started[-1]

    yield begin
    for running in started:
        running.stop()
