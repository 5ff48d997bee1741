"""What is written for promtool reads back as the very samples, by a reader of its own."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.semantics.alerting.notation import promtool_series, spelled
from plimsoll.semantics.promql.series import Series

STEP = 15.0
NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6).map(float),
    st.floats(-1e12, 1e12, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-3),
)


def read(text):
    """Return the moments and values that promtool reads; it adds a gain up again and again."""
    found, place = {}, 0
    for part in text.split():
        sign = next((one for one in "+-" if one in part[1:]), "")
        begin, _, rest = (
            (part[0] + part[1:].replace(sign, " ", 1)).partition(" ")
            if sign
            else (
                part.partition("x")[0],
                "",
                "",
            )
        )
        gain, _, times = rest.partition("x") if sign else ("0", "", part.partition("x")[2])
        if begin == "_":
            place += int(times or 1)
            continue
        value = None if begin == "stale" else float(begin)
        for _ in range(int(times or 0) + 1):
            found[place] = value
            if value is not None:
                value += float(f"{sign}{gain}" if sign else gain)
            place += 1
    return found


@settings(max_examples=200)
@given(st.dictionaries(st.integers(0, 60), st.one_of(st.none(), NUMBERS), max_size=30))
def test_samples_read_back_as_they_were(samples):
    """Whatever series is written, promtool reads every sample at its moment, and no other."""
    places = sorted(samples)
    written = spelled([place * STEP for place in places], [samples[one] for one in places], STEP)
    back = read(written)
    assert back.keys() == samples.keys()
    for place, value in samples.items():
        assert (back[place] is None) == (value is None)
        assert value is None or math.isclose(back[place], value, rel_tol=1e-12, abs_tol=1e-15)


@given(st.floats(0, 1e6), st.floats(0.001, 1e3), st.integers(1, 50))
def test_a_counter_reads_back_as_it_was(begin, gain, count):
    """A counter that grows by the same reads back exactly, however it is shortened."""
    values = [begin]
    for _ in range(count):
        values.append(values[-1] + gain)
    times = [number * STEP for number in range(len(values))]
    assert list(read(spelled(times, values, STEP)).values()) == values


@pytest.mark.parametrize(
    ("times", "values", "text"),
    [
        ([], [], ""),
        ([0, 15, 30], [1, 1, 1], "1x2"),
        ([0, 15, 30], [1, 3, 5], "1+2x2"),
        ([0, 15, 30], [5, 3, 1], "5-2x2"),
        ([30], [1], "_x2 1"),
        ([15, 30], [1, None], "_ 1 stale"),
        ([0, 30], [1, 1], "1 _ 1"),
        ([0, 15, 30], [0.0, 1.0, 5.0], "0+1x1 5"),
    ],
)
def test_runs_are_written_short(times, values, text):
    """Equal steps are written once; what is missing, or stale, is named."""
    assert spelled(times, values, STEP) == text


def test_no_number_has_an_exponent():
    """Numbers are written out, for promtool reads no exponent in a run."""
    text = spelled([0, 15], [1e-9, 1e22], STEP)
    assert "e" not in text
    assert list(read(text).values()) == [1e-9, 1e22]


def test_a_sample_before_the_beginning_is_refused():
    """There is no moment before second 0."""
    with pytest.raises(ValueError, match="where none can be"):
        spelled([-15], [1], STEP)


def test_labels_are_quoted():
    """Labels are sorted, and their values quoted as PromQL reads them."""
    one = Series({"__name__": "up", "job": 'a"b\\', "instance": "ä"}, [0], [1])
    assert list(promtool_series([one], STEP)) == [('up{instance="ä",job="a\\"b\\\\"}', "1")]
