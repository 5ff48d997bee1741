"""Find the images that a file names, whatever kind of file it turns out to be."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from plimsoll.facts.container import Image
from plimsoll.facts.document import spell
from plimsoll.semantics import app_spec, compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.facts.document import Document, Part

_DOCKERFILE = re.compile(r"(?:Dockerfile|Containerfile)(?:\.\S+)?|\S+\.[Dd]ockerfile")


def is_dockerfile(path: str) -> bool:
    """Say whether a path is that of a Dockerfile, by the names that builders look for."""
    return _DOCKERFILE.fullmatch(posixpath.basename(path)) is not None


def images_of(documents: Iterable[Document]) -> tuple[Image, ...]:
    """Return the images that Compose files, specifications and Kubernetes manifests run.

    A document is taken for what its top level says it is; of any other kind, every text under the
    key ``image`` counts.
    """
    return tuple(image for document in documents for image in _images(document))


def _images(document: Document) -> Iterator[Image]:
    services = document.get("services")
    if isinstance(services, dict) and not document.part("apiVersion").exists:
        for service in compose.services(document):
            if service.image is not None:
                yield service.image
    elif isinstance(services, list):
        yield from app_spec.images(document)
    else:
        yield from _named_image(document.part())


def _named_image(part: Part) -> Iterator[Image]:
    if part.key == "image" and part.text is not None:
        yield Image(spell(part.keys[:-1]), part.text, part.where)
    for inner in part:
        yield from _named_image(inner)
