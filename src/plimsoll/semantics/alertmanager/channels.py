"""The channels of a receiver: where its messages go, and what keeps them from getting there.

Alertmanager loads a configuration whose keys and addresses are placeholders, and then fails each
time that it has something to tell: whatever decides about delivery is looked at here.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem
from plimsoll.findings.redaction import MASK
from plimsoll.semantics.alertmanager.channel_kinds import FILE_SUFFIX, KINDS, ChannelKind, Need
from plimsoll.semantics.alertmanager.message_templates import NamedTemplate, named_templates
from plimsoll.semantics.credentials import is_placeholder
from plimsoll.semantics.destination import (
    PLACEHOLDER,
    UNEXPANDED,
    address_flaw,
    email_flaw,
    shown_email,
    url_flaw,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Document, Part

_WORKING_FOLDER = "/alertmanager"
"""Where the official image starts Alertmanager, and relative paths begin."""
_URLS = frozenset({"api_url", "url", "webhook_url"})
_REACHING = "a value that reaches somebody"
_DEPENDING = "a template: whom it reaches depends on the alert"
_VOLUME = "volume"
_MOUNT_KINDS = frozenset({"bind", "secret", "config"})


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A file that a channel reads a value from, inside the container."""

    option: str
    path: str
    where: str


@dataclass(frozen=True, slots=True)
class Channel:
    """One way that a receiver tells people: its kind, where on it, and what is wrong with it."""

    kind: str
    receiver: str
    where: str
    to: tuple[str, ...] = ()
    files: tuple[SecretFile, ...] = ()
    problems: tuple[Problem, ...] = ()
    templates: tuple[NamedTemplate, ...] = ()

    def leads_to(self, kind: str, to: str | None) -> bool:
        """Tell whether it is of a kind, and goes to a place on it where one is named."""
        return kind == self.kind and (to is None or _plain(to) in map(_plain, self.to))

    @property
    def spelled(self) -> str:
        """Return the channel for people; of an e-mail address no more than its domain."""
        shown = [shown_email(one) if self.kind == "email" else one for one in self.to]
        return " ".join((self.kind, ", ".join(shown))).strip()


def channels_of(document: Document, receiver: str) -> tuple[Channel, ...]:
    """Return every channel of a receiver; none where it is not defined, or tells nobody."""
    return tuple(
        _channel(entry, kind, receiver, document.part("global"))
        for part in document.part("receivers")
        if part["name"].text == receiver
        for field, kind in KINDS.items()
        for entry in part[field]
    )


def mount_problems(channel: Channel, service: Container) -> Iterator[Problem]:
    """Yield a problem for each file of a channel that is not mounted into the container."""
    for file in channel.files:
        path, kind = _mounted(file, service)
        if kind not in (*_MOUNT_KINDS, _VOLUME):
            what = f"{file.option}: {path} is not mounted into {service.name}"
            yield Problem(file.where, what, "a secret of the Compose file, mounted there")


def mount_doubts(channel: Channel, service: Container) -> Iterator[str]:
    """Yield for each file of a channel that stands on a volume: what that holds, no file tells."""
    for file in channel.files:
        path, kind = _mounted(file, service)
        if kind == _VOLUME:
            yield f"{file.option}: what the volume of {service.name} holds at {path} is not told"


def _mounted(file: SecretFile, service: Container) -> tuple[str, str]:
    """Return where a file is in a container, and of which kind the mount is that shows it."""
    path = posixpath.normpath(posixpath.join(_WORKING_FOLDER, file.path))
    covering = [mount for mount in service.mounts if _covers(mount.target, path)]
    deepest = max(covering, key=lambda one: len(posixpath.normpath(one.target)), default=None)
    return path, deepest.kind if deepest else ""


def _channel(entry: Part, kind: ChannelKind, receiver: str, shared: Part) -> Channel:
    files: list[SecretFile] = []
    problems: list[Problem] = []
    used: dict[str, Part] = {}
    for need in kind.needs:
        given = _given(entry, need.own) or _given(shared, need.shared)
        if given is None and not need.is_optional:
            what = f"{kind.name}: no {need.name} is given"
            problems.append(entry.problem(what, " or ".join((*need.own, *need.shared))))
        elif given is not None:
            used[need.name] = given
            problems += _value_problems(given, need, kind)
            if str(given.key).endswith(FILE_SUFFIX):
                files.append(SecretFile(str(given.key), given.text or "", given.where))
    problems += _login_problems(entry, used, kind)
    to = tuple(text for field in kind.to for text in _destinations(entry[field], kind))
    problems += _place_problems(entry, kind)
    named = named_templates(entry)
    return Channel(kind.name, receiver, entry.where, to, tuple(files), tuple(problems), named)


def _given(part: Part, fields: tuple[str, ...]) -> Part | None:
    """Return the first of the fields that is there; an empty one counts, for it was meant."""
    found = [
        part[field] for field in fields if part[field].exists and part[field].value is not None
    ]
    return next((one for one in found if one.value != ""), found[0] if found else None)


def _value_problems(given: Part, need: Need, kind: ChannelKind) -> Iterator[Problem]:
    text = given.text if given.text is not None else str(given.value)
    for flaw in dict.fromkeys(_flaws(text, given, need)):
        yield given.problem(f"{kind.name}: {given.key} is {flaw}", _REACHING)


def _flaws(text: str, given: Part, need: Need) -> Iterator[str]:
    if not text.strip():
        yield "empty"
    elif "${" in text or str(given.key).endswith(FILE_SUFFIX):
        yield from _text_flaws(text)
    elif "{{" in text:
        yield _DEPENDING
    elif need.name == "to":
        yield from (flaw for one in _addresses(text) or ("",) if (flaw := email_flaw(one)))
    elif need.name == "from":
        yield from filter(None, [email_flaw(text.rpartition("<")[2].rstrip("> "))])
    elif need.name == "smarthost":
        yield from filter(None, [address_flaw(text)])
    elif need.name in _URLS and "token" not in str(given.key):
        yield from filter(None, [url_flaw(text)])
    else:
        yield from _text_flaws(text)


def _text_flaws(text: str) -> Iterator[str]:
    if "${" in text or text.startswith("$"):
        yield UNEXPANDED
    elif "{{" in text:
        yield _DEPENDING
    elif MASK not in text and is_placeholder(text):
        yield PLACEHOLDER


def _login_problems(entry: Part, used: dict[str, Part], kind: ChannelKind) -> Iterator[Problem]:
    """Source: `notify/email`: a user without a password, or a secret, cannot log in."""
    if kind.name == "email" and "auth_username" in used and "auth_password" not in used:
        what = "email: auth_username is given, and nothing to log in with"
        yield entry.problem(what, "auth_password_file or auth_secret")


def _place_problems(entry: Part, kind: ChannelKind) -> Iterator[Problem]:
    needed = {field for need in kind.needs for field in need.own}
    for field in kind.to:
        text = entry[field].text
        if field not in needed and text is not None:
            for flaw in ["empty"] if not text.strip() else _text_flaws(text):
                yield entry[field].problem(f"{kind.name}: {field} is {flaw}", _REACHING)


def _destinations(part: Part, kind: ChannelKind) -> tuple[str, ...]:
    text = part.text if part.integer is None else str(part.integer)
    if not text:
        return ()
    return _addresses(text) if kind.name == "email" else (text,)


def _addresses(text: str) -> tuple[str, ...]:
    """Return the addresses of a list; of one with a name in front, the address itself."""
    found = [
        one.rpartition("<")[2].rstrip("> \t") if "<" in one else one for one in text.split(",")
    ]
    return tuple(one.strip() for one in found if one.strip())


def _plain(place: str) -> str:
    return place.strip().removeprefix("#").casefold()


def _covers(target: str, path: str) -> bool:
    target = posixpath.normpath(target)
    return path == target or path.startswith(target.rstrip("/") + "/")
