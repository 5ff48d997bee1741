"""An API that misbehaves costs observations, and never makes one that is not true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.collectors.context import Context
from plimsoll.collectors.engine import observe
from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.findings import NotObserved, Observed
from plimsoll.worlds.cloud import Cloud, Misbehavior, Trouble
from plimsoll.worlds.cloud_scopes import READ_ONLY

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.collectors.snapshot import Snapshot
    from plimsoll.worlds.world import RunningWorld, World

    Run = Callable[[World], RunningWorld]

TOKEN = "canary-of-these-tests"
LISTED = DigitalOceanProbe("apps", credential="FERRY_CLOUD")
HEALTH = DigitalOceanProbe("app-health", "ferry", "FERRY_CLOUD")
DROPLETS = DigitalOceanProbe("droplets", credential="FERRY_CLOUD")


@pytest.fixture
def look(world: World, run: Run) -> Callable[[Trouble], Snapshot]:
    """Return a function that looks at an account of two pages of droplets, in trouble."""

    def begin(trouble: Trouble) -> Snapshot:
        world.account = Cloud(
            records={
                "apps": [{"id": "a1", "spec": {"name": "ferry"}}],
                "droplets": [{"id": n, "name": f"d{n}"} for n in range(250)],
            },
            belongings={"app-health": {"a1": {"components": []}}},
            scopes=set(READ_ONLY),
            token=TOKEN,
            trouble=[trouble],
        )
        context = Context(network=run(world).network, credentials={"FERRY_CLOUD": TOKEN})
        return observe((LISTED, HEALTH, DROPLETS), context)

    return begin


@pytest.mark.parametrize("kind", [one for one in Misbehavior if one is not Misbehavior.SLOW])
def test_api_in_trouble_is_not_observed(
    look: Callable[[Trouble], Snapshot], kind: Misbehavior
) -> None:
    """Let every answer be bad; nothing is seen, and nothing is taken for empty."""
    seen = look(Trouble(kind))
    lists = [seen[probe] for probe in (LISTED, DROPLETS)]
    assert all(isinstance(one, NotObserved) for one in lists)
    assert isinstance(seen[HEALTH], NotObserved)


@pytest.mark.parametrize(
    "kind", [Misbehavior.TRUNCATED, Misbehavior.NOT_JSON, Misbehavior.NOT_AN_OBJECT]
)
def test_trouble_with_one_read_costs_that_read(
    look: Callable[[Trouble], Snapshot], kind: Misbehavior
) -> None:
    """Let one list be bad; the other list and its details are seen."""
    seen = look(Trouble(kind, "/v2/droplets"))
    assert isinstance(seen[DROPLETS], NotObserved)
    assert isinstance(seen[LISTED], Observed)
    assert isinstance(seen[HEALTH], Observed)


def test_slow_api_is_observed_whole(look: Callable[[Trouble], Snapshot]) -> None:
    """Let every answer take a moment; both pages of droplets are there."""
    seen = look(Trouble(Misbehavior.SLOW, delay_ms=20))[DROPLETS]
    assert isinstance(seen, Observed)
    assert seen.value.pages == 2
    assert seen.value.body.count('"name"') == 250
