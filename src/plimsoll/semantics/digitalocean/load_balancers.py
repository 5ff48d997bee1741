"""Load balancers, regional and global, from the list of all.

`algorithm` is read by nobody: the platform no longer lets it be set and still returns a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.load_balancer import (
    BalancedDomain,
    BalancerHealth,
    Forwarding,
    LoadBalancer,
)
from plimsoll.semantics.digitalocean.answer import items, number, text, texts, whole_number

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part


def load_balancers(answer: Document) -> tuple[LoadBalancer, ...]:
    """Return every load balancer. Raises UntoldError where one lacks an id, a name or a port."""
    return tuple(_load_balancer(part) for part in items(answer, "load_balancers"))


def _load_balancer(part: Part) -> LoadBalancer:
    settings = part["glb_settings"]
    return LoadBalancer(
        id=text(part["id"]),
        name=text(part["name"]),
        type=part["type"].text,
        status=part["status"].text,
        region=part["region"]["slug"].text,
        address=part["ip"].text,
        network=part["vpc_uuid"].text,
        forwarding=tuple(_forwarding(rule) for rule in part["forwarding_rules"]),
        health=_health(part["health_check"]),
        redirects_http=part["redirect_http_to_https"].boolean,
        domains=tuple(
            BalancedDomain(text(one["name"]), one["certificate_id"].text or None, one.where)
            for one in part["domains"]
        ),
        targets=texts(part["target_load_balancer_ids"]),
        priorities=_priorities(settings["region_priorities"]),
        failover_threshold_percent=number(settings["failover_threshold"]),
        where=part.where,
    )


def _forwarding(part: Part) -> Forwarding:
    return Forwarding(
        entry_protocol=text(part["entry_protocol"]),
        entry_port=whole_number(part["entry_port"]),
        target_protocol=text(part["target_protocol"]),
        target_port=whole_number(part["target_port"]),
        certificate=part["certificate_id"].text or None,
        is_passthrough=part["tls_passthrough"].boolean is True,
        where=part.where,
    )


def _health(part: Part) -> BalancerHealth | None:
    if not isinstance(part.value, dict):
        return None
    return BalancerHealth(
        protocol=part["protocol"].text,
        port=part["port"].integer,
        path=part["path"].text,
        interval_seconds=number(part["check_interval_seconds"]),
        where=part.where,
    )


def _priorities(part: Part) -> tuple[tuple[str, int], ...] | None:
    if not isinstance(part.value, dict):
        return None
    return tuple((str(one.key), whole_number(one)) for one in part)
