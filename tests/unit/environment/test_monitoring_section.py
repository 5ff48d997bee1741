"""The `monitoring` section: what it may say, and which subjects come of it."""

import pytest
from pydantic import ValidationError

from plimsoll.environment import monitoring_inventory as inventory
from plimsoll.environment.inventory import Undeclared, credentials
from plimsoll.environment.model import Environment
from plimsoll.environment.monitoring_model import Monitoring

PROMETHEUS = {"url": "https://prometheus.example.com", "credential": "PASSWORD", "user": "reader"}
BASE = {"schema": "plimsoll/environment/1", "system": "Ferry"}
MEASURED = {"name": "web", "expression": "up", "objective_percent": 99.9}
SCRAPE = {"config": "prometheus.yml", "compose": "compose.yml", "services": ["api", "db"],
          "exporters": {"db": "db-exporter"}}  # fmt: skip
DASHBOARDS = {"paths": ["a.json", "b.json"], "signals": ["p95"], "compose": "compose.yml"}
UPTIME = {"uptime": [{"name": "outside", "target": "https://example.com"}],
          "availability_percent": 99.9}  # fmt: skip


def environment(**sections):
    """An environment of these sections."""
    return Environment.model_validate(BASE | sections)


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        ({}, "nothing is declared"),
        ({"protected": True}, "nothing is declared"),
        ({"prometheus": {"url": "https://p.example/?a=b"}}, "without a query"),
        ({"prometheus": {"url": "https://p.example", "user": "a"}}, "needs a credential"),
        ({"prometheus": PROMETHEUS | {"user": "a:b"}}, "no colon"),
        ({"prometheus": PROMETHEUS | {"url": "http://p.example"}}, "https only"),
        ({"alertmanager": {"url": "https://a.example"}, "availability": [MEASURED]}, "measured by"),
        (
            {"prometheus": PROMETHEUS,
             "availability": [MEASURED | {"uptime": "x"}, MEASURED | {"name": "b", "uptime": "x"}]},
            "named twice",
        ),
        ({"prometheus": PROMETHEUS, "availability": [MEASURED, MEASURED]}, "declared twice"),
        ({"prometheus": PROMETHEUS | {"services": ["a", "a"]}}, "declared twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(declared, problem):
    """When the file is loaded, in words."""
    with pytest.raises(ValidationError, match=problem):
        Monitoring.model_validate(declared)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9090", "http://localhost:9090/prom"])
def test_a_tunnel_on_this_machine_needs_no_tls(url):
    """The credential does not leave it."""
    assert Monitoring.model_validate({"prometheus": PROMETHEUS | {"url": url}}).prometheus


def test_credentials_are_named_with_the_others():
    """A run may need them, and a mocked one makes them up."""
    grafana = {"url": "https://g.example", "credential": "TOKEN"}
    told = environment(monitoring={"prometheus": PROMETHEUS, "grafana": grafana})
    assert credentials(told) == ("PASSWORD", "TOKEN")


@pytest.mark.parametrize(
    "subjects",
    [
        inventory.scraped_services, inventory.prometheus_servers, inventory.dashboards,
        inventory.availabilities, inventory.monitoring_hosts, inventory.silencing,
    ],
)  # fmt: skip
def test_without_a_declaration_there_is_no_subject(subjects):
    """With the reason."""
    found = subjects(environment())
    assert isinstance(found, Undeclared)
    assert found.reason


def test_services_of_files_and_of_a_running_prometheus_are_one_list():
    """What both name is one subject, with its exporter."""
    running = PROMETHEUS | {"services": ["db", "queue"]}
    told = environment(repository={"scrape": SCRAPE}, monitoring={"prometheus": running})
    found = inventory.scraped_services(told)
    assert [one.id for one in found] == ["api", "db", "queue"]
    assert [one.exporter for one in found] == [None, "db-exporter", None]
    assert [one.scrape is not None for one in found] == [True, True, False]
    assert all(one.prometheus for one in found)
    in_files = inventory.scraped_services(environment(repository={"scrape": SCRAPE}))
    assert [one.prometheus for one in in_files] == [None, None]


def test_a_prometheus_is_called_by_its_configuration_where_there_is_one():
    """So that both vantage points are one subject."""
    files, running = {"scrape": SCRAPE}, {"prometheus": PROMETHEUS}
    (both,) = inventory.prometheus_servers(environment(repository=files, monitoring=running))
    (alone,) = inventory.prometheus_servers(environment(monitoring=running))
    assert (both.id, both.config, both.prometheus is None) == ("prometheus.yml",) * 2 + (False,)
    assert (alone.id, alone.config) == ("prometheus", None)


def test_dashboards_are_matched_by_their_file():
    """Those that only Grafana holds are called by their uid."""
    served = [{"uid": "one", "file": "a.json"}, {"uid": "two"}, {"uid": "x", "file": "c.json"}]
    grafana = {"url": "https://g.example", "dashboards": served}
    told = environment(repository={"dashboards": DASHBOARDS}, monitoring={"grafana": grafana})
    found = {one.id: one.served.uid if one.served else None for one in inventory.dashboards(told)}
    assert found == {"a.json": "one", "b.json": None, "two": "two", "x": "x"}


def test_availabilities_are_matched_by_their_uptime_check():
    """What only Prometheus measures is a subject of its own."""
    measured = [MEASURED | {"uptime": "outside"}, MEASURED | {"name": "inside"}]
    told = environment(
        digitalocean=UPTIME, monitoring={"prometheus": PROMETHEUS, "availability": measured}
    )
    found = {one.id: (one.uptime is None, one.measured) for one in inventory.availabilities(told)}
    assert list(found) == ["uptime-outside", "availability-inside"]
    assert [is_inside for is_inside, _ in found.values()] == [False, True]
    assert [one.name for _, one in found.values()] == ["web", "inside"]
    (outside,) = inventory.availabilities(environment(digitalocean=UPTIME))
    assert outside.measured is None


def test_protected_systems_are_asked_where_they_tell_most():
    """Below the prefix that they are served under."""
    declared = {
        "prometheus": PROMETHEUS | {"url": "https://m.example.com/prom/"},
        "grafana": {"url": "http://g.example.com:3000"},
        "protected": True,
    }
    found = {one.id: one for one in inventory.monitoring_hosts(environment(monitoring=declared))}
    assert found["prometheus"].url == "https://m.example.com/prom/api/v1/targets"
    assert found["prometheus"].plain_url == "http://m.example.com/prom/api/v1/targets"
    assert (found["grafana"].url, found["grafana"].port) == (
        "http://g.example.com:3000/api/search",
        3000,
    )


def test_silences_are_judged_where_a_limit_is_declared():
    """Without one any length is allowed."""
    alertmanager = {"url": "https://a.example"}
    told = environment(monitoring={"alertmanager": alertmanager})
    assert isinstance(inventory.silencing(told), Undeclared)
    limited = alertmanager | {"silence_hours_at_most": 24}
    (found,) = inventory.silencing(environment(monitoring={"alertmanager": limited}))
    assert (found.id, found.hours, found.severities) == ("alertmanager", 24, ("critical",))


def test_silences_are_judged_for_each_severity_of_a_required_alert():
    """A warning that is asked for must arrive as well; critical alerts must in any case."""
    limited = {"url": "https://a.example", "silence_hours_at_most": 24}
    required = [
        {"name": "backup", "condition": "backup-age", "above": 1, "severity": "warning"},
        {"name": "logins", "condition": "login-failures", "above": 1, "severity": "warning"},
    ]
    alerts = {"required": [one | {"within_seconds": 300} for one in required]}
    told = environment(monitoring={"alertmanager": limited}, alerts=alerts)
    (found,) = inventory.silencing(told)
    assert found.severities == ("critical", "warning")
