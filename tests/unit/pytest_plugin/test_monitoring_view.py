"""What checks see of running monitoring: what was planned, apart from what their files say."""

import json

import pytest

from plimsoll.environment import monitoring_inventory as inventory
from plimsoll.environment.model import Environment
from plimsoll.facts.monitoring_reading import MonitoringProbe, MonitoringReading
from plimsoll.findings import NotObserved, Observed, Origin
from plimsoll.pytest_plugin.examination import Examination
from plimsoll.pytest_plugin.monitoring import FACTS, probe, reads_files, reads_plan, uptime_plan
from plimsoll.pytest_plugin.monitoring_view import MonitoringView
from plimsoll.semantics.monitoring_api.reads import READS

URL = "https://prometheus.example.com"
DECLARED = {
    "schema": "plimsoll/environment/1",
    "system": "Ferry",
    "repository": {
        "scrape": {"config": "prometheus.yml", "compose": "compose.yml", "services": ["api"]}
    },
    "digitalocean": {
        "uptime": [{"name": "web", "target": "https://example.com"}],
        "availability_percent": 99.9,
    },
    "monitoring": {
        "prometheus": {"url": URL, "user": "reader", "credential": "PASSWORD"},
        "alertmanager": {"url": "https://am.example.com", "silence_hours_at_most": 8},
        "grafana": {"url": "https://g.example.com", "dashboards": [{"uid": "overview"}]},
        "availability": [
            {"name": "web", "uptime": "web", "expression": "up", "objective_percent": 99.9,
             "days": 1},
        ],
    },
}  # fmt: skip
MODEL = Environment.model_validate(DECLARED)


def only(subjects):
    """The one subject of a kind."""
    (subject,) = subjects(MODEL)
    return subject


def view(subject, noon, **answers):
    """A subject as it is seen where the systems answered these, by the read's name."""
    seen = {}
    for planned in reads_plan(MODEL, subject):
        name = planned.of.partition("_")[0] or planned.read
        origin = Origin("prom", f"GET {planned.url}/{name}", simulated=True)
        if name in answers:
            body = json.dumps(answers[name])
            seen[planned] = Observed(MonitoringReading(origin.where, body), origin, noon)
        else:
            seen[planned] = NotObserved("withheld", origin)
    return MonitoringView(Examination("MET-04", subject, MODEL, seen))


def planned(subjects):
    """The reads of a subject, by system and name."""
    return [(one.system, one.read) for one in reads_plan(MODEL, only(subjects))]


def test_each_subject_is_told_by_its_reads():
    """And by the files and the uptime check that tell about it as well."""
    assert planned(inventory.scraped_services) == [("prometheus", "targets")]
    assert planned(inventory.prometheus_servers) == [
        ("prometheus", "runtime"), ("prometheus", "rules"), ("prometheus", "alertmanagers"),
    ]  # fmt: skip
    assert planned(inventory.dashboards) == [("grafana", "dashboards"), ("grafana", "datasources")]
    assert planned(inventory.availabilities) == [("prometheus", "query")] * 2
    assert planned(inventory.silencing) == [("alertmanager", "silences")]
    assert reads_plan(MODEL, "something else") == ()


def test_files_and_uptime_checks_are_planned_where_they_tell():
    """Not for what only a running system knows."""
    assert reads_files(only(inventory.scraped_services))
    assert reads_files(only(inventory.prometheus_servers))
    assert not reads_files(only(inventory.dashboards))
    assert not reads_files(only(inventory.silencing))
    reads = [one.read for one in uptime_plan(MODEL, only(inventory.availabilities))]
    assert reads == ["uptime-checks", "uptime-state"]
    assert uptime_plan(MODEL, only(inventory.silencing)) == ()


def test_a_probe_carries_names_and_no_secret():
    """The variable of the password, the user it belongs to; none for what is not declared."""
    expected = MonitoringProbe("prometheus", "query", URL, "up", "PASSWORD", "reader")
    assert probe(MODEL, "prometheus", "query", "up") == expected
    bare = Environment.model_validate({"schema": "plimsoll/environment/1", "system": "Ferry"})
    assert [probe(bare, one, "targets") for one in ("prometheus", "alertmanager", "grafana")] == [
        None
    ] * 3


def test_every_read_is_made_facts_of():
    """Nothing is asked that nobody reads."""
    assert FACTS.keys() == READS.keys()


def test_targets_rules_and_links_are_seen(noon):
    """Each from its own read."""
    target = {"health": "up", "labels": {"job": "api", "instance": "a:1"}}
    seen = view(only(inventory.scraped_services), noon, targets={"activeTargets": [target]})
    assert seen.targets().value[0].job == "api"
    links = {"activeAlertmanagers": [{"url": "http://am"}], "droppedAlertmanagers": []}
    answers = {"rules": {"groups": []}, "alertmanagers": links,
               "runtime": {"reloadConfigSuccess": True}}  # fmt: skip
    seen = view(only(inventory.prometheus_servers), noon, **answers)
    assert seen.rule_groups().value == ()
    assert seen.alertmanagers().value.active == ("http://am",)
    assert seen.configuration().value.is_loaded is True


def test_dashboards_datasources_and_silences_are_seen(noon):
    """As their systems list them."""
    seen = view(
        only(inventory.dashboards), noon, dashboards=[{"uid": "overview", "title": "T"}],
        datasources=[],
    )  # fmt: skip
    assert seen.dashboards().value[0].uid == "overview"
    assert seen.datasources().value == ()
    assert view(only(inventory.silencing), noon, silences=[]).silences().value == ()


@pytest.mark.parametrize("look", ["targets", "dashboards", "silences"])
def test_what_is_not_declared_is_not_observed(noon, look):
    """Whoever asks for it nevertheless is told so."""
    bare = Environment.model_validate({"schema": "plimsoll/environment/1", "system": "Ferry"})
    seen = MonitoringView(Examination("MET-04", None, bare, {}))
    with pytest.raises(NotObserved, match="is declared"):
        getattr(seen, look)()


def test_an_answer_that_tells_too_little_is_not_observed(noon):
    """Nothing of it is taken for nothing."""
    seen = view(only(inventory.scraped_services), noon, targets={})
    with pytest.raises(NotObserved, match="has no list"):
        seen.targets()
    with pytest.raises(NotObserved, match="withheld"):
        view(only(inventory.scraped_services), noon).targets()


def vector(*values):
    """The answer to a query, one series for each value."""
    return {"resultType": "vector", "result": [{"value": [1, one]} for one in values]}


def test_availability_is_a_share_of_so_many_minutes(noon):
    """Of the window that is declared."""
    subject = only(inventory.availabilities)
    seen = view(subject, noon, avg=vector("0.99"), count=vector("720"))
    measured = seen.measured(subject.measured).value
    assert (measured.share, measured.minutes, measured.window_minutes) == (0.99, 720, 1440)


@pytest.mark.parametrize(
    ("avg", "count", "reason"),
    [
        (vector(), vector(), "no data"),
        (vector("0.9"), vector(), "no data"),
        (vector("0.9", "0.8"), vector("1"), "2 series"),
        (vector("99.5"), vector("1440"), "share from 0 to 1"),
        (vector("NaN"), vector("1440"), "no number"),
        ({"resultType": "scalar", "result": []}, vector("1"), "vector"),
    ],
)
def test_what_is_no_share_is_not_observed(noon, avg, count, reason):
    """No data, several series, percent, no number."""
    subject = only(inventory.availabilities)
    with pytest.raises(NotObserved, match=reason):
        view(subject, noon, avg=avg, count=count).measured(subject.measured)
