"""Our reading of Alertmanager's configuration is amtool's: what it loads, and where alerts go.

The classic syntax of matchers is compared, which is what amtool 0.25 knows.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.config import refusals
from plimsoll.semantics.alertmanager.matchers import Syntax
from plimsoll.semantics.alertmanager.routing import routes_of

FIXTURE = Path(__file__).parents[2] / "fixtures/app-oint/repository/monitoring/alertmanager.yml"
RECEIVERS = ("r0", "r1", "r2", "r3")
NAMES, VALUES = "abc", ("x", "y", "z", "xx", 'q"u', "a,b", "")
PATTERNS = ("x|y", "x.*", ".+", ".*", "", "(?i)X+", "[^x]", "x{1,2}", "(x|y)?", "\\w+", "z$|^y")


def amtool():
    """The path of amtool; without it there is nothing to compare with."""
    program = shutil.which("amtool")
    if program is None:
        reason = "amtool is not installed: apt-get install prometheus-alertmanager"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return program


def document(text):
    """A configuration, parsed."""
    return parse_yaml_document(text, "alertmanager.yml")


@st.composite
def lines(draw):
    """A line of `matchers`, in one of the ways that people write them."""
    label, operator = draw(st.sampled_from(NAMES)), draw(st.sampled_from(["=", "!=", "=~", "!~"]))
    value = draw(st.sampled_from(PATTERNS if "~" in operator else VALUES))
    quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    space = draw(st.sampled_from(["", " "]))
    plain = value if value and not set(value) & set('",{}') else quoted
    one = f"{label}{space}{operator}{space}{draw(st.sampled_from([quoted, plain]))}"
    return draw(st.sampled_from([one, f"{{{one}}}", f'{one}, c!="q"', f"{one},"]))


@st.composite
def routes(draw, depth=0):
    """A random route and what is below it."""
    made = (
        {"receiver": draw(st.sampled_from(RECEIVERS))} if not depth or draw(st.booleans()) else {}
    )
    if depth:
        kinds = draw(st.sets(st.sampled_from(["match", "match_re", "matchers"]), max_size=2))
        texts = {"match": st.sampled_from(VALUES), "match_re": st.sampled_from(PATTERNS)}
        for kind in sorted(kinds & texts.keys()):
            made[kind] = draw(st.dictionaries(st.sampled_from(NAMES), texts[kind], max_size=2))
        if "matchers" in kinds:
            made["matchers"] = draw(st.lists(lines(), max_size=2))
        made["continue"] = draw(st.booleans())
    if depth < 3:
        made["routes"] = draw(st.lists(routes(depth + 1), max_size=3 - depth // 2))
    return made


LABELS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["x", "y", "z", "xx"]), min_size=1)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(routes(), st.lists(LABELS, min_size=6, max_size=6))
def test_alerts_go_where_amtool_says(root, alerts):
    """Route alerts through random trees, six each: the same receivers, in the same order."""
    text = yaml.safe_dump({"route": root, "receivers": [{"name": name} for name in RECEIVERS]})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "alertmanager.yml"
        path.write_text(text)
        command = [amtool(), "config", "routes", "test", f"--config.file={path}"]
        running = [
            subprocess.Popen(
                [*command, *(f"{name}={value}" for name, value in labels.items())],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            for labels in alerts
        ]
        for labels, process in zip(alerts, running, strict=True):
            said, _ = process.communicate(timeout=20)
            assert process.returncode == 0
            routed = routes_of(document(text), labels, Syntax.CLASSIC)
            assert [one.receiver for one in routed] == said.strip().split(","), (text, labels)


BASE = FIXTURE.read_text() + "time_intervals:\n  - {name: nights, time_intervals: [{}]}\n"
ROUTE = '    - receiver: slack\n      matchers: [severity="warning"]\n'
PAGER = "routing_key_file: /run/secrets/pagerduty_routing_key"
NIGHTS = "time_intervals: [{}]"


def below_route(line):
    """A line more in a route."""
    return ROUTE, f"{ROUTE}      {line}\n"


def in_span(line):
    """A limit of the time interval."""
    return NIGHTS, f"time_intervals: [{{{line}}}]"


def another(config):
    """A channel more in a receiver."""
    return "  - name: daily-summary\n", f"  - name: daily-summary\n    {config}\n"


REFUSED = [
    ("route:\n", "routes:\n"),
    ("receiver: slack\n  group_by", "group_by"),
    ("  receiver: slack\n", "  receiver: nobody\n"),
    ("- receiver: daily-summary", "- receiver: nobody"),
    ("  group_wait: 30s\n", "  group_wait: 30s\n  continue: true\n"),
    ("  group_wait: 30s\n", "  group_wait: 30s\n  match: {a: b}\n"),
    ("  group_wait: 30s\n", "  group_wait: 30s\n  matchers: [a=b]\n"),
    ("  group_wait: 30s\n", "  group_wait: 30s\n  mute_time_intervals: [nights]\n"),
    ("  group_wait: 30s\n", "  group_wait: 30s\n  active_time_intervals: [nights]\n"),
    ("group_wait: 30s", "group_wait: 30"),
    ("group_wait: 30s", "group_wait: 1.5m"),
    ("group_wait: 30s", "group_wait: soon"),
    ("group_wait: 30s", "group_wait: -1s"),
    ("group_interval: 5m", "group_interval: 0s"),
    ("repeat_interval: 4h", "repeat_interval: 0"),
    ("resolve_timeout: 5m", "resolve_timeout: 5 minutes"),
    ("[alertname, region]", "[alertname, alertname]"),
    ("[alertname, region]", "[alertname, '...']"),
    ("[alertname, region]", "[alert-name]"),
    ("[alertname, region]", "alertname"),
    below_route("mute_time_intervals: [never]"),
    below_route("active_time_intervals: [never]"),
    below_route("match: {a-b: c}"),
    below_route("match_re: {a-b: c}"),
    below_route("match_re: {a: '('}"),
    below_route("match_re: {a: 'a**'}"),
    below_route("match_re: {a: '(?=a)'}"),
    below_route("match_re: {a: '[z-a]'}"),
    below_route("match_re: {a: 'a{2,1}'}"),
    below_route("match_re: {a: '\\1'}"),
    below_route("unknown: field"),
    below_route("continue: maybe"),
    ('[severity="warning"]', '[severity="warning]'),
    ('[severity="warning"]', '"severity=warning"'),
    ('[severity="warning"]', "['=warning']"),
    ('[severity="warning"]', "['severity~warning']"),
    ('[severity="warning"]', "['severity=~\"(\"']"),
    ('[severity="warning"]', "['severity=a\"b']"),
    ('source_matchers: [alertname="CriticalCpuUsage"]', "source_matchers: [alertname]"),
    ('source_matchers: [alertname="CriticalCpuUsage"]', "source_match: {a-b: c}"),
    ('target_matchers: [alertname="HighCpuUsage"]', "target_match_re: {a: '('}"),
    ("equal: [instance, region]", "equal: [a-b]"),
    ("equal: [instance, region]", "equals: [instance]"),
    ("  - name: slack\n", "  - name: daily-summary\n"),
    ("  - name: slack\n", "  - nome: slack\n"),
    ("  - name: slack\n", "  - name: ''\n"),
    ("slack_api_url_file: /run/secrets/slack_webhook_url", "smtp_hello: here"),
    ("slack_api_url_file: /run", "slack_api_url: http://a.b/c\n  slack_api_url_file: /run"),
    ("slack_api_url_file: /run/secrets/slack_webhook_url", "slack_api_url: '${SLACK_URL}'"),
    ("slack_api_url_file: /run/secrets/slack_webhook_url", "slack_api_url: ''"),
    ("slack_api_url_file: /run/secrets/slack_webhook_url", "slack_api_url: ftp://a.b/"),
    ("slack_api_url_file: /run/secrets/slack_webhook_url", "slack_api_url: 'https://'"),
    ("smtp_smarthost: smtp.eu.mailgun.org:587", "smtp_smarthost: smtp.eu.mailgun.org"),
    ("smtp_smarthost: smtp.eu.mailgun.org:587", "smtp_smarthost: 'smtp.eu.mailgun.org:'"),
    ("smtp_smarthost: smtp.eu.mailgun.org:587", "smtp_smarthost: '${HOST:-a.b:587}'"),
    ("smtp_smarthost: smtp.eu.mailgun.org:587", "smtp_hello: here"),
    ("smtp_from: alerts@appoint.com", "smtp_hello: here"),
    ("smtp_auth_password_file: ", "smtp_auth_password: a\n  smtp_auth_password_file: "),
    ("smtp_require_tls: true", "smtp_require_tls: 'true'"),
    ("      - to: devops@appoint.com\n", "      - subject: x\n"),
    ("      - to: devops@appoint.com\n", "      - to: ''\n"),
    ("          Subject: 'App-Oint daily summary'", "          Subject: a\n          subject: b"),
    (PAGER, "client: x"),
    (PAGER, f"{PAGER}\n        routing_key: abc"),
    (PAGER, f"{PAGER}\n        url: nowhere"),
    (PAGER, f"{PAGER}\n        body: x"),
    another("webhook_configs: [{}]"),
    another("webhook_configs: [{url: '${HOOK}'}]"),
    another("webhook_configs: [{url: 'http://a.b/', max_alerts: many}]"),
    another("opsgenie_configs: [{}]"),
    another("opsgenie_configs: [{api_key: a, responders: [{type: team}]}]"),
    another("opsgenie_configs: [{api_key: a, responders: [{id: b, type: crowd}]}]"),
    another("victorops_configs: [{api_key: a}]"),
    another("victorops_configs: [{routing_key: a}]"),
    another("victorops_configs: [{api_key: a, routing_key: b, custom_fields: {entity_id: c}}]"),
    another("pushover_configs: [{token: a}]"),
    another("pushover_configs: [{user_key: a}]"),
    another("sns_configs: [{sigv4: {region: x}}]"),
    another("telegram_configs: [{bot_token: a}]"),
    another("telegram_configs: [{chat_id: 1}]"),
    another("telegram_configs: [{bot_token: a, chat_id: 1, parse_mode: Plain}]"),
    another("wechat_configs: [{corp_id: a}]"),
    another("wechat_configs: [{api_secret: a}]"),
    another("wechat_configs: [{api_secret: a, corp_id: b, message_type: voice}]"),
    another("webex_configs: [{room_id: a}]"),
    another("discord_configs: [{}]"),
    another("slack_configs: [{fields: [{title: a}]}]"),
    another("slack_configs: [{fields: [{title: a, value: ''}]}]"),
    another("slack_configs: [{actions: [{type: button, text: b}]}]"),
    another("slack_configs: [{actions: [{text: b, url: c}]}]"),
    another("slack_configs: [{send_resolved: sometimes}]"),
    another("slack_configs: [{chanel: a}]"),
    another("telepathy_configs: [{}]"),
    (NIGHTS, "times: [{}]"),
    ("  - {name: nights, ", "  - {"),
    ("  - {name: nights, ", "  - {name: nights}\n  - {name: nights, "),
    in_span("times: [{start_time: '10:00', end_time: '09:00'}]"),
    in_span("times: [{start_time: '9:00', end_time: '10:00'}]"),
    in_span("times: [{start_time: '09:00'}]"),
    in_span("weekdays: ['friday:monday']"),
    in_span("weekdays: ['1:3']"),
    in_span("weekdays: ['a:b:c']"),
    in_span("days_of_month: [0]"),
    in_span("days_of_month: [32]"),
    in_span("days_of_month: ['-1:1']"),
    in_span("days_of_month: ['20:-10']"),
    in_span("months: ['december:january']"),
    in_span("months: [smarch]"),
    in_span("years: ['2030:2020']"),
    in_span("hours: ['1']"),
]
ACCEPTED = [
    ("group_wait: 30s", "group_wait: 0"),
    ("group_wait: 30s", "group_wait: 1h30m"),
    ("[alertname, region]", "['...']"),
    ("[alertname, region]", "[]"),
    ("[alertname, region]", "~"),
    ("receivers:\n", "receivers:\n  - name: nobody\n"),
    ("global:\n", "templates: [/etc/a/*.tmpl, 'b/[xy].tmpl']\nglobal:\n"),
    below_route("match: {a: 1, b: true, c: 1.50, d: ~}"),
    below_route("match_re: {a: 5.., b: '(?i)x|y', c: 'a{,5}', d: '[]a]', e: '[[:alpha:]]+'}"),
    ('[severity="warning"]', "['{a=\"b\", c!=d}', 'e=~\"x,y\"', '', ' f = g ', 'h=', 'i=\"j\",']"),
    below_route("mute_time_intervals: [nights]"),
    below_route("continue: yes"),
    below_route("routes: ~"),
    (PAGER, "service_key: '${PAGERDUTY_KEY}'"),
    (PAGER, "routing_key: CHANGEME"),
    ("to: devops@appoint.com\n        send", "to: '${TO}'\n        send"),
    ("slack_api_url_file: /run/secrets/slack_webhook_url", "slack_api_url: <secret>"),
    ("slack_api_url_file: /run/secrets/slack_webhook_url", "slack_api_url: http://a.example/x"),
    ("smtp_smarthost: smtp.eu.mailgun.org:587", "smtp_smarthost: '[::1]:25'"),
    another("webhook_configs: [{url: 'http://a.b/', max_alerts: 5}]"),
    another("telegram_configs: [{bot_token: a, chat_id: -5}]"),
    another("sns_configs: [{topic_arn: a, sigv4: {region: x}}]"),
    another("discord_configs: [{webhook_url: 'http://a.b/'}]"),
    another("slack_configs: ~"),
    in_span("times: [{start_time: '00:00', end_time: '24:00'}]"),
    in_span("weekdays: [Monday, 'tuesday:friday'], months: [13, 'march:10'], years: [2025]"),
    in_span("days_of_month: ['1:31', '-31:-1', 5], location: Europe/Berlin"),
]


def loads(tmp_path, text):
    """Whether amtool loads a configuration."""
    path = tmp_path / "alertmanager.yml"
    path.write_text(text)
    return (
        subprocess.run(
            [amtool(), "check-config", path], capture_output=True, check=False
        ).returncode
        == 0
    )


def mutated(old, new):
    """The fixture's configuration with one thing changed."""
    assert old in BASE
    return BASE.replace(old, new, 1)


@pytest.mark.parametrize(("old", "new"), REFUSED)
def test_what_amtool_refuses_is_refused(tmp_path, old, new):
    """Break one thing: amtool refuses the file, and we do, with the place."""
    text = mutated(old, new)
    assert not loads(tmp_path, text)
    found = refusals(document(text), Syntax.CLASSIC)
    assert found
    assert all(one.where.startswith("alertmanager.yml:") for one in found)


@pytest.mark.parametrize(("old", "new"), ACCEPTED)
def test_what_amtool_loads_is_accepted(tmp_path, old, new):
    """Write something unusual: amtool loads the file, and so do we."""
    text = mutated(old, new)
    assert loads(tmp_path, text)
    assert refusals(document(text), Syntax.CLASSIC) == ()
