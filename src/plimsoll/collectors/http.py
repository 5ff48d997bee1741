"""Observe HTTP endpoints: each request sent, and its response as it came.

Redirects are not followed, statuses are never retried, and nothing but plain reads is sent.
"""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from plimsoll.collectors.body import DecodingError, read_body
from plimsoll.collectors.exchange_failure import in_time, reason_of
from plimsoll.collectors.failure import causes, sight
from plimsoll.collectors.guard import WriteRefusedError, require_read_only
from plimsoll.collectors.lanes import in_lanes
from plimsoll.collectors.origins import origin_of, without_user
from plimsoll.collectors.transport import CONNECT_TIMEOUTS, TRANSPORT_ERRORS, open_client
from plimsoll.facts.exchange import Exchange, HttpProbe
from plimsoll.findings import NotExercised, NotListening, NotObserved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plimsoll.collectors.context import Context, Sightings
    from plimsoll.collectors.network import Network
    from plimsoll.findings import Origin, Sighting

MASKED = b"[masked]"
SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
BACKOFF_SECONDS = 0.1


def collect(
    probes: Iterable[HttpProbe], context: Context, sightings: Sightings
) -> Iterator[tuple[HttpProbe, Sighting[tuple[Exchange, ...]]]]:
    """Yield every probe with its exchanges, in the order they happened, or why there are none."""
    asked = tuple(probes)
    with open_client(context, (probe.url for probe in asked)) as client:
        reader = _Reader(client, context, sightings.awaited)
        # An exercise uses up what others would be served from, so it waits for all of them.
        calm = [probe for probe in asked if not probe.exercise]
        for group in (calm, [probe for probe in asked if probe.exercise]):
            yield from in_lanes(
                group,
                reader.see,
                sightings.awaited,
                host=_place,
                threads=context.limits.concurrency,
                per_host=context.limits.per_host,
            )


class _Reader:
    """One client, and how a probe is asked through it."""

    def __init__(self, client: httpx.Client, context: Context, awaited: Callable[[], bool]) -> None:
        self._client = client
        self._context = context
        self._limits = context.limits
        self._awaited = awaited
        self._unreachable: set[str] = set()

    def see(self, probe: HttpProbe) -> Sighting[tuple[Exchange, ...]]:
        origin = origin_of(probe, self._context)
        return sight(lambda: self._sample(probe, origin), origin)

    def _sample(self, probe: HttpProbe, origin: Origin) -> tuple[Exchange, ...]:
        secret = self._admit(probe, origin)
        exchanges: list[Exchange] = []
        for number in range(probe.count):
            if not self._awaited():
                reason = "the run ended before every request was sent"
                raise NotObserved(reason, origin)
            if _place(probe) in self._unreachable:
                reason = "no connection was possible for an earlier request to this host"
                raise NotObserved(reason, origin)
            try:
                exchanges.append(self._persist(probe, secret))
            except (*TRANSPORT_ERRORS, httpx.InvalidURL, DecodingError) as error:
                if isinstance(error, CONNECT_TIMEOUTS):
                    # Each further wait would hold a thread that other hosts need.
                    self._unreachable.add(_place(probe))
                reason = reason_of(error, probe.url, self._limits)
                many = f"request {number + 1} of {probe.count}: " if probe.count > 1 else ""
                refused = _is_refusal(error) and not _is_proxied(probe.url, self._context.network)
                unseen = NotListening if refused else NotObserved
                raise unseen(many + reason, origin) from None
        return tuple(exchanges)

    def _admit(self, probe: HttpProbe, origin: Origin) -> str:
        """Return the credential to send, if any, or refuse what must not be sent."""
        refusal = _refusal(probe)
        if refusal:
            raise NotObserved(refusal, origin)
        if probe.exercise and probe.exercise not in self._context.exercises:
            reason = (
                f"the exercise {probe.exercise!r} was not asked for: "
                f"--exercise {probe.exercise} runs it"
            )
            raise NotExercised(reason, origin)
        secret = self._context.credentials.get(probe.credential, "") if probe.credential else ""
        if probe.credential and not secret.strip():
            reason = f"the environment variable {probe.credential} is not set: put the token there"
            raise NotObserved(reason, origin)
        return secret.strip()

    def _persist(self, probe: HttpProbe, secret: str) -> Exchange:
        """Ask, and ask again after a failed transport; an exercise counts every attempt."""
        retries = 0 if probe.exercise else self._limits.retries
        for attempt in range(retries):
            try:
                return self._ask(probe, secret)
            except TRANSPORT_ERRORS:
                time.sleep(random.uniform(0.5, 1) * BACKOFF_SECONDS * 2**attempt)  # noqa: S311
        return self._ask(probe, secret)

    def _ask(self, probe: HttpProbe, secret: str) -> Exchange:
        headers = list(probe.headers)
        if secret:
            headers.append(("authorization", f"Bearer {secret}"))
        clock = _Clock()
        request = self._client.build_request(
            probe.method, probe.url, headers=headers, extensions={"trace": clock.note}
        )
        at, started = datetime.now(UTC), time.perf_counter()
        response = self._client.send(request, stream=True)
        try:
            chunks = in_time(response.iter_raw(), started, self._limits)
            # A secret that straddles the cap must still be recognized.
            cap = self._limits.body_bytes + len(secret)
            body, truncated = read_body(chunks, response.headers.get("content-encoding", ""), cap)
        finally:
            response.close()
        elapsed_ms = (time.perf_counter() - max(started, clock.sent)) * 1000
        body = _masked(body, secret)
        return Exchange(
            url=probe.url,
            status=response.status_code,
            http_version=response.http_version,
            headers=tuple(
                (name.decode("latin-1").lower(), _masked(value, secret).decode("latin-1"))
                for name, value in response.headers.raw
            ),
            body=body[: self._limits.body_bytes],
            truncated=truncated or len(body) > self._limits.body_bytes,
            elapsed_ms=elapsed_ms,
            at=at,
        )


class _Clock:
    """Notes when a request was sent: names were resolved, and a connection stood, before that."""

    sent = 0.0

    def note(self, event: str, _told: object) -> None:
        """Take an event of the transport; of a request to a proxy and its own the last counts."""
        if event.endswith(".send_request_headers.started"):
            self.sent = time.perf_counter()


def _refusal(probe: HttpProbe) -> str:
    """Return why a request is never sent, whatever the circumstances; empty where it may be."""
    try:
        require_read_only(probe.method, probe.url)
    except WriteRefusedError as error:
        return str(error)
    if without_user(probe.url) != probe.url:
        return "the URL holds a user or password: name a variable in `credential` instead"
    if any(name.lower() in SECRET_HEADERS for name, _ in probe.headers):
        return "a header would carry a secret: name a variable in `credential` instead"
    return "" if probe.count > 0 else f"a sample of {probe.count} requests shows nothing"


def _masked(data: bytes, secret: str) -> bytes:
    return data.replace(secret.encode(), MASKED) if secret else data


def _place(probe: HttpProbe) -> str:
    """Return a URL's host and port, which is where the load of a probe arrives."""
    try:
        return urlsplit(probe.url).netloc.lower()
    except ValueError:
        return ""


def _is_refusal(error: BaseException) -> bool:
    """Whether the connection failed for no other reason than that it was refused."""
    failures = [cause for cause in causes(error) if isinstance(cause, OSError)]
    return bool(failures) and all(isinstance(one, ConnectionRefusedError) for one in failures)


def _is_proxied(url: str, network: Network) -> bool:
    """Whether a proxy stands between, whose refusal tells nothing of the host."""
    parts = urlsplit(url)
    proxied = not network.closed and parts.scheme in getproxies()
    return proxied and not proxy_bypass(parts.hostname or "")
