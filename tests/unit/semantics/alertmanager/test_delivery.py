"""From labels to channels: what an alert does not reach is told, and why."""

from __future__ import annotations

import pytest

from plimsoll.environment.alerting_model import Route
from plimsoll.facts.alert_rule import AlertRule
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.delivery import gaps, sent_alerts, uncertain_gaps, ways
from plimsoll.semantics.alertmanager.labels import LabelSet
from plimsoll.semantics.alertmanager.matchers import Syntax
from plimsoll.semantics.alertmanager.raised_alerts import RaisedAlert, by_name, raised_alerts
from plimsoll.semantics.alertmanager.running import servers, syntax_of
from plimsoll.semantics.compose import services

CONFIG = """
route:
  receiver: nobody
  routes:
    - {matchers: [severity="critical", region="nyc1"], receiver: mail}
    - {matchers: [severity="critical"], receiver: all, group_wait: 2m}
    - {matchers: [severity="info"], receiver: all, active_time_intervals: [days]}
    - {matchers: [severity="debug"], receiver: all, mute_time_intervals: [always]}
receivers:
  - name: nobody
  - {name: mail, email_configs: [{to: a@shop.org}]}
  - {name: all, slack_configs: [{channel: "#a"}], email_configs: [{to: a@shop.org}]}
time_intervals:
  - {name: days, time_intervals: [{weekdays: [monday]}]}
  - {name: always, time_intervals: [{}]}
"""
SHOWN = "email ‹masked›@shop.org"


def route(within: int | None = None, **selection: object) -> Route:
    """Return a declared route to Slack and e-mail."""
    declared = {"name": "r", "channels": [{"kind": "slack", "to": "#a"}, {"kind": "email"}]}
    return Route.model_validate({**declared, "within_seconds": within, **selection})


def missing(labels: LabelSet, within: int | None = None) -> list[str]:
    """Return what an alert does not reach, spelled."""
    found = ways(parse_yaml_document(CONFIG, "a.yml"), labels, Syntax.FALLBACK)
    told = gaps("A", found, route(within, severity="critical"))
    return [f"{what}: {one.what} ({one.where})" for what, one in told]


@pytest.mark.parametrize(
    ("severity", "within", "expected"),
    [
        ("critical", 120, []),
        ("critical", None, []),
        (
            "critical",
            60,
            [
                "A → slack #a: told after 120 s of gathering (a.yml:6)",
                "A → email: told after 120 s of gathering (a.yml:6)",
            ],
        ),
        (
            "info",
            None,
            [
                "A → slack #a: told sometimes (only during days) (a.yml:7)",
                "A → email: told sometimes (only during days) (a.yml:7)",
            ],
        ),
        (
            "debug",
            None,
            [
                "A → slack #a: told never (not during always) (a.yml:8)",
                "A → email: told never (not during always) (a.yml:8)",
            ],
        ),
        (
            "page",
            None,
            [
                "A → slack #a: reaches nobody (a.yml:2)",
                "A → email: reaches nobody (a.yml:2)",
            ],
        ),
    ],
)
def test_what_an_alert_does_not_reach_is_told(
    severity: str, within: int | None, expected: list[str]
) -> None:
    """Send an alert with known labels."""
    assert missing(LabelSet({"severity": severity}), within) == expected


def test_every_way_must_lead_there() -> None:
    """Send an alert whose region nobody knows: in one of them nobody is told on Slack."""
    unsure = LabelSet({"severity": "critical"}, unsure=frozenset({"region"}))
    assert missing(unsure) == [f'A → slack #a: reaches {SHOWN} where region="nyc1" (a.yml:5)']


RULES = """
groups:
  - name: g
    rules:
      - {record: r, expr: sum(up)}
      - {alert: A, expr: up == 0 or r > 1, labels: {severity: critical}}
      - {alert: A, expr: absent(up), labels: {severity: warning}}
"""


def test_alerts_of_a_severity_are_sent() -> None:
    """Read the alerts of a rule file: each shape of those with the severity is sent."""
    raised = raised_alerts([parse_yaml_document(RULES, "r.yml")], None)
    assert len(by_name(raised)["A"]) == 3
    sent = sent_alerts(route(severity="critical"), raised)
    assert [name for name, _ in sent] == ["A", "A"]
    assert sent_alerts(route(severity="info"), raised) == ()


def test_a_severity_that_a_template_fills_in_may_be_any() -> None:
    """Let a template decide about the severity: the alert is sent with each one."""
    text = RULES.replace("severity: warning", "severity: '{{ $labels.a }}'")
    raised = raised_alerts([parse_yaml_document(text, "r.yml")], None)
    ((_, shape),) = sent_alerts(route(severity="info"), raised)
    assert shape.of("severity") == "info"


def test_labels_stand_for_what_no_rule_raises() -> None:
    """Declare labels instead of a severity: exactly those are sent."""
    raised = [RaisedAlert(AlertRule("A", "up", "g", "r.yml:1"), ())]
    sent = sent_alerts(route(labels={"alertname": "Summary"}), raised)
    assert sent == (("r", LabelSet({"alertname": "Summary"})),)


COMPOSE = """
services:
  own: {image: "prom/alertmanager:TAG", command: ["--config.file=/c.yml", "FLAG"], volumes: ["./a.yml:/c.yml"]}
  other: {image: prom/alertmanager, volumes: ["./b.yml:/etc/alertmanager/alertmanager.yml"]}
"""


@pytest.mark.parametrize(
    ("tag", "flag", "expected"),
    [
        ("v0.25.0", "--web.x=1", Syntax.CLASSIC),
        ("v0.28.1", "--web.x=1", Syntax.FALLBACK),
        ("latest", "--web.x=1", Syntax.FALLBACK),
        ("v0.28.1", "--enable-feature=classic-mode", Syntax.CLASSIC),
        ("v0.28.1", "--enable-feature=a,utf8-strict-mode", Syntax.UTF8),
    ],
)
def test_the_server_decides_about_the_syntax(tag: str, flag: str, expected: Syntax) -> None:
    """Find the server that reads the file, and ask what it takes for matchers."""
    text = COMPOSE.replace("TAG", tag).replace("FLAG", flag)
    (own,) = servers(parse_yaml_document(text, "c.yml"), "a.yml")
    assert (own.name, syntax_of(own)) == ("own", expected)


def test_an_image_of_one_s_own_is_taken_for_a_present_one() -> None:
    """Ask a server that is built from source."""
    (service,) = services(parse_yaml_document("services: {a: {build: .}}", "c.yml"))
    assert syntax_of(service) is Syntax.FALLBACK


REGIONAL = """
global: {external_labels: {region: "${REGION}"}}
scrape_configs: []
"""
BOTH = "{name: both, slack_configs: [{channel: '#a'}], email_configs: [{to: a@shop.org}]}"


@pytest.mark.parametrize(
    ("root", "routes", "certain", "uncertain"),
    [
        ("both", "{matchers: [region=nyc1], receiver: nobody}", 0, 2),
        ("nobody", "{matchers: ['region=~\"fra1|nyc1\"'], receiver: both}", 0, 2),
        ("nobody", "{matchers: ['region!=\"\"'], receiver: both}", 0, 2),
        ("nobody", "{matchers: [region=nyc1], receiver: nobody}", 2, 0),
        ("both", "{matchers: [region=nyc1], receiver: both}", 0, 0),
        ("both", "{matchers: ['region=~\".*\"'], receiver: nobody}", 2, 0),
        ("nobody", "{matchers: [severity=critical], receiver: both}", 0, 0),
        ("nobody", "{matchers: [severity=warning], receiver: both}", 2, 0),
    ],
)
def test_what_hangs_on_a_variable_is_no_certain_gap(
    root: str, routes: str, certain: int, uncertain: int
) -> None:
    """Unless alerts are missed whatever it holds. Each case tells of both declared channels."""
    config = parse_yaml_document(
        f"route: {{receiver: {root}, routes: [{routes}]}}\nreceivers: [{{name: nobody}}, {BOTH}]",
        "a.yml",
    )
    rules = (
        "groups: [{name: g, rules: [{alert: A, expr: sum(x) > 1, labels: {severity: critical}}]}]"
    )
    alerts = raised_alerts(
        [parse_yaml_document(rules, "r.yml")], parse_yaml_document(REGIONAL, "p.yml")
    )
    declared = route(severity="critical")
    ((name, shape),) = sent_alerts(declared, alerts)
    found = ways(config, shape, Syntax.FALLBACK)
    assert len(list(gaps(name, found, declared))) == certain
    assert len(list(uncertain_gaps(name, found, declared))) == uncertain
