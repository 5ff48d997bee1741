"""Judge whether a Content-Security-Policy keeps foreign scripts out (CSP Level 3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONTENT_SECURITY_POLICY = "content-security-policy"
_SCRIPTS = ("script-src", "default-src")
_ELEMENTS, _ATTRIBUTES = "script-src-elem", "script-src-attr"
_ANYWHERE = frozenset({"*", "http:", "https:", "ws:", "wss:", "data:", "blob:", "filesystem:"})
_INLINE = "'unsafe-inline'"
_STRICT = "'strict-dynamic'"
_PROOFS = ("'nonce-", "'sha256-", "'sha384-", "'sha512-")
_PROOF = re.compile(r"'(?:nonce|sha(?:256|384|512))-[a-z0-9+/_-]+={0,2}'", re.IGNORECASE)
_ANY_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?\*(?:\.[a-z0-9-]+)?(?::(?:\d+|\*))?(?:/.*)?")
"""Any host at all, or any below a top-level domain, with or without scheme, port and path."""
_RENDERED = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml")


def policies(values: Iterable[str]) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """Return the policies of all field lines, each as its directives and their sources.

    Commas separate policies, semicolons directives; of a directive given twice the first counts.
    Names are lower case, keywords and schemes as well; nonces and hashes are as given.
    """
    parts = [part for value in values for part in value.split(",")]
    return tuple(found for part in parts if (found := _policy(part)))


def openings(values: Iterable[str]) -> tuple[str, ...]:
    """Return why a page under these policies may run a script from anywhere; nothing if it may not.

    Scripts are elements of the page, and attributes of others that run as scripts; each kind has a
    directive of its own that goes before `script-src` and `default-src`. All policies are in force
    at once, so one that restricts a kind is enough; otherwise each is told of. A nonce or a hash
    cancels `'unsafe-inline'`, and `'strict-dynamic'` beside one cancels what names whole schemes
    (sections 6.7.3.2, 6.8 and 8.2).
    """
    found = policies(values)
    if not found:
        return ("no policy",)
    weaknesses: list[str] = []
    for kind in (_ELEMENTS, _ATTRIBUTES):
        told = [_weakness(policy, kind) for policy in found]
        weaknesses += () if "" in told else told
    return tuple(dict.fromkeys(weaknesses))


def governs(content_type: str | None) -> bool:
    """Say whether browsers show an answer of this type as a page, where scripts could run.

    An answer without a type is one whose type browsers guess.
    """
    kind = (content_type or "").partition(";")[0].strip().lower()
    return not kind or kind in _RENDERED


def _policy(text: str) -> dict[str, tuple[str, ...]]:
    directives: dict[str, tuple[str, ...]] = {}
    for part in text.split(";"):
        words = part.split()
        if words:
            directives.setdefault(words[0].lower(), tuple(map(_source, words[1:])))
    return directives


def _source(word: str) -> str:
    return word if word.lower().startswith(_PROOFS) else word.lower()


def _weakness(policy: Mapping[str, tuple[str, ...]], kind: str) -> str:
    """Return why a policy does not restrict a kind of scripts, empty where it does."""
    name = next((name for name in (kind, *_SCRIPTS) if name in policy), None)
    if name is None:
        return "neither script-src nor default-src"
    sources = policy[name]
    proven = any(_PROOF.fullmatch(source) for source in sources)
    if proven and _STRICT in sources:
        return ""
    open_to = [source for source in sources if kind == _ELEMENTS and _is_open(source)]
    if _INLINE in sources and not proven:
        open_to.append(_INLINE)
    return f"{name} {' '.join(open_to)}" if open_to else ""


def _is_open(source: str) -> bool:
    return source in _ANYWHERE or bool(_ANY_HOST.fullmatch(source))
