"""The platform's own catalogue of instance sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.catalogue_size import CatalogueSize
from plimsoll.semantics.digitalocean.answer import UntoldError, items, text

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part

_IS_DEDICATED = {"DEDICATED": True, "SHARED": False}


def sizes(answer: Document) -> tuple[CatalogueSize, ...]:
    """Return every size. Raises UntoldError for a size without a slug, and for no size at all."""
    found = tuple(_size(part) for part in items(answer, "instance_sizes"))
    if not found:
        message = "the catalogue lists no size"
        raise UntoldError(message)
    return found


def _size(part: Part) -> CatalogueSize:
    return CatalogueSize(
        slug=text(part["slug"]),
        is_dedicated=_IS_DEDICATED.get(part["cpu_type"].text or ""),
        is_single_instance=_flag(part["single_instance_only"]),
        is_scalable=_flag(part["scalable"]),
        where=part.where,
    )


def _flag(part: Part) -> bool:
    if part.exists and part.boolean is None:
        message = f"{part.where} is neither true nor false"
        raise UntoldError(message)
    return part.boolean is True
