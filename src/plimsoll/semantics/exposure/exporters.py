"""What well-known exporters expose: families with their type and labels, by the image that runs.

The table is `exporter_families.json`; each exporter in it names its source and version. No list is
complete, so a name that is absent may still be exposed by the exporter whose prefix it has.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
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
    enabled_by: list[str]


class _Row(TypedDict, total=False):
    images: list[str]
    prefixes: list[str]
    libraries: list[str]
    paths: list[str]
    source: str
    families: dict[str, _Family]
    probed: dict[str, _Family]
    textfile_option: str
    collectors: dict[str, list[str]]
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
        collectors: its collectors by the names that options have for them, each with what the names
            of its families begin with; what belongs to none of them is always there.
        switched_on: metrics that are off by default, with the options and variables that enable
            them.
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
    collectors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    switched_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def serves(self, path: str) -> bool:
        """Tell whether it serves metrics at a path."""
        return _plain(path) in self.paths

    def at(self, path: str) -> tuple[ExposedMetric, ...]:
        """Return what is exposed at a path; nothing where it serves no metrics there."""
        if not self.serves(path):
            return ()
        return self.probed if _plain(path) == _PROBE_PATH else self.metrics

    def collectors_of(self, metric: str) -> tuple[str, ...]:
        """Return the collectors that a metric comes from: those with most of its name."""
        claims = [
            (len(prefix), name)
            for name, prefixes in self.collectors.items()
            for prefix in prefixes
            if metric.startswith(prefix)
        ]
        return tuple(name for length, name in claims if length == max(claims)[0])


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
        collectors={name: tuple(own) for name, own in row.get("collectors", {}).items()},
        switched_on={
            key: tuple(one["enabled_by"])
            for key, one in row["families"].items()
            if "enabled_by" in one
        },
    )


def _metrics(families: Mapping[str, _Family], where: str) -> Iterator[ExposedMetric]:
    for name, family in families.items():
        labels = family.get("labels", {})
        sets = islice(product(*labels.values()), _MOST_LABEL_SETS)
        combined = tuple(dict(zip(labels, one, strict=True)) for one in sets)
        yield ExposedMetric(name, family["kind"], combined, where)


def _plain(path: str) -> str:
    return path.partition("?")[0].rstrip("/") or "/"
