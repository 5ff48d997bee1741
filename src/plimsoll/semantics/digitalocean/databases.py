"""Managed databases, their backups, trusted sources, read replicas and connection pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.backup import Backup
from plimsoll.facts.database_cluster import (
    ConnectionPool,
    Database,
    PlatformWindow,
    Replica,
    TrustedSource,
)
from plimsoll.semantics.digitalocean.answer import (
    items,
    moment,
    quantity,
    text,
    texts,
    whole_number,
)

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part


def databases(answer: Document) -> tuple[Database, ...]:
    """Return every cluster. Raises UntoldError where one lacks what the platform always tells."""
    return tuple(_database(part) for part in items(answer, "databases"))


def backups(answer: Document) -> tuple[Backup, ...]:
    """Return the backups that the platform keeps of a cluster, in the order it tells them.

    It keeps seven days of PostgreSQL and MySQL, and none of Valkey. Raises UntoldError.
    """
    return tuple(_backup(part) for part in items(answer, "backups"))


def firewall(answer: Document) -> tuple[TrustedSource, ...]:
    """Return the sources a cluster accepts; with none at all it accepts every one."""
    return tuple(
        TrustedSource(text(part["type"]), text(part["value"]), part.where)
        for part in items(answer, "rules")
    )


def replicas(answer: Document) -> tuple[Replica, ...]:
    """Return the read replicas of a cluster. Raises UntoldError where one has no name."""
    return tuple(
        Replica(text(part["name"]), part["region"].text, part["status"].text, part.where)
        for part in items(answer, "replicas")
    )


def pools(answer: Document) -> tuple[ConnectionPool, ...]:
    """Return the connection pools of a cluster. Raises UntoldError where one has no size."""
    return tuple(
        ConnectionPool(
            text(part["name"]), text(part["mode"]), whole_number(part["size"]), part.where
        )
        for part in items(answer, "pools")
    )


def _database(part: Part) -> Database:
    return Database(
        id=text(part["id"]),
        name=text(part["name"]),
        engine=text(part["engine"]),
        version=part["version"].text,
        region=text(part["region"]),
        nodes=whole_number(part["num_nodes"]),
        status=part["status"].text,
        network=part["private_network_uuid"].text,
        tags=texts(part["tags"]),
        maintenance=_window(part["maintenance_window"]),
        where=part.where,
        ssl=part["connection"]["ssl"].boolean,
    )


def _window(part: Part) -> PlatformWindow | None:
    if not isinstance(part.value, dict):
        return None
    return PlatformWindow(text(part["day"]), text(part["hour"]), part.where)


def _backup(part: Part) -> Backup:
    return Backup(moment(part["created_at"]), quantity(part["size_gigabytes"]), part.where)
