"""What checks see of an account: the declared thing, its absence, and what nobody told."""

import json
from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace

import pytest

from plimsoll.environment.model import Environment
from plimsoll.facts.cloud_reading import DigitalOceanProbe, Reading
from plimsoll.findings import NonCompliant, NotObserved, Observed, Origin
from plimsoll.pytest_plugin import account
from plimsoll.pytest_plugin.examination import Examination
from plimsoll.pytest_plugin.probes import PROBES

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
ORIGIN = Origin("do", "GET /v2/apps")
APPS = DigitalOceanProbe("apps", credential="TOKEN")
DECLARED = {
    "schema": "plimsoll/environment/1",
    "system": "Ferry",
    "digitalocean": {
        "token": "TOKEN",
        "apps": [{"name": "web", "region": "fra", "platform_region": "fra"}],
    },
}


def app(identity, name="web"):
    """An app as the API lists it, with no more than it must have."""
    return {"id": identity, "spec": {"name": name}}


@pytest.fixture
def examine():
    """Open the examination of a declared app, with the answer to the list of apps."""

    def opened(answer, **declared):
        model = Environment.model_validate(DECLARED)
        one = SimpleNamespace(id="web", app=SimpleNamespace(name="web", **declared))
        seen = answer
        if not isinstance(answer, NotObserved):
            seen = Observed(Reading("GET /v2/apps", json.dumps(answer), 1), ORIGIN, NOON)
        return Examination("REG-01", one, model, {APPS: seen})

    return opened


def test_the_declared_app_is_found_by_its_name(examine):
    """Among others, and with the place it was found at."""
    found = account.named(examine({"apps": [app("1", "other"), app("2")]}), "app")
    assert (found.value.id, found.origin.where) == ("2", "GET /v2/apps apps[1]")


def test_the_declared_app_is_found_by_its_id(examine):
    """Where the account holds several of that name, its id tells which."""
    opened = examine({"apps": [app("1"), app("2")]}, id="2")
    assert account.named(opened, "app").value.id == "2"


def test_an_app_that_is_not_there_deviates(examine):
    """The list was seen, and it is not in it: that is known."""
    opened = examine({"apps": [app("1", "other")]})
    with pytest.raises(NonCompliant):
        account.named(opened, "app")
    (deviation,) = opened.expect.deviations
    assert (deviation.what, deviation.observed) == ("app web", "absent")


def test_several_of_one_name_are_not_told_apart(examine):
    """Which of them was meant is not known."""
    with pytest.raises(NotObserved, match="holds 2 called web"):
        account.named(examine({"apps": [app("1"), app("2")]}), "app")


@pytest.mark.parametrize("answer", [{}, {"apps": None}, {"apps": [{}]}, {"apps": [{"id": "1"}]}])
def test_an_answer_without_what_it_must_hold_tells_nothing(examine, answer):
    """It is not an empty account."""
    with pytest.raises(NotObserved):
        account.named(examine(answer), "app")


def test_what_the_api_refused_is_not_observed(examine):
    """The reason is passed on."""
    opened = examine(NotObserved("the token lacks app:read", ORIGIN))
    with pytest.raises(NotObserved, match="app:read"):
        account.named(opened, "app")


def test_a_detail_is_planned_for_what_the_subject_declares():
    """By its id where it has one, for that is certain."""
    model = Environment.model_validate(DECLARED)
    subject = SimpleNamespace(app=SimpleNamespace(id="7", name="web"))
    (plan,) = PROBES["app_deployments"]
    assert plan(model, subject) == DigitalOceanProbe("app-deployments", "7", "TOKEN")
    assert plan(model, SimpleNamespace()) is None


def test_nothing_is_planned_where_no_account_is_declared():
    """A system elsewhere asks nothing of this platform."""
    model = Environment.model_validate({key: DECLARED[key] for key in ("schema", "system")})
    (plan,) = PROBES["apps"]
    assert plan(model, SimpleNamespace()) is None


@pytest.mark.parametrize("name", account.SOURCES)
def test_every_source_has_a_function_that_makes_facts_of_it(name):
    """The table names functions that exist, and reads that the collector knows."""
    from plimsoll.collectors.digitalocean_reads import READS

    source = account.SOURCES[name]
    module, _, function = source.facts.partition(":")
    assert callable(getattr(import_module(f"plimsoll.semantics.digitalocean.{module}"), function))
    assert source.read in READS


def test_a_thing_without_a_name_cannot_be_looked_for():
    """That would be a mistake in here, told as one."""
    with pytest.raises(TypeError):
        account.key(SimpleNamespace())
