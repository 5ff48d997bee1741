"""What rules are said to do that nobody says what they are for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.semantics.alerting.reaction import Setting
from plimsoll.semantics.alerting.survey import GONE, paced, survey
from plimsoll.semantics.alerting.watches import Recorded, Watch

SETTING = Setting(scrape_seconds=30, evaluation_seconds=30)


def rule(expression, hold=60.0, **more):
    """Return a rule on its own."""
    return Watch("A", expression, (), hold, 0.0, **more)


def surveyed(expression, **more):
    """Return what one rule is said to do: what it fires on, from where on, and the remarks."""
    lines = list(survey([rule(expression, **more)], SETTING))
    assert all(one.rule == "A" for one in lines)
    return {one.fires_on: one.beyond for one in lines}, lines[0].remarks


@pytest.mark.parametrize(
    ("expression", "fires"),
    [
        ("pg_up == 0", {"database-down"}),
        ("pg_up == 0 or absent(pg_up)", {"database-down", GONE}),
        ("absent_over_time(pg_up[5m])", {GONE}),
        ("up == 0", {"down", "region-down"}),
    ],
)
def test_what_a_rule_fires_on_is_found(expression, fires):
    """Every condition is tried whose facts it reads, and that its series are gone."""
    found, remarks = surveyed(expression)
    assert found.keys() == fires
    assert remarks == ""


def test_from_where_on_it_fires_is_found():
    """The least that makes it fire is a little beyond its bound."""
    found, _ = surveyed("1 - node_filesystem_avail_bytes / node_filesystem_size_bytes > 0.8")
    assert 0.8 < float(found["disk"]) < 0.81


@pytest.mark.parametrize(
    ("expression", "remark"),
    [
        ("pg_up == 2", "silent on database-down"),
        ("redis_up == 0", "no condition tells of cache_up"),
        ("vector(1) == 0", "it reads no fact"),
        ("vector(1)", "fires on a healthy system"),
        ("zz_something > 1", "declare it under alerts.signals"),
        ("rate(up[3d]) > 0", "farther than is tried"),
        ("up == (", ""),
    ],
)
def test_a_rule_that_fires_on_nothing_has_a_reason(expression, remark):
    """It was tried in vain, or could not be: that is told."""
    found, told = surveyed(expression)
    assert found == {"nothing": "–"}
    assert told
    assert remark in told


def test_a_hold_beyond_all_patience_is_not_waited_for():
    """A rule that holds for days is said to be silent."""
    found, told = surveyed("pg_up == 0", hold=5 * 86400.0)
    assert found == {"nothing": "–"}
    assert "silent" in told


def test_a_rule_that_looks_far_back_is_tried_in_long_steps():
    """Where its windows are long, a day is tried in minutes; a short window keeps its pace."""
    assert paced(rule("rate(up[1d])"), SETTING) == Setting(120, 300)
    assert paced(rule("rate(up[1d]) > rate(up[1m])"), SETTING) == SETTING
    assert paced(rule("rate(up[5m])"), SETTING) == SETTING
    assert paced(rule("up == ("), SETTING) == SETTING
    assert paced(rule("up offset 1d"), Setting(600, 600)) == Setting(600, 600)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_surveyed(expression, recorded):
    """Whatever stands in a rule file has a line, with a remark where nothing fires."""
    recordings = (Recorded("a:b", recorded),)
    for text in (expression, "a:b == 0", f'up{{job="{expression}"}} == 0'):
        lines = list(survey([rule(text, recordings=recordings)], SETTING))
        assert lines
        assert all(one.remarks for one in lines if one.fires_on == "nothing")
