"""The guard lets plain reads pass and stops everything else before a socket is opened."""

from __future__ import annotations

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.collectors.context import Context, Limits
from plimsoll.collectors.guard import READ_ONLY_METHODS, WriteRefusedError, require_read_only
from plimsoll.collectors.network import Network
from plimsoll.collectors.transport import open_client


@given(st.text(max_size=12))
def test_every_other_method_is_refused(method) -> None:
    """Whatever a method is called, it passes only if it is one of the three."""
    if method in READ_ONLY_METHODS:
        require_read_only(method, "https://api.example.test/")
    else:
        with pytest.raises(WriteRefusedError):
            require_read_only(method, "https://api.example.test/")


@pytest.mark.parametrize(
    "path",
    [
        "/v2/registry/docker-credentials",
        "/v2/registries/main/docker-credentials?expiry_seconds=60",
        "/v2/kubernetes/clusters/8d91899c/kubeconfig",
        "/v2/kubernetes/clusters/8d91899c/credentials/",
        "/v2/kubernetes/clusters/8d91899c/%6bubeconfig",
        "/v2/apps/4f6c/components/api/exec",
        "/v2/functions/namespaces",
    ],
)
def test_read_that_mints_a_secret_is_refused(path) -> None:
    """A GET that hands out credentials is no plain read."""
    with pytest.raises(WriteRefusedError, match="hands out credentials"):
        require_read_only("GET", f"https://api.digitalocean.com{path}")


@pytest.mark.parametrize("path", ["/v2/apps", "/v2/kubernetes/clusters/8d91899c", "/health"])
def test_plain_read_passes(path) -> None:
    """Reading an inventory is allowed, and only reading it."""
    url = f"https://api.digitalocean.com{path}"
    require_read_only("GET", url)
    with pytest.raises(WriteRefusedError):
        require_read_only("DELETE", url)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("proxied", [False, True], ids=["direct", "proxied"])
def test_client_itself_refuses_to_write(method, proxied, monkeypatch) -> None:
    """Even past the collector, the run's client opens no connection for a write."""
    if proxied:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setattr("socket.create_connection", lambda *_, **__: pytest.fail("connected"))
    context = Context(network=Network(), limits=Limits())
    with (
        open_client(context, ["http://api.example.test/"]) as client,
        pytest.raises(WriteRefusedError),
    ):
        client.request(method, "http://api.example.test/")


def test_client_does_connect_to_read(monkeypatch) -> None:
    """The refusals above are the guard's: a read gets as far as the socket."""

    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.create_connection", refuse)
    context = Context(network=Network(closed=True))
    with open_client(context, []) as client, pytest.raises(httpcore.ConnectError):
        client.get("http://api.example.test/")
