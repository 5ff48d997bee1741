"""An inventory becomes an account, and every slip in one is told with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from plimsoll.environment.problem import ConfigurationError
from plimsoll.worlds.cloud_files import load_cloud

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from plimsoll.worlds.cloud import Cloud

    Load = Callable[..., Cloud]

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
SPEC = """
name: ferry
region: fra
domains: [{domain: ferry.example}]
services: [{name: web, instance_count: 2}]
"""
APPS = """
- id: a1
  spec: {from: .do/app.yaml, set: {name: ferry-nyc, region: nyc}, drop: [domains]}
  active_deployment: {id: d1, phase: ACTIVE}
"""


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a function that writes an inventory, a text for each read, and loads it."""
    (tmp_path / "digitalocean").mkdir()
    (tmp_path / "repository/.do").mkdir(parents=True)
    (tmp_path / "repository/.do/app.yaml").write_text(SPEC)

    def write(**texts: str) -> Cloud:
        for name, text in texts.items():
            (tmp_path / f"digitalocean/{name.replace('_', '-')}.yaml").write_text(text)
        cloud = load_cloud(tmp_path, "token", NOW)
        assert cloud is not None
        return cloud

    return write


def refused(load: Load, **texts: str) -> str:
    """Return what is said about an inventory that cannot be used."""
    with pytest.raises(ConfigurationError) as caught:
        load(**texts)
    return str(caught.value)


def test_system_without_an_inventory_has_no_account(tmp_path: Path) -> None:
    """Load a folder that holds nothing."""
    assert load_cloud(tmp_path, "token") is None


def test_specification_comes_from_the_repository_with_what_is_set_and_dropped(load: Load) -> None:
    """Name the reviewed file; set two of its keys and drop one."""
    [app] = load(apps=APPS).all("apps")
    services = [{"name": "web", "instance_count": 2}]
    assert app["spec"] == {"name": "ferry-nyc", "region": "nyc", "services": services}


def test_texts_of_the_specification_are_replaced_wherever_they_stand(load: Load) -> None:
    """Call a component otherwise; what only holds the text, or is set, stays as it is."""
    texts = APPS.replace("drop:", "replace: {web: front, ferry: x}, drop:")
    [app] = load(apps=texts).all("apps")
    assert app["spec"]["services"] == [{"name": "front", "instance_count": 2}]
    assert app["spec"]["name"] == "ferry-nyc"


def test_what_runs_is_a_copy_of_what_was_asked_for(load: Load) -> None:
    """Leave the specification out below the active deployment; change one of the two."""
    cloud = load(apps=APPS)
    asked, running = cloud.specs("ferry-nyc")
    assert asked == running
    running["services"][0]["instance_count"] = 1
    assert asked["services"][0]["instance_count"] == 2


def test_accounts_of_one_inventory_share_nothing(load: Load) -> None:
    """Load twice; change one."""
    first, second = load(apps=APPS), load()
    first.services("ferry-nyc", "web")[0]["name"] = "changed"
    assert second.services("ferry-nyc", "web")[0]["name"] == "web"


def test_times_are_told_from_now(load: Load) -> None:
    """Give a certificate that ends in two days."""
    cloud = load(certificates="[{id: c1, name: edge, not_after: now+2d}]")
    assert cloud.one("certificates", "edge")["not_after"] == "2026-11-22T12:00:00Z"


def test_details_stand_below_a_name_or_an_id(load: Load) -> None:
    """Read the details of an app by either."""
    cloud = load(apps=APPS, app_deployments="ferry-nyc: [{id: d1}]", app_events="a1: [{id: e1}]")
    assert cloud.details("app-deployments", "a1") == [{"id": "d1"}]
    assert cloud.details("app-events", "ferry-nyc") == [{"id": "e1"}]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"certificates": "- id: c1\n  nmae: edge"}, "certificates.yaml:2: [0].nmae: is not a key"),
        ({"certificates": "- id: 7"}, "certificates.yaml:1: [0].id: expected: text; found: 7"),
        ({"certificates": "{id: c1}"}, "certificates.yaml:1: the file: expected: a list"),
        ({"certificates": "- id: c1\n  not_after: now+2y"}, "[0].not_after: 'now+2y' is no time"),
        (
            {"certificates": "- id: c1\n  id: c2"},
            "certificates.yaml:2: key [0].id is given 2 times",
        ),
        ({"droplets": "- {id: 1, locked: 1}"}, "[0].locked: expected: true or false; found: 1"),
        ({"droplets": "- {id: true}"}, "[0].id: expected: a whole number; found: True"),
        ({"droplets": "- {id: 1, tags: web}"}, "[0].tags: expected: a list; found: 'web'"),
        ({"droplets": "- {id: 1, networks: []}"}, "[0].networks: expected: a mapping; found: []"),
        ({"app_alerts": "ferry: []"}, "app-alerts.yaml:1: ferry: 0 of apps are called ferry"),
        ({"app_alerts": "[]"}, "app-alerts.yaml:1: the file: expected: lists by the name"),
        ({"apps": APPS, "app_health": "a1: []"}, "a1: expected: a mapping; found: []"),
        ({"apps": APPS.replace("app.yaml", "no.yaml")}, "apps.yaml:3: [0].spec.from: there is no"),
        ({"apps": APPS.replace("[domains]", "[envs]")}, "the specification has no envs"),
        ({"apps": APPS.replace("set:", "replace: {fra: ams, nyc: sfo}, set:")}, "has no nyc"),
        ({"apps": APPS.replace("drop:", "dorp:")}, "[0].spec: expected: from, set (a mapping)"),
        ({"certifcates": "[]"}, "certifcates.yaml:1: no read of this name; there are apps,"),
    ],
)
def test_slip_is_told_with_its_place(load: Load, texts: dict[str, str], told: str) -> None:
    """Load an inventory with one slip."""
    assert told in refused(load, **texts)


def test_file_of_another_kind_is_refused(load: Load, tmp_path: Path) -> None:
    """Put a file beside the inventory whose name ends otherwise."""
    (tmp_path / "digitalocean/apps.yml").write_text("[]")
    assert "apps.yml:1: no read of this name" in refused(load)


def test_slips_in_several_files_are_told_at_once(load: Load) -> None:
    """Load an inventory with a slip in two of its files."""
    told = refused(load, droplets="- {idd: 1}", certificates="- {idd: c1}")
    assert "droplets.yaml:1" in told
    assert "certificates.yaml:1" in told
