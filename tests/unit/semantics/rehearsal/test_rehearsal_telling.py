"""How far an alert came is told in words."""

import pytest

from plimsoll.facts.rehearsal import Delivery, Fired, Held, Rehearsal, Staging
from plimsoll.semantics.rehearsal.telling import log, what_came_instead

FIRED = Fired("Down", "critical", 1.5, 90.0)
HELD = Held("Down", "critical", "inhibited by Flood")
ARRIVED = Delivery("Down", "critical", "night", "slack", ("#ops",), 2.0, 120.0, 1.0, True, False)
OTHER = Delivery("Slow", "warning", "day", "telegram", (), 2.0, 120.0, None, False, True)


@pytest.mark.parametrize(
    ("staging", "told"),
    [
        (Staging("a", "s", waited_seconds=12.0), "no alert fires within 12 s of the rehearsal"),
        (Staging("a", "s", fired=(FIRED,)), "Down (critical) fires, and nobody is told"),
        (Staging("a", "s", fired=(FIRED,), held=(HELD,)), "Down (critical) is inhibited by Flood"),
        (Staging("a", "s", delivered=(ARRIVED,)), "Down arrived on slack from night"),
        (Staging("a", "s", delivered=(OTHER,)), "Slow has severity warning"),
        (
            Staging("a", "s", fired=(FIRED,), delivered=(OTHER,)),
            "Down (critical) fires, and nobody is told; Slow has severity warning",
        ),
    ],
)
def test_it_is_told_how_far_an_alert_came(staging, told):
    """Not raised, held back, sent elsewhere, or of another severity."""
    assert what_came_instead(staging, "critical") == told


def test_many_are_not_all_listed():
    """A page of alerts helps nobody."""
    many = tuple(Fired(f"A{number}", "", 1.0, 60.0) for number in range(9))
    told = what_came_instead(Staging("a", "s", fired=many), "critical")
    assert told.count("fires") == 4
    assert told.endswith("and 5 more")


def test_the_log_has_a_line_for_everything_that_was_seen():
    """For people who want to follow it."""
    stagings = (
        Staging("down", "targets are down", "nobody looked", 9.0, (FIRED,), (ARRIVED, OTHER), (HELD,)),
    )  # fmt: skip
    rehearsal = Rehearsal("2.42.0", "0.25.0", 60.0, ("a", "b"), (), 1, (), stagings)
    first, fault, fired, arrived, other, held = log(rehearsal)
    assert first == ("Prometheus 2.42.0, Alertmanager 0.25.0, 2 groups of rules, 60 times faster")
    assert fault == "down: targets are down (not known: nobody looked)"
    assert "about 90 s at real speed" in fired
    assert "on slack #ops from night, its end 1.00 s after the fault's" in arrived
    assert "telegram (a webhook stands in) from day" in other
    assert held.strip() == "held back  Down (critical): inhibited by Flood"
