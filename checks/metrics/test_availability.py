"""The system was there when it was asked from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import UptimeSubject
    from plimsoll.environment.model import Environment
    from plimsoll.facts.uptime import RegionalState, UptimeCheck
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("MET-08")
def test_thirty_days_meet_the_objective(
    available_target: UptimeSubject,
    uptime_check: Observed[UptimeCheck],
    uptime_state: Observed[tuple[RegionalState, ...]],
    environment: Environment,
    expect: Expect,
) -> None:
    """Read what each region of the uptime check measured over the last thirty days.

    Each must be UP and have measured at least the declared percentage. A check that is not enabled,
    or a region without a percentage or still CHECKING, has measured nothing; nor has one that the
    check asks from and of which nothing is told.
    """
    if not uptime_check.value.enabled:
        raise NotObserved("the check does not show that it is enabled", uptime_check.origin)
    account, origin = environment.digitalocean, uptime_state.origin
    bound = account.availability_percent if account else None
    measured = [
        one
        for one in uptime_state.value
        if one.percent is not None and one.status not in {None, "CHECKING"}
    ]
    for one in measured:
        place = origin.at(one.where)
        expect.at_least(
            bound or 100, one.percent, f"availability from {one.region}", at=place, unit="%"
        )
        expect.equal("UP", one.status, f"status from {one.region}", at=place)
    silent = sorted(one.region for one in uptime_state.value if one not in measured)
    if silent or not measured:
        what = f"nothing was measured from {', '.join(silent) or 'any region'}"
        raise NotObserved(what, origin)
    asked, told = uptime_check.value.regions, len(uptime_state.value)
    if asked is None or told < len(set(asked)):
        count = "an unknown number" if asked is None else len(set(asked))
        raise NotObserved(f"{told} of {count} regions tell what they measured", origin)
