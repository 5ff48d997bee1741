"""DigitalOcean's own client over this package's network, behind the read-only guard.

The client builds the requests and reads the answers; how they travel is ours: names are dialed and
certificates verified as for every other collector, bodies are capped, redirects are not followed.
Two guards stand in the way of anything but a plain read: one in the client, one in the transport.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pydo
from azure.core.exceptions import DecodeError, HttpResponseError
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.pipeline.transport import RequestsTransport
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter

from plimsoll.collectors.body import DecodingError, read_body
from plimsoll.collectors.exchange_failure import in_time
from plimsoll.collectors.guard import WriteRefusedError, require_read_only

if TYPE_CHECKING:
    import httpx
    from azure.core.pipeline import PipelineRequest

    from plimsoll.collectors.context import Limits

ENDPOINT = "https://api.digitalocean.com"
PER_PAGE = 200
ANSWER_BYTES = 16_000_000
"""Two hundred apps with all their specifications are some megabytes."""

_SENT_HEADERS = ("accept", "authorization")
_COUNTS = ("ratelimit-remaining", "ratelimit-reset", "retry-after")
_ACCEPTED = "application/json"


class AnswerError(ValueError):
    """An answer that is not what it should be, in words for people."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, the JSON that came with a success, and what the API says of its rate limit.

    `reset_unix` is in seconds since 1970, `retry_after_seconds` counts from now.
    """

    status: int
    content: Any = None
    remaining: int | None = None
    reset_unix: int | None = None
    retry_after_seconds: int | None = None


class AccountClient:
    """One account's API; any number of threads may ask it."""

    def __init__(self, http: httpx.Client, token: str, limits: Limits) -> None:
        session = Session()
        session.trust_env = False
        session.adapters.clear()
        session.mount("https://", NetworkAdapter(http, token, limits))
        self._client = pydo.Client(
            token,
            endpoint=ENDPOINT,
            transport=RequestsTransport(session=session, session_owner=False),
            per_call_policies=[ReadOnlyPolicy()],
            retry_total=0,
            permit_redirects=False,
        )

    def get(self, operation: str, *identity: str, page: int | None = None) -> Answer:
        """Call an operation of the client, such as ``apps.list``, and return its answer.

        Raises AnswerError, DecodingError, WriteRefusedError, and what the transport raises.
        """
        group, _, method = operation.partition(".")
        call = getattr(getattr(self._client, group), method)
        paging = {} if page is None else {"page": page, "per_page": PER_PAGE}
        try:
            return _answer(*call(*identity, **paging, cls=_told))
        except DecodeError:
            raise AnswerError(_NO_JSON) from None
        except HttpResponseError as error:
            if error.response is None:
                raise AnswerError(_NO_JSON) from None
            return _answer(error.response, None)
        except (AnswerError, DecodingError, WriteRefusedError):
            raise
        except (ValueError, RecursionError):
            raise AnswerError(_NO_JSON) from None


_NO_JSON = "the answer is no JSON"


class ReadOnlyPolicy(SansIOHTTPPolicy[Any, Any]):
    """Refuses whatever is no plain GET of this API, before a request leaves the client."""

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Let a plain GET pass. Raises WriteRefusedError for anything else."""
        method, url = request.http_request.method, request.http_request.url
        if method != "GET" or not url.startswith(f"{ENDPOINT}/"):
            message = f"{method} is never sent: only GET is, and only to {ENDPOINT}"
            raise WriteRefusedError(message)
        require_read_only(method, url)


class NetworkAdapter(BaseAdapter):
    """Carries the client's requests over an HTTP client that knows the run's network.

    Of an answer only what is needed comes back: the JSON of a success, and the counts of the rate
    limit. The body of a refusal is not even read.
    """

    def __init__(self, http: httpx.Client, token: str, limits: Limits) -> None:
        super().__init__()
        self._http = http
        self._token = token.encode()
        self._limits = limits

    def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:  # noqa: ANN401 (timeouts and trust are those of the HTTP client)
        """Send a request. Raises AnswerError for a success that cannot be read as a whole."""
        headers = {name: str(request.headers.get(name, "")) for name in _SENT_HEADERS}
        asked = self._http.build_request(request.method or "", request.url or "", headers=headers)
        started = time.perf_counter()
        answer = self._http.send(asked, stream=True)
        try:
            body = self._body(answer, started) if answer.status_code == 200 else b""
        finally:
            answer.close()
        return _response(request, answer, body)

    def close(self) -> None:
        """Leave the HTTP client open: whoever opened it closes it."""

    def _body(self, answer: httpx.Response, started: float) -> bytes:
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != _ACCEPTED:
            raise AnswerError(f"the answer is of another kind than {_ACCEPTED}")
        chunks = in_time(answer.iter_raw(), started, self._limits)
        encoding = answer.headers.get("content-encoding", "")
        body, is_truncated = read_body(chunks, encoding, ANSWER_BYTES)
        if is_truncated:
            raise AnswerError(f"the answer is longer than {ANSWER_BYTES // 1_000_000} MB")
        return body.replace(self._token, b"[masked]")


def _response(request: PreparedRequest, answer: httpx.Response, body: bytes) -> Response:
    response = Response()
    response.request, response.url = request, request.url or ""
    response.status_code = answer.status_code
    response.headers["content-type"] = _ACCEPTED
    for name in _COUNTS:
        count = answer.headers.get(name, "").strip()
        if count.isascii() and count.isdigit() and len(count) < 12:
            response.headers[name] = count
    response.encoding = "utf-8"
    response.raw = _Raw(body)
    return response


class _Raw(BytesIO):
    """A body that takes the marks which the client's transport leaves on it."""


def _told(pipeline: Any, content: Any, _headers: object) -> tuple[Any, Any]:  # noqa: ANN401
    return pipeline.http_response, content


def _answer(response: Any, content: Any) -> Answer:  # noqa: ANN401 (of generated code)
    counts = (response.headers.get(name) for name in _COUNTS)
    told = [None if count is None else int(count) for count in counts]
    return Answer(response.status_code, content if response.status_code == 200 else None, *told)
