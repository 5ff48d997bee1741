"""Rules with everything they stand on."""

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.alert_rule import AlertRule, RecordingRule
from plimsoll.semantics.alerting.watches import metrics_of, reach_seconds, watches


def alert(expression, **changes):
    """An alerting rule."""
    return AlertRule("Alert", expression, "group", changes.pop("where", "rules.yml:1"), **changes)


def recording(name, expression):
    """A recording rule."""
    return RecordingRule(name, expression, "group", "rules.yml:9")


def test_recording_rules_are_followed_through_each_other():
    """In the order of the file, those that are not read left out."""
    recorded = [
        recording("a:rate", "rate(a[5m])"),
        recording("b:sum", "sum(a:rate)"),
        recording("c:other", "c"),
    ]
    (watch,) = watches([alert("b:sum > 1")], recorded)
    assert [one.name for one in watch.recordings] == ["a:rate", "b:sum"]
    assert watch.recorded == {"a:rate", "b:sum"}
    assert watch.expressions == ("rate(a[5m])", "sum(a:rate)", "b:sum > 1")


def test_two_recordings_of_one_name_are_both_taken():
    """They write different series of it."""
    recorded = [recording("a:r", 'rate(a{x="1"}[5m])'), recording("a:r", 'rate(a{x="2"}[5m])')]
    (watch,) = watches([alert("a:r > 1")], recorded)
    assert len(watch.recordings) == 2


def test_a_circle_of_recordings_ends():
    """Each is taken once."""
    recorded = [recording("a:r", "b:r + 1"), recording("b:r", "a:r + 1")]
    (watch,) = watches([alert("a:r > 1")], recorded)
    assert {one.name for one in watch.recordings} == {"a:r", "b:r"}
    assert reach_seconds(watch) > 0


def test_the_reach_adds_windows_offsets_and_recordings():
    """How much history must be there before the fault."""
    (watch,) = watches([alert("rate(a[10m] offset 1h) > 1")], [])
    assert reach_seconds(watch) == 4200
    recorded = [recording("a:r", "rate(a[10m])")]
    (watch,) = watches([alert("avg_over_time(a:r[1h]) > 1")], recorded)
    assert reach_seconds(watch) == 4200
    (watch,) = watches([alert("a > 1")], [])
    assert reach_seconds(watch) == 300


def test_a_watch_is_what_it_says_not_where_it_stands():
    """So that what was worked out is kept when lines move."""
    one, other = (watches([alert("a > 1", where=f"rules.yml:{n}")], [])[0] for n in (1, 2))
    assert one == other
    assert hash(one) == hash(other)
    assert watches([alert("a > 1", labels={"severity": "critical"})], [])[0] != one


def test_a_rule_comes_back_as_it_was():
    """With its labels, hold and place."""
    given_rule = alert("a > 1", for_seconds=60.0, labels={"severity": "warning"}, where="r.yml:3")
    (watch,) = watches([given_rule], [])
    again = watch.rule()
    assert (again.name, again.expression, again.where) == ("Alert", "a > 1", "r.yml:3")
    assert (again.for_seconds, dict(again.labels)) == (60.0, {"severity": "warning"})
    assert watch.severity == "warning"


@given(st.text(max_size=40))
def test_any_text_names_some_metrics_or_none(text):
    """What does not parse names none, and reaches back as a plain sample does."""
    assert isinstance(metrics_of(text), frozenset)
    (watch,) = watches([alert(text)], [])
    assert reach_seconds(watch) >= 0
