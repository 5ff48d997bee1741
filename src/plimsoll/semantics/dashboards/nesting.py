"""Find every panel of a dashboard that draws something, wherever it is nested.

Classic dashboards have `panels`, among them rows with panels of their own; older ones `rows`. The
schema v2 has `elements`, which its layout places in grids, rows and tabs; what no layout places is
not drawn. A collapsed row still counts: one click opens it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.dashboards.untyped import mapping, mappings, string

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST_NESTING = 10
_KEY = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_DIVISIONS = ("rows", "tabs")
_CONDITION = "conditionalRendering"


@dataclass(frozen=True, slots=True)
class Placed:
    """A panel as the document has it, its JSON path, and the row or tab it is in.

    `condition` says whether the layout shows it only under a condition.
    """

    panel: dict[str, object]
    path: str
    row: str = ""
    condition: bool = False

    @property
    def kind(self) -> str:
        """What draws it: its `type`, or in the schema v2 what its configuration names."""
        config = mapping(self.panel.get("vizConfig"))
        return string(self.panel.get("type") or config.get("group") or config.get("kind"))


def placed_panels(model: dict[str, object], path: str) -> Iterator[Placed]:
    """Yield the panels of a dashboard in the order of the document; `path` is the model's own."""
    yield from _nested(model, path, "", 0)
    elements = mapping(model.get("elements"))
    layout = mapping(model.get("layout"))
    places = (
        _places(layout, "", 0, condition=False)
        if layout
        else ((name, "", False) for name in elements)
    )
    drawn: set[str] = set()
    for name, row, condition in places:
        element = mapping(elements.get(name))
        if element and name not in drawn:
            drawn.add(name)
            yield Placed(_element(element), f"{path}.elements.{name}", row, condition)


def place_keys(path: str) -> tuple[str | int, ...]:
    """Return a panel's JSON path as the keys that lead to it."""
    return tuple(
        int(index) if index else name for name, index in _KEY.findall(path.removeprefix("$"))
    )


def _nested(model: dict[str, object], path: str, row: str, depth: int) -> Iterator[Placed]:
    if depth > _DEEPEST_NESTING:
        return
    for index, panel in enumerate(mappings(model.get("panels"))):
        where = f"{path}.panels[{index}]"
        if panel.get("type") == "row":
            row = string(panel.get("title"))
        else:
            yield Placed(panel, where, row)
        yield from _nested(panel, where, row, depth + 1)
    for index, legacy in enumerate(mappings(model.get("rows"))):
        title = string(legacy.get("title"))
        yield from _nested(legacy, f"{path}.rows[{index}]", title, depth + 1)


def _element(element: dict[str, object]) -> dict[str, object]:
    """Return an element's specification, with its kind where it is a library panel."""
    specification = mapping(element.get("spec"))
    if element.get("kind") != "LibraryPanel":
        return specification
    return {**specification, "libraryPanel": mapping(specification.get("libraryPanel"))}


def _places(
    layout: dict[str, object], row: str, depth: int, *, condition: bool
) -> Iterator[tuple[str, str, bool]]:
    """Yield the name of each placed element, the row or tab, and whether on a condition."""
    if depth > _DEEPEST_NESTING:
        return
    specification = mapping(layout.get("spec"))
    for item in mappings(specification.get("items")):
        placed = mapping(item.get("spec"))
        name = string(mapping(placed.get("element")).get("name"))
        yield name, row, condition or bool(placed.get(_CONDITION))
    for kind in _DIVISIONS:
        for division in mappings(specification.get(kind)):
            part = mapping(division.get("spec"))
            inner = mapping(part.get("layout"))
            title, depends = string(part.get("title")), condition or bool(part.get(_CONDITION))
            yield from _places(inner, title, depth + 1, condition=depends)
