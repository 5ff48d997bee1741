"""Whether the controls that an environment file and its waivers name are in the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from plimsoll.environment.loader import LoadedEnvironment
    from plimsoll.findings import Waiver


def unknown_references(
    environment: LoadedEnvironment, waivers: Iterable[Waiver], catalogue: Container[str]
) -> tuple[str, ...]:
    """Return one problem for each name of a control that no catalogue holds."""
    return tuple(
        f"{where}: there is no control {control}"
        for where, control in _named(environment, waivers)
        if control not in catalogue
    )


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
