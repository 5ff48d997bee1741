"""Which certificate authorities a connection trusts: a mocked world's, or the system's."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.collectors.network import Network


class SharedContext(ssl.SSLContext):
    """A client context that many threads shake hands with at once.

    An HTTP client announces its protocols on the context before each handshake. OpenSSL frees the
    former list, which another thread may be copying just then, so only the first call is made.
    """

    _announced: tuple[str, ...] = ()

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """Announce application protocols, once."""
        protocols = tuple(alpn_protocols)
        if self._announced != protocols:
            super().set_alpn_protocols(protocols)
            self._announced = protocols


def verifying_context(network: Network) -> SharedContext:
    """Return a context that verifies chain and host name with the network's authorities."""
    context = SharedContext(ssl.PROTOCOL_TLS_CLIENT)
    if network.authority_pem:
        context.load_verify_locations(cadata=network.authority_pem)
    elif any(ssl.get_default_verify_paths()[:2]):
        context.load_default_certs()
    else:
        import certifi  # noqa: PLC0415 (only where the system has no store of its own)

        context.load_verify_locations(certifi.where())
    return context
