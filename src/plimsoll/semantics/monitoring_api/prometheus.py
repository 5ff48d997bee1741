"""Facts from the answers of a Prometheus server."""

from __future__ import annotations

from math import isnan
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from plimsoll.facts.loaded_rule import (
    AlertmanagerLinks,
    ConfigurationLoad,
    LoadedGroup,
    LoadedRule,
)
from plimsoll.facts.scrape_target import ScrapeTarget
from plimsoll.semantics.monitoring_api.answer import UntoldError, items, moment, number, text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from plimsoll.facts.document import Document, Part

NEVER: Final = 1
"""The year in which Go's zero time lies: what it dates has not happened yet."""


def targets(document: Document) -> tuple[ScrapeTarget, ...]:
    """Return every active target. Raises UntoldError."""
    return tuple(map(_target, items(document, "activeTargets")))


def groups(document: Document) -> tuple[LoadedGroup, ...]:
    """Return every loaded group of rules. Raises UntoldError."""
    return tuple(
        LoadedGroup(
            name=text(part["name"]),
            file=part["file"].text or "",
            interval_seconds=number(part["interval"]),
            rules=tuple(map(_rule, _listed(part["rules"]))),
            where=part.where,
        )
        for part in items(document, "groups")
    )


def alertmanagers(document: Document) -> tuple[AlertmanagerLinks, ...]:
    """Return where alerts are sent to, once. Raises UntoldError."""
    active, dropped = (
        tuple(text(part["url"]) for part in items(document, key))
        for key in ("activeAlertmanagers", "droppedAlertmanagers")
    )
    return (AlertmanagerLinks(active, dropped),)


def runtime(document: Document) -> tuple[ConfigurationLoad, ...]:
    """Return whether the configuration was loaded, once."""
    return (ConfigurationLoad(document.part("reloadConfigSuccess").boolean),)


def values(document: Document) -> tuple[float, ...]:
    """Return the value of each series of an instant vector; one that is no number is untold.

    Raises UntoldError.
    """
    if document.get("resultType") != "vector":
        message = "the answer is no instant vector"
        raise UntoldError(message)
    return tuple(_value(part["value"][1]) for part in items(document, "result"))


def targets_of(
    found: Iterable[ScrapeTarget], service: str, exporter: str | None
) -> tuple[ScrapeTarget, ...]:
    """Return the targets that are a service or its exporter.

    They are told by the labels `service` and `job`, and by the host of `instance`.
    """
    names = {service, exporter} - {None}
    return tuple(
        one
        for one in found
        if {one.labels.get("service"), one.job, one.host, one.host.partition(".")[0]} & names
    )


def _target(part: Part) -> ScrapeTarget:
    labels = {str(one.key): one.text for one in part["labels"] if one.text is not None}
    return ScrapeTarget(
        job=labels.get("job", ""),
        instance=labels.get("instance", ""),
        labels=MappingProxyType(labels),
        health=text(part["health"]),
        last_error=part["lastError"].text or "",
        where=part.where,
    )


def _rule(part: Part) -> LoadedRule:
    return LoadedRule(
        name=text(part["name"]),
        kind=text(part["type"]),
        health=text(part["health"]),
        last_error=part["lastError"].text or "",
        evaluated_at=_evaluated(part["lastEvaluation"]),
        where=part.where,
    )


def _evaluated(part: Part) -> datetime | None:
    at = moment(part) if part.text else None
    return None if at is None or at.year == NEVER else at


def _listed(part: Part) -> tuple[Part, ...]:
    if not isinstance(part.value, list):
        message = f"{part.where} holds no list"
        raise UntoldError(message)
    return tuple(part)


def _value(part: Part) -> float:
    found = float(text(part)) if part.text in {"+Inf", "-Inf", "NaN"} else number(part)
    if found is None or isnan(found):
        message = f"{part.where} holds no number"
        raise UntoldError(message)
    return found
