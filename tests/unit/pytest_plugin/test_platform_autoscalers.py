"""Autoscalers are found in the apps that run and in droplet pools, and never silently none."""

import json

import pytest

from plimsoll.environment.model import Component, Environment
from plimsoll.facts.cloud_reading import DigitalOceanProbe, Reading
from plimsoll.findings import NotObserved, Observed, Origin, Verdict
from plimsoll.pytest_plugin.autoscaler_view import AutoscalerView
from plimsoll.pytest_plugin.examination import Examination

TOKEN = "DIGITALOCEAN_TOKEN"
APPS = [
    {"name": "ferry-north", "region": "north", "platform_region": "fra"},
    {"name": "ferry-south", "region": "south", "platform_region": "nyc"},
]
FILE = {
    "schema": "plimsoll/environment/1",
    "system": "Ferry",
    "digitalocean": {
        "apps": APPS,
        "pools": [{"name": "engine", "region": "north", "platform_region": "fra1"}],
    },
}
API = Component(name="api", app="api")
ENGINE = Component(name="engine", pool="engine")
POOL = {"id": "p1", "name": "engine", "config": {"min_instances": 2, "max_instances": 6}}
ORIGIN = Origin("do", "GET /v2/something", simulated=True)


def app(name, asked=2, running=None, component="api"):
    """An app of one service, asked for so many instances and running so many."""
    asked, running = (
        {"name": name, "services": [{"name": component, "instance_count": count}]}
        for count in (asked, running or asked)
    )
    return {"id": name, "spec": asked, "active_deployment": {"id": "d", "spec": running}}


@pytest.fixture
def look(noon):
    """Look for a component's autoscalers where the API answers with this."""

    def looked(component, answers):
        sightings = {
            DigitalOceanProbe(read, credential=TOKEN): (
                Observed(Reading("GET /v2/something", json.dumps(body), 1), ORIGIN, noon)
                if isinstance(body, dict)
                else body
            )
            for read, body in answers.items()
        }
        environment = Environment.model_validate(FILE)
        examination = Examination("ABC-01", None, environment, sightings)
        return AutoscalerView(examination, None, None).of(component), examination

    return looked


def test_each_declared_app_tells_what_it_runs(look):
    """Not what it was asked for last."""
    listed = {"apps": [app("ferry-north", asked=4, running=1), app("ferry-south", asked=3)]}
    found, examination = look(API, {"apps": listed})
    assert [one.value.minimum for one in found] == [1, 3]
    assert not examination.expect.deviations
    assert examination.evidence == ["DigitalOcean apps"]


def test_an_app_that_is_not_there_does_not_hide_the_others(look):
    """It is a deviation; the other is judged all the same."""
    found, examination = look(API, {"apps": {"apps": [app("ferry-south", asked=3)]}})
    assert [one.value.minimum for one in found] == [3]
    assert [one.what for one in examination.expect.deviations] == ["app ferry-north"]


def test_a_component_that_is_not_in_a_running_app_is_a_deviation(look):
    """Its name in the file proves nothing about what runs."""
    listed = [app("ferry-north"), app("ferry-south", component="apis")]
    found, examination = look(API, {"apps": {"apps": listed}})
    assert len(found) == 1
    assert [one.what for one in examination.expect.deviations] == ["autoscaler for api"]


def test_a_pool_tells_its_range(look):
    """By the name of the pool."""
    (found,), _ = look(ENGINE, {"droplet-pools": {"autoscale_pools": [POOL]}})
    assert (found.value.minimum, found.value.maximum, found.origin.source) == (2, 6, "do")


def test_a_pool_that_is_not_there_is_a_deviation(look):
    """The list was seen, and it is not in it."""
    found, examination = look(ENGINE, {"droplet-pools": {"autoscale_pools": []}})
    assert found == []
    assert examination.conclude().verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("component", "answers"),
    [
        (API, {"apps": NotObserved("refused", ORIGIN)}),
        (API, {"apps": {"no": "list"}}),
        (ENGINE, {"droplet-pools": NotObserved("refused", ORIGIN)}),
        (ENGINE, {"droplet-pools": {"autoscale_pools": [{"id": "p1"}]}}),
    ],
)
def test_what_the_platform_does_not_tell_is_not_known(look, component, answers):
    """An unseen, unreadable or ambiguous answer is an error and no empty list."""
    found, examination = look(component, answers)
    assert found == []
    conclusion = examination.conclude()
    assert conclusion.verdict is Verdict.ERROR
    assert [seen.source for seen in conclusion.vantage] == ["do"]


@pytest.mark.parametrize(
    "untold",
    [
        [app("ferry-north"), app("ferry-north")],
        [app("ferry-north") | {"active_deployment": {"id": "d"}}],
        [{"id": "n", "spec": app("ferry-north")["spec"]}],
    ],
)
def test_an_app_that_is_not_told_does_not_hide_the_others(look, untold):
    """One of two, one whose deployment tells no specification, one that runs nothing: unknown."""
    found, examination = look(API, {"apps": {"apps": [*untold, app("ferry-south")]}})
    assert len(found) == 1
    examination.expect.none([], "whatever", expected="nothing", at=found[0].origin)
    assert examination.conclude().verdict is Verdict.ERROR
