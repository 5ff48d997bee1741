"""What an error response tells about the software behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.semantics.credentials import disclosures

if TYPE_CHECKING:
    from collections.abc import Iterator

BANNERS = frozenset(
    (
        "server",
        "x-powered-by",
        "x-aspnet-version",
        "x-aspnetmvc-version",
        "x-generator",
        "x-powered-cms",
        "x-runtime-version",
        "x-php-version",
    )
)
"""Fields in which software names itself."""

_VERSION = re.compile(r"(?:^|[/\sv(-])v?\d+(?:\.\d+)*(?:[a-z]\d*)?(?![\w.])", re.IGNORECASE)
_PAGES = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("nginx", r"<center>(?:nginx|openresty)(?:/[\d.]+)?[^<]{0,40}</center>"),
        ("Apache", r"<address>Apache\b|\bApache/\d[^<\n]{0,80}\bServer at\b"),
        ("Tomcat", r"\bApache Tomcat(?:/\d|\b[^<\n]{0,40}Error report)"),
        ("IIS", r"\bIIS (?:\d+\.\d+ )?Detailed Error\b|\bServer Error in '[^'\n]{0,80}' App"),
        ("Jetty", r"\bPowered by Jetty\b|<h2>HTTP ERROR \d{3}\b"),
        ("Spring Boot", r"\bWhitelabel Error Page\b"),
        ("Express", r"<pre>Cannot (?:GET|POST|HEAD) /|\bURIError: Failed to decode"),
        ("Django", r"\bDEBUG = True\b|\bUsing the URLconf defined in\b"),
        ("Flask", r"\bWerkzeug Debugger\b|// Werkzeug\b"),
        ("Rails", r"\bAction Controller: Exception caught\b|<h1>Routing Error</h1>"),
        ("Laravel", r"\b(?:Whoops, looks like something went wrong|Illuminate\\\w+)"),
        ("Symfony", r"\bSymfony Exception\b|\bSymfony\\Component\\"),
        ("PHP", r"<b>(?:Fatal error|Warning|Notice|Parse error)</b>:"),
        ("Next.js", r"\b__NEXT_DATA__\b[^<]{0,2000}\"err\":\{"),
        ("Envoy", r"\Aupstream connect error or disconnect/reset before headers"),
    )
)


def banners(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the fields in which software names itself together with its version."""
    return tuple(
        (name.lower(), value)
        for name, value in headers
        if name.lower() in BANNERS and _VERSION.search(value)
    )


def revelations(body: str) -> tuple[str, ...]:
    """Return what a body reveals: stack traces and secrets, masked, and default error pages."""
    return tuple(dict.fromkeys(_revelations(body)))


def _revelations(body: str) -> Iterator[str]:
    for disclosure in disclosures(body):
        yield f"{disclosure.kind} (line {disclosure.line}): {disclosure.excerpt}"
    for name, page in _PAGES:
        if page.search(body):
            yield f"the default error page of {name}"
