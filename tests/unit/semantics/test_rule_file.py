"""Rule files give alerts and recordings, and the faults Prometheus would refuse them for."""

from __future__ import annotations

import pytest

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics import rule_file

SOUND = """\
groups:
  - name: service
    interval: 30s
    labels: {team: web}
    rules:
      - alert: Down
        expr: up == 0
        for: 1m30s
        labels: {severity: critical}
        annotations: {summary: "{{ $labels.job }} is down"}
      - alert: Now
        expr: absent(up)
      - record: job:up:sum
        expr: sum by (job) (up)
"""


def rules(text: str = SOUND) -> Document:
    """Parse a rule file."""
    return parse_yaml_document(text, "rules.yml")


def test_alerts_and_recordings_are_read() -> None:
    """Read every field of two alerts and a recording."""
    down, now = rule_file.alert_rules(rules())
    assert (down.name, down.expression, down.group) == ("Down", "up == 0", "service")
    assert (down.for_seconds, down.interval_seconds, down.where) == (90, 30, "rules.yml:6")
    assert down.labels == {"team": "web", "severity": "critical"}
    assert down.annotations == {"summary": "{{ $labels.job }} is down"}
    assert now.for_seconds is None
    (recording,) = rule_file.recording_rules(rules())
    assert (recording.name, recording.expression) == ("job:up:sum", "sum by (job) (up)")


def test_a_sound_file_has_no_problems() -> None:
    """Validate a file in which everything is right, and a function of version 2."""
    assert rule_file.problems(rules()) == ()
    renamed = SOUND.replace("absent(up)", "holt_winters(up[1h], 0.5, 0.5)")
    assert rule_file.problems(rules(renamed)) == ()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("        expr: up == 0\n", "", "has no expr"),
        ("expr: up == 0", "expr: ''", "empty expression"),
        ("expr: up == 0", "expr: up ===", "does not parse"),
        ("expr: up == 0", "expr: rate(up) > 0", "does not parse"),
        ("for: 1m30s", "for: soon", 'for is "soon"'),
        ("for: 1m30s", "for: 5", "for is a whole number"),
        ("interval: 30s", "interval: often", 'interval is "often"'),
        ("for: 1m30s", "form: 1m", "unknown field groups[0].rules[0].form"),
        ("- alert: Down", "- alert: Down\n        record: x", "exactly one of alert and record"),
        ("record: job:up:sum", "record: job-up", "is not a metric name"),
        ("record: job:up:sum", "record: a\n        for: 1m", "a recording rule has for"),
        ("severity: critical", "not-a-label: x", "is not a label name"),
        ("severity: critical", "severity: 1", "severity is a whole number"),
        ("groups:", "groups:\n  - {name: service, rules: []}", "group service is given twice"),
        ("groups:", "group:", "the document has no groups"),
    ],
)
def test_a_fault_is_reported_with_its_place(old: str, new: str, what: str) -> None:
    """Break one thing."""
    assert old in SOUND
    found = rule_file.problems(rules(SOUND.replace(old, new, 1)))
    assert any(what in problem.what for problem in found), found
    assert all(problem.where.startswith("rules.yml:") for problem in found)


def test_an_alert_without_an_expression_is_no_rule() -> None:
    """Leave out the expression of an alert; it can never fire."""
    text = SOUND.replace("        expr: up == 0\n", "")
    assert [rule.name for rule in rule_file.alert_rules(rules(text))] == ["Now"]
