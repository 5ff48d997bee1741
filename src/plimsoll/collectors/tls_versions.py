"""One client context per protocol version, or the reason this machine cannot offer it.

A refusal proves something about a server only where the client is able to speak the version.
So each version is first tried in memory, against a server of our own.
"""

from __future__ import annotations

import ssl
import tempfile
import threading
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from plimsoll.collectors.certificates import throw_away

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
EVERYTHING = "ALL:@SECLEVEL=0"
_FLIGHTS = 6

AnyContext = TypeVar("AnyContext", bound=ssl.SSLContext)
_lock = threading.Lock()


def permissive(context: AnyContext, *, verify: bool = True) -> AnyContext:
    """Let a context accept every version and cipher this machine has; return it."""
    _pin(context, ssl.TLSVersion.MINIMUM_SUPPORTED, ssl.TLSVersion.MAXIMUM_SUPPORTED)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def version_contexts() -> Mapping[str, ssl.SSLContext | str]:
    """Return a context that offers exactly one version for each, or why there is none."""
    with _lock:
        return _version_contexts()


@cache
def _version_contexts() -> Mapping[str, ssl.SSLContext | str]:
    return {name: _offer(name, version) for name, version in VERSIONS.items()}


def _offer(name: str, version: ssl.TLSVersion) -> ssl.SSLContext | str:
    try:
        client = permissive(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), verify=False)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        for context in (client, server):
            _pin(context, version, version)
        _certify(server)
        spoken = _rehearse(client, server)
    except (ssl.SSLError, ValueError) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        return f"this machine cannot offer {name}: {reason}"
    return client if spoken == name else f"this machine cannot offer {name}"


def _pin(context: ssl.SSLContext, lowest: ssl.TLSVersion, highest: ssl.TLSVersion) -> None:
    with warnings.catch_warnings():
        # Python warns of the old versions; asking for them is the purpose.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = lowest
        context.maximum_version = highest
    context.set_ciphers(EVERYTHING)


def _certify(server: ssl.SSLContext) -> None:
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        pem = Path(folder) / "rehearsal.pem"
        pem.write_bytes(throw_away())
        server.load_cert_chain(pem)


def _rehearse(client: ssl.SSLContext, server: ssl.SSLContext) -> str | None:
    """Shake hands in memory, and return the version that was spoken."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname="rehearsal.invalid")
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(_FLIGHTS):
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return ours.version()
