"""What runs has memory left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import app_spec
from plimsoll.semantics.digitalocean.running import running_spec

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import AppSubject
    from plimsoll.environment.model import Environment
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.running_instance import ComponentHealth
    from plimsoll.findings import Expect, Observed

MEASURED = ("service", "worker")


@pytest.mark.control("HLT-10")
def test_components_of_an_app_have_memory_left(
    measured_app: AppSubject,
    app: Observed[App],
    app_health: Observed[tuple[ComponentHealth, ...]],
    expect: Expect,
    environment: Environment,
) -> None:
    """Ask the platform how much of its memory each component of the app uses.

    Each must be below the declared limit. A service or worker that runs, and of which the platform
    tells no number, is not known to be.
    """
    limit, origin = environment.memory, app_health.origin
    if limit is None:
        raise NotObserved("no limit of memory is declared", origin)
    told = {one.component: one for one in app_health.value}
    running = [one.name for one in app_spec.components(running_spec(app)) if one.kind in MEASURED]
    for name, used in ((one.component, one.memory_percent) for one in app_health.value):
        if used is not None:
            what, at = f"memory of {name}", origin.at(told[name].where)
            shown, expected = f"{used:g} %", f"below {limit.below_percent:g} %"
            expect.that(used < limit.below_percent, what, observed=shown, expected=expected, at=at)
    names = dict.fromkeys([*running, *told])
    silent = [name for name in names if name not in told or told[name].memory_percent is None]
    if silent or not names:
        reason = f"tells no memory of {', '.join(silent) or 'any component'}"
        raise NotObserved(reason, origin)
