"""A small environment, a repository in memory, and what a run knows of them."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from plimsoll.environment.loader import LoadedEnvironment
from plimsoll.environment.model import Environment
from plimsoll.facts.document import parse_yaml_document
from plimsoll.facts.repository import FileRecord, Repository
from plimsoll.findings import Control, Observed, Origin, Severity
from plimsoll.pytest_plugin.assessment import Assessment
from plimsoll.pytest_plugin.examination import Examination
from plimsoll.pytest_plugin.options import Settings

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
FILE = "schema: plimsoll/environment/1\nsystem: Ferry\n"


def loaded(text=""):
    """An environment file with these further lines, as it is loaded."""
    content = FILE + text
    document = parse_yaml_document(content, "ferry.yaml")
    model = Environment.model_validate(document.data)
    digest = sha256(content.encode()).hexdigest()
    return LoadedEnvironment("ferry", Path("ferry.yaml"), digest, model, document)


def settings(**changes):
    """What was asked for: a mocked run, without anything special."""
    usual = dict.fromkeys(
        ("areas", "controls", "checks", "faults", "withheld", "exercises"), ()
    ) | {"env": "ferry", "mock": True, "require_live": False, "repository": None,
         "out": Path("reports"), "fail_on": None, "engineer": True, "reports": True}  # fmt: skip
    return Settings(**usual | changes)


def control(identity, **changes):
    """A control of the catalogue."""
    usual = {"area": "sailing", "title": f"{identity} holds", "severity": Severity.HIGH,
             "requirement": "R.", "why": "W.", "remedy": "M.", "seeds": ("own",)}  # fmt: skip
    return Control(id=identity, **usual | changes)


@pytest.fixture
def assess():
    """Make the assessment of a run: an environment's further lines, controls, waivers."""

    def make(text="", controls=("ABC-01", "ABC-02"), waivers=(), **asked):
        catalogue = {one: control(one) for one in controls}
        return Assessment(settings(**asked), loaded(text), catalogue, tuple(waivers), None, NOON)

    return make


@pytest.fixture
def examine():
    """Open the examination of a control on nothing in particular."""

    def make(sightings=None, required=()):
        environment = loaded().model
        return Examination("ABC-01", None, environment, sightings or {}, required)

    return make


def repository(files, also=(), problems=None):
    """A repository that was read: texts by path, further paths, and what could not be read."""
    records = [
        FileRecord(path, len(text), sha256(text.encode()).hexdigest(), text)
        for path, text in files.items()
    ]
    records += [FileRecord(path, 1, "", None, why) for path, why in (problems or {}).items()]
    paths = tuple(sorted({*files, *also, *(problems or {})}))
    seen = Repository("/somewhere", "c0ffee", False, True, paths, tuple(records), NOON)
    return Observed(seen, Origin("repository", "/somewhere", simulated=True), NOON)


@pytest.fixture
def noon():
    """The moment at which everything here was seen."""
    return NOON


@pytest.fixture
def read():
    """Return a repository that was read: texts by path, further paths, unreadable ones."""
    return repository
