"""What well-known exporters expose: families with their type and labels, by the image that runs.

The table is `exporter_families.json`; each exporter in it names its source and version. No list is
complete, so a name that is absent may still be exposed by the exporter whose prefix it has.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice, product
from typing import TYPE_CHECKING, TypedDict, cast

from plimsoll.facts.exposure import ExposedMetric

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TABLE = "exporter_families.json"
_MOST_LABEL_SETS = 64
"""How many combinations of label values stand for a family: enough for every value of each."""

_PROBE_PATH = "/probe"


class _Family(TypedDict, total=False):
    kind: str
    labels: dict[str, list[str]]
    open: bool


class _Row(TypedDict, total=False):
    images: list[str]
    prefixes: list[str]
    libraries: list[str]
    paths: list[str]
    source: str
    families: dict[str, _Family]
    probed: dict[str, _Family]
    textfile_option: str
    forwards: bool


class _Table(TypedDict):
    libraries: dict[str, dict[str, _Family]]
    exporters: dict[str, _Row]


@dataclass(frozen=True, slots=True)
class Exporter:
    """A well-known exporter.

    Attributes:
        name: how people call it.
        prefixes: what the names of its own metrics begin with; no other program uses them.
        paths: where it serves metrics.
        source: what the table was written from, with the version.
        metrics: what it exposes at `/metrics`, as far as the table goes.
        probed: what it exposes at `/probe`; none where it has no such path.
        flexible: the metrics to which versions or options add further labels.
        textfile_option: the option that lets it expose whatever files hold; empty without one.
        forwards: whether it exposes what others send, under names of their own.

    """

    name: str
    prefixes: tuple[str, ...]
    paths: tuple[str, ...]
    source: str
    metrics: tuple[ExposedMetric, ...]
    probed: tuple[ExposedMetric, ...]
    flexible: frozenset[str]
    textfile_option: str
    forwards: bool

    def serves(self, path: str) -> bool:
        """Tell whether it serves metrics at a path."""
        return _plain(path) in self.paths

    def at(self, path: str) -> tuple[ExposedMetric, ...]:
        """Return what is exposed at a path; nothing where it serves no metrics there."""
        if not self.serves(path):
            return ()
        return self.probed if _plain(path) == _PROBE_PATH else self.metrics


def exporter_of_image(name: str) -> Exporter | None:
    """Return the exporter that an image holds, by the last part of the image's name."""
    return _by_image().get(name)


def owner(metric: str) -> Exporter | None:
    """Return the exporter whose own metrics are called like this one; None for most metrics."""
    return next((one for one in _exporters().values() if metric.startswith(one.prefixes)), None)


@cache
def _exporters() -> Mapping[str, Exporter]:
    table = _table()
    return {
        name: _exporter(name, row, table["libraries"]) for name, row in table["exporters"].items()
    }


@cache
def _by_image() -> Mapping[str, Exporter]:
    found = _exporters()
    rows = _table()["exporters"].items()
    return {image: found[name] for name, row in rows for image in row["images"]}


@cache
def _table() -> _Table:
    text = files("plimsoll.semantics").joinpath(_TABLE).read_text(encoding="utf-8")
    return cast("_Table", json.loads(text))


def _exporter(name: str, row: _Row, libraries: Mapping[str, Mapping[str, _Family]]) -> Exporter:
    where = f"the table of {name}"
    shared = {key: one for library in row["libraries"] for key, one in libraries[library].items()}
    return Exporter(
        name=name,
        prefixes=tuple(row["prefixes"]),
        paths=tuple(row["paths"]),
        source=row["source"],
        metrics=tuple(_metrics({**shared, **row["families"]}, where)),
        probed=tuple(_metrics(row.get("probed", {}), where)),
        flexible=frozenset(key for key, one in row["families"].items() if one.get("open")),
        textfile_option=row.get("textfile_option", ""),
        forwards=row.get("forwards", False),
    )


def _metrics(families: Mapping[str, _Family], where: str) -> Iterator[ExposedMetric]:
    for name, family in families.items():
        labels = family.get("labels", {})
        sets = islice(product(*labels.values()), _MOST_LABEL_SETS)
        combined = tuple(dict(zip(labels, one, strict=True)) for one in sets)
        yield ExposedMetric(name, family["kind"], combined, where)


def _plain(path: str) -> str:
    return path.partition("?")[0].rstrip("/") or "/"
