"""Parse image references and Dockerfiles, and judge whether an image is pinned.

Source of the grammar: the distribution project's reference grammar. Pinned means that the same
reference gives the same software tomorrow: a digest, or a tag whose version has at least a major
and a minor number (``3.19``, ``v2.53.1-alpine``). That is the lesser of the two strengths, for a
registry may move any tag; a bare major (``15``, ``7-alpine``) is moved by its publisher on purpose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.container import Image
from plimsoll.semantics.compose_interpolation import interpolate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_REFERENCE = re.compile(
    r"(?:(?P<host>localhost(?::\d+)?|[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+(?::\d+)?|[a-zA-Z0-9-]+:\d+"
    r"|\[[0-9a-fA-F:]+\](?::\d+)?)/)?"
    r"(?P<name>[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)
_PRECISE = re.compile(
    r"v?\d+\.\d+(?:\.\d+)*(?:[._+-][\w.+-]*)?|(?:[\w-]+-)?\d{4}[-.]?\d{2}[-.]?\d{2}\S*"
)
_SUFFIXED = re.compile(r"[A-Za-z][\w-]*?-v?\d+\.\d+\S*")
_COMMIT = re.compile(r"(?:sha-|git-)?[0-9a-f]{7,40}")
_INSTRUCTION = re.compile(r"\s*(FROM|ARG|COPY|RUN)\s+(.*)", re.IGNORECASE)
_TAKEN_FROM = re.compile(r"--(?:mount=\S*\b)?from=([^\s,]+)")
_STAGE = re.compile(r"(?:--\S+\s+)*(?P<image>\S+)(?:\s+AS\s+(?P<stage>\S+))?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ImageReference:
    """The parts of an image reference; ``host`` is None for the default registry."""

    name: str
    host: str | None = None
    tag: str | None = None
    digest: str | None = None

    @property
    def is_pinned(self) -> bool:
        """Whether the reference names one version; no tag means ``latest``, which is none."""
        return self.digest is not None or (self.tag is not None and is_precise_tag(self.tag))


def parse_reference(text: str) -> ImageReference | None:
    """Parse an image reference; None for a text that is none, such as one with ``${…}`` in it."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    return ImageReference(match["name"], match["host"], match["tag"], match["digest"])


def is_precise_tag(tag: str) -> bool:
    """Say whether a tag is a version of at least major.minor, a date, or a commit."""
    if _COMMIT.fullmatch(tag) and re.search(r"[0-9]", tag) and re.search(r"[a-f]|-", tag):
        return True
    return any(pattern.fullmatch(tag) for pattern in (_PRECISE, _SUFFIXED))


def is_pinned(text: str) -> bool:
    """Say whether a reference is pinned; one that cannot be parsed is not known to be."""
    reference = parse_reference(text)
    return reference is not None and reference.is_pinned


def dockerfile_images(text: str, path: str) -> tuple[Image, ...]:
    """Return the images that a Dockerfile's stages start from or copy from, outside ``scratch``.

    Defaults of ARG are filled in; names of earlier stages are not images. The owner is the stage's
    name, or its number.
    """
    arguments: dict[str, str] = {}
    stages: list[str] = []
    found: list[Image] = []
    for line, keyword, rest in _instructions(text):
        match = _STAGE.fullmatch(rest) if keyword == "FROM" else None
        if keyword == "ARG" and not stages:
            arguments |= _argument(rest, arguments)
        elif keyword == "FROM":
            image = interpolate(match["image"], arguments).text if match else rest
            stage = (match["stage"] if match else None) or str(len(stages))
            named = [] if _is_stage(image, stages) else [image]
            found += [Image(stage, reference, f"{path}:{line}") for reference in named]
            stages.append(stage.lower())
        elif keyword in {"COPY", "RUN"} and stages:
            taken = [name for name in _TAKEN_FROM.findall(rest) if not _is_stage(name, stages)]
            found += [Image(stages[-1], name, f"{path}:{line}") for name in taken]
    return tuple(found)


def _is_stage(name: str, stages: list[str]) -> bool:
    return name.lower() in {*stages, "scratch"} or (name.isdecimal() and int(name) < len(stages))


def _argument(rest: str, known: Mapping[str, str]) -> dict[str, str]:
    name, equals, value = rest.strip().partition("=")
    return {name: interpolate(value.strip("\"'"), known).text} if equals else {}


def _instructions(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the line, name and arguments of FROM and ARG, continued lines joined."""
    started, logical = 1, ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        if not logical:
            started = number
        logical += line.rstrip().removesuffix("\\") + " "
        if line.rstrip().endswith("\\"):
            continue
        if match := _INSTRUCTION.fullmatch(logical.rstrip()):
            yield started, match[1].upper(), match[2]
        logical = ""
