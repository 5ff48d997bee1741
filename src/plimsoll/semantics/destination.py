"""Where notifications go: what may be shown of an address, and what makes it unusable.

Whose address it is, and the secret part of a hook, are never shown. What is shown of an address is
judged exactly like the address itself, so that evidence can be judged later.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from plimsoll.findings.redaction import MASK

EMPTY = "empty"
UNEXPANDED = "unexpanded variable"
PLACEHOLDER = "placeholder"
NO_EMAIL = "no e-mail address"
NO_HOOK = "no address of a Slack webhook"
NO_URL = "no address of the web"
NO_ADDRESS = "no host and port"

_FLAWED = re.compile(r"‹(?P<flaw>empty|unexpanded variable|placeholder|no [\w -]+)›(?:@[\w.-]*)?")
_VARIABLE = re.compile(r"\$\{|\$\(|\{\{|^\$\w|@\$\w|/\$\w|^%\w+%$")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(
    rf"(?P<local>{MASK}|[^\s@<>\"(),:;\[\]\\‹›]{{1,64}})@(?P<domain>(?:{_LABEL}\.)+[A-Za-z]{{2,63}})"
)
_RESERVED = re.compile(
    r"(?:.+\.)?(?:example\.(?:com|net|org)|test|example|invalid|localhost|local)"
    r"|your[\w-]*\.[\w.-]+",
    re.IGNORECASE,
)
"""Domains set aside for documentation and tests (RFC 2606, RFC 6762), and ones to fill in."""
_UNFILLED = re.compile(
    r"your(?:[-_.]?(?:e?-?mail|name|address|team|user))?|change-?me|x{3,}|placeholder|to-?do|tbd"
    r"|your[-_.].*",
    re.IGNORECASE,
)
_HOOK = re.compile(
    r"(?P<host>https://hooks\.slack(?:-gov)?\.com/services)/"
    rf"(?:{MASK}|(?P<parts>T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9_-]+))"
)
_UNFILLED_HOOK = re.compile(
    r"T0{6,}/B0{6,}/.*|.*/([A-Za-z0-9])\1*|.*(?:your|example|placeholder|changeme).*",
    re.IGNORECASE,
)

_UNFILLED_URL = re.compile(
    r"<[\w -]+>|\byour[-_]|\bchange[-_]?me\b|\bplaceholder\b|\bx{4,}\b", re.IGNORECASE
)


def email_flaw(address: str) -> str | None:
    """Return what makes an e-mail address unusable, None where nothing does; masked ones too."""
    flaw = _general_flaw(address)
    if flaw is not None:
        return flaw
    parts = _EMAIL.fullmatch(address.strip())
    if parts is None:
        return NO_EMAIL
    is_unfilled = _RESERVED.fullmatch(parts["domain"]) or _UNFILLED.fullmatch(parts["local"])
    return PLACEHOLDER if is_unfilled else None


def hook_flaw(url: str) -> str | None:
    """Return what makes the address of a Slack webhook unusable, None where nothing does.

    Slack's incoming webhooks are at ``/services/T…/B…/…``; what its documentation shows, all
    zeros and one letter repeated, is a placeholder.
    """
    flaw = _general_flaw(url)
    if flaw is not None:
        return flaw
    parts = _HOOK.fullmatch(url.strip())
    if parts is None:
        return PLACEHOLDER if re.search(r"your|<[\w-]+>", url, re.IGNORECASE) else NO_HOOK
    is_unfilled = parts["parts"] is not None and _UNFILLED_HOOK.fullmatch(parts["parts"])
    return PLACEHOLDER if is_unfilled else None


def url_flaw(url: str) -> str | None:
    """Return what makes the address of a webhook unusable, None where nothing does.

    One at Slack is judged as such; a host set aside for documentation and tests is a placeholder.
    """
    flaw = _general_flaw(url)
    if flaw is not None:
        return flaw
    if re.match(r"https?://hooks\.slack(?:-gov)?\.com(?:/|$)", url.strip(), re.IGNORECASE):
        return hook_flaw(url)
    if _UNFILLED_URL.search(url):
        return PLACEHOLDER
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        return NO_URL
    if parts.scheme not in {"http", "https"} or not host:
        return NO_URL
    return PLACEHOLDER if _RESERVED.fullmatch(host) and host != "localhost" else None


def address_flaw(address: str) -> str | None:
    """Return what makes a `host:port` unusable as a mail server, None where nothing does."""
    flaw = _general_flaw(address)
    if flaw is not None:
        return flaw
    host, colon, port = address.strip().rpartition(":")
    if not colon or not host or not port:
        return NO_ADDRESS
    is_unfilled = _RESERVED.fullmatch(host) and host != "localhost"
    return PLACEHOLDER if is_unfilled or _UNFILLED.fullmatch(host) else None


def shown_email(address: str) -> str:
    """Return what may be shown of an address: its domain; of an unusable one what is wrong."""
    flaw = email_flaw(address)
    domain = _EMAIL.fullmatch(address.strip())
    if domain is None:
        return f"‹{flaw}›"
    return f"{MASK if flaw is None else f'‹{flaw}›'}@{domain['domain']}"


def shown_hook(url: str) -> str:
    """Return what may be shown of a webhook: its host; of an unusable one what is wrong."""
    flaw = hook_flaw(url)
    parts = _HOOK.fullmatch(url.strip())
    return f"‹{flaw}›" if flaw or parts is None else f"{parts['host']}/{MASK}"


def _general_flaw(text: str) -> str | None:
    if not text.strip():
        return EMPTY
    shown = _FLAWED.fullmatch(text)
    if shown:
        return shown["flaw"]
    return UNEXPANDED if _VARIABLE.search(text.strip()) else None
