"""Asking one account: in turn, no more often than allowed, again where that can help."""

from __future__ import annotations

import random
import ssl
from typing import TYPE_CHECKING, Any, cast

import httpcore
import httpx

from plimsoll.collectors.body import DecodingError
from plimsoll.collectors.digitalocean_client import ENDPOINT, Answer, AnswerError
from plimsoll.collectors.exchange_failure import reason_of
from plimsoll.collectors.failure import causes
from plimsoll.collectors.transport import TRANSPORT_ERRORS
from plimsoll.findings import NotObserved, ScopeMissing

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.collectors.context import Limits
    from plimsoll.collectors.digitalocean_client import AccountClient
    from plimsoll.collectors.digitalocean_reads import Read
    from plimsoll.collectors.rate_limit import RateLimit
    from plimsoll.findings import Origin

MOST_ATTEMPTS = 3
BACKOFF_SECONDS = 0.2
"""Before the second attempt; twice as long before the third."""

_UNREACHABLE = (httpx.ConnectError, httpx.ConnectTimeout, httpcore.ConnectError,
                httpcore.ConnectTimeout, ssl.SSLError)  # fmt: skip


class Session:
    """What an account is asked through, until its token is refused or nobody can be reached.

    After that nothing more is sent, and every later question is answered with that reason.
    """

    def __init__(
        self, client: AccountClient, rate: RateLimit, awaited: Callable[[], bool], limits: Limits
    ) -> None:
        self._client = client
        self._rate = rate
        self._awaited = awaited
        self._limits = limits
        self._silent = ""

    def content(
        self, read: Read, identity: str, page: int | None, origin: Origin
    ) -> dict[str, Any]:
        """Return the JSON object of a success. Raises NotObserved for anything else."""
        answer = self._persist(read, identity, page, origin)
        if answer.status == 401:
            self._silent = "the token is not accepted (401)"
            raise NotObserved(self._silent, origin)
        if answer.status == 403:
            raise ScopeMissing(f"the token lacks the scope `{read.scope}` (403)", origin)
        if answer.status != 200:
            raise NotObserved(_likely_cause(answer.status), origin)
        if not isinstance(answer.content, dict):
            raise NotObserved("the answer is no JSON object", origin)
        return cast("dict[str, Any]", answer.content)

    def _persist(self, read: Read, identity: str, page: int | None, origin: Origin) -> Answer:
        """Ask, and again where the transport failed, the API failed, or it is too busy."""
        held_seconds = 0.0
        for attempt in range(MOST_ATTEMPTS):
            self._admit(origin, held_seconds)
            answer = self._ask(read, identity, page, origin, attempt)
            is_last = attempt == MOST_ATTEMPTS - 1
            if answer is None or (answer.status >= 500 and not is_last):
                self._rate.wait(random.uniform(0.5, 1) * BACKOFF_SECONDS * 2**attempt)  # noqa: S311
            elif answer.status != 429:
                return answer
            elif is_last:
                reason = (
                    f"the API's rate limit was reached (429), after waiting {held_seconds:.0f} s"
                )
                raise NotObserved(reason, origin)
            else:
                held_seconds += self._slow_down(answer)
        raise NotObserved("the API did not answer", origin)

    def _admit(self, origin: Origin, held_seconds: float) -> None:
        """Wait for one's turn. Raises NotObserved where there is none."""
        if not self._silent and not self._rate.admit():
            reason = "the run ended before the API was asked"
            if self._awaited():
                reason = "the API's rate limit asks for more patience than a run has"
            elif held_seconds:
                reason = "the API's rate limit was reached (429), and the run ended meanwhile"
            raise NotObserved(reason, origin)
        if self._silent:
            raise NotObserved(self._silent, origin)

    def _ask(
        self, read: Read, identity: str, page: int | None, origin: Origin, attempt: int
    ) -> Answer | None:
        """Ask once; None where the transport failed and it is worth another attempt."""
        try:
            answer = self._client.get(read.operation, *filter(None, [identity]), page=page)
        except AnswerError as error:
            raise NotObserved(str(error), origin) from None
        except (*TRANSPORT_ERRORS, DecodingError) as error:
            if attempt < min(self._limits.retries, MOST_ATTEMPTS - 1):
                return None
            reason = reason_of(error, ENDPOINT, self._limits)
            if any(isinstance(cause, _UNREACHABLE) for cause in causes(error)):
                self._silent = reason
            raise NotObserved(reason, origin) from None
        if answer.status != 429:
            # A burst is over long before the hour that its count belongs to.
            self._rate.heed(answer.remaining, answer.reset_unix)
        return answer

    def _slow_down(self, answer: Answer) -> float:
        """Hold everybody for as long as a busy API asks for; return the seconds."""
        seconds = 1.0
        if answer.retry_after_seconds is not None:
            seconds = float(answer.retry_after_seconds)
        elif answer.reset_unix is not None:
            seconds = self._rate.seconds_until(answer.reset_unix)
        self._rate.hold(seconds)
        return seconds


def _likely_cause(status: int) -> str:
    if status == 404:
        return "404: not found, or the token may not see it"
    if status >= 500:
        return f"the API failed ({status}), {MOST_ATTEMPTS} times"
    if 300 <= status < 400:
        return f"the API redirects ({status}), which is not followed"
    return f"the API refused ({status})"
