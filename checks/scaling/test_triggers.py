"""What makes a component scale out, and in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.semantics.scaling_trigger import scale_out_triggers

if TYPE_CHECKING:
    from plimsoll.environment.scaling_inventory import ScalingInSubject, ScalingOutSubject
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.autoscaler_view import AutoscalerView

DISABLED = "Disabled"


@pytest.mark.control("SCL-02")
def test_instances_are_added_at_the_declared_utilization(
    scaling_out: ScalingOutSubject, autoscalers: AutoscalerView, expect: Expect
) -> None:
    """Read the component's autoscaler in each declared place; its triggers must be as declared.

    Judged is what the platform has: App Platform knows CPU and, for services, response time; a
    droplet pool knows CPU and, with an agent on its machines, memory; a HorizontalPodAutoscaler
    knows CPU, memory and how long a load must last, and may not be kept from scaling up. Memory on
    App Platform is therefore not judged. The duration is the
    stabilization window for scaling up: a shorter one answers to spikes that the declared rule
    ignores, a longer one lets the load wait.
    """
    for autoscaler in autoscalers.of(scaling_out.component):
        origin, value = autoscaler.origin, autoscaler.value
        for trigger in scale_out_triggers(value, scaling_out.triggers):
            expect.that(
                trigger.holds,
                trigger.name,
                observed=trigger.observed,
                expected=trigger.expected,
                at=origin.at(trigger.where),
            )
        if "scale_out_policy" in value.settable:
            expect.that(
                value.scale_out_policy != DISABLED,
                "scale-out policy",
                observed=value.scale_out_policy,
                expected="one that adds instances",
                at=origin.at(value.origin("scale_out_policy")),
            )


@pytest.mark.control("SCL-03")
def test_instances_are_taken_away_only_after_a_calm_that_lasts(
    scaling_in: ScalingInSubject, autoscalers: AutoscalerView, expect: Expect
) -> None:
    """Read the component's HorizontalPodAutoscaler and droplet pool: it waits, and may scale in.

    The stabilization window for scaling down, or the pool's cooldown, must be stated and at least
    the declared time; the policy for scaling down may not forbid it. The declared utilization for
    scaling in has no counterpart: an autoscaler has one target for both ways. App Platform has
    nothing to set here.
    """
    for autoscaler in autoscalers.of(scaling_in.component, "hpa", "droplet-pool"):
        origin, value = autoscaler.origin, autoscaler.value
        if "scale_in_policy" in value.settable:
            expect.that(
                value.scale_in_policy != DISABLED,
                "scale-in policy",
                observed=value.scale_in_policy,
                expected="one that takes instances away",
                at=origin.at(value.origin("scale_in_policy")),
            )
        if scaling_in.triggers.sustained_seconds is not None:
            expect.at_least(
                scaling_in.triggers.sustained_seconds,
                value.scale_in_window_seconds,
                "scale-in window",
                at=origin.at(value.origin("scale_in_window_seconds")),
                unit="s",
            )
