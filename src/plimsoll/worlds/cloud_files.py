"""Read the inventory of a mocked account: `fixtures/<system>/digitalocean/<read>.yaml`.

A list holds records in the form in which the API sends them. What belongs to something stands in a
file of its own, below the name or the id of what it belongs to. An app's specification may come
`from` a file of the repository, with keys `set` and `drop`ped, and texts `replace`d.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from plimsoll.environment.loader import parse, read
from plimsoll.environment.problem import ConfigurationError
from plimsoll.facts.document import spell
from plimsoll.worlds.cloud import Cloud
from plimsoll.worlds.cloud_fields import SHAPES
from plimsoll.worlds.cloud_reads import READS
from plimsoll.worlds.cloud_scopes import READ_ONLY
from plimsoll.worlds.cloud_shape import mismatches
from plimsoll.worlds.moment import is_relative, resolve

if TYPE_CHECKING:
    from pathlib import Path

    from plimsoll.facts.document import Document, Key
    from plimsoll.worlds.cloud_reads import Read

INVENTORY_FOLDER = "digitalocean"


def load_cloud(folder: Path, token: str, now: datetime | None = None) -> Cloud | None:
    """Return the account of a fixture folder; None where it has no inventory.

    `token` is the one that the API accepts; times are told from `now`. Raises ConfigurationError
    naming file, line and key of everything that is wrong.
    """
    inventory = folder / INVENTORY_FOLDER
    if not inventory.is_dir():
        return None
    files = {path.stem: path for path in sorted(inventory.iterdir())}
    _require_known(files)
    loading = _Loading(folder, now or datetime.now(UTC))
    documents = {name: parse(read(path), path) for name, path in files.items()}
    cloud = Cloud({}, {}, set(READ_ONLY), token)
    for name in (name for name in READS if name in documents):
        loading.add(READS[name], documents[name], cloud)
    if loading.problems:
        raise ConfigurationError(tuple(loading.problems))
    return cloud


def _require_known(files: dict[str, Path]) -> None:
    unknown = tuple(
        f"{path}:1: no read of this name; there are {', '.join(READS)}"
        for name, path in files.items()
        if name not in READS or path.suffix != ".yaml"
    )
    if unknown:
        raise ConfigurationError(unknown)


class _Loading:
    """One loading, and what is wrong with it; problems in one file do not hide those in another."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.problems: list[str] = []
        self._folder = folder
        self._now = now

    def add(self, known: Read, document: Document, cloud: Cloud) -> None:
        data = self._timed(document.data, document, ())
        if not known.parent:
            cloud.records[known.name] = self._records(known, data, document, ())
        elif not isinstance(data, dict):
            self._problem(document, (), f"expected: lists by the name of one of {known.parent}")
        else:
            for parent, value in data.items():
                self._belongings(known, parent, value, document, cloud)

    def _belongings(
        self, known: Read, parent: str, value: object, document: Document, cloud: Cloud
    ) -> None:
        try:
            cloud.details(known.name, parent)
        except LookupError as error:
            self._problem(document, (parent,), str(error))
            return
        if known.whole:
            self._check(known, value, document, (parent,))
        else:
            value = self._records(known, value, document, (parent,))
        cloud.set_details(known.name, parent, value)

    def _records(
        self, known: Read, data: object, document: Document, keys: tuple[Key, ...]
    ) -> list[dict[str, Any]]:
        if not isinstance(data, list):
            self._problem(document, keys, "expected: a list")
            return []
        for at, record in enumerate(data):
            if known.name == "apps" and isinstance(record, dict):
                self._specify(record, document, (*keys, at))
            self._check(known, record, document, (*keys, at))
        return [record for record in data if isinstance(record, dict)]

    def _check(
        self, known: Read, record: object, document: Document, keys: tuple[Key, ...]
    ) -> None:
        for inner, problem in mismatches(record, SHAPES[known.name]):
            self._problem(document, (*keys, *inner), problem)

    def _timed(self, value: object, document: Document, keys: tuple[Key, ...]) -> object:
        if isinstance(value, dict):
            return {key: self._timed(one, document, (*keys, key)) for key, one in value.items()}
        if isinstance(value, list):
            return [self._timed(one, document, (*keys, at)) for at, one in enumerate(value)]
        if not isinstance(value, str) or not is_relative(value):
            return value
        try:
            return resolve(value, self._now)
        except ValueError as error:
            self._problem(document, keys, str(error))
            return value

    def _specify(self, app: dict[str, Any], document: Document, keys: tuple[Key, ...]) -> None:
        """Put the specification in place of where it is found, and below what runs."""
        told = app.get("spec")
        if isinstance(told, dict) and "from" in told:
            app["spec"] = self._reviewed(told, document, (*keys, "spec"))
        active = app.get("active_deployment")
        if isinstance(active, dict):
            active.setdefault("spec", deepcopy(app.get("spec")))

    def _reviewed(
        self, told: dict[str, Any], document: Document, keys: tuple[Key, ...]
    ) -> dict[str, Any]:
        changed, dropped = told.get("set", {}), told.get("drop", [])
        texts = told.get("replace", {})
        path = self._folder / "repository" / str(told["from"])
        unknown = told.keys() - {"from", "set", "drop", "replace"}
        are_mappings = isinstance(changed, dict) and isinstance(texts, dict)
        if unknown or not are_mappings or not isinstance(dropped, list):
            wanted = "expected: from, set (a mapping), replace (a mapping), drop (a list)"
            self._problem(document, keys, wanted)
            return {}
        if not path.is_file():
            self._problem(document, (*keys, "from"), f"there is no file {path}")
            return {}
        spec = parse(read(path), path).data
        if not isinstance(spec, dict):
            self._problem(document, (*keys, "from"), f"{path} is no specification")
            return {}
        for where, absent in (("drop", spec.keys()), ("replace", _texts(spec))):
            for one in (one for one in told.get(where, ()) if one not in absent):
                self._problem(document, (*keys, where), f"the specification has no {one}")
        kept = {key: value for key, value in spec.items() if key not in dropped}
        return {key: _replaced(value, texts) for key, value in kept.items()} | dict(changed)

    def _problem(self, document: Document, keys: tuple[Key, ...], problem: str) -> None:
        self.problems.append(f"{document.where(*keys)}: {spell(keys) or 'the file'}: {problem}")


def _replaced(value: object, texts: dict[str, Any]) -> object:
    """Return a copy in which each text that is a key of `texts` is the text it stands for."""
    if isinstance(value, dict):
        return {key: _replaced(inner, texts) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, texts) for inner in value]
    return texts.get(value, value) if isinstance(value, str) else value


def _texts(value: object) -> set[str]:
    """Return every text in a value, keys apart."""
    if isinstance(value, dict):
        return _texts(list(value.values()))
    if isinstance(value, list):
        return {text for inner in value for text in _texts(inner)}
    return {value} if isinstance(value, str) else set()
