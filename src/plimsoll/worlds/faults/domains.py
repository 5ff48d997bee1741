"""Faults in the domains of apps: in the app itself, and in where their names lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plimsoll.worlds.dns_zone import Record
from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

TETRIX = ("tetrix",)
_TTL_SECONDS = 300
_ELSEWHERE = "203.0.113.200"


@fault("DNS-02", "still-pending", vantage="do")
def still_pending(world: World) -> None:
    """A domain was added to the app, and its records were never changed."""
    _served_domains(world)[0]["phase"] = "PENDING"


@fault("DNS-02", "in-error", vantage="do")
def in_error(world: World) -> None:
    """The platform can no longer renew the certificate of a domain."""
    _served_domains(world)[-1]["phase"] = "ERROR"


@fault("DNS-02", "phase-not-told", vantage="do")
def phase_not_told(world: World) -> None:
    """The app lists a domain without saying whether it works."""
    del _served_domains(world)[0]["phase"]


@fault("DNS-02", "primary-became-alias", vantage="do", also=("DLV-02",))
def primary_became_alias(world: World) -> None:
    """The domain that should be the app's own is only one of its aliases."""
    for listed in (_app(world)["spec"], _app(world)["active_deployment"]["spec"]):
        _of(listed["domains"], _declared_domains(world)[0])["type"] = "ALIAS"
    _of_served(world, _declared_domains(world)[0])["type"] = "ALIAS"


@fault("DNS-02", "alias-to-another-app", vantage="dns", environments=TETRIX)
def alias_to_another_app(world: World) -> None:
    """A domain leads to the app that was replaced months ago."""
    name = _declared_domains(world)[-1]
    world.names.record(name, "CNAME").values = ("tetrix-old-abcde.ondigitalocean.app.",)


@fault("DNS-02", "addresses-instead-of-alias", vantage="dns", environments=TETRIX)
def addresses_instead_of_alias(world: World) -> None:
    """A domain below the first has the app's addresses of today written down."""
    name, own = _declared_domains(world)[-1], _declared_domains(world)[0]
    _replace(world, name, "CNAME", Record(name, "A", world.names.record(own).values, _TTL_SECONDS))


@fault("DNS-02", "one-address-elsewhere", vantage="dns", environments=TETRIX)
def one_address_elsewhere(world: World) -> None:
    """Every second visitor of a domain is led to a machine that was given up."""
    record = world.names.record(_declared_domains(world)[0])
    record.values = (*record.values[:1], _ELSEWHERE)


@fault("DNS-02", "name-gone", vantage="dns", environments=TETRIX)
def name_gone(world: World) -> None:
    """The record of a domain was deleted; the app still lists it as active."""
    _replace(world, _declared_domains(world)[-1], "CNAME")


@fault("DNS-02", "ingress-gone", vantage="dns", environments=TETRIX)
def ingress_gone(world: World) -> None:
    """The domains are still aliases of the app's host, which is no more."""
    _replace(world, _app(world)["default_ingress"].removeprefix("https://"), "A")


@fault("DNS-03a", "forgotten-domain", vantage="do")
def forgotten_domain(world: World) -> None:
    """The app still serves the domain of a campaign that nobody remembers."""
    served = _served_domains(world)
    served.append(
        {
            "id": "0b6f4a52-1a1a-4f0e-9f43-7d1f6a2f9c11",
            "spec": {"domain": "summer-campaign.example", "type": "ALIAS"},
            "phase": "ACTIVE",
        }
    )


@fault("DNS-03a", "domain-of-the-specification", vantage="do", also=("DLV-02",))
def domain_of_the_specification(world: World) -> None:
    """A domain was added to the running specification by hand, and never got anywhere."""
    for spec in (_app(world)["spec"], _app(world)["active_deployment"]["spec"]):
        spec["domains"].append({"domain": "try.example", "type": "ALIAS"})


@fault("DNS-03b", "no-caa", vantage="dns", environments=TETRIX)
def no_caa(world: World) -> None:
    """Every authority may issue certificates for the domain."""
    _replace(world, _declared_domains(world)[0], "CAA")


@fault("DNS-03b", "only-reports", vantage="dns", environments=TETRIX)
def only_reports(world: World) -> None:
    """The domain says where to report to, and restricts nobody."""
    record = world.names.record(_declared_domains(world)[0], "CAA")
    record.values = ('0 iodef "mailto:security@tetrixcorp.com"',)


@fault("DNS-03c", "unsigned", vantage="dns", environments=TETRIX)
def unsigned(world: World) -> None:
    """The zone has no keys, and nobody vouches for any."""
    for record_type in ("DNSKEY", "DS"):
        _replace(world, _declared_domains(world)[0], record_type)


@fault("DNS-03c", "nobody-vouches", vantage="dns", environments=TETRIX)
def nobody_vouches(world: World) -> None:
    """The zone is signed, and the registrar was never given the digest of its key."""
    _replace(world, _declared_domains(world)[0], "DS")


@fault("DNS-03c", "digest-of-a-key-that-is-gone", vantage="dns", environments=TETRIX)
def digest_of_a_key_that_is_gone(world: World) -> None:
    """The key was changed and the registrar still holds the digest of the old one."""
    record = world.names.record(_declared_domains(world)[0], "DS")
    record.values = (f"12345 13 2 {'5a' * 32}",)


def _replace(world: World, name: str, record_type: str, *records: Record) -> None:
    """Put records in the place of those of a name and type."""
    old = world.names.record(name, record_type)
    zone = next(zone for zone in world.names.zones if old in zone.records)
    zone.records.remove(old)
    zone.records.extend(records)


def _declared_domains(world: World) -> tuple[str, ...]:
    """Return the names of the domains of the first app that has any."""
    for app in world.declared_account.apps or ():
        if app.domains:
            return tuple(domain.name for domain in app.domains)
    message = f"no app of {world.environment.system} has a domain"
    raise LookupError(message)


def _app(world: World) -> dict[str, Any]:
    """Return the first app that has a declared domain, as the API tells of it."""
    named = next(app for app in world.declared_account.apps or () if app.domains)
    return world.cloud.one("apps", named.name)


def _served_domains(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _app(world)["domains"]
    return found


def _of(listed: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(one for one in listed if one["domain"] == name)


def _of_served(world: World, name: str) -> dict[str, Any]:
    return _of([one["spec"] for one in _served_domains(world)], name)
