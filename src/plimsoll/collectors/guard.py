"""The read-only guard: what a collector may send, decided before a socket is opened."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

READ_ONLY_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

MINTING = re.compile(
    r"/v2/(?:"
    r"registr[^/]*(?:/.*)?/docker-credentials"
    r"|kubernetes/clusters/[^/]+/(?:kubeconfig|credentials)"
    r"|apps/.*/(?:exec|logs)"
    r"|databases/metrics/credentials"
    r"|vector-databases/[^/]+/credentials"
    r"|dedicated-inferences/[^/]+/tokens"
    r"|partner_network_connect/attachments/[^/]+/(?:bgp_auth_key|service_key)"
    r"|functions/namespaces(?:/.*)?"
    r")/?"
)
"""Paths of DigitalOcean's API whose GET mints a credential, returns one, or opens a way in.

A console is such a way, and so is a signed link to customers' logs.
"""


class WriteRefusedError(ValueError):
    """Raised instead of sending a request that could change something, or mint a secret."""


def require_read_only(method: str, url: str) -> None:
    """Refuse everything but a plain read. Raises WriteRefusedError before anything is sent."""
    if method not in READ_ONLY_METHODS:
        message = f"{method} is never sent: only {', '.join(sorted(READ_ONLY_METHODS))} are"
        raise WriteRefusedError(message)
    if MINTING.fullmatch(unquote(urlsplit(url).path)):
        message = "this address hands out credentials, and is never asked"
        raise WriteRefusedError(message)
