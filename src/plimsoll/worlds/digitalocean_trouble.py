"""Turn a good answer of the mocked API into the bad one that a trouble asks for."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from plimsoll.worlds.cloud import Misbehavior
from plimsoll.worlds.digitalocean_answers import API_HOST, json_route, refusal
from plimsoll.worlds.site import Manner, Route

if TYPE_CHECKING:
    from plimsoll.worlds.cloud import Trouble

FOREIGN_HOST = "api.digitalocean.invalid"
_HTML = {"content-type": "text/html; charset=utf-8"}
_PAGE = "<!doctype html><title>One moment</title><p>One moment, please.</p>"
_INSTEAD = {
    Misbehavior.NOT_JSON: Route(200, _HTML, _PAGE),
    Misbehavior.NOT_AN_OBJECT: json_route(200, []),
    Misbehavior.SERVER_ERROR: refusal(500, "server_error", "Unexpected server-side error"),
    Misbehavior.UNAVAILABLE: Route(503, _HTML, _PAGE),
    Misbehavior.TOO_MANY_REQUESTS: refusal(429, "too_many_requests", "API rate limit exceeded."),
}
_MANNERS = {Misbehavior.RESET: Manner.RESET, Misbehavior.TRUNCATED: Manner.TRUNCATED}
_NEXT_PAGE_HOSTS = {
    Misbehavior.ENDLESS_PAGES: API_HOST,
    Misbehavior.FOREIGN_PAGE: FOREIGN_HOST,
}


def misbehave(route: Route, trouble: Trouble, path: str) -> Route | None:
    """Return the answer at a path as the trouble has it; None where there is no response at all."""
    kind = trouble.kind
    if kind in {Misbehavior.DOWN, Misbehavior.SILENT}:
        return None
    if kind in _INSTEAD:
        headers = route.headers | _INSTEAD[kind].headers | _waiting(trouble)
        return replace(_INSTEAD[kind], headers=headers)
    if kind in _NEXT_PAGE_HOSTS:
        return _leading_to(route, f"https://{_NEXT_PAGE_HOSTS[kind]}{path}?page=1&per_page=20")
    return replace(route, manner=_MANNERS.get(kind, Manner.WELL), delay_ms=trouble.delay_ms)


def _waiting(trouble: Trouble) -> dict[str, str]:
    if trouble.kind is not Misbehavior.TOO_MANY_REQUESTS:
        return {}
    told = trouble.retry_after_seconds
    return {"ratelimit-remaining": "0"} | ({} if told is None else {"retry-after": str(told)})


def _leading_to(route: Route, following: str) -> Route:
    """Return a list with this next page; anything else stays as it is."""
    body = json.loads(route.body)
    if not isinstance(next(iter(body.values())), list):
        return route
    body["links"] = {"pages": {"next": following, "last": following}}
    return replace(route, body=json.dumps(body))
