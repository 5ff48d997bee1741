"""A region is looked at from every side that is declared, and no side hides another."""

import json

import pytest

from plimsoll.environment.model import Environment
from plimsoll.environment.region_inventory import regions
from plimsoll.facts.cloud_reading import DigitalOceanProbe, Reading
from plimsoll.facts.exchange import HttpProbe
from plimsoll.findings import NotObserved, Observed, Origin, Verdict
from plimsoll.pytest_plugin.examination import Examination
from plimsoll.pytest_plugin.region_view import RegionView

TOKEN = "DIGITALOCEAN_TOKEN"
URL = "https://north.ferry.test/ready"
FILE = {
    "schema": "plimsoll/environment/1",
    "system": "Ferry",
    "regions": [
        {"id": "north", "title": "N", "role": "primary", "base_url": "https://north.ferry.test"}
    ],
    "endpoints": [{"name": "ready", "kind": "readiness", "path": "/ready"}],
    "digitalocean": {"apps": [{"name": "ferry", "region": "north", "platform_region": "fra"}]},
}
APP = {"id": "a1", "spec": {"name": "ferry", "region": "fra"}}
HEALTH = {"app_health": {"components": [{"name": "api", "state": "HEALTHY"}]}}
APPS_PROBE = DigitalOceanProbe("apps", credential=TOKEN)
HEALTH_PROBE = DigitalOceanProbe("app-health", "ferry", TOKEN)
DO, HTTP = Origin("do", "GET /v2/apps"), Origin("http", URL)


@pytest.fixture
def view(noon):
    """Look at the region where these are the answers; a side that is not told was not seen."""

    def made(listed=None, health=None):
        def seen(body):
            told = isinstance(body, dict)
            reading = Reading("GET /v2/apps", json.dumps(body), 1)
            return Observed(reading, DO, noon) if told else NotObserved("refused", DO)

        environment = Environment.model_validate(FILE)
        (region,) = regions(environment)
        sightings = {
            APPS_PROBE: seen(listed),
            HEALTH_PROBE: seen(health),
            HttpProbe(URL): NotObserved("refused", HTTP),
        }
        examination = Examination("ABC-01", region, environment, sightings)
        return RegionView(examination), examination

    return made


def test_an_app_is_told_with_the_health_of_its_components(view):
    """Both as the platform holds them."""
    region, _ = view({"apps": [APP]}, HEALTH)
    (found,) = region.apps
    assert (found.declared.name, found.app.value.region) == ("ferry", "fra")
    assert [one.state for one in found.health.value] == ["HEALTHY"]


@pytest.mark.parametrize("health", [None, {"components": []}])
def test_health_that_is_not_told_does_not_hide_the_app(view, health):
    """The app can be judged; the vantage point stays unknown."""
    region, examination = view({"apps": [APP]}, health)
    (found,) = region.apps
    assert found.health is None
    examination.expect.equal("fra", found.app.value.region, "place", at=found.app.origin)
    assert examination.conclude().verdict is Verdict.ERROR


def test_an_app_that_is_not_there_is_a_deviation(view):
    """The list was seen, and it is not in it."""
    region, examination = view({"apps": []}, HEALTH)
    assert region.apps == ()
    assert [one.what for one in examination.expect.deviations] == ["app ferry"]


@pytest.mark.parametrize("listed", [None, {"no": "list"}, {"apps": [{"id": "a1"}]}])
def test_a_list_of_apps_that_is_not_told_is_not_empty(view, listed):
    """Nothing can be said of the app, which is an error."""
    region, examination = view(listed, HEALTH)
    assert region.apps == ()
    assert examination.conclude().verdict is Verdict.ERROR


def test_an_endpoint_that_cannot_be_seen_is_remembered_as_such(view):
    """It gives no answer, and its vantage point is unknown."""
    region, examination = view({"apps": [APP]}, HEALTH)
    assert region.answer is None
    assert [seen.source for seen in examination.conclude().vantage] == ["http"]
