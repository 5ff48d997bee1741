"""What is declared of scaling and regions on the platform is planned, and nothing else."""

import pytest

from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.model import Environment
from plimsoll.environment.scaling_inventory import components, scaling_in
from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.facts.repository import RepositoryProbe
from plimsoll.pytest_plugin.probes import PROBES
from plimsoll.pytest_plugin.subjects import SUBJECTS

TOKEN = "DIGITALOCEAN_TOKEN"
PLACE = {"region": "north", "platform_region": "fra"}
FILE = {
    "schema": "plimsoll/environment/1",
    "system": "Ferry",
    "repository": {"app_spec": "app.yaml", "hpa": "hpa.yaml"},
    "digitalocean": {
        "apps": [{"name": "ferry", **PLACE}],
        "pools": [{"name": "engine", **PLACE}],
        "load_balancers": [
            {"name": "asked", "tls": "termination", "health_path": "/ready", **PLACE},
            {"name": "unasked", "tls": "passthrough", **PLACE},
        ],
    },
}
PARTS = [
    {"name": "filed", "app_spec": "api"},
    {"name": "live", "app": "api"},
    {"name": "pooled", "pool": "engine"},
    {"name": "nowhere"},
]


def declared(**sections):
    """An environment with four components, each scaled elsewhere."""
    scaling = {"instances": {"minimum": 2, "maximum": 4}, "scale_in": {"sustained_seconds": 300}}
    return Environment.model_validate(
        FILE | {"scaling": scaling | {"components": PARTS}} | sections
    )


def planned(environment, name):
    """What is looked at for the autoscalers of a component."""
    (subject,) = (one for one in components(environment) if one.id == name)
    return [probe for plan in PROBES["autoscalers"] if (probe := plan(environment, subject))]


def test_each_component_is_looked_for_where_it_is_declared():
    """One that is only on the platform does not need the repository, and the other way round."""
    environment = declared()
    assert [type(probe) for probe in planned(environment, "filed")] == [RepositoryProbe]
    assert planned(environment, "live") == [DigitalOceanProbe("apps", credential=TOKEN)]
    assert planned(environment, "pooled") == [DigitalOceanProbe("droplet-pools", credential=TOKEN)]
    assert planned(environment, "nowhere") == []


@pytest.mark.parametrize("name", ["filed", "live", "pooled"])
def test_what_the_environment_has_nothing_of_is_not_looked_at(name):
    """Without a repository and an account there is nowhere to look."""
    assert planned(declared(repository=None, digitalocean=None), name) == []


def test_only_what_can_be_told_to_wait_is_judged_for_scaling_in():
    """A pool can; App Platform has nothing to set."""
    found = scaling_in(declared())
    assert not isinstance(found, Undeclared)
    assert [one.id for one in found] == ["pooled"]


def test_only_load_balancers_that_must_ask_a_path_are_judged_for_it():
    """One that only passes TLS through has no path to ask."""
    found = SUBJECTS["probed_balancer"](declared())
    assert [one.id for one in found] == ["asked"]


def test_a_region_plans_its_apps_and_the_health_of_each():
    """By the name that the environment file gives the app."""
    environment = declared()
    (region,) = SUBJECTS["region"](environment)
    found = [plan(environment, region) for plan in PROBES["regional"]]
    assert found == [
        None,
        DigitalOceanProbe("apps", credential=TOKEN),
        (DigitalOceanProbe("app-health", "ferry", TOKEN),),
    ]


@pytest.mark.parametrize("name", ["autoscalers", "regional"])
def test_a_plan_refuses_a_subject_that_it_is_not_for(name):
    """A mistake in a check is told at collection."""
    for plan in PROBES[name]:
        with pytest.raises(TypeError, match="not a"):
            plan(declared(), object())
