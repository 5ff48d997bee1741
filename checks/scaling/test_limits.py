"""How far a component may scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plimsoll.environment.scaling_inventory import ComponentSubject
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.autoscaler_view import AutoscalerView


@pytest.mark.control("SCL-01")
def test_component_scales_within_the_limits(
    component: ComponentSubject, autoscalers: AutoscalerView, expect: Expect
) -> None:
    """Read the component's autoscaler in each declared place; compare its range with the limits.

    Places are the declared files, the specification that each declared app runs, and the droplet
    pool. A fixed number of instances counts as a minimum and a maximum of that number. A bound that
    is not stated deviates: what a platform fills in is not what was decided.
    """
    limits = component.limits
    for autoscaler in autoscalers.of(component.component):
        low, high = autoscaler.value.minimum, autoscaler.value.maximum
        at_low = autoscaler.origin.at(autoscaler.value.origin("minimum"))
        at_high = autoscaler.origin.at(autoscaler.value.origin("maximum"))
        expect.at_least(limits.minimum, low, "minimum instances", at=at_low)
        expect.at_most(limits.maximum, high, "maximum instances", at=at_high)
        if low is not None and high is not None:
            expect.that(
                low <= high,
                "range of instances",
                observed=f"{low} to {high}",
                expected="minimum ≤ maximum",
                at=at_high,
            )
