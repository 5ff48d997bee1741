"""Judge security response headers by what a browser makes of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_DIRECTIVE = re.compile(
    rf"(?P<name>{_WORD})(?:[ \t]*=[ \t]*(?P<value>{_WORD}|\"(?:[^\"\\]|\\.)*\"))?"
)
_SEPARATOR = re.compile(r"[ \t]*([;,=])[ \t]*")
_LARGEST_DIGITS = 18
_CASELESS = frozenset(
    (
        "x-content-type-options",
        "x-frame-options",
        "x-xss-protection",
        "referrer-policy",
        "x-permitted-cross-domain-policies",
        "cross-origin-opener-policy",
        "cross-origin-embedder-policy",
        "cross-origin-resource-policy",
    )
)
_REFERRER_POLICIES = frozenset(
    (
        "no-referrer",
        "no-referrer-when-downgrade",
        "same-origin",
        "origin",
        "strict-origin",
        "origin-when-cross-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
    )
)

Headers = tuple[tuple[str, str], ...]


def values(headers: Headers, name: str) -> tuple[str, ...]:
    """Return the value of every field line of a name, in order; names are matched caselessly."""
    return tuple(value for key, value in headers if key.lower() == name.lower())


def is_report_only(headers: Headers, name: str) -> bool:
    """Say whether a policy is sent for reporting alone, which enforces nothing."""
    return bool(values(headers, f"{name}-report-only")) and not values(headers, name)


def matches(name: str, value: str, allowed: Collection[str]) -> bool:
    """Say whether a field value means one of the allowed ones.

    Space around separators never counts, case only where the field's values have any. Of a list of
    referrer policies the last that browsers know is in force (Referrer Policy, section 8.1).
    """
    in_force = _referrer_policy(value) if name.lower() == "referrer-policy" else value
    return _plain(name, in_force) in {_plain(name, one) for one in allowed}


def max_age_seconds(value: str) -> int | None:
    """Return the max-age of a Strict-Transport-Security value as a browser reads it, in seconds.

    None where the browser must ignore the field (RFC 6797 section 6.1): a directive given twice, no
    max-age, or anything that is not of the syntax.
    """
    found: dict[str, str] = {}
    for part in _split(value):
        text = part.strip(" \t")
        match = _DIRECTIVE.fullmatch(text)
        if not text:
            continue
        if match is None or match["name"].lower() in found:
            return None
        found[match["name"].lower()] = match["value"] or ""
    digits = found.get("max-age", "").strip('"')
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= _LARGEST_DIGITS
    return int(digits) if is_number else None


def _split(value: str) -> list[str]:
    """Split at semicolons that stand outside quotes."""
    return re.findall(r"(?:\"(?:[^\"\\]|\\.)*\"|[^;\"]|\")+", value)


def _referrer_policy(value: str) -> str:
    tokens = [token.strip().lower() for token in value.split(",")]
    known = [token for token in tokens if token in _REFERRER_POLICIES]
    return known[-1] if known else value


def _plain(name: str, value: str) -> str:
    text = _SEPARATOR.sub(r"\1", value.strip())
    return text.casefold() if name.lower() in _CASELESS else text
