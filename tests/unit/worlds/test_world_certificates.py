"""The certificates of a world are those of the real names, and as bad as a fault makes them."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from plimsoll.worlds.certificates import Authority, server_contexts
from plimsoll.worlds.site import HostTls

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.worlds.world import RunningWorld, World

    Dial = Callable[..., ssl.SSLSocket]
    Run = Callable[[World], RunningWorld]

HOST = "north.ferry.example"


@pytest.mark.parametrize(
    ("host", "port"), [(HOST, 443), ("south.ferry.example", 8443), ("ferry.example", 443)]
)
def test_every_host_is_trusted_under_its_real_name(
    sound: RunningWorld, dial: Dial, host: str, port: int
) -> None:
    """Shake hands with each host; verification against the world's authority succeeds."""
    with dial(sound.network, host, port) as secured:
        assert host in _names(secured)


@pytest.mark.parametrize("name", ["other.example", "ferry.example.evil.example"])
def test_another_name_is_not_trusted(sound: RunningWorld, dial: Dial, name: str) -> None:
    """Ask a host for a name that is not its own."""
    with pytest.raises(ssl.SSLCertVerificationError, match="not valid for"):
        dial(sound.network, HOST, 443, name)


def test_the_system_trusts_no_world(sound: RunningWorld) -> None:
    """Verify against an empty trust store."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with (
        socket.create_connection(sound.network.address(HOST, 443), timeout=5) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(plain, server_hostname=HOST)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"days_to_expiry": -1}, "expired"),
        ({"names": ("other.example",)}, "Hostname mismatch"),
        ({"trusted": False}, "unable to get local issuer|self-signed"),
    ],
)
def test_a_bad_certificate_is_shown_by_its_host_only(
    world: World, run: Run, dial: Dial, change: dict[str, object], problem: str
) -> None:
    """Spoil one host's certificate; see it refused there and another host trusted."""
    for name, value in change.items():
        setattr(world.certificates[HOST], name, value)
    network = run(world).network
    with pytest.raises(ssl.SSLCertVerificationError, match=problem):
        dial(network, HOST)
    dial(network, "ferry.example").close()


def test_a_certificate_expires_when_it_is_told_to(world: World, run: Run, dial: Dial) -> None:
    """Let a certificate run for ten more days, and read how long it still runs."""
    world.certificates[HOST].days_to_expiry = 10
    with dial(run(world).network, HOST) as secured:
        left = _certificate(secured).not_valid_after_utc - datetime.now(UTC)
    assert timedelta(days=9.9) < left <= timedelta(days=10)


@pytest.mark.parametrize(
    ("minimum", "offered", "accepted"),
    [
        ("1.2", ssl.TLSVersion.TLSv1_1, False),
        ("1.2", ssl.TLSVersion.TLSv1_2, True),
        ("1.3", ssl.TLSVersion.TLSv1_2, False),
        ("1.0", ssl.TLSVersion.TLSv1, True),
        ("1.0", ssl.TLSVersion.TLSv1_3, True),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_the_least_version_is_the_hosts_own(
    minimum: str, offered: ssl.TLSVersion, *, accepted: bool
) -> None:
    """Offer one protocol version to a host with a least one, beside a host with another."""
    hosts = {HOST: HostTls((HOST,), 60, minimum_version=minimum), "b.example": HostTls(("b.x",), 9)}
    authority = Authority()
    contexts = server_contexts(hosts, authority)
    entrance = next(context for served, context in contexts.items() if HOST in served)
    client = ssl.create_default_context(cadata=authority.pem)
    client.set_ciphers("DEFAULT:@SECLEVEL=0")
    client.minimum_version = client.maximum_version = offered
    assert _agree(client, entrance) is accepted


def test_a_version_that_does_not_exist_is_refused() -> None:
    """Ask for TLS 1.4."""
    hosts = {HOST: HostTls((HOST,), 60, minimum_version="1.4")}
    with pytest.raises(ValueError, match=r"no TLS version 1\.4; known: 1\.0"):
        server_contexts(hosts, Authority())


def test_hosts_that_agree_share_an_address(sound: RunningWorld) -> None:
    """Compare where two hosts lead: one address, as behind one load balancer."""
    network = sound.network
    assert network.address(HOST, 443) == network.address("ferry.example", 443)


def _certificate(secured: ssl.SSLSocket) -> x509.Certificate:
    shown = secured.getpeercert(binary_form=True)
    assert shown is not None
    return x509.load_der_x509_certificate(shown)


def _names(secured: ssl.SSLSocket) -> list[str]:
    extensions = _certificate(secured).extensions
    alternatives = extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return alternatives.value.get_values_for_type(x509.DNSName)


def _agree(client_context: ssl.SSLContext, server_context: ssl.SSLContext) -> bool:
    """Shake hands in memory."""
    upward, downward = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(downward, upward, server_hostname=HOST)
    server = server_context.wrap_bio(upward, downward, server_side=True)
    done = set()
    for _ in range(10):
        for side in (client, server):
            try:
                side.do_handshake()
                done.add(side)
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
    return len(done) == 2
