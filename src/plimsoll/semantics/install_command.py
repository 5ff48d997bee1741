"""How a build installs what it depends on: by the lock file and nothing else, or as it likes.

What is stated is judged: that a package manager may freeze by itself where it sees a CI variable
is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from plimsoll.semantics.shell import parse_script, text_of
from plimsoll.semantics.shell_structure import is_certain

if TYPE_CHECKING:
    from plimsoll.semantics.shell import Command

_INSTALLING: Final = {
    "pnpm": frozenset(("install", "i", "add")),
    "npm": frozenset(("install", "i", "ci", "clean-install", "add")),
    "yarn": frozenset(("install", "add", "")),
    "bun": frozenset(("install", "i", "add")),
}
_FREEZING: Final = {
    "pnpm": ("--frozen-lockfile",),
    "yarn": ("--frozen-lockfile", "--immutable"),
    "bun": ("--frozen-lockfile",),
    "npm": (),
}
_CLEAN: Final = frozenset(("ci", "clean-install"))
_WITH_VALUE: Final = frozenset(("--filter", "-F", "--dir", "-C", "--prefix", "--cwd"))


@dataclass(frozen=True, slots=True)
class Install:
    """A command that installs dependencies; `is_certain` where every run comes past it."""

    manager: str
    text: str
    is_frozen: bool
    is_certain: bool


def installs(command: str) -> tuple[Install, ...]:
    """Return every install of a build command, in the order of the text.

    Raises ShellError where the command is no shell script.
    """
    found = []
    for part in parse_script(command).commands:
        manager = part.words[0].rpartition("/")[2] if part.words else ""
        verb = _verb(part)
        if verb in _INSTALLING.get(manager, ()):
            text = " ".join(text_of(part.node).split())
            found.append(Install(manager, text, _is_frozen(manager, verb, part), is_certain(part)))
    return tuple(found)


def _verb(command: Command) -> str:
    is_value = False
    for word in command.words[1:]:
        if not is_value and not word.startswith("-"):
            return word
        is_value = not is_value and word in _WITH_VALUE
    return ""


def _is_frozen(manager: str, verb: str, command: Command) -> bool:
    if manager == "npm":
        return verb in _CLEAN
    stated = [word.partition("=") for word in command.words]
    last = [value for name, _, value in stated if name in _FREEZING[manager]]
    refused = any(name.startswith("--no-") and name[4:] in _NAMES for name, _, _ in stated)
    return bool(last) and last[-1] in ("", "true") and not refused


_NAMES: Final = frozenset(("-frozen-lockfile", "-immutable"))
