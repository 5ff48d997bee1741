"""Replace everything in a text that looks like a secret, before it is shown or stored.

Masking errs towards too much: a harmless value lost costs a look at the source, a secret kept costs
the secret. References to secrets (``${NAME}``, ``EV[…]``) are not secrets and stay readable, and so
do hexadecimal digests, which evidence is full of.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

MASK: Final = "‹masked›"

_PASSES = 4
_ENTROPY_BITS = 4.0
_LEAST_OF_EACH_CLASS = 3

_TELLING_WORDS = (
    r"(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|credentials?|dsn|requirepass|masterauth"
    r"|(?:api|auth|access|account|private|secret|service|routing|integration|encryption|signing"
    r"|master|session|shared|license|webhook|admin)[_.-]?key|[_.-]key|key[_.-]?base|webhook[_.-]?url"
    r"|connection[_.-]?string|salt)"
)
_SECRET_NAME = rf"[\w.-]{{0,80}}?{_TELLING_WORDS}(?:[_.-]?\d{{1,3}})?"
_HARMLESS = (
    r"(?:\$\{(?-i:[a-z][a-z0-9-]*\.[A-Z][A-Z0-9_]*)\}"
    r"|\$\{[\w.]+(?::?\?[^}\n]*|:?-(?:‹masked›)?)?\}|\$\([^)\s]*\)|\{\{|EV\["
    r"|true\b|false\b|null\b|none\b|‹masked›)"
)
_QUOTE = r"\\{0,8}[\"']?"
"""A quotation mark, escaped where text stands in JSON, more than once where that does too."""
_VALUE = (
    r"(?:\\{1,8}[\"'][^\"'\\\n]{1,8192}(?:\\{1,8}[\"'])?|\"(?:[^\"\\\n]|\\.){1,8192}\"?|'(?:[^'\\\n]|\\.){1,8192}'?"
    r"|\$\{[^}\n]{0,1024}\}|[^\s,;\"'<>&]{1,8192})"
)
_NESTED = rf"(?:\{{(?!\{{)[ \t]{{0,8}}{_QUOTE}\w{{1,40}}{_QUOTE}[ \t]{{0,8}}:[ \t]{{0,8}})?"
"""The beginning of a mapping that the value stands in: `token: {value: …}`."""

SECRET_NAME: Final = re.compile(_SECRET_NAME, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of secret that is recognizable by itself, wherever it stands."""

    kind: str
    pattern: re.Pattern[str]


def _shape(kind: str, pattern: str) -> Shape:
    return Shape(kind, re.compile(pattern))


SHAPES: Final = (
    _shape(
        "private key",
        r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
        r"(?s:.{0,20000}?)(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)",
    ),
    _shape("DigitalOcean token", r"\b(?:dop|doo|dor)_v1_[A-Za-z0-9]{16,}"),
    _shape("AWS access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    _shape("GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})"),
    _shape("GitLab token", r"\bglpat-[\w-]{16,}"),
    _shape("Slack token", r"\bxox[abeoprs]-[\w-]{10,}"),
    _shape("Slack webhook", r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]{10,}"),
    _shape("Discord webhook", r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]+"),
    _shape("payment key", r"\b(?:sk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}"),
    _shape("SendGrid key", r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
    _shape("Google key", r"\b(?:AIza[\w-]{30,}|ya29\.[\w-]{20,})"),
    _shape("model provider key", r"\bsk-[A-Za-z0-9_-]{20,}"),
    _shape("package registry token", r"\b(?:npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,})"),
    _shape("JSON web token", r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"),
    _shape("password hash", r"\$(?:2[abxy]|[156y]|argon2(?:id|i|d))\$[\w./$,=+-]{20,}"),
)

_USER_INFO = re.compile(
    r"(?<=://)(?:[^\s\"'<>/@:]{0,1024}:[^\s\"'<>]{1,1024}|[^\s\"'<>/?#@:]{1,1024})@"
)
_ASSIGNMENT = re.compile(
    rf"(?P<name>(?<!\$\{{)\b{_SECRET_NAME}{_QUOTE}[ \t]{{0,8}}(?:=>|[:=])[ \t]{{0,8}}{_NESTED})"
    rf"(?!\s|{_QUOTE}{_HARMLESS})(?P<value>{_VALUE})",
    re.IGNORECASE,
)
_FLAG = re.compile(
    rf"(?P<name>(?<!\S)(?:--?[\w-]{{0,60}}{_TELLING_WORDS}|-a|requirepass|masterauth)[\"']?,?\s{{1,8}})"
    rf"(?!--|\s|{_QUOTE}{_HARMLESS})(?P<value>{_VALUE})",
    re.IGNORECASE,
)
_NAMED_VALUE = re.compile(
    rf"(?P<name>\b(?:key|name){_QUOTE}\s{{0,8}}[:=]\s{{0,8}}{_QUOTE}{_SECRET_NAME}{_QUOTE}"
    rf"(?:[\s,]{{1,40}}{_QUOTE}(?:type|scope){_QUOTE}\s{{0,8}}[:=]\s{{0,8}}{_QUOTE}\w{{1,40}}{_QUOTE}){{0,3}}"
    rf"[\s,]{{1,40}}{_QUOTE}value{_QUOTE}\s{{0,8}}[:=]\s{{0,8}})"
    rf"(?!\s|{_QUOTE}{_HARMLESS})(?P<value>{_VALUE})",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    rf"(?P<name>\$\{{{_SECRET_NAME}:?-)(?!‹masked›)(?P<value>[^}}\n]{{1,1024}})", re.IGNORECASE
)
_AUTHORIZATION = re.compile(
    r"(?P<name>\b(?:bearer|basic|digest|negotiate)[ \t]{1,8})(?!‹masked›)"
    r"(?P<value>[\w+/=.~-]{8,8192})",
    re.IGNORECASE,
)
_COOKIE = re.compile(
    r"(?P<name>(?:\b|(?<=\\[nrt]))(?:set-)?cookie\\{0,8}[\"']?"
    r"\s{0,8}[:=]\s{0,8}\\{0,8}[\"']?[\w.-]{1,80}=)(?!‹masked›)"
    r"(?P<value>[^\s;,\"']{1,8192})",
    re.IGNORECASE,
)
_NAMED = (_DEFAULT, _NAMED_VALUE, _COOKIE, _AUTHORIZATION, _ASSIGNMENT, _FLAG)
_OPAQUE = re.compile(r"(?<![\w+-])[A-Za-z0-9_+-]{32,}={0,2}")
_DIGEST_PREFIX = re.compile(r"sha(?:1|256|384|512)-", re.IGNORECASE)


_SHORT: Final = 256


def mask(text: str) -> str:
    """Return ``text`` with every part that looks like a secret replaced; masking twice is once."""
    return _mask_short(text) if len(text) <= _SHORT else _mask(text)


@lru_cache(maxsize=8192)
def _mask_short(text: str) -> str:
    """Mask what reports say again and again: names, places, words."""
    return _mask(text)


def _mask(text: str) -> str:
    for _ in range(_PASSES):
        masked = _mask_once(text)
        if masked == text:
            break
        text = masked
    return text


def has_secret(text: str) -> bool:
    """Say whether masking would change the text."""
    return _mask_once(text) != text


def is_opaque(text: str) -> bool:
    """Say whether a long unbroken text looks random: letters of both cases, digits, high entropy.

    Hexadecimal digests and prefixed base64 digests are not opaque: evidence needs them readable.
    """
    if _DIGEST_PREFIX.match(text):
        return False
    classes = (str.isupper, str.islower, str.isdigit)
    if any(sum(map(is_of, text)) < _LEAST_OF_EACH_CLASS for is_of in classes):
        return False
    return entropy_bits(text) >= _ENTROPY_BITS


def entropy_bits(text: str) -> float:
    """Return the Shannon entropy of the characters of a text, in bits per character."""
    size = len(text)
    return -sum(n / size * math.log2(n / size) for n in Counter(text).values())


def _mask_once(text: str) -> str:
    for shape in SHAPES:
        text = shape.pattern.sub(MASK, text)
    text = _USER_INFO.sub(f"{MASK}@", text)
    for pattern in _NAMED:
        text = pattern.sub(_keep_name, text)
    return _OPAQUE.sub(_mask_opaque, text)


def _keep_name(match: re.Match[str]) -> str:
    value = match["value"]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{match['name']}{quote}{MASK}{quote if value.endswith(quote) else ''}"


def _mask_opaque(match: re.Match[str]) -> str:
    return MASK if is_opaque(match.group()) else match.group()
