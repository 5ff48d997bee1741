"""Certificates of a throw-away authority for the real host names of a system."""

from __future__ import annotations

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import trustme

from plimsoll.worlds.site import HostTls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}
_LEGACY = frozenset({"1.0", "1.1"})
_ORGANIZATION = "Mocked world"
_LIFETIME = timedelta(days=90)


class Authority:
    """A certificate authority unknown outside its world; its key is never stored."""

    def __init__(self) -> None:
        self._root = trustme.CA(organization_name=_ORGANIZATION)
        self._leaves: dict[tuple[tuple[str, ...], float, bool], trustme.LeafCert] = {}

    @property
    def pem(self) -> str:
        """Return the root certificate to trust, as PEM."""
        return self._root.cert_pem.bytes().decode("ascii")

    @cached_property
    def _impostor(self) -> trustme.CA:
        return trustme.CA(organization_name="Unknown authority")

    def leaf(self, tls: HostTls) -> trustme.LeafCert:
        """Return the certificate that a host shows, the same one for hosts that agree."""
        key = (tls.names, tls.days_to_expiry, tls.trusted)
        if key not in self._leaves:
            not_after = datetime.now(UTC) + timedelta(days=tls.days_to_expiry)
            self._leaves[key] = (self._root if tls.trusted else self._impostor).issue_cert(
                *tls.names,
                organization_name=_ORGANIZATION,
                not_before=not_after - _LIFETIME,
                not_after=not_after,
            )
        return self._leaves[key]


def server_contexts(
    hosts: Mapping[str, HostTls], authority: Authority
) -> dict[tuple[str, ...], ssl.SSLContext]:
    """Return the hosts that can listen at one address, with the context to listen with.

    The context shows the certificate of the host that the client names (SNI), and one for nobody
    where the client names none of them. OpenSSL settles the protocol version before the name, so
    hosts with different least versions need an address each. Raises ValueError for versions that
    do not exist.
    """
    unknown = sorted({tls.minimum_version for tls in hosts.values()} - _VERSIONS.keys())
    if unknown:
        message = f"no TLS version {', '.join(unknown)}; known: {', '.join(_VERSIONS)}"
        raise ValueError(message)
    nobody = authority.leaf(HostTls(("unknown.invalid",), 1))
    listening: dict[tuple[str, ...], ssl.SSLContext] = {}
    for version in sorted({tls.minimum_version for tls in hosts.values()}):
        leaves = {
            name: authority.leaf(tls)
            for name, tls in hosts.items()
            if tls.minimum_version == version
        }
        contexts = {leaf: _context(leaf, version) for leaf in {*leaves.values(), nobody}}
        listening[tuple(leaves)] = contexts[nobody]
        contexts[nobody].sni_callback = _chooser(
            {name: contexts[leaf] for name, leaf in leaves.items()}
        )
    return listening


def _chooser(
    contexts: Mapping[str, ssl.SSLContext],
) -> Callable[[ssl.SSLObject, str | None, ssl.SSLContext], None]:
    def choose(connection: ssl.SSLObject, name: str | None, default: ssl.SSLContext) -> None:
        connection.context = contexts.get((name or "").lower(), default)

    return choose


class _Courteous(ssl.SSLObject):
    """Tells the client by an alert why a handshake fails, as real servers do, before it ends."""

    _failure: ssl.SSLError | None = None

    def do_handshake(self) -> None:
        """Ask for more once the alert is written, so that it is sent; fail after that."""
        if self._failure is not None:
            raise self._failure
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError as failure:
            self._failure = failure
            raise ssl.SSLWantReadError from failure


def _context(leaf: trustme.LeafCert, version: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sslobject_class = _Courteous
    if version in _LEGACY:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = _VERSIONS[version]
    context.set_alpn_protocols(["http/1.1"])
    leaf.configure_cert(context)
    return context
