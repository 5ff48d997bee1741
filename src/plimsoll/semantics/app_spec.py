"""Read and validate App Platform specifications.

The command line client refuses a specification with a field it does not know, so an unknown field
is a problem, not a curiosity. The same functions read a specification that the API returned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.autoscaler import Autoscaler
from plimsoll.facts.container import HealthCheck, Image, Variable
from plimsoll.facts.document import Document, Part, Problem
from plimsoll.semantics.instance_size import DEFAULT_SLUG, InstanceSize, instance_size
from plimsoll.semantics.schema import bundled, schema_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECTIONS = {
    "services": "service",
    "workers": "worker",
    "jobs": "job",
    "static_sites": "static site",
    "functions": "functions",
}
_REPOSITORIES = ("git", "github", "gitlab", "bitbucket")
_SCALED = frozenset({"service", "worker", "job"})
_RANGE = frozenset({"minimum", "maximum"})
_SETTABLE = {
    "service": _RANGE | {"cpu_percent", "p95_milliseconds"},
    "worker": _RANGE | {"cpu_percent"},
    "job": _RANGE,
}
DEFAULT_GRACE_SECONDS = 120
"""Between SIGTERM and SIGKILL, where a specification states nothing (official Go client)."""
_BINDABLE = re.compile(r"\$\{([^}]*)\}")
_APP_VARIABLES = frozenset({"APP_ID", "APP_URL", "APP_DOMAIN"})


@dataclass(frozen=True, slots=True)
class AppComponent:
    """One component: its kind in words, its name and size slug (None where it states none)."""

    kind: str
    name: str
    size_slug: str | None
    where: str
    part: Part

    @property
    def size(self) -> InstanceSize | None:
        """What its size can do; the platform's default where it states none, None if unknown."""
        return instance_size(self.size_slug or DEFAULT_SLUG)


def components(document: Document) -> tuple[AppComponent, ...]:
    """Return every named component of the specification."""
    return tuple(
        AppComponent(kind, name, part["instance_size_slug"].text, part.where, part)
        for section, kind in _SECTIONS.items()
        for part in document.part(section)
        if (name := part["name"].text) is not None
    )


def nameless(document: Document) -> bool:
    """Say whether a component has no name, and so is none of those that `components` returns."""
    return any(part["name"].text is None for key in _SECTIONS for part in document.part(key))


def built_components(document: Document) -> tuple[AppComponent, ...]:
    """Return the components that the platform builds from source: no image, no Dockerfile."""
    return tuple(
        component
        for component in components(document)
        if component.kind != "functions"
        if not component.part["dockerfile_path"].text and not component.part["image"].exists
    )


def is_from_source(component: AppComponent) -> bool:
    """Say whether the platform makes a component of what a repository of source code holds."""
    is_told = any(isinstance(component.part[key].value, dict) for key in _REPOSITORIES)
    return is_told and not component.part["image"].exists


def grace_periods(document: Document) -> tuple[tuple[str, int | None, str], ...]:
    """Return how many seconds each component has to end: (name, seconds, where).

    The platform's default counts where none is stated; None stands for what is no number.
    """
    found = []
    for component in components(document):
        stated = component.part["termination"]["grace_period_seconds"]
        seconds = stated.integer if stated.exists else DEFAULT_GRACE_SECONDS
        if component.kind in _SCALED:
            found.append((component.name, seconds, stated.where))
    return tuple(found)


def autoscalers(document: Document) -> tuple[Autoscaler, ...]:
    """Return how each component that has instances is scaled; what is not stated is None.

    An ``instance_count`` beside ``autoscaling`` is ignored here and reported as a problem.
    """
    return tuple(_autoscaler(item) for item in components(document) if item.kind in _SCALED)


def health_checks(document: Document) -> tuple[HealthCheck, ...]:
    """Return the declared health checks; a path of None asks for nothing but a connection."""
    return tuple(
        _health_check(component.name, kind, component.part[field])
        for component in components(document)
        for field, kind in (("health_check", "readiness"), ("liveness_health_check", "liveness"))
        if component.part[field].exists
    )


def variables(document: Document) -> tuple[Variable, ...]:
    """Return the environment variables of every component, and the app's own (owner ``""``)."""
    owners = [("", document.part()), *((item.name, item.part) for item in components(document))]
    return tuple(
        Variable(
            owner=owner,
            name=name,
            value=item["value"].text,
            where=item["value" if item["value"].exists else "key"].where,
            is_secret=item["type"].text == "SECRET",
            scope=item["scope"].text,
        )
        for owner, part in owners
        for item in part["envs"]
        if (name := item["key"].text) is not None
    )


def images(document: Document) -> tuple[Image, ...]:
    """Return the images that components run, written as references."""
    return tuple(
        Image(component.name, _reference(component.part["image"]), component.part["image"].where)
        for component in components(document)
        if component.part["image"]["repository"].text
    )


def problems(document: Document) -> tuple[Problem, ...]:
    """Return everything for which the platform refuses the specification or does not follow it."""
    found = list(schema_problems(document.part(), bundled("app_spec_schema.json")))
    for component in components(document):
        found += _scaling_problems(component)
    found += _domain_problems(document.part("domains"))
    found += _database_problems(document.part("databases"))
    found += _placeholder_problems(document)
    return tuple(dict.fromkeys(found))


def notes(document: Document) -> tuple[Problem, ...]:
    """Return what works today and should still be changed: deprecated size slugs."""
    return tuple(
        component.part["instance_size_slug"].problem(
            f"{component.name} uses the deprecated size {component.size_slug}", "an apps-* size"
        )
        for component in components(document)
        if component.size_slug and component.size and component.size.is_deprecated
    )


def _autoscaler(component: AppComponent) -> Autoscaler:
    scaling, count = component.part["autoscaling"], component.part["instance_count"]
    metrics = scaling["metrics"]
    minimum, maximum = scaling["min_instance_count"], scaling["max_instance_count"]
    if not scaling.exists:
        minimum = maximum = count
    stated = {
        "minimum": minimum,
        "maximum": maximum,
        "cpu_percent": metrics["cpu"]["percent"],
        "memory_percent": metrics["memory"]["percent"],
        "p95_milliseconds": metrics["request_duration"]["p95_milliseconds"],
    }
    where = {name: part.where for name, part in stated.items() if part.exists}
    return Autoscaler(
        component=component.name,
        kind="app-spec",
        settable=_SETTABLE[component.kind],
        where={"component": component.where, **where},
        minimum=minimum.integer,
        maximum=maximum.integer,
        cpu_percent=stated["cpu_percent"].integer,
        memory_percent=stated["memory_percent"].integer,
        p95_milliseconds=stated["p95_milliseconds"].integer,
    )


def _health_check(owner: str, kind: str, part: Part) -> HealthCheck:
    return HealthCheck(
        owner=owner,
        kind=kind,
        where=part.where,
        path=part["http_path"].text,
        port=part["port"].integer,
        initial_delay_seconds=part["initial_delay_seconds"].integer,
        interval_seconds=part["period_seconds"].integer,
        timeout_seconds=part["timeout_seconds"].integer,
        failure_threshold=part["failure_threshold"].integer,
    )


def _reference(image: Part) -> str:
    hosts = {"GHCR": "ghcr.io", "DOCR": "registry.digitalocean.com", "DOCKER_HUB": "docker.io"}
    host = hosts.get(image["registry_type"].text or "", "docker.io")
    name = "/".join(filter(None, (host, image["registry"].text, image["repository"].text)))
    tag, digest = image["tag"].text, image["digest"].text
    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def _scaling_problems(component: AppComponent) -> Iterator[Problem]:
    part, size, name = component.part, component.size, component.name
    scaling = part["autoscaling"]
    slug = part["instance_size_slug"]
    if scaling.exists and part["instance_count"].exists:
        yield part["instance_count"].problem(
            f"{name} states instance_count beside autoscaling", "one of the two"
        )
    if size is None:
        yield slug.problem(
            f"{name} asks for the unknown size {component.size_slug}", "a known size"
        )
        return
    counts = (part["instance_count"], scaling["min_instance_count"], scaling["max_instance_count"])
    asked = max((count.integer or 0 for count in counts), default=0)
    if size.is_single_instance and asked > 1:
        yield slug.problem(
            f"{name} asks for up to {asked} instances of {size.slug}, which runs only one",
            "a size that can run several instances",
        )
    if scaling["metrics"]["cpu"].exists and not size.is_dedicated:
        yield scaling["metrics"]["cpu"].problem(
            f"{name} cannot autoscale on CPU on the shared-CPU size {size.slug}",
            "a dedicated-CPU size (apps-d-*)",
        )
    low, high = scaling["min_instance_count"].integer, scaling["max_instance_count"].integer
    if low is not None and high is not None and low > high:
        yield scaling["min_instance_count"].problem(
            f"{name} has a minimum of {low} above its maximum of {high}", "minimum ≤ maximum"
        )
    if scaling["metrics"]["memory"].exists:
        yield scaling["metrics"]["memory"].problem(
            f"{name} autoscales on memory, for which the platform has no metric",
            "cpu, requests_per_second or request_duration",
        )


def _domain_problems(domains: Part) -> Iterator[Problem]:
    primary = [domain for domain in domains if domain["type"].value == "PRIMARY"]
    for domain in primary[1:]:
        first = primary[0]["domain"].text
        yield domain.problem(
            f"{domain['domain'].text} is a second PRIMARY domain beside {first}", "one at most"
        )


def _database_problems(databases: Part) -> Iterator[Problem]:
    for database in databases:
        name = database["name"].text
        if database["production"].value is not True:
            yield database.problem(f"{name} is a development database", "production: true")
        elif not database["cluster_name"].text:
            yield database.problem(
                f"{name} is a production database without cluster_name", "the name of its cluster"
            )


def _placeholder_problems(document: Document) -> Iterator[Problem]:
    named = {part["name"].text for section in _SECTIONS for part in document.part(section)}
    named |= {part["name"].text for part in document.part("databases")} | {"_self"}
    found = variables(document)
    shared = {item.name for item in found if item.owner == ""} | _APP_VARIABLES
    for item in found:
        for reference in _BINDABLE.findall(item.value or ""):
            component, dot, _ = reference.partition(".")
            is_bound = component in named if dot else reference in shared and item.owner != ""
            if not is_bound and reference not in _APP_VARIABLES:
                yield Problem(
                    item.where,
                    f"{item.name} of {item.owner or 'the app'} holds ${{{reference}}}, which "
                    "nothing in the specification provides",
                    "a variable of a declared component or database, or an encrypted value",
                )
