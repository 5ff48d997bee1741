"""Faults in how Alertmanager routes, mutes and delivers what Prometheus tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
_CONFIG = "monitoring/alertmanager.yml"
_COMPOSE = "docker-compose.yml"
_CRITICAL = '    - receiver: slack-email-pagerduty\n      matchers: [severity="critical"]\n'
_FIRST = "  routes:\n"
_INHIBITION = "inhibit_rules:\n"
_PAGER_FILE = "routing_key_file: /run/secrets/pagerduty_routing_key"
_HOOK_FILE = "slack_api_url_file: /run/secrets/slack_webhook_url"
_OFFICE = (
    "\ntime_intervals:\n  - name: office\n    time_intervals:\n"
    "      - {weekdays: ['monday:friday'], times: [{start_time: '09:00', end_time: '17:00'}]}\n"
)


@fault("ALR-03a", "wrong-receiver", vantage="repository", environments=APP_OINT, also=("ALR-01c",))
def wrong_receiver(world: World) -> None:
    """Critical alerts go to the receiver of warnings, which has no pager."""
    world.files.replace(_CONFIG, _CRITICAL, _CRITICAL.replace("slack-email-pagerduty", "slack"))


@fault(
    "ALR-03a",
    "severity-nobody-routes",
    vantage="repository",
    environments=APP_OINT,
    also=("ALR-01c",),
)
def severity_nobody_routes(world: World) -> None:
    """The route waits for a severity that no alert has, and critical ones fall through."""
    world.files.replace(_CONFIG, _CRITICAL, _CRITICAL.replace('"critical"', '"page"'))


@fault("ALR-03a", "part-of-a-word", vantage="repository", environments=APP_OINT, also=("ALR-01c",))
def part_of_a_word(world: World) -> None:
    """The route's pattern matches a part of the severity; a pattern must match all of it."""
    world.files.replace(_CONFIG, _CRITICAL, _CRITICAL.replace('="critical"', '=~"crit"'))


@fault(
    "ALR-03a", "continue-missing", vantage="repository", environments=APP_OINT, also=("ALR-01c",)
)
def continue_missing(world: World) -> None:
    """A route to Slack stands before the one to the pager, and ends the walk."""
    first = '    - receiver: slack\n      matchers: [severity="critical"]\n'
    world.files.replace(_CONFIG, _CRITICAL, f"{first}{_CRITICAL}")


@fault(
    "ALR-03a",
    "some-alerts-go-astray",
    vantage="repository",
    environments=APP_OINT,
    also=("ALR-01c",),
)
def some_alerts_go_astray(world: World) -> None:
    """A route for the alerts of the database sends the critical ones to the daily summary."""
    first = '    - receiver: daily-summary\n      matchers: [alertname=~"Database.*"]\n'
    world.files.replace(_CONFIG, _FIRST, f"{_FIRST}{first}")


@fault(
    "ALR-03a",
    "one-region-goes-astray",
    vantage="repository",
    environments=APP_OINT,
    undecided=("ALR-01c",),
)
def one_region_goes_astray(world: World) -> None:
    """Whatever comes from the second region goes to the daily summary."""
    first = '    - receiver: daily-summary\n      matchers: [region="nyc1"]\n'
    world.files.replace(_CONFIG, _FIRST, f"{_FIRST}{first}")


@fault("ALR-03a", "channel-renamed", vantage="repository", environments=APP_OINT, also=("ALR-01c",))
def channel_renamed(world: World) -> None:
    """The alerts go to a channel of Slack that nobody was told of."""
    world.files.replace(_CONFIG, 'channel: "#appoint-alerts"', 'channel: "#alerts"')


@fault("ALR-03a", "no-email", vantage="repository", environments=APP_OINT, also=("ALR-01c",))
def no_email(world: World) -> None:
    """The receiver of critical alerts sends no e-mail any more."""
    text = world.files.text(_CONFIG)
    begin, end = text.index("    email_configs:\n"), text.index("    pagerduty_configs:\n")
    world.files.write(_CONFIG, text[:begin] + text[end:])


@fault("ALR-03a", "no-pager", vantage="repository", environments=APP_OINT, also=("ALR-01c",))
def no_pager(world: World) -> None:
    """The receiver of critical alerts pages nobody any more."""
    text = world.files.text(_CONFIG)
    begin, end = text.index("    pagerduty_configs:\n"), text.index("  - name: slack\n")
    world.files.write(_CONFIG, text[:begin] + text[end:])


@fault(
    "ALR-03a", "gathers-too-long", vantage="repository", environments=APP_OINT, also=("ALR-01c",)
)
def gathers_too_long(world: World) -> None:
    """Alertmanager gathers critical alerts for five minutes before it tells anybody."""
    world.files.replace(_CONFIG, "group_wait: 10s", "group_wait: 5m")


@fault(
    "ALR-03a",
    "late-in-its-group",
    vantage="repository",
    environments=APP_OINT,
    undecided=("ALR-01c",),
)
def late_in_its_group(world: World) -> None:
    """A critical alert that joins a group which was told of waits for hours."""
    world.files.replace(_CONFIG, "group_interval: 1m", "group_interval: 3h")


@fault("ALR-03a", "template-nobody-defines", vantage="repository", environments=APP_OINT)
def template_nobody_defines(world: World) -> None:
    """Critical messages have a title that was left behind in another repository."""
    title = (
        "{{ .Status | toUpper }} critical: {{ .GroupLabels.alertname }} {{ .GroupLabels.region }}"
    )
    world.files.replace(_CONFIG, title, '{{ template "appoint.title" . }}')


@fault(
    "ALR-03a",
    "only-in-office-hours",
    vantage="repository",
    environments=APP_OINT,
    also=("ALR-01c",),
)
def only_in_office_hours(world: World) -> None:
    """Critical alerts are told of on working days only."""
    active = f"{_CRITICAL}      active_time_intervals: [office]\n"
    world.files.replace(_CONFIG, _CRITICAL, active)
    world.files.write(_CONFIG, world.files.text(_CONFIG) + _OFFICE)


@fault(
    "ALR-03a",
    "muted-in-office-hours",
    vantage="repository",
    environments=APP_OINT,
    also=("ALR-01c",),
)
def muted_in_office_hours(world: World) -> None:
    """Warnings are muted while people work, for they would notice anyway."""
    route = '      matchers: [severity="warning"]\n'
    world.files.replace(_CONFIG, route, f"{route}      mute_time_intervals: [office]\n")
    world.files.write(_CONFIG, world.files.text(_CONFIG) + _OFFICE)


@fault("ALR-03a", "summary-renamed", vantage="repository", environments=APP_OINT)
def summary_renamed(world: World) -> None:
    """The route of the daily summary waits for a name that nothing is sent with."""
    world.files.replace(_CONFIG, 'alertname="DailySummary"', 'alertname="DailyReport"')


@fault("ALR-03b", "by-severity", vantage="repository", environments=APP_OINT)
def muted_by_severity(world: World) -> None:
    """Any critical alert mutes every warning."""
    _inhibit(world, 'severity="critical"', 'severity="warning"')


@fault("ALR-03b", "by-service", vantage="repository", environments=APP_OINT)
def muted_by_service(world: World) -> None:
    """A critical alert mutes every warning of its service, and of those without one."""
    _inhibit(world, 'severity="critical"', 'severity="warning"', "service")


@fault("ALR-03b", "service-down-mutes-all", vantage="repository", environments=APP_OINT)
def service_down_mutes_all(world: World) -> None:
    """A service that is down mutes whatever else is wrong with it."""
    _inhibit(world, 'alertname="ServiceDown"', 'alertname=~".*"', "service")


@fault("ALR-03b", "mutual", vantage="repository", environments=APP_OINT)
def mutual_inhibition(world: World) -> None:
    """Two alerts mute each other, so that nobody is told of either."""
    _inhibit(world, 'alertname="DatabaseSlow"', 'alertname="DatabaseHighLatency"', "service")


@fault("ALR-03b", "critical-muted-by-warning", vantage="repository", environments=APP_OINT)
def critical_muted_by_warning(world: World) -> None:
    """The rule is the wrong way round: the warning mutes the critical alert."""
    world.files.replace(
        _CONFIG,
        '[alertname="HighLatency"]\n    target_matchers: [alertname="LatencyObjectiveAtRisk"]',
        '[alertname="LatencyObjectiveAtRisk"]\n    target_matchers: [alertname="HighLatency"]',
    )


@fault("ALR-03b", "nothing-equal", vantage="repository", environments=APP_OINT)
def nothing_equal(world: World) -> None:
    """A slow service mutes the warnings of all others: nothing has to be equal."""
    rule = 'target_matchers: [alertname="LatencyObjectiveAtRisk"]\n'
    world.files.replace(_CONFIG, f"{rule}    equal: [service, region]\n", rule)


@fault("ALR-03b", "equal-label-nobody-carries", vantage="repository", environments=APP_OINT)
def equal_label_nobody_carries(world: World) -> None:
    """What has to be equal is a label that neither alert has: missing in both is equal."""
    rule = 'target_matchers: [alertname="DatabaseSlow"]\n'
    world.files.replace(
        _CONFIG, f"{rule}    equal: [service, region]", f"{rule}    equal: [cluster]"
    )


@fault("ALR-04", "placeholder-key", vantage="repository", environments=APP_OINT)
def placeholder_key(world: World) -> None:
    """The key of the pager was never filled in."""
    world.files.replace(_CONFIG, _PAGER_FILE, "routing_key: CHANGEME")


@fault(
    "ALR-04", "variable-for-a-key", vantage="repository", also=("CFG-01",), environments=APP_OINT
)
def variable_for_a_key(world: World) -> None:
    """The key of the pager is the name of a variable, which Alertmanager never expands."""
    world.files.replace(_CONFIG, _PAGER_FILE, "routing_key: ${PAGERDUTY_ROUTING_KEY}")


@fault("ALR-04", "documented-hook", vantage="repository", environments=APP_OINT)
def documented_hook(world: World) -> None:
    """The address of the Slack webhook is the one of Slack's documentation."""
    hook = "https://hooks.slack.com/services/T00000000/B00000000/" + "X" * 24
    world.files.replace(_CONFIG, _HOOK_FILE, f"slack_api_url: {hook}")


@fault(
    "ALR-04",
    "empty-hook",
    vantage="repository",
    also=("ALR-03a", "ALR-05", "CFG-01"),
    undecided=("ALR-01c", "ALR-03b", "ALR-04"),
    environments=APP_OINT,
)
def empty_hook(world: World) -> None:
    """There is no address of a Slack webhook, so that Alertmanager does not even load."""
    world.files.replace(_CONFIG, _HOOK_FILE, 'slack_api_url_file: ""')


@fault("ALR-04", "address-of-nobody", vantage="repository", environments=APP_OINT)
def address_of_nobody(world: World) -> None:
    """Critical alerts go to an address of a domain that exists in documentation only."""
    world.files.replace(_CONFIG, "oncall@appoint.com, ", "oncall@example.com, ")


@fault("ALR-04", "mail-server-of-nobody", vantage="repository", environments=APP_OINT)
def mail_server_of_nobody(world: World) -> None:
    """The mail server is the one of an example."""
    world.files.replace(_CONFIG, "smtp.eu.mailgun.org:587", "smtp.example.org:587")


@fault("ALR-04", "nothing-to-log-in-with", vantage="repository", environments=APP_OINT)
def nothing_to_log_in_with(world: World) -> None:
    """The mail server is told a user, and no password."""
    world.files.replace(_CONFIG, "  smtp_auth_password_file: /run/secrets/smtp_password\n", "")


@fault(
    "ALR-04", "secret-not-mounted", vantage="repository", environments=APP_OINT, also=("MET-05",)
)
def secret_not_mounted(world: World) -> None:
    """Compose does not give Alertmanager the file with the key of the pager."""
    mounted = "secrets: [slack_webhook_url, pagerduty_routing_key, smtp_password]"
    world.files.replace(_COMPOSE, mounted, "secrets: [slack_webhook_url, smtp_password]")


@fault("ALR-04", "secret-misspelled", vantage="repository", environments=APP_OINT, also=("MET-05",))
def secret_misspelled(world: World) -> None:
    """Alertmanager reads the address of the webhook from a file of another name."""
    world.files.replace(_CONFIG, _HOOK_FILE, _HOOK_FILE.replace("webhook_url", "webhook"))


def _inhibit(world: World, source: str, target: str, *equal: str) -> None:
    rule = f"  - source_matchers: ['{source}']\n    target_matchers: ['{target}']\n"
    compared = f"    equal: [{', '.join(equal)}]\n" if equal else ""
    world.files.replace(_CONFIG, _INHIBITION, f"{_INHIBITION}{rule}{compared}")
