"""What an App Platform instance size can do, by its slug.

Sources: the size catalogue in the public API document (``cpu_type``, ``single_instance_only``) and
the platform's limits page: no second container on a basic plan, CPU autoscaling on dedicated CPUs
only. The account's own catalogue, read from the API, outranks this table.
"""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_SLUG = "apps-s-1vcpu-0.5gb"


@dataclass(frozen=True, slots=True)
class InstanceSize:
    """A size; a deprecated one is still accepted."""

    slug: str
    is_dedicated: bool = False
    is_single_instance: bool = False
    is_deprecated: bool = False


def instance_size(slug: str) -> InstanceSize | None:
    """Look a slug up; None for one the platform does not know."""
    return _SIZES.get(slug)


def _table() -> dict[str, InstanceSize]:
    shared = ("apps-s-1vcpu-1gb", "apps-s-1vcpu-2gb", "apps-s-2vcpu-4gb")
    single = ("apps-s-1vcpu-0.5gb", "apps-s-1vcpu-1gb-fixed")
    dedicated = ["1vcpu-0.5gb", "1vcpu-1gb", "1vcpu-2gb", "1vcpu-4gb", "2vcpu-4gb", "2vcpu-8gb"]
    dedicated += ["4vcpu-8gb", "4vcpu-16gb", "8vcpu-32gb"]
    sizes = [InstanceSize(slug) for slug in shared]
    sizes += [InstanceSize(slug, is_single_instance=True) for slug in single]
    sizes += [InstanceSize(f"apps-d-{part}", is_dedicated=True) for part in dedicated]
    for part in ("xxs", "xs", "s", "m"):
        sizes.append(InstanceSize(f"basic-{part}", is_single_instance=True, is_deprecated=True))
    for part in ("xs", "s", "m"):
        sizes.append(InstanceSize(f"professional-{part}", is_deprecated=True))
    for part in ("1l", "l", "xl"):
        sizes.append(InstanceSize(f"professional-{part}", is_dedicated=True, is_deprecated=True))
    return {size.slug: size for size in sizes}


_SIZES = _table()
