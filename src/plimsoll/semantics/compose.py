"""Read and validate Compose files: services in normal form, and what is wrong with them.

Only the file itself is read: services extended from other files and variables of ``env_file`` are
not known here, and a service that needs them shows only what this file states.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from plimsoll.facts.container import Container, Mount, Port, Variable
from plimsoll.facts.document import Document, Part, Problem
from plimsoll.semantics.compose_interpolation import Use, interpolate
from plimsoll.semantics.compose_service import container
from plimsoll.semantics.image_reference import parse_reference
from plimsoll.semantics.schema import bundled, schema_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATABASE_IMAGE = re.compile(
    r"postgres(?:ql)?|postgis|timescaledb\S*|pgvector|pgbouncer|mysql|mariadb|percona\S*|mongo(?:db)?"
    r"|redis|redis-stack\S*|valkey|keydb|dragonfly|memcached|elasticsearch|opensearch"
    r"|clickhouse-server|cassandra|couchdb|influxdb|etcd"
)
_DATABASE_PORTS = frozenset(
    ("1433", "1521", "3306", "5432", "6379", "6432", "7000", "9042", "9200", "11211", "27017")
)


@lru_cache(maxsize=32)
def services(document: Document) -> tuple[Container, ...]:
    """Return every service of the file; one with profiles is not long-running in production."""
    return tuple(
        container(_layers(part))
        for part in document.part("services")
        if isinstance(part.value, dict)
    )


@lru_cache(maxsize=32)
def unread_files(document: Document) -> tuple[str, ...]:
    """Return where a Compose file takes parts from other files: what those say is not known here.

    Source: Compose specification, `include` and `extends.file`.
    """
    services = document.part("services")
    if not isinstance(services.value, dict):
        return ()
    borrowed = (service["extends"]["file"] for service in services)
    return tuple(part.where for part in (document.part("include"), *borrowed) if part.exists)


def problems(document: Document) -> tuple[Problem, ...]:
    """Return what Compose would refuse: the specification's schema, names that lead nowhere."""
    found = list(schema_problems(document.part(), bundled("compose_schema.json")))
    for part in document.part("services"):
        found += _name_problems(part)
    found += _interpolation_problems(document.part())
    return tuple(dict.fromkeys(found))


def variable_uses(document: Document) -> tuple[tuple[Use, str], ...]:
    """Return every use of a variable in the file, with where it is used."""
    return tuple(
        (use, part.where)
        for part in _texts(document.part())
        for use in interpolate(part.text or "").uses
    )


def published_database_ports(document: Document) -> tuple[Port, ...]:
    """Return the ports of databases that other hosts can reach.

    A database is known by its image's name or by the port it listens on. Services that only a
    profile starts do not run in production and are left out.
    """
    return tuple(
        port
        for service in services(document)
        if service.is_long_running
        for port in service.ports
        if port.is_published and not _is_loopback(port.interface)
        if _is_database(service) or port.container in _DATABASE_PORTS
    )


def mounts(service: Container) -> tuple[Mount, ...]:
    """Return the mounts whose source is a file or folder, not a volume."""
    return tuple(mount for mount in service.mounts if mount.kind in {"bind", "config", "secret"})


def repository_path(service: Container, path: str) -> str | None:
    """Return the repository path that a path (or glob) inside the container shows, if it does.

    The deepest mount wins; a path on a volume, in the image, or outside the repository gives None.
    """
    path = posixpath.normpath(path)
    covering = [mount for mount in service.mounts if _covers(mount.target, path)]
    if not covering:
        return None
    mount = max(covering, key=lambda mount: len(posixpath.normpath(mount.target)))
    if mount.kind not in {"bind", "config"} or mount.source is None:
        return None
    if mount.source.startswith(("/", "~", "..")):
        return None
    inner = posixpath.relpath(path, posixpath.normpath(mount.target))
    return posixpath.normpath(posixpath.join(mount.source, inner))


def command_variables(service: Container) -> tuple[Variable, ...]:
    """Return the options of a service's command as variables, so that credentials show in them."""
    found = service.flags() | {
        word: following
        for word, following in pairwise(service.words())
        if word in {"requirepass", "masterauth", "-a"}
    }
    return tuple(
        Variable(service.name, name.lstrip("-"), value, service.command_where)
        for name, value in found.items()
        if value
    )


def _layers(part: Part) -> tuple[Part, ...]:
    layers = [part]
    while isinstance(layers[-1].value, dict):
        name = _base_name(layers[-1]["extends"])
        base = part.document.part("services", name) if name else None
        if base is None or not isinstance(base.value, dict) or base.key in [x.key for x in layers]:
            break
        layers.append(base)
    return tuple(layers)


def _base_name(extends: Part) -> str | None:
    return extends.text or (None if extends["file"].exists else extends["service"].text)


def _name_problems(part: Part) -> Iterator[Problem]:
    root = part.document.part()
    extends = part["extends"]
    base = _base_name(extends)
    if base and not root["services"][base].exists:
        yield extends.problem(f"{part.key} extends {base}, which is not declared", "a service")
    if not isinstance(part.value, dict):
        return
    service = container(_layers(part))
    for needed in service.depends_on:
        if not root["services"][needed].exists:
            what = f"{part.key} depends on {needed}, which is not declared"
            yield part["depends_on"].problem(what, "a service of this file")
    for mount in service.mounts:
        if mount.kind == "volume" and mount.source and not root["volumes"][mount.source].exists:
            what = f"{part.key} mounts the volume {mount.source}, which is not declared"
            yield Problem(mount.where, what, f"{mount.source} under volumes")
    for section in ("secrets", "configs"):
        for item in part[section]:
            name = item.text or item["source"].text
            if name and not root[section][name].exists:
                what = f"{part.key} uses {name} of {section}, which is not declared"
                yield item.problem(what, f"{name} under {section}")


def _interpolation_problems(root: Part) -> Iterator[Problem]:
    for part in _texts(root):
        for fault in interpolate(part.text or "").faults:
            yield part.problem(fault, "$NAME, ${NAME}, ${NAME:-default} or $$")


def _texts(part: Part) -> Iterator[Part]:
    if part.text is not None:
        yield part
    for inner in part:
        yield from _texts(inner)


def _is_loopback(interface: str | None) -> bool:
    return interface is not None and (
        interface.startswith("127.") or interface in {"::1", "localhost"}
    )


def _is_database(service: Container) -> bool:
    if service.image is None:
        return False
    reference = parse_reference(service.image.reference)
    return reference is not None and bool(
        _DATABASE_IMAGE.fullmatch(reference.name.rpartition("/")[2])
    )


def _covers(target: str, path: str) -> bool:
    target = posixpath.normpath(target)
    return path == target or path.startswith(target.rstrip("/") + "/")
