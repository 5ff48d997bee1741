"""Observe TLS endpoints: whether the certificate is trusted, and which versions are spoken."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from plimsoll.collectors.certificates import leaf
from plimsoll.collectors.failure import certificate_problem, explain, sight, tls_reason
from plimsoll.collectors.lanes import in_lanes
from plimsoll.collectors.origins import origin_of
from plimsoll.collectors.tls_versions import VERSIONS, permissive, version_contexts
from plimsoll.collectors.trust import verifying_context
from plimsoll.facts.handshake import ACCEPTED, REFUSED, Handshake, TlsProbe
from plimsoll.findings import NotObserved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plimsoll.collectors.context import Context, Sightings
    from plimsoll.findings import Origin, Sighting

REFUSALS = frozenset(
    {
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "TLSV1_ALERT_INSUFFICIENT_SECURITY",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "UNSUPPORTED_PROTOCOL",
        "WRONG_SSL_VERSION",
    }
)
"""What a server says, or answers with, when it will not speak the one version it is offered.

Alerts that can have another cause (an unknown name, an internal error) refuse nothing.
"""


class _Shaken(NamedTuple):
    negotiated: str
    certificate_der: bytes | None


def collect(
    probes: Iterable[TlsProbe], context: Context, sightings: Sightings
) -> Iterator[tuple[TlsProbe, Sighting[Handshake]]]:
    """Yield every endpoint with the outcome of its handshakes, or why there was none."""
    greeter = _Greeter(context, sightings.awaited)
    yield from in_lanes(
        probes,
        greeter.see,
        sightings.awaited,
        host=lambda probe: probe.host.lower(),
        threads=context.limits.concurrency,
        per_host=context.limits.per_host,
    )


class _Greeter:
    """The contexts to shake hands with, made once, and how an endpoint is greeted."""

    def __init__(self, context: Context, awaited: Callable[[], bool]) -> None:
        self._context = context
        self._awaited = awaited
        self._verifying = (
            verifying_context(context.network),
            permissive(verifying_context(context.network)),
        )
        self._blind = permissive(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), verify=False)
        self._versions = version_contexts()

    def see(self, probe: TlsProbe) -> Sighting[Handshake]:
        origin = origin_of(probe, self._context)
        return sight(lambda: self._greet(probe, origin), origin)

    def _greet(self, probe: TlsProbe, origin: Origin) -> Handshake:
        try:
            shaken, problem = self._trust(probe)
        except OSError as error:
            raise NotObserved(explain(error, probe.host), origin) from None
        return Handshake(
            host=probe.host,
            port=probe.port,
            trusted=not problem,
            trust_problem=problem,
            certificate=leaf(shaken.certificate_der),
            negotiated=shaken.negotiated,
            versions=tuple((name, self._speaks(probe, name)) for name in VERSIONS),
            at=datetime.now(UTC),
        )

    def _trust(self, probe: TlsProbe) -> tuple[_Shaken, str]:
        """Shake hands as strictly as the endpoint allows, and return why it is not trusted.

        First as a client of today, then with whatever old protocol or weak key the endpoint has,
        at last without verification, to see what there is.
        """
        problem = ""
        for verifying in self._verifying:
            try:
                return self._shake(probe, verifying), ""
            except ssl.SSLCertVerificationError as error:
                problem = certificate_problem(error, probe.host)
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
                raise
            except ssl.SSLError as error:
                problem = problem or f"the TLS handshake failed: {tls_reason(error)}"
        return self._shake(probe, self._blind), problem

    def _speaks(self, probe: TlsProbe, name: str) -> str:
        offered = self._versions[name]
        if isinstance(offered, str):
            return offered
        if not self._awaited():
            return "the run ended before it was tried"
        try:
            self._shake(probe, offered)
        except OSError as error:
            refused = isinstance(error, ssl.SSLError) and error.reason in REFUSALS
            return REFUSED if refused else explain(error, probe.host)
        return ACCEPTED

    def _shake(self, probe: TlsProbe, offered: ssl.SSLContext) -> _Shaken:
        """Shake hands once, again only after a failure of the transport."""
        for _ in range(self._context.limits.retries):
            try:
                return self._connect(probe, offered)
            except (ConnectionError, TimeoutError):
                continue
        return self._connect(probe, offered)

    def _connect(self, probe: TlsProbe, offered: ssl.SSLContext) -> _Shaken:
        limits = self._context.limits
        address = self._context.network.address(probe.host, probe.port)
        with socket.create_connection(address, limits.connect_seconds) as plain:
            plain.settimeout(limits.read_seconds)
            with offered.wrap_socket(plain, server_hostname=probe.host) as secured:
                return _Shaken(secured.version() or "", secured.getpeercert(binary_form=True))
