"""How a build installs what it depends on: by the lock file and nothing else, or as it likes.

What is stated is judged: that a package manager may freeze by itself where it sees a CI variable
is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from plimsoll.semantics.shell.script import parse_script, text_of
from plimsoll.semantics.shell.structure import is_certain, is_passed_over

if TYPE_CHECKING:
    from plimsoll.semantics.shell.script import Command

_UPDATING: Final = ("add", "update", "up", "upgrade")
_INSTALLING: Final = {
    "pnpm": frozenset(("install", "i", *_UPDATING)),
    "npm": frozenset(
        ("install", "i", "in", "ins", "ci", "ic", "clean-install", "install-clean", *_UPDATING)
    ),
    "yarn": frozenset(("install", "", *_UPDATING)),
    "bun": frozenset(("install", "i", *_UPDATING)),
}
_FREEZING: Final = {
    "pnpm": ("--frozen-lockfile",),
    "yarn": ("--frozen-lockfile", "--immutable"),
    "bun": ("--frozen-lockfile",),
    "npm": (),
}
_CLEAN: Final = frozenset(("ci", "ic", "clean-install", "install-clean"))
_LAUNCHING: Final = frozenset(("corepack", "npx"))
_GLOBAL: Final = frozenset(("-g", "--global"))
_EXACT: Final = re.compile(r".+@\d+\.\d+\.\d+(?:[-+].*)?")
_WITH_VALUE: Final = frozenset(("--filter", "-F", "--dir", "-C", "--prefix", "--cwd"))


@dataclass(frozen=True, slots=True)
class Install:
    """A command that installs dependencies.

    It is certain where every run comes past it, and ends where it fails.
    """

    manager: str
    text: str
    is_frozen: bool
    is_certain: bool


def installs(command: str) -> tuple[Install, ...]:
    """Return every install of a build command, in the order of the text.

    A program of an exact version that is put beside the dependencies (`npm install --global
    pnpm@10.18.3`) is none. Raises ShellError where the command is no shell script.
    """
    found = []
    for part in parse_script(command).commands:
        manager, words = _managed(part)
        verb = _verb(words)
        if verb in _INSTALLING.get(manager, ()) and not _adds_a_known_program(words, verb):
            text = " ".join(text_of(part.node).split())
            certain = is_certain(part) and not is_passed_over(part)
            found.append(Install(manager, text, _is_frozen(manager, verb, words), certain))
    return tuple(found)


def _managed(command: Command) -> tuple[str, tuple[str, ...]]:
    """Return the package manager and its arguments; a launcher is passed over with its options."""
    words = tuple(command.words)
    name = words[0].rpartition("/")[2] if words else ""
    if name not in _LAUNCHING:
        return name, words[1:]
    at = next((at for at, word in enumerate(words[1:], 1) if not word.startswith("-")), 0)
    return words[at].partition("@")[0], words[at + 1 :]


def _adds_a_known_program(words: tuple[str, ...], verb: str) -> bool:
    named = [word for word in words if not word.startswith("-") and word != verb]
    return bool(_GLOBAL & set(words) and named) and all(map(_EXACT.fullmatch, named))


def _verb(words: tuple[str, ...]) -> str:
    is_value = False
    for word in words:
        if not is_value and not word.startswith("-"):
            return word
        is_value = not is_value and word in _WITH_VALUE
    return ""


def _is_frozen(manager: str, verb: str, words: tuple[str, ...]) -> bool:
    if manager == "npm" or verb in _UPDATING:
        return verb in _CLEAN
    stated = [word.partition("=") for word in words]
    last = [value for name, _, value in stated if name in _FREEZING[manager]]
    refused = any(name.startswith("--no-") and name[4:] in _NAMES for name, _, _ in stated)
    return bool(last) and last[-1] in ("", "true") and not refused


_NAMES: Final = frozenset(("-frozen-lockfile", "-immutable"))
