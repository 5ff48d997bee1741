"""The bodies of the mocked DigitalOcean API: lists in pages, single records, and refusals."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from plimsoll.worlds.site import Route

if TYPE_CHECKING:
    from collections.abc import Sequence

API_HOST = "api.digitalocean.com"
PAGE_SIZE = 20
PAGE_LIMIT = 200
HOURLY_LIMIT = 5000
_HOUR_SECONDS = 3600
_POSITIVE = re.compile(r"[1-9][0-9]{0,8}")
_DEFAULTS: tuple[object, ...] = ("", [], {}, None)


def json_route(status: int, body: object) -> Route:
    """Return a response with a JSON body."""
    headers = {"content-type": "application/json; charset=utf-8"}
    return Route(status, headers, json.dumps(body, separators=(",", ":")))


def refusal(status: int, identifier: str, message: str) -> Route:
    """Return an error in the form of the API."""
    return json_route(status, {"id": identifier, "message": message})


def page(
    target: str, key: str, entries: Sequence[object], *, counted: bool = True
) -> dict[str, Any]:
    """Return one page of a list, as `page` and `per_page` of the target ask.

    `links` is absent where everything fits on one page, as `next` is on the last one; `meta` says
    how many entries there are in all, where they are counted.
    """
    path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
    size = min(_asked(query, "per_page", PAGE_SIZE), PAGE_LIMIT)
    number = _asked(query, "page", 1)
    last = max(1, -(-len(entries) // size))
    body: dict[str, Any] = {key: list(entries[(number - 1) * size : number * size])}
    if counted:
        body["meta"] = {"total": len(entries)}
    if last > 1:
        body["links"] = {"pages": _links(path, number, last, size)}
    return body


def _asked(query: dict[str, list[str]], name: str, default: int) -> int:
    told = query.get(name, [""])[-1]
    return int(told) if _POSITIVE.fullmatch(told) else default


def _links(path: str, number: int, last: int, size: int) -> dict[str, str]:
    def at(page: int) -> str:
        return f"https://{API_HOST}{path}?page={page}&per_page={size}"

    links: dict[str, str] = {}
    if number > 1:
        links |= {"first": at(1), "prev": at(min(number - 1, last))}
    if number < last:
        links |= {"next": at(number + 1), "last": at(last)}
    return links


def limits(remaining: int) -> dict[str, str]:
    """Return the headers in which the API counts requests."""
    return {
        "ratelimit-limit": str(HOURLY_LIMIT),
        "ratelimit-remaining": str(max(0, remaining)),
        "ratelimit-reset": str(int(time.time()) + _HOUR_SECONDS),
    }


def without_defaults(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Return a value as App Platform writes it: what is false or empty is left out."""
    if isinstance(value, dict):
        kept = {key: without_defaults(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one is not False and one not in _DEFAULTS}
    if isinstance(value, list):
        return [without_defaults(one) for one in value]
    return value
