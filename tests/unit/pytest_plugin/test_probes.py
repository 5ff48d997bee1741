"""What is planned is what can be read: fact fixtures and their probes are the same ones."""

import inspect
import types

import pytest
from _pytest.fixtures import FixtureFunctionDefinition

from plimsoll import resources
from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.loader import load
from plimsoll.facts.exchange import HttpProbe
from plimsoll.facts.repository import RepositoryProbe
from plimsoll.findings import NotObserved, Origin
from plimsoll.pytest_plugin import facts, probes
from plimsoll.pytest_plugin.examination import Examination
from plimsoll.pytest_plugin.probes import PROBES, declared_paths
from plimsoll.pytest_plugin.subjects import SUBJECTS

FIXTURES = {
    name: value
    for name, value in vars(facts).items()
    if isinstance(value, FixtureFunctionDefinition)
}
CIRCUMSTANCES = {"examination", "environment", "expect"}
"""Fixtures that are no facts: they look at nothing."""
APP_OINT = load(str(resources.environments() / "app-oint.yaml")).model


def asks_for(name):
    """The fixtures that a fixture asks for itself."""
    return tuple(inspect.signature(FIXTURES[name]._get_wrapped_function()).parameters)


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
        exec(compile(path.read_text(), str(path), "exec"), vars(module))
        for name, function in vars(module).items():
            if name.startswith("test_"):
                yield (
                    f"{path.parent.name}/{path.stem}::{name}",
                    inspect.signature(function).parameters,
                )


@pytest.mark.parametrize("arguments", [pytest.param(b, id=a) for a, b in every_check()])
def test_every_check_asks_only_for_what_there_is(arguments):
    """One subject at most, and facts that can be planned for that kind of subject."""
    subjects = [name for name in arguments if name in SUBJECTS]
    assert len(subjects) <= 1
    assert set(arguments) <= {*SUBJECTS, *FIXTURES}
    found = SUBJECTS[subjects[0]](APP_OINT) if subjects else (None,)
    assert not isinstance(found, Undeclared), "App-Oint declares a subject of every kind"
    for subject in found:
        for name in set(arguments) & set(PROBES):
            for plan in PROBES[name]:
                assert plan(APP_OINT, subject) == plan(APP_OINT, subject)


READING = {
    "exchange": "liveness", "authorized_exchange": "metrics", "sample": "timed",
    "burst": "rate_limited", "plain_sighting": "https_host", "unknown_path_exchange": "error_host",
    "malformed_exchange": "error_host", "handshake": "tls_host", "dns_answers": "dns_record",
    "k6_version": "k6",
}  # fmt: skip


@pytest.mark.parametrize(("fact", "kind"), READING.items())
def test_what_a_fixture_reads_is_what_was_planned(fact, kind):
    """Exactly the planned probes are looked up, and none that was not planned."""
    subject = SUBJECTS[kind](APP_OINT)[0]
    planned = {plan(APP_OINT, subject) for plan in PROBES[fact]}
    asked = []

    class Watched(dict):
        def get(self, probe, default=None):
            asked.append(probe)
            return NotObserved("nobody is there", Origin("http", ""))

    examination = Examination("ABC-01", subject, APP_OINT, Watched())
    read = FIXTURES[fact]._get_wrapped_function()
    try:
        read(examination)
    except NotObserved as error:
        assert error.reason == "nobody is there"
    assert set(asked) == planned


@pytest.mark.parametrize("plan", sorted({plan for plans in PROBES.values() for plan in plans},
                                        key=lambda plan: plan.__name__))  # fmt: skip
def test_a_plan_refuses_a_subject_of_another_kind(plan):
    """A check that asks for a fact that its subject cannot have is told so, at collection."""
    if plan in {probes.repository, probes.k6_version}:
        assert plan(APP_OINT, object()) == plan(APP_OINT, None)
    else:
        with pytest.raises(TypeError, match="not a"):
            plan(APP_OINT, object())


def test_only_bursts_are_exercises_and_all_of_them_are():
    """Whatever is asked more often than a small sample needs to be allowed."""
    made = [
        plan(APP_OINT, subject)
        for fact, kind in READING.items()
        for subject in SUBJECTS[kind](APP_OINT)
        for plan in PROBES[fact]
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
