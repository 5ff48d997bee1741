"""TLS is observed as it is: who is trusted, what is spoken, and what is merely not known."""

from __future__ import annotations

import socket
import ssl
import struct
import warnings
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.collectors import tls, tls_versions
from plimsoll.collectors.certificates import leaf
from plimsoll.facts.handshake import ACCEPTED, REFUSED, Handshake, TlsProbe
from plimsoll.findings import NotObserved, Observed

HOST = "api.example.test"
PROBE = TlsProbe(HOST)
KEY = f"{HOST}:443"


def shaken(context, attending) -> Handshake:
    """Return the handshake that was observed with the one host."""
    ((_, sighting),) = tls.collect([PROBE], context, attending)
    assert isinstance(sighting, Observed), sighting
    return sighting.value


def speaking(context: ssl.SSLContext, lowest: str, highest: str) -> ssl.SSLContext:
    """Restrict a server to versions, however old."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = tls_versions.VERSIONS[lowest]
        context.maximum_version = tls_versions.VERSIONS[highest]
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def test_sound_endpoint_is_trusted(serve, server_context, world, attending) -> None:
    """A certificate of a trusted authority for the host is told with its facts."""
    running = serve(server_context(HOST, "*.example.test"))
    seen = shaken(world({KEY: running.port}), attending)
    assert (seen.trusted, seen.trust_problem, seen.negotiated) == (True, "", "TLSv1.3")
    assert seen.certificate is not None
    assert seen.certificate.names == (HOST, "*.example.test")
    assert seen.certificate.not_before < datetime.now(UTC) < seen.certificate.not_after
    assert len(seen.certificate.fingerprint_sha256) == 64
    assert (seen.version("TLSv1.2"), seen.version("TLSv1.3")) == (ACCEPTED, ACCEPTED)


def test_modern_endpoint_refuses_the_old_versions(serve, server_context, world, attending) -> None:
    """A server of 1.2 and 1.3 is seen to refuse 1.0 and 1.1."""
    running = serve(speaking(server_context(), "TLSv1.2", "TLSv1.3"))
    seen = shaken(world({KEY: running.port}), attending)
    assert dict(seen.versions) == {
        "TLSv1": REFUSED,
        "TLSv1.1": REFUSED,
        "TLSv1.2": ACCEPTED,
        "TLSv1.3": ACCEPTED,
    }


@pytest.mark.parametrize("only", ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"])
def test_endpoint_of_one_version_accepts_that_and_no_other(
    only, serve, server_context, world, attending
) -> None:
    """Each version is told apart, and an old one does not hide who is trusted."""
    running = serve(speaking(server_context(), only, only))
    seen = shaken(world({KEY: running.port}), attending)
    assert seen.negotiated == only
    assert seen.trusted
    assert {name for name, state in seen.versions if state == ACCEPTED} == {only}
    assert {state for name, state in seen.versions if name != only} == {REFUSED}


@pytest.mark.parametrize(
    ("names", "days", "problem"),
    [
        (["other.example.test"], 1, f"the certificate is not valid for {HOST}"),
        ([HOST], -1, "the certificate has expired"),
    ],
    ids=["another host", "expired"],
)
def test_bad_certificate_is_shown_and_not_trusted(
    names, days, problem, serve, server_context, world, attending
) -> None:
    """The endpoint is observed with its certificate, and the reason it is not trusted."""
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    running = serve(server_context(*names, not_after=until))
    seen = shaken(world({KEY: running.port}), attending)
    assert (seen.trusted, seen.trust_problem) == (False, problem)
    assert seen.certificate is not None
    assert seen.certificate.names == tuple(names)
    assert seen.certificate.not_after == until
    assert seen.version("TLSv1.3") == ACCEPTED


def test_unknown_authority_is_not_trusted(serve, server_context, world, attending) -> None:
    """Another authority's word counts for nothing."""
    running = serve(server_context())
    context = world({KEY: running.port})
    other = trustme.CA().cert_pem.bytes().decode()
    context = replace(context, network=replace(context.network, authority_pem=other))
    seen = shaken(context, attending)
    assert (seen.trusted, seen.trust_problem) == (
        False,
        "the certificate's authority is not trusted",
    )


def reset(peer: socket.socket) -> None:
    """Answer with a reset."""
    peer.recv(100)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (reset, "the connection was reset"),
        (lambda peer: peer.recv(10_000), "the connection was closed during the TLS handshake"),
        (
            lambda peer: peer.recv(10_000) and peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            "the TLS handshake failed: wrong version number",
        ),
    ],
    ids=["reset", "closed", "plain text"],
)
def test_endpoint_without_a_handshake_is_not_observed(
    talk, reason, converse, world, attending
) -> None:
    """Where no handshake succeeds nothing is refused: the host was not seen at all."""
    context = world({KEY: converse(talk)})
    ((_, sighting),) = tls.collect([PROBE], context, attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == reason
    assert sighting.origin.where == f"tls://{KEY}"


def test_dead_endpoint_is_not_observed(world, attending) -> None:
    """A closed port is no refusal of a protocol."""
    ((_, sighting),) = tls.collect([PROBE], world({}), attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the connection was refused"


def test_reset_of_an_old_version_is_not_a_refusal(
    converse, server_context, world, attending
) -> None:
    """A server that drops old clients without a word leaves it unknown whether it speaks to them."""
    modern = server_context()

    def drop_the_old(peer: socket.socket) -> None:
        hello = peer.recv(10_000, socket.MSG_PEEK)
        if b"\x03\x04" not in hello[43:] and b"\x03\x03" not in hello[9:11]:
            return reset(peer)
        with modern.wrap_socket(peer, server_side=True) as secured:
            secured.recv(1)
        return None

    seen = shaken(world({KEY: converse(drop_the_old)}), attending)
    assert seen.trusted
    assert seen.version("TLSv1") == "the connection was reset"
    assert seen.version("TLSv1.1") == "the connection was reset"
    assert seen.version("TLSv1.3") == ACCEPTED


@pytest.mark.parametrize(
    ("alert", "state"),
    [(70, REFUSED), (40, REFUSED), (80, "tlsv1 alert internal error"), (112, "unrecognized name")],
)
def test_only_an_alert_about_the_version_refuses_it(
    alert, state, converse, server_context, world, attending
) -> None:
    """An alert that can have another cause is told in words, and is no refusal."""
    modern = server_context()

    def alert_the_old(peer: socket.socket) -> None:
        hello = peer.recv(10_000, socket.MSG_PEEK)
        if b"\x03\x03" not in hello[9:11]:
            peer.recv(10_000)
            peer.sendall(bytes([21, 3, 1, 0, 2, 2, alert]))
            return
        with modern.wrap_socket(peer, server_side=True) as secured:
            secured.recv(1)

    seen = shaken(world({KEY: converse(alert_the_old)}), attending)
    assert state in seen.version("TLSv1")
    assert (seen.version("TLSv1") == REFUSED) == (state == REFUSED)


def test_version_this_machine_cannot_offer_is_not_known(
    serve, server_context, world, attending, monkeypatch
) -> None:
    """What could not be offered was not refused."""

    def offer(name: str, _: ssl.TLSVersion) -> str:
        return f"this machine cannot offer {name}"

    monkeypatch.setattr(tls_versions, "_offer", offer)
    tls_versions._version_contexts.cache_clear()
    try:
        seen = shaken(world({KEY: serve(server_context()).port}), attending)
    finally:
        tls_versions._version_contexts.cache_clear()
    assert seen.trusted
    assert seen.version("TLSv1") == "this machine cannot offer TLSv1"


def test_rehearsal_fails_where_a_side_does_not_speak_the_version() -> None:
    """The rehearsal is a real handshake: sides without a common version do not come together."""
    old, new = (
        tls_versions.permissive(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), verify=False)
        for _ in range(2)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls_versions._certify(server)
    speaking(server, "TLSv1.3", "TLSv1.3")
    speaking(old, "TLSv1.2", "TLSv1.2")
    assert tls_versions._rehearse(new, server) == "TLSv1.3"
    with pytest.raises(ssl.SSLError):
        tls_versions._rehearse(old, server)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_certificate_have_no_facts(der) -> None:
    """A certificate that cannot be read is absent, and no accident."""
    assert leaf(der) is None
