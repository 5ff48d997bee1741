"""What a fault changes in an account is found by name, and nothing is changed by mistake."""

from __future__ import annotations

import pytest

from plimsoll.worlds.cloud import Cloud


@pytest.fixture
def cloud() -> Cloud:
    """Return an account with two droplets of one name, and an app that runs."""
    running = {"name": "ferry", "workers": [{"name": "mail", "instance_count": 1}]}
    asked = {"name": "ferry", "workers": [{"name": "mail", "instance_count": 2}]}
    return Cloud(
        records={
            "droplets": [{"id": 1, "name": "twin"}, {"id": 2, "name": "twin"}],
            "apps": [
                {"id": "a1", "spec": asked, "active_deployment": {"spec": running}},
                {"id": "a2", "spec": {"name": "idle"}},
            ],
        },
        belongings={},
        scopes=set(),
        token="token",
    )


def test_record_is_found_by_its_id_where_its_name_is_not_its_own(cloud: Cloud) -> None:
    """Look for one of the twins."""
    assert cloud.one("droplets", "2") == {"id": 2, "name": "twin"}


def test_name_that_several_have_is_refused(cloud: Cloud) -> None:
    """Look for the twins by name."""
    with pytest.raises(LookupError, match="2 of droplets are called twin; there are: twin, twin"):
        cloud.one("droplets", "twin")


def test_name_that_nothing_has_is_refused(cloud: Cloud) -> None:
    """Look for what is not there, among some and among none."""
    with pytest.raises(LookupError, match="0 of apps are called canoe; there are: ferry, idle"):
        cloud.one("apps", "canoe")
    with pytest.raises(LookupError, match="0 of domains are called canoe; there are: none"):
        cloud.one("domains", "canoe")


def test_list_that_is_empty_can_be_filled(cloud: Cloud) -> None:
    """Add to a list that the inventory does not have."""
    cloud.all("domains").append({"name": "ferry.example"})
    assert cloud.one("domains", "ferry.example")


def test_details_can_be_changed_and_replaced(cloud: Cloud) -> None:
    """Add to what an app has none of; replace the one object that its health is."""
    cloud.details("app-events", "ferry").append({"id": "e1"})
    cloud.set_details("app-health", "ferry", {"components": []})
    assert cloud.details("app-events", "a1") == [{"id": "e1"}]
    assert cloud.details("app-health", "a1") == {"components": []}
    assert cloud.details("app-health", "a2") == {}


def test_component_is_found_in_both_specifications(cloud: Cloud) -> None:
    """Read its number of instances as asked for, and as it runs."""
    assert [one["instance_count"] for one in cloud.services("ferry", "mail")] == [2, 1]


def test_app_that_does_not_run_has_one_specification(cloud: Cloud) -> None:
    """Ask for the specifications of one without a deployment."""
    assert cloud.specs("idle") == [{"name": "idle"}]


@pytest.mark.parametrize(
    "look",
    [
        lambda cloud: cloud.all("boats"),
        lambda cloud: cloud.all("app-events"),
        lambda cloud: cloud.details("apps", "ferry"),
        lambda cloud: cloud.details("app-events", "canoe"),
        lambda cloud: cloud.set_details("app-events", "canoe", []),
        lambda cloud: cloud.services("ferry", "web"),
    ],
)
def test_what_is_not_there_is_refused(cloud: Cloud, look: object) -> None:
    """Ask for a read, a thing or a component that there is not."""
    assert callable(look)
    with pytest.raises(LookupError):
        look(cloud)
