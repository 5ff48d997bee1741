"""What is planned is what can be read: fact fixtures and their probes are the same ones."""

import inspect
import sys
import types

import pytest
from _pytest.fixtures import FixtureFunctionDefinition

from plimsoll import resources
from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.loader import load
from plimsoll.environment.model import Environment
from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.facts.exchange import HttpProbe
from plimsoll.facts.repository import RepositoryProbe
from plimsoll.findings import NotObserved, Origin
from plimsoll.pytest_plugin import (
    account,
    alerting,
    domains,
    edges,
    exposure,
    facts,
    monitoring,
    probes,
    rehearsal,
    store,
)
from plimsoll.pytest_plugin.examination import Examination
from plimsoll.pytest_plugin.keys import EXAMINATION
from plimsoll.pytest_plugin.probes import PROBES, declared_paths
from plimsoll.pytest_plugin.subjects import SUBJECTS

ENVIRONMENTS = ("app-oint", "tetrix", "digitalocean-production")
MODELS = {name: load(str(resources.environments() / f"{name}.yaml")).model for name in ENVIRONMENTS}
APP_OINT = MODELS["app-oint"]
HOLDERS = (
    facts,
    alerting,
    store,
    domains,
    edges,
    exposure,
    monitoring,
    rehearsal,
    account.AccountFixtures,
)
FIXTURES = {
    name: value
    for holder in HOLDERS
    for name, value in vars(holder).items()
    if isinstance(value, FixtureFunctionDefinition)
}
CIRCUMSTANCES = {"examination", "environment", "expect"}
"""Fixtures that are no facts: they look at nothing."""


def asks_for(name):
    """The fixtures that a fixture asks for itself."""
    return tuple(inspect.signature(FIXTURES[name]._get_wrapped_function()).parameters)


def probes_of(fact, environment, subject):
    """Every probe that a fact fixture plans for a subject."""
    found = []
    for plan in PROBES[fact]:
        planned = plan(environment, subject)
        found += planned if isinstance(planned, tuple) else [planned] if planned else []
    return found


def test_every_plan_has_its_fixture():
    """Nothing is looked at that no check could read."""
    assert set(PROBES) <= set(FIXTURES)


def test_every_fixture_is_planned_itself_or_by_those_it_asks_for():
    """No fact can be asked for that nobody looks at."""

    def planned(name):
        return name in PROBES or any(map(planned, set(asks_for(name)) & set(FIXTURES)))

    assert {name for name in FIXTURES if not planned(name)} == CIRCUMSTANCES


def every_check():
    """Each function of the checks, with its subject fixture and its fact fixtures."""
    for path in sorted(resources.checks().rglob("test_*.py")):
        module = types.ModuleType(path.stem)
        sys.modules[module.__name__] = module
        exec(compile(path.read_text(), str(path), "exec"), vars(module))
        for name, function in vars(module).items():
            if name.startswith("test_"):
                yield (
                    f"{path.parent.name}/{path.stem}::{name}",
                    inspect.signature(function).parameters,
                )


@pytest.mark.parametrize("arguments", [pytest.param(b, id=a) for a, b in every_check()])
def test_every_check_asks_only_for_what_there_is(arguments):
    """One subject at most, and facts that can be planned for that kind of subject somewhere."""
    subjects = [name for name in arguments if name in SUBJECTS]
    assert len(subjects) <= 1
    assert set(arguments) <= {*SUBJECTS, *FIXTURES}
    found = {
        name: SUBJECTS[subjects[0]](model) if subjects else (None,)
        for name, model in MODELS.items()
    }
    declared = {name: one for name, one in found.items() if not isinstance(one, Undeclared)}
    assert declared, "some system declares a subject of every kind"
    facts_read = set(arguments) & set(PROBES)
    planned = [
        probe
        for name, subjects in declared.items()
        for subject in subjects
        for fact in facts_read
        for probe in probes_of(fact, MODELS[name], subject)
    ]
    assert bool(planned) == bool(facts_read)


READING = {
    "exchange": "liveness", "authorized_exchange": "metrics", "sample": "timed",
    "burst": "rate_limited", "plain_sighting": "https_host", "unknown_path_exchange": "error_host",
    "malformed_exchange": "error_host", "handshake": "tls_host", "dns_answers": "dns_record",
    "k6_version": "k6", "apps": "deployed_app", "app_deployments": "reversible_app",
    "databases": "managed_database", "database_backups": "managed_database",
    "load_balancers": "regional_balancer", "uptime_state": "available_target",
}  # fmt: skip


class Examined:
    """Stands in for the request of a fixture: its node keeps the examination."""

    def __init__(self, examination):
        self.node = types.SimpleNamespace(stash={EXAMINATION: examination})


@pytest.mark.parametrize(("fact", "kind"), READING.items())
def test_what_a_fixture_reads_is_what_was_planned(fact, kind):
    """Exactly the planned probes are looked up, and none that was not planned."""
    subject = SUBJECTS[kind](APP_OINT)[0]
    asked = []

    class Watched(dict):
        def get(self, probe, default=None):
            asked.append(probe)
            return NotObserved("nobody is there", Origin("http", ""))

    examination = Examination("ABC-01", subject, APP_OINT, Watched())
    read = FIXTURES[fact]._get_wrapped_function()
    given = {"examination": examination, "request": Examined(examination), "_self": None}
    try:
        read(**{name: given[name] for name in asks_for(fact)})
    except NotObserved as error:
        assert error.reason == "nobody is there"
    assert asked
    assert set(asked) <= set(probes_of(fact, APP_OINT, subject))


@pytest.mark.parametrize("fact", ["exchange", "handshake", "shellcheck", "k6_options", "sample"])
def test_a_plan_refuses_a_subject_of_another_kind(fact):
    """A check that asks for a fact that its subject cannot have is told so, at collection."""
    with pytest.raises(TypeError, match="not a"):
        probes_of(fact, APP_OINT, object())


def test_only_bursts_are_exercises_and_all_of_them_are():
    """Whatever is asked more often than a small sample needs to be allowed."""
    made = [
        probe
        for fact, kind in READING.items()
        for subject in SUBJECTS[kind](APP_OINT)
        for probe in probes_of(fact, APP_OINT, subject)
    ]
    many = [probe for probe in made if isinstance(probe, HttpProbe) and probe.count > 1]
    assert {probe.exercise for probe in many if probe.count > probes.SAMPLE_SIZE} == {"burst"}
    assert {probe.exercise for probe in many if probe.count <= probes.SAMPLE_SIZE} == {""}


def test_every_declared_path_is_read():
    """Each file that the `repository` section names, wherever it names it."""

    def named(value):
        if isinstance(value, dict):
            for inner in value.values():
                yield from named(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                yield from named(inner)
        elif isinstance(value, str) and ("/" in value or value.endswith((".yml", ".yaml", ".md"))):
            yield value

    sections = APP_OINT.repository.model_dump(exclude={"load_test": {"settings"}})
    assert set(named(sections)) <= set(declared_paths(APP_OINT))
    assert probes.repository(APP_OINT, None) == RepositoryProbe(declared_paths(APP_OINT))


def large_account():
    """Twenty apps, ten databases and ten uptime checks, with everything asked of them."""
    apps = [
        {"name": f"app-{n}", "region": "fra", "platform_region": "fra",
         "domains": [{"name": f"d{n}.ferry.example", "type": "PRIMARY"}]}
        for n in range(20)
    ]  # fmt: skip
    databases = [
        {"name": f"pg-{n}", "engine": "pg", "region": "fra", "platform_region": "fra1",
         "nodes_at_least": 2, "replicas_at_least": 1, "pooled": True}
        for n in range(10)
    ]  # fmt: skip
    uptime = [{"name": f"up-{n}", "target": f"https://d{n}.ferry.example/"} for n in range(10)]
    policies = [{"metric": "cpu", "threshold_percent": 80}]
    return Environment.model_validate({
        "schema": "plimsoll/environment/1", "system": "Ferry", "memory": {"below_percent": 80},
        "scaling": {"instances": {"minimum": 2, "maximum": 10},
                    "scale_out": {"cpu_percent": 80}, "components": [{"name": "w", "app": "w"}]},
        "digitalocean": {
            "apps": apps, "databases": databases, "uptime": uptime, "rollback": True,
            "failed_deployments": True, "trusted_sources": True, "availability_percent": 99.9,
            "health_probe": {"path": "/health"}, "protection": {"ddos": True},
            "app_alerts": {"app": ["DEPLOYMENT_FAILED"], "component": ["CPU_UTILIZATION"]},
            "alert_policies": {"droplet": policies, "database": policies},
        },
        "backups": {"sets": [{"name": d["name"], "database": d["name"]} for d in databases]},
        "maintenance": {"windows": [{"day": "sunday", "start": "02:00", "end": "06:00"}]},
    })  # fmt: skip


def test_a_large_account_is_read_within_one_burst_of_the_api():
    """At most 170 calls, of the 250 that are allowed within a minute."""
    environment = large_account()
    planned = set()
    for _, arguments in every_check():
        kinds = [name for name in arguments if name in SUBJECTS]
        found = SUBJECTS[kinds[0]](environment) if kinds else ()
        for subject in () if isinstance(found, Undeclared) else found:
            for fact in set(arguments) & set(PROBES):
                planned.update(probes_of(fact, environment, subject))
    calls = {probe for probe in planned if isinstance(probe, DigitalOceanProbe)}
    details = {probe.read for probe in calls if probe.of}
    assert {"app-deployments", "app-health", "database-pools", "uptime-state"} <= details
    assert 160 <= len(calls) <= 170
