"""Answers about policies, uptime checks and alerts become facts, or are said to tell nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.cloud_reading import Reading
from plimsoll.semantics.digitalocean import app_alerts, monitoring
from plimsoll.semantics.digitalocean.answer import UntoldError, read_answer

SLACK = [{"channel": "#ops", "url": "https://hooks.slack.com/services/‹masked›"}]
TOLD = {"email": ["‹masked›@corp.io"], "slack": SLACK}
POLICY = {
    "uuid": "78b3",
    "type": "v1/insights/droplet/cpu",
    "description": "CPU",
    "compare": "GreaterThan",
    "value": 80,
    "window": "5m",
    "entities": [],
    "tags": ["production"],
    "alerts": TOLD,
    "enabled": True,
}
KEYS = [*POLICY, "name", "id", "target", "regions", "notifications", "spec", "rule", "disabled"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*KEYS, "email", "slack", "emails"]), inner, max_size=6)
    ),
    max_leaves=12,
)
PARSERS = {
    "policies": monitoring.policies,
    "checks": monitoring.uptime_checks,
    "alerts": monitoring.uptime_alerts,
    "app alerts": app_alerts.app_alerts,
}


def answer(data):
    """An answer as it was read."""
    return read_answer(Reading("GET /v2/x", json.dumps(data), 1))


def without(told, *absent, **changed):
    """A record with keys left out, and others changed."""
    return {key: value for key, value in (told | changed).items() if key not in absent}


def policy(*absent, **changed):
    """The one policy of an answer."""
    (found,) = monitoring.policies(answer({"policies": [without(POLICY, *absent, **changed)]}))
    return found


def test_a_policy_is_read():
    """What it is about, when it speaks, on what, and whom it tells."""
    found = policy()
    assert (found.id, found.name, found.type) == ("78b3", "CPU", "v1/insights/droplet/cpu")
    assert (found.compare, found.threshold, found.enabled) == ("GreaterThan", 80, True)
    assert (found.entities, found.tags) == ((), ("production",))
    assert found.destinations.of("email") == ("‹masked›@corp.io",)
    assert found.destinations.of("slack") == (SLACK[0]["url"],)


@pytest.mark.parametrize("key", ["entities", "tags"])
def test_a_list_that_is_missing_is_not_empty(key):
    """What a policy watches is then not known."""
    assert getattr(policy(key), key) is None


@pytest.mark.parametrize("key", ["uuid", "type", "compare", "value", "enabled", "alerts"])
def test_a_policy_without_what_is_always_told_is_not_understood(key):
    """Least of all is it taken for enabled."""
    with pytest.raises(UntoldError):
        policy(key)
    with pytest.raises(UntoldError):
        policy(**{key: None})


def test_a_channel_may_be_null_and_may_not_be_missing():
    """Null is a list without entries; a key that is not there tells nothing."""
    assert not policy(alerts={"email": None, "slack": []}).destinations
    with pytest.raises(UntoldError):
        policy(alerts={"email": ["‹masked›@corp.io"]})


def test_an_address_that_is_no_text_is_an_empty_one():
    """It is not passed over: somebody believes that it is told."""
    found = policy(alerts={"email": [None, 7], "slack": [{"channel": "#ops"}, None]})
    assert found.destinations.emails == ("", "")
    assert found.destinations.hooks == ("", "")


def test_an_uptime_check_and_its_alerts_are_read():
    """Whether it is enabled is told or unknown, never assumed."""
    told = {"id": "5a4a", "name": "shop", "target": "https://shop.io/", "regions": ["us_east"]}
    enabled, unknown = monitoring.uptime_checks(
        answer({"checks": [told | {"enabled": True}, without(told, "regions")]})
    )
    assert (enabled.target, enabled.regions, enabled.enabled) == (
        "https://shop.io/", ("us_east",), True,
    )  # fmt: skip
    assert (unknown.regions, unknown.enabled) == (None, None)
    alert = {"name": "down", "type": "down", "threshold": 1, "notifications": TOLD}
    (found,) = monitoring.uptime_alerts(answer({"alerts": [alert]}))
    assert (found.name, found.type, found.threshold) == ("down", "down", 1)
    assert found.destinations


def test_regions_may_have_any_name():
    """The API document lists two of them; there are more. More than the whole is no percentage."""
    told = {
        "se_asia": {"status": "UP", "thirty_day_uptime_percentage": 99.95},
        "moon": {"status": "CHECKING"},
        "odd": 7,
        "mars": {"status": "UP", "thirty_day_uptime_percentage": 100.1},
    }
    found = monitoring.uptime_state(answer({"state": {"regions": told}}))
    assert [(one.region, one.status, one.percent) for one in found] == [
        ("se_asia", "UP", 99.95),
        ("moon", "CHECKING", None),
        ("odd", None, None),
        ("mars", "UP", None),
    ]


@pytest.mark.parametrize("told", [{}, {"state": {}}, {"state": {"regions": []}}])
def test_a_state_without_regions_tells_nothing(told):
    """No region is not every region."""
    with pytest.raises(UntoldError):
        monitoring.uptime_state(answer(told))


def test_fields_that_an_app_alert_leaves_out_are_empty():
    """In force, of the whole app, and telling nobody; what it is about must be said."""
    (found,) = app_alerts.app_alerts(answer({"alerts": [{"spec": {"rule": "DOMAIN_FAILED"}}]}))
    assert (found.rule, found.component, found.disabled, found.phase) == (
        "DOMAIN_FAILED", None, False, None,
    )  # fmt: skip
    assert not found.destinations
    for spec in ({}, {"rule": "DOMAIN_FAILED", "disabled": "yes"}):
        with pytest.raises(UntoldError):
            app_alerts.app_alerts(answer({"alerts": [{"spec": spec}]}))


@pytest.mark.parametrize("name", PARSERS)
@given(data=VALUES)
def test_any_answer_about_monitoring_is_facts_or_tells_nothing(name, data):
    """Nothing but UntoldError is raised, and no entry is lost or made up."""
    key = name.rpartition(" ")[2]
    for body in (data, {key: data}):
        try:
            found = PARSERS[name](answer(body))
        except UntoldError:
            continue
        assert len(found) == len(body[key])


@given(VALUES)
def test_any_state_is_regions_or_tells_nothing(data):
    """Nothing but UntoldError is raised."""
    try:
        found = monitoring.uptime_state(answer({"state": {"regions": data}}))
    except UntoldError:
        return
    assert len(found) == len(data)
