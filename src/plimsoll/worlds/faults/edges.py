"""Faults in load balancers, CDN endpoints and the certificates that the account shows at them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.environment.cloud_model import Steering
    from plimsoll.worlds.world import World

BALANCED = ("app-oint", "digitalocean-production")
ENDING = ("digitalocean-production",)
STEERED = ("app-oint",)
NETWORKED = ("app-oint", "digitalocean-production")
ELSEWHERE = "198.51.100.99"


@fault("SCL-06", "balancer-errored", vantage="do", environments=BALANCED)
def balancer_errored(world: World) -> None:
    """A load balancer is in error."""
    _balancer(world)["status"] = "errored"


@fault("SCL-06", "balancer-missing", vantage="do", environments=STEERED)
def balancer_missing(world: World) -> None:
    """No load balancer has the declared name."""
    _balancer(world)["name"] = "restored-from-a-snapshot"


@fault("SCL-06", "health-check-too-rare", vantage="do", environments=STEERED)
def health_check_too_rare(world: World) -> None:
    """A load balancer asks its machines once a minute whether they are well."""
    _balancer(world)["health_check"]["check_interval_seconds"] = 60


@fault("SCL-06", "health-check-of-the-port", vantage="do", environments=STEERED)
def health_check_of_the_port(world: World) -> None:
    """A load balancer only asks whether the port of its machines is open."""
    _balancer(world)["health_check"]["protocol"] = "tcp"


@fault("SCL-06", "https-on-another-port", vantage="do", environments=BALANCED)
def https_on_another_port(world: World) -> None:
    """A load balancer forwards HTTPS from a port that no browser asks."""
    _encrypted(world)["entry_port"] = 8443


@fault("SCL-06", "redirect-off", vantage="do", environments=BALANCED)
def redirect_off(world: World) -> None:
    """A load balancer serves HTTP in clear instead of redirecting it."""
    _balancer(world)["redirect_http_to_https"] = False


@fault("SCL-06", "tls-ended-too-early", vantage="do", environments=STEERED)
def tls_ended_too_early(world: World) -> None:
    """A load balancer ends the TLS that it was to pass through."""
    rule = _encrypted(world)
    rule["tls_passthrough"] = False
    rule["certificate_id"] = world.cloud.all("certificates")[0]["id"]


@fault("SCL-06", "tls-passed-through", vantage="do", environments=ENDING)
def tls_passed_through(world: World) -> None:
    """A load balancer passes through the TLS that it was to end."""
    _encrypted(world)["tls_passthrough"] = True


@fault("REG-02", "steering-errored", vantage="do", environments=STEERED)
def steering_errored(world: World) -> None:
    """The global load balancer is in error."""
    _global(world)["status"] = "errored"


@fault("REG-02", "regional-in-its-place", vantage="do", environments=STEERED)
def regional_in_its_place(world: World) -> None:
    """The load balancer of that name is a regional one."""
    _global(world)["type"] = "REGIONAL"


@fault("REG-02", "region-without-backend", vantage="do", environments=STEERED)
def region_without_backend(world: World) -> None:
    """The global load balancer lost the one of the last region."""
    _global(world)["target_load_balancer_ids"].pop()


@fault("REG-02", "backend-that-is-gone", vantage="do", environments=STEERED)
def backend_that_is_gone(world: World) -> None:
    """The global load balancer still names a regional one that is no longer there."""
    _global(world)["target_load_balancer_ids"][-1] = "b7a3f8c9-5f0e-4a57-9d06-1d2f8f4e7c55"


@fault("REG-02", "region-without-priority", vantage="do", environments=STEERED)
def region_without_priority(world: World) -> None:
    """The global load balancer has no priority for the last region."""
    _global(world)["glb_settings"]["region_priorities"].popitem()


@fault("REG-02", "no-failover-threshold", vantage="do", environments=STEERED)
def no_failover_threshold(world: World) -> None:
    """The global load balancer is not told when to fail over."""
    del _global(world)["glb_settings"]["failover_threshold"]


@fault("REG-02", "regions-only-asked-for-a-port", vantage="do", environments=STEERED)
def regions_only_asked_for_a_port(world: World) -> None:
    """The global load balancer only asks whether regions listen."""
    _global(world)["health_check"]["protocol"] = "tcp"


@fault("REG-02", "another-host", vantage="do", also=("SEC-03",), environments=STEERED)
def another_host(world: World) -> None:
    """The global load balancer answers for another host, and has no certificate for this one."""
    _global(world)["domains"][0]["name"] = "staging.app-oint.com"


@fault("REG-02", "name-leads-past", vantage="dns", environments=STEERED)
def name_leads_past(world: World) -> None:
    """The host's name leads to one region, past the global load balancer."""
    host = _steering(world).host
    world.names.record(host).values = (ELSEWHERE,)
    for record in world.cloud.details("domain-records", host):
        if (record["type"], record["name"]) == ("A", "@"):
            record["data"] = ELSEWHERE


@fault("CDN-04", "endpoint-missing", vantage="do", also=("SEC-03",), environments=NETWORKED)
def endpoint_missing(world: World) -> None:
    """No CDN endpoint stands before the bucket, so none shows a certificate either."""
    _endpoint(world)["origin"] = "another-bucket.fra1.digitaloceanspaces.com"


@fault("CDN-04", "another-domain", vantage="do", environments=NETWORKED)
def another_domain(world: World) -> None:
    """The CDN endpoint serves another domain."""
    _endpoint(world)["custom_domain"] = "cdn.example.net"


@fault("CDN-04", "certificate-for-another-name", vantage="do", environments=NETWORKED)
def certificate_for_another_name(world: World) -> None:
    """The certificate at the CDN endpoint is not for its domain."""
    _certificate(world, _endpoint(world)["certificate_id"])["dns_names"] = ["cdn.example.net"]


@fault("CDN-04", "kept-for-a-minute", vantage="do", environments=NETWORKED)
def kept_for_a_minute(world: World) -> None:
    """The CDN endpoint keeps content for a minute."""
    _endpoint(world)["ttl"] = 60


@fault("SEC-03", "domain-expires-soon", vantage="do")
def domain_expires_soon(world: World) -> None:
    """The certificate of an app's main domain was not renewed; five days are left."""
    app = next(one for one in world.declared_account.apps or () if one.domains)
    for domain in world.cloud.one("apps", app.name)["domains"]:
        domain["certificate_expires_at"] = _in(days=5)


@fault("SEC-03", "balancer-certificate-expires-soon", vantage="do", environments=ENDING)
def balancer_certificate_expires_soon(world: World) -> None:
    """The certificate at a load balancer ends in five days."""
    shown = _encrypted(world)["certificate_id"]
    _certificate(world, shown)["not_after"] = _in(days=5)


@fault(
    "SEC-03",
    "balancer-without-certificate",
    vantage="do",
    also=("SCL-06",),
    environments=ENDING,
)
def balancer_without_certificate(world: World) -> None:
    """A load balancer that ends TLS names no certificate."""
    _encrypted(world)["certificate_id"] = ""


@fault("SEC-03", "steering-certificate-expired", vantage="do", environments=STEERED)
def steering_certificate_expired(world: World) -> None:
    """The certificate at the global load balancer ended yesterday."""
    shown = _global(world)["domains"][0]["certificate_id"]
    _certificate(world, shown)["not_after"] = _in(days=-1)


@fault("SEC-03", "network-certificate-in-error", vantage="do", environments=NETWORKED)
def network_certificate_in_error(world: World) -> None:
    """The certificate at the CDN endpoint could not be issued."""
    _certificate(world, _endpoint(world)["certificate_id"])["state"] = "error"


def _balancer(world: World) -> dict[str, Any]:
    """Return the last declared load balancer."""
    return world.cloud.one("load-balancers", (world.declared_account.load_balancers or ())[-1].name)


def _encrypted(world: World) -> dict[str, Any]:
    rules: list[dict[str, Any]] = _balancer(world)["forwarding_rules"]
    return next(rule for rule in rules if rule["entry_protocol"] == "https")


def _global(world: World) -> dict[str, Any]:
    return world.cloud.one("load-balancers", _steering(world).load_balancer)


def _endpoint(world: World) -> dict[str, Any]:
    return world.cloud.one("cdn-endpoints", (world.declared_account.cdn or ())[-1].origin)


def _certificate(world: World, identity: str) -> dict[str, Any]:
    return world.cloud.one("certificates", identity)


def _in(*, days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _steering(world: World) -> Steering:
    declared = world.declared_account.steering
    if declared is None:
        message = f"{world.environment.system} steers no traffic"
        raise LookupError(message)
    return declared
