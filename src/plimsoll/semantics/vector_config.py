"""Where Vector ships logs to, as its configuration says.

Read are YAML configurations (https://vector.dev/docs/reference/configuration/). A sink ships what
its `inputs` name: sources, or transforms that lead back to a source. Environment variables are not
filled in: a bucket that is one of them is not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part

_VARIABLE = re.compile(r"\$\{?[A-Za-z_]")


@dataclass(frozen=True, slots=True)
class Sink:
    """One `aws_s3` sink; `feeds` are the sources that lead into it, `where` its place."""

    name: str
    bucket: str | None
    endpoint: str | None
    key_prefix: str
    feeds: tuple[str, ...]
    dangling: tuple[str, ...]
    """Inputs that nothing in the configuration is called, or that lead back to no source."""
    where: str

    @property
    def is_settled(self) -> bool:
        """Whether bucket and endpoint stand in the file, and not in a variable."""
        return not any(_VARIABLE.search(told or "") for told in (self.bucket, self.endpoint))

    def ships_to(self, bucket: str, host: str, prefix: str) -> bool:
        """Whether its objects land below this prefix of the bucket at this endpoint."""
        is_there = self.bucket == bucket and _host(self.endpoint) == host
        return is_there and self.key_prefix.startswith(prefix)


def object_sinks(document: Document) -> tuple[Sink, ...]:
    """Return every sink of type `aws_s3`, in the order of the file."""
    return tuple(
        _sink(part, document) for part in document.part("sinks") if part["type"].text == "aws_s3"
    )


def _sink(part: Part, document: Document) -> Sink:
    named = _inputs(part)
    feeds = {source for name in named for source in _sources(name, document)}
    return Sink(
        name=str(part.key),
        bucket=part["bucket"].text,
        endpoint=part["endpoint"].text,
        key_prefix=part["key_prefix"].text or "",
        feeds=tuple(sorted(feeds)),
        dangling=tuple(name for name in named if not _sources(name, document)),
        where=part.where,
    )


def _inputs(part: Part) -> tuple[str, ...]:
    return tuple(item.text for item in part["inputs"] if item.text)


def _sources(name: str, document: Document) -> set[str]:
    """Return the sources that an input leads back to; `*` stands for any text in a name.

    A component with several outputs is named with the output behind a dot.
    """
    sources, transforms = _keys(document, "sources"), _keys(document, "transforms")
    found: set[str] = set()
    passed: set[str] = set()
    waiting = [name]
    while waiting:
        wanted = waiting.pop()
        found.update(key for key in sources if _is_named(key, wanted))
        through = {key for key in transforms if _is_named(key, wanted)} - passed
        passed |= through
        waiting += [one for key in through for one in _inputs(document.part("transforms", key))]
    return found


def _is_named(key: str, name: str) -> bool:
    return fnmatchcase(key, name) if "*" in name else name == key or name.startswith(f"{key}.")


def _keys(document: Document, section: str) -> list[str]:
    return [str(part.key) for part in document.part(section)]


def _host(endpoint: str | None) -> str:
    try:
        return urlsplit(endpoint or "").hostname or ""
    except ValueError:
        return ""
