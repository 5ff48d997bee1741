"""The metrics that a shell script leaves in files for a node-exporter to expose.

Only what stands in the script literally is told: a `# TYPE` line with the metric's name, or with a
parameter of the function around it, which every call of that function then names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.facts.exposure import ExposedMetric
from plimsoll.semantics.shell.script import parse_script, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.semantics.shell.script import Script

_KINDS = "counter|gauge|histogram|summary|untyped"
_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_TYPE = re.compile(rf"#\s+TYPE\s+(?:({_NAME})|\$\{{?([1-9]|{_NAME})\}}?)\s+({_KINDS})\b", re.ASCII)
_PARAMETER = r"(?:^|[\s;])(?:local\s+|declare\s+|readonly\s+)*{}=[\"']?\$\{{?([1-9])\b"
_WHOLE_NAME = re.compile(_NAME, re.ASCII)


def written_metrics(text: str, path: str) -> tuple[ExposedMetric, ...]:
    """Return the metrics that a script writes in the exposition format, each once.

    Their labels are told by no line, so they have none here.

    Raises:
        ShellError: the text is no shell script that can be parsed.

    """
    script = parse_script(text)
    found: dict[str, ExposedMetric] = {}
    for name, kind, line in (*_literal(text), *_by_parameter(script)):
        found.setdefault(name, ExposedMetric(name, kind, ({},), f"{path}:{line}"))
    return tuple(found.values())


def _literal(text: str) -> Iterator[tuple[str, str, int]]:
    for match in _TYPE.finditer(text):
        if match[1]:
            yield match[1], match[3], text.count("\n", 0, match.start()) + 1


def _by_parameter(script: Script) -> Iterator[tuple[str, str, int]]:
    """Yield the names that calls give to a function which writes a metric of that name."""
    for function, node in script.functions.items():
        body = text_of(node)
        for match in _TYPE.finditer(body):
            position = _position(match[2], body) if match[2] else None
            for call in script.calls(function) if position else ():
                name = call.arguments[position - 1 : position] if position else ()
                if name and _WHOLE_NAME.fullmatch(name[0]):
                    yield name[0], match[3], call.line


def _position(name: str, body: str) -> int | None:
    """Return which parameter of a function a variable is: `$1` itself, or `local name=$1`."""
    if name.isdigit():
        return int(name)
    assigned = re.search(_PARAMETER.format(name), body, re.ASCII)
    return int(assigned[1]) if assigned else None
