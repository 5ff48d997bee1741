"""Which alerts fire when, and what rules record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.alert_rule import AlertRule, RecordingRule
from plimsoll.semantics.promql import rule_run
from plimsoll.semantics.promql.alert_state import FIRING, PENDING, states
from plimsoll.semantics.promql.dialect import PROMETHEUS_2
from plimsoll.semantics.promql.rule_order import in_order
from plimsoll.semantics.promql.rule_run import RuleRun, run_rules
from plimsoll.semantics.promql.series import Grid, Series
from plimsoll.semantics.promql.store import SeriesStore

if TYPE_CHECKING:
    from collections.abc import Sequence

GRID = Grid(0, 60, 10)
Rule = AlertRule | RecordingRule


def alert(name: str, expression: str, hold: float = 0, keep: float = 0, **labels: str) -> AlertRule:
    """An alerting rule."""
    return AlertRule(name, expression, "g", f"{name}:1", hold, keep, labels=labels)


def record(name: str, expression: str, where: str = "", **labels: str) -> RecordingRule:
    """A recording rule."""
    return RecordingRule(name, expression, "g", where or f"{name}:1", labels)


def run(rules: Sequence[Rule], **values: Sequence[float | None]) -> RuleRun:
    """Run rules over series with a sample a minute."""
    series = [
        Series({"__name__": name, "i": "1"}, [60.0 * index for index in range(len(row))], row)
        for name, row in values.items()
    ]
    return run_rules(rules, SeriesStore(series), GRID, PROMETHEUS_2)


def fired(rules: Sequence[Rule], **values: Sequence[float | None]) -> dict[str, object]:
    """When each alert fired; all must be supported."""
    done = run(rules, **values)
    assert done.unsupported == {}
    return {firing.rule.name: firing.spans for firing in done.firings}


def test_an_alert_fires_once_it_has_held() -> None:
    """From the first answer on it is pending; a gap begins anew."""
    level = [0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    rules = [alert("AtOnce", "a > 0"), alert("Held", "a > 0", 120), alert("Long", "a > 0", 121)]
    assert fired(rules, a=level) == {
        "AtOnce": ((60.0, 180.0), (300.0, 540.0)),
        "Held": ((180.0, 180.0), (420.0, 540.0)),
        "Long": ((480.0, 540.0),),
    }


def test_an_alert_may_fire_on() -> None:
    """For as long as `keep_firing_for`, counted from the first moment of silence."""
    level = [1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0]
    kept = fired([alert("Kept", "a > 0", 60, 120)], a=level)
    assert kept == {"Kept": ((60.0, 180.0),)}
    again = fired([alert("Again", "a > 0", 0, 120)], a=level)
    assert again == {"Again": ((0.0, 180.0), (300.0, 540.0))}


def test_labels_of_the_rule_override() -> None:
    """The name is gone, labels of the series stay, templates of labels are filled in."""
    rules = [alert("A", "a", i="", severity="page", of="{{ $labels.i }}/{{$labels.none}}", n="x")]
    (firing,) = run(rules, a=[1.0]).firings
    assert firing.labels == {"alertname": "A", "severity": "page", "of": "1/", "n": "x"}


def test_a_reader_sees_what_was_recorded() -> None:
    """The same moment where the record stands before it, else the moment before."""
    rules = [
        alert("Before", "r > 2"),
        record("r", "a * 2", kind="double"),
        alert("After", "r > 2"),
        record("s", "max_over_time(r[2m])"),
        alert("Peak", "s > 2"),
    ]
    level = [1.0, 2.0, 1.0, 1.0, 1.0, 1.0]
    assert fired(rules, a=level) == {
        "Before": ((120.0, 120.0),),
        "After": ((60.0, 60.0),),
        "Peak": ((60.0, 180.0),),
    }


def test_what_is_no_longer_recorded_is_stale() -> None:
    """It disappears at once, not after five minutes."""
    rules = [record("r", "a > 1"), alert("There", "r"), alert("Gone", "absent(r)")]
    assert fired(rules, a=[2.0, 1.0, 2.0] + [1.0] * 7) == {
        "There": ((0.0, 0.0), (120.0, 120.0)),
        "Gone": ((60.0, 60.0), (180.0, 540.0)),
    }


def test_alerts_can_be_read() -> None:
    """Pending and firing, and since when; a pattern reads them as well."""
    rules = [
        alert("A", "a > 0", 120, severity="page"),
        alert("Pending", 'ALERTS{alertname="A", alertstate="pending"}', of="a"),
        alert(
            "Firing", '{__name__="ALERTS", alertstate="firing", alertname=~"A", severity="page"}'
        ),
        alert("Since", 'time() - ALERTS_FOR_STATE{alertname="A"} >= 180'),
        alert("Other", 'ALERTS{alertname="A", severity="ticket"}'),
    ]
    assert fired(rules, a=[0.0] + [1.0] * 5 + [0.0] * 4) == {
        "A": ((180.0, 300.0),),
        "Pending": ((60.0, 120.0),),
        "Firing": ((180.0, 300.0),),
        "Since": ((240.0, 300.0),),
    }


def test_a_number_always_alerts() -> None:
    """As a watchdog does."""
    assert fired([alert("Watchdog", "vector(1)"), alert("One", "1", 60)]) == {
        "Watchdog": ((0.0, 540.0),),
        "One": ((60.0, 540.0),),
    }


@pytest.mark.parametrize(
    ("rules", "reasons"),
    [
        ([record("r", "r + 1")], {"r:1": "records itself"}),
        (
            [record("r", "s"), record("s", "r"), alert("A", "s")],
            {"A:1": "of which nothing is known"},
        ),
        ([alert("A", 'ALERTS{alertname=~".+"}')], {"A:1": "records itself"}),
        ([alert("A", "info(a)")], {"A:1": "info"}),
        ([alert("A", "sum(")], {"A:1": "invalid|unexpected|unclosed"}),
        ([alert("A", "a", level="{{ $value }}")], {"A:1": "template"}),
        (
            [record("r", "info(a)"), alert("A", "r > 1")],
            {"r:1": "info", "A:1": "r, of which.*info"},
        ),
        ([record("r", "a", "1"), record("r", "a", "2"), alert("A", "r")], {"A:1": "two sources"}),
        ([record("a", "a offset 1m")], {"a:1": "records itself"}),
        ([record("b", "a"), alert("A", "b")], {"A:1": "two sources"}),
        ([alert("A", "max_over_time(r[2m:1m])"), record("r", "a")], {"A:1": "a later rule"}),
        ([record("r", "a"), alert("A", "r offset -1m")], {"A:1": "yet to come"}),
        ([record("r", "a"), alert("A", "r @ 60")], {"A:1": "yet to come"}),
        ([record("r", '{__name__=~"a|b"}', i="")], {"r:1": "the same labels twice"}),
        ([alert("A", '{__name__=~"a|b"}')], {"A:1": "the same labels twice"}),
        ([alert("A", '{__name__=~"\\\\pL"}')], {"A:1": "cannot evaluate"}),
    ],
)
def test_what_cannot_be_told_is_reported(rules: list[Rule], reasons: dict[str, str]) -> None:
    """With the reason; such a rule neither fires nor is silent, nor does one that reads it."""
    done = run(rules, a=[1.0] * 5, b=[2.0] * 5)
    for where, reason in reasons.items():
        assert re.search(reason, done.unsupported[where])
        assert all(firing.rule.where != where for firing in done.firings)


def test_all_rules_together_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of a thousand heavy rules is not worked off for hours."""
    monkeypatch.setattr(rule_run, "_MOST_COMPUTED", 100)
    done = run([alert(f"A{place}", "a > 0") for place in range(9)], a=[1.0] * 5)
    assert [firing.rule.name for firing in done.firings] == ["A0", "A1"]
    assert len(done.unsupported) == 7
    assert all("unreasonable" in reason for reason in done.unsupported.values())


def test_a_rule_that_only_selects_others_is_no_circle() -> None:
    """Labels tell two records of one name apart."""
    rules = [
        record("r", "a", "fast", window="5m"),
        record("r", 'avg_over_time(r{window="5m"}[2m])', "slow", window="1h"),
        alert("Slow", 'r{window="1h"} >= 1'),
    ]
    assert fired(rules, a=[1.0] * 10) == {"Slow": ((0.0, 540.0),)}


def test_rules_come_after_what_they_read() -> None:
    """Whatever order they stand in; members of a circle are told, its readers are not."""
    order, circular = in_order([(1,), (2,), (), (4,), (5,), (4,), (3,)])
    assert order.index(2) < order.index(1) < order.index(0)
    assert order.index(4) < order.index(3) < order.index(6)
    assert circular == {4, 5}
    chain, circular = in_order([(place + 1,) if place < 4_999 else () for place in range(5_000)])
    assert chain[0] == 4_999
    assert not circular


@given(
    st.lists(st.booleans(), max_size=20),
    st.integers(min_value=0, max_value=5),
    st.integers(min_value=0, max_value=3),
)
@settings(max_examples=100)
def test_states_follow_the_answers(answered: list[bool], hold: int, keep: int) -> None:
    """Never firing before it has held, never active without a reason, always `since` an answer."""
    moments = list(range(len(answered)))
    found = states(answered, moments, hold, keep)
    for moment, (there, state) in enumerate(zip(answered, found, strict=True)):
        assert not there or state is not None
        if state is not None:
            assert answered[state.since]
            assert state.name in (PENDING, FIRING)
            assert state.name == PENDING or moment - state.since >= hold
            assert there or (keep and state.name == FIRING)
    longer = states(answered, moments, hold + 1, keep)
    for one, other in zip(found, longer, strict=True):
        assert other is None or other.name == PENDING or (one is not None and one.name == FIRING)


@given(st.lists(st.sampled_from([0.0, 1.0, None]), min_size=1, max_size=10))
@settings(max_examples=60)
def test_without_samples_nothing_is_recorded(values: list[float | None]) -> None:
    """A record is there exactly where its expression answers."""
    done = run([record("r", "a > 0"), alert("R", "r"), alert("A", "a > 0")], a=values)
    spans = {firing.rule.name: firing.spans for firing in done.firings}
    assert spans.get("R") == spans.get("A")
    assert set(done.stores) == {"r:1", "R:1", "A:1"}
