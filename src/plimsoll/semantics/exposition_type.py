"""The content type of an exposition, as Prometheus reads it.

Prometheus 2 takes whatever it does not know for the text format; Prometheus 3 refuses the scrape
(prometheus.io/docs/prometheus/latest/migration, `fallback_scrape_protocol`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.facts.exposition import Gravity, Problem
from plimsoll.semantics.exposition_line import Dialect

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "text/plain"
OPEN = "application/openmetrics-text"
_BINARY = "application/vnd.google.protobuf"
_VERSIONS = {TEXT: ("0.0.4", "1.0.0"), OPEN: ("0.0.1", "1.0.0")}
_PARAMETER = re.compile(r"\s*([\w!#$&^.+-]+)\s*=\s*(\"[^\"]*\"|[^\s\";,]+)\s*", re.ASCII)


def dialect_of(content_type: str) -> Dialect:
    """Return what a body of this content type may use; any text has an answer."""
    media, parameters = _parts(content_type)
    known = parameters or {}
    quoted = known.get("escaping") == "allow-utf-8" or (
        media == TEXT and known.get("version") == "1.0.0"
    )
    return Dialect(media == OPEN, quoted)


def content_type_problems(content_type: str | None) -> Iterator[Problem]:
    """Yield what is wrong with a content type: what is refused, and what is only not said."""
    media, parameters = _parts(content_type or "")
    shown = content_type or "no content type"
    refused = "Prometheus 3 refuses the scrape without a fallback protocol"
    if media == _BINARY:
        yield Problem(Gravity.ERROR, f"{shown}: protocol buffers, which were not asked for")
    elif media not in _VERSIONS:
        yield Problem(Gravity.ERROR, f"{shown}: {refused}")
    elif parameters is None:
        yield Problem(Gravity.ERROR, f"{shown}: its parameters cannot be read, and {refused}")
    else:
        version, charset = parameters.get("version"), parameters.get("charset", "utf-8")
        if version is None:
            yield Problem(Gravity.WARNING, f"{shown}: the version of the format is missing")
        elif version not in _VERSIONS[media]:
            yield Problem(Gravity.WARNING, f"{shown}: there is no version {version} of this format")
        if charset.lower() not in ("utf-8", "us-ascii"):
            yield Problem(Gravity.WARNING, f"{shown}: Prometheus reads UTF-8 whatever it is called")


def _parts(content_type: str) -> tuple[str, dict[str, str] | None]:
    """Return the media type and its parameters; None where these cannot be read."""
    media, _, rest = content_type.partition(";")
    parts = [_PARAMETER.fullmatch(part) for part in rest.split(";")] if rest.strip() else []
    read = {part[1].lower(): part[2].strip('"') for part in parts if part is not None}
    return media.strip().lower(), read if all(parts) else None
