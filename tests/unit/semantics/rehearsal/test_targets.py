"""An imaginary system is served target by target, and fares as it is told to."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.semantics import exposition as reading
from plimsoll.semantics.alerting.emitted import emitted
from plimsoll.semantics.alerting.places import Place
from plimsoll.semantics.alerting.role import Role
from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.alerting.system import HEALTHY
from plimsoll.semantics.rehearsal.targets import counts, exposition, level, targets

UP = Role("up", "gauge", frozenset({"up"}), lambda system, _: system.up)
CPU = Role("cpu", "counter", frozenset({"cpu"}), lambda system, _: system.cpu)
AGE = Role("age", "gauge", frozenset(), lambda s, _: -s.backup_age, follows_clock=True)
WELL = Scenario("well")
DOWN = Scenario("down", during=replace(HEALTHY, up=0.0, cpu=0.9), touches=frozenset({"up"}))


def series(name, role=CPU, *, first=True, **labels):
    """One series of an instance."""
    return emitted(name, labels, role, Place(labels, first_instance=first, first_region=first))


def test_there_is_a_target_for_each_job_and_instance():
    """With the labels of its `up`, which Prometheus attaches."""
    found = targets(
        [
            series("up", UP, job="api", instance="a:1", region="east"),
            series("cpu", job="api", instance="a:1", region="east", core="0"),
            series("cpu", job="api", instance="b:1", region="west", core="0"),
            series("cpu", job="api", instance="b:1", region="west", core="1"),
            series("cpu", job="db", instance="a:1"),
        ]
    )
    assert [(one.job, one.labels) for one in found] == [
        ("api", {"region": "east", "instance": "a:1"}),
        ("api", {"region": "west", "instance": "b:1"}),
        ("db", {"instance": "a:1"}),
    ]
    assert len({one.path for one in found}) == 3
    assert [len(one.series) for one in found] == [1, 2, 1]


def test_series_without_job_and_instance_have_a_target_too():
    """Prometheus would add both."""
    (target,) = targets([series("cpu", core="0")])
    assert (target.job, target.labels["instance"]) == ("rehearsal", "imaginary:80")


def test_a_target_that_is_down_does_not_answer():
    """One that nothing asks for always does; a fault of one region spares the others."""
    struck, spared, unasked = targets(
        [
            series("up", UP, job="a", instance="1"),
            series("up", UP, job="a", instance="2", first=False),
            series("cpu", job="b", instance="1"),
        ]
    )
    regional = replace(DOWN, one_region=True)
    assert [one.answers(WELL, 0.0) for one in (struck, spared, unasked)] == [True, True, True]
    assert [one.answers(DOWN, 0.0) for one in (struck, spared, unasked)] == [False, False, True]
    assert [one.answers(regional, 0.0) for one in (struck, spared)] == [False, True]


def test_a_tool_beside_the_application_is_spared():
    """Its `up` stays as it was."""
    (tool,) = targets([series("up", UP, job="postgres-exporter", instance="1")])
    assert tool.answers(DOWN, 0.0)


def test_levels_follow_the_system_and_some_the_clock():
    """A time is told from now."""
    assert level(series("cpu"), WELL, 100.0) == HEALTHY.cpu
    assert level(series("cpu"), DOWN, 100.0) == 0.9
    assert level(series("age", AGE), WELL, 1e9) == 1e9 - HEALTHY.backup_age
    assert counts(series("cpu"))
    assert not counts(series("up", UP))


def test_an_exposition_is_text_that_prometheus_reads():
    """Escaped, each series once, without what is the target's to say."""
    odd = series("cpu", job="a", instance="1", path='C:\\ "x"\n')
    again = series("cpu", job="b", instance="2", path='C:\\ "x"\n')
    text = exposition([(odd, 1.5), (again, 7.0), (series("up2", UP), 1e21)])
    assert text == 'cpu{path="C:\\\\ \\"x\\"\\n"} 1.5\nup2{} 1e+21\n'


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True),
        st.text(min_size=1, max_size=6).filter(lambda text: text.isprintable()),
        max_size=3,
    ),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_what_is_served_is_what_is_read(labels, value):
    """Whatever the labels hold."""
    one = series("metric", UP, **labels)
    read = reading.parse_exposition(exposition([(one, value)]), "text/plain; version=0.0.4")
    (family,) = read.families
    (sample,) = family.samples
    own = {key: text for key, text in one.labels.items() if key not in {"job", "instance"}}
    assert dict(sample.labels) == own
    assert sample.value == pytest.approx(value)
