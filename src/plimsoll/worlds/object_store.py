"""A mocked object store: buckets in regions, open to change until the world is started.

It is made of `fixtures/<system>/spaces.yaml`, where a series of objects stands for many.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from plimsoll.facts.bucket import endpoint
from plimsoll.worlds.store_plan import STORE_FILE, load_plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from plimsoll.facts.bucket import LifecycleRule
    from plimsoll.worlds.store_plan import BucketPlan, Series

Operation = Literal["list", "lifecycle", "versioning", "head"]


@dataclass(slots=True)
class Kept:
    """An object as the store keeps it: no content, only what is told of it.

    `server_encryption` is what the store itself states, `client_encryption` what the encrypting
    client noted in the object's metadata; both are empty where nothing is stated.
    """

    modified_at: datetime
    size: int
    server_encryption: str = ""
    client_encryption: str = ""


@dataclass(slots=True)
class StoreBucket:
    """A bucket. `refused` are the operations that the key is not allowed."""

    name: str
    region: str
    objects: dict[str, Kept] = field(default_factory=dict)
    lifecycle: list[LifecycleRule] = field(default_factory=list)
    versioning: Literal["", "Enabled", "Suspended"] = ""
    refused: set[Operation] = field(default_factory=set)

    def below(self, prefix: str) -> dict[str, Kept]:
        """Return the objects below a prefix. Raises LookupError where there is none."""
        found = {key: kept for key, kept in self.objects.items() if key.startswith(prefix)}
        if not found:
            message = f"{self.name} has nothing below {prefix!r}"
            raise LookupError(message)
        return found

    def newest(self, prefix: str) -> tuple[str, Kept]:
        """Return key and object written last below a prefix. Raises LookupError."""
        return max(self.below(prefix).items(), key=lambda item: (item[1].modified_at, item[0]))

    def age(self, prefix: str, by: timedelta) -> None:
        """Make everything below a prefix older. Raises LookupError where there is nothing."""
        for kept in self.below(prefix).values():
            kept.modified_at -= by

    def remove(self, prefix: str) -> None:
        """Remove everything below a prefix. Raises LookupError where there is nothing."""
        for key in self.below(prefix):
            del self.objects[key]


@dataclass(slots=True)
class ObjectStore:
    """The buckets of one account, and how many objects a page of a listing holds.

    `failures` is how many of the next requests are answered by an error of the server; `places` are
    the names and regions that hosts answer for, whatever becomes of the buckets.
    """

    buckets: list[StoreBucket]
    places: frozenset[tuple[str, str]] = frozenset()
    page_size: int = 1000
    failures: int = 0

    def bucket(self, name: str) -> StoreBucket:
        """Return a bucket by its name. Raises LookupError naming those there are."""
        for one in self.buckets:
            if one.name == name:
                return one
        message = f"no bucket {name}; there are {', '.join(one.name for one in self.buckets)}"
        raise LookupError(message)

    def remove(self, name: str) -> None:
        """Take a bucket away; its host still answers, that there is none. Raises LookupError."""
        self.buckets.remove(self.bucket(name))

    def hosts(self) -> tuple[str, ...]:
        """Return every host the store answers at: of each region, and of each bucket in it."""
        places = {*self.places, *((one.name, one.region) for one in self.buckets)}
        regions = {endpoint(region) for _, region in places}
        return (*sorted(regions), *sorted(f"{name}.{endpoint(region)}" for name, region in places))


def load_store(folder: Path, now: datetime | None = None) -> ObjectStore | None:
    """Return the store of a fixture folder; None where it has none.

    Times are told from `now`. Raises ConfigurationError naming file, line and key of what is wrong.
    """
    path = folder / STORE_FILE
    if not path.is_file():
        return None
    moment = (now or datetime.now(UTC)).replace(microsecond=0)
    buckets = [_bucket(planned, moment) for planned in load_plan(path).buckets]
    return ObjectStore(buckets, frozenset((one.name, one.region) for one in buckets))


def _bucket(planned: BucketPlan, now: datetime) -> StoreBucket:
    objects = {key: kept for one in planned.series for key, kept in _objects(one, now)}
    return StoreBucket(
        name=planned.name,
        region=planned.region,
        objects=objects,
        lifecycle=[rule.made() for rule in planned.lifecycle],
        versioning=planned.versioning,
    )


def _objects(series: Series, now: datetime) -> Iterator[tuple[str, Kept]]:
    for number in range(series.count):
        at = now - series.newest - number * series.every
        key = f"{series.prefix}{at:%Y-%m-%dT%H%M%SZ}{series.suffix}"
        yield key, Kept(at, series.size, series.server_encryption, series.client_encryption)
