"""Whether what an environment file and its waivers name by name is there to be named."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from typing import Protocol

    from plimsoll.environment.loader import LoadedEnvironment
    from plimsoll.environment.model import Environment
    from plimsoll.facts.document import Key
    from plimsoll.findings import Waiver

    class _Declared(Protocol):
        @property
        def name(self) -> str: ...

    _Naming = tuple[str, set[str], list[tuple[tuple[Key, ...], str]]]


def unknown_references(
    environment: LoadedEnvironment, waivers: Iterable[Waiver], catalogue: Container[str]
) -> tuple[str, ...]:
    """Return one problem for each control that no catalogue holds, and each undeclared name."""
    return (
        *(
            f"{where}: there is no control {control}"
            for where, control in _named(environment, waivers)
            if control not in catalogue
        ),
        *_undeclared(environment),
    )


def _undeclared(environment: LoadedEnvironment) -> Iterator[str]:
    """Yield what one section of the file names and the section that should declare it does not."""
    document, model = environment.document, environment.model
    for what, known, named in (*_regions(model), *_parts(model)):
        for place, name in named:
            if name not in known:
                there = ", ".join(sorted(known)) or "none"
                yield f"{document.where(*place)}: there is no {what} {name}; declared: {there}"


def _regions(model: Environment) -> Iterator[_Naming]:
    account, known = model.digitalocean, {region.id for region in model.regions or ()}
    if account is None or not known:
        return
    for section in ("apps", "databases", "load_balancers", "pools"):
        listed = getattr(account, section) or ()
        places = (("digitalocean", section, index, "region") for index in range(len(listed)))
        yield "region", known, list(zip(places, (one.region for one in listed), strict=True))
    if account.steering:
        place: tuple[Key, ...] = ("digitalocean", "steering", "regions")
        yield "region", known, [(place, one) for one in account.steering.regions]


def _parts(model: Environment) -> Iterator[_Naming]:
    account = model.digitalocean
    pools = account.pools if account else ()
    databases = account.databases if account else ()
    checks = account.uptime if account else ()
    components = model.scaling.components if model.scaling else ()
    sets = model.backups.sets if model.backups else ()
    measured = model.monitoring.availability if model.monitoring else None
    yield "pool", _names(pools), _naming(("scaling", "components"), "pool", components)
    yield "database", _names(databases), _naming(("backups", "sets"), "database", sets)
    section = ("monitoring", "availability")
    yield "uptime check", _names(checks), _naming(section, "uptime", measured)
    yield from _endpoints(model)


def _endpoints(model: Environment) -> Iterator[_Naming]:
    shared = model.cors.endpoints if model.cors else ()
    yield "endpoint", _names(model.endpoints), [(("cors", "endpoints"), name) for name in shared]
    metrics = _names(one for one in model.endpoints or () if one.kind == "metrics")
    scrape = model.repository.scrape if model.repository else None
    shown = scrape.expositions.items() if scrape else ()
    section = ("repository", "scrape", "expositions")
    yield "endpoint of metrics", metrics, [((*section, service), name) for service, name in shown]
    contract = model.metrics.contract if model.metrics else None
    if contract:
        place: tuple[Key, ...] = ("metrics", "contract", "endpoint")
        beside = _beside_metrics(model)
        yield "endpoint beside the metrics called", beside, [(place, contract.endpoint)]


def _names(declared: Iterable[_Declared] | None) -> set[str]:
    return {one.name for one in declared or ()}


def _naming(
    section: tuple[Key, ...], key: str, parts: Iterable[object] | None
) -> list[tuple[tuple[Key, ...], str]]:
    """Return what each part of a section that names another under a key names, and where."""
    named = ((index, getattr(part, key)) for index, part in enumerate(parts or ()))
    return [((*section, index, key), name) for index, name in named if name]


def _beside_metrics(model: Environment) -> set[str]:
    """Return the endpoints that are asked in every region, or at one address, as the metrics are.

    Elsewhere nobody could say which region's metrics count the answer.
    """
    endpoints = model.endpoints or ()
    regional = {endpoint.path is not None for endpoint in endpoints if endpoint.kind == "metrics"}
    return {endpoint.name for endpoint in endpoints if (endpoint.path is not None) in regional}


def _named(environment: LoadedEnvironment, waivers: Iterable[Waiver]) -> Iterator[tuple[str, str]]:
    document, model = environment.document, environment.model
    for section, names in (
        ("conflicts", model.conflicts),
        ("vantage_points", model.vantage_points),
    ):
        for control in names:
            yield f"{document.where(section, control)}: {section}", control
    for index, row in enumerate(model.named_requirements):
        yield f"{document.where('named_requirements', index)}: named_requirements", row.control
    for waiver in waivers:
        yield f"waiver {waiver.id}", waiver.control
