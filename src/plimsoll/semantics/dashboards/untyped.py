"""Parts of a JSON document whose types nobody vouches for: what has another type is empty."""

from __future__ import annotations


def string(value: object) -> str:
    """Return a text; the empty one for anything else."""
    return value if isinstance(value, str) else ""


def mapping(value: object) -> dict[str, object]:
    """Return an object; the empty one for anything else."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[dict[str, object]]:
    """Return the objects of a list, in order; none for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
