"""Alerts of apps and of uptime checks tell somebody, or it is said why not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.alert_policy import AppAlert, Destinations
from plimsoll.facts.uptime import UptimeAlert
from plimsoll.semantics.alert_gap import app_gap, flaws, is_same_address, uptime_gap

TOLD = Destinations(("‹masked›@corp.io",), ("https://hooks.slack.com/services/‹masked›",), "told")
NOBODY = Destinations((), (), "told")
ALERT = AppAlert("RESTART_COUNT", "web", None, None, False, "ACTIVE", TOLD, "alert")
BUSY = replace(ALERT, rule="CPU_UTILIZATION", operator="GREATER_THAN", value=80)
SLOW = UptimeAlert("slow", "latency", "greater_than", 300, TOLD, "alert")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({}, None),
        ({"disabled": True}, "disabled"),
        ({"phase": "PENDING"}, "phase PENDING"),
        ({"phase": None}, "phase absent"),
        ({"destinations": NOBODY}, "no destination"),
        ({"component": None}, "absent"),
        ({"rule": "CPU_UTILIZATION"}, "absent"),
    ],
)
def test_an_alert_of_a_component_is_in_force_or_it_is_said_why_not(changed, problem):
    """An alert of the app is none of the component's."""
    found = app_gap([replace(ALERT, **changed)], "RESTART_COUNT", "web", "list")
    assert (found and found.what) == problem


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({}, None),
        ({"operator": "LESS_THAN"}, "compares LESS_THAN"),
        ({"operator": None}, "compares nothing"),
        ({"value": 100}, "speaks at 100 %"),
        ({"value": 0}, "speaks at 0 %"),
        ({"value": None}, "speaks at no %"),
    ],
)
def test_an_alert_on_a_utilization_can_speak(changed, problem):
    """Nothing exceeds the whole, and little use is no trouble."""
    found = app_gap([replace(BUSY, **changed)], "CPU_UTILIZATION", "web", "list")
    assert (found and found.what) == problem


@pytest.mark.parametrize(
    ("changed", "kind", "problem"),
    [
        ({}, "latency", None),
        ({}, "down", "absent"),
        ({"comparison": "less_than"}, "latency", "compares less_than"),
        ({"comparison": None}, "latency", "compares nothing"),
        ({"type": "ssl_expiry", "comparison": "less_than"}, "ssl_expiry", None),
        ({"type": "ssl_expiry"}, "ssl_expiry", "compares greater_than"),
        ({"type": "down", "comparison": None}, "down", None),
        ({"threshold": None}, "latency", "speaks at nothing"),
        ({"threshold": 0}, "latency", "speaks at 0"),
        ({"destinations": NOBODY}, "latency", "no destination"),
    ],
)
def test_an_alert_of_an_uptime_check_speaks_or_it_is_said_why_not(changed, kind, problem):
    """An outage has nothing to compare; time and days have."""
    found = uptime_gap([replace(SLOW, **changed)], kind, "list")
    assert (found and found.what) == problem


def test_no_alert_at_all_is_a_gap():
    """Nothing tells nobody."""
    assert app_gap((), "RESTART_COUNT", None, "list") is not None
    assert uptime_gap((), "down", "list") is not None


def test_one_alert_in_force_is_enough():
    """A second one that is disabled does no harm."""
    assert app_gap([replace(ALERT, disabled=True), ALERT], "RESTART_COUNT", "web", "list") is None


def test_only_the_channels_asked_for_are_judged():
    """A broken webhook is no fault of the e-mail."""
    told = Destinations(("‹masked›@corp.io", "${MAIL}"), ("",), "told")
    assert [one.what for one in flaws(told, ["email"])] == ["e-mail address: unexpanded variable"]
    assert [one.what for one in flaws(told, ["slack"])] == ["Slack webhook: empty"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://shop.io", "https://SHOP.io:443/", True),
        ("https://shop.io/health", "https://shop.io/health/", False),
        ("http://shop.io/", "https://shop.io/", False),
        ("https://shop.io/?a=1", "https://shop.io/", False),
        ("https://[", "https://[", False),
        ("", "", False),
        ("shop.io", "shop.io", False),
    ],
)
def test_two_spellings_of_an_address_are_one(one, other, same):
    """Only what asks the same of the same host is the same."""
    assert is_same_address(one, other) is same


@given(st.text(), st.text())
def test_any_texts_can_be_compared_as_addresses(one, other):
    """Nothing raises, and the order does not matter."""
    assert is_same_address(one, other) == is_same_address(other, one)
