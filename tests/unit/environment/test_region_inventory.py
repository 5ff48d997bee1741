"""A region is what an endpoint or an app is declared for."""

from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.model import Environment
from plimsoll.environment.region_inventory import regions

FILE = {"schema": "plimsoll/environment/1", "system": "Ferry"}
PLACES = [{"id": one, "title": one, "role": "primary", "base_url": f"https://{one}.ferry.test"}
          for one in ("north", "south")]  # fmt: skip
READY = {"name": "ready", "kind": "readiness", "path": "/ready"}


def app(name, region):
    """An app that serves a region."""
    return {"name": name, "region": region, "platform_region": "fra"}


def declared(**sections):
    """The regions of an environment with these sections."""
    return regions(Environment.model_validate(FILE | sections))


def test_a_region_has_its_endpoint_and_its_apps():
    """Each region its own, from wherever it is declared."""
    found = declared(
        regions=PLACES,
        endpoints=[READY],
        digitalocean={"apps": [app("ferry-north", "north"), app("ferry-east", "east")]},
    )
    assert [
        (one.id, one.endpoint and one.endpoint.url, [app.name for app in one.apps]) for one in found
    ] == [
        ("north", "https://north.ferry.test/ready", ["ferry-north"]),
        ("south", "https://south.ferry.test/ready", []),
        ("east", None, ["ferry-east"]),
    ]


def test_without_endpoints_and_apps_there_is_no_region_to_judge():
    """An account without apps says nothing of regions either."""
    assert isinstance(declared(), Undeclared)
    assert isinstance(declared(regions=PLACES, digitalocean={}), Undeclared)
