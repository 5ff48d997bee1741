"""Which metric tells what of the system: by declaration, else by its name and its use.

Where neither says enough there is no role: what cannot be told is not guessed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.role import Kind, Level, Reading, Role, reading_of, words
from plimsoll.semantics.alerting.roles_declared import declared_role
from plimsoll.semantics.alerting.roles_requests import requests_role
from plimsoll.semantics.alerting.roles_resources import resources_role
from plimsoll.semantics.alerting.roles_services import services_role

if TYPE_CHECKING:
    from plimsoll.environment.alerting_model import MetricRole
    from plimsoll.semantics.promql import Selector

__all__ = ["Kind", "Level", "Reading", "Role", "is_foreign", "role_of", "why_unknown"]

_FOREIGN = words(
    "k6 promhttp prometheus alertmanager grafana go gc scrape loki cortex thanos etcd "
    "apiserver coredns kubelet workqueue rest cs crowdsec minio rabbitmq kafka elasticsearch"
)
"""Subsystems beside the application, which have requests, memory and latencies of their own."""

_KNOWN_NAMES = frozenset({"cs_bucket_overflowed_total"})


def role_of(
    metric: str,
    selectors: tuple[Selector, ...] = (),
    declared: MetricRole | None = None,
    kind: str | None = None,
    exposed_labels: frozenset[str] = frozenset(),
) -> Role | None:
    """Return what a metric tells of the system; None where that cannot be told.

    Args:
        metric: its name.
        selectors: every selector that reads it: their matchers and functions say how it is split,
            and whether it is used as a counter.
        declared: what the environment file says of it.
        kind: what its exposition declares (counter, gauge, histogram, summary); None where none
            was seen. A gauge stays one however it is used.
        exposed_labels: the labels it is exposed with.

    """
    reading = reading_of(metric, selectors, kind, exposed_labels)
    if declared is not None:
        return declared_role(reading, declared)
    if is_foreign(reading):
        return None
    role = _inferred(reading)
    return role and _as_declared(role, reading)


def why_unknown(metric: str) -> str:
    """Return why a metric without a role has none, as a report says it."""
    if is_foreign(reading_of(metric, (), None)):
        return f"{metric} tells of another system than the one that is watched"
    return f"nothing says what {metric} tells: declare it under alerts.signals"


def is_foreign(reading: Reading) -> bool:
    """Tell whether a metric is one of a subsystem beside the application."""
    if reading.name in _KNOWN_NAMES or reading.name.startswith("kubelet_volume_"):
        return False
    return reading.words[0] in _FOREIGN


def _inferred(reading: Reading) -> Role | None:
    if reading.words[-1] == "info":
        return Role("information", "gauge", frozenset(), lambda _s, _l: 1.0)
    known = services_role(reading)
    if known is not None or reading.words[0] in ("redis", "memcached", "valkey"):
        return known
    return resources_role(reading) or requests_role(reading)


def _as_declared(role: Role, reading: Reading) -> Role:
    """Return the role with the kind that the exposition declares, which use cannot change."""
    if reading.declared == "gauge" and role.kind != "gauge":
        guess = f"{reading.name}: exposed as a gauge, taken for what is gained per second"
        return replace(role, kind="gauge", assumed=role.assumed or guess)
    if reading.declared == "counter" and role.kind == "gauge":
        return replace(role, kind="counter", follows_clock=False)
    return role
