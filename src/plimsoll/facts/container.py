"""What runs: containers with their images, variables, ports, mounts and health checks."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable; ``value`` is None where this source gives none.

    ``is_secret`` says that the source itself treats it as one: typed SECRET or read from a store.
    """

    owner: str
    name: str
    value: str | None
    where: str
    is_secret: bool = False
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """An image that something runs or is built from, as written."""

    owner: str
    reference: str
    where: str


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A health check: ``kind`` is readiness, liveness, startup or container; times in seconds.

    ``path`` is the URL path it asks for over HTTP, ``command`` what it runs instead, both None for
    a bare connection. ``fault`` tells why it can say nothing about health, where it cannot.
    """

    owner: str
    kind: str
    where: str
    path: str | None = None
    port: int | None = None
    command: tuple[str, ...] | None = None
    initial_delay_seconds: float | None = None
    interval_seconds: float | None = None
    timeout_seconds: float | None = None
    failure_threshold: int | None = None
    is_disabled: bool = False
    fault: str | None = None

    @property
    def detection_seconds(self) -> float | None:
        """The longest time until a failure is noticed; None where a part of it is not stated."""
        parts = (self.interval_seconds, self.timeout_seconds, self.failure_threshold)
        if any(part is None for part in parts):
            return None
        interval, timeout, failures = (float(part or 0) for part in parts)
        return interval * failures + timeout


@dataclass(frozen=True, slots=True)
class Port:
    """A container's port; ``host`` is None where it is not published to the host.

    ``interface`` is the address it is published on; None means every address.
    """

    owner: str
    container: str
    where: str
    host: str | None = None
    interface: str | None = None
    protocol: str = "tcp"
    is_published: bool = True


@dataclass(frozen=True, slots=True)
class Mount:
    """Something mounted into a container: ``kind`` is bind, volume or another of the platform's."""

    owner: str
    kind: str
    source: str | None
    target: str
    where: str
    is_read_only: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """A network that a container is on, with its further names there.

    ``name`` is None where no file tells which network it is.
    """

    name: str | None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Container:
    """One container as declared; ``command`` is the words after the image's entrypoint.

    ``aliases`` are its names on each of its networks, ``extra_hosts`` the names that it is told the
    addresses of. ``replicas`` is None where no file tells how many run.
    """

    name: str
    where: str
    image: Image | None = None
    build_context: str | None = None
    build_file: str | None = None
    command: tuple[str, ...] = ()
    command_where: str = ""
    variables: tuple[Variable, ...] = ()
    ports: tuple[Port, ...] = ()
    mounts: tuple[Mount, ...] = ()
    health_checks: tuple[HealthCheck, ...] = ()
    profiles: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    networks: tuple[Network, ...] = (Network(None),)
    network_mode: str = ""
    extra_hosts: tuple[str, ...] = ()
    replicas: int | None = 1
    is_long_running: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called on any of its networks."""
        further = (alias for network in self.networks for alias in network.aliases)
        return (self.name, *self.aliases, *further)

    def flags(self) -> dict[str, str]:
        """Return the long options of the command, ``--name=value`` and ``--name value`` alike."""
        found: dict[str, str] = {}
        for word, following in pairwise([*self.words(), ""]):
            if word.startswith("--"):
                name, equals, value = word.partition("=")
                separate = "" if following.startswith("-") else following
                found[name] = value if equals else separate
        return found

    def words(self) -> tuple[str, ...]:
        """Return the command's words, those of a shell script given as one word apart."""
        return tuple(part for word in self.command for part in _split(word))


def _split(word: str) -> list[str]:
    try:
        return shlex.split(word) if " " in word else [word]
    except ValueError:
        return word.split()
