"""Faults in headers, redirects, certificates and error pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plimsoll.environment.inventory import Undeclared, web_hosts
from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.environment.inventory import WebHost
    from plimsoll.worlds.site import HostTls, Route, VirtualHost
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
FRAMED = ("app-oint", "tetrix")
STRICT = ("app-oint", "digitalocean-production")
BEHIND_TLS = ("CDN-03", "SEC-01", "SEC-02", "SEC-05")
"""What is looked at over HTTPS on the last host, which serves a page and nothing else."""

HSTS = "strict-transport-security"
_TRACE = """Error: ENOENT
    at Router.handle (/srv/app/dist/router.js:112:9)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)
"""


@fault("SEC-01", "header-missing", vantage="http")
def header_missing(world: World) -> None:
    """One endpoint lost a header that all others send."""
    del _endpoint(world).headers["x-content-type-options"]


@fault("SEC-01", "value-not-declared", vantage="http", environments=FRAMED)
def value_not_declared(world: World) -> None:
    """One endpoint may be framed by another site, in a form that browsers ignore."""
    _endpoint(world).headers["x-frame-options"] = "ALLOW-FROM https://partner.example"


@fault("SEC-01", "weaker-policy-last", vantage="http", environments=FRAMED)
def weaker_policy_last(world: World) -> None:
    """One endpoint lists referrer policies, and the last, which counts, tells everything."""
    _endpoint(world).headers["referrer-policy"] = "no-referrer, unsafe-url"


@fault("SEC-01", "header-given-twice", vantage="http", environments=FRAMED)
def header_given_twice(world: World) -> None:
    """One endpoint sends a header twice, as proxy and application each add theirs."""
    _endpoint(world).headers["X-Frame-Options"] = "SAMEORIGIN"


@fault("SEC-01", "hsts-of-five-minutes", vantage="http", environments=STRICT)
def hsts_of_five_minutes(world: World) -> None:
    """One endpoint still sends the short max-age of the day HSTS was tried out."""
    _endpoint(world).headers[HSTS] = "max-age=300; includeSubDomains"


@fault("SEC-01", "hsts-ignored-by-browsers", vantage="http", environments=STRICT)
def hsts_ignored_by_browsers(world: World) -> None:
    """One endpoint separates the directives with a comma, so browsers ignore the field."""
    _endpoint(world).headers[HSTS] = "max-age=63072000, includeSubDomains"


@fault("SEC-01", "hsts-max-age-twice", vantage="http", environments=STRICT)
def hsts_max_age_twice(world: World) -> None:
    """One endpoint gives max-age twice, so browsers ignore the field."""
    _endpoint(world).headers[HSTS] = "max-age=63072000; max-age=0"


@fault("SEC-02", "served-in-clear", vantage="http")
def served_in_clear(world: World) -> None:
    """One host serves its pages without TLS."""
    route = _in_clear(world).otherwise
    route.status, route.body = 200, "<!doctype html><title>Welcome</title>"
    del route.headers["location"]


@fault("SEC-02", "endpoint-served-in-clear", vantage="http")
def endpoint_served_in_clear(world: World) -> None:
    """One host redirects its pages, and still serves an endpoint to whoever asks without TLS."""
    host = _web_host(world)
    path = urlsplit(host.url).path or "/"
    served = world.site.route(host.url)
    kept = served.headers | {"cache-control": "no-store"}
    _in_clear(world).routes[path] = replace(served, headers=kept)


@fault("SEC-02", "error-in-clear", vantage="http")
def error_in_clear(world: World) -> None:
    """One host answers plain requests itself, with 404."""
    route = _in_clear(world).otherwise
    route.status = 404
    del route.headers["location"]


@fault("SEC-02", "temporary-redirect", vantage="http")
def temporary_redirect(world: World) -> None:
    """One host redirects to HTTPS for the moment only, so browsers ask in clear again."""
    _in_clear(world).otherwise.status = 302


@fault("SEC-02", "redirect-within-http", vantage="http")
def redirect_within_http(world: World) -> None:
    """One host redirects to another name, still without TLS."""
    _lead(world, "http://www.{host}{target}")


@fault("SEC-02", "redirect-elsewhere", vantage="http")
def redirect_elsewhere(world: World) -> None:
    """One host redirects to HTTPS on a host that merely begins like it."""
    _lead(world, "https://{host}.example.net{target}")


@fault("SEC-02", "redirect-to-a-hidden-host", vantage="http")
def redirect_to_a_hidden_host(world: World) -> None:
    """One host redirects to an address in which it is only the user's name."""
    _lead(world, "https://{host}@example.net{target}")


@fault("SEC-03", "accepts-tls-1.0", vantage="tls")
def accepts_tls_1_0(world: World) -> None:
    """One host still speaks TLS 1.0."""
    _certificate(world).minimum_version = "1.0"


@fault("SEC-03", "accepts-tls-1.1", vantage="tls")
def accepts_tls_1_1(world: World) -> None:
    """One host still speaks TLS 1.1."""
    _certificate(world).minimum_version = "1.1"


@fault("SEC-03", "expires-soon", vantage="tls")
def expires_soon(world: World) -> None:
    """One host's certificate is valid, and was not renewed when it should have been."""
    least = world.environment.tls.days_to_expiry if world.environment.tls else 0
    _certificate(world).days_to_expiry = least - 0.5


@fault("SEC-03", "expired", vantage="tls", undecided=BEHIND_TLS, environments=APP_OINT)
def expired(world: World) -> None:
    """One host's certificate has expired, and no client trusts it any more."""
    _certificate(world).days_to_expiry = -1


@fault("SEC-03", "unknown-authority", vantage="tls", undecided=BEHIND_TLS, environments=APP_OINT)
def unknown_authority(world: World) -> None:
    """One host's certificate is of an authority that nobody knows."""
    _certificate(world).trusted = False


@fault(
    "SEC-03",
    "certificate-of-another-host",
    vantage="tls",
    undecided=BEHIND_TLS,
    environments=APP_OINT,
)
def certificate_of_another_host(world: World) -> None:
    """One host shows the certificate of another."""
    _certificate(world).names = ("another.example",)


@fault("SEC-05", "unknown-path-found", vantage="http")
def unknown_path_found(world: World) -> None:
    """One host answers 200 with its start page whatever the path, as some applications do."""
    _host(world).otherwise.status = 200


@fault("SEC-05", "unknown-path-breaks", vantage="http")
def unknown_path_breaks(world: World) -> None:
    """One host answers an unknown path with 500."""
    _host(world).otherwise.status = 500


@fault("SEC-05", "malformed-request-breaks", vantage="http")
def malformed_request_breaks(world: World) -> None:
    """One host breaks on a path that it cannot decode."""
    _host(world).malformed.status = 500


@fault("SEC-05", "malformed-request-served", vantage="http")
def malformed_request_served(world: World) -> None:
    """One host serves a page for a path that it cannot decode."""
    _host(world).malformed.status = 200


@fault("SEC-05", "stack-trace", vantage="http")
def stack_trace(world: World) -> None:
    """One host refuses a malformed request with 400, and explains it with a stack trace."""
    _host(world).malformed.body = _TRACE


@fault("SEC-05", "version-of-the-server", vantage="http")
def version_of_the_server(world: World) -> None:
    """One host's error answers name the proxy with its version."""
    _host(world).otherwise.headers["server"] = "nginx/1.18.0 (Ubuntu)"


@fault("SEC-05", "version-of-the-language", vantage="http")
def version_of_the_language(world: World) -> None:
    """One host's error answers name the language with its version."""
    _host(world).otherwise.headers["x-powered-by"] = "PHP/8.1.2"


@fault("SEC-05", "page-of-the-framework", vantage="http")
def page_of_the_framework(world: World) -> None:
    """One host answers an unknown path with the framework's own page."""
    _host(world).otherwise.body = "<!doctype html><pre>Cannot GET /somewhere</pre>"


def _endpoint(world: World) -> Route:
    return world.endpoints()[-1]


def _host(world: World) -> VirtualHost:
    return world.site[f"https://{_web_host(world).host}"]


def _in_clear(world: World) -> VirtualHost:
    return world.site[f"http://{_web_host(world).host}"]


def _lead(world: World, location: str) -> None:
    """Redirect plain requests to a location, in which `{host}` stands for the host itself."""
    filled = location.replace("{host}", _web_host(world).host)
    _in_clear(world).otherwise.headers["location"] = filled


def _certificate(world: World) -> HostTls:
    return world.certificates[_web_host(world).host]


def _web_host(world: World) -> WebHost:
    """Return the last public host."""
    declared = web_hosts(world.environment)
    hosts = () if isinstance(declared, Undeclared) else declared
    if not hosts:
        message = f"{world.environment.system} declares no HTTPS endpoint"
        raise LookupError(message)
    return hosts[-1]


@fault("SEC-06a", "database-published", vantage="repository", environments=APP_OINT)
def database_published(world: World) -> None:
    """Publish the database on every address of the machine."""
    _publish(world, "5432", '"5432:5432"')


@fault("SEC-06a", "cache-published-in-long-form", vantage="repository", environments=APP_OINT)
def cache_published_in_long_form(world: World) -> None:
    """Publish the cache, written in the long form."""
    _publish(world, "6379", "{target: 6379, published: 16379}")


@fault("SEC-06a", "published-on-a-public-address", vantage="repository", environments=APP_OINT)
def published_on_a_public_address(world: World) -> None:
    """Publish the database on one address, which other hosts reach."""
    _publish(world, "5432", '"203.0.113.7:5432:5432"')


def _publish(world: World, port: str, published: str) -> None:
    exposed = f'    expose: ["{port}"]\n'
    world.files.replace("docker-compose.yml", exposed, f"{exposed}    ports: [{published}]\n")
