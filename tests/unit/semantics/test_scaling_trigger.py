"""The triggers an autoscaler is asked to have, beside those it has."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.environment.model import ScaleOut
from plimsoll.facts.autoscaler import Autoscaler
from plimsoll.semantics.scaling_trigger import scale_out_triggers

FIELDS = frozenset(
    ("cpu_percent", "memory_percent", "p95_milliseconds", "scale_out_window_seconds")
)
DECLARED = ScaleOut(
    cpu_percent=80, memory_percent=75.5, p95_milliseconds=3000, sustained_seconds=120
)


def test_each_declared_trigger_is_compared_exactly() -> None:
    """A different number and no number at all both deviate, each at its own line."""
    stated = Autoscaler(
        "api", "hpa", cpu_percent=80, memory_percent=76, settable=FIELDS, where={"component": "f:1"}
    )
    found = scale_out_triggers(stated, DECLARED)
    assert [(t.name, t.holds, t.observed, t.expected) for t in found] == [
        ("CPU target", True, "80 %", "80 %"),
        ("memory target", False, "76 %", "75.5 %"),
        ("p95 response time target", False, None, "3000 ms"),
        ("scale-out window", False, None, "120 s"),
    ]
    assert {t.where for t in found} == {"f:1"}


@given(st.frozensets(st.sampled_from(sorted(FIELDS))))
def test_a_trigger_that_cannot_be_set_is_not_asked_for(settable: frozenset[str]) -> None:
    """What a platform does not have is left out; what it has and does not state never holds."""
    found = scale_out_triggers(Autoscaler("api", "x", settable=settable), DECLARED)
    assert len(found) == len(settable)
    assert not any(trigger.holds for trigger in found)


def test_nothing_declared_asks_for_nothing() -> None:
    """An autoscaler with triggers of its own is not judged by what nobody declared."""
    stated = Autoscaler("api", "hpa", cpu_percent=10, settable=FIELDS)
    assert scale_out_triggers(stated, ScaleOut()) == ()
