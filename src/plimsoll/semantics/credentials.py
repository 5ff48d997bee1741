"""Tell credentials from references, placeholders and harmless values, and find them in texts.

A judgment here is about shape and name only: whether a credential works is never tried, and no
function returns one.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from plimsoll.findings.redaction import MASK, SECRET_NAME, SHAPES, is_opaque, mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.facts.container import Variable

_EXCERPT_CHARACTERS = 120
_EXCERPT_BEFORE = 20

_PUBLIC_NAME = re.compile(
    r"(?:^|[_.-])(?:public|publishable|primary|foreign|sort|partition|cache)[_.-]", re.IGNORECASE
)
_PASSWORD_NAME = re.compile(r"(?:pass(?:word|wd|phrase)?\d*|pwd|requirepass)$", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\$\{\{?[^}]+\}?\}|\$\([^()]*\)|\$[A-Za-z_]\w*|EV\[.*\]|\{\{.*\}\}"
    r"|(?:vault|op|secretsmanager|ssm|sops|ref\+\w+):.+|arn:aws[\w-]*:(?:secretsmanager|ssm):.+"
    r"|/run/secrets/.+",
    re.DOTALL,
)
# ${db-main.DATABASE_URL} is a component's variable on App Platform, not one with a default.
_DEFAULT = re.compile(r"\$\{(?![a-z][a-z0-9-]*\.[A-Z][A-Z0-9_]*\})\w+:?-(.*)\}", re.DOTALL)
_UNFILLED = (
    r"\byour[-_][\w-]{2,}|\bchange[-_ ]?(?:me|this|it)\b|\bx{3,}\b|\bto[-_]?do\b|\btbd\b"
    r"|\b(?:insert|enter|put)[-_](?:your|the|here)[\w-]*|\breplace[-_]?(?:me|this)\b"
    r"|(?<![$\w/{])\{[a-z]+(?:_[a-z]+)+\}(?!\})|\bexample\.(?:com|org|net)\b|\bplaceholder\b"
)
_UNFILLED_TEXT = re.compile(
    rf"{_UNFILLED}|(?i:<[a-z][\w.]*(?:[-_ ][\w.]+)+>)|(?-i:<[A-Z]{{2,}}>)", re.IGNORECASE
)
_UNFILLED_VALUE = re.compile(
    rf"{_UNFILLED}|<[a-z][\w .-]*>|^[*•.x]{{3,}}$|\bdummy\b|\bredacted\b|\bmy[-_]\w+|{MASK}",
    re.IGNORECASE,
)
_DEFAULT_PASSWORD = re.compile(
    r"admin|administrator|admin123|password|password123|passw0rd|p@ssw0rd|pass|postgres|postgresql"
    r"|redis|redis123|root|toor|guest|test|test123|secret|supersecret|letmein|qwerty|welcome"
    r"|default|changeme|user|mysql|mongo|mongodb|minioadmin|grafana|prom-operator|rabbitmq|elastic"
    r"|foobared|1234|12345|123456|12345678|dev|development",
    re.IGNORECASE,
)
_CONNECTION = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,30}://[^\s\"'<>/@:${]{0,256}:(?!\$\{|‹)[^\s\"'<>]{1,256}@[\w.-]{1,253}",
    re.IGNORECASE,
)
_LONG = re.compile(r"[A-Za-z0-9+/_-]{32,}={0,2}")
_ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
_INTERNAL_HOST = re.compile(
    r"(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,6}(?:internal|local|localdomain|svc|lan|intranet|corp)\b"
    r"|\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|amqps?)://[^\s\"'<>]{1,256}",
    re.IGNORECASE,
)
_STACK_TRACE = re.compile(
    r"Traceback \(most recent call last\)"  # Python
    r"|^\s*File \"[^\"\n]+\", line \d+"
    r"|^\s*at (?:async |new )?[\w.$<>/]{1,200}(?: \[as \w{1,80}\])? ?"  # JavaScript, Java
    r"\([^()\n]{1,200}:\d+(?::\d+)?\)"
    r"|\bat (?:async )?(?:file://)?/[^\s:]{1,200}:\d+:\d+"
    r"|\bCaused by: [\w.$]{1,200}(?:Exception|Error)\b"
    r"|\bgoroutine \d+ \["  # Go
    r"|^\s*#\d+ /[^\s(]{1,200}\(\d+\)"  # PHP
    r"|^\s*from [^\s:]{1,200}\.rb:\d+:in "  # Ruby
    r"|\bthread '[^'\n]{1,80}' panicked at "  # Rust
    r"|\bin (?:/|[A-Z]:\\)[^\s:]{1,200}\.(?:php|cs):(?:line )?\d+",  # PHP, C#
    re.MULTILINE,
)
_MEMBER = re.compile(
    r"(?<![\w.-])(?P<name>[A-Za-z][\w.-]{0,80})[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?"
    r"(?P<value>[^\s\"',;}{]{4,512})"
)
_STATES = frozenset({"true", "false", "null", "none", "present", "configured", "missing", "valid"})
_LOGIN = re.compile(
    r"\b(?:admin|administrator|root|postgres|guest|user)[\"'`*]{0,3}\s?[/:]\s?[\"'`*]{0,3}"
    r"(?P<pair>[\w@-]{3,30})\b"
    r"|\bpassword[\"'`*]{0,3}\s?(?:is|[:=])[\"'`*]{0,3}\s?[\"'`*]{0,3}(?P<password>[\w@-]{3,30})\b",
    re.IGNORECASE,
)


class Exposure(Enum):
    """What a value discloses about the secret that its name or shape promises."""

    HARMLESS = "not a secret"
    EMPTY = "no value"
    REFERENCE = "a reference to a secret kept elsewhere"
    PLACEHOLDER = "a placeholder"
    WELL_KNOWN = "a well-known default password"
    CLEAR_TEXT = "a credential in clear text"

    @property
    def marker(self) -> str:
        """What stands where such a value stood, once it was left out; it is judged alike."""
        return f"‹{self.value}›"


_EXPOSED = frozenset({Exposure.CLEAR_TEXT, Exposure.WELL_KNOWN, Exposure.PLACEHOLDER})
GIVEN = "‹given›"
"""What stands for a secret of the platform's own that is there, and was left out."""

_MARKED = {found.marker: found for found in Exposure} | {GIVEN: Exposure.REFERENCE}


@dataclass(frozen=True, slots=True)
class ExposedVariable:
    """A variable that should hold a secret, and what its value discloses instead."""

    owner: str
    name: str
    exposure: Exposure
    where: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Something a text tells that it should not: its kind, a masked excerpt, and the line."""

    kind: str
    excerpt: str
    line: int


def names_a_secret(name: str) -> bool:
    """Say whether a variable or key is named like a secret (``JWT_SECRET``, ``db.password``)."""
    return SECRET_NAME.fullmatch(name) is not None and not _PUBLIC_NAME.search(name)


def is_reference(value: str) -> bool:
    """Say whether a value points at a secret kept elsewhere instead of holding one.

    ``${NAME:-default}`` is no reference: whoever forgets to set NAME gets the default.
    """
    default = _DEFAULT.fullmatch(value.strip())
    return _REFERENCE.fullmatch(value.strip()) is not None and not (default and default[1])


def is_placeholder(value: str) -> bool:
    """Say whether a value was meant to be replaced before use (``changeme``, ``<token>``)."""
    return _UNFILLED_VALUE.search(value) is not None


def is_default_password(value: str) -> bool:
    """Say whether a value is one of the passwords that software ships with."""
    return _DEFAULT_PASSWORD.fullmatch(value.strip()) is not None


def secret_kind(value: str) -> str | None:
    """Name the kind of secret a value is by its shape alone, such as ``AWS access key``."""
    for shape in SHAPES:
        if shape.pattern.search(value):
            return shape.kind
    if _CONNECTION.search(value):
        return "connection string"
    return "random value" if _LONG.fullmatch(value) and is_opaque(value) else None


def exposure(name: str, value: str) -> Exposure:
    """Judge what ``value`` discloses under ``name``; a name or a shape makes it a secret.

    Of ``${NAME:-default}`` the default is judged, for that is what is written in clear.
    """
    default = _DEFAULT.fullmatch(value.strip())
    if value in _MARKED or Exposure.CLEAR_TEXT.marker in value:
        return _MARKED.get(value, Exposure.CLEAR_TEXT)
    if is_reference(value):
        return Exposure.REFERENCE
    value = default[1] if default else value
    if not names_a_secret(name) and secret_kind(value) is None:
        return Exposure.HARMLESS
    if not value.strip():
        return Exposure.EMPTY
    if is_default_password(value):
        return Exposure.WELL_KNOWN
    return Exposure.PLACEHOLDER if is_placeholder(value) else Exposure.CLEAR_TEXT


def exposed_variables(variables: Iterable[Variable]) -> tuple[ExposedVariable, ...]:
    """Return the variables with a credential, default password or placeholder written in clear.

    A variable that its source calls secret is judged as one whatever its name.
    """
    return tuple(
        ExposedVariable(variable.owner, variable.name, found, variable.where)
        for variable in variables
        if (found := _exposure_of(variable)) in _EXPOSED
    )


def disclosures(text: str) -> tuple[Disclosure, ...]:
    """Find what a response body must not tell, in the order of its lines, each kind once a line.

    Kinds: those of ``secret_kind``, ``secret``, ``stack trace``, ``private address`` (not globally
    reachable according to the IANA registries) and ``internal host``. Newlines escaped as in JSON
    count as newlines.
    """
    text = text.replace("\\r\\n", "\n").replace("\\n", "\n").replace('\\"', '"')
    found: dict[tuple[int, str], int] = {}
    for kind, start in _occurrences(text):
        found.setdefault((_line(text, start), kind), start)
    return tuple(_disclosure(kind, text, found[line, kind]) for line, kind in sorted(found))


def default_credentials(text: str) -> tuple[Disclosure, ...]:
    """Find well-known login pairs (``admin/admin``) and default passwords told in a document."""
    return tuple(
        _disclosure("default password", text, match.start())
        for match in _LOGIN.finditer(text)
        if is_default_password(match["pair"] or match["password"])
    )


def placeholders(text: str) -> tuple[Disclosure, ...]:
    """Find values in a document that somebody should have filled in."""
    return tuple(
        _disclosure("placeholder", text, match.start()) for match in _UNFILLED_TEXT.finditer(text)
    )


def _exposure_of(variable: Variable) -> Exposure:
    value = variable.value or ""
    found = exposure(variable.name, value)
    if found is Exposure.HARMLESS and variable.is_secret and value.strip():
        return exposure("secret", value)
    return found


def _occurrences(text: str) -> Iterator[tuple[str, int]]:
    kinds = [(shape.kind, shape.pattern) for shape in SHAPES]
    kinds.append(("connection string", _CONNECTION))
    kinds.append(("stack trace", _STACK_TRACE))
    kinds.append(("internal host", _INTERNAL_HOST))
    for kind, pattern in kinds:
        yield from ((kind, match.start()) for match in pattern.finditer(text))
    for match in _ADDRESS.finditer(text):
        if _is_private(match.group()):
            yield "private address", match.start()
    for match in _MEMBER.finditer(text):
        if _tells_a_secret(match["name"], match["value"]):
            yield "secret", match.start()


def _tells_a_secret(name: str, value: str) -> bool:
    if value.lower() in _STATES:
        return False
    return exposure(name, value) in {Exposure.CLEAR_TEXT, Exposure.WELL_KNOWN}


def _is_private(address: str) -> bool:
    try:
        return not ipaddress.ip_address(address).is_global
    except ValueError:
        return False


def _line(text: str, start: int) -> int:
    return text.count("\n", 0, start) + 1


def _disclosure(kind: str, text: str, start: int) -> Disclosure:
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    line = mask(text[begin : end if end >= 0 else None])
    first = max(0, len(mask(text[begin:start])) - _EXCERPT_BEFORE)
    return Disclosure(kind, line[first : first + _EXCERPT_CHARACTERS].strip(), _line(text, start))


def recognizable(text: str) -> tuple[tuple[str, int], ...]:
    """Return the kind and the line of everything that is a secret by its shape alone."""
    found = (
        (shape.kind, text.count("\n", 0, match.start()) + 1)
        for shape in SHAPES
        for match in shape.pattern.finditer(text)
    )
    return tuple(sorted(found, key=lambda one: one[1]))
