"""Observe Prometheus, Alertmanager and Grafana by their HTTP APIs, which are read and nothing else.

Every read is asked once, over the network and behind the read-only guard of all collectors. Of an
answer an allow-list is kept. Whatever is not the answer asked for (a refusal, a redirect to a page
to log in, a proxy's page, a part of the truth) makes its read not observed, and says why.
"""

from __future__ import annotations

import json
import random
import time
from base64 import b64encode
from threading import Lock
from typing import TYPE_CHECKING, Any

import httpx

from plimsoll.collectors.body import DecodingError, read_body
from plimsoll.collectors.exchange_failure import in_time, reason_of
from plimsoll.collectors.failure import sight
from plimsoll.collectors.lanes import in_lanes
from plimsoll.collectors.origins import origin_of
from plimsoll.collectors.transport import CONNECT_TIMEOUTS, TRANSPORT_ERRORS, open_client
from plimsoll.facts.monitoring_reading import MonitoringProbe, MonitoringReading
from plimsoll.findings import NotObserved, ScopeMissing
from plimsoll.semantics.monitoring_api.envelope import UntoldError, content, refusal
from plimsoll.semantics.monitoring_api.kept import kept
from plimsoll.semantics.monitoring_api.reads import address_of, read_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plimsoll.collectors.context import Context, Sightings
    from plimsoll.findings import Origin, Sighting

ANSWER_BYTES = 16_000_000
"""Some thousand targets, or rules, with all that is told of them, are some megabytes."""
PER_SERVER = 2
"""A monitoring system has other work: no more questions at once."""
BACKOFF_SECONDS = 0.1
MASKED = b"[masked]"


def collect(
    probes: Iterable[MonitoringProbe], context: Context, sightings: Sightings
) -> Iterator[tuple[MonitoringProbe, Sighting[MonitoringReading]]]:
    """Yield every probe with what the API told, or why it told nothing; each is read once."""
    asked = tuple(dict.fromkeys(probes))
    with open_client(context, (probe.url for probe in asked)) as client:
        reader = _Reader(client, context, sightings.awaited)
        yield from in_lanes(
            asked,
            reader.see,
            sightings.awaited,
            host=lambda probe: probe.url,
            threads=context.limits.concurrency,
            per_host=min(PER_SERVER, context.limits.per_host),
        )


class _Reader:
    """One client, and how a probe is asked through it."""

    def __init__(self, client: httpx.Client, context: Context, awaited: Callable[[], bool]) -> None:
        self._client = client
        self._context = context
        self._limits = context.limits
        self._awaited = awaited
        self._lock = Lock()
        self._unreachable: set[str] = set()

    def see(self, probe: MonitoringProbe) -> Sighting[MonitoringReading]:
        origin = origin_of(probe, self._context)
        return sight(lambda: self._read(probe, origin), origin)

    def _read(self, probe: MonitoringProbe, origin: Origin) -> MonitoringReading:
        secret = self._secret(probe, origin)
        try:
            status, body = self._persist(probe, secret, origin)
        except (*TRANSPORT_ERRORS, httpx.InvalidURL, DecodingError) as error:
            if isinstance(error, CONNECT_TIMEOUTS):
                with self._lock:
                    self._unreachable.add(probe.url)
            raise NotObserved(reason_of(error, probe.url, self._limits), origin) from None
        if status != httpx.codes.OK:
            permission = read_of(probe).permission
            unseen = ScopeMissing if status == httpx.codes.FORBIDDEN else NotObserved
            raise unseen(refusal(status, _json(body), permission), origin)
        return self._kept(probe, body, origin)

    def _kept(self, probe: MonitoringProbe, body: bytes, origin: Origin) -> MonitoringReading:
        told = _json(body)
        if told is None:
            reason = "the answer is no JSON: a proxy or a page to log in answers in its place"
            raise NotObserved(reason, origin)
        try:
            found = kept(probe.system, probe.read, content(probe.system, told))
        except UntoldError as untold:
            raise NotObserved(str(untold), origin) from None
        if found is None:
            raise NotObserved("the answer has not the form that this read has", origin)
        text = json.dumps(found, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return MonitoringReading(origin.where, text)

    def _secret(self, probe: MonitoringProbe, origin: Origin) -> str:
        """Return the credential to send; empty where none is declared. Raises NotObserved."""
        if not probe.credential:
            return ""
        secret = self._context.credentials.get(probe.credential, "").strip()
        if not secret:
            reason = f"{probe.credential} is not set; put a credential that can only read into it"
            raise NotObserved(reason, origin)
        if not (secret.isascii() and secret.isprintable()) or (" " in secret and not probe.user):
            raise NotObserved(f"{probe.credential} holds something that is no credential", origin)
        return secret

    def _persist(self, probe: MonitoringProbe, secret: str, origin: Origin) -> tuple[int, bytes]:
        """Ask, and ask again after a failed transport."""
        for attempt in range(self._limits.retries):
            self._admit(probe, origin)
            try:
                return self._ask(probe, secret)
            except CONNECT_TIMEOUTS:
                raise
            except TRANSPORT_ERRORS:
                time.sleep(random.uniform(0.5, 1) * BACKOFF_SECONDS * 2**attempt)  # noqa: S311
        self._admit(probe, origin)
        return self._ask(probe, secret)

    def _admit(self, probe: MonitoringProbe, origin: Origin) -> None:
        if not self._awaited():
            raise NotObserved("the run ended before the API was asked", origin)
        if probe.url in self._unreachable:
            reason = "no connection was possible for an earlier read of this server"
            raise NotObserved(reason, origin)

    def _ask(self, probe: MonitoringProbe, secret: str) -> tuple[int, bytes]:
        """Return the status and the body. Raises DecodingError for a body that is too long."""
        headers = {"accept": "application/json", **_authorization(probe.user, secret)}
        request = self._client.build_request("GET", address_of(probe), headers=headers)
        started = time.perf_counter()
        answer = self._client.send(request, stream=True)
        try:
            chunks = in_time(answer.iter_raw(), started, self._limits)
            encoding = answer.headers.get("content-encoding", "")
            body, is_truncated = read_body(chunks, encoding, ANSWER_BYTES)
        finally:
            answer.close()
        if is_truncated:
            message = f"the answer is longer than {ANSWER_BYTES // 1_000_000} MB"
            raise DecodingError(message)
        return answer.status_code, body.replace(secret.encode(), MASKED) if secret else body


def _authorization(user: str, secret: str) -> dict[str, str]:
    """Return the header that carries a password of a user (RFC 7617) or a token (RFC 6750)."""
    if not secret:
        return {}
    if not user:
        return {"authorization": f"Bearer {secret}"}
    return {"authorization": f"Basic {b64encode(f'{user}:{secret}'.encode()).decode()}"}


def _json(body: bytes) -> Any:  # noqa: ANN401 (any JSON)
    """Return a body as JSON; None for anything else, and for null, which tells nothing."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
