"""Errors, redirects and domains are subjects where something is required of them."""

from __future__ import annotations

from plimsoll.environment import cloud_inventory, inventory
from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.model import Environment

HOST = {"name": "home", "kind": "page", "url": "https://ferry.example/"}
HSTS = {"strict-transport-security": {"max_age_at_least": 60}}
NOSNIFF = {"x-content-type-options": {"equals": "nosniff"}}


def declared(**sections: object) -> Environment:
    """Return an environment with one page and these sections."""
    base = {"schema": "plimsoll/environment/1", "system": "Ferry", "endpoints": [HOST]}
    return Environment.model_validate(base | sections)


def ids(found: object) -> list[str]:
    """Return the ids of subjects, none where nothing is declared."""
    return [] if isinstance(found, Undeclared) else [one.id for one in found]  # type: ignore[attr-defined]


def test_errors_are_judged_where_headers_are_declared() -> None:
    """Declare a header, and none."""
    assert ids(inventory.guarded_errors(declared(headers=NOSNIFF))) == [
        "ferry.example/unknown-path"
    ]
    assert ids(inventory.guarded_errors(declared())) == []


def test_redirects_are_judged_where_a_header_belongs_on_them() -> None:
    """Declare a header for every answer, and one that is never sent without TLS."""
    everywhere = declared(headers=NOSNIFF | HSTS, https_only=True)
    assert ids(inventory.guarded_redirects(everywhere)) == ["ferry.example/plain"]
    assert ids(inventory.guarded_redirects(declared(headers=HSTS, https_only=True))) == []
    assert ids(inventory.guarded_redirects(declared(headers=NOSNIFF))) == []


def test_storage_is_judged_where_it_is_declared_what_may_not_be_stored() -> None:
    """Declare kinds that are not cached, with and without HTTPS everywhere."""
    strict = declared(uncached_kinds=["page"], https_only=True)
    assert ids(inventory.uncached_errors(strict)) == ["ferry.example/unknown-path"]
    assert ids(inventory.uncached_redirects(strict)) == ["ferry.example/plain"]
    assert ids(inventory.uncached_redirects(declared(uncached_kinds=["page"]))) == []
    assert ids(inventory.uncached_errors(declared())) == []


def test_a_record_belongs_to_the_closest_zone_of_the_platform() -> None:
    """Declare a zone, one within it, and a name that merely ends like it."""
    names = ("a.ferry.example", "b.old.ferry.example", "notferry.example")
    records = [{"name": name, "type": "A", "ttl_seconds_at_most": 60} for name in names]
    zones = {"zones": ["ferry.example", "old.ferry.example"]}
    found = inventory.dns_records(declared(dns=records, digitalocean=zones))
    assert not isinstance(found, Undeclared)
    assert [one.zone for one in found] == ["ferry.example", "old.ferry.example", None]


def test_advice_is_given_on_the_domains_above_the_others() -> None:
    """Declare a domain and one below it, and ask for advice, and do not."""
    domains = [
        {"name": "ferry.example", "type": "PRIMARY"},
        {"name": "www.ferry.example", "type": "ALIAS"},
    ]
    app = {"name": "ferry", "region": "north", "platform_region": "fra", "domains": domains}
    account = {"apps": [app]}
    asked = declared(digitalocean=account, dns_advice=True)
    assert ids(cloud_inventory.advised_domains(asked)) == ["ferry.example"]
    assert ids(cloud_inventory.advised_domains(declared(digitalocean=account))) == []
    assert ids(cloud_inventory.advised_domains(declared(dns_advice=True))) == []
