"""Several vantage points on one subject: each is judged, whatever becomes of the others."""

import json
from datetime import UTC, datetime

import pytest

from plimsoll.environment.delivery_inventory import builds, shutdowns
from plimsoll.environment.model import Environment
from plimsoll.facts.cloud_reading import DigitalOceanProbe, Reading
from plimsoll.facts.repository import FileRecord, Repository
from plimsoll.facts.shutdown import Shutdown, ShutdownProbe
from plimsoll.findings import NotExercised, NotObserved, Observed, Origin, Verdict
from plimsoll.pytest_plugin import probes
from plimsoll.pytest_plugin.examination import Examination
from plimsoll.pytest_plugin.vantages import Vantages

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
APPS = DigitalOceanProbe("apps", credential="TOKEN")
DO, FILES = Origin("do", "GET /v2/apps"), Origin("repository", ".")
DECLARED = {
    "schema": "plimsoll/environment/1",
    "system": "Ferry",
    "build": {
        "manifest": "package.json", "package_manager": "npm@10.0.0", "lock_file": "lock.json",
    },
    "shutdown": {"timeout_seconds": 9, "source": "end.js"},
    "digitalocean": {
        "token": "TOKEN",
        "apps": [{"name": "web", "region": "fra", "platform_region": "fra"}],
    },
}  # fmt: skip
START = {"command": ["node", "a.js"], "ready_path": "/up", "slow_path": "/slow"}
LISTED = Observed(
    Reading("GET /v2/apps", json.dumps({"apps": [{"id": "1", "spec": {"name": "web"}}]}), 1),
    DO,
    NOON,
)
RECORD = FileRecord("package.json", 2, "", "{}")
READ = Observed(Repository(".", None, None, True, ("package.json",), (RECORD,), NOON), FILES, NOON)


@pytest.fixture
def examine():
    """Open an examination of the build (or of the shutdown), with what the run saw."""

    def opened(files, listed, find=builds, shutdown=None, ended=None):
        declared = DECLARED | ({"shutdown": shutdown} if shutdown else {})
        model = Environment.model_validate(declared)
        (subject,) = find(model)
        seen = {probes.repository(model, subject): files, APPS: listed}
        planned = probes.shutdown(model, subject)
        seen |= {planned: ended} if planned else {}
        return Examination("DLV-01", subject, model, seen)

    return opened


def judge(examination):
    """State one thing at every vantage point, each apart."""
    vantages = Vantages(examination)
    with vantages.apart():
        repository = vantages.repository()
        text = repository.text("package.json")
        examination.expect.equal("{}", text, "manifest", at=repository.origin)
    for declared in vantages.declared_apps:
        with vantages.apart():
            app = vantages.app(declared)
            examination.expect.equal("web", app.value.name, "name", at=app.origin)
    return examination.conclude()


def verdicts(conclusion):
    """The verdict of each vantage point."""
    return {seen.source: seen.verdict for seen in conclusion.vantage}


def test_every_vantage_point_is_judged(examine):
    """Where both were seen, both count."""
    conclusion = judge(examine(READ, LISTED))
    assert verdicts(conclusion) == {"repository": Verdict.PASS, "do": Verdict.PASS}
    assert conclusion.verdict is Verdict.PASS


def test_one_that_was_not_seen_does_not_hide_the_other(examine):
    """It is an error of its own, and the whole is no pass."""
    for files, listed, seen, unseen in (
        (NotObserved("withheld", FILES), LISTED, "do", "repository"),
        (READ, NotObserved("withheld", DO), "repository", "do"),
    ):
        conclusion = judge(examine(files, listed))
        assert verdicts(conclusion) == {seen: Verdict.PASS, unseen: Verdict.ERROR}
        assert conclusion.verdict is Verdict.ERROR


def test_what_is_absent_fails_its_own_vantage_point(examine):
    """A missing file or app is a deviation, and the other is judged all the same."""
    empty = Observed(Repository(".", None, None, True, (), (), NOON), FILES, NOON)
    assert verdicts(judge(examine(empty, LISTED))) == {
        "repository": Verdict.FAIL, "do": Verdict.PASS,
    }  # fmt: skip
    nothing = Observed(Reading("GET /v2/apps", '{"apps": []}', 1), DO, NOON)
    assert verdicts(judge(examine(READ, nothing))) == {
        "repository": Verdict.PASS, "do": Verdict.FAIL,
    }  # fmt: skip


def test_an_error_of_a_check_is_not_swallowed(examine):
    """Only what could not be seen ends a block in silence."""
    with pytest.raises(ZeroDivisionError), Vantages(examine(READ, LISTED)).apart():
        raise ZeroDivisionError


def test_without_a_command_there_is_no_rehearsal(examine):
    """Nothing says how to start it, and nothing is planned."""
    examination = examine(READ, LISTED, shutdowns)
    assert Vantages(examination).shutdown() is None


def test_a_rehearsal_is_what_was_planned(examine):
    """The declared command is what is looked up."""
    ended = Observed(Shutdown(200, 1.0, 0, 2.0, True, ""), Origin("process", ""), NOON)
    declared = DECLARED["shutdown"] | {"start": START}
    examination = examine(READ, LISTED, shutdowns, declared, ended)
    assert Vantages(examination).shutdown() == ended
    assert examination.exercises == {"shutdown"}
    planned = probes.shutdown(examination.environment, examination.subject)
    assert planned == ShutdownProbe(("node", "a.js"), "PORT", "/up", "/slow", 9)


def test_a_rehearsal_that_was_not_asked_for_is_not_tested(examine):
    """It is no error of the system, and no pass."""
    unseen = NotExercised("--exercise shutdown runs it", Origin("process", ""))
    declared = DECLARED["shutdown"] | {"start": START}
    examination = examine(READ, LISTED, shutdowns, declared, unseen)
    vantages = Vantages(examination)
    with vantages.apart():
        vantages.shutdown()
    assert examination.conclude().verdict is Verdict.NOT_TESTED


def test_the_paths_of_other_sections_are_read():
    """A manifest, a lock file and a source are planned without a `repository` section."""
    model = Environment.model_validate(DECLARED)
    assert set(probes.declared_paths(model)) == {"package.json", "lock.json", "end.js"}
