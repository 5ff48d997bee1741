"""A command that runs k6: which of its words are k6's own, and what those before them hand over.

`docker run -e K6_VUS=1 grafana/k6 run x.js` has options of docker and options of k6; only those
behind `k6 run` are k6's. What stands before can still set its environment, or leave it running.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.script import Signal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.semantics.shell.script import Command, Script

_PRINTERS = frozenset(("echo", "printf"))
_VERBS = ("run", "cloud")
_NO_RUN = frozenset(("login", "upload"))
"""What `k6 cloud` can be asked for beside a run."""

_VALUED = frozenset(
    ("-a", "--address", "-c", "--config", "--log-format", "--log-output", "--secret-source")
)
"""The options that stand between `k6` and its verb and take the next word for their value."""

_CONTAINERS = frozenset(("docker", "docker-compose", "podman", "nerdctl"))
_DETACHED = re.compile(r"--detach(=true)?|-[itPq]*d[itPqd]*")
_ENVIRONMENT = re.compile(r"(?:-e=?|--env(?:=|\Z))(.*)", re.DOTALL)
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*")

_OTHER_VERBS = frozenset(("version", "inspect", "archive", "login", "new", "help", "stats"))
_LOOKING = _PRINTERS | {"which", "type", "hash", "test", "[", ":"}
"""Commands that can name k6, or what a variable holds, without running it."""

_STARTERS = _CONTAINERS | {
    *("sh", "bash", "dash", "zsh", "ksh", "eval", "source", ".", "xargs", "parallel", "ssh"),
    *("make", "just", "task", "npm", "npx", "yarn", "pnpm", "kubectl", "python", "python3", "node"),
}
"""Programs that run what another file, or a text, says."""

_K6 = re.compile(r"(?<![\w.-])k6(?![\w.-])")


@dataclass(frozen=True, slots=True)
class K6Call:
    """The words before `k6 run`, and the words that are k6's own."""

    before: tuple[str, ...]
    own: tuple[str, ...]

    @property
    def variables(self) -> dict[str, str]:
        """Return what the words before set; what is handed on as it is stands as `$NAME`."""
        found: dict[str, str] = {}
        words = iter(self.before)
        for one in words:
            option = _ENVIRONMENT.fullmatch(one)
            text = (option[1] or next(words, "")) if option else one
            if assigned := _ASSIGNED.fullmatch(text):
                found[assigned[1]] = assigned[2]
            elif option and _NAME.fullmatch(text):
                found[text] = f"${text}"
        return found

    @property
    def undecided(self) -> str:
        """Return why the environment cannot be told from the words; empty where it can."""
        has_file = any(one.partition("=")[0] == "--env-file" for one in self.before)
        return "what the file of --env-file sets is not read" if has_file else ""

    @property
    def unawaited(self) -> str:
        """Return the option by which nobody waits for the verdict; empty where there is none."""
        in_container = any(_program(one) in _CONTAINERS for one in self.before)
        for one in self.before if in_container else ():
            if _DETACHED.fullmatch(one):
                return one
        leaves = ("--exit-on-running", "--exit-on-running=true")
        return next((one for one in self.own if one in leaves), "")


def k6_call(command: Command) -> K6Call | None:
    """Return how a command starts a load test, also inside a container; None where it starts none.

    To print the words is not to run them. The last `k6 run` counts: `k6` can be the name of a user
    or of a project before, and `run` the verb of what starts the container.
    """
    words = (command.name, *command.arguments)
    if command.name in _PRINTERS:
        return None
    for at in reversed(range(len(words))):
        verb = _verb(words, at + 1) if _program(words[at]) == "k6" else None
        if verb is None:
            continue
        own = words[verb + 1 :]
        if words[verb] == "cloud":
            if own[:1] and own[0] in _NO_RUN:
                return None
            own = own[1:] if own[:1] == ("run",) else own
        return K6Call(words[:at], (*words[at + 1 : verb], *own))
    return None


def _program(text: str) -> str:
    """Return the program that a path or an image names."""
    return text.partition("@")[0].rpartition("/")[2].partition(":")[0]


def _verb(words: tuple[str, ...], start: int) -> int | None:
    """Return where the verb stands, behind the options that k6 takes before it."""
    at = start
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in _VALUED else 1
    return at if at < len(words) and words[at] in _VERBS else None


def hidden_calls(script: Script) -> Iterator[Signal]:
    """Yield the commands that may run k6 without the text of the script showing how."""
    for command in script.commands:
        reason = _hiding(command, script)
        if reason:
            yield Signal("hidden", reason, command.line)


def _hiding(command: Command, script: Script) -> str:
    first, *others = command.words
    program, looks = _program(first), command.name == "command" and "-v" in command.arguments
    if looks or command.name in _LOOKING or first in script.functions:
        return ""
    if "$" in first or "`" in first:
        return f"which program {first} is cannot be told"
    if program in _STARTERS or "/" in first or first.endswith(".sh"):
        return f"what {program} runs is not read"
    asks = program == "k6" and others and others[0] in _OTHER_VERBS
    if not asks and any(_K6.search(one) for one in command.words):
        return f"how {program} runs k6 cannot be told"
    return ""
