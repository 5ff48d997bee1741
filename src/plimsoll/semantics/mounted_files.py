"""Whether a container sees the files that its configuration names: secrets, templates, credentials.

A program that cannot read a file which its configuration names does not start, or fails whenever it
needs it; that the configuration is valid shows neither.
"""

from __future__ import annotations

import posixpath
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from plimsoll.semantics.compose import repository_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Document, Part, Problem

_SUFFIX = "_file"
_NOT_READ = frozenset(("query_log_file", "scrape_failure_log_file"))
"""What is written, not read."""


def named_files(part: Part) -> Iterator[Part]:
    """Yield every value of a key that names a file to be read, at any depth."""
    for inner in part:
        key = str(inner.key)
        if inner.text and key.endswith(_SUFFIX) and key not in _NOT_READ:
            yield inner
        yield from named_files(inner)


def unseen_files(
    service: Container, part: Part, folder: str, files: Collection[str]
) -> tuple[Problem, ...]:
    """Return the files that a part of a configuration names and its container does not see.

    Args:
        service: the container.
        part: of its configuration.
        folder: where the configuration stands in the container; names may be relative to it.
        files: the repository's paths; what is mounted from it must be there.

    """
    found = (_unseen(service, named, folder, files) for named in named_files(part))
    return tuple(problem for problem in found if problem)


def unseen_templates(
    service: Container, config: Document, folder: str, files: Collection[str]
) -> tuple[Problem, ...]:
    """Return the patterns of templates that match no file the container is known to see.

    What stands on a volume or in the image is not known, and not judged.
    """
    found = []
    for part in (one for one in config.part("templates") if one.text):
        path = posixpath.join(folder, part.text or "")
        shown = repository_path(service, path)
        if not _is_covered(service, path):
            what = f"the templates {part.text} are not mounted into {service.name}"
            found.append(part.problem(what, "a mount of the templates"))
        elif shown and not any(fnmatch(file, shown) for file in files):
            what = f"the templates {part.text} show {shown}, which matches no file"
            found.append(part.problem(what, "a template"))
    return tuple(found)


def _unseen(service: Container, named: Part, folder: str, files: Collection[str]) -> Problem | None:
    path = posixpath.join(folder, named.text or "")
    if not _is_covered(service, path):
        what = f"{named.key} {named.text} is not mounted into {service.name}"
        return named.problem(what, "a mount, or a secret of the service")
    shown = repository_path(service, path)
    if shown and shown not in files:
        what = f"{named.key} {named.text} shows {shown}, which is absent"
        return named.problem(what, "the file")
    return None


def _is_covered(service: Container, path: str) -> bool:
    path = posixpath.normpath(path)
    return any(
        path == target or path.startswith(target.rstrip("/") + "/")
        for target in (posixpath.normpath(mount.target) for mount in service.mounts)
    )
