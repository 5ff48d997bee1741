"""Whether the parts of an App Platform specification that write logs send them somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part

KINDS: Final = ("papertrail", "datadog", "logtail", "open_search")
"""Where App Platform can send logs
(https://docs.digitalocean.com/products/app-platform/how-to/forward-logs/)."""

_WRITERS: Final = ("services", "workers", "jobs", "functions")


def writers(spec: Document) -> tuple[Part, ...]:
    """Return the components that write logs; static sites do not."""
    return tuple(part for kind in _WRITERS for part in spec.part(kind))


def is_forwarded(component: Part) -> bool:
    """Whether a component names a destination of a kind that the platform knows."""
    return any(part[kind].exists for part in component["log_destinations"] for kind in KINDS)
