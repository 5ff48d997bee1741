"""The forms that texts in configuration files must have, in words instead of patterns."""

from __future__ import annotations

from typing import Final

VARIABLE: Final = r"^[A-Z][A-Z0-9_]*$"
"""An environment variable's name; what stands there instead may be the secret itself."""

_FORMS: Final = {
    VARIABLE: "a name in capitals, digits and underscores, as environment variables have",
    r"^[a-z0-9][a-z0-9._-]*$": "a name in lower case: letters, digits, '.', '_' and '-'",
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$": "a name: letters, digits, '.', '_' and '-'",
    r"^[A-Za-z0-9][A-Za-z0-9-]*$": "a name: letters, digits and '-'",
    r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$": "a host name in lower case, without scheme, port or path",
    r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$": (
        "an id as the platform writes it, like 4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf"
    ),
    r"^[^/\s]\S*$": "a path inside the repository: no '/' at its beginning, no spaces",
    r"^/[^\s#]*$": "a path that begins with '/'",
    r"^https?://[^\s/?#@]+(/[^\s#]*)?$": (
        "a URL with http:// or https:// and a host, without credentials and fragment"
    ),
    r"^(npm|pnpm|yarn|bun)@\d+\.\d+\.\d+$": "a package manager and its version, like npm@10.9.0",
    r"^\d+\.\d+\.\d+$": "a version, like 0.49.0",
    r"^[A-Z]{3}-\d{2}[a-z]?$": "the id of a control, like SCL-01",
    r"^([01]\d|2[0-3]):[0-5]\d$": 'a time of day, like "02:30"',
}


def in_words(pattern: str) -> str:
    """Return what a pattern asks for; the pattern itself where there are no words for it."""
    return _FORMS.get(pattern, f"a text of the form {pattern}")
