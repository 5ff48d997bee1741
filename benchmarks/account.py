"""A DigitalOcean account of many apps, read while every answer takes its time.

Calls are compared with the distinct addresses that had to be asked, time with what latency allows:
one list alone, the other lists and then the details, eight at a time.
"""

from __future__ import annotations

import math
import tempfile
import time
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plimsoll import resources
from plimsoll.collectors import digitalocean, digitalocean_session
from plimsoll.collectors.context import Context, Limits
from plimsoll.collectors.digitalocean_reads import READS
from plimsoll.environment.loader import load
from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.findings import NotObserved, Observed, Origin
from plimsoll.worlds.cloud import Misbehavior, Trouble
from plimsoll.worlds.running import start
from plimsoll.worlds.world import World, build

if TYPE_CHECKING:
    from plimsoll.facts.repository import Repository
    from plimsoll.findings import Sighting

APPS = 20
_DETAILS = ("app-deployments", "app-events", "app-instances", "app-health", "app-alerts")
_ANY = digitalocean_session.MOST_ATTEMPTS  # the client is loaded before anything is measured


@dataclass(frozen=True, slots=True)
class Measured:
    """What reading an account took: seconds, calls, distinct addresses, and the least seconds."""

    seconds: float
    calls: int
    addresses: int
    least_seconds: float


class _Attending:
    def repository(self) -> Sighting[Repository]:
        return NotObserved("no repository here", Origin("repository", ""))

    def awaited(self) -> bool:
        return True


def read_account(latency_seconds: float) -> Measured:
    """Read every list of an account and the details of its apps. Raises ValueError for less."""
    world = _account()
    world.cloud.trouble.append(Trouble(Misbehavior.SLOW, delay_ms=round(latency_seconds * 1000)))
    token = next(name for name, value in world.credentials.items() if value == world.cloud.token)
    lists = [DigitalOceanProbe(name, "", token) for name in READS if not READS[name].is_detail]
    names = [app["spec"]["name"] for app in world.cloud.all("apps")]
    details = [DigitalOceanProbe(read, name, token) for read in _DETAILS for name in names]
    with tempfile.TemporaryDirectory() as folder, start(world, Path(folder)) as running:
        context = Context(network=running.network, credentials=running.credentials, limits=Limits())
        started = time.perf_counter()
        seen = dict(digitalocean.collect([*lists, *details], context, _Attending()))
        seconds = time.perf_counter() - started
        paths = [request.path for request in running.requests]
    if not all(isinstance(one, Observed) for one in seen.values()):
        raise ValueError("not everything of the account was observed")
    turns = 1 + math.ceil((len(lists) - 1) / digitalocean.THREADS)
    turns += math.ceil(len(details) / digitalocean.THREADS)
    return Measured(seconds, len(paths), len(set(paths)), turns * latency_seconds)


def _account() -> World:
    """Return the mocked TETRIX with its app twenty times over."""
    environment = load(resources.environments() / "tetrix.yaml").model
    world = build(environment, resources.fixtures())
    first, *_ = world.cloud.all("apps")
    for number in range(1, APPS):
        copy = deepcopy(first) | {"id": f"00000000-0000-4000-8000-{number:012}"}
        copy["spec"]["name"] = f"{first['spec']['name']}-{number}"
        world.cloud.all("apps").append(copy)
        for read in _DETAILS:
            told = deepcopy(world.cloud.details(read, first["id"]))
            world.cloud.set_details(read, copy["id"], told)
    return world
