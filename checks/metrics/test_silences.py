"""Nobody has silenced what must wake somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.monitoring_api.alertmanager import ENDED, mutes

if TYPE_CHECKING:
    from plimsoll.environment.monitoring_inventory import SilencingSubject
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.monitoring_view import MonitoringView


@pytest.mark.control("MET-11")
def test_no_silence_outlasts_its_reason(
    silencing: SilencingSubject, monitored: MonitoringView, expect: Expect
) -> None:
    """Read every silence of Alertmanager that has not ended, and how long it lasts in all.

    One that critical alerts can match, or alerts of the severity of any required alert, must not
    last longer than declared. Only a matcher of the label severity spares them; what a pattern that
    is more than words side by side matches there is not known.
    """
    found = monitored.silences()
    long = [
        one
        for one in found.value
        if one.state != ENDED
        and (one.ends_at - one.starts_at).total_seconds() > silencing.hours * 3600
    ]
    muted = {one.id: [mutes(one, severity) for severity in silencing.severities] for one in long}
    offenders = [
        (f"{one} until {one.ends_at:%Y-%m-%d}", one.where) for one in long if True in muted[one.id]
    ]
    needed = " or ".join(silencing.severities)
    expected = f"≤ {silencing.hours} hours for alerts that are {needed}"
    expect.none(offenders, "silence", expected=expected, at=found.origin)
    unclear = [str(one) for one in long if None in muted[one.id]]
    if unclear:
        reason = f"may or may not silence alerts that are {needed}: {unclear[0]}"
        raise NotObserved(reason, found.origin)
