"""What is declared of the edge that shows a certificate from the account, as subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from plimsoll.environment.cloud_inventory import cdn_endpoints, load_balancers, steering
from plimsoll.environment.inventory import Subjects, Undeclared

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.environment.cloud_inventory import (
        CdnSubject,
        LoadBalancerSubject,
        SteeringSubject,
    )
    from plimsoll.environment.model import Environment

T = TypeVar("T")


def certified_balancers(environment: Environment) -> Subjects[LoadBalancerSubject]:
    """Return the load balancers where TLS ends, where anything is required of certificates."""
    return _certified(
        environment,
        load_balancers(environment),
        lambda one: one.load_balancer.tls == "termination",
        "load balancer that ends TLS",
    )


def certified_steering(environment: Environment) -> Subjects[SteeringSubject]:
    """Return the global load balancer, where anything is required of certificates."""
    found = steering(environment)
    return _certified(environment, found, lambda _: True, "global load balancer")


def certified_networks(environment: Environment) -> Subjects[CdnSubject]:
    """Return the CDN endpoints with a domain, where anything is required of certificates."""
    return _certified(
        environment,
        cdn_endpoints(environment),
        lambda one: one.cdn.domain is not None,
        "CDN endpoint with a domain",
    )


def _certified(
    environment: Environment, found: Subjects[T], wanted: Callable[[T], bool], what: str
) -> Subjects[T]:
    if environment.tls is None:
        return Undeclared("no tls requirements are declared")
    if isinstance(found, Undeclared):
        return found
    return tuple(filter(wanted, found)) or Undeclared(f"no {what} is declared")
