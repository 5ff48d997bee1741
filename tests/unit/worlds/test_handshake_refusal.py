"""A mocked host that refuses a handshake says why, as real ones do."""

from __future__ import annotations

import socket
import ssl

from plimsoll.worlds.certificates import Authority, server_contexts
from plimsoll.worlds.loopback import Loopback
from plimsoll.worlds.site import HostTls

HOST = "ferry.example"


async def _ignore(_reader: object, _writer: object) -> None:
    """Serve nothing: the handshake is what matters."""


def _shake(version: ssl.TLSVersion) -> str:
    """Offer one version to a host that speaks TLS 1.3 only; return OpenSSL's reason, or nothing."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    client.minimum_version = client.maximum_version = version
    hosts = {HOST: HostTls((HOST,), 60, minimum_version="1.3")}
    ((_, context),) = server_contexts(hosts, Authority()).items()
    loopback = Loopback()
    try:
        address = loopback.listen(_ignore, context)
        with socket.create_connection(address, timeout=5) as plain:
            client.wrap_socket(plain, server_hostname=HOST).close()
    except ssl.SSLError as error:
        return error.reason or "no reason"
    finally:
        loopback.stop()
    return ""


def test_an_old_version_is_refused_with_an_alert() -> None:
    """Offer TLS 1.2 where 1.3 is the least: the connection does not just end."""
    assert _shake(ssl.TLSVersion.TLSv1_2) == "TLSV1_ALERT_PROTOCOL_VERSION"


def test_a_version_that_is_spoken_is_not_refused() -> None:
    """Offer TLS 1.3."""
    assert _shake(ssl.TLSVersion.TLSv1_3) == ""
