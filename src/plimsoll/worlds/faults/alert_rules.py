"""Faults in alerting rules that no reading for words would find."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
_RULES = "monitoring/alerting-rules.yml"
_ROUTES = "monitoring/alertmanager.yml"
_PROMETHEUS = "prometheus.yml"
_ERRORS = 'sum by (service, region) (rate(http_requests_total{status=~"5.."}[1m]))\n'
_ERROR_BOUND = "(rate(http_requests_total[1m]))\n            > 0.01"
_NEW_GROUP = "  - name: business\n    rules:\n"

_WITHOUT_RULES = (
    "ALR-01a",
    "ALR-01b",
    "ALR-01c",
    "ALR-02a",
    "ALR-02b",
    "ALR-02c",
    "ALR-03a",
    "ALR-03b",
    "ALR-04",
    "MET-07a",
    "MET-07c",
)
"""What a file of rules that Prometheus refuses leaves open."""
_in_logic = partial(
    fault,
    "ALR-01a",
    vantage="repository",
    also=("ALR-01b",),
    undecided=("ALR-01c",),
    environments=APP_OINT,
)
"""A rule that is silent for itself is so on what is exposed too, and nothing of it is delivered."""
_unheard = partial(_in_logic, undecided=("ALR-01c", "ALR-02a"))
"""Where no rule tells of the condition any more, silence below its bound shows nothing either."""
_alert = partial(fault, vantage="repository", environments=APP_OINT)


@_unheard("percent-for-a-share")
def percent_for_a_share(world: World) -> None:
    """The bound of 1 % is written as 1, which a share never exceeds."""
    world.files.replace(_RULES, _ERROR_BOUND, _ERROR_BOUND.replace("0.01", "1"))


@_unheard("label-lost-in-division")
def label_lost_in_division(world: World) -> None:
    """Errors of each route are divided by the requests of the service: nothing matches."""
    lost = 'rate(http_requests_total{status=~"5.."}[1m])\n'
    world.files.replace(_RULES, _ERRORS, lost)


@_unheard("pattern-for-one-digit")
def pattern_for_one_digit(world: World) -> None:
    """The pattern of the status is anchored: it matches nothing but the status "5"."""
    world.files.replace(_RULES, _ERRORS, _ERRORS.replace("5..", "5"))


@_unheard("window-shorter-than-scrapes")
def window_shorter_than_scrapes(world: World) -> None:
    """The rate looks back ten seconds, in which no two scrapes fall."""
    world.files.replace(_RULES, _ERRORS, _ERRORS.replace("1m", "10s"))


@_in_logic("severity-downgraded")
def severity_downgraded(world: World) -> None:
    """A database that is down is a warning."""
    rule = "expr: pg_up == 0\n        for: 1m\n        labels: {severity: "
    world.files.replace(_RULES, f"{rule}critical", f"{rule}warning")


@_unheard("too-late")
def too_late(world: World) -> None:
    """Exhausted memory is told after an hour."""
    exhausted = "> 0.90\n        for: 3m\n        labels: {severity: critical}"
    text = world.files.text(_RULES)
    before, memory = text.rsplit(exhausted, 1)
    world.files.write(_RULES, before + exhausted.replace("3m", "1h") + memory)


@_alert("ALR-01a", "average-hides-an-instance", also=("MET-07c",))
def average_hides_an_instance(world: World) -> None:
    """The CPU is averaged over all instances, so that a single busy one is never told."""
    text = world.files.text(_RULES)
    warning, following = text.split("- alert: CriticalCpuUsage")
    for alone, together in (
        ("avg by (service, region, instance) (rate(node_cpu", "avg (rate(node_cpu"),
        (
            "rate(process_cpu_seconds_total{job",
            "avg without (instance) (rate(process_cpu_seconds_total{job",
        ),
        ('business"}[1m]) > 0.80', 'business"}[1m])) > 0.80'),
    ):
        warning = warning.replace(alone, together)
    world.files.write(_RULES, f"{warning}- alert: CriticalCpuUsage{following}")


@_unheard("seconds-for-milliseconds")
def seconds_for_milliseconds(world: World) -> None:
    """The bound of five seconds is written in milliseconds."""
    quantile = (
        "sum by (le, service, region) (rate(http_request_duration_seconds_bucket[1m]))) > 5\n"
    )
    critical = f"{quantile}        for: 3m"
    world.files.replace(_RULES, critical, critical.replace("> 5", "> 5000"))


@_alert("ALR-01a", "silence-unheard", also=("ALR-01b",))
def silence_unheard(world: World) -> None:
    """Nobody is told when the targets are gone: an alert on `up == 0` needs an `up`."""
    world.files.replace(_RULES, ' == 0 or absent(up{job="functions"})', " == 0")


@_in_logic("resolves-by-itself")
def resolves_by_itself(world: World) -> None:
    """Traffic is compared with that of ten minutes ago, which soon is as low itself."""
    world.files.replace(_RULES, "[1h] offset 5m", "[5m] offset 5m")


@_alert(
    "ALR-01a",
    "counter-as-it-stands",
    also=("ALR-01b", "ALR-02b", "ALR-02c"),
    undecided=("ALR-01c",),
)
def counter_as_it_stands(world: World) -> None:
    """Failed connections are compared as counted since the start: a number that never falls."""
    rate = "(rate(database_connection_errors_total[1m])) > 0.05"
    world.files.replace(_RULES, rate, "(database_connection_errors_total) > 20")


@_alert("ALR-01b", "class-for-a-code", undecided=())
def class_for_a_code(world: World) -> None:
    """The rule reads the status class "5xx", where the application exports the code."""
    world.files.replace(_RULES, _ERRORS, _ERRORS.replace('=~"5.."', '="5xx"'))


@_alert("ALR-01b", "exported-by-nobody", also=("MET-07a",))
def exported_by_nobody(world: World) -> None:
    """The rule reads a counter under a name that nothing exports."""
    world.files.replace(
        _RULES, "database_connection_errors_total", "database_connection_failures_total"
    )


@_alert("ALR-01b", "pinned-to-a-region")
def pinned_to_a_region(world: World) -> None:
    """The rule asks for the region in which it was tried out, and nobody looks at the other."""
    pinned = _ERRORS.replace('{status=~"5.."}', '{status=~"5..", region="fra1"}')
    world.files.replace(_RULES, _ERRORS, pinned)


@_alert("ALR-01b", "pinned-to-an-instance")
def pinned_to_an_instance(world: World) -> None:
    """The health checks of the first instance are watched, and those of no other."""
    pinned = 'health_check_status{check!="memory", instance="functions:5001"} == 0'
    world.files.replace(_RULES, 'health_check_status{check!="memory"} == 0', pinned)


@_alert("ALR-01b", "job-left-out")
def job_left_out(world: World) -> None:
    """A service came later, and the rule that tells who is down still lists those before it."""
    down = '"functions|dashboard|marketing|admin|business"} == 0'
    world.files.replace(_RULES, down, down.replace("admin|", ""))


@_alert("ALR-01c", "muted-by-its-warning", also=("ALR-03b",))
def muted_by_its_warning(world: World) -> None:
    """The warning about memory mutes the critical alert about it, instead of the other way."""
    critical = (
        '[alertname="CriticalMemoryUsage"]\n    target_matchers: [alertname="HighMemoryUsage"]'
    )
    turned = '[alertname="HighMemoryUsage"]\n    target_matchers: [alertname="CriticalMemoryUsage"]'
    world.files.replace(_ROUTES, critical, turned)


@_alert("ALR-01c", "no-pager", also=("ALR-03a",))
def no_pager(world: World) -> None:
    """Critical alerts are routed to the receiver that has Slack alone."""
    route = "    - receiver: slack-email-pagerduty\n"
    world.files.replace(_ROUTES, route, "    - receiver: slack\n")


@_alert("ALR-02a", "stricter-than-asked")
def stricter_than_asked(world: World) -> None:
    """The warning about CPU comes at 70 %, where 80 % is asked for."""
    world.files.replace(_RULES, "[1m]) > 0.80", "[1m]) > 0.70")


@_alert("ALR-02a", "told-for-a-spike")
def told_for_a_spike(world: World) -> None:
    """Errors are told after half a minute, where they must have lasted for three."""
    hold = f"{_ERROR_BOUND}\n        for: "
    world.files.replace(_RULES, f"{hold}3m", f"{hold}30s")


@_alert("ALR-02b", "fires-after-a-restart", also=("ALR-02c",))
def fires_after_a_restart(world: World) -> None:
    """Every deployment is an alert: a counter that begins again counts as trouble."""
    _add(world, "CounterReset", "sum by (service, region) (resets(http_requests_total[10m])) > 0")


@_alert("ALR-02b", "fires-always", also=("ALR-02c",))
def fires_always(world: World) -> None:
    """The comparison of an alert is the wrong way around, and nobody has looked since."""
    _add(world, "MemoryNearlyFull", "process_resident_memory_bytes / app_memory_limit_bytes < 0.95")


@_alert("ALR-02c", "absence-of-the-unknown", also=("MET-07c",))
def absence_of_the_unknown(world: World) -> None:
    """An alert tells that a job is absent which was never there."""
    _add(world, "PaymentsAbsent", 'absent(up{job="payments"})')


@_alert("ALR-05", "unknown-function", also=("CFG-01",), undecided=_WITHOUT_RULES)
def unknown_function(world: World) -> None:
    """A rule calls a function that Prometheus does not have."""
    world.files.replace(_RULES, "expr: redis_up == 0", "expr: average(redis_up) == 0")


@_alert(
    "ALR-05",
    "unknown-field",
    also=("ALR-03a", "CFG-01"),
    undecided=("ALR-01c", "ALR-03b", "ALR-04"),
)
def unknown_field(world: World) -> None:
    """Alertmanager's configuration has a field that only an older one knew."""
    world.files.replace(_ROUTES, "  resolve_timeout: 5m\n", "  resolve_timeouts: 5m\n")


def _add(world: World, name: str, expression: str) -> None:
    """Add an alert that is complete, but for what its expression says."""
    rule = (
        f"      - alert: {name}\n"
        f"        expr: {expression}\n"
        "        labels: {severity: warning}\n"
        "        annotations:\n"
        f'          summary: "{name}"\n'
        f'          description: "{name} has been seen."\n'
        "          runbook_url: https://docs.app-oint.com/runbooks/high-memory\n\n"
    )
    world.files.replace(_RULES, _NEW_GROUP, _NEW_GROUP + rule)
