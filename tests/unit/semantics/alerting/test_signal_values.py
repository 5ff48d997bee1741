"""The samples of one series."""

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.alerting.signal_values import Course, Span, counted_before, samples

SPAN = Span(-30.0, 60.0, 15.0)


def test_a_gauge_has_one_level_before_and_one_during():
    """The level changes with the first sample of the fault, and back with the first after it."""
    times, values = samples(Course(1.0, 2.0, begins=0.0, ends=40.0), SPAN)
    assert times == (-30, -15, 0, 15, 30, 45, 60)
    assert values == (1, 1, 2, 2, 2, 1, 1)


def test_a_counter_adds_up_between_the_samples():
    """What is gained between two samples counts, however the fault lies between them."""
    _, values = samples(Course(1.0, 3.0, begins=-10.0, ends=20.0, counts=True), SPAN)
    assert values == (0, 15, 20 + 30, 20 + 75, 20 + 90 + 10, 20 + 90 + 25, 20 + 90 + 40)


def test_a_fault_that_was_always_there():
    """It begins before all samples and never ends."""
    _, values = samples(Course(1.0, 2.0, begins=-inf, ends=inf, counts=True), SPAN)
    assert values[0] == 0.0
    assert values[-1] == 180.0


def test_a_series_that_vanishes_ends_with_a_marker():
    """One staleness marker, then nothing; where it never was, no marker."""
    times, values = samples(Course(1.0, 1.0, ends=40.0, vanishes=True), SPAN)
    assert list(zip(times, values, strict=True)) == [
        (-30, 1), (-15, 1), (0, None), (45, 1), (60, 1)
    ]  # fmt: skip
    assert samples(Course(1.0, 1.0, begins=-inf, vanishes=True), SPAN) == ((), ())
    later = Course(1.0, 1.0, begins=100.0, vanishes=True)
    assert None not in samples(later, SPAN)[1]


def test_no_moment_between_an_end_and_a_later_start():
    """A span that ends before it begins has no samples."""
    assert samples(Course(1.0, 1.0), Span(10.0, 0.0, 1.0)) == ((), ())


_LEVELS = st.floats(0, 1e4)


@given(_LEVELS, _LEVELS, st.floats(-60, 60), st.floats(-60, 120), st.booleans())
def test_a_counter_never_falls_unless_it_restarts(before, during, begins, ends, restarts):
    """Whatever the fault: a counter rises, and falls at second 0 alone."""
    course = Course(before, during, begins, ends, counts=True, restarts=restarts)
    times, values = samples(course, SPAN)
    for at, one, other in zip(times[1:], values, values[1:], strict=False):
        assert other >= one or (restarts and at == 0.0)


@given(_LEVELS, st.integers(1, 60))
def test_a_run_of_equal_steps_is_exact(level, step):
    """Adding the step again and again gives the same values, so that a run can be written short."""
    _, values = samples(Course(level, level, counts=True), Span(-3600.0, 0.0, float(step)))
    reached = values[0]
    for value in values[1:]:
        reached += values[1] - values[0]
        assert value == reached


@given(_LEVELS, _LEVELS, st.integers(1, 60))
def test_what_was_counted_before_is_added_exactly(before, during, step):
    """It changes no difference between samples, so that no rate and no run is another for it."""
    span = Span(-600.0, 600.0, float(step))
    held = counted_before(before)
    _, fresh = samples(Course(before, during, counts=True), span)
    _, aged = samples(Course(before, during, counts=True, counted=held), span)
    assert [value - held for value in aged] == list(fresh)


def test_a_restart_forgets_what_was_counted():
    """At second 0 it begins at nought, whatever it held."""
    course = Course(1.0, 1.0, counts=True, counted=1000.0, restarts=True)
    assert samples(course, SPAN)[1] == (1000, 1015, 0, 15, 30, 45, 60)


def test_every_counter_has_counted_something():
    """A busy one in proportion, an idle one more than a rule on it would compare it with."""
    assert counted_before(20.0) > 1e8
    assert counted_before(0.0) == counted_before(-1.0) > 1e5
    assert counted_before(1e9) == 2.0**28
    assert counted_before(20.0 * 0.0005) / counted_before(20.0) < 0.01
