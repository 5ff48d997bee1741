"""Logs leave the machine that wrote them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from plimsoll.facts.bucket import endpoint
from plimsoll.findings import NotObserved
from plimsoll.semantics.log_destinations import is_forwarded, writers
from plimsoll.semantics.retention import is_fresh, newest, told
from plimsoll.semantics.vector_config import object_sinks

if TYPE_CHECKING:
    from plimsoll.environment.backup_inventory import ArchiveSubject, ShipperSubject
    from plimsoll.environment.cloud_inventory import AppSubject
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.bucket import Bucket
    from plimsoll.findings import Expect, Observed
    from plimsoll.pytest_plugin.repository_view import RepositoryView


@pytest.mark.control("LOG-01")
def test_app_sends_its_logs_to_a_destination(
    forwarding_app: AppSubject, app: Observed[App], expect: Expect
) -> None:
    """Read the specification that is live: every component that writes logs must forward them.

    These are services, workers, jobs and functions; each must name a destination of a kind that
    the platform knows.
    """
    if app.value.active_spec is None:
        raise NotObserved(f"{forwarding_app.id} runs no deployment", app.origin)
    for component in writers(app.value.active_spec):
        expect.that(
            is_forwarded(component),
            f"log destination of {component['name'].text}",
            observed="absent",
            expected="a destination",
            at=app.origin.at(component.where),
        )


@pytest.mark.control("LOG-01")
def test_logs_still_arrive_in_the_archive(
    fresh_archive: ArchiveSubject, stored: Observed[Bucket], expect: Expect
) -> None:
    """List the archive and find the newest object: it must be no older than the declared time.

    An object without a byte holds no log. Older means that shipping has stopped.
    """
    hours = fresh_archive.archive.newest_within_hours or 0
    made = [one.modified_at for one in stored.value.objects if one.size > 0]
    expect.that(
        is_fresh(made, stored.at, timedelta(hours=hours)),
        "newest logs",
        observed=told(newest(made), stored.at),
        expected=f"≤ {hours} h old",
        at=stored.origin,
    )


@pytest.mark.control("LOG-01")
def test_logs_are_shipped_to_every_archive(
    log_shipper: ShipperSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Read Vector's configuration: each archive must be the target of a sink that is fed.

    A sink of type aws_s3 with the archive's endpoint, bucket and prefix ships there; each of its
    inputs must lead back to a source. A bucket or an endpoint that stands in a variable is not
    known.
    """
    sinks = object_sinks(repository.document(log_shipper.id))
    at = repository.origin_of(log_shipper.id)
    unknown = [sink.name for sink in sinks if not sink.is_settled]
    for archive in log_shipper.archives:
        place = archive.store
        host = endpoint(place.region)
        shipping = [sink for sink in sinks if sink.ships_to(place.bucket, host, place.prefix)]
        if not shipping and unknown:
            raise NotObserved(f"sink {', '.join(unknown)} ships to what a variable says", at)
        expect.that(
            any(sink.feeds for sink in shipping),
            f"sink for {archive.name} logs",
            observed="fed by no source" if shipping else "absent",
            expected=f"an aws_s3 sink to {place.bucket} at {host}",
            at=at.at(shipping[0].where) if shipping else at,
        )
        expect.none(
            [(name, sink.where) for sink in shipping for name in sink.dangling],
            f"input of the sink for {archive.name} logs",
            expected="a source, or a transform that one feeds",
            at=at,
        )
