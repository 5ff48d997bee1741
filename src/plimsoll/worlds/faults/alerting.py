"""Faults in what alerts tell whoever they wake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
_RULES = "monitoring/alerting-rules.yml"
_RUNBOOK = "          runbook_url: https://docs.app-oint.com/runbooks/region-down\n"


@fault("ALR-06", "no-runbook", vantage="repository", environments=APP_OINT)
def no_runbook(world: World) -> None:
    """An alert links to no runbook."""
    world.files.replace(_RULES, _RUNBOOK, "")


@fault("ALR-06", "placeholder-runbook", vantage="repository", environments=APP_OINT)
def placeholder_runbook(world: World) -> None:
    """The link to a runbook was never filled in."""
    world.files.replace(_RULES, _RUNBOOK, _RUNBOOK.replace("docs.app-oint.com", "wiki.example.com"))


@fault("ALR-06", "runbook-without-address", vantage="repository", environments=APP_OINT)
def runbook_without_address(world: World) -> None:
    """An alert names a runbook that is no address and no file."""
    world.files.replace(_RULES, _RUNBOOK, "          runbook_url: see the wiki\n")


@fault("ALR-06", "empty-summary", vantage="repository", environments=APP_OINT)
def empty_summary(world: World) -> None:
    """An alert has a summary with nothing in it."""
    said = 'summary: "Region {{ $labels.region }} is failing"'
    world.files.replace(_RULES, said, 'summary: ""')


@fault("ALR-06", "no-description", vantage="repository", environments=APP_OINT)
def no_description(world: World) -> None:
    """An alert describes itself under a name that nobody reads."""
    world.files.replace(
        _RULES, '          description: "More than 1 %', '          details: "More than 1 %'
    )


@fault(
    "ALR-06",
    "no-severity",
    vantage="repository",
    environments=APP_OINT,
    undecided=("ALR-01c",),
    also=("ALR-01a", "ALR-01b"),
)
def no_severity(world: World) -> None:
    """An alert carries a priority instead of a severity, by which nothing is routed."""
    rule = "expr: pg_up == 0\n        for: 1m\n        labels: "
    world.files.replace(_RULES, f"{rule}{{severity: critical}}", f"{rule}{{priority: P1}}")


@fault(
    "ALR-06",
    "no-alerts",
    vantage="repository",
    also=("ALR-01a", "ALR-01b", "ALR-03a"),
    undecided=(
        "ALR-01c",
        "ALR-02a",
        "ALR-02b",
        "ALR-02c",
        "ALR-03b",
        "ALR-04",
        "MET-07a",
        "MET-07c",
    ),
    environments=APP_OINT,
)
def no_alerts(world: World) -> None:
    """The rule file is valid, and holds no alert at all."""
    world.files.write(_RULES, "groups: []\n")
