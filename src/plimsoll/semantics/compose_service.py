"""Bring one Compose service into its normal form: short and long syntax read alike."""

from __future__ import annotations

import posixpath
import re
import shlex
from typing import TYPE_CHECKING, TypeVar

from plimsoll.facts.container import (
    Container,
    HealthCheck,
    Image,
    Mount,
    Network,
    Port,
    Variable,
)
from plimsoll.semantics.compose_interpolation import scalar
from plimsoll.semantics.compose_ports import exposed_ports, published_ports
from plimsoll.semantics.duration import go_seconds
from plimsoll.semantics.health_command import command_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plimsoll.facts.document import Key, Part

T = TypeVar("T")

_PROTECTING_FLAG = "requirepass"
_COUNT = re.compile(r"[0-9]{1,9}")
_DEFAULT_NETWORK = "default"
_WITHOUT_NETWORKS = frozenset(("host", "none"))


def container(layers: tuple[Part, ...]) -> Container:
    """Build a container from a service and the services it extends, nearest first.

    Lists of ports, mounts, variables and networks are united, everything else is taken from the
    nearest service that states it. Values are interpolated with their own defaults only.
    """
    name = str(layers[0].key)
    command = _words(_nearest(layers, "command"))
    entrypoint = _words(_nearest(layers, "entrypoint"))
    image, build = _nearest(layers, "image"), _nearest(layers, "build")
    variables = _united(layers, "environment", lambda part: _variables(name, part), _by_name)
    return Container(
        name=name,
        where=layers[0].where,
        image=Image(name, scalar(image), image.where) if image.exists else None,
        build_context=_relative(build, scalar(build) or scalar(build["context"]) or None),
        build_file=scalar(build["dockerfile"]) or None,
        command=(*entrypoint, *command),
        command_where=_nearest(layers, "command").where,
        variables=variables,
        ports=_united(layers, "ports", lambda part: published_ports(name, part), _by_port)
        + _united(layers, "expose", lambda part: exposed_ports(name, part), _by_port),
        mounts=_united(layers, "volumes", lambda part: _volumes(name, part), _by_target)
        + _united(layers, "configs", lambda part: _files(name, part), _by_target)
        + _united(layers, "secrets", lambda part: _files(name, part), _by_target),
        health_checks=_health_checks(name, layers, (*entrypoint, *command), variables),
        profiles=tuple(scalar(item) for item in _nearest(layers, "profiles")),
        depends_on=_dependencies(_nearest(layers, "depends_on")),
        aliases=_aliases(layers[0]),
        networks=_networks(layers),
        network_mode=scalar(_nearest(layers, "network_mode")),
        extra_hosts=_extra_hosts(layers),
        replicas=_replicas(layers),
        is_long_running=not list(_nearest(layers, "profiles")),
    )


def _nearest(layers: tuple[Part, ...], field: str) -> Part:
    stated = (layer[field] for layer in layers if layer[field].exists)
    return next(stated, layers[0][field])


def _united(
    layers: tuple[Part, ...],
    field: str,
    read: Callable[[Part], Iterable[T]],
    key: Callable[[T], object],
) -> tuple[T, ...]:
    found: dict[object, T] = {}
    for layer in layers:
        for item in read(layer[field]):
            found.setdefault(key(item), item)
    return tuple(found.values())


def _by_name(variable: Variable) -> object:
    return variable.name


def _by_port(port: Port) -> object:
    return (port.interface, port.host, port.container, port.protocol)


def _by_target(mount: Mount) -> object:
    return mount.target


def _words(part: Part) -> tuple[str, ...]:
    if part.text is None:
        return tuple(scalar(item) for item in part)
    try:
        return tuple(shlex.split(scalar(part)))
    except ValueError:
        return tuple(scalar(part).split())


def _variables(owner: str, part: Part) -> Iterator[Variable]:
    for item in part:
        if isinstance(item.key, int):
            name, equals, value = scalar(item).partition("=")
            is_given = bool(equals)
        else:
            name, value, is_given = item.key, scalar(item), item.value is not None
        if name:
            yield Variable(owner, name, value if is_given else None, item.where)


def _volumes(owner: str, part: Part) -> Iterator[Mount]:
    for item in part:
        if isinstance(item.value, dict):
            kind, source = scalar(item["type"]) or "volume", scalar(item["source"]) or None
            target, mode = scalar(item["target"]), "ro" if item["read_only"].value is True else ""
        else:
            source, target, mode = _short_volume(scalar(item))
            kind = "bind" if source and source[0] in "./~" else "volume"
        source = _relative(item, source) if kind == "bind" else source
        yield Mount(owner, kind, source, target, item.where, "ro" in mode.split(","))


def _short_volume(text: str) -> tuple[str | None, str, str]:
    source, colon, rest = text.partition(":")
    if not colon:
        return None, source, ""
    target, _, mode = rest.partition(":")
    return source, target, mode


def _files(owner: str, part: Part) -> Iterator[Mount]:
    kind, folder = ("secret", "/run/secrets/") if part.key == "secrets" else ("config", "/")
    for item in part:
        name = scalar(item) or scalar(item["source"])
        target = scalar(item["target"]) or name
        declared = item.document.part(str(part.key), name)["file"]
        source = _relative(declared, scalar(declared) or None)
        path = target if target.startswith("/") else folder + target
        yield Mount(owner, kind, source, path, item.where, is_read_only=True)


def _relative(part: Part, source: str | None) -> str | None:
    """Turn a path relative to the Compose file into one relative to the repository."""
    if source is None or source[0] in "/~" or "://" in source:
        return source
    return posixpath.normpath(posixpath.join(posixpath.dirname(part.document.path), source))


def _dependencies(part: Part) -> tuple[str, ...]:
    keys: Iterable[Key] = (item.key if isinstance(item.key, str) else scalar(item) for item in part)
    return tuple(str(key) for key in keys)


def _aliases(part: Part) -> tuple[str, ...]:
    stated = [part["container_name"], part["hostname"]]
    return tuple(filter(None, map(scalar, stated)))


def _networks(layers: tuple[Part, ...]) -> tuple[Network, ...]:
    """Return the networks of a service; one without a name where others may be added to them."""
    mode = scalar(_nearest(layers, "network_mode"))
    if mode:
        # The network of another container, and that of Docker itself, have names of their own.
        return () if mode in _WITHOUT_NETWORKS else (Network(None),)
    found = [_network(item) for layer in layers for item in layer["networks"]]
    if any(layer["extends"]["file"].exists for layer in layers):
        return (*found, Network(None))
    return tuple(found) or (Network(_network_name(layers[0], _DEFAULT_NETWORK)),)


def _network(item: Part) -> Network:
    key = item.key if isinstance(item.key, str) else scalar(item)
    aliases = tuple(filter(None, map(scalar, item["aliases"])))
    return Network(_network_name(item, key), aliases)


def _network_name(part: Part, key: str) -> str | None:
    """Return what Docker calls a network, which two entries of a file can name: None if unknown."""
    declared = part.document.part("networks", key)
    name = scalar(declared["name"]) or scalar(declared["external"]["name"]) or key
    return None if not name or "$" in name else name


def _extra_hosts(layers: tuple[Part, ...]) -> tuple[str, ...]:
    stated = (item for layer in layers for item in layer["extra_hosts"])
    return tuple(
        item.key if isinstance(item.key, str) else re.split("[:=]", scalar(item))[0]
        for item in stated
    )


def _replicas(layers: tuple[Part, ...]) -> int | None:
    """Return how many containers are started: Compose takes `scale` before `deploy.replicas`."""
    deployed = next(
        (layer["deploy"] for layer in layers if layer["deploy"]["replicas"].exists), layers[0]
    )
    scale = _nearest(layers, "scale")
    stated = scale if scale.exists else deployed["replicas"]
    if not stated.exists:
        return 1
    text = scalar(stated)
    return int(text) if _COUNT.fullmatch(text) else None


def _health_checks(
    owner: str, layers: tuple[Part, ...], command: tuple[str, ...], variables: tuple[Variable, ...]
) -> tuple[HealthCheck, ...]:
    layers = tuple(layer["healthcheck"] for layer in layers if layer["healthcheck"].exists)
    if not layers:
        return ()
    test = _nearest(layers, "test")
    words = _words(test) if test.text is None else ("CMD-SHELL", scalar(test))
    is_disabled = _nearest(layers, "disable").value is True or words[:1] == ("NONE",)
    names = {variable.name for variable in variables}
    fault = (
        "is disabled"
        if is_disabled
        else command_fault(
            words[1:],
            owner,
            needs_password=_PROTECTING_FLAG in " ".join(command) or "REDIS_PASSWORD" in names,
            has_password="REDISCLI_AUTH" in names,
        )
    )
    return (
        HealthCheck(
            owner=owner,
            kind="container",
            where=layers[0].where,
            command=words[1:],
            initial_delay_seconds=go_seconds(scalar(_nearest(layers, "start_period"))),
            interval_seconds=go_seconds(scalar(_nearest(layers, "interval"))),
            timeout_seconds=go_seconds(scalar(_nearest(layers, "timeout"))),
            failure_threshold=_nearest(layers, "retries").integer,
            is_disabled=is_disabled,
            fault=fault,
        ),
    )
