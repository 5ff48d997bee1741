"""Faults in what browsers are told: on errors and redirects, by policies, and across origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.site import Route, Sharing
    from plimsoll.worlds.world import World

TETRIX = ("tetrix",)
DP = ("digitalocean-production",)
CSP = "content-security-policy"


@fault("SEC-01", "errors-bare", vantage="http")
def errors_bare(world: World) -> None:
    """One host's proxy adds headers to successes alone, so that errors have none of them."""
    del world.last_host("https").otherwise.headers["x-content-type-options"]


@fault("SEC-01", "redirect-bare", vantage="http")
def redirect_bare(world: World) -> None:
    """One host's redirect to HTTPS comes from a server that knows no headers."""
    del world.last_host("http").otherwise.headers["x-content-type-options"]


@fault("SEC-01", "filter-without-block", vantage="http", environments=TETRIX)
def filter_without_block(world: World) -> None:
    """One page switches the filter on without the mode that was declared."""
    _page(world).headers["x-xss-protection"] = "1"


@fault("SEC-01", "policy-for-reports-only", vantage="http", environments=DP)
def policy_for_reports_only(world: World) -> None:
    """One page has a policy that reports what it should prevent."""
    headers = _page(world).headers
    headers[f"{CSP}-report-only"] = headers.pop(CSP)


@fault("SEC-01", "policy-missing", vantage="http", environments=DP)
def policy_missing(world: World) -> None:
    """One page has no policy at all."""
    del _page(world).headers[CSP]


@fault("SEC-01", "policy-with-inline-scripts", vantage="http", environments=DP)
def policy_with_inline_scripts(world: World) -> None:
    """One page's policy lets in every script that somebody got into the page."""
    _page(world).headers[CSP] = "default-src 'self'; script-src 'self' 'unsafe-inline'"


@fault("SEC-01", "policy-with-any-host", vantage="http", environments=DP)
def policy_with_any_host(world: World) -> None:
    """One page's policy lets in scripts from every host with a certificate."""
    _page(world).headers[CSP] = "script-src https:; object-src 'none'"


@fault("SEC-01", "policy-about-pictures", vantage="http", environments=DP)
def policy_about_pictures(world: World) -> None:
    """One page has a policy in force, and it says nothing of scripts."""
    _page(world).headers[CSP] = "img-src 'self'; frame-ancestors 'none'"


@fault("SEC-01", "policy-missing-on-errors", vantage="http", environments=DP)
def policy_missing_on_errors(world: World) -> None:
    """One host's error page, which shows the path asked for, is without the policy."""
    del world.last_host("https").otherwise.headers[CSP]


@fault("SEC-04", "open-to-everyone", vantage="http", environments=TETRIX)
def open_to_everyone(world: World) -> None:
    """Any page may read the answers."""
    route = _shared(world)
    route.sharing = None
    route.headers["access-control-allow-origin"] = "*"


@fault("SEC-04", "reflects-the-origin", vantage="http", environments=TETRIX)
def reflects_the_origin(world: World) -> None:
    """Whoever asks is let in by name, and with the visitor's session."""
    sharing = _sharing(world)
    sharing.matching, sharing.credentials = "any", True


@fault("SEC-04", "compares-the-beginning", vantage="http", environments=TETRIX)
def compares_the_beginning(world: World) -> None:
    """Origins are let in that begin like a declared one and go on elsewhere."""
    _sharing(world).matching = "prefix"


@fault("SEC-04", "compares-the-end", vantage="http", environments=TETRIX)
def compares_the_end(world: World) -> None:
    """Origins are let in that merely end like a declared one."""
    sharing = _sharing(world)
    sharing.origins = (*sharing.origins, "tetrixcorp.com")
    sharing.matching = "suffix"


@fault("SEC-04", "lets-null-in", vantage="http", environments=TETRIX)
def lets_null_in(world: World) -> None:
    """Sandboxed frames are let in, which every page can make."""
    sharing = _sharing(world)
    sharing.origins = (*sharing.origins, "null")


@fault("SEC-04", "without-tls", vantage="http", environments=TETRIX)
def without_tls(world: World) -> None:
    """The same site without TLS is let in, which whoever shares the network can be."""
    sharing = _sharing(world)
    sharing.origins = (*sharing.origins, sharing.origins[0].replace("https:", "http:"))


@fault("SEC-04", "caches-not-told", vantage="http", environments=TETRIX)
def caches_not_told(world: World) -> None:
    """Caches are not told that answers differ, and hand one origin's to another."""
    _sharing(world).varies = False


@fault("SEC-04", "declared-origin-shut-out", vantage="http", environments=TETRIX)
def declared_origin_shut_out(world: World) -> None:
    """One of the system's own sites is not let in."""
    sharing = _sharing(world)
    sharing.origins = sharing.origins[:-1]


def _page(world: World) -> Route:
    return world.endpoints("page")[-1]


def _shared(world: World) -> Route:
    return next(route for route in world.endpoints() if route.sharing)


def _sharing(world: World) -> Sharing:
    sharing = _shared(world).sharing
    if sharing is None:
        message = "no endpoint is shared"
        raise LookupError(message)
    return sharing
