"""The declared inventory, as the subjects that checks are run for.

Each function returns the subjects of one kind, or `Undeclared` with the reason why there are none.
Nothing here looks at the network: what is declared is what is tested.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.environment.model import DnsRecord, Endpoint, Environment, Region

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Undeclared:
    """Why an environment has no subject of a kind; makes a control not applicable."""

    reason: str


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint at one address. `region` is empty where it is the same for all."""

    id: str
    kind: str
    url: str
    region: str = ""
    within_ms: int | None = None
    p95_ms: int | None = None

    def sibling(self, path: str) -> str:
        """Return the URL of another path on the same scheme, host and port."""
        parts = urlsplit(self.url)
        return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


@dataclass(frozen=True, slots=True)
class WebHost:
    """A public host, with an endpoint on it that must answer over HTTPS."""

    id: str
    host: str
    port: int
    url: str

    @property
    def plain_url(self) -> str:
        """Return the endpoint's address without TLS, on the standard port for clear HTTP.

        Not the start page: that one is redirected where nothing else is.
        """
        parts = urlsplit(self.url)
        return urlunsplit(("http", self.host, parts.path or "/", parts.query, ""))


Subjects = tuple[T, ...] | Undeclared


def targets(environment: Environment, kinds: Iterable[str] = ()) -> Subjects[Target]:
    """Return every endpoint of these kinds (of all kinds where none is named), in every region."""
    wanted = frozenset(kinds)
    found = tuple(
        target
        for endpoint in environment.endpoints or ()
        if not wanted or endpoint.kind in wanted
        for target in _expand(endpoint, environment.regions or ())
    )
    return found or Undeclared(f"no endpoint of kind {' or '.join(sorted(wanted))} is declared")


def timed_targets(environment: Environment) -> Subjects[Target]:
    """Return the endpoints for which a 95th percentile is declared."""
    everything = targets(environment)
    if isinstance(everything, Undeclared):
        return everything
    timed = tuple(target for target in everything if target.p95_ms is not None)
    return timed or Undeclared("no endpoint declares a p95_ms")


def health_targets(environment: Environment) -> Subjects[Target]:
    """Return the endpoints that serve a health document."""
    if environment.health is None:
        return Undeclared("no health document is declared")
    return targets(environment, ["health"])


def health_output_targets(environment: Environment) -> Subjects[Target]:
    """Return every endpoint that tells about health, where a health document is declared."""
    if environment.health is None:
        return Undeclared("no health document is declared")
    return targets(environment, ["liveness", "readiness", "health"])


def rate_limited_targets(environment: Environment) -> Subjects[Target]:
    """Return the health endpoints, where a rate limit is declared for them."""
    if environment.health is None or environment.health.rate_limit is None:
        return Undeclared("no rate limit is declared for health endpoints")
    return targets(environment, ["health"])


def metrics_targets(environment: Environment) -> Subjects[Target]:
    """Return the endpoints that export metrics."""
    if environment.metrics is None:
        return Undeclared("no metrics are declared")
    return targets(environment, ["metrics"])


def protected_metrics_targets(environment: Environment) -> Subjects[Target]:
    """Return the endpoints that export metrics to the authenticated only."""
    if environment.metrics is None or environment.metrics.credential is None:
        return Undeclared("no credential is declared for the metrics")
    return targets(environment, ["metrics"])


def uncached_targets(environment: Environment) -> Subjects[Target]:
    """Return the endpoints whose responses no cache may store."""
    if environment.uncached_kinds is None:
        return Undeclared("no kind of endpoint is declared as not to be cached")
    return targets(environment, environment.uncached_kinds)


def guarded_targets(environment: Environment) -> Subjects[Target]:
    """Return the public endpoints, where response headers are declared for them."""
    if environment.headers is None:
        return Undeclared("no response headers are declared")
    return targets(environment)


def regional_targets(environment: Environment) -> tuple[Target, ...]:
    """Return one target a region: its readiness endpoint, or its health or liveness endpoint."""
    for kind in ("readiness", "health", "liveness"):
        found = targets(environment, [kind])
        regional: dict[str, Target] = {}
        for one in () if isinstance(found, Undeclared) else found:
            told_by = Target(one.region, one.kind, one.url, one.region, one.within_ms)
            regional.setdefault(one.region, told_by)
        regional.pop("", None)
        if regional:
            return tuple(regional.values())
    return ()


def web_hosts(environment: Environment) -> Subjects[WebHost]:
    """Return every distinct HTTPS host among the endpoints."""
    everything = targets(environment)
    if isinstance(everything, Undeclared):
        return everything
    hosts: dict[str, WebHost] = {}
    for target in everything:
        parts = urlsplit(target.url)
        if parts.scheme == "https" and parts.hostname:
            port = parts.port or 443
            name = parts.hostname if port == 443 else f"{parts.hostname}-{port}"
            hosts.setdefault(name, WebHost(name, parts.hostname, port, target.url))
    return tuple(hosts.values()) or Undeclared("no HTTPS endpoint is declared")


def https_hosts(environment: Environment) -> Subjects[WebHost]:
    """Return the hosts that must answer over HTTPS only."""
    if not environment.https_only:
        return Undeclared("https_only is not declared")
    return web_hosts(environment)


def tls_hosts(environment: Environment) -> Subjects[WebHost]:
    """Return the hosts whose protocol and certificate are judged."""
    if environment.tls is None:
        return Undeclared("no tls requirements are declared")
    return web_hosts(environment)


def error_hosts(environment: Environment) -> Subjects[WebHost]:
    """Return the hosts whose error answers must be clean."""
    if not environment.clean_errors:
        return Undeclared("clean_errors is not declared")
    return web_hosts(environment)


def guarded_errors(environment: Environment) -> Subjects[WebHost]:
    """Return the error answer of each host, where response headers are declared."""
    if environment.headers is None:
        return Undeclared("no response headers are declared")
    return _answers(web_hosts(environment), "unknown-path")


def guarded_redirects(environment: Environment) -> Subjects[WebHost]:
    """Return the answer of each host without TLS, where headers are declared that belong there.

    Strict-Transport-Security does not (RFC 6797, section 7.2).
    """
    if not {name.lower() for name in environment.headers or ()} - {"strict-transport-security"}:
        return Undeclared("no response headers are declared for answers without TLS")
    return _answers(https_hosts(environment), "plain")


def uncached_errors(environment: Environment) -> Subjects[WebHost]:
    """Return the error answer of each host, where it is declared what may not be cached."""
    if environment.uncached_kinds is None:
        return Undeclared("no kind of endpoint is declared as not to be cached")
    return _answers(web_hosts(environment), "unknown-path")


def uncached_redirects(environment: Environment) -> Subjects[WebHost]:
    """Return the answer of each host without TLS, where it is declared what may not be cached."""
    if environment.uncached_kinds is None:
        return Undeclared("no kind of endpoint is declared as not to be cached")
    return _answers(https_hosts(environment), "plain")


def _answers(hosts: Subjects[WebHost], which: str) -> Subjects[WebHost]:
    if isinstance(hosts, Undeclared):
        return hosts
    return tuple(replace(host, id=f"{host.id}/{which}") for host in hosts)


@dataclass(frozen=True, slots=True)
class DnsSubject:
    """A DNS record, as a subject; `zone` is the one the platform serves it from, if it does."""

    id: str
    record: DnsRecord
    zone: str | None = None


def dns_records(environment: Environment) -> Subjects[DnsSubject]:
    """Return the declared DNS records."""
    if environment.dns is None:
        return Undeclared("no dns records are declared")
    account = environment.digitalocean
    zones = account.zones if account and account.zones else ()
    return tuple(
        DnsSubject(f"{record.name}-{record.type.lower()}", record, _zone(record.name, zones))
        for record in environment.dns
    )


def _zone(name: str, zones: Iterable[str]) -> str | None:
    """Return the closest of the zones that hold a name, or None."""
    holding = [zone for zone in zones if name == zone or name.endswith(f".{zone}")]
    return max(holding, key=len, default=None)


def credentials(environment: Environment) -> tuple[str, ...]:
    """Return the names of the environment variables whose values a run may need, sorted."""
    named = set()
    if environment.metrics and environment.metrics.credential:
        named.add(environment.metrics.credential)
    if environment.digitalocean:
        named.add(environment.digitalocean.token)
    if environment.backups or environment.logs:
        named.update((environment.spaces.access_key, environment.spaces.secret_key))
    if environment.monitoring:
        named.update(environment.monitoring.credentials)
    return tuple(sorted(named))


def _expand(endpoint: Endpoint, everywhere: Iterable[Region]) -> Iterable[Target]:
    bounds = (endpoint.within_ms, endpoint.p95_ms)
    if endpoint.url is not None:
        yield Target(endpoint.name, endpoint.kind, endpoint.url, "", *bounds)
        return
    for region in everywhere:
        url = region.base_url.rstrip("/") + (endpoint.path or "/")
        yield Target(f"{region.id}/{endpoint.name}", endpoint.kind, url, region.id, *bounds)
