"""What the commands of an operations script are for: what they ask, roll back or tell.

Judged by the words of commands that are run, through the functions they call and the variables
they name.
"""

from __future__ import annotations

import re

from plimsoll.semantics.influence import Influences
from plimsoll.semantics.shell.script import Command, Script, assignments, text_of, word

_ASKING = frozenset(("curl", "wget", "http", "promtool", "kubectl", "doctl", "docker", "nc"))
_VARIABLE = re.compile(r"\$\{?(\w+)")
_HEALTH = re.compile(r"health|/ready|readiness|/live|liveness", re.IGNORECASE)
_ERROR_RATE = re.compile(r"error|5xx|4xx|5\.\.|\[45\]|5\[0-9\]|failed|failure", re.IGNORECASE)
_RESPONSE_TIME = re.compile(
    r"duration|latency|response_?time|time_total|histogram_quantile|\bp9[59]\b", re.IGNORECASE
)
_COUNT = re.compile(
    r"replicas|instances|instance_count|\bhpa\b|horizontalpodautoscaler|scale", re.IGNORECASE
)
_WEBHOOK = re.compile(r"\$\{?\w*(slack|webhook)\w*|hooks\.slack\.com", re.IGNORECASE)
MEASURES = {
    "health": _HEALTH,
    "error_rate": _ERROR_RATE,
    "response_time": _RESPONSE_TIME,
    "count": _COUNT,
}


class Roles:
    """The commands of one script, seen with everything they stand for."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.influences = Influences(script)
        self._assigned = assignments(script)

    def words(self, command: Command) -> tuple[str, ...]:
        """Return a command's words, its pipeline's, and those of the functions it calls."""
        return tuple(w for part in self._parts(command) for w in self._spelled(part))

    def asks(self, command: Command, measure: str) -> bool:
        """Tell whether a command requests something of the outside that is about the measure."""
        parts = self._parts(command)
        if not any(part.words[0].rpartition("/")[2] in _ASKING for part in parts):
            return False
        pattern = MEASURES[measure]
        return any(
            pattern.search(spelled)
            for part in parts
            if part.name not in ("echo", "printf")
            for spelled in self._spelled(part)[1:]
            if not re.fullmatch(r"-{1,2}[\w-]+", spelled)
        )

    def platform(self, command: Command) -> str | None:
        """Return the platform on which a command goes back to an earlier version."""
        words = command.words
        name = words[0].rpartition("/")[2]
        if name == "kubectl" and {"rollout", "undo"} <= set(words):
            return "kubernetes"
        if name == "docker-compose" or words[:2] == ("docker", "compose"):
            return "compose" if {"up", "rollback", "start", "restart"} & set(words) else None
        if name == "doctl" and "apps" in words:
            acts = {"create-deployment", "rollback", "update"} & set(words)
            return "digitalocean" if acts else None
        spelled = " ".join(self.words(command))
        asked = name == "curl" or self.influences.called(command)
        if asked and "api.digitalocean.com" in spelled and "/rollback" in " ".join(words):
            return "digitalocean"
        return None

    def notifies(self, command: Command) -> bool:
        """Tell whether a command itself, or a function it calls, posts to a chat's webhook."""
        return any(
            part.words[0].rpartition("/")[2] in ("curl", "wget")
            and any(_WEBHOOK.search(spelled) for spelled in part.words)
            for part in self._parts(command)
        )

    def _parts(self, command: Command) -> tuple[Command, ...]:
        """Return a command, its pipeline's others, and the commands of the functions called."""
        parts: dict[int, Command] = {}
        pending, entered = [command], set()
        while pending:
            for peer in self._pipeline(pending.pop()):
                parts[peer.node.id] = peer
                for function in self.influences.called(peer):
                    if function not in entered:
                        entered.add(function)
                        pending.extend(self.script.within(self.script.functions[function]))
        return tuple(parts.values())

    def _pipeline(self, command: Command) -> tuple[Command, ...]:
        parent = command.node.parent
        if parent is None or parent.type != "pipeline":
            return (command,)
        return tuple(self.script.within(parent))

    def _spelled(self, command: Command) -> tuple[str, ...]:
        """Return the words, followed by the constants that stand behind their variables."""
        behind = [
            word(node.child_by_field_name("value"))
            for name in _VARIABLE.findall(" ".join(command.words))
            for node in self._assigned.get(name, ())
            if "$(" not in text_of(node)
        ]
        return (*command.words, *behind)
