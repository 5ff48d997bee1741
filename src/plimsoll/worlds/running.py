"""Start a world on loopback, and say how it is reached, also from another process."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Self, TypedDict
from urllib.parse import urlsplit

from plimsoll.collectors.network import Network
from plimsoll.worlds.certificates import Authority, server_contexts
from plimsoll.worlds.dns_server import DnsServer
from plimsoll.worlds.dns_zone import NameService
from plimsoll.worlds.http_server import HttpServer, Request
from plimsoll.worlds.loopback import Loopback
from plimsoll.worlds.site import port_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from plimsoll.collectors.network import Address
    from plimsoll.worlds.world import World

_DNS_PORT = 53


class Addresses(TypedDict):
    """How a running world is reached, as JSON values; an address is a host and a port."""

    routes: dict[str, list[str | int]]
    resolver: list[str | int] | None
    authority_pem: str
    repository: str | None
    credentials: dict[str, str]
    withheld: list[str]


@dataclass(slots=True)
class RunningWorld:
    """A started world until `stop`; leaving its `with` block stops it as well."""

    network: Network = field(repr=False)
    repository: Path | None
    credentials: Mapping[str, str] = field(repr=False)
    withheld: frozenset[str]
    _server: HttpServer = field(repr=False)
    _loopback: Loopback = field(repr=False)

    @property
    def requests(self) -> tuple[Request, ...]:
        """Return every HTTP request so far, in order of arrival."""
        return tuple(self._server.requests)

    def addresses(self) -> Addresses:
        """Return what another process needs to reach this world."""
        network = self.network
        return Addresses(
            routes={name: list(address) for name, address in network.routes.items()},
            resolver=list(network.resolver) if network.resolver else None,
            authority_pem=network.authority_pem,
            repository=str(self.repository) if self.repository else None,
            credentials=dict(self.credentials),
            withheld=sorted(self.withheld),
        )

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


def network_at(addresses: Addresses) -> Network:
    """Return the network of a world that runs in another process."""
    resolver = addresses["resolver"]
    return Network(
        {name: _address(address) for name, address in addresses["routes"].items()},
        closed=True,
        resolver=_address(resolver) if resolver else None,
        authority_pem=addresses["authority_pem"],
    )


def start(world: World, directory: Path) -> RunningWorld:
    """Serve the world on loopback; its repository is written to `<directory>/repository`.

    Withheld `http` ends every connection without a response, withheld `dns` is a resolver that
    fails, a withheld `repository` is not there. `tls` shares its port with `http`, and `tools` are
    the machine's own: these two are for collectors not to look at, as `RunningWorld.withheld` says.
    """
    server = HttpServer(world.site, world.credentials, mute="http" in world.withheld)
    authority = Authority()
    loopback = Loopback()
    try:
        routes = _serve_site(world, server, authority, loopback)
        names = NameService(failing=True) if "dns" in world.withheld else world.names
        routes |= _serve_names(names, loopback)
        resolver = loopback.listen_for_names(DnsServer(names, recursive=True))
        repository = None
        if world.repository is not None and "repository" not in world.withheld:
            repository = world.repository.materialize(directory / "repository")
    except BaseException:
        loopback.stop()
        raise
    network = Network(routes, closed=True, resolver=resolver, authority_pem=authority.pem)
    withheld = frozenset(world.withheld)
    return RunningWorld(network, repository, dict(world.credentials), withheld, server, loopback)


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


def _serve_names(names: NameService, loopback: Loopback) -> dict[str, Address]:
    address = loopback.listen_for_names(DnsServer(names, recursive=False))
    known: list[str] = []
    for zone in names.zones:
        for server in zone.name_servers:
            record = zone.find(server, "A")
            known += [server, *(record.values if record else ())]
    return {f"{name}:{_DNS_PORT}": address for name in known}


def _address(pair: list[str | int]) -> Address:
    host, port = pair
    return str(host), int(port)
