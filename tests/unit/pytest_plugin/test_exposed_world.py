"""The deployed world is put together of what was seen; what was not is said with its reason."""

from datetime import UTC, datetime

import pytest

from plimsoll.environment.exposure_inventory import asking_rule_files
from plimsoll.environment.model import Environment
from plimsoll.facts.exchange import Exchange
from plimsoll.facts.repository import FileRecord, Repository
from plimsoll.findings import NotExercised, NotObserved, Observed, Origin
from plimsoll.pytest_plugin import exposure, probes
from plimsoll.pytest_plugin.examination import Examination
from plimsoll.pytest_plugin.repository_view import RepositoryView
from plimsoll.semantics.exposure.deployment import Standing

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
URL = "https://shop.example/metrics"
HTTP = Origin("http", URL)
SCRIPT = 'echo "# TYPE backup_age gauge"\n'
FILES = {
    "prometheus.yml": "scrape_configs: [{job_name: j, static_configs: [{targets: ['api:80', 'node:9100']}]}]",
    "compose.yml": "services:\n  api: {build: ., expose: ['80']}\n"
    "  node: {image: 'prom/node-exporter:v1.10.2', expose: ['9100'],"
    " command: [--collector.textfile.directory=/t]}\n",
    "rules.yml": "groups: [{name: g, rules: [{record: 'a:b', expr: orders_total},"
    " {alert: A, expr: 'a:b > 1 or backup_age > 1'}]}]",
    "backup.sh": SCRIPT,
}  # fmt: skip
DECLARED = {
    "schema": "plimsoll/environment/1",
    "system": "Shop",
    "endpoints": [{"name": "metrics", "kind": "metrics", "url": URL}],
    "metrics": {"credential": "TOKEN", "signals": ["cpu"]},
    "repository": {
        "rule_files": ["rules.yml"],
        "scrape": {
            "config": "prometheus.yml",
            "compose": "compose.yml",
            "services": ["api"],
            "expositions": {"api": "metrics"},
            "textfiles": {"node": ["backup.sh", "absent.sh"]},
        },
    },
}


def answer(text="orders_total 1\n", status=200, truncated=False, origin=HTTP):
    """Return what the endpoint answers."""
    headers = (("content-type", "text/plain"),)
    made = Exchange(URL, status, "1.1", headers, text.encode(), truncated, 1.0, NOON)
    return Observed((made,), origin, NOON)


@pytest.fixture
def examine():
    """Open the examination of the rule file, with a repository and what the endpoint said."""

    def opened(seen, files=FILES, declared=DECLARED):
        model = Environment.model_validate(declared)
        found = asking_rule_files(model)
        subject = found[0] if isinstance(found, tuple) else None
        records = tuple(FileRecord(path, 1, "", text) for path, text in files.items())
        read = Repository(".", None, None, True, tuple(files), records, NOON)
        (planned,) = exposure.exposition_plan(model, subject) or (None,)
        sightings = {planned: seen} if planned else {}
        examination = Examination("MET-07a", subject, model, sightings)
        repository = Observed(read, Origin("repository", "."), NOON)
        return examination, RepositoryView(examination, repository)

    return opened


def standing(examine, metric, seen, **settings):
    """Return what is known of a metric."""
    return exposure.deployment(*examine(seen, **settings)).provenance(metric)


def test_an_exposition_and_a_script_show_their_metrics(examine):
    """Read with the declared credential, and of the declared files."""
    assert (
        exposure.exposition_plan(Environment.model_validate(DECLARED), None)[0].credential
        == "TOKEN"
    )
    for metric, expected in (
        ("orders_total", Standing.EXPORTED),
        ("backup_age", Standing.EXPORTED),
        ("lost_total", Standing.NOBODY),
    ):
        assert standing(examine, metric, answer()).standing is expected


@pytest.mark.parametrize(
    ("seen", "reason", "untested"),
    [
        (answer(status=503), "answered with 503", False),
        (answer(truncated=True), "more than is read", False),
        (answer(text="<html>"), "cannot be read as metrics", False),
        (answer(origin=Origin("http", URL, simulated=True)), "is simulated", True),
        (NotObserved("refused", HTTP), "refused", False),
        (NotExercised("not asked for", HTTP), "not asked for", True),
    ],
)
def test_what_was_not_seen_is_unknown(examine, seen, reason, untested):
    """With the reason, and whether nobody looked."""
    found = standing(examine, "orders_total", seen)
    assert found.standing is Standing.UNKNOWN
    assert reason in found.reason
    assert found.untested is untested


def test_a_script_that_cannot_be_read_leaves_its_metrics_open(examine):
    """What it writes is then not known."""
    broken = FILES | {"backup.sh": "if then ("}
    assert standing(examine, "backup_age", answer(), files=broken).standing is Standing.UNKNOWN


def test_rules_get_what_is_exposed_for_what_they_ask(examine):
    """A target that may expose none of it is complete."""
    found = exposure.rules_exposure(*examine(answer()))
    assert found.value.is_complete
    assert found.origin.source == "repository"
    assert not exposure.rules_exposure(*examine(answer(status=503))).value.is_complete


def test_what_is_simulated_completes_no_real_target(examine):
    """Real files beside a simulated exposition: what the target may expose stays open."""
    simulated = answer(origin=Origin("http", URL, simulated=True))
    found = exposure.rules_exposure(*examine(simulated)).value
    assert not found.is_complete
    assert [one.metrics for one in found.targets if not one.complete] == [()]


def test_without_a_declaration_nothing_is_known(examine):
    """Not what is scraped, and so not who exposes what."""
    bare = {"schema": "plimsoll/environment/1", "system": "Shop", "repository": {}}
    assert exposure.exposition_plan(Environment.model_validate(bare), None) == ()
    with pytest.raises(NotObserved, match=r"no repository\.scrape"):
        exposure.deployment(*examine(answer(), declared=bare))


def test_everything_that_is_needed_is_planned():
    """The scripts are read, and the endpoint is asked."""
    model = Environment.model_validate(DECLARED)
    (subject,) = asking_rule_files(model)
    assert "backup.sh" in probes.declared_paths(model)
    for name in ("scraped_world", "exposure"):
        assert exposure.exposition_plan in probes.PROBES[name]
        assert probes.repository(model, subject) is not None
