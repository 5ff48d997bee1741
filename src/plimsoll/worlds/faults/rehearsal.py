"""Faults by which alerts do not arrive, as a rehearsal with the real programs shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
EXERCISE = "alerting"
_RULES = "monitoring/alerting-rules.yml"
_ALERTMANAGER = "monitoring/alertmanager.yml"


@fault(
    "ALR-09",
    "rule-never-fires",
    vantage="rehearsal",
    also=("ALR-01a", "ALR-01b"),
    undecided=("ALR-01c",),
    environments=APP_OINT,
    exercise=EXERCISE,
)
def rule_never_fires(world: World) -> None:
    """The alert for the database compares with a value that its metric never has."""
    world.files.replace(_RULES, "expr: pg_up == 0", "expr: pg_up < 0")


@fault(
    "ALR-09",
    "muted-by-its-own-warning",
    vantage="rehearsal",
    also=("ALR-01c", "ALR-03b"),
    environments=APP_OINT,
    exercise=EXERCISE,
)
def muted_by_its_own_warning(world: World) -> None:
    """An inhibition is the wrong way round: the warning about memory mutes the critical alert.

    Alertmanager gathers critical alerts long enough to have seen the warning in any case.
    """
    source, target = (
        f'  - source_matchers: [alertname="{one}MemoryUsage"]\n'
        f'    target_matchers: [alertname="{other}MemoryUsage"]\n'
        for one, other in (("Critical", "High"), ("High", "Critical"))
    )
    world.files.replace(_ALERTMANAGER, source, target)
    world.files.replace(_ALERTMANAGER, "      group_wait: 10s\n", "      group_wait: 45s\n")


@fault(
    "ALR-09",
    "routed-to-the-wrong-receiver",
    vantage="rehearsal",
    also=("ALR-01c", "ALR-03a"),
    environments=APP_OINT,
    exercise=EXERCISE,
)
def routed_to_the_wrong_receiver(world: World) -> None:
    """Critical alerts are routed to the receiver for warnings: no pager, no e-mail."""
    matcher = '      matchers: [severity="critical"]\n'
    world.files.replace(
        _ALERTMANAGER,
        f"    - receiver: slack-email-pagerduty\n{matcher}",
        f"    - receiver: slack\n{matcher}",
    )
