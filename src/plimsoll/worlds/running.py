"""Start a world on loopback, and say how it is reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from plimsoll.collectors.network import Network
from plimsoll.worlds.certificates import Authority, server_contexts
from plimsoll.worlds.digitalocean_answers import API_HOST
from plimsoll.worlds.digitalocean_server import DigitalOceanServer
from plimsoll.worlds.dns_server import DnsServer
from plimsoll.worlds.dns_zone import NameService
from plimsoll.worlds.http_server import HttpServer, Request
from plimsoll.worlds.loopback import Loopback
from plimsoll.worlds.monitoring_server import MonitoringServer
from plimsoll.worlds.site import HostTls, port_of
from plimsoll.worlds.store_server import StoreServer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from plimsoll.collectors.network import Address
    from plimsoll.worlds.loopback import Serve
    from plimsoll.worlds.world import World

_DNS_PORT = 53
_PLATFORM_CERTIFICATE_DAYS = 60


@dataclass(slots=True)
class RunningWorld:
    """A started world until `stop`; leaving its `with` block stops it as well."""

    network: Network = field(repr=False)
    repository: Path | None
    credentials: Mapping[str, str] = field(repr=False)
    withheld: frozenset[str]
    programs: Path | None
    _server: HttpServer = field(repr=False)
    _loopback: Loopback = field(repr=False)

    @property
    def requests(self) -> tuple[Request, ...]:
        """Return every HTTP request so far, in order of arrival."""
        return tuple(self._server.requests)

    def stop(self) -> None:
        """End every connection and free the ports; the repository's files are the caller's."""
        self._loopback.stop()

    def __enter__(self) -> Self:
        """Return the world itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()


def start(world: World, directory: Path) -> RunningWorld:
    """Serve the world on loopback; its repository is written to `<directory>/repository`.

    Withheld `http`, `do`, `prom` and `spaces` end every connection without a response, withheld
    `dns` is a resolver that fails, a withheld `repository` is not there. `tls` shares its port with
    `http`, and `tools` are the machine's own: these two are for collectors not to look at, as
    `RunningWorld.withheld` says.
    """
    server = HttpServer(world.site, world.credentials, mute="http" in world.withheld)
    authority = Authority()
    loopback = Loopback()
    try:
        routes = _serve_site(world, server, authority, loopback)
        names = NameService(failing=True) if "dns" in world.withheld else world.names
        routes |= _serve_names(names, loopback)
        routes |= _serve_store(world, server.requests, authority, loopback)
        routes |= _serve_account(world, server.requests, authority, loopback)
        routes |= _serve_monitoring(world, server.requests, authority, loopback)
        resolver = loopback.listen_for_names(DnsServer(names, recursive=True))
        repository = None
        if world.repository is not None and "repository" not in world.withheld:
            repository = world.repository.materialize(directory / "repository")
    except BaseException:
        loopback.stop()
        raise
    network = Network(routes, closed=True, resolver=resolver, authority_pem=authority.pem)
    return RunningWorld(
        network=network,
        repository=repository,
        credentials=dict(world.credentials),
        withheld=frozenset(world.withheld),
        programs=_install(world.programs, directory / "programs"),
        _server=server,
        _loopback=loopback,
    )


def _install(programs: Mapping[str, str], folder: Path) -> Path | None:
    """Write the scripts that stand in for programs; None where there are none."""
    for name, script in programs.items():
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    return folder if programs else None


def _serve_site(
    world: World, server: HttpServer, authority: Authority, loopback: Loopback
) -> dict[str, Address]:
    plain = loopback.listen(partial(server.serve, "http"))
    secure: dict[str, Address] = {}
    for hosts, context in server_contexts(world.certificates, authority).items():
        secure |= dict.fromkeys(hosts, loopback.listen(partial(server.serve, "https"), context))
    routes: dict[str, Address] = {}
    for origin in world.site.origins:
        host = urlsplit(origin).hostname or ""
        address = secure[host] if origin.startswith("https://") else plain
        routes[f"{host}:{port_of(origin)}"] = address
    return routes


def _serve_store(
    world: World, log: list[Request], authority: Authority, loopback: Loopback
) -> dict[str, Address]:
    store, spaces = world.object_store, world.environment.spaces
    if store is None:
        return {}
    hosts = store.hosts()
    access, secret = (
        world.credentials.get(name, "") for name in (spaces.access_key, spaces.secret_key)
    )
    server = StoreServer(store, (access, secret), log, mute="spaces" in world.withheld)
    return _serve_services(server.serve, hosts, authority, loopback)


def _serve_account(
    world: World, log: list[Request], authority: Authority, loopback: Loopback
) -> dict[str, Address]:
    account = world.account
    if account is None or account.is_down():
        return {}
    server = DigitalOceanServer(account, log, mute="do" in world.withheld)
    return _serve_services(server.serve, (API_HOST,), authority, loopback)


def _serve_monitoring(
    world: World, log: list[Request], authority: Authority, loopback: Loopback
) -> dict[str, Address]:
    """Serve the monitoring systems where they are declared, and port 80 of those with TLS."""
    watchers = world.watchers
    if watchers is None:
        return {}
    server = MonitoringServer(watchers, log, world.withheld)
    plain = loopback.listen(partial(server.serve, "http"))
    secure = tuple(sorted({one.host for one in watchers.doors if one.is_secure}))
    served = _serve_services(partial(server.serve, "https"), secure, authority, loopback)
    routes: dict[str, Address] = {}
    for door in watchers.doors:
        routes[f"{door.host}:80"] = plain
        routes[f"{door.host}:{door.port}"] = served[f"{door.host}:443"] if door.is_secure else plain
    return routes


def _serve_services(
    serve: Serve, hosts: tuple[str, ...], authority: Authority, loopback: Loopback
) -> dict[str, Address]:
    """Serve hosts of the platform, whose certificates are nothing that a fault breaks."""
    shown = dict.fromkeys(hosts, HostTls(hosts, _PLATFORM_CERTIFICATE_DAYS))
    routes: dict[str, Address] = {}
    for listening, context in server_contexts(shown, authority).items():
        address = loopback.listen(serve, context)
        routes |= {f"{host}:443": address for host in listening}
    return routes


def _serve_names(names: NameService, loopback: Loopback) -> dict[str, Address]:
    address = loopback.listen_for_names(DnsServer(names, recursive=False))
    known: list[str] = []
    for zone in names.zones:
        for server in zone.name_servers:
            record = zone.find(server, "A")
            known += [server, *(record.values if record else ())]
    return {f"{name}:{_DNS_PORT}": address for name in known}
