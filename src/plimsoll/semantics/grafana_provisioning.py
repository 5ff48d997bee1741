"""What a Grafana of a Compose file loads at start: dashboard providers, dashboards, datasources.

Source: Grafana's documentation on provisioning. Provider and datasource files are read from one
folder each, not from folders below; a provider's dashboards are read from folders below as well.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plimsoll.facts.dashboard import Datasource
from plimsoll.facts.document import MISSING, Problem
from plimsoll.facts.scrape import Target
from plimsoll.semantics.compose import repository_path
from plimsoll.semantics.compose_targets import (
    image_name,
    running_services,
    service_at,
    target_doubts,
    target_problems,
)
from plimsoll.semantics.duration import prometheus_seconds
from plimsoll.semantics.web_options import rooted, web_prefix

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Document, Part

PROVISIONING_FOLDER = "/etc/grafana/provisioning"

_PROMETHEUS = "prometheus"
_FOLDER_VARIABLE = "GF_PATHS_PROVISIONING"
_GRAFANA = re.compile(r"grafana(?:-oss|-enterprise)?")
_ANSWERS_PROMQL = re.compile(r"prometheus|thanos|mimir|cortex|victoria|vm(?:single|select|auth)")


def grafana_services(compose: Document) -> tuple[Container, ...]:
    """Return the running services whose image is Grafana."""
    return tuple(one for one in running_services(compose) if _GRAFANA.fullmatch(image_name(one)))


def server_problems(compose: Document) -> tuple[Problem, ...]:
    """Return that no service runs Grafana, where that is so."""
    if grafana_services(compose):
        return ()
    what = "no service runs Grafana"
    return (compose.part("services").problem(what, "a service of the image grafana/grafana"),)


def provisioning_files(grafana: Container, kind: str, files: Collection[str]) -> tuple[str, ...]:
    """Return the repository's files that Grafana reads as `dashboards` or `datasources`."""
    folder = _provisioning_folder(grafana, kind)
    return tuple(
        file
        for file in files
        if file.endswith((".yml", ".yaml"))
        if any(posixpath.dirname(path) == folder for path in container_paths(grafana, file))
    )


def container_paths(service: Container, file: str) -> tuple[str, ...]:
    """Return where a service sees a file of the repository; nowhere where no mount shows it."""
    candidates = {
        posixpath.normpath(posixpath.join(mount.target, posixpath.relpath(file, mount.source)))
        for mount in service.mounts
        if mount.source and _is_below(file, mount.source)
    }
    return tuple(sorted(path for path in candidates if repository_path(service, path) == file))


def provider_problems(
    grafana: Container, providers: Iterable[Document], dashboard: str
) -> tuple[Problem, ...]:
    """Return why Grafana does not find a dashboard file where its providers look."""
    folder = _provisioning_folder(grafana, "dashboards")
    folders = [part for document in providers for part in _dashboard_folders(document)]
    if not folders:
        what = f"no provider of dashboards stands in {folder} of {grafana.name}"
        return (_mount_problem(grafana, folder, what, "a provider file"),)
    shown = container_paths(grafana, dashboard)
    if any(_is_below(path, part.text or "") for part in folders for path in shown):
        return ()
    where, seen = folders[0].where, ", ".join(str(part.value) for part in folders)
    place = f"is mounted at {', '.join(shown)}" if shown else "is not mounted"
    return (
        Problem(where, f"{dashboard} {place}, providers look in {seen}", "a mount where they look"),
    )


def datasources(documents: Iterable[Document]) -> tuple[Datasource, ...]:
    """Return the datasources that provisioning files declare."""
    return tuple(
        Datasource(
            name=part["name"].text or "",
            uid=part["uid"].text,
            kind=part["type"].text or "",
            url=part["url"].text or "",
            where=part["url"].where if part["url"].exists else part.where,
            is_default=part["isDefault"].boolean is True,
        )
        for document in documents
        for part in document.part("datasources")
        if isinstance(part.value, dict)
    )


def scrape_interval_seconds(documents: Iterable[Document]) -> float | None:
    """Return how often is scraped, as the datasource of metrics is told (`jsonData.timeInterval`).

    None where none is told, which Grafana takes for 15 seconds.
    """
    for document in documents:
        for part in document.part("datasources"):
            told = part["jsonData"]["timeInterval"].text
            if part["type"].value == "prometheus" and told:
                return prometheus_seconds(told)
    return None


def datasource_problems(
    compose: Document, grafana: Container, declared: Collection[Datasource]
) -> tuple[Problem, ...]:
    """Return why Grafana cannot ask Prometheus.

    An address outside of the Compose file, or out of a variable, is not judged: see `are_outside`.
    """
    metrics = _of_metrics(declared)
    if not metrics:
        folder = _provisioning_folder(grafana, "datasources")
        what = f"no datasource of type prometheus stands in {folder} of {grafana.name}"
        return (_mount_problem(grafana, folder, what, "a file with the datasource"),)
    running = running_services(compose)
    return tuple(
        problem
        for one in metrics
        if not _is_outside(one)
        for problem in _address_problems(one, running, grafana)
    )


def datasource_doubts(
    compose: Document, grafana: Container, declared: Collection[Datasource]
) -> tuple[str, ...]:
    """Return why no file tells whether Grafana's datasources of metrics lead to Prometheus."""
    running = running_services(compose)
    metrics = [one for one in _of_metrics(declared) if not _is_outside(one)]
    return tuple(doubt for one in metrics for doubt in _address_doubts(one, running, grafana))


def are_outside(declared: Collection[Datasource]) -> bool:
    """Say whether no datasource of metrics has an address that the Compose file could show."""
    metrics = _of_metrics(declared)
    return bool(metrics) and all(_is_outside(one) for one in metrics)


def _of_metrics(declared: Collection[Datasource]) -> list[Datasource]:
    return [one for one in declared if one.kind == "prometheus"]


def _is_outside(datasource: Datasource) -> bool:
    target = _target(datasource)
    if "$" in datasource.url:
        return True
    return target is not None and bool({".", ":"} & set(target.host))


def _provisioning_folder(grafana: Container, kind: str) -> str:
    settings = {variable.name: variable.value for variable in grafana.variables}
    return posixpath.join(settings.get(_FOLDER_VARIABLE) or PROVISIONING_FOLDER, kind)


def _dashboard_folders(document: Document) -> Iterator[Part]:
    for provider in document.part("providers"):
        folder = provider["options"]["path"]
        if folder.text and provider["type"].value in (MISSING, "", "file"):
            yield folder


def _mount_problem(grafana: Container, folder: str, what: str, expected: str) -> Problem:
    """Point at the mount that should bring a folder's files, where there is one."""
    mounts = [mount for mount in grafana.mounts if _is_below(folder, mount.target)]
    if not mounts:
        return Problem(grafana.where, what, expected)
    mount = max(mounts, key=lambda one: len(one.target))
    return Problem(mount.where, f"{what} ({mount.source} is mounted there)", expected)


def _address_problems(
    one: Datasource, running: tuple[Container, ...], grafana: Container
) -> Iterator[Problem]:
    target = _target(one)
    if target is None:
        yield Problem(one.where, f"{one.name} has the address {one.url!r}", "host and port")
        return
    yield from target_problems(target, running, asking=(grafana,))
    service = service_at(target.host, running, (grafana,))
    if service:
        yield from _prefix_problems(one, service)
    if service and not _ANSWERS_PROMQL.search(image_name(service) or service.name):
        what = f"{one.name} asks the service {service.name}, which is no Prometheus"
        yield Problem(one.where, what, "the address of Prometheus")


def _prefix_problems(one: Datasource, service: Container) -> Iterator[Problem]:
    prefix = web_prefix(service) if image_name(service) == _PROMETHEUS else None
    asked = rooted(urlsplit(one.url if "//" in one.url else f"//{one.url}").path)
    if prefix is not None and asked != prefix:
        what = f"{one.name} asks below {asked}, {service.name} answers below {prefix}"
        yield Problem(one.where, what, f"an address with the path {prefix}")


def _address_doubts(
    one: Datasource, running: tuple[Container, ...], grafana: Container
) -> Iterator[str]:
    target = _target(one)
    if target is None:
        return
    yield from target_doubts(target, running, (grafana,))
    service = service_at(target.host, running, (grafana,))
    if service and image_name(service) == _PROMETHEUS and web_prefix(service) is None:
        yield f"no file tells below which path {service.name} answers"


def _target(one: Datasource) -> Target | None:
    try:
        parts = urlsplit(one.url if "//" in one.url else f"//{one.url}", scheme="http")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    port = port or (443 if parts.scheme == "https" else 80)
    return Target(f"{host}:{port}", host, port, one.where)


def _is_below(path: str, folder: str) -> bool:
    folder = posixpath.normpath(folder)
    path = posixpath.normpath(path)
    return path == folder or path.startswith(folder.rstrip("/") + "/")
