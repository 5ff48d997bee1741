"""Answers of Prometheus, Alertmanager and Grafana, as facts; what is missing is never empty."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.monitoring_reading import MonitoringReading
from plimsoll.facts.silence import Silence, SilenceMatcher
from plimsoll.semantics.monitoring_api import alertmanager, grafana, prometheus
from plimsoll.semantics.monitoring_api.answer import UntoldError, read_answer
from plimsoll.semantics.monitoring_api.reads import MOST_DASHBOARDS

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
TARGET = {
    "health": "down",
    "lastError": "connection refused",
    "labels": {"job": "api", "instance": "api.fra1:5001", "service": "booking", "region": "fra1"},
}
RULE = {
    "name": "Gone", "type": "alerting", "health": "ok",
    "lastEvaluation": "2026-01-02T12:00:00.123456789Z",
}  # fmt: skip
GROUP = {"name": "level", "file": "/etc/rules.yml", "interval": 15, "rules": [RULE]}
MATCHER = {"name": "severity", "value": "critical", "isRegex": False, "isEqual": True}
SILENCE = {
    "id": "1", "startsAt": "2026-01-02T12:00:00Z", "endsAt": "2026-01-03T12:00:00Z",
    "status": {"state": "active"}, "matchers": [MATCHER],
}  # fmt: skip
DATASOURCE = {"uid": "p", "name": "Prometheus", "type": "prometheus", "url": "http://p:9090"}
DASHBOARD = {"uid": "o", "title": "Overview", "type": "dash-db"}

READERS = {
    "targets": (prometheus.targets, {"activeTargets": [TARGET]}),
    "groups": (prometheus.groups, {"groups": [GROUP]}),
    "links": (prometheus.alertmanagers, {"activeAlertmanagers": [], "droppedAlertmanagers": []}),
    "values": (prometheus.values, {"resultType": "vector", "result": [{"value": [1, "0.5"]}]}),
    "silences": (alertmanager.silences, [SILENCE]),
    "datasources": (grafana.datasources, [DATASOURCE]),
    "dashboards": (grafana.dashboards, [DASHBOARD]),
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def read(told):
    """An answer as a document."""
    return read_answer(MonitoringReading("GET http://p/api", json.dumps(told)))


def test_a_target_carries_its_labels_and_its_place():
    """Job and instance are labels as well, and the host of an instance has no port."""
    (target,) = prometheus.targets(read({"activeTargets": [TARGET]}))
    assert (target.job, target.instance, target.host) == ("api", "api.fra1:5001", "api.fra1")
    assert (target.health, target.last_error) == ("down", "connection refused")
    assert target.where == "GET http://p/api activeTargets[0]"


@pytest.mark.parametrize(
    ("labels", "is_its_own"),
    [
        ({"job": "booking", "instance": "a:1"}, True),
        ({"job": "x", "instance": "a:1", "service": "booking"}, True),
        ({"job": "x", "instance": "booking:5001"}, True),
        ({"job": "x", "instance": "booking.fra1.internal:5001"}, True),
        ({"job": "booking-exporter", "instance": "a:1"}, True),
        ({"job": "bookings", "instance": "rebooking:5001"}, False),
        ({"job": "", "instance": ""}, False),
    ],
)
def test_a_target_belongs_to_a_service_by_its_labels(labels, is_its_own):
    """By job, by the label service, by the host it is at, or by its exporter; never by a part."""
    found = prometheus.targets(read({"activeTargets": [TARGET | {"labels": labels}]}))
    own = prometheus.targets_of(found, "booking", "booking-exporter")
    assert bool(own) is is_its_own


def test_rules_know_when_they_were_evaluated():
    """Nine digits of a second are read; Go's zero time, and nothing at all, are no time."""
    rules = [
        RULE,
        RULE | {"lastEvaluation": "0001-01-01T00:00:00Z"},
        {key: value for key, value in RULE.items() if key != "lastEvaluation"},
    ]
    (group,) = prometheus.groups(read({"groups": [GROUP | {"rules": rules}]}))
    evaluated = [one.evaluated_at for one in group.rules]
    assert evaluated == [NOON.replace(microsecond=123456), None, None]
    assert (group.interval_seconds, group.file) == (15, "/etc/rules.yml")


def test_links_and_the_load_of_the_configuration_are_told_once():
    """What was dropped stays apart; what is not said stays unsaid."""
    told = {
        "activeAlertmanagers": [{"url": "http://a:9093/api/v2/alerts"}],
        "droppedAlertmanagers": [{"url": "http://b:9093/api/v2/alerts"}],
    }
    (links,) = prometheus.alertmanagers(read(told))
    assert links.active == ("http://a:9093/api/v2/alerts",)
    assert links.dropped == ("http://b:9093/api/v2/alerts",)
    loads = [{"reloadConfigSuccess": True}, {"reloadConfigSuccess": "true"}, {}]
    found = [prometheus.runtime(read(one))[0].is_loaded for one in loads]
    assert found == [True, None, None]


@pytest.mark.parametrize("number", ["NaN", "", "many", None, 0.5])
def test_what_is_no_number_is_not_a_value(number):
    """Prometheus writes numbers as texts, and what it cannot compute as NaN."""
    told = {"resultType": "vector", "result": [{"value": [1, number]}]}
    if number == 0.5:
        assert prometheus.values(read(told)) == (0.5,)
        return
    with pytest.raises(UntoldError):
        prometheus.values(read(told))


def test_only_an_instant_vector_has_values():
    """A scalar, a matrix and an answer without a kind are none; infinity is a value."""
    for kind in ("scalar", "matrix", None):
        with pytest.raises(UntoldError, match="vector"):
            prometheus.values(read({"resultType": kind, "result": []}))
    told = {"resultType": "vector", "result": [{"value": [1, "+Inf"]}, {"value": [1, "1e-3"]}]}
    assert prometheus.values(read(told)) == (float("inf"), 0.001)


def silence(*matchers):
    """A silence with these matchers, each a name, a value, whether a pattern, whether equal."""
    return Silence("1", tuple(SilenceMatcher(*one) for one in matchers), NOON, NOON, "active", "")


@pytest.mark.parametrize(
    ("matchers", "expected"),
    [
        ([("alertname", "Gone", False, True)], True),
        ([], True),
        ([("severity", "critical", False, True)], True),
        ([("severity", "warning", False, True)], False),
        ([("severity", "critical", False, False)], False),
        ([("severity", "warning", False, False)], True),
        ([("severity", "info|critical", True, True)], True),
        ([("severity", "info|warning", True, True)], False),
        ([("severity", "info|critical", True, False)], False),
        ([("severity", ".*", True, True)], None),
        ([("severity", "(a+)+$", True, True), ("severity", "warning", False, True)], False),
    ],
)
def test_a_silence_spares_critical_alerts_only_by_their_severity(matchers, expected):
    """Another label may or may not match some of them; a pattern beyond words is not judged."""
    assert alertmanager.mutes(silence(*matchers), "critical") is expected


def test_a_silence_is_written_as_alertmanager_writes_matchers():
    """The four operators."""
    matchers = [(name, "v", regex, equal) for name, regex, equal in
                [("a", False, True), ("b", False, False), ("c", True, True), ("d", True, False)]]  # fmt: skip
    assert str(silence(*matchers)) == '{a="v", b!="v", c=~"v", d!~"v"}'


def test_a_silence_of_an_older_version_has_no_negation():
    """`isEqual` came later: without it a matcher must be equal."""
    old = SILENCE | {"matchers": [{"name": "a", "value": "b", "isRegex": True}]}
    (found,) = alertmanager.silences(read([old]))
    assert str(found) == '{a=~"b"}'
    assert (found.ends_at - found.starts_at).days == 1


def test_grafana_lists_what_it_holds_and_no_more_than_it_can():
    """A list as long as the longest may have left something out."""
    assert grafana.dashboards(read([DASHBOARD]))[0].title == "Overview"
    assert grafana.datasources(read([DATASOURCE]))[0].kind == "prometheus"
    assert grafana.datasources(read([DATASOURCE | {"url": None}]))[0].url == ""
    with pytest.raises(UntoldError, match="or more"):
        grafana.dashboards(read([DASHBOARD] * MOST_DASHBOARDS))


@pytest.mark.parametrize("name", READERS)
def test_every_reader_reads_its_answer(name):
    """The form that the real servers send."""
    reader, told = READERS[name]
    assert isinstance(reader(read(told)), tuple)


@pytest.mark.parametrize("name", READERS)
@given(told=JSON)
def test_every_reader_tells_or_says_that_nothing_is_told(name, told):
    """Whatever came: facts, or UntoldError, and nothing else."""
    reader, _ = READERS[name]
    try:
        assert isinstance(reader(read(told)), tuple)
    except UntoldError as untold:
        assert str(untold)


@pytest.mark.parametrize("name", READERS)
def test_no_reader_takes_a_missing_list_for_an_empty_one(name):
    """Nothing is known, which is not the same as nothing."""
    reader, _ = READERS[name]
    for told in ({}, None, {"activeTargets": None, "groups": None}):
        with pytest.raises(UntoldError):
            reader(read(told))


def test_an_entry_without_what_makes_it_one_is_untold():
    """A group without a list of rules, a silence without matchers."""
    with pytest.raises(UntoldError, match="list"):
        prometheus.groups(read({"groups": [GROUP | {"rules": None}]}))
    with pytest.raises(UntoldError, match="list"):
        alertmanager.silences(read([SILENCE | {"matchers": None}]))


def test_what_is_no_json_is_untold():
    """A body that was cut, as evidence may hold it."""
    with pytest.raises(UntoldError, match="cannot be read"):
        read_answer(MonitoringReading("GET http://p/api", '{"a'))
