"""Which service of a Compose file a target is, and whether it runs, listens and is reached."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem
from plimsoll.semantics.compose import services
from plimsoll.semantics.compose_networks import passage
from plimsoll.semantics.image_reference import parse_reference
from plimsoll.semantics.prometheus_options import PROGRAMS
from plimsoll.semantics.web_options import web_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Document
    from plimsoll.facts.scrape import Target

_SILENT = re.compile(
    r"postgres(?:ql)?|postgis|mysql|mariadb|mongo(?:db)?|redis|valkey|memcached|kafka"
)
_IPV6 = re.compile(r"\[[0-9A-Fa-f:]+\]")
_DEFAULT_PORTS = {"prometheus": "9090", "alertmanager": "9093", "grafana": "3000"}
_LISTENING = "--web.listen-address"
_PORT = re.compile(r":(\d{1,5})$")
_OWN = re.compile(r"localhost|127(?:\.\d+){3}|\[::1\]")


def is_own(host: str) -> bool:
    """Tell whether a host is, for whoever asks, the container that it runs in itself."""
    return _OWN.fullmatch(host) is not None


def running_services(compose: Document) -> tuple[Container, ...]:
    """Return the services that run in production, of which at least one container is started."""
    return tuple(
        service
        for service in services(compose)
        if service.is_long_running and service.replicas != 0
    )


def services_of_image(compose: Document, name: str) -> tuple[Container, ...]:
    """Return the running services whose image has this name, whatever its registry."""
    return tuple(one for one in running_services(compose) if image_name(one) == name)


def image_name(service: Container) -> str:
    """Return the last part of a service's image name; empty where it has none that is readable."""
    reference = parse_reference(service.image.reference) if service.image else None
    return reference.name.rpartition("/")[2] if reference else ""


def service_at(
    host: str, running: tuple[Container, ...], asking: tuple[Container, ...] = ()
) -> Container | None:
    """Return the service under this name, of several one that those asking reach."""
    named = [item for item in running if host in item.names]
    reached = (item for item in named if not passage(asking, item, host).gap)
    return next(reached, named[0] if named else None)


def container_ports(service: Container) -> set[str]:
    """Return the ports a service is known to listen on; none where nothing tells.

    Prometheus and Alertmanager listen on the port of their option, or else on their own, whatever
    is published of them.
    """
    name = image_name(service)
    default = _DEFAULT_PORTS.get(name)
    if name in PROGRAMS and default:
        told = _PORT.search(service.flags().get(_LISTENING, ""))
        return {told[1] if told else default}
    ports = {port.container for port in service.ports if port.protocol == "tcp"}
    ports |= {item.value for item in service.variables if item.name == "PORT" and item.value}
    return ports | ({default} if default else set())


def prefix_of(service: Container) -> str | None:
    """Return the path below which a service answers, where it has options for it; None if unknown.

    Of any other program nothing is known but its paths.
    """
    return web_prefix(service) if image_name(service) in PROGRAMS else "/"


def target_problems(
    target: Target,
    running: tuple[Container, ...],
    *,
    is_own: bool = False,
    asking: tuple[Container, ...] = (),
) -> Iterator[Problem]:
    """Yield why nothing that is reached listens at a target.

    ``is_own`` where it is the first service itself; ``asking`` are the services of which one has to
    reach it, where they are known.
    """
    service = running[0] if is_own else service_at(target.host, running, asking)
    if service is None:
        if "." not in target.host and not _IPV6.fullmatch(target.host):
            yield Problem(target.where, f"{target.host} is no running service", "a service name")
        return
    if not is_own and (gap := passage(asking, service, target.host).gap):
        yield Problem(target.where, gap, "a network that both are on")
    ports, port = container_ports(service), _port(target)
    published = any(port == published.host for published in service.ports)
    if ports and port not in ports and (published or _is_told_by_image(service)):
        reason = "is published on the host only" if published else "is not listened on"
        what = f"port {port} of {target.address} {reason}"
        yield Problem(target.where, what, f"port {' or '.join(sorted(ports))} of the container")


def target_doubts(
    target: Target, running: tuple[Container, ...], asking: tuple[Container, ...]
) -> Iterator[str]:
    """Yield why no file tells whether a target runs and is reached by those asking."""
    service = service_at(target.host, running, asking)
    if service is None:
        return
    if service.replicas is None:
        yield f"no file tells how many containers of {service.name} are started"
    if doubt := passage(asking, service, target.host).doubt:
        yield doubt
    if doubt := port_doubt(target, service):
        yield doubt


def port_doubt(target: Target, service: Container) -> str:
    """Return why no file tells whether a service listens at a target; nothing where one does.

    Images listen on ports that no Compose file lists: `ports` and `expose` open none.
    """
    ports, port = container_ports(service), _port(target)
    is_published = any(port == published.host for published in service.ports)
    if not ports or port in ports or is_published or _is_told_by_image(service):
        return ""
    return f"{service.name} lists port {' and '.join(sorted(ports))}, and may listen on {port} too"


def _port(target: Target) -> str:
    return str(target.port) if target.port is not None else "80"


def _is_told_by_image(service: Container) -> bool:
    """Tell whether a program is one whose ports are known."""
    return image_name(service) in _DEFAULT_PORTS


def image_problems(target: Target, running: tuple[Container, ...]) -> Iterator[Problem]:
    """Yield that a target is the kind of software that answers no HTTP request."""
    service = service_at(target.host, running)
    if service and _SILENT.fullmatch(image_name(service)):
        what = f"{target.address} is {image_name(service)}, which does not speak HTTP"
        yield Problem(target.where, what, "an exporter for it")
