"""The rehearsal's Prometheus scrapes every target, and alerts as the declared one does."""

import pytest

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.rehearsal.server_config import server_config
from plimsoll.semantics.rehearsal.targets import Target
from plimsoll.semantics.rehearsal.time_scale import TimeScale

TARGETS = (
    Target("api", {"instance": "a:1", "region": "east"}, "/target/0", ()),
    Target("api", {"instance": "b:1"}, "/target/1", ()),
    Target("db", {"instance": "a:1"}, "/target/2", ()),
)
OWN = """
global:
  scrape_interval: 1m
  external_labels: {cluster: main}
alerting:
  alert_relabel_configs: [{action: labeldrop, regex: replica}]
  alertmanagers: [{static_configs: [{targets: ["alertmanager:9093"]}]}]
rule_files: [/etc/rules.yml]
remote_write: [{url: "https://elsewhere.example.com"}]
"""


def config(own=None):
    """A configuration for these targets."""
    document = parse_yaml_document(own, "prometheus.yml") if own else None
    return server_config(TARGETS, ("exporter:1", "alerts:2"), ["rules.yml"], TimeScale(), document)


def test_each_target_has_a_path_of_its_own():
    """They share an exporter; a job holds all of its targets."""
    api, db = config()["scrape_configs"]
    assert (api["job_name"], api["honor_labels"]) == ("api", True)
    assert api["static_configs"][0] == {
        "targets": ["exporter:1"],
        "labels": {"instance": "a:1", "region": "east", "__metrics_path__": "/target/0"},
    }
    assert [len(one["static_configs"]) for one in (api, db)] == [2, 1]


def test_it_scrapes_and_evaluates_four_times_a_second():
    """As often as every fifteen seconds, sixty times faster."""
    assert config()["global"] == {
        "scrape_interval": "250ms",
        "scrape_timeout": "200ms",
        "evaluation_interval": "250ms",
    }


def test_what_changes_alerts_on_their_way_is_kept_and_nothing_else():
    """Labels that routes may match; no way to any other place."""
    made = config(OWN)
    assert made["global"]["external_labels"] == {"cluster": "main"}
    assert made["alerting"] == {
        "alertmanagers": [{"static_configs": [{"targets": ["alerts:2"]}]}],
        "alert_relabel_configs": [{"action": "labeldrop", "regex": "replica"}],
    }
    assert made["rule_files"] == ["rules.yml"]
    assert "remote_write" not in made


DROP = "{action: drop, source_labels: [severity], regex: critical}"


@pytest.mark.parametrize(
    ("entries", "relabelings"),
    [
        ("[]", [None]),
        ("[{}]", [None]),
        (f"[{{alert_relabel_configs: [{DROP}]}}]", ["drop"]),
        (f"[{{alert_relabel_configs: [{DROP}]}}, {{alert_relabel_configs: [{DROP}]}}]", ["drop"]),
        (f"[{{alert_relabel_configs: [{DROP}]}}, {{alert_relabel_configs: []}}]", ["drop", None]),
    ],
)
def test_alerts_are_relabeled_on_each_way_as_declared(entries, relabelings):
    """What an entry of `alertmanagers` drops does not arrive in the rehearsal either."""
    made = config(f"alerting: {{alertmanagers: {entries}}}")["alerting"]["alertmanagers"]
    assert [one["static_configs"] for one in made] == [[{"targets": ["alerts:2"]}]] * len(made)
    kept = [one.get("alert_relabel_configs") for one in made]
    assert [one and one[0]["action"] for one in kept] == relabelings
