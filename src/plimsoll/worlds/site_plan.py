"""Lay out the compliant site of a system: what its environment declares, answered well."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plimsoll.environment.inventory import Undeclared, targets
from plimsoll.worlds.counting import CountedAnswer, Counting
from plimsoll.worlds.site import Bearer, RateLimit, Route, Sharing, Site, VirtualHost, origin_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.environment.model import Endpoint, Environment
    from plimsoll.worlds.blueprint import Answer, Blueprint

_HSTS = "strict-transport-security"
"""Never sent without TLS (RFC 6797 section 7.2)."""


def lay_out_site(environment: Environment, blueprint: Blueprint) -> Site:
    """Return the site: each endpoint at its URLs, and plain HTTP leading to HTTPS where declared.

    A declared DNS name without an endpoint of its own serves what the regions serve.
    """
    site = Site()
    plan = _Plan(environment, blueprint)
    for url, endpoint in _addresses(environment):
        host = site.origins.setdefault(origin_of(url), plan.virtual_host())
        host.routes[urlsplit(url).path or "/"] = plan.route(endpoint)
    for host in site.origins.values():
        host.counting = plan.counting(host)
    if environment.https_only:
        for origin in [one for one in site.origins if one.startswith("https://")]:
            plain = f"http://{urlsplit(origin).hostname}"
            site.origins.setdefault(plain, plan.redirecting_host(origin))
    return site


def public_hosts(environment: Environment) -> tuple[str, ...]:
    """Return every host name that the environment's endpoints and DNS records name, sorted."""
    hosts = {urlsplit(url).hostname or "" for url, _ in _addresses(environment)}
    return tuple(sorted(hosts | {record.name for record in environment.dns or ()}))


def _addresses(environment: Environment) -> Iterator[tuple[str, Endpoint]]:
    everything = targets(environment)
    if isinstance(everything, Undeclared):
        return
    by_name = {endpoint.name: endpoint for endpoint in environment.endpoints or ()}
    hosts = {urlsplit(target.url).hostname for target in everything}
    for target in everything:
        yield target.url, by_name[target.id.rpartition("/")[2]]
    for record in environment.dns or ():
        if record.name not in hosts:
            for endpoint in by_name.values():
                if endpoint.path is not None:
                    yield f"https://{record.name}{endpoint.path}", endpoint


class _Plan:
    """Fresh routes for each place, so that a fault at one leaves the others sound."""

    def __init__(self, environment: Environment, blueprint: Blueprint) -> None:
        self._environment = environment
        self._blueprint = blueprint

    def virtual_host(self) -> VirtualHost:
        refusals = self._blueprint.refusals
        return VirtualHost(
            otherwise=self._response(refusals.not_found),
            malformed=self._response(refusals.malformed),
            not_allowed=self._response(refusals.not_allowed),
        )

    def redirecting_host(self, origin: str) -> VirtualHost:
        host = self.virtual_host()
        headers = self._blueprint.headers | {"location": f"{origin}{{target}}"}
        headers.pop(_HSTS, None)
        host.otherwise = Route(self._blueprint.redirect_status, headers)
        return host

    def counting(self, host: VirtualHost) -> Counting | None:
        """Return what a host counts, where it exports the metrics that show it."""
        counted = self._blueprint.counted
        paths = {endpoint.name: endpoint.path for endpoint in self._environment.endpoints or ()}
        shown_at = paths.get(counted.shown_at) if counted else None
        if counted is None or shown_at not in host.routes or shown_at is None:
            return None
        answers = [
            CountedAnswer(paths.get(one.endpoint or ""), one.status, list(one.lines))
            for one in counted.answers
        ]
        return Counting(shown_at, answers)

    def route(self, endpoint: Endpoint) -> Route:
        route = self._response(self._blueprint.answers[endpoint.name])
        route.bearer = self._bearer(endpoint)
        route.limit = self._limit(endpoint)
        cors = self._environment.cors
        if cors and endpoint.name in cors.endpoints:
            route.sharing = Sharing(cors.origins)
        return route

    def _response(self, answer: Answer) -> Route:
        return Route(answer.status, self._blueprint.headers | answer.headers, answer.body)

    def _bearer(self, endpoint: Endpoint) -> Bearer | None:
        metrics = self._environment.metrics
        if endpoint.kind != "metrics" or metrics is None or metrics.credential is None:
            return None
        return Bearer(metrics.credential, self._response(self._blueprint.refusals.unauthorized))

    def _limit(self, endpoint: Endpoint) -> RateLimit | None:
        throttle, health = self._blueprint.throttle, self._environment.health
        if throttle is None or endpoint.kind not in throttle.kinds:
            return None
        if health is None or health.rate_limit is None:
            return None
        refusal = self._response(self._blueprint.refusals.too_many)
        requests = max(1, health.rate_limit.requests - throttle.margin)
        return RateLimit(requests, throttle.window_seconds, refusal)
