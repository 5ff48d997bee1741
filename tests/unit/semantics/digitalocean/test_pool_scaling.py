"""A droplet pool scales as any other autoscaler does, told in the same words."""

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.environment.model import ScaleOut
from plimsoll.facts.droplet_pool import DropletPool
from plimsoll.semantics.digitalocean.pool_scaling import pool_autoscaler
from plimsoll.semantics.scaling_trigger import scale_out_triggers


def pool(**changes):
    """A pool that scales from two to ten machines."""
    usual = {"id": "p1", "name": "backend", "region": "ams3", "status": "active", "minimum": 2,
             "maximum": 10, "fixed": None, "cpu_utilization": 0.57, "memory_utilization": 0.75,
             "cooldown_minutes": 10.0, "running": 3, "has_agent": True,
             "where": "GET /v2/droplets/autoscale autoscale_pools[0]"}  # fmt: skip
    return DropletPool(**usual | changes)


def test_shares_become_percentages_and_minutes_seconds():
    """Without the noise of binary fractions: 0.57 is 57 %."""
    found = pool_autoscaler(pool())
    assert (found.minimum, found.maximum) == (2, 10)
    assert (found.cpu_percent, found.memory_percent) == (57, 75)
    assert found.scale_in_window_seconds == 600


def test_a_fixed_number_of_machines_is_a_range_of_that_number():
    """It has no targets, which could be set and are not."""
    found = pool_autoscaler(
        pool(fixed=3, minimum=None, maximum=None, cpu_utilization=None, memory_utilization=None)
    )
    assert found.is_fixed
    triggers = scale_out_triggers(found, ScaleOut(cpu_percent=80, memory_percent=75))
    assert [trigger.holds for trigger in triggers] == [False, False]


def test_memory_counts_for_nothing_without_the_agent_that_measures_it():
    """The target is stated, and has no effect."""
    assert pool_autoscaler(pool(has_agent=False)).memory_percent is None


@given(st.integers(5, 100))
def test_every_whole_percentage_is_met_exactly(percent):
    """What is declared in percent and set as a share is the same number."""
    found = pool_autoscaler(pool(cpu_utilization=percent / 100))
    (trigger,) = scale_out_triggers(found, ScaleOut(cpu_percent=percent))
    assert trigger.holds


@given(st.sampled_from(["minimum", "maximum", "cpu_utilization", "cooldown_minutes"]))
def test_what_is_not_stated_stays_unstated(field):
    """Nothing is filled in for the platform."""
    found = pool_autoscaler(pool(**{field: None}))
    told = (found.minimum, found.maximum, found.cpu_percent, found.scale_in_window_seconds)
    assert told.count(None) == 1
