"""The right fault is staged for each alert, and nothing follows from what is not understood."""

import pytest

from plimsoll.environment.alerting_model import Channel, RequiredAlert, Route
from plimsoll.facts.alert_rule import AlertRule, RecordingRule
from plimsoll.semantics.alerting.synthesis import Synthesis
from plimsoll.semantics.alerting.watches import watches
from plimsoll.semantics.rehearsal.staging import look_back_seconds, staged


def required(condition, above=None, severity="critical", within_seconds=300):
    """An alert that there must be."""
    return RequiredAlert(
        name=f"{condition}-{severity}", condition=condition, above=above,
        within_seconds=within_seconds, severity=severity,
    )  # fmt: skip


def rules(*expressions, severity="critical", recordings=()):
    """Alerting rules named after their expressions."""
    alerts = [
        AlertRule(f"R{number}", text, "g", f"r.yml:{number}", labels={"severity": severity})
        for number, text in enumerate(expressions)
    ]
    return watches(alerts, recordings)


def world(found):
    """The world that rules watch."""
    return Synthesis.of(
        [text for rule in found for text in rule.expressions],
        recorded=frozenset().union(*(rule.recorded for rule in found)),
    )


def fault(alert, found, others=(), routes=()):
    """What is staged for an alert."""
    return staged(alert, [alert, *others], found, world(found), routes)


def test_the_rules_that_read_something_of_the_fault_are_kin():
    """By what their metrics tell, whatever they are called."""
    found = rules("pg_up == 0", "up == 0", "process_resident_memory_bytes > 1")
    made = fault(required("database-down"), found)
    assert made.kin == {"R0"}
    assert made.scenario.during.database_up == 0
    assert made.doubt == ""


def test_a_fault_lies_below_the_bound_of_a_worse_alert():
    """Or else the worse one would speak for this one, and may mute it."""
    found = rules("node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.25")
    warning = required("memory", 0.75, "warning")
    worse = [required("memory", 0.9), required("memory", 0.99), required("cpu", 0.76)]
    assert fault(warning, found, worse).scenario.during.memory == pytest.approx(0.825)
    assert fault(warning, found).scenario.during.memory > 0.83
    assert fault(worse[1], found, [warning]).scenario.during.memory > 0.99


def test_rules_look_back_over_windows_offsets_and_recordings():
    """A system must have been well that long before it breaks."""
    (plain,) = rules("rate(http_requests_total[5m] offset 1h) < 1")
    assert look_back_seconds(plain) == 3900.0
    recording = RecordingRule("job:rate", "rate(http_requests_total[10m])", "g", "r.yml:9")
    (stacked,) = rules("max_over_time(job:rate[1h]) > 1", recordings=[recording])
    assert look_back_seconds(stacked) == 4200.0
    (broken,) = rules("sum(")
    assert look_back_seconds(broken) == 0.0


def test_only_rules_of_the_severity_are_waited_for_and_none_for_hours():
    """How far any of them looks back is told all the same."""
    far = (
        "sum(rate(http_requests_total{status='500'}[6h])) / sum(rate(http_requests_total[6h])) > 1"
    )
    found = (
        *rules("rate(http_requests_total{status='500'}[5m]) > 1", far),
        *rules("rate(http_requests_total{status='500'}[1h]) > 1", severity="warning"),
    )
    made = fault(required("error-ratio", 0.01), found)
    assert made.history_seconds == 300.0
    assert made.longest_look_back_seconds == 6 * 3600.0


def test_silence_says_nothing_where_a_rule_waits_for_something_unknown():
    """It could be the rule that would have told."""
    found = rules("frobnication_error_weight > 3")
    assert "frobnication_error_weight" in fault(required("error-ratio", 0.01), found).doubt
    assert fault(required("cpu", 0.9), found).doubt == ""
    other = rules("frobnication_error_weight > 3", severity="warning")
    assert fault(required("error-ratio", 0.01), other).doubt == ""


def test_a_rule_that_cannot_be_read_is_no_kin():
    """It is left out of the rehearsal, and could be the one that would have told."""
    made = fault(required("down"), rules("up ==", "up == 0"))
    assert made.kin == {"R1"}
    assert made.doubt == "R0 (r.yml:0) cannot be read, and is left out"
    assert fault(required("down", severity="warning"), rules("up ==")).doubt == ""


def test_patience_is_what_is_required_and_what_alertmanager_may_gather():
    """A minute where the environment does not say."""
    found = rules("up == 0")
    alert = required("down", within_seconds=100)
    channel = Channel(kind="pagerduty")
    quick = Route(name="a", severity="critical", channels=(channel,), within_seconds=30)
    unsaid = Route(name="b", severity="critical", channels=(channel,))
    assert fault(alert, found).patience_seconds == 160.0
    assert fault(alert, found, routes=[quick]).patience_seconds == 130.0
    assert fault(alert, found, routes=[quick, unsaid]).patience_seconds == 160.0
