"""HTTP/2 against a real server: chosen by the server, safe among threads, telling no secret."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import trustme

from plimsoll.collectors.context import Context, Limits
from plimsoll.collectors.engine import observe
from plimsoll.collectors.network import Network
from plimsoll.facts.exchange import HttpProbe
from plimsoll.findings import NotObserved, Observed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODERN, PLAIN, OTHER = (
    "https://h2.example.test",
    "https://h1.example.test",
    "https://b.example.test",
)
TOKEN = "canary-7f3a9c51e2"
CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log {folder}/access.log; large_client_header_buffers 4 16k;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.pem;
    server {{ listen 127.0.0.1:{modern} ssl http2; return 200 "$http_host $http_authorization"; }}
    server {{ listen 127.0.0.1:{plain} ssl; return 200 "$http_host"; }}
}}
"""


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def network(tmp_path_factory) -> Iterator[Network]:
    """Return a closed network that leads to an nginx with and without HTTP/2."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("nginx is needed here and not installed: apt-get install nginx-light")
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    folder: Path = tmp_path_factory.mktemp("nginx")
    authority = trustme.CA()
    issued = authority.issue_cert("h2.example.test", "h1.example.test")
    issued.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    modern, plain = free_port(), free_port()
    configuration = CONFIGURATION.format(folder=folder, modern=modern, plain=plain)
    (folder / "nginx.conf").write_text(configuration)
    with subprocess.Popen([program, "-c", folder / "nginx.conf", "-p", folder]) as server:
        wait_for(plain)
        yield Network(
            routes={
                "h2.example.test:443": ("127.0.0.1", modern),
                "b.example.test:443": ("127.0.0.1", modern),
                "h1.example.test:443": ("127.0.0.1", plain),
            },
            closed=True,
            authority_pem=authority.cert_pem.bytes().decode(),
        )
        server.terminate()


def wait_for(port: int) -> None:
    """Wait until something listens."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("nginx does not listen")


def test_server_chooses_the_version(network) -> None:
    """HTTP/2 is spoken where it is offered, HTTP/1.1 elsewhere."""
    probes = [HttpProbe(f"{MODERN}/"), HttpProbe(f"{PLAIN}/")]
    snapshot = observe(probes, Context(network))
    seen = [snapshot[probe] for probe in probes]
    assert all(isinstance(sighting, Observed) for sighting in seen), seen
    assert [sighting.value[0].http_version for sighting in seen] == ["HTTP/2", "HTTP/1.1"]
    assert seen[0].value[0].body.strip() == b"h2.example.test"


@pytest.fixture
def impatient_threads() -> Iterator[None]:
    """Let threads take turns so often that whatever they wrongly share is soon corrupted."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("impatient_threads")
def test_threads_do_not_disturb_each_other(network) -> None:
    """Hundreds of requests at once to one host each get their own answer."""
    probes = [HttpProbe(f"{MODERN}/{number}") for number in range(300)]
    snapshot = observe(probes, Context(network, limits=Limits(per_host=32, retries=0)))
    failed = [snapshot[probe] for probe in probes if isinstance(snapshot[probe], NotObserved)]
    assert failed == []
    assert {snapshot[probe].value[0].url for probe in probes} == {probe.url for probe in probes}


def test_wrong_host_is_not_accepted(network) -> None:
    """A name the certificate does not hold fails over HTTP/2 as well, on any connection."""
    probes = [HttpProbe(f"{MODERN}/"), HttpProbe(f"{OTHER}/")]
    snapshot = observe(probes, Context(network))
    assert isinstance(snapshot[probes[0]], Observed)
    assert isinstance(snapshot[probes[1]], NotObserved)
    assert snapshot[probes[1]].reason == "the certificate is not valid for b.example.test"


def test_credential_is_told_to_no_log(network, caplog) -> None:
    """The header compressor's debug log does not hold the token that the server received."""
    caplog.set_level(logging.DEBUG)
    probe = HttpProbe(f"{MODERN}/", credential="API_TOKEN")
    sighting = observe([probe], Context(network, credentials={"API_TOKEN": TOKEN}))[probe]
    assert isinstance(sighting, Observed)
    assert sighting.value[0].body == b"h2.example.test Bearer [masked]"
    assert TOKEN not in caplog.text + repr(sighting)
