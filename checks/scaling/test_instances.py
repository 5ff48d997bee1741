"""What runs, and the size it runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import app_spec
from plimsoll.semantics.digitalocean.running import running_spec

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import AppComponentSubject, PoolComponentSubject
    from plimsoll.environment.model import Environment
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.catalogue_size import CatalogueSize
    from plimsoll.facts.deployment import Scaling
    from plimsoll.facts.droplet_pool import DropletPool, PoolMember
    from plimsoll.facts.running_instance import RunningInstance
    from plimsoll.findings import Expect, Observed

FAILED = "FAILED"
UNFAILED = ("PENDING", "IN_PROGRESS", "SUCCEEDED", "CANCELED")
RUNNING = "active"


@pytest.mark.control("SCL-04")
def test_instance_size_can_do_what_is_asked_of_it(  # noqa: PLR0913, PLR0917 (each is a fact)
    app_component: AppComponentSubject,
    app: Observed[App],
    instance_sizes: Observed[tuple[CatalogueSize, ...]],
    app_instances: Observed[tuple[RunningInstance, ...]],
    expect: Expect,
    environment: Environment,
) -> None:
    """Look the size of the component that runs up in the platform's own catalogue of sizes.

    It must be the declared one, where one is declared. Where several instances are asked for, the
    size may not be one that runs a single instance; where CPU is declared as a trigger, it needs a
    dedicated CPU. The catalogue lists no legacy sizes: of those, instances that run side by side
    now prove that there can be several, and nothing proves that they scale.
    """
    slug = _slug(app_component, app, expect)
    catalogue = {size.slug: size for size in instance_sizes.value}
    several = app_component.limits.maximum > 1
    triggers = environment.scaling.scale_out if environment.scaling else None
    on_cpu = triggers is not None and triggers.cpu_percent is not None
    if slug in catalogue:
        _judge(catalogue[slug], instance_sizes, expect, several=several, on_cpu=on_cpu)
        return
    running = sum(one.component == app_component.component.app for one in app_instances.value)
    if on_cpu or (several and running < 2):
        raise NotObserved(f"the catalogue does not list {slug}", instance_sizes.origin)
    what, expected = "instances side by side", "several where asked for"
    at = app_instances.origin
    expect.that(not several or running > 1, what, observed=running, expected=expected, at=at)


@pytest.mark.control("SCL-05")
def test_instances_of_an_app_run_within_the_limits(
    app_component: AppComponentSubject,
    app_instances: Observed[tuple[RunningInstance, ...]],
    app_events: Observed[tuple[Scaling, ...]],
    expect: Expect,
) -> None:
    """Count the instances of the component that each declared app runs now.

    Their number must be within the limits. Where the platform has scaled the component, it must not
    have failed the last time; that it never has proves nothing and is not judged.
    """
    name, limits = app_component.component.app, app_component.limits
    running = sum(one.component == name for one in app_instances.value)
    origin = app_instances.origin
    expect.at_least(limits.minimum, running, "running instances", at=origin)
    expect.at_most(limits.maximum, running, "running instances", at=origin)
    last = next((one for one in app_events.value if one.component == name), None)
    if last is not None:
        what, expected = "last scaling", "one that did not fail"
        at = app_events.origin.at(last.where)
        if last.phase not in {FAILED, *UNFAILED}:
            reason = f"how the {what} ended is not told: {last.phase or 'no phase'}"
            raise NotObserved(reason, at)
        expect.that(last.phase != FAILED, what, observed=last.phase, expected=expected, at=at)


@pytest.mark.control("SCL-05")
def test_machines_of_a_pool_run_within_the_limits(
    pool_component: PoolComponentSubject,
    pool: Observed[DropletPool],
    pool_members: Observed[tuple[PoolMember, ...]],
    expect: Expect,
) -> None:
    """Count the machines of the pool that run now.

    The pool must be active: one in error, or being deleted, keeps no number. Both the number that
    the platform keeps for it and the number of members that are active must be within the limits; a
    machine that is being made or removed serves nobody.
    """
    limits = pool_component.limits
    if pool.value.status is None:
        raise NotObserved("the pool shows no status", pool.origin)
    expect.equal(RUNNING, pool.value.status, "status of the pool", at=pool.origin)
    untold = [one.id for one in pool_members.value if one.status is None]
    if untold:
        raise NotObserved(f"machine {', '.join(untold)} shows no status", pool_members.origin)
    active = sum(one.status == RUNNING for one in pool_members.value)
    expect.at_least(limits.minimum, active, "active machines", at=pool_members.origin)
    expect.at_most(limits.maximum, active, "active machines", at=pool_members.origin)
    expect.at_least(limits.minimum, pool.value.running, "counted machines", at=pool.origin)
    expect.at_most(limits.maximum, pool.value.running, "counted machines", at=pool.origin)


def _slug(subject: AppComponentSubject, app: Observed[App], expect: Expect) -> str:
    name = subject.component.app
    found = [one for one in app_spec.components(running_spec(app)) if one.name == name]
    if len(found) != 1 or found[0].size_slug is None:
        raise NotObserved(f"the running specification tells no size of {name}", app.origin)
    slug, declared = found[0].size_slug, subject.component.size
    if declared is not None:
        expect.equal(declared, slug, "instance size", at=app.origin.at(found[0].where))
    return slug


def _judge(
    size: CatalogueSize,
    sizes: Observed[tuple[CatalogueSize, ...]],
    expect: Expect,
    *,
    several: bool,
    on_cpu: bool,
) -> None:
    at = sizes.origin.at(size.where)
    can_run = "one that runs several instances" if several else "any"
    runs = not (several and size.is_single_instance)
    expect.that(runs, "number of instances", observed=size.slug, expected=can_run, at=at)
    if on_cpu and size.scales_on_cpu is None:
        raise NotObserved(f"the catalogue does not tell the kind of CPU of {size.slug}", at)
    if on_cpu:
        scales, expected = size.scales_on_cpu is True, "one with a dedicated CPU"
        expect.that(scales, "scaling on CPU", observed=size.slug, expected=expected, at=at)
