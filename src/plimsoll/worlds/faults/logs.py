"""Break the shipping of logs, and how long they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.environment.backup_model import LogArchive
    from plimsoll.worlds.object_store import StoreBucket
    from plimsoll.worlds.world import World

VECTOR: Final = "vector/vector.yaml"
_COLD: Final = "    bucket: production-logs-cold\n"
_FED: Final = "  cold:\n    type: aws_s3\n    inputs: [structured]\n"

_production = partial(fault, environments=("digitalocean-production",))
_in_store = partial(_production, vantage="spaces")
_in_file = partial(_production, vantage="repository")


@_production("LOG-01", "destination-removed", vantage="do", also=("DLV-02",))
def destination_removed(world: World) -> None:
    """Let an app keep its logs to itself."""
    for component in _components(world):
        del component["log_destinations"]


@_production("LOG-01", "destination-without-a-kind", vantage="do", also=("DLV-02",))
def destination_without_a_kind(world: World) -> None:
    """Name a destination without saying what it is."""
    for component in _components(world):
        component["log_destinations"] = [{"name": "somewhere"}]


@_in_store("LOG-01", "shipping-stopped")
def shipping_stopped(world: World) -> None:
    """Let the last logs have arrived a day ago."""
    bucket, archive = _archive(world)
    bucket.age(archive.store.prefix, timedelta(days=1))


@_in_store("LOG-01", "objects-empty")
def objects_empty(world: World) -> None:
    """Let objects arrive that hold no log."""
    bucket, archive = _archive(world)
    for kept in bucket.below(archive.store.prefix).values():
        kept.size = 0


@_in_file("LOG-01", "sink-for-another-bucket")
def sink_for_another_bucket(world: World) -> None:
    """Misspell the bucket that cold logs are shipped to."""
    world.files.replace(VECTOR, _COLD, _COLD.replace("cold", "clod"))


@_in_file("LOG-01", "sink-in-another-region")
def sink_in_another_region(world: World) -> None:
    """Ship cold logs to another region's store."""
    there = f"    endpoint: https://ams3.digitaloceanspaces.com\n    region: ams3\n{_COLD}"
    world.files.replace(VECTOR, there, there.replace("https://ams3", "https://fra1"))


@_in_file("LOG-01", "sink-fed-by-nothing")
def sink_fed_by_nothing(world: World) -> None:
    """Wire the sink for cold logs to a transform that does not exist."""
    world.files.replace(VECTOR, _FED, _FED.replace("structured", "structurd"))


@_in_file("LOG-01", "sink-without-inputs")
def sink_without_inputs(world: World) -> None:
    """Wire the sink for cold logs to nothing at all."""
    world.files.replace(VECTOR, _FED, _FED.replace("[structured]", "[]"))


@_in_file("LOG-01", "sink-of-another-kind")
def sink_of_another_kind(world: World) -> None:
    """Let the sink for cold logs print them."""
    world.files.replace(VECTOR, _FED, _FED.replace("aws_s3", "console"))


@_in_store("LOG-02", "lifecycle-too-short")
def lifecycle_too_short(world: World) -> None:
    """End logs after a week."""
    bucket, _ = _archive(world)
    bucket.lifecycle = [replace(rule, expires_after_days=7) for rule in bucket.lifecycle]


@_in_store("LOG-02", "lifecycle-missing")
def lifecycle_missing(world: World) -> None:
    """Keep logs for ever."""
    _archive(world)[0].lifecycle = []


@_in_store("LOG-02", "lifecycle-too-short-for-some")
def lifecycle_too_short_for_some(world: World) -> None:
    """Add a rule that ends some of the logs after three days."""
    bucket, archive = _archive(world)
    part = f"{archive.store.prefix}debug/"
    hasty = replace(bucket.lifecycle[0], id="debug", prefix=part, expires_after_days=3)
    bucket.lifecycle.append(hasty)


@_in_store("LOG-02", "lifecycle-for-some-alone")
def lifecycle_for_some_alone(world: World) -> None:
    """Let the only rule hold for some of the objects."""
    bucket, _ = _archive(world)
    bucket.lifecycle = [replace(rule, conditional=True) for rule in bucket.lifecycle]


@_in_store("LOG-02", "earlier-versions-kept")
def earlier_versions_kept(world: World) -> None:
    """Let the bucket keep every version, and end none but the latest."""
    _archive(world)[0].versioning = "Enabled"


def _archive(world: World) -> tuple[StoreBucket, LogArchive]:
    """Return the first archive that must be fresh. Raises LookupError where there is none."""
    declared = world.environment.logs
    for archive in declared.archives or () if declared else ():
        if archive.newest_within_hours is not None:
            return world.store.bucket(archive.store.bucket), archive
    message = "no archive of logs is declared"
    raise LookupError(message)


def _components(world: World) -> list[dict[str, Any]]:
    """Return the components that forward logs, in what is asked for and in what runs."""
    account = world.environment.digitalocean
    found = [
        component
        for app in (account.apps or () if account else ())
        for spec in world.cloud.specs(app.name)
        for kind in ("services", "workers", "jobs")
        for component in spec.get(kind, [])
        if "log_destinations" in component
    ]
    if not found:
        message = "no app forwards its logs"
        raise LookupError(message)
    return found
