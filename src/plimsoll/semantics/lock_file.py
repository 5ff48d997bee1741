"""Whether a lock file belongs to the manifest beside it: its format, and what both ask for.

An install that is frozen refuses a lock file that asks for something else; so does this.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from plimsoll.facts.document import DocumentError, Problem, parse_json, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.facts.document import Document, Part

_SECTIONS: Final = ("dependencies", "devDependencies", "optionalDependencies")
_HEADERS: Final = {
    "yarn.lock": re.compile(r"^(?:# yarn lockfile v\d|__metadata:)", re.MULTILINE),
    "bun.lock": re.compile(r'"lockfileVersion":\s*\d'),
}


def problems(text: str, path: str, manifest: Document) -> tuple[Problem, ...]:
    """Return why a lock file is none, or is not that of the manifest (`package.json`).

    Known are the lock files of pnpm, npm, yarn and bun, by their names; of the last two only the
    format is looked at.
    """
    name = path.rpartition("/")[2]
    if name in _HEADERS:
        if _HEADERS[name].search(text):
            return ()
        return (Problem(f"{path}:1", "no header of a lock file", "the lock file's format"),)
    try:
        if name == "pnpm-lock.yaml":
            documents = parse_yaml(text, path)
            return tuple(_pnpm(documents[0], manifest)) if documents else _none(path)
        return tuple(_npm(parse_json(text, path), manifest))
    except DocumentError as error:
        return (Problem(f"{path}:{error.line}", "it cannot be parsed", "a lock file"),)


def _none(path: str) -> tuple[Problem, ...]:
    return (Problem(f"{path}:1", "it is empty", "a lock file"),)


def _pnpm(lock: Document, manifest: Document) -> Iterator[Problem]:
    version = lock.part("lockfileVersion")
    if not version.exists:
        yield version.problem("no lockfileVersion", "the version of the format")
        return
    root = lock.part("importers", ".")
    root = root if root.exists else lock.part()
    locked = {
        str(item.key): (item["specifier"] if item["specifier"].exists else item)
        for section in _SECTIONS
        for item in root[section]
    }
    # Peers that pnpm installs by itself stand among what was asked for, overrides in its place.
    peers = {str(item.key) for item in manifest.part("peerDependencies")}
    imposed = {str(item.key): item.value for item in lock.part("overrides")}
    asked = {str(item.key) for section in _SECTIONS for item in manifest.part(section)}
    own = {name: item for name, item in locked.items() if name in asked or name not in peers}
    yield from _compare(own, manifest, lock.path, imposed)


def _npm(lock: Document, manifest: Document) -> Iterator[Problem]:
    version = lock.part("lockfileVersion")
    if version.integer is None:
        yield version.problem("no lockfileVersion", "the version of the format")
        return
    root = lock.part("packages", "")
    locked = {str(item.key): item for section in _SECTIONS for item in root[section]}
    yield from _compare(locked, manifest, lock.path)


def _compare(
    locked: dict[str, Part],
    manifest: Document,
    path: str,
    imposed: Mapping[str, object] = MappingProxyType({}),
) -> Iterator[Problem]:
    asked = {str(item.key): item for section in _SECTIONS for item in manifest.part(section)}
    for name, item in asked.items():
        stated = locked.get(name)
        if stated is None:
            yield Problem(f"{path}:1", f"{name} is not in it", str(item.value))
        elif stated.value not in (item.value, imposed.get(name, item.value)):
            yield stated.problem(f"{name} is locked for {stated.value}", str(item.value))
    for name in locked.keys() - asked.keys():
        yield locked[name].problem(f"{name} is in it", f"nothing that {manifest.path} asks not for")
