"""Answers about apps become facts, or are said to tell nothing."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.cloud_reading import Reading
from plimsoll.findings import NotObserved, Observed, Origin
from plimsoll.semantics.digitalocean import apps, deployments, instances, sizes
from plimsoll.semantics.digitalocean.answer import UntoldError, read_answer
from plimsoll.semantics.digitalocean.running import running_spec

DEPLOYMENT = {
    "id": "7f54",
    "phase": "SUPERSEDED",
    "cause_details": {"type": "AUTO_ROLLBACK"},
    "previous_deployment_id": "6e43",
    "cloned_from": "",
    "created_at": "2026-11-02T08:00:00.123456789Z",
    "phase_last_updated_at": "2026-11-09T08:00:00Z",
    "progress": {"success_steps": 9, "total_steps": 9},
}
SCALED = {
    "id": "e1",
    "type": "AUTOSCALING",
    "created_at": "2026-11-20T10:00:00Z",
    "autoscaling": {
        "phase": "SUCCEEDED",
        "components": {"api": {"from": "2", "to": 4, "triggering_metric": "cpu"}},
    },
}
APP = {"id": "a1", "spec": {"name": "shop", "region": "fra"}, "active_deployment": {"id": "d1"}}
KEYS = [*DEPLOYMENT, *SCALED, "name", "state", "from", "to", "slug", "spec", "domains", "domain"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(sorted(KEYS)), inner, max_size=6)
    ),
    max_leaves=12,
)
PARSERS = {
    "apps": apps.apps,
    "deployments": deployments.deployments,
    "events": deployments.events,
    "instances": instances.instances,
    "app_health": instances.component_health,
    "instance_sizes": sizes.sizes,
}


def answer(body):
    """The document of an answer with this body."""
    return read_answer(Reading("GET /v2/something", json.dumps(body), 1))


def without(record, key):
    """The record, and nothing said of this key."""
    return {name: value for name, value in record.items() if name != key}


def test_a_deployment_says_what_became_of_it():
    """Its phase and since when, what it followed and what started it; empty means none."""
    (found,) = deployments.deployments(answer({"deployments": [DEPLOYMENT]}))
    assert (found.id, found.phase, found.cause) == ("7f54", "SUPERSEDED", "AUTO_ROLLBACK")
    assert (found.previous, found.cloned_from) == ("6e43", None)
    assert found.phase_since == datetime(2026, 11, 9, 8, tzinfo=UTC)
    assert found.has_served is True


@pytest.mark.parametrize(
    ("phase", "progress", "served"),
    [
        ("ACTIVE", {}, True),
        ("SUPERSEDED", {"success_steps": 9, "total_steps": 9}, True),
        ("SUPERSEDED", {"success_steps": 2, "total_steps": 9}, False),
        ("SUPERSEDED", {"total_steps": 9}, False),
        ("SUPERSEDED", {"success_steps": 0, "total_steps": 0}, False),
        ("SUPERSEDED", {}, None),
        ("ERROR", {"success_steps": 9, "total_steps": 9}, False),
        ("CANCELED", {}, False),
    ],
)
def test_what_was_superseded_served_only_if_it_was_complete(phase, progress, served):
    """One that waited when the next came never served anybody; nothing told is not known."""
    record = DEPLOYMENT | {"phase": phase, "progress": progress}
    (found,) = deployments.deployments(answer({"deployments": [record]}))
    assert found.has_served is served


def test_deployments_come_newest_first_whatever_the_order_of_the_answer():
    """The order is that of their beginnings."""
    days = ("2026-11-03T00:00:00Z", "2026-11-05T00:00:00Z", "2026-11-04T00:00:00Z")
    records = [DEPLOYMENT | {"id": day, "created_at": day} for day in days]
    found = deployments.deployments(answer({"deployments": records}))
    assert [one.id for one in found] == [days[1], days[2], days[0]]


@pytest.mark.parametrize("key", ["id", "phase", "created_at", "phase_last_updated_at"])
def test_a_deployment_without_what_it_must_say_tells_nothing(key):
    """It is not left out, for it may be the one that failed."""
    with pytest.raises(UntoldError):
        deployments.deployments(answer({"deployments": [without(DEPLOYMENT, key)]}))


def test_a_scaling_says_which_component_got_how_many_instances():
    """Whole numbers may come as text; other events are no scaling."""
    deployed = SCALED | {"type": "DEPLOYMENT"}
    (found,) = deployments.events(answer({"events": [deployed, SCALED]}))
    assert (found.component, found.before, found.after) == ("api", 2, 4)
    assert (found.metric, found.phase) == ("cpu", "SUCCEEDED")
    assert "events[1].autoscaling.components.api" in found.where


@pytest.mark.parametrize(
    "scaling", [{}, *({"components": told} for told in (None, {}, [{"to": 4}]))]
)
def test_a_scaling_that_does_not_say_what_it_scaled_tells_nothing(scaling):
    """It may be the last one of a component, and have failed."""
    with pytest.raises(UntoldError):
        deployments.events(answer({"events": [SCALED | {"autoscaling": scaling}]}))


@pytest.mark.parametrize(
    "more",
    [
        {"pinned_deployment": {}},
        {"pinned_deployment": {"phase": "ACTIVE"}},
        {"domains": [{"phase": "ACTIVE"}]},
        {"spec": {"name": "shop", "domains": [{"type": "PRIMARY"}]}},
    ],
)
def test_an_app_that_leaves_out_a_name_tells_nothing(more):
    """A pinned deployment without an id is pinned, and a domain without a name is a domain."""
    with pytest.raises(UntoldError):
        apps.apps(answer({"apps": [APP | more]}))


def test_an_app_without_a_pinned_deployment_has_none():
    """The API leaves it out, or says null."""
    for more in ({}, {"pinned_deployment": None}, {"pinned_deployment": {"id": "d0"}}):
        (found,) = apps.apps(answer({"apps": [APP | more]}))
        assert found.pinned == ("d0" if more.get("pinned_deployment") else None)


@pytest.mark.parametrize(
    ("running", "is_told"),
    [
        (None, False),
        ({"name": "shop"}, False),
        ({"name": "shop", "services": [{"name": "api"}, {"http_port": 80}]}, False),
        ({"name": "shop", "services": [{"name": "api"}]}, True),
        ({"name": "shop", "static_sites": [{"name": "site"}]}, True),
    ],
)
def test_what_an_app_runs_is_not_what_it_was_told_to_run(running, is_told):
    """Nothing told to run, no component and one without a name are not known, whatever is asked."""
    asked = {"name": "shop", "services": [{"name": "api"}]}
    record = APP | {"spec": asked, "active_deployment": {"id": "d"}}
    if running is not None:
        record["active_deployment"] |= {"spec": running}
    (app,) = apps.apps(answer({"apps": [record]}))
    seen = Observed(app, Origin("do", "GET /v2/apps"), datetime(2026, 11, 20, tzinfo=UTC))
    if is_told:
        assert running_spec(seen).data == running
    else:
        with pytest.raises(NotObserved):
            running_spec(seen)


def test_an_instance_says_what_it_runs():
    """One that does not cannot be counted for anything."""
    named = {"component_name": "api", "instance_name": "api-1"}
    (found,) = instances.instances(answer({"instances": [named]}))
    assert (found.id, found.component) == ("api-1", "api")
    with pytest.raises(UntoldError):
        instances.instances(answer({"instances": [without(named, "component_name")]}))


def test_the_health_of_a_component_keeps_what_is_not_told_apart_from_zero():
    """No memory told is no memory known; zero percent is zero."""
    told = {"name": "api", "state": "HEALTHY", "replicas_desired": 2, "replicas_ready": "2"}
    idle = {"name": "idle", "memory_usage_percent": 0}
    body = {"app_health": {"components": [told, idle]}}
    api, other = instances.component_health(answer(body))
    assert (api.desired, api.ready, api.memory_percent) == (2, 2, None)
    assert (other.desired, other.state, other.memory_percent) == (None, None, 0)


def test_health_outside_its_wrapper_tells_nothing():
    """That is the form of the API document's example, and of no answer."""
    with pytest.raises(UntoldError):
        instances.component_health(answer({"components": []}))


@pytest.mark.parametrize(
    ("row", "single", "scales"),
    [
        ({"cpu_type": "SHARED", "single_instance_only": True}, True, False),
        ({"cpu_type": "SHARED"}, False, False),
        ({"cpu_type": "DEDICATED", "scalable": True}, False, True),
        ({"cpu_type": "DEDICATED"}, False, True),
        ({"cpu_type": "UNSPECIFIED"}, False, None),
        ({"scalable": True}, False, True),
        ({}, False, None),
    ],
)
def test_the_catalogue_leaves_out_what_is_false(row, single, scales):
    """An absent flag is no; an absent kind of CPU is not known."""
    body = {"instance_sizes": [{"slug": "one"} | row]}
    (found,) = sizes.sizes(answer(body))
    assert (found.is_single_instance, found.scales_on_cpu) == (single, scales)


@pytest.mark.parametrize("rows", [[], [{"name": "no slug"}], [{"slug": "a", "scalable": "yes"}]])
def test_a_catalogue_without_sizes_tells_nothing(rows):
    """Neither does one whose flags are words."""
    with pytest.raises(UntoldError):
        sizes.sizes(answer({"instance_sizes": rows}))


def test_an_app_keeps_what_it_was_told_apart_from_what_it_runs():
    """After a failed deployment the two differ; where nothing runs, nothing is made up."""
    running = APP | {"active_deployment": {"id": "d1", "spec": {"name": "shop", "region": "nyc"}}}
    kept, idle = apps.apps(answer({"apps": [running, APP | {"id": "a2"}]}))
    assert kept.active_spec.get("region") == "nyc"
    assert kept.spec.get("region") == "fra"
    assert idle.active_spec is None


@pytest.mark.parametrize("listing", PARSERS)
@given(body=VALUES)
def test_any_answer_is_read_or_tells_nothing(listing, body):
    """Whatever comes, it is facts or UntoldError, and never another exception."""
    wrapped = {"components": body} if listing == "app_health" else body
    for whole in (body, {listing: wrapped}, {listing: [wrapped]}):
        try:
            found = PARSERS[listing](answer(whole))
        except UntoldError:
            continue
        assert isinstance(found, tuple)


@pytest.mark.parametrize("listing", PARSERS)
def test_an_answer_without_its_list_is_not_an_empty_list(listing):
    """A body that says nothing says nothing."""
    with pytest.raises(UntoldError):
        PARSERS[listing](answer({}))
