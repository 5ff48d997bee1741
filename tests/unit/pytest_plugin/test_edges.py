"""Two vantage points on one edge are told apart: what one does not show, the other may."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from plimsoll.environment.inventory import WebHost, tls_hosts
from plimsoll.environment.model import Environment
from plimsoll.facts.cloud_reading import DigitalOceanProbe, Reading
from plimsoll.findings import NotObserved, Observed, Origin
from plimsoll.pytest_plugin import edges
from plimsoll.pytest_plugin.examination import Examination

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
FERRY = Environment.model_validate({
    "schema": "plimsoll/environment/1",
    "system": "Ferry",
    "tls": {"minimum_version": "1.2", "days_to_expiry": 21},
    "endpoints": [
        {"name": "home", "kind": "page", "url": "https://ferry.example/"},
        {"name": "other", "kind": "page", "url": "https://other.example/"},
    ],
    "digitalocean": {"apps": [{
        "name": "ferry", "region": "fra", "platform_region": "fra",
        "domains": [{"name": "ferry.example", "type": "PRIMARY"}],
    }]},
})  # fmt: skip
SERVED = {"domain": "ferry.example", "type": "PRIMARY"}
UNSEEN = NotObserved("nobody is there", Origin("do", "GET /v2/apps"))


def host(name: str) -> WebHost:
    """Return a declared host."""
    return next(one for one in tls_hosts(FERRY) if one.host == name)


def apps(*domains: dict[str, str], name: str = "ferry", count: int = 1) -> Observed[Reading]:
    """Return a list of apps: one app, or so many of one name, with these domains."""
    app = {"id": "a", "spec": {"name": name, "domains": list(domains)}}
    reading = Reading("GET /v2/apps", json.dumps({"apps": [app] * count}), 1)
    return Observed(reading, Origin("do", "GET /v2/apps"), NOW)


def examination(name: str, seen: object = UNSEEN) -> Examination:
    """Return an examination of a host that saw this list of apps, and no handshake."""
    probe = edges.domain_plan(FERRY, host(name))
    return Examination("ABC-01", host(name), FERRY, {probe: seen} if probe else {})


def look(fixture: object, examined: Examination) -> object:
    """Return what a fixture gives for an examination."""
    return fixture._get_wrapped_function()(examined)


def test_a_host_that_is_no_domain_of_an_app_is_not_looked_up() -> None:
    """No read is planned for it, and nothing is missed."""
    examined = examination("other.example")
    assert edges.domain_plan(FERRY, host("other.example")) is None
    assert look(edges.app_domain_served, examined) is None
    assert examined.conclude().vantage == ()


def test_a_domain_is_found_in_the_app_that_declares_it() -> None:
    """The list of apps is read, and the domain's place in it is told."""
    probe = edges.domain_plan(FERRY, host("ferry.example"))
    assert isinstance(probe, DigitalOceanProbe)
    assert probe.read == "apps"
    found = look(edges.app_domain_served, examination("ferry.example", apps(SERVED)))
    assert isinstance(found, Observed)
    assert found.value.name == "ferry.example"
    assert found.origin.where.startswith("GET /v2/apps apps[0]")


@pytest.mark.parametrize("seen", [apps(), apps(SERVED, name="another")])
def test_a_domain_that_is_not_there_is_a_deviation(seen: Observed[Reading]) -> None:
    """The app has no such domain; the domain is that of an app nobody declared."""
    examined = examination("ferry.example", seen)
    assert look(edges.app_domain_served, examined) is None
    assert [one.what for one in examined.expect.deviations] == ["domain ferry.example"]


def test_a_domain_of_one_of_two_apps_is_not_taken_for_the_declared_one() -> None:
    """Two apps have the declared name, so that it is not known which of them is meant."""
    examined = examination("ferry.example", apps(SERVED, count=2))
    assert isinstance(look(edges.app_domain_served, examined), NotObserved)
    assert examined.conclude().verdict == "error"


def test_a_domain_is_found_however_it_is_written() -> None:
    """Names are the same in any case."""
    written = SERVED | {"domain": "Ferry.Example"}
    assert isinstance(
        look(edges.app_domain_served, examination("ferry.example", apps(written))), Observed
    )


@pytest.mark.parametrize("fixture", [edges.handshake, edges.app_domain_served])
def test_what_was_not_seen_is_returned_and_remembered(fixture: object) -> None:
    """Nothing is raised, so that the other vantage point is judged; the verdict is no pass."""
    examined = examination("ferry.example")
    assert isinstance(look(fixture, examined), NotObserved)
    assert examined.conclude().verdict == "error"


@pytest.mark.parametrize("plan", [edges.handshake_plan, edges.domain_plan, edges.address_plan])
def test_a_plan_for_an_edge_refuses_other_subjects(plan) -> None:
    """A subject of another kind is told so, before anything is looked at."""
    with pytest.raises(TypeError, match="not a"):
        plan(FERRY, object())
