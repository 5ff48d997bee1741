"""Whether an answer keeps a stranger out: a refusal, or a redirect to where one logs in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from plimsoll.facts.exchange import Exchange

REFUSALS: Final = frozenset({401, 403})

_AMBIGUOUS: Final = re.compile(r"[\\\s\x00-\x1f]")
_LOGIN: Final = re.compile(
    r"(?i)(?:^|[./])(?:log[-_]?in|sign[-_]?in|oauth2?|openid-connect|saml2?|sso|auth|authorize"
    r"|cdn-cgi/access)(?:$|[./])"
)
"""A part of a path or a host's name by which pages to log in are commonly called."""


def keeps_out(answer: Exchange) -> bool:
    """Say whether an answer refuses, or leads over HTTPS to where one logs in."""
    if answer.status in REFUSALS:
        return True
    return answer.is_redirect and leads_to_login(answer.url, answer.header("location"))


def leads_to_login(url: str, location: str | None) -> bool:
    """Say whether a Location leads from a URL to a page to log in, over HTTPS.

    Its path says so, or the name of the host it stands on where that is another one.
    """
    if not location or _AMBIGUOUS.search(location):
        return False
    try:
        target = urlsplit(urljoin(url, location))
        own, other = urlsplit(url).hostname, target.hostname
    except ValueError:
        return False
    if target.scheme != "https" or not other:
        return False
    is_called_so = bool(_LOGIN.search(target.path))
    return is_called_so or (other != own and bool(_LOGIN.search(other)))
